"""What every request passes, HTTP and WebSocket alike, before anything else looks at it.

Host: a page of the web that rebinds its name to this machine asks under its own name, and is
refused. Origin: a page of another origin is refused, even one of another port of this machine,
whose requests would carry our cookie. And every answer says what a browser may do with it.
"""

import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longwatch.station.config import Config, is_loopback

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; worker-src 'self' blob:; "
    "connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'")
"""No script but the page's own files. Styles on elements (MapLibre sets them) run nothing."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
                          "serial=(), hid=(), midi=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PRIVATE = ("/api", "/ws", "/tiles")
"""What no other page may even ask for: browsers say so in Sec-Fetch-Site."""


class Hosts:
    """The names under which the station may be asked for.

    Args:
        config: where it listens.
        port: the port that it has.
    """

    def __init__(self, config: Config, port: int) -> None:
        self.port, self.loopback = port, config.loopback
        self.names = {"localhost", "127.0.0.1", "[::1]"}
        if not config.loopback:
            self.names |= {name.casefold() for name in (*config.names, socket.gethostname())}

    def admits(self, host: str) -> bool:
        """Whether a request's Host header is one of ours.

        Beyond this machine addresses are good as well: an address cannot be rebound. The port is
        then that of whatever stands before the station.
        """
        name, port = split(host)
        if self.loopback:
            return name in self.names and port == self.port
        return port >= 0 and (name in self.names or _is_address(name))


def split(host: str) -> tuple[str, int]:
    """Name and port of a Host header; port 80 where it names none, -1 where it is none."""
    name, colon, port = host.casefold().rpartition(":")
    if not colon or host.endswith("]"):
        return host.casefold(), 80
    return name, int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else -1


def from_here(host: str, peer: str) -> bool:
    """Whether a request came from this machine, and asked for this machine."""
    return is_loopback(split(host)[0].strip("[]")) and is_loopback(peer)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def fault(headers: Headers, path: str, hosts: Hosts) -> str:
    """Why a request has no business here; "" where it has."""
    given = headers.getlist("host")
    if len(given) != 1 or not hosts.admits(given[0]):
        return ("the station is not asked for under this name; open it by the address that it "
                "printed as it started")
    origins = headers.getlist("origin")
    if origins and origins[0].casefold() not in (
            f"{scheme}://{given[0].casefold()}" for scheme in ("http", "https")):
        return "no page of another origin may use the station"
    if len(origins) > 1:
        return "more than one Origin"
    if path.startswith(PRIVATE) and headers.get("sec-fetch-site", "same-origin") not in (
            "same-origin", "none"):
        return "no page of another origin may use the station"
    return ""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or let it through."""
        if scope["type"] not in ("http", "websocket"):
            return
        headers = Headers(scope=scope)
        wrong = fault(headers, scope["path"], self.hosts)
        if wrong:
            await refuse(scope, send, 403, wrong)
        elif "content-length" in headers and "transfer-encoding" in headers:
            # It may be read in two ways (RFC 9112, section 6.1): nothing more of it is read.
            await refuse(scope, send, 400, "a request gives one length, by Content-Length or by "
                         "Transfer-Encoding", {"connection": "close"})
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, _marked(send, headers["host"], scope["path"]))


def _marked(send: Send, host: str, path: str) -> Send:
    """``send``, with what browsers are told of every answer."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = POLICY.format(host=host)
            if path.startswith("/api"):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return marked


async def refuse(scope: Scope, send: Send, status: int, message: str,
                 extra: Mapping[str, str] | None = None) -> None:
    """Answer with a refusal, HTTP or a WebSocket that was not accepted yet."""
    kind = "http.response"
    if scope["type"] == "websocket":
        kind = "websocket.http.response"
        if kind not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
    body = json.dumps({"error": message, "faults": []}).encode()
    headers: dict[str, Any] = {"content-type": "application/json", "cache-control": "no-store",
                               "content-length": str(len(body)), **HEADERS, **(extra or {})}
    await send({"type": f"{kind}.start", "status": status, "headers": [
        (name.lower().encode(), value.encode()) for name, value in headers.items()]})
    await send({"type": f"{kind}.body", "body": body})
