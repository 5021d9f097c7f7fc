"""The telemetry log: MAVLink packets, each behind the time it passed.

The layout that MAVProxy, QGroundControl, Mission Planner and pymavlink read: eight bytes of
microseconds since 1970 UTC, most significant first, then the packet, one after the other.
Nothing else is in the file.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from longwatch.errors import LogError

LIMIT = 500_000_000
"""Bytes after which the next file begins."""


class Tlog:
    """A telemetry log that is being written.

    ``path`` is the first file's; after ``limit`` bytes follow NAME-2, NAME-3, ... beside it.
    A disk that fills up ends the log, never the flight: ``fault`` then says why.

    Raises:
        LogError: the first file cannot be made.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path = path
        self.limit = limit
        self.files = [path]
        self.fault = ""
        self.packets = 0
        self._size = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO | None = path.open("wb")
        except OSError as error:
            raise LogError(f"{path}: the telemetry log cannot be written: {error.strerror}; "
                           f"name another folder") from None

    def write(self, packet: bytes, time_usec: int) -> None:
        """Append one packet that passed at ``time_usec`` [us since 1970 UTC]."""
        if self._file is None:
            return
        record = struct.pack(">Q", time_usec) + packet
        try:
            if self._size + len(record) > self.limit and self._size:
                self._rotate()
            self._file.write(record)
        except OSError as error:
            self._give_up(error)
            return
        self._size += len(record)
        self.packets += 1

    def flush(self) -> None:
        """Let readers see what has been written; once a second is plenty."""
        try:
            if self._file is not None:
                self._file.flush()
        except OSError as error:
            self._give_up(error)

    def begin_next(self) -> None:
        """Go on in the next file, as where time is set back; at once, whatever the size."""
        try:
            if self._file is not None:
                self._rotate()
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """End the log; may be called again."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _rotate(self) -> None:
        if self._file is not None:
            self._file.close()
        name = f"{self.path.stem}-{len(self.files) + 1}{self.path.suffix}"
        self.files.append(self.path.with_name(name))
        self._file = self.files[-1].open("wb")
        self._size = 0

    def _give_up(self, error: OSError) -> None:
        self.fault = f"{self.files[-1]}: the telemetry log ends here: {error.strerror}"
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError:
            pass
