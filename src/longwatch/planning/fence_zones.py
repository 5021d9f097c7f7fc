"""A fence's zones and rally points as records: what they must be, whoever drew them."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from longwatch.autopilot.aboard.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
)
from longwatch.earth.standard import MEAN_RADIUS

# So many are loaded at most, of all areas together, and a polygon has so many at least.
MOST_VERTICES = 500
MOST_RALLY_POINTS = 100
LEAST_CORNERS = 3
# Corners nearer to each other than this are one corner; a polygon's lie at most this far apart, and
# a circle is no wider [m].
LEAST_EDGE, LARGEST_ZONE = 1.0, 5e6
# Below all land, above every ceiling [m above mean sea level].
LOWEST_ALTITUDE, HIGHEST_ALTITUDE = -500.0, 20000.0
# What every item en route keeps above the ground (item_checks.py), that at home being known [m].
LEAST_RALLY_HEIGHT = 60.0


def zone_faults(zones: np.ndarray) -> list[str]:
    """Everything that is wrong with FenceVertex records."""
    return list(_vertex_faults(zones)) or list(_zone_faults(zones))


def rally_faults(altitudes: Iterable[float], home: float, sheet: Any) -> Iterator[tuple[int, str]]:
    """Which rally points it would be flown into the ground at, or could not reach, and why.

    Their ``altitudes`` and ``home`` in m above mean sea level; ``sheet`` a Datasheet record.
    """
    least, ceiling = home + LEAST_RALLY_HEIGHT, float(sheet.limits.ceiling)
    for number, altitude in enumerate(altitudes):
        if altitude < least:
            yield number, (f"altitude {altitude:.0f} m above sea level: home lies at {home:.0f} m, "
                           f"give {math.ceil(least)} m or more")
        elif altitude > ceiling:
            yield number, (f"altitude {altitude:.0f} m above sea level is above the ceiling of "
                           f"{ceiling:.0f} m")


def place_faults(latitude: float, longitude: float) -> Iterator[str]:
    """What is wrong with a place [rad]."""
    if not abs(latitude) <= math.pi / 2:
        yield f"latitude {math.degrees(latitude):g} deg is out of range, -90 to 90"
    if not abs(longitude) <= math.pi:
        yield f"longitude {math.degrees(longitude):g} deg is out of range, -180 to 180"


def _vertex_faults(zones: np.ndarray) -> Iterator[str]:
    for number, vertex in enumerate(zones):
        for text in place_faults(float(vertex["latitude"]), float(vertex["longitude"])):
            yield f"vertex {number}: {text}"
        if not CIRCLE_EXCLUSION >= vertex["kind"] >= POLYGON_INCLUSION:
            yield (f"vertex {number}: command {vertex['kind']} is no fence: use "
                   f"{POLYGON_INCLUSION} to {CIRCLE_EXCLUSION}")
        elif vertex["kind"] in (CIRCLE_INCLUSION, CIRCLE_EXCLUSION):
            if not 0.0 < vertex["radius"] <= LARGEST_ZONE:
                yield (f"vertex {number}: radius {float(vertex['radius']):g} m is out of range, "
                       f"up to {LARGEST_ZONE / 1e3:g} km")


def _zone_faults(zones: np.ndarray) -> Iterator[str]:
    number = 0
    while number < len(zones):
        kind, count = int(zones[number]["kind"]), int(zones[number]["count"])
        if kind not in (POLYGON_INCLUSION, POLYGON_EXCLUSION):
            number += 1
            continue
        corners = zones[number:number + count]
        if count < LEAST_CORNERS:
            yield f"vertex {number}: its polygon has {count} corners, it needs {LEAST_CORNERS}"
            return
        if len(corners) < count or (corners["kind"] != kind).any() or (
                corners["count"] != count).any() or (corners["group"] != corners["group"][0]).any():
            yield (f"vertex {number}: {count} vertices of one polygon must follow, alike in "
                   "command, count and group")
            return
        yield from _corner_faults(corners, number)
        number += count


def _corner_faults(corners: np.ndarray, first: int) -> Iterator[str]:
    latitude, longitude = corners["latitude"], corners["longitude"]
    vectors = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                        np.sin(latitude)], axis=1)
    edges = np.linalg.norm(vectors - np.roll(vectors, -1, axis=0), axis=1) * MEAN_RADIUS
    for i in np.flatnonzero(edges < LEAST_EDGE):
        yield f"vertex {first + i}: it lies on the next corner of its polygon"
    reach = np.linalg.norm(vectors - vectors[0], axis=1).max() * MEAN_RADIUS
    if reach > LARGEST_ZONE:
        yield (f"vertex {first}: its polygon reaches over {reach / 1e3:.0f} km; "
               f"{LARGEST_ZONE / 1e3:g} km is the most")
