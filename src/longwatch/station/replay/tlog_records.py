"""The records of a telemetry log: the time that a packet passed, then the packet.

Eight bytes of microseconds since 1970 UTC, most significant first, then a MAVLink frame, as
MAVProxy, QGroundControl, Mission Planner and Longwatch write them. Where that breaks off, the next
place is looked for from which it goes on.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from longwatch.mavlink.frames import (
    CHECKSUM,
    HEADER_V1,
    HEADER_V2,
    KINDS,
    SIGNATURE,
    START_V1,
    START_V2,
    Frame,
    checksum,
    received_checksum,
)

BLOCK = 1 << 20
STAMP = 8
LONGEST = STAMP + HEADER_V2 + 255 + CHECKSUM + SIGNATURE
# No telemetry is older than 2000 or newer than 2100. After a gap of 30 days, or a clock that was
# set, a log goes on with a frame whose checksum is right.
FIRST_US, LAST_US = 946_684_800_000_000, 4_102_444_800_000_000
GAP_US = 30 * 86_400_000_000
# In so many bytes a log must have begun: what has not by then is none.
SEARCHED = 1 << 20
_START = re.compile(b"[\xfd\xfe]")


class Record(NamedTuple):
    """One record: where it lies, UTC [s], header fields and the frame; bytes passed over so far."""

    offset: int
    time_s: float
    system: int
    component: int
    number: int
    raw: bytes
    passed: int


def records(file: BinaryIO, offset: int) -> Iterator[Record]:
    """The records from ``offset`` on, until the file ends."""
    file.seek(offset)
    # A single record is mostly wanted where no reading goes on: a small block first.
    buffer, start, passed, block = file.read(LONGEST), 0, 0, 16 * 1024
    ended = len(buffer) < LONGEST
    last = 0
    while True:
        if len(buffer) - start < LONGEST and not ended:
            more = file.read(block)
            block = BLOCK
            ended = not more
            offset, buffer, start = offset + start, buffer[start:] + more, 0
            continue
        if len(buffer) - start <= STAMP + HEADER_V1:
            return
        stamp = int.from_bytes(buffer[start:start + STAMP])
        size = _size(buffer, start + STAMP)
        good = (size > 0 and start + STAMP + size <= len(buffer)
                and ((0 < last and abs(stamp - last) < GAP_US)
                     or (FIRST_US < stamp < LAST_US and (last == 0 or _sound(
                         buffer[start + STAMP:start + STAMP + size])))))
        if not good:
            step = _next(buffer, start + 1) - start
            start += step
            passed += step
            if last == 0 and passed > SEARCHED:
                return
            continue
        last = stamp
        raw = buffer[start + STAMP:start + STAMP + size]
        if raw[0] == START_V2:
            yield Record(offset + start, stamp * 1e-6, raw[5], raw[6],
                         raw[7] | raw[8] << 8 | raw[9] << 16, raw, passed)
        else:
            yield Record(offset + start, stamp * 1e-6, raw[3], raw[4], raw[5], raw, passed)
        start += STAMP + size


def _size(buffer: bytes, at: int) -> int:
    """Length of the frame that begins at ``at``, 0 where none does."""
    if buffer[at] == START_V1:
        return HEADER_V1 + buffer[at + 1] + CHECKSUM
    if buffer[at] == START_V2 and not buffer[at + 2] & 0xFE:
        return HEADER_V2 + buffer[at + 1] + CHECKSUM + (SIGNATURE if buffer[at + 2] else 0)
    return 0


def _sound(raw: bytes) -> bool:
    """Whether a frame is of a known kind, with the right checksum."""
    frame = Frame(raw)
    kind = KINDS.get(frame.number)
    return kind is not None and checksum(frame, kind.crc_extra) == received_checksum(frame)


def _next(buffer: bytes, start: int) -> int:
    """Where the next record could begin."""
    found = _START.search(buffer, start + STAMP)
    return max(len(buffer) - STAMP, start) if found is None else found.start() - STAMP
