"""The WebSocket ``/ws``: from a browser that has a session, to the hub and back."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from longwatch.station.web.guard import refuse
from longwatch.station.web.hub import TOO_SLOW, Client
from longwatch.station.web.sessions import Session

ABORT = "longwatch.abort"
PATIENCE = 30.0
"""Seconds in which a peer must take a message, or it is dropped."""
KEPT_FOR_ONE = 128 * 1024
"""Bytes that the system may hold for one browser: what is older than it can read is not wanted."""


class Protocol(WebSocketsSansIOProtocol):
    """uvicorn's, with a way to drop a peer that reads no more: closing would wait for it."""

    def connection_made(self, transport: Any) -> None:
        """Bound what waits for this peer out of our sight."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=KEPT_FOR_ONE)

    def handle_connect(self, event: Any) -> None:
        """Hand the application the way to drop the peer."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][ABORT] = {"call": self.transport.abort}


async def talk(station: Any, session: Session | None, told: dict[str, Any], scope: Scope,
               receive: Receive, send: Send) -> None:
    """Serve one socket until either side ends it.

    Args:
        station: the station's parts.
        session: that of the request's cookie, None where there is none.
        told: what ``GET /api/session`` tells of it.
        scope, receive, send: ASGI's.
    """
    if session is None:
        await refuse(scope, send, 401, "sign in first")
        return
    if station.hub.full(session.user, session.roles):
        await refuse(scope, send, 503, "too many pages are open; close one and try again")
        return
    socket = WebSocket(scope, receive, send)
    await socket.accept()
    client = Client(session.key, session.user, session.roles)
    station.hub.join(client, told, station.fleet)
    tasks = [asyncio.create_task(work) for work in (
        _until_gone(receive), _write(client, send), client.ended.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        station.hub.leave(client)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _close(client.closing or 1000, scope, send)


async def _until_gone(receive: Receive) -> None:
    """Read until the peer goes. The page sends nothing: whatever it sends ends the socket."""
    await receive()


async def _write(client: Client, send: Send) -> None:
    while (data := await client.next()) is not None:
        async with asyncio.timeout(PATIENCE):
            await send({"type": "websocket.send", "bytes": data})


async def _close(code: int, scope: Scope, send: Send) -> None:
    """Close with ``code``, and drop a peer that has gone or does not take it."""
    abort: Callable[[], None] = scope.get("extensions", {}).get(ABORT, {}).get("call", _nothing)
    try:
        async with asyncio.timeout(1.0):
            await send({"type": "websocket.close", "code": code})
            if code == TOO_SLOW:  # it may not be read for long
                await asyncio.sleep(10.0)
    except Exception:
        abort()


def _nothing() -> None:
    """For a server that has no such way."""
