"""The manual over HTTP, for anybody: whoever cannot sign in may want to read how."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, RedirectResponse, Response

from longwatch.errors import LongwatchError
from longwatch.station.help import manual
from longwatch.station.help.manual import FIRST, IMAGES, Manual
from longwatch.station.refusal import ANYONE, Refusal
from longwatch.station.routing import Call, Route

if TYPE_CHECKING:
    from longwatch.station.context import Station

MANUAL = Manual()


async def contents(station: "Station", call: Call) -> Response:
    """``/help``: to the first page."""
    return RedirectResponse(f"/help/{FIRST}", 303)


async def style(station: "Station", call: Call) -> Response:
    """The pages' style sheet, in the palette of whoever reads them: a dark room stays dark."""
    palette = None
    # Whoever has none, and whatever disk cannot be read: the manual is read all the same.
    with contextlib.suppress(LongwatchError):
        palette = station.store.settings(call.user).get("palette") if call.user else None
    return Response(manual.style(palette), media_type="text/css",
                    headers={"Cache-Control": "no-store"})


async def page(station: "Station", call: Call) -> Response:
    """One page, or an image of one."""
    path = call.path["path"] or FIRST
    found = MANUAL.find(path)
    if found is None:
        raise Refusal("the manual has no such page; begin at /help/", 404)
    kind = IMAGES.get(found.suffix.lower())
    if kind is not None:
        return FileResponse(found, media_type=kind)
    rendered = await asyncio.to_thread(MANUAL.render, path)
    return Response(rendered, media_type="text/html; charset=utf-8")


ROUTES = (
    Route("GET", "/help", ANYONE, contents),
    Route("GET", "/help/manual.css", ANYONE, style),
    Route("GET", "/help/{path:path}", ANYONE, page),
)
