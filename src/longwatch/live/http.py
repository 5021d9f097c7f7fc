"""The simulation's own HTTP interface: pace, faults, wind, links. Never the aircraft's.

On the loopback address alone; every request carries the run's token, which stands in a file that
only its owner reads. Requests under another Host name (a page of the web that rebinds its name to
this machine) or from another Origin are refused, and no header ever allows a foreign page in.
"""

import asyncio
import contextlib
import hmac
import math
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longwatch.errors import LongwatchError, SetupError
from longwatch.http_connections import KNOWN, Http, listening, quiet_server
from longwatch.http_json import json_object
from longwatch.live.snapshots import MOST
from longwatch.records.events import plain

if TYPE_CHECKING:
    from longwatch.live.server import Server

HOST = "127.0.0.1"
PORT = 8460
TOKEN_FILE = "interface.token"
LARGEST_BODY = 64 * 1024
MOST_CONNECTIONS, MOST_STRANGERS = 32, 16
SENDER = "interface"

Handler = Callable[["Interface", Request, dict[str, Any]], Any]


class Answer(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Interface:
    """The routes of one run.

    Args:
        server: the run.
        token: what every request must carry.
        port: where it listens; part of the Host that is asked for.
    """

    def __init__(self, server: "Server", token: str, port: int = PORT) -> None:
        self.server, self.token = server, token
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.origins = {f"http://{host}" for host in self.hosts}

    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[
            Route(path, self._guarded(handler), methods=[method])
            for method, path, handler in ROUTES])

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                self._admit(request)
                body = await _body(request)
                return _json(plain(handler(self, request, body)))
            except Answer as refusal:
                return _json({"error": str(refusal)}, refusal.status)
            except LongwatchError as fault:
                return _json({"error": str(fault)}, 400)

        return answer

    def _admit(self, request: Request) -> None:
        if request.headers.get("host", "") not in self.hosts:
            raise Answer(403, "this interface answers under its own loopback address alone")
        origin = request.headers.get("origin")
        if origin is not None and origin not in self.origins:
            raise Answer(403, "no page of another origin may use this interface")
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
            raise Answer(401, "send the header Authorization: Bearer TOKEN, with the token that "
                         f"stands in the run's file {TOKEN_FILE}")
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            raise Answer(400, "give one length, by Content-Length or by Transfer-Encoding")
        request.scope[KNOWN] = True

    def aircraft(self, request: Request) -> Any:
        """The aircraft that the path names."""
        system = _whole(request, "system")
        for aircraft in self.server.fleet:
            if aircraft.system == system:
                return aircraft
        raise Answer(404, f"no aircraft has system id {system}; GET /state lists them")

    def order(self, request: Request, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Give an order to the aircraft of the path."""
        aircraft = self.aircraft(request)
        self.server.order(aircraft.system, name, SENDER, **arguments)
        return {"tick": self.server.tick, "aircraft": aircraft.system, "order": name,
                "arguments": arguments}


async def _body(request: Request) -> dict[str, Any]:
    """The request's JSON object, {} where it has none; never more than LARGEST_BODY."""
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > LARGEST_BODY:
            raise Answer(413, f"at most {LARGEST_BODY} bytes")
    if not raw:
        return {}
    try:
        return json_object(raw)
    except ValueError as error:
        raise Answer(400, f"the body must be {error}") from None


def _json(value: Any, status: int = 200) -> Response:
    return JSONResponse(value, status, headers={
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def _only(body: dict[str, Any], *names: str) -> list[Any]:
    """The values under ``names``; every name must be there, and no other."""
    missing, unknown = set(names) - set(body), set(body) - set(names)
    if missing or unknown:
        wanted = ", ".join(names) or "no body"
        raise Answer(400, f"give {wanted}" + (f"; not {', '.join(sorted(unknown))}"
                                             if unknown else ""))
    return [body[name] for name in names]


def _whole(request: Request, name: str) -> int:
    """A number in the path: 404 where it is none, or longer than any that there are."""
    text = str(request.path_params[name])
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Answer(404, f"{name} {text[:20]}: there is none")
    return int(text)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Answer(400, f"{name}: give a number")
    return float(value)


# ---------------------------------------------------------------------------------- routes


def _state(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return interface.server.state()


def _speed(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    (speed,) = _only(body, "speed")
    interface.server.set_speed(speed if isinstance(speed, str) else _number(speed, "speed"))
    return interface.server.pace()


def _pause(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    interface.server.pause()
    return interface.server.pace()


def _resume(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    interface.server.resume()
    return interface.server.pace()


def _step(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    (seconds,) = _only(body, "seconds")
    interface.server.pacer.step(_number(seconds, "seconds"))
    return interface.server.pace()


def _stop(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    interface.server.stop()
    return {"ending": True}


def _faults(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return interface.server.faults()


def _inject(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return interface.order(request, "fault", **_arguments(body))


def _end(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return interface.order(request, "fault_end", **_arguments(body))


def _arguments(body: dict[str, Any]) -> dict[str, Any]:
    if "name" not in body:
        raise Answer(400, "give the fault's name; GET /faults lists them")
    return {key: value for key, value in body.items() if key != "sender"}


def _wind(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    speed, direction = _only(body, "speed_m_s", "direction_deg")
    return interface.order(request, "wind", speed=_number(speed, "speed_m_s"),
                           direction=math.radians(_number(direction, "direction_deg")))


def _turbulence(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    (level,) = _only(body, "level")
    return interface.order(request, "turbulence", level=level)


def _reset(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    return interface.order(request, "reset")


def _snapshots(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return {"snapshots": interface.server.snapshots.listed(), "most": MOST}


def _snapshot(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    (name,) = _only({"name": "", **body}, "name")
    return interface.server.snapshot(name, SENDER)


def _restore(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    return interface.server.restore(_kept(interface, request), SENDER)


def _forget(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    _only(body)
    interface.server.forget(_kept(interface, request), SENDER)
    return {}


def _kept(interface: Interface, request: Request) -> int:
    number = _whole(request, "number")
    if number not in interface.server.snapshots:
        raise Answer(404, f"there is no snapshot {number}; GET /snapshots lists them")
    return number


def _links(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return {"links": interface.server.link_states()}


def _pipe(interface: Interface, request: Request, body: dict[str, Any]) -> Any:
    return interface.server.set_pipe(_whole(request, "link"), body)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/state", _state),
    ("POST", "/speed", _speed),
    ("POST", "/pause", _pause),
    ("POST", "/resume", _resume),
    ("POST", "/step", _step),
    ("POST", "/stop", _stop),
    ("GET", "/faults", _faults),
    ("POST", "/aircraft/{system}/fault", _inject),
    ("POST", "/aircraft/{system}/fault/end", _end),
    ("POST", "/aircraft/{system}/wind", _wind),
    ("POST", "/aircraft/{system}/turbulence", _turbulence),
    ("POST", "/aircraft/{system}/reset", _reset),
    ("GET", "/snapshots", _snapshots),
    ("POST", "/snapshots", _snapshot),
    ("POST", "/snapshots/{number}/restore", _restore),
    ("DELETE", "/snapshots/{number}", _forget),
    ("GET", "/links", _links),
    ("POST", "/links/{link}", _pipe),
)


# --------------------------------------------------------------------------------- serving


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback address. Raises SetupError where the port is in use."""
    return listening("the interface's port", HOST, port, "--interface", waiting=MOST_CONNECTIONS)


def write_token(path: Path, again: bool = False) -> str:
    """Make a token and write it to ``path``, which only its owner may read.

    ``again``: the file may be there from an earlier run; whoever reads it finds the old token or
    the new one, never half of one.
    """
    token = secrets.token_urlsafe(32)
    fresh = path.with_name(f".{path.name}.new") if again else path
    try:
        if again:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as target:
            target.write(token + "\n")
        if again:
            fresh.replace(path)
    except OSError as fault:
        raise SetupError(f"{path}: cannot be written ({fault.strerror})") from None
    return token


class _Http(Http):
    most_strangers = MOST_STRANGERS


async def serve(interface: Interface, listener: socket.socket) -> None:
    """Answer until cancelled."""
    server = quiet_server(
        interface.application(), http=_Http, ws="none", date_header=False, timeout_keep_alive=5,
        limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=1)
    try:
        await server.serve(sockets=[listener])
    except asyncio.CancelledError:
        server.should_exit = True
        with contextlib.suppress(Exception):
            await server.shutdown(sockets=[listener])
        raise
