"""US Standard Atmosphere 1976, from 5 km below sea level to 84.852 geopotential km.

Source: U.S. Standard Atmosphere, 1976, NOAA/NASA/USAF, NOAA-S/T 76-1562: constants of table 2,
layers of table 4, equations 18 (geopotential), 23 (temperature), 33a and 33b (pressure), 42
(density), 50 (speed of sound). Beyond both ends the last value holds. Altitudes are geometric
unless the name says geopotential.
"""

import math

from longwatch.compiled import compiled
from longwatch.earth.standard import (
    GRAVITY,
    HEAT_RATIO,
    SEA_LEVEL_PRESSURE,
    SEA_LEVEL_TEMPERATURE,
)

EARTH_RADIUS = 6356766.0
GAS_CONSTANT = 8314.32 / 28.9644
SEA_LEVEL_DENSITY = SEA_LEVEL_PRESSURE / (GAS_CONSTANT * SEA_LEVEL_TEMPERATURE)
LOWEST, HIGHEST = -5000.0, 84852.0

_GMR = GRAVITY / GAS_CONSTANT
_INVERSE_RADIUS = 1.0 / EARTH_RADIUS
_INVERSE_SEA_LEVEL_DENSITY = 1.0 / SEA_LEVEL_DENSITY
_BASES = (0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0)
_LAPSES = (-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002)


def _layers():
    """Temperature and pressure at the foot of each layer, and the exponent of its pressure law."""
    temperature, pressure = SEA_LEVEL_TEMPERATURE, SEA_LEVEL_PRESSURE
    temperatures, pressures, exponents = [], [], []
    for base, top, lapse in zip(_BASES, (*_BASES[1:], HIGHEST), _LAPSES, strict=True):
        temperatures.append(temperature)
        pressures.append(pressure)
        exponents.append(-_GMR / lapse if lapse else -_GMR / temperature)
        warmer = temperature + lapse * (top - base)
        pressure *= ((warmer / temperature) ** exponents[-1] if lapse
                     else math.exp(exponents[-1] * (top - base)))
        temperature = warmer
    return tuple(temperatures), tuple(pressures), tuple(exponents)


_TEMPERATURES, _PRESSURES, _EXPONENTS = _layers()
_INVERSE_TEMPERATURES = tuple(1.0 / t for t in _TEMPERATURES)


@compiled
def standard_atmosphere(altitude_msl):
    """(temperature [K], pressure [Pa], density [kg/m3], speed of sound [m/s]) at an altitude [m].

    ``altitude_msl`` is geometric, above mean sea level.
    """
    geopotential = altitude_msl / (1.0 + altitude_msl * _INVERSE_RADIUS)
    geopotential = min(max(geopotential, LOWEST), HIGHEST)
    i = 0
    while i < 6 and geopotential > _BASES[i + 1]:
        i += 1
    above = geopotential - _BASES[i]
    temperature = _TEMPERATURES[i] + _LAPSES[i] * above
    if _LAPSES[i] == 0.0:
        pressure = _PRESSURES[i] * math.exp(_EXPONENTS[i] * above)
    else:
        ratio = temperature * _INVERSE_TEMPERATURES[i]
        pressure = _PRESSURES[i] * math.exp(_EXPONENTS[i] * math.log(ratio))
    energy = GAS_CONSTANT * temperature
    return temperature, pressure, pressure / energy, math.sqrt(HEAT_RATIO * energy)


@compiled
def pressure_altitude(pressure):
    """Pressure altitude [m]: the geopotential altitude where the atmosphere has ``pressure`` [Pa].

    Geopotential as altimeters are calibrated: 10 m less than geometric at 8 km. Pressures
    outside the atmosphere's range give its ends.
    """
    i = 0
    while i < 6 and pressure < _PRESSURES[i + 1]:
        i += 1
    if pressure <= 0.0:
        return HIGHEST
    logarithm = math.log(pressure / _PRESSURES[i])
    if _LAPSES[i] == 0.0:
        above = logarithm / _EXPONENTS[i]
    else:
        above = (math.exp(logarithm / _EXPONENTS[i]) - 1.0) * _TEMPERATURES[i] / _LAPSES[i]
    return min(max(_BASES[i] + above, LOWEST), HIGHEST)


@compiled
def density_ratio(altitude_msl):
    """Density at geometric ``altitude_msl`` [m] over density at sea level."""
    return standard_atmosphere(altitude_msl)[2] * _INVERSE_SEA_LEVEL_DENSITY
