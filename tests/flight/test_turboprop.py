"""A turboprop's tables, fuel and lag, and a feathering propeller, against closed forms."""

import math

import numpy as np
import pytest

from longwatch.aircraft import formulas
from longwatch.aircraft.schema import TURBOPROP
from longwatch.environment.atmosphere import EARTH_RADIUS, standard_atmosphere
from longwatch.flight import propulsion
from longwatch.flight.propulsion import EngineState, PropellerState

DT = 0.01
ALTITUDES = np.arange(8) * 2000.0
MACHS = np.array([0.0, 0.2, 0.4, 0.6])
LIMIT, FASTEST, SLOWEST = 500e3, 180.0, 140.0


@pytest.fixture
def sheet(own_sheet):
    """The tb2 with two turboprops whose tables are planes, and propellers that feather."""
    engine, propeller = own_sheet.engine, own_sheet.propeller
    engine.kind, engine.count, engine.gear_ratio, engine.inertia = TURBOPROP, 2, 1.0, 1.0
    engine.takeoff_speed = engine.continuous_speed = FASTEST
    engine.cruise_speed_least, engine.idle_speed = SLOWEST, 90.0
    engine.continuous_power, engine.time_constant, engine.friction_torque = 450e3, 1.2, 30.0
    turboprop = engine.turboprop
    turboprop.altitude[:], turboprop.mach[:] = ALTITUDES, MACHS
    turboprop.power[:] = 600e3 - 35.0 * ALTITUDES[:, None] + 200e3 * MACHS
    turboprop.fuel[:] = 0.05 - 2.5e-6 * ALTITUDES[:, None] + 0.01 * MACHS
    turboprop.power_limit, turboprop.fuel_share_idle = LIMIT, 0.2
    propeller.feathering, propeller.angle_feather = True, 1.45
    propeller.feathered_drag_area, propeller.inertia = 0.08, 6.0
    # Tables of a propeller that takes this power.
    propeller.diameter = 2.4
    propeller.CT[:] = own_sheet.propeller.CT * 2.5
    propeller.CP[:] = own_sheet.propeller.CP * 2.5
    return own_sheet


def ratio_at(geopotential):
    """Density ratio at a geopotential altitude, by the environment's atmosphere."""
    return standard_atmosphere(geopotential / (1.0 - geopotential / EARTH_RADIUS))[2] / 1.225


@pytest.mark.parametrize("altitude", [0.0, 1500.0, 6000.0, 10_900.0, 11_100.0, 13_000.0])
def test_density_altitude_undoes_the_standard_atmosphere(altitude):
    assert formulas.density_altitude(ratio_at(altitude)) == pytest.approx(altitude, abs=1.0)
    assert formulas.standard_density_ratio(altitude) == pytest.approx(ratio_at(altitude), rel=2e-5)


@pytest.mark.parametrize(("altitude", "mach"), [(0.0, 0.0), (2000.0, 0.2), (3100.0, 0.13),
                                                (9500.0, 0.5), (12_500.0, 0.33)])
def test_tables_are_planes_between_their_points(sheet, altitude, mach):
    power, fuel = formulas.turboprop_tables(sheet.engine.turboprop, ratio_at(altitude), mach)
    assert power == pytest.approx(600e3 - 35.0 * altitude + 200e3 * mach, abs=60.0)
    assert fuel == pytest.approx(0.05 - 2.5e-6 * altitude + 0.01 * mach, abs=5e-6)


def test_tables_hold_at_their_edges(sheet):
    power, _ = formulas.turboprop_tables(sheet.engine.turboprop, 1.2, 0.9)
    assert power == pytest.approx(600e3 + 200e3 * 0.6)


def test_a_warm_day_costs_power(sheet):
    """20 K above standard at 3000 m: density falls by T/(T + 20), power to the density altitude."""
    temperature, _, density, _ = standard_atmosphere(3001.4)
    warm = density / 1.225 * temperature / (temperature + 20.0)
    # d ln(rho)/dh of the troposphere: -(g/R - L)/T.
    higher = math.log((temperature + 20.0) / temperature) / (
        (9.80665 / 287.05287 - 0.0065) / temperature)
    power, _ = formulas.turboprop_tables(sheet.engine.turboprop, warm, 0.0)
    assert power == pytest.approx(600e3 - 35.0 * (3000.0 + higher), rel=2e-3)


def test_power_keeps_below_the_flat_rating(sheet):
    engine = sheet.engine
    assert formulas.full_power(engine, FASTEST, 1.0, 0.0) == pytest.approx(LIMIT)
    # Where the tables give less, they are what it has: 600 - 35 x 8 = 320 kW.
    assert formulas.full_power(engine, FASTEST, ratio_at(8000.0), 0.0) == pytest.approx(
        320e3, rel=1e-3)
    assert formulas.available_power(engine, 1.0, 0.0) == 450e3
    # The gearbox carries no more torque than the flat rating at the slowest speed of flight.
    assert formulas.full_torque(engine, 60.0, 1.0, 0.0) == pytest.approx(LIMIT / SLOWEST)


def test_a_free_turbine_loses_with_the_square_off_its_speed(sheet):
    full = formulas.full_power(sheet.engine, FASTEST, ratio_at(10_000.0), 0.0)
    slow = formulas.full_power(sheet.engine, 0.8 * FASTEST, ratio_at(10_000.0), 0.0)
    assert slow == pytest.approx((1.0 - 0.2**2) * full)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_fuel_flow_falls_in_a_line_to_its_idle_share(sheet, share):
    ratio = ratio_at(8000.0)
    power, fuel = formulas.turboprop_tables(sheet.engine.turboprop, ratio, 0.2)
    flow = formulas.fuel_flow(sheet.engine, share * power, FASTEST, ratio, 0.2)
    assert flow == pytest.approx(fuel * (0.2 + 0.8 * share))


class Bench:
    """Engine and propeller in an air stream at sea level."""

    def __init__(self, sheet, speed=FASTEST, blade_angle=0.35):
        self.sheet = sheet
        self.engine, self.propeller = EngineState.zeros()[0], PropellerState.zeros()[0]
        self.engine.running, self.engine.speed = True, speed
        self.propeller.blade_angle = blade_angle

    def run(self, seconds, throttle, feather=0, airspeed=60.0):
        for _ in range(round(seconds / DT)):
            propulsion.step(
                self.engine, self.propeller, self.sheet.engine, self.sheet.propeller, throttle,
                FASTEST, feather, airspeed, 1.225, 1.0, airspeed / 340.3, 100.0, DT)
        return self


def test_the_gas_generator_lags_by_its_time_constant(sheet):
    bench = Bench(sheet).run(1.2, 0.8)
    assert bench.engine.throttle == pytest.approx(0.8 * (1.0 - math.exp(-1.0)), rel=0.01)


def test_the_governor_holds_the_free_turbine(sheet):
    bench = Bench(sheet).run(12.0, 0.7)
    assert bench.engine.speed == pytest.approx(FASTEST, rel=2e-3)
    assert bench.propeller.power == pytest.approx(bench.engine.power, rel=5e-3)


def test_blades_feather_at_their_rate_and_the_propeller_stops(sheet):
    bench = Bench(sheet).run(6.0, 0.7)
    bench.engine.running = False
    angle, rate = bench.propeller.blade_angle, sheet.propeller.angle_rate
    bench.run(2.0, 0.0, feather=1)
    assert bench.propeller.blade_angle == pytest.approx(angle + 2.0 * rate, abs=1e-9)
    bench.run((1.45 - angle) / rate - 2.0 + DT, 0.0, feather=1)
    assert bench.propeller.blade_angle == pytest.approx(1.45)
    # Nothing but friction turns it now: it loses 30 N m over 7 kg m2.
    before = bench.engine.speed
    bench.run(0.2, 0.0, feather=1)
    assert before - bench.engine.speed == pytest.approx(min(before, 0.2 * 30.0 / 7.0), rel=1e-6)
    bench.run(25.0, 0.0, feather=1)
    assert bench.engine.speed == 0.0
    assert bench.propeller.thrust == pytest.approx(-0.5 * 1.225 * 60.0**2 * 0.08)


def test_blades_come_back_from_feather_at_their_rate(sheet):
    bench = Bench(sheet, speed=0.0, blade_angle=1.45)
    bench.engine.running = False
    bench.run(1.0, 0.0)
    assert bench.propeller.blade_angle == pytest.approx(1.45 - sheet.propeller.angle_rate)


def test_what_does_not_feather_stays_within_its_stops(sheet):
    sheet.propeller.feathering = False
    bench = Bench(sheet).run(5.0, 0.7, feather=1)
    assert bench.propeller.blade_angle <= sheet.propeller.angle_maximum
