"""Pictures of the station for the README and the manual: ``docs/images/station-*.png``.

    .venv/bin/python -m tools.station_screenshots [DIR] [NAME...]

Starts six aircraft and a station on free ports, sends the aircraft off on the mission that ships,
one after the other, lets time run fast until they are spread along it, and photographs every view
in headless Chromium. Needs Chromium, and the page built (``make page``); takes about two minutes.
With names (``fly-day``, ``plan``, ...) only those pictures are taken.
"""

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from longwatch.bench.station_browser import CHROMIUM, FLAGS
from longwatch.bench.station_processes import Pair

ROOT = Path(__file__).parents[1]
MISSION = ROOT / "missions/thrace-watch.plan"
LARGEST = 400_000  # bytes of a picture
DESK, LAPTOP, TABLET = (1920, 1080), (1280, 720), (1180, 820)
COUNT = 6
APART_S = 420.0  # simulated, between two departures
FAST = 60.0
SETTLED_MS = 3500
SLOW_S = 1200.0  # for what passes fast, on a machine that does much else


def waited(holds: Callable[[], Any], patience_s: float = 120.0) -> Any:
    """What ``holds`` tells, once it is true."""
    end = time.monotonic() + patience_s
    while not (found := holds()):
        if time.monotonic() > end:
            raise SystemExit("the aircraft do not do what they were told")
        time.sleep(0.2)
    return found


class Scene:
    """Six aircraft under way, and the pages that look at them."""

    def __init__(self, pair: Pair, browser: Browser, folder: Path) -> None:
        self.pair, self.browser, self.folder = pair, browser, folder
        name, _, self.token = pair.cookie.partition("=")
        self.web = httpx.Client(base_url=pair.address, cookies={name: self.token},
                                trust_env=False, timeout=60.0)

    def post(self, path: str, body: Any) -> Any:
        """A request to the station that must be carried out."""
        answer = self.web.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def depart(self) -> None:
        """All of them on their way, one after the other, the first one's pilot ours."""
        document = json.loads(MISSION.read_text())
        for system in range(COUNT, 0, -1):
            where = f"/api/vehicles/{system}"
            self.post(f"{where}/control", {"take": True})
            self.post(f"{where}/plan", {"document": document})
            for command in ("arm", "mission"):
                self.command(system, command)
            if system > 1:
                self.post(f"{where}/control", {"take": False})
                self.pass_time(APART_S)
        for system in range(1, COUNT + 1):
            self.pair.ask(f"/aircraft/{system}/wind", {"speed_m_s": 6, "direction_deg": 310})
        self.pass_time(600.0)
        self.pair.ask("/aircraft/3/fault", {"name": "gnss"})
        self.pair.ask("/aircraft/5/fault", {"name": "fuel_leak", "rate": 0.02})
        self.pass_time(60.0)

    def command(self, system: int, name: str) -> None:
        """Give a command until it is accepted; who has no page open does not stay pilot."""
        where = f"/api/vehicles/{system}"

        def accepted() -> bool:
            self.post(f"{where}/control", {"take": True})
            told = self.post(f"{where}/command", {"name": name, "arguments": {}})
            return bool(told["result"] == "accepted")

        waited(accepted)

    def pass_time(self, seconds: float) -> None:
        """Let simulated time pass, fast, and go on at its own pace."""
        end = self.pair.ask("/state")["time_s"] + seconds
        self.pair.ask("/speed", {"speed": FAST})
        waited(lambda: self.pair.ask("/state")["time_s"] >= end, SLOW_S)
        self.pair.ask("/speed", {"speed": 1.0})

    def prefer(self, palette: str, language: str) -> None:
        """The crew's settings."""
        self.web.put("/api/settings", json={"units": "aviation", "palette": palette,
                                            "language": language, "sound": "off"}
                     ).raise_for_status()

    def page(self, view: str, palette: str, size: tuple[int, int], touch: bool = False) -> Page:
        """A view, once it has settled."""
        self.prefer(palette, "en")
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=touch, locale="en-GB")
        context.add_cookies([{"name": self.pair.cookie.partition("=")[0], "value": self.token,
                              "url": self.pair.address}])
        page = context.new_page()
        page.goto(f"{self.pair.address}/#/{view}")
        self.post("/api/vehicles/1/control", {"take": True})
        page.wait_for_timeout(SETTLED_MS)
        return page

    def keep(self, page: Page, name: str) -> None:
        """Write ``station-NAME.png``, in few colours where it would be too large."""
        raw = page.screenshot()
        picture = Image.open(io.BytesIO(raw)).convert("RGB")
        path = self.folder / f"station-{name}.png"
        picture.save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            picture.quantize(255, dither=Image.Dither.NONE).save(path, optimize=True)
        sys.stdout.write(f"{path}  {path.stat().st_size // 1000} kB\n")
        page.context.close()


def fly_day(scene: Scene) -> Page:
    return scene.page("fly", "day", DESK)


def fly_night(scene: Scene) -> Page:
    return scene.page("fly", "night", DESK)


def plan(scene: Scene) -> Page:
    scene.post("/api/missions", {"name": "Thrace watch", "version": 0,
                                 "document": json.loads(MISSION.read_text())})
    page = scene.page("plan", "day", DESK)
    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Thrace watch").first.click()
    page.wait_for_timeout(2 * SETTLED_MS)
    return page


def fleet(scene: Scene) -> Page:
    return scene.page("fleet", "night", DESK)


def instructor(scene: Scene) -> Page:
    page = scene.page("fly", "day", LAPTOP)
    page.keyboard.press("i")
    page.get_by_role("combobox", name="Aircraft").select_option("3")
    page.get_by_role("combobox", name="Fault").scroll_into_view_if_needed()
    page.wait_for_timeout(SETTLED_MS)
    return page


def tablet(scene: Scene) -> Page:
    return scene.page("fly", "day", TABLET, touch=True)


def replay(scene: Scene) -> Page:
    logs = scene.web.get("/api/logs").json()
    log = next(one for one in logs if one["kind"] == "tlog")
    told = scene.post("/api/replay", {"path": log["path"]})
    page = scene.page("replay", "day", LAPTOP)
    state = scene.post(f"/api/replay/{told['id']}", {"playing": False})
    scene.post(f"/api/replay/{told['id']}", {"position_s": 0.7 * state["duration_s"]})
    page.get_by_role("button", name="Events").click()
    page.wait_for_timeout(SETTLED_MS)
    return page


PICTURES: dict[str, Callable[[Scene], Page]] = {
    "fly-day": fly_day, "fly-night": fly_night, "plan": plan, "fleet": fleet,
    "instructor": instructor, "tablet": tablet, "replay": replay}


def main(folder: Path, names: list[str]) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
    if chromium is None:
        raise SystemExit("Chromium is missing; on Debian: apt install chromium")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with Pair(Path(made) / "scene", COUNT) as pair:
            scene = Scene(pair, browser, folder)
            scene.depart()
            for name in names or PICTURES:
                scene.keep(PICTURES[name](scene), name)
        browser.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]) if given else ROOT / "docs/images", given[1:])
