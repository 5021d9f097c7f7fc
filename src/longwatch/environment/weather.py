"""Weather on pressure levels, looked up at a place, an altitude and a time.

Between the nodes of the grid the fields are linear in time, latitude and longitude along surfaces
of equal pressure: heights and temperatures of a column blend to a column, so that it stays in
hydrostatic balance. In a column wind and temperature are linear in geopotential height between
two levels, and pressure falls by the hypsometric law,

    ln(p / p0) = ln(p1 / p0) * integral(h0..h, dh / T) / integral(h0..h1, dh / T),

which meets both levels whatever the humidity that the file's heights hold (J. M. Wallace and
P. V. Hobbs, Atmospheric Science, 2006, section 3.2). Density is that of dry air, p / (R T).

Near the ground the file says little: wind below the anchor, 100 m above the ground or the lowest
level, whichever is higher, follows the power law of ``wind.py`` from the wind there down to the
ground; temperature below the lowest level rises by the standard 6.5 K/km (grade: assumed, see
docs/decisions/0015). Beyond the grid its edge holds, and the look-up says so.
"""

import math
from typing import NamedTuple

import numpy as np

from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY
from longwatch.environment.atmosphere import EARTH_RADIUS, GAS_CONSTANT
from longwatch.environment.wind import EXPONENT

# What a node holds.
HEIGHT, EAST, NORTH, TEMPERATURE = range(4)
QUANTITIES = 4
ANCHOR_HEIGHT = 100.0
LAPSE = 0.0065
LONGEST_GAP = 3 * 3600.0
_HYPSOMETRIC = GRAVITY / GAS_CONSTANT
_INVERSE_RADIUS = 1.0 / EARTH_RADIUS
_TURN = 2.0 * math.pi
# Rounding of a grid's edge, in steps of the grid or metres.
_EDGE = 1e-6
_EVEN = 1e-3


class WeatherGrid(NamedTuple):
    """A grid of weather, read-only; without weather every array is empty.

    Attributes:
        nodes: geopotential height above mean sea level [m], wind towards east and towards north
            [m/s] and temperature [K], shape (times, latitudes, longitudes, levels, 4);
            latitudes run north, longitudes east, levels up.
        log_pressure: logarithm of the levels' pressures [ln Pa].
        seconds: times since the start of the flight [s].
        first_latitude, first_longitude: the south-west node [rad].
        per_latitude, per_longitude: steps of the grid per radian.
    """

    nodes: np.ndarray
    log_pressure: np.ndarray
    seconds: np.ndarray
    first_latitude: float
    first_longitude: float
    per_latitude: float
    per_longitude: float


def no_weather() -> WeatherGrid:
    """The grid of a flight without a weather file."""
    return WeatherGrid(np.zeros((0, 0, 0, 0, QUANTITIES)), np.zeros(0), np.zeros(0),
                       0.0, 0.0, 0.0, 0.0)


@compiled
def _moment(grid, time):
    """(node before, node after, share of the way between them, covered) of a time [s]."""
    last = len(grid.seconds) - 1
    if last == 0:
        return 0, 0, 0.0, True
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if grid.seconds[middle] <= time:
            low = middle
        else:
            high = middle
    gap = grid.seconds[high] - grid.seconds[low]
    share = (time - grid.seconds[low]) / gap
    covered = 0.0 <= share <= 1.0 and (gap <= LONGEST_GAP or share == 0.0 or share == 1.0)
    return low, high, min(max(share, 0.0), 1.0), covered


@compiled
def _cell(grid, latitude, longitude, time):
    """The cell of the grid around a point, its weights, and whether the grid covers the point."""
    rows, columns = grid.nodes.shape[1], grid.nodes.shape[2]
    before, after, s, covered = _moment(grid, time)
    ahead = longitude - grid.first_longitude
    # The same direction within half a turn of the grid's middle, whichever way it was counted.
    width = (columns - 1) / grid.per_longitude
    ahead -= _TURN * math.floor((ahead - 0.5 * width) / _TURN + 0.5)
    row = (latitude - grid.first_latitude) * grid.per_latitude
    column = ahead * grid.per_longitude
    covered = covered and (-_EDGE <= row <= rows - 1 + _EDGE) and (
        -_EDGE <= column <= columns - 1 + _EDGE)
    row = min(max(row, 0.0), rows - 1.0)
    column = min(max(column, 0.0), columns - 1.0)
    i = min(max(int(row), 0), rows - 2)
    j = min(max(int(column), 0), columns - 2)
    u, v = row - i, column - j
    weights = ((1.0 - u) * (1.0 - v), (1.0 - u) * v, u * (1.0 - v), u * v)
    return (before, after, i, j, s, weights), covered


@compiled
def _blend(nodes, cell, level, quantity):
    """A quantity of one level, blended between the nodes around the point."""
    before, after, i, j, s, w = cell
    value = (w[0] * nodes[before, i, j, level, quantity]
             + w[1] * nodes[before, i, j + 1, level, quantity]
             + w[2] * nodes[before, i + 1, j, level, quantity]
             + w[3] * nodes[before, i + 1, j + 1, level, quantity])
    if s == 0.0:
        return value
    later = (w[0] * nodes[after, i, j, level, quantity]
             + w[1] * nodes[after, i, j + 1, level, quantity]
             + w[2] * nodes[after, i + 1, j, level, quantity]
             + w[3] * nodes[after, i + 1, j + 1, level, quantity])
    return value + s * (later - value)


@compiled
def geopotential(altitude):
    """Geopotential height [m] of a geometric altitude [m], both above mean sea level."""
    return altitude / (1.0 + altitude * _INVERSE_RADIUS)


@compiled
def _layer(nodes, cell, height):
    """(level, its height, the next level's) of the blended column's layer around a height."""
    before, _, i, j, _, _ = cell
    levels = nodes.shape[3]
    # The layer in one column of nodes is the blended column's, or next to it.
    k, high = 0, levels - 1
    while high - k > 1:
        middle = (k + high) // 2
        if nodes[before, i, j, middle, HEIGHT] <= height:
            k = middle
        else:
            high = middle
    bottom, top = _blend(nodes, cell, k, HEIGHT), _blend(nodes, cell, k + 1, HEIGHT)
    while height < bottom and k > 0:
        k -= 1
        bottom, top = _blend(nodes, cell, k, HEIGHT), bottom
    while height >= top and k < levels - 2:
        k += 1
        bottom, top = top, _blend(nodes, cell, k + 1, HEIGHT)
    return k, bottom, top


@compiled
def _wind(nodes, cell, layer, height):
    """Wind (north, east) [m/s], linear over a layer."""
    k, bottom, top = layer
    share = min(max((height - bottom) / (top - bottom), 0.0), 1.0)
    north, east = _blend(nodes, cell, k, NORTH), _blend(nodes, cell, k, EAST)
    return (north + share * (_blend(nodes, cell, k + 1, NORTH) - north),
            east + share * (_blend(nodes, cell, k + 1, EAST) - east))


@compiled
def _air(grid, cell, layer, height):
    """(temperature [K], pressure [Pa], relative change of density with geopotential height)."""
    k, bottom, top = layer
    low = _blend(grid.nodes, cell, k, TEMPERATURE)
    if height < bottom:
        temperature = low + LAPSE * (bottom - height)
        pressure = math.exp(grid.log_pressure[k]
                            + _HYPSOMETRIC / LAPSE * math.log(temperature / low))
        return temperature, pressure, (LAPSE - _HYPSOMETRIC) / temperature
    high = _blend(grid.nodes, cell, k + 1, TEMPERATURE)
    thickness = top - bottom
    share = min((height - bottom) / thickness, 1.0)
    temperature = low + share * (high - low)
    drop = grid.log_pressure[k + 1] - grid.log_pressure[k]
    if abs(high - low) > _EVEN:
        whole = math.log(high / low)
        part = math.log(temperature / low) / whole
        integral = thickness * whole / (high - low)
    else:
        part = share
        integral = thickness / low
    pressure = math.exp(grid.log_pressure[k] + part * drop)
    return (temperature, pressure,
            (drop / integral - (high - low) / thickness) / temperature)


@compiled
def weather_at(grid, latitude, longitude, altitude_msl, ground_msl, time):
    """The air at a point [rad], an altitude [m] and a time since the start of the flight [s].

    ``ground_msl`` is the ground below. Returns (wind towards north, towards east [m/s],
    temperature [K], pressure [Pa], relative change of density with height [1/m], whether the
    grid covers the point and the time; above its top, beside it and in a gap of its times it
    does not).
    """
    cell, covered = _cell(grid, latitude, longitude, time)
    height = geopotential(altitude_msl)
    layer = _layer(grid.nodes, cell, height)
    temperature, pressure, gradient = _air(grid, cell, layer, height)
    gradient *= (height / altitude_msl) ** 2 if altitude_msl != 0.0 else 1.0
    anchor = max(geopotential(ground_msl + ANCHOR_HEIGHT), _blend(grid.nodes, cell, 0, HEIGHT))
    if height >= anchor:
        north, east = _wind(grid.nodes, cell, layer, height)
        covered = covered and height <= layer[2] + _EDGE
    else:
        north, east = _wind(grid.nodes, cell, _layer(grid.nodes, cell, anchor), anchor)
        ground = geopotential(ground_msl)
        share = max((height - ground) / (anchor - ground), 0.0) ** EXPONENT
        north, east = north * share, east * share
    return north, east, temperature, pressure, gradient, covered
