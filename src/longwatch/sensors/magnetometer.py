"""Magnetometer: the Earth's field in body axes."""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record


@record
class MagnetometerSample:
    valid: b1 = field("", "the channel works")
    field_body: f8 = field("nT", "magnetic field, body axes", shape=(3,))


@compiled
def sample(channels, body_to_ned, north, east, down):
    """Fill every channel from the field in NED [nT] and the nine elements of body to NED."""
    m = body_to_ned
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = True
        channel.field_body[0] = m[0] * north + m[3] * east + m[6] * down
        channel.field_body[1] = m[1] * north + m[4] * east + m[7] * down
        channel.field_body[2] = m[2] * north + m[5] * east + m[8] * down
