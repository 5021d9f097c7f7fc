"""The battery's account against energy balance by hand."""

import pytest

from longwatch.aircraft.schema import Electrics
from longwatch.flight import electrics
from longwatch.flight.electrics import ElectricsState
from longwatch.flight.propulsion import EngineState


def system(energy):
    state, parameters = ElectricsState.zeros()[0], Electrics.zeros()[0]
    engines = EngineState.zeros(2)
    parameters.generator_power, parameters.generator_speed = 1000.0, 100.0
    parameters.avionics_power, parameters.charge_power = 600.0, 300.0
    parameters.battery_energy = 3.6e6
    parameters.battery_voltage_full, parameters.battery_voltage_empty = 28.0, 20.0
    state.energy = energy
    return state, parameters, engines


def test_without_a_generator_it_lasts_energy_over_load():
    state, parameters, engines = system(3.6e6)
    for _ in range(3000):
        electrics.step(state, parameters, engines, 1, 1.0)
    assert state.energy == pytest.approx(3.6e6 - 3000 * 600.0)
    assert state.voltage == pytest.approx(24.0)  # half of it is gone
    for _ in range(4000):
        electrics.step(state, parameters, engines, 1, 1.0)
    assert (state.energy, state.power) == (0.0, 0.0)


def test_the_generator_feeds_first_and_charges_no_faster_than_it_may():
    state, parameters, engines = system(3.0e6)
    engines[0].running, engines[0].speed = True, 100.0
    electrics.step(state, parameters, engines, 1, 1.0)
    assert state.power == pytest.approx(-300.0)  # 400 W are over, 300 W may charge
    engines[0].speed = 80.0
    electrics.step(state, parameters, engines, 1, 1.0)
    assert state.power == pytest.approx(-200.0)


def test_a_full_battery_takes_nothing():
    state, parameters, engines = system(3.6e6)
    engines[0].running, engines[0].speed = True, 100.0
    electrics.step(state, parameters, engines, 1, 1.0)
    assert (state.energy, state.power) == (3.6e6, 0.0)
    assert state.voltage == pytest.approx(28.0)


def test_the_second_engine_counts_where_there_is_one():
    state, parameters, engines = system(1.0e6)
    engines["running"], engines["speed"] = True, 25.0
    electrics.step(state, parameters, engines, 2, 1.0)
    assert state.power == pytest.approx(100.0)  # two quarters of 1 000 W against 600 W
