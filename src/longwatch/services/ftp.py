"""File transfer over MAVLink: the operations, by the request, its sequence number and session.

Each client (link, system, component) has a few sessions of its own, which close when they are
long idle. A request that comes again with its sequence number gets the last reply again; an
operation that is not known is refused at once. Bursts go on in poll, a few packets at a time for
all clients together, and checksums beside the loop, a piece of one file after the other, so that
nobody else waits. (MAVLink, "File Transfer Protocol"; every request is
answered with its sequence number plus one.)
"""

import struct
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services import ftp_packet as packet
from longwatch.services.beside import Job
from longwatch.services.component import Service
from longwatch.services.craft import Craft, Sender
from longwatch.services.files import Reading, Tree
from longwatch.services.ftp_packet import Refusal, Request, packed, refusal
from longwatch.services.metadata import metadata_files
from longwatch.services.parameter_list import crc32

MOST_CLIENTS, MOST_SESSIONS = 16, 4
# A session that is not used for so long may be closed [s of wall time].
IDLE = 30.0
# After so long the same bytes are a new request: of a client that was started again [s].
REPEATED = 10.0
# Packets of one burst, and how many of them, and of all bursts, go out at one poll.
BURST, AT_ONCE, MOST_AT_ONCE = 64, 8, 32
# Bytes of a checksum at a time.
SUMMED = 1 << 20


@dataclass
class _Session:
    used: float
    reading: Reading | None = None
    writing: bytearray | None = None

    def close(self) -> None:
        if self.reading is not None:
            self.reading.close()


@dataclass
class _Burst:
    request: Request
    session: _Session
    sequence: int
    offset: int
    left: int = BURST


@dataclass(eq=False)
class _Sum:
    request: Request
    client: "_Client"
    reading: Reading
    offset: int = 0
    check: int = 0
    piece: Job | None = None
    dropped: bool = False


@dataclass(eq=False)
class _Client:
    sender: Sender
    used: float
    sessions: dict[int, _Session] = field(default_factory=dict)
    # By session: the request answered last, as it came, its reply, and when.
    last: OrderedDict[int, tuple[bytes, Any, float]] = field(default_factory=OrderedDict)
    bursts: dict[int, _Burst] = field(default_factory=dict)

    def close(self) -> None:
        for session in self.sessions.values():
            session.close()
        self.sessions.clear()
        self.bursts.clear()
        self.last.clear()


class Ftp(Service):
    """Answers FILE_TRANSFER_PROTOCOL."""

    messages = ("FILE_TRANSFER_PROTOCOL",)
    capabilities = mavlink.MAV_PROTOCOL_CAPABILITY_FTP

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        described = craft.beside.file(metadata_files, craft)
        self.tree = Tree(described.result, craft.logs)
        self._clients: OrderedDict[Sender, _Client] = OrderedDict()
        self._sums: deque[_Sum] = deque()
        self._turn = 0
        self._handlers: dict[int, Callable[[Request, _Client], bytes | None]] = {
            packet.NONE: lambda request, client: b"", packet.TERMINATE: self._terminate,
            packet.RESET: self._reset, packet.LIST: self._list, packet.OPEN_READ: self._open,
            packet.READ: self._read, packet.CREATE: self._create, packet.OPEN_WRITE: self._create,
            packet.WRITE: self._write, packet.REMOVE: self._remove,
            packet.REMOVE_FOLDER: self._remove, packet.MAKE_FOLDER: self._make_folder,
            packet.TRUNCATE: self._truncate, packet.RENAME: self._rename,
            packet.CHECKSUM: self._checksum, packet.BURST_READ: self._burst}

    def handle(self, message: Any, sender: Sender) -> None:
        raw = bytes(message.payload)
        sequence, session, opcode, size, _, _, _, offset = packet.HEADER.unpack_from(raw)
        if opcode in (packet.ACK, packet.NAK):
            return
        client = self._client(sender)
        last, reply, answered = client.last.get(session, (b"", None, 0.0))
        if (last == raw and client.used - answered < REPEATED
                and opcode not in (packet.BURST_READ, packet.RESET)):
            self.craft.send(reply, sender)
            return
        data = raw[packet.HEADER.size:packet.HEADER.size + size]
        request = Request(sequence, session, opcode, size, offset, data)
        try:
            if size > packet.DATA:
                raise Refusal(packet.INVALID_SIZE)
            handler = self._handlers.get(opcode)
            if handler is None:
                raise Refusal(packet.UNKNOWN)
            answer = handler(request, client)
        except (Refusal, *packet.ERRORS) as error:
            told = error if isinstance(error, Refusal) else refusal(error)
            self._reply(request, client, packet.NAK, told.data, raw=raw)
            return
        if answer is not None:
            opened = opcode in (packet.OPEN_READ, packet.CREATE, packet.OPEN_WRITE)
            number, data = (answer[0], answer[1:]) if opened else (session, answer)
            self._reply(request, client, packet.ACK, data, number, raw)

    def poll(self, wall: float) -> None:
        self._burst_on()
        self._sum_on()
        for client in list(self._clients.values()):
            for number, session in list(client.sessions.items()):
                if wall - session.used > IDLE:
                    self._close(client, number)

    def forget(self, link: int) -> None:
        for sender in [sender for sender in self._clients if sender.link == link]:
            self._end(self._clients.pop(sender))

    # ------------------------------------------------------------------------- sessions

    def _client(self, sender: Sender) -> _Client:
        wall = self.craft.wall()
        client = self._clients.pop(sender, None) or _Client(sender, wall)
        client.used = wall
        self._clients[sender] = client
        if len(self._clients) > MOST_CLIENTS:
            self._end(self._clients.popitem(last=False)[1])
        return client

    def _end(self, client: _Client) -> None:
        """Let go of all that a client has under way."""
        client.close()
        for job in self._sums:
            job.dropped = job.dropped or job.client is client

    def _new(self, request: Request, client: _Client, session: _Session) -> int:
        # Some clients go on with the number they asked with, others with the one they are given:
        # it is the same wherever it is free.
        free = [n for n in (request.session, *range(MOST_SESSIONS)) if n not in client.sessions]
        if len(client.sessions) >= MOST_SESSIONS or not free:
            session.close()
            raise Refusal(packet.NO_SESSIONS)
        client.sessions[free[0]] = session
        return free[0]

    def _session(self, request: Request, client: _Client) -> _Session:
        session = client.sessions.get(request.session)
        if session is None:
            raise Refusal(packet.INVALID_SESSION)
        session.used = self.craft.wall()
        return session

    def _close(self, client: _Client, number: int) -> None:
        client.bursts.pop(number, None)
        client.sessions.pop(number).close()

    def _terminate(self, request: Request, client: _Client) -> bytes:
        if request.session not in client.sessions:
            raise Refusal(packet.INVALID_SESSION)
        self._close(client, request.session)
        return b""

    def _reset(self, request: Request, client: _Client) -> bytes:
        self._end(client)
        return b""

    # ------------------------------------------------------------------------- reading

    def _list(self, request: Request, client: _Client) -> bytes:
        found = self.tree.listing(request.path)[request.offset:]
        if not found:
            raise Refusal(packet.END_OF_FILE)
        data = b""
        for entry in found:
            line = (f"D{entry.name}" if entry.size is None else f"F{entry.name}\t{entry.size}")
            if len(data) + len(line) + 1 > packet.DATA:
                break
            data += line.encode("ascii") + b"\0"
        return data

    def _open(self, request: Request, client: _Client) -> bytes:
        reading = self.tree.open(request.path)
        number = self._new(request, client, _Session(self.craft.wall(), reading))
        return bytes([number]) + struct.pack("<I", min(reading.size, 0xFFFFFFFF))

    def _read(self, request: Request, client: _Client) -> bytes:
        data = self._reading(request, client).read(request.offset, request.size)
        if not data:
            raise Refusal(packet.END_OF_FILE)
        return data

    def _reading(self, request: Request, client: _Client) -> Reading:
        reading = self._session(request, client).reading
        if reading is None:
            raise Refusal(packet.INVALID_SESSION)
        return reading

    def _burst(self, request: Request, client: _Client) -> None:
        self._reading(request, client)
        session = client.sessions[request.session]
        client.bursts[request.session] = _Burst(request, session, request.sequence, request.offset)

    def _burst_on(self) -> None:
        """Send the next packets of some bursts, each poll going on where the last one ended."""
        running = [(client, number) for client in self._clients.values()
                   for number in client.bursts]
        share = self._turn % len(running) if running else 0
        self._turn = share + MOST_AT_ONCE // AT_ONCE
        for client, number in (running[share:] + running[:share])[:MOST_AT_ONCE // AT_ONCE]:
            if not self._go_on(client.bursts[number], client):
                del client.bursts[number]

    def _go_on(self, burst: _Burst, client: _Client) -> bool:
        """Send the next packets of a burst; False when it is over."""
        request, reading = burst.request, burst.session.reading
        assert reading is not None
        for _ in range(AT_ONCE):
            if not self.craft.has_room(client.sender.link):
                return True
            data = reading.read(burst.offset, request.size or packet.DATA)
            burst.left -= 1
            over = burst.left == 0 or burst.offset + len(data) >= reading.size
            kind, body = (packet.ACK, data) if data else (packet.NAK, bytes([packet.END_OF_FILE]))
            self._packet(request, client, kind, body, request.session, burst.sequence + 1,
                         burst.offset, over)
            burst.sequence += 1
            burst.offset += len(data)
            if over or not data:
                return False
        burst.session.used = self.craft.wall()
        return True

    def _checksum(self, request: Request, client: _Client) -> None:
        if sum(job.client is client and not job.dropped for job in self._sums) >= MOST_SESSIONS:
            raise Refusal(packet.NO_SESSIONS)
        self._sums.append(_Sum(request, client, self.tree.open(request.path)))
        self._sum_on()

    def _sum_on(self) -> None:
        """Go on with the checksum in front, one piece of one file at a time."""
        whole = True
        while self._sums:
            job = self._sums[0]
            if job.piece is None:
                job.piece = self.craft.beside.file(_summed, job.reading, job.offset, job.check)
            # After a piece of a longer file the next one is begun, and looked at in the next poll.
            if not whole or not job.piece.ready():
                return
            self._sums.popleft()
            job.check, read = job.piece.result()
            job.piece, job.offset = None, job.offset + read
            if read == SUMMED and not job.dropped:
                self._sums.append(job)
                whole = False
                continue
            job.reading.close()
            if not job.dropped:
                self._reply(job.request, job.client, packet.ACK, struct.pack("<I", job.check))

    # ------------------------------------------------------------------------- writing

    def _create(self, request: Request, client: _Client) -> bytes:
        data = self.tree.create(request.path, empty=request.opcode == packet.CREATE)
        number = self._new(request, client, _Session(self.craft.wall(), writing=data))
        return bytes([number]) + struct.pack("<I", len(data))

    def _write(self, request: Request, client: _Client) -> bytes:
        session = self._session(request, client)
        if session.writing is None:
            raise Refusal(packet.INVALID_SESSION)
        self.tree.write(session.writing, request.offset, request.data)
        return struct.pack("<I", len(request.data))

    def _remove(self, request: Request, client: _Client) -> bytes:
        self.tree.remove(request.path, folder=request.opcode == packet.REMOVE_FOLDER)
        return b""

    def _make_folder(self, request: Request, client: _Client) -> bytes:
        self.tree.make_folder(request.path)
        return b""

    def _truncate(self, request: Request, client: _Client) -> bytes:
        self.tree.truncate(request.path, request.offset)
        return b""

    def _rename(self, request: Request, client: _Client) -> bytes:
        names = request.data.split(b"\0")
        if len(names) < 2 or not all(name.isascii() for name in names[:2]):
            raise Refusal(packet.INVALID_SIZE)
        self.tree.rename(names[0].decode("ascii"), names[1].decode("ascii"))
        return b""

    # ------------------------------------------------------------------------- answering

    def _reply(self, request: Request, client: _Client, kind: int, data: bytes,
               session: int | None = None, raw: bytes = b"") -> None:
        number = request.session if session is None else session
        message = self._packet(request, client, kind, data, number, request.sequence + 1,
                               request.offset, False)
        if raw:
            client.last.pop(request.session, None)
            client.last[request.session] = (raw, message, client.used)
            if len(client.last) > 2 * MOST_SESSIONS:
                client.last.popitem(last=False)

    def _packet(self, request: Request, client: _Client, kind: int, data: bytes, session: int,
                sequence: int, offset: int, complete: bool) -> Any:
        message = mavlink.MAVLink_file_transfer_protocol_message(
            0, client.sender.system, client.sender.component,
            packed(request, kind, data, session, sequence, offset, complete))
        self.craft.send(message, client.sender)
        return message


def _summed(reading: Reading, offset: int, check: int) -> tuple[int, int]:
    """The checksum with the next piece of a file, and how long that was; 0 where it cannot be."""
    try:
        data = reading.read(offset, SUMMED)
    except OSError:
        data = b""
    return crc32(data, check), len(data)
