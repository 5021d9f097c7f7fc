"""Sessions: who asks, for how long; and the one-time link that lets this machine's owner in."""

import hashlib
import hmac
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longwatch.errors import SetupError
from longwatch.station.refusal import ROLES
from longwatch.station.store import Store, StoreError
from longwatch.station.web.passwords import WATCH

log = logging.getLogger(__name__)

COOKIE = "longwatch_session"
"""Name of the cookie, with the port that the browser asked: browsers keep cookies by host alone."""
LASTS = 36 * 3600  # s
MOST_OF_ONE = 16
"""Sessions of one user; one more ends the oldest."""
LINK = "signin-link"


def cookie_of(host: str) -> str:
    """The cookie's name at a Host header: two stations on one host share none."""
    port = host.rpartition(":")[2]
    return f"{COOKIE}_{port}" if port.isascii() and port.isdigit() else COOKIE


@dataclass(frozen=True)
class Session:
    """One browser that was let in; ``key`` is the hash of its token."""

    key: str
    user: str
    roles: frozenset[str]
    ends_s: float


class Sessions:
    """All sessions; they outlive the station's run, as hashes of their tokens.

    Args:
        store: where they are kept.
        wall: UTC since 1970 [s].

    Attributes:
        on_end: called with the key of every session that is ended before its time.
    """

    def __init__(self, store: Store, wall: Callable[[], float] = time.time) -> None:
        self.store, self.wall = store, wall
        self.on_end: Callable[[str], None] = lambda key: None
        self._sessions: dict[str, Session] = {
            row["key"]: Session(row["key"], row["user"], frozenset(row["roles"]), row["ends_s"])
            for row in store.sessions() if self._stands(row)}

    def _stands(self, row: dict[str, Any]) -> bool:
        """Whether a session's user is as he was when it began: from the shell, too, users go."""
        user = self.store.user(row["user"])
        return row["user"] == WATCH or (user is not None and user["changed_s"] <= row["began_s"])

    def find(self, token: str | None) -> Session | None:
        """The session of a cookie's token; None where there is none, or none any more."""
        if not token:
            return None
        session = self._sessions.get(_hash(token))
        return session if session is not None and self.alive(session.key) else None

    def alive(self, key: str) -> bool:
        """Whether the session of ``key`` lasts still."""
        session = self._sessions.get(key)
        if session is None:
            return False
        if session.ends_s <= self.wall():
            self.end(key)
            return False
        return True

    def begin(self, user: str, roles: Iterable[str]) -> tuple[str, Session]:
        """Begin a session: the token for its cookie, told once, and the session."""
        own = [session for session in self._sessions.values() if session.user == user]
        for old in sorted(own, key=lambda one: one.ends_s)[:max(0, len(own) - MOST_OF_ONE + 1)]:
            self.end(old.key)
        token = secrets.token_urlsafe(32)
        now = self.wall()
        session = Session(_hash(token), user, frozenset(roles), now + LASTS)
        try:
            self.store.save_session(session.key, user, session.roles, now, session.ends_s)
        except StoreError as error:  # he may fly all the same; the session ends with the station
            log.error("the session of %s does not outlive the station: %s", user, error)
        self._sessions[session.key] = session
        return token, session

    def end(self, key: str) -> None:
        """End one session."""
        if self._sessions.pop(key, None) is not None:
            self.on_end(key)
            self.store.delete_session(key)

    def end_user(self, user: str) -> None:
        """End all sessions of one user."""
        for session in list(self._sessions.values()):
            if session.user == user:
                self.end(session.key)

    def roles_of(self, user: str) -> frozenset[str]:
        """The roles of a user by password, or of one who came by the link; none of nobody."""
        if user == WATCH:
            return frozenset(ROLES)
        kept: dict[str, Any] | None = self.store.user(user)
        return frozenset(kept["roles"]) if kept else frozenset()


class Link:
    """The one-time sign-in link. Its file is the owner's alone, and always holds one that is good.

    Args:
        folder: the station's folder.
        address: what the link begins with, ``http://127.0.0.1:8080``.

    Attributes:
        path: the file.
        link: the link that is good now.

    Raises:
        SetupError: the file cannot be written, here and in ``use``.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.path, self.address = folder / LINK, address
        self._renew()

    def use(self, token: str) -> bool:
        """Whether ``token`` is that of the link; it is good no more, and another is made."""
        if not hmac.compare_digest(_hash(token), _hash(self._token)):
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        self._token = secrets.token_urlsafe(32)
        self.link = f"{self.address}/enter/{self._token}"
        new = self.path.with_name(f".{LINK}.{os.getpid()}")
        try:
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(self.link + "\n")
            new.replace(self.path)
        except OSError as fault:
            raise SetupError(f"{self.path}: cannot be written ({fault.strerror})") from None

    def close(self) -> None:
        """Take the file away, as the station ends."""
        self.path.unlink(missing_ok=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
