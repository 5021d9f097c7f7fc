"""The telemetry log: MAVLink packets, each behind the time it passed.

The layout that MAVProxy, QGroundControl, Mission Planner and pymavlink read: eight bytes of
microseconds since 1970 UTC, most significant first, then the packet, one after the other.
Nothing else is in the file.
"""

import contextlib
import os
import struct
from collections import deque
from pathlib import Path

from longwatch.errors import LogError

LIMIT = 500_000_000
"""Bytes after which the next file begins."""
AT_ONCE = 1 << 16
"""Bytes that are written together."""
MOST_HELD = 8 << 20
"""Bytes that wait for room on the disk; beyond, the oldest packets are lost."""


class Tlog:
    """A telemetry log that is being written.

    ``path`` is the first file's; after ``limit`` bytes follow NAME-2, NAME-3, ... beside it.
    A disk that fills up ends no flight: ``fault`` then says why nothing is written, what waits is
    written once there is room again, and ``lost`` counts the packets that did not fit in memory.

    Raises:
        LogError: the first file cannot be made.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path = path
        self.limit = limit
        self.files = [path]
        self.fault = ""
        self.packets = self.lost = 0
        self._size = self._held = 0
        self._waiting: deque[bytes] = deque()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _made(path)
        except OSError as error:
            raise LogError(f"{path}: the telemetry log cannot be written: {error.strerror}; "
                           f"name another folder") from None

    def write(self, packet: bytes, time_usec: int) -> None:
        """Append one packet that passed at ``time_usec`` [us since 1970 UTC]."""
        if self._file < 0:
            return
        record = struct.pack(">Q", time_usec) + packet
        self._waiting.append(record)
        self._held += len(record)
        if self._held >= AT_ONCE and not self.fault:
            self.flush()
        while self._held > MOST_HELD:
            self._held -= len(self._waiting.popleft())
            self.lost += 1

    def flush(self) -> None:
        """Let readers see what has been written; once a second is plenty."""
        if self._file < 0:
            return
        try:
            while self._waiting:
                group = self._next_group()
                if group:
                    self._put(b"".join(group))
                    for _ in group:
                        self._held -= len(self._waiting.popleft())
                    self.packets += len(group)
                else:
                    self._rotate()
            self.fault = ""
        except OSError as error:
            self.fault = f"{self.files[-1]}: the telemetry log is not written: {error.strerror}"

    def begin_next(self) -> None:
        """Go on in the next file, as where time is set back; at once, whatever the size."""
        self.flush()
        try:
            if self._file >= 0 and not self.fault:
                self._rotate()
        except OSError as error:
            self.fault = f"{self.files[-1]}: the telemetry log is not written: {error.strerror}"

    def close(self) -> None:
        """End the log; may be called again."""
        self.flush()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _next_group(self) -> list[bytes]:
        """The waiting records that the file at hand still takes."""
        group, size = [], self._size
        for record in self._waiting:
            if size and size + len(record) > self.limit:
                break
            group.append(record)
            size += len(record)
        return group

    def _put(self, data: bytes) -> None:
        """Write whole records, or take back what was written of them."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest):]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise
        self._size += len(data)

    def _rotate(self) -> None:
        path = self.path.with_name(f"{self.path.stem}-{len(self.files) + 1}{self.path.suffix}")
        fresh = _made(path)
        os.close(self._file)
        self._file, self._size = fresh, 0
        self.files.append(path)


def _made(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
