"""Engines that stop in the air: the runway where it is within reach, one piece where it is not."""

import importlib.util
import math
from pathlib import Path

import pytest

from longwatch.autopilot.codes import PHASE_NAMES
from longwatch.flights.account import touchdown
from longwatch.simulation.orders import faults
from longwatch.simulation.run import Simulation

ROOT = Path(__file__).resolve().parents[2]
CIRCUIT = ROOT / "tests" / "missions" / "circuit.plan"

pytestmark = pytest.mark.compiled_only


@pytest.fixture(scope="module")
def study():
    spec = importlib.util.spec_from_file_location("dead_stick", ROOT / "studies" / "dead_stick.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case(study, **changed):
    """Six kilometres south of the runway at 1200 m over it, heading away, calm."""
    standard = {"number": 0, "aircraft": "tb2", "distance": 6000.0, "bearing": math.pi,
                "heading": math.pi, "height": 1500.0, "wind_speed": 0.0, "wind_from": 0.0,
                "turbulence": "none", "load": "heavy"}
    return study.Case(**{**standard, **changed})


@pytest.mark.parametrize(("aircraft", "height", "wind", "turbulence"), [
    ("tb2", 1500.0, 0.0, "none"), ("tb2", 2500.0, 9.0, "moderate"),
    ("akinci", 900.0, 6.0, "light"), ("akinci", 2500.0, 12.0, "none")])
def test_lands_on_the_runway_that_it_reckons_within_reach(study, aircraft, height, wind,
                                                          turbulence):
    landed = study.land(case(study, aircraft=aircraft, height=height, wind_speed=wind,
                             wind_from=1.0, turbulence=turbulence))
    assert landed.reachable
    assert landed.on_runway
    assert abs(landed.lateral) < 15.0
    assert landed.sink < 3.05  # CS 23.473(d), the most that a landing gear is built for
    assert landed.stopped_before_end > 0.0


@pytest.mark.parametrize("wind", [0.0, 8.0])
def test_out_of_reach_it_comes_down_in_one_piece_into_the_wind(study, wind):
    simulation = study.aloft(case(study, height=500.0, distance=9000.0, wind_speed=wind,
                                  wind_from=math.radians(250.0)))
    faults.begin(simulation, "engine")
    simulation.step(1200.0)
    told = [h["message"] for h in simulation.happenings]
    assert any("no runway is within reach" in text for text in told)
    assert simulation.outcome == "landed"
    assert float(simulation.state.status.touchdown_sink) < 3.05
    if wind:
        assert math.degrees(float(simulation.state.flight.heading)) % 360.0 == pytest.approx(
            250.0, abs=20.0)


def test_the_akincis_wheels_are_down_before_it_touches(study):
    simulation = study.aloft(case(study, aircraft="akinci", height=1500.0))
    faults.begin(simulation, "engine")
    while simulation.outcome == "flying" and not simulation.state.gear.weight_on_wheels:
        simulation.step(1.0)
        if PHASE_NAMES[simulation.state.autopilot.modes.phase] == "flare":
            assert simulation.state.actuators.gear == 1.0
    assert float(simulation.state.actuators.gear) == 1.0
    assert not simulation.state.status.off_pavement


def test_empty_tanks_glide_as_well(study):
    simulation = study.aloft(case(study))
    simulation.state.mass.fuel_mass = 0.0
    simulation.step(900.0)
    assert simulation.outcome == "landed"
    assert touchdown(simulation).on_pavement


@pytest.mark.parametrize("aircraft", ["tb2", "akinci"])
def test_sink_of_the_glide_is_the_reckoned_one(study, aircraft):
    """Steady, straight, calm: height lost over way flown, against the autopilot's own figure."""
    simulation = study.aloft(case(study, aircraft=aircraft, height=3000.0, distance=60000.0))
    faults.begin(simulation, "engine")
    simulation.step(120.0)
    state = simulation.state
    height, flown = float(state.flight.altitude_msl), float(state.flight.distance)
    simulation.step(120.0)
    ratio = (float(state.flight.distance) - flown) / (height - float(state.flight.altitude_msl))
    # What the speed shed into denser air carries is left out of the reckoning, 2 % here.
    assert ratio == pytest.approx(float(state.autopilot.glide.reach.ratio), rel=0.035)


def test_stopped_just_after_take_off_it_lands_ahead():
    simulation = Simulation("tb2", CIRCUIT, fuel_kg=100.0)
    while simulation.state.flight.height_above_ground < 40.0:
        simulation.step(0.5)
    faults.begin(simulation, "engine")
    simulation.step(120.0)
    assert simulation.outcome == "landed"
    assert touchdown(simulation).on_pavement
    assert float(simulation.state.status.touchdown_sink) < 3.05


def test_power_again_flies_the_mission_to_its_end():
    simulation = Simulation("tb2", CIRCUIT, fuel_kg=100.0)
    simulation.step(150.0)
    faults.begin(simulation, "engine")
    simulation.step(5.0)
    assert PHASE_NAMES[simulation.state.autopilot.modes.phase] == "gliding"
    faults.end(simulation, "engine")
    simulation.step(2000.0)
    assert simulation.outcome == "landed"
    assert touchdown(simulation).on_pavement


def test_flown_live_it_holds_once_power_is_back():
    simulation = Simulation("tb2", None, fuel_kg=100.0, live=True)
    simulation.step(5.0)
    simulation.order("arm")
    simulation.order("take_off", altitude_msl=900.0)
    simulation.step(300.0)
    simulation.order("fault", name="engine")
    simulation.step(10.0)
    crew = simulation.state.autopilot.crew
    assert int(crew.mode) == 10  # GLIDE
    simulation.order("fault_end", name="engine")
    simulation.step(30.0)
    assert int(crew.mode) == 0  # HOLD
    assert float(simulation.state.engines[0].power) > 1000.0
