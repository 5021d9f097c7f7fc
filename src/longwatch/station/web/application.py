"""The web application: every room's routes behind one door, and the page's own files.

Session, role, rate, size and form of a request are looked at here, once for all routes; Host and
Origin before that, in ``guard``. An error that nobody foresaw is logged under a number, and the
number is all that is told.
"""

import json
import logging
import math
import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as Path_
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from longwatch.errors import LongwatchError
from longwatch.http_connections import KNOWN
from longwatch.station.context import Station
from longwatch.station.refusal import ANYONE, OBSERVER, Refusal
from longwatch.station.routing import Call, Route
from longwatch.station.web import entry, socket
from longwatch.station.web.door import Door, admit
from longwatch.station.web.guard import Guard, Hosts
from longwatch.station.web.intake import body, demand, peer, stream
from longwatch.station.web.limits import OCTETS_A_REQUEST, UnderWay
from longwatch.station.web.page_files import PageFiles
from longwatch.station.web.sessions import Link, Session

LARGEST_OF_OBSERVERS = 1024 * 1024

log = logging.getLogger(__name__)


class Web:
    """The application of one station.

    Args:
        station: its parts.
        routes: the tables of all rooms.
        hosts: the names it is asked for under.
        link: the one-time sign-in link.
        page: folder of the built page.
        clock: monotonic [s], for rates and delays.
    """

    def __init__(self, station: Station, routes: Iterable[Route], hosts: Hosts, link: Link,
                 page: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.station, self.hosts = station, hosts
        self.door, self.under_way = Door(station, link, clock), UnderWay()
        self.page = PageFiles(page)
        self.routes = tuple(routes)

    def application(self) -> ASGIApp:
        """The ASGI application."""
        own = [Path_(path, self._answering(partial(handler, self.door)), methods=[method])
               for method, path, handler in entry.ENTRIES]
        rooms = [Path_(route.path, self._answering(self._behind_door(route)),
                       methods=[route.method]) for route in self.routes]
        app = Starlette(
            routes=[WebSocketRoute("/ws", _Socket(self.door)), *own, *rooms,
                    Path_("/{path:path}", self._answering(self._file), methods=["GET"])],
            exception_handlers={HTTPException: _http_error})
        return Guard(app, self.hosts)

    def _answering(self, handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                return _response(await handler(request))
            except LongwatchError as refusal:
                return refused(refusal)
            except ClientDisconnect:  # nobody is there to be answered
                return Response(status_code=400)
            except Exception:
                number = secrets.token_hex(4)
                log.exception("error %s: %s %s", number, request.method, request.url.path)
                return _json({"error": f"the station failed at this; its log tells of it under "
                                       f"{number}", "faults": []}, 500)

        return answer

    def _behind_door(self, route: Route) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Any:
            session = self.door.session(request)
            asker = session.key if session else peer(request)
            self.door.rates.take(asker)
            if route.role != ANYONE:
                admit(session, route.role)
            request.scope[KNOWN] = session is not None
            with self.under_way.one(asker):
                return await answer(request, route, session, asker)

        async def answer(request: Request, route: Route, session: Session | None,
                         asker: str) -> Any:
            coming = stream(request, route.largest) if route.stream else None
            raw = b"" if coming is not None else await body(request, _largest(route, session))
            self.door.rates.take(asker, len(raw) / OCTETS_A_REQUEST)
            call = Call(
                session.user if session else "", session.roles if session else frozenset(),
                {name: str(value) for name, value in request.path_params.items()},
                dict(request.query_params), {} if route.file else demand(request, raw), raw,
                coming)
            return await route.handler(self.station, call)

        return handle

    async def _file(self, request: Request) -> Response:
        self.door.rates.take(peer(request))
        return self.page.answer(request.path_params["path"],
                                "gzip" in request.headers.get("accept-encoding", ""))


def _largest(route: Route, session: Session | None) -> int:
    """Bytes of a body that are taken; of whoever only looks on, fewer."""
    looks_on = session is None or not session.roles - {OBSERVER}
    return min(route.largest, LARGEST_OF_OBSERVERS) if looks_on else route.largest


class _Socket:
    """``/ws``."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        station, session = self.door.station, self.door.session(Request({**scope, "type": "http"}))
        await socket.talk(station, session, entry.told(station, session), scope, receive, send)


def refused(refusal: LongwatchError) -> Response:
    """A refusal as the contract has it."""
    if isinstance(refusal, Refusal):
        extra = {"Retry-After": "1"} if refusal.status in (429, 503) else {}
        told = {"told": list(refusal.told)} if refusal.told else {}
        return _json({"error": str(refusal), "faults": list(refusal.faults), **told},
                     refusal.status, extra)
    first, *more = str(refusal).split("\n  - ")
    return _json({"error": first, "faults": more}, 400)


def _response(value: Any) -> Response:
    return value if isinstance(value, Response) else _json(value)


def _json(value: Any, status: int = 200, extra: dict[str, str] | None = None) -> Response:
    try:
        text = _text(value)
    except (TypeError, ValueError):  # NumPy's numbers, or one that is none
        text = _text(_plain(value))
    return Response(text, status, {"Cache-Control": "no-store", **(extra or {})},
                    "application/json")


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False,
                      separators=(",", ":")).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """``value`` as JSON can say it; a number that is none becomes null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = {404: "there is nothing at this address", 405: "this address does not take that"}
    return _json({"error": text.get(status, str(error)), "faults": []}, status)
