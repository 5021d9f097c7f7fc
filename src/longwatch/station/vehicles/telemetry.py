"""What the vehicles said, kept as telemetry logs in the station's folder, within bounds.

A log begins with the first frame of a run. The oldest ones go when they are too many bytes.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from longwatch.errors import LogError
from longwatch.records.tlog import Tlog
from longwatch.station.replay.replays import TELEMETRY

ONE, ALL = 100_000_000, 2_000_000_000
"""Bytes of one file, and of all of them."""
PERIOD = 1.0  # s

log = logging.getLogger(__name__)


class Telemetry:
    """The log of one run.

    Args:
        folder: the station's.
        wall: UTC since 1970 [s].
        one, all_of_them: bytes of one file, and of all.
    """

    def __init__(self, folder: Path, wall: Callable[[], float] = time.time, one: int = ONE,
                 all_of_them: int = ALL) -> None:
        self.folder, self.wall = folder / TELEMETRY, wall
        self._one, self._all = one, all_of_them
        self._log: Tlog | None = None
        self._failed = False

    def take(self, raw: bytes) -> None:
        """Keep one frame. A disk that does not take it ends the log, never the station."""
        if self._log is None and not self._failed:
            self._begin()
        if self._log is not None:
            self._log.write(raw, int(self.wall() * 1e6))

    def _begin(self) -> None:
        name = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self.wall()))
        while (self.folder / f"{name}.tlog").exists():  # a station killed within this second
            name += "-again"
        try:
            self._log = Tlog(self.folder / f"{name}.tlog", self._one)
        except LogError as fault:
            self._failed = True
            log.error("%s", fault)

    def look(self) -> None:
        """Let readers see what was written, and let the oldest logs go."""
        if self._log is None:
            return
        self._log.flush()
        if self._log.fault:
            log.error("%s", self._log.fault)
            self.close()
            self._failed = True
            return
        files = sorted(self.folder.glob("*.tlog"), key=lambda file: file.stat().st_mtime)
        size = sum(file.stat().st_size for file in files)
        for file in files:
            if size <= self._all or file == self._log.files[-1]:
                break
            size -= file.stat().st_size
            file.unlink()

    async def run(self) -> None:
        """Look once a second until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            try:
                self.look()
            except OSError:
                log.exception("telemetry logs could not be looked at")

    def close(self) -> None:
        """End the log."""
        if self._log is not None:
            self._log.close()
            self._log = None
