"""Fly a mission from end to end and keep what came of it.

    flight = fly("missions/thrace-watch.plan", aircraft="tb2", seed=1, out="flights/first")
    flight.summary.outcome, flight.table

A flight's folder holds ``flight.parquet``, ``events.jsonl``, ``summary.json`` and
``report.html``. While the aircraft flies, the log is a stream (``flight.arrows``) that stays
readable wherever it is cut; a flight that ends as planned leaves only the Parquet file.


A flight's folder holds ``flight.parquet``, ``events.jsonl``, ``summary.json`` and ``report.html``.
"""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from longwatch.aircraft.loader import Aircraft
from longwatch.compiled import is_warm
from longwatch.errors import LogError, SetupError
from longwatch.flights.folder import Flight, existing
from longwatch.flights.recorder import Recorder
from longwatch.planning.resolve import ResolvedPlan
from longwatch.simulation.run import Simulation, log_divisor
from longwatch.simulation.vehicle import DT

# Longer than fuel lasts, 54 h in a tb2 without payload, slow and low: what is not down by then
# never will be.
LONGEST_FLIGHT = 72 * 3600.0
CHUNK_SECONDS = 60.0
STANDSTILL = 0.5

# Told of each stage: "compiling", "planning", "flying", "writing"; the simulation once it exists.
Progress = Callable[[str, Simulation | None], None]


def fly(mission: str | Path | ResolvedPlan, aircraft: str | Path | Aircraft = "tb2", *,
        payload_kg: float = 0.0, fuel_kg: float | None = None, wind: str | None = None,
        turbulence: str = "none", seed: int = 0, out: str | Path | None = None,
        log_rate: float = 10.0, fit: bool = False, force: bool = False,
        weather: str | Path | None = None, terrain: str | Path | None = None,
        start: str | datetime | None = None, progress: Progress | None = None) -> Flight:
    """Fly a mission from the runway to standstill.

    The arguments up to ``seed``, ``fit``, ``force``, ``weather``, ``terrain`` and ``start`` are
    those of :class:`Simulation`.

    Args:
        out: folder to make; it must not exist. None keeps the files in a temporary folder that
            lives as long as the Flight.
        log_rate: rows of the log per simulated second.
        progress: called between chunks of the flight with a stage and the simulation.

    Returns:
        The flight; its outcome is "landed", "lost", "out of fuel", "timeout" (not down within
        72 h), "interrupted" (Ctrl-C, which ends the flight and keeps what was flown) or "fault"
        (Longwatch's own: its summary's warnings name it).

    Raises:
        DatasheetError, MissionError, SetupError: before anything is flown or written.
        LogError: the log could not be written; what was written until then stays.
    """
    told = progress or (lambda stage, simulation: None)
    log_divisor(log_rate)
    if mission is None:
        raise SetupError("no mission: name one to fly; Simulation() without one stands on the "
                         "runway")
    if out is not None and Path(out).exists():
        raise existing(Path(out))
    told("planning" if is_warm("tick.run") else "compiling", None)
    simulation = Simulation(aircraft, mission, payload_kg=payload_kg, fuel_kg=fuel_kg, wind=wind,
                            turbulence=turbulence, seed=seed, fit=fit, force=force,
                            weather=weather, terrain=terrain, start=start)
    recorder = Recorder(out, simulation, log_rate)
    try:
        # The first tick compiles; only from here on is Ctrl-C the end of a flight.
        simulation.step(DT, recorder.append, log_rate)
    except BaseException:
        recorder.discard()
        raise
    started = time.perf_counter()
    with _interruptible() as interrupted:
        try:
            outcome = _fly_on(simulation, recorder, told, interrupted)
            wall = time.perf_counter() - started
            told("writing", simulation)
            return recorder.finish(outcome, wall)
        except LogError as fault:
            recorder.abandon()
            raise LogError(f"{fault}{_where_kept(recorder)}") from fault


def _fly_on(simulation: Simulation, recorder: "Recorder", told: Progress,
            interrupted: Callable[[], bool]) -> str:
    """Fly to the end; how it ended."""
    while simulation.outcome == "flying":
        if interrupted():
            return "interrupted"
        if _stranded(simulation):
            return "out of fuel"
        if simulation.time >= LONGEST_FLIGHT:
            return "timeout"
        simulation.step(CHUNK_SECONDS, recorder.append, recorder.log_rate)
        told("flying", simulation)
    # A glide that ends beside a runway, on empty tanks, is no landing.
    astray = simulation.outcome == "lost" or bool(simulation.state.status.off_pavement)
    return ("out of fuel" if astray and simulation.state.mass.fuel_mass <= 0.0
            else simulation.outcome)


def _stranded(simulation: Simulation) -> bool:
    """Standing on the ground with nothing left to burn."""
    state = simulation.state
    speed = math.hypot(state.flight.velocity_north, state.flight.velocity_east)
    return bool(state.mass.fuel_mass <= 0.0 and not state.status.airborne and speed < STANDSTILL)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks for the end instead of breaking into a write; a second one breaks in."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    # Only the main thread may, and whoever handles or ignores the signal himself goes before.
    if (threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler):
        yield lambda: False
        return
    signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _where_kept(recorder: "Recorder") -> str:
    if not recorder.stream.exists():
        return ""
    return (f"\nThe flight until then is kept in {recorder.stream}; "
            f"`longwatch report {recorder.folder}` opens it.")
