"""What a page shows, to whom, and what it bears."""

import json
import re

import pytest

from longwatch.bench.station_browser import AXE, RULES
from longwatch.station.vehicles.command_table import NAMES
from station.browser.conftest import ROOT
from station.browser.processes import SPARSE_SYSTEM, Sparse, waited

pytestmark = pytest.mark.compiled_only

VIEWS = ("fly", "plan", "fleet", "replay", "journal", "vehicle", "settings")
HOSTILE = "<img src=x onerror=window.hacked=1>"
PHONE = {"width": 390, "height": 844}
MESSAGES = ROOT / "ui/src/messages"


def texts(language, area):
    return json.loads((MESSAGES / language / f"{area}.json").read_text())


@pytest.fixture
def sparse(pair):
    """A vehicle that sends heartbeats and a hostile text."""
    vehicle = Sparse(pair.heard_at, HOSTILE)
    vehicle.start()
    yield vehicle
    vehicle.close()


def test_what_a_vehicle_does_not_send_reads_not_reported_and_never_zero(station, open_page, sparse):
    page = open_page("fleet")
    strip = page.locator("article").last
    page.get_by_text(f"system {SPARSE_SYSTEM}").wait_for()
    figures = strip.locator(".figures .value").all_inner_texts()
    assert figures == ["not reported"] * 6


def test_hostile_names_draw_as_text(station, open_page, sparse):
    plan = json.loads((ROOT / "missions/thrace-watch.plan").read_text())
    station.post("/api/missions", json={"name": HOSTILE, "document": plan,
                                        "version": 0}).raise_for_status()
    page = open_page("fleet")
    page.get_by_text(HOSTILE).first.wait_for()
    for view in VIEWS:
        page.goto(re.sub("#.*", f"#/{view}", page.url))
        page.wait_for_timeout(300)
    page.goto(re.sub("#.*", "#/plan", page.url))
    page.get_by_role("button", name="Library").click()
    page.get_by_text(HOSTILE).first.wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0
    assert page.faults == []


def test_an_observer_gets_no_command_through(pair, station, open_page, observer):
    page = open_page(cookie=observer)
    page.locator("[data-command]").first.wait_for()
    assert page.locator("[data-command]:enabled").count() == 0
    assert page.get_by_role("button", name="Simulation").count() == 0
    # What the page does not offer, the server does not take either: each command, and the rest.
    asked = [["/api/vehicles/1/command", {"name": name, "arguments": {}}] for name in NAMES]
    asked += [["/api/vehicles/1/control", {"take": True}],
              ["/api/vehicles/1/plan", {"document": {}}],
              ["/api/missions", {"name": "a", "document": {}, "version": 0}],
              ["/api/simulation/pause", {}],
              ["/api/users", {"name": "a", "password": "b", "roles": []}]]
    statuses = page.evaluate("""(asked) => Promise.all(asked.map(([path, body]) =>
      fetch(path, {method: 'POST', body: JSON.stringify(body),
        headers: {'Content-Type': 'application/json'}}).then((answer) => answer.status)))""", asked)
    assert statuses == [403] * len(asked)
    assert not pair.aircraft()["armed"]


def test_everything_is_reached_by_keyboard_and_shows_where_it_is(station, open_page):
    page = open_page("fly")
    page.get_by_role("navigation", name="Views").wait_for()
    for number, view in enumerate(VIEWS, start=1):
        page.keyboard.press(f"Shift+Digit{number}")
        page.wait_for_function(f"location.hash === '#/{view}'")
    page.keyboard.press("Shift+Digit3")
    page.locator("article").first.wait_for()
    reached, unseen = set(), []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate("""() => {
          const at = document.activeElement;
          if (at === document.body) return ['', 'none'];
          return [at.getAttribute('aria-label') || at.innerText || at.tagName,
                  getComputedStyle(at).outlineStyle];
        }""")
        reached.add(name.strip())
        if outline == "none" and name:
            unseen.append(name)
    assert {"Fly", "Journal", "Take control", "Show all"} <= reached
    assert unseen == []
    page.keyboard.press("2")
    assert page.locator("article").nth(1).get_by_role("button", pressed=True).count() == 1
    page.keyboard.press("i")
    page.get_by_role("complementary").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("complementary").wait_for(state="detached")


@pytest.mark.parametrize("palette", ["day", "night"])
def test_axe_finds_nothing_serious(station, open_page, palette):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (make page)")
    station.put("/api/settings", json={"units": "aviation", "palette": palette, "language": "en",
                                       "sound": "off"})
    page = open_page("fly", bypass_csp=True)
    page.get_by_role("navigation", name="Views").wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for view in ("journal/print", *VIEWS, "drawer", "sign in"):
        if view == "drawer":
            page.keyboard.press("i")
        elif view == "sign in":
            page.context.clear_cookies()
            page.reload()
            page.get_by_label("Password").wait_for()
            page.evaluate(AXE.read_text(encoding="utf-8"))
        else:
            page.evaluate(f"location.hash = '/{view}'")
        page.wait_for_timeout(700)
        told = page.evaluate(
            "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        found += [f"{view}: {one['id']} {[node['target'] for node in one['nodes']][:3]}"
                  for one in told["violations"] if one["impact"] in ("serious", "critical")]
    assert found == []


@pytest.mark.parametrize("language", ["en", "tr", "uk"])
def test_each_language_is_spoken_throughout_and_fits_a_phone(station, open_page, language):
    station.put("/api/settings", json={"units": "aviation", "palette": "day", "language": language,
                                       "sound": "off"})
    page = open_page("settings", size=PHONE, has_touch=True, is_mobile=True)
    page.add_init_script(path=ROOT / "tools/station_layout.js")
    page.reload()
    common, settings = texts(language, "common"), texts(language, "settings")
    page.get_by_role("heading", name=settings["settings.preferences"]).wait_for()
    wrong = []
    for view in VIEWS:
        page.evaluate(f"location.hash = '/{view}'")
        page.wait_for_timeout(500)
        body = page.inner_text("body")
        assert common[f"common.view.{view}"] in body
        # A key that no file has shows itself.
        assert re.findall(r"\b(?:common|fly|plan|fleet|replay|journal|settings|alert|check|mode"
                          r"|phase)\.[a-z_]+(?:\.[a-z_]+)*\b", body) == []
        # Every size, with a fleet in the air: tools/station_walk.py.
        wrong += [f"{view}: {one}" for one in page.evaluate("layoutFaults({touch: true})")]
    assert wrong == []
    # The measure sees what is cut, and what is too small for a finger.
    page.evaluate("""() => {
      Object.assign(document.querySelector('main h2').style,
                    {width: '9px', overflow: 'hidden', whiteSpace: 'nowrap'});
      Object.assign(document.querySelector('.who button').style,
                    {minHeight: '30px', height: '30px'});
    }""")
    seen = page.evaluate("layoutFaults({touch: true})")
    assert any(one.startswith("cut by") for one in seen)
    assert any(one.startswith("target of") for one in seen)


def test_a_log_is_replayed_on_the_same_screen(station, open_page, shared_data):
    log = shared_data / "flightlogs/vtol.tlog"
    page = open_page("replay")
    page.get_by_label("Drop a .tlog here").set_input_files(str(log))
    slider = page.get_by_role("slider")
    slider.wait_for()
    # It plays as it opens; space holds it, arrows move it by ten seconds.
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    before = float(slider.input_value())
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => Math.abs(Number(document.querySelector('input[type=range]')"
                           ".value) - before - 10) < 0.5", arg=before)
    page.get_by_role("button", name="Events").click()
    page.get_by_role("complementary", name="Events").get_by_role("button").first.wait_for()
    page.get_by_role("button", name="Close replay").click()
    page.get_by_role("heading", name="Logs").wait_for()
    assert page.faults == []


def test_a_station_that_was_restarted_is_found_again(pair, station, open_page):
    page = open_page("fleet")
    page.locator("article").first.wait_for()
    pair.end("station")
    page.get_by_text("Station not reachable").wait_for()
    pair.start_station()
    page.get_by_text("Station not reachable").wait_for(state="detached")
    page.locator("article .link[data-state=up]").first.wait_for()
    assert page.get_by_label("Password").count() == 0
    # Its new link lets a browser in that has no session.
    stranger = open_page(cookie="")
    stranger.get_by_label("Password").wait_for()
    stranger.goto(pair.link)
    stranger.get_by_role("navigation", name="Views").wait_for()


def test_tiles_that_a_busy_station_did_not_give_come_later(station, open_page):
    """At any level of zoom; nothing of the connection tells that they are missing."""
    page = open_page("plan")
    page.wait_for_function("() => performance.getEntriesByName('chart').length > 0")
    failed = page.get_by_text(texts("en", "map")["map.tiles_failed"])
    came = []
    page.route("**/tiles/chart/**", lambda route: route.fulfill(status=503))
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(500)
    failed.wait_for()
    page.unroute("**/tiles/chart/**")
    page.on("response", lambda answer: came.append(answer.url) if "/tiles/chart/" in answer.url
            and answer.ok else None)
    failed.wait_for(state="detached")
    assert came
    assert page.faults == []


def test_a_cut_link_is_told_and_comes_back(pair, station, open_page):
    page = open_page("fleet")
    first = page.locator("article").first
    first.locator(".link[data-state=up]").wait_for()
    page.keyboard.press("i")
    page.get_by_role("button", name="Cut", exact=True).first.click()
    first.locator(".link[data-state=lost]").wait_for(timeout=30_000)
    page.get_by_role("button", name="Restore link", exact=True).first.click()
    first.locator(".link[data-state=up]").wait_for(timeout=30_000)


def test_a_simulation_that_cannot_be_reached_is_told_plainly(station, open_page, pair):
    kept = pair.token.read_text()
    page = open_page("fleet")
    page.locator("article").first.wait_for()
    page.keyboard.press("i")
    drawer = page.get_by_role("complementary")
    drawer.get_by_role("button", name="Pause", exact=True).wait_for()
    pair.end("station")
    pair.token.write_text("not the token")
    try:
        pair.start_station()
        drawer.get_by_text("The simulation cannot be reached").wait_for()
        pair.token.write_text(kept)
        drawer.get_by_role("button", name="Pause", exact=True).wait_for()
    finally:
        pair.token.write_text(kept)


# A pad with both sticks in the middle, as a page sees it.
PAD = """window.pad = {id: 'Pad', index: 0, connected: true, mapping: 'standard', buttons: [],
                       axes: [0, 0, 0, 0]};
         navigator.getGamepads = () => [window.pad];"""


def test_a_watch_is_taken_over_and_the_sticks_with_it(pair, station, open_page):
    """Notes shown and signed, a timer that calls, a pad that is lost, hours plotted, the log."""
    station.post("/api/notes", json={"text": "Left magneto rough", "vehicle": "1"})
    page = open_page()
    page.add_init_script(PAD)
    page.reload()
    page.get_by_role("button", name="Take control").click()
    handover = page.get_by_role("region", name="Handover")
    handover.get_by_text("Left magneto rough").wait_for()
    handover.get_by_role("button", name="Sign as read").click()
    handover.wait_for(state="detached")
    page.get_by_role("tab", name="Watch").click()
    page.get_by_label("Name").fill("Transfer fuel")
    page.get_by_label("Minutes").fill("1")
    page.get_by_role("button", name="Set timer").click()
    # An aircraft that flies has a timer of its own: Cruise, every hour.
    timer = page.get_by_role("list", name="Timers").get_by_role("listitem").filter(
        has_text="Transfer fuel")
    timer.get_by_text("in 0:5").wait_for()
    pair.ask("/speed", {"speed": 50.0})
    page.get_by_role("list", name="Alerts").get_by_text("due Transfer fuel").wait_for()
    pair.ask("/speed", {"speed": 1.0})
    timer.get_by_role("button", name="Done").click()
    timer.wait_for(state="detached")

    page.get_by_role("button", name="Manual control").click()
    page.get_by_role("button", name="Enable manual control").click()
    page.get_by_role("heading", name="Manual control: watch").wait_for()
    page.wait_for_timeout(800)  # longer than the station waits for sticks
    assert page.get_by_role("button", name="End manual control").count() == 1
    page.evaluate("pad.connected = false")
    page.get_by_text("The game pad was lost").wait_for()

    page.get_by_role("button", name="Plots").click()
    plot = page.get_by_role("region", name="Plots").get_by_role("img", name="Altitude MSL")
    waited(lambda: re.search(r"\d ft$", plot.get_attribute("aria-label") or ""), 20.0,
           what="no altitude is plotted")

    page.goto(re.sub("#.*", "#/journal", page.url))
    page.get_by_role("link", name="Print").click()
    page.get_by_role("heading", name="Crew’s log").wait_for()
    told = page.locator(".entries tbody")
    told.get_by_text("note: sign").wait_for()
    assert "game pad lost" in told.inner_text()
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
    assert page.faults == []
