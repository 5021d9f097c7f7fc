"""What a live run leaves behind: a log an aircraft, one journal, one .tlog.

    live/journal.jsonl                 every input, for ``longwatch serve --replay``
    live/aircraft-1/flight.parquet     the log of aircraft 1, events.jsonl and summary.json beside
    live/flight.tlog                   every MAVLink frame, both ways, in simulated UTC
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from longwatch.errors import LogError, SetupError, listed
from longwatch.live.aircraft import LiveAircraft
from longwatch.live.journal import NAME, JournalWriter
from longwatch.live.setting import Setting
from longwatch.mavlink.recorder import Recorder
from longwatch.mavlink.router import Router
from longwatch.records.tlog import Tlog

# How often the journal notes how far the run has come [s of wall time].
MARK_CADENCE = 1.0
TLOG = "flight.tlog"
# Bytes of all aircraft's rows that wait for room on the disk.
MOST_HELD = 256 << 20


class Recording:
    """The open files of a run.

    Whatever happens to the disk, the run goes on: what cannot be written waits in memory as far as
    there is room, and ``faults`` says so.

    Args:
        folder: folder to make.
        setting: what the run was started with.
        fleet: its aircraft.

    Raises:
        SetupError: the folder exists or cannot be made.
        LogError: a file cannot be made.
    """

    def __init__(self, folder: Path, setting: Setting, fleet: Sequence[LiveAircraft]) -> None:
        try:
            folder.mkdir(parents=True)
        except OSError as fault:
            raise SetupError(f"{folder}: this folder cannot be made ({fault.strerror}); name "
                             "another") from None
        self.folder, self.fleet = folder, fleet
        self._place = _place(folder)
        self.journal = JournalWriter(folder / NAME, setting)
        self._marked = 0.0
        self._tlog = Tlog(folder / TLOG)
        for aircraft in fleet:
            aircraft.record(folder, MOST_HELD // len(fleet))

    def tap(self, router: Router, utc_s: Callable[[], float]) -> None:
        """Keep every frame that the router lets in or sends, without signatures and secrets."""
        router.tap = Recorder(self._tlog.write, lambda: round(utc_s() * 1e6))

    def anew(self) -> None:
        """The aircraft went back to an earlier moment: the telemetry log begins a new file."""
        self._tlog.begin_next()

    @property
    def gone(self) -> bool:
        """The run's folder was removed, and all that is written goes nowhere."""
        return _place(self.folder) != self._place

    def faults(self) -> list[str]:
        """What is not kept now, and why; empty where everything is."""
        if self.gone:
            return [f"{self.folder}: this folder was removed, and this run's logs with it"]
        return [fault for fault in (self.journal.fault, self._tlog.fault,
                                    *(aircraft.fault for aircraft in self.fleet)) if fault]

    def lost(self) -> dict[str, int]:
        """Rows of logs and packets of telemetry that did not fit in memory either."""
        return {"rows": sum(aircraft.lost for aircraft in self.fleet),
                "packets": self._tlog.lost}

    def note(self, message: str) -> None:
        """Put something that concerns the logs themselves among every aircraft's events."""
        for aircraft in self.fleet:
            aircraft.note(message)

    def poll(self, now: float, tick: int) -> None:
        """Note how far the run has come, and try again what failed; about every second."""
        if now - self._marked >= MARK_CADENCE:
            self._marked = now
            self.journal.reached(tick)
            self._tlog.flush()
            for aircraft in self.fleet:
                aircraft.try_again()

    def end(self, tick: int) -> None:
        """Close every file in good order. Raises LogError, once all are, where one could not be."""
        if self.gone:
            fault = self.faults()[0]
            self.abandon()
            raise LogError(fault)
        faults = []
        closes: list[Callable[[], object]] = [lambda: self.journal.end(tick), self._tlog.close]
        for close in closes + [aircraft.close for aircraft in self.fleet]:
            try:
                close()
            except LogError as fault:
                faults.append(str(fault))
        if self._tlog.fault:
            faults.append(self._tlog.fault)
        if faults:
            raise LogError(faults[0] if len(faults) == 1 else listed("these logs broke off:",
                                                                     faults))

    def abandon(self) -> None:
        """Close every file as it is: what is there stays, marked as broken off."""
        self.journal.close()
        self._tlog.close()
        for aircraft in self.fleet:
            aircraft.abandon()


def _place(folder: Path) -> tuple[int, int] | None:
    """What makes a folder the same one; None where there is none."""
    try:
        there = folder.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino
