"""What happened on a flight, one JSON object a line (``events.jsonl``).

An event is a dictionary with ``time`` (simulated time [s]), ``event`` (its kind: "phase",
"item_reached", "touchdown", "warning", ...), ``message`` (what to show people) and whatever
numbers belong to it, with a unit suffix where they are not SI.
"""

import contextlib
import json
import math
import os
from pathlib import Path
from typing import Any, Self

import numpy as np

from longwatch.errors import LogError

Event = dict[str, Any]


class EventWriter:
    """Writes events as they happen; each line is with the system before the next begins.

    A line that does not fit is taken back whole, and may be tried again.

    Raises:
        LogError: the file cannot be written, here and in ``append``.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as fault:
            raise _cannot_write(self.path, fault) from fault
        self._size = os.fstat(self._file).st_size

    def append(self, event: Event) -> None:
        """Write one event."""
        self.append_line(line_of(event))

    def append_line(self, line: bytes) -> None:
        """Write one event that is a line already."""
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._file, rest):]
        except OSError as fault:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise _cannot_write(self.path, fault) from fault
        self._size += len(line)

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def line_of(event: Event) -> bytes:
    """An event as a line of the file."""
    try:
        # Without a copy first: a plan's carries five thousand items, and the loop waits meanwhile.
        text = json.dumps(event, ensure_ascii=False, allow_nan=False, default=plain)
    except (TypeError, ValueError):
        # A number that is not finite, or a key that is no text.
        text = json.dumps(plain(event), ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def read_events(path: str | Path, wanted: str = "an events.jsonl that a flight has written"
                ) -> list[Event]:
    """Every event of the file; a last line that was cut is left out.

    ``wanted`` is what the reader is told to name where the file is not to be read.

    Raises:
        LogError: there is no such file, or a line that is not the last holds no event.
    """
    path = Path(path)
    try:
        # A device or a pipe has no end to wait for.
        if not path.is_file():
            raise LogError(f"{path}: cannot be read (no such file); name {wanted}.")
        lines = path.read_bytes().split(b"\n")
    except OSError as fault:
        raise LogError(f"{path}: cannot be read ({fault.strerror}); name {wanted}.") from None
    events = []
    for number, line in enumerate(lines, start=1):
        try:
            event = json.loads(line) if line.strip() else {}
            if not isinstance(event, dict):
                raise ValueError("no object")
        except (ValueError, RecursionError):
            if number == len(lines):
                break
            raise LogError(f"{path}, line {number}: not JSON, or no object of it; delete the line, "
                           "or fly again.") from None
        if event:
            events.append(event)
    return events


def read_flight_events(path: str | Path) -> list[Event]:
    """Every event of a flight, as :func:`read_events`, each with its time, kind and message.

    Raises:
        LogError: an event lacks one of them, too.
    """
    events = read_events(path)
    for number, event in enumerate(events, start=1):
        time = event.get("time")
        if isinstance(time, bool) or not isinstance(time, int | float) or not all(
                isinstance(event.get(key), str) for key in ("event", "message")):
            raise LogError(f"{path}, event {number}: has no time, kind or message; delete the "
                           "line, or fly again.")
    return events


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: NumPy's numbers as Python's, what is not finite as null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        # Texts as they are: a plan's order carries five thousand, and the loop waits meanwhile.
        return [item if type(item) is str else plain(item) for item in value]
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _cannot_write(path: Path, fault: OSError) -> LogError:
    return LogError(f"{path}: cannot be written ({fault.strerror}); free some space or name a "
                    "folder that you may write to.")
