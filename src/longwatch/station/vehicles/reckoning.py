"""Closed forms of what is left: the way home in the wind, the point of no return, true airspeed.

Vectors are (north, east) in a plane around the aircraft [m, m/s]; angles are true, in rad.
"""

from collections import deque
from collections.abc import Sequence
from math import cos, hypot, inf, pi, radians, sin, sqrt

from longwatch.earth.geodesics import distance_and_bearing

Vector = tuple[float, float]
LOITER_TURNS, LOITER_TIME, LAND = 18, 19, 21
FLOWN_ITEMS = (16, 17, LOITER_TURNS, LOITER_TIME, LAND, 31, 82)
"""Commands of mission items that have a place to be flown to (MAV_CMD)."""
_LOITER_RADIUS = 80.0
_SCALE_HEIGHT_FACTOR, _EXPONENT = 2.25577e-5, 4.25588
"""Density of the standard atmosphere over sea level's: (1 - 2.25577e-5 h)^4.25588 (ICAO 7488)."""


def true_airspeed(calibrated: float, altitude_msl: float) -> float:
    """True airspeed [m/s] in standard air, compressibility left aside."""
    share = 1.0 - _SCALE_HEIGHT_FACTOR * min(max(altitude_msl, -500.0), 11000.0)
    return calibrated / sqrt(share**_EXPONENT)


def leg(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> Vector:
    """The way from one place to another [deg]: metres north and east on the geodesic's bearing."""
    distance, bearing = distance_and_bearing(*map(radians, (
        latitude, longitude, to_latitude, to_longitude)))
    return distance * cos(bearing), distance * sin(bearing)


def loiter_time(command: int, params: Sequence[float | None], airspeed: float) -> float:
    """How long a mission's item circles at its place [s]."""
    if command == LOITER_TURNS:
        return (params[0] or 0.0) * 2.0 * pi * abs(params[2] or _LOITER_RADIUS) / airspeed
    return (params[0] or 0.0) if command == LOITER_TIME else 0.0


def wind_vector(speed: float | None, from_direction: float | None) -> Vector:
    """Where the wind blows to; still air where it is not known."""
    if speed is None or from_direction is None:
        return 0.0, 0.0
    return -speed * cos(from_direction), -speed * sin(from_direction)


def time_over(way: Vector, airspeed: float, wind: Vector) -> float:
    """Seconds to fly straight along ``way`` in ``wind``; inf where the wind is too strong.

    It is the t with \\|way - wind t\\| = airspeed t: in air that moves, the end of the way does.
    """
    length = hypot(*way)
    if length == 0.0:
        return 0.0
    along = (way[0] * wind[0] + way[1] * wind[1]) / length
    across = (way[0] * wind[1] - way[1] * wind[0]) / length
    if abs(across) >= airspeed:
        return inf
    speed = along + sqrt(airspeed**2 - across**2)
    return length / speed if speed > 0.0 else inf


def time_to_turn(home: Vector, velocity: Vector, airspeed: float, wind: Vector,
                 time_left: float) -> float:
    """Seconds that it may fly on with ``velocity`` before the way home takes all that is left.

    ``home`` is where home lies from here, ``time_left`` the fuel beyond the reserve as time. 0
    where it is too late; ``time_left`` where it arrives at home by then. The time home hardly falls
    faster than time passes, so that halving finds the root.
    """
    def spare(after: float) -> float:
        way = (home[0] - velocity[0] * after, home[1] - velocity[1] * after)
        return time_left - after - time_over(way, airspeed, wind)

    if spare(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, time_left
    if spare(high) >= 0.0:
        return high
    for _ in range(40):
        middle = 0.5 * (low + high)
        if spare(middle) > 0.0:
            low = middle
        else:
            high = middle
    return low


class Least:
    """The least of what a value has been for a while [s]; None where it is not known."""

    def __init__(self, span: float) -> None:
        self.span = span
        self._kept: deque[tuple[float, float]] = deque()

    def take(self, value: float | None, clock: float) -> float | None:
        """The least with ``value`` as of ``clock`` [s], which may be set back."""
        if value is None or (self._kept and clock < self._kept[-1][0]):
            self._kept.clear()
        if value is None:
            return None
        while self._kept and self._kept[-1][1] >= value:
            self._kept.pop()
        self._kept.append((clock, value))
        while clock - self._kept[0][0] > self.span:
            self._kept.popleft()
        return self._kept[0][1]


class Balance:
    """Fuel that left the tanks over what the engines burnt in the last while: a leak."""

    def __init__(self, span: float) -> None:
        self.span = span
        self._kept: deque[tuple[float, float, float]] = deque()

    def take(self, left: float | None, flow: float | None, clock: float
             ) -> tuple[float, float] | None:
        """What left the tanks and what was burnt [kg] over ``span`` [s] up to ``clock``; None
        before so much has passed. ``left`` [kg], ``flow`` [kg/s]."""
        if left is None or flow is None or (self._kept and clock < self._kept[-1][0]):
            self._kept.clear()
        if left is None or flow is None:
            return None
        then, _, burnt = self._kept[-1] if self._kept else (clock, left, 0.0)
        # Filled up meanwhile: that is no balance any more.
        if self._kept and left > self._kept[-1][1] + 0.5:
            self._kept.clear()
        self._kept.append((clock, left, burnt + flow * (clock - then)))
        while clock - self._kept[1][0] >= self.span if len(self._kept) > 1 else False:
            self._kept.popleft()
        began, had, before = self._kept[0]
        if clock - began < self.span:
            return None
        return had - left, self._kept[-1][2] - before


class Smoothed:
    """A value smoothed with a time constant [s]; None before the first."""

    def __init__(self, constant: float) -> None:
        self.constant = constant
        self.value: float | None = None

    def take(self, value: float | None, passed: float) -> float | None:
        """The smoothed value after ``passed`` s at ``value``; unknown values are left out."""
        if value is None:
            return self.value
        if self.value is None:
            self.value = value
        else:
            self.value += min(passed / self.constant, 1.0) * (value - self.value)
        return self.value
