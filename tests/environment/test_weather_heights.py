"""A weather file whose geopotential is in metres is refused: it would put the ceiling below us."""

import netCDF4
import numpy as np
import pytest

from longwatch.environment.weather_file import load_weather
from longwatch.errors import SetupError

# Heights of the US Standard Atmosphere 1976 at these pressures [hPa, m geopotential].
STANDARD = ((1000.0, 110.9), (850.0, 1457.3), (500.0, 5574.4), (250.0, 10363.0), (100.0, 16180.0))


def written(path, factor):
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", 1), ("level", 5), ("latitude", 2), ("longitude", 2)):
            file.createDimension(name, size)
        for name, units, values in (
                ("time", "hours since 1900-01-01", [1_000_000.0]),
                ("level", "hPa", [level for level, _ in STANDARD]),
                ("latitude", "degrees_north", [40.0, 41.0]),
                ("longitude", "degrees_east", [27.0, 28.0])):
            variable = file.createVariable(name, "f8", (name,))
            variable.units = units
            variable[:] = values
        heights = np.array([height for _, height in STANDARD])
        for name, units, column in (("z", "m**2 s**-2", heights * factor),
                                    ("u", "m s**-1", np.zeros(5)), ("v", "m s**-1", np.zeros(5)),
                                    ("t", "K", np.full(5, 250.0))):
            variable = file.createVariable(name, "f8", ("time", "level", "latitude", "longitude"))
            variable.units = units
            variable[:] = np.broadcast_to(column[None, :, None, None], (1, 5, 2, 2))
    return path


def test_heights_of_the_standard_atmosphere_are_read(tmp_path):
    weather = load_weather(written(tmp_path / "right.nc", 9.80665))
    assert weather.nodes[0, 0, 0, 2, 0] == pytest.approx(5574.4, abs=6.0)  # geometric: 5 m more


@pytest.mark.parametrize("factor", [1.0, 9.80665**2, 9.80665 * 0.3048])
def test_geopotential_in_another_unit_is_refused(tmp_path, factor):
    with pytest.raises(SetupError, match="geopotential"):
        load_weather(written(tmp_path / "wrong.nc", factor))
