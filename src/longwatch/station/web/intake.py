"""A request's body, taken in: never larger than asked for, and JSON where it changes anything."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from longwatch.station.refusal import Refusal

PATIENCE = 120.0  # s
LONGEST_NUMBER = 18
"""Digits of a whole number: more than what has to be counted, less than what MessagePack takes."""


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
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite,
                           parse_int=_whole)
        if b"\\ud" in raw or b"\\uD" in raw:  # half a character cannot be kept or told
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal("the body must be one JSON object, of numbers and texts that there "
                      "are") from None
    if not isinstance(value, dict):
        raise Refusal("the body must be one JSON object")
    return value


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)
