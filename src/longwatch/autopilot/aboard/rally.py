"""Rally points: places where the crew wants the aircraft to gather, rather than over home."""

from longwatch.compiled import compiled
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import f8, field, record


@record
class RallyPoint:
    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level to fly there at")


@compiled
def _distance2(estimate, earth, latitude, longitude):
    x, y, z = geodetic_to_ecef(earth, latitude, longitude, 0.0)
    at = estimate.position_ecef
    return ((x - at[0]) * (x - at[0]) + (y - at[1]) * (y - at[1])
            + (z - at[2]) * (z - at[2]))


@compiled
def nearest(points, header, estimate, earth):
    """Index of the rally point to gather at; -1 where there is none nearer than home."""
    chosen = -1
    least = _distance2(estimate, earth, header.home_latitude, header.home_longitude)
    for i in range(len(points)):
        there = _distance2(estimate, earth, points[i].latitude, points[i].longitude)
        if there < least:
            chosen, least = i, there
    return chosen
