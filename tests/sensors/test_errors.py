"""What sensors hide: biases and noise against the deviations stated; a stream for each sensor."""

import math

import numpy as np
import pytest

from longwatch.aircraft.accuracy import Sensors
from longwatch.sensors import suite
from longwatch.simulation.vehicle import Vehicle

LEVEL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
KINDS = ("imu", "gnss", "air_data", "magnetometer", "altimeter")
# Every figure of a kind, as (bias or noise of the sample's field, its deviation a sample).
STATED = {
    "imu": {"angle_random_walk": 2e-4, "velocity_random_walk": 1e-3},
    "gnss": {"horizontal_noise": 2.0, "vertical_noise": 4.0, "velocity_noise": 0.1},
    "air_data": {"static_pressure_noise": 10.0, "impact_pressure_noise": 5.0, "vane_noise": 0.003},
    "magnetometer": {"field_noise": 100.0},
    "altimeter": {"height_noise": 0.2},
}
# Deviation of a sample from the truth: the inertial unit's 100 Hz make ten times its random walk.
FOUND = {
    ("imu", "rate"): 2e-3, ("imu", "specific_force"): 1e-2,
    ("gnss", "latitude"): 2.0 / 6371e3, ("gnss", "longitude"): 2.0 / (6371e3 * math.cos(0.7)),
    ("gnss", "height_ellipsoid"): 4.0, ("gnss", "velocity_north"): 0.1,
    ("gnss", "velocity_down"): 0.1, ("air_data", "static_pressure"): 10.0,
    ("air_data", "impact_pressure"): 5.0, ("air_data", "alpha"): 0.003,
    ("air_data", "beta"): 0.003, ("air_data", "temperature"): 0.0,
    ("magnetometer", "field_body"): 100.0, ("altimeter", "height_above_ground"): 0.2,
}


def stated(**kinds):
    """The datasheet's section with figures of some kinds."""
    accuracy = Sensors.zeros()[0]
    for kind, figures in kinds.items():
        for name, value in figures.items():
            accuracy[kind][name] = value
    return accuracy


def drawn(accuracy, seed=3):
    vehicle = Vehicle.zeros()[0]
    vehicle.air.pressure, vehicle.air.temperature = 90000.0, 280.0
    vehicle.flight.latitude, vehicle.flight.height_above_ground = 0.7, 500.0
    vehicle.flight.true_airspeed = 40.0
    suite.draw(vehicle.sensor_errors, vehicle.streams.sensors, accuracy, seed)
    return vehicle


def samples(accuracy, ticks, seed=3):
    """The samples of ticks at which every sensor is due."""
    vehicle, kept = drawn(accuracy, seed), []
    for number in range(ticks):
        suite.step(vehicle, accuracy, 10 * number, LEVEL, (25000.0, 0.0, 40000.0), 1.0)
        kept.append(vehicle.sensors.copy())
    return np.array(kept)


def values(found):
    """Without the bytes between fields, which copies leave to chance."""
    return [found[name].tolist() for name in found.dtype.names]


@pytest.fixture(scope="module")
def noisy():
    return samples(stated(**STATED), 200)


@pytest.mark.parametrize(("kind", "name"), FOUND)
def test_noise_has_the_deviation_stated_about_the_truth(noisy, kind, name):
    """600 samples or more: their deviation is known to 3 %, their mean to 4 % of it."""
    truth = samples(stated(), 1)[0][kind][name][0]
    off = noisy[kind][name] - truth
    assert off.std() == pytest.approx(FOUND[kind, name], rel=0.1, abs=1e-15)
    assert np.abs(off.mean(axis=(0, 1))).max() <= 0.15 * FOUND[kind, name]


def test_biases_have_the_deviation_stated_and_stay(noisy):
    figures = {"imu": {"rate_bias": 0.01, "force_bias": 0.1}, "magnetometer": {"field_bias": 50.0},
               "air_data": {"static_pressure_bias": 30.0, "temperature_bias": 1.0},
               "altimeter": {"height_bias": 0.5}, "systems": {"fuel_bias": 3.0}}
    accuracy = stated(**figures)
    errors = [drawn(accuracy, seed).sensor_errors for seed in range(100)]
    for kind, biases in figures.items():
        for name, deviation in biases.items():
            found = np.array([e[kind][name] for e in errors])
            assert found.std() == pytest.approx(deviation, rel=0.2)
    first, *_, last = samples(accuracy, 3)
    hidden = drawn(accuracy).sensor_errors
    for channel in range(3):
        assert first["imu"]["rate"][channel] == pytest.approx(hidden.imu[channel].rate_bias)
        assert first["air_data"]["temperature"][channel] == pytest.approx(
            280.0 + hidden.air_data[channel].temperature_bias)
    assert first["systems"]["fuel_mass"] == max(float(hidden.systems.fuel_bias), 0.0)
    assert (first["imu"]["rate"] == last["imu"]["rate"]).all()
    assert len({float(x) for x in first["altimeter"]["height_above_ground"]}) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_sensor_draws_from_a_stream_of_its_own(noisy, kind):
    """Whatever the others draw, its samples are the same; the channels of a kind are not alike."""
    alone = samples(stated(**{kind: STATED[kind]}), 20)
    assert values(alone[kind]) == values(noisy[kind][:20])
    for other in set(KINDS) - {kind}:
        assert values(alone[other][:, 0]) == values(alone[other][:, 1])
    assert values(alone[kind][:, 0]) != values(alone[kind][:, 1])
    again = samples(stated(**{kind: STATED[kind]}), 20, seed=4)
    assert values(again[kind]) != values(alone[kind])


def test_no_two_streams_are_the_same():
    streams = drawn(stated()).streams.sensors
    states = [s.state.tobytes() for name in streams.dtype.names
              for s in np.atleast_1d(streams[name])]
    assert len(set(states)) == len(states) == 16


def test_not_given_errors_are_nil():
    hidden = drawn(stated()).sensor_errors
    assert not hidden.erring and not hidden.faulty
    assert drawn(stated(gnss={"velocity_noise": 0.1})).sensor_errors.erring
