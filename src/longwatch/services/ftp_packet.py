"""A packet of MAVLink FTP: its header, operations, errors, and the request that it carries.

(MAVLink, "File Transfer Protocol": payload format, opcodes, error codes.)
"""

import errno
import struct
from dataclasses import dataclass

from longwatch.services import files

DATA = 239
HEADER = struct.Struct("<HBBBBBBI")
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


def packed(request: Request, kind: int, data: bytes, session: int, sequence: int, offset: int,
           complete: bool) -> bytes:
    """The payload that answers a request, filled up to its full size."""
    header = HEADER.pack(sequence & 0xFFFF, session, kind, len(data), request.opcode,
                         int(complete), 0, offset)
    return (header + data).ljust(HEADER.size + DATA, b"\0")


ERRORS = (files.NotFound, files.Protected, files.Exists, files.Full, OSError)


def refusal(error: BaseException) -> Refusal:
    """What a failure of the tree is answered with."""
    if isinstance(error, files.NotFound):
        return Refusal(NOT_FOUND)
    if isinstance(error, files.Protected):
        return Refusal(PROTECTED)
    if isinstance(error, files.Exists):
        return Refusal(EXISTS)
    if isinstance(error, files.Full):
        return Refusal(FAIL_ERRNO, errno.ENOSPC)
    return Refusal(FAIL_ERRNO, min(getattr(error, "errno", 0) or errno.EIO, 255))
