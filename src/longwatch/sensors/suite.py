"""All sensors of one aircraft, each at its own divisor of the 100 Hz tick."""

from longwatch.aircraft.schema import CHANNELS
from longwatch.compiled import compiled
from longwatch.record import field, record
from longwatch.sensors import air_data, altimeter, gnss, imu, magnetometer, systems
from longwatch.sensors.air_data import AirDataSample
from longwatch.sensors.altimeter import AltimeterSample
from longwatch.sensors.gnss import GnssSample
from longwatch.sensors.imu import ImuSample
from longwatch.sensors.magnetometer import MagnetometerSample
from longwatch.sensors.systems import SystemsSample

AIR_DATA_DIVISOR = 2
ALTIMETER_DIVISOR = 5
GNSS_DIVISOR = 10
MAGNETOMETER_DIVISOR = 10


@record
class SensorsState:
    imu: ImuSample = field("", "inertial units", shape=(CHANNELS,))
    gnss: GnssSample = field("", "satellite receivers", shape=(CHANNELS,))
    air_data: AirDataSample = field("", "air data computers", shape=(CHANNELS,))
    magnetometer: MagnetometerSample = field("", "magnetometers", shape=(CHANNELS,))
    altimeter: AltimeterSample = field("", "altimeters", shape=(CHANNELS,))
    systems: SystemsSample = field("", "gauges and switches")


@compiled
def step(sensors, vehicle, tick, body_to_ned, magnetic, gear_height):
    """Take the samples that are due at ``tick``; ``magnetic`` is the field in NED [nT]."""
    imu.sample(sensors.imu, vehicle.body)
    if tick % AIR_DATA_DIVISOR == 0:
        air_data.sample(sensors.air_data, vehicle.flight, vehicle.air)
    if tick % ALTIMETER_DIVISOR == 0:
        altimeter.sample(sensors.altimeter, vehicle.flight.height_above_ground, gear_height)
    if tick % GNSS_DIVISOR == 0:
        gnss.sample(sensors.gnss, vehicle.flight)
    if tick % MAGNETOMETER_DIVISOR == 0:
        magnetometer.sample(sensors.magnetometer, body_to_ned, magnetic[0], magnetic[1],
                            magnetic[2])
    systems.sample(sensors.systems, vehicle.engines, vehicle.electrics, vehicle.mass,
                   vehicle.gear, vehicle.actuators)
