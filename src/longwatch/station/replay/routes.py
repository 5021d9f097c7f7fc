"""Replays over HTTP. Whoever has a role beside looking on may open, steer and close one: all see
the same."""

import asyncio
from typing import TYPE_CHECKING, Any

from longwatch.station.refusal import COMMANDER, INSTRUCTOR, OBSERVER, PILOT, Refusal
from longwatch.station.replay.replays import LARGEST_UPLOAD
from longwatch.station.routing import Call, Route, fields

if TYPE_CHECKING:
    from longwatch.station.context import Station


def _admit(call: Call) -> None:
    if not call.roles & {PILOT, COMMANDER, INSTRUCTOR}:
        raise Refusal("an observer cannot open or steer a replay; a commander gives roles", 403)


async def logs(station: "Station", call: Call) -> list[dict[str, Any]]:
    """The logs that can be shown."""
    return await asyncio.to_thread(station.replays.logs)


async def open_path(station: "Station", call: Call) -> dict[str, Any]:
    """Show a log of the list."""
    _admit(call)
    fields(call.body, {"path": str})
    return await station.replays.open_path(call.body["path"])


async def open_file(station: "Station", call: Call) -> dict[str, Any]:
    """Show a log that is sent as the request's body."""
    _admit(call)
    if call.stream is None:
        raise Refusal("send the log as the body of the request")
    return await station.replays.open_upload(call.query.get("name", ""), call.stream)


async def steer(station: "Station", call: Call) -> dict[str, Any]:
    """Play, pause, set the speed, go to a moment."""
    _admit(call)
    fields(call.body, {}, {"playing": bool, "speed": float, "position_s": float})
    return await station.replays.steer(call.path["id"], call.body)


async def shut(station: "Station", call: Call) -> dict[str, Any]:
    """Close a replay."""
    _admit(call)
    await station.replays.shut(call.path["id"])
    return {}


ROUTES = (
    Route("GET", "/api/logs", OBSERVER, logs),
    Route("POST", "/api/replay", OBSERVER, open_path),
    Route("POST", "/api/replay/file", OBSERVER, open_file, LARGEST_UPLOAD, True, True),
    Route("POST", "/api/replay/{id}", OBSERVER, steer),
    Route("DELETE", "/api/replay/{id}", OBSERVER, shut),
)
