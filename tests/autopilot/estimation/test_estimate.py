"""The estimate against the truth of a flight."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot.aboard.plan import PlanHeader
from longwatch.autopilot.estimation.air_data import AirspeedCheckState
from longwatch.autopilot.estimation.estimate import describe, stall_speed
from longwatch.autopilot.estimation.voting import VotedSamples
from longwatch.earth.geoid import geoid_table
from longwatch.planning.flight_plan import plan_flight
from longwatch.sensors.samples import SystemsSample
from longwatch.simulation.run import Simulation

WATCHED = ("latitude", "longitude", "altitude_msl", "velocity_north", "velocity_east", "roll",
           "pitch", "heading")
CIRCUIT = """QGC WPL 110
0\t1\t0\t16\t0\t0\t0\t0\t41.129398\t27.905300\t152.4\t1
1\t0\t3\t22\t12\t0\t0\t0\t41.147\t27.932\t200\t1
2\t0\t0\t16\t0\t0\t0\t0\t41.20\t28.05\t700\t1
3\t0\t0\t18\t2\t0\t500\t0\t41.22\t28.00\t900\t1
4\t0\t0\t21\t0\t0\t0\t0\t41.1313\t27.9082\t155\t1
"""


def compared(sim, seconds):
    """Estimate less truth [m, m/s, rad] while the aircraft flies, one row an instant."""
    rows = []

    def keep(records):
        kept = records[records["autopilot"]["estimate"]["aligned"]]
        truth, estimate = kept["flight"], kept["autopilot"]["estimate"]
        off = np.stack([estimate[name] - truth[name] for name in WATCHED], axis=1)
        off[:, 0] *= 6.36e6
        off[:, 1] *= 6.38e6 * np.cos(truth["latitude"])
        off[:, 5:] = np.arctan2(np.sin(off[:, 5:]), np.cos(off[:, 5:]))
        wind = np.stack([estimate["wind_north"], estimate["wind_east"], truth["true_airspeed"]], 1)
        rows.append(np.hstack([off, wind, kept["clock"]["time"][:, None]]))

    sim.step(seconds, keep)
    return np.vstack(rows)


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("estimate") / "circuit.txt"
    path.write_text(CIRCUIT)
    return path


def build(plan_file, **options):
    aircraft = load_datasheet("tb2")
    plan = plan_flight(plan_file, aircraft, fuel_kg=100.0)
    return Simulation(aircraft, plan, fuel_kg=100.0, **options)


def test_attitude_is_known_before_the_take_off_begins(plan_file):
    off = compared(build(plan_file), 2.05)
    # The mission starts after two seconds on the runway.
    assert off[0, -1] <= 2.0
    assert np.max(np.abs(off[-1, :3])) < 0.05
    assert np.max(np.abs(np.degrees(off[-1, 5:8]))) < 0.5


@pytest.mark.compiled_only
def test_holds_the_truth_through_a_turbulent_flight(plan_file):
    sim = build(plan_file, turbulence="moderate", wind="8@300", seed=3)
    off = compared(sim, 3000.0)
    assert sim.outcome == "landed"
    # Turns, climb and landing at up to 30 deg of bank; the sensors have no errors as yet.
    rolling, settled = off[off[:, -1] > 2.0], off[off[:, -1] > 60.0]
    assert np.max(np.abs(rolling[:, :3])) < 0.1
    assert np.max(np.abs(np.degrees(rolling[:, 5:8]))) < 0.7
    assert np.max(np.abs(settled[:, :5])) < 0.01
    assert np.max(np.abs(np.degrees(settled[:, 5:8]))) < 0.02


@pytest.mark.compiled_only
def test_finds_the_steady_wind(plan_file):
    sim = build(plan_file, wind="8@270")
    off = compared(sim, 300.0)
    aloft = off[(off[:, -1] > 150.0)]
    # 8 m/s at 10 m grow by (h/10)^(1/7): 14.3 m/s from 600 m up, 13.7 at 430 m.
    assert np.max(np.abs(aloft[-200:, 8])) < 0.5
    assert np.mean(aloft[-200:, 9]) == pytest.approx(8.0 * 55.0 ** (1 / 7), rel=0.05)


def test_mass_is_what_was_entered_and_gauged(estimate, put, sheet, earth):
    put(0.7, 0.5, 1000.0)
    header, systems = PlanHeader.zeros()[0], SystemsSample.zeros()[0]
    header.payload_mass, systems.fuel_mass = 80.0, 120.0
    describe(estimate, AirspeedCheckState.zeros()[0], VotedSamples.zeros()[0], systems, sheet,
             header, earth, geoid_table(), 0.02)
    assert estimate.mass == pytest.approx(334.0 + 80.0 + 120.0)
    assert not estimate.ground_valid
    # Lift of CL_max carries it at the stall: 0.5 1.225 V^2 9.34 1.5 = 534 g.
    assert stall_speed(estimate, sheet) == pytest.approx(
        math.sqrt(534.0 * 9.80665 / (0.5 * 1.225 * 9.34 * 1.5)))
