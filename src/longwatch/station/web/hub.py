"""The browsers: what each is sent, in which order, and what a slow one misses.

Whatever changes is packed once for all. A frame of quantities may be missed by a browser that
reads too slowly: it then gets a whole one. No other message is ever left out; a browser too far
behind for that is cut off, and begins anew.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import msgpack

from longwatch.station.refusal import INSTRUCTOR, OBSERVER

PERIOD = 0.025  # s between frames: reports that come at 30 Hz are passed on one by one
BEAT = 0.5  # s: so often a frame at least, even an empty one, tells that the station lives
FRAMES_BEHIND = 4
"""Frames that may wait for one browser before it misses them."""
MESSAGES_BEHIND = 2000
OCTETS_BEHIND = 8 * 1024 * 1024
"""Messages and bytes that may wait for one browser before it is cut off."""
MOST_SOCKETS, MOST_OF_ONE, FOR_CREWS = 64, 8, 32
"""WebSockets in all, of one user, and of those in all how many observers leave to others."""

SESSION_ENDED = 4401
"""The socket's session has ended: sign in."""
TOO_SLOW = 4408
"""Too far behind: connect anew."""
RESTARTING = 1012
"""The station ends or starts anew: connect again."""

STICKY = {"alerts": 2, "plan": 3, "checks": 2, "simulation": 1, "replay": 1, "timers": 1,
          "notes": 1}
"""Kinds that tell a state, which a newcomer is told too; so many elements name whose it is."""

log = logging.getLogger(__name__)


class Vehicles(Protocol):
    """What the hub asks of the fleet. Quantities are by index in ``names``."""

    @property
    def names(self) -> Any:
        """Names of quantities."""

    def vehicles(self) -> list[Any]:
        """All vehicles, as the contract has them."""

    def changes(self) -> Mapping[str, Any]:
        """What changed since it was last asked."""

    def whole(self) -> Mapping[str, Any]:
        """Every quantity that is known."""


class Client:
    """One browser's socket.

    Args:
        key: of its session.
        user, roles: of its session.
    """

    def __init__(self, key: str, user: str, roles: frozenset[str]) -> None:
        self.key, self.user, self.roles = key, user, roles
        self.closing = 0  # the code it is to be closed with, once set
        self.missed = 0  # frames it was not sent
        self.ended = asyncio.Event()  # it is to be closed
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._octets = self._frames = 0
        self._behind = False  # it missed a frame, and needs a whole one
        self._ready = asyncio.Event()

    def may(self, role: str) -> bool:
        """Whether messages for ``role`` are its own; whoever has any role observes."""
        return role == OBSERVER or role in self.roles

    def push(self, data: bytes) -> None:
        """Let a message wait that must not be missed."""
        self._append(data, False)
        if len(self._waiting) > MESSAGES_BEHIND or self._octets > OCTETS_BEHIND:
            self.close(TOO_SLOW)

    def push_frame(self, data: bytes | None, whole: Callable[[], bytes]) -> None:
        """Let a frame wait, None where nothing changed, or leave it out and mend that later."""
        if self._behind:
            if not self._waiting:
                self._behind = False
                self._append(whole(), True)
            elif data is not None:
                self.missed += 1
        elif data is not None:
            if self._frames >= FRAMES_BEHIND:
                self.missed += self._frames + 1
                self._drop_frames()
                self._behind = True
            else:
                self._append(data, True)

    def _append(self, data: bytes, frame: bool) -> None:
        if self.closing:
            return
        self._waiting.append((data, frame))
        self._octets += len(data)
        self._frames += frame
        self._ready.set()

    def _drop_frames(self) -> None:
        kept = [(data, frame) for data, frame in self._waiting if not frame]
        self._waiting = deque(kept)
        self._octets, self._frames = sum(len(data) for data, _ in kept), 0

    def close(self, code: int) -> None:
        """Have the socket closed with ``code``, what waits unsent."""
        self.closing = self.closing or code
        self._waiting.clear()
        self._octets = self._frames = 0
        self._ready.set()
        self.ended.set()

    async def next(self) -> bytes | None:
        """The next message, once there is one; None when the socket is to be closed."""
        while True:
            if self.closing:
                return None
            if self._waiting:
                data, frame = self._waiting.popleft()
                self._octets -= len(data)
                self._frames -= frame
                return data
            self._ready.clear()
            await self._ready.wait()


class Hub:
    """All browsers that are connected.

    Args:
        wall: UTC since 1970 [s], as told in frames.

    Attributes:
        clients: the sockets that are open.
        alive: whether the session of a key lasts still; asked once a second.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self.clients: set[Client] = set()
        self.alive: Callable[[str], bool] = lambda key: True
        self._told: dict[tuple[Any, ...], tuple[bytes, str]] = {}
        self._quiet = 0  # periods without a frame

    def full(self, user: str, roles: frozenset[str]) -> bool:
        """Whether no more sockets of this user are taken."""
        own = sum(client.user == user for client in self.clients)
        looking_on = sum(not client.roles - {OBSERVER} for client in self.clients)
        return (len(self.clients) >= MOST_SOCKETS or own >= MOST_OF_ONE
                or (not roles - {OBSERVER} and looking_on >= MOST_SOCKETS - FOR_CREWS))

    def users(self) -> set[str]:
        """Who is connected."""
        return {client.user for client in self.clients}

    def instructors(self) -> bool:
        """Whether one who may see the simulation is connected."""
        return any(client.may(INSTRUCTOR) for client in self.clients)

    def publish(self, message: list[Any], role: str = OBSERVER) -> None:
        """Send one message of the contract to all who have ``role``."""
        data = pack(message)
        kind = message[0]
        if kind in STICKY:
            self._told[tuple(message[:STICKY[kind]])] = data, role
        elif kind == "gone":
            replay = str(message[1]).startswith("r")
            for key in list(self._told):
                if key[1:2] == (message[1],) or (replay and key == ("replay",)):
                    del self._told[key]
        for client in list(self.clients):
            if client.may(role):
                client.push(data)

    def join(self, client: Client, session: dict[str, Any], fleet: Vehicles) -> None:
        """Let a newcomer in: he is greeted, told what stands, and hears what comes."""
        client.push(pack(["hello", {
            "session": session, "quantities": list(fleet.names), "vehicles": fleet.vehicles(),
            "server_time_s": self.wall()}]))
        for data, role in self._told.values():
            if client.may(role):
                client.push(data)
        client.push(self._whole(fleet))
        self.clients.add(client)

    def leave(self, client: Client) -> None:
        """Forget a socket that was closed."""
        self.clients.discard(client)

    def end(self, key: str, code: int = SESSION_ENDED) -> None:
        """Close the sockets of one session."""
        for client in self._of(key):
            client.close(code)

    def end_all(self, code: int = RESTARTING) -> None:
        """Close every socket."""
        for client in list(self.clients):
            client.close(code)

    def _of(self, key: str) -> Iterator[Client]:
        return (client for client in list(self.clients) if client.key == key)

    def tick(self, fleet: Vehicles) -> None:
        """Send what changed since the last time."""
        if not self.clients:
            return
        changes = fleet.changes()
        self._quiet = 0 if changes else self._quiet + 1
        beat = self._quiet * PERIOD >= BEAT
        data = self._frame(changes) if changes or beat else None
        self._quiet = 0 if beat else self._quiet
        made: list[bytes] = []

        def whole() -> bytes:
            if not made:
                made.append(self._whole(fleet))
            return made[0]

        for client in self.clients:
            client.push_frame(data, whole)

    def _frame(self, changes: Mapping[str, Any]) -> bytes:
        return pack(["frame", self.wall(), changes])

    def _whole(self, fleet: Vehicles) -> bytes:
        return self._frame(fleet.whole())

    async def run(self, fleet: Vehicles) -> None:
        """Tick every PERIOD until cancelled; close sockets whose session has ended."""
        loop = asyncio.get_running_loop()
        due, looked = loop.time(), 0.0
        while True:
            try:
                self.tick(fleet)
                if loop.time() - looked >= 1.0:
                    looked = loop.time()
                    self._look()
            except Exception:
                log.exception("a frame could not be sent")
            due += PERIOD
            if due < loop.time():  # behind: not to be caught up with
                due = loop.time()
            await asyncio.sleep(due - loop.time())

    def _look(self) -> None:
        for client in list(self.clients):
            if not self.alive(client.key):
                client.close(SESSION_ENDED)


def pack(message: list[Any]) -> bytes:
    """One message as it goes over the socket."""
    return msgpack.packb(message, default=_plain)


def _plain(value: Any) -> Any:
    """NumPy's numbers and tuples of names as MessagePack can say them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be sent")
