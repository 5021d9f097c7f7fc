"""What is sea: against the outlines' own inside, and places that everybody knows."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from longwatch.records.coastline import coastline, on_land
from longwatch.station.chart.sea import areas

# Latitude, longitude; well inside, as the outlines are good to some kilometres.
LAND = {"Ankara": (39.9, 32.9), "Thrace": (41.3, 27.3), "Kyiv": (50.45, 30.5),
        "Chukotka, west of the date line": (67.0, 179.0), "east of it": (66.5, -176.0),
        "the South Pole": (-89.5, 10.0), "Kansas": (38.5, -98.0)}
SEA = {"the Marmara": (40.75, 28.1), "the Black Sea": (43.0, 34.0), "the Aegean": (38.9, 25.0),
       "the Pacific at the date line": (0.0, 180.0), "the North Pole": (89.0, 0.0),
       "the Caspian": (42.0, 50.5)}


def covered(rings, longitude, latitude):
    """Whether an odd number of rings holds a point."""
    inside = False
    for ring in rings:
        x0, y0, x1, y1 = *ring[:-1].T, *ring[1:].T
        over = (y0 <= latitude) != (y1 <= latitude)
        x0, y0, x1, y1 = x0[over], y0[over], x1[over], y1[over]
        inside ^= int(np.sum(x0 + (latitude - y0) / (y1 - y0) * (x1 - x0) < longitude)) % 2 == 1
    return inside


def within(south, west, north, east):
    box = tuple(map(math.radians, (south, west, north, east)))
    lines = [np.stack(line, axis=1) for line in coastline(box[0], box[2], box[1], box[3])]
    return box, areas(lines, box)


@pytest.mark.parametrize("place", LAND)
def test_land_is_land(place):
    assert on_land(*map(math.radians, LAND[place]))


@pytest.mark.parametrize("place", SEA)
def test_sea_is_sea(place):
    assert not on_land(*map(math.radians, SEA[place]))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.floats(-85.0, 84.0), st.floats(-185.0, 184.0), st.floats(0.05, 30.0),
       st.floats(0.05, 40.0), st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
                                       min_size=12, max_size=12))
def test_any_box_is_filled_as_the_outlines_say(south, west, height, width, points):
    north, east = min(south + height, 85.0), west + width
    # Here the finer outlines of the region count, which the test does not have.
    assume(not (south >= 33.0 and north <= 48.0 and west >= 17.0 and east <= 43.0))
    assume(north - south > 0.01)
    box, found = within(south, west, north, east)
    assert found is not None
    sea, islands = found
    for ring in (*sea, *islands):
        assert np.array_equal(ring[0], ring[-1])
    for x, y in points:
        latitude = box[0] + (0.001 + 0.998 * y) * (box[2] - box[0])
        longitude = box[1] + (0.001 + 0.998 * x) * (box[3] - box[1])
        wet = covered(sea, longitude, latitude) and not covered(islands, longitude, latitude)
        assert wet != on_land(latitude, longitude)


def test_the_region_around_thrace_is_filled_from_its_finer_outlines():
    _, (sea, islands) = within(39.5, 25.0, 42.5, 30.0)
    assert covered(sea, *map(math.radians, (28.1, 40.75)))      # the Marmara
    assert covered(sea, *map(math.radians, (29.5, 42.0)))       # the Black Sea
    assert not covered(sea, *map(math.radians, (27.3, 41.3)))   # Thrace
    # Marmara island is land in that sea.
    assert covered(islands, *map(math.radians, (27.6, 40.62)))


def test_the_whole_world_is_filled():
    _, (sea, islands) = within(-85.0, -180.0, 85.0, 180.0)
    for place in SEA.values():
        latitude, longitude = map(math.radians, place)
        if place[0] < 85.0 and place[1] < 180.0:
            assert covered(sea, longitude, latitude) and not covered(islands, longitude, latitude)


def test_a_coast_that_ends_in_the_box_is_not_guessed_at():
    assert areas([np.array([[0.1, 0.1], [0.2, 0.2]])], (0.0, 0.0, 1.0, 1.0)) is None
