"""WGS84 transforms against pymap3d and the standard's derived constants."""

import math

import numpy as np
import pymap3d
import pytest

from longwatch.earth.wgs84 import (
    WGS84,
    Earth,
    ecef_to_geodetic,
    geodetic_to_ecef,
    radii_of_curvature,
)

EARTH = WGS84[0]
POLAR_RADIUS = 6356752.3142  # NGA.STND.0036, table 3.3


def points(count, low, high):
    generator = np.random.default_rng(7)
    latitudes = np.arcsin(generator.uniform(-1, 1, count))
    return zip(latitudes, generator.uniform(-math.pi, math.pi, count),
               generator.uniform(low, high, count), strict=True)


def test_geodetic_to_ecef_agrees_with_pymap3d():
    for latitude, longitude, height in points(200, -5e3, 1e5):
        ours = geodetic_to_ecef(EARTH, latitude, longitude, height)
        theirs = pymap3d.geodetic2ecef(latitude, longitude, height, deg=False)
        assert ours == pytest.approx(theirs, abs=5e-9)


def test_ecef_to_geodetic_agrees_with_pymap3d_below_a_micrometre():
    for latitude, longitude, height in points(200, -1e4, 1e5):
        x, y, z = pymap3d.geodetic2ecef(latitude, longitude, height, deg=False)
        found = ecef_to_geodetic(EARTH, float(x), float(y), float(z))
        assert found[0] == pytest.approx(latitude, abs=1e-14)
        assert found[1] == pytest.approx(longitude, abs=1e-14)
        assert found[2] == pytest.approx(height, abs=1e-8)


def test_round_trip_holds_to_orbit():
    for latitude, longitude, height in points(200, 1e5, 4e7):
        found = ecef_to_geodetic(EARTH, *geodetic_to_ecef(EARTH, latitude, longitude, height))
        assert found[0] == pytest.approx(latitude, abs=1e-10)
        assert found[2] == pytest.approx(height, abs=1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("height", [-100.0, 0.0, 9000.0])
def test_poles(sign, height):
    z = sign * (POLAR_RADIUS + height)
    latitude, longitude, found = ecef_to_geodetic(EARTH, 0.0, 0.0, z)
    assert latitude == sign * math.pi / 2
    assert longitude == 0.0
    assert found == pytest.approx(height, abs=1e-4)  # the standard's polar radius has 0.1 mm


@pytest.mark.parametrize(("x", "y", "longitude"), [
    (1.0, 0.0, 0.0), (0.0, 1.0, math.pi / 2), (-1.0, 0.0, math.pi), (0.0, -1.0, -math.pi / 2)])
def test_equator(x, y, longitude):
    radius = 6378137.0 + 50.0
    found = ecef_to_geodetic(EARTH, x * radius, y * radius, 0.0)
    assert found == pytest.approx((0.0, longitude, 50.0), abs=1e-9)


def test_sphere():
    earth = Earth.zeros()
    earth["semi_major_axis"] = 6371000.0
    x, y, z = geodetic_to_ecef(earth[0], 0.6, -2.0, 1234.0)
    assert math.sqrt(x * x + y * y + z * z) == pytest.approx(6372234.0, abs=1e-8)
    assert ecef_to_geodetic(earth[0], x, y, z) == pytest.approx((0.6, -2.0, 1234.0), abs=1e-8)


def test_radii_of_curvature():
    # NGA.STND.0036, table 3.3: polar radius of curvature c = a^2/b.
    assert radii_of_curvature(EARTH, math.pi / 2) == pytest.approx((6399593.6258,) * 2, abs=1e-4)
    for latitude in (-1.2, 0.0, 0.72):
        meridian, prime_vertical = radii_of_curvature(EARTH, latitude)
        assert meridian == pytest.approx(
            pymap3d.rcurve.meridian(latitude, deg=False), rel=1e-12)
        assert prime_vertical == pytest.approx(
            pymap3d.rcurve.transverse(latitude, deg=False), rel=1e-12)
