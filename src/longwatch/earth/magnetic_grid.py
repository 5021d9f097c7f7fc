"""The World Magnetic Model over a whole grid at once.

Equations 4 to 18 of A. Chulliat et al., The US/UK World Magnetic Model for 2025-2030 (NOAA NCEI,
2024). What depends on latitude (Legendre functions, powers of the radius) and what depends on
longitude meet in one matrix product, so that a whole grid costs little more than a point of it.
Legendre functions of order one and above are kept divided by the cosine of latitude: the poles
are points like others.
"""

import math
from functools import cache
from importlib.resources import files

import numpy as np

from longwatch.earth.wgs84 import WGS84

# The ellipsoid's, and the degree to which the model goes.
A = float(WGS84["semi_major_axis"][0])
FLATTENING = float(WGS84["flattening"][0])
E2 = FLATTENING * (2.0 - FLATTENING)
DEGREE = 12
# The model's geomagnetic reference radius [m].
RADIUS = 6_371_200.0


@cache
def _coefficients(name: str) -> tuple[float, np.ndarray]:
    """Epoch, and g, h and their change a year by [which, n, m] (nT), of a file of pygeomag."""
    head, *lines = (files("pygeomag") / name).read_text(encoding="ascii").splitlines()
    table = np.zeros((4, DEGREE + 1, DEGREE + 1))
    for line in lines:
        values = line.split()
        if len(values) == 6:
            table[:, int(values[0]), int(values[1])] = [float(v) for v in values[2:]]
    return float(head.split()[0]), table


def field_grid(name: str, latitudes: np.ndarray, longitudes: np.ndarray, decimal_year: float,
               height: float) -> np.ndarray:
    """North, east and down components [nT] by [latitude, longitude, component].

    ``latitudes`` (geodetic) and ``longitudes`` in rad, ``height`` above the ellipsoid [m]; ``name``
    of the model's file of coefficients.
    """
    epoch, table = _coefficients(name)
    g, h = table[:2] + (decimal_year - epoch) * table[2:]
    sine, cosine = np.sin(latitudes), np.cos(latitudes)
    normal = A / np.sqrt(1.0 - E2 * sine**2)
    across, up = (normal + height) * cosine, (normal * (1.0 - E2) + height) * sine
    radius = np.hypot(across, up)
    sine_c, cosine_c = up / radius, across / radius
    slope, over, whole = _legendre(sine_c, cosine_c)
    order = np.arange(DEGREE + 1)
    # (a / r)^(n + 2) by [n, 1, latitude], to scale what is by [n, m, latitude].
    power = ((RADIUS / radius)[None, :] ** (order[:, None] + 2))[:, None, :]
    turns = order[:, None] * longitudes[None, :]
    sines, cosines = np.sin(turns), np.cos(turns)

    def summed(weights: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Sum over n at each latitude, then over m at each longitude."""
        scaled = weights * power
        first = np.einsum("nml,nm->lm", scaled, one)
        second = np.einsum("nml,nm->lm", scaled, other)
        found: np.ndarray = first @ cosines + second @ sines
        return found

    north = -summed(slope, g, h)
    east = summed(over * order[None, :, None], -h, g)
    down = -summed(whole * (order + 1)[:, None, None], g, h)
    # From the geocentric vertical to the geodetic one.
    tilt_sine = (sine_c * cosine - cosine_c * sine)[:, None]
    tilt_cosine = (cosine_c * cosine + sine_c * sine)[:, None]
    return np.stack((north * tilt_cosine - down * tilt_sine, east,
                     north * tilt_sine + down * tilt_cosine), axis=-1)


def _legendre(sine: np.ndarray, cosine: np.ndarray
              ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Schmidt semi-normalised Legendre functions by [n, m, latitude].

    Their slope by latitude; themselves over the cosine of latitude (order one and above alone);
    themselves.
    """
    size = DEGREE + 2
    over = np.zeros((size, size, len(sine)))
    zonal = np.zeros((size, len(sine)))
    zonal[0], zonal[1] = 1.0, sine
    for n in range(2, size):
        zonal[n] = ((2 * n - 1) * sine * zonal[n - 1] - (n - 1) * zonal[n - 2]) / n
    for m in range(1, size):
        over[m, m] = 1.0 if m == 1 else (
            math.sqrt((2 * m - 1) / (2 * m)) * cosine * over[m - 1, m - 1])
        for n in range(m + 1, size):
            before = math.sqrt((n - 1)**2 - m**2) * over[n - 2, m] if n > m + 1 else 0.0
            over[n, m] = ((2 * n - 1) * sine * over[n - 1, m] - before) / math.sqrt(n**2 - m**2)
    whole, slope = over * cosine, np.zeros_like(over)
    whole[:, 0] = zonal
    for n in range(1, DEGREE + 1):
        slope[n, 0] = math.sqrt(n * (n + 1) / 2) * cosine * over[n, 1]
        for m in range(1, n + 1):
            slope[n, m] = ((n + 1) * sine * over[n, m]
                           - math.sqrt((n + 1)**2 - m**2) * over[n + 1, m])
    kept = slice(0, DEGREE + 1)
    return slope[kept, kept], over[kept, kept], whole[kept, kept]
