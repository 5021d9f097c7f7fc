"""Coming in and going out: the one-time link, sign-in, sign-out, who am I."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from longwatch.station.context import Station
from longwatch.station.refusal import INSTRUCTOR, ROLES, Refusal
from longwatch.station.routing import LARGEST_BODY, fields
from longwatch.station.web import guard
from longwatch.station.web.intake import body, demand, peer
from longwatch.station.web.passwords import WATCH
from longwatch.station.web.sessions import LASTS, Session, cookie_of

if TYPE_CHECKING:
    from longwatch.station.web.application import Web

LANGUAGES = ("en", "tr", "uk")


def told(station: Station, session: Session | None) -> dict[str, Any]:
    """What a page is told of its session."""
    if session is None:
        return {"user": None}
    return {"user": session.user, "roles": [role for role in ROLES if role in session.roles],
            "languages": list(LANGUAGES), "replay": True,
            "simulation": bool(station.config.simulation) and INSTRUCTOR in session.roles}


async def _enter(web: "Web", request: Request) -> Response:
    """``GET /enter/TOKEN``, from this machine alone."""
    host, address = request.headers["host"], peer(request)
    web.rates.take(address)
    if request.method != "GET" or "prefetch" in request.headers.get("sec-purpose", ""):
        raise Refusal("the one-time link is opened, not looked at", 405)
    if not guard.from_here(host, address):
        raise Refusal("the one-time link is good on the station's own machine alone; sign in with "
                      "name and password", 403)
    if not web.link.use(request.path_params["token"]):
        return PlainTextResponse("This sign-in link was used already, or is of an earlier run.\n"
                                 f"The one that is good now stands in {web.link.path}.\n", 403)
    _leave(web, request)
    token, session = web.station.sessions.begin(WATCH, ROLES)
    _record(web, session, "link")
    return _with_cookie(web, RedirectResponse("/", 303), token, host)


async def _session(web: "Web", request: Request) -> Any:
    """``GET /api/session``."""
    web.rates.take(peer(request))
    return told(web.station, web.session(request))


async def _sign_in(web: "Web", request: Request) -> Response:
    """``POST /api/signin``."""
    web.rates.take(peer(request))
    given = fields(demand(request, await body(request, LARGEST_BODY)),
                   {"name": str, "password": str})
    try:
        user = await web.station.passwords.check(given["name"], given["password"], peer(request))
    except Refusal as refusal:
        if refusal.status == 429:  # none was looked at; the journal is nobody's to flood
            raise
        web.station.store.journal(given["name"][:40], None, "session", "sign_in",
                                  {"by": "password", "from": peer(request)}, "denied")
        raise
    _leave(web, request)
    token, session = web.station.sessions.begin(user["name"], user["roles"])
    _record(web, session, "password")
    return _with_cookie(web, JSONResponse(told(web.station, session)), token,
                        request.headers["host"])


async def _sign_out(web: "Web", request: Request) -> Response:
    """``POST /api/signout``."""
    web.rates.take(peer(request))
    demand(request, await body(request, LARGEST_BODY))
    _leave(web, request)
    response = JSONResponse({})
    response.delete_cookie(cookie_of(request.headers["host"]), httponly=True, samesite="strict")
    return response


def _leave(web: "Web", request: Request) -> None:
    """End the session that the browser had."""
    session = web.session(request)
    if session is not None:
        web.station.sessions.end(session.key)
        web.station.store.journal(session.user, None, "session", "sign_out", {}, "accepted")


def _record(web: "Web", session: Session, by: str) -> None:
    web.station.store.journal(session.user, None, "session", "sign_in", {"by": by}, "accepted")


def _with_cookie(web: "Web", response: Response, token: str, host: str) -> Response:
    """``response``, with the session's cookie; in the clear only where that was asked for."""
    config = web.station.config
    secure = not (guard.from_here(host, "127.0.0.1") or config.insecure_beyond)
    response.set_cookie(cookie_of(host), token, max_age=LASTS, path="/", httponly=True,
                        secure=secure, samesite="strict")
    response.headers["Cache-Control"] = "no-store"
    return response


ENTRIES: tuple[tuple[str, str, Callable[["Web", Request], Awaitable[Any]]], ...] = (
    ("GET", "/enter/{token}", _enter),
    ("GET", "/api/session", _session),
    ("POST", "/api/signin", _sign_in),
    ("POST", "/api/signout", _sign_out),
)
