"""MAVLink frames out of a stream of bytes, and into one.

Frame layout, checksum (CRC-16/MCRF4XX over all but the start byte, then CRC_EXTRA) and the
trimming of trailing zeros follow the public MAVLink specification, "Packet Serialization".
The parser believes nothing that it reads: it keeps at most one unfinished frame, never raises,
and looks at each byte a bounded number of times.
"""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from longwatch.mavlink.dialect import mavlink

START_V1 = 0xFE
START_V2 = 0xFD
HEADER_V1 = 6
HEADER_V2 = 10
CHECKSUM = 2
SIGNATURE = 13
MAXIMUM = HEADER_V2 + 255 + CHECKSUM + SIGNATURE
"""Length of the longest frame [bytes]."""
LOOK = 4096
"""Bytes that are searched for a start at a time."""

_SIGNED = 0x01
_START = re.compile(b"[\xfd\xfe]")
crc16: Callable[[bytes], int] = mavlink.mcrf4xx or (lambda data: mavlink.x25crc(data).crc)
"""CRC-16/MCRF4XX; the generated codec has the fast one where it is installed."""


def _target_offsets(kind: Any) -> tuple[int, int]:
    """Where target_system and target_component lie in a payload; -1 where it has none."""
    offsets = {"target_system": -1, "target_component": -1}
    position = 0
    for name, (form,) in zip(kind.ordered_fieldnames, _formats(kind)):
        if name in offsets and form in "bB":
            offsets[name] = position
        position += struct.calcsize("<" + form)
    return offsets["target_system"], offsets["target_component"]


def _formats(kind: Any) -> list[tuple[str]]:
    return [(form,) for form in re.findall(r"\d*[a-zA-Z]", kind.unpacker.format)]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the parser needs of one message type."""

    message: Any
    crc_extra: bytes
    size: int
    target_system: int
    target_component: int
    unpack: Any
    places: tuple[tuple[int, int], ...]  # per argument: where its first value lies, how many


def _kind(message: Any) -> _Kind:
    starts = []
    values = 0
    for form, length in zip(_formats(message), message.lengths):
        starts.append((values, 1 if form[0].endswith("s") else length))
        values += starts[-1][1]
    places = tuple(starts[order] for order in message.orders)
    return _Kind(message, bytes([message.crc_extra]), message.unpacker.size,
                 *_target_offsets(message), message.unpacker.unpack, places)


KINDS = {number: _kind(message) for number, message in mavlink.mavlink_map.items()}


@dataclass(slots=True)
class Counters:
    """What one link carried, since it was there."""

    frames: int = 0
    octets: int = 0
    bad_checksums: int = 0
    garbage: int = 0  # bytes that belong to no frame
    unknown: int = 0  # frames of message types that the dialect lacks
    signed: int = 0
    lost: int = 0  # frames missing in their senders' sequences


class Frame:
    """One MAVLink frame.

    ``raw`` is the frame as it was on the wire; ``version`` 1 or 2; ``sequence``, ``system``,
    ``component`` and ``number`` (message id) are its header's; ``signed`` tells that a signature
    is attached, not that it was checked.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        if raw[0] == START_V2:
            self.version = 2
            self.sequence, self.system, self.component = raw[4], raw[5], raw[6]
            self.number = raw[7] | raw[8] << 8 | raw[9] << 16
            self.signed = bool(raw[2] & _SIGNED)
            self._payload_from = HEADER_V2
        else:
            self.version = 1
            self.sequence, self.system, self.component = raw[2], raw[3], raw[4]
            self.number = raw[5]
            self.signed = False
            self._payload_from = HEADER_V1

    @property
    def payload(self) -> bytes:
        """The payload as it was sent: trimmed, or longer than we know it."""
        return self.raw[self._payload_from:self._payload_from + self.raw[1]]

    @property
    def name(self) -> str:
        """The message's name, "HEARTBEAT", or "" where the dialect lacks it."""
        kind = KINDS.get(self.number)
        return kind.message.msgname if kind else ""

    @property
    def target(self) -> tuple[int, int]:
        """(system, component) that it is meant for; 0 where it is meant for all of them."""
        kind = KINDS.get(self.number)
        if kind is None or kind.target_system < 0:
            return 0, 0
        payload = self.payload
        system = payload[kind.target_system] if kind.target_system < len(payload) else 0
        if kind.target_component < 0 or kind.target_component >= len(payload):
            return system, 0
        return system, payload[kind.target_component]

    @cached_property
    def message(self) -> Any:
        """The decoded message, an object of the dialect's class; None of an unknown type."""
        kind = KINDS.get(self.number)
        if kind is None:
            return None
        payload = self.payload[:kind.size]
        values = kind.unpack(payload + bytes(kind.size - len(payload)))
        arguments = [values[first] if count == 1 else list(values[first:first + count])
                     for first, count in kind.places]
        message = kind.message(*arguments)
        message._header = mavlink.MAVLink_header(
            self.number, _SIGNED if self.signed else 0, 0, self.raw[1], self.sequence,
            self.system, self.component)
        message._msgbuf = self.raw
        message._payload = self.payload
        return message

    def __repr__(self) -> str:
        return (f"<Frame {self.name or self.number} from {self.system}.{self.component}, "
                f"{len(self.raw)} bytes>")


@dataclass
class Parser:
    """Frames out of the bytes of one peer.

    A known message type is taken by its checksum. Of an unknown one the checksum cannot be told:
    it is taken where a frame is due, that is right after a whole one, when another one or nothing
    follows. Frames with incompatibility flags that we do not know are passed over, as the
    specification asks.
    """

    counters: Counters = field(default_factory=Counters)
    _kept: bytes = b""
    _due: bool = True

    def feed(self, data: bytes, datagram: bool = False) -> list[Frame]:
        """The frames that ``data`` completes, in their order.

        ``datagram`` says that ``data`` is all there is of its frames: what is unfinished at its
        end was none, and the next datagram starts afresh.
        """
        return [frame for frame in self.looks(data, datagram) if frame is not None]

    def looks(self, data: bytes, datagram: bool = False) -> Iterator[Frame | None]:
        """The same one look at a time, each of a bounded cost: a frame, or None where none began.

        One call's looks are to be had to their end before the next call's.
        """
        buffer = self._kept + data if self._kept else data
        self._due = self._due or datagram
        self._kept = b""
        self.counters.octets += len(data)
        position, end = 0, len(buffer)
        while True:
            start = _START.search(buffer, position, position + LOOK)
            position = self._skip(position, min(position + LOOK, end) if start is None
                                  else start.start())
            if position == end:
                return
            if start is None:
                yield None
                continue
            length = _length(buffer, position, end)
            if length > end - position and not datagram:
                self._kept = bytes(buffer[position:])
                return
            frame = self._whole(buffer, position, length, end)
            if frame is None:
                position = self._skip(position, position + 1)
            else:
                self._due = True
                self.counters.frames += 1
                self.counters.signed += frame.signed
                position += length
            yield frame

    def _skip(self, position: int, to: int) -> int:
        """Pass over what is part of no frame."""
        if to > position:
            self.counters.garbage += to - position
            self._due = False
        return to

    def _whole(self, buffer: bytes, position: int, length: int, end: int) -> Frame | None:
        """The frame at ``position``, when it is one."""
        if length == 0 or length > end - position:
            return None
        frame = Frame(bytes(buffer[position:position + length]))
        kind = KINDS.get(frame.number)
        if kind is None:
            after = position + length
            if not self._due or (after < end and buffer[after] not in (START_V1, START_V2)):
                return None
            self.counters.unknown += 1
            return frame
        if checksum(frame, kind.crc_extra) != received_checksum(frame):
            self.counters.bad_checksums += 1
            return None
        return frame


def _length(buffer: bytes, position: int, end: int) -> int:
    """Length of the frame that starts at ``position``, 0 when none does, or too much yet.

    As long as the header is unfinished it is the length that the header at least has.
    """
    if buffer[position] == START_V1:
        if end - position < 2:
            return HEADER_V1 + CHECKSUM
        return HEADER_V1 + buffer[position + 1] + CHECKSUM
    if end - position < 3:
        return HEADER_V2 + CHECKSUM
    flags = buffer[position + 2]
    if flags & ~_SIGNED:
        return 0
    return HEADER_V2 + buffer[position + 1] + CHECKSUM + (SIGNATURE if flags else 0)


def _checksum_from(raw: bytes) -> int:
    return (HEADER_V2 if raw[0] == START_V2 else HEADER_V1) + raw[1]


def checksum(frame: Frame, crc_extra: bytes) -> int:
    """The checksum that ``frame`` must carry."""
    return crc16(frame.raw[1:_checksum_from(frame.raw)] + crc_extra)


def received_checksum(frame: Frame) -> int:
    """The checksum that ``frame`` carries."""
    position = _checksum_from(frame.raw)
    return frame.raw[position] | frame.raw[position + 1] << 8


def encode(message: Any, system: int, component: int, sequence: int = 0) -> bytes:
    """``message`` as a MAVLink 2 frame of ``system`` and ``component``, trimmed.

    A value that its field cannot hold raises ``struct.error``.
    """
    return bytes(message.pack(_Sender(system, component, sequence)))


class _Sender:
    """What the generated codec asks of its sender."""

    __slots__ = ("seq", "srcComponent", "srcSystem")
    signing = mavlink.MAVLinkSigning()

    def __init__(self, system: int, component: int, sequence: int) -> None:
        self.srcSystem, self.srcComponent, self.seq = system, component, sequence


def renumbered(raw: bytes, sequence: int) -> bytes:
    """The unsigned MAVLink 2 frame ``raw`` of a known type, with another sequence number."""
    kind = KINDS[raw[7] | raw[8] << 8 | raw[9] << 16]
    body = raw[1:4] + bytes([sequence]) + raw[5:-CHECKSUM]
    return b"\xfd" + body + struct.pack("<H", crc16(body + kind.crc_extra))
