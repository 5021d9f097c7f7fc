"""The magnetic field against the World Magnetic Model's official test values."""

import math

import numpy as np
import pytest
from pygeomag import GeoMag

from longwatch.earth.magnetic_field import magnetic_field_ned, magnetic_table
from longwatch.errors import SetupError


def look_up(table, latitude_deg, longitude_deg):
    return magnetic_field_ned(table.values, table.first_latitude, table.first_longitude,
                              table.step, math.radians(latitude_deg), math.radians(longitude_deg))


def region(south, north, west, east, year=2026.5, **options):
    return magnetic_table(*map(math.radians, (south, north, west, east)), year, **options)


def test_official_test_values(shared_data):
    rows = np.loadtxt(shared_data / "magnetic" / "WMM2025_TEST_VALUES.txt")
    assert len(rows) == 100
    for year, kilometres, latitude, longitude, *rest in rows:
        north, east, down = rest[3:6]
        table = region(latitude, latitude, longitude, longitude, year,
                       height_ellipsoid=1000.0 * kilometres)
        assert look_up(table, latitude, longitude) == pytest.approx((north, east, down), abs=0.1)


@pytest.mark.parametrize(("latitude", "longitude"), [
    (41.5, 27.5), (-35.25, 149.5), (59.5, -150.5), (0.5, 0.5), (10.5, 179.5), (10.5, -179.5)])
def test_between_the_nodes(latitude, longitude):
    model = GeoMag(coefficients_file="wmm/WMM_2025.COF").calculate(
        glat=latitude, glon=longitude, alt=1.5, time=2026.5)
    west = 178 if abs(longitude) > 178 else longitude - 2.2
    table = region(latitude - 1.7, latitude + 2.0, west, west + 5)
    assert look_up(table, latitude, longitude) == pytest.approx(
        (model.x, model.y, model.z), abs=12.0)


@pytest.mark.parametrize(("year", "file"), [
    (2012.4, "wmm/WMM_2010.COF"), (2016.2, "wmm/WMM_2015v2.COF"), (2029.9, "wmm/WMM_2025.COF")])
def test_each_node_is_the_model_s(year, file):
    """Against the library's own evaluation, point by point; the poles too."""
    model = GeoMag(coefficients_file=file)
    for south, west in ((-90, -180), (-67, 100), (-1, -2), (44, 26), (86, 170), (88, -180)):
        table = region(south, south + 2, west, west + 2, year)
        for i in range(3):
            for j in range(3):
                one = model.calculate(glat=south + i, glon=west + j, alt=1.5, time=year)
                assert tuple(table.values[i, j]) == pytest.approx((one.x, one.y, one.z), abs=1e-5)


def test_edges_hold():
    table = region(40, 42, 26, 29)
    assert table.values.shape == (3, 4, 3)
    assert look_up(table, 45.0, 20.0) == tuple(table.values[2, 0])
    assert look_up(table, 30.0, 35.0) == tuple(table.values[0, 3])
    assert look_up(table, 42.0, 29.0) == pytest.approx(tuple(table.values[2, 3]))
    assert look_up(table, 41.0, 27.0 - 360.0) == pytest.approx(tuple(table.values[1, 1]))


@pytest.mark.parametrize("arguments", [
    (40, 42, 26, 29, 2009.9), (40, 42, 26, 29, 2030.1), (42, 40, 26, 29, 2026.0),
    (40, 42, 29, 26, 2026.0), (-90, 90, -180, 180, 2026.0)])
def test_refusals(arguments):
    with pytest.raises(SetupError):
        region(*arguments)
