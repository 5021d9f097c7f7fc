"""Orders that change the fence and the rally points: checked whole, taken whole."""

import base64
import binascii
import math
from collections.abc import Iterator, Sequence

import numpy as np

from longwatch.autopilot import fence
from longwatch.autopilot.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
)
from longwatch.autopilot.rally import RallyPoint
from longwatch.earth.wgs84 import WGS84
from longwatch.errors import OrderError, listed

MOST_VERTICES = 500
MOST_RALLY_POINTS = 100
LEAST_CORNERS = 3
# Corners nearer to each other than this are one corner; a polygon's lie at most this far apart, and
# a circle is no wider [m].
LEAST_EDGE, LARGEST_ZONE = 1.0, 5e6
LOWEST_ALTITUDE, HIGHEST_ALTITUDE = -500.0, 20000.0
EARTH_RADIUS = 6371e3


def fence_text(records: np.ndarray) -> str:
    """Vertices as the order ``fence`` carries them."""
    return base64.b64encode(np.ascontiguousarray(records).tobytes()).decode()


def read_fence(text: str) -> np.ndarray:
    """The vertices of an order ``fence``, checked, their unit vectors filled in, read-only.

    Raises OrderError with everything that is wrong.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise OrderError("fence: the records are no base64 text") from None
    if len(raw) % FenceVertex.dtype.itemsize or (
            len(raw) // FenceVertex.dtype.itemsize > MOST_VERTICES):
        raise OrderError(f"fence: give at most {MOST_VERTICES} whole vertices of "
                         f"{FenceVertex.dtype.itemsize} bytes each")
    zones = np.frombuffer(raw, FenceVertex.dtype).copy()
    faults = list(_vertex_faults(zones)) or list(_zone_faults(zones))
    if faults:
        raise OrderError(listed("this fence cannot be kept:", faults))
    fence.prepare(zones, WGS84[0])
    zones.flags.writeable = False
    return zones


def read_rally(points: Sequence[Sequence[float]]) -> np.ndarray:
    """The rally points of an order ``rally``, [latitude, longitude [rad], altitude [m]] each.

    Raises OrderError with everything that is wrong.
    """
    if not isinstance(points, list | tuple) or len(points) > MOST_RALLY_POINTS:
        raise OrderError(f"rally: give a list of at most {MOST_RALLY_POINTS} points")
    faults, made = [], RallyPoint.zeros(len(points))
    for number, point in enumerate(points):
        if not isinstance(point, list | tuple) or len(point) != 3 or not all(
                isinstance(x, int | float) and math.isfinite(x) for x in point):
            faults.append(f"point {number}: give latitude, longitude and altitude as numbers")
            continue
        faults += [f"point {number}: {text}" for text in _place_faults(point[0], point[1])]
        if not LOWEST_ALTITUDE <= point[2] <= HIGHEST_ALTITUDE:
            faults.append(f"point {number}: altitude {point[2]:g} m is out of range, "
                          f"{LOWEST_ALTITUDE:g} to {HIGHEST_ALTITUDE:g} m")
        made[number] = tuple(point)
    if faults:
        raise OrderError(listed("these rally points cannot be kept:", faults))
    made.flags.writeable = False
    return made


def _place_faults(latitude: float, longitude: float) -> Iterator[str]:
    if not abs(latitude) <= math.pi / 2:
        yield f"latitude {math.degrees(latitude):g} deg is out of range, -90 to 90"
    if not abs(longitude) <= math.pi:
        yield f"longitude {math.degrees(longitude):g} deg is out of range, -180 to 180"


def _vertex_faults(zones: np.ndarray) -> Iterator[str]:
    for number, vertex in enumerate(zones):
        for text in _place_faults(float(vertex["latitude"]), float(vertex["longitude"])):
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
    edges = np.linalg.norm(vectors - np.roll(vectors, -1, axis=0), axis=1) * EARTH_RADIUS
    for i in np.flatnonzero(edges < LEAST_EDGE):
        yield f"vertex {first + i}: it lies on the next corner of its polygon"
    reach = np.linalg.norm(vectors - vectors[0], axis=1).max() * EARTH_RADIUS
    if reach > LARGEST_ZONE:
        yield (f"vertex {first}: its polygon reaches over {reach / 1e3:.0f} km; "
               f"{LARGEST_ZONE / 1e3:g} km is the most")
