"""The page of a vehicle itself: parameters of many, files, modes, messages, plots."""

import json
import re
import socket
import threading
import time

import pytest

from longwatch.bench.station_browser import AXE, RULES
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser
from station.browser.processes import HOST, waited

pytestmark = pytest.mark.compiled_only

SYSTEM, MANY = 78, 3000
HOSTILE = "<img src=x onerror="  # of 16 bytes what is left: a name that is markup


class Crowd(threading.Thread):
    """A vehicle from elsewhere with 3000 parameters, some with names that are made to harm."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.02)
        self.to = (HOST, port)
        self.ending = threading.Event()
        self.link = mavlink.MAVLink(None, srcSystem=SYSTEM, srcComponent=1)
        self.values = {f"P{n:04d}_GAIN": float(n) for n in range(MANY - 2)}
        self.values |= {HOSTILE[:16]: 1.0, "P0001_GA1N": 2.0}
        self.asked = []

    def run(self):
        parser, due = Parser(), 0.0
        while not self.ending.is_set():
            if time.monotonic() >= due:
                due = time.monotonic() + 0.5
                self._send(self.link.heartbeat_encode(
                    mavlink.MAV_TYPE_FIXED_WING, mavlink.MAV_AUTOPILOT_GENERIC, 0, 0,
                    mavlink.MAV_STATE_STANDBY))
                self._send(self.link.statustext_encode(6, b"<b>bold</b>"))
            try:
                data, _ = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            for frame in parser.feed(data, True):
                self._answer(frame.message)

    def _answer(self, message):
        kind = message.get_type()
        names = list(self.values)
        if kind == "PARAM_REQUEST_LIST":
            for index in range(MANY):
                self._value(names[index], index)
                if index % 50 == 0:
                    time.sleep(0.005)
        elif kind == "PARAM_REQUEST_READ" and 0 <= message.param_index < MANY:
            self._value(names[message.param_index], message.param_index)
        elif kind in ("PARAM_SET", "PARAM_REQUEST_READ"):
            name = message.param_id
            if kind == "PARAM_SET":
                self.asked.append((name, message.param_value))
                if message.param_value <= 5000.0:
                    self.values[name] = message.param_value
            self._value(name, names.index(name))
        elif kind == "COMMAND_LONG":
            self._send(self.link.command_ack_encode(message.command, 3))

    def _value(self, name, index):
        self._send(self.link.param_value_encode(
            name.encode(), self.values[name], mavlink.MAV_PARAM_TYPE_REAL32, MANY, index))

    def _send(self, message):
        self.socket.sendto(message.pack(self.link), self.to)

    def close(self):
        self.ending.set()
        self.join()
        self.socket.close()


@pytest.fixture
def crowd(pair, station):
    """It, all of its parameters known."""
    vehicle = Crowd(pair.heard_at)
    vehicle.start()
    waited(lambda: len(station.get(f"/api/vehicles/{SYSTEM}/parameters").json()) == MANY, 120.0)
    yield vehicle
    vehicle.close()


def choose(page, name):
    """Look at another vehicle."""
    page.locator(".vehicle header select").select_option(value=name)


def test_3000_parameters_are_searched_compared_and_set(pair, station, open_page, crowd):
    page = open_page("vehicle/parameters")
    choose(page, str(SYSTEM))
    count = page.locator(".tools .count")
    page.locator(".tools .count", has_text="3000 of 3000").wait_for()
    rows = page.locator("[role=option]")
    assert rows.count() < 60  # those in sight alone are in the page
    assert rows.first.get_attribute("aria-setsize") == str(MANY)
    # To the end by keyboard, and drawn there within a few frames.
    page.get_by_role("listbox").focus()
    page.keyboard.press("End")
    page.locator(f"[aria-posinset='{MANY}'][aria-selected=true]").wait_for()
    slow = page.evaluate("""async () => {
      const list = document.querySelector('[role=listbox]'), spent = [];
      for (let n = 0; n < 40; n++) {
        const began = performance.now();
        list.scrollTop = (n * 7919) % 140000;
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        spent.push(performance.now() - began);
      }
      return spent.sort((a, b) => a - b)[20];
    }""")
    print(f"a jump within 3000 rows is drawn in {slow:.0f} ms (median)")
    # A name that is markup is a name; one that looks like another is found as what it is.
    page.get_by_placeholder("Search parameters").fill("<img")
    page.get_by_text(HOSTILE[:16], exact=True).first.wait_for()
    page.get_by_placeholder("Search parameters").fill("p0001")
    page.locator(".tools .count", has_text="2 of 3000").wait_for()
    assert page.locator("img[src=x]").count() == 0 and page.faults == []
    assert count.is_visible()
    # A commander sets while nobody flies it: asked first, confirmed by what it reads back.
    page.get_by_text("P0001_GAIN").click()
    page.get_by_label("New value").fill("17,5")
    page.get_by_role("button", name="Set …").click()
    assert crowd.asked == []
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("P0001_GAIN is 17.5: confirmed by the vehicle.").wait_for()
    assert crowd.asked == [("P0001_GAIN", 17.5)]
    entry = station.get("/api/journal", params={"limit": 1}).json()[0]
    assert (entry["kind"], entry["name"], entry["arguments"], entry["result"]) == (
        "parameter", "P0001_GAIN", {"value": 17.5}, "accepted")
    # A file: everything is listed before anything is sent.
    crowd.asked.clear()
    give(page, "x.param", "P0002_GAIN,99\nP0003_GAIN,6000\nP0004_GAIN,4\nNOT_ABOARD,1\n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Equal values: 1.").wait_for()
    dialog.get_by_text("NOT_ABOARD 1").wait_for()
    assert crowd.asked == []
    dialog.get_by_role("button", name="Write 2 to the vehicle").click()
    dialog.get_by_text("2 of 2 done, 1 refused.").wait_for()
    dialog.get_by_text("does not take 6000 and keeps 3").wait_for()
    assert crowd.values["P0002_GAIN"] == 99.0
    dialog.get_by_role("button", name="Close").click()
    # A file that is none says so, and offers nothing to send.
    give(page, "x.param", json.dumps({"fileType": "Plan"}))
    dialog.get_by_text("This is not a parameter file.").wait_for()
    assert dialog.get_by_role("button", name=re.compile("Write")).count() == 0


def give(page, name, text):
    """Hand the page a file of parameters."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()})


def test_meanings_messages_and_plots_of_our_own_aircraft(station, open_page, pair):
    page = open_page("vehicle/parameters")
    page.get_by_placeholder("Search parameters").fill("largest bank")
    page.get_by_text("LIM_BANK_MAX").click()
    page.get_by_text("Largest bank that the autopilot commands").first.wait_for()
    page.get_by_label("New value").fill("500")
    page.get_by_text("Outside the range that the vehicle gives").wait_for()
    page.get_by_role("button", name="Set …").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("does not take 500 and keeps 30").wait_for()
    page.get_by_role("link", name="Messages").click()
    page.get_by_placeholder("Search messages").fill("attitude")
    page.locator("[role=option]").filter(has_text=re.compile(r"^ATTITUDE")).first.click()
    page.get_by_role("button", name="Plot: pitch", exact=True).click()
    page.locator("figure").get_by_text("ATTITUDE.pitch").wait_for()
    page.locator("figure", has_text="min ").wait_for()
    drawn = page.evaluate("""() => {
      const canvas = document.querySelector('figure canvas');
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const line = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(line.slice(at, at + 2), 16));
      let found = 0;
      for (let at = 0; at < data.length; at += 4)
        found += Math.hypot(data[at] - r, data[at + 1] - g, data[at + 2] - b) < 30;
      return found;
    }""")
    assert drawn > 10
    assert page.faults == []


def test_a_mode_is_chosen_from_those_that_the_vehicle_offers(station, open_page, observer):
    page = open_page("fly")
    button = page.locator("[data-command=mode]")
    button.wait_for()
    assert button.is_disabled()
    page.keyboard.press("p")
    page.locator("[data-command=mode]:enabled").wait_for()
    button.click()
    menu = page.get_by_role("menu")
    names = menu.get_by_role("menuitemradio").all_inner_texts()
    assert len(names) > 3
    menu.locator("button:enabled[aria-checked=false]").first.click()
    card = page.get_by_role("dialog")
    card.get_by_role("heading", name="Change mode").wait_for()
    page.keyboard.press("Enter")
    page.locator(".outcome").filter(has_text="Mode:").wait_for()
    sent = next(e for e in station.get("/api/journal", params={"limit": 5}).json()
                if e["name"] == "mode")
    assert sent["arguments"]["name"]
    # Who may not command sees no control at all.
    watched = open_page("fly", cookie=observer)
    watched.locator(".pfd canvas").wait_for()
    assert watched.locator("[data-command=mode]").count() == 0
    watched.goto(re.sub("#.*", "#/vehicle/parameters", watched.url))
    watched.locator("[role=option]").first.click()
    watched.get_by_text("Only a pilot or a commander may do this.").wait_for()
    assert watched.get_by_role("button", name="Set …").count() == 0


@pytest.mark.parametrize("tab", ["parameters", "messages"])
def test_the_page_has_no_serious_fault_of_accessibility(station, open_page, tab):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (make page)")
    page = open_page(f"vehicle/{tab}", bypass_csp=True)
    page.locator("[role=option]").first.click()
    page.wait_for_timeout(500)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    serious = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found["violations"]
               if v["impact"] in ("serious", "critical")]
    assert serious == []
