"""Coming in and going out: the one-time link, sign-in, sign-out, who am I."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from longwatch.station.context import Station
from longwatch.station.refusal import INSTRUCTOR, ROLES, Refusal
from longwatch.station.routing import LARGEST_BODY, fields
from longwatch.station.web import guard
from longwatch.station.web.door import Door
from longwatch.station.web.intake import body, demand, peer
from longwatch.station.web.passwords import WATCH
from longwatch.station.web.sessions import LASTS, Session, cookie_of

LANGUAGES = ("en", "tr", "uk")


def told(station: Station, session: Session | None) -> dict[str, Any]:
    """What a page is told of its session."""
    if session is None:
        return {"user": None}
    return {"user": session.user, "roles": [role for role in ROLES if role in session.roles],
            "languages": list(LANGUAGES), "replay": True,
            "simulation": bool(station.config.simulation) and INSTRUCTOR in session.roles}


async def _enter(door: Door, request: Request) -> Response:
    """``GET /enter/TOKEN``, from this machine alone."""
    host, address = request.headers["host"], peer(request)
    door.rates.take(address)
    if request.method != "GET" or "prefetch" in request.headers.get("sec-purpose", ""):
        raise Refusal("the one-time link is opened, not looked at", 405)
    if not guard.from_here(host, address):
        raise Refusal("the one-time link is good on the station's own machine alone; sign in with "
                      "name and password", 403)
    if not door.link.use(request.path_params["token"]):
        return PlainTextResponse("This sign-in link was used already, or is of an earlier run.\n"
                                 f"The one that is good now stands in {door.link.path}.\n", 403)
    _leave(door, request)
    token, session = door.station.sessions.begin(WATCH, ROLES)
    _record(door, session, "link")
    return _with_cookie(door, RedirectResponse("/", 303), token, host)


async def _session(door: Door, request: Request) -> Any:
    """``GET /api/session``."""
    door.rates.take(peer(request))
    return told(door.station, door.session(request))


async def _sign_in(door: Door, request: Request) -> Response:
    """``POST /api/signin``."""
    door.rates.take(peer(request))
    given = fields(demand(request, await body(request, LARGEST_BODY)),
                   {"name": str, "password": str})
    try:
        user = await door.station.passwords.check(given["name"], given["password"], peer(request))
    except Refusal as refusal:
        if refusal.status == 429:  # none was looked at; the journal is nobody's to flood
            raise
        door.station.store.journal(given["name"][:40], None, "session", "sign_in",
                                  {"by": "password", "from": peer(request)}, "denied")
        raise
    _leave(door, request)
    token, session = door.station.sessions.begin(user["name"], user["roles"])
    _record(door, session, "password")
    return _with_cookie(door, JSONResponse(told(door.station, session)), token,
                        request.headers["host"])


async def _sign_out(door: Door, request: Request) -> Response:
    """``POST /api/signout``."""
    door.rates.take(peer(request))
    demand(request, await body(request, LARGEST_BODY))
    _leave(door, request)
    response = JSONResponse({})
    response.delete_cookie(cookie_of(request.headers["host"]), httponly=True, samesite="strict")
    return response


def _leave(door: Door, request: Request) -> None:
    """End the session that the browser had."""
    session = door.session(request)
    if session is not None:
        door.station.sessions.end(session.key)
        door.station.store.journal(session.user, None, "session", "sign_out", {}, "accepted")


def _record(door: Door, session: Session, by: str) -> None:
    door.station.store.journal(session.user, None, "session", "sign_in", {"by": by}, "accepted")


def _with_cookie(door: Door, response: Response, token: str, host: str) -> Response:
    """``response``, with the session's cookie; in the clear only where that was asked for."""
    config = door.station.config
    secure = not (guard.from_here(host, "127.0.0.1") or config.insecure_beyond)
    response.set_cookie(cookie_of(host), token, max_age=LASTS, path="/", httponly=True,
                        secure=secure, samesite="strict")
    response.headers["Cache-Control"] = "no-store"
    return response


ENTRIES: tuple[tuple[str, str, Callable[[Door, Request], Awaitable[Any]]], ...] = (
    ("GET", "/enter/{token}", _enter),
    ("GET", "/api/session", _session),
    ("POST", "/api/signin", _sign_in),
    ("POST", "/api/signout", _sign_out),
)
