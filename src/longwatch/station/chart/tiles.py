"""The chart that ships with the station: an MBTiles file of vector tiles, and runways beside them.

``studies/chart_tiles.py`` makes it of GSHHG, GeoNames, Natural Earth, airportsdata and OurAirports.
MBTiles 1.3, whose rows count from the south; the tiles are Mapbox Vector Tiles 2.1, packed by gzip.
A tile that is not there is sea, or land where the nearest one above it is wholly land.
"""

import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from longwatch.environment.runways import FOOT, Runway, is_paved

CHART = Path(__file__).with_name("chart.mbtiles")
DEEPEST = 8
SOURCES = "GSHHG, © GeoNames (CC BY 4.0), Natural Earth, OurAirports, airportsdata"
SEA = b""
_TILE = ("SELECT map.tile_id, tile_data FROM map JOIN images USING (tile_id) "
         "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?")
_ONLY_LAND = "SELECT value FROM metadata WHERE name = 'land'"


class ChartTiles:
    """The tiles of a file; may be called from several threads, one after another."""

    def __init__(self, path: Path = CHART) -> None:
        self.path = path
        # Only read, so threads may share it.
        self._file = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True,
                                     check_same_thread=False)
        self._land = int(self._file.execute(_ONLY_LAND).fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """A tile packed by gzip, ``SEA`` where there is nothing but sea or no such tile."""
        if not 0 <= zoom <= DEEPEST or not 0 <= x < 2**zoom or not 0 <= y < 2**zoom:
            return SEA
        for up in range(zoom + 1):
            level, column, row = zoom - up, x >> up, y >> up
            found = self._file.execute(_TILE, (level, column, 2**level - 1 - row)).fetchone()
            if found is not None:
                return bytes(found[1]) if up == 0 or found[0] == self._land else SEA
        return SEA


def listed_runways(path: Path = CHART) -> tuple[Runway, ...]:
    """The world's runways, as OurAirports has them, with their airports' names."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        return tuple(_runway(*row) for row in file.execute(
            "SELECT airport_ident, name, surface, length_ft, width_ft, le_ident, le_latitude_deg, "
            "le_longitude_deg, le_elevation_ft, he_ident, he_latitude_deg, he_longitude_deg, "
            "he_elevation_ft FROM runways"))


def _runway(airport: str, name: str, surface: str, length_ft: float, width_ft: float,
            *ends: Any) -> Runway:
    one, other = ends[:4], ends[4:]
    known = [end[3] for end in (one, other) if end[3] is not None] or [0.0]
    return Runway(airport, name, (one[0], other[0]),
                  (math.radians(one[1]), math.radians(other[1])),
                  (math.radians(one[2]), math.radians(other[2])),
                  (known[0] * FOOT, known[-1] * FOOT), length_ft * FOOT, width_ft * FOOT,
                  is_paved(surface), "OurAirports")
