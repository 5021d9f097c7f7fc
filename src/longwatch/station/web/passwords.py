"""Passwords: what is asked of one, how it is kept (argon2id), how fast it may be guessed."""

import asyncio
import re
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from longwatch.station.refusal import ROLES, Refusal
from longwatch.station.store import Store

SHORTEST, LONGEST = 12, 256
NAME = re.compile(r"[^\W_][\w .@-]{0,39}")
WATCH = "watch"
"""Who has come in by the one-time link; no user with a password has this name."""

FREE = 3
"""Wrong passwords for a name from an address that cost no time; each one more doubles the wait."""
FREE_NAME = 30
"""The same for a name from wherever they come: nobody locks another one out by a few."""
LONGEST_WAIT = 300.0  # s
MOST_AT_ONCE = 4
"""Passwords from one address that wait to be looked at: others shall not wait behind more."""
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

    def wait(self, key: str, free: int = FREE) -> float:
        """Seconds until ``key`` may try again, ``free`` failures costing none."""
        count, then = self._failures.get(key, (0, 0.0))
        passed = self.clock() - then
        if count <= free or passed >= FORGOTTEN:
            return 0.0
        return max(0.0, min(2.0 ** min(count - free - 1, 16), LONGEST_WAIT) - passed)

    def failed(self, key: str) -> None:
        """Count one failure."""
        count, then = self._failures.pop(key, (0, 0.0))
        now = self.clock()
        self._failures[key] = (1 if now - then >= FORGOTTEN else count + 1), now
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the failures: the password was right."""
        self._failures.pop(key, None)


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
        self._looked_at: Counter[str] = Counter()

    async def check(self, name: str, password: str, address: str) -> dict[str, Any]:
        """The user of that name and password.

        Raises:
            Refusal: 401 where either is wrong, the same for both; 429 after too many of them.
        """
        # An address alone is never kept waiting: many people may share one.
        own, everywhere = f"{name[:LONGEST]} from {address}", f"name {name[:LONGEST]}"
        wait = max(self.delays.wait(own), self.delays.wait(everywhere, FREE_NAME))
        if wait > 0.0:
            raise Refusal(f"too many wrong passwords; wait {wait:.0f} s and try again", 429)
        if self._looked_at[address] >= MOST_AT_ONCE:
            raise Refusal("too many passwords at once; try again in a second", 429)
        for key in (own, everywhere):  # before it is looked at, or many at once count as one
            self.delays.failed(key)
        self._looked_at[address] += 1
        try:
            return await self._checked(name, password, (own, everywhere))
        finally:
            self._looked_at[address] -= 1
            if not self._looked_at[address]:
                del self._looked_at[address]

    async def _checked(self, name: str, password: str, keys: tuple[str, str]) -> dict[str, Any]:
        user = self.store.user(name)
        # An unknown name takes as long as a known one.
        self._nobody = self._nobody or await self._slow(_hasher.hash, "nobody's password")
        right = await self._slow(_verify, user["password"] if user else self._nobody,
                                 password[:LONGEST])
        if user is None or not right:
            raise Refusal("name or password is wrong", 401)
        for key in keys:
            self.delays.forgive(key)
        return user

    async def keep(self, name: str, password: str, roles: Iterable[str]) -> None:
        """Keep a user, or give one of that name another password and other roles.

        Raises:
            Refusal: with all that is wrong with name, password and roles.
        """
        given = list(roles)
        others = [user["name"] for user in self.store.users()]
        faults = check_name(name, others) + check_password(password, name) + check_roles(given)
        if faults:
            raise Refusal("user not saved", 400, tuple(faults))
        self.store.save_user(name, await self._slow(_hasher.hash, password), given)

    async def _slow(self, function: Callable[..., Any], *arguments: str) -> Any:
        """Call ``function`` beside the loop, one at a time: it takes much time and memory."""
        async with self._one:
            return await asyncio.to_thread(function, *arguments)


def look(name: str) -> str:
    """What a name looks like at a glance: names of one look are taken for each other.

    Letters of other scripts that look Latin, l, I and 1, O and 0, accents, case and width count
    for nothing (after Unicode Technical Standard 39, of which this is the part for names in Latin,
    Cyrillic and Greek letters).
    """
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return plain.translate(_LOOKS).replace("rn", "m").replace("vv", "w")


_LOOKS = str.maketrans({other: latin for latin, others in {
    "a": "аα", "b": "вьβ", "c": "сϲ", "d": "ԁ", "e": "е", "h": "нһ", "j": "јϳ", "k": "кκ",
    "l": "1iıіιӏ|", "m": "м", "n": "пη", "o": "0оο", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ",
    "u": "υ", "v": "ѵν", "w": "ԝѡω", "x": "хχ", "y": "уүγ"}.items() for other in others})


def check_name(name: str, others: Iterable[str] = ()) -> list[str]:
    """What is wrong with a user's name, beside those of ``others``."""
    if not NAME.fullmatch(name) or name != name.strip():
        return ["name: 1 to 40 letters, digits, spaces or . _ @ -, a letter or digit first"]
    if name != unicodedata.normalize("NFKC", name):
        return ["name: has letters that are written in more than one way; write it plainly"]
    if look(name) == look(WATCH):
        return [f"name: {WATCH} is whoever comes in by the one-time link; take another"]
    alike = next((other for other in others if other != name and look(other) == look(name)), None)
    return [] if alike is None else [f"name: looks like {alike}, who is there already; take "
                                     "another"]


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

