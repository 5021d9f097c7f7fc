"""One direction of a data link, on simulated time.

Frames leave one after another at the link's rate, arrive after its delay, and are lost
independently of each other; while the link is cut nothing arrives. What a real channel does over
distance and terrain belongs elsewhere: it only changes these four numbers.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import Any

from longwatch.errors import SetupError, listed

BUFFER = 16_384
"""Bytes that wait at the sending end before more are thrown away: a radio's own buffer."""
MAXIMUM_FLYING = 20_000
"""Frames under way at once, whatever rate and delay are."""


@dataclass(slots=True)
class Counts:
    """What became of the frames that set out."""

    sent: int = 0
    arrived: int = 0
    lost: int = 0  # to chance, or to the cut
    overflowed: int = 0  # more than the buffer holds


@dataclass
class Pipe:
    """One direction.

    Args:
        rate: bytes a simulated second; infinite for no limit.
        delay: simulated seconds from the end of sending to arrival.
        loss: share of the frames that do not arrive, 0 to 1, independent of each other.
        cut: nothing arrives; may be set at any time, as may the other three.
        seed: of the losses: the same frames meet the same fate again.

    Raises:
        SetupError: a number is out of its range.
    """

    rate: float = math.inf
    delay: float = 0.0
    loss: float = 0.0
    cut: bool = False
    seed: int = 0
    counts: Counts = field(default_factory=Counts, init=False)

    def __post_init__(self) -> None:
        faults = []
        if not self.rate > 0.0:
            faults.append(f"rate {self.rate} bytes/s: give more than 0")
        if not (self.delay >= 0.0 and math.isfinite(self.delay)):
            faults.append(f"delay {self.delay} s: give 0 or more")
        if not 0.0 <= self.loss <= 1.0:
            faults.append(f"loss {self.loss}: give a share, 0 to 1")
        if faults:
            raise SetupError(listed("This data link cannot be:", faults))
        self._random = Random(self.seed)
        self._free = -math.inf  # when the last frame has left
        self._now = -math.inf
        self._flying: deque[tuple[float, Any]] = deque()

    def push(self, item: Any, size: int, now: float) -> None:
        """Let ``item`` of ``size`` bytes set out at ``now`` [simulated s]."""
        self._at(now)
        self.counts.sent += 1
        # Drawn for every frame, so that one frame's fate does not depend on another's.
        lost = self._random.random() < self.loss
        if self.waiting(now) + size > BUFFER or len(self._flying) >= MAXIMUM_FLYING:
            self.counts.overflowed += 1
            return
        self._free = max(self._free, now) + size / self.rate
        if lost or self.cut:
            self.counts.lost += 1
            return
        arrival = self._free + self.delay
        if self._flying:  # a shorter delay lets no frame overtake another
            arrival = max(arrival, self._flying[-1][0])
        self._flying.append((arrival, item))

    def due(self, now: float) -> list[Any]:
        """What has arrived by ``now`` [simulated s] since it was last asked, in order."""
        self._at(now)
        arrived = []
        while self._flying and self._flying[0][0] <= now:
            arrived.append(self._flying.popleft()[1])
        if self.cut:
            self.counts.lost += len(arrived)
            return []
        self.counts.arrived += len(arrived)
        return arrived

    def waiting(self, now: float) -> float:
        """Bytes that have not left yet at ``now``."""
        return max(0.0, self._free - now) * self.rate if self._free > now else 0.0

    def room(self, now: float) -> float:
        """Share of the buffer that is free, 0 to 1."""
        return max(0.0, 1.0 - self.waiting(now) / BUFFER)

    def _at(self, now: float) -> None:
        """Time that ran backwards is another run: what was under way is gone."""
        if now < self._now:
            self._flying.clear()
            self._free = -math.inf
        self._now = now
