"""The fastest speed held level, and the energy control that gives no height for a faster one."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.control import energy, level_speed
from longwatch.autopilot.control.energy import ALTITUDE, EnergyState
from longwatch.autopilot.control.engines import EnginesState
from longwatch.autopilot.control.guidance import GuidanceState

MASS = 550.0
FEET_100_A_MINUTE = 0.508


@pytest.fixture
def running():
    state = EnginesState.zeros()[0]
    state.working, state.power_limit = 1, 1e12
    return state


@pytest.fixture
def flying(estimate):
    """Level at sea level in standard air, at a speed."""

    def at(speed, mass=MASS):
        estimate.mass, estimate.gauges.fuel_mass, estimate.air.density_ratio = mass, 50.0, 1.0
        estimate.air.calibrated_airspeed = estimate.air.true_airspeed = speed
        estimate.air.dynamic_pressure = 0.5 * 1.225 * speed * speed
        estimate.body_to_ned[:] = estimate.ned[:] = np.eye(3).ravel()
        return estimate

    return at


def excess(sheet, mass, speed):
    """(P eta - D V) / W with the parabolic polar, at sea level; by hand."""
    weight, area = mass * 9.80665, float(sheet.geometry.wing_area)
    force = 0.5 * 1.225 * speed**2 * area
    aspect = float(sheet.geometry.span)**2 / area
    CD = float(sheet.aerodynamics.CD0) + (weight / force)**2 / (
        math.pi * float(sheet.aerodynamics.oswald) * aspect)
    power = float(sheet.engine.continuous_power) * float(sheet.control.propeller_efficiency)
    return (power - CD * force * speed) / weight


def test_the_fastest_speed_leaves_a_service_ceilings_climb(sheet, running, flying):
    found = level_speed.held(67.0, 0.0, flying(50.0), running, sheet)
    assert excess(sheet, MASS, found) == pytest.approx(FEET_100_A_MINUTE, abs=0.15)
    assert excess(sheet, MASS, found + 1.0) < FEET_100_A_MINUTE
    # What is held is flown as asked.
    assert level_speed.held(found - 1.0, 0.0, flying(50.0), running, sheet) == found - 1.0


def test_it_falls_with_thinner_air_and_with_weight(sheet, running, flying):
    low = level_speed.held(67.0, 0.0, flying(50.0), running, sheet)
    heavy = level_speed.held(67.0, 0.0, flying(50.0, 700.0), running, sheet)
    estimate = flying(50.0)
    estimate.air.density_ratio = 0.601  # 5000 m
    assert heavy < low - 0.5
    assert level_speed.held(67.0, 0.0, estimate, running, sheet) < low - 10.0


def test_an_engine_less_holds_less_and_none_is_left_to_the_glide(flying):
    akinci = load_datasheet("akinci").datasheet[0]
    both = EnginesState.zeros()[0]
    both.working, both.power_limit = 2, 1e12
    one = EnginesState.zeros()[0]
    one.working, one.power_limit, one.failed, one.stopped[1] = 1, 1e12, True, 1
    estimate = flying(60.0, 5000.0)
    assert level_speed.held(100.0, 0.0, estimate, both, akinci) == 100.0
    assert level_speed.held(100.0, 0.0, estimate, one, akinci) < 95.0
    assert level_speed.held(100.0, 0.0, estimate, EnginesState.zeros()[0], akinci) == 100.0


def pitch_for(target, speed, sheet, estimate, running, height_missing=0.0):
    """Pitch that one step of the energy control asks for at an altitude target."""
    state, path = EnergyState.zeros()[0], GuidanceState.zeros()[0]
    state.mode, state.airspeed = ALTITUDE, speed
    estimate.altitude_msl, path.altitude_target = 300.0 - height_missing, 300.0
    path.speed_target = target
    energy.step(state, estimate, path, running, sheet, 0.05)
    return float(state.pitch)


def test_no_height_is_given_for_a_speed_that_power_does_not_hold(sheet, running, flying):
    # At 58 m/s full power is spent on drag: 64 m/s could only come out of the height.
    level = pitch_for(58.0, 58.0, sheet, flying(58.0), running)
    assert pitch_for(64.0, 58.0, sheet, flying(58.0), running) == pytest.approx(level, abs=0.01)


def test_full_power_is_flown_level_where_that_is_asked_for(sheet, running, flying):
    """100 ft/min are left of a speed that it flies by itself, not of one that was asked for."""
    speed = next(v for v in np.arange(45.0, 70.0, 0.01) if excess(sheet, MASS, v) < 0.0)
    state, path, navigation = EnergyState.zeros()[0], GuidanceState.zeros()[0], flying(speed)
    state.mode, state.airspeed, path.speed_target = ALTITUDE, speed, speed
    navigation.altitude_msl = path.altitude_target = 300.0
    energy.step(state, navigation, path, running, sheet, 0.05)
    assert state.power > 0.97 * float(sheet.engine.continuous_power)


def test_height_that_is_missing_comes_before_speed(sheet, running, flying):
    # 20 m low, and too fast for what is held: it climbs, which takes the speed back.
    level = pitch_for(58.0, 58.0, sheet, flying(58.0), running)
    assert pitch_for(64.0, 58.0, sheet, flying(58.0), running, 20.0) > level


def test_the_safe_speed_comes_before_height(sheet, running, flying):
    stall = math.sqrt(2.0 * MASS * 9.80665 / (1.225 * float(sheet.geometry.wing_area)
                                              * float(sheet.aerodynamics.CL_max)))
    slow, safe = 1.05 * stall, 1.3 * stall
    running.power_limit = 5000.0  # far from enough to fly level
    nose = pitch_for(36.0, slow, sheet, flying(slow), running, 20.0)
    estimate = flying(slow)
    area = float(sheet.geometry.wing_area)
    CL = MASS * 9.80665 / (estimate.air.dynamic_pressure * area)
    level = (CL - float(sheet.aerodynamics.CL0)) / float(sheet.aerodynamics.CL_alpha)
    assert nose < level - 0.02 < level
    assert safe > slow
