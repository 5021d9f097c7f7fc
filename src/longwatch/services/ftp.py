"""File transfer over MAVLink: the operations, by the request, its sequence number and session.

Each client (link, system, component) has a few sessions of its own, which close when they are
long idle. A request that comes again with its sequence number gets the last reply again; an
operation that is not known is refused at once. Bursts and checksums of long files go on in poll,
a little at a time, so that nobody else waits. (MAVLink, "File Transfer Protocol"; every request is
answered with its sequence number plus one.)
"""

import errno
import struct
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services import files
from longwatch.services.craft import Craft, Sender, Service
from longwatch.services.files import Reading, Tree
from longwatch.services.metadata import metadata_files
from longwatch.services.parameter_list import crc32

DATA = 239
_HEADER = struct.Struct("<HBBBBBBI")
MOST_CLIENTS, MOST_SESSIONS = 16, 4
# A session that is not used for so long may be closed [s of wall time].
IDLE = 30.0
# Packets of one burst, and how many of them go out at one poll.
BURST, AT_ONCE = 64, 8
# Bytes of a checksum at one poll.
SUMMED = 4 << 20

(NONE, TERMINATE, RESET, LIST, OPEN_READ, READ, CREATE, WRITE, REMOVE, MAKE_FOLDER, REMOVE_FOLDER,
 OPEN_WRITE, TRUNCATE, RENAME, CHECKSUM, BURST_READ) = range(16)
ACK, NAK = 128, 129
FAIL, FAIL_ERRNO, INVALID_SIZE, INVALID_SESSION, NO_SESSIONS, END_OF_FILE, UNKNOWN = range(1, 8)
EXISTS, PROTECTED, NOT_FOUND = 8, 9, 10


@dataclass(frozen=True)
class Request:
    """One request, unpacked; ``data`` holds ``size`` bytes, or what a read asks for."""

    sequence: int
    session: int
    opcode: int
    size: int
    offset: int
    data: bytes

    @property
    def path(self) -> str:
        """The data as a path. Raises NotFound where it cannot be one."""
        try:
            return self.data.split(b"\0")[0].decode("ascii")
        except UnicodeDecodeError as error:
            raise files.NotFound from error


class Refusal(Exception):
    """Answered by NAK with this error, and errno where it has one."""

    def __init__(self, error: int, number: int = 0) -> None:
        super().__init__(error)
        self.data = bytes([error, number]) if number else bytes([error])


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


@dataclass
class _Sum:
    request: Request
    reading: Reading
    offset: int = 0
    check: int = 0


@dataclass
class _Client:
    sender: Sender
    used: float
    sessions: dict[int, _Session] = field(default_factory=dict)
    # By session: the request answered last, as it came, and its reply.
    last: OrderedDict[int, tuple[bytes, Any]] = field(default_factory=OrderedDict)
    bursts: dict[int, _Burst] = field(default_factory=dict)
    sums: list[_Sum] = field(default_factory=list)

    def close(self) -> None:
        for session in self.sessions.values():
            session.close()
        for job in self.sums:
            job.reading.close()
        self.sessions.clear()
        self.bursts.clear()
        self.sums.clear()
        self.last.clear()


class Ftp(Service):
    """Answers FILE_TRANSFER_PROTOCOL."""

    messages = ("FILE_TRANSFER_PROTOCOL",)
    capabilities = mavlink.MAV_PROTOCOL_CAPABILITY_FTP

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self.tree = Tree(lambda: metadata_files(craft), craft.logs)
        self._clients: OrderedDict[Sender, _Client] = OrderedDict()
        self._handlers: dict[int, Callable[[Request, _Client], bytes | None]] = {
            NONE: lambda request, client: b"", TERMINATE: self._terminate, RESET: self._reset,
            LIST: self._list, OPEN_READ: self._open, READ: self._read, CREATE: self._create,
            OPEN_WRITE: self._create, WRITE: self._write, REMOVE: self._remove,
            REMOVE_FOLDER: self._remove, MAKE_FOLDER: self._make_folder,
            TRUNCATE: self._truncate, RENAME: self._rename, CHECKSUM: self._checksum,
            BURST_READ: self._burst}

    def handle(self, message: Any, sender: Sender) -> None:
        raw = bytes(message.payload)
        sequence, session, opcode, size, _, _, _, offset = _HEADER.unpack_from(raw)
        if opcode in (ACK, NAK):
            return
        client = self._client(sender)
        if opcode not in (BURST_READ, RESET) and client.last.get(session, (b"",))[0] == raw:
            self.craft.send(client.last[session][1], sender)
            return
        data = raw[_HEADER.size:_HEADER.size + size]
        request = Request(sequence, session, opcode, size, offset, data)
        try:
            if size > DATA:
                raise Refusal(INVALID_SIZE)
            handler = self._handlers.get(opcode)
            if handler is None:
                raise Refusal(UNKNOWN)
            answer = handler(request, client)
        except (Refusal, *_ERRORS) as error:
            refusal = error if isinstance(error, Refusal) else _refusal(error)
            self._reply(request, client, NAK, refusal.data, raw=raw)
            return
        if answer is not None:
            opened = answer if opcode in (OPEN_READ, CREATE, OPEN_WRITE) else b""
            number = opened[0] if opened else session
            self._reply(request, client, ACK, answer[1:] if opened else answer, number, raw)

    def poll(self, wall: float) -> None:
        for client in list(self._clients.values()):
            for number, burst in list(client.bursts.items()):
                if not self._go_on(burst, client):
                    del client.bursts[number]
            client.sums = [job for job in client.sums if not self._summed(job, client)]
            for number, session in list(client.sessions.items()):
                if wall - session.used > IDLE:
                    self._close(client, number)

    def forget(self, link: int) -> None:
        for sender in [sender for sender in self._clients if sender.link == link]:
            self._clients.pop(sender).close()

    # ------------------------------------------------------------------------- sessions

    def _client(self, sender: Sender) -> _Client:
        wall = self.craft.wall()
        client = self._clients.pop(sender, None) or _Client(sender, wall)
        client.used = wall
        self._clients[sender] = client
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)[1].close()
        return client

    def _new(self, request: Request, client: _Client, session: _Session) -> int:
        # Some clients go on with the number they asked with, others with the one they are given:
        # it is the same wherever it is free.
        free = [n for n in (request.session, *range(MOST_SESSIONS)) if n not in client.sessions]
        if len(client.sessions) >= MOST_SESSIONS or not free:
            session.close()
            raise Refusal(NO_SESSIONS)
        client.sessions[free[0]] = session
        return free[0]

    def _session(self, request: Request, client: _Client) -> _Session:
        session = client.sessions.get(request.session)
        if session is None:
            raise Refusal(INVALID_SESSION)
        session.used = self.craft.wall()
        return session

    def _close(self, client: _Client, number: int) -> None:
        client.bursts.pop(number, None)
        client.sessions.pop(number).close()

    def _terminate(self, request: Request, client: _Client) -> bytes:
        if request.session not in client.sessions:
            raise Refusal(INVALID_SESSION)
        self._close(client, request.session)
        return b""

    def _reset(self, request: Request, client: _Client) -> bytes:
        client.close()
        return b""

    # ------------------------------------------------------------------------- reading

    def _list(self, request: Request, client: _Client) -> bytes:
        found = self.tree.listing(request.path)[request.offset:]
        if not found:
            raise Refusal(END_OF_FILE)
        data = b""
        for entry in found:
            line = (f"D{entry.name}" if entry.size is None else f"F{entry.name}\t{entry.size}")
            if len(data) + len(line) + 1 > DATA:
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
            raise Refusal(END_OF_FILE)
        return data

    def _reading(self, request: Request, client: _Client) -> Reading:
        reading = self._session(request, client).reading
        if reading is None:
            raise Refusal(INVALID_SESSION)
        return reading

    def _burst(self, request: Request, client: _Client) -> None:
        self._reading(request, client)
        session = client.sessions[request.session]
        client.bursts[request.session] = _Burst(request, session, request.sequence, request.offset)

    def _go_on(self, burst: _Burst, client: _Client) -> bool:
        """Send the next packets of a burst; False when it is over."""
        request, reading = burst.request, burst.session.reading
        assert reading is not None
        for _ in range(AT_ONCE):
            if not self.craft.has_room(client.sender.link):
                return True
            data = reading.read(burst.offset, request.size or DATA)
            burst.left -= 1
            over = burst.left == 0 or burst.offset + len(data) >= reading.size
            kind, body = (ACK, data) if data else (NAK, bytes([END_OF_FILE]))
            self._packet(request, client, kind, body, request.session, burst.sequence + 1,
                         burst.offset, over)
            burst.sequence += 1
            burst.offset += len(data)
            if over or not data:
                return False
        burst.session.used = self.craft.wall()
        return True

    def _checksum(self, request: Request, client: _Client) -> None:
        if len(client.sums) >= MOST_SESSIONS:
            raise Refusal(NO_SESSIONS)
        job = _Sum(request, self.tree.open(request.path))
        if not self._summed(job, client):
            client.sums.append(job)

    def _summed(self, job: _Sum, client: _Client) -> bool:
        """Go on with a checksum; True when it has been answered."""
        data = job.reading.read(job.offset, SUMMED)
        job.check = crc32(data, job.check)
        job.offset += len(data)
        if len(data) == SUMMED:
            return False
        job.reading.close()
        self._reply(job.request, client, ACK, struct.pack("<I", job.check))
        return True

    # ------------------------------------------------------------------------- writing

    def _create(self, request: Request, client: _Client) -> bytes:
        data = self.tree.create(request.path, empty=request.opcode == CREATE)
        number = self._new(request, client, _Session(self.craft.wall(), writing=data))
        return bytes([number]) + struct.pack("<I", len(data))

    def _write(self, request: Request, client: _Client) -> bytes:
        session = self._session(request, client)
        if session.writing is None:
            raise Refusal(INVALID_SESSION)
        self.tree.write(session.writing, request.offset, request.data)
        return struct.pack("<I", len(request.data))

    def _remove(self, request: Request, client: _Client) -> bytes:
        self.tree.remove(request.path, folder=request.opcode == REMOVE_FOLDER)
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
            raise Refusal(INVALID_SIZE)
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
            client.last[request.session] = (raw, message)
            if len(client.last) > 2 * MOST_SESSIONS:
                client.last.popitem(last=False)

    def _packet(self, request: Request, client: _Client, kind: int, data: bytes, session: int,
                sequence: int, offset: int, complete: bool) -> Any:
        header = _HEADER.pack(sequence & 0xFFFF, session, kind, len(data), request.opcode,
                              int(complete), 0, offset)
        message = mavlink.MAVLink_file_transfer_protocol_message(
            0, client.sender.system, client.sender.component,
            (header + data).ljust(_HEADER.size + DATA, b"\0"))
        self.craft.send(message, client.sender)
        return message


_ERRORS = (files.NotFound, files.Protected, files.Exists, files.Full, OSError)


def _refusal(error: BaseException) -> Refusal:
    if isinstance(error, files.NotFound):
        return Refusal(NOT_FOUND)
    if isinstance(error, files.Protected):
        return Refusal(PROTECTED)
    if isinstance(error, files.Exists):
        return Refusal(EXISTS)
    if isinstance(error, files.Full):
        return Refusal(FAIL_ERRNO, errno.ENOSPC)
    return Refusal(FAIL_ERRNO, min(getattr(error, "errno", 0) or errno.EIO, 255))
