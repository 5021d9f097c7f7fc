"""Satellite navigation: position on the ellipsoid and velocity over the Earth."""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i8, record


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


@compiled
def sample(channels, flight):
    """Fill every channel from the flight's position and velocity."""
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        channel.count += 1
        channel.latitude, channel.longitude = flight.latitude, flight.longitude
        channel.height_ellipsoid = flight.height_ellipsoid
        channel.velocity_north = flight.velocity_north
        channel.velocity_east = flight.velocity_east
        channel.velocity_down = -flight.vertical_speed
