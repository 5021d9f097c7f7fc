"""How many requests one session, or one address without a session, may make."""

from collections import OrderedDict
from collections.abc import Callable

from longwatch.station.routing import Refusal

PER_S = 100.0
AT_ONCE = 500.0
"""Requests of one asker, lasting and at once: a map that is dragged asks for many tiles."""
REMEMBERED = 4096


class Rates:
    """A bucket for each asker.

    Args:
        clock: monotonic [s].
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, asker: str) -> None:
        """Count one request. Raises Refusal, 429, beyond the limit."""
        now = self.clock()
        level, then = self._buckets.pop(asker, (AT_ONCE, now))
        level = min(AT_ONCE, level + (now - then) * PER_S)
        self._buckets[asker] = max(level - 1.0, 0.0), now
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if level < 1.0:
            raise Refusal("too many requests; wait a second", 429)
