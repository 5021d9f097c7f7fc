"""Height above ground, as a laser or radar altimeter gives it, within its range."""

from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record

RANGE = 1500.0


@record
class AltimeterSample:
    valid: b1 = field("", "the ground is within range")
    height_above_ground: f8 = field("m", "wheels over the ground along the vertical")


@compiled
def sample(channels, height_above_ground, gear_height):
    """Fill every channel; zero is where the wheels touch with struts extended."""
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = height_above_ground < RANGE
        channel.height_above_ground = height_above_ground - gear_height
