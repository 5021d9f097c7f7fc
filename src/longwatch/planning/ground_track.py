"""The mission over the ground as points: every leg, circle, climb-out and approach, with altitudes.

Points lie 60 m apart along the way and 75 m or less across it, 300 m to both sides: room for
corners cut and for wind. Circles are left and joined on their tangents, so beside a circle the way
is wider by its radius, less and less away from it. Climb-out and final approach are followed in a
corridor that begins 30 m wide on each side and opens by a tenth of the way, up to the same 300 m.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.wgs84 import WGS84, radii_of_curvature
from longwatch.planning.case import Case, is_loiter
from longwatch.planning.walk_state import Path, Walk

# Between points along the way, half the corridor's width, between points across it [m]. Grade:
# assumed.
SPACING, HALF_WIDTH, ACROSS_SPACING = 60.0, 300.0, 75.0
# Half the width by a runway [m], and how it opens with the way from there. Grade: assumed.
NARROW, OPENING = 30.0, 0.1
# Between points this far apart, coordinates are taken as even [m].
STRAIGHT = 5000.0


@dataclass(frozen=True)
class Track:
    """A stretch of the way; arrays of shape (points along, points across).

    Attributes:
        index: of the item that it leads to; before: of the item that it comes from, -1 for none.
        latitude, longitude: rad.
        altitude: of the aircraft, m above mean sea level.
        floor: altitude that the stretch ends at; the aircraft is not lower behind it.
        climbing: at each point along, whether the aircraft still climbs there.
    """

    index: int
    before: int
    latitude: np.ndarray
    longitude: np.ndarray
    altitude: np.ndarray
    floor: float
    climbing: np.ndarray


def tracks(case: Case, flown: Walk) -> list[Track]:
    """Every stretch of the mission as flown, each once."""
    found: list[Track] = []
    seen: set[tuple[int, int]] = set()
    before = -1
    for visit in flown.visits:
        if visit.path is not None and (before, visit.index) not in seen:
            seen.add((before, visit.index))
            found.extend(_stretches(case, before, visit.index, visit.path))
        if visit.path is not None:
            before = visit.index
    return found


def _stretches(case: Case, before: int, index: int, path: Path) -> Iterator[Track]:
    item = case.points[index].item
    lands = item.command == plan.LAND or (item.command == plan.RETURN_TO_LAUNCH
                                          and index == len(case.points) - 1)
    if distance_and_bearing(*path.start, *path.end)[0] > 1.0:
        if item.command == plan.TAKEOFF:
            yield _leg(index, before, path, _opening)
        else:
            out = _circle_radius(case, before)
            # The joining circle touches the gate: its far side is a diameter away.
            into = 2.0 * case.radius(index) if lands else _circle_radius(case, index)
            yield _leg(index, before, path, lambda share, _: HALF_WIDTH + into * share
                       + out * (1.0 - share))
    if is_loiter(item):
        yield _circle(index, path.end, case.flown_radius(index), path.altitude)
    if lands:
        yield from _approach(case, index, path)


def _circle_radius(case: Case, index: int) -> float:
    """Radius of an item's circle, m; 0 for what is no loiter."""
    return case.flown_radius(index) if index >= 0 and is_loiter(case.points[index].item) else 0.0


def _opening(share: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Half the corridor's width [m] beside climb-outs and finals, from the runway outward."""
    return np.minimum(NARROW + OPENING * along, HALF_WIDTH)


def _approach(case: Case, index: int, path: Path) -> Iterator[Track]:
    """The joining circle at the gate, on the side that the aircraft comes from, and the final."""
    strip, end = case.strips.landing_strip, case.strips.landing_end
    length = float(case.sheet.procedures.final_length)
    height = strip.aiming_elevation(end)
    side = 1.0 if strip.approach_place(end, *path.start)[1] >= 0.0 else -1.0
    radius = case.radius(index)
    yield _circle(index, strip.approach_point(end, length, side * radius), radius,
                  height + case.gate_height)
    # Backwards, so that the corridor is narrow at the runway.
    final = Path(strip.beyond_threshold(end, 0.0), strip.approach_point(end, length),
                 height + strip.aiming_distance * math.tan(case.sheet.procedures.glide_path),
                 height + case.gate_height, math.tan(case.sheet.procedures.glide_path), path.time)
    leg = _leg(index, -1, final, _opening)
    yield Track(leg.index, leg.before, leg.latitude, leg.longitude, leg.altitude, height,
                np.zeros_like(leg.climbing))


def _leg(index: int, before: int, path: Path,
         half_width: Callable[[np.ndarray, np.ndarray], Any]) -> Track:
    """A straight stretch; ``half_width`` [m] by the share of it and the metres flown."""
    distance, course = distance_and_bearing(*path.start, *path.end)
    along = np.linspace(0.0, distance, max(math.ceil(distance / SPACING), 1) + 1)
    anchors = np.linspace(0.0, distance, max(math.ceil(distance / STRAIGHT), 1) + 1)
    places = np.array([destination(*path.start, course, s) for s in anchors])
    latitude = np.interp(along, anchors, places[:, 0])
    longitude = np.interp(along, anchors, np.unwrap(places[:, 1]))
    width = np.broadcast_to(half_width(along / max(distance, 1.0), along), along.shape)
    altitude = path.start_altitude + path.gradient * along
    rising = path.altitude >= path.start_altitude
    altitude = (np.minimum if rising else np.maximum)(altitude, path.altitude)
    lat, lon = _beside(latitude, longitude, width)
    return Track(index, before, lat, lon,
                 np.broadcast_to(altitude[:, None], lat.shape), path.altitude,
                 altitude < path.altitude - 1.0)


def _beside(latitude: np.ndarray, longitude: np.ndarray, width: np.ndarray
            ) -> tuple[np.ndarray, np.ndarray]:
    """Points across the way at each of its points, ``width`` [m] to both sides."""
    meridian, normal = radii_of_curvature(WGS84[0], float(latitude[0]))
    north = np.gradient(latitude) * meridian
    east = np.gradient(longitude) * normal * np.cos(latitude)
    size = np.maximum(np.hypot(north, east), 1e-9)
    right = width[:, None] * _across(float(width.max()))
    return (latitude[:, None] - right * (east / size)[:, None] / meridian,
            longitude[:, None] + right * (north / size)[:, None]
            / (normal * np.cos(latitude))[:, None])


def _across(half_width: float) -> np.ndarray:
    """Shares of a half width, evenly from the left to the right, the middle among them."""
    count = math.ceil(half_width / ACROSS_SPACING)
    return np.linspace(-1.0, 1.0, 2 * count + 1)


def _circle(index: int, centre: tuple[float, float], radius: float, altitude: float) -> Track:
    meridian, normal = radii_of_curvature(WGS84[0], centre[0])
    turn = np.linspace(0.0, 2 * math.pi, max(math.ceil(2 * math.pi * radius / SPACING), 12))
    reach = np.maximum(radius + HALF_WIDTH * _across(HALF_WIDTH), 0.0)
    latitude = centre[0] + np.outer(np.cos(turn), reach) / meridian
    longitude = centre[1] + np.outer(np.sin(turn), reach) / (normal * math.cos(centre[0]))
    return Track(index, -1, latitude, longitude, np.full(latitude.shape, altitude), altitude,
                 np.zeros(len(turn), bool))
