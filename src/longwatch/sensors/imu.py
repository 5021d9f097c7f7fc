"""Inertial measurement unit: mean rate and specific force since the last sample."""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record


@record
class ImuSample:
    valid: b1 = field("", "the channel works")
    rate: f8 = field("rad/s", "inertial rate, body axes", shape=(3,))
    specific_force: f8 = field("m/s2", "specific force, body axes", shape=(3,))


@compiled
def sample(channels, body):
    """Fill every channel from the rigid body's means over the last tick."""
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        for i in range(3):
            channel.rate[i] = body.mean_rate_body[i]
            channel.specific_force[i] = body.specific_force_body[i]
