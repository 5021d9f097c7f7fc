"""The mission flown in numbers: time, distance and fuel of every leg, with wind and climbs.

Each leg is flown at the airspeed that the autopilot flies at that mass and in that wind: climbing
at the largest continuous power as long as it takes, descending at 3.5 deg, level for the rest,
each with the fuel flow of that state at the mass it has by then. Circles are joined and left on
their tangents, where their course leads to the next item (circles.py). The landing adds the circle
that joins the final, the final approach and the roll.
"""

import math
from dataclasses import dataclass, field, replace

from longwatch.aircraft.formulas import STEEPEST_CLIMB
from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.standard import GRAVITY
from longwatch.planning.case import Case, asked_speed, is_loiter
from longwatch.planning.circles import (
    Lap,
    Way,
    exit_share,
    laps_on,
    settling_time,
    turn_lag,
    turned,
    way_after_turn,
    way_to_circle,
)
from longwatch.planning.itinerary import itinerary
from longwatch.planning.legs import LARGEST_FLY_BY, LINE_UP_DISTANCE, climb_out_end
from longwatch.planning.performance import (
    BRAKE_DELAY,
    DESCENT_ANGLE,
    RUN_MARGIN,
    ground_speed,
    turn_radius,
)

LEAST_GROUND_SPEED = 1.0
# A long climb is flown in steps of so many metres, a long loiter in steps of so many seconds.
HEIGHT_STEP = 1000.0
TIME_STEP = 3600.0
# Items from this command on are not flown but act in passing.
FIRST_CONDITION = 100
# Bank of the circle that joins the final, and how high above the glide path it is left
# (autopilot/manoeuvres/approach.py); so near to it approach speed is flown: radii, metres
# (landing.py).
JOIN_BANK, LEAVE_HEIGHT = 0.40, 25.0
NEAR_RADII, NEAR_METRES = 4.0, 3000.0
# Within so much of the final's line [m] and of its course [rad] the glide path is taken where it is
# met, and flown down slowly, where less than so much of a lap is left (manoeuvres/approach.py).
ALIGNED_OFFSET, ALIGNED_COURSE, ALIGNED_SHARE = 150.0, 0.25, 0.05
# Turns of a loiter count as flown so much before they are (autopilot/manoeuvres/mission.py), laps.
TURNS_SLACK = 0.05 / (2.0 * math.pi)
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
        start, end: latitude and longitude of the items; of circles the centres.
        start_altitude: metres above mean sea level.
        altitude: where it ends; the change of height comes first.
        gradient: metres of height a metre over ground, meanwhile; negative in a descent.
        time: when it begins, s from the start.
        length: metres flown from item to item, from circle to circle.
        lasts: time that takes, s.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    start_altitude: float
    altitude: float
    gradient: float
    time: float
    length: float = 0.0
    lasts: float = 0.0


@dataclass
class Walk:
    """The state while the mission is flown in numbers; ``time`` in s from the start.

    ``place`` is that of the item reached, ``at`` and ``course`` where the aircraft is by then and
    which way it flies; ``cuts`` says that it began its turn before, as at a waypoint.
    """

    case: Case
    place: tuple[float, float]
    altitude: float
    mass: float
    highest: float
    time: float = 0.0
    at: tuple[float, float] = (0.0, 0.0)
    course: float | None = None
    cuts: bool = False
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
    state = Walk(case, (latitude, longitude), altitude, case.takeoff_mass, altitude,
                 at=(latitude, longitude))
    enough = ENOUGH * float(case.sheet.mass.fuel_capacity)
    spent, asked, order = 0.0, 0.0, list(itinerary(case.mission.items))
    for k, i in enumerate(order):
        asked = asked_speed(case.mission.items[i], asked)
        state.case = case.flown_at(i, asked)
        following = next((j for j in order[k + 1:]
                          if case.mission.items[j].command < FIRST_CONDITION), None)
        visit = Visit(i, state.mass)
        _fly(state, visit, following)
        _end(state, visit)
        spent += visit.fuel
        if spent > enough:
            break
    state.case = case
    last = case.mission.items[order[-1]] if order else None
    if spent <= enough and last is not None and last.command == plan.RETURN_TO_LAUNCH:
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
    elif item.command == plan.WAYPOINT or is_loiter(item):
        way = _way(state, i)
        circled, late = _leg(state, visit, point.place, point.altitude_msl, way)
        if is_loiter(item):
            _stay(state, visit, circled, late, way, following)
    state.highest = max(state.highest, state.altitude)


def _take_off(state: Walk, visit: Visit) -> None:
    case = state.case
    elevation, performance = state.altitude, case.performance
    dense = state.dense(state.place, elevation)
    ground_run, distance = performance.takeoff_distance(state.mass, dense)
    visit.distance = distance
    calibrated = performance.climb_speed(state.mass)
    rotation = performance.true_airspeed(
        float(case.sheet.procedures.rotation_factor) * performance.stall_speed(state.mass), dense)
    height = float(case.sheet.procedures.climb_out_height)
    rolls = 2.0 * RUN_MARGIN * ground_run / rotation
    climbs = height / max(performance.climb_rate(state.mass, calibrated, dense), 0.1)
    state.burn(visit, climb_flow(case, state.mass, dense), rolls + climbs)
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


def _speed(state: Walk, visit: Visit, place: tuple[float, float], altitude: float) -> float:
    """Calibrated airspeed flown there now, m/s."""
    return state.case.flown_speed(visit.index, state.mass,
                                  math.hypot(*state.wind(place, altitude)))


def _way(state: Walk, index: int) -> Way:
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
    return Way(length + _lag(state, index, point.place, True), point.place, arrival)


def _lag(state: Walk, index: int, place: tuple[float, float], onto_line: bool) -> float:
    """Metres that the turn towards a place adds where it begins only here."""
    distance, course = distance_and_bearing(*state.at, *place)
    if state.course is None or distance < 1.0:
        return 0.0
    turn = turned(state.course, course)
    if state.cuts and turn <= LARGEST_FLY_BY:
        return 0.0
    radius = turn_radius(state.case.airspeed(index), 0.0, state.case.turn_bank)
    return turn_lag(turn, radius, onto_line)


def _leg(state: Walk, visit: Visit, place: tuple[float, float], altitude: float, way: Way
         ) -> tuple[float, float]:
    """Fly to a place; returns for how long it circles there to reach its altitude, s.

    And how much later than that, or before its end, the altitude counts as reached, s.
    """
    case = state.case
    distance, course = distance_and_bearing(*state.place, *place)
    middle = 0.5 * (state.altitude + altitude)
    halfway = destination(*state.place, course, 0.5 * distance)
    speed = _speed(state, visit, halfway, middle)
    soon = 0.5 * way.length / speed
    airspeed = case.performance.true_airspeed(speed, state.dense(halfway, middle, soon))
    over_ground = max(ground_speed(airspeed, course, *state.wind(halfway, middle, soon)),
                      LEAST_GROUND_SPEED)
    time = way.length / over_ground
    visit.distance += way.length
    visit.ground_speed = over_ground
    rise = altitude - state.altitude
    visit.asked_climb = math.degrees(math.atan2(rise, distance)) if distance > 1 else 0.0
    began, low = state.time, state.altitude
    changing = _change_height(state, visit, halfway, altitude, time)
    gradient = (state.altitude - low) / (changing * over_ground) if changing > 0.0 else 0.0
    visit.path = Path(state.place, place, low, state.altitude, gradient, began, way.length, time)
    speed, dense = _speed(state, visit, place, state.altitude), state.dense(place, state.altitude)
    state.burn(visit, case.performance.fuel_flow(state.mass, speed, dense), time - changing)
    state.place, state.at, state.course, state.cuts = place, way.place, way.course, True
    circled, late = 0.0, 0.0
    if case.points[visit.index].item.command == plan.LOITER_TO_ALT:
        circled = _change_height(state, visit, place, altitude, math.inf)
        visit.distance += airspeed * circled
        rate = _vertical(case, state.mass, speed, dense, rise)[0]
        late = changing - time + settling_time(
            rise, rate, float(case.sheet.control.energy_time_constant))
    visit.short_by = altitude - state.altitude
    return circled, late


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
        rate = max(case.performance.climb_rate(mass, speed, altitude), 0.1)
        if rate > steepest:
            # It throttles back where it would climb more steeply than it may.
            return steepest, case.performance.fuel_flow(mass, speed, altitude, steepest)
        return rate, climb_flow(case, mass, altitude)
    rate = case.performance.true_airspeed(speed, altitude) * math.tan(DESCENT_ANGLE)
    return rate, case.performance.fuel_flow(mass, speed, altitude, -rate)


def _stay(state: Walk, visit: Visit, circled: float, late: float, way: Way,
          following: int | None) -> None:
    """Circle as the item asks, and on until the course leads to the next item.

    What is done by where the circle counts as joined, before its tangent, is left there.
    """
    case, item = state.case, state.case.points[visit.index].item
    speed = _speed(state, visit, state.place, state.altitude)
    airspeed = case.performance.true_airspeed(speed, state.dense(state.place, state.altitude))
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


def _leads_to_landing(case: Case, following: int | None) -> bool:
    return following is None or case.points[following].item.command in (
        plan.LAND, plan.RETURN_TO_LAUNCH)


def _leave_early(state: Walk, visit: Visit, early: float) -> None:
    """Leave so many seconds before the tangent by which the circle would be joined."""
    ahead = early * visit.ground_speed
    state.at = destination(*state.at, (state.course or 0.0) + math.pi, ahead)
    flow = state.case.performance.fuel_flow(
        state.mass, _speed(state, visit, state.place, state.altitude),
        state.dense(state.place, state.altitude))
    state.burn(visit, flow, -early)
    visit.distance -= ahead
    if visit.path is not None:
        visit.path = replace(visit.path, length=visit.path.length - ahead,
                             lasts=visit.path.lasts - early)


def circling(case: Case, index: int, mass: float, wind_speed: float, dense: float
              ) -> tuple[float, float]:
    """True airspeed, m/s, and fuel flow, kg/s, on the circle of an item."""
    speed = case.flown_speed(index, mass, wind_speed)
    airspeed = case.performance.true_airspeed(speed, dense)
    bank = math.atan(airspeed**2 / (GRAVITY * max(case.flown_radius(index), 1.0)))
    return airspeed, case.performance.fuel_flow(mass, speed, dense,
                                                bank=min(bank, case.turn_bank))


def _land(state: Walk, visit: Visit) -> None:
    """To the circle that touches the final at its gate, round it and down, in and to a stop.

    A return leads there from where it is ordered, or to the landing's sequence, never over home.
    """
    case, strips = state.case, state.case.strips
    strip, end = strips.landing_strip, strips.landing_end
    length, course = float(case.sheet.procedures.final_length), strip.course(end)
    gate = strip.approach_point(end, length)
    height = strip.aiming_elevation(end) + case.gate_height
    wind, dense = state.wind(gate, height), state.dense(gate, height)
    speed = case.approach_speed(state.mass, math.hypot(*wind))
    airspeed = case.performance.true_airspeed(speed, dense)
    radius = turn_radius(airspeed, math.hypot(*wind), JOIN_BANK)
    side = 1.0 if strip.approach_place(end, *state.at)[1] >= 0.0 else -1.0
    way = way_to_circle(state.at, strip.approach_point(end, length, side * radius), radius, side)
    state.cuts = False
    way = replace(way, length=way.length + _lag(state, visit.index, gate, False))
    askew = turned(distance_and_bearing(*state.at, *way.place)[1], course)
    _leg(state, visit, gate, height, way)
    over_ground = max(ground_speed(airspeed, course, *wind), LEAST_GROUND_SPEED)
    flow = case.performance.fuel_flow(state.mass, speed, dense, gear=True)
    share = side * (course - side * 0.5 * math.pi - way.bearing) / (2.0 * math.pi) % 1.0
    near = min(way.length, NEAR_RADII * radius + NEAR_METRES)
    slope = math.tan(case.sheet.procedures.glide_path)
    if visit.path is not None and share < ALIGNED_SHARE and askew < ALIGNED_COURSE:
        near = max(near, min(_path_met(visit.path, slope), ALIGNED_OFFSET / max(askew, 1e-3)))
    cruise = case.performance.true_airspeed(_speed(state, visit, gate, height), dense)
    slower = max(visit.ground_speed - max(cruise - airspeed, 0.0), LEAST_GROUND_SPEED)
    state.burn(visit, flow, near / slower - near / visit.ground_speed)
    laps = _joining_laps(share, radius, max(-visit.short_by, 0.0))
    state.burn(visit, flow, Lap(airspeed, radius, side, way.bearing, wind).time(laps))
    state.burn(visit, case.performance.fuel_flow(state.mass, speed, dense, -over_ground * slope,
                                                 gear=True, fine=True), length / over_ground)
    _stop(state, visit, flow, dense)
    visit.distance += 2.0 * math.pi * radius * laps + length
    state.altitude = strip.aiming_elevation(end)


def _path_met(path: Path, slope: float) -> float:
    """Metres before the gate where a descent begun at once comes down to a path of this slope."""
    above = path.start_altitude - path.altitude
    if above <= path.length * slope or -path.gradient <= slope:
        return 0.0
    return max((path.length * -path.gradient - above) / (-path.gradient - slope), 0.0)


def _stop(state: Walk, visit: Visit, flow: float, dense: float) -> None:
    """The roll, engines idling: on the fuel of level flight, which is more."""
    performance = state.case.performance
    touched, slow = performance.touch_down(state.mass, dense)
    roll = performance.landing_distance(state.mass, dense) - touched
    state.burn(visit, flow, BRAKE_DELAY + 2.0 * roll / slow)


def _joining_laps(share: float, radius: float, too_high: float) -> float:
    """Laps of the joining circle to the final, a ``share`` of one on, until it is low enough."""
    spiral = max(too_high - LEAVE_HEIGHT, 0.0) / math.tan(DESCENT_ANGLE)
    return share + max(math.ceil(spiral / (2.0 * math.pi * radius) - share), 0)
