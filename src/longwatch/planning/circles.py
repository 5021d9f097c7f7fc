"""The way over the ground from item to item: turns that lag, circles joined and left on tangents.

As the autopilot flies it (autopilot/control/guidance.py, autopilot/manoeuvres/mission.py): a circle
is flown to by its tangent and counts as joined a little before; one that has done its work is flown
on until its course leads to the next item. Turns that are not begun before their point lag behind
it.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.planning.case import Case, is_loiter

Place = tuple[float, float]

# A circle counts as joined within this share of its radius, and so many metres, of it; and from
# inside it is flown to at this angle at most [rad] (autopilot/manoeuvres/mission.py,
# autopilot/control/guidance.py).
JOINED_SHARE, JOINED_METRES = 0.1, 50.0
INTERCEPT = 1.05
# So much of a lap past its tangent a circle is still left (autopilot/manoeuvres/mission.py,
# EXIT_COURSE).
EXIT_SLACK = 0.02
# Where the circle's work is done so little of a lap before its exit, plus that share of the laps
# that a time or a climb takes, it may be done after it as well: one more lap is counted. Grade:
# assumed.
DOUBT, DOUBT_A_LAP = 0.03, 0.03
# A lap's time in wind is summed over so many parts, of 5 deg.
LAP_PARTS = 72
# So near to it a loiter's altitude counts as reached, m (autopilot/manoeuvres/mission.py).
ALTITUDE_TOLERANCE = 10.0


@dataclass(frozen=True)
class Way:
    """The way to an item: its length [m], where it ends, the course there.

    Attributes:
        bearing: from a circle's centre to where it is joined.
        lead: angle by which the circle counts as joined before its tangent.
    """

    length: float
    place: Place
    course: float
    bearing: float = 0.0
    lead: float = 0.0


def turn_lag(turn: float, radius: float, onto_line: bool) -> float:
    """Metres that a turn begun at its point adds; more where it leads back onto the leg's line."""
    lag = radius * (turn - math.sin(turn))
    return lag + radius * (1.0 - math.cos(turn)) * math.tan(0.5 * INTERCEPT) if onto_line else lag


def turned(course: float, onto: float) -> float:
    """Angle between two courses, rad, 0 to pi."""
    return abs(math.remainder(onto - course, 2.0 * math.pi))


def way_to_circle(start: Place, centre: Place, radius: float, side: float) -> Way:
    """The way to a circle that is flown clockwise (``side`` 1) or the other way (-1)."""
    apart, bearing = distance_and_bearing(*centre, *start)
    band = JOINED_SHARE * radius + JOINED_METRES
    if apart > radius + band:
        lead = math.acos(radius / (radius + band))
        joined, length = bearing + side * math.acos(radius / apart), math.sqrt(
            apart**2 - radius**2)
    else:
        inside = max(radius - band - apart, 0.0)
        lead, length = 0.0, inside / math.sin(INTERCEPT)
        joined = bearing + side * inside / math.tan(INTERCEPT) / max(0.5 * (radius + apart), 1.0)
    return Way(length, destination(*centre, joined, radius), joined + side * 0.5 * math.pi, joined,
               lead)


def way_after_turn(start: Place, course: float, turn_radius: float, centre: Place, radius: float,
                   side: float, least: float) -> Way:
    """The way to a circle on a course [rad] that first has to be turned, if by more than ``least``.

    The turn carries the aircraft on and aside, and its tangent begins where that ends.
    """
    way = way_to_circle(start, centre, radius, side)
    towards = distance_and_bearing(*start, *way.place)[1] if way.length > 1.0 else way.course
    turn = math.remainder(towards - course, 2.0 * math.pi)
    if abs(turn) <= least:
        return way
    chord = 2.0 * turn_radius * math.sin(0.5 * abs(turn))
    after = way_to_circle(destination(*start, course + 0.5 * turn, chord), centre, radius, side)
    return replace(after, length=after.length + turn_radius * abs(turn))


def settling_time(rise: float, rate: float, time_constant: float) -> float:
    """Time [s] until an altitude counts as reached, beyond that at an even ``rate`` [m/s] to it.

    Near it the climb falls off with what is left, ``rise`` [m] at first, over a time constant [s]
    (autopilot/control/energy.py).
    """
    left = min(abs(rise), rate * time_constant)
    if left <= ALTITUDE_TOLERANCE:
        return -left / rate
    return time_constant * math.log(left / ALTITUDE_TOLERANCE) - left / rate


class Lap:
    """One lap over the ground in a wind, from a bearing on: how far it has come by when."""

    def __init__(self, airspeed: float, radius: float, side: float, first: float,
                 wind: tuple[float, float]) -> None:
        course = first + side * (2.0 * math.pi * (np.arange(LAP_PARTS) + 0.5) / LAP_PARTS
                                 + 0.5 * math.pi)
        along = wind[0] * np.cos(course) + wind[1] * np.sin(course)
        across = wind[1] * np.cos(course) - wind[0] * np.sin(course)
        speed = np.sqrt(np.maximum(airspeed**2 - across**2, 0.0)) + along
        part = 2.0 * math.pi * radius / LAP_PARTS
        self.times = np.concatenate([[0.0], np.cumsum(part / np.maximum(speed, 0.5))])
        self.shares = np.linspace(0.0, 1.0, LAP_PARTS + 1)
        self.whole = float(self.times[-1])

    def flown(self, time: float) -> float:
        """Laps flown after a time, s."""
        laps, rest = divmod(time, self.whole)
        return laps + float(np.interp(rest, self.times, self.shares))

    def time(self, laps: float) -> float:
        """Time that laps take, s."""
        whole, rest = divmod(laps, 1.0)
        return whole * self.whole + float(np.interp(rest, self.shares, self.times))


def exit_share(case: Case, index: int, joined: float, following: int | None) -> float | None:
    """Share of a lap from where a circle is joined to where it points at the next item.

    ``joined`` is the bearing from its centre where it is joined, ``following`` the index of the
    next item flown. None where the circle is left at once: for the landing, at the end, or for a
    place inside it.
    """
    if following is None:
        return None
    item, after = case.points[index].item, case.points[following]
    if not (after.item.command == plan.WAYPOINT or is_loiter(after.item)):
        return None
    radius, side = case.flown_radius(index), -1.0 if item.radius < 0 else 1.0
    go, to_bearing = distance_and_bearing(*case.points[index].place, *after.place)
    if go <= radius:
        return None
    left = to_bearing - side * math.acos(radius / go)
    return (side * (left - joined)) / (2 * math.pi) % 1.0


def laps_on(share: float, laps: float, *, counted: bool = False) -> float:
    """Laps still to fly after ``laps`` to the exit at a ``share`` of a lap; in doubt one more.

    ``counted``: the item asks for a number of turns, which no wind or climb changes.
    """
    on = (share - laps) % 1.0
    if laps <= 0.0:
        return on if on < 1.0 - EXIT_SLACK else 0.0
    doubt = DOUBT if counted else DOUBT + DOUBT_A_LAP * laps
    return on + 1.0 if on < doubt else on
