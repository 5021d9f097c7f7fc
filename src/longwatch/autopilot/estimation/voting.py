"""Which of the redundant channels to believe: from the samples to one voted sample of each kind.

Nothing after this chooses a channel. A kind of which no channel is valid keeps its last sample,
marked as not valid.
"""

from longwatch.compiled import compiled
from longwatch.record import field, record
from longwatch.sensors.samples import (
    AirDataSample,
    AltimeterSample,
    GnssSample,
    ImuSample,
    MagnetometerSample,
)


@record
class VotedSamples:
    imu: ImuSample = field("", "inertial unit")
    gnss: GnssSample = field("", "satellite receiver")
    air_data: AirDataSample = field("", "air data computer")
    magnetometer: MagnetometerSample = field("", "magnetometer")
    altimeter: AltimeterSample = field("", "altimeter")


@compiled
def _first_valid(channels):
    """Index of the first valid channel, or -1 where none is."""
    for i in range(len(channels)):
        if channels[i].valid:
            return i
    return -1


@compiled
def _middle(channels):
    """Index of the air data channel whose impact pressure lies in the middle of three.

    The first valid one where fewer are valid, or where they agree; -1 where none is.
    """
    if not (channels[0].valid and channels[1].valid and channels[2].valid):
        return _first_valid(channels)
    a, b, c = (channels[0].impact_pressure, channels[1].impact_pressure,
               channels[2].impact_pressure)
    if (a - b) * (c - a) >= 0.0:
        return 0
    return 1 if (b - a) * (c - b) >= 0.0 else 2


@compiled
def vote_inertial(voted, sensors):
    """Vote upon the inertial units; every tick."""
    channel, to = _first_valid(sensors.imu), voted.imu
    to.valid = channel >= 0
    if channel >= 0:
        sample = sensors.imu[channel]
        for i in range(3):
            to.rate[i] = sample.rate[i]
            to.specific_force[i] = sample.specific_force[i]


@compiled
def vote(voted, sensors):
    """Vote upon every other kind of sensor."""
    _gnss(voted.gnss, sensors.gnss)
    _air_data(voted.air_data, sensors.air_data)
    channel = _first_valid(sensors.magnetometer)
    voted.magnetometer.valid = channel >= 0
    if channel >= 0:
        for i in range(3):
            voted.magnetometer.field_body[i] = sensors.magnetometer[channel].field_body[i]
    channel = _first_valid(sensors.altimeter)
    voted.altimeter.valid = channel >= 0
    if channel >= 0:
        voted.altimeter.height_above_ground = sensors.altimeter[channel].height_above_ground


@compiled
def _gnss(to, channels):
    channel = _first_valid(channels)
    to.valid = channel >= 0
    if channel < 0 or channels[channel].count == to.count:
        return
    fix = channels[channel]
    to.count = fix.count
    to.latitude, to.longitude = fix.latitude, fix.longitude
    to.height_ellipsoid = fix.height_ellipsoid
    to.velocity_north, to.velocity_east = fix.velocity_north, fix.velocity_east
    to.velocity_down = fix.velocity_down


@compiled
def _air_data(to, channels):
    channel = _middle(channels)
    to.valid = channel >= 0
    if channel < 0:
        return
    sample = channels[channel]
    to.static_pressure, to.impact_pressure = sample.static_pressure, sample.impact_pressure
    to.temperature = sample.temperature
    to.alpha, to.beta = sample.alpha, sample.beta
