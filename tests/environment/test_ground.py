"""Ground heights against positions laid out by the geodesics of pymap3d."""

import math

import numpy as np
import pytest
from pymap3d.vincenty import vdist, vreckon

from longwatch.environment.ground import GroundPatch, ground_below, make_patch

A = (math.radians(41.129398), math.radians(27.905300), 152.4)
B = (math.radians(41.147099), math.radians(27.932600), 174.9552)
LENGTH, BEARING = (float(v) for v in vdist(*map(math.degrees, (*A[:2], *B[:2]))))


@pytest.fixture(scope="module")
def corlu():
    return make_patch(*A, *B, 45.0, True)


def beside(along, across):
    """Point ``along`` metres from threshold a towards b, then ``across`` metres to the right."""
    latitude, longitude = vreckon(*map(math.degrees, A[:2]), abs(along),
                                  BEARING + (180 if along < 0 else 0))
    latitude, longitude = vreckon(latitude, longitude, abs(across),
                                  BEARING + (90 if across >= 0 else -90))
    return math.radians(float(latitude)), math.radians((float(longitude) + 180) % 360 - 180)


@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("across", [-22.0, 0.0, 22.0])
def test_runway_is_the_plane_between_its_thresholds(corlu, share, across):
    height, north, east, paved = ground_below(corlu, 1, *beside(share * LENGTH, across))
    assert height == pytest.approx(152.4 + share * 22.5552, abs=1e-3)
    assert north == pytest.approx(22.5552 / LENGTH * math.cos(math.radians(BEARING)), rel=1e-3)
    assert east == pytest.approx(22.5552 / LENGTH * math.sin(math.radians(BEARING)), rel=1e-3)
    assert paved


@pytest.mark.parametrize("share", [0.002, 0.3, 0.5, 0.7, 0.998])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_pavement_ends_at_the_edges(corlu, share, side):
    assert ground_below(corlu, 1, *beside(share * LENGTH, side * 22.49))[3]
    assert not ground_below(corlu, 1, *beside(share * LENGTH, side * 22.51))[3]


def test_pavement_ends_at_the_thresholds(corlu):
    for along, paved in ((-0.02, False), (0.02, True), (LENGTH - 0.02, True),
                         (LENGTH + 0.02, False)):
        assert ground_below(corlu, 1, *beside(along, 0.0))[3] == paved


def test_length_agrees_with_the_geodesic(corlu):
    assert corlu["length"][0] == pytest.approx(LENGTH, abs=0.005)


@pytest.mark.parametrize(("along", "across", "expected"), [
    (-500.0, 0.0, 152.4), (LENGTH + 500.0, 30.0, 174.9552),
    (0.5 * LENGTH, 3000.0, 163.6776), (0.5 * LENGTH, -23.0, 163.6776),
    (-9000.0, 0.0, 152.4), (-15000.0, 0.0, 76.2), (LENGTH + 17500.0, 0.0, 43.7388),
    (-20100.0, 0.0, 0.0), (0.5 * LENGTH, 60000.0, 0.0)])
def test_land_around(corlu, along, across, expected):
    height, _, _, paved = ground_below(corlu, 1, *beside(along, across))
    assert height == pytest.approx(expected, abs=0.02)
    assert not paved


@pytest.mark.parametrize(("along", "across"), [
    (1500.0, 10.0), (1500.0, 400.0), (-800.0, 50.0), (1500.0, -14000.0), (-12000.0, 9000.0),
    (-40000.0, 0.0)])
def test_slopes_are_the_differences_of_height(corlu, along, across):
    latitude, longitude = beside(along, across)
    _, north, east, _ = ground_below(corlu, 1, latitude, longitude)
    step = 1.0
    for slope, bearing in ((north, 0.0), (east, 90.0)):
        heights = [ground_below(corlu, 1, *np.radians(np.array(vreckon(
            math.degrees(latitude), math.degrees(longitude), step, b), float)))[0]
            for b in (bearing, bearing + 180.0)]
        assert slope == pytest.approx((heights[0] - heights[1]) / (2 * step), abs=6e-5)


def test_nearest_patch_counts(corlu):
    patches = np.concatenate([corlu, make_patch(0.5, 0.5, 10.0, 0.5002, 0.5, 10.0, 30.0, False),
                              GroundPatch.zeros()])
    assert ground_below(patches, 2, 0.5001, 0.5) == (10.0, 0.0, 0.0, False)
    assert ground_below(patches, 2, *beside(0.5 * LENGTH, 0.0))[3]
    assert ground_below(patches, 0, *beside(0.5 * LENGTH, 0.0)) == (0.0, 0.0, 0.0, False)


def test_date_line():
    step = 1000.0 / 6378137.0
    patch = make_patch(0.0, math.pi - step, 5.0, 0.0, -math.pi + step, 7.0, 30.0, True)
    assert patch["length"][0] == pytest.approx(2000.0, abs=1e-6)
    assert ground_below(patch, 1, 0.0, math.pi)[0] == pytest.approx(6.0, abs=1e-9)
    assert ground_below(patch, 1, 0.0, -math.pi + 0.5 * step)[0] == pytest.approx(6.5, abs=1e-9)
