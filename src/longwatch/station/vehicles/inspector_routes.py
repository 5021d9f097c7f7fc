"""Requests about the messages themselves, as they come in."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.routing import Call, Route
from longwatch.station.vehicles.inspector import Key


async def _heard(station: Station, call: Call) -> Any:
    return station.fleet.inspector.identities()


async def _streams(station: Station, call: Call) -> Any:
    identity = call.path["id"]
    return station.fleet.inspector.streams(identity, _now(station, identity))


def _now(station: Station, identity: str) -> float:
    """The seconds that a vehicle's messages are stamped with: for a replay those of its log."""
    for vehicle in station.fleet.shown():
        if vehicle.id == identity and vehicle.replay:
            return vehicle.heard
    return station.fleet.now()


def _key(call: Call) -> Key:
    numbers = call.path["component"], call.path["number"]
    if not all(number.isascii() and number.isdigit() and len(number) < 9 for number in numbers):
        raise Refusal("name component and message by their numbers", 404)
    return call.path["id"], int(numbers[0]), int(numbers[1])


async def _latest(station: Station, call: Call) -> Any:
    key = _key(call)
    return station.fleet.inspector.latest(key, _now(station, key[0]))


async def _series(station: Station, call: Call) -> Any:
    key, query = _key(call), call.query
    try:
        after, element = float(query.get("after", "-inf")), int(query.get("element", "-1"))
    except ValueError:
        raise Refusal("after: give seconds; element: a whole number") from None
    if after != after:
        raise Refusal("after: give seconds")
    return station.fleet.inspector.series(
        key, query.get("field", ""), element, after=after, now=_now(station, key[0]),
        asked=station.fleet.now())


ROUTES = (
    Route("GET", "/api/messages", OBSERVER, _heard),
    Route("GET", "/api/messages/{id}", OBSERVER, _streams),
    Route("GET", "/api/messages/{id}/{component}/{number}", OBSERVER, _latest),
    Route("GET", "/api/messages/{id}/{component}/{number}/series", OBSERVER, _series),
)
