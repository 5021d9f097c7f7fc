"""The aircraft parked: on its runway, level with it, at rest over the turning Earth."""

import math

import numpy as np
import pytest
from pymap3d import ecef2enu

from longwatch.simulation.run import Simulation
from longwatch.simulation.start import LINE_UP_DISTANCE


@pytest.fixture
def parked(start):
    sim = start(turbulence="none", fuel_kg=216.0)
    sim.step(0.01, lambda rows: None, log_rate=100.0)
    return sim


def test_stands_on_the_centreline_beyond_the_threshold(parked):
    east, north, _ = ecef2enu(*parked.state.body.position_ecef, 41.129398, 27.905300, 189.0)
    assert math.hypot(east, north) == pytest.approx(LINE_UP_DISTANCE, abs=0.1)
    # From threshold 04 at 41.129398 N 27.905300 E towards 22 at 41.147099 N 27.932600 E.
    course = math.atan2((27.932600 - 27.905300) * math.cos(math.radians(41.138)),
                        41.147099 - 41.129398)
    assert math.atan2(east, north) == pytest.approx(course, abs=3e-3)


@pytest.mark.parametrize(("place", "beyond"), [(1, 80.0), (10, 260.0), (34, 740.0), (35, 60.0)])
def test_several_stand_ahead_of_each_other_on_the_first_quarter(place, beyond):
    """35 places of 20 m: the thresholds of 04 and 22 lie 3023 m apart (Vincenty)."""
    body = Simulation(place=place).state.body
    east, north, _ = ecef2enu(*body.position_ecef, 41.129398, 27.905300, 189.0)
    assert math.hypot(east, north) == pytest.approx(beyond, abs=0.1)


def test_faces_along_the_runway_and_its_slope(parked):
    flight = parked.state.flight
    assert math.degrees(flight.heading) == pytest.approx(49.3, abs=0.7)
    # 500 ft to 574 ft over 9844 ft, and its own stance (studies/gear.py: 1.9 to 2.2 deg nose up,
    # struts square to the body; here square to the ground).
    slope = math.degrees(74.0 / 9844.0)
    assert slope + 1.9 < math.degrees(flight.pitch) < slope + 2.7


def test_stands_in_its_stance_from_the_first_tick(start):
    """Nothing settles: loads are those of statics; only the idling propeller shifts them."""
    sim = start(turbulence="none", fuel_kg=216.0)
    sim.step(0.02)
    first = [float(wheel.load) for wheel in sim.state.gear.wheels]
    sim.step(1.5)
    assert sum(first) == pytest.approx(550.0 * 9.803, rel=0.01)
    assert [float(wheel.load) for wheel in sim.state.gear.wheels] == pytest.approx(first, abs=25.0)


def test_ground_below_is_the_runway(parked):
    flight = parked.state.flight
    assert flight.roll == pytest.approx(0.0, abs=1e-3)
    assert flight.ground_elevation_msl == pytest.approx(500 * 0.3048 + 60 * 74 / 9844, abs=0.05)


def test_is_at_rest_and_turns_with_the_earth(start):
    body = start().state.body
    assert not np.any(body.velocity_ecef)
    assert np.linalg.norm(body.rate_body) == pytest.approx(7.292115e-5, rel=1e-12)


def test_inertial_unit_feels_gravity(start):
    sim = start(turbulence="none", fuel_kg=216.0)
    sim.step(1.6)
    force = np.array(sim.state.sensors.imu[0].specific_force)
    # Somigliana at 41.13 N, less 3.086e-6 a metre for 190 m.
    s2 = math.sin(math.radians(41.1294)) ** 2
    gravity = 9.7803253359 * (1 + 0.00193185265241 * s2) / math.sqrt(1 - 0.00669437999013 * s2)
    assert np.linalg.norm(force) == pytest.approx(gravity - 3.086e-6 * 190.0, abs=0.02)
    assert force[2] < -9.7


def test_mass_is_what_was_loaded(parked):
    assert parked.state.mass.mass == pytest.approx(334.0 + 216.0, abs=1e-3)
