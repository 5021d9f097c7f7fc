"""``longwatch bench``: how fast it is, measured here and beside a peer.

Figures that are asked of Longwatch, measured by interleaved repeats whose medians are taken;
:mod:`longwatch.bench.measures` and :mod:`longwatch.bench.processes` say what lies in each.
"""

import json
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from longwatch.bench.figures import FULL, QUICK, Effort, Figure

__all__ = ["main", "measure"]


def main(json_output: bool = False, quick: bool = False,
         markdown: str | Path | None = None, what: str = "flight",
         minutes: float | None = None) -> None:
    """Measure, print a table (or exactly one JSON object), and write the manual's page if asked.

    Args:
        json_output: print JSON instead of the table.
        quick: fewer repeats, a shorter long flight and no compiling anew.
        markdown: file to write the page to.
        what: "flight", "mavlink" for live aircraft and their clients, or "station" for the
            ground station and its pages.
        minutes: how long the station's page is watched; None for the standard.
    """
    from rich.console import Console

    from longwatch.bench import mavlink, page

    about, done = machine(), Console(stderr=True)
    with done.status("Measuring ...") as status:
        if what == "mavlink":
            about |= mavlink.about()
            with tempfile.TemporaryDirectory() as folder:
                figures = mavlink.measure(Path(folder), quick, status.update)
        elif what == "station":
            figures = _station(about, quick, minutes, status.update)
        else:
            figures = measure(QUICK if quick else FULL, status.update)
    if markdown is not None:
        page_of = {"mavlink": page.live_markdown, "station": page.station_markdown}
        Path(markdown).write_text(page_of.get(what, page.markdown)(about, figures),
                                  encoding="utf-8")
    if json_output:
        answer = {"machine": about, "quick": quick, "figures": [asdict(f) for f in figures]}
        Console(soft_wrap=True, highlight=False, markup=False).print(
            json.dumps(answer, ensure_ascii=False))
    else:
        page.show(Console(), about, figures)


def _station(about: dict[str, Any], quick: bool, minutes: float | None,
             tell: Callable[[str], object]) -> list[Figure]:
    from longwatch.bench import station

    about |= station.about()
    span = station.QUICK if quick else station.FULL
    if minutes is not None:
        span = replace(span, minutes=minutes)
    with tempfile.TemporaryDirectory() as folder:
        return station.measure(Path(folder), span, tell)


def measure(effort: Effort, tell: Callable[[str], object] = lambda _: None) -> list[Figure]:
    """All figures; ``tell`` is told what is being measured."""
    from longwatch.bench import measures, processes

    steps: Sequence[tuple[str, Callable[[Path, Effort], Figure | list[Figure]]]] = (
        ("compiling, then one physics step beside JSBSim's", measures.physics_step),
        ("the closed loop and its rooms", measures.closed_loop),
        (f"a flight of {effort.endurance_hours:g} h", processes.long_flight),
        ("64 aircraft on two cores", measures.fleet),
        ("the first step of a new process", processes.first_step),
        ("same seed, same bytes", measures.same_bytes),
    )
    figures: list[Figure] = []
    for what, work in steps:
        tell(f"Measuring: {what} ...")
        with tempfile.TemporaryDirectory() as folder:
            found = work(Path(folder), effort)
        figures += [found] if isinstance(found, Figure) else found
    return figures


def machine() -> dict[str, Any]:
    """What the figures depend on: processor, cores, versions, load; nothing that names a host."""
    able = getattr(os, "sched_getaffinity", None)
    about: dict[str, Any] = {
        "processor": f"{platform.machine()} {_processor()}".strip(),
        "cores": len(able(0)) if able else os.cpu_count(),
        "system": platform.system(),
        "Python": platform.python_version(),
    }
    about |= {name: version(name) for name in ("numba", "numpy", "pyarrow")}
    if hasattr(os, "getloadavg"):
        about["load before"] = f"{os.getloadavg()[0]:.1f}"
    return about


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
