"""Pages in headless Chromium against a real simulation and a real station.

Skipped by name where Playwright, Chromium or the built page is missing.
"""

import json
from pathlib import Path

import httpx
import pytest

from longwatch.bench.station_browser import CHROMIUM, FLAGS
from longwatch.station.web.sessions import cookie_of
from station.browser.processes import Processes

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "src/longwatch/station/page/index.html"
SIZE = {"width": 1280, "height": 720}
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def chromium_path():
    """Where Chromium lies; what pages need is there."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    if not PAGE.exists():
        pytest.skip("the page is not built (make page)")
    return path


# For a file, not for the session: Playwright runs an event loop in this thread as long as it is
# there, and tests that come after must find none.
@pytest.fixture(scope="module")
def chromium(chromium_path):
    """One Chromium for the pages of a file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, headless=True,
                                             args=FLAGS)
        yield browser
        browser.close()


def short_mission(path):
    """Round the field at Çorlu: the ends of the mission that ships, drawn close together."""
    plan = json.loads((ROOT / "missions/thrace-watch.plan").read_text())
    items = plan["mission"]["items"]
    kept = [items[0], items[1], *items[-3:]]
    # Where it climbs to, and where it comes down to before the landing: radius, place, height.
    for item, place in ((kept[1], [41.12, 27.96, 700]), (kept[3], [41.0957, 27.8539, 500])):
        item["params"] = [0, 400, 0, 1, *place]
        item["Altitude"] = place[2]
    for number, item in enumerate(kept, start=1):
        item["doJumpId"] = number
    plan["mission"]["items"] = kept
    path.write_text(json.dumps(plan))
    return path


# A page that is handed a file.
DROP = """([name, text]) => {
  const handed = new DataTransfer();
  handed.items.add(new File([text], name));
  document.querySelector('.plan').dispatchEvent(
    new DragEvent('drop', {dataTransfer: handed, bubbles: true, cancelable: true}));
}"""


def drop(page, name, text):
    """Drop a file of this name and text onto the plan view."""
    page.evaluate(DROP, [name, text])


@pytest.fixture(scope="session")
def pair(chromium_path, tmp_path_factory):
    """Two aircraft with a short mission, and their station; ``pair.cookie`` has all roles."""
    folder = tmp_path_factory.mktemp("station")
    processes = Processes(folder / "pair", mission=short_mission(folder / "short.plan"), count=2)
    try:
        with httpx.Client(trust_env=False) as client:
            client.get(processes.link)
            processes.cookie = client.cookies[cookie_of(processes.address)]
        yield processes
    finally:
        processes.close()


@pytest.fixture
def station(pair):
    """HTTP to the station with all roles; both aircraft parked in still air, time at speed 1,
    nobody pilot."""
    with httpx.Client(base_url=pair.address, trust_env=False, timeout=30.0,
                      cookies={cookie_of(pair.address): pair.cookie}) as client:
        pair.ask("/speed", {"speed": 1.0})
        pair.ask("/resume", {})
        for system in (1, 2):
            pair.ask(f"/aircraft/{system}/wind", {"speed_m_s": 0.0, "direction_deg": 0.0})
            pair.ask(f"/aircraft/{system}/turbulence", {"level": "none"})
            pair.ask(f"/aircraft/{system}/reset", {})
            client.post(f"/api/vehicles/{system}/control", json={"take": True})
            client.post(f"/api/vehicles/{system}/control", json={"take": False})
        client.put("/api/settings", json={"units": "aviation", "palette": "day", "language": "en",
                                          "sound": "off"})
        yield client
        # What stays for the next test must not eat its time.
        pair.ask("/speed", {"speed": 1.0})


@pytest.fixture
def open_page(chromium, request):
    """``open_page("fleet")`` opens a view of ``of``, else of ``pair``, in a profile of its own,
    signed in as ``cookie``."""
    contexts = []

    def opened(view="fly", *, of=None, cookie=None, size=None, **options):
        of = of or request.getfixturevalue("pair")
        context = chromium.new_context(viewport=size or SIZE, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        token = of.cookie if cookie is None else cookie
        if token:
            context.add_cookies([{"name": cookie_of(of.address), "value": token,
                                  "url": of.address}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto(f"{of.address}/#/{view}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def observer(pair, station):
    """The session of somebody who may look and do nothing."""
    body = {"name": "olena", "password": "correct horse battery", "roles": ["observer"]}
    station.post("/api/users", json=body).raise_for_status()
    with httpx.Client(trust_env=False) as client:
        del body["roles"]
        client.post(f"{pair.address}/api/signin", json=body).raise_for_status()
        return client.cookies[cookie_of(pair.address)]
