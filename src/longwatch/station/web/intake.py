"""A request's body, taken in: never larger than asked for, and JSON where it changes anything."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from longwatch.http_json import json_object
from longwatch.station.refusal import Refusal

PATIENCE = 120.0  # s


def peer(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else ""


async def body(request: Request, largest: int) -> bytes:
    """A request's body. Raises Refusal, 413, as soon as it is too large; 408 where it is slow."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _body(request, largest)
    except TimeoutError:
        raise Refusal("the request took too long to come", 408) from None


async def _body(request: Request, largest: int) -> bytes:
    return b"".join([part async for part in stream(request, largest)])


async def stream(request: Request, largest: int) -> AsyncIterator[bytes]:
    """A request's body as it comes. Raises Refusal, 413, as soon as it is too large."""
    told = request.headers.get("content-length", "0")
    size = int(told) if told.isdigit() and len(told) < 16 else 0
    if size <= largest:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > largest:
                break
            yield part
    if size > largest:
        raise Refusal(f"at most {largest} bytes are taken here", 413)


def demand(request: Request, raw: bytes) -> dict[str, Any]:
    """The JSON object of a request; what changes anything must say that it is JSON.

    A form of another page's cannot say so, nor send it without asking first.
    """
    if request.method in ("POST", "PUT") or raw:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind != "application/json":
            raise Refusal("send JSON, with the header Content-Type: application/json")
    if not raw:
        return {}
    try:
        return json_object(raw)
    except ValueError as error:
        raise Refusal(f"the body must be {error}") from None
