"""The Earth's magnetic field around a flight: the World Magnetic Model on a grid.

Source: A. Chulliat et al., The US/UK World Magnetic Model for 2025-2030 (NOAA NCEI, 2024) and its
forerunners for the years from 2010 on, with the coefficients that the library pygeomag ships.
The model is evaluated once, before the flight; aboard, a bilinear look-up is left. Between
the nodes it is within 12 nT up to 80 deg of latitude (300 random cells); from the ground to 9 km
the field itself weakens by some 0.5 %.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from longwatch.compiled import compiled
from longwatch.earth.magnetic_grid import field_grid
from longwatch.errors import SetupError

# Height that the field is taken at [m above the ellipsoid]. Grade: assumed.
HEIGHT = 1500.0
# The model of each five years, by its first; 2015's in its corrected second version.
_COEFFICIENTS = {2025: "wmm/WMM_2025.COF", 2020: "wmm/WMM_2020.COF", 2015: "wmm/WMM_2015v2.COF",
                 2010: "wmm/WMM_2010.COF"}
FIRST_YEAR, LAST_YEAR = 2010.0, 2030.0
_NODES_MAXIMUM = 40000
# Horizontal field [nT] below which the World Magnetic Model warns of compasses (caution zone), and
# below which it tells not to use them (blackout zone).
CAUTION, BLACKOUT = 6000.0, 2000.0
# No caution zone reaches nearer to the equator than this [rad]: 58 deg south in 2026.
NO_CAUTION_WITHIN = math.radians(50.0)


@dataclass(frozen=True)
class MagneticTable:
    """Field on a grid of latitudes and longitudes, as :func:`magnetic_field_ned` takes it.

    Attributes:
        values: north, east and down components [nT], shape (rows, columns, 3), read only.
        first_latitude, first_longitude: the south-west node [rad].
        step: distance of neighbouring nodes [rad].
        decimal_year: date of the field.
        height_ellipsoid: height of the grid [m].
    """

    values: np.ndarray
    first_latitude: float
    first_longitude: float
    step: float
    decimal_year: float
    height_ellipsoid: float


def magnetic_table(latitude_min: float, latitude_max: float, longitude_min: float,
                   longitude_max: float, decimal_year: float, *,
                   height_ellipsoid: float = HEIGHT) -> MagneticTable:
    """The field over a region [rad] at a date, on whole degrees that enclose it.

    A region across the date line has ``longitude_max`` beyond pi.

    Raises:
        SetupError: the region is empty or too large, or the date lies outside 2010 to 2030.
    """
    south, west = (math.floor(math.degrees(x) + 1e-9) for x in (latitude_min, longitude_min))
    north, east = (math.ceil(math.degrees(x) - 1e-9) for x in (latitude_max, longitude_max))
    south, north = max(south, -90), min(max(north, south + 1), 90)
    east = max(east, west + 1)
    if not FIRST_YEAR <= decimal_year <= LAST_YEAR:
        raise SetupError(f"no magnetic field for the year {decimal_year:.2f}: the models hold "
                         f"from {FIRST_YEAR} to {LAST_YEAR}; start the flight within them")
    if latitude_max < latitude_min or longitude_max < longitude_min:
        raise SetupError("magnetic field: the region ends before it begins")
    if (north - south + 1) * (east - west + 1) > _NODES_MAXIMUM:
        raise SetupError("magnetic field: the region is larger than a flight can need")
    values = _evaluate(range(south, north + 1), range(west, east + 1), decimal_year,
                       height_ellipsoid)
    return MagneticTable(values, math.radians(south), math.radians(west), math.radians(1.0),
                         decimal_year, height_ellipsoid)


def horizontal_field(places: Iterable[tuple[float, float]], decimal_year: float) -> list[float]:
    """Horizontal magnetic flux density [nT] at each place (latitude, longitude) [rad]."""
    fields = [field_grid(_file(decimal_year), np.array([latitude]), np.array([longitude]),
                         decimal_year, HEIGHT)[0, 0] for latitude, longitude in places]
    return [math.hypot(north, east) for north, east, _ in fields]


def _file(decimal_year: float) -> str:
    return _COEFFICIENTS[max(year for year in _COEFFICIENTS if year <= decimal_year)]


def _evaluate(latitudes: range, longitudes: range, decimal_year: float,
              height: float) -> np.ndarray:
    values = field_grid(_file(decimal_year), np.radians(np.array(latitudes)),
                        np.radians(np.array(longitudes)), decimal_year, height)
    values.setflags(write=False)
    return values


@compiled
def magnetic_field_ned(table_values, first_latitude, first_longitude, step, latitude, longitude):
    """Magnetic flux density (north, east, down) [nT] at a point [rad].

    The first four arguments are a :class:`MagneticTable`'s. Beyond the grid its edge holds.
    """
    rows, columns, _ = table_values.shape
    inverse_step = 1.0 / step
    turn = 2.0 * math.pi
    ahead = longitude - first_longitude
    # The same direction within half a turn of the grid's middle, whichever way it was counted.
    ahead -= turn * math.floor((ahead - 0.5 * (columns - 1) * step) / turn + 0.5)
    row = min(max((latitude - first_latitude) * inverse_step, 0.0), rows - 1.0)
    column = min(max(ahead * inverse_step, 0.0), columns - 1.0)
    # Also where the place is no number: a look-up never leaves its table.
    i = min(max(int(row), 0), rows - 2)
    j = min(max(int(column), 0), columns - 2)
    u = row - i
    v = column - j
    a = (1.0 - u) * (1.0 - v)
    b = (1.0 - u) * v
    c = u * (1.0 - v)
    d = u * v
    t = table_values
    return (a * t[i, j, 0] + b * t[i, j + 1, 0] + c * t[i + 1, j, 0] + d * t[i + 1, j + 1, 0],
            a * t[i, j, 1] + b * t[i, j + 1, 1] + c * t[i + 1, j, 1] + d * t[i + 1, j + 1, 1],
            a * t[i, j, 2] + b * t[i, j + 1, 2] + c * t[i + 1, j, 2] + d * t[i + 1, j + 1, 2])
