"""Fuel and time home as the aircraft reckons them, against geodesics and the ground's planning."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from longwatch.aircraft.formulas import standard_density_ratio
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot import homeward
from longwatch.autopilot.engines import EnginesState
from longwatch.planning import performance
from longwatch.planning.performance import Performance


@pytest.fixture
def running(sheet):
    state = EnginesState.zeros()[0]
    state.working, state.power_limit = int(sheet.engine.count), 1e12
    return state


@pytest.fixture
def aloft(put, sheet):
    """Level at 3 000 m, 600 kg, in standard air."""
    navigation = put(math.radians(41.0), math.radians(28.0), 3000.0, 0.0, 45.0)
    navigation.density_ratio, navigation.mass = standard_density_ratio(3000.0), 600.0
    return navigation


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
    assert homeward.over_ground(45.0, course, 9.0, -7.0) == pytest.approx(
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
    flow, climb = homeward.burn(own, state, mass, speed, standard_density_ratio(altitude),
                                altitude, 0.0)
    assert climb == 0.0
    # One efficiency for all speeds, against a propeller's tables: at most 8 % more, 1 % less.
    assert -0.01 < flow / Performance(own).fuel_flow(mass, speed, altitude) - 1.0 < 0.08


def test_a_level_leg_in_wind_takes_the_time_and_fuel_of_steady_flight(earth, sheet, running, aloft):
    aloft.wind_north, aloft.wind_east = -8.0, 6.0
    start = homeward.place(earth, aloft.latitude, aloft.longitude)
    there = Geodesic.WGS84.Direct(41.0, 28.0, 30.0, 150e3)
    end = homeward.place(earth, math.radians(there["lat2"]), math.radians(there["lon2"]))
    time, mass, altitude = homeward.leg(aloft, running, sheet, 34.0, start, end, 600.0, 3000.0,
                                        3000.0)
    ground = Performance(sheet)
    # The ground's sum in 50 steps, each at its own mass and so at its own speed.
    true, burnt = 0.0, 0.0
    for _ in range(50):
        speed = 34.0 * math.sqrt((600.0 - burnt) / 600.0)
        step = 3e3 / performance.ground_speed(ground.true_airspeed(speed, 3000.0),
                                              math.radians(30.0), -8.0, 6.0)
        true += step
        burnt += step * ground.fuel_flow(600.0 - burnt, speed, 3000.0)
    assert altitude == 3000.0
    assert time == pytest.approx(true, rel=0.01)
    assert 0.99 < (600.0 - mass) / burnt < 1.08


def test_a_climb_on_the_way_is_the_ground_plannings_climb(earth, sheet, running, aloft):
    aloft.altitude_msl, aloft.density_ratio = 500.0, standard_density_ratio(500.0)
    start = homeward.place(earth, aloft.latitude, aloft.longitude)
    end = homeward.place(earth, math.radians(41.9), math.radians(28.0))
    time, mass, altitude = homeward.leg(aloft, running, sheet, 34.0, start, end, 600.0, 500.0,
                                        2500.0)
    assert altitude == pytest.approx(2500.0, abs=1.0)
    ground, height, burnt, flown, true = Performance(sheet), 500.0, 0.0, 0.0, 0.0
    power_speed = float(sheet.engine.continuous_speed)
    while height < 2500.0:
        airspeed = ground.true_airspeed(34.0, height)
        step = 100.0 / ground.climb_rate(600.0 - burnt, 34.0, height)
        burnt += step * ground.fuel_flow_at(ground.brake_power_available(height, airspeed),
                                            power_speed, height, airspeed)
        true, flown, height = true + step, flown + airspeed * step, height + 100.0
    rest = (Geodesic.WGS84.Inverse(41.0, 28.0, 41.9, 28.0)["s12"] - flown) / ground.true_airspeed(
        34.0, 2500.0)
    burnt += rest * ground.fuel_flow(600.0 - burnt, 34.0, 2500.0)
    assert time == pytest.approx(true + rest, rel=0.01)
    assert 0.98 < (600.0 - mass) / burnt < 1.08


def test_a_headwind_that_is_too_strong_is_a_way_that_never_ends(earth, sheet, running, aloft):
    aloft.wind_north = -60.0
    start = homeward.place(earth, aloft.latitude, aloft.longitude)
    end = homeward.place(earth, math.radians(42.0), math.radians(28.0))
    assert homeward.leg(aloft, running, sheet, 34.0, start, end, 600.0, 3000.0,
                        3000.0)[0] == homeward.NEVER


def test_gusts_are_no_wind(earth, sheet, running, aloft):
    start = homeward.place(earth, aloft.latitude, aloft.longitude)
    end = homeward.place(earth, math.radians(42.0), math.radians(28.0))
    aloft.dead_reckoning.mean_wind_north, aloft.dead_reckoning.wind_known = -8.0, 60.0
    steady = homeward.leg(aloft, running, sheet, 34.0, start, end, 600.0, 3000.0, 3000.0)
    aloft.wind_north = -60.0
    gusting = homeward.leg(aloft, running, sheet, 34.0, start, end, 600.0, 3000.0, 3000.0)
    assert gusting == steady
    assert steady[0] < homeward.NEVER
