"""Reads terrain tiles: SRTM .hgt and GeoTIFF, a folder of them, into one grid around a route.

Sources of the formats: NASA/USGS, "SRTM Topography" documentation (.hgt: 1201 or 3601 rows of
big-endian 16-bit metres, the name is the south-west corner, -32768 is a void); GeoTIFF by way of
GDAL. Heights count from mean sea level: SRTM's from the EGM96 geoid, which is the one used here;
tiles over EGM2008 differ by less than a metre nearly everywhere.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.environment.terrain import TerrainGrid, make_grid
from longwatch.errors import SetupError, listed

HGT_SIDES = (1201, 3601)
HGT_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
SUFFIXES = (".hgt", ".tif", ".tiff")
MOST_POSTS = 150_000_000
LOWEST, HIGHEST = -500.0, 9000.0
# Boxes are rounded outwards to this [deg], so that a little more route needs no other grid.
ROUNDING = 0.1
REMEDY = "fetch the tile anew, or take it out of the folder"

# South, west, north, east [deg]; east may run beyond 180.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tile:
    """One file: its outermost posts [deg] and the distance between posts [deg]."""

    path: Path
    south: float
    west: float
    rows: int
    columns: int
    step_latitude: float
    step_longitude: float

    @property
    def north(self) -> float:
        """Latitude of the northernmost posts [deg]."""
        return self.south + (self.rows - 1) * self.step_latitude

    @property
    def east(self) -> float:
        """Longitude of the easternmost posts [deg]."""
        return self.west + (self.columns - 1) * self.step_longitude


@dataclass
class Terrain:
    """A folder of tiles, their headers read and checked; see :func:`open_terrain`."""

    name: str
    folder: Path
    tiles: tuple[Tile, ...]
    _grids: dict[Box, TerrainGrid] = field(default_factory=dict, repr=False)

    def grid(self, box: Box) -> TerrainGrid:
        """The terrain over a box; unknown (NaN) where no tile lies.

        Raises:
            SetupError: a tile cannot be read, tiles do not fit together, or the box is too large.
        """
        south, west = (math.floor(x / ROUNDING + 1e-9) * ROUNDING for x in box[:2])
        north, east = (math.ceil(x / ROUNDING - 1e-9) * ROUNDING for x in box[2:])
        key = (south, west, north, east)
        if key not in self._grids:
            self._grids.clear()
            self._grids[key] = self._mosaic(key)
        return self._grids[key]

    def _mosaic(self, box: Box) -> TerrainGrid:
        south, west, north, east = box
        near = [(tile, shift) for tile in self.tiles
                for shift in (360.0 * round((0.5 * (west + east)
                                             - 0.5 * (tile.west + tile.east)) / 360.0),)
                if tile.south <= north and tile.north >= south
                and tile.west + shift <= east and tile.east + shift >= west]
        if not near:
            # Nothing known anywhere: a grid of one void cell, so that terrain stays in force.
            return make_grid(np.full((2, 2), np.nan), math.radians(south), math.radians(west),
                             math.radians(1.0), math.radians(1.0))
        first, shift = near[0]
        self._check_alike([tile for tile, _ in near])
        row = math.floor((south - first.south) / first.step_latitude)
        column = math.floor((west - first.west - shift) / first.step_longitude)
        rows = math.ceil((north - first.south) / first.step_latitude) - row + 1
        columns = math.ceil((east - first.west - shift) / first.step_longitude) - column + 1
        if rows * columns > MOST_POSTS:
            raise SetupError(f"terrain {self.folder}: the route spans {rows} by {columns} posts, "
                             f"more than {MOST_POSTS:,}; take coarser tiles, such as SRTM3 of 3 "
                             "arc seconds")
        heights = np.full((rows, columns), np.nan, np.float32)
        south = first.south + row * first.step_latitude
        west = first.west + shift + column * first.step_longitude
        faults: list[str] = []
        for tile, turn in near:
            _lay(heights, tile, (tile.south - south) / tile.step_latitude,
                 (tile.west + turn - west) / tile.step_longitude, faults)
        if faults:
            raise SetupError(listed(f"terrain {self.folder}: cannot be used:", faults))
        return make_grid(heights, math.radians(south), math.radians(west),
                         math.radians(first.step_latitude), math.radians(first.step_longitude))

    def _check_alike(self, tiles: list[Tile]) -> None:
        first = tiles[0]
        for tile in tiles[1:]:
            if (abs(tile.step_latitude / first.step_latitude - 1.0) > 1e-6
                    or abs(tile.step_longitude / first.step_longitude - 1.0) > 1e-6):
                raise SetupError(
                    f"terrain {self.folder}: the posts of {first.path.name} lie "
                    f"{first.step_latitude * 3600:g} by {first.step_longitude * 3600:g} arc "
                    f"seconds apart, those of {tile.path.name} {tile.step_latitude * 3600:g} by "
                    f"{tile.step_longitude * 3600:g}; keep tiles of one kind in the folder")


def _lay(heights: np.ndarray, tile: Tile, row: float, column: float, faults: list[str]) -> None:
    """Write a tile into the grid where its south-west post falls on ``row``, ``column``."""
    i, j = round(row), round(column)
    if abs(row - i) > 0.01 or abs(column - j) > 0.01:
        faults.append(f"{tile.path.name}: its posts do not line up with the other tiles'; keep "
                      "tiles of one kind in the folder")
        return
    bottom, top = max(i, 0), min(i + tile.rows, heights.shape[0])
    left, right = max(j, 0), min(j + tile.columns, heights.shape[1])
    if bottom >= top or left >= right:
        return
    values = _read(tile, bottom - i, top - i, left - j, right - j, faults)
    if values is None:
        return
    there = heights[bottom:top, left:right]
    np.copyto(there, values, where=np.isnan(there))


def _read(tile: Tile, bottom: int, top: int, left: int, right: int, faults: list[str]
          ) -> np.ndarray | None:
    """Rows and columns of a tile, counted from its south-west post, voids as NaN."""
    import rasterio
    from rasterio.errors import RasterioError

    window = ((tile.rows - top, tile.rows - bottom), (left, right))
    try:
        with rasterio.open(tile.path) as file:
            found = file.read(1, window=window, masked=True)
    except (RasterioError, OSError):
        faults.append(f"{tile.path.name}: its heights cannot be read; it is damaged or cut short: "
                      f"{REMEDY}")
        return None
    values = np.ma.filled(found.astype(np.float32), np.nan)[::-1]
    known = values[~np.isnan(values)]
    if known.size and (known.min() < LOWEST or known.max() > HIGHEST):
        faults.append(f"{tile.path.name}: heights from {known.min():g} to {known.max():g} m are "
                      f"not possible; its void value is not declared, or it is damaged: {REMEDY}")
        return None
    return values


def open_terrain(folder: str | Path) -> Terrain:
    """The tiles of a folder: .hgt, .tif and .tiff; other files are left alone.

    Raises:
        SetupError: no such folder, no tiles in it, or tiles cut short, of a wrong size or name;
            every fault in one message.
    """
    folder = Path(folder)
    if folder.is_file():
        raise SetupError(f"terrain {folder}: is a file; name the folder that holds the tiles")
    if not folder.is_dir():
        raise SetupError(f"terrain {folder}: no such folder; name a folder that holds .hgt or "
                         "GeoTIFF tiles")
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not paths:
        raise SetupError(f"terrain {folder}: holds no tiles; put .hgt or GeoTIFF files there")
    faults: list[str] = []
    tiles = [_hgt(path, faults) if path.suffix.lower() == ".hgt" else _geotiff(path, faults)
             for path in paths]
    if faults:
        raise SetupError(listed(f"terrain {folder}: cannot be used:", faults))
    return Terrain(folder.resolve().name, folder, tuple(t for t in tiles if t is not None))


def _hgt(path: Path, faults: list[str]) -> Tile | None:
    name = HGT_NAME.fullmatch(path.stem)
    if name is None:
        faults.append(f"{path.name}: is not named after its south-west corner, such as "
                      "N44W072.hgt; rename it")
        return None
    size = path.stat().st_size
    side = next((n for n in HGT_SIDES if 2 * n * n == size), None)
    if side is None:
        faults.append(f"{path.name}: has {size:,} bytes, a tile has {2 * 1201**2:,} (1201 by 1201 "
                      f"posts) or {2 * 3601**2:,} (3601 by 3601); it is cut short or another kind "
                      f"of file: {REMEDY}")
        return None
    south = float(name[2]) * (1.0 if name[1].upper() == "N" else -1.0)
    west = float(name[4]) * (1.0 if name[3].upper() == "E" else -1.0)
    step = 1.0 / (side - 1)
    return Tile(path, south, west, side, side, step, step)


def _geotiff(path: Path, faults: list[str]) -> Tile | None:
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as file:
            fault = _fault(file)
            transform, rows, columns = file.transform, file.height, file.width
    except (RasterioError, OSError):
        fault = f"cannot be read as GeoTIFF; it is damaged or cut short: {REMEDY}"
    if fault:
        faults.append(f"{path.name}: {fault}")
        return None
    # GDAL places corners of pixels; heights belong to their centres.
    north, west = transform.f + 0.5 * transform.e, transform.c + 0.5 * transform.a
    return Tile(path, north + (rows - 1) * transform.e, west, rows, columns,
                -transform.e, transform.a)


def _fault(file: Any) -> str:
    """What keeps an open GeoTIFF from being used; "" where nothing does."""
    transform = file.transform
    if file.crs is None or not file.crs.is_geographic:
        return "is not in latitude and longitude; reproject it to EPSG:4326"
    if file.count != 1:
        return f"holds {file.count} bands; give one band of heights"
    if transform.b != 0.0 or transform.d != 0.0 or transform.a <= 0.0 or transform.e >= 0.0:
        return "is turned or upside down; reproject it to EPSG:4326, north up"
    if file.height < 2 or file.width < 2:
        return "is smaller than two by two posts; take a larger tile"
    return ""


def tile_name(latitude: float, longitude: float) -> str:
    """Name of the SRTM tile that a point [deg] lies in: "N44W072"."""
    south, west = math.floor(latitude), math.floor((longitude + 180.0) % 360.0 - 180.0)
    return (f"{'N' if south >= 0 else 'S'}{abs(south):02d}"
            f"{'E' if west >= 0 else 'W'}{abs(west):03d}")
