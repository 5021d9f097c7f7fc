"""The map's sources over HTTP."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from longwatch.station.chart import places
from longwatch.station.chart.relief import MISSING
from longwatch.station.chart.tiles import SEA
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.routing import Call, Route

if TYPE_CHECKING:
    from longwatch.station.context import Station

# For how long a browser keeps a tile [s].
TILE_AGE_S = 3600
POINTS_BODY = 256 * 1024


async def runways(station: "Station", call: Call) -> list[dict[str, Any]]:
    """The runways of a box."""
    return await asyncio.to_thread(station.maps.runways.within, places.box_of(call.query))


async def elevation(station: "Station", call: Call) -> dict[str, Any]:
    """Ground at points; ``loaded`` says whether there is any terrain to look it up in."""
    found = await station.maps.elevations(call.body.get("points"))
    return {"ground_msl": found, "loaded": station.maps.terrain is not None}


async def chart(station: "Station", call: Call) -> Response:
    """A tile of the chart that ships: coast, rivers, borders and names."""
    tile = await station.maps.chart_tile(*_numbers(call))
    if tile == SEA:
        return Response(status_code=204, headers=_headers())
    return Response(tile, media_type="application/vnd.mapbox-vector-tile",
                    headers=_headers() | {"Content-Encoding": "gzip"})


async def relief(station: "Station", call: Call) -> Response:
    """A tile of shaded terrain."""
    png = await station.maps.relief(*_numbers(call))
    if png == MISSING:
        return Response(status_code=204, headers=_headers())
    return Response(png, media_type="image/png", headers=_headers())


async def base(station: "Station", call: Call) -> Response:
    """A tile of the server that was set."""
    tile = None if station.maps.base is None else await station.maps.base.tile(*_numbers(call))
    if tile is None:
        raise Refusal("no such tile is to be had; name a tile server with --tiles, or see that it "
                      "answers", 404)
    return Response(tile.body, media_type=tile.kind, headers=_headers())


async def described(station: "Station", call: Call) -> dict[str, Any]:
    """What the map can show."""
    return station.maps.described()


def _numbers(call: Call) -> tuple[int, int, int]:
    texts = (call.path["z"], call.path["x"], call.path["y"])
    if not all(text.isascii() and text.isdigit() and len(text) <= 8 for text in texts):
        raise Refusal("there is no such tile", 404)
    return int(texts[0]), int(texts[1]), int(texts[2])


def _headers() -> dict[str, str]:
    return {"Cache-Control": f"private, max-age={TILE_AGE_S}"}


ROUTES = (
    Route("GET", "/api/runways", OBSERVER, runways),
    Route("POST", "/api/elevation", OBSERVER, elevation, POINTS_BODY),
    Route("GET", "/tiles/chart/{z}/{x}/{y}.pbf", OBSERVER, chart),
    Route("GET", "/tiles/relief/{z}/{x}/{y}.png", OBSERVER, relief),
    Route("GET", "/tiles/base/{z}/{x}/{y}", OBSERVER, base),
    Route("GET", "/api/map", OBSERVER, described),
)
