"""What a PX4 and an ArduPlane are sent for each command, what comes of it, and when it is barred.

One table: from it come the orders, the text of the page's card, the reason why a button is not
offered, and docs/station-autopilots.md. Longwatch's own aircraft, and vehicles of other families,
are sent what the table of commands says.

Sources: recordings of ArduPlane 4.6.2 and of PX4 1.18 under this station ("recorded"); ArduPlane's
``GCS_MAVLink_Plane.cpp``, ``mode.cpp``, ``AP_Mission.cpp`` and PX4's ``navigator_main.cpp``,
``Commander.cpp``, ``px4_custom_mode.h`` ("by its source").
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import degrees, nan, radians, tan
from typing import Any

from longwatch.earth.standard import GRAVITY
from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import command_table
from longwatch.station.vehicles.command_table import (
    Arguments,
    Build,
    Order,
    Setting,
    long,
    mode_orders,
    reposition,
)
from longwatch.station.vehicles.vehicle import Vehicle

# A course is turned to with this bank where the vehicle's own limit is not known or larger.
TURN_BANK = radians(30.0)
LEAST_TAKE_OFF = 10.0
_LAND, _LAND_START = 21, 189
_COURSE_OVER_GROUND = float(mavlink.HEADING_TYPE_COURSE_OVER_GROUND)


@dataclass(frozen=True)
class Manner:
    """How one autopilot is given one command.

    Attributes:
        sent: what is sent, for the manual.
        does: what the vehicle does then, and how that is known.
        orders: makes the orders.
        card: message ``fly.does.COMMAND.CARD`` of the page, "" for the common one; or what tells
            it from the vehicle.
        bar: message ``fly.why.KEY``: why it cannot be done as things are, "" where it can.
    """

    sent: str
    does: str
    orders: Build
    card: str | Callable[[Vehicle], str] = ""
    bar: Callable[[Vehicle], str] = lambda v: ""


def _into(v: Vehicle, role: str) -> tuple[Order, ...]:
    """The step into a mode."""
    mode = v.modes.role(role)
    return tuple(mode_orders(mode, v.family)[:1]) if mode else ()


def _on_ground(v: Vehicle) -> bool:
    return bool(v.number("landed_state") == "on_ground")


def _items(v: Vehicle) -> tuple[Any, ...]:
    plan = v.plans.get("mission")
    return plan.items if plan is not None else ()


def _has_landing(v: Vehicle) -> bool:
    return any(item.command == _LAND_START for item in _items(v))


def _no_mission(v: Vehicle) -> str:
    return "no_mission" if v.number("mission_count") == 0 else ""


def _common(name: str) -> Build:
    return lambda v, a: command_table.COMMANDS[name].orders(v, a)


# ------------------------------------------------------------------------------ ArduPlane

_FIRST_ITEM = replace(long(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, 0.0),
                      what="mission back to its first item")


def _landed_in_sequence(v: Vehicle) -> bool:
    """It stands with its mission somewhere behind the start: it does not arm like that."""
    return _on_ground(v) and (v.number("mission_sequence") or 0) > 1


def _arm(v: Vehicle, a: Arguments) -> list[Order]:
    first: tuple[Order, ...] = ()
    if _on_ground(v) and v.role in ("mission", "return", "land"):
        first += _into(v, "manual")
    if _landed_in_sequence(v) and v.number("mission_count") != 0:
        first += (_FIRST_ITEM,)
    return [replace(long(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0), first=first)]


def _take_off(v: Vehicle, a: Arguments) -> list[Order]:
    height = round(a["altitude_msl"] - v.number("home_altitude_msl"))
    if height < LEAST_TAKE_OFF:
        raise Refusal(f"altitude_msl: {height:g} m above home is too low to take off to; give "
                      f"{LEAST_TAKE_OFF:.0f} m or more", 409)
    mode = v.modes.role("take_off")
    assert mode is not None  # else it is barred
    setting = () if v.parameter("TKOFF_ALT") == height else (Setting("TKOFF_ALT", height),)
    return [replace(mode_orders(mode, v.family)[0], first=setting)]


def _take_off_bar(v: Vehicle) -> str:
    if v.number("home_altitude_msl") is None:
        return "no_home"
    if v.parameter("TKOFF_ALT") is None:
        return "no_parameters"
    return "" if v.modes.role("take_off") else "no_mode"


def _anew(v: Vehicle, order: Order) -> Order:
    """In GUIDED a course and an altitude that were ordered stay in force, whatever place is sent:
    only leaving the mode ends them."""
    return replace(order, first=_into(v, "hold") if v.role == "guided" else ())


def _go_here(v: Vehicle, a: Arguments) -> list[Order]:
    altitude = a.get("altitude_msl")
    return [_anew(v, reposition(a["latitude_deg"], a["longitude_deg"],
                                v.number("altitude_msl") if altitude is None else altitude,
                                a.get("radius", nan)))]


def _altitude(v: Vehicle, a: Arguments) -> list[Order]:
    guided = _into(v, "guided")
    here = reposition(v.number("latitude_deg"), v.number("longitude_deg"), a["altitude_msl"])
    return [Order(mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0,
                  a["altitude_msl"], True, first=guided), here]


def _heading(v: Vehicle, a: Arguments) -> list[Order]:
    bank = min(v.number("limit_bank") or TURN_BANK, TURN_BANK)
    return [Order(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING,
                  (_COURSE_OVER_GROUND, degrees(a["course"]) % 360.0, GRAVITY * tan(bank), 0.0),
                  as_int=True, first=_into(v, "guided"))]


def _speed(v: Vehicle, a: Arguments) -> list[Order]:
    low, high = v.number("limit_airspeed_min"), v.number("limit_airspeed_max")
    if low is not None and high is not None and not low <= a["airspeed"] <= high:
        raise Refusal(f"airspeed: {v.name} takes {low:g} to {high:g} m/s (AIRSPEED_MIN, "
                      f"AIRSPEED_MAX), not {a['airspeed']:g}", 409)
    return command_table.COMMANDS["speed"].orders(v, a)


def _mission(v: Vehicle, a: Arguments) -> list[Order]:
    mode = v.modes.role("mission")
    assert mode is not None
    return [replace(mode_orders(mode, v.family)[0],
                    first=(_FIRST_ITEM,) if _on_ground(v) else ())]


def _land(v: Vehicle, a: Arguments) -> list[Order]:
    mode = v.modes.role("land")
    if _has_landing(v):
        return [long(mavlink.MAV_CMD_DO_LAND_START)]
    return mode_orders(mode, v.family) if mode else []


def _land_bar(v: Vehicle) -> str:
    return "" if _has_landing(v) or v.modes.role("land") else "no_landing"


def _returns(v: Vehicle) -> str:
    lands = v.parameter("RTL_AUTOLAND") in (1, 2) and _has_landing(v)
    return "ardupilot_lands" if lands else "ardupilot_circles"


def _go_around_bar(v: Vehicle) -> str:
    items, number = _items(v), v.number("mission_sequence")
    on_final = number is not None and number < len(items) and items[number].command == _LAND
    return "" if v.role == "mission" and on_final else "not_landing"


# ------------------------------------------------------------------------------------ PX4


def _altitude_px4(v: Vehicle, a: Arguments) -> list[Order]:
    change = long(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, a["altitude_msl"],
                  float(mavlink.MAV_FRAME_GLOBAL))
    here = reposition(nan, nan, a["altitude_msl"])
    return [change, here] if v.role in ("hold", "course") else [here]


def _course_mode(v: Vehicle) -> Any:
    mode = v.modes.role("course")
    return mode if mode is not None and mode.selectable else None


def _heading_px4(v: Vehicle, a: Arguments) -> list[Order]:
    return [Order(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING,
                  (_COURSE_OVER_GROUND, degrees(a["course"]) % 360.0, 0.0, 0.0), as_int=True,
                  first=_into(v, "course"))]


_RECORDED, _SOURCE = " (recorded)", " (by its source)"
_SAME = "as it is asked"
PEERS: dict[str, dict[str, Manner]] = {
    "ardupilot": {
        "arm": Manner(
            "in AUTO, RTL and AUTOLAND on the ground first mode MANUAL; after a landing "
            "DO_SET_MISSION_CURRENT 0; COMPONENT_ARM_DISARM 1",
            "arms" + _RECORDED + "; without those steps it answers \"In landing sequence\" after "
            "a landing, and in AUTO it rolls as soon as it is armed" + _SOURCE,
            _arm, lambda v: "ardupilot_landed" if _landed_in_sequence(v) else ""),
        "take_off": Manner(
            "TKOFF_ALT where it differs, then mode TAKEOFF",
            "takes off straight ahead to that height above home and circles; NAV_TAKEOFF is for "
            "its vertical take-off and denied in every other frame" + _SOURCE,
            _take_off, "ardupilot", _take_off_bar),
        "hold": Manner("mode LOITER", "circles where it is" + _RECORDED, _common("hold")),
        "orbit_here": Manner(
            "in GUIDED first mode LOITER; DO_REPOSITION with radius and direction",
            "goes to GUIDED and circles the place; a course or an altitude that was ordered "
            "before would stay in force, did it not leave GUIDED; a speed falls back to "
            "AIRSPEED_CRUISE" + _SOURCE, _go_here, "ardupilot"),
        "go_here": Manner(
            "in GUIDED first mode LOITER; DO_REPOSITION", "goes to GUIDED, flies there and "
            "circles" + _RECORDED + "; the rest as Orbit", _go_here, "ardupilot"),
        "altitude": Manner(
            "outside GUIDED first that mode; GUIDED_CHANGE_ALTITUDE",
            "climbs or descends; out of another mode it circles where it was. In other modes the "
            "command fails" + _SOURCE, _altitude, "ardupilot"),
        "speed": Manner("DO_CHANGE_SPEED", "flies at that airspeed in AUTO and GUIDED; fails in "
                        "other modes" + _SOURCE, _speed, "",
                        lambda v: "" if v.role in ("mission", "guided") else "needs_auto_guided"),
        "heading": Manner(
            "outside GUIDED first that mode; GUIDED_CHANGE_HEADING, course over the ground, with "
            "g tan(bank) as its third parameter",
            "turns and keeps the course; with 0 there it banks 0.3 degrees" + _SOURCE, _heading),
        "mission": Manner(
            "on the ground first DO_SET_MISSION_CURRENT 0; mode AUTO",
            "starts from the first item on the ground, resumes in the air" + _RECORDED
            + "; without that step it stands at its last item after a landing", _mission, "",
            _no_mission),
        "mission_item": Manner("DO_SET_MISSION_CURRENT", "goes on with that item" + _SOURCE,
                               _common("mission_item"), "", _no_mission),
        "return": Manner(
            "NAV_RETURN_TO_LAUNCH", "RTL; with RTL_AUTOLAND 1 or 2 and DO_LAND_START aboard it "
            "lands" + _RECORDED + ", else it circles home or a rally point", _common("return"),
            _returns),
        "land": Manner(
            "DO_LAND_START; mode AUTOLAND where none is aboard, from 4.7",
            "AUTO from the nearest DO_LAND_START of its mission; fails without one" + _SOURCE,
            _land, "ardupilot", _land_bar),
        "go_around": Manner(
            "DO_GO_AROUND", "climbs out, in AUTO on its landing item alone" + _SOURCE,
            _common("go_around"), "", _go_around_bar)},
    "px4": {
        "arm": Manner("COMPONENT_ARM_DISARM 1", "arms" + _RECORDED, _common("arm")),
        "take_off": Manner(
            "NAV_TAKEOFF to the altitude above the sea", "takes off on its heading, climbs and "
            "circles" + _SOURCE, _common("take_off"), "px4"),
        "hold": Manner("mode Hold", "circles where it is" + _RECORDED, _common("hold")),
        "orbit_here": Manner("DO_ORBIT", "goes to Hold and circles the place" + _SOURCE,
                             _common("orbit_here")),
        "go_here": Manner("DO_REPOSITION", "goes to Hold, flies there and circles" + _RECORDED,
                          _common("go_here")),
        "altitude": Manner(
            "in Hold and Guided Course DO_CHANGE_ALTITUDE; else DO_REPOSITION where it is",
            "climbs or descends; out of another mode it goes to Hold. In those it would keep to "
            "its plan" + _SOURCE, _altitude_px4, "px4"),
        "speed": Manner("DO_CHANGE_SPEED", "flies at that airspeed until its mode changes"
                        + _SOURCE, _common("speed"), "",
                        lambda v: "own_speed" if v.role in ("take_off", "land") else ""),
        "heading": Manner(
            "outside Guided Course first that mode; GUIDED_CHANGE_HEADING",
            "turns and keeps the course; denied in every other mode" + _SOURCE, _heading_px4, "",
            lambda v: "" if _course_mode(v) else "no_course_mode"),
        "mission": Manner("mode Mission", "starts on the ground, resumes in the air" + _RECORDED,
                          _common("mission"), "", _no_mission),
        "mission_item": Manner("DO_SET_MISSION_CURRENT", "goes on with that item" + _SOURCE,
                               _common("mission_item"), "", _no_mission),
        "return": Manner(
            "NAV_RETURN_TO_LAUNCH", "Return as RTL_TYPE says; with 1 and a landing in its mission "
            "it lands by that" + _RECORDED, _common("return"), "px4"),
        "land": Manner("NAV_LAND", "Land: circles down and touches down where it is, runway or "
                       "not" + _SOURCE, _common("land"), "px4"),
        "go_around": Manner(
            "DO_GO_AROUND", "climbs out of a landing" + _SOURCE, _common("go_around"), "",
            lambda v: "" if v.number("landed_state") == "landing" else "not_landing")},
}
for _family in PEERS.values():
    _family["disarm"] = Manner("COMPONENT_ARM_DISARM 0", "disarms on the ground" + _SOURCE,
                               _common("disarm"))
    _family["mode"] = Manner("DO_SET_MODE", "goes to a mode that it has" + _RECORDED,
                             _common("mode"))
    _family["message_rate"] = Manner("SET_MESSAGE_INTERVAL", _SAME + _RECORDED,
                                     _common("message_rate"))


def manners(vehicle: Vehicle) -> dict[str, Manner]:
    """How a vehicle is given its commands; {} where the common table says."""
    return {} if vehicle.own else PEERS.get(vehicle.family, {})


def orders(vehicle: Vehicle, name: str, arguments: Arguments) -> list[Order]:
    """What to send for a checked command, in the order of trying.

    Raises:
        Refusal: the vehicle does not do that as things are.
    """
    manner = manners(vehicle).get(name)
    if manner is None:
        return command_table.orders(vehicle, name, arguments)
    barred = manner.bar(vehicle)
    if barred:
        raise Refusal(f"{name}: {REASONS[barred].format(name=vehicle.name)}", 409)
    return manner.orders(vehicle, arguments)


REASONS = {
    "no_mission": "no mission is aboard {name}; upload one",
    "no_home": "{name} has told no home yet; wait for its position",
    "no_parameters": "the parameters of {name} are not read yet; wait for them",
    "no_mode": "{name} has no such mode",
    "no_landing": "the mission aboard {name} has no landing (DO_LAND_START); upload one that has, "
                  "or return",
    "not_landing": "{name} is on no landing",
    "needs_auto_guided": "{name} takes a speed in AUTO and GUIDED alone; send it somewhere first",
    "own_speed": "{name} flies a take-off and a landing at speeds of its own",
    "no_course_mode": "{name} has no mode Guided Course; go to a place instead"}


def barred(vehicle: Vehicle) -> dict[str, str]:
    """Commands that cannot be done as things are, with the key of the reason."""
    return {name: reason for name, manner in manners(vehicle).items()
            if (reason := manner.bar(vehicle))}


def cards(vehicle: Vehicle) -> dict[str, str]:
    """Commands whose card reads otherwise for this vehicle, with the key of its text."""
    found = {name: manner.card if isinstance(manner.card, str) else manner.card(vehicle)
             for name, manner in manners(vehicle).items()}
    return {name: card for name, card in found.items() if card}
