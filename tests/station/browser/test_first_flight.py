"""A new user in by the link, and what outlives a station and a simulation that are restarted."""

import httpx
import pytest

from station.browser.processes import waited

pytestmark = pytest.mark.compiled_only

FLIGHT_S = 240.0


def press(page, selector):
    """One click, as a user gives it."""
    page.locator(selector).first.click()


def start_mission(page):
    """From the page as it opens to an aircraft that is on its way: three clicks with the link's."""
    page.locator("[data-command=next]:enabled").wait_for()
    press(page, "[data-command=next]")
    page.locator("[data-confirm]").wait_for()
    press(page, "[data-confirm]")


def climb(pair, page, height):
    """Off on the mission, until it is ``height`` [m] above ground; then time passes as usual."""
    start_mission(page)
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["height_above_ground_m"] > height, 90.0, what="no climb")
    pair.ask("/speed", {"speed": 1.0})


def test_the_one_time_link_lets_in_once(pair, chromium, open_page):
    page = open_page(cookie="")
    page.get_by_label("Name").wait_for()
    httpx.get(pair.link, trust_env=False)
    page.goto(pair.link)
    page.goto(f"{pair.address}/#/fly")
    # The link was used by now: it lets nobody else in.
    page.get_by_label("Password").wait_for()
    assert page.get_by_role("navigation").count() == 0


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
