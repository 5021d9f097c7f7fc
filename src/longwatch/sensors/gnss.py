"""Satellite navigation: position on the ellipsoid and velocity over the Earth.

It errs by white noise of position and velocity.
"""

from math import cos

from longwatch.compiled import compiled
from longwatch.random import normal
from longwatch.record import b1, field, record

# Metres of noise become angles on a sphere [m].
EARTH_RADIUS = 6371e3
LEAST_COSINE = 1e-6


@record
class GnssErrors:
    lost: b1 = field("", "it holds no fix", logged=False)


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


@compiled
def err(channel, stream, accuracy):
    """Add noise to a sample of the truth."""
    along = accuracy.horizontal_noise / EARTH_RADIUS
    across = along / max(cos(channel.latitude), LEAST_COSINE)
    channel.latitude += along * normal(stream)
    channel.longitude += across * normal(stream)
    channel.height_ellipsoid += accuracy.vertical_noise * normal(stream)
    channel.velocity_north += accuracy.velocity_noise * normal(stream)
    channel.velocity_east += accuracy.velocity_noise * normal(stream)
    channel.velocity_down += accuracy.velocity_noise * normal(stream)


@compiled
def spoil(channel, hidden):
    """Take the fix just given away from a receiver that holds none."""
    if hidden.lost:
        channel.valid = False
        channel.count -= 1
        channel.latitude, channel.longitude, channel.height_ellipsoid = 0.0, 0.0, 0.0
        channel.velocity_north, channel.velocity_east, channel.velocity_down = 0.0, 0.0, 0.0
