"""A station in memory: what a client does to a router, without sockets."""

from collections import deque
from typing import Any

from longwatch.mavlink.frames import Frame, Parser, encode
from longwatch.mavlink.link import Link
from longwatch.mavlink.router import Router

_REMEMBERED = 100_000


class Station:
    """A client on a link of its own to ``router``.

    ``received`` keeps the frames that came, oldest first; what is sent is handled before
    ``send`` returns.
    """

    def __init__(self, router: Router, system: int = 255, component: int = 190,
                 systems: frozenset[int] | None = None, name: str = "loopback") -> None:
        self.system = system
        self.component = component
        self.received: deque[Frame] = deque(maxlen=_REMEMBERED)
        self.link = Link(name, self._arrive, systems)
        self._router = router
        self._parser = Parser()
        self._sequence = 0
        router.attach(self.link)

    def _arrive(self, raw: bytes) -> None:
        self.received.extend(self._parser.feed(raw))

    def send(self, message: Any) -> None:
        """Send one message."""
        self.send_raw(encode(message, self.system, self.component, self._sequence))
        self._sequence = (self._sequence + 1) % 256

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._router.receive(self.link, data)

    def take(self, name: str = "") -> list[Any]:
        """The messages that came, of one type or all, and forget them."""
        taken = [frame for frame in self.received if name in ("", frame.name)]
        left = [frame for frame in self.received if name not in ("", frame.name)]
        self.received = deque(left, maxlen=_REMEMBERED)
        return [frame.message for frame in taken if frame.message is not None]

    def close(self) -> None:
        """Leave without a word."""
        self._router.detach(self.link)


def pair(first: Router, second: Router, name: str = "loopback") -> tuple[Link, Link]:
    """Join two routers by a link in memory; the first's end and the second's."""
    here = Link(name, lambda raw: _over(second, there, raw))
    there = Link(name, lambda raw: _over(first, here, raw))
    first.attach(here)
    second.attach(there)
    return here, there


def _over(router: Router, link: Link, raw: bytes) -> None:
    router.receive(link, raw)
