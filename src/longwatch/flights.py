"""Fly a mission from end to end and keep what came of it.

    flight = fly("missions/thrace-watch.plan", aircraft="tb2", seed=1, out="flights/first")
    flight.summary.outcome, flight.table

A flight's folder holds ``flight.parquet``, ``events.jsonl``, ``summary.json`` and
``report.html``. While the aircraft flies, the log is a stream (``flight.arrows``) that stays
readable wherever it is cut; a flight that ends as planned leaves only the Parquet file.
"""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
import pyarrow as pa

from longwatch.aircraft.loader import Aircraft
from longwatch.autopilot.modes import PHASE_NAMES
from longwatch.compiled import is_warm
from longwatch.environment.runways import known_runways
from longwatch.errors import LogError, SetupError
from longwatch.planning.mav_commands import POSITIONED
from longwatch.planning.resolve import ResolvedPlan
from longwatch.planning.runway_choice import known_strip
from longwatch.planning.strip import Strip
from longwatch.record import schema_digest
from longwatch.records.events import Event, EventWriter, read_flight_events
from longwatch.records.flight_log import (
    LogPosition,
    LogWriter,
    is_interrupted,
    log_metadata,
    read_log,
    to_parquet,
)
from longwatch.records.summary import Summary, Touchdown, read_summary, write_summary
from longwatch.simulation.not_numbers import not_numbers
from longwatch.simulation.run import FAULT, Simulation, log_divisor
from longwatch.simulation.vehicle import DT, Vehicle

# Longer than fuel lasts, 54 h in a tb2 without payload, slow and low: what is not down by then
# never will be.
LONGEST_FLIGHT = 72 * 3600.0
CHUNK_SECONDS = 60.0
# Fewer rows than this wait for more: a batch of the log has a price of its own.
BATCH_ROWS = 300
STANDSTILL = 0.5
# Two thresholds this near are one [rad]: 6 mm.
SAME_PLACE = 1e-9

STREAM, LOG, EVENTS = "flight.arrows", "flight.parquet", "events.jsonl"
SUMMARY, REPORT = "summary.json", "report.html"

# Told of each stage: "compiling", "planning", "flying", "writing"; the simulation once it exists.
Progress = Callable[[str, Simulation | None], None]


@dataclass(frozen=True)
class Flight:
    """A flight that has ended.

    Attributes:
        summary: what it came to.
        events: what happened, in order.
        files: the files by kind: "log", "events", "summary", "report", and "stream" where the
            flight was interrupted.
    """

    summary: Summary
    events: list[Event]
    files: dict[str, Path]
    _folder: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def table(self) -> pa.Table:
        """The log as an Arrow table, read when first asked for."""
        return read_log(self.files["log"])


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
        raise _existing(Path(out))
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


# ------------------------------------------------------------------------------ recording


class Recorder:
    """Keeps the log and the events of one simulation in a new folder.

        recorder = Recorder("flights/alpha", simulation)
        simulation.step(3600.0, recorder.append)
        flight = recorder.finish()

    Args:
        folder: folder to make; None for a temporary one.
        simulation: the run; for a fleet, one recorder for each of its aircraft.
        log_rate: the rate that the simulation is stepped with [Hz].
        batch_rows: rows that are written at a time; the file at the end does not depend on it.

    Raises:
        SetupError: the folder exists or cannot be made.
    """

    def __init__(self, folder: str | Path | None, simulation: Simulation,
                 log_rate: float = 10.0, batch_rows: int = BATCH_ROWS) -> None:
        self._batch_rows = batch_rows
        self._temporary = TemporaryDirectory(prefix="longwatch-") if folder is None else None
        self.folder = _new_folder(
            Path(self._temporary.name) / "flight" if self._temporary else Path(folder or ""))
        self.simulation, self.log_rate = simulation, log_rate
        self.stream = self.folder / STREAM
        self._held: list[np.ndarray] = []
        self._waiting = 0
        # A log is of one flight: what happened before a reset stands in the one before.
        self._first = self._told = last_reset(simulation.happenings)
        self._log = LogWriter(self.stream, Vehicle, metadata=_metadata(simulation, log_rate))
        self._events = EventWriter(self.folder / EVENTS)

    def append(self, rows: np.ndarray) -> None:
        """Keep rows of the record: the sink of ``Simulation.step``."""
        if len(rows) >= self._batch_rows:
            self.flush()
            self._log.append(rows)
        else:
            # As bytes: NumPy copies a record field by field, ten times dearer.
            self._held.append(np.ascontiguousarray(rows).view(np.uint8).copy())
            self._waiting += len(rows)
            if self._waiting >= self._batch_rows:
                self.flush()
        self._tell()

    def flush(self) -> LogPosition:
        """Write everything held back; returns how far the log has come."""
        if self._held:
            self._log.append(np.concatenate(self._held).view(Vehicle.dtype))
            self._held.clear()
            self._waiting = 0
        return self._log.position

    def rewind(self, position: LogPosition) -> None:
        """Go back to an earlier ``position`` of the log, after restoring the simulation."""
        self._held.clear()
        self._waiting = 0
        self._log.close(complete=False)
        self._log = LogWriter.resume(self.stream, Vehicle, position)
        self._events.close()
        (self.folder / EVENTS).unlink()
        self._events, self._told = EventWriter(self.folder / EVENTS), self._first
        self._tell()

    def _tell(self) -> None:
        for happening in self.simulation.happenings[self._told:]:
            self._events.append(happening)
            self._told += 1

    def finish(self, outcome: str | None = None, wall_s: float = 0.0,
               report: bool = True) -> Flight:
        """Close the log, convert it, and write summary and, if asked for, report.

        ``outcome`` defaults to the simulation's own; "interrupted" keeps the stream as well.
        """
        outcome = outcome or self.simulation.outcome
        whole = outcome not in ("interrupted", "flying")
        self._end(whole)
        files = {"log": self.folder / LOG, "events": self.folder / EVENTS,
                 "summary": self.folder / SUMMARY}
        if report:
            files["report"] = self.folder / REPORT
        self._convert(whole)
        if not whole:
            files["stream"] = self.stream
        summary = summarise(self.simulation, outcome, wall_s, self._first)
        summary.files = {kind: path.as_posix() for kind, path in files.items()}
        write_summary(files["summary"], summary)
        flight = Flight(summary, self.simulation.happenings[self._first:], files, self._temporary)
        if report:
            _write_report(files["report"], files["log"], summary, flight.events)
        return flight

    def leave(self, outcome: str) -> Callable[[], Path]:
        """End the log here, as the run goes on without it; returns what makes the Parquet file.

        That takes a while, and may wait: until then the stream is a log like any other.
        """
        self._end(True)
        summary = summarise(self.simulation, outcome, 0.0, self._first)
        summary.files = {kind: (self.folder / name).as_posix() for kind, name in (
            ("log", LOG), ("events", EVENTS), ("summary", SUMMARY))}
        write_summary(self.folder / SUMMARY, summary)
        return lambda: self._convert(True)

    def _end(self, whole: bool) -> None:
        self.flush()
        self._tell()
        self._events.close()
        self._log.close(complete=whole)

    def _convert(self, whole: bool) -> Path:
        to_parquet(self.stream, self.folder / LOG)
        if whole:
            self.stream.unlink()
        return self.folder / LOG

    def abandon(self) -> None:
        """Close the files as they are: the stream stays, marked as interrupted."""
        self._log.close(complete=False)
        self._events.close()
        if self._temporary:
            self._temporary._finalizer.detach()  # type: ignore[attr-defined]

    def discard(self) -> None:
        """Leave nothing behind: the flight never began."""
        self._log.close(complete=False)
        self._events.close()
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()


def _new_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise _existing(folder) from None
    except OSError as fault:
        raise SetupError(f"{folder}: this folder cannot be made ({fault.strerror}); name one "
                         "where you may write") from None
    return folder


def _existing(folder: Path) -> SetupError:
    return SetupError(f"{folder}: exists already, and no flight is written over; name another "
                      "folder, or move this one away")


def next_folder(mission: str | Path, under: str | Path = "flights") -> Path:
    """The first of ``flights/<mission>``, ``flights/<mission>-2``, ... that does not exist."""
    name = Path(mission).stem or "flight"
    folder, number = Path(under) / name, 1
    while folder.exists():
        number += 1
        folder = Path(under) / f"{name}-{number}"
    return folder


# ---------------------------------------------------------------- what a flight says of itself


def _metadata(simulation: Simulation, log_rate: float) -> dict[str, Any]:
    """What goes into the log beside its rows: all that a report needs, nothing of this machine."""
    return {
        "longwatch": _version(), "record": schema_digest(Vehicle), "log_rate_hz": log_rate,
        "aircraft": simulation.aircraft.digest, "settings": simulation.settings,
        "phase_names": list(PHASE_NAMES), "planned": _planned(simulation.plan),
        "runways": _runways(simulation), **_advice(simulation.plan, simulation.settings),
    }


def _version() -> str:
    try:
        return version("longwatch")
    except PackageNotFoundError:
        return "unpackaged"


def _planned(plan: ResolvedPlan) -> list[dict[str, Any]]:
    """The items for the report; only those that stand somewhere have a place."""
    told = []
    for item, name in zip(plan.items, plan.names, strict=True):
        placed = int(item["command"]) in POSITIONED
        told.append({"sequence": int(item["sequence"]), "name": name} | {
            key: float(item[key]) if placed else None
            for key in ("latitude", "longitude", "altitude_msl", "radius")})
    return told


def _runways(simulation: Simulation) -> list[dict[str, Any]]:
    glide_path = float(simulation.aircraft.datasheet[0].procedures.glide_path)
    return [{"name": strip.name, "thresholds": list(zip(strip.latitude, strip.longitude)),
             "elevations_msl": list(strip.elevation_msl), "glide_path": glide_path,
             "aiming_distance": strip.aiming_distance}
            for strip in simulation.plan.judgement.strips.runways]


def _advice(plan: ResolvedPlan, settings: dict[str, Any]) -> dict[str, Any]:
    """How the flight was set up, what was changed and warned of, and if it was forced."""
    judgement = plan.judgement
    forced = [f"flown by force: {f.text}" for f in judgement.errors]
    return {"notes": list(judgement.messages),
            "changes": [change.text for change in judgement.changes],
            "warnings": forced + [f.text for f in judgement.findings if f.severity == "warning"],
            "forced": bool(settings["force"] and judgement.errors)}


def last_reset(happenings: Sequence[Event]) -> int:
    """Index of the last reset of an aircraft to its start, where a new flight begins; 0 for none.
    """
    return next((i for i in range(len(happenings) - 1, -1, -1)
                 if happenings[i]["event"] == "reset"), 0)


def summarise(simulation: Simulation, outcome: str, wall_s: float, first: int = 0) -> Summary:
    """What a run has come to so far; ``first``: of its happenings, the first that counts."""
    state, settings = simulation.state, simulation.settings
    happened = simulation.happenings[first:]
    advice = _advice(simulation.plan, settings)
    return Summary(
        outcome=outcome, landed=outcome == "landed", airborne_s=_airborne(simulation),
        simulated_s=simulation.time, wall_s=round(wall_s, 3),
        realtime_factor=round(simulation.time / wall_s, 1) if wall_s > 0.0 else 0.0,
        fuel_used_kg=settings["fuel_kg"] - float(state.mass.fuel_mass),
        fuel_left_kg=float(state.mass.fuel_mass),
        distance_km=float(state.flight.distance) / 1000.0,
        items_reached=_items_reached(happened),
        items_total=len(simulation.plan.items), touchdown=touchdown(simulation),
        aircraft=settings["aircraft"], mission=settings["mission"], seed=settings["seed"],
        wind=settings["wind"], turbulence=settings["turbulence"], weather=settings["weather"],
        terrain=settings["terrain"], start=settings["start"],
        payload_kg=settings["payload_kg"], fuel_kg=settings["fuel_kg"], notes=advice["notes"],
        changes=advice["changes"],
        warnings=advice["warnings"] + _in_flight(happened) + _own_fault(simulation),
        forced=advice["forced"])


def _in_flight(events: Sequence[Event]) -> list[str]:
    """What went wrong on the way, each kind once; the events tell of each."""
    times: dict[str, list[float]] = {}
    for event in events:
        if event["event"] in ("warning", "impact", "go_around"):
            times.setdefault(event["message"], []).append(event["time"])
    return [f"{told[0]:.0f} s: {message}" + (
                f", {len(told)} times until {told[-1]:.0f} s" if len(told) > 1 else "")
            for message, told in times.items()]


def _own_fault(simulation: Simulation) -> list[str]:
    """A fault of Longwatch, by the quantities that are no numbers any more."""
    if simulation.outcome != FAULT:
        return []
    told = ", ".join(not_numbers(simulation.state)) or "a quantity"
    return [f"{simulation.time:.2f} s: {told} of the aircraft's record is not a number. This is a "
            "fault of Longwatch, not yours; report it with the mission, the seed and the settings"]


def _items_reached(events: Sequence[Event]) -> int:
    return len({event.get("sequence") for event in events if event.get("event") == "item_reached"})


def _airborne(simulation: Simulation) -> float:
    status = simulation.state.status
    if status.lift_off_time == 0.0:
        return 0.0
    down = not status.airborne and status.touchdown_time > status.lift_off_time
    end = float(status.touchdown_time) if down else simulation.time
    return round(end - float(status.lift_off_time), 2)


def touchdown(simulation: Simulation) -> Touchdown | None:
    """The last touchdown against the runway in use, from the true state; None in the air."""
    status, sheet = simulation.state.status, simulation.aircraft.datasheet[0]
    if status.airborne or status.touchdown_time <= status.lift_off_time:
        return None
    approach = simulation.state.autopilot.approach
    strip = _strip_in_use(simulation, int(approach.runway))
    end = int(approach.end)
    before, right = strip.approach_place(end, float(status.touchdown_latitude),
                                         float(status.touchdown_longitude))
    gear = sheet.landing_gear
    return Touchdown(
        along_runway_m=strip.aiming_distance - before, lateral_offset_m=right,
        vertical_speed_m_s=-float(status.touchdown_sink),
        airspeed_m_s=float(status.touchdown_airspeed),
        bank_deg=math.degrees(status.touchdown_bank), runway=_end_name(strip, end),
        side_load_share=float(status.touchdown_side_load / gear.side_load_limit),
        vertical_load_share=float(status.touchdown_vertical_load / gear.vertical_load_limit),
        on_pavement=not bool(status.off_pavement))


def _strip_in_use(simulation: Simulation, index: int) -> Strip:
    """The plan's runway aboard under ``index``; what a live aircraft carries besides, by its place.
    """
    aboard = simulation.runways[index]
    planned = simulation.plan.judgement.strips.runways
    known = (known_strip(runway, float(aboard.aiming_distance)) for runway in known_runways())
    for strip in (*planned, *known):
        if np.allclose(strip.latitude, aboard.latitude, rtol=0.0, atol=SAME_PLACE) and (
                np.allclose(strip.longitude, aboard.longitude, rtol=0.0, atol=SAME_PLACE)):
            return strip
    return Strip("runway of an uploaded plan", ("a", "b"), tuple(aboard.latitude),
                 tuple(aboard.longitude), tuple(aboard.elevation_msl), float(aboard.width),
                 bool(aboard.paved), float(aboard.aiming_distance), known=False)


def _end_name(strip: Strip, end: int) -> str:
    designator = strip.ends[end]
    return f"{strip.name.split()[0]} {designator}" if strip.known else f"{designator} (assumed)"


# -------------------------------------------------------------------------------- reports


def _write_report(path: Path, log: Path, summary: Summary | None, events: Sequence[Event]
                  ) -> bool:
    """Write the report of a log; returns whether it is interrupted."""
    from longwatch.records.report import QUANTITIES, write_report  # they load much

    table = read_log(log, QUANTITIES)
    kept = log_metadata(table.schema)
    write_report(path, table, summary or _summary_of_log(table, events), events,
                 kept.get("planned", []), runways=kept.get("runways", []),
                 phase_names=kept.get("phase_names", ()))
    return is_interrupted(table)


def report_of(path: str | Path, out: str | Path | None = None) -> tuple[Path, bool]:
    """Write the report of a flight that lies on disk, whole or cut.

    Args:
        path: a flight's folder, its ``flight.parquet`` or its ``flight.arrows``.
        out: the file to write; None for ``report.html`` beside the log.

    Returns:
        The file written, and whether the log is interrupted.

    Raises:
        LogError: no log lies there, or the report cannot be written.
    """
    log = _log_at(Path(path))
    beside = log.parent
    events = read_flight_events(beside / EVENTS) if (beside / EVENTS).is_file() else []
    summary = read_summary(beside / SUMMARY) if (beside / SUMMARY).is_file() else None
    target = Path(out) if out is not None else beside / REPORT
    try:
        return target, _write_report(target, log, summary, events)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
            pa.ArrowException) as fault:
        raise LogError(f"{log}: damaged, what it says does not fit together "
                       f"({type(fault).__name__}: {fault}); fly again.") from fault


def _log_at(path: Path) -> Path:
    if not path.is_dir():
        return path
    for name in (LOG, STREAM):
        if (path / name).is_file():
            return path / name
    raise LogError(f"{path}: holds neither {LOG} nor {STREAM}; name a flight's folder or log")


def _summary_of_log(table: pa.Table, events: Sequence[Event]) -> dict[str, Any]:
    """What a log alone tells of a flight that left no summary."""
    kept = log_metadata(table.schema)
    settings = kept.get("settings", {})
    told = {key: settings[key] for key in ("aircraft", "mission", "seed", "wind", "turbulence",
                                           "payload_kg", "fuel_kg", "weather", "terrain",
                                           "start") if key in settings}
    told |= {key: kept[key] for key in ("notes", "changes", "warnings", "forced") if key in kept}
    told |= {"outcome": "interrupted" if is_interrupted(table) else "flown", "landed": False,
             "items_reached": _items_reached(events), "items_total": len(kept.get("planned", []))}
    if table.num_rows:
        last = table.slice(table.num_rows - 1).to_pylist()[0]
        lifted = [e["time"] for e in events if e.get("event") == "lift_off"]
        told |= {"simulated_s": last["clock.time"], "fuel_left_kg": last["mass.fuel_mass"],
                 "fuel_used_kg": settings.get("fuel_kg", math.nan) - last["mass.fuel_mass"],
                 "distance_km": last["flight.distance"] / 1000.0,
                 "airborne_s": last["clock.time"] - lifted[0] if lifted else 0.0}
    return told
