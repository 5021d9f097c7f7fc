"""One vehicle: what it reported, what was computed of it, and the links that it is heard on.

A vehicle takes messages (``take``), or quantities by name where a flight log is shown (``put``).
Times are the station's own seconds, but ``boot``, which is the vehicle's.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.alerts import Alerts
from longwatch.station.vehicles.datasheet import Kind
from longwatch.station.vehicles.derived import Derived
from longwatch.station.vehicles.exchange import Exchange
from longwatch.station.vehicles.links import Hearing, state_of
from longwatch.station.vehicles.meanings import Meanings
from longwatch.station.vehicles.modes import Modes
from longwatch.station.vehicles.parameters import Parameters
from longwatch.station.vehicles.plans import PlanAboard
from longwatch.station.vehicles.quantities import BY_MESSAGE, INDEX, NAMES, QUANTITIES
from longwatch.station.vehicles.quantities_flight import TYPES
from longwatch.station.vehicles.quantity import KEEP, Value
from longwatch.station.vehicles.status_text import Refusals, StatusTexts
from longwatch.station.vehicles.sticks import Sticks
from longwatch.station.vehicles.trail import Trail

FAMILIES = {int(mavlink.MAV_AUTOPILOT_PX4): "px4", int(mavlink.MAV_AUTOPILOT_ARDUPILOTMEGA):
            "ardupilot"}
# A message is silent after so many of its intervals, and so long at least [s].
SILENT_INTERVALS, SILENT_S = 5.0, 5.0
# So long it is told that heights of the ground are lacking [s].
LACKED_S = 60.0
# A less preferred message counts when the preferred one was not heard for so long [s].
PREFERRED_S = 3.0
REBOOT_S = 2.0
# The time scale is measured over so long [s].
SCALE_S = 3.0
# Parameters that only Longwatch's aircraft have.
_OWN = ("PROC_MIN_FACT", "CTL_ENERGY_TC")
_LASTING = {name for name, reports in BY_MESSAGE.items() if all(r.lasting for _, _, r in reports)}
_BROKEN = (ValueError, TypeError, OverflowError, ZeroDivisionError, AttributeError, IndexError)


class Vehicle:
    """One vehicle.

    Attributes:
        id: on the wire: the system id, or "r1" of a replay.
        family: "px4", "ardupilot" or "generic".
        custom_mode: the number of its mode, -1 before the first heartbeat.
        pilot: who commands it, None for nobody; ``sticks``: who flies it by hand.
        aircraft: what the station's datasheet says of its own kind.
        replay: it is a record: nothing can be sent to it.
        values: quantities by index, None where not reported; ``dirty``: those that changed.
        plans: what is aboard, by "mission", "fence", "rally".
        checks: checklist items ticked by hand.
        locks: one command of a number at a time; ``transfer``: one plan, ``files``: one
            file, ``reading``: all parameters.
        courses: how often it was told where to fly.
        plan_ids: the numbers by which the vehicle tells its plans apart, where it does.
        rate_hz: how often attitude and position are asked for.
        heard: when anything last came.
        time_scale: seconds of its clock in one of the station's, while it was last heard.
        on_reboot: is called when the vehicle's clock went back.
        on_terrain: is handed each TERRAIN_REQUEST.
    """

    def __init__(self, identity: str, system: int = 0, component: int = 1, *,
                 family: str = "generic", replay: bool = False, name: str = "",
                 aircraft: Kind | None = None) -> None:
        self.id, self.system, self.component = identity, system, component
        self.family, self.replay, self.aircraft = family, replay, aircraft or Kind()
        self.kind = "other"
        self.custom_mode = -1
        self.pilot: str | None = None
        self.sticks = Sticks()
        self.modes, self.parameters = Modes(family), Parameters()
        self.parameters.bytewise = family == "px4"
        self.meanings = Meanings()
        self.capabilities = 0
        self.plans: dict[str, PlanAboard] = {}
        self.checks: dict[str, bool] = {}
        self.alerts, self.trail, self.exchange = Alerts(), Trail(), Exchange()
        self.values: list[Value | None] = [None] * len(NAMES)
        self.dirty: set[int] = set()
        self.hearings: list[Hearing] = []
        self.active: Hearing | None = None
        self.texts: deque[tuple[float, int, str]] = deque(maxlen=50)
        self.boot: float | None = None
        self.beat = self.heard = 0.0
        self.time_scale = 1.0
        self._paced_from: tuple[float, float] | None = None
        self.on_reboot: Callable[[], None] = lambda: None
        self.on_terrain: Callable[[Any], None] = lambda request: None
        self._lacked: float | None = None
        self.locks: dict[int, asyncio.Lock] = {}
        self.courses = 0
        self.transfer, self.files, self.reading = (asyncio.Lock() for _ in range(3))
        self.plan_ids: dict[str, int] = {}
        self.rate_hz = 30.0
        self._given = name
        self._derived = Derived(self)
        self._lively = 0.0
        self._paces: dict[str, list[float]] = {}
        self._put: set[str] = set()
        self._sources: list[tuple[int, float, str] | None] = [None] * len(NAMES)
        self._status, self._refusals = StatusTexts(), Refusals()
        self._handlers: dict[str, Callable[[Any, float], None]] = {
            "HEARTBEAT": self._heartbeat, "ATTITUDE": self._clock, "SYSTEM_TIME": self._clock,
            "GLOBAL_POSITION_INT": self._moved, "STATUSTEXT": self._text,
            "PARAM_VALUE": lambda m, t: self.parameters.take(m),
            "AVAILABLE_MODES": lambda m, t: self._modes(m),
            "TERRAIN_REQUEST": lambda m, t: self.on_terrain(m),
            "AUTOPILOT_VERSION": lambda m, t: self._version(m),
            "MISSION_CURRENT": lambda m, t: self._identities(m)}

    # --------------------------------------------------------------------------- what it is

    @property
    def autopilot(self) -> str:
        """The family, as conversions ask for it."""
        return self.family

    @property
    def fuel_density(self) -> float:
        """Of its fuel [kg/m3], as the station reckons."""
        return self.aircraft.fuel_density

    @property
    def own(self) -> bool:
        """Whether it is one of Longwatch's aircraft."""
        return all(self.parameters.get(name) is not None for name in _OWN)

    @property
    def name(self) -> str:
        """What it is called: MAVLink has no names."""
        if self._given:
            return self._given
        called = self.aircraft.name if self.own and self.aircraft.name else self.family
        return f"{called} {self.system}"

    def number(self, name: str) -> Any:
        """A quantity by name, None where it is not reported."""
        return self.values[INDEX[name]]

    def parameter(self, name: str) -> float | None:
        """A parameter aboard, None where it is not known."""
        return self.parameters.get(name)

    def mode_name(self, custom_mode: int) -> str:
        """What the vehicle calls a mode."""
        return self.modes.name(int(custom_mode))

    def mode_role(self, custom_mode: int) -> str | None:
        """What a mode is for: "hold", "mission", "return", "land", ...; None for any other."""
        return self.modes.role_of(int(custom_mode))

    @property
    def role(self) -> str | None:
        """What its mode is for."""
        return self.modes.role_of(self.custom_mode)

    @property
    def round_trip(self) -> float | None:
        """There and back on the link in use [s]."""
        return None if self.active is None else self.active.round_trip

    def send(self, message: Any) -> None:
        """Send to it, on the link that hears it best."""
        if self.active is not None:
            self.active.way.send(message)

    # ------------------------------------------------------------------------ what it tells

    def take(self, message: Any, time_s: float) -> None:
        """Take in one decoded message that came at ``time_s``."""
        name = message.get_type()
        self.heard = time_s
        self.beat = self.beat or time_s
        reports = BY_MESSAGE.get(name)
        if reports is not None:
            self._pace(name, time_s)
            for index, rank, report in reports:
                try:
                    value = report.read(message, self)
                    if value is not KEEP:
                        self._reported(index, rank, QUANTITIES[index].rounded(value), time_s,
                                       name)
                except _BROKEN:
                    self._reported(index, rank, None, time_s, name)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(message, time_s)
        self.exchange.hand(name, message)

    def put(self, values: dict[str, Any], time_s: float) -> None:
        """Take in quantities by name, None for unknown ones, out of a flight log."""
        self.heard = self.beat = self._lively = time_s
        for name, value in values.items():
            self._put.add(name)
            index = INDEX[name]
            self._write(index, QUANTITIES[index].rounded(value))
        self.boot = self.number("time_boot_s")
        self._point(time_s if self.boot is None else self.boot)

    def reports(self, name: str) -> bool:
        """Whether a quantity comes from the vehicle, or its log, and not from a computation."""
        return name in self._put or self._sources[INDEX[name]] is not None

    def set(self, name: str, value: Any) -> None:
        """Set a computed quantity, None to unset it, unless a flight log itself has it."""
        if name in self._put:
            return
        index = INDEX[name]
        self._write(index, QUANTITIES[index].rounded(value))

    def _write(self, index: int, value: Value | None) -> None:
        if self.values[index] != value or type(self.values[index]) is not type(value):
            self.values[index] = value
            self.dirty.add(index)

    def _reported(self, index: int, rank: int, value: Value | None, time_s: float,
                  name: str) -> None:
        source = self._sources[index]
        if source is not None and rank > source[0] and time_s - source[1] < PREFERRED_S:
            return
        if value is None:
            if source is None or source[0] == rank:
                self._sources[index] = None
                self._write(index, None)
            return
        self._sources[index] = (rank, time_s, name)
        self._write(index, value)

    def _pace(self, name: str, time_s: float) -> None:
        pace = self._paces.get(name)
        if pace is None:
            self._paces[name] = [time_s, 1.0]
        else:
            pace[1] += 0.1 * (time_s - pace[0] - pace[1])
            pace[0] = time_s
        if self.boot is None and name not in _LASTING:
            self._lively = time_s

    def forget(self) -> None:
        """Unset everything: a replay jumps, or a vehicle began anew."""
        for index in range(len(self.values)):
            self._write(index, None)
        self._sources = [None] * len(NAMES)
        self._paces.clear()
        self._derived = Derived(self)
        self.boot = None

    # ---------------------------------------------------------------------------- messages

    def _heartbeat(self, message: Any, time_s: float) -> None:
        self.beat = time_s
        self.kind = TYPES.get(message.type, "other")
        self.custom_mode = int(message.custom_mode)
        self.modes.vtol = self.kind == "vtol" or bool(self.parameter("Q_ENABLE"))

    def _clock(self, message: Any, time_s: float) -> None:
        boot = message.time_boot_ms * 1e-3
        if self.boot is not None and boot < self.boot - REBOOT_S:
            self.boot, self._paced_from = boot, None
            self._derived = Derived(self)
            self.alerts.forget()
            self.on_reboot()
        if self.boot is None or boot > self.boot:
            self.boot, self._lively = boot, time_s
            self._scale(boot, time_s)

    def _scale(self, boot: float, time_s: float) -> None:
        then, had = self._paced_from or (time_s, boot)
        if time_s - then >= SCALE_S:
            self.time_scale = (boot - had) / (time_s - then)
            then, had = time_s, boot
        self._paced_from = then, had

    def _moved(self, message: Any, time_s: float) -> None:
        self._clock(message, time_s)
        self._point(message.time_boot_ms * 1e-3)

    def _point(self, time_s: float) -> None:
        latitude, longitude = self.number("latitude_deg"), self.number("longitude_deg")
        if latitude is not None and longitude is not None:
            self.trail.add(time_s, latitude, longitude, self.number("altitude_msl"))

    def _text(self, message: Any, time_s: float) -> None:
        self._told(self._status.take(message, time_s), time_s)

    def _told(self, texts: list[tuple[int, str]], time_s: float) -> None:
        for severity, text in texts:
            self.texts.append((time_s, severity, text))
            self._refusals.take(text, time_s)
            self.alerts.status_text(severity, text, time_s, self.utc(time_s))
            self.exchange.hand("TEXT", (severity, text))

    utc: Callable[[float], float] = staticmethod(lambda time_s: time_s)
    """Turns the station's seconds into UTC; the fleet sets it."""

    def _modes(self, message: Any) -> None:
        self.modes.take(message)

    def _identities(self, message: Any) -> None:
        self.plan_ids = {"mission": int(message.mission_id), "fence": int(message.fence_id),
                         "rally": int(message.rally_points_id)}

    def _version(self, message: Any) -> None:
        self.capabilities = int(message.capabilities)
        release = int(message.flight_sw_version)
        self.modes.release = (release >> 24, release >> 16 & 255) if release else None
        if self.capabilities & mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_BYTEWISE:
            self.parameters.bytewise = True
        elif self.capabilities & mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST:
            self.parameters.bytewise = False

    def counted(self, items: int) -> None:
        """So many items of a mission were read: sooner than the vehicle tells it by itself."""
        first = 1 if self.family == "ardupilot" and items else 0
        self._reported(INDEX["mission_count"], 0, items - first, self.heard, "MISSION_CURRENT")

    def lacks_terrain(self) -> None:
        """It asked for heights of the ground that the station does not have."""
        self._lacked = self.heard

    # ------------------------------------------------------------------------ as time passes

    def tick(self, now: float) -> None:
        """Some times a second: links, alerts."""
        if self.replay:
            now = max(self.heard, self.beat)
        age = now - self.beat
        self.set("heartbeat_age_s", age)
        self.set("link_state", state_of(age))
        stopped = now - self._lively > SILENT_S and state_of(age) == "up"
        self.set("telemetry_stopped", stopped and not self.replay)
        self.set("terrain_missing", self._lacked is not None and now - self._lacked < LACKED_S)
        self._told(self._status.overdue(now), now)
        ready = self.number("ready_to_arm") or self.number("armed")
        self.set("prearm_text", None if ready else self._refusals.text(now))
        self.alerts.evaluate(self.number, now, self.utc(now))

    def tick_second(self, now: float) -> None:
        """Once a second: what fell silent, what is computed, how well it is heard."""
        for hearing in self.hearings:
            hearing.pass_second()
        if self.active is not None:
            self.set("link_loss", self.active.loss)
            self.set("link_rate", self.active.rate)
            self.set("round_trip_s", self.active.round_trip)
        self._sweep()
        self._derived.step(self.heard if self.replay else now)

    def _sweep(self) -> None:
        """Unset what fell silent while the vehicle's clock went on."""
        silent = {name for name, (last, interval) in self._paces.items() if name not in _LASTING
                  and self._lively - last > max(SILENT_S, SILENT_INTERVALS * interval)}
        for index, source in enumerate(self._sources) if silent else ():
            if source is not None and source[2] in silent:
                self._sources[index] = None
                self._write(index, None)
        for name in silent:
            del self._paces[name]
