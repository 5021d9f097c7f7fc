"""HTTP within an event loop of ours: the socket, the server, and how long it waits for whom.

It waits for a request for a while only, and lets nobody keep others out by waiting: uvicorn by
itself waits for ever. Whoever opens connections and says no more, or half a request,
would keep all that a station serves at once: of those who are not known yet the one
that has waited longest goes when there are too many.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from longwatch.errors import SetupError

PATIENCE = 20.0
"""Seconds from a connection, or from the first byte of a later request, to its whole head."""
KNOWN = "longwatch.known"
"""Key of the scope under which the application says that it knows who asks."""


class Http(H11Protocol):
    """uvicorn's HTTP/1.1, which closes a connection whose next request does not come whole.

    Attributes:
        most_strangers: connections, at most, that are not at a request of somebody known.
        since: when what it is at, a request or none, began; on the loop's clock.
    """

    most_strangers = 128
    since = 0.0
    _waiting: asyncio.TimerHandle | None = None
    _asks: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._make_room()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on while the head is not whole."""
        super().data_received(data)
        if self.cycle is not self._asks:
            self._asks, self.since = self.cycle, self.loop.time()
        self._wait()

    def on_response_complete(self) -> None:
        """It waits for the next request from now on."""
        self.since = self.loop.time()
        super().on_response_complete()

    @property
    def stranger(self) -> bool:
        """Whether it is not at a request of somebody known."""
        under_way = self.cycle is not None and not self.cycle.response_complete
        return not (under_way and self.scope.get(KNOWN, False))

    def _make_room(self) -> None:
        """Drop whoever has waited longest where too many strangers are connected."""
        strangers = [each for each in self.connections
                     if isinstance(each, Http) and each.stranger
                     and not each.transport.is_closing()]
        if len(strangers) > self.most_strangers:
            min(strangers, key=lambda each: each.since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._wait_no_more()

    def _wait(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class QuietServer(uvicorn.Server):
    """uvicorn that says nothing, and leaves signals to whoever runs the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


def quiet_server(application: Any, **options: Any) -> QuietServer:
    """A server of an ASGI application; ``options`` are those of ``uvicorn.Config``."""
    return QuietServer(uvicorn.Config(application, log_level="critical", access_log=False,
                                      lifespan="off", server_header=False, **options))


def listening(what: str, host: str, port: int, option: str, *, waiting: int,
              send_buffer: int | None = None) -> socket.socket:
    """A socket that listens on an address, for an event loop.

    Args:
        what: what the address is of, for people.
        option: the command's, by which another port is named.
        waiting: connections that may wait to be taken.
        send_buffer: bytes that may lie in the kernel for one who does not read; None for its own.

    Raises:
        SetupError: the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as fault:
        raise SetupError(f"{host}: is no address to listen on ({fault.strerror})") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if send_buffer is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        listener.bind(address)
        listener.listen(waiting)
    except OSError as fault:
        listener.close()
        raise SetupError(f"{what} {host}:{port} cannot be had ({fault.strerror}); name another "
                         f"with {option} PORT, or {option} 0 for any") from None
    listener.setblocking(False)
    return listener
