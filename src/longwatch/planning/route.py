"""The mission laid over the Earth: every item with its place and its altitude above sea level.

Heights above home count from home's elevation; heights above terrain from the terrain's tiles, or
without any from the assumed ground (environment/ground.py), which is level with the runways in use
for 10 km around them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.environment.ground import GroundPatch, ground_below, make_patch
from longwatch.environment.terrain import TerrainGrid, ground_over_terrain, no_terrain
from longwatch.environment.terrain_files import Terrain
from longwatch.planning.mission import FRAMES_HOME, FRAMES_TERRAIN, Home, Mission, MissionItem
from longwatch.planning.strip import Strips

# Terrain is read this far around the items [deg of latitude]: room for turns and approaches.
TERRAIN_MARGIN = 0.1
# Of latitude: the meridian's quarter is ten million metres.
METRES_PER_DEGREE = 111_000.0


@dataclass(frozen=True)
class RoutePoint:
    """One item in place.

    Attributes:
        item: the mission's item.
        latitude, longitude: radians; of the last place where the item has none of its own.
        altitude_msl: metres above mean sea level, of the last place likewise.
        ground_msl: ground there, by the terrain or assumed.
    """

    item: MissionItem
    latitude: float
    longitude: float
    altitude_msl: float
    ground_msl: float

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


def ground_patches(strips: Strips) -> np.ndarray:
    """The ground as the runways in use imply it, an array of GroundPatch."""
    patches = GroundPatch.zeros(len(strips.runways))
    for i, strip in enumerate(strips.runways):
        patches[i] = make_patch(strip.latitude[0], strip.longitude[0], strip.elevation_msl[0],
                                strip.latitude[1], strip.longitude[1], strip.elevation_msl[1],
                                strip.width, strip.paved)[0]
    return patches


def terrain_around(tiles: Terrain | None, mission: Mission, home: Home, strips: Strips
                   ) -> TerrainGrid:
    """The terrain that a mission can need, an empty grid without tiles."""
    if tiles is None:
        return no_terrain()
    places = [(home.latitude, home.longitude, 0.0)]
    places += [(lat, lon, 0.0) for strip in strips.runways
               for lat, lon in zip(strip.latitude, strip.longitude, strict=True)]
    places += [(item.latitude, item.longitude, abs(item.radius)) for item in mission.items
               if item.latitude is not None and item.longitude is not None]
    south, west = (min(math.degrees(p[i]) for p in places) for i in (0, 1))
    north, east = (max(math.degrees(p[i]) for p in places) for i in (0, 1))
    if east - west > 180.0:  # across the date line
        west, east = (f(math.degrees(p[1]) % 360.0 for p in places) for f in (min, max))
    margin = TERRAIN_MARGIN + max(p[2] for p in places) / METRES_PER_DEGREE
    wide = margin / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.1)
    return tiles.grid((south - margin, west - wide, north + margin, east + wide))


def bare_ground(tiles: Terrain | None, grid: TerrainGrid | None
                ) -> Callable[[tuple[float, float]], float]:
    """The terrain without any runway in it, by place [rad]: NaN where there is none, m."""
    def ground(place: tuple[float, float]) -> float:
        here = grid
        if tiles is not None:
            south, west = math.degrees(place[0]) - 0.01, math.degrees(place[1]) - 0.01
            here = tiles.grid((south, west, south + 0.02, west + 0.02))
        if here is None or not len(here.heights):
            return math.nan
        return ground_at(GroundPatch.zeros(0), here, *place)

    return ground


def ground_at(patches: Any, terrain: TerrainGrid, latitude: float, longitude: float) -> float:
    """Elevation of the ground at a point [rad], m; NaN where the terrain is unknown."""
    if len(terrain.heights):
        return float(ground_over_terrain(patches, len(patches), terrain, latitude, longitude)[0])
    return float(ground_below(patches, len(patches), latitude, longitude)[0])


def lay_route(mission: Mission, home: Home, strips: Strips, patches: Any, terrain: TerrainGrid
              ) -> list[RoutePoint]:
    """One point for each item of the mission, in its order."""
    start = strips.takeoff_strip
    place = (start.latitude[strips.takeoff_end], start.longitude[strips.takeoff_end])
    altitude = home.elevation_msl
    points = []
    for item in mission.items:
        if item.command == plan.TAKEOFF:
            ground = start.elevation_msl[strips.takeoff_end]
            altitude = _altitude(item, home, ground)
        elif item.command == plan.LAND:
            runway, end = strips.of_landing(item.sequence)
            place = strips.runways[runway].aiming_point(end)
            ground = altitude = strips.runways[runway].aiming_elevation(end)
        else:
            if item.latitude is not None and item.longitude is not None and item.positioned:
                place = (item.latitude, item.longitude)
            elif item.command == plan.RETURN_TO_LAUNCH:
                place = (home.latitude, home.longitude)
            ground = ground_at(patches, terrain, *place)
            if math.isnan(ground):  # where the tiles end or are void: refused in clearance.py
                ground = home.elevation_msl
            if item.altitude is not None and item.command in plan_altitudes():
                altitude = _altitude(item, home, ground)
        points.append(RoutePoint(item, *place, altitude, ground))
    return points


def plan_altitudes() -> frozenset[int]:
    """Commands whose altitude the autopilot flies to."""
    return frozenset({plan.WAYPOINT, plan.LOITER_UNLIM, plan.LOITER_TURNS, plan.LOITER_TIME,
                      plan.LOITER_TO_ALT})


def _altitude(item: MissionItem, home: Home, ground_msl: float) -> float:
    height = item.altitude or 0.0
    if item.frame in FRAMES_HOME:
        return home.elevation_msl + height
    if item.frame in FRAMES_TERRAIN:
        return ground_msl + height
    return height


