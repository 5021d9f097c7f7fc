"""Steady wind with a profile: a power law of height up to the gradient height, constant above.

The exponent 1/7 is the customary one for open country in neutral air; A. G. Davenport, "Rationale
for determining design wind velocities", Journal of the Structural Division (ASCE) 86, 1960, has
0.16, and gradient heights of 270 to 520 m by roughness. Here 600 m (both grade: assumed).
"""

import math

import numpy as np

from longwatch.compiled import compiled
from longwatch.errors import SetupError
from longwatch.record import f8, field, record

REFERENCE_HEIGHT = 10.0
EXPONENT = 1.0 / 7.0
GRADIENT_HEIGHT = 600.0


@record
class Wind:
    speed: f8 = field("m/s", "wind speed at the reference height", minimum=0)
    direction_from: f8 = field("rad", "true direction that the wind comes from")
    reference_height: f8 = field("m", "height above ground of the stated speed", minimum=0.1)
    exponent: f8 = field("", "exponent of the power law", minimum=0, maximum=1)
    gradient_height: f8 = field("m", "height above ground where the profile ends", minimum=1)


@compiled
def wind_at(wind, height_above_ground):
    """Velocity (north, east, down) [m/s] of the air at ``height_above_ground`` [m]."""
    if wind.speed == 0.0 or height_above_ground <= 0.0:
        return 0.0, 0.0, 0.0
    ratio = min(height_above_ground, wind.gradient_height) / wind.reference_height
    speed = wind.speed * ratio ** wind.exponent
    return (-speed * math.cos(wind.direction_from), -speed * math.sin(wind.direction_from), 0.0)


def make_wind(speed: float, direction_from: float) -> np.ndarray:
    """One :class:`Wind` (an array of length 1) of ``speed`` [m/s] from ``direction_from`` [rad]."""
    wind: np.ndarray = Wind.zeros()
    wind["speed"] = speed
    wind["direction_from"] = direction_from
    wind["reference_height"] = REFERENCE_HEIGHT
    wind["exponent"] = EXPONENT
    wind["gradient_height"] = GRADIENT_HEIGHT
    return wind


def parse_wind(text: str) -> np.ndarray:
    """One :class:`Wind` (an array of length 1) from "12@270": 12 m/s at 10 m from 270 deg true.

    Raises:
        SetupError: the text is not SPEED@FROM, or a figure is out of range.
    """
    remedy = "write SPEED@FROM, metres per second at 10 m and degrees true, such as 12@270"
    speed_text, at, from_text = text.partition("@")
    try:
        speed, degrees = float(speed_text), float(from_text)
    except ValueError:
        fault = "is not two numbers" if at else "has no @"
        raise SetupError(f'wind "{text}" {fault}: {remedy}') from None
    if not (math.isfinite(speed) and speed >= 0.0):
        raise SetupError(f'wind "{text}": the speed must be a number of at least 0: {remedy}')
    if not 0.0 <= degrees <= 360.0:
        raise SetupError(f'wind "{text}": the direction must lie in 0 to 360: {remedy}')
    return make_wind(speed, math.radians(degrees % 360.0))
