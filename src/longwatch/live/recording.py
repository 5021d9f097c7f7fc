"""What a live run leaves behind: a log an aircraft, one journal, one .tlog.

    live/journal.jsonl                 every input, for ``longwatch serve --replay``
    live/aircraft-1/flight.parquet     the log of aircraft 1, events.jsonl and summary.json beside
    live/flight.tlog                   every MAVLink frame, both ways, in simulated UTC
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from longwatch.errors import SetupError
from longwatch.live.aircraft import LiveAircraft
from longwatch.live.journal import NAME, JournalWriter
from longwatch.live.setting import Setting
from longwatch.mavlink.recorder import Recorder
from longwatch.mavlink.router import Router
from longwatch.records.tlog import Tlog

# How often the journal notes how far the run has come [s of wall time].
MARK_CADENCE = 1.0
TLOG = "flight.tlog"


class Recording:
    """The open files of a run.

    Args:
        folder: folder to make.
        setting: what the run was started with.
        fleet: its aircraft.

    Raises:
        SetupError: the folder exists or cannot be made.
        LogError: a file cannot be written, here and later.
    """

    def __init__(self, folder: Path, setting: Setting, fleet: Sequence[LiveAircraft]) -> None:
        try:
            folder.mkdir(parents=True)
        except OSError as fault:
            raise SetupError(f"{folder}: this folder cannot be made ({fault.strerror}); name "
                             "another") from None
        self.folder, self.fleet = folder, fleet
        self.journal = JournalWriter(folder / NAME, setting)
        self._marked = 0.0
        self._tlog = Tlog(folder / TLOG)
        for aircraft in fleet:
            aircraft.record(folder)

    def tap(self, router: Router, utc_s: Callable[[], float]) -> None:
        """Keep every frame that the router lets in or sends, without signatures and secrets."""
        router.tap = Recorder(self._tlog.write, lambda: round(utc_s() * 1e6))

    def anew(self) -> None:
        """The aircraft went back to an earlier moment: the telemetry log begins a new file."""
        self._tlog.begin_next()

    @property
    def fault(self) -> str:
        """Why the telemetry log ended before the run, "" where it has not."""
        return self._tlog.fault

    def poll(self, now: float, tick: int) -> None:
        """Note how far the run has come; about every second of wall time."""
        if now - self._marked >= MARK_CADENCE:
            self._marked = now
            self.journal.reached(tick)
            self._tlog.flush()

    def end(self, tick: int) -> None:
        """Close every file in good order."""
        self.journal.end(tick)
        self._tlog.close()
        for aircraft in self.fleet:
            aircraft.close()

    def abandon(self) -> None:
        """Close every file as it is: what is there stays, marked as broken off."""
        self.journal.close()
        self._tlog.close()
        for aircraft in self.fleet:
            aircraft.abandon()
