"""Parameters of one vehicle: read as a whole, gaps re-read, set and confirmed; both encodings.

Integers travel by their bytes (PX4) or as the float of the same value (ArduPilot). (MAVLink,
"Parameter Protocol".)
"""

import asyncio
import math
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.exchange import Box
from longwatch.station.vehicles.quantity import text

if TYPE_CHECKING:
    from longwatch.station.vehicles.vehicle import Vehicle

MOST = 5000
REAL32 = int(mavlink.MAV_PARAM_TYPE_REAL32)
# MAV_PARAM_TYPE: name, struct's letter, least and greatest.
TYPES = {1: ("uint8", "<Bxxx", 0, 255), 2: ("int8", "<bxxx", -128, 127),
         3: ("uint16", "<Hxx", 0, 65535), 4: ("int16", "<hxx", -32768, 32767),
         5: ("uint32", "<I", 0, 2**32 - 1), 6: ("int32", "<i", -2**31, 2**31 - 1),
         9: ("float", "<f", -3.4e38, 3.4e38)}
_NO_INDEX = 65535
_SILENCE, _TRIES, _BATCH = 1.0, 12, 20
_HASH = "_HASH_CHECK"
_SET_TRIES, _SET_WAIT = 4, 1.0
# Why it was refused comes as a text after the answer, where the vehicle says so at all [s].
_TEXT_S, _TEXT_QUIET_S, _MOST_TEXTS = 0.5, 0.1, 5
_ERRORS = {1: "it has no such parameter", 2: "the value is out of range",
           3: "it is not permitted now", 4: "no such component", 5: "it can only be read"}


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

    # --------------------------------------------------------------------------- transfers

    async def download(self, vehicle: "Vehicle") -> bool:
        """Read all; whether all came. What came stays."""
        with vehicle.exchange.listen("PARAM_VALUE") as box:
            self._ask_anew()
            for _ in range(_TRIES):
                vehicle.send(mavlink.MAVLink_param_request_list_message(
                    vehicle.system, vehicle.component))
                if await self._settle(box, 2.0 * _SILENCE) and self.count is not None:
                    break
            for _ in range(_TRIES):
                missing = self.missing()
                if not missing:
                    break
                for start in range(0, len(missing), _BATCH):
                    for index in missing[start:start + _BATCH]:
                        vehicle.send(mavlink.MAVLink_param_request_read_message(
                            vehicle.system, vehicle.component, b"", index))
                    await self._settle(box, 0.5 * _SILENCE, _BATCH)
        return self.count is not None and not self.missing()

    def _ask_anew(self) -> None:
        self.count = None
        self._indices.clear()

    async def _settle(self, box: Box, first: float, most: int = MOST) -> bool:
        """Wait until no more comes; whether anything did."""
        wait, got = first, 0
        while got < most and await box.next(wait) is not None:
            wait, got = 0.5 * _SILENCE, got + 1
            if self.count is not None and not self.missing():
                break
        return got > 0

    async def set(self, vehicle: "Vehicle", name: str, value: float) -> dict[str, Any]:
        """Set one and read it back. Raises Refusal, naming what is wrong."""
        entry = self._values.get(name)
        if entry is None:
            raise Refusal(f"{name}: no parameter of {vehicle.name} that is known", 404)
        kind = entry[1]
        title, form, low, high = TYPES[kind]
        if not math.isfinite(value) or not low <= value <= high or (
                kind != REAL32 and value != int(value)):
            raise Refusal(f"{name}: {value:g} is no {title}; give one from {low:g} to {high:g}")
        sent = float(value)
        if kind != REAL32 and self.bytewise:
            sent = struct.unpack("<f", struct.pack(form, int(value)))[0]
        wanted = struct.unpack("<f", struct.pack("<f", value))[0] if kind == REAL32 else int(value)
        key = name.encode("ascii", "replace")
        with vehicle.exchange.listen("PARAM_VALUE", "PARAM_ERROR", "TEXT", where=lambda m: (
                isinstance(m, tuple) or text(m.param_id) == name)) as box:
            answer = await _asked(vehicle, box, lambda: mavlink.MAVLink_param_set_message(
                vehicle.system, vehicle.component, key, sent, kind))
            if answer is None:
                raise Refusal(f"{name}: {vehicle.name} does not answer; whether it was set is "
                              "not known", 504)
            refused = answer.get_type() == "PARAM_ERROR"
            if not refused and self._values[name][0] != wanted:
                # It may be what was said before the order came: what holds now is asked for.
                await _asked(vehicle, box, lambda: mavlink.MAVLink_param_request_read_message(
                    vehicle.system, vehicle.component, key, -1))
                refused = self._values[name][0] != wanted
            if refused:
                why = await _reason(vehicle, box, name, answer)
                raise Refusal(f"{name}: {vehicle.name} does not take {figure(value)} and keeps "
                              f"{figure(self._values[name][0])}{why}", 409)
        return {"name": name, "value": self._values[name][0], "type": title}


async def _asked(vehicle: "Vehicle", box: Box, make: Callable[[], Any]) -> Any:
    """The first message about the parameter that answers, None for nothing."""
    loop = asyncio.get_running_loop()
    for _ in range(_SET_TRIES):
        vehicle.send(make())
        end = loop.time() + _SET_WAIT + 2.0 * (vehicle.round_trip or 0.0)
        while (left := end - loop.time()) > 0.0:
            found = await box.next(left)
            if found is not None and not isinstance(found, tuple):
                return found
    return None


async def _reason(vehicle: "Vehicle", box: Box, name: str, answer: Any) -> str:
    """Why a value was refused: what the vehicle says of this parameter, else its error's name."""
    error = _ERRORS.get(int(answer.error), "") if answer.get_type() == "PARAM_ERROR" else ""
    said: list[str] = []
    wait = _TEXT_S
    while len(said) < _MOST_TEXTS and (found := await box.next(wait)) is not None:
        if isinstance(found, tuple) and name in found[1]:
            said.append(found[1])
            wait = _TEXT_QUIET_S
        elif not isinstance(found, tuple) and found.get_type() == "PARAM_ERROR" and not error:
            error = _ERRORS.get(int(found.error), "")
    vehicle.alerts.withdraw(said)
    told = "; ".join(said) or error
    return f": {told}" if told else ""


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
