"""Fence and rally points of QGroundControl's plan, as its GeoFenceController and
RallyPointController write them.

Zones are polygons and circles, to stay within or without; all that are to stay within hold
together, as those that QGroundControl uploads, which carry one group. A rally point's altitude
counts from home. Version 1 of the fence is one polygon to stay within.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
)
from longwatch.autopilot.aboard.rally import RallyPoint
from longwatch.earth.wgs84 import WGS84
from longwatch.planning.fence_zones import (
    HIGHEST_ALTITUDE,
    LEAST_CORNERS,
    MOST_RALLY_POINTS,
    MOST_VERTICES,
    zone_faults,
)

# The version of QGroundControl's fence and rally points.
NEWEST = 2
RETURN_POINT = ("the fence's return point is kept, but not flown to: outside the fence it returns "
                "home, or to a rally point")


def no_zones() -> np.ndarray:
    """A fence without zones."""
    made: np.ndarray = FenceVertex.zeros(0)
    return made


@dataclass(frozen=True, eq=False)
class Area:
    """Where a mission may be flown, and where it gathers.

    Attributes:
        zones: FenceVertex array, ready to be measured against.
        rally: latitude and longitude [rad] and height above home [m] of each rally point.
        notes: what its reader should know.
    """

    zones: np.ndarray = field(default_factory=no_zones)
    rally: tuple[tuple[float, float, float], ...] = ()
    notes: tuple[str, ...] = ()

    def rally_points(self, home_elevation: float) -> np.ndarray:
        """The rally points as the autopilot carries them."""
        made: np.ndarray = RallyPoint.zeros(len(self.rally))
        for row, (latitude, longitude, height) in zip(made, self.rally, strict=True):
            row["latitude"], row["longitude"] = latitude, longitude
            row["altitude_msl"] = home_elevation + height
        return made


def read_area(text: str) -> tuple[Area, list[str]]:
    """Fence and rally points of a .plan text, none where it has none, and their faults."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return Area(), []  # whoever reads the mission tells of it
    if not isinstance(document, dict):
        return Area(), []
    faults: list[str] = []
    part = document.get("geoFence") or {}
    zones = _zones(part, faults)
    rally = _rally(document.get("rallyPoints") or {}, faults)
    if not faults:
        faults += [f"geoFence, {text}" for text in zone_faults(zones)]
    if faults:
        return Area(), faults
    fence.prepare(zones, WGS84[0])
    zones.flags.writeable = False
    returns = isinstance(part, dict) and (part.get("breachReturn") or part.get(
        "breachReturnPoint"))
    return Area(zones, rally, (RETURN_POINT,) if returns else ()), []


# ---------------------------------------------------------------------------------- the fence


def _zones(part: Any, faults: list[str]) -> np.ndarray:
    if not isinstance(part, dict):
        faults.append("geoFence: is no object; draw the fence again")
        return no_zones()
    version = part.get("version", 1 if "polygon" in part else NEWEST)
    if version not in (1, NEWEST):
        faults.append(f"geoFence: version {version!r} is unknown; save it as version {NEWEST}")
        return no_zones()
    found: list[np.ndarray] = []
    if version == 1 and part.get("polygon"):
        _add(found, faults, "geoFence, polygon", _polygon, {"inclusion": True, **part})
    for key, read in (("polygons", _polygon), ("circles", _circle)):
        entries = part.get(key, [])
        if not isinstance(entries, list):
            faults.append(f"geoFence: {key} is no list; draw the fence again")
            continue
        for number, entry in enumerate(entries, start=1):
            _add(found, faults, f"geoFence, {key[:-1]} {number}", read, entry)
    zones = np.concatenate(found) if found else no_zones()
    if len(zones) > MOST_VERTICES:
        faults.append(f"geoFence: it has {len(zones)} corners and circles; {MOST_VERTICES} are "
                      "the most")
    return zones


def _add(found: list[np.ndarray], faults: list[str], where: str, read: Any, entry: Any) -> None:
    try:
        found.append(read(entry))
    except ValueError as fault:
        faults.append(f"{where}: {fault}")


def _inclusion(entry: Any) -> bool:
    if not isinstance(entry, dict):
        raise ValueError("is no object; draw it again")
    inclusion = entry.get("inclusion")
    if not isinstance(inclusion, bool):
        raise ValueError('does not say whether to stay within or without; give "inclusion"')
    return inclusion


def _polygon(entry: Any) -> np.ndarray:
    inclusion, corners = _inclusion(entry), entry.get("polygon")
    if not isinstance(corners, list) or len(corners) < LEAST_CORNERS:
        raise ValueError("has fewer than three corners; draw it again")
    zone: np.ndarray = FenceVertex.zeros(len(corners))
    zone["kind"] = POLYGON_INCLUSION if inclusion else POLYGON_EXCLUSION
    zone["count"] = len(corners)
    for row, corner in zip(zone, corners, strict=True):
        row["latitude"], row["longitude"] = _place(corner)
    return zone


def _circle(entry: Any) -> np.ndarray:
    inclusion, circle = _inclusion(entry), entry.get("circle")
    if not isinstance(circle, dict):
        raise ValueError("has no centre; draw it again")
    zone: np.ndarray = FenceVertex.zeros(1)
    zone["kind"] = CIRCLE_INCLUSION if inclusion else CIRCLE_EXCLUSION
    zone["latitude"], zone["longitude"] = _place(circle.get("center"))
    radius = circle.get("radius")
    if radius is None or not _is_number(radius) or radius <= 0.0:
        raise ValueError("has no radius; give it in metres")
    zone["radius"] = radius
    return zone


# --------------------------------------------------------------------------------- the rally


def _rally(part: Any, faults: list[str]) -> tuple[tuple[float, float, float], ...]:
    points = part.get("points", []) if isinstance(part, dict) else None
    if not isinstance(points, list):
        faults.append("rallyPoints: is no list of points; draw them again")
        return ()
    version = part.get("version", NEWEST)
    if points and version not in (1, NEWEST):
        faults.append(f"rallyPoints: version {version!r} is unknown; save them as version {NEWEST}")
    if len(points) > MOST_RALLY_POINTS:
        faults.append(f"rallyPoints: there are {len(points)}; {MOST_RALLY_POINTS} are the most")
    return tuple(_rally_points(points, faults))


def _rally_points(points: list[Any], faults: list[str]
                  ) -> Iterator[tuple[float, float, float]]:
    for number, point in enumerate(points, start=1):
        try:
            latitude, longitude = _place(point)
            height = point[2] if len(point) > 2 else None
            if height is None or not _is_number(height) or abs(height) > HIGHEST_ALTITUDE:
                raise ValueError("give its altitude above home, in metres")
        except ValueError as fault:
            faults.append(f"rallyPoints, point {number}: {fault}")
            continue
        yield latitude, longitude, float(height)


def _place(values: Any) -> tuple[float, float]:
    """Latitude and longitude [rad] of a list that begins with them in degrees."""
    if not isinstance(values, list) or len(values) < 2 or not all(map(_is_number, values[:2])):
        raise ValueError("a corner or point is no place; give latitude and longitude in degrees")
    if abs(values[0]) > 90.0 or abs(values[1]) > 180.0:
        raise ValueError(f"{values[0]:.7g}, {values[1]:.7g} is no place; latitude lies within 90, "
                         "longitude within 180 degrees")
    return math.radians(values[0]), math.radians(values[1])


def _is_number(value: Any) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)
            and abs(value) < 1e300)
