"""One aircraft as its services see it, and what they are asked and answer.

A service reaches the aircraft through :class:`Craft` alone: the record to read,
:meth:`Craft.order` to change it, :meth:`Craft.send` and :meth:`Craft.say` to answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from longwatch.errors import LongwatchError, OrderArgumentError
from longwatch.mavlink.dialect import mavlink
from longwatch.services.beside import AtOnce, Beside
from longwatch.services.view import view_of
from longwatch.simulation.run import Simulation

# Characters of text in one STATUSTEXT, and how many of them one text may take.
CHUNK = 50
MOST_CHUNKS = 8
# What can wait goes out only while so much of a link's buffer is free: the queue stays short, so
# that answers are quick.
LEAST_ROOM = 0.9


@dataclass(frozen=True)
class Sender:
    """Who speaks: the link it came by, system and component."""

    link: int
    system: int
    component: int

    def __str__(self) -> str:
        return f"link {self.link} system {self.system} component {self.component}"


class LinkReport(NamedTuple):
    """How a link does.

    Attributes:
        lost: frames that came damaged or not at all.
        room: share of what the link can hold that is free, 1 where nothing waits.
    """

    lost: int
    room: float


class Home(NamedTuple):
    """Where home is: radians, metres above mean sea level."""

    latitude: float
    longitude: float
    altitude_msl: float


@dataclass(frozen=True)
class Command:
    """A COMMAND_LONG or COMMAND_INT, the one like the other.

    Attributes:
        number: MAV_CMD.
        p1, ..., p7: the parameters as sent; NaN is None. In a COMMAND_INT ``p5`` and ``p6`` are
            its ``x`` and ``y`` as plain numbers, None for INT32_MAX.
        latitude, longitude: ``p5`` and ``p6`` read as a place [rad], None where left out.
        frame: MAV_FRAME; a COMMAND_LONG has none of its own and counts as MAV_FRAME_GLOBAL.
        is_int: it came as COMMAND_INT.
        confirmation: transmissions of it before this one, by COMMAND_LONG's own count.
    """

    number: int
    p1: float | None = None
    p2: float | None = None
    p3: float | None = None
    p4: float | None = None
    p5: float | None = None
    p6: float | None = None
    p7: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    frame: int = 0
    is_int: bool = False
    confirmation: int = 0


@dataclass(frozen=True)
class Reply:
    """What becomes of a command.

    Attributes:
        result: MAV_RESULT.
        text: why, where it is refused; goes out as STATUSTEXT to whoever asked.
        progress: percent done, for MAV_RESULT_IN_PROGRESS; None unknown.
        later: for MAV_RESULT_IN_PROGRESS: asked at every poll; None while it goes on (or a
            Reply in progress with another percentage), then the final Reply.
        cancel: called when COMMAND_CANCEL ends it; None: it cannot be cancelled.
    """

    result: int
    text: str = ""
    progress: int | None = None
    later: Callable[[], Reply | None] | None = None
    cancel: Callable[[], None] | None = None


class Refusal(str):
    """Why an order was refused, "" where it was not; ``result`` is the MAV_RESULT for that."""

    result: int

    def __new__(cls, text: str, result: int) -> Refusal:
        made = super().__new__(cls, text)
        made.result = result
        return made


NOT_REFUSED = Refusal("", mavlink.MAV_RESULT_ACCEPTED)


class Refused(Exception):
    """Raised within a command's handler: answered with this result and text."""

    def __init__(self, result: int, text: str) -> None:
        super().__init__(text)
        self.reply = Reply(result, text)


@dataclass(frozen=True)
class ModeChoice:
    """One mode as clients choose it.

    Attributes:
        name: as stations show it.
        custom_mode: the profile's number.
        crew: the crew's mode it asks for, a constant of autopilot.crew.
        standard: MAV_STANDARD_MODE, 0 for none.
        selectable: a client may ask for it.
    """

    name: str
    custom_mode: int
    crew: int
    standard: int = 0
    selectable: bool = True


@dataclass(frozen=True)
class Profile:
    """How the aircraft presents itself to clients; compatibility, no other autopilot's code.

    Attributes:
        name: "px4", "ardupilot" or "generic".
        autopilot: MAV_AUTOPILOT in HEARTBEAT.
        bytewise: parameters travel bytewise in the float (else by C cast).
        takeoff_relative: NAV_TAKEOFF's altitude is above home, not above mean sea level.
        needs_sticks: modes that sticks fly are taken only where somebody has these.
        objection: what texts that speak against arming begin with, as stations know it.
        modes: what can be chosen; for one crew mode the first entry is what is shown.
    """

    name: str
    autopilot: int
    bytewise: bool
    takeoff_relative: bool
    needs_sticks: bool
    objection: str
    modes: tuple[ModeChoice, ...]

    def shown(self, crew: int) -> ModeChoice:
        """The entry under which a crew mode is shown."""
        return next((m for m in self.modes if m.crew == crew), self.modes[0])

    def chosen(self, custom_mode: int) -> ModeChoice | None:
        """The entry of a custom mode number, None for an unknown one."""
        return next((m for m in self.modes if m.custom_mode == custom_mode), None)


Transmit = Callable[[Any, int | None, int], None]


@dataclass
class Craft:
    """One aircraft as its services see it.

    Attributes:
        simulation: the run; services read ``state.autopilot``, ``state.sensors``,
            ``state.commands`` and ``state.clock``, never the truth beside them.
        system: MAVLink system id, 1 to 200.
        profile: how it presents itself.
        transmit: handed every message that goes out, with the link it is for (None: all) and
            the component that sends it.
        component: id of the autopilot's component.
        wall: monotonic seconds of wall time.
        links: numbers of the links that there are now.
        keep: folder in which plans outlive the run; None: they do not.
        report: how a link does, by its number; None where that is not known.
        logs: the folders of this run's logs, which clients may read.
        beside: where what takes long is done.
    """

    simulation: Simulation
    system: int
    profile: Profile
    transmit: Transmit
    component: int = 1
    wall: Callable[[], float] = time.monotonic
    links: Callable[[], Iterable[int]] = tuple
    keep: Path | None = None
    report: Callable[[int], LinkReport | None] = lambda link: None
    logs: Callable[[], tuple[Path, ...]] = tuple
    beside: Beside = field(default_factory=AtOnce)
    _texts: int = field(default=0, repr=False)
    _viewed: Any = field(default=None, repr=False)
    _view: Any = field(default=None, repr=False)

    @property
    def state(self) -> Any:
        """The aircraft's record, live, to read."""
        vehicles = self.simulation.vehicles
        if self._viewed is not vehicles:
            self._viewed = vehicles
            self._view = view_of(vehicles, self.simulation.index)
        return self._view

    @property
    def sheet(self) -> Any:
        """The datasheet's record."""
        return self.simulation.aircraft.datasheet[0]

    @property
    def time(self) -> float:
        """Simulated time since the start [s]."""
        return float(self.state.clock.time)

    @property
    def home(self) -> Home:
        """Home as clients know it: where it stood at the start, until they move it.

        Heights above it begin at 0 for an aircraft that stands there, whose own altitude is that
        of its centre of gravity.
        """
        if not self.state.autopilot.crew.home_moved:
            return self.origin
        header = self.simulation.loaded.header
        return Home(float(header.home_latitude), float(header.home_longitude),
                    float(header.home_elevation_msl))

    @property
    def origin(self) -> Home:
        """Of local coordinates: where it stood at the start, the whole run long."""
        return Home(*self.simulation.standing)

    @property
    def airborne(self) -> bool:
        """Off the ground, by the switch on the wheels."""
        return not self.state.sensors.systems.weight_on_wheels

    def time_boot_ms(self) -> int:
        """Simulated time since the start [ms], as messages carry it (wraps after 49 days)."""
        return round(float(self.state.clock.time) * 1e3) & 0xFFFFFFFF

    def boot_usec(self) -> int:
        """Simulated time since the start [us]."""
        return round(float(self.state.clock.time) * 1e6)

    def time_usec(self) -> int:
        """UTC on the simulated clock [us since 1970]."""
        return round((float(self.state.clock.start) + float(self.state.clock.time)) * 1e6)

    def order(self, sender: Sender | None, name: str, /, **arguments: Any) -> Refusal:
        """Give an order between two ticks; "" when done, else why it was refused."""
        try:
            self.simulation.order(name, "" if sender is None else str(sender), **arguments)
        except OrderArgumentError as error:
            return Refusal(str(error).removeprefix(f"order {name}: "), mavlink.MAV_RESULT_DENIED)
        except LongwatchError as error:
            return Refusal(str(error), mavlink.MAV_RESULT_TEMPORARILY_REJECTED)
        return NOT_REFUSED

    def send(self, message: Any, to: Sender | int | None = None,
             component: int | None = None) -> None:
        """Send a message to a sender's link, to a link by number, or to every link (None).

        ``component`` is the one that speaks, the autopilot unless given.
        """
        link = to.link if isinstance(to, Sender) else to
        self.transmit(message, link, self.component if component is None else component)

    def has_room(self, link: int, least: float = LEAST_ROOM) -> bool:
        """True while a link takes more of what can wait, as lists and files can."""
        report = self.report(link)
        return report is None or report.room > least

    def say(self, severity: int, text: str, to: Sender | int | None = None) -> None:
        """Send a text by STATUSTEXT, in chunks beyond 50 characters; ``severity``: MAV_SEVERITY."""
        raw = " ".join(text.split()).encode("ascii", "replace")
        chunks = [raw[i:i + CHUNK] for i in range(0, len(raw), CHUNK)][:MOST_CHUNKS] or [b""]
        number = 0
        if len(chunks) > 1:
            self._texts = number = self._texts % 0xFFFF + 1
        for sequence, chunk in enumerate(chunks):
            self.send(mavlink.MAVLink_statustext_message(severity, chunk, number, sequence), to)
