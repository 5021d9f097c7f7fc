"""What was commanded, by whom, when, and what came of it."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.routing import OBSERVER, Call, Refusal, Route

LIMIT, MOST = 100, 1000


async def _entries(station: Station, call: Call) -> Any:
    unknown = set(call.query) - {"before", "limit", "vehicle"}
    if unknown:
        raise Refusal(f"ask by before, limit or vehicle; not {', '.join(sorted(unknown))}")
    return station.store.entries(_whole(call, "before"), _whole(call, "limit") or LIMIT,
                                 call.query.get("vehicle"))


def _whole(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15 and int(text) > 0):
        raise Refusal(f"{name}: give a whole number from 1")
    return min(int(text), MOST) if name == "limit" else int(text)


ROUTES = (Route("GET", "/api/journal", OBSERVER, _entries),)
