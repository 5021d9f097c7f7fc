"""Fuel, engine and battery status against volumes and energies by hand."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench

# 6.0 lb a US gallon: 0.719 kg a litre.
AVGAS = 0.7189e-3


@pytest.fixture(scope="module")
def bench():
    return Bench(fuel_kg=108.0)


def made(bench, name):
    bench.craft.send(bench.component.provide(getattr(mavlink, f"MAVLINK_MSG_ID_{name}")))
    return bench.sent[-1].message


def test_fuel_in_millilitres_with_the_tank_half_full(bench):
    told = made(bench, "FUEL_STATUS")
    assert told.fuel_type == mavlink.MAV_FUEL_TYPE_LIQUID
    assert told.maximum_fuel == pytest.approx(216.0 / AVGAS, rel=1e-3)
    assert told.remaining_fuel == pytest.approx(108.0 / AVGAS, rel=1e-3)
    assert told.percent_remaining == 50
    assert math.isnan(told.temperature)


def test_what_is_burnt_and_what_is_left_are_what_was_loaded(bench):
    bench.simulation.step(600.0)
    told = made(bench, "FUEL_STATUS")
    burnt = 108.0 - float(bench.simulation.state.mass.fuel_mass)
    assert burnt > 0.05
    assert told.consumed_fuel == pytest.approx(burnt / AVGAS, rel=1e-3)
    assert told.consumed_fuel + told.remaining_fuel == pytest.approx(108.0 / AVGAS, rel=1e-3)
    # It idles evenly, so the flow times the time is what was burnt.
    assert told.flow_rate * 600.0 == pytest.approx(told.consumed_fuel, rel=0.02)
    engine = made(bench, "EFI_STATUS")
    assert engine.fuel_flow == pytest.approx(told.flow_rate * 60.0, rel=1e-6)  # a minute
    assert engine.fuel_consumed == pytest.approx(told.consumed_fuel, rel=1e-6)


def test_the_engine_turns_at_idle(bench):
    told = made(bench, "EFI_STATUS")
    idle = float(bench.craft.sheet.engine.idle_speed) * 30.0 / math.pi
    assert told.rpm == pytest.approx(idle, rel=0.1)
    assert told.health == 1
    assert 0.0 <= told.engine_load < 30.0
    assert math.isnan(told.cylinder_head_temperature)  # not measured, and never zero for that


def test_the_battery_is_full_while_the_engine_runs(bench):
    told = made(bench, "BATTERY_STATUS")
    assert told.battery_remaining == 100
    assert told.voltages[0] == 28700
    assert told.voltages[1:] == [65535] * 9
    assert told.time_remaining == 0  # not reckoned: it does not run down


def test_without_a_generator_the_battery_tells_how_long_it_lasts(bench):
    bench.simulation.fail_engine(0)
    bench.simulation.step(1800.0)
    told = made(bench, "BATTERY_STATUS")
    sheet = bench.craft.sheet.electrics
    left = 1.0 - 1800.0 * float(sheet.avionics_power) / float(sheet.battery_energy)
    assert told.battery_remaining == pytest.approx(100 * left, abs=1.5)
    assert told.time_remaining == pytest.approx(
        left * float(sheet.battery_energy) / float(sheet.avionics_power), rel=0.01)
    volts = 21.0 + 7.7 * left
    assert told.voltages[0] == pytest.approx(1e3 * volts, rel=1e-3)
    assert told.current_battery == pytest.approx(
        100.0 * float(sheet.avionics_power) / volts, rel=1e-2)


def test_two_engines_take_turns():
    twin = Bench(aircraft="akinci", fuel_kg=300.0)
    assert {made(twin, "EFI_STATUS").ecu_index for _ in range(2)} == {0.0, 1.0}


def test_right_after_a_reset_gauges_show_what_is_there():
    """A client may ask at once, before the next tick."""
    bench = Bench()
    bench.simulation.order("reset")
    full = float(bench.craft.sheet.electrics.battery_voltage_full)
    told = made(bench, "BATTERY_STATUS")
    assert (told.voltages[0], told.battery_remaining) == (round(1e3 * full), 100)
    assert made(bench, "SYS_STATUS").voltage_battery == round(1e3 * full)
    assert made(bench, "FUEL_STATUS").consumed_fuel == 0.0
    assert made(bench, "EFI_STATUS").health == 1
