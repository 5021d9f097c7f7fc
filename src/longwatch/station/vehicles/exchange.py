"""Waiting for what a vehicle answers: boxes into which messages of some types fall."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from longwatch.station.vehicles.connections import SYSTEM

MOST_KEPT = 4096


def for_us(message: Any) -> bool:
    """Whether a message is meant for this station or for everybody."""
    return getattr(message, "target_system", 0) in (0, SYSTEM)


class Box:
    """Messages of the types asked for, from the moment that it was opened."""

    def __init__(self, where: Callable[[Any], bool]) -> None:
        self._where = where
        self._kept: deque[Any] = deque(maxlen=MOST_KEPT)
        self._waiter: asyncio.Future[None] | None = None

    def put(self, message: Any) -> None:
        """Take a message in, if it is one of those waited for."""
        if self._where(message):
            self._kept.append(message)
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_result(None)

    async def next(self, seconds: float) -> Any:
        """The oldest message not yet taken; None when none has come within ``seconds``."""
        if not self._kept:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self._waiter
            except TimeoutError:
                return None
            finally:
                self._waiter = None
        return self._kept.popleft()


class Exchange:
    """The boxes that are open for one vehicle."""

    def __init__(self) -> None:
        self._boxes: dict[str, list[Box]] = {}

    @contextmanager
    def listen(self, *names: str, where: Callable[[Any], bool] = for_us) -> Iterator[Box]:
        """Open a box for messages of these types; what is sent to other stations is left out."""
        box = Box(where)
        for name in names:
            self._boxes.setdefault(name, []).append(box)
        try:
            yield box
        finally:
            for name in names:
                self._boxes[name].remove(box)
                if not self._boxes[name]:
                    del self._boxes[name]

    def wanted(self, name: str) -> bool:
        """Whether somebody waits for messages of a type."""
        return name in self._boxes

    def hand(self, name: str, message: Any) -> None:
        """Hand a message to whoever waits for its type."""
        for box in self._boxes.get(name, ()):
            box.put(message)
