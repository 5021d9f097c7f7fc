"""Passwords: what is asked of one, how it is kept (argon2id), how fast it may be guessed."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from longwatch.station.routing import ROLES, Refusal
from longwatch.station.store import Store

SHORTEST, LONGEST = 12, 256
NAME = re.compile(r"[^\W_][\w .@-]{0,39}")
WATCH = "watch"
"""Who has come in by the one-time link; no user with a password has this name."""

FREE = 3
"""Wrong passwords that cost no time; each one more doubles the wait, from 1 s."""
LONGEST_WAIT = 300.0  # s
FORGOTTEN = 3600.0  # s after the last failure
REMEMBERED = 4096  # names and addresses

_hasher = PasswordHasher()  # 64 MiB each time


class Delays:
    """How long a name or an address must wait after wrong passwords.

    Args:
        clock: monotonic [s].
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until ``key`` may try again."""
        count, then = self._failures.get(key, (0, 0.0))
        passed = self.clock() - then
        if count <= FREE or passed >= FORGOTTEN:
            return 0.0
        return max(0.0, min(2.0 ** (count - FREE - 1), LONGEST_WAIT) - passed)

    def failed(self, key: str) -> None:
        """Count one failure."""
        count, then = self._failures.pop(key, (0, 0.0))
        now = self.clock()
        self._failures[key] = (1 if now - then >= FORGOTTEN else count + 1), now
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def forgive(self, key: str, all_of_them: bool) -> None:
        """Take back the last failure, or all of them: the password was right."""
        count, then = self._failures.pop(key, (0, 0.0))
        if count > 1 and not all_of_them:
            self._failures[key] = count - 1, then


class Passwords:
    """The users of a store, by password.

    Args:
        store: where they are kept.
        clock: monotonic [s], for the delays.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self.store, self.delays = store, Delays(clock)
        self._one = asyncio.Semaphore(1)
        self._nobody = ""

    async def check(self, name: str, password: str, address: str) -> dict[str, Any]:
        """The user of that name and password.

        Raises:
            Refusal: 401 where either is wrong, the same for both; 429 after too many of them.
        """
        keys = f"name {name[:LONGEST]}", f"address {address}"
        wait = max(map(self.delays.wait, keys))
        if wait > 0.0:
            raise Refusal(f"too many wrong passwords; wait {wait:.0f} s and try again", 429)
        for key in keys:  # counted before it is looked at, or many at once would count as one
            self.delays.failed(key)
        user = self.store.user(name)
        # An unknown name takes as long as a known one.
        self._nobody = self._nobody or await self._slow(_hasher.hash, "nobody's password")
        right = await self._slow(_verify, user["password"] if user else self._nobody,
                                 password[:LONGEST])
        if user is None or not right:
            raise Refusal("name or password is wrong", 401)
        self.delays.forgive(keys[0], True)
        self.delays.forgive(keys[1], False)
        return user

    async def keep(self, name: str, password: str, roles: Iterable[str]) -> None:
        """Keep a user, or give one of that name another password and other roles.

        Raises:
            Refusal: with all that is wrong with name, password and roles.
        """
        given = list(roles)
        faults = check_name(name) + check_password(password, name) + check_roles(given)
        if faults:
            raise Refusal("this user is not kept", 400, tuple(faults))
        self.store.save_user(name, await self._slow(_hasher.hash, password), given)

    async def _slow(self, function: Callable[..., Any], *arguments: str) -> Any:
        """Call ``function`` beside the loop, one at a time: it takes much time and memory."""
        async with self._one:
            return await asyncio.to_thread(function, *arguments)


def check_name(name: str) -> list[str]:
    """What is wrong with a user's name."""
    if not NAME.fullmatch(name) or name != name.strip():
        return ["name: 1 to 40 letters, digits, spaces or . _ @ -, a letter or digit first"]
    if name.casefold() == WATCH:
        return [f"name: {WATCH} is whoever comes in by the one-time link; take another"]
    return []


def check_password(password: str, name: str) -> list[str]:
    """What is wrong with a password."""
    if not SHORTEST <= len(password) <= LONGEST:
        return [f"password: {SHORTEST} to {LONGEST} characters; a few words are easy to keep"]
    if name and name.casefold() * (len(password) // len(name)) == password.casefold():
        return ["password: not the name"]
    if len(set(password)) < 4:
        return ["password: at least four different characters"]
    return []


def check_roles(roles: list[str]) -> list[str]:
    """What is wrong with a user's roles."""
    if not roles or not set(roles) <= set(ROLES):
        return [f"roles: one or more of {', '.join(ROLES)}"]
    return []


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False

