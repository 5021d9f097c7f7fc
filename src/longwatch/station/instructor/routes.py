"""The instructor's way to the simulation: these paths and no other, every change on record."""

import re
from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import INSTRUCTOR, Refusal
from longwatch.station.routing import Call, Route

READ = ("state", "faults", "snapshots", "links")
CHANGE = re.compile(
    r"speed|pause|resume|step|aircraft/(?P<vehicle>\d{1,3})/"
    r"(?:fault|fault/end|wind|turbulence|reset)|snapshots|snapshots/[\w.-]{1,80}/restore"
    r"|links/\d{1,6}", re.ASCII)


async def _read(station: Station, call: Call) -> Any:
    if call.path["path"] not in READ:
        raise Refusal("the simulation is not asked for that here", 404)
    return await station.simulator.ask("GET", f"/{call.path['path']}")


async def _change(station: Station, call: Call) -> Any:
    path = call.path["path"]
    found = CHANGE.fullmatch(path)
    if found is None or ".." in path:
        raise Refusal("the simulation is not told that here", 404)
    entry = station.store.journal(call.user, found["vehicle"], "simulation", path, call.body)
    result, text = "failed", ""
    try:
        answer = await station.simulator.ask("POST", f"/{path}", call.body)
        result = "accepted"
    except Refusal as refusal:
        result, text = "no_answer" if refusal.status == 503 else "denied", str(refusal)
        raise
    finally:
        station.store.finish(entry["id"], result, text)
    return answer


ROUTES = (
    Route("GET", "/api/simulation/{path:path}", INSTRUCTOR, _read),
    Route("POST", "/api/simulation/{path:path}", INSTRUCTOR, _change),
)
