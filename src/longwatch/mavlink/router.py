"""Which link a frame goes to: the routing rules of the public MAVLink specification.

A frame for everybody goes to every local component and to every other link; one with a target
to where that target was heard, never back to where it came from; one of an unknown type counts
as for everybody. A (system, component) lives on one link: a second link that uses a live one's
id is refused, which also ends loops, since what returns on another way is such a frame. So is
whoever outside speaks as a component of a system of ours, or of one that lives on another link.

A companion computer flies aboard under its aircraft's system id, and is heard by that aircraft
alone: nobody else takes its word for the aircraft's.

What comes in is worked off in turns: so much work between two looks at the sockets, one link after
the other, and of each link no more than its share of work and of frames. What is beyond it waits
for its turn, so that whoever asks only after each answer never notices; what has waited too long
is left out. What a client asks for may take long; that it is asked for must not.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, encode
from longwatch.mavlink.link import DEAREST_S, Inbox, Link
from longwatch.mavlink.stations import LIVE_S, Stations

FORGET_S = 60.0
"""A peer that is silent so long is gone [wall s]."""
COMPLAIN_S = 5.0
"""The same link is told of a refusal at most so often [wall s]."""
MAXIMUM_LINKS = 64
COMPANIONS = frozenset((
    *range(mavlink.MAV_COMP_ID_ONBOARD_COMPUTER, mavlink.MAV_COMP_ID_ONBOARD_COMPUTER4 + 1),
    *range(mavlink.MAV_COMP_ID_PATHPLANNER, mavlink.MAV_COMP_ID_PAIRING_MANAGER + 1),
    mavlink.MAV_COMP_ID_UDP_BRIDGE))
"""Components as which a companion computer may speak to the aircraft whose system id it bears
(MAVLink, MAV_COMPONENT; MAVROS is a UDP bridge)."""
TURN_S = 0.008
"""Work for clients between two looks at the sockets, by the clock of costs [s]."""
MOST_WAITING = 1 << 16
"""Bytes of one peer that may wait for their turn: beyond, it is read later, or not at all (UDP)."""
STALE_S = 1.0
"""What has waited so long is not carried out: whoever sent it has given it up [wall s]."""
FRESH_S = 0.25
"""After this side stood still for STALE_S, what comes so soon may have come before [wall s]."""
FRESH_TURNS = 12
"""And within so many turns: a busy machine reads the sockets later than the wall says. A loop that
reads a datagram at each look has as many turns in FRESH_S where it keeps up."""
BACKLOG_WAIT_S = 0.02
"""After so long a peer with too much waiting is looked at again [wall s]."""
_END: Any = object()

Receive = Callable[[Frame, Link | None], None]
"""A local component's ear: the frame, and the link it came by (None: from another one here)."""
Tap = Callable[[bytes, bool], None]
"""Who records: the frame, and whether it went out."""


class Router:
    """Links on one side, local components on the other.

    ``wall`` gives wall seconds (limits, presence), ``clock`` simulated seconds (what lies in a
    link's medium). ``complain(link, text)`` is told why something was refused, at most every
    ``COMPLAIN_S`` a link; ``vanished(link)`` that a peer is gone; ``unreached(frame, link)`` of
    a frame whose target is nowhere; ``tap`` of every frame that is let in and of every one that
    goes out, once for all links. ``own`` are systems as which nobody outside may speak.

    ``cost`` measures work [s], such as ``time.thread_time``: then whoever runs the router calls
    ``turn`` each time round, and no more is done in between than a turn holds. By default nothing
    costs anything, and what comes in is handled before ``receive`` returns.
    """

    def __init__(self, wall: Callable[[], float] = time.monotonic,
                 clock: Callable[[], float] = lambda: 0.0,
                 cost: Callable[[], float] = lambda: 0.0) -> None:
        self.links: dict[int, Link] = {}
        self.complain: Callable[[Link, str], None] = lambda link, text: None
        self.vanished: Callable[[Link], None] = lambda link: None
        self.unreached: Callable[[Frame, Link], None] = lambda frame, link: None
        self.tap: Tap = lambda raw, outgoing: None
        self._wall = wall
        self._clock = clock
        self._locals: dict[tuple[int, int], Receive] = {}
        self.own: frozenset[int] = frozenset()
        self._heard = Stations()
        self._complained: dict[int, float] = {}
        self._next = 1
        self.cost = cost
        self._left = TURN_S
        self._ready: deque[Link] = deque()
        self._resting: list[Link] = []
        self._working = False
        self._turned, self._fresh, self._fresh_turns = math.inf, 0.0, 0

    # Who is there

    def attach(self, link: Link) -> bool:
        """Take ``link`` in and number it; False when there are too many, and all of them live."""
        if len(self.links) >= MAXIMUM_LINKS and not self.make_room(self.links.values()):
            return False
        link.number = self._next
        self._next += 1
        self.links[link.number] = link
        link.attached = self._wall()
        if not link.lasting:
            link.heard = link.attached
        return True

    def make_room(self, links: Iterable[Link]) -> bool:
        """Let go of one of ``links`` that is silent, who never spoke first; False: none is."""
        now = self._wall()
        silent = [link for link in links if not link.lasting and (
            not link.stations or now - (link.heard or 0.0) > LIVE_S)]
        if not silent:
            return False
        last = min(silent, key=lambda link: (bool(link.stations), link.heard or 0.0))
        self.detach(last)
        last.close()
        return True

    def detach(self, link: Link) -> None:
        """Forget ``link`` and who spoke there."""
        if self.links.pop(link.number, None) is not None:
            self._forget(link)

    def add(self, system: int, component: int, receive: Receive) -> None:
        """Take in a component of ours."""
        self._locals[system, component] = receive

    def remove(self, system: int, component: int) -> None:
        """Let a component of ours go."""
        self._locals.pop((system, component), None)

    def stations(self) -> dict[tuple[int, int], Link]:
        """Who was heard outside, and where."""
        return self._heard.links()

    def listening(self, system: int) -> list[int]:
        """Numbers of the links on which somebody may hear aircraft ``system``."""
        return [number for number, link in self.links.items()
                if link.open and link.carries(system)]

    def poll(self) -> None:
        """Once in a while (about every second): drop who is silent; pass on what is due."""
        now = self._wall()
        self._heard.forget_before(now - FORGET_S)
        for link in list(self.links.values()):
            if link.heard is None or now - link.heard <= FORGET_S:
                continue
            if link.lasting:
                link.heard = None
                self._forget(link)
            elif link.fleeting:
                self.detach(link)
                link.close()
        self.pump()

    def pump(self) -> None:
        """Pass on what has come through the links' media by now (after each step of time)."""
        now = self._clock()
        self._rested()
        for link in list(self.links.values()):
            link.pump(now)
            waiting = bool(link.inbox)
            self._arrived(link)
            if link.inbox and not waiting:
                link.inbox.since = self._wall()
                self._ready.append(link)
        self._work()

    # What comes in

    def receive(self, link: Link, data: bytes, datagram: bool = False) -> float:
        """Take in bytes of ``link``; seconds that its peer should rather be left waiting."""
        if self.links.get(link.number) is not link:
            return 0.0
        now = self._wall()
        self._look_back(now)
        if not datagram:
            link.octet_limit.owe(len(data), now)
        elif (link.inbox and link.inbox.octets + len(data) > MOST_WAITING) or (
                not link.octet_limit.take(len(data), now)):
            self._flood(link)
            return 0.0
        if not link.inbox:
            self._ready.append(link)
        link.inbox.put(data, datagram, now)
        self._work()
        return self.wait(link)

    def wait(self, link: Link) -> float:
        """Seconds that the peer of ``link`` should be left waiting from now on."""
        backlog = BACKLOG_WAIT_S if link.inbox.octets > MOST_WAITING else 0.0
        return max(link.octet_limit.wait(), backlog)

    @property
    def busy(self) -> bool:
        """Work waits for the next turn."""
        return bool(self._ready)

    def turn(self) -> None:
        """Begin a turn, and go on with what waits."""
        now = self._wall()
        self._look_back(now)
        self._turned, self._left = now, TURN_S
        self._fresh_turns = max(0, self._fresh_turns - 1)
        self._rested()
        self._work()

    def _rested(self) -> None:
        """Look again at links that had used up their share."""
        self._ready.extend(self._resting)
        self._resting.clear()

    def _look_back(self, now: float) -> None:
        """Notice that this side stood still: the sockets may be read before the next turn."""
        if now - self._turned > STALE_S:  # the first turn has none before it
            self._fresh, self._turned = now + FRESH_S, now
            self._fresh_turns = FRESH_TURNS

    def _may_be_old(self, now: float) -> bool:
        """True so soon after this side stood still that what is read may have come before."""
        return now < self._fresh or self._fresh_turns > 0

    def _work(self) -> None:
        """Work off what waits, a piece of each link in turn, as far as this turn goes."""
        if self._working:
            return
        self._working = True
        try:
            before = self.cost()
            while self._ready and self._left > 0.0:
                link = self._ready.popleft()
                if not self._may_go_on(link):
                    self._resting.append(link)
                    continue
                self._one(link)
                now = self.cost()
                self._left -= now - before
                link.work_limit.level -= min(now - before, DEAREST_S)
                before = now
                if link.inbox:
                    self._ready.append(link)
        finally:
            self._working = False

    def _may_go_on(self, link: Link) -> bool:
        """The link has something left of its share."""
        now = self._wall()
        return link.work_limit.take(0.0, now) and (
            bool(link.inbox.deliveries) or link.frame_limit.take(0.0, now))

    def _one(self, link: Link) -> None:
        """The next piece of a link's work."""
        inbox, now = link.inbox, self._wall()
        if self.links.get(link.number) is not link:
            link.inbox = Inbox()
            return
        if inbox.looks is not None or inbox.deliveries:
            if now - inbox.since > STALE_S:
                if inbox.leave():
                    self._late(link, now)
            elif inbox.deliveries:
                receive, frame = inbox.deliveries.popleft()
                receive(frame, link)
            else:
                self._look(link, now)
            return
        inbox.take(link.parser)

    def _look(self, link: Link, now: float) -> None:
        """Look for the next frame of the piece in hand."""
        assert link.inbox.looks is not None
        frame = next(link.inbox.looks, _END)
        if frame is _END:
            link.inbox.looks = None
        elif frame is None:
            pass
        else:
            link.frame_limit.owe(1.0, now)
            if link.inbound is None:
                self._accept(frame, link)
            else:
                link.inbound.push(frame, len(frame.raw), self._clock())
                self._arrived(link)

    def _arrived(self, link: Link) -> None:
        """Let in what has come through a link's medium."""
        if link.inbound is not None:
            for frame in link.inbound.due(self._clock()):
                self._accept(frame, link)

    def _accept(self, frame: Frame, link: Link) -> None:
        """Let one frame in, if its sender may speak here, and pass it on."""
        reason = self._refusal(frame, link)
        if reason:
            link.refused += 1
            self._say(link, reason)
            return
        now = self._wall()
        link.heard = now
        if self._may_be_old(now) and frame.number != mavlink.MAVLINK_MSG_ID_HEARTBEAT:
            self._late(link, now)
            return
        self.tap(frame.raw, False)
        ears, ways = self._whom(frame, link)
        for receive in ears:
            link.inbox.deliveries.append((receive, frame))
        for other in ways:
            if other is not link and other.open:
                other.send_raw(frame.raw, self._clock())
        if frame.target[0] and not ears and not ways:
            self.unreached(frame, link)

    def _whom(self, frame: Frame, link: Link) -> tuple[list[Receive], list[Link]]:
        """Who hears a frame: our components, and other links."""
        system, component = frame.target
        if frame.system in self.own:
            return (self._ears(frame.system, component, link)
                    if system in (0, frame.system) else []), []
        return self._ears(system, component, link), self._ways(system, component)

    def _refusal(self, frame: Frame, link: Link) -> str:
        """Why the sender of ``frame`` may not speak on ``link``; "" when it may."""
        key = frame.system, frame.component
        if frame.system == 0:
            return "System id 0 is everybody: choose one of 1 to 255"
        ours = frame.system in self.own
        if key in self._locals or (ours and frame.component not in COMPANIONS):
            return f"Id {key[0]}.{key[1]} is one of this side's own: choose another"
        return self._heard.take(key, link, frame.sequence, self._wall(), ours)

    def _ears(self, system: int, component: int, link: Link | None) -> list[Receive]:
        return [receive for (own, part), receive in self._locals.items()
                if system in (0, own) and component in (0, part)
                and (link is None or link.carries(own))]

    def _ways(self, system: int, component: int) -> list[Link]:
        """The links that a frame for this target goes to."""
        if system == 0:
            return list(self.links.values())
        return [] if (system, component) in self._locals else self._heard.ways(system, component)

    # What goes out

    def send(self, message: Any, system: int, component: int,
             link: Link | int | None = None) -> None:
        """Send ``message`` of our component: on ``link``, or where its target is."""
        raw = encode(message, system, component)
        if isinstance(link, int):
            link = self.links.get(link)
            if link is None:
                return
        self.tap(raw, True)
        heartbeat = message.id == mavlink.MAVLINK_MSG_ID_HEARTBEAT
        if link is not None:
            if link.carries(system) and (link.open or heartbeat):
                link.send_own(raw, self._clock())
            return
        target = Frame(raw).target
        if target in self._locals:
            self._locals[target](Frame(raw), None)
            return
        for way in self._ways(*target):
            if way.carries(system) and (way.open or heartbeat):
                way.send_own(raw, self._clock())

    # Those who do not behave

    def _late(self, link: Link, now: float) -> None:
        """What came is not done, as it has waited too long; by whose doing is said."""
        if self._may_be_old(now):
            link.flooded += 1
            self._say(link, "This side stood still: what was asked meanwhile is not done")
        else:
            self._flood(link)

    def _flood(self, link: Link) -> None:
        link.flooded += 1
        self._say(link, "Too many messages on this link: some are left out")

    def _say(self, link: Link, text: str) -> None:
        now = self._wall()
        if now - self._complained.get(link.number, -COMPLAIN_S) >= COMPLAIN_S:
            self._complained[link.number] = now
            self.complain(link, text)

    def _forget(self, link: Link) -> None:
        self._complained.pop(link.number, None)
        self._heard.forget(link)
        self.vanished(link)
