"""The parameters of one aircraft as its clients see them: the registry and compatible names.

Sorted by name, so that count and index of each never change in a run (and QGroundControl, which
sorts, computes the same hash). MAVLink carries one in 32 bits: floats as such, integers and truth
values as INT32, either by their bytes in the float's place (``bytewise``) or as the float of the
same value (C cast). (MAVLink, "Parameter Protocol", "Parameter Encoding".)
"""

import struct
import zlib
from dataclasses import dataclass

import numpy as np

from longwatch.autopilot.aboard.parameters import Parameter, parameters
from longwatch.mavlink.dialect import mavlink
from longwatch.services.compatibility import COMPATIBLE, Compatible
from longwatch.services.craft import Craft
from longwatch.simulation.orders.parameters import parameter

REAL32, INT32 = mavlink.MAV_PARAM_TYPE_REAL32, mavlink.MAV_PARAM_TYPE_INT32
UINT32 = mavlink.MAV_PARAM_TYPE_UINT32
# Integer types that a client may send, as struct's letters.
_LETTERS = {mavlink.MAV_PARAM_TYPE_UINT8: "B", mavlink.MAV_PARAM_TYPE_INT8: "b",
            mavlink.MAV_PARAM_TYPE_UINT16: "H", mavlink.MAV_PARAM_TYPE_INT16: "h",
            UINT32: "I", INT32: "i"}


@dataclass(frozen=True)
class Item:
    """One entry of the list: a parameter of the registry, or a compatible name, or both."""

    name: str
    parameter: Parameter | None
    compatible: Compatible | None

    @property
    def kind(self) -> type:
        """float, int or bool."""
        if self.parameter is not None:
            return self.parameter.kind
        return self.compatible.kind or float if self.compatible is not None else float

    @property
    def mav_type(self) -> int:
        """MAV_PARAM_TYPE."""
        return REAL32 if self.kind is float else INT32

    @property
    def settable(self) -> bool:
        """False for a fixed figure."""
        return self.parameter is not None


class ParameterList:
    """Every entry of one craft, by index and by name."""

    def __init__(self, craft: Craft) -> None:
        self.craft = craft
        own = {p.name: p for p in parameters(craft.simulation.aircraft)}
        entries = [Item(name, p, None) for name, p in own.items()]
        entries += [Item(c.name, own[c.target] if c.target else None, c)
                    for c in COMPATIBLE[craft.profile.name] if c.name not in own]
        self.items = tuple(sorted(entries, key=lambda item: item.name))
        self._index = {item.name: index for index, item in enumerate(self.items)}

    def __len__(self) -> int:
        return len(self.items)

    def index(self, name: str) -> int | None:
        """Index of a name, None for an unknown one."""
        return self._index.get(name)

    def value(self, index: int) -> float:
        """The value of an entry now, in its unit."""
        item = self.items[index]
        if item.parameter is not None:
            return parameter(self.craft.simulation, item.parameter.name)
        assert item.compatible is not None and item.compatible.value is not None
        return float(item.compatible.value(self.craft.sheet, self.craft.system))

    def raw(self, index: int) -> bytes:
        """The four bytes of an entry's value, little-endian, in its own type."""
        value, item = self.value(index), self.items[index]
        return struct.pack("<f", value) if item.kind is float else struct.pack("<i", int(value))

    def checksum(self) -> int:
        """The value of ``_HASH_CHECK``: CRC-32 over name and value of every entry, in order."""
        check = 0
        for index, item in enumerate(self.items):
            check = crc32(item.name.encode() + self.raw(index), check)
        return check


def crc32(data: bytes, check: int = 0) -> int:
    """CRC-32 as MAVLink uses it for files and parameters: ISO 3309's without its inversions."""
    return zlib.crc32(data, check ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def encode(value: float, mav_type: int, bytewise: bool) -> float:
    """A value as the float that PARAM_VALUE carries."""
    if mav_type == REAL32 or not bytewise:
        return float(np.float32(value))
    raw = struct.pack("<" + _LETTERS[mav_type], int(value))
    return float(struct.unpack("<f", raw.ljust(4, b"\0"))[0])


def decode(carried: float, mav_type: int, bytewise: bool) -> float:
    """The value of the float that PARAM_SET carries.

    A 32-bit float is read as the shortest decimal that it stands for: 0.1 is 0.1. Raises
    ValueError for a type that does not fit 32 bits.
    """
    if mav_type == REAL32 or (not bytewise and mav_type in _LETTERS):
        return float(str(np.float32(carried)))
    if mav_type not in _LETTERS:
        raise ValueError(f"parameter type {mav_type} does not fit 32 bits")
    letter = _LETTERS[mav_type]
    raw = struct.pack("<f", carried)[:struct.calcsize(letter)]
    return float(struct.unpack("<" + letter, raw)[0])
