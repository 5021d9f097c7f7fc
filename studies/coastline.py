"""Coastlines for the report's map, from Natural Earth (public domain) to one small table.

    python studies/coastline.py land-50m.json land-10m.json src/longwatch/records/coastline.npz

The inputs are the files of those names in the npm package world-atlas 2.0.2 (Natural Earth's
physical land polygons as TopoJSON). The world is kept at 1:50 million, and Thrace, the Marmara,
the Aegean and the Black Sea, where the project's missions fly, at 1:10 million. Both inputs are
quantised to 0.0036 deg in longitude and 0.0017 deg in latitude (400 m and 190 m at most), which
is the accuracy of the table; nothing is lost beyond that.

Result with the files named: 60 367 points of the world, 11 592 of the region, 196 kB in all.
"""

import json
import sys
from pathlib import Path

import numpy as np

REGION_DEG = (33.0, 48.0, 17.0, 43.0)  # latitude from, to, longitude from, to


def arcs_of(path: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """The arcs of a TopoJSON file in its own integers (n, 2), and (scale x y, translate x y)."""
    topology = json.loads(path.read_text())
    transform = np.array([*topology["transform"]["scale"], *topology["transform"]["translate"]])
    return [np.cumsum(np.array(arc), axis=0) for arc in topology["arcs"]], transform


def degrees(points: np.ndarray, transform: np.ndarray) -> np.ndarray:
    """Longitude and latitude [deg] of quantised points."""
    return points * transform[:2] + transform[2:]


def runs(points: np.ndarray, wanted: np.ndarray) -> list[np.ndarray]:
    """The stretches of a polyline whose segments are ``wanted`` (one flag a segment)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted.astype(int), [0]])))
    return [points[first:last + 1] for first, last in edges.reshape(-1, 2)]


def real_coast(points: np.ndarray, transform: np.ndarray) -> list[np.ndarray]:
    """Without the edges that close polygons along the date line and through the south pole."""
    longitude, latitude = degrees(points, transform).T
    at_seam = np.abs(longitude) > 179.99
    seam = (at_seam[:-1] & at_seam[1:]) | ((latitude[:-1] < -89.9) | (latitude[1:] < -89.9))
    return runs(points, ~seam)


def within(points: np.ndarray, transform: np.ndarray) -> list[np.ndarray]:
    """The stretches of a polyline that touch the region."""
    longitude, latitude = degrees(points, transform).T
    south, north, west, east = REGION_DEG
    inside = (latitude > south) & (latitude < north) & (longitude > west) & (longitude < east)
    return runs(points, inside[:-1] | inside[1:])


def packed(name: str, lines: list[np.ndarray], transform: np.ndarray) -> dict[str, np.ndarray]:
    """Points as differences along one long list, and where each polyline starts in it."""
    points = np.concatenate(lines)
    return {
        f"{name}_steps": np.diff(points, axis=0, prepend=0).astype(np.int32).T.copy(),
        f"{name}_starts": np.cumsum([0, *map(len, lines)]).astype(np.int32),
        f"{name}_transform_deg": transform,
    }


def main(world_path: str, region_path: str, target: str) -> None:
    """Read both files and write the table."""
    world, world_transform = arcs_of(Path(world_path))
    region, region_transform = arcs_of(Path(region_path))
    world = [line for arc in world for line in real_coast(arc, world_transform)]
    region = [line for arc in region for line in within(arc, region_transform)]
    np.savez_compressed(
        target,
        **packed("world", world, world_transform),
        **packed("region", region, region_transform),
        region_box_deg=np.array(REGION_DEG),
        source=np.array("Natural Earth 1:50m and 1:10m land, public domain"),
    )
    for name, lines in (("world", world), ("region", region)):
        print(name, len(lines), "lines", sum(map(len, lines)), "points")
    print(Path(target).stat().st_size, "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
