"""What a request is to a handler, and what a handler may answer.

Each room of the station exposes ``ROUTES``, a tuple of :class:`Route`; ``station.web`` puts session,
role, origin and size in front of them all, once.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from longwatch.errors import LongwatchError

if TYPE_CHECKING:
    from longwatch.station.context import Station

OBSERVER, PILOT, COMMANDER, INSTRUCTOR = ROLES = (
    "observer", "pilot", "commander", "instructor")
ANYONE = ""
LARGEST_BODY = 64 * 1024


class Refusal(LongwatchError):
    """A request that is not carried out: ``status`` as in HTTP, all ``faults`` at once."""

    def __init__(self, message: str, status: int = 400, faults: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status, self.faults = status, faults


@dataclass(frozen=True)
class Call:
    """One request that was let in: who asks, and for what."""

    user: str
    roles: frozenset[str]
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)  # the JSON object; {} where there is none
    raw: bytes = b""  # the body as it came, for routes that take files


Handler = Callable[["Station", Call], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """One entry of a room's table.

    ``handler`` returns what JSON can say, or a Starlette ``Response``; it raises ``Refusal`` or any
    ``LongwatchError`` (400). ``role`` is what the asker must have, ``ANYONE`` for no session.
    ``file`` routes take a body of any type up to ``largest`` bytes, others one JSON object.
    """

    method: str
    path: str  # as Starlette writes it: "/api/missions/{id}"
    role: str
    handler: Handler
    largest: int = LARGEST_BODY
    file: bool = False
