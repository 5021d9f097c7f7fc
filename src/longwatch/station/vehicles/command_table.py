"""The commands of the contract: their arguments, and what each family of autopilots is sent.

A command is a list of orders; the next one is tried where a vehicle does not know the former.
Sources: MAVLink's common.xml; what QGroundControl and MAVProxy send to PX4 and ArduPlane.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import degrees, isfinite, nan, pi
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.modes import Mode
from longwatch.station.vehicles.vehicle import Vehicle

INT32_MAX = 0x7FFFFFFF
_CUSTOM = float(mavlink.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED)
_CHANGE_MODE = float(mavlink.MAV_DO_REPOSITION_FLAGS_CHANGE_MODE)
_MSL = int(mavlink.MAV_FRAME_GLOBAL)
_UNCHANGED = -1.0


@dataclass(frozen=True)
class Setting:
    """A parameter that is set before an order."""

    name: str
    value: float


@dataclass(frozen=True)
class Order:
    """One MAVLink command. Places in degrees; NaN is "left to the vehicle".

    ``first`` is what must be done before it, in order; ``what`` names it where it is itself such a
    step; ``reaches`` is the mode that it leads to, which such a step waits for.
    """

    number: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    fifth: float = 0.0
    sixth: float = 0.0
    seventh: float = 0.0
    as_int: bool = False
    frame: int = _MSL
    first: "tuple[Order | Setting, ...]" = ()
    what: str = ""
    reaches: int | None = None

    def message(self, system: int, component: int, confirmation: int) -> Any:
        """As COMMAND_INT or COMMAND_LONG."""
        if self.as_int:
            x, y = (INT32_MAX if v != v else round(v * 1e7) for v in (self.fifth, self.sixth))
            return mavlink.MAVLink_command_int_message(
                system, component, self.frame, self.number, 0, 0, *self.params, x, y,
                self.seventh)
        return mavlink.MAVLink_command_long_message(
            system, component, self.number, confirmation, *self.params, self.fifth, self.sixth,
            self.seventh)

    def other(self) -> "Order":
        """The same in the other form."""
        return replace(self, as_int=not self.as_int)


@dataclass(frozen=True)
class CommandArgument:
    """A number within bounds, or a text; ``optional`` ones may be left out or null."""

    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    optional: bool = False
    text: bool = False

    def fault(self, value: Any) -> str:
        """What is wrong with a value, "" for nothing."""
        if value is None:
            return "" if self.optional else "is missing"
        if self.text:
            good = isinstance(value, str) and 0 < len(value) <= 64
            return "" if good else "give a text"
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return f"give a number [{self.unit}]"
        if not self.low <= value <= self.high:
            return f"{value:g} is out of range; give {self.low:g} to {self.high:g} {self.unit}"
        return ""


_LATITUDE, _LONGITUDE = CommandArgument(-90.0, 90.0, "deg"), CommandArgument(-180.0, 180.0, "deg")
_ALTITUDE = CommandArgument(-500.0, 30000.0, "m")
_PLACE = {"latitude_deg": _LATITUDE, "longitude_deg": _LONGITUDE,
          "altitude_msl": replace(_ALTITUDE, optional=True)}
Arguments = dict[str, Any]
Build = Callable[[Vehicle, Arguments], list[Order]]


@dataclass(frozen=True)
class Command:
    """One command of the contract: arguments, and orders by family."""

    arguments: dict[str, CommandArgument]
    orders: Build
    ardupilot: Build | None = None


def long(number: int, *params: float) -> Order:
    """An order as COMMAND_LONG, from its parameters."""
    values = [*params, *[0.0] * (7 - len(params))]
    return Order(number, tuple(values[:4]), *values[4:])  # type: ignore[arg-type]


def _simple(number: int, *params: float) -> Build:
    return lambda v, a: [long(number, *params)]


def mode_orders(mode: Mode, family: str) -> list[Order]:
    """Orders that choose a mode: PX4's main mode and submode apart, others by their number."""
    number = mode.custom_mode
    if family == "px4":
        orders = [long(mavlink.MAV_CMD_DO_SET_MODE, _CUSTOM, number >> 16 & 255, number >> 24)]
    else:
        orders = [long(mavlink.MAV_CMD_DO_SET_MODE, _CUSTOM, number)]
        if mode.standard:
            orders.append(long(mavlink.MAV_CMD_DO_SET_STANDARD_MODE, mode.standard))
    return [replace(order, what=f"mode {mode.name}", reaches=number) for order in orders]


def role(name: str, *otherwise: Order) -> Build:
    """The mode for something, else other orders."""
    def build(v: Vehicle, a: Arguments) -> list[Order]:
        mode = v.modes.role(name)
        return [*(mode_orders(mode, v.family) if mode else ()), *otherwise]
    return build


def _mode(v: Vehicle, a: Arguments) -> list[Order]:
    mode = v.modes.find(a["name"])
    if mode is None:
        named = ", ".join(m["name"] for m in v.modes.as_list() if m["selectable"])
        raise Refusal(f"mode: {v.name} has no mode {a['name']!r} to choose; there are: {named}")
    return mode_orders(mode, v.family)


def _take_off(v: Vehicle, a: Arguments) -> list[Order]:
    return [long(mavlink.MAV_CMD_NAV_TAKEOFF, nan, 0.0, 0.0, nan, nan, nan, a["altitude_msl"])]


def _take_off_ardupilot(v: Vehicle, a: Arguments) -> list[Order]:
    # By COMMAND_INT the frame says that the altitude is above the sea; ArduPlane without it takes
    # off by its mode, to the height that its parameter TKOFF_ALT names.
    mode = v.modes.role("take_off")
    return [Order(mavlink.MAV_CMD_NAV_TAKEOFF, (0.0, 0.0, 0.0, 0.0), nan, nan, a["altitude_msl"],
                  True), *(mode_orders(mode, v.family) if mode else ())]


def reposition(latitude: float, longitude: float, altitude: float | None,
               radius: float = nan) -> Order:
    """To a place, and wait there in a circle. A radius is positive there, its direction stands in
    the fourth parameter."""
    counter = nan if radius != radius else float(radius < 0.0)
    return Order(mavlink.MAV_CMD_DO_REPOSITION,
                 (_UNCHANGED, _CHANGE_MODE, abs(radius), counter), latitude, longitude,
                 nan if altitude is None else altitude, True)


def _altitude_kept(v: Vehicle, a: Arguments) -> float | None:
    """The altitude asked for; else the present one where the family must be told one."""
    altitude = a.get("altitude_msl")
    if altitude is None and v.family == "ardupilot":
        altitude = v.number("altitude_msl")
    return altitude


def _go_here(v: Vehicle, a: Arguments) -> list[Order]:
    return [reposition(a["latitude_deg"], a["longitude_deg"], _altitude_kept(v, a))]


def _orbit(v: Vehicle, a: Arguments) -> list[Order]:
    altitude = a.get("altitude_msl")
    return [Order(mavlink.MAV_CMD_DO_ORBIT, (a["radius"], nan, nan, nan), a["latitude_deg"],
                  a["longitude_deg"], nan if altitude is None else altitude, True)]


def _orbit_ardupilot(v: Vehicle, a: Arguments) -> list[Order]:
    return [reposition(a["latitude_deg"], a["longitude_deg"], _altitude_kept(v, a), a["radius"])]


def _altitude(v: Vehicle, a: Arguments) -> list[Order]:
    return [long(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, a["altitude_msl"], float(_MSL)),
            reposition(nan, nan, a["altitude_msl"])]


def _altitude_ardupilot(v: Vehicle, a: Arguments) -> list[Order]:
    return [Order(mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0,
                  a["altitude_msl"], True),
            long(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, a["altitude_msl"], float(_MSL))]


def _speed(v: Vehicle, a: Arguments) -> list[Order]:
    return [long(mavlink.MAV_CMD_DO_CHANGE_SPEED, 0.0, a["airspeed"], _UNCHANGED)]


def _heading(v: Vehicle, a: Arguments) -> list[Order]:
    course = degrees(a["course"]) % 360.0
    return [Order(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING, (0.0, course, 0.0, 0.0), as_int=True)]


def _item(v: Vehicle, a: Arguments) -> list[Order]:
    return [long(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, float(int(a["sequence"])))]


_NAN3 = (nan, nan, nan)
COMMANDS: dict[str, Command] = {
    "arm": Command({}, _simple(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0)),
    "disarm": Command({}, _simple(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 0.0)),
    "take_off": Command({"altitude_msl": _ALTITUDE}, _take_off, _take_off_ardupilot),
    "hold": Command({}, role("hold", long(mavlink.MAV_CMD_DO_PAUSE_CONTINUE, 0.0))),
    "orbit_here": Command({**_PLACE, "radius": CommandArgument(-20000.0, 20000.0, "m")}, _orbit,
                          _orbit_ardupilot),
    "go_here": Command(_PLACE, _go_here),
    "altitude": Command({"altitude_msl": _ALTITUDE}, _altitude, _altitude_ardupilot),
    "speed": Command({"airspeed": CommandArgument(1.0, 400.0, "m/s")}, _speed),
    "heading": Command({"course": CommandArgument(-2.0 * pi, 2.0 * pi, "rad")}, _heading),
    "mission": Command({}, role("mission", long(mavlink.MAV_CMD_MISSION_START))),
    "mission_item": Command({"sequence": CommandArgument(0.0, 65534.0)}, _item),
    "return": Command({}, _simple(mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH)),
    "land": Command({}, lambda v, a: [
        long(mavlink.MAV_CMD_NAV_LAND, 0.0, 0.0, 0.0, nan, *_NAN3),
        long(mavlink.MAV_CMD_DO_LAND_START)]),
    "go_around": Command({}, _simple(mavlink.MAV_CMD_DO_GO_AROUND)),
    "mode": Command({"name": CommandArgument(text=True)}, _mode),
    "message_rate": Command({"hz": CommandArgument(1.0, 50.0, "Hz")}, lambda v, a: []),
}
NAMES = tuple(COMMANDS)
# Where it flies: a newer one of these takes the place of an older that was not answered yet,
# which sent again would undo it. What goes along with them falls with them.
COURSES = frozenset({"take_off", "hold", "orbit_here", "go_here", "heading", "mission",
                     "mission_item", "return", "land", "go_around", "mode"})
FALLING = COURSES | {"altitude", "speed"}


def check(name: str, arguments: Any) -> Arguments:
    """The arguments of a command, or Refusal with everything that is wrong."""
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        raise Refusal(f"there is no command {name!r}; there are: {', '.join(NAMES)}")
    if not isinstance(arguments, dict):
        raise Refusal(f"{name}: give its arguments as one object")
    faults = [f"{key}: is no argument of {name}" for key in arguments
              if key not in command.arguments]
    faults += [f"{key}: {fault}" for key, argument in command.arguments.items()
               if (fault := argument.fault(arguments.get(key)))]
    if name == "orbit_here" and not faults and abs(arguments["radius"]) < 10.0:
        faults.append("radius: give 10 m or more, negative for counter-clockwise")
    if faults:
        raise Refusal(f"{name} is not sent:", 400, tuple(faults))
    return arguments


def orders(vehicle: Vehicle, name: str, arguments: Arguments) -> list[Order]:
    """What to send for a checked command, in the order of trying."""
    command = COMMANDS[name]
    build = command.ardupilot if vehicle.family == "ardupilot" and command.ardupilot else (
        command.orders)
    return build(vehicle, arguments)
