"""A flight's log that outlives its disk: the flight goes on, and what does not fit waits.

Rows wait in memory as far as there is room, then the oldest are lost and counted. Once the disk
takes them again they are written a batch at a time, so that the loop is not held.
"""

from collections import deque
from pathlib import Path

import numpy as np

from longwatch.errors import LogError
from longwatch.flights.recorder import Recorder
from longwatch.records.events import Event
from longwatch.records.flight_log import LogPosition
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import Vehicle


class LastingRecorder(Recorder):
    """A recorder that raises nothing while it flies.

    Args:
        folder, simulation, log_rate and batch_rows: as for Recorder.
        room: bytes of rows that may wait.

    Attributes:
        fault: why nothing is written, "" where everything is.
        lost: rows that did not fit in memory either.
    """

    def __init__(self, folder: Path, simulation: Simulation, log_rate: float, batch_rows: int,
                 room: int) -> None:
        super().__init__(folder, simulation, log_rate, batch_rows)
        self.fault, self.lost = "", 0
        self._most = max(room // Vehicle.dtype.itemsize, 2 * batch_rows)
        self._chunks: deque[np.ndarray] = deque()
        self._notes: deque[Event] = deque()
        self._plan: Event | None = None

    def append(self, rows: np.ndarray) -> None:
        """Keep rows of the record."""
        # As bytes: NumPy copies a record field by field, ten times dearer.
        self._chunks.append(np.ascontiguousarray(rows).view(np.uint8).copy())
        self._waiting += len(rows)
        if not self.fault:
            self._go_on(self._batch_rows)
        while self._waiting > self._most:
            gone = _count(self._chunks.popleft())
            self._waiting -= gone
            self.lost += gone

    def note(self, message: str) -> None:
        """Put a message about this log among the events."""
        self._notes.append({"time": self.simulation.time, "event": "log", "message": message})
        if not self.fault:
            self._go_on(self._batch_rows)

    def try_again(self) -> None:
        """Write a batch of what waits, if anything was refused before."""
        if self.fault:
            self._go_on(1)

    def _go_on(self, least: int) -> None:
        """Write at most one batch, where at least so many rows wait, and the events."""
        try:
            if self._waiting >= least:
                self._write(self._batch_rows)
            self._tell()
            self.fault = ""
        except LogError as fault:
            self.fault = str(fault)

    def _write(self, rows: int) -> None:
        """Write the chunks in front, until they are so many rows."""
        part, count = [], 0
        for chunk in self._chunks:
            part.append(chunk)
            count += _count(chunk)
            if count >= rows:
                break
        if part:
            self._log.append(np.concatenate(part).view(Vehicle.dtype))
            for _ in part:
                self._chunks.popleft()
            self._waiting -= count

    def flush(self) -> LogPosition:
        """Write everything held back; LogError where that cannot be."""
        while self._chunks:
            self._write(self._batch_rows)
        return self._log.position

    def _tell_plan(self) -> None:
        """Drawn up in one tick and written in the next: a long plan takes 20 ms of the loop."""
        if self._plan:
            self._events.append(self._plan)
            self._plan = None
        else:
            self._plan = self._new_plan()

    def _end(self, whole: bool) -> None:
        while self._plan or self.simulation.loaded is not self._loaded:
            self._tell_plan()
        super()._end(whole)

    def rewind(self, position: LogPosition) -> None:
        """Go back to an earlier ``position`` of the log, after restoring the simulation."""
        self._plan = None
        super().rewind(position)

    def _tell(self) -> None:
        super()._tell()
        while self._notes:
            self._events.append(self._notes[0])
            self._notes.popleft()


def _count(chunk: np.ndarray) -> int:
    return len(chunk) // Vehicle.dtype.itemsize
