"""What a vehicle itself tells of its parameters: meaning, group, unit, range, default.

Ours and a PX4 keep that in files aboard, named by COMPONENT_METADATA (MAVLink, "Component
Metadata Protocol"); an ArduPilot keeps no meanings aboard, but lists its defaults with its values
(``@PARAM/param.pck``). What is not aboard is not looked for elsewhere: the station speaks MAVLink
alone. Nothing of it is trusted: sizes, types and texts are bounded here.
"""

import json
import lzma
import math
import struct
from typing import TYPE_CHECKING, Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.commands import request
from longwatch.station.vehicles.file_reader import FileError, read_file
from longwatch.station.vehicles.parameters import MOST

if TYPE_CHECKING:
    from longwatch.station.vehicles.vehicle import Vehicle

UNREAD, READING, READ, NONE, FAILED = "unread", "reading", "read", "none", "failed"
LARGEST = 16 << 20
"""Bytes of an unpacked file."""
_MOST_CHOICES = 256
_XZ = b"\xfd7zXZ\0"
_PARAMETER = int(mavlink.COMP_METADATA_TYPE_PARAMETER)
_PACKED = "@PARAM/param.pck?withdefaults=1"
_DEFAULTS_MAGIC = 0x671C
# Numbers of a packed list's types: struct's letter.
_PACKED_TYPES = {1: "b", 2: "h", 3: "i", 4: "f"}
Meaning = dict[str, Any]


class Meanings:
    """What is known of one vehicle's parameters beside their values.

    Attributes:
        state: "unread", "reading", "read", "none" (the vehicle has none aboard), "failed".
        text: why, for people.
    """

    def __init__(self) -> None:
        self.state, self.text = UNREAD, ""
        self._by_name: dict[str, Meaning] = {}

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"state": self.state, "text": self.text, "parameters": self._by_name}

    async def fetch(self, vehicle: "Vehicle") -> None:
        """Read them from the vehicle; what comes of it stands in ``state``."""
        self.state, self.text = READING, ""
        try:
            self._by_name = await (
                _defaults(vehicle) if vehicle.family == "ardupilot" else _described(vehicle))
            self.state = READ if self._by_name else NONE
        except (FileError, ValueError, lzma.LZMAError, RecursionError) as error:
            self.state, self.text = FAILED, _line(str(error), 300)
        finally:
            if self.state == READING:  # broken off
                self.state = UNREAD


async def _described(vehicle: "Vehicle") -> dict[str, Meaning]:
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


async def _general_uri(vehicle: "Vehicle") -> str:
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


def parse(document: Any) -> dict[str, Meaning]:
    """The meanings in a parameters' file. Raises ValueError where it is none."""
    listed = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the file aboard lists no parameters")
    found: dict[str, Meaning] = {}
    for entry in listed[:MOST]:
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and 0 < len(name) <= 16:
            found[name] = _meaning(entry)
    return found


def _meaning(entry: dict[str, Any]) -> Meaning:
    """What the page shows of one; what is of another type than it should be is left out."""
    told: Meaning = {}
    for key, wire, most in (("shortDesc", "short", 300), ("longDesc", "long", 3000),
                            ("group", "group", 60), ("category", "category", 60),
                            ("units", "unit", 30)):
        if isinstance(entry.get(key), str) and entry[key]:
            told[wire] = _line(entry[key], most)
    for key in ("min", "max", "default", "increment"):
        if (number := _number(entry.get(key))) is not None:
            told[key] = number
    places = entry.get("decimalPlaces")
    if isinstance(places, int) and 0 <= places <= 12:
        told["decimals"] = places
    for key, wire in (("rebootRequired", "reboot"), ("readOnly", "read_only"),
                      ("volatile", "volatile")):
        if entry.get(key) is True:
            told[wire] = True
    for key, named, wire in (("values", "value", "values"), ("bitmask", "index", "bits")):
        if choices := _choices(entry.get(key), named):
            told[wire] = choices
    return told


def _choices(listed: Any, key: str) -> list[list[Any]]:
    return [[_number(one.get(key)), _line(one["description"], 100)]
            for one in (listed if isinstance(listed, list) else ())[:_MOST_CHOICES]
            if isinstance(one, dict) and isinstance(one.get("description"), str)
            and _number(one.get(key)) is not None]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number that no float holds
        return None


def _line(text: str, most: int) -> str:
    """A text without what steers a terminal or the order of letters, cut to a length."""
    return "".join(c if c.isprintable() else " " for c in text[:2 * most]).strip()[:most]


# ---------------------------------------------------------------------------- ArduPilot


async def _defaults(vehicle: "Vehicle") -> dict[str, Meaning]:
    if not vehicle.capabilities & mavlink.MAV_PROTOCOL_CAPABILITY_FTP:
        return {}
    return packed_defaults(await read_file(vehicle, _PACKED))


def packed_defaults(data: bytes) -> dict[str, Meaning]:
    """The defaults in ArduPilot's packed list (AP_Filesystem_Param). Raises ValueError."""
    if len(data) < 6 or struct.unpack_from("<H", data)[0] != _DEFAULTS_MAGIC:
        raise ValueError("the packed list aboard is of a kind that is not known")
    found: dict[str, Meaning] = {}
    at, last = 6, b""
    while at < len(data) and len(found) < MOST:
        if data[at] == 0:  # fills up
            at += 1
            continue
        letter, differs = _PACKED_TYPES.get(data[at] & 15), data[at] >> 4 & 1
        if letter is None or at + 2 > len(data):
            raise ValueError("the packed list aboard is damaged")
        common, new = data[at + 1] & 15, (data[at + 1] >> 4) + 1
        form = f"<{letter * (1 + differs)}"
        end = at + 2 + new + struct.calcsize(form)
        if end > len(data):
            raise ValueError("the packed list aboard is cut short")
        last = last[:common] + data[at + 2:at + 2 + new]
        default = struct.unpack_from(form, data, at + 2 + new)[-1]
        if (number := _number(default)) is not None:
            found[last.decode("ascii", "replace")[:16]] = {"default": number}
        at = end
    return found
