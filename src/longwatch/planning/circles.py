"""Circles: where they are joined and left.

Both happen on a tangent: to the item before, and to the next one (autopilot/mission.py). So a
circle that has done its work is flown on until it points there.
"""

import math

from longwatch.autopilot import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.planning.case import Case, is_loiter

# So much of a lap past its tangent a circle is still left (autopilot/mission.py, EXIT_COURSE).
EXIT_SLACK = 0.02


def exit_share(case: Case, index: int, before: tuple[float, float], following: int | None
               ) -> float | None:
    """Share of a lap from where a circle is joined to where it points at the next item.

    ``before`` is the latitude and longitude that it is joined from, ``following`` the index of
    the next item flown. None where the circle is left at once: for the landing, at the end, or
    for a place inside it.
    """
    if following is None:
        return None
    item, after = case.points[index].item, case.points[following]
    if not (after.item.command == plan.WAYPOINT or is_loiter(after.item)):
        return None
    centre, radius = case.points[index].place, case.flown_radius(index)
    side = -1.0 if item.radius < 0 else 1.0
    come, from_bearing = distance_and_bearing(*centre, *before)
    go, to_bearing = distance_and_bearing(*centre, *after.place)
    if go <= radius:
        return None
    joined = from_bearing + side * math.acos(min(radius / max(come, radius), 1.0))
    left = to_bearing - side * math.acos(radius / go)
    return (side * (left - joined)) / (2 * math.pi) % 1.0


def laps_on(share: float, laps: float) -> float:
    """Laps still to fly after ``laps`` to the exit at a ``share`` of a lap."""
    on = (share - laps) % 1.0
    return on if on < 1.0 - EXIT_SLACK else 0.0
