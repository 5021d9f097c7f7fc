"""Requests about vehicles: what is known of them, and what is asked of them.

A command goes on record before it is sent; on a disk that takes nothing it is sent all the same,
and goes on record as soon as there is room.
"""

import logging
from collections.abc import Awaitable
from typing import Any

from longwatch.errors import LongwatchError
from longwatch.station.context import Station
from longwatch.station.refusal import COMMANDER, OBSERVER, PILOT, Refusal
from longwatch.station.routing import Call, Route, fields
from longwatch.station.vehicles.history import LONGEST_S, MOST_POINTS
from longwatch.station.vehicles.plans import item_number
from longwatch.station.vehicles.quantities import INDEX, as_rows
from longwatch.station.vehicles.vehicle import Vehicle

log = logging.getLogger(__name__)

LARGEST_PLAN = 4 * 1024 * 1024
_KEY = 64


async def _quantities(station: Station, call: Call) -> Any:
    return as_rows()


_MOST_PLOTTED, _LEAST_S = 8, 10.0


async def _history(station: Station, call: Call) -> Any:
    """Quantities over the last hours: names, seconds, points."""
    identity = station.fleet.find(call.path["id"]).id
    names = [name for name in call.query.get("names", "").split(",") if name]
    unknown = [name for name in names if name not in INDEX]
    if unknown or not 0 < len(names) <= _MOST_PLOTTED:
        raise Refusal(f"names: give 1 to {_MOST_PLOTTED} names of quantities, with commas between",
                      400, tuple(f"{name[:_KEY]}: is no quantity" for name in unknown))
    try:
        seconds, points = float(call.query.get("seconds", "3600")), int(
            call.query.get("points", "600"))
    except ValueError:
        raise Refusal("seconds, points: give numbers") from None
    if not _LEAST_S <= seconds <= LONGEST_S or not 2 <= points <= MOST_POINTS:
        raise Refusal(f"seconds: give {_LEAST_S:g} to {LONGEST_S:g}; points: 2 to {MOST_POINTS}")
    return station.fleet.histories.read(identity, names, seconds, points)


async def _trail(station: Station, call: Call) -> Any:
    return station.fleet.trail(call.path["id"])


async def _command(station: Station, call: Call) -> Any:
    given = fields(call.body, {"name": str}, {"arguments": dict})
    fleet, identity = station.fleet, call.path["id"]
    flown_by(station, fleet.commandable(identity), call.user)
    arguments = fleet.check(identity, given["name"], given.get("arguments", {}))
    told = dict(arguments)
    if "sequence" in told:  # on record as people count the items of a mission
        told["item"] = item_number(fleet.find(identity).family, int(told.pop("sequence")))
    return await recorded(station, call, "command", given["name"], told,
                           fleet.command(identity, given["name"], arguments))


def flown_by(station: Station, vehicle: Vehicle, user: str) -> None:
    """Refuse whoever is not the vehicle's pilot."""
    pilot = station.fleet.pilot(vehicle.id)
    if pilot is None:
        raise Refusal(f"nobody flies {vehicle.name}: take it first", 409)
    if pilot != user:
        raise Refusal(f"{pilot} flies {vehicle.name}; he gives it back, or a commander does", 409)


async def recorded(station: Station, call: Call, kind: str, name: str,
                    arguments: dict[str, Any], work: Awaitable[dict[str, Any]]) -> Any:
    """Do ``work`` between its entry in the journal and its result there."""
    try:
        entry = station.store.journal(call.user, call.path["id"], kind, name, arguments)
    except BaseException:
        work.close()  # type: ignore[attr-defined]
        raise
    number = entry["id"]
    try:
        answer = await work
    except LongwatchError as error:
        faults = "; ".join(getattr(error, "faults", ()))
        _finish(station, number, "failed", f"{error} {faults}".strip())
        raise
    except BaseException:
        _finish(station, number, "failed", "broken off within the station")
        raise
    _finish(station, number, answer.get("result", "accepted"), answer.get("text", ""))
    return answer


def _finish(station: Station, number: int, result: str, text: str) -> None:
    """Put on record what came of an entry. Where the disk does not take that, whoever asked is
    told what the vehicle did all the same: he would ask it a second time."""
    try:
        station.store.finish(number, result, text)
    except LongwatchError as error:
        log.error("entry %s ended as %s, which is not on record: %s", number, result, error)


async def _acknowledge(station: Station, call: Call) -> Any:
    identity, key = not_another(station, call), call.path["key"]
    if len(key) > _KEY:
        raise Refusal("give the key of an alert", 404)
    return await recorded(station, call, "alert", "acknowledge", {"alert": key},
                           _acknowledged(station, identity, key))


async def _acknowledged(station: Station, identity: str, key: str) -> dict[str, Any]:
    station.fleet.acknowledge(identity, key)
    return {}


async def _checks(station: Station, call: Call) -> Any:
    given = fields(call.body, {"item": str, "ticked": bool})
    if not 0 < len(given["item"]) <= _KEY:
        raise Refusal("item: give the key of a checklist's item")
    station.watch.tick(not_another(station, call), given["item"], given["ticked"])
    return {}


async def _download(station: Station, call: Call) -> Any:
    return await station.fleet.download(may_ask(station, call).id, call.path["kind"])


def may_ask(station: Station, call: Call) -> Vehicle:
    """The vehicle, for whoever may ask it anew, over its link: its pilot, or a commander. What is
    known of it everybody is told anyway."""
    vehicle = of_crew(station, call)
    if COMMANDER not in call.roles:
        flown_by(station, vehicle, call.user)
    return vehicle


def _may_change(station: Station, call: Call) -> Vehicle:
    """The vehicle, for its pilot; for a commander as well while nobody flies it."""
    vehicle = of_crew(station, call)
    if COMMANDER in call.roles and station.fleet.pilot(vehicle.id) is None:
        return vehicle
    flown_by(station, vehicle, call.user)
    return vehicle


def of_crew(station: Station, call: Call) -> Vehicle:
    """The vehicle, live, for whoever is crew."""
    vehicle = station.fleet.commandable(call.path["id"])
    crew(call)
    return vehicle


def crew(call: Call) -> None:
    """Refuse whoever is no crew: a pilot or a commander."""
    if not call.roles & {PILOT, COMMANDER}:
        raise Refusal(f"this needs the role {COMMANDER}, or to be the pilot", 403)


def not_another(station: Station, call: Call) -> str:
    """The id of a vehicle that no other pilot flies; what its crew has seen it says itself."""
    vehicle = station.fleet.find(call.path["id"])
    pilot = station.fleet.pilot(vehicle.id)
    if pilot not in (None, call.user):
        raise Refusal(f"{pilot} flies {vehicle.name}; it is for him to say", 409)
    return vehicle.id


async def _upload(station: Station, call: Call) -> Any:
    given = fields(call.body, {"document": dict})
    vehicle = _may_change(station, call)
    return await recorded(station, call, "upload", "plan", {"items": _count(given["document"])},
                           _uploaded(station, vehicle.id, given["document"]))


async def _uploaded(station: Station, identity: str, document: dict[str, Any]) -> dict[str, Any]:
    return await station.fleet.upload(identity, document)


def _count(document: dict[str, Any]) -> int:
    """Items of a document's mission, as the journal has it."""
    mission = document.get("mission")
    items = mission.get("items") if isinstance(mission, dict) else None
    return len(items) if isinstance(items, list) else 0


async def _parameters(station: Station, call: Call) -> Any:
    return station.fleet.find(call.path["id"]).parameters.as_list()


async def _set_parameter(station: Station, call: Call) -> Any:
    given = fields(call.body, {"name": str, "value": float})
    vehicle = _may_change(station, call)
    return await recorded(station, call, "parameter", given["name"], {"value": given["value"]},
                           station.fleet.set_parameter(vehicle.id, given["name"],
                                                       float(given["value"])))


ROUTES = (
    Route("GET", "/api/quantities", OBSERVER, _quantities),
    Route("GET", "/api/vehicles/{id}/trail", OBSERVER, _trail),
    Route("GET", "/api/vehicles/{id}/history", OBSERVER, _history),
    Route("POST", "/api/vehicles/{id}/command", PILOT, _command),
    Route("POST", "/api/vehicles/{id}/alerts/{key}/acknowledge", PILOT, _acknowledge),
    Route("POST", "/api/vehicles/{id}/checks", PILOT, _checks),
    Route("GET", "/api/vehicles/{id}/plan/{kind}", OBSERVER, _download),
    Route("POST", "/api/vehicles/{id}/plan", OBSERVER, _upload, largest=LARGEST_PLAN),
    Route("GET", "/api/vehicles/{id}/parameters", OBSERVER, _parameters),
    Route("PUT", "/api/vehicles/{id}/parameters", OBSERVER, _set_parameter),
)
