"""Who is let in: sessions by their cookies, the one-time link, and how often each may ask."""

from collections.abc import Callable

from starlette.requests import Request

from longwatch.station.context import Station
from longwatch.station.refusal import OBSERVER, Refusal
from longwatch.station.web.limits import Rates
from longwatch.station.web.sessions import Link, Session, cookie_of


class Door:
    """The one door of a station.

    Args:
        station: its parts.
        link: the one-time sign-in link.
        clock: monotonic [s], for rates.
    """

    def __init__(self, station: Station, link: Link, clock: Callable[[], float]) -> None:
        self.station, self.link, self.rates = station, link, Rates(clock)

    def session(self, request: Request) -> Session | None:
        """The session of a request's cookie."""
        name = cookie_of(request.headers.get("host", ""))
        return self.station.sessions.find(request.cookies.get(name))


def admit(session: Session | None, role: str) -> Session:
    """``session``, if it has ``role``; whoever is in observes. Raises Refusal, 401 or 403."""
    if session is None:
        raise Refusal("sign in first", 401)
    if role != OBSERVER and role not in session.roles:
        raise Refusal(f"this needs the role {role}, which {session.user} does not have; a "
                      "commander gives roles", 403)
    return session
