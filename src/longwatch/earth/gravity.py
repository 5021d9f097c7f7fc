"""Gravitation of the ellipsoidal Earth, with the second zonal harmonic.

The gradient of U = GM/r (1 - J2 (a/r)^2 P2(z/r)), as in W. A. Heiskanen and H. Moritz, Physical
Geodesy (1967), section 2-9. The ellipsoid's harmonics left out amount to 1.2e-4 m/s2 at most.
"""

import math

from longwatch.compiled import compiled


@compiled
def gravitation(earth, x, y, z):
    """Acceleration (gx, gy, gz) [m/s2] of the Earth's mass at (x, y, z) [m], both in ECEF axes.

    The centrifugal acceleration of the rotating frame is not part of it; ``earth`` is one record
    of :class:`longwatch.earth.wgs84.Earth`.
    """
    inverse_r2 = 1.0 / (x * x + y * y + z * z)
    a = earth.semi_major_axis
    k = 1.5 * earth.j2 * a * a * inverse_r2
    z2 = 5.0 * z * z * inverse_r2
    central = -earth.gravitational_parameter * inverse_r2 * math.sqrt(inverse_r2)
    equatorial = central * (1.0 + k * (1.0 - z2))
    return equatorial * x, equatorial * y, central * (1.0 + k * (3.0 - z2)) * z


@compiled
def normal_gravity(earth, latitude, height):
    """Magnitude of gravity [m/s2], gravitation and centrifugal acceleration together.

    At ``latitude`` [rad] and ``height`` [m] above the ellipsoid. This is the gravity of the
    simulated Earth, harmonics to J2, so it is also that of a sphere or of an Earth at rest; it
    stays within 1.2e-4 m/s2 of Somigliana's formula for WGS84.
    """
    sin_latitude = math.sin(latitude)
    cos_latitude = math.cos(latitude)
    e2 = earth.flattening * (2.0 - earth.flattening)
    normal = earth.semi_major_axis / math.sqrt(1.0 - e2 * sin_latitude * sin_latitude)
    x = (normal + height) * cos_latitude
    z = (normal * (1.0 - e2) + height) * sin_latitude
    gx, _, gz = gravitation(earth, x, 0.0, z)
    gx += earth.rotation_rate * earth.rotation_rate * x
    return math.sqrt(gx * gx + gz * gz)
