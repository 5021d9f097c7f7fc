"""The way from item to item, in numbers: the take-off, turns, legs, climbs and descents."""

import math

from longwatch.aircraft.formulas import STEEPEST_CLIMB
from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.planning.case import Case, is_loiter
from longwatch.planning.circles import (
    Way,
    settling_time,
    turn_lag,
    turned,
    way_after_turn,
    way_to_circle,
)
from longwatch.planning.legs import LARGEST_FLY_BY, LINE_UP_DISTANCE, climb_out_end
from longwatch.planning.performance import DESCENT_ANGLE, RUN_MARGIN, ground_speed, turn_radius
from longwatch.planning.walk_state import Path, Visit, Walk

# Slower over the ground nothing is reckoned, whatever the wind [m/s]. Grade: assumed.
LEAST_GROUND_SPEED = 1.0
# A leg on which its course turns by more, against the meridians, is taken in parts [rad].
# Grade: assumed.
LARGEST_PART = 0.2
# A long climb is flown in steps of so many metres. Grade: assumed.
HEIGHT_STEP = 1000.0


def take_off(state: Walk, visit: Visit) -> None:
    """The run and the climb-out, to where the first turn may begin."""
    case = state.case
    elevation, performance = state.altitude, case.performance
    density_altitude = state.density_altitude(state.place, elevation)
    ground_run, distance = performance.takeoff_distance(state.mass, density_altitude)
    visit.distance = distance
    calibrated = performance.climb_speed(state.mass)
    rotation = performance.true_airspeed(
        float(case.sheet.procedures.rotation_factor) * performance.stall_speed(state.mass),
        density_altitude)
    height = float(case.sheet.procedures.climb_out_height)
    rolls = 2.0 * RUN_MARGIN * ground_run / rotation
    climbs = height / max(performance.climb_rate(state.mass, calibrated, density_altitude), 0.1)
    state.burn(visit, climb_flow(case, state.mass, density_altitude), rolls + climbs)
    top = elevation + height
    strip, end = case.strips.takeoff_strip, case.strips.takeoff_end
    run = LINE_UP_DISTANCE + ground_run
    lift_off = strip.beyond_threshold(end, run)
    rolled = min(run / strip.length, 1.0)
    ground = elevation + rolled * (strip.elevation_msl[1 - end] - elevation)
    state.place = climb_out_end(case)
    length = distance_and_bearing(*lift_off, *state.place)[0]
    visit.path = Path(lift_off, state.place, ground, top, (top - ground) / length, 0.0, length,
                      visit.time)
    state.altitude = top
    state.at, state.course, state.cuts = state.place, strip.course(end), False


def climb_flow(case: Case, mass: float, altitude: float) -> float:
    """Fuel flow of a climb at continuous power, kg/s."""
    performance = case.performance
    airspeed = performance.true_airspeed(performance.climb_speed(mass), altitude)
    power = performance.brake_power_available(altitude, airspeed)
    return performance.fuel_flow_at(power, float(case.sheet.engine.continuous_speed), altitude,
                                    airspeed)


def way_to(state: Walk, index: int) -> Way:
    """The way to a waypoint or a circle from where the aircraft is."""
    case, point = state.case, state.case.points[index]
    if is_loiter(point.item):
        side = -1.0 if point.item.radius < 0 else 1.0
        if state.course is None:
            return way_to_circle(state.at, point.place, case.flown_radius(index), side)
        turn = turn_radius(case.airspeed(index), 0.0, case.turn_bank)
        return way_after_turn(state.at, state.course, turn, point.place, case.flown_radius(index),
                              side, LARGEST_FLY_BY if state.cuts else 0.0)
    length = distance_and_bearing(*state.at, *point.place)[0]
    arrival = distance_and_bearing(*point.place, *state.at)[1] + math.pi
    return Way(length + lag(state, index, point.place, True), point.place, arrival)


def lag(state: Walk, index: int, place: tuple[float, float], onto_line: bool) -> float:
    """Metres that the turn towards a place adds where it begins only here."""
    distance, course = distance_and_bearing(*state.at, *place)
    if state.course is None or distance < 1.0:
        return 0.0
    turn = turned(state.course, course)
    if state.cuts and turn <= LARGEST_FLY_BY:
        return 0.0
    radius = turn_radius(state.case.airspeed(index), 0.0, state.case.turn_bank)
    return turn_lag(turn, radius, onto_line)


def fly_leg(state: Walk, visit: Visit, place: tuple[float, float], altitude: float, way: Way
         ) -> tuple[float, float]:
    """Fly to a place; returns for how long it circles there to reach its altitude, s.

    And how much later than that, or before its end, the altitude counts as reached, s.
    """
    case = state.case
    distance, course = distance_and_bearing(*state.place, *place)
    middle = 0.5 * (state.altitude + altitude)
    halfway = destination(*state.place, course, 0.5 * distance)
    speed = state.speed(visit, halfway, middle)
    soon = 0.5 * way.length / speed
    airspeed = case.performance.true_airspeed(speed, state.density_altitude(halfway, middle, soon))
    over_ground = _over_ground(state, airspeed, place, middle, soon)
    time = way.length / over_ground
    visit.distance += way.length
    visit.ground_speed = over_ground
    rise = altitude - state.altitude
    visit.asked_climb = math.degrees(math.atan2(rise, distance)) if distance > 1 else 0.0
    began, low = state.time, state.altitude
    changing = change_height(state, visit, halfway, altitude, time)
    gradient = (state.altitude - low) / (changing * over_ground) if changing > 0.0 else 0.0
    visit.path = Path(state.place, place, low, state.altitude, gradient, began, way.length, time)
    speed = state.speed(visit, place, state.altitude)
    density_altitude = state.density_altitude(place, state.altitude)
    state.burn(visit, case.performance.fuel_flow(state.mass, speed, density_altitude),
               time - changing)
    state.place, state.at, state.course, state.cuts = place, way.place, way.course, True
    circled, late = 0.0, 0.0
    if case.points[visit.index].item.command == plan.LOITER_TO_ALT:
        circled = change_height(state, visit, place, altitude, math.inf)
        visit.distance += airspeed * circled
        rate = vertical(case, state.mass, speed, density_altitude, rise)[0]
        late = changing - time + settling_time(
            rise, rate, float(case.sheet.control.energy_time_constant))
    visit.short_by = altitude - state.altitude
    return circled, late


def _over_ground(state: Walk, airspeed: float, place: tuple[float, float], altitude: float,
                 after: float) -> float:
    """Mean speed over the ground on the line to a place, m/s, in the wind halfway.

    Near a pole north turns under way, and with it what a wind from the north is: there in parts.
    """
    distance, course = distance_and_bearing(*state.place, *place)
    arrival = distance_and_bearing(*place, *state.place)[1] + math.pi
    parts = 1 + int(turned(course, arrival) / LARGEST_PART)
    slowness = 0.0
    for part in range(parts):
        there = destination(*state.place, course, (part + 0.5) / parts * distance)
        here = course if parts == 1 else distance_and_bearing(*there, *place)[1]
        slowness += 1.0 / max(ground_speed(airspeed, here, *state.wind(there, altitude, after)),
                              LEAST_GROUND_SPEED)
    return parts / slowness


def change_height(state: Walk, visit: Visit, place: tuple[float, float], altitude: float,
                   most_time: float) -> float:
    """Climb or descend towards an altitude for at most a time, s; returns the time taken."""
    taken = 0.0
    while abs(altitude - state.altitude) > 0.01 and taken < most_time:
        step = min(max(altitude - state.altitude, -HEIGHT_STEP), HEIGHT_STEP)
        middle = state.altitude + 0.5 * step
        rate, flow = vertical(state.case, state.mass, state.speed(visit, place, middle),
                               state.density_altitude(place, middle), step)
        time = min(abs(step) / rate, most_time - taken)
        state.burn(visit, flow, time)
        state.altitude += math.copysign(time * rate, step)
        taken += time
    return taken


def vertical(case: Case, mass: float, speed: float, altitude: float, rise: float
              ) -> tuple[float, float]:
    """Rate of the change of height, m/s, and the fuel flow meanwhile, kg/s."""
    if rise >= 0:
        steepest = STEEPEST_CLIMB * case.performance.true_airspeed(speed, altitude)
        rate = max(case.performance.climb_rate(mass, speed, altitude), 0.1)
        if rate > steepest:
            # It throttles back where it would climb more steeply than it may.
            return steepest, case.performance.fuel_flow(mass, speed, altitude, steepest)
        return rate, climb_flow(case, mass, altitude)
    rate = case.performance.true_airspeed(speed, altitude) * math.tan(DESCENT_ANGLE)
    return rate, case.performance.fuel_flow(mass, speed, altitude, -rate)
