"""Where aircraft and clients meet: the router, the aircraft's components, who is heard.

An aircraft hears a client while one lives (heard within 10 s of wall time) on a link that is not
cut. That is a fact of wall time, so each change of it becomes an order, and stands in the journal.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from longwatch.datalink.pipe import Pipe
from longwatch.errors import SetupError, listed
from longwatch.live.aircraft import LiveAircraft
from longwatch.live.setting import Setting
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame
from longwatch.mavlink.link import Link
from longwatch.mavlink.router import Router
from longwatch.services.beside import Beside
from longwatch.services.component import Component
from longwatch.services.craft import Craft, LinkReport, Sender
from longwatch.services.plans import Plans
from longwatch.services.profiles import PROFILES
from longwatch.services.radio import COMPONENT as RADIO
from longwatch.services.radio import Radio
from longwatch.services.table import SERVICES
from longwatch.services.ways_down import WaysDown
from longwatch.simulation.orders.faults import link_is_cut

# A client that has not been heard for so long is gone [s of wall time].
PRESENCE = 10.0
PRESENCE_SENDER = "server"
ROUTER_CADENCE = 1.0
# Services are polled for so long between two looks at the sockets [s, by the clock of costs].
POLL_S = 0.008


def logs(out: Path | None, aircraft: LiveAircraft) -> tuple[Path, ...]:
    """Folders of this run's logs that clients may read: the aircraft's own, then the run's."""
    return () if out is None else (*(out / name for name in aircraft.log_folders), out)


def kept(state: Path | None, aircraft: LiveAircraft) -> Path | None:
    """Folder in which an aircraft's plans outlive the run; None where they do not."""
    return None if state is None else state / aircraft.folder


class _Ear:
    """One aircraft's component, and what it hears and says."""

    def __init__(self, aircraft: LiveAircraft, router: Router, profile: str,
                 wall: Callable[[], float], report: Callable[[int], LinkReport | None],
                 beside: Beside, out: Path | None, state: Path | None) -> None:
        self.aircraft, self.router, self.wall = aircraft, router, wall
        self.craft = Craft(aircraft.simulation, aircraft.system, PROFILES[profile],
                           self.transmit, wall=wall, links=self.links, report=report,
                           logs=lambda: logs(out, aircraft), keep=kept(state, aircraft),
                           beside=beside)
        self.component = Component(self.craft, SERVICES)
        self.heard: dict[int, float] = {}
        self.present = False

    def receive(self, frame: Frame, link: Link | None) -> None:
        """A frame for this aircraft, by a link, or from another aircraft here (None)."""
        if link is None or self.cut(link):
            return
        self.heard[link.number] = self.wall()
        if not self.present:
            self.listen()
        message = frame.message
        if message is not None:
            self.component.handle(message, Sender(link.number, frame.system, frame.component))

    def receive_for_radio(self, frame: Frame, link: Link | None) -> None:
        """A frame for the radio aboard; what is for every component is the autopilot's."""
        if link is None or self.cut(link) or frame.target[1] != RADIO:
            return
        message = frame.message
        if message is not None:
            self.component.find(Radio).addressed(
                message, Sender(link.number, frame.system, frame.component))

    def transmit(self, message: Any, link: int | None, component: int) -> None:
        """Send a message of this aircraft, on one link or on all."""
        router, system = self.router, self.aircraft.system
        if not self.craft.state.faults.links:
            router.send(message, system, component, link)
            return
        for way in list(router.links.values()):
            if link in (None, way.number) and not self.cut(way):
                router.send(message, system, component, way)

    def links(self) -> list[int]:
        """Links that carry more than heartbeats of this aircraft now."""
        return [number for number, link in self.router.links.items()
                if link.open and link.carries(self.aircraft.system) and not self.cut(link)]

    def cut(self, link: Link) -> bool:
        """The link does not reach this aircraft: by a fault of it, or by the link's medium."""
        state: Any = self.craft.state
        return ((state.faults.links != 0 and link_is_cut(state, link.number))
                or (link.inbound is not None and bool(getattr(link.inbound, "cut", False))))

    def listen(self) -> None:
        """Notice that a client came, or that the last one has gone."""
        now, links = self.wall(), self.router.links
        present = any(now - then <= PRESENCE and number in links and not self.cut(links[number])
                      for number, then in self.heard.items())
        if present != self.present:
            self.present = present
            self.aircraft.simulation.order("link", PRESENCE_SENDER, present=present)

    def forget(self, link: int) -> None:
        """A link has gone."""
        self.heard.pop(link, None)
        self.component.forget(link)


class Components:
    """The components of a run's aircraft on its router.

    Args:
        fleet: the aircraft.
        router: where links are attached, and ``mavlink.loopback.Station`` in tests.
        setting: what the run was started with.
        wall: wall time [s].
        run_time: simulated time flown in all [s].
        beside: where what takes long is done.
        out: the run's folder, None where it has none.
        state: folder of what outlives the run, None where nothing does.
    """

    def __init__(self, fleet: Sequence[LiveAircraft], router: Router, setting: Setting, *,
                 wall: Callable[[], float], run_time: Callable[[], float], beside: Beside,
                 out: Path | None, state: Path | None) -> None:
        self.router, self.setting = router, setting
        self.wall, self.run_time = wall, run_time
        self.router.complain = self._complain
        self.router.vanished = self._vanished
        self.router.unreached = self._unreached
        self._polled = -ROUTER_CADENCE
        self._due: deque[_Ear] = deque()
        self.ears = [_Ear(aircraft, router, setting.profile, wall, self.report, beside, out, state)
                     for aircraft in fleet]
        self.router.own = frozenset(ear.aircraft.system for ear in self.ears)
        for ear in self.ears:
            self.router.add(ear.aircraft.system, ear.craft.component, ear.receive)
            self.router.add(ear.aircraft.system, RADIO, ear.receive_for_radio)

    def poll(self) -> bool:
        """What is due by wall time; about every 20 ms of it. False: go on after the next look at
        the sockets, as it has taken its time."""
        now, began = self.wall(), self.router.cost()
        if not self._due:
            self._due.extend(self.ears)
        while self._due:
            if self.router.cost() - began > POLL_S:
                return False
            ear = self._due.popleft()
            ear.listen()
            ear.component.poll()
        if now - self._polled >= ROUTER_CADENCE:
            self._polled = now
            self.router.poll()
        return True

    def say(self, alarming: bool, text: str) -> None:
        """Say something by every aircraft, to everybody."""
        severity = mavlink.MAV_SEVERITY_WARNING if alarming else mavlink.MAV_SEVERITY_NOTICE
        for ear in self.ears:
            ear.craft.say(severity, text)

    def warm(self) -> None:
        """Let what works beside come up, and machine code be loaded, before somebody waits for it.
        """
        self.ears[0].component.find(Plans).lists.warm()
        self.ears[0].component.find(WaysDown).warm()

    def finish(self) -> None:
        """The run ends: wait until what is to outlive it is kept."""
        for ear in self.ears:
            ear.component.finish()

    def pump(self) -> None:
        """Pass on what has come through the links' media, after a step of simulated time."""
        self.router.pump()

    def keep(self) -> list[Any]:
        """What the aircraft's services remember, for a snapshot."""
        return [ear.component.keep() for ear in self.ears]

    def rewound(self, kept: list[Any]) -> None:
        """The aircraft went back to a moment of which ``keep`` told this."""
        for ear, memory in zip(self.ears, kept, strict=True):
            ear.component.rewound(memory)
            # Who listens is a fact of now, whatever the aircraft's radio heard then.
            ear.present = bool(ear.craft.state.autopilot.crew.present)
            ear.listen()

    def present(self, system: int) -> bool:
        """A client is with the aircraft."""
        return any(ear.present for ear in self.ears if ear.aircraft.system == system)

    def report(self, number: int) -> LinkReport | None:
        """How a link does, as the radio aboard tells it."""
        link = self.router.links.get(number)
        if link is None:
            return None
        room = getattr(link.outbound, "room", None)
        return LinkReport(link.received.lost + link.received.bad_checksums,
                          1.0 if room is None else room(self.run_time()))

    def set_pipe(self, number: int, asked: dict[str, Any]) -> dict[str, Any]:
        """Put a data link under a link's bytes, or change it; both ways alike.

        ``asked``: any of ``rate_bytes_s`` (None for no limit), ``delay_s``, ``loss`` (share of
        frames) and ``cut``; what is left out stays as it is. Raises SetupError.
        """
        link = self.router.links.get(number)
        if link is None:
            raise SetupError(f"link {number}: there is none; there are "
                             f"{', '.join(map(str, self.router.links)) or 'none at all'}")
        settings = {**_settings(link), **asked}
        faults = [f"{name!r} is no setting: rate_bytes_s, delay_s, loss and cut are"
                  for name in asked if name not in PIPE]
        faults += [f"{name} {settings[name]!r}: give {wanted}" for name, (holds, wanted)
                   in PIPE.items() if not holds(settings[name])]
        if faults:
            raise SetupError(listed(f"link {number}:", faults))
        rate = settings["rate_bytes_s"]
        for end, direction in enumerate(("outbound", "inbound")):
            pipe = getattr(link, direction)
            if pipe is None:
                pipe = Pipe(seed=2 * (1000 * self.setting.seed + number) + end)
                setattr(link, direction, pipe)
            pipe.rate = math.inf if rate is None else float(rate)
            pipe.delay, pipe.loss = float(settings["delay_s"]), float(settings["loss"])
            pipe.cut = settings["cut"]
        return _link_state(link)

    def _complain(self, link: Link, text: str) -> None:
        for ear in self.ears:
            if link.carries(ear.aircraft.system):
                ear.craft.say(mavlink.MAV_SEVERITY_WARNING, text, link.number)
                return

    def _unreached(self, frame: Frame, link: Link) -> None:
        """A command for a system or a component that is nowhere.

        Nobody acknowledges it in the name of one that is not there; a text tells people why it
        stays unanswered.
        """
        message = frame.message
        if message is None or message.get_type() not in ("COMMAND_LONG", "COMMAND_INT"):
            return
        system, component = frame.target
        ears = [ear for ear in self.ears if link.carries(ear.aircraft.system)]
        ears.sort(key=lambda ear: ear.aircraft.system != system)
        if ears:
            ears[0].craft.say(mavlink.MAV_SEVERITY_WARNING,
                              f"nobody is system {system} component {component} here", link.number)

    def _vanished(self, link: Link) -> None:
        for ear in self.ears:
            ear.forget(link.number)

    def states(self) -> list[dict[str, Any]]:
        """Every link: who, how much, and what lies in its way."""
        return [_link_state(link) for link in self.router.links.values()]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Settings of a data link: what holds for them, and what to give.
PIPE: dict[str, tuple[Callable[[Any], bool], str]] = {
    "rate_bytes_s": (lambda v: v is None or (_is_number(v) and 1.0 <= v <= 1e9),
                     "bytes a simulated second from 1 to 1e9, or null for no limit"),
    "delay_s": (lambda v: _is_number(v) and 0.0 <= v <= 60.0, "simulated seconds from 0 to 60"),
    "loss": (lambda v: _is_number(v) and 0.0 <= v <= 1.0, "a share of the frames from 0 to 1"),
    "cut": (lambda v: isinstance(v, bool), "true or false"),
}


def _settings(link: Link) -> dict[str, Any]:
    pipe: Any = link.outbound
    if pipe is None:
        return {"rate_bytes_s": None, "delay_s": 0.0, "loss": 0.0, "cut": False}
    return {"rate_bytes_s": None if math.isinf(pipe.rate) else pipe.rate,
            "delay_s": pipe.delay, "loss": pipe.loss, "cut": pipe.cut}


def _link_state(link: Link) -> dict[str, Any]:
    return {"number": link.number, "name": link.name,
            "systems": None if link.systems is None else sorted(link.systems),
            "stations": [f"{system}.{component}" for system, component in sorted(link.stations)],
            "received": link.received.frames, "sent": link.sent.frames,
            "lost": link.received.lost,
            "dropped": link.sent.dropped + link.flooded + link.refused,
            "pipe": _settings(link)}
