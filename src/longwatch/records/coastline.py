"""Coastlines for maps that need no network.

Natural Earth's land outlines (public domain): the world at 1:50 million, and Thrace, the
Marmara, the Aegean and the Black Sea at 1:10 million. Positions are good to about 400 m, which
is for orientation on a map, never for navigation. ``studies/coastline.py`` makes the table.
"""

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np


class _Lines(NamedTuple):
    """Polylines laid end to end."""

    longitude: np.ndarray  # rad
    latitude: np.ndarray  # rad
    joined: np.ndarray  # for each point but the last: is the next one of the same polyline


class _Table(NamedTuple):
    world: _Lines
    region: _Lines
    region_box: tuple[float, float, float, float]  # latitude from, to, longitude from, to, rad


@lru_cache(maxsize=1)
def _table() -> _Table:
    with (resources.files("longwatch.records") / "coastline.npz").open("rb") as file:
        stored = np.load(file)
        box = np.radians(stored["region_box_deg"])
        return _Table(_unpacked(stored, "world"), _unpacked(stored, "region"),
                      (box[0], box[1], box[2], box[3]))


def _unpacked(stored: dict[str, np.ndarray], name: str) -> _Lines:
    scale_x, scale_y, first_x, first_y = stored[f"{name}_transform_deg"]
    x, y = np.cumsum(stored[f"{name}_steps"], axis=1)
    joined = np.ones(len(x), bool)
    joined[stored[f"{name}_starts"][1:] - 1] = False
    longitude = x * scale_x + first_x
    # Some polylines that reach the date line from one side end at its other name.
    for i in np.flatnonzero(joined[:-1] & (np.abs(np.diff(longitude)) > 180.0)):
        at_line = i + int(np.argmax(np.abs(longitude[i:i + 2])))
        longitude[at_line] *= -1.0
    return _Lines(np.radians(longitude), np.radians(y * scale_y + first_y), joined[:-1])


def coastline(latitude_min: float, latitude_max: float, longitude_min: float,
              longitude_max: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """The coast inside a box, as polylines clipped to it.

    Args:
        latitude_min, latitude_max, longitude_min, longitude_max: the box [rad]. Longitudes may
            run past +-pi (a box over the date line), and the answer then does so too.

    Returns:
        Polylines (longitudes, latitudes) [rad], each with two points or more.
    """
    table = _table()
    south, north, west, east = table.region_box
    fine = (south <= latitude_min and latitude_max <= north
            and west <= longitude_min and longitude_max <= east)
    lines = table.region if fine else table.world
    found = []
    for turn in (-2.0 * np.pi, 0.0, 2.0 * np.pi):
        if longitude_min <= np.pi + turn and longitude_max >= -np.pi + turn:
            found += _clipped(lines, turn, (longitude_min, longitude_max),
                              (latitude_min, latitude_max))
    return found


def _clipped(lines: _Lines, turn: float, x_range: tuple[float, float],
             y_range: tuple[float, float]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Clip every segment after Liang and Barsky (ACM ToG 3, 1984), then join what touches."""
    x, y = lines.longitude + turn, lines.latitude
    x0, y0, dx, dy = x[:-1], y[:-1], np.diff(x), np.diff(y)
    enter, leave = np.zeros(len(x0)), np.where(lines.joined, 1.0, -1.0)
    for start, step, (low, high) in ((x0, dx, x_range), (y0, dy, y_range)):
        with np.errstate(divide="ignore", invalid="ignore"):
            at_low, at_high = (low - start) / step, (high - start) / step
        first, last = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
        along = step == 0.0
        outside = (start < low) | (start > high)
        first = np.where(along, np.where(outside, np.inf, -np.inf), first)
        last = np.where(along, np.where(outside, -np.inf, np.inf), last)
        enter, leave = np.maximum(enter, first), np.minimum(leave, last)
    seen = np.flatnonzero(enter < leave)
    if not len(seen):
        return []
    a, b = enter[seen], leave[seen]
    # A new polyline starts where the last segment was cut, or was not this one's neighbour.
    fresh = np.ones(len(seen), bool)
    fresh[1:] = (np.diff(seen) != 1) | (b[:-1] < 1.0) | (a[1:] > 0.0)
    starts = np.flatnonzero(fresh)
    first_x, first_y = x0[seen] + a * dx[seen], y0[seen] + a * dy[seen]
    last_x, last_y = x0[seen] + b * dx[seen], y0[seen] + b * dy[seen]
    return [(np.append(first_x[i:j], last_x[j - 1]), np.append(first_y[i:j], last_y[j - 1]))
            for i, j in zip(starts, [*starts[1:], len(seen)])]
