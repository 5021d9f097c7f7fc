"""Sorties and long flights: what they measure, and that a miss is seen."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.analysis import envelope
from longwatch.planning.mission_file import read_mission
from longwatch.planning.performance import Performance
from longwatch.verification import sorties
from longwatch.verification.datasheet_flown import climb_and_hold, climb_time, flow_on_circle
from longwatch.verification.datasheet_programme import PROGRAMMES, Load, conflicting, near
from longwatch.verification.long_flight import _last_flow

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


@pytest.fixture(scope="module")
def tb2():
    return load_datasheet("tb2")


def claim(tb2, quantity):
    return next(claim for claim in tb2.public if claim.quantity == quantity)


def test_a_missed_figure_falls_short_unless_the_datasheet_says_why(tb2):
    speed = claim(tb2, "maximum speed")
    assert near("case", "speed", "m/s", speed, 59.0).verdict == "holds"
    assert near("case", "speed", "m/s", speed, 50.0).verdict == "falls short"
    missed = conflicting("case", "speed", "m/s", speed, 50.0)
    assert missed.verdict == "explained" and missed.note == speed.relation


def test_flow_of_the_last_hour_is_taken_at_the_station():
    # Ten-minute samples: a climb, six hours at 2 kg/h, a descent that burns nothing.
    time = np.arange(0.0, 8 * 3600.0 + 1, 600.0)
    altitude = np.where(time < 3600, time, np.where(time > 7 * 3600, 100.0, 3000.0))
    fuel = 100.0 - 2.0 * np.minimum(time, 7 * 3600.0) / 3600.0
    assert _last_flow(time, fuel, altitude) * 3600.0 == pytest.approx(2.0)


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_the_day_long_missions_stay_up_long_enough_to_show_the_public_endurance(programme):
    mission = read_mission(MISSIONS / programme.mission)
    stay = sum(item.p1 or 0.0 for item in mission.items if item.command == 19)
    assert programme.hours - 1.5 < stay / 3600.0 < programme.hours
    public = {c.quantity: c.value for c in load_datasheet(programme.name).public}["endurance"]
    assert programme.hours * 3600.0 == public


@pytest.mark.compiled_only
def test_a_climb_and_a_cruise_are_as_computed(tb2):
    # Half an hour: the climb rate and the fuel flow of the closed forms, within 2 %.
    computed = Performance(tb2.datasheet[0])
    flown = climb_and_hold(tb2, Load(100.0, 100.0, 2000.0, 36.0))
    hold = flown.hold
    assert hold.mean("altitude") == pytest.approx(2000.0, abs=2.0)
    assert hold.mean("calibrated_airspeed") == pytest.approx(36.0, abs=0.1)
    assert -hold.rate("fuel") == pytest.approx(flow_on_circle(computed, hold), rel=0.02)
    assert flown.climb.rate("altitude") == pytest.approx(
        (flown.climb.altitude[-1] - flown.climb.altitude[0])
        / climb_time(computed, flown.climb), rel=0.02)
    # The closed forms see a heavier aircraft: the comparison is no tautology.
    heavier = replace(hold, mass=hold.mass * 1.1)
    assert flow_on_circle(computed, heavier) > 1.03 * -hold.rate("fuel")


@pytest.mark.compiled_only
def test_take_off_is_measured_from_standstill(tb2):
    simulation = sorties.sortie(tb2, 1000.0, payload_kg=150.0, fuel_kg=216.0)
    run, over = sorties.take_off(simulation)
    # 700 kg lifted off at 31 to 36 m/s with no more than the static thrust of the propeller.
    thrust = 0.129 * 1.2 * (607.37 / 2.43 / (2 * math.pi)) ** 2 * 1.76**4
    assert run > 700.0 * 31.0**2 / (2 * thrust)
    assert run + 50.0 < over < run + 400.0


@pytest.mark.compiled_only
def test_full_power_is_flown_level_and_straight_at_its_rating(tb2):
    simulation = sorties.sortie(tb2, 300.0, payload_kg=150.0, fuel_kg=108.0, calibrated=50.0)
    sorties.fly(simulation, lambda s: False, 300.0)
    flown = sorties.full_power_level(simulation, 300.0)
    assert simulation.state.engines[0].power == pytest.approx(
        tb2.datasheet[0].engine.continuous_power, rel=1e-3)
    assert flown.altitude == pytest.approx(300.0, abs=0.1)
    assert abs(flown.rate("true_airspeed")) < 1e-3
    assert abs(float(simulation.state.flight.roll)) < 1e-3
    # Faster than the autopilot flies by itself: that keeps 100 ft/min of climb.
    computed, mass = Performance(tb2.datasheet[0]), flown.mean("mass")
    assert flown.mean("calibrated_airspeed") > computed.fastest(mass, 300.0) + 0.5
    assert flown.mean("calibrated_airspeed") == pytest.approx(
        envelope.level_speed(computed, mass, 300.0), rel=0.02)
