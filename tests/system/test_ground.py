"""On the ground, whole: an hour parked, touches of the ground, a ruddervator that sticks."""

import math
from pathlib import Path

import numpy as np
import pytest

from longwatch.autopilot import codes
from longwatch.flights.account import touchdown
from longwatch.simulation.orders import faults
from longwatch.simulation.run import Simulation

ROOT = Path(__file__).resolve().parents[2]
CIRCUIT = ROOT / "tests" / "missions" / "circuit.plan"
FUEL = {"tb2": 60.0, "akinci": 600.0}

pytestmark = pytest.mark.compiled_only


@pytest.mark.parametrize(("aircraft", "speed", "side", "turbulence"), [
    ("tb2", 8.0, 180.0, "moderate"), ("tb2", 6.0, 90.0, "none"), ("tb2", 8.0, 225.0, "moderate"),
    ("akinci", 13.0, 90.0, "moderate")])
def test_an_hour_parked_light_in_wind_it_stays_as_it_stands(aircraft, speed, side, turbulence):
    sim = Simulation(aircraft, live=True, seed=3, fuel_kg=FUEL[aircraft])
    sim.step(5.0)
    place, heading = sim.state.body.position_ecef.copy(), float(sim.state.flight.heading)
    faults.set_wind(sim, speed, (heading + math.radians(side)) % (2.0 * math.pi))
    faults.set_turbulence(sim, turbulence)
    sim.step(3600.0)
    faults.set_wind(sim, 0.0, 0.0)
    faults.set_turbulence(sim, "none")
    sim.step(20.0)
    assert sim.outcome == "flying"
    turned = math.remainder(float(sim.state.flight.heading) - heading, 2.0 * math.pi)
    assert abs(turned) < math.radians(1.0)
    assert np.linalg.norm(sim.state.body.position_ecef - place) < 0.1


def aloft(aircraft):
    """Light, live, flying the circuit."""
    sim = Simulation(aircraft, CIRCUIT, live=True, seed=1, fit=True, fuel_kg=FUEL[aircraft] * 1.5)
    sim.step(5.0)
    sim.order("arm")
    sim.order("mode", mode="mission")
    sim.step(150.0)
    return sim


def messages(sim):
    return [h["message"] for h in sim.happenings]


def test_wheels_on_the_ground_in_cruise_it_idles_stops_and_is_disarmed():
    sim = aloft("tb2")
    sim.order("mode", mode="hold")
    # Nothing in the crew's reach asks for this height any more.
    sim.state.autopilot.crew.target_altitude_msl = float(sim.state.flight.ground_elevation_msl) - 30
    for _ in range(900):
        sim.step(1.0)
        if not sim.state.autopilot.crew.armed:
            break
    assert any("touched the ground" in text for text in messages(sim))
    assert not sim.state.autopilot.crew.armed
    assert float(sim.state.flight.ground_speed) < 0.05
    assert float(sim.state.commands.throttle[0]) == 0.0
    assert int(sim.state.autopilot.modes.phase) == codes.PHASE_PARKED


@pytest.mark.parametrize(("aircraft", "servo", "position"), [
    ("tb2", "ruddervator_left", 0.0), ("tb2", "ruddervator_left", -0.15),
    ("tb2", "ruddervator_right", 0.15), ("akinci", "ruddervator_left", 0.0),
    ("akinci", "ruddervator_right", -0.1)])
def test_with_a_ruddervator_stuck_it_lands_after_a_few_approaches(aircraft, servo, position):
    sim = aloft(aircraft)
    faults.begin(sim, "servo", servo=servo, position=position)
    sim.step(10.0)
    side = servo.split("_")[1]
    assert any(f"{side} ruddervator stuck at {position:+.2f} rad" in text
               for text in messages(sim))
    sim.order("land")
    while sim.time < 2.0 * 3600.0 and sim.outcome == "flying" and (
            int(sim.state.autopilot.modes.phase) != codes.PHASE_PARKED):
        sim.step(20.0)
    found = touchdown(sim)
    assert int(sim.state.autopilot.modes.phase) == codes.PHASE_PARKED
    assert int(sim.state.autopilot.modes.go_arounds) <= 4
    assert 0.0 < found.along_runway_m < 1000.0
    assert -found.vertical_speed_m_s < 3.05  # CS 23.473(d), the most that a gear is built for
    assert (found.side_load_share or 0.0) < 1.0


@pytest.mark.parametrize(("aircraft", "servo", "position"), [
    ("tb2", "ruddervator_left", 0.35), ("akinci", "ruddervator_right", -0.15)])
def test_in_a_sideslip_that_hides_the_final_it_comes_down_all_the_same(aircraft, servo, position):
    """It circled at the gate until the tanks were empty: two hours later it still did."""
    sim = aloft(aircraft)
    faults.begin(sim, "servo", servo=servo, position=position)
    sim.step(10.0)
    sim.order("land")
    while sim.time < 2.0 * 3600.0 and sim.outcome == "flying" and (
            int(sim.state.autopilot.modes.phase) != codes.PHASE_PARKED):
        sim.step(20.0)
    assert sim.outcome == "flying" and int(sim.state.autopilot.modes.phase) == codes.PHASE_PARKED
    assert 0 < int(sim.state.autopilot.modes.go_arounds) <= 4
    assert any("lands regardless" in text or "go-around" in text for text in messages(sim))
