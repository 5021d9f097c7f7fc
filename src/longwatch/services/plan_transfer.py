"""An upload in progress: what is awaited, when it is asked for again, when it is given up.

The vehicle sets the pace: it asks for one item after the other and repeats a request that stays
unanswered for the greater of 50 ms and three round trips. The round trip is the least of the
latest ones, each timed from the first request for its item: a lost packet makes that time longer,
never shorter. Clients know one of two requests or both, so a repeated one is of the other kind, and
the kind that was answered is kept for the next item (as PX4 does; ArduPilot begins with the older
one). Whoever has answered the newer one once is asked by it alone: the older one's answer may hold
a place to a metre only. An item that comes twice is dropped and not asked for at once, or each
packet that a link doubles would double all that follow. (MAVLink, "Mission Protocol".)
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Sender
from longwatch.services.plan_items import Item, from_message

# All in seconds of wall time.
LEAST_WAIT = 0.05
ROUND_TRIPS = 3.0
FIRST_WAIT = 0.25
LONGEST_WAIT = 5.0
# Given up after so long without the awaited item, or after so long in all, and a share an item.
PATIENCE = 10.0
LONGEST = 120.0
LONGEST_PER_ITEM = 0.5
KEPT_ROUND_TRIPS = 16


@dataclass
class Upload:
    """Items on their way in.

    Attributes:
        sender: who sends them.
        mission_type: which store they are for.
        end: number of the last one, plus one.
        awaited: number of the next one.
        base: items that a partial upload writes into.
        first: number, over the link, of the item that people count as 1.
        items: those that have come.
        older: asked for by MISSION_REQUEST, not by MISSION_REQUEST_INT.
        whole_only: the client has said that it does not know the older request.
    """

    sender: Sender
    mission_type: int
    end: int
    send: Callable[[Any, Sender], None]
    began: float
    awaited: int = 0
    base: Sequence[Item] = ()
    first: int = 0
    items: list[Item] = field(default_factory=list)
    older: bool = False
    whole_only: bool = False
    _asked: float = 0.0
    _first_asked: float = 0.0
    _times_asked: int = 0
    _asked_older: bool = False
    _trips: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_ROUND_TRIPS))

    @property
    def wait(self) -> float:
        """Seconds after which an unanswered request is repeated."""
        if not self._trips:
            return FIRST_WAIT
        return min(max(LEAST_WAIT, ROUND_TRIPS * min(self._trips)), LONGEST_WAIT)

    @property
    def complete(self) -> bool:
        """Every item is here."""
        return self.awaited >= self.end

    @property
    def result(self) -> tuple[Item, ...]:
        """The whole list once complete."""
        start = self.end - len(self.items)
        return (*self.base[:start], *self.items, *self.base[self.end:])

    def ask(self, wall: float) -> None:
        """Ask for the awaited item."""
        if self._times_asked == 0:
            self._first_asked = wall
        self._asked, self._times_asked = wall, self._times_asked + 1
        self._asked_older |= self.older
        kind = (mavlink.MAVLink_mission_request_message if self.older
                else mavlink.MAVLink_mission_request_int_message)
        self.send(kind(self.sender.system, self.sender.component, self.awaited,
                       self.mission_type), self.sender)

    def only_whole(self, wall: float) -> bool:
        """It says "unsupported": true where that is the older request, which is asked no more."""
        if not self._asked_older:
            return False
        self.whole_only = True
        if self.older:
            self.older = False
            self.ask(wall)
        return True

    def take(self, message: Any, wall: float) -> Item | None:
        """The awaited item out of a message, None where it is another one."""
        if int(message.seq) != self.awaited:
            return None
        self._trips.append(wall - self._first_asked)
        # After both requests it may be the answer to either.
        if self._times_asked == 1 and not self.older:
            self.whole_only = True
        item = from_message(message)
        self.items.append(item)
        self.awaited += 1
        self._times_asked = 0
        return item

    def poll(self, wall: float) -> str:
        """Repeat the request when it is due; a reason where the upload is to be given up."""
        if wall - self._first_asked > PATIENCE:
            number = self.awaited + 1 - self.first
            return f"item {number} did not come for {PATIENCE:.0f} s"
        longest = LONGEST + LONGEST_PER_ITEM * self.end
        if wall - self.began > longest:
            return f"it took longer than {longest:.0f} s"
        if wall - self._asked >= self.wait:
            self.older = not self.older and not self.whole_only
            self.ask(wall)
        return ""
