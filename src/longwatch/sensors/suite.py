"""All sensors of one aircraft, each at its own divisor of the 100 Hz tick, and what they hide."""

from typing import Any

import numpy as np

from longwatch.aircraft.schema import CHANNELS
from longwatch.compiled import compiled
from longwatch.random import RandomStream, normal, seed_stream
from longwatch.record import b1, field, record
from longwatch.sensors import air_data, altimeter, gnss, imu, magnetometer, systems
from longwatch.sensors.air_data import AirDataErrors
from longwatch.sensors.altimeter import AltimeterErrors
from longwatch.sensors.gnss import GnssErrors
from longwatch.sensors.imu import ImuErrors
from longwatch.sensors.magnetometer import MagnetometerErrors
from longwatch.sensors.systems import SystemsErrors

AIR_DATA_DIVISOR = 2
ALTIMETER_DIVISOR = 5
GNSS_DIVISOR = 10
MAGNETOMETER_DIVISOR = 10
# Numbers of the sensors' random streams: of the first kind from here on, then ten a kind.
FIRST_STREAM, STREAMS_A_KIND = 100, 10


@record
class SensorErrors:
    """What the sensors hide, of the truth's side of the wall."""

    erring: b1 = field("", "samples are not the truth", logged=False)
    faulty: b1 = field("", "a fault acts that is looked at every tick", logged=False)
    imu: ImuErrors = field("", "inertial units", shape=(CHANNELS,))
    gnss: GnssErrors = field("", "satellite receivers", shape=(CHANNELS,))
    air_data: AirDataErrors = field("", "air data computers", shape=(CHANNELS,))
    magnetometer: MagnetometerErrors = field("", "magnetometers", shape=(CHANNELS,))
    altimeter: AltimeterErrors = field("", "altimeters", shape=(CHANNELS,))
    systems: SystemsErrors = field("", "gauges")


@record
class SensorStreams:
    """A stream of random numbers for each sensor."""

    imu: RandomStream = field("", "inertial units", shape=(CHANNELS,), logged=False)
    gnss: RandomStream = field("", "satellite receivers", shape=(CHANNELS,), logged=False)
    air_data: RandomStream = field("", "air data computers", shape=(CHANNELS,), logged=False)
    magnetometer: RandomStream = field("", "magnetometers", shape=(CHANNELS,), logged=False)
    altimeter: RandomStream = field("", "altimeters", shape=(CHANNELS,), logged=False)
    systems: RandomStream = field("", "gauges", logged=False)


def draw(errors: Any, streams: Any, accuracy: Any, seed: int) -> None:
    """Seed every sensor's stream, and draw its biases: the datasheet gives their deviation.

    Args:
        errors: the SensorErrors record.
        streams: the SensorStreams record.
        accuracy: the datasheet's section ``sensors``.
        seed: of the run.
    """
    for kind, name in enumerate(streams.dtype.names):
        own, stated = np.atleast_1d(errors[name]), accuracy[name]
        for channel, stream in enumerate(np.atleast_1d(streams[name])):
            seed_stream(stream, seed, FIRST_STREAM + STREAMS_A_KIND * kind + channel)
            hidden = own[channel]
            for bias in (n for n in stated.dtype.names if n in hidden.dtype.names):
                drawn = [float(stated[bias]) * normal(stream)
                         for _ in range(max(hidden[bias].size, 1))]
                hidden[bias] = drawn if hidden[bias].shape else drawn[0]
        errors.erring |= any(float(stated[n]) > 0.0 for n in stated.dtype.names)


@compiled
def step(vehicle, accuracy, tick, body_to_ned, magnetic, gear_height):
    """Take the samples that are due at ``tick``; ``magnetic`` is the field in NED [nT].

    ``accuracy`` is the datasheet's section ``sensors``.
    """
    sensors, errors = vehicle.sensors, vehicle.sensor_errors
    imu.sample(sensors.imu, vehicle.body)
    if tick % AIR_DATA_DIVISOR == 0:
        air_data.sample(sensors.air_data, vehicle.flight, vehicle.air)
    if tick % ALTIMETER_DIVISOR == 0:
        altimeter.sample(sensors.altimeter, vehicle.flight.height_above_ground, gear_height)
    if tick % GNSS_DIVISOR == 0:
        gnss.sample(sensors.gnss, vehicle.flight)
    if tick % MAGNETOMETER_DIVISOR == 0:
        magnetometer.sample(sensors.magnetometer, body_to_ned, magnetic)
    systems.sample(sensors.systems, vehicle.engines, vehicle.electrics, vehicle.mass,
                   vehicle.gear, vehicle.actuators)
    if errors.erring:
        _err(sensors, errors, vehicle.streams.sensors, accuracy, tick)
    if errors.faulty:
        _spoil(sensors, errors, tick)


@compiled
def _err(sensors, errors, streams, accuracy, tick):
    """Add what each sensor hides to the samples just taken."""
    for i in range(CHANNELS):
        imu.err(sensors.imu[i], errors.imu[i], streams.imu[i], accuracy.imu)
        if tick % AIR_DATA_DIVISOR == 0:
            air_data.err(sensors.air_data[i], errors.air_data[i], streams.air_data[i],
                         accuracy.air_data)
        if tick % ALTIMETER_DIVISOR == 0:
            altimeter.err(sensors.altimeter[i], errors.altimeter[i], streams.altimeter[i],
                          accuracy.altimeter)
        if tick % GNSS_DIVISOR == 0:
            gnss.err(sensors.gnss[i], streams.gnss[i], accuracy.gnss)
        if tick % MAGNETOMETER_DIVISOR == 0:
            magnetometer.err(sensors.magnetometer[i], errors.magnetometer[i],
                             streams.magnetometer[i], accuracy.magnetometer)
    systems.err(sensors.systems, errors.systems)


@compiled
def _spoil(sensors, errors, tick):
    """Change the samples just taken as the faults in force do."""
    for i in range(CHANNELS):
        imu.spoil(sensors.imu[i], errors.imu[i])
        if tick % GNSS_DIVISOR == 0:
            gnss.spoil(sensors.gnss[i], errors.gnss[i])
        if tick % AIR_DATA_DIVISOR == 0:
            air_data.spoil(sensors.air_data[i], errors.air_data[i])
        magnetometer.spoil(sensors.magnetometer[i], errors.magnetometer[i])
        altimeter.spoil(sensors.altimeter[i], errors.altimeter[i])
