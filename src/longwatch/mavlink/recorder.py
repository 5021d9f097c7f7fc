"""What of the traffic may be kept: no signature, no secret, nothing twice."""

from collections.abc import Callable

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import (
    CHECKSUM,
    HEADER_V2,
    KINDS,
    START_V2,
    crc16,
    renumbered,
)

SECRETS = frozenset({
    mavlink.MAVLINK_MSG_ID_SETUP_SIGNING,
    mavlink.MAVLINK_MSG_ID_AUTH_KEY,
    mavlink.MAVLINK_MSG_ID_CHANGE_OPERATOR_CONTROL,
    mavlink.MAVLINK_MSG_ID_WIFI_CONFIG_AP,
    336,  # CELLULAR_CONFIG, which the dialect lacks
})
"""Message types that carry a key or a password: never kept."""


def public(raw: bytes) -> bytes | None:
    """The frame ``raw`` as it may be kept: unsigned and valid; None when it holds a secret."""
    if raw[0] != START_V2:
        return None if raw[5] in SECRETS else raw
    number = raw[7] | raw[8] << 8 | raw[9] << 16
    if number in SECRETS:
        return None
    if not raw[2]:
        return raw
    end = HEADER_V2 + raw[1]
    extra = _crc_extra(raw[1:end], raw[end:end + CHECKSUM], number)
    if extra is None:
        return None
    body = raw[1:2] + b"\0" + raw[3:end]
    return raw[:1] + body + crc16(body + extra).to_bytes(2, "little")


def _crc_extra(body: bytes, checksum: bytes, number: int) -> bytes | None:
    """The CRC_EXTRA of a message type; of an unknown one it is what its checksum tells."""
    kind = KINDS.get(number)
    if kind is not None:
        return kind.crc_extra
    received = int.from_bytes(checksum, "little")
    return next((bytes([extra]) for extra in range(256)
                 if crc16(body + bytes([extra])) == received), None)


class Recorder:
    """A router's tap that hands on each frame worth keeping, with its time.

    ``write(raw, time_usec)`` keeps it; ``clock()`` gives microseconds of UTC on the simulated
    clock. What goes to several links in the same instant is kept once, and what goes out is
    numbered for the record, so that its readers find no gaps.
    """

    def __init__(self, write: Callable[[bytes, int], None], clock: Callable[[], int]) -> None:
        self._write = write
        self._clock = clock
        self._last: dict[bytes, tuple[int, bytes]] = {}
        self._sequences: dict[bytes, int] = {}

    def __call__(self, raw: bytes, outgoing: bool) -> None:
        now = self._clock()
        if not outgoing:
            kept = public(raw)
            if kept is not None:
                self._write(kept, now)
            return
        kind, content = raw[5:10], raw[10:-CHECKSUM]  # sender and type; what it says
        if self._last.get(kind) == (now, content):
            return
        self._last[kind] = now, content
        if raw[7] | raw[8] << 8 | raw[9] << 16 not in SECRETS:
            sender = raw[5:7]
            sequence = self._sequences.get(sender, 0)
            self._sequences[sender] = (sequence + 1) % 256
            self._write(renumbered(raw, sequence), now)
