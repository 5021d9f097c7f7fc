"""What a user has set: units, palette, language, whatever else the page keeps."""

from typing import Any

from longwatch.station.context import Station
from longwatch.station.routing import OBSERVER, Call, Route

LARGEST = 16 * 1024


async def _get(station: Station, call: Call) -> Any:
    return station.store.settings(call.user)


async def _put(station: Station, call: Call) -> Any:
    station.store.save_settings(call.user, call.body)
    return call.body


ROUTES = (
    Route("GET", "/api/settings", OBSERVER, _get),
    Route("PUT", "/api/settings", OBSERVER, _put, largest=LARGEST),
)
