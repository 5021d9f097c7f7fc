"""What is measured in processes of its own: the long flight and the first step.

``python -m longwatch.bench.processes FOLDER LOITER`` is the long flight; the first step is that
of ``longwatch fly``.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from longwatch.bench import setting
from longwatch.bench.figures import FULL, Effort, Figure

MEGA = 1e6
# Told by ``longwatch fly`` on standard error when the first simulated minute, some milliseconds
# of flying, lies behind it.
UNDER_WAY = b"Flying"


def long_flight(folder: Path, effort: Effort) -> list[Figure]:
    """A flight of 27 h from take-off to stop: its wall time and its memory."""
    loiter = effort.endurance_hours * setting.HOUR - setting.AROUND_LOITER
    answer = json.loads(subprocess.run(
        [sys.executable, "-m", "longwatch.bench.processes", str(folder), str(loiter)],
        check=True, stdout=subprocess.PIPE).stdout)
    full = effort.endurance_hours >= FULL.endurance_hours
    flown = f"{effort.endurance_hours:g} h flight, log at 1 Hz"
    how = (f"fly() in a process of its own, compiled code in its cache: "
           f"{answer['simulated_s'] / setting.HOUR:.2f} h in moderate turbulence until it is "
           f"{answer['outcome']}, no payload, {answer['fuel_used_kg']:.0f} kg of "
           f"{answer['fuel_kg']:.0f} kg of fuel burnt")
    wall, memory = answer["wall_s"], answer["peak_memory_mb"]
    return [
        Figure("long_flight", f"{flown}, one core", wall, "s",
               how + "; planning, flight, log, its conversion to Parquet and the report, of "
               f"which the flight and its log are {answer['flight_s']:.1f} s",
               "at most 25" if full else "", wall <= 25.0 if full else None, answer),
        Figure("long_flight_memory", "peak memory resident in it", memory, "MB", how,
               "less than 400" if full else "", memory < 400.0 if full else None),
    ]


def first_step(folder: Path, effort: Effort) -> list[Figure]:
    """Seconds from the command to the aircraft's first step, with and without compiled code."""
    how = ("from starting `longwatch fly` to its first simulated minute flown (some milliseconds "
           "after its first step): start, imports, mission, judging, tables, {}")
    figures = []
    with tempfile.TemporaryDirectory() as empty:
        if effort.cold:
            wait = _first_step(folder, {"XDG_CACHE_HOME": empty})
            figures.append(Figure(
                "first_run", "command to first step, first run", wait, "s",
                how.format("everything compiled into an empty cache"), "at most 60, aim 30",
                wait <= 60.0))
        else:
            _first_step(folder, {})
        again = min(_first_step(folder, {"XDG_CACHE_HOME": empty} if effort.cold else {})
                    for _ in range(3))
    figures.append(Figure(
        "next_run", "command to first step, afterwards", again, "s",
        how.format("compiled code read from the cache; best of 3"), "at most 2", again <= 2.0))
    return figures


def _first_step(folder: Path, environment: dict[str, str]) -> float:
    mission = setting.write_mission(folder, setting.HOUR)
    inherited = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    with tempfile.TemporaryDirectory(dir=folder) as out:
        start = time.perf_counter()
        with subprocess.Popen(
                [sys.executable, "-m", "longwatch", "fly", str(mission), "--out", f"{out}/flight"],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={**inherited, **environment}) as process:
            assert process.stderr is not None
            told = b""
            for line in process.stderr:
                told += line
                if line.startswith(UNDER_WAY):
                    wait = time.perf_counter() - start
                    process.kill()
                    return wait
    raise RuntimeError(f"the process measured ended before its first step: {told.decode()}")


def peak_memory() -> float:
    """Largest resident memory of this process so far [MB]."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux hands the parent's peak down to ru_maxrss of a process it starts; not to this.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MEGA
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGA if sys.platform == "darwin" else peak * 1024 / MEGA


def fly_long(folder: Path, loiter: float) -> dict[str, Any]:
    """Fly the benchmark's mission with ``loiter`` s on station, log it at 1 Hz; what it took."""
    from longwatch.flights.fly import fly

    mission = setting.write_mission(folder, loiter)
    start = time.perf_counter()
    flight = fly(mission, turbulence=setting.TURBULENCE, out=folder / "long", log_rate=1.0)
    wall = time.perf_counter() - start
    summary = flight.summary
    return {
        "wall_s": wall, "flight_s": summary.wall_s, "processor_s": time.process_time(),
        "peak_memory_mb": peak_memory(), "simulated_s": summary.simulated_s,
        "outcome": summary.outcome, "fuel_kg": summary.fuel_kg,
        "fuel_used_kg": summary.fuel_used_kg,
        "log_mb": flight.files["log"].stat().st_size / MEGA,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fly_long(Path(sys.argv[1]), float(sys.argv[2]))))
