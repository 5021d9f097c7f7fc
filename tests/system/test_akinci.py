"""The twin turboprop by the same autopilot: whole missions, on two engines and on one."""

import math
from pathlib import Path

import pytest

from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only

MISSIONS = Path(__file__).resolve().parents[1] / "missions"
CIRCUIT = MISSIONS / "circuit.plan"
LONGEST = 4 * 3600.0


def ready(**options):
    return Simulation("akinci", CIRCUIT, fit=True, **options)


def assert_landed_in_the_box(sim):
    status, approach = sim.state.status, sim.state.autopilot.approach
    gear = sim.aircraft.datasheet[0].landing_gear
    touchdown = next(h for h in reversed(sim.happenings) if h["event"] == "touchdown")
    assert sim.outcome == "landed"
    assert touchdown["sink_m_s"] < gear.sink_limit
    assert abs(math.degrees(status.touchdown_bank)) < 8.0
    assert status.touchdown_side_load <= gear.side_load_limit
    assert status.touchdown_vertical_load <= gear.vertical_load_limit
    assert not status.off_pavement
    assert abs(approach.offset) < 21.0


def happened(sim, text):
    return [h["time"] for h in sim.happenings if text in h["message"]]


def test_flies_a_circuit_in_wind_with_its_gear_drawn_in():
    sim = ready(payload_kg=1350.0, wind="12@320", turbulence="moderate", seed=3)
    sim.step(LONGEST)
    assert_landed_in_the_box(sim)
    (up,), (down,) = happened(sim, "gear up"), happened(sim, "gear down")
    transit = float(sim.aircraft.datasheet[0].landing_gear.transit_time)
    assert up + transit < down < happened(sim, "touchdown")[-1] - transit
    assert up > happened(sim, "lift-off")[0]


@pytest.mark.parametrize("engine", [0, 1])
def test_lands_on_one_engine_after_the_other_stopped_at_lift_off(engine):
    sim = ready(payload_kg=1350.0, wind="6@90", turbulence="light", seed=engine)
    while not sim.state.status.airborne:
        sim.step(0.2)
    sim.fail_engine(engine)
    sim.step(20.0)
    state = sim.state
    # It climbs away straight, the dead propeller turned into the stream.
    assert state.flight.vertical_speed > 1.0
    assert abs(math.degrees(state.flight.beta)) < 5.0
    assert state.propellers[engine].blade_angle == pytest.approx(
        float(sim.aircraft.datasheet[0].propeller.angle_feather))
    sim.step(LONGEST)
    assert_landed_in_the_box(sim)
    assert happened(sim, f"propeller {engine + 1} feathered")
    assert state.engines[1 - engine].running and not state.engines[engine].running


def test_rejects_the_take_off_when_an_engine_stops_before_rotation():
    sim = ready(wind="12@140", seed=1)
    while sim.state.flight.calibrated_airspeed < 35.0:
        sim.step(0.1)
    sim.fail_engine(1)
    sim.step(120.0)
    assert happened(sim, "take-off rejected") and not happened(sim, "lift-off")
    assert happened(sim, "engine 2 stopped") and not happened(sim, "engine 1 stopped")
    assert sim.outcome == "landed"
    assert not sim.state.status.off_pavement
