"""What every test may lean on."""

from pathlib import Path

import numpy as np
import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Folder of real inputs beside the project; tests that need it name themselves as skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("reference data folder ../shared/data is absent")
    return SHARED_DATA


PRESSURES_HPA = (300.0, 500.0, 700.0, 850.0, 925.0, 1000.0)


@pytest.fixture
def write_weather(tmp_path):
    """Write a weather file as ERA5 comes; fields are functions of time [h], height, lat, lon.

    Height is that of a column at 250 K everywhere, geopotential, 1000 hPa lying at 100 m.
    ``change`` is handed the open file before it is closed.
    """
    import netCDF4

    def write(name="weather.nc", *, hours=(0, 1, 2), since="hours since 2023-10-12 00:00:00",
              latitudes=(11.0, 10.5, 10.0, 9.5, 9.0), longitudes=(19.0, 19.5, 20.0, 20.5, 21.0),
              levels=PRESSURES_HPA, u=0.0, v=0.0, t=250.0, z=None, kind="NETCDF3_64BIT_OFFSET",
              names=("time", "level", "latitude", "longitude"), change=None):
        path = tmp_path / name
        with netCDF4.Dataset(path, "w", format=kind) as file:
            axes = (hours, levels, latitudes, longitudes)
            units = (since, "millibars", "degrees_north", "degrees_east")
            for axis, values, unit in zip(names, axes, units, strict=True):
                file.createDimension(axis, len(values))
                file.createVariable(axis, "f8", (axis,))[:] = values
                file[axis].units = unit
            time, level, north, east = np.meshgrid(*map(np.float64, axes), indexing="ij")
            height = 100.0 - 287.05287 * 250.0 / 9.80665 * np.log(level / 1000.0)
            for field, given, unit in (("z", z, "m**2 s**-2"), ("t", t, "K"), ("u", u, "m s**-1"),
                                       ("v", v, "m s**-1")):
                value = 9.80665 * height if field == "z" and given is None else given
                value = value(time, height, north, east) if callable(value) else value
                file.createVariable(field, "f8", names)[:] = np.broadcast_to(value, time.shape)
                file[field].units = unit
            if change is not None:
                change(file)
        return path

    return write


@pytest.fixture
def write_terrain(tmp_path):
    """Write a GeoTIFF of heights, a function of latitude and longitude [deg], posts 0.01 deg."""
    import rasterio

    def write(height, name="tile.tif", *, folder="terrain", south=9.5, west=19.5, north=10.5,
              east=20.5, step=0.01, **options):
        rows, columns = round((north - south) / step) + 1, round((east - west) / step) + 1
        latitude = north - step * np.arange(rows)[:, None]
        longitude = west + step * np.arange(columns)[None, :]
        values = np.broadcast_to(height(latitude, longitude), (rows, columns)).astype(np.float32)
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        transform = rasterio.Affine(step, 0.0, west - 0.5 * step, 0.0, -step, north + 0.5 * step)
        with rasterio.open(path, "w", **{
                "driver": "GTiff", "height": rows, "width": columns, "count": 1,
                "dtype": "float32", "crs": "EPSG:4326", "transform": transform,
                "nodata": -32768.0, **options}) as file:
            file.write(values, 1)
        return path.parent

    return write
