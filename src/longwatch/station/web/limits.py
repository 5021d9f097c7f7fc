"""How many requests one session, or one address without a session, may make."""

import contextlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator

from longwatch.station.refusal import Refusal

PER_S = 100.0
AT_ONCE = 500.0
"""Requests of one asker, lasting and at once: a map that is dragged asks for many tiles."""
REMEMBERED = 4096
OCTETS_A_REQUEST = 20_000
"""So many bytes of a body count as one more request: reading them takes as long."""
MOST_UNDER_WAY = 48
"""Requests of one asker that are not answered yet."""


class Rates:
    """A bucket for each asker.

    Args:
        clock: monotonic [s].
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, asker: str, cost: float = 1.0) -> None:
        """Count one request, or what costs as much as ``cost`` of them.

        Raises Refusal, 429, beyond the limit.
        """
        now = self.clock()
        level, then = self._buckets.pop(asker, (AT_ONCE, now))
        level = min(AT_ONCE, level + (now - then) * PER_S)
        self._buckets[asker] = max(level - cost, 0.0), now
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if level < min(cost, 1.0):
            raise Refusal("too many requests; wait a second", 429)


class UnderWay:
    """Requests that are not answered yet, by asker."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    @contextlib.contextmanager
    def one(self, asker: str) -> Iterator[None]:
        """One more, while the block lasts. Raises Refusal, 429, beyond the limit."""
        if self._count[asker] >= MOST_UNDER_WAY:
            raise Refusal("too many requests at once; wait for the answers", 429)
        self._count[asker] += 1
        try:
            yield
        finally:
            self._count[asker] -= 1
            if not self._count[asker]:
                del self._count[asker]
