"""Gravitation against the gradient of its potential, gravity against Somigliana's formula."""

import math

import pytest

from longwatch.earth.gravity import gravitation, normal_gravity
from longwatch.earth.wgs84 import WGS84, Earth, geodetic_to_ecef

EARTH = WGS84[0]
GM, J2, A = 3.986004418e14, 0.00108262982, 6378137.0


def potential(x, y, z):
    """U = GM/r (1 - J2 (a/r)^2 P2(sin of the geocentric latitude))."""
    r = math.sqrt(x * x + y * y + z * z)
    return GM / r * (1 - J2 * (A / r) ** 2 * (3 * (z / r) ** 2 - 1) / 2)


@pytest.mark.parametrize("latitude", [-1.5, -0.7, 0.0, 0.4, 1.1])
def test_gravitation_is_the_gradient_of_the_potential(latitude):
    p = geodetic_to_ecef(EARTH, latitude, 0.9, 3000.0)
    step = 500.0
    for axis, found in enumerate(gravitation(EARTH, *p)):
        ahead, behind = list(p), list(p)
        ahead[axis] += step
        behind[axis] -= step
        gradient = (potential(*ahead) - potential(*behind)) / (2 * step)
        assert found == pytest.approx(gradient, abs=2e-7)


def test_gravitation_of_a_sphere_is_newtons():
    earth = Earth.zeros()
    earth["semi_major_axis"], earth["gravitational_parameter"] = A, GM
    assert gravitation(earth[0], 0.0, 7e6, 0.0) == pytest.approx((0, -GM / 49e12, 0), rel=1e-14)


@pytest.mark.parametrize("degrees", [0, 15, 30, 45, 60, 75, 90])
def test_normal_gravity_near_somigliana(degrees):
    # NGA.STND.0036, equation 4-1 and table 3.3 (gamma_e, k), e^2 from the flattening.
    s2 = math.sin(math.radians(degrees)) ** 2
    expected = 9.7803253359 * (1 + 0.00193185265241 * s2) / math.sqrt(1 - 0.00669437999014 * s2)
    # The harmonics from J4 on are left out: 1.2e-4 m/s2.
    assert normal_gravity(EARTH, math.radians(degrees), 0.0) == pytest.approx(expected, abs=1.2e-4)


def test_j2_belongs_to_the_ellipsoid():
    # Heiskanen and Moritz, Physical Geodesy, equations 2-90, 2-58 and 2-70.
    f, omega = 1 / 298.257223563, 7.292115e-5
    b = A * (1 - f)
    e2 = f * (2 - f)
    second = math.sqrt(e2) / (1 - f)
    q0 = ((1 + 3 / second**2) * math.atan(second) - 3 / second) / 2
    m = omega**2 * A**2 * b / GM
    assert EARTH.j2 == pytest.approx(e2 / 3 * (1 - 2 * m * second / (15 * q0)), rel=1e-7)


def test_normal_gravity_falls_with_height():
    # Free-air gradient at 45 deg: 0.3086 mGal/m (Heiskanen and Moritz, Physical Geodesy, 2-124).
    low, high = (normal_gravity(EARTH, math.pi / 4, h) for h in (0.0, 1000.0))
    assert (low - high) / 1000.0 == pytest.approx(3.086e-6, rel=1e-3)


def test_normal_gravity_of_a_sphere_at_rest():
    earth = Earth.zeros()
    earth["semi_major_axis"], earth["gravitational_parameter"] = A, GM
    assert normal_gravity(earth[0], 1.0, 500.0) == pytest.approx(GM / (A + 500.0) ** 2, rel=1e-13)
