"""One link: a peer outside, with its parser, its sequence numbers, its counters and its limits."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from longwatch.mavlink.frames import Counters, Frame, Parser, renumbered

FRAMES_PER_S = 1000.0
OCTETS_PER_S = 500_000.0
"""What one peer may send, lasting; twice as much at once [frames/s, bytes/s of wall time]."""
SHARE = 0.2
"""Seconds of work a wall second that one peer may cause, lasting; as much at once."""
DEAREST_S = 0.025
"""The most that one piece of work is charged: what takes longer is no peer's doing, but machine
code loaded at its first use, or memory tidied just then [s]."""

_END = object()


class Medium(Protocol):
    """What lies between the ends of a link, as ``datalink.pipe.Pipe`` is. Simulated seconds."""

    def push(self, item: Any, size: int, now: float) -> None:
        """Let ``item`` of ``size`` bytes set out."""

    def due(self, now: float) -> list[Any]:
        """What has arrived since it was last asked."""


@dataclass(slots=True)
class Bucket:
    """A limit of ``rate`` a second that lets ``depth`` through at once, on wall time."""

    rate: float
    depth: float
    level: float = 0.0
    then: float = 0.0

    def take(self, amount: float, now: float) -> bool:
        """Take ``amount`` while anything is left, and go into debt by the rest."""
        self.owe(0.0, now)
        if self.level <= 0.0:
            return False
        self.level -= amount
        return True

    def owe(self, amount: float, now: float) -> None:
        """Take ``amount`` whatever is left."""
        self.level = min(self.depth, self.level + (now - self.then) * self.rate) - amount
        self.then = now

    def wait(self) -> float:
        """Seconds until something is left."""
        return max(0.0, -self.level / self.rate)


@dataclass(slots=True)
class Sent:
    """What went out on one link, since it was there."""

    frames: int = 0
    octets: int = 0
    dropped: int = 0  # frames that the peer did not take in time


Delivery = tuple[Callable[[Frame, "Link"], None], Frame]


@dataclass(slots=True)
class Inbox:
    """What came in and waits for its turn.

    Attributes:
        pieces: bytes as they came, if they are a datagram, and when [wall s].
        octets: of all pieces.
        looks: of the parser at the piece in hand, None where none is; ``since`` when that came.
        deliveries: who is to hear which frame of it, in order.
    """

    pieces: deque[tuple[bytes, bool, float]] = field(default_factory=deque)
    octets: int = 0
    looks: Iterator[Frame | None] | None = None
    since: float = 0.0
    deliveries: deque[Delivery] = field(default_factory=deque)

    def __bool__(self) -> bool:
        return bool(self.deliveries or self.looks is not None or self.pieces)

    def put(self, data: bytes, datagram: bool, now: float) -> None:
        """Let a piece wait."""
        self.pieces.append((data, datagram, now))
        self.octets += len(data)

    def take(self, parser: Parser) -> None:
        """Begin with the next piece."""
        data, datagram, self.since = self.pieces.popleft()
        self.octets -= len(data)
        self.looks = parser.looks(data, datagram)

    def leave(self) -> bool:
        """Leave out the piece in hand and what was to be heard of it; False: that was nothing."""
        looks, self.looks = self.looks, None
        heard = bool(self.deliveries) or (looks is not None and next(looks, _END) is not _END)
        self.deliveries.clear()
        return heard


@dataclass(eq=False)
class Link:
    """One peer, as the router sees it.

    ``transmit(raw)`` hands bytes to the transport. ``systems`` are the aircraft that the link
    carries (None: all). A ``lasting`` link is one that we speak to unasked: until somebody
    answers, only heartbeats go out on it, and when the peer falls silent it stays. A ``fleeting``
    one has no connection whose end would be noticed: it goes when its peer falls silent.
    """

    name: str
    transmit: Callable[[bytes], None]
    systems: frozenset[int] | None = None
    lasting: bool = False
    fleeting: bool = False
    close: Callable[[], None] = lambda: None
    number: int = 0
    heard: float | None = None  # wall seconds when a frame last came
    parser: Parser = field(default_factory=Parser)
    sent: Sent = field(default_factory=Sent)
    flooded: int = 0  # frames and datagrams beyond the limits, or too old when their turn came
    refused: int = 0  # frames of senders that may not speak here
    stations: set[tuple[int, int]] = field(default_factory=set)  # ids that live here
    outbound: Medium | None = None
    inbound: Medium | None = None
    frame_limit: Bucket = field(default_factory=lambda: Bucket(
        FRAMES_PER_S, 2.0 * FRAMES_PER_S, 2.0 * FRAMES_PER_S))
    octet_limit: Bucket = field(default_factory=lambda: Bucket(
        OCTETS_PER_S, 2.0 * OCTETS_PER_S, 2.0 * OCTETS_PER_S))
    work_limit: Bucket = field(default_factory=lambda: Bucket(SHARE, SHARE, SHARE))
    attached: float = 0.0  # wall time at which it was taken in
    inbox: "Inbox" = field(default_factory=lambda: Inbox())
    _sequences: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def received(self) -> Counters:
        """What came in."""
        return self.parser.counters

    @property
    def open(self) -> bool:
        """Whether more than heartbeats goes out."""
        return not self.lasting or self.heard is not None

    def carries(self, system: int) -> bool:
        """Whether what aircraft ``system`` sends goes out here."""
        return self.systems is None or system in self.systems

    def send_own(self, raw: bytes, now: float) -> None:
        """Send the frame ``raw`` of one of our components, numbered for this link."""
        sender = raw[5], raw[6]
        sequence = self._sequences.get(sender, 0)
        self._sequences[sender] = (sequence + 1) % 256
        self.send_raw(renumbered(raw, sequence), now)

    def send_raw(self, raw: bytes, now: float) -> None:
        """Send ``raw`` as it is; ``now`` in simulated seconds."""
        if self.outbound is None:
            self._transmit(raw)
        else:
            self.outbound.push(raw, len(raw), now)
            self.pump(now)

    def pump(self, now: float) -> None:
        """Hand over what has come through the medium by simulated time ``now``."""
        if self.outbound is not None:
            for raw in self.outbound.due(now):
                self._transmit(raw)

    def _transmit(self, raw: bytes) -> None:
        self.sent.frames += 1
        self.sent.octets += len(raw)
        self.transmit(raw)
