"""Engine, propeller and governor against published points, momentum theory and energy."""

import math

import numpy as np
import pytest

from longwatch.aircraft.formulas import altitude_factor, fuel_flow, sea_level_power
from longwatch.aircraft.schema import ADVANCE_RATIOS, BLADE_ANGLES
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight import propulsion
from longwatch.flight.propulsion import EngineState, PropellerState

DT = 0.01
FOOT = 0.3048
RPM = math.pi / 30.0


class Power:
    """Engine and propeller on a bench in an air stream."""

    def __init__(self, sheet, rpm=4500.0, blade_angle=0.35, altitude=0.0):
        self.sheet, self.fuel = sheet, 100.0
        self.engine, self.propeller = EngineState.zeros()[0], PropellerState.zeros()[0]
        self.engine.running, self.engine.speed = True, rpm * RPM
        self.propeller.blade_angle = blade_angle
        self.density = standard_atmosphere(altitude)[2]

    def run(self, seconds, throttle, command_rpm, airspeed=36.0):
        for _ in range(round(seconds / DT)):
            self.fuel -= propulsion.step(
                self.engine, self.propeller, self.sheet.engine, self.sheet.propeller, throttle,
                command_rpm * RPM, False, airspeed, self.density, self.density / 1.225, 0.0,
                self.fuel, DT)
        return self


@pytest.mark.parametrize(("feet", "kilowatts"), [(0, 69.0), (10000, 48.6), (18000, 35.4),
                                                 (27000, 23.5)])
def test_continuous_power_falls_with_altitude_after_gagg_and_ferrar(sheet, feet, kilowatts):
    density_ratio = standard_atmosphere(feet * FOOT)[2] / 1.225
    power = sheet.engine.continuous_power * altitude_factor(
        sheet.engine.piston, density_ratio)
    assert power == pytest.approx(kilowatts * 1e3, abs=60.0)


@pytest.mark.parametrize(("rpm", "kilowatts"), [(2500, 25.9), (4000, 50.4), (5000, 67.8),
                                                (5800, 74.5), (4250, 54.8)])
def test_full_power_at_the_makers_points_and_between(sheet, rpm, kilowatts):
    power = sea_level_power(sheet.engine.piston, rpm * RPM)
    assert power == pytest.approx(kilowatts * 1e3, rel=1e-3)


@pytest.mark.parametrize("feet", [0, 18000])
def test_open_throttle_settles_at_full_power(sheet, feet):
    bench = Power(sheet, altitude=feet * FOOT).run(15.0, 1.0, 5000.0, 45.0)
    factor = altitude_factor(sheet.engine.piston, bench.density / 1.225)
    assert bench.engine.power == pytest.approx(67.8e3 * factor, rel=5e-3)


@pytest.mark.parametrize(("throttle", "rpm", "airspeed"), [(0.9, 5500, 40.0), (0.6, 4500, 36.0),
                                                           (0.8, 5000, 55.0)])
def test_governor_holds_the_speed(sheet, throttle, rpm, airspeed):
    bench = Power(sheet).run(10.0, throttle, rpm, airspeed)
    assert bench.engine.speed == pytest.approx(rpm * RPM, rel=2e-3)
    # A burst of throttle is caught again, and never runs away.
    bench.run(0.5, 1.0, rpm, airspeed)
    assert bench.engine.speed < 1.1 * rpm * RPM
    bench.run(9.5, 1.0, rpm, airspeed)
    assert bench.engine.speed == pytest.approx(rpm * RPM, rel=2e-3)


def test_steady_shaft_gives_the_propeller_what_the_engine_makes(sheet):
    bench = Power(sheet).run(20.0, 0.7, 4700.0)
    assert bench.propeller.power == pytest.approx(bench.engine.power, rel=1e-4)
    assert bench.propeller.torque == pytest.approx(
        bench.engine.torque * sheet.engine.gear_ratio, rel=1e-4)


def test_speeding_up_stores_the_energy_left_over(sheet):
    """Work of the torques is the change of kinetic energy of all that turns."""
    bench, ratio, work = Power(sheet, rpm=2500.0, blade_angle=0.2), sheet.engine.gear_ratio, 0.0
    inertia = sheet.propeller.inertia + sheet.engine.inertia * ratio**2
    start = bench.engine.speed / ratio
    for _ in range(150):
        before = bench.engine.speed / ratio
        bench.run(DT, 0.8, 5500.0, 20.0)
        mean = 0.5 * (before + bench.engine.speed / ratio)
        work += (bench.engine.torque * ratio - bench.propeller.torque) * mean * DT
    end = bench.engine.speed / ratio
    assert work > 1000.0
    assert 0.5 * inertia * (end**2 - start**2) == pytest.approx(work, rel=1e-9)


@pytest.mark.parametrize(("rpm", "kilowatts", "litres"), [(5500, 69.0, 25.0), (5000, 51.0, 18.5),
                                                          (4800, 44.6, 16.0), (4300, 38.0, 14.0)])
def test_fuel_flow_is_the_willans_line_near_the_makers_points(sheet, rpm, kilowatts, litres):
    engine, speed = sheet.engine.piston, rpm * RPM
    flow = fuel_flow(sheet.engine, kilowatts * 1e3, speed, 1.0, 0.0)
    assert flow == pytest.approx(engine.fuel_per_energy * kilowatts * 1e3
                                 + engine.fuel_per_turn * speed + engine.fuel_per_turn2 * speed**2)
    # The fit's stated residual; petrol of 0.72 kg/L.
    assert flow * 3600.0 / 0.72 == pytest.approx(litres, rel=0.16)


def test_fuel_burnt_is_the_integral_of_the_flow(sheet):
    bench, burnt = Power(sheet), 0.0
    for _ in range(100):
        bench.run(DT, 0.7, 4700.0)
        burnt += bench.engine.fuel_flow * DT
    assert 100.0 - bench.fuel == pytest.approx(burnt, rel=1e-9)


def test_no_fuel_makes_more_work_than_its_heat(sheet):
    heat = 43.5e6
    for rpm in (2500, 3500, 4500, 5500):
        power = sea_level_power(sheet.engine.piston, rpm * RPM)
        assert power / (fuel_flow(sheet.engine, power, rpm * RPM, 1.0, 0.0) * heat) < 0.40


@pytest.mark.parametrize("airspeed", [0.0, 20.0])
def test_idles_with_the_throttle_shut(sheet, airspeed):
    idle = sheet.engine.idle_speed / RPM
    bench = Power(sheet, rpm=idle, blade_angle=sheet.propeller.angle_minimum)
    bench.run(8.0, 0.0, idle, airspeed)
    assert bench.engine.running
    assert 0.7 * idle < bench.engine.speed / RPM < 1.5 * idle
    assert bench.engine.fuel_flow > 0.0


def test_stops_when_the_fuel_is_out(sheet):
    bench = Power(sheet)
    bench.fuel = 0.01
    bench.run(10.0, 0.8, 4700.0, 36.0)
    assert not bench.engine.running
    assert bench.fuel == pytest.approx(0.0, abs=1e-12)
    assert bench.engine.fuel_flow == 0.0
    assert bench.engine.power <= 0.0
    assert bench.propeller.thrust < 0.0


def test_standing_engine_without_fuel_stays_standing(sheet):
    bench = Power(sheet, rpm=0.0)
    bench.fuel = 0.0
    bench.run(1.0, 1.0, 4700.0, 0.0)
    assert bench.engine.speed == 0.0


def test_coefficients_are_the_tables_at_their_nodes_and_means_between(sheet):
    propeller = sheet.propeller

    def at(row, column):
        return propulsion.thrust_and_power_coefficients(
            propeller, propeller.angle_first + row * propeller.angle_step,
            propeller.advance_first + column * propeller.advance_step)

    assert at(3, 5) == pytest.approx((propeller.CT[3, 5], propeller.CP[3, 5]))
    mean = (propeller.CT[3, 5] + propeller.CT[4, 5] + propeller.CT[3, 6] + propeller.CT[4, 6]) / 4
    assert at(3.5, 5.5)[0] == pytest.approx(mean)
    last = BLADE_ANGLES - 1, ADVANCE_RATIOS - 1
    assert at(40, 90) == pytest.approx((propeller.CT[last], propeller.CP[last]), abs=1e-6)
    assert at(-9, -9) == pytest.approx((propeller.CT[0, 0], propeller.CP[0, 0]))


def test_propeller_never_beats_momentum_theory(sheet):
    """Power is at least T (V + induced velocity), induced by Froude's disc."""
    area = math.pi / 4.0 * sheet.propeller.diameter**2
    turns, density, diameter = 35.0, 1.225, sheet.propeller.diameter
    for row in range(BLADE_ANGLES):
        for advance in np.arange(0.0, 1.8, 0.04):
            CT, CP = propulsion.thrust_and_power_coefficients(
                sheet.propeller, sheet.propeller.angle_first + row * sheet.propeller.angle_step,
                advance)
            if CT <= 0.0:
                continue
            thrust = CT * density * turns**2 * diameter**4
            speed = advance * turns * diameter
            induced = -speed / 2 + math.sqrt(speed**2 / 4 + thrust / (2 * density * area))
            assert CP * density * turns**3 * diameter**5 > thrust * (speed + induced)


def test_engine_power_less_propeller_power_is_stored_in_the_shaft(sheet):
    """Through a burst of throttle and a chop, as the states report the powers."""
    bench, ratio = Power(sheet, rpm=2500.0, blade_angle=0.2), sheet.engine.gear_ratio
    inertia = sheet.propeller.inertia + sheet.engine.inertia * ratio**2
    start, stored = bench.engine.speed / ratio, 0.0
    for throttle in (*[0.9] * 150, *[0.0] * 150):
        bench.run(DT, throttle, 5500.0, 20.0)
        stored += (bench.engine.power - bench.propeller.power) * DT
    end = bench.engine.speed / ratio
    assert 0.5 * inertia * (end**2 - start**2) == pytest.approx(stored, rel=1e-9)


def test_the_last_tick_reports_the_fuel_that_was_there(sheet):
    bench, burnt = Power(sheet), 0.0
    bench.fuel = 0.0001
    for _ in range(30):
        bench.run(DT, 0.8, 4700.0)
        burnt += bench.engine.fuel_flow * DT
    assert burnt == pytest.approx(0.0001, rel=1e-12)
