"""The magnetic field around a flight reaches as far in metres at every latitude."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from pygeomag import GeoMag

from longwatch.autopilot.aboard.plan import PlanItem, PlanRunway
from longwatch.earth.magnetic_field import magnetic_field_ned
from longwatch.simulation.magnetic import covers, magnetic_around


def around(*places):
    items, runways = PlanItem.zeros(len(places)), PlanRunway.zeros(1)
    for item, place in zip(items, places, strict=True):
        item["latitude"], item["longitude"] = np.radians(place)
    runways["latitude"], runways["longitude"] = items["latitude"][0], items["longitude"][0]
    return magnetic_around(items, runways, 2026.5)


@pytest.mark.parametrize("home", [(84.4, -65.9), (89.0, 170.0), (-88.5, 20.0), (60.0, 179.9)])
@pytest.mark.parametrize("bearing", [0.0, 90.0, 200.0, 280.0])
def test_field_is_known_100_km_around(home, bearing):
    line = Geodesic.WGS84.Direct(*home, bearing, 100e3)
    table = around(home)
    found = magnetic_field_ned(*table, math.radians(line["lat2"]), math.radians(line["lon2"]))
    model = GeoMag(coefficients_file="wmm/WMM_2025.COF").calculate(
        glat=line["lat2"], glon=line["lon2"], alt=1.5, time=2026.5)
    # Between nodes the direction of north itself turns by a degree: 1 in 7000 of the field.
    assert np.hypot(*(np.array(found)[:2] - (model.x, model.y))) < 40.0
    assert covers(table, math.radians(line["lat2"]), math.radians(line["lon2"]), 0.0)


def test_places_across_the_date_line_take_the_short_way():
    table = around((60.0, 179.5), (60.5, -179.0))
    assert table.values.shape[1] < 12
    assert covers(table, math.radians(60.2), math.radians(-179.9), 0.0)
    assert covers(table, math.radians(60.2), math.radians(179.9), 0.0)
    assert not covers(table, math.radians(60.2), 0.0, 0.0)
    # Of many places, all.
    latitudes = np.radians([60.2, 60.4, 60.2])
    assert covers(table, latitudes, np.radians([-179.9, 180.0, 179.9]), 0.0)
    assert not covers(table, latitudes, np.radians([-179.9, 0.0, 179.9]), 0.0)
    assert not covers(table, np.radians([60.2, 65.0, 60.2]), np.full(3, math.pi), 0.0)
