"""What is asked of the station: real processes, and pages in headless Chromium.

Simulation and station are those that ``longwatch up`` starts, each in a process of its own, on
ports of their own. Pages, clients and the two share the machine.
"""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longwatch.bench.figures import Figure
from longwatch.bench.station_browser import Browser, Page
from longwatch.bench.station_clients import watch
from longwatch.bench.station_processes import Pair

Tell = Callable[[str], object]
VIEWS = ("fly", "plan", "fleet", "replay", "journal", "settings")
SERIOUS = ("serious", "critical")


@dataclass(frozen=True)
class Span:
    """How long to measure: seconds of each watch, commands given, minutes of the long one."""

    watch: float = 60.0
    commands: int = 100
    minutes: float = 60.0


FULL, QUICK = Span(), Span(watch=15.0, commands=20, minutes=6.0)


def measure(folder: Path, span: Span, tell: Tell) -> list[Figure]:
    """All figures of the station."""
    figures: list[Figure] = []
    with Browser() as browser:
        with Pair(folder / "one") as pair:
            page = browser.open(pair)
            tell("Measuring: from a simulated event to the frame that draws it ...")
            figures.append(_latency(pair, page, span))
            tell("Measuring: from click to acknowledged ...")
            figures.append(_commands(pair, page, span))
            tell("Measuring: accessibility ...")
            figures.append(_accessibility(page))
            page.close()
            tell("Measuring: first load ...")
            figures += _first_load(browser, pair)
            tell(f"Measuring: {span.minutes:g} minutes of one page ...")
            figures += _long_watch(browser.open(pair), span)
        with Pair(folder / "twelve", count=12) as pair:
            tell("Measuring: twelve aircraft at 30 Hz ...")
            figures.append(_frame_rate(pair, browser.open(pair), span))
    with Pair(folder / "six", count=6) as pair:
        tell("Measuring: 20 clients that watch six aircraft ...")
        figures += _clients(pair, span)
    return figures


def _latency(pair: Pair, page: Page, span: Span) -> Figure:
    """Events between two reports are drawn with the later one; any moment is as likely."""
    page.rate(pair, 30.0)
    began = pair.simulated_at()
    page.draws()
    time.sleep(span.watch)
    began = min(began, pair.simulated_at())
    late: list[float] = []
    last = math.nan
    for _, boot, drawn_ms in page.draws():
        if last < boot < last + 1.0:
            late += [1e-3 * drawn_ms - began - (last + (boot - last) * (step + 0.5) / 10)
                     for step in range(10)]
        last = boot
    share = percentile(late, 0.95)
    return Figure(
        "event_to_frame", "simulated event to the animation frame that draws it, 95 %",
        None if share is None else 1e3 * share, "ms",
        "speed 1, one aircraft reporting at 30 Hz; an event at any moment of the simulation until "
        "the frame that shows the first report after it was painted; the wall time of a simulated "
        "moment is the least that the simulation's interface tells of it",
        "within 150 ms", None if share is None else share <= 0.150,
        {"median_ms": 1e3 * statistics.median(late) if late else None, "draws": len(late) // 10})


def _commands(pair: Pair, page: Page, span: Span) -> Figure:
    """Altitude is asked for again and again: a command that changes nothing else."""
    page.fly(pair)
    spent = page.click_commands(span.commands)
    share = percentile(spent, 0.95)
    return Figure(
        "click_to_acknowledged", "a command from click to acknowledged, 95 %",
        None if share is None else 1e3 * share, "ms",
        "the click in the page that sends it, to the end of the station's answer, which comes with "
        "the aircraft's COMMAND_ACK; hold, in flight",
        "within 200 ms", None if share is None else share <= 0.200,
        {"median_ms": 1e3 * statistics.median(spent) if spent else None, "commands": len(spent)})


def _accessibility(page: Page) -> Figure:
    found = [f"{view} ({palette}): {finding}" for palette in ("day", "night") for view in VIEWS
             for finding in page.axe(view, palette, SERIOUS)]
    return Figure(
        "axe", "serious findings of axe-core", float(len(found)), "",
        "every view in both palettes by axe-core's WCAG 2 A and AA rules, contrast among them"
        + ("; " + "; ".join(found) if found else ""),
        "none", not found, {"findings": found})


def _first_load(browser: Browser, pair: Pair) -> list[Figure]:
    browser.open(pair).close()  # the server is warm, each browser profile is new
    loads = [browser.first_load(pair) for _ in range(5)]
    seconds = statistics.median(load.interactive_s for load in loads)
    chart = statistics.median(load.chart_s for load in loads)
    size = max(load.bytes for load in loads) / 1e3
    return [
        Figure("first_load", "first load, warm server, empty browser cache", seconds, "s",
               "from the request of the page until the instruments showed the aircraft, with its "
               "commands, median of 5",
               "within 2 s", seconds <= 2.0,
               {"worst_s": max(load.interactive_s for load in loads)}),
        Figure("first_load_chart", "the same until the chart was whole, too", chart, "s",
               "until coast and runways were drawn under the aircraft, median of the same 5",
               "within 2 s", chart <= 2.0,
               {"worst_s": max(load.chart_s for load in loads)}),
        Figure("first_load_size", "first load, over the wire", size, "kB",
               "all files of the page as they were sent, packed; data of aircraft and map left out",
               "under 600 kB", size < 600.0)]


def _long_watch(page: Page, span: Span) -> list[Figure]:
    early = span.minutes / 6.0
    began = time.monotonic()
    window = min(60.0, 30.0 * early)
    early_load, early_heap = page.load_and_heap(began + 60.0 * early - window, window)
    late_load, late_heap = page.load_and_heap(began + 60.0 * span.minutes - window, window)
    when = f"minute {span.minutes:g} against minute {early:g}"
    shorter = "" if span.minutes >= 60.0 else " (asked: 60 against 10)"
    more_load, more_heap = late_load / early_load - 1.0, late_heap / early_heap - 1.0
    how = f"one page on the fly view, one aircraft, {when}{shorter}; over {window:.0f} s each"
    return [
        Figure("page_load", f"page's CPU, {when}", 100.0 * more_load, "%",
               f"{how}; time that the renderer's main thread was at work, by DevTools",
               "within 10 %", more_load <= 0.10,
               {"early_share": early_load, "late_share": late_load}),
        Figure("page_heap", f"page's heap after collection, {when}", 100.0 * more_heap, "%",
               f"{how}; used JavaScript heap after a collection that DevTools asked for",
               "within 5 %", more_heap <= 0.05,
               {"early_MB": early_heap / 1e6, "late_MB": late_heap / 1e6})]


def _frame_rate(pair: Pair, page: Page, span: Span) -> Figure:
    page.rate(pair, 30.0)
    page.frames()
    began = time.monotonic()
    time.sleep(span.watch)
    rate = page.frames() / (time.monotonic() - began)
    return Figure(
        "frame_rate", "12 aircraft at 30 Hz, software rendering", rate, "frames/s",
        f"animation frames that the fly view drew, over {span.watch:g} s, 1920 x 1080",
        "30 frames a second or more", rate >= 30.0)


def _clients(pair: Pair, span: Span) -> list[Figure]:
    seen = watch(pair, clients=20, seconds=span.watch)
    how = (f"20 WebSocket clients in a process of their own for {span.watch:g} s, six aircraft "
           "reporting at 30 Hz")
    return [
        Figure("server_load", "20 clients watching six aircraft: the server", seen.cores, "cores",
               f"{how}; processor time of the station over wall time", "under one core",
               seen.cores < 1.0, {"frames_per_client": seen.frames / 20}),
        Figure("frame_delay", "20 clients watching six aircraft: the latest frame",
               1e3 * seen.latest, "ms", f"{how}; from the time that a frame bears to its arrival",
               "no frame over 300 ms late", seen.latest <= 0.300,
               {"p95_ms": 1e3 * seen.delayed})]


def percentile(values: list[float], share: float) -> float | None:
    """The value that ``share`` of them do not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def about() -> dict[str, Any]:
    """What these figures depend on besides the machine: the browser."""
    with Browser() as browser:
        return {"Chromium": browser.version}
