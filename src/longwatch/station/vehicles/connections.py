"""Sockets to vehicles: ``tcp:HOST:PORT``, ``udpin:HOST:PORT``, ``udpout:HOST:PORT``.

A TCP connection is made again for ever, with growing pauses. Each peer is a ``Way`` of its own,
with its parser and its limits: what one peer sends cannot touch what another does. Addresses
beyond this machine are opened only because somebody named them.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from longwatch.errors import LinkError, listed
from longwatch.mavlink.frames import Frame, Parser, encode
from longwatch.mavlink.link import Bucket

SYSTEM, COMPONENT = 252, 190
"""The station's own ids: 253 to 255 are taken by other ground stations out of the box."""
KINDS = ("tcp", "udpin", "udpout")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
MOST_PEERS = 32
MOST_CONNECTIONS = 32
SILENT_S = 60.0
"""A UDP peer that is silent so long is gone."""
# What one peer may send [frames/s, bytes/s], lasting; twice as much at once.
FRAMES_PER_S, OCTETS_PER_S = 8000.0, 2e6
MOST_WAITING = 1 << 20


@dataclass(eq=False)
class Way:
    """One peer: ``transmit(raw)`` hands bytes to its transport."""

    name: str
    transmit: Callable[[bytes], None]
    parser: Parser = field(default_factory=Parser)
    heard: float = 0.0  # loop seconds
    connected: bool = True
    dropped: int = 0  # frames beyond the limit
    sequence: int = 0
    frame_limit: Bucket = field(default_factory=lambda: Bucket(
        FRAMES_PER_S, 2 * FRAMES_PER_S, 2 * FRAMES_PER_S))
    octet_limit: Bucket = field(default_factory=lambda: Bucket(
        OCTETS_PER_S, 2 * OCTETS_PER_S, 2 * OCTETS_PER_S))

    def send(self, message: Any) -> None:
        """Send one message of the station."""
        if self.connected:
            raw = encode(message, SYSTEM, COMPONENT, self.sequence)
            self.sequence = (self.sequence + 1) % 256
            self.transmit(raw)

    def frames(self, data: bytes, now: float, datagram: bool) -> list[Frame]:
        """The frames of ``data``, as many as the limits let through."""
        if datagram and not self.octet_limit.take(len(data), now):
            self.dropped += 1
            return []
        found = self.parser.feed(data, datagram)
        if found:
            self.heard = now
        taken = [frame for frame in found if self.frame_limit.take(1.0, now)]
        self.dropped += len(found) - len(taken)
        return taken


class Ears(Protocol):
    """Who takes in what ways bring: the fleet."""

    def attach(self, way: Way) -> None:
        """A peer is there."""

    def detach(self, way: Way) -> None:
        """A peer is gone for good."""

    def arrive(self, way: Way, data: bytes, datagram: bool = False) -> None:
        """Bytes of a peer."""


@dataclass(frozen=True)
class Address:
    """An address as the user named it."""

    kind: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.host}:{self.port}"


def parse(addresses: tuple[str, ...] | list[str]) -> list[Address]:
    """All addresses, or LinkError with everything that is wrong with them."""
    found, faults = [], []
    for text in addresses:
        kind, _, rest = text.partition(":")
        host, _, port = rest.rpartition(":")
        host = host.strip("/")
        if kind not in KINDS or not host or not port.isdigit():
            faults.append(f"{text!r}: write tcp:HOST:PORT, udpin:HOST:PORT or udpout:HOST:PORT")
        elif not (0 if kind == "udpin" else 1) <= int(port) <= 65535:
            faults.append(f"{text!r}: the port must lie within 1 to 65535")
        elif Address(kind, host, int(port)) in found:
            faults.append(f"{text!r}: named twice; name it once")
        else:
            found.append(Address(kind, host, int(port)))
    if len(found) > MOST_CONNECTIONS:
        faults.append(f"{len(found)} addresses; at most {MOST_CONNECTIONS} are opened")
    if faults:
        raise LinkError(listed("addresses of vehicles cannot be used:", faults))
    return found


class _Tcp(asyncio.Protocol):
    """The life of one TCP connection."""

    def __init__(self, owner: "TcpConnection") -> None:
        self.owner = owner
        self.ended = asyncio.get_running_loop().create_future()
        self._transport: Any = None
        self._resume: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        way = self.owner.way
        way.parser, way.connected, way.transmit = Parser(), True, self._transmit

    def _transmit(self, raw: bytes) -> None:
        if not self._transport.is_closing() and (
                self._transport.get_write_buffer_size() < MOST_WAITING):
            self._transport.write(raw)

    def data_received(self, data: bytes) -> None:
        way, loop = self.owner.way, asyncio.get_running_loop()
        way.octet_limit.owe(len(data), loop.time())
        self.owner.ears.arrive(way, data)
        wait = way.octet_limit.wait()
        if wait > 0.0 and self._resume is None:
            self._transport.pause_reading()
            self._resume = loop.call_later(wait, self._read_on)

    def _read_on(self) -> None:
        self._resume = None
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.owner.way.connected = False
        if self._resume is not None:
            self._resume.cancel()
        if not self.ended.done():
            self.ended.set_result(None)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


class TcpConnection:
    """A TCP client that calls again for ever."""

    def __init__(self, address: Address, ears: Ears) -> None:
        self.address, self.ears = address, ears
        self.way = Way(str(address), lambda raw: None, connected=False)
        self._protocol: _Tcp | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to call; whether anybody answers is seen later."""
        self.ears.attach(self.way)
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            began = loop.time()
            with contextlib.suppress(OSError, OverflowError, UnicodeError, TimeoutError):
                async with asyncio.timeout(10.0):
                    _, protocol = await loop.create_connection(
                        lambda: _Tcp(self), self.address.host, self.address.port,
                        family=socket.AF_INET)
                self._protocol = protocol
                await protocol.ended
                if loop.time() - began > LONGEST_PAUSE:
                    pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2.0 * pause, LONGEST_PAUSE)

    async def close(self) -> None:
        """Hang up for good."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._protocol is not None:
            self._protocol.close()
        self.ears.detach(self.way)


class UdpConnection(asyncio.DatagramProtocol):
    """A UDP port: ``udpin`` waits for peers, ``udpout`` speaks first to one."""

    def __init__(self, address: Address, ears: Ears) -> None:
        self.address, self.ears = address, ears
        self.ways: dict[Any, Way] = {}
        self._target: Any = None
        self._transport: Any = None

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._transport.get_extra_info("sockname")[1])

    async def open(self) -> None:
        """Bind. Raises LinkError where that cannot be done."""
        loop, address = asyncio.get_running_loop(), self.address
        try:
            found = await loop.getaddrinfo(address.host, address.port, family=socket.AF_INET,
                                           type=socket.SOCK_DGRAM)
            place = found[0][4]
            beyond = not str(place[0]).startswith("127.")
            own: Any = place if address.kind == "udpin" else (
                "0.0.0.0" if beyond else "127.0.0.1", 0)
            await loop.create_datagram_endpoint(lambda: self, local_addr=own,
                                                family=socket.AF_INET)
        except (OSError, OverflowError, UnicodeError) as error:
            raise LinkError(f"{address} cannot be opened: {error.strerror or error}"
                            if isinstance(error, OSError) else
                            f"{address} cannot be opened: {error}") from None
        if address.kind == "udpout":
            self._target = (str(place[0]), int(place[1]))
            self._join(self._target)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def _join(self, peer: Any) -> Way:
        name = str(self.address) if peer == self._target else f"udp:{peer[0]}:{peer[1]}"
        way = Way(name, lambda raw: self._transmit(raw, peer))
        way.heard = asyncio.get_running_loop().time()
        self.ways[peer] = way
        self.ears.attach(way)
        return way

    def _transmit(self, raw: bytes, peer: Any) -> None:
        if not self._transport.is_closing() and (
                self._transport.get_write_buffer_size() < MOST_WAITING):
            self._transport.sendto(raw, peer)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        peer = (str(addr[0]), int(addr[1]))
        way = self.ways.get(peer)
        if way is None:
            self._forget_silent()
            if self._target is not None or len(self.ways) >= MOST_PEERS or (
                    not Parser().feed(data, datagram=True)):
                return
            way = self._join(peer)
        self.ears.arrive(way, data, datagram=True)

    def _forget_silent(self) -> None:
        now = asyncio.get_running_loop().time()
        for peer, way in list(self.ways.items()):
            if peer != self._target and now - way.heard > SILENT_S:
                del self.ways[peer]
                self.ears.detach(way)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there yet: no reason to stop."""

    async def close(self) -> None:
        """Close the socket."""
        for way in self.ways.values():
            self.ears.detach(way)
        self.ways.clear()
        if self._transport is not None:
            self._transport.close()


Connection = TcpConnection | UdpConnection


async def open_all(addresses: tuple[str, ...] | list[str], ears: Ears) -> list[Connection]:
    """Open every address, or none: LinkError with all that is wrong."""
    opened: list[Connection] = []
    faults = []
    for address in parse(addresses):
        kind = TcpConnection if address.kind == "tcp" else UdpConnection
        connection: Connection = kind(address, ears)
        try:
            await connection.open()
            opened.append(connection)
        except LinkError as error:
            faults.append(str(error))
    if faults:
        for connection in opened:
            await connection.close()
        raise LinkError(listed("addresses of vehicles cannot be used:", faults))
    return opened
