"""Pages of the station in headless Chromium, as measurements need them."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from longwatch.bench.station_processes import Pair
from longwatch.bench.station_web import ask, request_rate, vehicles
from longwatch.errors import SetupError

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZE: Any = {"width": 1920, "height": 1080}
AXE = Path(__file__).parents[3] / "ui/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# When coast and runways were first drawn, since the page was asked for [ms].
CHART = "performance.getEntriesByName('chart')[0]?.startTime"
PATIENCE_MS = 60_000.0
# Between two clicks, longer than any answer takes [s].
BETWEEN = 0.5
FAST = 20.0


@dataclass(frozen=True)
class Load:
    """One first load: seconds until the instruments showed the aircraft, with its commands, and
    until the chart was drawn, too; bytes of the page's files."""

    interactive_s: float
    chart_s: float
    bytes: int


class Browser:
    """One Chromium.

    Raises:
        SetupError: Playwright or Chromium is not there; the message says how to get it.
    """

    def __init__(self) -> None:
        try:
            from playwright.sync_api import sync_playwright
        except ModuleNotFoundError:
            raise SetupError("bench station needs Playwright, which `make install` brings: run "
                             "it from the checkout") from None
        chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
        if chromium is None:
            raise SetupError("bench station needs Chromium; on Debian: apt install chromium")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=chromium, headless=True, args=FLAGS)

    @property
    def version(self) -> str:
        """Chromium's version."""
        return str(self._browser.version)

    def context(self, pair: Pair) -> Any:
        """A browser profile of its own, signed in."""
        # What is asked of the page is evaluated in it, which its own policy forbids.
        context = self._browser.new_context(viewport=SIZE, bypass_csp=True)
        name, _, value = pair.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": pair.address}])
        return context

    def open(self, pair: Pair) -> "Page":
        """The fly view, once the aircraft was painted."""
        vehicles(pair.address, pair.cookie, pair.count)
        page = self.context(pair).new_page()
        page.goto(f"{pair.address}/?measure#/fly")
        page.wait_for_function("window.longwatch?.first > 0", timeout=PATIENCE_MS)
        return Page(page, pair)

    def first_load(self, pair: Pair) -> Load:
        """Load the page with an empty cache."""
        context = self.context(pair)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        urls: dict[str, str] = {}
        sizes: dict[str, int] = {}
        session.on("Network.requestWillBeSent",
                   lambda told: urls.update({told["requestId"]: told["request"]["url"]}))
        session.on("Network.loadingFinished",
                   lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
        page.goto(f"{pair.address}/?measure#/fly")
        page.wait_for_function("window.longwatch?.first > 0", timeout=PATIENCE_MS)
        page.wait_for_function(CHART, timeout=PATIENCE_MS)
        page.wait_for_timeout(2000)
        first = float(page.evaluate("longwatch.first")) / 1e3
        chart = float(page.evaluate(CHART)) / 1e3
        total = sum(size for number, size in sizes.items()
                    if not any(part in urls[number] for part in ("/api/", "/tiles/", "/ws")))
        context.close()
        return Load(first, max(first, chart), round(total))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()


class Page:
    """One page that tells of itself (docs/station-wire.md, "Measuring")."""

    def __init__(self, page: Any, pair: Pair) -> None:
        self._page, self.pair = page, pair
        self._frames = 0

    def close(self) -> None:
        """Close it, with its profile."""
        self._page.context.close()

    def rate(self, pair: Pair, hz: float) -> None:
        """Have every vehicle report ``hz`` times a second."""
        request_rate(pair.address, pair.cookie, hz, pair.count)

    def draws(self) -> list[tuple[str, float, float]]:
        """What was painted since the last call: vehicle, its time [s], ms since 1970."""
        return [tuple(draw) for draw in self._page.evaluate("longwatch.draws.splice(0)")]

    def frames(self) -> int:
        """Animation frames drawn since the last call."""
        before, self._frames = self._frames, int(self._page.evaluate("longwatch.frames"))
        return self._frames - before

    def fly(self, pair: Pair) -> None:
        """Take the aircraft off and let it hold, high enough for every command."""
        def command(name: str, **arguments: Any) -> Any:
            return ask(pair.address, pair.cookie, "/api/vehicles/1/command",
                       {"name": name, "arguments": arguments})

        ask(pair.address, pair.cookie, "/api/vehicles/1/control", {"take": True})
        pair.ask("/speed", {"speed": FAST})
        self._until(lambda: command("take_off", altitude_msl=800.0)["result"] == "accepted")
        self._until(lambda: command("arm")["result"] == "accepted")
        self._until(lambda: pair.ask("/state")["aircraft"][0]["height_above_ground_m"] > 400.0)
        pair.ask("/speed", {"speed": 1.0})
        command("hold")

    def _until(self, holds: Any, patience: float = 120.0) -> None:
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end:
                raise RuntimeError("the aircraft does not do what it was told")
            time.sleep(0.5)

    def click_commands(self, count: int) -> list[float]:
        """Click "hold" again and again; seconds from click to answer of each."""
        button = self._page.locator('[data-command="hold"]').first
        self._page.evaluate("longwatch.commands.splice(0)")
        for _ in range(count):
            button.click()
            confirm = self._page.locator("[data-confirm]")
            if confirm.count():
                confirm.first.click()
            time.sleep(BETWEEN)
        return [1e-3 * (one["acknowledged"] - one["clicked"])
                for one in self._page.evaluate("longwatch.commands.splice(0)")]

    def axe(self, view: str, palette: str, impacts: tuple[str, ...]) -> list[str]:
        """Findings of axe-core on one view: rule, and how many elements."""
        if not AXE.exists():
            raise SetupError(f"bench station needs axe-core ({AXE.name}), which `make page` "
                             "brings: run it from the checkout")
        ask(self.pair.address, self.pair.cookie, "/api/session")
        self._page.evaluate(
            """async (palette) => {
                 const kept = await (await fetch('/api/settings')).json();
                 await fetch('/api/settings', {method: 'PUT', body: JSON.stringify(
                   {...kept, palette}), headers: {'Content-Type': 'application/json'}});
               }""", palette)
        self._page.goto(f"{self.pair.address}/?measure&{palette}#/{view}")
        self._page.wait_for_timeout(1500)
        self._page.evaluate(AXE.read_text(encoding="utf-8"))
        told = self._page.evaluate(
            "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        return [f"{one['id']} ×{len(one['nodes'])}" for one in told["violations"]
                if one["impact"] in impacts]

    def load_and_heap(self, at: float, window: float) -> tuple[float, float]:
        """From the monotonic time ``at``: the main thread's share at work over ``window`` s, and
        the bytes of JavaScript heap in use after a collection."""
        session = self._page.context.new_cdp_session(self._page)
        session.send("Performance.enable")
        time.sleep(max(at - time.monotonic(), 0.0))

        def metric(name: str) -> float:
            told = session.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in told if one["name"] == name))

        before, began = metric("TaskDuration"), time.monotonic()
        time.sleep(window)
        share = (metric("TaskDuration") - before) / (time.monotonic() - began)
        self._page.evaluate("longwatch.draws.splice(0)")
        session.send("HeapProfiler.collectGarbage")
        heap = metric("JSHeapUsedSize")
        session.detach()
        return share, heap
