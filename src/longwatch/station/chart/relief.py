"""Shaded terrain as map tiles: heights from the terrain's files, tinted and lit.

Tiles are 256 pixels square in web Mercator (EPSG:3857), numbered as slippy maps number them.
Light comes from the north-west, half way up, and each slope gives back what Lambert's law says (B.
K. P. Horn, "Hill shading and the reflectance map", Proceedings of the IEEE 69, 1981). The tint is
muted: what is drawn over it must read well. Unknown ground is transparent.
"""

import math
from collections import OrderedDict
from threading import Lock

import numpy as np

from longwatch.environment.terrain_files import Terrain, Tile
from longwatch.station.chart.png import write_png

SIZE = 256
DEEPEST = 14
EQUATOR = 2.0 * math.pi * 6_378_137.0
SUN_FROM = math.radians(315.0)
SUN_ABOVE = math.radians(45.0)
# So much light the side away from the sun has still.
AMBIENT = 0.45
# From afar slopes are averaged away: below this zoom they are drawn steeper, twofold every two.
FULL_ZOOM = 12
STEEPER = 2.0 ** 0.5
MOST_STEEPER = 12.0
# Heights [m above mean sea level] and their colours; from OpenTopoMap's idea, muted.
TINTS = (
    (0.0, (116, 138, 117)), (150.0, (131, 149, 120)), (400.0, (151, 157, 124)),
    (800.0, (166, 157, 129)), (1400.0, (160, 143, 122)), (2200.0, (150, 135, 125)),
    (3200.0, (172, 166, 161)), (4500.0, (206, 205, 204)))
WATER = (104, 124, 140)
# Heights read from files that are kept [bytes]; finished tiles that are kept [count].
MOST_KEPT = 64_000_000
MOST_TILES = 256
# More files than this in one tile: it is shown from afar, where nothing is to be seen of them.
MOST_FILES = 100
MISSING = b""


class Relief:
    """Draws the tiles of a terrain; may be called from several threads."""

    def __init__(self, terrain: Terrain) -> None:
        self.terrain = terrain
        self._heights: OrderedDict[tuple[str, int], np.ndarray | None] = OrderedDict()
        self._octets = 0
        self._tiles: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._lock = Lock()

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        """One tile as PNG, ``MISSING`` where no terrain is known."""
        key = (zoom, x, y)
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        png = self._drawn(zoom, x, y)
        with self._lock:
            self._tiles[key] = png
            if len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        return png

    def _drawn(self, zoom: int, x: int, y: int) -> bytes:
        if not 0 <= zoom <= DEEPEST or not 0 <= x < 2**zoom or not 0 <= y < 2**zoom:
            return MISSING
        latitudes, longitudes = pixels(zoom, x, y)
        heights = self._sampled(latitudes, longitudes, 360.0 / (SIZE * 2**zoom))
        if heights is None or np.isnan(heights[1:-1, 1:-1]).all():
            return MISSING
        metres = EQUATOR / (SIZE * 2**zoom) * np.cos(np.radians(latitudes))
        steeper = min(max(STEEPER ** (FULL_ZOOM - zoom), 1.0), MOST_STEEPER)
        return write_png(painted(heights[1:-1, 1:-1], shade(heights, metres, steeper)))

    def _sampled(self, latitudes: np.ndarray, longitudes: np.ndarray, pixel: float
                 ) -> np.ndarray | None:
        """Heights at rows of latitudes and columns of longitudes [deg], NaN where unknown."""
        south, north = latitudes[-1], latitudes[0]
        west, east = longitudes[0], longitudes[-1]
        near = [tile for tile in self.terrain.tiles
                if tile.south <= north and tile.north >= south
                and tile.west <= east and tile.east >= west]
        if not near or len(near) > MOST_FILES:
            return None
        heights = np.full((len(latitudes), len(longitudes)), np.nan, np.float32)
        for tile in near:
            coarser = max(int(pixel / max(tile.step_longitude, tile.step_latitude)), 1)
            coarser = 1 << (coarser.bit_length() - 1)
            values = self._read(tile, coarser)
            if values is not None:
                rows = (latitudes - tile.south) / tile.step_latitude / coarser
                columns = (longitudes - tile.west) / tile.step_longitude / coarser
                found = bilinear(values, rows, columns)
                np.copyto(heights, found, where=np.isnan(heights))
        return heights

    def _read(self, tile: Tile, coarser: int) -> np.ndarray | None:
        """A file's heights, rows from the south, every ``coarser``-th post the mean around it.

        None where it cannot be read: the judge says so, a map shows nothing there.
        """
        key = (str(tile.path), coarser)
        with self._lock:
            if key in self._heights:
                self._heights.move_to_end(key)
                return self._heights[key]
        values = _posts(tile, coarser)
        with self._lock:
            if key not in self._heights:
                self._heights[key] = values
                self._octets += 0 if values is None else values.nbytes
            while self._octets > MOST_KEPT and len(self._heights) > 1:
                _, old = self._heights.popitem(last=False)
                self._octets -= 0 if old is None else old.nbytes
        return values


def _posts(tile: Tile, coarser: int) -> np.ndarray | None:
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(tile.path) as file:
            found = file.read(1, masked=True)
    except (RasterioError, OSError):
        return None
    values = np.ma.filled(found.astype(np.float32), np.nan)[::-1]
    return averaged(values, coarser)


def averaged(values: np.ndarray, coarser: int) -> np.ndarray:
    """Every ``coarser``-th post, the mean of those around it that are known."""
    if coarser == 1:
        return np.ascontiguousarray(values)
    half = coarser // 2
    rows = range(0, values.shape[0], coarser)
    known = ~np.isnan(values)
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    counts = np.zeros_like(sums)
    # In double precision: the sum over a file's millions of posts leaves single no metres.
    sums[1:, 1:] = np.where(known, values, 0.0).cumsum(0, dtype=float).cumsum(1)
    counts[1:, 1:] = known.cumsum(0).cumsum(1)
    top = np.clip(np.array(rows) - half, 0, None)
    bottom = np.clip(np.array(rows) + half + 1, None, values.shape[0])
    middle = np.arange(0, values.shape[1], coarser)
    left, right = np.clip(middle - half, 0, None), np.clip(middle + half + 1, None, values.shape[1])

    def over(table: np.ndarray) -> np.ndarray:
        return (table[np.ix_(bottom, right)] - table[np.ix_(top, right)]
                - table[np.ix_(bottom, left)] + table[np.ix_(top, left)])

    count = over(counts)
    return np.where(count > 0, over(sums) / np.maximum(count, 1), np.nan).astype(np.float32)


def pixels(zoom: int, x: int, y: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes of a tile's rows, from the north, and longitudes of its columns [deg].

    With one row and column more on each side, for slopes.
    """
    scale = SIZE * 2**zoom
    columns = SIZE * x + np.arange(-1, SIZE + 1) + 0.5
    rows = SIZE * y + np.arange(-1, SIZE + 1) + 0.5
    latitudes = np.degrees(np.arctan(np.sinh(math.pi * (1.0 - 2.0 * rows / scale))))
    return latitudes, columns / scale * 360.0 - 180.0


def bilinear(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Values between posts at fractional rows and columns; NaN outside and beside voids."""
    i = np.clip(np.floor(rows).astype(int), 0, values.shape[0] - 2)
    j = np.clip(np.floor(columns).astype(int), 0, values.shape[1] - 2)
    u, v = (rows - i)[:, None], (columns - j)[None, :]
    a, b = values[np.ix_(i, j)], values[np.ix_(i, j + 1)]
    c, d = values[np.ix_(i + 1, j)], values[np.ix_(i + 1, j + 1)]
    found = (1 - u) * ((1 - v) * a + v * b) + u * ((1 - v) * c + v * d)
    # A pixel's width past the last post still belongs to it: tiles share their edges.
    edge = 1e-6
    outside_rows = (rows < -edge) | (rows > values.shape[0] - 1 + edge)
    outside_columns = (columns < -edge) | (columns > values.shape[1] - 1 + edge)
    found[outside_rows, :] = np.nan
    found[:, outside_columns] = np.nan
    return found


def shade(heights: np.ndarray, metres: np.ndarray, steeper: float = 1.0) -> np.ndarray:
    """Light that the ground gives back, 0 to 1, without the outermost pixels.

    ``heights`` [m] in rows from the north, ``metres`` a pixel in each row; level ground gives
    sin(SUN_ABOVE). Beside unknown ground the slope is taken as level.
    """
    width = 2.0 * metres[1:-1, None] / steeper
    east = (heights[1:-1, 2:] - heights[1:-1, :-2]) / width
    north = (heights[:-2, 1:-1] - heights[2:, 1:-1]) / width
    east, north = np.nan_to_num(east), np.nan_to_num(north)
    level = math.cos(SUN_ABOVE)
    towards_east, towards_north = level * math.sin(SUN_FROM), level * math.cos(SUN_FROM)
    lit = ((math.sin(SUN_ABOVE) - towards_east * east - towards_north * north)
           / np.sqrt(1.0 + east**2 + north**2))
    return np.clip(lit, 0.0, 1.0)


def painted(heights: np.ndarray, lit: np.ndarray) -> np.ndarray:
    """Pixels (rows, columns, 4), uint8, of heights [m] under light."""
    stops = [height for height, _ in TINTS]
    colours = np.array([colour for _, colour in TINTS], float)
    known = ~np.isnan(heights)
    at = np.where(known, heights, 0.0)
    tint = np.stack([np.interp(at, stops, colours[:, k]) for k in range(3)], axis=-1)
    # Files of terrain hold the sea as exactly zero.
    tint[at == 0.0] = WATER
    light = AMBIENT + (1.0 - AMBIENT) * lit / math.sin(SUN_ABOVE)
    image = np.empty((*heights.shape, 4), np.uint8)
    image[..., :3] = np.clip(tint * np.minimum(light, 1.25)[..., None], 0, 255)
    image[..., 3] = np.where(known, 255, 0)
    return image
