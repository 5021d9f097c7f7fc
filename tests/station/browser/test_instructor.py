"""What the instructor's drawer asks of the simulation, checked at the simulation; and users."""

import pytest

from station.browser.processes import waited

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def drawer(station, open_page):
    """The drawer, open over the fly view; aircraft 1 is selected."""
    page = open_page("fly")
    page.locator("[data-command]").first.wait_for()
    page.keyboard.press("i")
    drawer = page.get_by_role("complementary", name="Simulation: the instructor")
    drawer.get_by_role("button", name="Save snapshot").wait_for()
    return drawer


def test_wind_and_turbulence_reach_the_aircraft(pair, drawer):
    assert pair.aircraft()["airspeed_m_s"] < 0.5
    drawer.get_by_label("Wind at 10 m").fill("10")
    drawer.get_by_label("from").fill("250")
    drawer.get_by_role("button", name="Set", exact=True).click()
    drawer.get_by_role("group", name="Turbulence").get_by_role("button", name="severe").click()

    # Close to the ground there is less of it than the 5.1 m/s at 10 m.
    waited(lambda: 2.0 < pair.aircraft()["airspeed_m_s"] < 8.0, 30.0, what="no wind")


def test_a_moment_is_kept_and_gone_back_to(pair, drawer):
    drawer.get_by_label("Name", exact=True).fill("parked")
    drawer.get_by_role("button", name="Save snapshot").click()
    row = drawer.locator(".kept").filter(has_text="parked")
    row.wait_for()
    kept = pair.ask("/state")["time_s"]
    pair.ask("/speed", {"speed": 100.0})
    waited(lambda: pair.ask("/state")["time_s"] > kept + 60.0, 20.0, what="time stands")
    pair.ask("/speed", {"speed": 1.0})
    row.get_by_role("button", name="Restore").click()
    drawer.page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    waited(lambda: pair.ask("/state")["time_s"] < kept + 10.0, 20.0, what="not gone back")


def test_a_link_is_made_slow_and_lossy(pair, drawer):
    drawer.get_by_role("button", name="Change").first.click()
    for label, value in (("Rate", "4000"), ("Delay", "0.3"), ("Loss", "5")):
        drawer.get_by_label(label).fill(value)
    drawer.locator("form").filter(has_text="Loss").get_by_role("button", name="Set").click()
    drawer.get_by_text("4000 B/s, 0.3 s, 5 %").wait_for()
    pipe = pair.ask("/links")["links"][0]["pipe"]
    assert (pipe["rate_bytes_s"], pipe["delay_s"], pipe["loss"]) == (4000.0, 0.3, 0.05)
    drawer.get_by_role("button", name="Change").first.click()
    for label, value in (("Rate", ""), ("Delay", "0"), ("Loss", "0")):
        drawer.get_by_label(label).fill(value)
    drawer.locator("form").filter(has_text="Loss").get_by_role("button", name="Set").click()
    drawer.get_by_text("no limits").first.wait_for()


def test_an_aircraft_in_flight_is_put_back(pair, station, drawer):
    station.post("/api/vehicles/1/control", json={"take": True})
    for name in ("mission", "arm"):
        # Just put back, it is not ready at once.
        waited(lambda name=name: station.post(
            "/api/vehicles/1/command",
            json={"name": name, "arguments": {}}).json()["result"] == "accepted", 30.0, 0.5,
            what=f"no {name}")
    pair.ask("/speed", {"speed": 20.0})
    waited(lambda: pair.aircraft()["airborne"], 60.0, what="no take-off")
    drawer.get_by_role("button", name="back on its runway", exact=False).click()
    drawer.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    waited(lambda: not pair.aircraft()["airborne"] and not pair.aircraft()["armed"], 20.0,
           what="still in the air")


def test_a_user_is_given_a_password_signs_in_and_is_taken_away(station, open_page):
    page = open_page("settings")
    page.get_by_label("Name", exact=True).fill("Derya")
    page.get_by_label("Password").fill("a ladder of nine rungs")
    page.get_by_label("pilot").check()
    page.get_by_role("button", name="Save user").click()
    page.get_by_text("Derya is saved and may sign in.").wait_for()
    guest = open_page(cookie="")
    guest.get_by_label("Name").fill("Derya")
    guest.get_by_label("Password").fill("a ladder of nine rungs")
    guest.keyboard.press("Enter")
    guest.get_by_role("navigation", name="Views").wait_for()
    assert guest.get_by_role("button", name="Simulation").count() == 0
    page.locator(".user").filter(has_text="Derya").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.locator(".user").filter(has_text="Derya").wait_for(state="detached")
    # Signed out everywhere, at once.
    guest.reload()
    guest.get_by_label("Password").wait_for()
    assert page.faults == guest.faults == []
