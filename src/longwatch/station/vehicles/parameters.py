"""What is known of one vehicle's parameters, in both encodings.

Integers travel by their bytes (PX4) or as the float of the same value (ArduPilot). (MAVLink,
"Parameter Protocol".)
"""

import math
import struct
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.quantity import text

MOST = 5000
REAL32 = int(mavlink.MAV_PARAM_TYPE_REAL32)
# MAV_PARAM_TYPE: name, struct's letter, least and greatest.
TYPES = {1: ("uint8", "<Bxxx", 0, 255), 2: ("int8", "<bxxx", -128, 127),
         3: ("uint16", "<Hxx", 0, 65535), 4: ("int16", "<hxx", -32768, 32767),
         5: ("uint32", "<I", 0, 2**32 - 1), 6: ("int32", "<i", -2**31, 2**31 - 1),
         9: ("float", "<f", -3.4e38, 3.4e38)}
_NO_INDEX = 65535
_HASH = "_HASH_CHECK"


class Parameters:
    """What is known of a vehicle's parameters.

    Attributes:
        bytewise: integers travel by their bytes.
        version: grows with every change.
    """

    def __init__(self) -> None:
        self.bytewise = False
        self.version = 0
        self.count: int | None = None
        self._values: dict[str, tuple[Any, int]] = {}
        self._indices: set[int] = set()

    def get(self, name: str) -> float | None:
        """A parameter's value, None where it is not known."""
        entry = self._values.get(name)
        return None if entry is None else float(entry[0])

    def take(self, message: Any) -> None:
        """A PARAM_VALUE."""
        name, kind = text(message.param_id), int(message.param_type)
        if not name or name == _HASH or kind not in TYPES or (
                len(self._values) >= MOST and name not in self._values):
            return
        value = self._decoded(message, kind)
        if isinstance(value, float) and not math.isfinite(value):
            return
        if message.param_index != _NO_INDEX:
            self.count = min(int(message.param_count), MOST)
            self._indices.add(int(message.param_index))
        if self._values.get(name) != (value, kind):
            self._values[name] = (value, kind)
            self.version += 1

    def _decoded(self, message: Any, kind: int) -> Any:
        if kind == REAL32:
            return float(message.param_value)
        if not self.bytewise:
            value = message.param_value
            return int(value) if math.isfinite(value) else 0
        # The payload's own bytes: some integers are no valid floats and would not survive as one.
        raw = (bytes(message._payload or b"") + bytes(4))[:4] if message._payload else (
            struct.pack("<f", message.param_value))
        return struct.unpack(TYPES[kind][1], raw)[0]

    def told(self) -> dict[str, Any]:
        """How many came of how many, and a number that grows with every change."""
        return {"known": len(self._values), "count": self.count, "version": self.version}

    def as_list(self) -> list[dict[str, Any]]:
        """As docs/station-wire.md has it."""
        return [{"name": name, "value": value, "type": TYPES[kind][0]}
                for name, (value, kind) in sorted(self._values.items())]

    def missing(self) -> list[int]:
        """Indices that have not come."""
        return [] if self.count is None else [
            i for i in range(self.count) if i not in self._indices]

    def begin_anew(self) -> None:
        """All are asked for again."""
        self.count = None
        self._indices.clear()

    def entry(self, name: str) -> tuple[Any, int] | None:
        """A parameter's value and MAV_PARAM_TYPE, None where it is not known."""
        return self._values.get(name)

    def sent_as(self, value: float, kind: int) -> float:
        """The float by which a value of a kind travels to the vehicle."""
        if kind == REAL32 or not self.bytewise:
            return float(value)
        return float(struct.unpack("<f", struct.pack(TYPES[kind][1], int(value)))[0])


def figure(value: float) -> str:
    """A value in as few digits as tell it from its neighbours."""
    if isinstance(value, int) or (value == int(value) and abs(value) < 2**24):
        return str(int(value))
    single = struct.unpack("<f", struct.pack("<f", value))[0] if abs(value) < 3.4e38 else value
    for digits in range(6, 10):
        short = f"{value:.{digits}g}"
        if abs(float(short)) < 3.4e38 and (
                struct.unpack("<f", struct.pack("<f", float(short)))[0] == single):
            return short
    return f"{value:.9g}"
