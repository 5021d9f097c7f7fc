"""The shipped missions in real weather and over real terrain, from the runway to the runway."""

import math
from datetime import UTC, datetime
from pathlib import Path

import netCDF4
import numpy as np
import pytest

import longwatch as lw
from longwatch.errors import SetupError, SnapshotError
from longwatch.records.flight_log import log_metadata
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only

MISSIONS = Path(__file__).resolve().parents[2] / "missions"
PORTUGAL, AMERICA = "euroc_2023_all_windows.nc", "ndrt_2020_weather_data_ERA5_new.nc"


@pytest.fixture(scope="module")
def tejo(shared_data):
    return lw.fly(MISSIONS / "tejo-watch.plan", weather=shared_data / "weather" / PORTUGAL,
                  seed=1)


@pytest.fixture(scope="module")
def michigan(shared_data):
    return lw.fly(MISSIONS / "michigan-watch.plan", weather=shared_data / "weather" / AMERICA,
                  turbulence="light", seed=2)


@pytest.fixture(scope="module")
def washington(shared_data):
    return lw.fly(MISSIONS / "washington-watch.plan", terrain=shared_data / "dem", seed=3)


def column(flight, name):
    return flight.table[name].to_numpy().astype(float)


def assert_landed_well(flight, runway):
    down = flight.summary.touchdown
    assert flight.summary.outcome == "landed"
    assert flight.summary.items_reached == flight.summary.items_total
    assert down.runway == runway
    assert 60.0 <= down.along_runway_m <= 823.0
    assert abs(down.lateral_offset_m) <= 21.0
    assert -2.5 < down.vertical_speed_m_s < 0.0
    assert down.on_pavement
    assert not [e for e in flight.events if e["event"] == "warning"]


def test_missions_land_in_weather_and_over_terrain(tejo, michigan, washington):
    assert_landed_well(tejo, "LPTN 08")
    assert_landed_well(michigan, "KLWA 23")
    assert_landed_well(washington, "KHIE 10")


@pytest.mark.parametrize("name", ["tejo", "michigan", "washington"])
def test_missions_land_without_them_too(name):
    flight = lw.fly(MISSIONS / f"{name}-watch.plan", seed=4)
    assert flight.summary.outcome == "landed"


def nearest_node(file, flight, row, times):
    """Indices of the file's node nearest to a row of the log, and its geopotential height."""
    latitude, longitude = (math.degrees(column(flight, f"flight.{x}")[row])
                           for x in ("latitude", "longitude"))
    seconds = column(flight, "clock.time")[row]
    n = int(np.abs(times - seconds).argmin())
    i = int(np.abs(file["latitude"][:] - latitude).argmin())
    j = int(np.abs(file["longitude"][:] - longitude).argmin())
    z = np.asarray(file["z"][n, :, i, j]) / 9.80665
    k = int(np.abs(z - column(flight, "flight.altitude_msl")[row]).argmin())
    return n, k, i, j, z[k]


def test_the_log_has_the_files_air(tejo, shared_data):
    """Beside the nearest node, 12 km and half an hour away at most, the air is much the same."""
    with netCDF4.Dataset(shared_data / "weather" / PORTUGAL) as file:
        start = datetime(2023, 10, 13, 9, tzinfo=UTC).timestamp()
        times = (np.asarray(file["time"][:], float) - 613608.0) * 3600.0 - start
        altitude = column(tejo, "flight.altitude_msl")
        apart = []
        for row in np.flatnonzero(altitude > 1000.0)[::500]:
            n, k, i, j, height = nearest_node(file, tejo, row, times)
            apart.append((
                column(tejo, "air.wind_north")[row] - float(file["v"][n, k, i, j]),
                column(tejo, "air.wind_east")[row] - float(file["u"][n, k, i, j]),
                column(tejo, "air.temperature")[row] - float(file["t"][n, k, i, j])
                + 0.0065 * (altitude[row] - height),
                column(tejo, "air.pressure")[row] / (100.0 * float(file["level"][k]))
                / math.exp(-(altitude[row] - height) / 8400.0) - 1.0))
        rms = np.sqrt((np.array(apart) ** 2).mean(axis=0))
    assert len(apart) > 50
    assert rms[0] < 2.0 and rms[1] < 2.0
    assert rms[2] < 1.0
    assert rms[3] < 0.002


def test_sensors_read_the_real_pressure(tejo):
    """Pressure altitude is not altitude: that of the day's air, warmer than standard."""
    sim = Simulation(mission=MISSIONS / "tejo-watch.plan")
    sim.step(0.05)
    standard = float(sim.state.air.pressure)
    real = column(tejo, "air.pressure")[0]
    assert abs(real - standard) > 20.0
    assert column(tejo, "air.density")[0] == pytest.approx(
        real / (287.05287 * column(tejo, "air.temperature")[0]), rel=1e-6)


def test_the_flight_keeps_clear_of_the_real_ground(washington, shared_data):
    """Against the tile's own posts: 150 m en route, as the judge promised, and the peak's pass."""
    posts = np.fromfile(shared_data / "dem" / "N44W072.hgt", ">i2").reshape(1201, 1201)
    latitude, longitude = (np.degrees(column(washington, f"flight.{x}"))
                           for x in ("latitude", "longitude"))
    row, column_ = (45.0 - latitude) * 1200.0, (longitude + 72.0) * 1200.0
    corners = np.array([posts[np.floor(row).astype(int) + a, np.floor(column_).astype(int) + b]
                        for a in (0, 1) for b in (0, 1)], float)
    altitude = column(washington, "flight.altitude_msl")
    away = np.hypot((latitude - 44.3676) * 111.2, (longitude + 71.5458) * 79.6) > 10.0
    assert (altitude - corners.max(axis=0))[away].min() > 150.0
    logged = column(washington, "flight.ground_elevation_msl")
    far = np.hypot((latitude - 44.3676) * 111.2, (longitude + 71.5458) * 79.6) > 1.5
    assert (logged[far] <= corners.max(axis=0)[far] + 1e-6).all()
    assert (logged[far] >= corners.min(axis=0)[far] - 1e-6).all()
    assert logged.max() > 1880.0, "it flew over Mount Washington"
    assert column(washington, "flight.height_above_ground") == pytest.approx(
        altitude - logged, abs=0.001)


def test_settings_and_messages_tell_of_it(tejo, michigan, washington):
    assert (tejo.summary.weather, tejo.summary.terrain) == (PORTUGAL, "")
    assert tejo.summary.start == "2023-10-13T09:00:00Z"
    assert tejo.summary.wind == ""
    assert washington.summary.terrain == "dem"
    settings = log_metadata(michigan.table.schema)["settings"]
    assert settings["start"] == "2020-02-23T16:00:00Z"
    assert settings["weather"] == AMERICA
    assert any("is taken as steady weather" in note for note in michigan.summary.notes)
    assert any("least clearance over terrain" in note for note in washington.summary.notes)
    report = michigan.files["report"].read_text(encoding="utf-8")
    assert "is taken as steady weather" in report
    assert f"weather of {AMERICA}" in report


def test_the_clock_carries_the_date(shared_data):
    sim = Simulation(mission=MISSIONS / "tejo-watch.plan", start="2023-10-14T10:00:00Z",
                     weather=shared_data / "weather" / PORTUGAL)
    sim.step(90.0)
    assert sim.utc == datetime(2023, 10, 14, 10, 1, 30, tzinfo=UTC)
    assert float(sim.state.clock.start) + sim.time == sim.utc.timestamp()


def test_snapshots_know_weather_and_terrain(shared_data):
    mission, weather = MISSIONS / "tejo-watch.plan", shared_data / "weather" / PORTUGAL
    sim = Simulation(mission=mission, weather=weather)
    sim.step(30.0)
    kept = sim.snapshot()
    sim.step(30.0)
    after = sim.state.tobytes()
    again = Simulation(mission=mission, weather=weather)
    again.restore(kept)
    again.step(30.0)
    assert again.state.tobytes() == after
    for other in (Simulation(mission=mission),
                  Simulation(mission=mission, weather=weather, start="2023-10-13T10:00:00Z")):
        with pytest.raises(SnapshotError, match="weather or terrain"):
            other.restore(kept)
    with pytest.raises(SetupError, match="has its own weather, terrain and start"):
        Simulation(mission=sim.plan, weather=weather)


def test_another_day_is_another_flight_and_no_day_is_refused(shared_data, tmp_path):
    weather = shared_data / "weather" / PORTUGAL
    with pytest.raises(SetupError, match="outside the times of"):
        lw.fly(MISSIONS / "tejo-watch.plan", weather=weather, start="2023-10-20T09:00Z",
               out=tmp_path / "never")
    with pytest.raises(SetupError, match="has no weather between"):
        lw.fly(MISSIONS / "tejo-watch.plan", weather=weather, start="2023-10-13T17:30Z",
               out=tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_the_manuals_commands_are_judged_flyable(shared_data, capsys):
    from longwatch.cli import main

    page = MISSIONS.parent / "docs" / "weather-and-terrain.md"
    commands = [line.split()[2:] for line in page.read_text(encoding="utf-8").splitlines()
                if line.startswith("    longwatch fly")]
    assert len(commands) == 3
    for mission, option, value in commands:
        found = shared_data / "dem" if value == "DIR" else shared_data / "weather" / value
        assert main(["check", str(MISSIONS.parent / mission), option, str(found)]) == 0
    capsys.readouterr()


def test_weather_and_terrain_together(write_weather, shared_data):
    """A westerly over the White Mountains, nothing at the ground and 14 m/s at the summits."""
    weather = write_weather(
        latitudes=(46.0, 45.0, 44.0, 43.0), longitudes=(287.0, 288.0, 289.0, 290.0), hours=range(5),
        u=lambda time, height, lat, lon: 4.0 + 0.005 * height,
        t=lambda time, height, lat, lon: 290.0 - 0.0065 * height,
        z=lambda time, height, lat, lon: 9.80665 * height * 1.1,
        change=lambda file: file["time"].setncattr("units", "hours since 2026-07-02 12:00:00"))
    flight = lw.fly(MISSIONS / "washington-watch.plan", weather=weather,
                    terrain=shared_data / "dem", turbulence="light", seed=5)
    assert flight.summary.outcome == "landed"
    assert flight.summary.touchdown.runway == "KHIE 28"
    high = column(flight, "flight.altitude_msl") > 2000.0
    assert column(flight, "air.wind_east")[high].mean() == pytest.approx(14.0, abs=2.0)


@pytest.mark.parametrize(("options", "told"), [
    (["--weather", "{weather}", "--wind", "3@90"], "leave one of them out"),
    (["--weather", "{cut}"], "cut short"), (["--weather", "{mission}"], "cannot be read as netCDF"),
    (["--weather", "nowhere.nc"], "no such file"), (["--terrain", "{tiles}"], "a tile has"),
    (["--terrain", "nowhere"], "no such folder"), (["--start", "noon"], "ISO 8601"),
    (["--start", "1999-12-31T00:00Z"], "no magnetic field for the year 2000"),
    (["--weather", "{weather}", "--start", "2023-10-16T09:00Z"], "outside the times")])
def test_the_shell_refuses_and_leaves_nothing(shared_data, tmp_path, capsys, options, told):
    from longwatch.cli import main

    weather = shared_data / "weather" / PORTUGAL
    (tmp_path / "cut.nc").write_bytes(weather.read_bytes()[:400_000])
    (tmp_path / "tiles").mkdir()
    (tmp_path / "tiles" / "N44W072.hgt").write_bytes(b"\0" * 1000)
    places = {"weather": weather, "cut": tmp_path / "cut.nc", "tiles": tmp_path / "tiles",
              "mission": MISSIONS / "tejo-watch.plan"}
    asked = ["fly", str(places["mission"]), "--out", str(tmp_path / "out"),
             *(option.format(**places) for option in options)]
    assert main(asked) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
