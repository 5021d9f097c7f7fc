"""Component metadata: what this aircraft says about itself in files.

COMPONENT_METADATA names /etc/general.json.xz and its checksum; that file names the list of
parameters, made of the registry. Clients cache by checksum, so the files hold what never changes
in a run. There are no files of events and of actuators: neither interface is there yet. (MAVLink,
"Component Metadata Protocol"; schemas in component_metadata of its repository. The parameters'
file says version 1, the only one that QGroundControl reads.)
"""

import functools
import json
import lzma
from importlib.metadata import version
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft
from longwatch.services.parameter_list import Item, ParameterList, crc32

GENERAL, PARAMETER = "general.json.xz", "parameter.json.xz"
VENDOR = "Longwatch"
_KIND = {float: "Float", int: "Int32", bool: "Int32"}


def metadata_files(craft: Craft) -> dict[str, bytes]:
    """The files of /etc by name, each also uncompressed."""
    parameter = _text(parameter_json(craft))
    packed = _packed(parameter)
    general = _text(general_json(craft, crc32(packed)))
    return {"general.json": general, GENERAL: _packed(general),
            "parameter.json": parameter, PARAMETER: packed}


def general_json(craft: Craft, parameter_crc: int) -> dict[str, Any]:
    """The content of general.json; ``parameter_crc`` is the checksum of parameter.json.xz."""
    return {
        "version": 1,
        "vendorName": VENDOR,
        "modelName": craft.simulation.aircraft.title,
        "firmwareVersion": version("longwatch"),
        "metadataTypes": [{"type": mavlink.COMP_METADATA_TYPE_PARAMETER,
                           "uri": f"mftp:///etc/{PARAMETER}", "fileCrc": parameter_crc}],
    }


def parameter_json(craft: Craft) -> dict[str, Any]:
    """The content of parameter.json: every parameter, with range, default and meaning."""
    return {"version": 1, "parameters": [_entry(item, craft)
                                         for item in ParameterList(craft).items]}


def _entry(item: Item, craft: Craft) -> dict[str, Any]:
    meaning = item.compatible.meaning if item.compatible else ""
    entry: dict[str, Any] = {"name": item.name, "type": _KIND[item.kind]}
    own = item.parameter
    if own is None:
        assert item.compatible is not None
        return {**entry, "shortDesc": _sentence(meaning), "group": "Compatibility",
                "units": item.compatible.unit,
                "longDesc": "Cannot be set.", "readOnly": True}
    origin = f"Default: {own.grade}; {own.source}" + (f" ({own.note})" if own.note else "")
    origin = f"Changed {own.when}. {origin}"
    entry |= {"shortDesc": _sentence(own.meaning), "longDesc": _sentence(
        f"{meaning}. {origin}" if meaning else origin),
        "group": "Compatibility" if item.compatible else own.group.capitalize(),
        "units": own.unit, "default": own.default, "min": own.minimum, "max": own.maximum}
    if own.kind is float:
        entry["decimalPlaces"] = 3
    if own.kind is bool:
        entry["values"] = [{"value": 0, "description": "off"}, {"value": 1, "description": "on"}]
    return entry


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@functools.lru_cache(16)
def _packed(text: bytes) -> bytes:
    # Set out in full: clients cache by the checksum of these bytes.
    return lzma.compress(text, lzma.FORMAT_XZ, lzma.CHECK_CRC32, 6)


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


class Metadata(Service):
    """Makes COMPONENT_METADATA, and COMPONENT_INFORMATION for older clients."""

    provides = (mavlink.MAVLINK_MSG_ID_COMPONENT_METADATA,
                mavlink.MAVLINK_MSG_ID_COMPONENT_INFORMATION)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._described = craft.beside.file(metadata_files, craft)

    @functools.cached_property
    def _checksum(self) -> int:
        return crc32(self._described.result()[GENERAL])

    def provide(self, message_id: int) -> Any:
        uri, time = f"mftp:///etc/{GENERAL}".encode(), self.craft.time_boot_ms()
        if message_id == mavlink.MAVLINK_MSG_ID_COMPONENT_INFORMATION:
            return mavlink.MAVLink_component_information_message(
                time, self._checksum, uri, 0, b"")
        return mavlink.MAVLink_component_metadata_message(time, self._checksum, uri)
