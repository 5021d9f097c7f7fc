"""The Earth's figure, and geodetic coordinates on it.

Constants: NGA.STND.0036, World Geodetic System 1984, version 1.0.0 (2014), chapter 3 (grade:
published); J2 is the dynamical form factor that belongs to that ellipsoid. ECEF axes: x to the
equator at longitude 0, y to the equator at 90 deg east, z to the north pole.
"""

import math

from longwatch.compiled import compiled
from longwatch.record import f8, field, record


@record
class Earth:
    """A rotating ellipsoid of revolution; ``flattening`` 0 makes it a sphere."""

    semi_major_axis: f8 = field("m", "equatorial radius a", minimum=1)
    flattening: f8 = field("", "flattening f = (a - b)/a", minimum=0, maximum=0.1)
    gravitational_parameter: f8 = field("m3/s2", "GM, atmosphere included", minimum=0)
    j2: f8 = field("", "second zonal harmonic, not normalised")
    rotation_rate: f8 = field("rad/s", "rotation about the z axis")


WGS84 = Earth.zeros()
WGS84["semi_major_axis"] = 6378137.0
WGS84["flattening"] = 1.0 / 298.257223563
WGS84["gravitational_parameter"] = 3.986004418e14
WGS84["j2"] = 0.00108262982
WGS84["rotation_rate"] = 7.292115e-5


@compiled
def geodetic_to_ecef(earth, latitude, longitude, height):
    """Position (x, y, z) [m] in ECEF of a geodetic point.

    ``latitude`` and ``longitude`` in rad, ``height`` above the ellipsoid in m; ``earth`` is one
    record of :class:`Earth`.
    """
    a = earth.semi_major_axis
    e2 = earth.flattening * (2.0 - earth.flattening)
    sin_latitude = math.sin(latitude)
    normal = a / math.sqrt(1.0 - e2 * sin_latitude * sin_latitude)
    from_axis = (normal + height) * math.cos(latitude)
    return (from_axis * math.cos(longitude), from_axis * math.sin(longitude),
            (normal * (1.0 - e2) + height) * sin_latitude)


@compiled
def ecef_to_geodetic(earth, x, y, z):
    """Geodetic (latitude [rad], longitude [rad], height above the ellipsoid [m]) of an ECEF point.

    One step of Halley's method on the tangent of the reduced latitude (T. Fukushima,
    "Transformation from Cartesian to geodetic coordinates accelerated by Halley's method",
    Journal of Geodesy 79, 2006), begun at the value that is exact on the ellipsoid: below
    1e-8 m from 10 km under it to 100 km above it. On the axis the longitude is 0.
    """
    # Not valid within some 50 km of the Earth's centre, where the latitude is not unique.
    f = earth.flattening
    e2 = f * (2.0 - f)
    axis_ratio = 1.0 - f
    scale = 1.0 / earth.semi_major_axis
    from_axis = math.sqrt(x * x + y * y)
    P = max(from_axis, 1e-9) * scale  # a nanometre off the axis, where the step would be 0/0
    S = abs(z) * scale
    Z = axis_ratio * S
    C = axis_ratio * P
    A = math.sqrt(S * S + C * C)
    A3 = A * A * A
    D = Z * A3 + e2 * S * S * S
    F = P * A3 - e2 * C * C * C
    ESC = e2 * S * C
    B = 1.5 * ESC * C * ((P * S - Z * C) * A - ESC)
    S1 = D * F - B * S
    C1 = F * F - B * C
    cosine = axis_ratio * C1
    height = (from_axis * cosine + abs(z) * S1
              - earth.semi_major_axis * axis_ratio * math.sqrt(S1 * S1 + C1 * C1)
              ) / math.sqrt(cosine * cosine + S1 * S1)
    latitude = math.atan2(S1, cosine)
    return math.copysign(latitude, z), math.atan2(y, x), height


@compiled
def radii_of_curvature(earth, latitude):
    """Radii of curvature (meridian, prime vertical) [m] of the ellipsoid at ``latitude`` [rad]."""
    e2 = earth.flattening * (2.0 - earth.flattening)
    sin_latitude = math.sin(latitude)
    w2 = 1.0 / (1.0 - e2 * sin_latitude * sin_latitude)
    prime_vertical = earth.semi_major_axis * math.sqrt(w2)
    return prime_vertical * (1.0 - e2) * w2, prime_vertical
