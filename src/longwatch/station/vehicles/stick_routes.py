"""Requests of manual control: beginning, sticks, end. Its pilot alone has a vehicle's sticks."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import PILOT, Refusal
from longwatch.station.routing import Call, Route, fields
from longwatch.station.vehicles import manual_control, sticks
from longwatch.station.vehicles.routes import flown_by, recorded

REASONS = ("switch", "pad_lost", "hidden", "control")
"""Why a page lets go."""
LARGEST = 1024


async def _manual(station: Station, call: Call) -> Any:
    given = fields(call.body, {"on": bool}, {"reason": str})
    vehicle = station.fleet.commandable(call.path["id"])
    flown_by(station, vehicle, call.user)
    if given["on"]:
        hindrance = manual_control.hindrance(vehicle)
        if hindrance:
            raise Refusal(f"{vehicle.name}: {hindrance}", 409)
        station.store.journal(call.user, vehicle.id, "manual", "begin", {}, "accepted")
        station.fleet.take_sticks(vehicle, call.user)
        return {"steered": manual_control.steered(vehicle)}
    reason = given.get("reason", REASONS[0])
    if reason not in REASONS:
        raise Refusal(f"reason: give one of {', '.join(REASONS)}")
    if vehicle.sticks.user is None:
        return {"held": False}
    steered = manual_control.steered(vehicle)
    station.fleet.let_go(vehicle, reason)
    if steered:
        await recorded(station, call, "command", "hold", {},
                       station.fleet.command(vehicle.id, "hold", {}))
    return {"held": steered}


async def _sticks(station: Station, call: Call) -> Any:
    given = fields(call.body, {**dict.fromkeys(sticks.LEAST, float), "sequence": int})
    vehicle = station.fleet.commandable(call.path["id"])
    if vehicle.sticks.user != call.user:
        raise Refusal(f"you do not have the sticks of {vehicle.name}: begin manual control", 409)
    flown_by(station, vehicle, call.user)
    manual_control.steer(vehicle, sticks.checked(given), given["sequence"], station.fleet.now())
    return {}


ROUTES = (
    Route("POST", "/api/vehicles/{id}/manual", PILOT, _manual, largest=LARGEST),
    Route("POST", "/api/vehicles/{id}/sticks", PILOT, _sticks, largest=LARGEST),
)
