"""Every view of the station at every size, in every language, by day and by night: measured.

    .venv/bin/python -m tools.station_walk [DIR] [--only TEXT...]

Flies six aircraft as :mod:`tools.station_screenshots` does, opens each view on a phone, a tablet
both ways, a laptop and a desk, and prints each text that is cut, overprinted, covered or squeezed,
each target too small for a finger and whatever scrolls sideways (``tools/station_layout.js``), and
what axe-core finds serious. With DIR a picture of each is kept there, to be looked at. ``--only``
takes the screens whose name has a TEXT in it: ``phone-tr``, ``fleet``, ``night``. Needs Chromium
and the page built (``make page``); all of it takes an hour, and exits 1 on a fault.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright
from tools.station_screenshots import COUNT, MISSION, Scene

from longwatch.bench.station_browser import AXE, CHROMIUM, FLAGS, RULES
from longwatch.bench.station_processes import Pair

MEASURE = Path(__file__).with_name("station_layout.js")
# Name, width and height [CSS px], and whether fingers press it.
SIZES = (("phone", 390, 844, True), ("tablet-upright", 820, 1180, True),
         ("tablet", 1180, 820, True), ("laptop", 1280, 720, False), ("desk", 1920, 1080, False))
LANGUAGES = ("en", "tr", "uk")
PALETTES = ("day", "night")
SETTLED_MS = 900
LOADED_MS = 2500


def at(view: str) -> Callable[[Page], None]:
    """The steps to a view that its address opens."""

    def steps(page: Page) -> None:
        page.evaluate(f"location.hash = '/{view}'")

    return steps


def first_item(page: Page, view: str) -> None:
    """A view of the vehicle with the first of its list chosen."""
    at(view)(page)
    page.locator("main [role=option]").first.click()


def plan(page: Page) -> None:
    """A mission in the editor, judged."""
    at("plan")(page)
    page.locator(".plan .map canvas").first.wait_for()
    page.locator(".plan [role=tab]").first.click()
    if page.locator(".plan [role=option]").count():  # it is open still
        return
    page.evaluate("""([name, text]) => {
      const handed = new DataTransfer();
      handed.items.add(new File([text], name));
      document.querySelector('.plan').dispatchEvent(
        new DragEvent('drop', {dataTransfer: handed, bubbles: true, cancelable: true}));
    }""", [MISSION.name, MISSION.read_text()])
    page.wait_for_timeout(LOADED_MS)


def drawer(page: Page) -> None:
    """The instructor's drawer, beside the Fly view."""
    at("fly")(page)
    page.locator("[data-command]").first.wait_for()
    page.keyboard.press("i")
    page.get_by_role("complementary").last.wait_for()


def card(page: Page) -> None:
    """A command's card, not confirmed."""
    at("fly")(page)
    page.locator("[data-command=altitude]:enabled").wait_for(state="attached")
    page.keyboard.press("v")
    page.get_by_role("dialog").first.wait_for()


def pressed(steps: Callable[[Page], None], *buttons: str) -> Callable[[Page], None]:
    """A view, and each of these buttons pressed in turn, by selector."""

    def more(page: Page) -> None:
        steps(page)
        for button in buttons:
            page.wait_for_timeout(SETTLED_MS // 3)
            page.locator(button).locator("visible=true").first.click()

    return more


def over(steps: Callable[[Page], None], chart: str) -> Callable[[Page], None]:
    """A view with the menu of a place on its chart."""

    def more(page: Page) -> None:
        steps(page)
        page.locator(chart).first.click(button="right")
        page.locator("[role=menu]").first.wait_for()

    return more


def tabs(page: Page) -> None:
    """The last of the Fly view's tabs: commands on a phone, else the watch."""
    at("fly")(page)
    page.locator(".tabs [role=tab]").last.click()


CHART, PLAN_BAR = ".map .holder[role=application]", ".plan [role=toolbar].bar"
SCREENS: dict[str, Callable[[Page], None]] = {
    "fly": at("fly"), "card": card, "mode": pressed(at("fly"), "[data-command=mode]"),
    "systems": pressed(at("fly"), ".tabs [role=tab] >> nth=-2"), "tabs": tabs,
    "menu": over(at("fly"), CHART), "keys": pressed(at("fly"), ".help"),
    "goto": pressed(at("fly"), ".measure button >> nth=1"),
    "plan": plan, "plan-menu": over(plan, CHART),
    "runway": pressed(plan, ".tools .group >> nth=1 >> button >> nth=0"),
    "area": pressed(plan, ".plan [role=tab] >> nth=1"),
    "item": pressed(plan, ".plan [role=option] >> nth=1"),
    "library": pressed(plan, f"{PLAN_BAR} > button >> nth=2"),
    "vehicle": pressed(plan, f"{PLAN_BAR} > button.primary"),
    "fleet": at("fleet"), "logs": at("replay"), "replay": at("replay"),
    "events-replay": pressed(at("replay"), "footer .events"),
    "journal": at("journal"), "print": at("journal/print"),
    "parameters": lambda page: first_item(page, "vehicle/parameters"),
    "messages": lambda page: first_item(page, "vehicle/messages"),
    "settings": at("settings"), "drawer": drawer,
    # What stays open as it was left comes last.
    "layers": pressed(at("fly"), ".tools .buttons button >> nth=1"),
    "plots": pressed(at("fly"), ".tools .buttons button >> nth=2", ".dock .add")}


def opened(scene: Scene, size: tuple[str, int, int, bool]) -> Page:
    """The Fly view, settled, as its pilot has it."""
    _, width, height, touch = size
    context = scene.browser.new_context(
        viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch,
        locale="en-GB", bypass_csp=True)
    context.set_default_timeout(15_000)
    context.add_init_script(path=MEASURE)
    context.add_cookies([{"name": scene.pair.cookie.partition("=")[0], "value": scene.token,
                          "url": scene.pair.address}])
    page = context.new_page()
    page.goto(f"{scene.pair.address}/#/fly")
    page.locator("[data-command]").first.wait_for()
    scene.post("/api/vehicles/1/control", {"take": True})
    page.wait_for_timeout(LOADED_MS)
    return page


def faults(page: Page, touch: bool, axe: bool) -> list[str]:
    """What is wrong with what is on the screen."""
    found = list(page.evaluate(f"layoutFaults({{touch: {json.dumps(touch)}}})"))
    if axe and AXE.exists():
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        told = page.evaluate(
            "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        found += [f"axe {one['id']}: {node['target']} {node['html'][:80]}"
                  for one in told["violations"] if one["impact"] in ("serious", "critical")
                  for node in one["nodes"][:3]]
    return found


def named(screen: str, only: list[str]) -> bool:
    """Whether a screen was asked for."""
    return any(text in screen for text in only)


def replay(scene: Scene) -> str:
    """The id of a replay of the telemetry log, at rest in its last third."""
    log = next(one for one in scene.web.get("/api/logs").json() if one["kind"] == "tlog")
    told = scene.post("/api/replay", {"path": log["path"]})
    scene.post(f"/api/replay/{told['id']}", {"playing": False, "speed": 1})
    scene.post(f"/api/replay/{told['id']}", {"position_s": 0.7 * told["duration_s"]})
    return str(told["id"])


def screens(scene: Scene, page: Page, name: str, touch: bool, only: list[str]) -> Iterator[str]:
    """Each screen in turn, as it stands on the page; the manual, another page, last."""
    for screen, steps in SCREENS.items():
        if not named(f"{name}-{screen}", only) or (touch and screen == "keys"):
            continue
        log = replay(scene) if "replay" in screen else None
        try:
            steps(page)
        except Error as late:
            sys.stdout.write(f"{name}-{screen} is not reached: {late}\n")
            continue
        page.wait_for_timeout(LOADED_MS if screen == "fleet" or log else SETTLED_MS)
        yield screen
        page.keyboard.press("Escape")
        if log:
            scene.web.delete(f"/api/replay/{log}").raise_for_status()
    if named(f"{name}-help", only):
        page.goto(f"{scene.pair.address}/help/")
        yield "help"


def walk(scene: Scene, only: list[str], folder: Path | None) -> dict[str, list[str]]:
    """Each screen's faults, by its name."""
    found: dict[str, list[str]] = {}
    for size in SIZES:
        for language in LANGUAGES:
            for palette in PALETTES:
                name = f"{size[0]}-{language}-{palette}"
                if not any(named(f"{name}-{screen}", only) for screen in (*SCREENS, "help")):
                    continue
                scene.prefer(palette, language)
                page = opened(scene, size)
                for screen in screens(scene, page, name, size[3], only):
                    told = faults(page, size[3], axe=True)
                    found[f"{name}-{screen}"] = told
                    sys.stdout.write("".join(f"{name}-{screen}: {one}\n" for one in told))
                    sys.stdout.flush()
                    if folder:
                        page.screenshot(path=folder / f"{name}-{screen}.png")
                page.context.close()
    return found


def main() -> None:
    """Walk, and tell."""
    parser = argparse.ArgumentParser(description="Measure every view of the station.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--only", nargs="+", default=[""])
    given: Any = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
    if chromium is None:
        raise SystemExit("Chromium is missing; on Debian: apt install chromium")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with Pair(Path(made) / "scene", COUNT) as pair:
            scene = Scene(pair, browser, Path(made))
            scene.depart()
            found = walk(scene, given.only, given.folder)
        browser.close()
    wrong = sum(map(len, found.values()))
    sys.stdout.write(f"{len(found)} screens, {wrong} faults\n")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
