"""Parameters over the link: read as a whole, gaps re-read, set and confirmed.

(MAVLink, "Parameter Protocol".)
"""

import asyncio
import math
import struct
from collections.abc import Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.exchange import Box
from longwatch.station.vehicles.parameters import MOST, REAL32, TYPES, Parameters, figure
from longwatch.station.vehicles.quantity import text
from longwatch.station.vehicles.vehicle import Vehicle

_SILENCE, _TRIES, _BATCH = 1.0, 12, 20
_SET_TRIES, _SET_WAIT = 4, 1.0
# Why it was refused comes as a text after the answer, where the vehicle says so at all [s].
_TEXT_S, _TEXT_QUIET_S, _MOST_TEXTS = 0.5, 0.1, 5
_ERRORS = {1: "it has no such parameter", 2: "the value is out of range",
           3: "it is not permitted now", 4: "no such component", 5: "it can only be read"}


async def download(vehicle: Vehicle) -> bool:
    """Read all; whether all came. What came stays."""
    parameters = vehicle.parameters
    with vehicle.exchange.listen("PARAM_VALUE") as box:
        parameters.begin_anew()
        for _ in range(_TRIES):
            vehicle.send(mavlink.MAVLink_param_request_list_message(
                vehicle.system, vehicle.component))
            if await _settle(parameters, box, 2.0 * _SILENCE) and parameters.count is not None:
                break
        for _ in range(_TRIES):
            missing = parameters.missing()
            if not missing:
                break
            for start in range(0, len(missing), _BATCH):
                for index in missing[start:start + _BATCH]:
                    vehicle.send(mavlink.MAVLink_param_request_read_message(
                        vehicle.system, vehicle.component, b"", index))
                await _settle(parameters, box, 0.5 * _SILENCE, _BATCH)
    return parameters.count is not None and not parameters.missing()


async def _settle(parameters: Parameters, box: Box, first: float, most: int = MOST) -> bool:
    """Wait until no more comes; whether anything did."""
    wait, got = first, 0
    while got < most and await box.next(wait) is not None:
        wait, got = 0.5 * _SILENCE, got + 1
        if parameters.count is not None and not parameters.missing():
            break
    return got > 0


async def set_parameter(vehicle: Vehicle, name: str, value: float) -> dict[str, Any]:
    """Set one and read it back. Raises Refusal, naming what is wrong."""
    parameters = vehicle.parameters
    entry = parameters.entry(name)
    if entry is None:
        raise Refusal(f"{name}: no parameter of {vehicle.name} that is known", 404)
    kind = entry[1]
    title, _, low, high = TYPES[kind]
    if not math.isfinite(value) or not low <= value <= high or (
            kind != REAL32 and value != int(value)):
        raise Refusal(f"{name}: {value:g} is no {title}; give one from {low:g} to {high:g}")
    sent = parameters.sent_as(value, kind)
    wanted = struct.unpack("<f", struct.pack("<f", value))[0] if kind == REAL32 else int(value)
    key = name.encode("ascii", "replace")

    def kept() -> Any:
        return (parameters.entry(name) or entry)[0]

    with vehicle.exchange.listen("PARAM_VALUE", "PARAM_ERROR", "TEXT", where=lambda m: (
            isinstance(m, tuple) or text(m.param_id) == name)) as box:
        answer = await _asked(vehicle, box, lambda: mavlink.MAVLink_param_set_message(
            vehicle.system, vehicle.component, key, sent, kind))
        if answer is None:
            raise Refusal(f"{name}: {vehicle.name} does not answer; whether it was set is "
                          "not known", 504)
        refused = answer.get_type() == "PARAM_ERROR"
        if not refused and kept() != wanted:
            # It may be what was said before the order came: what holds now is asked for.
            await _asked(vehicle, box, lambda: mavlink.MAVLink_param_request_read_message(
                vehicle.system, vehicle.component, key, -1))
            refused = kept() != wanted
        if refused:
            why = await _reason(vehicle, box, name, answer)
            raise Refusal(f"{name}: {vehicle.name} does not take {figure(value)} and keeps "
                          f"{figure(kept())}{why}", 409)
    return {"name": name, "value": kept(), "type": title}


async def _asked(vehicle: Vehicle, box: Box, make: Callable[[], Any]) -> Any:
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


async def _reason(vehicle: Vehicle, box: Box, name: str, answer: Any) -> str:
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
