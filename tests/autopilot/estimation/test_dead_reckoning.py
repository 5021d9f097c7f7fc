"""Without satellites: drift, height and accuracy against closed forms and the truth."""

import math

import numpy as np
import pytest

from longwatch.autopilot.estimation import dead_reckoning as module
from longwatch.autopilot.estimation.dead_reckoning import DeadReckoningState
from longwatch.autopilot.estimation.estimate import Estimate
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.sensors.samples import AirDataSample
from longwatch.simulation.orders import faults
from longwatch.simulation.run import Simulation

MISSION = """QGC WPL 110
0\t1\t0\t16\t0\t0\t0\t0\t41.129398\t27.905300\t152.4\t1
1\t0\t3\t22\t12\t0\t0\t0\t41.147\t27.932\t200\t1
2\t0\t0\t16\t0\t0\t0\t0\t41.20\t28.05\t1000\t1
3\t0\t0\t19\t9000\t0\t900\t0\t41.25\t28.15\t1000\t1
4\t0\t0\t21\t0\t0\t0\t0\t41.1313\t27.9082\t155\t1
"""
# 6 m/s at 10 m grow by (h/10)^(1/7) to this factor from 600 m up (environment/wind.py).
ALOFT = 60.0 ** (1 / 7)


@pytest.fixture(scope="module")
def aloft(tmp_path_factory):
    """A flight on its circle at 1000 m, built anew each time; options as those of Simulation."""
    path = tmp_path_factory.mktemp("reckoning") / "circle.txt"
    path.write_text(MISSION)

    def build(**options):
        sim = Simulation("tb2", path, fuel_kg=100.0, wind="6@270", **options)
        sim.step(900.0)
        return sim

    return build


def drift(sim):
    """Distance of the estimate from the truth [m], and its height above it."""
    truth, estimate = sim.state.flight, sim.state.autopilot.estimate
    away, _ = distance_and_bearing(float(truth.latitude), float(truth.longitude),
                                   float(estimate.latitude), float(estimate.longitude))
    return away, float(estimate.altitude_msl - truth.altitude_msl)


@pytest.mark.compiled_only
def test_drift_is_the_winds_error_times_time(aloft):
    sim = aloft()
    faults.begin(sim, "gnss")
    # From 270 to 318 deg: the vector turns by 48 deg.
    faults.set_wind(sim, 6.0, math.radians(318.0), 0.0)
    error = 2.0 * 6.0 * math.sin(math.radians(24.0)) * ALOFT
    seen = []
    for _ in range(5):
        sim.step(60.0)
        seen.append(drift(sim))
    gained = np.diff([away for away, _ in seen])
    assert gained == pytest.approx(60.0 * error, rel=0.03)
    # What the last fixes left is worth pi T / 2 seconds: dw (t - T gd(t / T)).
    assert seen[-1][0] == pytest.approx(
        error * (300.0 - 0.5 * math.pi * module.SMOOTHING), rel=0.02)
    assert max(abs(height) for _, height in seen) < 1.0
    own = sim.state.autopilot
    assert own.estimate.dead_reckoned and not own.voted.gnss.valid
    assert float(own.estimate.fix_age) == pytest.approx(300.0, abs=0.2)


@pytest.mark.compiled_only
def test_without_a_change_of_wind_it_hardly_drifts(aloft):
    sim = aloft()
    faults.begin(sim, "gnss")
    sim.step(300.0)
    away, height = drift(sim)
    assert 0.0 < away < 10.0
    assert abs(height) < 1.0


@pytest.mark.compiled_only
def test_drift_in_turbulence_stays_within_twice_the_accuracy_stated(aloft):
    for seed in range(4):
        sim = aloft(turbulence="moderate", seed=seed)
        faults.begin(sim, "gnss")
        sim.step(300.0)
        stated = float(sim.state.autopilot.estimate.horizontal_accuracy)
        assert drift(sim)[0] < 2.0 * stated


@pytest.mark.compiled_only
def test_a_fix_that_comes_back_upsets_nothing(aloft):
    sim, rows = aloft(), []
    faults.begin(sim, "gnss")
    faults.set_wind(sim, 6.0, math.radians(318.0), 0.0)
    sim.step(300.0)
    away, _ = drift(sim)
    assert away > 2000.0
    faults.end(sim, "gnss")
    sim.step(60.0, lambda taken: rows.append(taken.copy()))
    flown = np.concatenate(rows)
    truth, estimate = flown["flight"], flown["autopilot"]["estimate"]
    # A level turn back onto the circle, no more: 32 deg of bank pull 1.18 g.
    assert np.degrees(np.abs(truth["roll"])).max() < 35.0
    assert truth["load_factor"].min() > 0.8
    assert truth["load_factor"].max() < 1.45
    assert np.ptp(truth["altitude_msl"]) < 15.0
    assert np.degrees(np.abs(truth["roll"] - estimate["roll"])).max() < 0.2
    assert drift(sim)[0] < 0.5
    told = [h for h in sim.happenings if h["event"] == "fix"]
    assert [h["drift_m"] for h in told] == [pytest.approx(away, rel=0.01)]


@pytest.mark.compiled_only
def test_one_receiver_left_is_enough(aloft):
    sim = aloft()
    faults.begin(sim, "gnss", channel=0)
    faults.begin(sim, "gnss", channel=1)
    sim.step(60.0)
    assert not sim.state.autopilot.estimate.dead_reckoned
    assert drift(sim)[0] < 0.5
    faults.end(sim, "gnss")
    sim.step(1.0)
    assert drift(sim)[0] < 0.5


def test_height_follows_the_standard_atmosphere(estimate):
    """From 1000 m to 1500 m in steps; the hydrostatic sum meets the standard's altitudes."""
    state, sample = DeadReckoningState.zeros()[0], AirDataSample.zeros()[0]
    sample.valid, state.height = True, 1000.0
    for altitude in range(1000, 1501, 5):
        temperature, pressure, _, _ = standard_atmosphere(float(altitude))
        sample.static_pressure, sample.temperature = pressure, temperature
        estimate.altitude_msl = float(altitude)
        module._climb(state, estimate, sample)
    assert state.height == pytest.approx(1500.0, abs=0.1)


def test_accuracy_grows_with_the_assumed_error_of_the_wind(estimate):
    estimate.wind_north, estimate.fix_age = 10.0, 600.0
    module._judge(DeadReckoningState.zeros()[0], estimate)
    late = 600.0 - 0.5 * math.pi * module.SMOOTHING
    assert estimate.horizontal_accuracy == pytest.approx(math.hypot(1.5, late * math.hypot(1, 2)))


@pytest.mark.parametrize("age", [1.0, 5.0, 20.0, 100.0])
def test_time_of_drift_is_the_gains_integral(age):
    """de/dt = K (dw - e), K = tanh(t/T)/T, summed in small steps, and e summed once more."""
    error = drifted = 0.0
    for step in range(int(age * 1000)):
        gain = math.tanh((step + 0.5) * 1e-3 / module.SMOOTHING) / module.SMOOTHING
        error += gain * (1.0 - error) * 1e-3
        drifted += error * 1e-3
    assert module.drift_time(age) == pytest.approx(drifted, rel=2e-3, abs=1e-6)


def reckoned(seconds, on_wheels):
    """Towards north at 45 m/s, heading north; air data say 3 m/s to the east. Offset east [m]."""
    estimate = Estimate.zeros()[0]
    estimate.body_to_ned[:] = estimate.ned[:] = np.eye(3).ravel()
    estimate.air.true_airspeed, estimate.velocity_north = 45.0, 45.0
    estimate.wind_east, estimate.gauges.weight_on_wheels = 3.0, on_wheels
    state, east = DeadReckoningState.zeros()[0], 0.0
    for _ in range(int(seconds * 50)):
        estimate.fix_age += 0.02
        _, gained = module._pull(state, estimate, 0.02)
        estimate.velocity_east += gained
        east += estimate.velocity_east * 0.02
    return east


def test_a_gust_in_the_air_data_leaves_the_last_seconds_of_a_landing_alone():
    """8 s after the fix was lost it is 3 T (1 - gd(1)) off; it was 3 T exp(-1), or 8.8 m."""
    assert reckoned(8.0, False) == pytest.approx(3.0 * 8.0 * (1.0 - 2.0 * math.atan(
        math.tanh(0.5))), rel=0.02)
    assert reckoned(8.0, True) == 0.0
