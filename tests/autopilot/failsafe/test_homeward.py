"""Fuel and time home as the aircraft reckons them, against geodesics and the ground's planning."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from longwatch.aircraft.formulas import standard_density_ratio
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.control.engines import EnginesState
from longwatch.autopilot.estimation import wind
from longwatch.autopilot.failsafe import homeward, steady_flight
from longwatch.autopilot.failsafe.homeward import WayState
from longwatch.autopilot.system import AutopilotState
from longwatch.planning import performance
from longwatch.planning.performance import Performance


@pytest.fixture
def running(sheet):
    state = EnginesState.zeros()[0]
    state.working, state.power_limit = int(sheet.engine.count), 1e12
    return state


@pytest.fixture
def aloft(put, sheet):
    """Level at 3 000 m, 450 kg, in standard air, flying north."""
    estimate = put(math.radians(41.0), math.radians(28.0), 3000.0, 0.0, 45.0)
    estimate.air.density_ratio, estimate.mass = standard_density_ratio(3000.0), 450.0
    estimate.air.calibrated_airspeed = SPEED
    return estimate


@pytest.fixture
def autopilot(sheet, aloft):
    """One whose engines run, flown by orders; nothing else of it is looked at."""
    state = AutopilotState.zeros()[0]
    state.engines.working, state.engines.power_limit = int(sheet.engine.count), 1e12
    state.crew.live = True
    return state


@pytest.fixture
def begun(earth, sheet, aloft):
    """The way of that aircraft at a fixed 36 m/s, on the plane about a place so far north [m]."""

    def begin(away=0.0):
        way = WayState.zeros()[0]
        there = Geodesic.WGS84.Direct(41.0, 28.0, 0.0, away)
        homeward.begin(way, aloft, sheet, earth, SPEED, 0.0, math.radians(there["lat2"]),
                       math.radians(there["lon2"]))
        return way

    return begin


# Faster than gusts and a turn ask for at that mass.
SPEED = 36.0


@pytest.mark.parametrize(("a", "b"), [
    ((41.0, 28.0), (41.4, 28.9)), ((41.0, 28.0), (38.0, 20.0)), ((-5.0, 179.5), (6.0, -178.0)),
    ((89.0, 0.0), (88.0, 170.0)), ((90.0, 0.0), (88.0, 30.0))])
def test_distances_and_courses_are_the_geodesics_ones(earth, a, b):
    true = Geodesic.WGS84.Inverse(*a, *b)
    found, course = homeward.distance_course(homeward.place(earth, *np.radians(a)),
                                             homeward.place(earth, *np.radians(b)))
    assert found == pytest.approx(true["s12"], rel=4e-3)
    if a[0] < 90.0:
        assert math.cos(course - math.radians(true["azi1"])) > math.cos(0.006)


@pytest.mark.parametrize("course", [0.0, 1.0, 2.5, -2.0])
def test_speed_over_the_ground_is_that_of_the_ground_planning(course):
    assert steady_flight.over_ground(45.0, course, 9.0, -7.0) == pytest.approx(
        performance.ground_speed(45.0, course, 9.0, -7.0))


@pytest.mark.parametrize("name", ["tb2", "akinci"])
@pytest.mark.parametrize("altitude", [0.0, 2000.0, 5000.0])
@pytest.mark.parametrize("share", [0.8, 1.0])
def test_fuel_flow_is_that_of_the_propeller_tables_within_their_spread(name, altitude, share):
    own = load_datasheet(name).datasheet[0]
    state = EnginesState.zeros()[0]
    state.working, state.power_limit = int(own.engine.count), 1e12
    mass = share * float(own.mass.maximum_takeoff_mass)
    speed = float(own.limits.cruise_speed) * math.sqrt(share)
    flow, climb = steady_flight.burn(own, state, mass, speed, standard_density_ratio(altitude),
                                     altitude, 0.0, 0.0, 0.0, 1.0, False)
    assert climb == 0.0
    # One efficiency for all speeds, against a propeller's tables: at most 8 % more, 1 % less.
    assert -0.01 < flow / Performance(own).fuel_flow(mass, speed, altitude) - 1.0 < 0.08


def test_a_level_leg_in_wind_takes_the_time_and_fuel_of_steady_flight(sheet, aloft, autopilot,
                                                                      begun):
    aloft.wind_north, aloft.wind_east = -8.0, 6.0
    way, ground = begun(), Performance(sheet)
    homeward.advance(way, autopilot, sheet, 150e3, math.radians(30.0), 3000.0)
    over = performance.ground_speed(ground.true_airspeed(SPEED, 3000.0), math.radians(30.0), -8.0,
                                    6.0)
    # The ground's sum in 50 steps, each at its own mass.
    burnt = 0.0
    for _ in range(50):
        burnt += 3e3 / over * ground.fuel_flow(450.0 - burnt, SPEED, 3000.0)
    assert (way.altitude, way.distance) == (3000.0, pytest.approx(150e3))
    assert way.time == pytest.approx(150e3 / over, rel=0.01)
    assert 0.99 < (450.0 - way.mass) / burnt < 1.08


def test_a_climb_on_the_way_is_the_ground_plannings_climb(sheet, aloft, autopilot, begun):
    aloft.altitude_msl, aloft.air.density_ratio = 500.0, standard_density_ratio(500.0)
    way = begun()
    homeward.advance(way, autopilot, sheet, 100e3, 0.0, 2500.0)
    assert way.altitude == pytest.approx(2500.0, abs=1.0)
    ground, height, burnt, flown, true = Performance(sheet), 500.0, 0.0, 0.0, 0.0
    power_speed = float(sheet.engine.continuous_speed)
    while height < 2500.0:
        airspeed = ground.true_airspeed(SPEED, height)
        step = 100.0 / ground.climb_rate(450.0 - burnt, SPEED, height)
        burnt += step * ground.fuel_flow_at(ground.brake_power_available(height, airspeed),
                                            power_speed, height, airspeed)
        true, flown, height = true + step, flown + airspeed * step, height + 100.0
    rest = (100e3 - flown) / ground.true_airspeed(SPEED, 2500.0)
    burnt += rest * ground.fuel_flow(450.0 - burnt, SPEED, 2500.0)
    assert way.time == pytest.approx(true + rest, rel=0.015)
    assert 0.98 < (450.0 - way.mass) / burnt < 1.08


def test_a_headwind_that_is_too_strong_is_a_way_that_never_ends(sheet, aloft, autopilot, begun):
    aloft.wind_north = -60.0
    way = begun()
    homeward.advance(way, autopilot, sheet, 100e3, 0.0, 3000.0)
    assert way.time == steady_flight.NEVER


def test_no_faster_than_is_held_at_that_height(sheet, aloft, autopilot, begun):
    """Full, at 6 700 m: the ground's planning finds the same fastest speed, by a propeller's tables
    within the spread of the one efficiency."""
    aloft.mass, aloft.altitude_msl = 560.0, 6700.0
    aloft.air.density_ratio = standard_density_ratio(6700.0)
    way = begun()
    way.fixed = 50.0
    asked, airspeed, _, _ = homeward.speeds(way, autopilot, sheet, 0.0)
    assert asked == pytest.approx(Performance(sheet).fastest(560.0, 6700.0), rel=0.04)
    assert airspeed == pytest.approx(asked / math.sqrt(standard_density_ratio(6700.0)))


@pytest.mark.parametrize("name", ["tb2", "akinci"])
@pytest.mark.parametrize("share", [-0.2, 0.0, 0.1, 0.3])
def test_a_propeller_kept_fine_takes_what_its_tables_say(name, share):
    own = load_datasheet(name).datasheet[0]
    ground, fastest = Performance(own), float(own.engine.continuous_speed)
    speed = 1.3 * ground.stall_speed(float(own.mass.empty_mass))
    thrust = share * ground.drag(float(own.mass.empty_mass), speed)
    power, turning = steady_flight.shaft_power(own, thrust, fastest, speed, 1.225)
    # Its blades do not get finer: it turns slower than it is governed.
    assert turning < fastest
    # At the fine stop the same stream gives the same thrust by the tables themselves.
    turns = turning / float(own.engine.gear_ratio) / (2.0 * math.pi)
    diameter = float(own.propeller.diameter)
    advance = speed / (turns * diameter)
    ratios = own.propeller.advance_first + own.propeller.advance_step * np.arange(
        own.propeller.CT.shape[1])
    angles = own.propeller.angle_first + own.propeller.angle_step * np.arange(
        own.propeller.CT.shape[0])
    for table, value in ((own.propeller.CT, thrust / (1.225 * turns**2 * diameter**4)),
                         (own.propeller.CP, power / (1.225 * turns**3 * diameter**5))):
        column = [np.interp(advance, ratios, row) for row in table]
        found = np.interp(float(own.propeller.angle_minimum), angles, column)
        assert found == pytest.approx(value, abs=2e-3)


def test_gusts_are_no_wind(sheet, aloft, autopilot, begun):
    aloft.mean_wind_north, aloft.mean_wind_altitude, aloft.wind_known = -8.0, 3000.0, 60.0
    times = []
    for gust in (-8.0, -60.0):
        aloft.wind_north = gust
        way = begun()
        homeward.advance(way, autopilot, sheet, 100e3, 0.0, 3000.0)
        times.append(way.time)
    assert times[0] == times[1] < steady_flight.NEVER


def test_wind_falls_towards_the_ground_by_the_power_law(sheet, aloft, autopilot, begun):
    aloft.wind_north = -10.0
    way = begun()
    way.altitude = 10.0
    # 1/7 up to 600 m: at 10 m 0.557 of it.
    along = homeward.speeds(way, autopilot, sheet, 0.0)
    assert along[2] == pytest.approx(along[1] - 10.0 * (10.0 / 600.0) ** (1.0 / 7.0), abs=0.01)


def test_the_wind_of_a_climb_is_of_the_heights_that_it_was_found_at(sheet, aloft, begun):
    """In a wind by the power law, 18 m/s at 600 m, from 150 to 650 m in a minute."""
    for height in range(150, 650, 10):
        aloft.altitude_msl = float(height)
        aloft.wind_north = -18.0 * (min(height, 600.0) / 600.0) ** (1.0 / 7.0)
        wind.remember(aloft, 1.0)
    # Averaged it was 16.6 m/s, and that was taken for the wind at the height that was reached.
    assert begun().wind_north == pytest.approx(-18.0, rel=0.015)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_circle_is_joined_on_its_tangent_and_flown_round(sheet, autopilot, begun, side):
    way, radius, away = begun(20e3), 1500.0, 20e3
    homeward.join(way, autopilot, sheet, 0.0, 0.0, radius, side, 3000.0, 0.0)
    assert math.hypot(way.x, way.y) == pytest.approx(radius)
    # Straight to the tangent point, but for the small turn at the beginning.
    assert way.distance == pytest.approx(math.sqrt(away**2 - radius**2), rel=0.02)
    course, before = way.course, way.distance
    homeward.around(way, autopilot, sheet, 0.0, 0.0, radius, side, 2.0 * math.pi, 3000.0)
    assert way.distance - before == pytest.approx(2.0 * math.pi * radius)
    assert math.cos(way.course - course) == pytest.approx(1.0)
    # It leaves for a point 10 km north where its course leads there: the tangent's closed form.
    left = homeward.angle_to_leave(way, 0.0, 0.0, radius, side, 10e3, 0.0)
    homeward.around(way, autopilot, sheet, 0.0, 0.0, radius, side, left, 3000.0)
    bearing = math.atan2(0.0 - way.y, 10e3 - way.x)
    assert math.cos(bearing - way.course) > math.cos(0.01)
    assert math.hypot(10e3 - way.x, way.y) == pytest.approx(math.sqrt(10e3**2 - radius**2))


@pytest.mark.parametrize("inside", [0.0, 600.0, 1200.0])
def test_a_circle_is_found_from_inside(sheet, autopilot, begun, inside):
    way = begun(inside)
    homeward.join(way, autopilot, sheet, 0.0, 0.0, 1500.0, 1.0, 3000.0, 0.0)
    assert math.hypot(way.x, way.y) == pytest.approx(1500.0)
    assert 1500.0 - inside - 250.0 < way.distance < 6e3


def test_a_turn_back_takes_half_a_circle_at_the_largest_bank(sheet, aloft, autopilot, begun):
    way = begun()
    homeward.to_point(way, autopilot, sheet, -30e3, 0.0, 0.0, 3000.0)
    speed = SPEED / math.sqrt(standard_density_ratio(3000.0))
    radius = speed**2 / (9.80665 * math.tan(float(sheet.limits.bank_maximum)))
    # pi R around, and 2 R aside at its end: sqrt(30 km^2 + (2 R)^2) back.
    assert way.distance == pytest.approx(
        math.pi * radius + math.hypot(30e3, 2.0 * radius), rel=0.01)


def test_a_descent_at_idle_is_the_glide_with_a_propeller_that_gives_nothing(sheet, aloft,
                                                                            autopilot, begun):
    aloft.mass = 600.0
    way = begun()
    homeward.advance(way, autopilot, sheet, 3e3, 0.0, 0.0)
    ground = Performance(sheet)
    airspeed = ground.true_airspeed(SPEED, 3000.0)
    pressure = 0.5 * 1.225 * SPEED**2
    lift = 600.0 * 9.80665 / (pressure * float(sheet.geometry.wing_area))
    aspect = float(sheet.geometry.span)**2 / float(sheet.geometry.wing_area)
    drag = float(sheet.aerodynamics.CD0) + lift**2 / (
        math.pi * float(sheet.aerodynamics.oswald) * aspect)
    least = airspeed * drag / lift  # sink of the aircraft by itself
    sink = (3000.0 - way.altitude) / way.time
    # The idling propeller is 1 to 15 % of it.
    assert 1.01 * least < sink < 1.15 * least


def test_meridians_converge_and_the_plane_knows(earth, sheet, aloft):
    """At 80 deg north, 60 deg of longitude away: the course to the place is the plane's."""
    way = WayState.zeros()[0]
    line = Geodesic.WGS84.Inverse(80.0, 60.0, 80.0, 0.0)
    aloft.latitude, aloft.longitude = math.radians(80.0), math.radians(60.0)
    course = math.radians(line["azi1"])
    aloft.velocity_north, aloft.velocity_east = 45.0 * math.cos(course), 45.0 * math.sin(course)
    homeward.begin(way, aloft, sheet, earth, SPEED, 0.0, math.radians(80.0), 0.0)
    assert math.hypot(way.x, way.y) == pytest.approx(line["s12"], rel=4e-3)
    assert math.cos(math.atan2(-way.y, -way.x) - way.course) > math.cos(0.01)
