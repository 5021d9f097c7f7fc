"""Airspeeds as flown, leg by leg: is each held level, and does it make way against the wind.

A speed is held where full continuous power leaves 100 ft/min of climb at the mass and at both
heights of the leg, to a landing and to home as well; of what is kept in hand against gusts the part
for ``HELD_WIND`` of the wind has to be, and the rest is flown as far as it is held. Way is made
where the wind leaves ``LEAST_HEADWAY`` of the airspeed whatever the course, as the aircraft may
have to turn back: on the climb-out, on each leg, on each circle, and on the circle and the final
that lead to the landing, which are flown at approach speed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from longwatch.autopilot.aboard import plan
from longwatch.planning import figures
from longwatch.planning.case import Case, is_loiter
from longwatch.planning.finding import ERROR, Finding, Fix
from longwatch.planning.walk_state import Visit, Walk

# The wind must leave this much of the airspeed to make way against it, m/s
# (autopilot/manoeuvres/phases.py).
LEAST_HEADWAY = 5.0
# Part of the wind whose gusts a speed must be held against. Grade: assumed.
HELD_WIND = 0.5
# Speeds are told and asked for in tenths of a metre a second.
STEP = 0.1
# A change of weather is looked for so often on a mission that flies an item again [s]. Grade:
# assumed.
LOOK_AGAIN = 1800.0
FLOWN = (plan.WAYPOINT, plan.LAND, plan.RETURN_TO_LAUNCH)


@dataclass(frozen=True)
class Stretch:
    """A part of the flight at one speed: calibrated, m/s; m above mean sea level; s."""

    what: str
    speed: float
    place: tuple[float, float]
    altitude: float
    time: float


def speed_held_finding(case: Case, visit: Visit, before: Visit | None) -> Finding | None:
    """A speed on the way to an item that the engines cannot hold at the height of the way.

    Where the way begins the speed was judged ``before``, unless another is asked for.
    """
    item, path = case.points[visit.index].item, visit.path
    if path is None or not (item.command in FLOWN or is_loiter(item)):
        return None
    place, altitude = path.end, path.altitude
    if path.start_altitude > altitude and (
            before is None or case.speeds[before.index] != case.speeds[visit.index]):
        place, altitude = path.start, path.start_altitude
    wind = math.hypot(*_wind(case, place, altitude, path.time))
    speed = case.flown_speed(visit.index, visit.mass, HELD_WIND * wind)
    most = case.performance.fastest(visit.mass, case.air.density_altitude(
        place, altitude, case.home.elevation_msl, path.time))
    if speed <= most + 0.5 * STEP:
        return None
    asked = math.floor(most / STEP + 1e-6) * STEP
    return Finding(
        ERROR, item.sequence,
        f"the way to it at {figures.airspeed(speed)} cannot be held level: at "
        f"{figures.altitude(altitude)} above sea level and {figures.mass(visit.mass)} it holds "
        f"{figures.airspeed(asked)}",
        f"ask for {figures.airspeed(asked)} or less before it, or fly lower or lighter",
        fix=_slower(case, visit.index, asked))


def _slower(case: Case, index: int, speed: float) -> Fix | None:
    """The change of the speed in force at an item, where that may be as slow."""
    if case.standard[index] or speed < case.least_speed:
        return None
    items = case.mission.items
    for i in range(index, -1, -1):
        p2 = items[i].p2
        if items[i].command == plan.DO_CHANGE_SPEED and p2 is not None and p2 != -1.0:
            return Fix(i, replace(items[i], p2=round(speed, 1)), order=1) if p2 > 0.0 else None
    return Fix(None, cruise_speed=round(speed, 1), order=1)


def headway_findings(case: Case, flown: Walk) -> Iterator[Finding]:
    """The stretch on which the wind leaves least of the airspeed, where that is too little."""
    worst: tuple[float, float, float, Stretch, int] | None = None
    for visit in _looked_at(flown):
        for part in _stretches(case, flown, visit):
            wind = math.hypot(*_wind(case, part.place, part.altitude, part.time))
            airspeed = case.performance.true_airspeed(part.speed, case.air.density_altitude(
                part.place, part.altitude, case.home.elevation_msl, part.time))
            if worst is None or airspeed - wind < worst[0]:
                worst = airspeed - wind, airspeed, wind, part, visit.index
    if worst is None or worst[0] >= LEAST_HEADWAY:
        return
    _, airspeed, wind, part, index = worst
    yield Finding(
        ERROR, case.points[index].item.sequence,
        f"{case.air.what} is {figures.wind(wind)} at "
        f"{figures.height(part.altitude - case.home.elevation_msl)} above ground, against "
        f"{figures.airspeed(airspeed)} of true airspeed {part.what}: it cannot make way "
        f"({figures.airspeed(LEAST_HEADWAY, 'g')} are to spare at least)",
        "fly in less wind" if part.what.endswith("landing") else "fly in less wind, or faster",
        setup=True)


def _looked_at(flown: Walk) -> Iterator[Visit]:
    seen: set[tuple[int, int]] = set()
    for visit in flown.visits:
        if visit.path is None:
            continue
        key = visit.index, int(visit.path.time / LOOK_AGAIN)
        if key not in seen:
            seen.add(key)
            yield visit


def _stretches(case: Case, flown: Walk, visit: Visit) -> Iterator[Stretch]:
    """What is flown to an item and at it."""
    path, item = visit.path, case.points[visit.index].item
    assert path is not None
    if item.command == plan.TAKEOFF:
        yield Stretch("in the climb-out", case.performance.climb_speed(visit.mass), path.end,
                      path.altitude, path.time)
        return
    later = path.time + visit.time
    for place, altitude, time in ((path.start, path.start_altitude, path.time),
                                  (path.end, path.altitude, later)):
        wind = math.hypot(*_wind(case, place, altitude, time))
        yield Stretch("on its circle" if is_loiter(item) and time == later else "on the way to it",
                      case.flown_speed(visit.index, visit.mass, wind), place, altitude, time)
    if item.command == plan.LAND or visit is flown.visits[-1]:
        strip, end = case.strips.landing_strip, case.strips.landing_end
        height = strip.aiming_elevation(end) + case.gate_height
        gate = strip.approach_point(end, float(case.sheet.procedures.final_length))
        wind = math.hypot(*_wind(case, gate, height, later))
        yield Stretch("on the approach to the landing", case.approach_speed(
            visit.end_mass, wind), gate, height, later)


def _wind(case: Case, place: tuple[float, float], altitude: float, time: float
          ) -> tuple[float, float]:
    return case.air.wind(place, altitude, case.home.elevation_msl, time)
