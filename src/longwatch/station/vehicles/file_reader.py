"""Files aboard a vehicle, read by MAVLink FTP: in bursts, and what a burst lacks piece by piece.

(MAVLink, "File Transfer Protocol": payload format, opcodes, error codes.)
"""

import asyncio
import struct
from typing import Any

from longwatch.errors import LongwatchError
from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.connections import SYSTEM
from longwatch.station.vehicles.exchange import Box
from longwatch.station.vehicles.vehicle import Vehicle

LARGEST = 4 << 20
"""Bytes of a file that is read."""
MOST_S = 180.0
"""So long may a file take."""
_PIECE = 239
_HEADER = struct.Struct("<HBBBBBBI")
_TERMINATE, _OPEN, _READ, _BURST = 1, 4, 5, 15
_ACK, _NAK = 128, 129
_UNKNOWN, _END = 7, 6
_TRIES, _WAIT_S, _QUIET_S = 6, 1.0, 0.5
_ERRORS = {1: "it fails", 2: "it fails", 4: "the session is gone", 5: "it has no session free",
           6: "there is no more", 7: "it does not know this request", 9: "the file is protected",
           10: "it has no such file"}


class FileError(LongwatchError):
    """A file that could not be read."""


class _Packet:
    """One packet of the vehicle's, unpacked."""

    def __init__(self, message: Any) -> None:
        raw = bytes(message.payload)
        (self.sequence, self.session, self.opcode, size, self.asked, self.complete, _,
         self.offset) = _HEADER.unpack_from(raw)
        self.data = raw[_HEADER.size:_HEADER.size + min(size, _PIECE)]
        self.error = self.data[0] if self.opcode == _NAK and self.data else 0


async def read_file(vehicle: Vehicle, path: str) -> bytes:
    """The whole of a file aboard. Raises FileError, with the vehicle's reason."""
    def ours(message: Any) -> bool:
        return bool(message.target_system in (0, SYSTEM))

    try:
        async with asyncio.timeout(MOST_S), vehicle.files:
            with vehicle.exchange.listen("FILE_TRANSFER_PROTOCOL", where=ours) as box:
                return await _Reading(vehicle, box, path).run()
    except TimeoutError:
        raise FileError(f"{path}: did not come within {MOST_S:.0f} s") from None


class _Reading:
    """One file on its way."""

    def __init__(self, vehicle: Vehicle, box: Box, path: str) -> None:
        self.vehicle, self.box, self.path = vehicle, box, path
        self.sequence = self.session = self.size = 0
        self.bursts = True
        self.pieces: dict[int, bytes] = {}

    async def run(self) -> bytes:
        opened = await self._ask(_OPEN, 0, 0, self.path.encode("ascii", "replace")[:_PIECE])
        if len(opened.data) < 4:
            raise FileError(f"{self.path}: {self.vehicle.name} does not say how long it is")
        self.session, (self.size,) = opened.session, struct.unpack_from("<I", opened.data)
        try:
            if self.size > LARGEST:
                raise FileError(f"{self.path}: has {self.size} bytes; at most {LARGEST} are read")
            return await self._pieces()
        finally:
            self.sequence += 1
            self._send(_TERMINATE, 0, 0, b"")

    async def _pieces(self) -> bytes:
        data = bytearray()
        while len(data) < self.size:
            if self.bursts and not self.pieces:
                await self._burst(len(data))
            if len(data) not in self.pieces:
                answer = await self._ask(_READ, len(data), _PIECE)
                if not answer.data or answer.offset != len(data):
                    raise FileError(f"{self.path}: ends before its size")
                self.pieces[len(data)] = answer.data
            while (piece := self.pieces.pop(len(data), None)) is not None:
                data += piece
            self.pieces = {at: piece for at, piece in self.pieces.items() if at > len(data)}
        return bytes(data[:self.size])

    async def _burst(self, offset: int) -> None:
        """Take in what one burst brings; a vehicle that knows none is asked piece by piece."""
        self.sequence += 1
        self._send(_BURST, offset, _PIECE, b"")
        wait = _WAIT_S + 2.0 * (self.vehicle.round_trip or 0.0)
        while len(self.pieces) * _PIECE < self.size and (
                message := await self.box.next(wait)) is not None:
            packet = _Packet(message)
            if packet.asked != _BURST:
                continue
            if packet.opcode == _NAK:
                self.bursts = packet.error == _END
                return
            if packet.data and offset <= packet.offset < self.size:
                self.pieces[packet.offset] = packet.data
            if packet.complete or packet.offset + len(packet.data) >= self.size:
                return
            wait = _QUIET_S

    async def _ask(self, opcode: int, offset: int, size: int, data: bytes = b"") -> _Packet:
        """Ask until it is answered; what else comes meanwhile is passed over."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        loop = asyncio.get_running_loop()
        for _ in range(_TRIES):
            self._send(opcode, offset, size, data)
            end = loop.time() + _WAIT_S + 2.0 * (self.vehicle.round_trip or 0.0)
            while (left := end - loop.time()) > 0.0:
                message = await self.box.next(left)
                if message is None:
                    break
                packet = _Packet(message)
                if packet.asked != opcode or packet.sequence != (self.sequence + 1) & 0xFFFF:
                    continue
                if packet.opcode == _ACK:
                    return packet
                raise FileError(f"{self.path}: {self.vehicle.name} answers that "
                                f"{_ERRORS.get(packet.error, 'it fails')}")
        raise FileError(f"{self.path}: {self.vehicle.name} does not answer")

    def _send(self, opcode: int, offset: int, size: int, data: bytes) -> None:
        header = _HEADER.pack(self.sequence & 0xFFFF, self.session, opcode, size or len(data), 0,
                              0, 0, offset)
        payload = (header + data).ljust(_HEADER.size + _PIECE, b"\0")
        self.vehicle.send(mavlink.MAVLink_file_transfer_protocol_message(
            0, self.vehicle.system, self.vehicle.component, payload))
