"""Terrain: heights on a regular grid, and runways laid into it.

Between the posts the surface is bilinear. A void is NaN and spreads to the four cells around it:
a height there is unknown, never zero. A runway keeps its own plane and a shoulder around it, and
goes over into the terrain by a smooth step (grade: assumed, see docs/decisions/0015), so that no
cliff lies under the wheels where survey and terrain differ.
"""

import math
from typing import NamedTuple

import numpy as np

from longwatch.compiled import compiled
from longwatch.earth.wgs84 import WGS84, radii_of_curvature
from longwatch.environment.ground import nearest_patch, patch_height

# A runway's plane goes on this far around it, then over into the terrain [m].
SHOULDER = 20.0
BLEND = 150.0
_TURN = 2.0 * math.pi
_EDGE = 1e-6
_PER_BLEND = 1.0 / BLEND


class TerrainGrid(NamedTuple):
    """Heights above mean sea level on a grid, read-only; without terrain they are empty.

    Attributes:
        heights: float32 [m], NaN where unknown; rows run north, columns east.
        first_latitude, first_longitude: the south-west post [rad].
        per_latitude, per_longitude: posts per radian.
        metres_north: metres per radian of latitude.
        metres_east: metres per radian of longitude over the cosine of latitude.
    """

    heights: np.ndarray
    first_latitude: float
    first_longitude: float
    per_latitude: float
    per_longitude: float
    metres_north: float
    metres_east: float


def no_terrain() -> TerrainGrid:
    """The grid of a flight without terrain."""
    return TerrainGrid(np.zeros((0, 0), np.float32), 0.0, 0.0, 0.0, 0.0, 1.0, 1.0)


def make_grid(heights: np.ndarray, first_latitude: float, first_longitude: float,
              step_latitude: float, step_longitude: float) -> TerrainGrid:
    """A grid of float32 ``heights`` [m], its south-west post and its steps in rad."""
    heights = np.ascontiguousarray(heights, np.float32)
    heights.setflags(write=False)
    # The radii of curvature change by 1 % from equator to pole: those of the middle do for slopes.
    middle = first_latitude + 0.5 * step_latitude * (len(heights) - 1)
    north, east = radii_of_curvature(WGS84[0], middle)
    return TerrainGrid(heights, first_latitude, first_longitude, 1.0 / step_latitude,
                       1.0 / step_longitude, north, east)


@compiled
def terrain_at(terrain, latitude, longitude):
    """(height above mean sea level [m], slope north, slope east [m/m]) at a point [rad].

    NaN where it is unknown: in a void, or outside the grid.
    """
    heights = terrain.heights
    rows, columns = heights.shape
    ahead = longitude - terrain.first_longitude
    ahead -= _TURN * math.floor(ahead / _TURN + 1e-9)
    row = (latitude - terrain.first_latitude) * terrain.per_latitude
    column = ahead * terrain.per_longitude
    if not (-_EDGE <= row <= rows - 1 + _EDGE and column <= columns - 1 + _EDGE):
        return math.nan, 0.0, 0.0
    i = min(max(int(row), 0), rows - 2)
    j = min(max(int(column), 0), columns - 2)
    u, v = row - i, column - j
    southwest, southeast = float(heights[i, j]), float(heights[i, j + 1])
    northwest, northeast = float(heights[i + 1, j]), float(heights[i + 1, j + 1])
    south = southwest + v * (southeast - southwest)
    north = northwest + v * (northeast - northwest)
    eastward = (southeast - southwest) + u * ((northeast - northwest) - (southeast - southwest))
    return (south + u * (north - south),
            (north - south) * terrain.per_latitude / terrain.metres_north,
            eastward * terrain.per_longitude / (terrain.metres_east * math.cos(latitude)))


@compiled
def ground_over_terrain(patches, count, terrain, latitude, longitude):
    """(elevation_msl [m], slope north, slope east [m/m], paved) of the ground at a point [rad].

    The runways ``patches``, of which the first ``count`` are in use, lie in the terrain. Where
    neither a runway nor the terrain says anything the elevation is NaN.
    """
    height, north, east = terrain_at(terrain, latitude, longitude)
    nearest, along, across, distance2 = nearest_patch(patches, count, latitude, longitude)
    outside = SHOULDER + BLEND
    if nearest < 0 or distance2 >= outside * outside:
        return height, north, east, False
    patch = patches[nearest]
    flat, flat_north, flat_east, paved = patch_height(patch, along, across, distance2)
    distance = math.sqrt(distance2)
    if distance <= SHOULDER:
        return flat, flat_north, flat_east, paved
    # Smooth step: no edge where the blend begins or ends.
    x = (distance - SHOULDER) * _PER_BLEND
    share = x * x * (3.0 - 2.0 * x)
    steep = 6.0 * x * (1.0 - x) * _PER_BLEND * (height - flat) / distance
    half_length = 0.5 * patch.length
    out_along = along - min(max(along, -half_length), half_length)
    out_across = across - min(max(across, -patch.half_width), patch.half_width)
    away_north = out_along * patch.direction_north - out_across * patch.direction_east
    away_east = out_along * patch.direction_east + out_across * patch.direction_north
    return (flat + share * (height - flat),
            flat_north + share * (north - flat_north) + steep * away_north,
            flat_east + share * (east - flat_east) + steep * away_east, False)


@compiled
def ground_along(patches, terrain, latitudes, longitudes, elevations):
    """Fill ``elevations`` [m] with the ground at points [rad], NaN where it is unknown."""
    for k in range(len(latitudes)):
        elevations[k] = ground_over_terrain(patches, len(patches), terrain, latitudes[k],
                                            longitudes[k])[0]
