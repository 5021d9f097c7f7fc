"""The ground under the aircraft: known runways, the land around them, the sea elsewhere.

Inside a runway's rectangle the ground is the sloped plane between its thresholds. Beyond, it goes
on at the height of the nearest point of the rectangle for 10 km, falls evenly to sea level at
20 km, and is sea at zero from there (grade: assumed). The nearest runway counts. Where there is
terrain the runways lie in it instead (terrain.py). Each patch keeps a map of its surroundings, the
tangent plane at its centre to second order, so that a tick costs a few multiplications: right to
1 cm within 3 km of it.
"""

import math

from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.wgs84 import WGS84, radii_of_curvature
from longwatch.record import b1, f8, field, record

LEVEL_TO = 10000.0
SEA_FROM = 20000.0
_FALL = 1.0 / (SEA_FROM - LEVEL_TO)


@record
class GroundPatch:
    """A runway's surface; made by :func:`make_patch`, which fills what is derived."""

    latitude: f8 = field("rad", "thresholds a and b", shape=(2,), labels=("a", "b"))
    longitude: f8 = field("rad", "thresholds a and b", shape=(2,), labels=("a", "b"))
    elevation_msl: f8 = field("m", "thresholds a and b", shape=(2,), labels=("a", "b"))
    length: f8 = field("m", "from threshold a to threshold b", minimum=0)
    half_width: f8 = field("m", "half the width of the runway", minimum=0)
    paved: b1 = field("", "hard surface")
    centre_latitude: f8 = field("rad", "middle between the thresholds")
    centre_longitude: f8 = field("rad", "middle between the thresholds")
    centre_elevation_msl: f8 = field("m", "middle between the thresholds")
    metres_north: f8 = field("m/rad", "northing per latitude")
    metres_north_bend: f8 = field("m/rad2", "northing per longitude squared")
    metres_east: f8 = field("m/rad", "easting per longitude at the centre")
    metres_east_change: f8 = field("m/rad2", "change of metres_east per latitude")
    direction_north: f8 = field("", "unit vector from threshold a to b, north")
    direction_east: f8 = field("", "unit vector from threshold a to b, east")
    slope: f8 = field("", "rise per metre from threshold a to b")


def make_patch(latitude_a, longitude_a, elevation_a, latitude_b, longitude_b, elevation_b, width,
               paved):
    """One :class:`GroundPatch` (an array of length 1) of the runway between two thresholds.

    Angles in rad, elevations above mean sea level and ``width`` in m, ``paved`` a truth value.
    """
    patches = GroundPatch.zeros()
    patch = patches[0]
    patch.latitude[:] = latitude_a, latitude_b
    patch.longitude[:] = longitude_a, longitude_b
    patch.elevation_msl[:] = elevation_a, elevation_b
    patch.half_width = 0.5 * width
    patch.paved = paved
    patch.centre_elevation_msl = 0.5 * (elevation_a + elevation_b)
    _map_around(patch, 0.5 * (latitude_a + latitude_b),
                longitude_a + 0.5 * wrap_angle(longitude_b - longitude_a))
    # The middle of the geodesic lies a few decimetres off the mean of the coordinates.
    north_a, east_a = _north_east(patch, latitude_a, longitude_a)
    north_b, east_b = _north_east(patch, latitude_b, longitude_b)
    _map_around(patch, patch.centre_latitude + 0.5 * (north_a + north_b) / patch.metres_north,
                patch.centre_longitude + 0.5 * (east_a + east_b) / patch.metres_east)
    north, east = north_b - north_a, east_b - east_a
    patch.length = math.hypot(north, east)
    patch.direction_north, patch.direction_east = 1.0, 0.0
    if patch.length > 0.0:
        patch.direction_north, patch.direction_east = north / patch.length, east / patch.length
        patch.slope = (elevation_b - elevation_a) / patch.length
    return patches


def _map_around(patch, latitude, longitude):
    meridian, prime_vertical = radii_of_curvature(WGS84[0], latitude)
    patch.centre_latitude = latitude
    patch.centre_longitude = wrap_angle(longitude)
    patch.metres_north = meridian
    patch.metres_north_bend = 0.5 * prime_vertical * math.sin(latitude) * math.cos(latitude)
    patch.metres_east = prime_vertical * math.cos(latitude)
    patch.metres_east_change = -meridian * math.sin(latitude)


@compiled
def _north_east(patch, latitude, longitude):
    """Metres (north, east) from the patch's centre."""
    d_latitude = latitude - patch.centre_latitude
    d_longitude = wrap_angle(longitude - patch.centre_longitude)
    return (d_latitude * patch.metres_north
            + d_longitude * d_longitude * patch.metres_north_bend,
            d_longitude * (patch.metres_east + d_latitude * patch.metres_east_change))


@compiled
def _position(patch, latitude, longitude):
    """Metres (along, across) from the patch's centre: along from a to b, across to the right."""
    north, east = _north_east(patch, latitude, longitude)
    return (north * patch.direction_north + east * patch.direction_east,
            east * patch.direction_north - north * patch.direction_east)


@compiled
def nearest_patch(patches, count, latitude, longitude):
    """(index, along, across, distance squared) of the nearest patch within 20 km; -1 for none.

    Metres along and across from its centre, and from the nearest point of its rectangle.
    """
    nearest = -1
    least = SEA_FROM * SEA_FROM
    along = 0.0
    across = 0.0
    for i in range(count):
        x, y = _position(patches[i], latitude, longitude)
        dx = max(abs(x) - 0.5 * patches[i].length, 0.0)
        dy = max(abs(y) - patches[i].half_width, 0.0)
        if dx * dx + dy * dy < least:
            least = dx * dx + dy * dy
            nearest = i
            along = x
            across = y
    return nearest, along, across, least


@compiled
def ground_below(patches, count, latitude, longitude):
    """(elevation_msl [m], slope north, slope east [m/m], paved) of the ground at a point [rad].

    ``patches`` is an array of :class:`GroundPatch` of which the first ``count`` are in use; a
    slope is positive where the ground rises to the north or east.
    """
    nearest, along, across, least = nearest_patch(patches, count, latitude, longitude)
    if nearest < 0:
        return 0.0, 0.0, 0.0, False
    return patch_height(patches[nearest], along, across, least)


@compiled
def patch_height(patch, along, across, distance2):
    """What :func:`ground_below` returns, at a place against a patch as nearest_patch gives it."""
    half_length = 0.5 * patch.length
    inside = min(max(along, -half_length), half_length)
    elevation = patch.centre_elevation_msl + patch.slope * inside
    rise = patch.slope if inside == along else 0.0
    sideways = 0.0
    if distance2 > LEVEL_TO * LEVEL_TO:
        distance = math.sqrt(distance2)
        left = (SEA_FROM - distance) * _FALL
        fall = -elevation * _FALL / distance
        rise = rise * left + fall * (along - inside)
        sideways = fall * (across - min(max(across, -patch.half_width), patch.half_width))
        elevation *= left
    return (elevation, rise * patch.direction_north - sideways * patch.direction_east,
            rise * patch.direction_east + sideways * patch.direction_north,
            patch.paved and distance2 == 0.0)
