"""Shaded terrain against closed forms, another library's projection, and the real file."""

import io
import math

import numpy as np
import pytest
import rasterio
from rasterio.warp import transform

from longwatch.environment.terrain_files import open_terrain
from longwatch.station.chart import relief
from longwatch.station.chart.png import write_png
from longwatch.station.chart.relief import (
    MISSING,
    Relief,
    averaged,
    bilinear,
    painted,
    pixels,
    shade,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::rasterio.errors.NotGeoreferencedWarning")


def decoded(png):
    """Pixels of an image as GDAL reads it."""
    with rasterio.open(io.BytesIO(png)) as file:
        return np.moveaxis(file.read(), 0, -1)


@pytest.mark.parametrize(("east", "north"), [(0, 0), (0.3, 0), (-0.2, 0.5), (0.1, -1.0), (2, 2)])
def test_a_plane_gives_back_what_lamberts_law_says(east, north):
    metres = 30.0
    rows, columns = np.mgrid[0:12, 0:9]
    heights = metres * (east * columns - north * rows) + 500.0
    lit = shade(heights, np.full(12, metres))
    normal = np.array([-east, -north, 1.0]) / math.sqrt(1 + east**2 + north**2)
    sun = [math.cos(math.pi / 4) * math.sin(math.radians(315)),
           math.cos(math.pi / 4) * math.cos(math.radians(315)), math.sin(math.pi / 4)]
    assert lit == pytest.approx(np.full((10, 7), max(float(normal @ sun), 0.0)), abs=1e-9)


@pytest.mark.parametrize(("zoom", "x", "y"), [(3, 2, 2), (9, 154, 185), (12, 1236, 1485)])
def test_pixels_lie_where_the_projection_puts_them(zoom, x, y):
    latitudes, longitudes = pixels(zoom, x, y)
    half = 20037508.342789244
    size = 2 * half / (256 * 2**zoom)
    easts = [-half + size * (256 * x + k + 0.5) for k in (-1, 0, 255)]
    norths = [half - size * (256 * y + k + 0.5) for k in (-1, 0, 255)]
    lon, lat = transform("EPSG:3857", "EPSG:4326", easts, norths)[:2]
    assert longitudes[[0, 1, 256]] == pytest.approx(np.array(lon), abs=1e-9)
    assert latitudes[[0, 1, 256]] == pytest.approx(np.array(lat), abs=1e-9)


def test_an_image_is_what_another_library_reads():
    pixels_ = np.random.default_rng(1).integers(0, 256, (19, 33, 4), np.uint8)
    assert np.array_equal(decoded(write_png(pixels_)), pixels_)


def test_a_real_tile_is_lit_where_slopes_face_the_light_and_clear_beyond_the_file(shared_data):
    drawn = Relief(open_terrain(shared_data / "dem"))
    image = decoded(drawn.tile(7, 38, 46))
    latitudes, longitudes = (side[1:-1] for side in pixels(7, 38, 46))
    inside = (((latitudes >= 44) & (latitudes <= 45))[:, None]
              & ((longitudes >= -72) & (longitudes <= -71))[None, :])
    assert np.array_equal(image[..., 3] == 255, inside)
    posts = np.fromfile(shared_data / "dem" / "N44W072.hgt", ">i2").reshape(1201, 1201)
    near = decoded(drawn.tile(10, 309, 371)).astype(float).sum(-1)
    lat, lon = (side[1:-1] for side in pixels(10, 309, 371))
    at = posts[np.ix_(((45 - lat) * 1200).round().astype(int),
                      ((lon + 72) * 1200).round().astype(int))].astype(float)
    south, east = np.gradient(at)
    towards_light = east + south  # rises to the south-east: faces the north-west
    assert np.corrcoef(towards_light.ravel(), near.ravel())[0, 1] > 0.6


def test_where_no_terrain_lies_there_is_no_tile(shared_data):
    drawn = Relief(open_terrain(shared_data / "dem"))
    for zoom, x, y in ((10, 0, 0), (0, 1, 0), (40, 0, 0), (3, 8, 2)):
        assert drawn.tile(zoom, x, y) == MISSING


def test_voids_are_clear_and_the_sea_is_water():
    heights = np.array([[np.nan, 0.0, 800.0]])
    image = painted(heights, np.full((1, 3), math.sin(relief.SUN_ABOVE)))
    assert image[0, :, 3].tolist() == [0, 255, 255]
    assert tuple(image[0, 1, :3]) == relief.WATER
    assert tuple(image[0, 2, :3]) == dict(relief.TINTS)[800.0]


def test_between_posts_a_plane_stays_a_plane_and_coarser_posts_stay_on_it():
    rows, columns = np.mgrid[0:41, 0:33].astype(float)
    plane = 3.0 * rows - 7.0 * columns
    at = np.array([0.0, 3.3, 17.75, 40.0]), np.array([0.0, 5.5, 32.0])
    assert bilinear(plane, *at) == pytest.approx(3.0 * at[0][:, None] - 7.0 * at[1][None, :])
    inner = averaged(plane, 4)[1:-1, 1:-1]
    assert inner == pytest.approx(plane[::4, ::4][1:-1, 1:-1])
    assert np.isnan(bilinear(plane, np.array([-0.5]), np.array([1.0]))).all()


def test_the_mean_of_far_posts_is_as_exact_as_that_of_near_ones():
    # A file's own size and type; the corner lies behind a million posts of 2000 m.
    heights = np.full((1201, 1201), 2000.0, np.float32)
    heights[-3:, -3:] = 2012.0
    assert averaged(heights, 4)[-1, -1] == pytest.approx(2012.0, abs=0.01)
