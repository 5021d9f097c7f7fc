"""The magnetic field around a flight, and around whatever a later plan adds to it."""

import math
from typing import Any

import numpy as np

from longwatch.earth.magnetic_field import magnetic_table
from longwatch.simulation.vehicle import Magnetic

MARGIN = math.radians(1.0)
HALF_PI, TURN = 0.5 * math.pi, 2.0 * math.pi
# The grid's edge is a pole, or meets itself, to rounding [rad].
NEARLY = 1e-6


def magnetic_around(items: np.ndarray, runways: np.ndarray, year: float,
                    margin: float = MARGIN, also: tuple[tuple[float, float], ...] = ()
                    ) -> Magnetic:
    """The field over all places of a plan and a ``margin`` [rad] beyond, in a decimal ``year``.

    ``also`` are further places (latitude, longitude) [rad]. Around a pole it is known at every
    longitude. Raises SetupError for a region that no flight can need.
    """
    latitudes = np.append(items["latitude"], runways["latitude"])
    longitudes = np.append(items["longitude"], runways["longitude"])
    inside = (latitudes != 0.0) | (longitudes != 0.0)
    latitudes = np.append(latitudes[inside], [place[0] for place in also])
    longitudes = np.append(longitudes[inside], [place[1] for place in also])
    south, north = max(latitudes.min() - margin, -HALF_PI), min(latitudes.max() + margin, HALF_PI)
    west, east = _span(longitudes)
    wide = float(_sideways(max(-south, north), margin))
    if east - west + 2.0 * wide >= TURN:
        west, east, wide = -math.pi, math.pi, 0.0
    table = magnetic_table(south, north, west - wide, east + wide, year)
    return Magnetic(table.values, table.first_latitude, table.first_longitude, table.step)


def _span(longitudes: np.ndarray) -> tuple[float, float]:
    """First and last longitude [rad] of the shortest arc that holds all; last may pass pi."""
    around = np.unique(np.mod(longitudes + math.pi, TURN) - math.pi)
    gaps = np.diff(np.append(around, around[0] + TURN))
    widest = int(gaps.argmax())
    west = float(around[(widest + 1) % len(around)])
    return west, west + TURN - float(gaps[widest])


def _sideways(latitude: Any, margin: float) -> Any:
    """Longitude [rad] that reaches as far as ``margin`` [rad] of latitude; arrays as well."""
    cosine = np.cos(latitude)
    near = margin >= cosine * math.pi
    return np.where(near, math.pi, margin / np.where(near, 1.0, cosine))


def covers(table: Magnetic, latitude: Any, longitude: Any, margin: float) -> bool:
    """True where the table holds a place [rad] and a ``margin`` around it, or all of an array's.

    Arrays, as a plan may be long: each time one is loaded everybody waits.
    """
    rows, columns = table.values.shape[:2]
    north, east = (rows - 1) * table.step, (columns - 1) * table.step
    up, right = latitude - table.first_latitude, (longitude - table.first_longitude) % TURN
    south, top = table.first_latitude, table.first_latitude + north
    if south > -HALF_PI + NEARLY and np.any(up < margin):
        return False
    if top < HALF_PI - NEARLY and np.any(up > north - margin):
        return False
    wide = _sideways(np.abs(latitude) + margin, margin)
    return bool(east >= TURN - NEARLY or np.all((wide <= right) & (right <= east - wide)))
