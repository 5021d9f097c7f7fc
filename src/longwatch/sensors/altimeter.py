"""Height above ground, as a laser or radar altimeter gives it, within its range.

It errs by a bias, drawn once, and by white noise.
"""

from longwatch.compiled import compiled
from longwatch.random import normal
from longwatch.record import b1, f8, field, record

RANGE = 1500.0


@record
class AltimeterErrors:
    dead: b1 = field("", "it has fallen silent", logged=False)
    height_bias: f8 = field("m", "added to the height", logged=False)


@compiled
def sample(channels, height_above_ground, gear_height):
    """Fill every channel; zero is where the wheels touch with struts extended."""
    for number in range(len(channels)):
        channel = channels[number]
        channel.valid = height_above_ground < RANGE
        channel.height_above_ground = height_above_ground - gear_height


@compiled
def err(channel, hidden, stream, accuracy):
    """Add bias and noise to a sample of the truth."""
    channel.height_above_ground += hidden.height_bias + accuracy.height_noise * normal(stream)


@compiled
def spoil(channel, hidden):
    """Silence a dead altimeter."""
    if hidden.dead:
        channel.valid = False
