"""A file that outlives the run: written whole or not at all, on the disk before anybody is told.

What cannot be written is tried again every few seconds; until then ``fault`` says why.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from longwatch.services.beside import Beside, Job

# What could not be kept is tried again after so long [s of wall time].
RETRY = 5.0


class KeptFile:
    """The newest content of one file.

    Args:
        path: the file.
        beside: where it is written.

    Attributes:
        fault: why the newest content is not on the disk, "" where it is, or is on its way.
    """

    def __init__(self, path: Path, beside: Beside) -> None:
        self.path, self.fault = path, ""
        self._beside = beside
        self._make: Callable[[], bytes] = bytes
        self._asked = self._settled = self._begun = 0
        self._job: Job | None = None
        self._again = 0.0

    def put(self, make: Callable[[], bytes]) -> int:
        """Keep what ``make`` yields, beside; a number to ask ``settled`` with."""
        self._make, self._asked = make, self._asked + 1
        self._go_on()
        return self._asked

    def settled(self, number: int | None = None) -> bool:
        """Content ``number``, or the newest, is on the disk, or ``fault`` says why not."""
        self._go_on()
        return self._settled >= (self._asked if number is None else number)

    def poll(self, wall: float) -> bool:
        """Go on, and try again what failed; True where it is kept now and was not before."""
        before = self.fault
        if before and self._job is None and wall >= self._again:
            self._again = wall + RETRY
            self._begin()
        self._go_on()
        return bool(before) and not self.fault

    def finish(self) -> None:
        """Wait until the newest content has been tried."""
        while not self.settled():
            if self._job is not None:
                self._job.result()

    def _begin(self) -> None:
        self._begun = self._asked
        self._job = self._beside.file(_written, self.path, self._make)

    def _go_on(self) -> None:
        while self._job is not None or self._settled < self._asked:
            if self._job is None:
                self._begin()
            assert self._job is not None
            if not self._job.ready():
                return
            self.fault, self._settled, self._job = self._job.result(), self._begun, None


def _written(path: Path, make: Callable[[], bytes]) -> str:
    """Write a file whole; why it could not be, "" where it is on the disk."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink()
        return error.strerror or str(error)
    return ""
