"""How far an aircraft's sensors err: the section ``[sensors]`` of its datasheet.

Biases are drawn once a flight, noise at each sample; both are normal, and what is stated is their
standard deviation, or the root of the density of noise that is white. What a sensor draws is its
own secret (``longwatch.sensors``); what stands here, its maker's promise, anyone may read.
"""

from longwatch.record import f8, field, record


@record
class ImuAccuracy:
    rate_bias: f8 = field("rad/s", "bias of the rate about each axis at power-up, standard "
                                   "deviation", minimum=0, maximum=0.1, default=0.0)
    force_bias: f8 = field("m/s2", "bias of the specific force along each axis at power-up, "
                                   "standard deviation", minimum=0, maximum=1, default=0.0)
    angle_random_walk: f8 = field("rad/s0.5", "white noise of the rate, root of its density",
                                  minimum=0, maximum=0.01, default=0.0)
    velocity_random_walk: f8 = field("m/s1.5", "white noise of the specific force, root of its "
                                               "density", minimum=0, maximum=0.1, default=0.0)


@record
class GnssAccuracy:
    horizontal_noise: f8 = field("m", "noise of the position along each horizontal axis, standard "
                                      "deviation", minimum=0, maximum=100, default=0.0)
    vertical_noise: f8 = field("m", "noise of the height, standard deviation", minimum=0,
                               maximum=200, default=0.0)
    velocity_noise: f8 = field("m/s", "noise of the velocity along each axis, standard deviation",
                               minimum=0, maximum=10, default=0.0)


@record
class AirDataAccuracy:
    static_pressure_bias: f8 = field("Pa", "bias of the static pressure, standard deviation",
                                     minimum=0, maximum=2000, default=0.0)
    static_pressure_noise: f8 = field("Pa", "noise of the static pressure, standard deviation",
                                      minimum=0, maximum=500, default=0.0)
    impact_pressure_bias: f8 = field("Pa", "bias of the impact pressure, standard deviation",
                                     minimum=0, maximum=500, default=0.0)
    impact_pressure_noise: f8 = field("Pa", "noise of the impact pressure, standard deviation",
                                      minimum=0, maximum=500, default=0.0)
    temperature_bias: f8 = field("K", "bias of the temperature, standard deviation", minimum=0,
                                 maximum=10, default=0.0)
    alpha_bias: f8 = field("rad", "bias of the angle of attack vane, standard deviation",
                           minimum=0, maximum=0.1, default=0.0)
    beta_bias: f8 = field("rad", "bias of the sideslip vane, standard deviation", minimum=0,
                          maximum=0.1, default=0.0)
    vane_noise: f8 = field("rad", "noise of each vane, standard deviation", minimum=0,
                           maximum=0.1, default=0.0)


@record
class MagnetometerAccuracy:
    field_bias: f8 = field("nT", "bias of the field along each axis, standard deviation",
                           minimum=0, maximum=10e3, default=0.0)
    field_noise: f8 = field("nT", "noise of the field along each axis, standard deviation",
                            minimum=0, maximum=10e3, default=0.0)


@record
class AltimeterAccuracy:
    height_bias: f8 = field("m", "bias of the height, standard deviation", minimum=0, maximum=10,
                            default=0.0)
    height_noise: f8 = field("m", "noise of the height, standard deviation", minimum=0,
                             maximum=10, default=0.0)


@record
class SystemsAccuracy:
    fuel_bias: f8 = field("kg", "bias of the fuel gauge, standard deviation", minimum=0,
                          maximum=100, default=0.0)


@record
class Sensors:
    """How far the sensors err, alike in every channel; a figure that is not given is nil."""

    imu: ImuAccuracy = field("", "inertial units")
    gnss: GnssAccuracy = field("", "satellite receivers")
    air_data: AirDataAccuracy = field("", "air data computers")
    magnetometer: MagnetometerAccuracy = field("", "magnetometers")
    altimeter: AltimeterAccuracy = field("", "altimeters")
    systems: SystemsAccuracy = field("", "gauges")
