"""Keeps the log and the events of a simulation while it flies.

While the aircraft flies, the log is a stream (``flight.arrows``) that stays readable wherever it is
cut; a flight that ends as planned leaves only the Parquet file.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np

from longwatch.flights.account import last_reset, log_metadata_of, summarise
from longwatch.flights.folder import (
    EVENTS,
    LOG,
    REPORT,
    STREAM,
    SUMMARY,
    Flight,
    new_folder,
)
from longwatch.flights.reports import write_report_of
from longwatch.records.events import Event, EventWriter
from longwatch.records.flight_log import LogPosition, LogWriter, to_parquet
from longwatch.records.summary import write_summary
from longwatch.simulation.plan_told import plan_text, plan_told
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import Loaded, Vehicle

# Fewer rows than this wait for more: a batch of the log has a price of its own.
BATCH_ROWS = 300


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
        self.folder = new_folder(
            Path(self._temporary.name) / "flight" if self._temporary else Path(folder or ""))
        self.simulation, self.log_rate = simulation, log_rate
        self.stream = self.folder / STREAM
        self._held: list[np.ndarray] = []
        self._waiting = 0
        # A log is of one flight: what happened before a reset stands in the one before.
        self._first = self._told = last_reset(simulation.happenings)
        self._loaded: Loaded | None = simulation.loaded
        self._began_with = self._aboard = plan_told(simulation.loaded)
        self._log = LogWriter(self.stream, Vehicle, metadata=log_metadata_of(simulation, log_rate))
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
        self._loaded, self._aboard = None, self._began_with
        self._tell()

    def _tell(self) -> None:
        self._tell_plan()
        for happening in self.simulation.happenings[self._told:]:
            self._events.append(happening)
            self._told += 1

    def _tell_plan(self) -> None:
        if event := self._new_plan():
            self._events.append(event)

    def _new_plan(self) -> Event | None:
        """What lies aboard instead of what the log began with: a replay shows it from here on."""
        if self.simulation.loaded is self._loaded:
            return None
        self._loaded, before = self.simulation.loaded, self._aboard
        told = self._aboard = plan_told(self._loaded)
        return None if told == before else {
            "time": self.simulation.time, "event": "plan",
            "message": f"aboard: {plan_text(told)}", "plan": told}

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
            write_report_of(files["report"], files["log"], summary, flight.events)
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
