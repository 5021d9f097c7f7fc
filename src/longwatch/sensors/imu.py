"""Inertial measurement unit: mean rate and specific force since the last sample.

It errs by a bias, drawn once, and by white noise: angle and velocity random walk (IEEE Std
952-1997). Over a sample's time T the mean of white noise has the walk over the root of T.
"""

from math import sqrt

from longwatch.compiled import compiled
from longwatch.random import normal
from longwatch.record import b1, f8, field, record

ROOT_RATE = sqrt(100.0)


@record
class ImuErrors:
    dead: b1 = field("", "it has fallen silent", logged=False)
    rate_bias: f8 = field("rad/s", "added to the rate", shape=(3,), logged=False)
    force_bias: f8 = field("m/s2", "added to the specific force", shape=(3,), logged=False)


@compiled
def sample(channels, body):
    """Fill every channel from the rigid body's means over the last tick."""
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        for i in range(3):
            channel.rate[i] = body.mean_rate_body[i]
            channel.specific_force[i] = body.specific_force_body[i]


@compiled
def err(channel, hidden, stream, accuracy):
    """Add bias and noise to a sample of the truth."""
    rate_noise = accuracy.angle_random_walk * ROOT_RATE
    force_noise = accuracy.velocity_random_walk * ROOT_RATE
    for i in range(3):
        channel.rate[i] += hidden.rate_bias[i] + rate_noise * normal(stream)
        channel.specific_force[i] += hidden.force_bias[i] + force_noise * normal(stream)


@compiled
def spoil(channel, hidden):
    """Silence a dead unit."""
    if hidden.dead:
        channel.valid = False
        for i in range(3):
            channel.rate[i], channel.specific_force[i] = 0.0, 0.0
