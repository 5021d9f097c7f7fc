"""The mission against its fence: every leg, corner and circle as flown, with room to turn.

In flight the fence is kept by a last turn away from it (autopilot/failsafe/fence_watch.py). The
same turn is judged here: where a straight leg comes so near that none would keep the margin, the
aircraft would turn back there, and the mission is refused. Corners, circles and the landing keep
the margin themselves; the fence does not stop a landing, but none is planned through it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from longwatch.autopilot.aboard import fence, plan
from longwatch.autopilot.aboard.fence import FENCE_MARGIN, HEIGHT_MARGIN, ROLL_IN, TURN_SHARE
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.wgs84 import WGS84
from longwatch.planning import figures
from longwatch.planning.case import Case
from longwatch.planning.fence_zones import rally_faults
from longwatch.planning.finding import ERROR, WARNING, Finding
from longwatch.planning.flown_way import Place, Stretch, stretches
from longwatch.planning.performance import turn_radius
from longwatch.planning.qgc_fence import no_zones
from longwatch.planning.walk_state import Walk

# Points on the way lie at least so far apart [m].
STEP = 40.0


@dataclass(frozen=True, eq=False)
class Fence:
    """What a mission has to keep.

    Attributes:
        zones: FenceVertex array.
        margin: distance [m] kept from their edges.
        ceiling, floor: altitudes [m above mean sea level]; 0 for none.
    """

    zones: np.ndarray
    margin: float = FENCE_MARGIN
    ceiling: float = 0.0
    floor: float = 0.0


NO_FENCE = Fence(no_zones())


def clear(zones: np.ndarray, place: Place) -> float:
    """Distance [m] from a place [rad] to where it may not be; negative where it already is."""
    return float(fence.clearance(zones, *fence.direction_of(WGS84[0], *place)))


def fence_findings(case: Case, flown: Walk, kept: Fence) -> Iterator[Finding]:
    """What the fence has against each leg of a mission, each item once."""
    seen: set[int] = set()
    if len(kept.zones):
        for stretch in stretches(flown):
            if stretch.index not in seen:
                for finding in _stretch_findings(case, stretch, kept):
                    seen.add(stretch.index)
                    yield finding
    yield from _height_findings(case, flown, kept)


def area_findings(case: Case) -> Iterator[Finding]:
    """What is wrong or odd about a fence and its rally points by themselves."""
    area, home = case.mission.area, case.home.elevation_msl
    for note in area.notes:
        yield Finding(WARNING, None, note, "")
    for index, text in rally_faults((home + height for *_, height in area.rally), home, case.sheet):
        yield Finding(ERROR, None, f"rally point {figures.name(index + 1)}: {text}", "")
    for number, (latitude, longitude, _) in enumerate(area.rally, start=1):
        if len(area.zones) and clear(area.zones, (latitude, longitude)) < FENCE_MARGIN:
            yield Finding(WARNING, None,
                          f"rally point {figures.name(number)} lies outside the fence or within "
                          f"{figures.length(FENCE_MARGIN)} of it", "move it further in")


# ---------------------------------------------------------------------------------- the zones


def _stretch_findings(case: Case, stretch: Stretch, kept: Fence) -> Iterator[Finding]:
    """The first point of a stretch that is outside; else the nearest one, if it is too near."""
    item = case.points[stretch.index].item
    free = stretch.lands or item.command == plan.TAKEOFF
    radius = turn_radius(case.airspeed(stretch.index), math.hypot(*case.wind_over(stretch.index)),
                         TURN_SHARE * float(case.sheet.limits.bank_maximum))
    speed = stretch.speed if stretch.speed > 0.0 else case.airspeed(stretch.index)
    near = 2.0 * radius + speed * ROLL_IN + kept.margin
    nearest, where = math.inf, stretch.before
    turning: Place | None = None
    way = [stretch.before, *stretch.places]
    for k, (a, b) in enumerate(pairwise(way)):
        for place, course, room in _sampled(kept.zones, a, b, near):
            if room < nearest:
                nearest, where = room, place
            if k == 0 and not free and turning is None and room < near and (
                    _way_out(kept.zones, place, course, radius, speed) < kept.margin):
                turning = place
    if nearest < (0.0 if free else kept.margin):
        yield _too_near(item.sequence, nearest, where, kept.margin, free)
    elif turning is not None:
        yield Finding(
            ERROR, item.sequence,
            f"flies at the fence so near to it, at {_text(turning)}, that it would turn back: "
            f"no turn of {figures.length(radius)} begun there keeps the margin of "
            f"{figures.length(kept.margin)}",
            "end the leg earlier, or draw the fence wider")


def _too_near(sequence: int, nearest: float, where: Place, margin: float, free: bool) -> Finding:
    if nearest < 0.0:
        return Finding(ERROR, sequence,
                       f"leads {figures.length(-nearest)} out of the fence, or as far into a zone "
                       f"to stay out of, at {_text(where)}",
                       "lead it around, or draw the fence wider")
    return Finding(ERROR, sequence,
                   f"comes within {figures.length(nearest)} of the fence at {_text(where)}; the "
                   f"margin is {figures.length(margin)}",
                   "lead it further away, or draw the fence wider")


def _sampled(zones: np.ndarray, a: Place, b: Place, near: float
             ) -> Iterator[tuple[Place, float, float]]:
    """Points of a leg with course [rad] and room to the fence [m], denser within ``near`` of it.

    Nothing is stepped over: the room shrinks no faster than the way is long.
    """
    length, course = distance_and_bearing(*a, *b)
    along = 0.0
    while True:
        latitude, longitude = destination(*a, course, along)
        place = float(latitude), float(longitude)
        onward = distance_and_bearing(*place, *b)[1] if length - along > 1.0 else course
        room = clear(zones, place)
        yield place, onward, room
        if along >= length:
            return
        along = min(along + max(room - near, STEP), length)


def _way_out(zones: np.ndarray, place: Place, course: float, radius: float, speed: float) -> float:
    """What the best turn keeps of the fence [m] that is begun here or, leading off it, a little on.
    """
    def turning(after: float) -> float:
        ahead = destination(*place, course, speed * ROLL_IN + after)[:2]
        return max(clear(zones, destination(*ahead, course + side * 0.5 * math.pi, radius)[:2])
                   - radius for side in (1.0, -1.0))

    if clear(zones, destination(*place, course, STEP)[:2]) <= clear(zones, place):
        return turning(0.0)
    return max(turning(share * radius) for share in (0.0, 0.5, 1.0))


def _text(place: Place) -> str:
    return figures.name(f"{math.degrees(place[0]):.4f}, {math.degrees(place[1]):.4f}")


# --------------------------------------------------------------------------- floor and ceiling


def _height_findings(case: Case, flown: Walk, kept: Fence) -> Iterator[Finding]:
    seen: set[int] = set()
    for visit in flown.visits:
        item = case.points[visit.index].item
        if visit.path is None or visit.index in seen or item.command in (plan.TAKEOFF, plan.LAND,
                                                                         plan.RETURN_TO_LAUNCH):
            continue
        seen.add(visit.index)
        altitude = visit.path.altitude
        if kept.ceiling and altitude > kept.ceiling - HEIGHT_MARGIN:
            yield Finding(ERROR, item.sequence,
                          f"altitude {figures.altitude(altitude)} lies above the fence's ceiling "
                          f"of {figures.altitude(kept.ceiling)} or within "
                          f"{figures.height(HEIGHT_MARGIN)} of it",
                          "lower it, or raise the ceiling")
        elif kept.floor and altitude < kept.floor + HEIGHT_MARGIN:
            yield Finding(ERROR, item.sequence,
                          f"altitude {figures.altitude(altitude)} lies below the fence's floor "
                          f"of {figures.altitude(kept.floor)} or within "
                          f"{figures.height(HEIGHT_MARGIN)} of it",
                          "raise it, or lower the floor")
