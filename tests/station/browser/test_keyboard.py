"""A mission planned and flown without a pointer: every step is a key."""

import json

import pytest

from station.browser.processes import waited
from station.browser.test_first_flight import climb

pytestmark = pytest.mark.compiled_only

FAR_DEG = 0.01


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(400)  # the chart glides to where an arrow sends it


def reach(page, name, most=80):
    """Tab until what is called so has the focus."""
    for _ in range(most):
        if page.evaluate("document.activeElement.innerText?.trim()").startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached")


def test_a_mission_is_planned_and_sent_by_keys(pair, station, open_page):
    page = open_page("fly")
    page.locator("[data-command=next]:enabled").wait_for()
    press(page, "Shift+Digit2")
    page.wait_for_function("() => performance.getEntriesByName('chart').length > 0")
    items = page.get_by_role("listbox", name="Mission items").get_by_role("option")
    press(page, "t")
    reach(page, "Take off and land here")
    press(page, "Enter")
    waited(lambda: items.count() >= 3, 15.0, what="no take-off and landing")
    before = items.count()
    press(page, "w", "ArrowDown", "Enter", "ArrowRight", "Enter")
    assert items.count() == before + 2
    # A fence of three corners, closed by a second Enter at the last.
    press(page, "Escape", "Escape", "f", "ArrowUp", "ArrowUp", "ArrowUp", "Enter",
          *["ArrowRight"] * 4, "Enter", *["ArrowDown"] * 6, "Enter", "Enter")
    page.get_by_role("tab", name="Home, fence, rally", selected=True).wait_for()
    press(page, "c", "Enter")
    reach(page, "Vehicle …")
    press(page, "Enter")
    page.get_by_role("dialog").wait_for()
    reach(page, "Upload")
    press(page, "Enter")
    page.get_by_role("dialog").get_by_text("read back").wait_for()
    plan = station.get("/api/vehicles/1/plan/mission").json()
    assert len(plan["items"]) == before + 2
    # The tests that come after fly what was aboard.
    short = json.loads((pair.folder.parent / "short.plan").read_text())
    station.post("/api/vehicles/1/control", json={"take": True})
    station.post("/api/vehicles/1/plan", json={"document": short}).raise_for_status()
    assert page.faults == []


def test_an_aircraft_is_flown_by_keys(pair, station, open_page):
    page = open_page("fly")
    climb(pair, page, 300.0)
    press(page, "h")
    waited(lambda: pair.aircraft()["mode"] == "hold", 15.0, what="no hold")
    # A place of the chart: the arrows move it, Enter takes its middle, Enter confirms.
    held = pair.aircraft()
    press(page, "o", "ArrowUp", "ArrowUp", "Enter")
    page.locator("[data-confirm]").wait_for()
    press(page, "Enter")
    waited(lambda: pair.aircraft()["mode"] == "orbit", 15.0, what="no orbit")
    entry = next(e for e in station.get("/api/journal?vehicle=1&limit=20").json()
                 if e["name"] == "orbit_here")
    assert entry["arguments"]["latitude_deg"] > held["latitude_deg"] + FAR_DEG
    # The choice of modes, and out of it again.
    reach(page, "▾")
    press(page, "Enter", "ArrowDown", "Escape")
    press(page, "r")
    page.locator("[data-confirm]").wait_for()
    press(page, "Enter")
    waited(lambda: pair.aircraft()["mode"] == "return", 15.0, what="no return")
    assert page.faults == []
