"""Orders: the only way into an aircraft that is flown live, one table.

    simulation.order("arm")
    simulation.order("go_to", latitude=0.7, longitude=0.48, altitude_msl=1500.0)

An order applies at once, between two ticks, whole or not at all. Its arguments are numbers, texts
and lists as JSON has them, so that a journal of orders at their ticks repeats a run to the byte.
Radians, metres, m/s and kilograms throughout.
"""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longwatch.autopilot.codes import MODE_NAMES
from longwatch.errors import LongwatchError, OrderArgumentError, OrderError, listed
from longwatch.simulation.orders import crew, faults, fence, parameters, plan, reset, steering
from longwatch.simulation.simulated_aircraft import SimulatedAircraft

TURN = 2.0 * math.pi
HALF_PI = 0.5 * math.pi
LOWEST, HIGHEST = -500.0, 20000.0
LONGEST_TEXT = 4_000_000
# Neither endless nor, of whole numbers, more than a float holds.
MOST = sys.float_info.max


@dataclass(frozen=True)
class Argument:
    """What an order takes: ``kind`` is number, whole, flag, text, list or any (as it comes).

    ``optional``: may be left out or None, which means what ``meaning`` says.
    """

    kind: str
    meaning: str
    unit: str = ""
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False

    def checked(self, name: str, value: Any) -> Any:
        """The value as JSON has it. Raises OrderError."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None:
            if self.optional:
                return None
            raise OrderError(f"{name}: give one, {self.meaning}")
        if self.kind in ("number", "whole"):
            return self._number(name, value)
        types: dict[str, type] = {"flag": bool, "text": str, "list": list}
        wanted = types.get(self.kind)
        if wanted is not None and not isinstance(value, wanted):
            raise OrderError(f"{name} {_shown(value)}: give a {self.kind}, {self.meaning}")
        if self.choices and value not in self.choices:
            raise OrderError(f"{name} {_shown(value)}: give one of {', '.join(self.choices)}")
        if self.kind == "text" and len(value) > LONGEST_TEXT:
            raise OrderError(f"{name}: a text of {len(value)} characters is too long")
        return value

    def _number(self, name: str, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or not (
                abs(value) <= MOST) or (self.kind == "whole" and value != int(value)):
            raise OrderError(f"{name} {_shown(value)}: give a {self.kind} number, {self.meaning}")
        if not self.minimum <= value <= self.maximum:
            raise OrderError(f"{name} {value:g}: give {self.minimum:g} to {self.maximum:g} "
                             f"{self.unit}".rstrip())
        return int(value) if self.kind == "whole" else float(value)


@dataclass(frozen=True)
class Order:
    """An order that was carried out: when, to whom, by whom, and what."""

    tick: int
    aircraft: int
    sender: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One order of the table: what it means, takes and does.

    ``apply(simulation, **arguments)`` gets every argument of the table, None where left out, and
    raises OrderError where the order cannot be carried out. ``free`` ones take further arguments
    as they come.
    """

    meaning: str
    apply: Callable[..., None]
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    free: bool = False


def _angle(meaning: str, optional: bool = False) -> Argument:
    return Argument("number", meaning, "rad", -TURN, TURN, optional=optional)


def _latitude(optional: bool = False) -> Argument:
    return Argument("number", "geodetic latitude", "rad", -HALF_PI, HALF_PI, optional=optional)


def _longitude(optional: bool = False) -> Argument:
    return _angle("longitude", optional)


def _altitude(meaning: str = "above mean sea level", optional: bool = False) -> Argument:
    return Argument("number", meaning, "m", LOWEST, HIGHEST, optional=optional)


def _speed(meaning: str, optional: bool = True) -> Argument:
    return Argument("number", meaning, "m/s", 1.0, 400.0, optional=optional)


def _stick(meaning: str, least: float = -1.0) -> Argument:
    return Argument("number", f"{meaning}; none leaves it as it is", "", least, 1.0, optional=True)


def _base64(meaning: str) -> Argument:
    return Argument("text", f"{meaning}, base64 of the array's bytes")


_RADIUS = Argument("number", "signed, positive clockwise; none for the setting's", "m", -50000.0,
                   50000.0, optional=True)
_KEEP = "; none keeps the present one"

ORDERS: dict[str, Kind] = {
    "arm": Kind("may take off; in a mode that takes off it goes", crew.arm),
    "disarm": Kind("may no longer take off; in the air only by force, and then the engines stop",
                   crew.disarm,
                   {"force": Argument("flag", "in the air as well", optional=True)}),
    "mode": Kind("take a mode", crew.mode,
                 {"mode": Argument("text", "its name", choices=MODE_NAMES)}),
    "take_off": Kind("take off, once armed, climb and hold", crew.take_off,
                     {"altitude_msl": _altitude("to climb to; none for the setting's", True)}),
    "go_to": Kind("fly to a place and circle it", steering.go_to, {
        "latitude": _latitude(), "longitude": _longitude(),
        "altitude_msl": _altitude("to fly at" + _KEEP, True), "radius": _RADIUS,
        "speed": _speed("calibrated airspeed" + _KEEP)}),
    "orbit": Kind("circle a place", steering.orbit, {
        "latitude": _latitude(True), "longitude": _longitude(True),
        "altitude_msl": _altitude("to fly at" + _KEEP, True), "radius": _RADIUS,
        "speed": _speed("calibrated airspeed" + _KEEP)}),
    "course": Kind("fly a course over the ground", steering.course,
                   {"course": _angle("true course")}),
    "altitude": Kind("climb or descend to an altitude", steering.altitude,
                     {"altitude_msl": _altitude()}),
    "speed": Kind("fly at a speed", steering.speed, {
        "calibrated_airspeed": _speed("none for the standard one")}),
    "land": Kind("land on a runway carried aboard", crew.land, {
        "runway": Argument("whole", "its index; none for the nearest", minimum=0, maximum=999,
                           optional=True),
        "end": Argument("whole", "0 or 1; none by the wind", minimum=0, maximum=1,
                        optional=True)}),
    "return": Kind("go home, or to the nearest rally point, and land", crew.go_home),
    "go_around": Kind("give up the approach and try again", crew.go_around),
    "mission_current": Kind("make an item of the plan the one to fly", crew.mission_current,
                            {"index": Argument("whole", "index into the items; absent: the one "
                                               "that it is", minimum=0, maximum=1e6,
                                               optional=True),
                             "reset": Argument("flag", "begin the counts of jumps anew, and a "
                                               "mission that is complete", optional=True)}),
    "land_start": Kind("fly the plan's nearest landing sequence", crew.land_start),
    "plan": Kind("load a plan", plan.load, {
        "items": _base64("PlanItem, none for no mission"),
        "runways": _base64("PlanRunway, those that the items name"),
        "header": _base64("PlanHeader, one"), "patches": _base64("GroundPatch"),
        "names": Argument("list", "what each item is called")}),
    "fence": Kind("load a fence", fence.load_fence, {"records": _base64("FenceVertex")}),
    "rally": Kind("load rally points", fence.load_rally, {
        "points": Argument("list", "latitude, longitude, altitude_msl of each")}),
    "home": Kind("move home", plan.home, {
        "latitude": _latitude(), "longitude": _longitude(), "altitude_msl": _altitude()}),
    "parameter": Kind("set a parameter", parameters.change, {
        "name": Argument("text", "of the registry"),
        "value": Argument("number", "in the parameter's unit")}),
    "manual": Kind("move the sticks", steering.manual, {
        "roll": _stick("to the right"), "pitch": _stick("to climb"), "yaw": _stick("to the right"),
        "throttle": _stick("0 slow to 1 fast", 0.0)}),
    "offboard_position": Kind("set-point: circle a place", steering.offboard_position, {
        "latitude": _latitude(), "longitude": _longitude(), "altitude_msl": _altitude()}),
    "offboard_velocity": Kind(
        "set-point: velocity over the ground", steering.offboard_velocity,
        {axis: Argument("number", "velocity", "m/s", -400.0, 400.0)
         for axis in ("north", "east", "down")}),
    "offboard_attitude": Kind("set-point: attitude", steering.offboard_attitude, {
        "roll": _angle("bank"), "pitch": _angle("pitch"),
        "thrust": Argument("number", "throttle", "", 0.0, 1.0)}),
    "offboard_end": Kind("no set-points any more: it holds", steering.offboard_end),
    "link": Kind("a station is heard, or none", crew.link,
                 {"present": Argument("flag", "one is heard")}),
    "fault": Kind("something fails", faults.begin, {"name": Argument("text", "which")},
                  free=True),
    "fault_end": Kind("it works again", faults.end, {"name": Argument("text", "which")},
                      free=True),
    "wind": Kind("the steady wind changes", faults.set_wind, {
        "speed": Argument("number", "at 10 m above ground; none for the world's own", "m/s", 0.0,
                          60.0, optional=True),
        "direction": _angle("that it comes from", True),
        "over": Argument("number", "time the change takes", "s", 0.0, 3600.0, optional=True)}),
    "turbulence": Kind("the turbulence changes", faults.set_turbulence, {
        "level": Argument("text", "none, light, moderate or severe"),
        "over": Argument("number", "time the change takes", "s", 0.0, 3600.0, optional=True)}),
    "reset": Kind("back to where it began: parked, disarmed, fuelled", reset.reset),
    "reboot": Kind("as reset, where it stands disarmed", reset.reboot, {
        "force": Argument("flag", "armed or flying as well", optional=True)}),
}


def give(simulation: SimulatedAircraft, name: str, sender: str, arguments: Mapping[str, object]
         ) -> Order:
    """Carry out an order. Raises OrderError, and changes nothing, where that cannot be."""
    if not simulation.live:
        raise OrderError("this aircraft is not flown live: build it with live=True")
    kind = ORDERS.get(name)
    if kind is None:
        raise OrderError(f"order {name!r} is unknown: give one of {', '.join(ORDERS)}")
    given = _checked(name, kind, arguments)
    before = simulation.checkpoint()
    try:
        kind.apply(simulation, **{key: given.get(key) for key in {**kind.arguments, **given}})
        fence.judge_way(simulation, before.record[0])
    except Exception as fault:
        simulation.go_back(before)
        if not isinstance(fault, LongwatchError):
            raise
        kind_of = OrderArgumentError if isinstance(fault, OrderArgumentError) else OrderError
        raise kind_of(str(fault)) from fault
    return Order(int(simulation.state.clock.tick), simulation.index, sender, name, given)


def _checked(name: str, kind: Kind, arguments: Mapping[str, object]) -> dict[str, Any]:
    wrong: list[str] = []
    given: dict[str, Any] = {}
    for key, argument in kind.arguments.items():
        try:
            value = argument.checked(key, arguments.get(key))
        except OrderError as fault:
            wrong.append(str(fault))
            continue
        if value is not None:
            given[key] = value
    for key, value in arguments.items():
        if key in kind.arguments:
            continue
        if not kind.free:
            wrong.append(f"{key!r} is no argument of it" + (
                f": it takes {', '.join(kind.arguments)}" if kind.arguments else ""))
        elif value is not None:
            given[key] = value.item() if isinstance(value, np.generic) else value
    if wrong:
        raise OrderArgumentError(f"order {name}: {wrong[0]}" if len(wrong) == 1 else
                                 listed(f"order {name}:", wrong))
    return given


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
