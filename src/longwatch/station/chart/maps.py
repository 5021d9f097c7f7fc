"""What the map is drawn from: chart, runways, terrain, and the tile server that was set."""

import asyncio
import hashlib
from typing import Any

from longwatch.environment.terrain_files import Terrain, open_terrain
from longwatch.station.chart import places, tile_cache
from longwatch.station.chart.disk_cache import DiskCache
from longwatch.station.chart.relief import MISSING, Relief
from longwatch.station.chart.tiles import SOURCES, ChartTiles
from longwatch.station.config import Config

RELIEF_LIMIT = 256_000_000
"""Bytes of drawn terrain on disk."""
DRAWING = b"2"
"""Changes with how tiles are drawn: what was kept before is drawn anew."""
DRAWN_AT_ONCE = 2
RELIEF_FRESH_S = 365.0 * 86_400.0
PNG = "image/png"


class Maps:
    """The map's sources.

    Raises:
        SetupError: terrain, runways or the tile server's address that were named cannot be used.
    """

    def __init__(self, config: Config) -> None:
        self.runways = places.RunwayIndex(config.runways)
        self.terrain_folder = config.terrain_folder
        self._chart = ChartTiles()
        self.terrain: Terrain | None = None
        self.attribution = config.attribution if config.tiles else ""
        self.base: tile_cache.TileCache | None = None
        self._relief: Relief | None = None
        if config.terrain is not None:
            self.terrain = open_terrain(config.terrain)
            self._relief = Relief(self.terrain)
            self._kept = DiskCache(config.folder / "relief", RELIEF_LIMIT)
            self._key = _key(self.terrain)
        if config.tiles:
            self.base = tile_cache.TileCache(
                config.tiles, DiskCache(config.folder / "tiles", tile_cache.LIMIT))
        # Terrain keeps the grid that it read last: one reader at a time.
        self._reading = asyncio.Lock()
        self._reading_chart = asyncio.Lock()
        # One drawing takes some hundred MB for a while, and the frames' processor.
        self._drawing = asyncio.Semaphore(DRAWN_AT_ONCE)

    async def close(self) -> None:
        """End what is under way."""
        if self.base is not None:
            await self.base.close()
        async with self._reading_chart:
            self._chart.close()

    def described(self) -> dict[str, Any]:
        """As ``GET /api/map`` has it."""
        return {"relief": self.terrain is not None, "base": self.base is not None,
                "terrain_folder": str(self.terrain_folder.absolute()), "sources": SOURCES,
                "attribution": self.attribution}

    async def chart_tile(self, zoom: int, x: int, y: int) -> bytes:
        """A tile of the chart that ships, packed by gzip, ``SEA`` where there is only sea."""
        async with self._reading_chart:
            return await asyncio.to_thread(self._chart.tile, zoom, x, y)

    async def relief(self, zoom: int, x: int, y: int) -> bytes:
        """A tile of shaded terrain as PNG, ``MISSING`` where none is loaded."""
        if self._relief is None:
            return MISSING
        async with self._drawing:
            return await asyncio.to_thread(self._relief_tile, self._relief, zoom, x, y)

    def _relief_tile(self, relief: Relief, zoom: int, x: int, y: int) -> bytes:
        key = f"{self._key}/{zoom}/{x}/{y}"
        kept = self._kept.get(key)
        if kept is not None:
            return kept.body
        png = relief.tile(zoom, x, y)
        if png != MISSING:
            self._kept.put(key, png, PNG, RELIEF_FRESH_S)
        return png

    async def elevations(self, points: Any) -> list[float | None]:
        """Ground at points [deg], see :func:`longwatch.station.chart.places.elevations`."""
        async with self._reading:
            return await asyncio.to_thread(places.elevations, self.terrain, points)


def _key(terrain: Terrain) -> str:
    """What tells this terrain from another: other files draw other tiles."""
    digest = hashlib.sha256(DRAWING)
    for tile in terrain.tiles:
        stat = tile.path.stat()
        digest.update(f"{tile.path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:20]
