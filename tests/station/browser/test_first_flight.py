"""A new user and the browser alone: in by the link, into the air, a mission, home again."""

import httpx
import pytest

from station.browser.processes import waited

pytestmark = pytest.mark.compiled_only

FAST = "100"
FLIGHT_S = 240.0


def press(page, selector):
    """One click, as a user gives it."""
    page.locator(selector).first.click()


def start_mission(page):
    """From the page as it opens to an aircraft that is on its way; how many clicks it took."""
    clicks = 0
    page.locator("[data-command=next]:enabled").wait_for()
    press(page, "[data-command=next]")
    clicks += 1
    confirm = page.locator("[data-confirm]")
    confirm.wait_for()
    press(page, "[data-confirm]")
    return clicks + 1


def climb(pair, page, height):
    """Off on the mission, until it is ``height`` [m] above ground; then time passes as usual."""
    start_mission(page)
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["height_above_ground_m"] > height, 90.0, what="no climb")
    pair.ask("/speed", {"speed": 1.0})


def set_speed(page, speed):
    """The instructor's drawer, opened by its key, and closed again."""
    page.locator("main").click(position={"x": 2, "y": 2}, trial=True)
    page.keyboard.press("i")
    page.get_by_role("button", name=f"{speed}×", exact=True).click()
    page.get_by_role("button", name=f"{speed}×", exact=True, pressed=True).wait_for()
    page.keyboard.press("Escape")


def test_the_one_time_link_lets_in_once(pair, chromium, open_page):
    page = open_page(cookie="")
    page.get_by_label("Name").wait_for()
    httpx.get(pair.link, trust_env=False)
    page.goto(pair.link)
    page.goto(f"{pair.address}/#/fly")
    # The link was used by now: it lets nobody else in.
    page.get_by_label("Password").wait_for()
    assert page.get_by_role("navigation").count() == 0


def test_take_off_in_three_clicks(pair, station, open_page):
    page = open_page()
    assert start_mission(page) <= 3
    pair.ask("/speed", {"speed": 10.0})
    waited(lambda: pair.aircraft()["airborne"], 60.0, what="no take-off")
    assert page.faults == []


def test_a_whole_mission_is_flown_with_the_browser_alone(pair, station, open_page):
    page = open_page()
    start_mission(page)
    waited(lambda: pair.aircraft()["armed"], 20.0, what="not armed")
    set_speed(page, FAST)
    heights = []

    def stopped():
        truth = pair.aircraft()
        heights.append(truth["height_above_ground_m"])
        return max(heights) > 400.0 and not truth["airborne"] and truth["ground_speed_m_s"] < 0.1

    waited(stopped, FLIGHT_S, 0.5, what="no landing")
    set_speed(page, "1")
    if pair.aircraft()["armed"]:
        press(page, "[data-command=disarm]")
        confirm = page.locator("[data-confirm]")
        if confirm.count():
            press(page, "[data-confirm]")
    waited(lambda: not pair.aircraft()["armed"], 20.0, what="not disarmed")
    entries = station.get("/api/journal?vehicle=1&limit=50").json()
    done = {entry["name"] for entry in entries if entry["result"] == "accepted"}
    assert done >= {"arm", "mission"}
    assert page.faults == []


def test_hold_orbit_return_and_land_are_flown_as_told(pair, station, open_page):
    page = open_page()
    climb(pair, page, 300.0)

    def told(command, holds):
        press(page, f"[data-command={command}]:enabled")
        if page.locator("[data-confirm]").count():
            press(page, "[data-confirm]")
        waited(holds, 15.0, what=f"no {command}")

    told("hold", lambda: pair.aircraft()["mode"] == "hold")
    # A place on the chart, by its menu: it goes there and circles it.
    held = pair.aircraft()
    chart = page.get_by_role("application", name="Chart")
    box = chart.bounding_box()
    chart.click(button="right", position={"x": box["width"] / 2, "y": box["height"] / 2 - 130})
    page.get_by_role("menuitem", name="Orbit here").click()
    press(page, "[data-confirm]")
    waited(lambda: pair.aircraft()["mode"] == "orbit", 15.0, what="no orbit")
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["latitude_deg"] > held["latitude_deg"] + 0.02, 60.0,
           what="not where it was sent to")
    pair.ask("/speed", {"speed": 1.0})
    told("return", lambda: pair.aircraft()["mode"] == "return")
    told("land", lambda: pair.aircraft()["mode"] == "land")
    pair.ask("/speed", {"speed": 100.0})
    waited(lambda: not pair.aircraft()["airborne"]
           and pair.aircraft()["ground_speed_m_s"] < 0.1, FLIGHT_S, 0.5, what="no landing")
    assert pair.aircraft()["outcome"] != "lost"
    assert page.faults == []


def test_the_instructor_fails_the_engine_and_the_aircraft_lands(pair, station, open_page):
    page = open_page()
    climb(pair, page, 500.0)
    page.keyboard.press("i")
    page.get_by_role("combobox", name="Fault").select_option("engine")
    page.get_by_role("button", name="Inject fault").click()
    page.get_by_role("list", name="Active faults").get_by_text("Engine stops").wait_for()
    assert {"name": "engine", "index": 0} in pair.ask("/faults")["in_force"]["1"]
    page.get_by_role("button", name=f"{FAST}×", exact=True).click()
    waited(lambda: not pair.aircraft()["airborne"] and pair.aircraft()["ground_speed_m_s"] < 0.1,
           FLIGHT_S, 0.5, what="no landing")
    assert pair.aircraft()["outcome"] != "lost"


def test_station_and_simulation_are_restarted_in_flight(pair, station, open_page):
    page = open_page()
    climb(pair, page, 300.0)
    pair.end("station")
    page.get_by_text("Station not reachable").wait_for()
    pair.start_station()
    page.get_by_text("Station not reachable").wait_for(state="detached")
    # The aircraft flew on by itself; whoever was its pilot takes it anew, on record.
    page.get_by_role("button", name="Take control").click()
    press(page, "[data-command=hold]:enabled")
    waited(lambda: pair.aircraft()["mode"] == "hold", 15.0, what="no hold")
    pair.end("simulation")
    page.goto(page.url.replace("#/fly", "#/fleet"))
    first = page.locator("article").first
    first.locator(".link[data-state=lost]").wait_for(timeout=30_000)
    pair.start_simulation()
    first.locator(".link[data-state=up]").wait_for(timeout=30_000)
    waited(lambda: not pair.aircraft()["airborne"], 10.0, what="not on its runway")
    assert page.faults == []
