"""The mission flown in numbers: time, distance and fuel of every leg, with wind and climbs.

Each leg is flown at the airspeed that the autopilot flies at that mass and in that wind: climbing
at the largest continuous power as long as it takes, descending at 3.5 deg, level for the rest,
each with the fuel flow of that state at the mass it has by then. A circle is left where its
course leads to the next item. The landing adds a full circle and the final approach.
"""

import math
from dataclasses import dataclass, field

from longwatch.autopilot import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.planning.case import Case, is_loiter
from longwatch.planning.circles import exit_share, laps_on
from longwatch.planning.itinerary import itinerary
from longwatch.planning.legs import LINE_UP_DISTANCE, climb_out_end
from longwatch.planning.performance import DESCENT_ANGLE, ground_speed, lap_time, turn_radius

LEAST_GROUND_SPEED = 1.0
# A long climb is flown in steps of so many metres, a long loiter in steps of so many seconds.
HEIGHT_STEP = 1000.0
TIME_STEP = 3600.0
# Height gained over distance flown that the autopilot never exceeds (autopilot/energy.py).
STEEPEST_CLIMB = 0.16
# Items from this command on are not flown but act in passing.
FIRST_CONDITION = 100
# Bank of the circle that joins the final (autopilot/approach.py).
JOIN_BANK = 0.40
# Beyond this many tanks the sum needs no more items.
ENOUGH = 3.0


@dataclass
class Visit:
    """One item as flown: what it took from the item before it to its own end.

    ``mass`` is what it begins with, ``end_mass`` what it ends with [kg]; neither falls below half
    of the mass at take-off, however much fuel it would burn.
    """

    index: int
    mass: float
    end_mass: float = math.nan
    distance: float = 0.0
    time: float = 0.0
    fuel: float = 0.0
    ground_speed: float = math.nan
    asked_climb: float = math.nan
    short_by: float = 0.0
    path: "Path | None" = None


@dataclass(frozen=True)
class Path:
    """The leg to an item as flown: where it begins and ends, and its profile.

    Attributes:
        start, end: latitude and longitude.
        start_altitude: metres above mean sea level.
        altitude: where it ends; the change of height comes first.
        gradient: metres of height a metre over ground, meanwhile; negative in a descent.
        time: when it begins, s from the start.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    start_altitude: float
    altitude: float
    gradient: float
    time: float


@dataclass
class Walk:
    """The state while the mission is flown in numbers; ``time`` in s from the start."""

    case: Case
    place: tuple[float, float]
    altitude: float
    mass: float
    highest: float
    time: float = 0.0
    visits: list[Visit] = field(default_factory=list)

    def burn(self, visit: Visit, flow: float, time: float) -> None:
        """Spend ``time`` s at a fuel flow in kg/s."""
        visit.time += time
        visit.fuel += flow * time
        self.time += time
        self.mass = max(self.mass - flow * time, 0.5 * self.case.takeoff_mass)

    def wind(self, place: tuple[float, float], altitude: float, after: float = 0.0
             ) -> tuple[float, float]:
        """Wind (north, east) in m/s at a place and an altitude, ``after`` seconds from now."""
        return self.case.air.wind(place, altitude, self.case.home.elevation_msl,
                                  self.time + after)

    def dense(self, place: tuple[float, float], altitude: float, after: float = 0.0) -> float:
        """Density altitude there, m: what performance goes by."""
        return self.case.air.density_altitude(place, altitude, self.case.home.elevation_msl,
                                              self.time + after)


def walk(case: Case, start: tuple[float, float, float] | None = None) -> Walk:
    """Fly the mission in numbers, from the take-off run to the landing.

    ``start`` is latitude and longitude [rad] and altitude [m above mean sea level] of an aircraft
    that is in the air already.
    """
    strip, end = case.strips.takeoff_strip, case.strips.takeoff_end
    latitude, longitude, altitude = start or (strip.latitude[end], strip.longitude[end],
                                              strip.elevation_msl[end])
    state = Walk(case, (latitude, longitude), altitude, case.takeoff_mass, altitude)
    spent, order = 0.0, list(itinerary(case.mission.items))
    for k, i in enumerate(order):
        following = next((j for j in order[k + 1:]
                          if case.mission.items[j].command < FIRST_CONDITION), None)
        visit = Visit(i, state.mass)
        _fly(state, visit, following)
        _end(state, visit)
        spent += visit.fuel
        if spent > ENOUGH * float(case.sheet.mass.fuel_capacity):
            return state
    last = case.mission.items[order[-1]] if order else None
    if last is not None and last.command == plan.RETURN_TO_LAUNCH:
        visit = Visit(order[-1], state.mass)
        _land(state, visit)
        _end(state, visit)
    return state


def _end(state: Walk, visit: Visit) -> None:
    visit.end_mass = state.mass
    state.visits.append(visit)


def _fly(state: Walk, visit: Visit, following: int | None) -> None:
    case, i = state.case, visit.index
    point, item = case.points[i], case.points[i].item
    if item.command == plan.TAKEOFF:
        _take_off(state, visit)
    elif item.command == plan.LAND:
        _land(state, visit)
    elif item.command == plan.RETURN_TO_LAUNCH:
        _leg(state, visit, point.place, state.altitude)
    elif item.command == plan.WAYPOINT or is_loiter(item):
        before = state.place
        circled = _leg(state, visit, point.place, point.altitude_msl)
        if is_loiter(item):
            _stay(state, visit, circled, exit_share(case, i, before, following))
    state.highest = max(state.highest, state.altitude)


def _take_off(state: Walk, visit: Visit) -> None:
    case = state.case
    elevation, performance = state.altitude, case.performance
    dense = state.dense(state.place, elevation)
    distance = performance.takeoff_distance(state.mass, dense)[1]
    speed = performance.true_airspeed(performance.climb_speed(state.mass), dense)
    visit.distance = distance
    state.burn(visit, _climb_flow(case, state.mass, dense), 1.5 * distance / speed)
    top = elevation + float(case.sheet.procedures.climb_out_height)
    strip, end = case.strips.takeoff_strip, case.strips.takeoff_end
    run = LINE_UP_DISTANCE + performance.takeoff_distance(state.mass, dense)[0]
    lift_off = strip.beyond_threshold(end, run)
    rolled = min(run / strip.length, 1.0)
    ground = elevation + rolled * (strip.elevation_msl[1 - end] - elevation)
    state.place = climb_out_end(case)
    length = distance_and_bearing(*lift_off, *state.place)[0]
    visit.path = Path(lift_off, state.place, ground, top, (top - ground) / length, 0.0)
    state.altitude = top


def _climb_flow(case: Case, mass: float, altitude: float) -> float:
    performance = case.performance
    airspeed = performance.true_airspeed(performance.climb_speed(mass), altitude)
    power = performance.brake_power_available(altitude, airspeed)
    return performance.fuel_flow_at(power, float(case.sheet.engine.continuous_speed), altitude,
                                    airspeed)


def _speed(state: Walk, visit: Visit, place: tuple[float, float], altitude: float) -> float:
    """Calibrated airspeed flown there now, m/s."""
    return state.case.flown_speed(visit.index, state.mass,
                                  math.hypot(*state.wind(place, altitude)))


def _leg(state: Walk, visit: Visit, place: tuple[float, float], altitude: float) -> float:
    """Fly to a place; returns the time in s for which it circles there to reach its altitude."""
    case = state.case
    distance, course = distance_and_bearing(*state.place, *place)
    middle = 0.5 * (state.altitude + altitude)
    halfway = destination(*state.place, course, 0.5 * distance)
    speed = _speed(state, visit, halfway, middle)
    soon = 0.5 * distance / speed
    airspeed = case.performance.true_airspeed(speed, state.dense(halfway, middle, soon))
    over_ground = max(ground_speed(airspeed, course, *state.wind(halfway, middle, soon)),
                      LEAST_GROUND_SPEED)
    time = distance / over_ground
    visit.distance += distance
    visit.ground_speed = over_ground
    rise = altitude - state.altitude
    visit.asked_climb = math.degrees(math.atan2(rise, distance)) if distance > 1 else 0.0
    began, low = state.time, state.altitude
    changing = _change_height(state, visit, halfway, altitude, time)
    gradient = (state.altitude - low) / (changing * over_ground) if changing > 0.0 else 0.0
    visit.path = Path(state.place, place, low, state.altitude, gradient, began)
    speed, dense = _speed(state, visit, place, state.altitude), state.dense(place, state.altitude)
    state.burn(visit, case.performance.fuel_flow(state.mass, speed, dense), time - changing)
    state.place = place
    circled = 0.0
    if case.points[visit.index].item.command == plan.LOITER_TO_ALT:
        circled = _change_height(state, visit, place, altitude, math.inf)
        visit.distance += airspeed * circled
    visit.short_by = altitude - state.altitude
    return circled


def _change_height(state: Walk, visit: Visit, place: tuple[float, float], altitude: float,
                   most_time: float) -> float:
    """Climb or descend towards an altitude for at most a time, s; returns the time taken."""
    taken = 0.0
    while abs(altitude - state.altitude) > 0.01 and taken < most_time:
        step = min(max(altitude - state.altitude, -HEIGHT_STEP), HEIGHT_STEP)
        middle = state.altitude + 0.5 * step
        rate, flow = _vertical(state.case, state.mass, _speed(state, visit, place, middle),
                               state.dense(place, middle), step)
        time = min(abs(step) / rate, most_time - taken)
        state.burn(visit, flow, time)
        state.altitude += math.copysign(time * rate, step)
        taken += time
    return taken


def _vertical(case: Case, mass: float, speed: float, altitude: float, rise: float
              ) -> tuple[float, float]:
    """Rate of the change of height, m/s, and the fuel flow meanwhile, kg/s."""
    if rise >= 0:
        steepest = STEEPEST_CLIMB * case.performance.true_airspeed(speed, altitude)
        rate = min(max(case.performance.climb_rate(mass, speed, altitude), 0.1), steepest)
        return rate, _climb_flow(case, mass, altitude)
    rate = case.performance.true_airspeed(speed, altitude) * math.tan(DESCENT_ANGLE)
    return rate, case.performance.fuel_flow(mass, speed, altitude, -rate)


def _stay(state: Walk, visit: Visit, circled: float, exit_at: float | None) -> None:
    """Circle as the item asks, and on until the course leads to the next item."""
    case, item = state.case, state.case.points[visit.index].item
    speed = _speed(state, visit, state.place, state.altitude)
    airspeed = case.performance.true_airspeed(speed, state.dense(state.place, state.altitude))
    lap = lap_time(airspeed, case.flown_radius(visit.index),
                   *state.wind(state.place, state.altitude))
    time = 0.0
    if item.command == plan.LOITER_TURNS:
        time = (item.p1 or 0.0) * lap
    elif item.command == plan.LOITER_TIME:
        time = item.p1 or 0.0
    if exit_at is not None:
        time += laps_on(exit_at, (circled + time) / lap) * lap
    if time > 0.0 and visit.short_by:
        wanted = state.altitude + visit.short_by
        time -= _change_height(state, visit, state.place, wanted, time)
        visit.short_by = wanted - state.altitude
    while time > 0.0:
        airspeed, flow = circling(case, visit.index, state.mass,
                                   math.hypot(*state.wind(state.place, state.altitude)),
                                   state.dense(state.place, state.altitude))
        step = min(time, TIME_STEP)
        state.burn(visit, flow, step)
        visit.distance += airspeed * step
        time -= step


def circling(case: Case, index: int, mass: float, wind_speed: float, dense: float
              ) -> tuple[float, float]:
    """True airspeed, m/s, and fuel flow, kg/s, on the circle of an item."""
    speed = case.flown_speed(index, mass, wind_speed)
    airspeed = case.performance.true_airspeed(speed, dense)
    bank = math.atan(airspeed**2 / (9.80665 * max(case.flown_radius(index), 1.0)))
    return airspeed, case.performance.fuel_flow(mass, speed, dense,
                                                bank=min(bank, case.turn_bank))


def _land(state: Walk, visit: Visit) -> None:
    case, strips = state.case, state.case.strips
    strip, end = strips.landing_strip, strips.landing_end
    length = float(case.sheet.procedures.final_length)
    gate = strip.approach_point(end, length)
    height = strip.aiming_elevation(end) + case.gate_height
    _leg(state, visit, gate, height)
    too_high = max(-visit.short_by, 0.0)
    wind, dense = state.wind(gate, height), state.dense(gate, height)
    speed = case.approach_speed(state.mass, math.hypot(*wind))
    airspeed = case.performance.true_airspeed(speed, dense)
    radius = turn_radius(airspeed, math.hypot(*wind), JOIN_BANK)
    spiral = too_high / math.tan(DESCENT_ANGLE)
    extra = 2 * math.pi * radius + spiral
    flow = case.performance.fuel_flow(state.mass, speed, dense)
    state.burn(visit, flow, lap_time(airspeed, radius, *wind) + spiral / airspeed)
    over_ground = max(ground_speed(airspeed, strip.course(end), *wind), LEAST_GROUND_SPEED)
    state.burn(visit, flow, length / over_ground)
    visit.distance += extra + length
    state.altitude = strip.aiming_elevation(end)
