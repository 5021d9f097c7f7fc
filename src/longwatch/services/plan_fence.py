"""Fences and rally points as uploaded, checked whole, and the orders that put them aboard.

A fence is polygons and circles to stay within or without; a polygon's vertices follow one another
and each says how many there are. (MAVLink common.xml, MAV_CMD_NAV_FENCE_*, NAV_RALLY_POINT.)
"""

import base64
import math
from collections.abc import Iterator, Sequence

import numpy as np

from longwatch.autopilot.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
)
from longwatch.planning.live_items import COMMAND, FRAME, Fault
from longwatch.planning.mav_commands import command_name
from longwatch.planning.mission import FRAMES_HOME, FRAMES_MSL
from longwatch.services.craft import Home
from longwatch.services.plan_items import GLOBAL_FRAMES, Item, whole_degrees

RETURN_POINT, RALLY_POINT = 5000, 5100
POLYGONS = (POLYGON_INCLUSION, POLYGON_EXCLUSION)
CIRCLES = (CIRCLE_INCLUSION, CIRCLE_EXCLUSION)
# Frames that QGroundControl uploads them in: global, and with the altitude above home.
FENCE_FRAME, RALLY_FRAME = 0, 3
FEWEST_VERTICES = 3
SMALLEST_RADIUS, LARGEST_RADIUS = 10.0, 2_000_000.0
HIGHEST = 20_000.0
LARGEST_GROUP = 255


def fence_item_fault(item: Item, sequence: int) -> Fault | None:
    """The first thing wrong with an item of a fence by itself."""
    name = command_name(item.command)
    if item.command not in (*POLYGONS, *CIRCLES, RETURN_POINT):
        return Fault(COMMAND, sequence, f"{name} belongs to no fence")
    for what, message in _place_faults(item):
        return Fault(what, sequence, f"{name} {message}")
    if item.command in POLYGONS and not (
            item.p1 >= FEWEST_VERTICES and item.p1 == math.floor(item.p1)):
        return Fault("1", sequence, f"{name} of {item.p1:g} vertices; give three or more")
    if item.command in CIRCLES and not SMALLEST_RADIUS <= item.p1 <= LARGEST_RADIUS:
        return Fault("1", sequence, f"{name} with a radius of {item.p1:g} m; give "
                     f"{SMALLEST_RADIUS:g} to {LARGEST_RADIUS:g} m")
    if not math.isnan(item.p2) and not (
            0.0 <= item.p2 <= LARGEST_GROUP and item.p2 == math.floor(item.p2)):
        return Fault("2", sequence, f"{name} of group {item.p2:g}; give 0 to {LARGEST_GROUP}")
    return None


def rally_item_fault(item: Item, sequence: int) -> Fault | None:
    """The first thing wrong with a rally point."""
    name = command_name(item.command)
    if item.command != RALLY_POINT:
        return Fault(COMMAND, sequence, f"{name} is no rally point")
    for what, message in _place_faults(item):
        return Fault(what, sequence, f"{name} {message}")
    if not abs(item.z) <= HIGHEST:
        return Fault("7", sequence, f"{name} at {item.z:g} m; correct its altitude")
    if item.frame not in FRAMES_MSL | FRAMES_HOME:
        return Fault(FRAME, sequence, f"{name} in frame {item.frame}; give its altitude above "
                     "sea level (0) or home (3)")
    return None


def _place_faults(item: Item) -> Iterator[tuple[str, str]]:
    if item.frame not in GLOBAL_FRAMES:
        yield FRAME, f"in frame {item.frame}; give it in a global one (0)"
    for what, value, most in zip(("5", "6"), item.degrees, (90.0, 180.0), strict=True):
        if value is None or not abs(value) <= most:
            yield what, ("has no position" if value is None else
                         f"at {value:.7g} deg; latitude lies within 90, longitude within 180")


def fence_fault(items: Sequence[Item]) -> Fault | None:
    """What is wrong with a fence as a whole: polygons without all their vertices."""
    i = 0
    while i < len(items):
        count = int(items[i].p1) if items[i].command in POLYGONS else 1
        part = items[i:i + count]
        if items[i].command in POLYGONS:
            for k, item in enumerate(part):
                if (item.command, item.p1) != (items[i].command, items[i].p1):
                    return Fault("1", i + k + 1, f"the polygon from item {i + 1} on has {count} "
                                 f"vertices, but its vertex {k + 1} says otherwise")
            if len(part) < count:
                return Fault("1", i + 1, "the polygon from here on lacks "
                             f"{count - len(part)} of its {count} vertices")
            if len({(item.x, item.y) for item in part}) < FEWEST_VERTICES:
                return Fault("5", i + 1, "the polygon from here on has fewer than three corners")
        i += count
    return None


def fence_records(items: Sequence[Item]) -> str:
    """The fence as the order ``fence`` takes it."""
    zones = [item for item in items if item.command != RETURN_POINT]
    records = FenceVertex.zeros(len(zones))
    for record, item in zip(records, zones, strict=True):
        latitude, longitude = item.degrees
        record.kind = item.command
        record.latitude = math.radians(latitude or 0.0)
        record.longitude = math.radians(longitude or 0.0)
        if item.command in POLYGONS:
            record.count = int(item.p1)
        else:
            record.radius = item.p1
        if item.command in (POLYGON_INCLUSION, CIRCLE_INCLUSION) and not math.isnan(item.p2):
            record.group = int(item.p2)
    return base64.b64encode(records.tobytes()).decode()


def fence_items(zones: np.ndarray) -> tuple[Item, ...]:
    """Zones as the items that a client would have uploaded."""
    return tuple(Item(
        int(zone["kind"]), FENCE_FRAME, 1,
        float(zone["count"] if int(zone["kind"]) in POLYGONS else zone["radius"]),
        float(zone["group"]), 0.0, 0.0, whole_degrees(float(zone["latitude"])),
        whole_degrees(float(zone["longitude"])), 0.0) for zone in zones)


def rally_items(points: np.ndarray, home: float) -> tuple[Item, ...]:
    """Rally points as the items that a client would have uploaded, above a home's height [m]."""
    return tuple(Item(
        RALLY_POINT, RALLY_FRAME, 1, 0.0, 0.0, 0.0, 0.0, whole_degrees(float(point["latitude"])),
        whole_degrees(float(point["longitude"])), float(point["altitude_msl"]) - home)
        for point in points)


def rally_points(items: Sequence[Item], home: Home) -> list[list[float]]:
    """The rally points as the order ``rally`` takes them: radians, metres above sea level."""
    return [[math.radians(item.degrees[0] or 0.0), math.radians(item.degrees[1] or 0.0),
             item.z + (home.altitude_msl if item.frame in FRAMES_HOME else 0.0)]
            for item in items]
