"""The fence's geometry, against Karney's geodesics and his ellipsoidal gnomonic projection."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from matplotlib.path import Path

from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.fence import (
    CIRCLE_EXCLUSION,
    CIRCLE_INCLUSION,
    POLYGON_EXCLUSION,
    POLYGON_INCLUSION,
    FenceVertex,
)
from longwatch.earth.wgs84 import WGS84

EARTH, GEODESIC = WGS84[0], Geodesic.WGS84
CENTRES = {"Thrace": (41.3, 27.9), "date line": (10.0, 180.0), "equator": (0.0, -60.0),
           "north pole": (90.0, 0.0), "south pole": (-89.7, 100.0), "Greenwich": (51.0, 0.01)}


def polygon(points, kind=POLYGON_INCLUSION, group=0):
    zone = FenceVertex.zeros(len(points))
    zone["kind"], zone["count"], zone["group"] = kind, len(points), group
    zone["latitude"], zone["longitude"] = np.radians(points).T
    fence.prepare(zone, EARTH)
    return zone


def circle(place, radius, kind=CIRCLE_INCLUSION, group=0):
    zone = FenceVertex.zeros(1)
    zone["kind"], zone["radius"], zone["group"] = kind, radius, group
    zone["latitude"], zone["longitude"] = np.radians(place)
    fence.prepare(zone, EARTH)
    return zone


def clear(zones, place):
    return fence.clearance(zones, *fence.direction_of(EARTH, *np.radians(place)))


def around(centre, bearing, distance):
    there = GEODESIC.Direct(*centre, bearing, distance)
    return there["lat2"], there["lon2"]


def star(centre, reach, seed):
    """A ragged polygon about a place, its corners up to ``reach`` [m] away."""
    random = np.random.default_rng(seed)
    bearings = np.sort(random.uniform(0.0, 360.0, 9)) + random.uniform(0.0, 360.0)
    return [around(centre, b, r) for b, r in zip(bearings, random.uniform(0.3, 1.0, 9) * reach,
                                                 strict=True)]


def gnomonic(centre, place):
    """Karney's projection: geodesics are straight to a very good approximation."""
    line = GEODESIC.Inverse(*centre, *place, Geodesic.AZIMUTH | Geodesic.REDUCEDLENGTH
                            | Geodesic.GEODESICSCALE)
    reach, bearing = line["m12"] / line["M12"], math.radians(line["azi1"])
    return reach * math.sin(bearing), reach * math.cos(bearing)


def nearest_edge(corners, place, parts=400):
    """Least geodesic distance [m] to points along the polygon's geodesic edges."""
    least = math.inf
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        edge = GEODESIC.InverseLine(*a, *b)
        for share in np.linspace(0.0, 1.0, parts):
            at = edge.Position(share * edge.s13)
            least = min(least, GEODESIC.Inverse(at["lat2"], at["lon2"], *place)["s12"])
    return least


@pytest.mark.parametrize("where", CENTRES)
def test_polygons_keep_their_inside_anywhere(where):
    centre, random = CENTRES[where], np.random.default_rng(len(where))
    corners = star(centre, 60e3, 5)
    zones = polygon(corners)
    shape = Path([gnomonic(centre, c) for c in corners], closed=False)
    found = set()
    for bearing, distance in random.uniform((0.0, 0.0), (360.0, 70e3), (150, 2)):
        place = around(centre, bearing, distance)
        inside = shape.contains_point(gnomonic(centre, place))
        found.add(inside)
        assert (clear(zones, place) > 0.0) == inside
    assert found == {True, False}


@pytest.mark.parametrize("where", CENTRES)
def test_distance_to_an_edge_is_the_geodesic_one(where):
    centre = CENTRES[where]
    corners = star(centre, 20e3, 11)
    zones = polygon(corners)
    for bearing, distance in ((20.0, 3e3), (140.0, 9e3), (250.0, 25e3)):
        place = around(centre, bearing, distance)
        true = nearest_edge(corners, place)
        # 400 points over at most 40 km: the nearest of them lies within 50 m of the foot, which
        # lengthens a distance of 500 m and more by less than 2.5 m.
        assert abs(clear(zones, place)) == pytest.approx(true, rel=2e-4, abs=2.5)


@pytest.mark.parametrize("where", CENTRES)
def test_circles_are_measured_along_the_surface(where):
    centre = CENTRES[where]
    zones = circle(centre, 5000.0)
    for bearing in (0.0, 77.0, 200.0):
        for distance in (0.0, 4000.0, 5000.0, 30e3):
            assert clear(zones, around(centre, bearing, distance)) == pytest.approx(
                5000.0 - distance, abs=0.05 + 2e-5 * distance)


def test_a_long_edge_is_followed_like_a_leg_of_the_guidance():
    # 41 deg north from 20 to 30 deg east: the great circle bulges north by more than 10 km.
    zones = polygon([(41.0, 20.0), (41.0, 30.0), (44.0, 30.0), (44.0, 20.0)])
    middle = math.degrees(math.atan(math.tan(math.radians(41.0)) / math.cos(math.radians(5.0))))
    assert middle > 41.1
    north = clear(zones, (middle + 0.01, 25.0))
    assert north == pytest.approx(1111.0, abs=25.0)
    assert clear(zones, (middle - 0.01, 25.0)) == pytest.approx(-1111.0, abs=25.0)


def test_groups_join_and_the_zones_of_a_group_cut():
    west, east = circle((41.0, 28.0), 10e3, group=1), circle((41.0, 28.3), 10e3, group=2)
    both = np.concatenate([west, east])
    inside_east = (41.0, 28.35)
    assert clear(both, inside_east) > 0.0
    east["group"] = 1
    same = np.concatenate([west, east])
    assert clear(same, inside_east) < 0.0
    lens = (41.0, 28.15)
    assert clear(same, lens) == pytest.approx(min(clear(west, lens), clear(east, lens)))


def test_exclusion_zones_hold_in_every_group():
    home = polygon([(40.9, 27.9), (40.9, 28.1), (41.1, 28.1), (41.1, 27.9)])
    town = circle((41.0, 28.0), 2000.0, CIRCLE_EXCLUSION)
    lake = polygon([(41.02, 28.05), (41.04, 28.05), (41.03, 28.07)], POLYGON_EXCLUSION)
    zones = np.concatenate([home, town, lake])
    assert clear(zones, (41.0, 28.0)) == pytest.approx(-2000.0, abs=0.1)
    assert clear(zones, (41.03, 28.055)) < 0.0
    assert clear(zones, (41.0, 28.05)) == pytest.approx(
        GEODESIC.Inverse(41.0, 28.05, 41.0, 28.0)["s12"] - 2000.0, abs=0.5)
    assert clear(np.concatenate([town, lake]), (45.0, 28.0)) > 400e3


def test_without_zones_nothing_is_fenced():
    assert clear(FenceVertex.zeros(0), (41.0, 28.0)) == fence.UNBOUNDED


@pytest.mark.parametrize("place", [(41.0, 28.0), (0.0, 180.0), (89.99999, 12.0), (-90.0, 0.0)])
def test_a_displacement_leads_where_the_geodesic_leads(place):
    x, y, z, radius = fence.direction_of(EARTH, *np.radians(place))
    bearing = math.radians(130.0)
    moved = fence.displaced(x, y, z, radius, 2000.0 * math.cos(bearing),
                            2000.0 * math.sin(bearing))
    latitude, longitude = np.degrees(fence.geodetic_of(EARTH, *moved))
    assert GEODESIC.Inverse(*place, latitude, longitude)["s12"] == pytest.approx(2000.0, abs=0.1)
    if abs(place[0]) < 80.0:
        true = around(place, 130.0, 2000.0)
        assert GEODESIC.Inverse(*true, latitude, longitude)["s12"] < 1.0
