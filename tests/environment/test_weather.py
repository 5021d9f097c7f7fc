"""Weather files read and looked up: real files against plain netCDF4, closed forms, refusals."""

import math

import netCDF4
import numpy as np
import pytest

from longwatch.environment.weather import weather_at
from longwatch.environment.weather_file import load_weather, stamp
from longwatch.errors import SetupError

REAL = ("euroc_2023_all_windows.nc", "ndrt_2020_weather_data_ERA5_new.nc")
RADIUS, GRAVITY, GAS = 6356766.0, 9.80665, 8314.32 / 28.9644
FAR_BELOW = -5000.0


def at(weather, latitude, longitude, altitude, *, ground=FAR_BELOW, time=0.0, start=None):
    """(north, east, temperature, pressure, gradient, covered), degrees and metres."""
    grid = weather.grid(weather.times[0] if start is None else start)
    return weather_at(grid, math.radians(latitude), math.radians(longitude), float(altitude),
                      ground, time)


def altitude_of(pressure_hpa, temperature=250.0):
    """Altitude of a pressure in the synthetic files' column [m]."""
    height = 100.0 - GAS * temperature / GRAVITY * math.log(pressure_hpa / 1000.0)
    return RADIUS * height / (RADIUS - height)


# ------------------------------------------------------------------------------ real files


@pytest.mark.parametrize("name", REAL)
def test_nodes_of_real_files_come_back(shared_data, name):
    weather = load_weather(shared_data / "weather" / name)
    random = np.random.default_rng(5)
    with netCDF4.Dataset(shared_data / "weather" / name) as file:
        levels = file["level" if "level" in file.variables else "pressure_level"][:]
        for _ in range(60):
            n, k, i, j = (int(random.integers(0, size)) for size in file["t"].shape)
            height = float(file["z"][n, k, i, j]) / GRAVITY
            found = at(weather, float(file["latitude"][i]), float(file["longitude"][j]),
                       RADIUS * height / (RADIUS - height),
                       time=float(weather.times[n] - weather.times[0]))
            assert found[:3] == pytest.approx(
                [float(file[q][n, k, i, j]) for q in "vut"], abs=1e-6)
            assert found[3] == pytest.approx(100.0 * float(levels[k]), rel=1e-9)
            assert found[5]


def test_packed_numbers_of_the_classic_file(shared_data):
    """Scale, offset and time read from the bytes by hand."""
    path = shared_data / "weather" / REAL[0]
    weather = load_weather(path)
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        raw = {q: float(file[q][12, 30, 1, 2]) * file[q].scale_factor + file[q].add_offset
               for q in "zuvt"}
        hours = int(file["time"][12])
    height = raw["z"] / GRAVITY
    found = at(weather, 39.75, -8.5, RADIUS * height / (RADIUS - height), start=0.0,
               time=(hours - 613608) * 3600.0)  # 613 608 h from 1900 to 1970
    assert found[:3] == pytest.approx((raw["v"], raw["u"], raw["t"]), abs=1e-6)


def test_times_of_both_conventions(shared_data):
    hourly, single = (load_weather(shared_data / "weather" / name) for name in REAL)
    assert stamp(hourly.times[0]) == "2023-10-12 08:00 UTC"
    assert stamp(hourly.times[-1]) == "2023-10-15 18:00 UTC"
    assert len(hourly.times) == 44 and not hourly.steady
    assert stamp(single.times[0]) == "2020-02-23 16:00 UTC"
    assert single.steady


# ------------------------------------------------------------------------------ closed forms


def test_wind_is_linear_in_place_and_time(write_weather):
    weather = load_weather(write_weather(
        u=lambda time, height, lat, lon: 3.0 + 2.0 * (lat - 10.0) - 4.0 * (lon - 20.0) + time,
        v=lambda time, height, lat, lon: 1.0 - lat + 0.5 * lon - 2.0 * time))
    for lat, lon, hours in ((9.1, 19.2, 0.0), (10.3, 20.9, 0.7), (10.99, 19.01, 1.9)):
        north, east, *_ = at(weather, lat, lon, 3000.0, time=3600.0 * hours)
        assert east == pytest.approx(3.0 + 2.0 * (lat - 10.0) - 4.0 * (lon - 20.0) + hours)
        assert north == pytest.approx(1.0 - lat + 0.5 * lon - 2.0 * hours)


def test_isothermal_column_has_the_barometric_pressure(write_weather):
    weather = load_weather(write_weather())
    # 250 K are 1000 hPa at 100 m here; the file's layers are up to 200 hPa thick.
    for altitude in (150.0, 1234.0, 4000.0, 7777.0):
        height = RADIUS * altitude / (RADIUS + altitude)
        *_, temperature, pressure, gradient, covered = at(weather, 10.1, 20.1, altitude)
        assert temperature == pytest.approx(250.0)
        assert pressure == pytest.approx(
            1e5 * math.exp(-GRAVITY * (height - 100.0) / (GAS * 250.0)), rel=1e-6)
        assert gradient == pytest.approx(
            -GRAVITY / (GAS * 250.0) * (height / altitude) ** 2, rel=1e-6)
        assert covered


def test_column_with_a_lapse_has_the_polytropic_pressure(write_weather):
    """Standard atmosphere from 288.15 K at sea level, its levels where they belong."""
    def height(level):
        return 288.15 / 0.0065 * (1.0 - (level / 1013.25) ** (GAS * 0.0065 / GRAVITY))

    levels = np.array([300.0, 500.0, 700.0, 850.0, 925.0, 1000.0])
    z = GRAVITY * height(levels)[None, :, None, None]
    weather = load_weather(write_weather(levels=levels, z=z, t=288.15 - 0.0065 * z / GRAVITY))
    for level in (350.0, 600.0, 777.0, 950.0):
        h = height(level)
        *_, temperature, pressure, _, _ = at(weather, 10.1, 20.1, RADIUS * h / (RADIUS - h))
        assert pressure == pytest.approx(100.0 * level, rel=1e-9)
        assert temperature == pytest.approx(288.15 - 0.0065 * h, abs=1e-9)


@pytest.mark.parametrize("altitude", [-50.0, 60.0, 900.0, 2500.0, 6100.0])
def test_density_gradient_is_the_derivative(shared_data, altitude):
    weather = load_weather(shared_data / "weather" / REAL[0])

    def density(z):
        found = at(weather, 39.6, -8.1, z, time=1800.0)
        return found[3] / (GAS * found[2])

    slope = (density(altitude + 0.5) - density(altitude - 0.5)) / density(altitude)
    assert at(weather, 39.6, -8.1, altitude, time=1800.0)[4] == pytest.approx(slope, rel=1e-5)


# ------------------------------------------------------------------------------ near the ground


def test_wind_falls_to_the_ground_by_the_power_law(write_weather):
    weather = load_weather(write_weather(u=10.0))
    anchor = 1500.0 + 100.0
    for height in (100.0, 50.0, 10.0, 1.0):
        assert at(weather, 10.0, 20.0, 1500.0 + height, ground=1500.0)[1] == pytest.approx(
            10.0 * (height / 100.0) ** (1.0 / 7.0), rel=1e-5)
    assert at(weather, 10.0, 20.0, anchor + 300.0, ground=1500.0)[1] == pytest.approx(10.0)
    assert at(weather, 10.0, 20.0, 1500.0, ground=1500.0)[:2] == (0.0, 0.0)
    assert at(weather, 10.0, 20.0, 1400.0, ground=1500.0)[:2] == (0.0, 0.0), "below the ground"


def test_below_the_lowest_level_the_law_begins_there(write_weather):
    """1000 hPa lies at 100 m: with the ground at -40 m the anchor is the level, 140 m up."""
    weather = load_weather(write_weather(u=7.0))
    lowest = altitude_of(1000.0)
    assert at(weather, 10.0, 20.0, 30.0, ground=-40.0)[1] == pytest.approx(
        7.0 * (70.0 / (lowest + 40.0)) ** (1.0 / 7.0), rel=1e-5)
    *_, temperature, pressure, _, covered = at(weather, 10.0, 20.0, 0.0, ground=0.0)
    assert temperature == pytest.approx(250.0 + 0.0065 * 100.0)
    assert pressure == pytest.approx(1e5 * (temperature / 250.0) ** (GRAVITY / (GAS * 0.0065)))
    assert covered


@pytest.mark.parametrize("edge", [100.0, 600.0])
def test_no_step_where_the_laws_meet(shared_data, edge):
    """Ground at 500 m puts the anchor at 600 m; the lowest level lies near 100 m."""
    weather = load_weather(shared_data / "weather" / REAL[0])
    for altitude in np.arange(edge - 60.0, edge + 60.0, 0.5):
        here, above = (np.array(at(weather, 39.5, -8.25, z, ground=500.0)[:4])
                       for z in (altitude, altitude + 0.01))
        assert np.abs(above - here)[:3] == pytest.approx(0.0, abs=0.02)
        assert above[3] == pytest.approx(here[3] - 0.12, abs=0.02)


# ------------------------------------------------------------------------------ coverage


def test_beyond_the_grid_is_told_and_its_edge_holds(write_weather):
    weather = load_weather(write_weather(u=lambda time, height, lat, lon: time + lat))
    inside = at(weather, 11.0, 20.0, 3000.0, time=7200.0)
    assert inside[5]
    for lat, lon, altitude, time in ((11.2, 20.0, 3000.0, 7200.0), (11.0, 21.3, 3000.0, 7200.0),
                                     (11.0, 18.9, 3000.0, 7200.0), (11.0, 20.0, 3000.0, 7300.0)):
        found = at(weather, lat, lon, altitude, time=time)
        assert not found[5]
        assert found[1] == pytest.approx(inside[1])
    assert not at(weather, 10.0, 20.0, 9500.0)[5], "above the top level, 300 hPa"
    assert at(weather, 10.0, 20.0, 8800.0)[5]
    assert not at(weather, 10.0, 20.0, 3000.0, time=-1.0)[5]


def test_one_time_holds_for_ever(write_weather):
    weather = load_weather(write_weather(hours=(5,), u=3.0))
    assert weather.steady
    for time in (-1e6, 0.0, 1e6):
        assert at(weather, 10.0, 20.0, 3000.0, time=time)[1::4] == pytest.approx((3.0, True))
    assert weather.time_fault(0.0, 1e10) == ""


def test_gaps_and_times_outside_are_named(write_weather):
    weather = load_weather(write_weather(hours=(0, 3, 6, 10, 11)))
    day = weather.times[0]
    assert weather.time_fault(day, day + 6 * 3600.0) == "", "3 h are bridged"
    gap = weather.time_fault(day + 5 * 3600.0, day + 7 * 3600.0)
    assert "no weather between 2023-10-12 06:00 UTC and 2023-10-12 10:00 UTC" in gap
    assert "--start" in gap
    assert not at(weather, 10.0, 20.0, 3000.0, time=8 * 3600.0)[5]
    assert at(weather, 10.0, 20.0, 3000.0, time=6 * 3600.0)[5]
    assert weather.time_fault(day + 10 * 3600.0, day + 11 * 3600.0) == ""
    for start, end in ((-1.0, 2.0), (10.5, 11.5)):
        fault = weather.time_fault(day + 3600.0 * start, day + 3600.0 * end)
        assert "2023-10-12 00:00 UTC to 2023-10-12 11:00 UTC" in fault


def test_places_are_covered_with_a_margin(write_weather):
    weather = load_weather(write_weather())
    arc = math.radians(0.1)
    assert weather.covers(math.radians(10.0), math.radians(20.0), arc)
    assert weather.covers(math.radians(10.0), math.radians(20.0 - 360.0), arc)
    for lat, lon in ((10.95, 20.0), (9.05, 20.0), (10.0, 20.95), (10.0, 19.05), (10.0, -160.0)):
        assert not weather.covers(math.radians(lat), math.radians(lon), arc)


# ------------------------------------------------------------------------------ conventions


@pytest.mark.parametrize(("names", "since", "kind", "scale"), [
    (("valid_time", "pressure_level", "latitude", "longitude"), "seconds since 1970-01-01",
     "NETCDF4", 3600.0),
    (("time", "isobaricInhPa", "lat", "lon"), "days since 1970-01-01", "NETCDF4_CLASSIC",
     1.0 / 24.0)])
def test_other_names_formats_and_times(write_weather, names, since, kind, scale):
    first = 471312.0  # hours from 1970 to 2023-10-08
    weather = load_weather(write_weather(
        names=names, since=since, kind=kind, u=lambda time, height, lat, lon: time / scale - first,
        hours=[scale * (first + hour) for hour in (0, 1, 2)]))
    assert weather.times[0] == pytest.approx(first * 3600.0, abs=1e-3)
    assert at(weather, 10.0, 20.0, 3000.0, time=5400.0)[1] == pytest.approx(1.5, abs=1e-6)


def test_orders_of_axes_do_not_matter(write_weather):
    def u(time, height, lat, lon):
        return lat + 10.0 * lon + height / 1000.0

    one = load_weather(write_weather("one.nc", u=u))
    other = load_weather(write_weather(
        "other.nc", u=u, latitudes=(9.0, 9.5, 10.0, 10.5, 11.0),
        longitudes=(21.0, 20.5, 20.0, 19.5, 19.0),
        levels=(1000.0, 925.0, 850.0, 700.0, 500.0, 300.0)))
    assert (one.nodes == other.nodes).all()


def test_longitudes_from_0_to_360_close_around_the_earth(write_weather):
    weather = load_weather(write_weather(
        longitudes=np.arange(0.0, 360.0, 30.0),
        u=lambda time, height, lat, lon: np.cos(np.radians(lon)) * 10.0))
    for lon, east in ((-15.0, 5.0 * (1.0 + math.cos(math.radians(30.0)))),
                      (345.0, 5.0 * (1.0 + math.cos(math.radians(30.0)))), (-90.0, 0.0),
                      (180.0, -10.0), (-180.0, -10.0)):
        found = at(weather, 10.0, lon, 3000.0)
        assert found[5]
        assert found[1] == pytest.approx(east, abs=1e-9)


def test_region_west_of_greenwich_counted_to_360(write_weather):
    weather = load_weather(write_weather(
        longitudes=(350.0, 351.0, 352.0), u=lambda time, height, lat, lon: lon - 350.0))
    assert at(weather, 10.0, -8.5, 3000.0)[1] == pytest.approx(1.5)
    assert weather.covers(math.radians(10.0), math.radians(-9.0), 0.0)
    assert not weather.covers(math.radians(10.0), math.radians(9.0), 0.0)


# ------------------------------------------------------------------------------ bad input


def without(name):
    return lambda file: file.renameVariable(name, f"no_{name}")


def with_units(name, units):
    return lambda file: file[name].setncattr("units", units)


def with_value(name, value):
    def change(file):
        file[name][0, 0, 0, 0] = value
    return change


@pytest.mark.parametrize(("change", "told"), [
    (without("u"), "no variable u (wind towards east)"),
    (without("z"), "no variable z (geopotential)"),
    (without("level"), "no coordinate level or pressure_level"),
    (with_units("t", "degF"), 'variable t: its units "degF" are unknown'),
    (with_units("v", ""), 'variable v: its units "" are unknown'),
    (with_units("level", "sigma"), 'levels: their units "sigma" are unknown'),
    (with_units("time", "moons since yesterday"), 'times: their units "moons since yesterday"'),
    (with_value("t", np.nan), "variable t: 1 of its"),
    (with_value("t", 20.0), "variable t: values from 20 to 250 K are not possible"),
    (with_value("z", 1e4), "geopotential does not grow"),
    (with_units("level", "Pa"), "level of 10 hPa lies at 100 to 100 m")])
def test_files_that_lack_something_are_refused(write_weather, change, told):
    path = write_weather(change=change)
    with pytest.raises(SetupError) as refusal:
        load_weather(path)
    assert told in str(refusal.value)
    assert path.name in str(refusal.value)


def test_all_faults_of_a_file_are_told_at_once(write_weather):
    def change(file):
        without("u")(file)
        without("t")(file)
        with_units("v", "knots")(file)

    with pytest.raises(SetupError) as refusal:
        load_weather(write_weather(change=change))
    assert str(refusal.value).count("\n  - ") == 3


@pytest.mark.parametrize(("axes", "told"), [
    ({"latitudes": (9.0, 9.5, 10.4)}, "latitudes are not evenly spaced"),
    ({"longitudes": (19.0, 19.0, 20.0)}, "a longitude occurs twice"),
    ({"longitudes": (20.0,)}, "it holds 1 longitude"), ({"levels": (500.0,)}, "it holds 1 level"),
    ({"hours": (0, 1, 1)}, "a time occurs twice")])
def test_grids_that_cannot_be_looked_up_are_refused(write_weather, axes, told):
    with pytest.raises(SetupError, match=told):
        load_weather(write_weather(**axes))


@pytest.mark.parametrize("kind", ["NETCDF3_64BIT_OFFSET", "NETCDF3_CLASSIC", "NETCDF4"])
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_truncated_files_are_refused(write_weather, kind, share):
    path = write_weather(kind=kind)
    whole = path.read_bytes()
    path.write_bytes(whole[:int(share * len(whole))])
    with pytest.raises(SetupError, match="cut short"):
        load_weather(path)


def test_what_is_no_netcdf_is_refused(tmp_path):
    path = tmp_path / "weather.nc"
    path.write_text("GRIB, or so it thinks")
    with pytest.raises(SetupError, match="cannot be read as netCDF"):
        load_weather(path)
    path.write_bytes(b"")
    with pytest.raises(SetupError, match="cannot be read as netCDF"):
        load_weather(path)
    with pytest.raises(SetupError, match="no such file"):
        load_weather(tmp_path / "nothing.nc")
    with pytest.raises(SetupError, match="folder"):
        load_weather(tmp_path)
