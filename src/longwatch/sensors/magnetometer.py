"""Magnetometer: the Earth's field in body axes.

It errs by a bias, drawn once (the hard iron that calibration leaves), and by white noise.
"""

from longwatch.compiled import compiled
from longwatch.random import normal
from longwatch.record import b1, f8, field, record


@record
class MagnetometerErrors:
    dead: b1 = field("", "it has fallen silent", logged=False)
    field_bias: f8 = field("nT", "added to the field, body axes", shape=(3,), logged=False)


@compiled
def sample(channels, body_to_ned, magnetic):
    """Fill every channel from the field in NED [nT] and the nine elements of body to NED."""
    m, (north, east, down) = body_to_ned, magnetic
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        channel.field_body[0] = m[0] * north + m[3] * east + m[6] * down
        channel.field_body[1] = m[1] * north + m[4] * east + m[7] * down
        channel.field_body[2] = m[2] * north + m[5] * east + m[8] * down


@compiled
def err(channel, hidden, stream, accuracy):
    """Add bias and noise to a sample of the truth."""
    for i in range(3):
        channel.field_body[i] += hidden.field_bias[i] + accuracy.field_noise * normal(stream)


@compiled
def spoil(channel, hidden):
    """Silence a dead magnetometer."""
    if hidden.dead:
        channel.valid = False
