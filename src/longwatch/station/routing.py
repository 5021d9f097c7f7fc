"""What a request is to a handler, and what a handler may answer.

Each room of the station exposes ``ROUTES``, a tuple of :class:`Route`; ``station.web`` puts
session, role, origin and size in front of them all, once.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from longwatch.station.context import Station
from longwatch.station.refusal import Refusal

LARGEST_BODY = 64 * 1024


@dataclass(frozen=True)
class Call:
    """One request that was let in: who asks, and for what."""

    user: str
    roles: frozenset[str]
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)  # the JSON object; {} where there is none
    raw: bytes = b""  # the body as it came, for routes that take files
    stream: AsyncIterator[bytes] | None = None  # the body as it comes, where the route wants it so


Handler = Callable[[Station, Call], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """One entry of a room's table.

    ``handler`` returns what JSON can say, or a Starlette ``Response``; it raises ``Refusal`` or any
    ``LongwatchError`` (400). ``role`` is what the asker must have, ``ANYONE`` for no session.
    ``file`` routes take a body of any type up to ``largest`` bytes, others one JSON object. With
    ``stream`` the handler reads the file's body itself as it comes, too large a one raises.
    """

    method: str
    path: str  # as Starlette writes it: "/api/missions/{id}"
    role: str
    handler: Handler
    largest: int = LARGEST_BODY
    file: bool = False
    stream: bool = False


def fields(body: dict[str, Any], required: dict[str, type], optional: dict[str, type] | None = None
           ) -> dict[str, Any]:
    """``body``, if it holds what is required, of the types asked for, and nothing unknown.

    ``float`` takes whole numbers too, and nothing takes booleans for numbers.

    Raises:
        Refusal: with all that is missing, unknown or of another type.
    """
    known = required | (optional or {})
    faults = [f"{name}: is missing" for name in required if name not in body]
    faults += [f"{name}: is not known here" for name in body if name not in known]
    for name, kind in known.items():
        if name in body and not _is(body[name], kind):
            faults.append(f"{name}: give {_CALLED.get(kind, kind.__name__)}")
    if faults:
        raise Refusal("the request is not understood", 400, tuple(faults))
    return body


_CALLED = {str: "a text", bool: "true or false", int: "a whole number", float: "a number",
           dict: "an object", list: "a list"}


def _is(value: Any, kind: type) -> bool:
    if kind is not bool and isinstance(value, bool):
        return False
    return isinstance(value, int | float if kind is float else kind)
