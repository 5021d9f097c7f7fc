"""The TB2-class datasheet against what is published, and against rules it was not made from."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet


@pytest.fixture(scope="module")
def sheet():
    return load_datasheet("tb2").datasheet[0]


def test_published_figures_stand_as_published(sheet):
    assert (sheet.geometry.span, sheet.geometry.wing_area, sheet.geometry.chord) == (12, 9.34, 0.78)
    aero = sheet.aerodynamics
    assert (aero.CL0, aero.CL_alpha, aero.CL_elevator, aero.Cm_elevator) == (0.3, 5.5, 0.4, -1.0)
    assert -0.6 <= aero.Cm_alpha <= -0.42
    mass = sheet.mass
    assert mass.maximum_takeoff_mass == 700 and mass.payload_maximum == 150
    assert mass.fuel_capacity == pytest.approx(300 * 0.72)
    assert mass.empty_mass + mass.fuel_capacity + mass.payload_maximum == 700
    assert sheet.limits.ceiling == pytest.approx(27_000 * 0.3048)
    assert sheet.limits.cruise_speed == pytest.approx(70 * 1852 / 3600, abs=0.05)


def test_rotax_power_table_is_the_makers(sheet):
    engine = sheet.engine.piston
    rpm = engine.table_speed * 60 / (2 * math.pi)
    assert rpm == pytest.approx([2500, 3000, 3500, 4000, 4500, 5000, 5500, 5800], rel=1e-4)
    assert list(engine.table_power / 1000) == [25.9, 34.0, 42.1, 50.4, 59.2, 67.8, 72.5, 74.5]


def test_aspect_ratio_is_the_published_one(sheet):
    assert sheet.geometry.span**2 / sheet.geometry.wing_area == pytest.approx(15.4, abs=0.05)


def test_lateral_set_agrees_with_strip_theory(sheet):
    """Roll damping and roll due to yaw of a straight wing (Etkin and Reid, section 5)."""
    aero = sheet.aerodynamics
    taper = 0.85
    strip = -aero.CL_alpha / 12 * (1 + 3 * taper) / (1 + taper)
    # a lifting line of finite span damps less than strips; a lattice has no drag to add
    assert 1.2 * strip < aero.Cl_p < 0.75 * strip
    assert aero.Cl_r == pytest.approx(0.92 / 4, rel=0.45)


def test_signs_follow_the_conventions(sheet):
    """Rudder: trailing edge left pushes the tail right, the nose left; the V rolls it left."""
    aero = sheet.aerodynamics
    assert aero.CY_rudder > 0 > aero.Cn_rudder
    assert aero.Cl_rudder < 0
    assert aero.Cl_aileron > 0 > aero.Cm_elevator
    assert aero.Cn_beta > 0 > aero.Cl_beta and aero.CY_beta < 0


def test_tail_arm_is_the_same_in_rudder_and_pitch_damping(sheet):
    """Moment over force gives the arm: both must place the tail some 3 m behind the datum."""
    aero, geometry = sheet.aerodynamics, sheet.geometry
    arm = -aero.Cn_rudder / aero.CY_rudder * geometry.span
    assert 2.6 < arm < 3.3
    assert -20 < aero.Cm_q < -12  # what the tail's volume says


def test_rudder_holds_the_crosswind(sheet):
    """12 m/s across at 33 m/s is 20 deg of sideslip: yaw and roll balanced within the travel."""
    aero, actuators = sheet.aerodynamics, sheet.actuators
    sideslip = math.asin(12.0 / 33.0)
    control = np.array([[aero.Cl_aileron, aero.Cl_rudder], [aero.Cn_aileron, aero.Cn_rudder]])
    aileron, rudder = np.linalg.solve(control, -sideslip * np.array([aero.Cl_beta, aero.Cn_beta]))
    assert abs(rudder) < 0.6 * actuators.ruddervator.upper
    assert abs(aileron) < 0.6 * actuators.aileron.upper


def test_elevator_trims_from_dash_to_stall(sheet):
    aero = sheet.aerodynamics
    for lift in (0.3, aero.CL_max):
        system = np.array([[aero.CL_alpha, aero.CL_elevator], [aero.Cm_alpha, aero.Cm_elevator]])
        _, elevator = np.linalg.solve(system, [lift - aero.CL0, -aero.Cm0])
        assert abs(elevator) < 0.5 * sheet.actuators.ruddervator.upper


def test_level_speed_and_power_agree_with_the_public_ones(sheet):
    """Maximum speed within 5 % of 120 kt, and 22 to 25 kW at 70 kt and 700 kg, sea level."""
    aero, geometry = sheet.aerodynamics, sheet.geometry
    aspect = geometry.span**2 / geometry.wing_area

    def drag(speed, density=1.225):
        force = 0.5 * density * speed**2 * geometry.wing_area
        lift = 700 * 9.80665 / force
        return force * (aero.CD0 + lift**2 / (math.pi * aero.oswald * aspect))

    def thrust(speed, power, crank):
        prop, turns = sheet.propeller, crank / (2 * math.pi) / sheet.engine.gear_ratio
        column = (speed / (turns * prop.diameter) - prop.advance_first) / prop.advance_step
        at = np.arange(prop.CP.shape[1])
        needed = power / (1.225 * turns**3 * prop.diameter**5)
        absorbed = [np.interp(column, at, row) for row in prop.CP]
        pushed = [np.interp(column, at, row) for row in prop.CT]
        return np.interp(needed, absorbed, pushed) * 1.225 * turns**2 * prop.diameter**4

    engine = sheet.engine
    speeds = np.arange(40.0, 70.0, 0.1)
    spare = [thrust(v, engine.continuous_power, engine.continuous_speed) - drag(v) for v in speeds]
    fastest = float(np.interp(0.0, spare[::-1], speeds[::-1]))
    assert fastest == pytest.approx(120 * 1852 / 3600, rel=0.05)
    crank = 4000 * math.pi / 30
    efficiency = thrust(36.0, 25e3, crank) * 36.0 / 25e3
    assert 22e3 < drag(36.0) * 36.0 / efficiency < 25e3


def test_control_travel_and_speeds_are_in_order(sheet):
    procedures = sheet.procedures
    assert 1.0 < procedures.rotation_factor < procedures.climb_factor
    stall = math.sqrt(2 * 700 * 9.80665
                      / (1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max))
    assert procedures.approach_factor * stall < 1.1 * sheet.limits.cruise_speed
    assert sheet.limits.never_exceed_speed > 120 * 1852 / 3600
