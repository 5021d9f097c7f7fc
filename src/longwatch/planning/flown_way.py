"""The mission as it will be flown, for drawing: the way over the ground and the heights along it.

Corners are cut by the arcs that the judge allows room for (legs.py), circles joined and left on
their tangents (circles.py), the landing drawn with its joining circle and final approach. What
rolls, gusts and the wind's drift add is not in it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.wgs84 import WGS84, radii_of_curvature
from longwatch.planning.case import Case, is_loiter
from longwatch.planning.ground_track import STRAIGHT
from longwatch.planning.legs import LARGEST_FLY_BY, SAME_PLACE
from longwatch.planning.route import ground_at
from longwatch.planning.walk_state import Path, Visit, Walk

Place = tuple[float, float]

# An arc has a point each so much of it [rad].
ARC_STEP = math.radians(12.0)
# A straight leg is cut into so many pieces at most, of at least so many metres.
MOST_PIECES, LEAST_PIECE = 24, 500.0
# A stay is shown by so many points a lap, so many at most.
PER_LAP, MOST_STAY = 8, 48
# More visits than this (a jump taken a thousand times) tell the eye nothing.
MOST_VISITS = 600


@dataclass(frozen=True)
class ProfilePoint:
    """Heights at one point of the way; metres above mean sea level, NaN for unknown ground.

    ``distance`` [m] and ``time`` [s] count from the start.
    """

    distance: float
    time: float
    altitude_msl: float
    ground_msl: float


# ------------------------------------------------------------------------------- heights


def profile(flown: Walk) -> list[ProfilePoint]:
    """Altitude and ground along the mission as flown."""
    points: list[ProfilePoint] = []
    distance = 0.0
    visits = [visit for visit in flown.visits if visit.path is not None][:MOST_VISITS]
    for visit, after in zip(visits, [*visits[1:], None], strict=True):
        points += _leg_profile(flown.case, visit, distance)
        points += _stay_profile(flown.case, visit, after, distance)
        distance += visit.distance
    return points


def _leg_profile(case: Case, visit: Visit, before: float) -> Iterator[ProfilePoint]:
    path = visit.path
    if path is None:
        return
    length, course = distance_and_bearing(*path.start, *path.end)
    rolled = max(visit.distance - length, 0.0) if _takes_off(case, visit) else 0.0
    # Between circles their tangents are flown, and turns lag: not the line from item to item.
    longer = path.length / length if length > 0.0 else 0.0
    pieces = max(min(math.ceil(length / LEAST_PIECE), MOST_PIECES), 1)
    stops = {length * k / pieces for k in range(pieces + 1)} | {_level_from(path, length)}
    for along, place in zip(sorted(stops), _along(path.start, course, sorted(stops)), strict=True):
        share = along / length if length > 0.0 else 0.0
        yield ProfilePoint(before + rolled + longer * along, path.time + share * path.lasts,
                           _altitude(path, along),
                           ground_at(case.patches, case.terrain, *place))


def _along(start: Place, course: float, stops: list[float]) -> list[Place]:
    """Places on a geodesic, exact every few kilometres and even between, which is within 1 m."""
    far = stops[-1]
    anchors = np.linspace(0.0, far, max(math.ceil(far / STRAIGHT), 1) + 1)
    places = np.array([destination(*start, course, s) for s in anchors])
    latitudes = np.interp(stops, anchors, places[:, 0])
    longitudes = np.interp(stops, anchors, np.unwrap(places[:, 1]))
    return list(zip(latitudes.tolist(), longitudes.tolist(), strict=True))


def _takes_off(case: Case, visit: Visit) -> bool:
    return case.points[visit.index].item.command == plan.TAKEOFF


def _level_from(path: Path, length: float) -> float:
    """Metres into the leg from which on the altitude is held."""
    if path.gradient == 0.0:
        return 0.0
    return min(max((path.altitude - path.start_altitude) / path.gradient, 0.0), length)


def _altitude(path: Path, along: float) -> float:
    altitude = path.start_altitude + path.gradient * along
    rising = path.altitude >= path.start_altitude
    return min(altitude, path.altitude) if rising else max(altitude, path.altitude)


def _stay_profile(case: Case, visit: Visit, after: Visit | None, before: float
                  ) -> Iterator[ProfilePoint]:
    """What follows the leg itself: the circles of a loiter, or the landing."""
    path, item = visit.path, case.points[visit.index].item
    if path is None or _takes_off(case, visit):
        return
    leg = path.length
    staying = visit.distance - leg
    if staying < 1.0:
        return
    began = path.time + path.lasts
    ended = _began(case, visit, after)
    if after is None or after.path is None:
        yield from _landing_profile(case, visit, before + leg, began, ended)
        return
    low, high = path.altitude, after.path.start_altitude
    radius = max(case.flown_radius(visit.index) if is_loiter(item) else case.radius(visit.index),
                 1.0)
    laps = staying / (2.0 * math.pi * radius)
    count = max(min(math.ceil(PER_LAP * laps), MOST_STAY), 1)
    for k in range(1, count + 1):
        share = k / count
        place = _on_circle(path.end, 2.0 * math.pi * laps * share, radius)
        yield ProfilePoint(before + leg + share * staying, began + share * (ended - began),
                           low + share * (high - low),
                           ground_at(case.patches, case.terrain, *place))


def _began(case: Case, visit: Visit, after: Visit | None) -> float:
    """When the visit ends: where the next one begins, s from the start."""
    if after is not None and after.path is not None:
        return after.path.time
    path = visit.path
    return (path.time if path is not None else 0.0) + visit.time


def _landing_profile(case: Case, visit: Visit, before: float, began: float, ended: float
                     ) -> Iterator[ProfilePoint]:
    path = visit.path
    if path is None:
        return
    staying = visit.distance - path.length
    final = min(float(case.sheet.procedures.final_length), staying)
    joined = began + (1.0 - final / staying) * (ended - began)
    strip, end = case.strips.landing_strip, case.strips.landing_end
    bottom = strip.aiming_elevation(end)
    gate = bottom + case.gate_height
    pieces = max(min(math.ceil(final / LEAST_PIECE), MOST_PIECES), 1)
    for k in range(pieces + 1):
        share = k / pieces
        place = strip.approach_point(end, final * (1.0 - share))
        yield ProfilePoint(before + staying - final * (1.0 - share),
                           joined + share * (ended - joined), gate + share * (bottom - gate),
                           ground_at(case.patches, case.terrain, *place))


# ------------------------------------------------------------------------------- the way


@dataclass(frozen=True)
class Stretch:
    """The way from one item to the next and what is flown there.

    Attributes:
        index: of the item that it leads to.
        before: where it begins; latitude and longitude [rad] as everywhere here.
        places: of the way from there on; a straight leg leads to the first.
        speed: over the ground on that leg, m/s.
        lands: it ends on a runway.
    """

    index: int
    before: Place
    places: list[Place]
    speed: float
    lands: bool


def track(flown: Walk) -> list[Place]:
    """The way over the ground, latitude and longitude [rad], each stretch once."""
    way: list[Place] = []
    for stretch in stretches(flown):
        way += stretch.places if way else [stretch.before, *stretch.places]
    return way


def stretches(flown: Walk) -> Iterator[Stretch]:
    """The way over the ground, each stretch once."""
    case = flown.case
    visits = _drawn(flown)
    last: Place | None = None
    for visit, after in zip(visits, [*visits[1:], None], strict=True):
        path = visit.path
        if path is None:
            continue
        before = path.start if last is None else last
        following = _next_place(after)
        item = case.points[visit.index].item
        lands = after is None and item.command in (plan.LAND, plan.RETURN_TO_LAUNCH)
        if is_loiter(item):
            places = _circled(case, visit.index, path.end, before, following)
        elif after is None:
            places = _landed(case, visit, path)
        else:
            places = _cornered(case, visit.index, path, following)
        yield Stretch(visit.index, before, places, max(visit.ground_speed, 0.0), lands)
        last = places[-1]


def _drawn(flown: Walk) -> list[Visit]:
    """The visits that draw something, each pair of items once."""
    found: list[Visit] = []
    seen: set[tuple[int, int]] = set()
    before = -1
    for visit in flown.visits:
        if visit.path is None:
            continue
        if (before, visit.index) not in seen:
            seen.add((before, visit.index))
            found.append(visit)
        before = visit.index
    return found[:MOST_VISITS]


def _next_place(after: Visit | None) -> Place | None:
    if after is None or after.path is None:
        return None
    apart = distance_and_bearing(*after.path.start, *after.path.end)[0]
    return after.path.end if apart > SAME_PLACE else None


def _cornered(case: Case, index: int, path: Path, following: Place | None) -> list[Place]:
    """A corner as flown: cut by an arc, or over the point where the turn is a large one."""
    if following is None:
        return [path.end]
    length, _ = distance_and_bearing(*path.start, *path.end)
    back = distance_and_bearing(*path.end, *path.start)[1]
    onward, course = distance_and_bearing(*path.end, *following)
    turn = math.remainder(course - (back + math.pi), 2.0 * math.pi)
    if abs(turn) > LARGEST_FLY_BY or abs(turn) < ARC_STEP or min(length, onward) < SAME_PLACE:
        return [path.end]
    lead = min(case.radius(index) * math.tan(abs(turn) / 2.0), 0.5 * length, 0.5 * onward)
    radius = lead / math.tan(abs(turn) / 2.0)
    side = math.copysign(1.0, turn)
    entry = destination(*path.end, back, lead)
    centre = destination(*entry, back + math.pi + side * math.pi / 2.0, radius)
    first = back + math.pi - side * math.pi / 2.0
    return _arc(centre, radius, first, turn)


def _arc(centre: Place, radius: float, first: float, sweep: float) -> list[Place]:
    """Points of a circle from a bearing on, over a sweep [rad], clockwise positive."""
    count = max(math.ceil(abs(sweep) / ARC_STEP), 1)
    return [_on_circle(centre, first + sweep * k / count, radius) for k in range(count + 1)]


def _on_circle(centre: Place, bearing: float, radius: float) -> Place:
    """A point some kilometres away at most, in the tangent plane."""
    meridian, normal = radii_of_curvature(WGS84[0], centre[0])
    return (centre[0] + radius * math.cos(bearing) / meridian,
            centre[1] + radius * math.sin(bearing) / (normal * math.cos(centre[0])))


def _circled(case: Case, index: int, centre: Place, before: Place, following: Place | None
             ) -> list[Place]:
    """A whole lap from where the circle is joined, and on to where it is left."""
    radius = case.flown_radius(index)
    side = -1.0 if case.points[index].item.radius < 0 else 1.0
    come, bearing = distance_and_bearing(*centre, *before)
    joined = bearing + side * math.acos(min(radius / max(come, radius), 1.0))
    sweep = 2.0 * math.pi
    if following is not None:
        go, to = distance_and_bearing(*centre, *following)
        if go > radius:
            left = to - side * math.acos(radius / go)
            sweep += (side * (left - joined)) % (2.0 * math.pi)
    return _arc(centre, radius, joined, side * sweep)


def _landed(case: Case, visit: Visit, path: Path) -> list[Place]:
    """The joining circle beside the gate, on the side that it comes from, and the final."""
    item = case.points[visit.index].item
    if item.command not in (plan.LAND, plan.RETURN_TO_LAUNCH):
        return [path.end]
    strip, end = case.strips.landing_strip, case.strips.landing_end
    radius = case.radius(visit.index)
    side = 1.0 if strip.approach_place(end, *path.start)[1] >= 0.0 else -1.0
    length = float(case.sheet.procedures.final_length)
    centre = strip.approach_point(end, length, side * radius)
    # At the gate the circle runs along the final: clockwise where its centre lies to the right.
    first = strip.course(end) - side * math.pi / 2.0
    return [*_arc(centre, radius, first, side * 2.0 * math.pi),
            strip.aiming_point(end)]
