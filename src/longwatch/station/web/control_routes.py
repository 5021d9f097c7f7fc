"""Who is the pilot of a vehicle: taken and given on record, and free when he is gone.

A pilot who has no socket any more for a minute has left his seat: another must be able to take the
vehicle. A vehicle has one pilot; a pilot may have several vehicles.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import COMMANDER, OBSERVER, PILOT, Refusal
from longwatch.station.routing import Call, Route, fields

AWAY = 60.0  # s
LOOKED = 1.0  # s between looks
STATION = "station"
"""Who does on record what nobody asked for."""

log = logging.getLogger(__name__)


async def _control(station: Station, call: Call) -> Any:
    given = fields(call.body, {}, {"take": bool, "give": str})
    if len(given) != 1:
        raise Refusal('give {"take": true}, {"take": false} or {"give": "NAME"}')
    vehicle = _vehicle(station, call.path["id"])
    pilot = station.fleet.pilot(vehicle)
    if "give" in given:
        return _give(station, call, vehicle, pilot, given["give"])
    if not given["take"]:
        return _release(station, call, vehicle, pilot)
    if PILOT not in call.roles:
        raise Refusal(f"this needs the role {PILOT}; a commander gives roles", 403)
    if pilot not in (None, call.user):
        raise Refusal(f"{pilot} is the pilot of {vehicle}; he gives it back, or a commander does",
                      409)
    return _set(station, call.user, vehicle, "take", call.user, pilot)


def _release(station: Station, call: Call, vehicle: str, pilot: str | None) -> Any:
    """The pilot gives his vehicle back, or a commander frees it."""
    if pilot is not None and pilot != call.user and COMMANDER not in call.roles:
        raise Refusal(f"{pilot} is the pilot of {vehicle}; only he or a commander gives it back",
                      409 if PILOT in call.roles else 403)
    return _set(station, call.user, vehicle, "release", None, pilot)


def _give(station: Station, call: Call, vehicle: str, pilot: str | None, name: str) -> Any:
    """The pilot hands his vehicle over, or a commander says who flies."""
    if pilot != call.user and COMMANDER not in call.roles:
        raise Refusal(f"only the pilot of {vehicle} or a commander says who flies it", 403)
    if PILOT not in station.sessions.roles_of(name):
        raise Refusal(f"there is no pilot {name}; give the name of a user with the role {PILOT}")
    return _set(station, call.user, vehicle, "give", name, pilot)


def _set(station: Station, user: str, vehicle: str, name: str, pilot: str | None,
         before: str | None) -> Any:
    if pilot != before:
        station.store.journal(user, vehicle, "control", name, {"pilot": pilot, "before": before},
                              "accepted")
        station.fleet.set_pilot(vehicle, pilot)
    return {"pilot": pilot}


def _vehicle(station: Station, key: str) -> str:
    """The id, if there is such a vehicle that can be flown."""
    for vehicle in station.fleet.vehicles():
        if vehicle["id"] == key:
            if vehicle.get("replay"):
                raise Refusal(f"{key} is shown from a log; nobody flies it")
            return key
    raise Refusal(f"there is no vehicle {key}", 404)


class Presence:
    """Frees vehicles whose pilot has gone.

    Args:
        station: its parts.
        clock: monotonic [s].
    """

    def __init__(self, station: Station, clock: Callable[[], float] = time.monotonic) -> None:
        self.station, self.clock = station, clock
        self._gone: dict[str, float] = {}  # pilots without a socket, since when

    def look(self) -> None:
        """See who is there."""
        now, here = self.clock(), self.station.hub.users()
        pilots: dict[str, list[str]] = {}
        for vehicle in self.station.fleet.vehicles():
            if vehicle.get("pilot") is not None:
                pilots.setdefault(vehicle["pilot"], []).append(vehicle["id"])
        self._gone = {pilot: self._gone.get(pilot, now) for pilot in pilots if pilot not in here}
        for pilot, since in self._gone.items():
            if now - since >= AWAY:
                for key in pilots[pilot]:
                    _set(self.station, STATION, key, "freed", None, pilot)

    async def run(self) -> None:
        """Look once a second until cancelled."""
        while True:
            try:
                self.look()
            except Exception:
                log.exception("pilots could not be looked for")
            await asyncio.sleep(LOOKED)


ROUTES = (Route("POST", "/api/vehicles/{id}/control", OBSERVER, _control),)
