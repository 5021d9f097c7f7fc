"""Requests about a vehicle's parameters beside their values: meanings, and reading all anew."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.routing import Call, Route
from longwatch.station.vehicles import parameter_transfer
from longwatch.station.vehicles.meanings import FAILED, READING, UNREAD
from longwatch.station.vehicles.routes import may_ask


async def _meanings(station: Station, call: Call) -> Any:
    """What is known; whoever looks first lets the station ask, which it does once."""
    vehicle = station.fleet.find(call.path["id"])
    if vehicle.meanings.state == UNREAD and not vehicle.replay and vehicle.parameters.count:
        station.fleet.describe(vehicle)
    return vehicle.meanings.as_dict()


async def _read(station: Station, call: Call) -> Any:
    """Read all of them over the link anew, and the meanings where that failed."""
    vehicle = may_ask(station, call)
    if vehicle.reading.locked():
        raise Refusal(f"{vehicle.name}: its parameters are being read already", 409)
    async with vehicle.reading:
        whole = await parameter_transfer.download(vehicle)
    if vehicle.meanings.state == FAILED:
        station.fleet.describe(vehicle)
    return {**vehicle.parameters.told(), "whole": whole,
            "describing": vehicle.meanings.state == READING}


ROUTES = (
    Route("GET", "/api/vehicles/{id}/parameters/meanings", OBSERVER, _meanings),
    Route("POST", "/api/vehicles/{id}/parameters/read", OBSERVER, _read),
)
