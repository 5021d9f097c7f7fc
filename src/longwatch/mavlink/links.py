"""Sockets: where links begin. UDP that speaks first and learns who answers, and TCP.

All of them run in the caller's asyncio loop. Addresses outside this machine are opened only
when somebody names them.
"""

import asyncio
import errno
import socket
from dataclasses import dataclass
from typing import Any

from longwatch.errors import LinkError
from longwatch.mavlink.frames import MAXIMUM, Parser
from longwatch.mavlink.link import Link
from longwatch.mavlink.router import Router

Address = tuple[str, int]

MAXIMUM_PEERS = 32
"""Peers that one port takes; a silent one makes room for a new one."""
PEERS_OF_ONE_HOST = 16
"""Of those, from one address beyond this machine."""
MAXIMUM_WAITING = 1 << 20
"""Bytes that may wait for a peer to take them before frames are dropped."""
STUCK_S = 30.0
"""A TCP client that takes nothing for so long is cut off [wall s]."""


_REASONS = {
    errno.EADDRINUSE: "another program, or another run, uses it; name another port",
    errno.EADDRNOTAVAIL: "it is no address of this machine; name one that is",
    errno.EACCES: "that needs more rights; name a port of 1024 or above",
}


def _refused(kind: str, address: Address, error: Exception) -> LinkError:
    host, port = address
    reason = _REASONS.get(getattr(error, "errno", None) or 0, str(error))
    return LinkError(f"{kind} {host}:{port} cannot be opened: {reason}")


def _room(router: Router, links: dict[Address, Link], host: str) -> bool:
    """Whether a port with these links has room for one more from ``host``, made if need be."""
    same = [link for peer, link in links.items() if peer[0] == host]
    if not host.startswith("127.") and len(same) >= PEERS_OF_ONE_HOST:
        return router.make_room(same)
    return len(links) < MAXIMUM_PEERS or router.make_room(list(links.values()))


class UdpPort(asyncio.DatagramProtocol):
    """One UDP socket: a lasting link to each of its targets, a fleeting one to whoever else
    sends a MAVLink frame to it."""

    def __init__(self, router: Router, targets: tuple[Address, ...],
                 systems: frozenset[int] | None) -> None:
        self._router = router
        self._systems = systems
        self._targets = targets
        self._transport: Any = None
        self.links: dict[Address, Link] = {}

    @property
    def address(self) -> Address:
        """The socket's own address."""
        host, port = self._transport.get_extra_info("sockname")[:2]
        return str(host), int(port)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        for target in self._targets:
            self._join(target, lasting=True)

    def _join(self, peer: Address, lasting: bool) -> Link | None:
        link = Link(f"udp {peer[0]}:{peer[1]}", lambda raw: self._transmit(raw, peer),
                    self._systems, lasting=lasting, fleeting=not lasting,
                    close=lambda: self._leave(peer))
        if not self._router.attach(link):
            return None
        self.links[peer] = link
        return link

    def _transmit(self, raw: bytes, peer: Address) -> None:
        if self._transport.get_write_buffer_size() + len(raw) <= MAXIMUM_WAITING:
            self._transport.sendto(raw, peer)
        else:
            self.links[peer].sent.dropped += 1

    def _leave(self, peer: Address) -> None:
        self.links.pop(peer, None)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        peer = (str(addr[0]), int(addr[1]))
        link = self.links.get(peer)
        if link is None:
            # A stray datagram is no peer: only one that begins with a frame.
            first = next(Parser().looks(data[:MAXIMUM], datagram=True), None)
            if first is None or not _room(self._router, self.links, peer[0]):
                return
            link = self._join(peer, lasting=False)
        if link is not None:
            self._router.receive(link, data, datagram=True)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there yet: no reason to stop."""

    def close(self) -> None:
        """Close the socket and leave all peers."""
        for link in list(self.links.values()):
            self._router.detach(link)
        self.links.clear()
        self._transport.close()


async def open_udp(router: Router, targets: tuple[Address, ...] = (),
                   listen: Address | None = None,
                   systems: frozenset[int] | None = None) -> UdpPort:
    """Speak to ``targets`` and to who answers; from the port ``listen``, or any free one.

    ``systems`` are the aircraft that it carries (None: all). Raises ``LinkError``.
    """
    if listen is None:
        beyond = any(not host.startswith("127.") and host != "localhost" for host, _ in targets)
        listen = ("0.0.0.0" if beyond else "127.0.0.1", 0)
    resolved = []
    for host, port in targets:
        try:
            resolved.append((socket.gethostbyname(host), port))
        except OSError as error:
            raise _refused("UDP", (host, port), error) from None
    loop = asyncio.get_running_loop()
    try:
        _, opened = await loop.create_datagram_endpoint(
            lambda: UdpPort(router, tuple(resolved), systems), local_addr=listen,
            family=socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise _refused("UDP", listen, error) from None
    return opened


class _TcpClient(asyncio.Protocol):
    """One TCP client."""

    def __init__(self, port: "TcpPort") -> None:
        self._port = port
        self._link: Link | None = None
        self._transport: Any = None
        self._resume: asyncio.TimerHandle | None = None
        self._stuck: float | None = None
        self._peer: Address = ("", 0)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer = transport.get_extra_info("peername")
        link = Link(f"tcp {peer[0]}:{peer[1]}", self._transmit, self._port.systems,
                    close=self.close)
        port, self._peer = self._port, (str(peer[0]), int(peer[1]))
        if not _room(port.router, port.links, self._peer[0]) or not port.router.attach(link):
            transport.abort()
            return
        self._link = link
        port.clients.add(self)
        port.links[self._peer] = link

    def _transmit(self, raw: bytes) -> None:
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() + len(raw) <= MAXIMUM_WAITING:
            self._stuck = None
            self._transport.write(raw)
            return
        now = asyncio.get_running_loop().time()
        self._stuck = now if self._stuck is None else self._stuck
        if self._link is not None:
            self._link.sent.dropped += 1
        if now - self._stuck > STUCK_S:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._link is None:
            return
        wait = self._port.router.receive(self._link, data)
        if wait > 0.0 and self._resume is None:
            self._transport.pause_reading()
            self._resume = asyncio.get_running_loop().call_later(wait, self._read_on)

    def _read_on(self) -> None:
        self._resume = None
        if self._transport.is_closing() or self._link is None:
            return
        wait = self._port.router.wait(self._link)
        if wait > 0.0:
            self._resume = asyncio.get_running_loop().call_later(wait, self._read_on)
        else:
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._resume is not None:
            self._resume.cancel()
        self._port.clients.discard(self)
        if self._link is not None:
            self._port.links.pop(self._peer, None)
            self._port.router.detach(self._link)

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()


@dataclass(eq=False)
class TcpPort:
    """One listening TCP port: a link to each of its clients."""

    router: Router
    systems: frozenset[int] | None
    server: Any = None

    def __post_init__(self) -> None:
        self.clients: set[_TcpClient] = set()
        self.links: dict[Address, Link] = {}

    @property
    def address(self) -> Address:
        """The port's own address."""
        host, port = self.server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    def close(self) -> None:
        """Stop listening and hang up on all clients."""
        self.server.close()
        for client in list(self.clients):
            client.close()


async def open_tcp(router: Router, listen: Address,
                   systems: frozenset[int] | None = None) -> TcpPort:
    """Listen on ``listen``. ``systems``: the aircraft it carries (None: all). Raises ``LinkError``.
    """
    port = TcpPort(router, systems)
    loop = asyncio.get_running_loop()
    try:
        port.server = await loop.create_server(lambda: _TcpClient(port), *listen,
                                               family=socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise _refused("TCP", listen, error) from None
    return port
