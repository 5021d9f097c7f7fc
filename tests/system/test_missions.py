"""Whole missions, compiled: every flight lands inside the box that automatic landing is held to."""

import math
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from campaigns import missions
from campaigns.runner import drawn
from longwatch.aircraft.loader import load_datasheet
from longwatch.environment.wind import parse_wind
from longwatch.planning.flight_plan import plan_flight
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only

REPOSITORY = Path(__file__).resolve().parents[2]
CIRCUIT = REPOSITORY / "tests" / "missions" / "circuit.plan"
SHIPPED = REPOSITORY / "missions" / "thrace-watch.plan"
LONGEST = 8 * 3600.0


@pytest.fixture(scope="module")
def tb2():
    return load_datasheet("tb2")


def flown(tb2, mission, wind="0@0", fuel_kg=216.0, payload_kg=0.0, sink=None, **options):
    """The run of a mission, flown to its end."""
    plan = plan_flight(mission, tb2, fuel_kg=fuel_kg, payload_kg=payload_kg, wind=parse_wind(wind))
    sim = Simulation(tb2, plan, fuel_kg=fuel_kg, payload_kg=payload_kg, wind=wind, **options)
    sim.step(LONGEST, sink, log_rate=1.0)
    return sim


def touchdown(sim):
    """Metres past the threshold in use and right of the centreline, by the geodesic."""
    state = sim.state
    runway, end = sim.plan.runways[state.autopilot.approach.runway], state.autopilot.approach.end
    near, far = (np.degrees((runway.latitude[i], runway.longitude[i])) for i in (end, 1 - end))
    course = Geodesic.WGS84.Inverse(*near, *far)["azi1"]
    at = np.degrees((state.status.touchdown_latitude, state.status.touchdown_longitude))
    line = Geodesic.WGS84.Inverse(*near, *at)
    angle = math.radians(line["azi1"] - course)
    return line["s12"] * math.cos(angle), line["s12"] * math.sin(angle)


def assert_landed_in_the_box(sim):
    status, (along, offset) = sim.state.status, touchdown(sim)
    limits = sim.aircraft.datasheet[0].landing_gear
    assert sim.outcome == "landed"
    assert 60.0 <= along <= 823.0
    assert abs(offset) <= 21.0
    assert status.touchdown_sink < 2.5
    assert abs(math.degrees(status.touchdown_bank)) < 8.0
    assert status.touchdown_side_load <= limits.side_load_limit
    assert status.touchdown_vertical_load <= limits.vertical_load_limit
    assert not status.off_pavement


def test_shipped_mission_lands_in_calm_air(tb2):
    rows = []
    sim = flown(tb2, SHIPPED, sink=lambda records: rows.append(records[[
        "clock", "flight", "mass"]].copy()))
    assert_landed_in_the_box(sim)
    reached = [h for h in sim.happenings if h["event"] == "item_reached"]
    assert len(reached) >= len(sim.plan.items)
    rows = np.concatenate(rows)
    # No faster than VNE, no closer to the stall than its margin, no higher than the ceiling.
    airborne = rows[rows["flight"]["height_above_ground"] > 60.0]["flight"]
    assert airborne["calibrated_airspeed"].max() < 67.9
    assert airborne["altitude_msl"].max() < 8229.6
    assert np.degrees(np.abs(airborne["roll"])).max() < 35.0
    mass = np.interp(airborne["distance"], rows["flight"]["distance"], rows["mass"]["mass"])
    stall = np.sqrt(2.0 * mass * 9.80665 / (1.225 * 9.34 * 1.5))
    assert (airborne["calibrated_airspeed"] / stall).min() > 1.1
    # What the judge planned before the flight is what it took.
    assert 216.0 - rows["mass"]["fuel_mass"][-1] == pytest.approx(
        sim.plan.judgement.fuel.needed, rel=0.03)
    # Endurance of 27 h is 8 kg/h: this flight of some 3 h lies near it.
    hours = sim.time / 3600.0
    assert 6.0 < (216.0 - rows["mass"]["fuel_mass"][-1]) / hours < 14.0


@pytest.mark.parametrize(("wind", "turbulence", "payload", "seed"), [
    ("0@0", "none", 0.0, 1), ("12@50", "moderate", 0.0, 2), ("12@320", "moderate", 0.0, 3),
    ("12@140", "moderate", 150.0, 4), ("12@230", "moderate", 150.0, 5),
    ("0@0", "moderate", 0.0, 6)])
def test_circuit_lands_in_wind_and_turbulence(tb2, wind, turbulence, payload, seed):
    fuel = 216.0 if payload else 60.0
    assert_landed_in_the_box(flown(tb2, CIRCUIT, wind, fuel, payload, turbulence=turbulence,
                                   seed=seed))


@pytest.mark.parametrize("wind", ["0@0", "3@230"])
def test_heavy_circuit_lands_downhill(tb2, wind):
    """End 22 falls by 74 ft over 9844 ft: the flare must follow the ground down."""
    sim = flown(tb2, CIRCUIT, wind)
    assert sim.state.autopilot.approach.end == 1
    assert_landed_in_the_box(sim)


def test_wind_turns_both_take_off_and_landing_into_it(tb2):
    # LTBU 04/22 lies at 49 deg true.
    into = {}
    for wind in ("8@50", "8@230"):
        sim = flown(tb2, CIRCUIT, wind, 60.0)
        assert_landed_in_the_box(sim)
        into[wind] = int(sim.plan.items[0].end), int(sim.state.autopilot.approach.end)
    assert into == {"8@50": (0, 0), "8@230": (1, 1)}


def test_the_same_seed_is_the_same_flight(tb2):
    first, again = (flown(tb2, CIRCUIT, "6@90", 60.0, turbulence="light", seed=9)
                    for _ in range(2))
    assert first.state.tobytes() == again.state.tobytes()


# Circles next to each other, one joined while climbing out, turns back over a point, a final that
# is joined far out, a return straight in, light turbulence; 47 km, 42 km and 17 km along the final
# course to the gate.
@pytest.mark.parametrize(("seed", "number"), [
    (100, 756), (100, 844), (101, 213), (100, 331), (101, 67), (101, 3),
    (4713, 224), (4711, 220), (4711, 273)])
def test_a_mission_takes_the_time_and_fuel_that_were_judged(monkeypatch, seed, number):
    found = []

    def faults(sim, judged, fuel):
        burnt = fuel - float(sim.state.mass.fuel_mass)
        found.append((sim.outcome, sim.time / judged.time,
                      burnt / (judged.needed + judged.contingency)))
        return ()

    monkeypatch.setattr(missions, "_faults", faults)
    missions.fly(drawn(seed, number))
    (outcome, time, burnt), = found
    assert outcome == "landed"
    assert time == pytest.approx(1.0, abs=0.1)
    assert 0.85 < burnt < 1.02


def test_a_go_around_on_a_short_mission_was_allowed_for():
    assert missions.fly(drawn(101, 463)).fault == ""
