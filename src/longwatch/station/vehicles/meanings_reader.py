"""Reads what a vehicle tells of its parameters.

Ours and a PX4 keep that in files aboard, named by COMPONENT_METADATA (MAVLink, "Component
Metadata Protocol"); an ArduPilot keeps no meanings aboard, but lists its defaults with its values
(``@PARAM/param.pck``). What is not aboard is not looked for elsewhere: the station speaks MAVLink
alone.
"""

import json
import lzma
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.commands import request
from longwatch.station.vehicles.file_reader import FileError, read_file
from longwatch.station.vehicles.meanings import Meaning, packed_defaults, parse
from longwatch.station.vehicles.vehicle import Vehicle

LARGEST = 16 << 20
"""Bytes of an unpacked file."""
_XZ = b"\xfd7zXZ\0"
_PARAMETER = int(mavlink.COMP_METADATA_TYPE_PARAMETER)
_PACKED = "@PARAM/param.pck?withdefaults=1"


async def fetch(vehicle: Vehicle) -> None:
    """Read them from the vehicle; what comes of it stands in their ``state``."""
    meanings = vehicle.meanings
    meanings.begin()
    try:
        meanings.fill(await (
            _defaults(vehicle) if vehicle.family == "ardupilot" else _described(vehicle)))
    except (FileError, ValueError, lzma.LZMAError, RecursionError) as error:
        meanings.fail(str(error))
    finally:
        meanings.end()


async def _described(vehicle: Vehicle) -> dict[str, Meaning]:
    """Through the file that lists the others; {} where the vehicle names none."""
    uri = await _general_uri(vehicle)
    if not uri:
        return {}
    general = _opened(await read_file(vehicle, _path(uri)))
    listed = general.get("metadataTypes") if isinstance(general, dict) else None
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and entry.get("type") == _PARAMETER:
            for key in ("uri", "uriMetaDataFallback", "uriFallback"):
                if isinstance(entry.get(key), str) and entry[key].startswith("mftp://"):
                    return parse(_opened(await read_file(vehicle, _path(entry[key]))))
    return {}


async def _general_uri(vehicle: Vehicle) -> str:
    for number, name, field in (
            (mavlink.MAVLINK_MSG_ID_COMPONENT_METADATA, "COMPONENT_METADATA", "uri"),
            (mavlink.MAVLINK_MSG_ID_COMPONENT_INFORMATION, "COMPONENT_INFORMATION",
             "general_metadata_uri")):
        with vehicle.exchange.listen(name) as box:
            result = await request(vehicle, number)
            if result == "no_answer":
                raise FileError(f"{vehicle.name} does not answer")
            message = await box.next(1.0) if result == "accepted" else None
        if message is not None:
            found = getattr(message, field)
            uri = found if isinstance(found, str) else bytes(found).decode("ascii", "replace")
            if uri.startswith("mftp://"):
                return uri.split("\0")[0]
    return ""


def _path(uri: str) -> str:
    """The path of an address of a file aboard; a component named in brackets is left out."""
    path = uri.removeprefix("mftp://")
    return path.partition("]")[2] if path.startswith("[") else path


def _opened(data: bytes) -> Any:
    """The JSON of a file, unpacked within bounds. Raises ValueError, LZMAError."""
    if data.startswith(_XZ):
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=64 << 20)
        data = unpacker.decompress(data, LARGEST)
        if not unpacker.eof:
            raise ValueError(f"unfolds into more than {LARGEST >> 20} MB, or is cut short")
    return json.loads(data.decode("utf-8", "replace"))


async def _defaults(vehicle: Vehicle) -> dict[str, Meaning]:
    if not vehicle.capabilities & mavlink.MAV_PROTOCOL_CAPABILITY_FTP:
        return {}
    return packed_defaults(await read_file(vehicle, _PACKED))
