"""Geodesics against Vincenty's formulae in pymap3d and lengths of the meridian."""

import math

import pytest
from pymap3d.vincenty import vdist, vreckon

from longwatch.earth.geodesics import destination, distance_and_bearing

PAIRS = [((41.13, 27.91), (40.13, 26.42)), ((41.13, 27.91), (40.33, 27.98)),
         ((-33.0, 151.0), (51.5, -0.1)), ((10.0, 179.9), (10.2, -179.8))]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_inverse(first, second):
    distance, bearing = distance_and_bearing(*map(math.radians, (*first, *second)))
    expected, azimuth = vdist(*first, *second)
    assert distance == pytest.approx(float(expected), abs=1e-3)
    assert math.degrees(bearing) == pytest.approx(float(azimuth), abs=1e-6)


@pytest.mark.parametrize(("first", "bearing"), [(p[0], b) for p in PAIRS for b in (0, 77, 260)])
def test_direct(first, bearing):
    found = destination(*map(math.radians, (*first, bearing)), 123456.0)
    latitude, longitude = vreckon(*first, 123456.0, bearing)
    assert math.degrees(found[0]) == pytest.approx(float(latitude), abs=1e-8)
    difference = math.degrees(found[1]) - float(longitude)
    assert (difference + 180) % 360 - 180 == pytest.approx(0.0, abs=1e-8)


def test_quarter_of_the_meridian():
    # NGA.STND.0036, WGS84: 10 001 965.729 m from the equator to the pole.
    distance, bearing = distance_and_bearing(0.0, 0.3, math.pi / 2, 0.3)
    assert distance == pytest.approx(10001965.729, abs=1e-3)
    assert bearing == 0.0


def test_same_point():
    assert distance_and_bearing(0.7, 0.5, 0.7, 0.5)[0] == 0.0
