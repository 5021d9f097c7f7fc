"""Heights of the ground for vehicles that ask for them, out of the terrain that the station has.

A request names the south-west corner of 8 by 7 blocks of 4 by 4 heights and a bit for each block
that is wanted: the lowest bit in the corner, then eastwards, then northwards. Heights within a
block run eastwards, then northwards. (MAVLink, "Terrain Protocol"; ArduPilot's AP_Terrain.)
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from math import cos, radians
from typing import Any

from longwatch.errors import LongwatchError
from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.vehicle import Vehicle

log = logging.getLogger(__name__)

BLOCKS_EAST, BLOCKS, SIDE = 8, 56, 4
PAUSE_S = 0.05
"""Between two blocks: they share the link with everything else."""
MOST_SPACING = 1000
_METRES_E7 = 1.0 / 0.011131884502145034
"""1e-7 degrees of latitude in a metre, as AP_Common's Location reckons."""

Point = list[float]
Ground = Callable[[list[Point]], Awaitable[list[float | None]]]


def posts(latitude_e7: int, longitude_e7: int, spacing: float, bit: int) -> list[Point]:
    """The sixteen places of a block [deg], in the order of TERRAIN_DATA."""
    corner = _offset(latitude_e7, longitude_e7, SIDE * spacing * (bit // BLOCKS_EAST),
                     SIDE * spacing * (bit % BLOCKS_EAST))
    places = (_offset(*corner, spacing * (i // SIDE), spacing * (i % SIDE))
              for i in range(SIDE * SIDE))
    return [[latitude * 1e-7, longitude * 1e-7] for latitude, longitude in places]


def _offset(latitude: float, longitude: float, north: float, east: float) -> tuple[float, float]:
    scale = max(cos(radians(latitude * 1e-7)), 0.01)
    return latitude + north * _METRES_E7, longitude + east * _METRES_E7 / scale


class TerrainFeed:
    """Answers TERRAIN_REQUEST, one request of a vehicle at a time.

    Attributes:
        ground: heights above mean sea level [m] at places [deg], None where they are not known;
            None where the station has no terrain.
    """

    def __init__(self, spawn: Callable[[Callable[[], Awaitable[Any]]], None]) -> None:
        self.ground: Ground | None = None
        self._spawn = spawn
        self._busy: set[str] = set()

    def asked(self, vehicle: Vehicle, message: Any) -> None:
        """A vehicle asks for blocks; what is asked while it is answered it asks again."""
        if vehicle.id in self._busy or not 0 < message.grid_spacing <= MOST_SPACING or (
                abs(message.lat) > 900_000_000 or abs(message.lon) > 1_800_000_000):
            return
        if self.ground is None:
            vehicle.lacks_terrain()
            return
        self._busy.add(vehicle.id)
        self._spawn(lambda: self._answer(vehicle, message))

    async def _answer(self, vehicle: Vehicle, message: Any) -> None:
        try:
            bits = [bit for bit in range(BLOCKS) if message.mask >> bit & 1]
            places = [place for bit in bits for place in posts(
                message.lat, message.lon, message.grid_spacing, bit)]
            assert self.ground is not None
            heights = await self.ground(places)
            for number, bit in enumerate(bits):
                block = heights[number * SIDE * SIDE:(number + 1) * SIDE * SIDE]
                if None in block:
                    vehicle.lacks_terrain()
                    continue
                vehicle.send(mavlink.MAVLink_terrain_data_message(
                    message.lat, message.lon, message.grid_spacing, bit,
                    [round(height or 0.0) for height in block]))
                await asyncio.sleep(PAUSE_S)
        except LongwatchError as error:
            vehicle.lacks_terrain()
            log.warning("terrain for %s: %s", vehicle.name, error)
        finally:
            self._busy.discard(vehicle.id)
