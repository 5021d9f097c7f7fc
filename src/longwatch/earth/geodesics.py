"""Geodesics on the WGS84 ellipsoid, for planning on the ground.

Source: C. F. F. Karney, "Algorithms for geodesics", Journal of Geodesy 87, 2013, by way of his
library geographiclib; good to 15 nanometres. Not compiled: guidance aboard has its own.
"""

import math

from geographiclib.geodesic import Geodesic

_WANTED = Geodesic.DISTANCE | Geodesic.AZIMUTH


def distance_and_bearing(latitude_1: float, longitude_1: float, latitude_2: float,
                         longitude_2: float) -> tuple[float, float]:
    """Shortest distance [m] between two points and its bearing at the first.

    Points in rad; the bearing is true, in rad, in [0, 2 pi).
    """
    line = Geodesic.WGS84.Inverse(*map(math.degrees, (latitude_1, longitude_1, latitude_2,
                                                      longitude_2)), _WANTED)
    return float(line["s12"]), math.radians(line["azi1"] % 360.0)


def destination(latitude: float, longitude: float, bearing: float,
                distance: float) -> tuple[float, float]:
    """Point (latitude, longitude) [rad] at ``distance`` [m] on true ``bearing`` [rad].

    The longitude lies in [-pi, pi].
    """
    line = Geodesic.WGS84.Direct(math.degrees(latitude), math.degrees(longitude),
                                 math.degrees(bearing), distance)
    return math.radians(line["lat2"]), math.radians(line["lon2"])
