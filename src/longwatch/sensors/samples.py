"""What the sensors report: the only things of the aircraft that the autopilot may read.

What a sensor hides of itself, its bias and its faults, lies in other records, in files from which
the autopilot imports nothing.
"""

from longwatch.aircraft.schema import CHANNELS, ENGINES
from longwatch.record import b1, f8, field, i4, i8, record


@record
class ImuSample:
    valid: b1 = field("", "the channel works")
    rate: f8 = field("rad/s", "inertial rate, body axes", shape=(3,))
    specific_force: f8 = field("m/s2", "specific force, body axes", shape=(3,))


@record
class GnssSample:
    valid: b1 = field("", "a fix is held")
    count: i8 = field("", "fixes since the start; a new one raises it", logged=False)
    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    height_ellipsoid: f8 = field("m", "height over the ellipsoid")
    velocity_north: f8 = field("m/s", "velocity over the Earth, northward")
    velocity_east: f8 = field("m/s", "velocity over the Earth, eastward")
    velocity_down: f8 = field("m/s", "velocity over the Earth, downward")


@record
class AirDataSample:
    valid: b1 = field("", "the channel works")
    static_pressure: f8 = field("Pa", "static pressure")
    impact_pressure: f8 = field("Pa", "total less static pressure")
    temperature: f8 = field("K", "static temperature")
    alpha: f8 = field("rad", "angle of attack vane")
    beta: f8 = field("rad", "sideslip vane")


@record
class MagnetometerSample:
    valid: b1 = field("", "the channel works")
    field_body: f8 = field("nT", "magnetic field, body axes", shape=(3,))


@record
class AltimeterSample:
    valid: b1 = field("", "the ground is within range")
    height_above_ground: f8 = field("m", "wheels over the ground along the vertical")


@record
class SystemsSample:
    engine_speed: f8 = field("rad/s", "crankshaft speed", shape=(ENGINES,))
    engine_torque: f8 = field("N m", "torque at the crankshaft", shape=(ENGINES,))
    engine_running: i4 = field("", "1 while it burns, by its gas temperature", shape=(ENGINES,))
    fuel_flow: f8 = field("kg/s", "fuel flow meter", shape=(ENGINES,))
    battery_voltage: f8 = field("V", "voltage of the battery")
    battery_power: f8 = field("W", "power out of the battery, negative while it charges")
    battery_energy: f8 = field("J", "energy left in the battery, by its own count")
    gear: f8 = field("", "landing gear, 0 up to 1 down and locked")
    fuel_mass: f8 = field("kg", "fuel gauge")
    ruddervators: f8 = field("rad", "servo feedback, trailing edge down", shape=(2,),
                             labels=("left", "right"))
    weight_on_wheels: b1 = field("", "a main wheel carries load")


@record
class SensorsState:
    imu: ImuSample = field("", "inertial units", shape=(CHANNELS,))
    gnss: GnssSample = field("", "satellite receivers", shape=(CHANNELS,))
    air_data: AirDataSample = field("", "air data computers", shape=(CHANNELS,))
    magnetometer: MagnetometerSample = field("", "magnetometers", shape=(CHANNELS,))
    altimeter: AltimeterSample = field("", "altimeters", shape=(CHANNELS,))
    systems: SystemsSample = field("", "gauges and switches")
