"""The magnetic field around a flight, and around whatever a later plan adds to it."""

import math

import numpy as np

from longwatch.earth.magnetic_field import magnetic_table
from longwatch.simulation.vehicle import Magnetic

MARGIN = math.radians(1.0)


def magnetic_around(items: np.ndarray, runways: np.ndarray, year: float,
                    margin: float = MARGIN, also: tuple[tuple[float, float], ...] = ()
                    ) -> Magnetic:
    """The field over all places of a plan and a ``margin`` [rad] beyond, in a decimal ``year``.

    ``also`` are further places (latitude, longitude) [rad]. Raises SetupError for a region that
    no flight can need.
    """
    latitudes = np.append(items["latitude"], runways["latitude"])
    longitudes = np.append(items["longitude"], runways["longitude"])
    inside = (latitudes != 0.0) | (longitudes != 0.0)
    latitudes = np.append(latitudes[inside], [place[0] for place in also])
    longitudes = np.append(longitudes[inside], [place[1] for place in also])
    table = magnetic_table(latitudes.min() - margin, latitudes.max() + margin,
                           longitudes.min() - margin, longitudes.max() + margin, year)
    return Magnetic(table.values, table.first_latitude, table.first_longitude, table.step)


def covers(table: Magnetic, latitude: float, longitude: float, margin: float) -> bool:
    """True where the table holds a place [rad] and a ``margin`` around it."""
    rows, columns = table.values.shape[:2]
    north, east = (rows - 1) * table.step, (columns - 1) * table.step
    up, right = latitude - table.first_latitude, longitude - table.first_longitude
    return (margin <= up <= north - margin and margin <= right <= east - margin)
