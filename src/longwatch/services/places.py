"""Places and altitudes of commands, checked: what is off the globe or out of reach is refused."""

import math

from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Command, Craft, Refused

LOWEST, HIGHEST = -500.0, 20_000.0
_MSL = frozenset({mavlink.MAV_FRAME_GLOBAL, mavlink.MAV_FRAME_GLOBAL_INT})
_RELATIVE = frozenset({mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT,
                       mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT})


def altitude_msl(craft: Craft, name: str, value: float, frame: int) -> float:
    """An altitude [m] in a MAV_FRAME as one above mean sea level; Refused where it is none.

    Raises Refused: a frame other than above sea level or above home, or an altitude out of range.
    """
    if frame in _RELATIVE:
        value += craft.home.altitude_msl
    elif frame not in _MSL:
        raise Refused(mavlink.MAV_RESULT_COMMAND_UNSUPPORTED_MAV_FRAME,
                      f"{name}: frame {frame} is not known here: give altitudes above sea level "
                      "or above home")
    if not LOWEST <= value <= HIGHEST:
        raise Refused(mavlink.MAV_RESULT_DENIED,
                      f"{name}: altitude {value:.0f} m is out of range")
    return value


def place(command: Command, name: str) -> tuple[float | None, float | None]:
    """Latitude and longitude [rad] of a command, both None where both are left out.

    Raises Refused: one without the other, off the globe, or 0, 0 in a COMMAND_LONG, which is what
    a client sends that gives no place.
    """
    latitude, longitude = command.latitude, command.longitude
    if (latitude is None) != (longitude is None):
        raise Refused(mavlink.MAV_RESULT_DENIED, f"{name}: give latitude and longitude, or neither")
    if latitude is None or longitude is None:
        return None, None
    if abs(latitude) > math.pi / 2 or abs(longitude) > math.pi:
        raise Refused(mavlink.MAV_RESULT_DENIED,
                      f"{name}: {math.degrees(latitude):.4f}, {math.degrees(longitude):.4f} "
                      "is off the globe")
    if not command.is_int and latitude == 0.0 and longitude == 0.0:
        raise Refused(mavlink.MAV_RESULT_DENIED, f"{name}: 0, 0 is no place; leave it NaN for here")
    return latitude, longitude


def flag(value: float | None, name: str, number: int) -> bool:
    """A parameter that must be 0 or 1."""
    if value not in (0.0, 1.0):
        raise Refused(mavlink.MAV_RESULT_DENIED,
                      f"{name}: parameter {number} must be 0 or 1")
    return value == 1.0
