"""Users with passwords, for commanders."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import COMMANDER, Refusal
from longwatch.station.routing import Call, Route, fields


async def _list(station: Station, call: Call) -> Any:
    return station.store.users()


async def _keep(station: Station, call: Call) -> Any:
    """A new user, or another password and other roles for one; his sessions end."""
    given = fields(call.body, {"name": str, "password": str, "roles": list})
    name, roles = given["name"], [str(role) for role in given["roles"]]
    if COMMANDER not in roles:
        _last_commander(station, name)
    await station.passwords.keep(name, given["password"], roles)
    station.sessions.end_user(name)
    station.store.journal(call.user, None, "user", "keep", {"name": name, "roles": roles},
                          "accepted")
    return {"name": name, "roles": roles}


async def _forget(station: Station, call: Call) -> Any:
    name = call.path["name"]
    if station.store.user(name) is None:
        raise Refusal(f"there is no user {name}", 404)
    _last_commander(station, name)
    station.store.delete_user(name)
    station.sessions.end_user(name)
    station.store.journal(call.user, None, "user", "delete", {"name": name}, "accepted")
    return {}


def _last_commander(station: Station, name: str) -> None:
    """Refuse to take from a station beyond this machine the last who could let others in."""
    commanders = {user["name"] for user in station.store.users() if COMMANDER in user["roles"]}
    if not station.config.loopback and commanders == {name}:
        raise Refusal(f"{name} is the only commander left; name another one first", 409)


ROUTES = (
    Route("GET", "/api/users", COMMANDER, _list),
    Route("POST", "/api/users", COMMANDER, _keep),
    Route("DELETE", "/api/users/{name}", COMMANDER, _forget),
)
