"""Loiters in numbers: as long as the item asks, and on until the course leads to the next one."""

import math
from dataclasses import replace

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination
from longwatch.earth.standard import GRAVITY
from longwatch.planning.case import Case
from longwatch.planning.circles import Lap, Way, exit_share, laps_on
from longwatch.planning.walk_legs import change_height
from longwatch.planning.walk_state import Visit, Walk

# A long loiter is flown in steps of so many seconds. Grade: assumed.
TIME_STEP = 3600.0
# Turns of a loiter count as flown so much before they are (autopilot/manoeuvres/mission.py), laps.
TURNS_SLACK = 0.05 / (2.0 * math.pi)


def stay(state: Walk, visit: Visit, circled: float, late: float, way: Way,
          following: int | None) -> None:
    """Circle as the item asks, and on until the course leads to the next item.

    What is done by where the circle counts as joined, before its tangent, is left there.
    """
    case, item = state.case, state.case.points[visit.index].item
    speed = state.speed(visit, state.place, state.altitude)
    airspeed = case.performance.true_airspeed(
        speed, state.density_altitude(state.place, state.altitude))
    radius, side = case.flown_radius(visit.index), -1.0 if item.radius < 0 else 1.0
    lap = Lap(airspeed, radius, side, way.bearing, state.wind(state.place, state.altitude))
    time, ahead = 0.0, radius * math.tan(way.lead) / visit.ground_speed
    if item.command == plan.LOITER_TURNS:
        turns = (item.p1 or 0.0) - way.lead / (2.0 * math.pi) - TURNS_SLACK
        time = lap.time(max(turns, 0.0))
    elif item.command == plan.LOITER_TIME:
        time = (item.p1 or 0.0) - ahead
    elif item.command == plan.LOITER_TO_ALT:
        time = max(late, -ahead - circled)
    exit_at = exit_share(case, visit.index, way.bearing, following)
    early, time = max(-time - circled, 0.0), max(time, 0.0)
    laps = lap.flown(circled + time)
    if exit_at is not None:
        laps += laps_on(exit_at, laps, counted=item.command == plan.LOITER_TURNS)
        time = lap.time(laps) - circled
    bearing = way.bearing + side * 2.0 * math.pi * laps
    state.at = destination(*state.place, bearing, radius)
    state.course, state.cuts = bearing + side * 0.5 * math.pi, exit_at is not None
    # The way to a landing is reckoned from the tangent (_land), which is on the safe side.
    if early > 0.0 and exit_at is None and not _leads_to_landing(case, following):
        _leave_early(state, visit, early)
    if time > 0.0 and visit.short_by:
        wanted = state.altitude + visit.short_by
        time -= change_height(state, visit, state.place, wanted, time)
        visit.short_by = wanted - state.altitude
    while time > 0.0:
        airspeed, flow = circling(case, visit.index, state.mass,
                                   math.hypot(*state.wind(state.place, state.altitude)),
                                   state.density_altitude(state.place, state.altitude))
        step = min(time, TIME_STEP)
        state.burn(visit, flow, step)
        visit.distance += airspeed * step
        time -= step


def _leads_to_landing(case: Case, following: int | None) -> bool:
    return following is None or case.points[following].item.command in (
        plan.LAND, plan.RETURN_TO_LAUNCH)


def _leave_early(state: Walk, visit: Visit, early: float) -> None:
    """Leave so many seconds before the tangent by which the circle would be joined."""
    ahead = early * visit.ground_speed
    state.at = destination(*state.at, (state.course or 0.0) + math.pi, ahead)
    flow = state.case.performance.fuel_flow(
        state.mass, state.speed(visit, state.place, state.altitude),
        state.density_altitude(state.place, state.altitude))
    state.burn(visit, flow, -early)
    visit.distance -= ahead
    if visit.path is not None:
        visit.path = replace(visit.path, length=visit.path.length - ahead,
                             lasts=visit.path.lasts - early)


def circling(case: Case, index: int, mass: float, wind_speed: float, density_altitude: float
              ) -> tuple[float, float]:
    """True airspeed, m/s, and fuel flow, kg/s, on the circle of an item."""
    speed = case.flown_speed(index, mass, wind_speed)
    airspeed = case.performance.true_airspeed(speed, density_altitude)
    bank = math.atan(airspeed**2 / (GRAVITY * max(case.flown_radius(index), 1.0)))
    return airspeed, case.performance.fuel_flow(mass, speed, density_altitude,
                                                bank=min(bank, case.turn_bank))
