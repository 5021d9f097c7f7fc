"""Terrain tiles read, looked up and joined to runways: a real tile, planes, refusals."""

import math

import numpy as np
import pytest
from pymap3d.vincenty import vreckon

from longwatch.environment.ground import GroundPatch, make_patch
from longwatch.environment.terrain import (
    BLEND,
    SHOULDER,
    ground_over_terrain,
    make_grid,
    terrain_at,
)
from longwatch.environment.terrain_files import open_terrain, tile_name
from longwatch.errors import SetupError

NONE = GroundPatch.zeros(0)


def height(grid, latitude, longitude):
    return terrain_at(grid, math.radians(latitude), math.radians(longitude))[0]


def plane(latitude, longitude):
    """1000 m at 10 N 20 E, 300 m a degree northward, -200 m eastward."""
    return 1000.0 + 300.0 * (latitude - 10.0) - 200.0 * (longitude - 20.0)


# ------------------------------------------------------------------------------ real tile


def test_posts_of_a_real_tile(shared_data):
    raw = np.fromfile(shared_data / "dem" / "N44W072.hgt", ">i2").reshape(1201, 1201)
    grid = open_terrain(shared_data / "dem").grid((44.0, -72.0, 45.0, -71.0))
    random = np.random.default_rng(3)
    for row, column in [(0, 0), (0, 1200), (1200, 0), (1200, 1200),
                        *random.integers(0, 1201, (200, 2))]:
        assert height(grid, 45.0 - row / 1200, -72.0 + column / 1200) == pytest.approx(
            raw[row, column], abs=1e-6)


def test_mount_washington_is_1908_m(shared_data):
    grid = open_terrain(shared_data / "dem").grid((44.2, -71.4, 44.3, -71.2))
    # The post nearest to 44.2706 N 71.3033 W.
    assert height(grid, round(44.2706 * 1200) / 1200, round(-71.3033 * 1200) / 1200
                  ) == pytest.approx(1908.0, abs=1e-6)
    assert np.nanmax(grid.heights) == 1908.0


def test_a_box_beyond_the_tile_is_unknown_there(shared_data):
    grid = open_terrain(shared_data / "dem").grid((43.9, -72.1, 44.1, -71.9))
    assert not math.isnan(height(grid, 44.05, -71.95))
    for latitude, longitude in ((43.95, -71.95), (44.05, -72.05), (43.95, -72.05)):
        assert math.isnan(height(grid, latitude, longitude))


# ------------------------------------------------------------------------------ look-up


def test_a_plane_is_a_plane_and_its_slopes_are_those_of_the_geodesic(write_terrain):
    grid = open_terrain(write_terrain(plane)).grid((9.8, 19.8, 10.2, 20.2))
    for latitude, longitude in ((10.0, 20.0), (9.8123, 20.1457), (10.1999, 19.8001)):
        elevation, north, east = terrain_at(grid, math.radians(latitude), math.radians(longitude))
        assert elevation == pytest.approx(plane(latitude, longitude), abs=1e-3)
        for bearing, slope in ((0.0, north), (90.0, east)):
            there = [float(x) for x in vreckon(latitude, longitude, 100.0, bearing)]
            rise = plane(there[0], (there[1] + 180.0) % 360.0 - 180.0) - plane(latitude, longitude)
            assert slope == pytest.approx(rise / 100.0, abs=2e-6)


def test_bilinear_between_four_posts():
    step = math.radians(1.0)
    grid = make_grid(np.array([[0.0, 10.0], [20.0, 70.0]]), 0.0, 0.0, step, step)
    assert terrain_at(grid, 0.25 * step, 0.5 * step)[0] == pytest.approx(
        0.75 * 5.0 + 0.25 * 45.0)


def test_voids_are_unknown_and_never_zero(write_terrain):
    def holed(latitude, longitude):
        values = plane(latitude, longitude)
        values[50, 50] = -32768.0
        return values

    grid = open_terrain(write_terrain(holed)).grid((9.8, 19.8, 10.2, 20.2))
    for north, east in ((0.005, 0.005), (-0.005, 0.005), (0.0, 0.0), (-0.0099, -0.0099)):
        assert math.isnan(height(grid, 10.0 + north, 20.0 + east))
    assert height(grid, 10.0101, 20.0) == pytest.approx(plane(10.0101, 20.0), abs=1e-3)


def test_tiles_join_without_a_seam(write_terrain):
    """Beside each other, one column apart, as tiles of areas are cut."""
    write_terrain(plane, "west.tif", west=19.5, east=19.99)
    folder = write_terrain(plane, "east.tif", west=20.0, east=20.5)
    grid = open_terrain(folder).grid((9.9, 19.9, 10.1, 20.1))
    for longitude in (19.985, 19.99, 19.9937, 20.0, 20.004):
        assert height(grid, 10.003, longitude) == pytest.approx(plane(10.003, longitude), abs=1e-3)


def test_hgt_tiles_share_their_edge(tmp_path):
    row, column = np.mgrid[0:1201, 0:1201]
    for south, west, name in ((10, 20, "N10E020.hgt"), (10, 19, "N10E019.hgt")):
        values = 1000 + (south * 1200 + 1200 - row) % 500 + (west * 1200 + column) % 700
        values.astype(">i2").tofile(tmp_path / name)
    grid = open_terrain(tmp_path).grid((10.4, 19.9, 10.6, 20.1))
    for latitude, longitude in ((10.5, 20.0), (10.5, 19.95), (10.45, 20.05)):
        expected = 1000 + round(latitude * 1200) % 500 + round(longitude * 1200) % 700
        assert height(grid, latitude, longitude) == pytest.approx(expected, abs=1e-6)


def test_across_the_date_line(write_terrain):
    def ramp(latitude, longitude):
        return 500.0 + 100.0 * ((longitude - 180.0 + 180.0) % 360.0 - 180.0) + 0.0 * latitude

    write_terrain(ramp, "west.tif", west=179.0, east=180.0)
    folder = write_terrain(ramp, "east.tif", west=-180.0, east=-179.0)
    grid = open_terrain(folder).grid((9.9, 179.5, 10.1, 180.5))
    for longitude, expected in ((179.75, 475.0), (-179.75, 525.0), (180.25, 525.0), (-180, 500.0)):
        assert height(grid, 10.0, longitude) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("latitude", "longitude", "name"), [
    (44.3, -71.3, "N44W072"), (-0.5, 0.5, "S01E000"), (41.0, 27.0, "N41E027"),
    (10.0, 180.5, "N10W180")])
def test_tile_names(latitude, longitude, name):
    assert tile_name(latitude, longitude) == name


# ------------------------------------------------------------------------------ runways in it


@pytest.fixture
def runway():
    """1500 m by 45 m at 10 N 20 E on course 0, 30 m above the plane, level."""
    far = np.radians(np.array(vreckon(10.0, 20.0, 1500.0, 0.0)))
    return make_patch(math.radians(10.0), math.radians(20.0), 1030.0, float(far[0]),
                      math.radians(20.0), 1030.0, 45.0, True)


def at(grid, runway, along, across):
    """Ground at metres beyond the first threshold and right of the axis."""
    place = vreckon(10.0, 20.0, abs(along), 0.0 if along >= 0.0 else 180.0)
    place = vreckon(*place, abs(across), 90.0 if across >= 0.0 else 270.0)
    latitude, longitude = (math.radians(float(x)) for x in place)
    longitude = math.remainder(longitude, 2 * math.pi)
    return (*ground_over_terrain(runway, 1, grid, latitude, longitude), latitude, longitude)


def test_the_runway_keeps_its_plane_and_the_land_its_own(write_terrain, runway):
    grid = open_terrain(write_terrain(plane)).grid((9.8, 19.8, 10.2, 20.2))
    for along, across, paved in ((5.0, 0.0, True), (750.0, 22.0, True), (750.0, -22.0, True),
                                 (750.0, 23.0, False), (-15.0, 0.0, False), (750, 40.0, False)):
        elevation, north, east, on, *_ = at(grid, runway, along, across)
        assert elevation == pytest.approx(1030.0, abs=1e-6)
        assert (north, east) == pytest.approx((0.0, 0.0), abs=1e-9)
        assert on == paved
    away = SHOULDER + BLEND + 1.0
    for along, across in ((750.0, 22.5 + away), (-away, 0.0), (1500.0 + away, 10.0)):
        elevation, north, east, on, latitude, longitude = at(grid, runway, along, across)
        assert elevation == terrain_at(grid, latitude, longitude)[0]
        assert not on


def test_no_cliff_at_the_runway_and_slopes_that_are_its_own(write_terrain, runway):
    grid = open_terrain(write_terrain(plane)).grid((9.8, 19.8, 10.2, 20.2))
    before = None
    for distance in np.arange(0.0, 220.0, 2.0):
        for along, across in ((750.0, 22.5 + distance), (-distance, 0.0),
                              (-0.7 * distance, 22.5 + 0.7 * distance)):
            elevation, north, east, *_ = at(grid, runway, along, across)
            step = 0.5
            rise = [(at(grid, runway, along + a, across + b)[0]
                     - at(grid, runway, along - a, across - b)[0]) / (2 * step)
                    for a, b in ((step, 0.0), (0.0, step))]
            assert (north, east) == pytest.approx(rise, abs=0.004)
            assert abs(north) + abs(east) < 1.5 * 35.0 / BLEND * 1.5
        if before is not None:
            assert abs(elevation - before) < 2.0 * 1.5 * 1.5 * 35.0 / BLEND
        before = elevation


def test_a_runway_over_a_void_is_known_the_land_beside_it_not(write_terrain, runway):
    grid = open_terrain(write_terrain(lambda lat, lon: -32768.0 + 0.0 * lat * lon)).grid(
        (9.9, 19.9, 10.1, 20.1))
    assert at(grid, runway, 700.0, 0.0)[0] == pytest.approx(1030.0)
    assert math.isnan(at(grid, runway, 700.0, 100.0)[0])
    assert math.isnan(ground_over_terrain(NONE, 0, grid, 0.1, 0.2)[0])


# ------------------------------------------------------------------------------ bad input


def test_tiles_of_a_wrong_size_or_name_are_told_all_at_once(tmp_path):
    np.zeros(1201 * 1201 - 7, ">i2").tofile(tmp_path / "N10E020.hgt")
    np.zeros(1201 * 1201, ">i2").tofile(tmp_path / "alps.hgt")
    (tmp_path / "broken.tif").write_bytes(b"II*\0 and then nothing")
    (tmp_path / "README.md").write_text("left alone")
    with pytest.raises(SetupError) as refusal:
        open_terrain(tmp_path)
    text = str(refusal.value)
    assert text.count("\n  - ") == 3
    assert "N10E020.hgt: has 2,884,788 bytes, a tile has 2,884,802" in text
    assert "alps.hgt: is not named after its south-west corner" in text
    assert "broken.tif: cannot be read as GeoTIFF" in text


def test_a_truncated_geotiff_is_refused(write_terrain):
    folder = write_terrain(plane)
    path = folder / "tile.tif"
    path.write_bytes(path.read_bytes()[:20000])
    with pytest.raises(SetupError, match="tile.tif: .*damaged or cut short"):
        open_terrain(folder).grid((9.6, 19.6, 10.4, 20.4))


@pytest.mark.parametrize(("options", "told"), [
    ({"crs": "EPSG:32634"}, "reproject it to EPSG:4326"), ({"crs": None}, "latitude and longitude"),
    ({"count": 2}, "holds 2 bands")])
def test_geotiffs_of_another_kind_are_refused(write_terrain, options, told):
    with pytest.raises(SetupError, match=told):
        open_terrain(write_terrain(plane, **options))


def test_heights_that_cannot_be_are_refused(write_terrain):
    folder = write_terrain(lambda lat, lon: -9999.0 + 0.0 * lat * lon, nodata=None)
    with pytest.raises(SetupError, match="its void value is not declared"):
        open_terrain(folder).grid((9.9, 19.9, 10.1, 20.1))


def test_tiles_that_do_not_fit_together_are_refused(write_terrain):
    write_terrain(plane, "fine.tif")
    folder = write_terrain(plane, "coarse.tif", south=10.5, north=11.5, step=0.02)
    with pytest.raises(SetupError, match="keep tiles of one kind"):
        open_terrain(folder).grid((10.4, 19.9, 10.6, 20.1))
    (folder / "coarse.tif").unlink()
    write_terrain(plane, "shifted.tif", south=10.505, north=11.505)
    with pytest.raises(SetupError, match="do not line up"):
        open_terrain(folder).grid((10.4, 19.9, 10.6, 20.1))


def test_no_folder_and_no_tiles(tmp_path):
    with pytest.raises(SetupError, match="no such folder"):
        open_terrain(tmp_path / "nowhere")
    with pytest.raises(SetupError, match="holds no tiles"):
        open_terrain(tmp_path)
    (tmp_path / "N10E020.hgt").write_bytes(b"")
    with pytest.raises(SetupError, match="is a file; name the folder"):
        open_terrain(tmp_path / "N10E020.hgt")
