"""Every sensor of the suite on a vehicle whose truth is set by hand."""

import math

import numpy as np
import pytest

from longwatch.aircraft.accuracy import Sensors
from longwatch.earth.frames import matrix_from_quaternion, quaternion_from_euler
from longwatch.sensors import suite
from longwatch.sensors.altimeter import RANGE
from longwatch.simulation.vehicle import Vehicle

FIELD = (25000.0, 2500.0, 40000.0)
LEVEL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.fixture
def vehicle():
    made = Vehicle.zeros()[0]
    made.body.specific_force_body[:] = (0.1, 0.2, -9.8)
    made.body.mean_rate_body[:] = (0.01, -0.02, 0.03)
    made.air.pressure, made.air.temperature = 90000.0, 280.0
    made.flight.true_airspeed, made.flight.alpha, made.flight.beta = 40.0, 0.05, -0.02
    made.flight.latitude, made.flight.longitude = 0.7, 0.5
    made.flight.height_ellipsoid, made.flight.height_above_ground = 800.0, 500.0
    made.flight.velocity_north, made.flight.velocity_east = 30.0, -20.0
    made.flight.vertical_speed = 2.0
    made.mass.fuel_mass, made.engines[0].speed = 120.0, 480.0
    made.engines[0].torque, made.engines[0].running, made.actuators.gear = 90.0, True, 0.4
    made.gear.weight_on_wheels = True
    return made


def step(vehicle, tick, body_to_ned=LEVEL, gear_height=1.1):
    suite.step(vehicle, Sensors.zeros()[0], tick, body_to_ned, FIELD, gear_height)
    return vehicle.sensors


def test_every_channel_carries_the_truth(vehicle):
    sensors = step(vehicle, 0)
    for channel in range(3):
        assert sensors.imu[channel].specific_force.tolist() == [0.1, 0.2, -9.8]
        assert sensors.imu[channel].rate.tolist() == [0.01, -0.02, 0.03]
        fix = sensors.gnss[channel]
        assert (fix.latitude, fix.longitude, fix.height_ellipsoid) == (0.7, 0.5, 800.0)
        # Climbing is a negative velocity downward.
        assert (fix.velocity_north, fix.velocity_east, fix.velocity_down) == (30.0, -20.0, -2.0)
        air = sensors.air_data[channel]
        assert (air.static_pressure, air.temperature, air.alpha, air.beta) == (
            90000.0, 280.0, 0.05, -0.02)
        assert sensors.altimeter[channel].height_above_ground == pytest.approx(498.9)
        assert all(sensors[name][channel].valid
                   for name in ("imu", "gnss", "air_data", "magnetometer", "altimeter"))
    systems = sensors.systems
    assert (systems.fuel_mass, systems.engine_speed[0], bool(systems.weight_on_wheels)) == (
        120.0, 480.0, True)
    assert (systems.engine_torque[0], systems.gear) == (90.0, 0.4)
    assert systems.engine_running.tolist() == [1, 0]


def test_each_samples_at_its_own_rate(vehicle):
    """In one second: 100 inertial, 50 air data, 20 altimeter, 10 GNSS and magnetometer samples."""
    taken = {"imu": 0, "air_data": 0, "altimeter": 0, "gnss": 0, "magnetometer": 0}
    for tick in range(100):
        for name in taken:
            vehicle.sensors[name][1].valid = False
        step(vehicle, tick)
        for name in taken:
            taken[name] += bool(vehicle.sensors[name][1].valid)
    assert taken == {"imu": 100, "air_data": 50, "altimeter": 20, "gnss": 10, "magnetometer": 10}
    assert vehicle.sensors.gnss[0].count == 10


def test_altimeter_is_blind_beyond_its_range(vehicle):
    vehicle.flight.height_above_ground = RANGE + 1.0
    assert not step(vehicle, 0).altimeter[0].valid


@pytest.mark.parametrize(("roll", "pitch", "yaw"), [(0.0, 0.0, 1.2), (0.4, -0.2, -2.5)])
def test_magnetometer_turns_with_the_body(vehicle, roll, pitch, yaw):
    m = matrix_from_quaternion(*quaternion_from_euler(roll, pitch, yaw))
    measured = np.array(step(vehicle, 0, m).magnetometer[2].field_body)
    # Rotations one after the other: yaw, pitch, roll, each by its own matrix.
    cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (math.cos, math.sin))
    about_z = np.array([[cy, sy, 0], [-sy, cy, 0], [0, 0, 1]])
    about_y = np.array([[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]])
    about_x = np.array([[1, 0, 0], [0, cr, sr], [0, -sr, cr]])
    assert measured == pytest.approx(about_x @ about_y @ about_z @ FIELD, rel=1e-12)
