"""Height of the geoid above the ellipsoid: EGM96 on its 15-minute grid.

height_ellipsoid = altitude_msl + undulation. The table is NGA's WW15MGH (F. G. Lemoine et al.,
The Development of the Joint NASA GSFC and NIMA Geopotential Model EGM96, NASA/TP-1998-206861),
prepared by studies/geoid_table.py. Bilinear interpolation on it stays within 1.15 m of the
model, 0.04 m root mean square (figures of the GeographicLib documentation, "egm96-15").
"""

import math
from functools import cache
from pathlib import Path

import numpy as np

from longwatch.compiled import compiled

# Of the grid, a quarter of a degree apart.
ROWS, COLUMNS = 721, 1440
_PER_RADIAN = (ROWS - 1) / math.pi


@cache
def geoid_table() -> np.ndarray:
    """Undulation [m] as float32, shape (721, 1441), read only.

    Rows run from 90 deg north to 90 deg south, columns from longitude 0 eastwards to 360 deg,
    which repeats the first.
    """
    with np.load(Path(__file__).with_name("egm96.npz")) as stored:
        differences = stored["differences"]
    centimetres = differences.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    table = np.empty((ROWS, COLUMNS + 1), np.float32)
    table[:, :COLUMNS] = centimetres / 100.0
    table[:, COLUMNS] = table[:, 0]
    table.setflags(write=False)
    return table


@compiled
def undulation(table, latitude, longitude):
    """Height [m] of the EGM96 geoid above the WGS84 ellipsoid, at a geodetic point [rad].

    ``table`` is that of :func:`geoid_table`; any longitude will do.
    """
    row = (0.5 * math.pi - latitude) * _PER_RADIAN
    column = longitude * _PER_RADIAN
    column -= COLUMNS * math.floor(column * (1.0 / COLUMNS))
    i = min(max(int(row), 0), ROWS - 2)
    j = min(max(int(column), 0), COLUMNS - 1)
    u = row - i
    v = column - j
    north = table[i, j] + v * (table[i, j + 1] - table[i, j])
    south = table[i + 1, j] + v * (table[i + 1, j + 1] - table[i + 1, j])
    return north + u * (south - north)
