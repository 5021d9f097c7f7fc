"""Turns and legs: is there room to turn, and how much is missing.

A turn of up to 120 deg is begun before its point, by R tan(turn/2) and by what rolling in takes,
and ends R tan(turn/2) behind it (fly-by). A larger one passes over the point and is back on the
next leg within 3 R. After the climb-out the turn begins where that ends and takes 3 R sin(turn)
of the leg, 3 R from 90 deg on. A circle is joined from anywhere; the point after it lies outside
it by the room of its own turn. Where a leg is short its far point is pushed on along it by what
is missing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.planning import figures
from longwatch.planning.case import Case, is_loiter, moved, with_radius
from longwatch.planning.finding import ERROR, Finding, Fix
from longwatch.planning.itinerary import itinerary

# A larger turn passes over its point, and takes so many radii of turn to be back on the leg
# (autopilot/manoeuvres/mission.py). Grade of the radii: assumed.
LARGEST_FLY_BY = math.radians(120)
OVER_RADII = 3.0
# Seconds of flight per radian of turn before the bank takes hold (autopilot/manoeuvres/mission.py).
ROLL_IN = 0.5
# The climb-out is given so much of the take-off distance. Grade: assumed.
CLIMB_OUT_MARGIN = 1.1
# Where the aircraft stands lined up, beyond the threshold [m] (simulation/start.py).
LINE_UP_DISTANCE = 60.0
# Nearer than this [m] two items are the same place, and no course leads from one to the other.
SAME_PLACE = 1.0
# Pushed a little further than needed [m], so that rounding does not ask for more.
PUSH_MARGIN = 1.0


@dataclass(frozen=True)
class Leg:
    """From one flown place to the next.

    Attributes:
        start, end: indices of the two items.
        place: where it begins (for the take-off: where the climb-out ends).
        distance, course: metres, true course in radians at the beginning.
        arrival: true course at the end.
        turn: change of course at the end, into the leg after it; 0 where there is none.
        needed: metres that the turns at both ends need.
    """

    start: int
    end: int
    place: tuple[float, float]
    distance: float
    course: float
    arrival: float
    turn: float
    needed: float


def climb_out_end(case: Case) -> tuple[float, float]:
    """Where the climb-out ends and the first turn may begin: latitude, longitude."""
    strip, end = case.strips.takeoff_strip, case.strips.takeoff_end
    elevation = strip.elevation_msl[end]
    density_altitude = case.air.density_altitude(
        (strip.latitude[end], strip.longitude[end]), elevation, elevation, 0.0)
    distance = case.performance.takeoff_distance(case.takeoff_mass, density_altitude)[1]
    return strip.beyond_threshold(end, LINE_UP_DISTANCE + CLIMB_OUT_MARGIN * distance)


def legs(case: Case) -> list[Leg]:
    """The legs between take-off and landing, in the order flown, each jump taken once."""
    places = list(_flown_places(case))
    found: list[Leg] = []
    seen: set[tuple[int, int]] = set()
    for i in range(len(places) - 1):
        leg = _leg(case, places[i], places[i + 1], places[i + 2] if i + 2 < len(places) else None,
                   found[-1] if found else None)
        if (leg.start, leg.end) not in seen:
            found.append(leg)
            seen.add((leg.start, leg.end))
    return found


def _flown_places(case: Case) -> Iterator[tuple[int, tuple[float, float]]]:
    for i in itinerary(case.mission.items, 1):
        point = case.points[i]
        if point.item.command == plan.TAKEOFF:
            yield i, climb_out_end(case)
        elif point.item.command == plan.WAYPOINT or is_loiter(point.item):
            yield i, point.place


def _leg(case: Case, first: tuple[int, tuple[float, float]],
         second: tuple[int, tuple[float, float]],
         third: tuple[int, tuple[float, float]] | None, before: Leg | None) -> Leg:
    (start, a), (end, b) = first, second
    distance, course = distance_and_bearing(*a, *b)
    arrival = distance_and_bearing(*b, *a)[1] + math.pi
    if distance < SAME_PLACE and before is not None:
        course = arrival = before.arrival
    following = _following_course(case, third[1] if third else None, b)
    turn = 0.0 if following is None else _turn(arrival, following)
    incoming = (case.strips.takeoff_strip.course(case.strips.takeoff_end) if before is None
                else before.arrival)
    needed = 0.0
    if not is_loiter(case.points[end].item):
        needed = _room_after(case, start, _turn(incoming, course)) + _room_before(case, end, turn)
    return Leg(start, end, a, distance, course, arrival, turn, needed)


def _following_course(case: Case, third: tuple[float, float] | None, place: tuple[float, float]
                      ) -> float | None:
    """Course of the leg after a place: to the next one, or in on the final approach."""
    if third is not None:
        distance, course = distance_and_bearing(*place, *third)
        return course if distance >= SAME_PLACE else None
    strip, end = case.strips.landing_strip, case.strips.landing_end
    before, right = strip.approach_place(end, *place)
    if before > 0 and abs(right) < 300.0:
        return strip.course(end)
    return None


def _turn(arrival: float, course: float) -> float:
    return abs((course - arrival + math.pi) % (2 * math.pi) - math.pi)


def _room_before(case: Case, index: int, turn: float) -> float:
    if turn > LARGEST_FLY_BY:
        return 0.0
    fastest = case.airspeed(index) + math.hypot(*case.wind_over(index))
    return case.radius(index) * math.tan(turn / 2) + ROLL_IN * fastest * turn


def _room_after(case: Case, index: int, turn: float) -> float:
    item = case.points[index].item
    if is_loiter(item):
        return case.flown_radius(index)
    radius = case.radius(index)
    if item.command == plan.TAKEOFF:
        return OVER_RADII * radius * math.sin(min(turn, math.pi / 2))
    if turn > LARGEST_FLY_BY:
        return OVER_RADII * radius
    return radius * math.tan(turn / 2)


def leg_findings(case: Case, found: list[Leg], on_approach: frozenset[int]) -> Iterator[Finding]:
    """Legs too short to turn in; items ``on_approach`` stay on their centreline."""
    for leg in found:
        if leg.needed - leg.distance > 0.1:
            item = case.points[leg.end].item
            radius = case.radius(leg.end)
            yield Finding(
                ERROR, item.sequence,
                f"the leg to it is {figures.length(leg.distance)}, its turns need "
                f"{figures.length(leg.needed)} (turn radius {figures.length(radius)} at "
                f"{figures.airspeed(case.airspeed(leg.end), '.0f')} true, bank "
                f"{figures.slope(math.degrees(case.turn_bank), '.0f')}, and the wind there)",
                f"move it {figures.length(leg.needed - leg.distance)} further on",
                fix=_push(case, leg, on_approach))


def _push(case: Case, leg: Leg, on_approach: frozenset[int]) -> Fix | None:
    by = leg.needed - leg.distance + PUSH_MARGIN
    if leg.end not in on_approach:
        place = destination(*leg.place, leg.course, leg.distance + by)
        if case.points[leg.start].item.command == plan.TAKEOFF:
            place = _nearer(case.points[leg.end].place, place, _straight_ahead(case, leg))
        return Fix(leg.end, moved(case.mission.items[leg.end], place), order=6)
    if case.points[leg.start].item.command == plan.TAKEOFF:
        return None
    # The approach keeps its line: its beginning moves out instead.
    place = destination(*case.points[leg.end].place, leg.arrival + math.pi, leg.distance + by)
    if leg.start in on_approach:
        strip, end = case.strips.landing_strip, case.strips.landing_end
        before, right = strip.approach_place(end, *case.points[leg.start].place)
        place = strip.approach_point(end, before + by, right)
    return Fix(leg.start, moved(case.mission.items[leg.start], place), order=6)


def _straight_ahead(case: Case, leg: Leg) -> tuple[float, float]:
    """Where the first point would have to be if the climb-out led straight to it."""
    course = case.strips.takeoff_strip.course(case.strips.takeoff_end)
    turn = min(_turn(course, leg.arrival) + leg.turn, LARGEST_FLY_BY)
    return destination(*leg.place, course, _room_before(case, leg.end, turn) + PUSH_MARGIN)


def _nearer(place: tuple[float, float], first: tuple[float, float], second: tuple[float, float]
            ) -> tuple[float, float]:
    """Of two places the one nearer to ``place``."""
    return min(first, second, key=lambda other: distance_and_bearing(*place, *other)[0])


def radius_findings(case: Case) -> Iterator[Finding]:
    """Circles tighter than the aircraft can hold in this wind."""
    for i in sorted(set(itinerary(case.mission.items, 1))):
        item = case.points[i].item
        if not is_loiter(item) or not item.radius:
            continue
        least = case.loiter_radius(i)
        if abs(item.radius) < least - 0.5:
            yield Finding(
                ERROR, item.sequence,
                f"a loiter radius of {figures.length(abs(item.radius))} is too tight: at "
                f"{figures.airspeed(case.airspeed(i), '.0f')} true and the wind there it takes "
                f"{figures.length(least)}", f"give it {figures.length(least)}",
                fix=Fix(i, with_radius(item, least), order=2))
