"""Which part of a box is sea, as areas to fill: the coast in it, closed along the box's sides.

Coasts run clockwise around land, so land lies to their right and the sea to their left. Walked the
other way, each piece of coast that ends at a side of the box goes on along the sides, clockwise, to
where the next piece begins, until it is back where it began (K. Weiler and P. Atherton, SIGGRAPH
1977, for a box). What is a ring within the box is an island in the sea, or a lake.
"""

import math

import numpy as np

from longwatch.records.coastline import on_land

Box = tuple[float, float, float, float]
Rings = list[np.ndarray]
# An end of a piece lies on a side of the box within this share of the box.
ON_SIDE = 1e-9
# Where the outlines are cut at the date line they meet again within their accuracy [rad].
MEET = 5e-5


def areas(lines: Rings, box: Box) -> tuple[Rings, Rings] | None:
    """What of a box is sea, and what of that is land again.

    Args:
        lines: the coast in the box, polylines of shape (points, 2): longitude, latitude [rad].
        box: south, west, north, east [rad].

    Returns:
        Closed rings of sea, and of land that lies in them; None where a coast ends within the
        box, so that it cannot be told.
    """
    rings, pieces = _joined(lines)
    open_ones = [piece[::-1] for piece in pieces]
    ends = [(_along(piece[0], box), _along(piece[-1], box)) for piece in open_ones]
    if any(math.isnan(at) for pair in ends for at in pair):
        return None
    islands = [ring for ring in rings if _turns_clockwise(ring)]
    sea = [ring for ring in rings if not _turns_clockwise(ring)]
    if open_ones:
        sea = _walked(open_ones, ends, box) + sea
    elif not on_land(box[0], box[1]):
        south, west, north, east = box
        sea = [np.array([[west, south], [west, north], [east, north], [east, south],
                         [west, south]])]
    return sea, islands


def _joined(lines: Rings) -> tuple[Rings, Rings]:
    """Rings, and pieces that are none: the lines, with those put together that follow another."""
    rings = [line for line in lines if _meet(line[-1], line[0])]
    left = [line for line in lines if not _meet(line[-1], line[0])]
    pieces: Rings = []
    while left:
        piece = left.pop()
        grown = True
        while grown and not _meet(piece[-1], piece[0]):
            grown = False
            for number, other in enumerate(left):
                if _meet(piece[-1], other[0]) or _meet(other[-1], piece[0]):
                    pair = (piece, other) if _meet(piece[-1], other[0]) else (other, piece)
                    piece, grown = np.concatenate(pair), True
                    del left[number]
                    break
        (rings if _meet(piece[-1], piece[0]) else pieces).append(piece)
    return [_closed(ring) for ring in rings if len(ring) > 3], pieces


def _meet(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(abs(one[0] - other[0]) < MEET and abs(one[1] - other[1]) < MEET)


def _closed(ring: np.ndarray) -> np.ndarray:
    return np.concatenate([ring[:-1], ring[:1]])


def _along(point: np.ndarray, box: Box) -> float:
    """How far clockwise along the box's sides a point lies, 0 to 4 from the south-west; or NaN."""
    south, west, north, east = box
    x, y = (point[0] - west) / (east - west), (point[1] - south) / (north - south)
    sides = ((abs(x), y), (abs(1.0 - y), 1.0 + x), (abs(1.0 - x), 3.0 - y), (abs(y), 4.0 - x))
    away, at = min(sides)
    return at if away < ON_SIDE else math.nan


def _corner(number: int, box: Box) -> list[float]:
    south, west, north, east = box
    return [[west, south], [west, north], [east, north], [east, south]][number % 4]


def _walked(pieces: Rings, ends: list[tuple[float, float]], box: Box) -> Rings:
    """Rings of the pieces and the sides that lead from each to the next."""
    rings: Rings = []
    left = set(range(len(pieces)))
    while left:
        number = first = min(left)
        points: list[np.ndarray] = []
        while True:
            left.discard(number)
            points.append(pieces[number])
            at = ends[number][1]
            # The piece that begins next along the sides; of the first, once around at most.
            ahead = [((ends[other][0] - at) % 4.0, other) for other in {*left, first}]
            way, number = min(ahead)
            corners = range(math.floor(at) + 1, math.floor(at + way) + 1)
            points.append(np.array([_corner(corner, box) for corner in corners]).reshape(-1, 2))
            if number == first:
                break
        points.append(pieces[first][:1])
        rings.append(np.concatenate(points))
    return rings


def _turns_clockwise(ring: np.ndarray) -> bool:
    x, y = ring.T - ring[0][:, None]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) < 0.0
