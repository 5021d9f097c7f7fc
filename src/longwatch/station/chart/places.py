"""What lies where: runways of a box, the ground's elevation at points."""

import math
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.environment.runways import Runway, known_runways, load_runways
from longwatch.environment.terrain import terrain_at
from longwatch.environment.terrain_files import Terrain
from longwatch.station.chart.tiles import listed_runways
from longwatch.station.refusal import Refusal

MOST_RUNWAYS = 2000
MOST_POINTS = 2000
# Points are looked up in the terrain box by box, of this many degrees.
CELL_DEG = 0.25
# The same runway in two lists lies within so many degrees.
SAME_DEG = 0.02


def box_of(query: dict[str, str]) -> tuple[float, float, float, float]:
    """South, west, north and east [deg] of a request; east may run beyond 180.

    Raises:
        Refusal: a side is missing, is no number, or the box is none.
    """
    faults = []
    sides = []
    for name, least, most in (("south", -90.0, 90.0), ("west", -540.0, 540.0),
                              ("north", -90.0, 90.0), ("east", -540.0, 540.0)):
        try:
            value = float(query.get(name, ""))
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            faults.append(f"{name}: give degrees from {least:g} to {most:g}")
        sides.append(value)
    if not faults and (sides[0] > sides[2] or sides[1] > sides[3]):
        faults.append("south lies above north, or west beyond east; swap them")
    if faults:
        raise Refusal("this is no box", 400, tuple(faults))
    return sides[0], sides[1], sides[2], sides[3]


class RunwayIndex:
    """The runways that are built in, those of a file and the world's, to be found by box.

    Where several hold an airport's runway, the built-in one counts, by which missions are judged,
    then the file's.

    Raises:
        SetupError: the file cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self._first = (known_runways(), load_runways(path) if path is not None else ())

    @cached_property
    def _all(self) -> tuple[list[Runway], np.ndarray, np.ndarray]:
        """All of them with latitude and longitude of their middles [deg]; read when asked for."""
        runways: list[Runway] = []
        known: dict[frozenset[str], list[Runway]] = {}
        for source in (*self._first, listed_runways()):
            new = [r for r in source if not any(
                _same(r, other) for other in known.get(frozenset(r.ends), ()))]
            for runway in new:
                known.setdefault(frozenset(runway.ends), []).append(runway)
            runways += new
        latitude = np.degrees([r.latitude for r in runways]).mean(axis=1)
        east = [r.longitude[0] + 0.5 * math.remainder(r.longitude[1] - r.longitude[0], math.tau)
                for r in runways]
        return runways, latitude, np.degrees(east)

    def within(self, box: tuple[float, float, float, float]) -> list[dict[str, Any]]:
        """The runways whose middle lies in a box [deg], the longest first, up to a limit."""
        south, west, north, east = box
        runways, latitude, longitude = self._all
        inside = ((latitude >= south) & (latitude <= north)
                  & ((longitude - west) % 360.0 <= min(east - west, 360.0)))
        found = [runways[i] for i in np.flatnonzero(inside)]
        found.sort(key=lambda runway: -runway.length)
        return [_described(runway) for runway in found[:MOST_RUNWAYS]]


def _same(one: Runway, other: Runway) -> bool:
    return all(abs(math.degrees(math.remainder(a - b, math.tau))) < SAME_DEG
               for a, b in ((min(one.latitude), min(other.latitude)),
                            (min(one.longitude), min(other.longitude))))


def _described(runway: Runway) -> dict[str, Any]:
    return {
        "airport": runway.airport, "name": runway.name,
        "ends": [{"ident": runway.ends[end],
                  "latitude_deg": round(math.degrees(runway.latitude[end]), 7),
                  "longitude_deg": round(math.degrees(runway.longitude[end]), 7),
                  "elevation_msl": round(runway.elevation_msl[end], 2),
                  "course": round(runway.bearing(end), 6)} for end in (0, 1)],
        "length": round(runway.length, 1), "width": round(runway.width, 1),
        "surface": "paved" if runway.paved else "unpaved"}


def elevations(terrain: Terrain | None, points: Any) -> list[float | None]:
    """Ground above mean sea level [m] at [latitude, longitude] points [deg]; None where unknown.

    Raises:
        Refusal: the points are none, or too many.
        SetupError: the terrain cannot be read.
    """
    if not isinstance(points, list) or len(points) > MOST_POINTS or not all(
            isinstance(p, list) and len(p) == 2 and all(
                isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)
                for x in p) and abs(p[0]) <= 90 and abs(p[1]) <= 540 for p in points):
        raise Refusal(f"points: give at most {MOST_POINTS} of [latitude, longitude] in degrees")
    if terrain is None:
        return [None] * len(points)
    found: list[float | None] = [None] * len(points)
    cells: dict[tuple[int, int], list[int]] = {}
    for i, (latitude, longitude) in enumerate(points):
        wrapped = (longitude + 180.0) % 360.0 - 180.0
        cells.setdefault((math.floor(latitude / CELL_DEG), math.floor(wrapped / CELL_DEG)),
                         []).append(i)
    for (row, column), members in cells.items():
        south, west = row * CELL_DEG, column * CELL_DEG
        grid = terrain.grid((south, west, south + CELL_DEG, west + CELL_DEG))
        for i in members:
            height = float(terrain_at(grid, math.radians(points[i][0]),
                                      math.radians((points[i][1] + 180.0) % 360.0 - 180.0))[0])
            found[i] = None if math.isnan(height) else round(height, 2)
    return found
