"""Three jobs of a day, with what a person clicks counted, and a mission of each autopilot.

Clicks, holds (a button that is kept pressed), drags and commanding keys count one each. Before the
page was worked on for them, the same jobs took the fewest in ``BEFORE``, scripted the same way.
"""

import json
import re

import pytest

from station.browser.conftest import drop
from station.browser.processes import waited
from station.browser.test_first_flight import FLIGHT_S, climb
from station.peers.fakes import PX4, TEMPORARILY, ArduPlane
from station.peers.served import Served
from station.peers.test_commands_flown import plan

pytestmark = pytest.mark.compiled_only

# Start, confirm, hold, land, confirm; Plan, take-off 2, way points 4, survey 6, fence 2, landing 2,
# upload 3, Fly, start 2; Replay, Open, the red mark over the timeline.
BEFORE = {"fly": 5, "patrol": 23, "fault": 3}
NOW = {"fly": 3, "patrol": 13, "fault": 2}
SHARE = 0.6
assert sum(NOW.values()) <= SHARE * sum(BEFORE.values())
CRUISING_RPM, BEFORE_IT_S = 2500, 10.0  # idling it turns at some 1400


class Person:
    """Who sits before the page: everything that is done to it goes through here."""

    def __init__(self, page):
        self.page, self.done = page, 0

    def click(self, found, **where):
        self.done += 1
        found.first.click(**where)

    def hold(self, found):
        """Press a button until its card has come and, confirmed, gone."""
        self.done += 1
        found.first.hover()
        self.page.mouse.down()
        card = self.page.locator("[data-confirm]")
        card.wait_for()
        card.wait_for(state="detached")
        self.page.mouse.up()

    def drag(self, chart, start, end):
        self.done += 1
        box, mouse = chart.bounding_box(), self.page.mouse
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"])
                  for x, y in (start, end)]
        mouse.move(*places[0])
        mouse.down()
        mouse.move(*places[1], steps=5)
        mouse.up()

    def button(self, name, **kind):
        return self.page.get_by_role("button", name=name, **kind)

    def view(self, name):
        self.click(self.page.get_by_role("navigation", name="Views").get_by_text(name, exact=True))

    def command(self, name):
        return self.page.locator(f"[data-command={name}]:enabled")


def down(pair):
    one = pair.aircraft()
    return not one["airborne"] and one["ground_speed_m_s"] < 0.1 and not one["armed"]


def climbed(pair, height):
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["height_above_ground_m"] > height, 90.0, what="no climb")
    pair.ask("/speed", {"speed": 1.0})


def landed(pair):
    pair.ask("/speed", {"speed": 100.0})
    waited(lambda: down(pair), FLIGHT_S, 0.5, what="no landing")
    pair.ask("/speed", {"speed": 1.0})
    assert pair.aircraft()["outcome"] != "lost"


def shown_mode(page, mode):
    page.get_by_role("button", name=f"Mode {mode}: choose another").wait_for()


def let_go(page, button):
    """Held too short, a button leaves its card to be confirmed, and nothing is sent."""
    button.first.hover()
    page.mouse.down()
    page.get_by_text("Keep holding to send").wait_for()
    page.mouse.up()
    page.get_by_text("Confirm: Start mission").wait_for()
    page.wait_for_timeout(1200)
    page.get_by_text("Confirm: Start mission").wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-confirm]").wait_for(state="detached")


def elsewhere_and_back(pair, page):
    """Orbits at a place of the chart, by its menu, and starts to return; no part of the job."""
    held = pair.aircraft()
    chart = page.get_by_role("application", name="Chart")
    box = chart.bounding_box()
    chart.click(button="right", position={"x": box["width"] / 2, "y": box["height"] / 2 - 130})
    page.get_by_role("menuitem", name="Orbit here").click()
    page.locator("[data-confirm]").click()
    waited(lambda: pair.aircraft()["mode"] == "orbit", 15.0, what="no orbit")
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["latitude_deg"] > held["latitude_deg"] + 0.02, 60.0,
           what="not where it was sent to")
    pair.ask("/speed", {"speed": 1.0})
    page.locator("[data-command=return]:enabled").click()
    page.locator("[data-confirm]").click()
    waited(lambda: pair.aircraft()["mode"] == "return", 15.0, what="no return")


def test_fly_hold_and_land(pair, station, open_page):
    page = open_page()
    person = Person(page)
    let_go(page, person.command("next"))
    assert not pair.aircraft()["armed"]
    person.hold(person.command("next"))
    waited(lambda: pair.aircraft()["armed"], 20.0, what="not armed")
    climbed(pair, 300.0)
    person.click(person.command("hold"))
    waited(lambda: pair.aircraft()["mode"] == "hold", 15.0, what="no hold")
    shown_mode(page, "hold")
    elsewhere_and_back(pair, page)
    person.hold(person.command("land"))
    waited(lambda: pair.aircraft()["mode"] == "land", 15.0, what="no landing begun")
    landed(pair)
    entries = station.get("/api/journal?vehicle=1&limit=50").json()
    assert {"arm", "mission", "hold", "land"} <= {
        entry["name"] for entry in entries if entry["result"] == "accepted"}
    assert person.done == NOW["fly"]
    assert page.faults == []


def test_a_coastal_patrol_is_planned_and_flown(pair, station, open_page):
    page = open_page()
    person = Person(page)
    page.locator("[data-command=next]:enabled").wait_for()
    person.view("Plan")
    chart = page.get_by_role("application", name="Chart of the mission")
    page.wait_for_function("() => performance.getEntriesByName('chart').length > 0")
    person.click(person.button("Take-off from a runway (T)"))
    person.click(person.button("Take off and land here"))
    box = chart.bounding_box()
    for x, y in ((.5, .6), (.55, .68), (.62, .72)):
        person.click(chart, position={"x": x * box["width"], "y": y * box["height"]})
    person.click(person.button("Survey grid", exact=False))
    person.drag(chart, (.66, .7), (.74, .78))
    person.click(person.button("Fence: circle to stay in (C)"))
    person.drag(chart, (.5, .5), (.95, .5))
    person.click(person.button("Vehicle …"))
    person.click(person.button("Upload and fly"))
    page.get_by_text("On the vehicle, and read back the same.").wait_for()
    confirm = page.locator("[data-confirm]")
    confirm.wait_for()
    person.click(confirm)
    waited(lambda: pair.aircraft()["armed"], 20.0, what="not armed")
    shown_mode(page, "mission")
    landed(pair)
    # The tests that come after fly what was aboard.
    short = json.loads((pair.folder.parent / "short.plan").read_text())
    station.post("/api/vehicles/1/plan", json={"document": short}).raise_for_status()
    assert person.done == NOW["patrol"]
    assert page.faults == []


def test_a_fault_is_found_in_a_replay(pair, station, open_page):
    page = open_page()
    climb(pair, page, 300.0)
    page.keyboard.press("i")
    page.get_by_role("combobox", name="Fault").select_option("engine")
    page.get_by_role("button", name="Inject fault").click()
    page.get_by_role("list", name="Active faults").get_by_text("Engine stops").wait_for()
    page.keyboard.press("Escape")
    landed(pair)
    # A new start ends the log.
    pair.ask("/aircraft/1/reset", {})
    person = Person(page)
    person.view("Replay")
    # The newest is the one that has just begun.
    logs = page.get_by_role("row").filter(has_text="flight log").filter(has_text="aircraft-1")
    person.click(logs.nth(1).get_by_role("button", name="First alert", exact=False))
    page.get_by_role("slider").wait_for()
    events = page.get_by_role("complementary", name="Events")
    # The fault is told with its time, and there the log stands.
    fault = events.locator("button[data-severity=warning]").first
    fault.get_by_text("no engine runs").wait_for()
    page.locator(f"input[aria-valuetext='{fault.locator('.time').inner_text()}']").wait_for()
    assert page.get_by_role("button", name="Play", exact=True).count() == 1
    assert person.done == NOW["fault"]
    # A while before, the instruments show the engine turning as in flight.
    slider = page.get_by_role("slider")
    slider.fill(str(float(slider.input_value()) - BEFORE_IT_S))
    panels = page.get_by_role("tabpanel")

    def turns():
        told = re.search(r"Engine speed\s+([\d\s]+)\s*rpm", panels.inner_text())
        return told and int(told[1].replace(" ", "").replace("\u202f", "")) > CRUISING_RPM

    waited(turns, 20.0, what="the engine does not turn as in flight")
    # And on: the alerts around it, the instruments at that moment.
    events.get_by_role("button", name="Alert after", exact=False).click()
    events.locator("button[aria-current=true]").get_by_text("engine", exact=False).wait_for()
    person.button("Close replay").click()
    page.get_by_role("heading", name="Logs").wait_for()
    assert page.faults == []


@pytest.mark.parametrize(("kind", "system", "modes"), [
    (ArduPlane, 21, ("AUTO", "AUTO")), (PX4, 22, ("Mission", "Hold"))], ids=["arduplane", "px4"])
def test_a_mission_of_each_recorded_autopilot_is_flown(pair, station, open_page, kind, system,
                                                       modes):
    """From nobody's control to disarmed after landing; its time passes between the steps."""
    with Served(kind(), pair.heard_at, system) as air:
        page = open_page("fly")
        person = Person(page)
        name = f"{'ardupilot' if kind is ArduPlane else 'px4'} {system}"
        page.get_by_role("navigation", name="Aircraft").get_by_text(name).click()
        person.view("Plan")
        page.get_by_role("listbox", name="Mission items").wait_for()
        drop(page, "field.plan", json.dumps(plan()))
        page.get_by_role("listbox", name="Mission items").get_by_role("option").nth(4).wait_for()
        person.click(person.button("Vehicle …"))
        person.click(person.button("Upload and fly"))
        page.get_by_text("On the vehicle, and read back the same.").wait_for()
        confirm = page.locator("[data-confirm]")
        confirm.wait_for()
        # Refused once, it is offered again where it was.
        air.peer.do_400 = lambda p, frame: TEMPORARILY
        person.click(confirm)
        told = page.get_by_role("status")
        told.get_by_text("Arm: refused").wait_for()
        del air.peer.do_400
        person.hold(person.command("next"))
        told.get_by_text("Start mission: accepted").wait_for()
        shown_mode(page, modes[0])
        first = 2 if kind is ArduPlane else 1
        for item in range(first, len(air.peer.plans[0])):
            if air.peer.plans[0][item][1] == 189:
                continue
            air.advance(lambda peer, item=item: peer.current == item, 300.0)
            # As the plan numbers them, from 1; an ArduPlane's item 0 is home.
            figure(page, "Current item", str(item if kind is ArduPlane else item + 1))
            assert own_alerts(page) == []
        air.advance(lambda peer: not peer.armed, 300.0)
        shown_mode(page, modes[1])
        page.locator("[data-command=disarm][title='It is not armed']").wait_for()
        assert air.peer.landed
        assert own_alerts(page) == []
        assert page.faults == []


def own_alerts(page):
    """Warnings and cautions of the aircraft that is looked at."""
    return page.get_by_role("list", name="Alerts").locator(
        "li.warning:not(.other), li.caution:not(.other)").all_inner_texts()


def figure(page, label, value):
    page.locator(".quantity").filter(has_text=label).get_by_text(value, exact=True).wait_for()
