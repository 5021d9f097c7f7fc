"""The mission laid over the Earth: every item with its place and its altitude above sea level.

Heights above home count from home's elevation; heights above terrain from the assumed ground
(environment/ground.py), which is level with the runways in use for 10 km around them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from longwatch.autopilot import plan
from longwatch.environment.ground import GroundPatch, ground_below, make_patch
from longwatch.planning.mission import FRAMES_HOME, FRAMES_TERRAIN, Home, Mission, MissionItem
from longwatch.planning.strip import Strips


@dataclass(frozen=True)
class RoutePoint:
    """One item in place.

    Attributes:
        item: the mission's item.
        latitude, longitude: radians; of the last place where the item has none of its own.
        altitude_msl: metres above mean sea level, of the last place likewise.
        ground_msl: assumed ground there.
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


def lay_route(mission: Mission, home: Home, strips: Strips, patches: Any) -> list[RoutePoint]:
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
            place = strips.landing_strip.aiming_point(strips.landing_end)
            ground = altitude = strips.landing_strip.aiming_elevation(strips.landing_end)
        else:
            if item.latitude is not None and item.longitude is not None and item.positioned:
                place = (item.latitude, item.longitude)
            elif item.command == plan.RETURN_TO_LAUNCH:
                place = (home.latitude, home.longitude)
            ground = float(ground_below(patches, len(patches), *place)[0])
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


