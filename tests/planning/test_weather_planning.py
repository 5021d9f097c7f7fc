"""Missions judged in the weather of a file: winds, densities, times, places."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest

from longwatch.environment.atmosphere import density_ratio
from longwatch.environment.weather_file import load_weather
from longwatch.environment.wind import parse_wind
from longwatch.errors import MissionError, SetupError
from longwatch.planning import judge_file, plan_flight, read_mission
from longwatch.planning.air import WeatherAir
from longwatch.planning.start_time import DEFAULT_START, decimal_year, parse_start
from longwatch.planning.surroundings import read_surroundings

LOAD = {"payload_kg": 0.0, "fuel_kg": 100.0}
START = datetime(2023, 10, 12, 0, 0, tzinfo=UTC)


def judged(path, tb2, weather, start=START, **options):
    return judge_file(path, tb2, weather=load_weather(weather), start=start, **LOAD, **options)


def errors(judgement):
    return " | ".join(f.text for f in judgement.errors)


# ------------------------------------------------------------------------ wind and density


def test_legs_fly_the_wind_triangle_of_the_file(write_wpl, write_weather, circuit, tb2):
    """12 m/s from the west at every level: item 4 flies into the east, item 5 across it."""
    circuit.insert(1, (178, 0, 40, -1, 0, 0, 0))
    judgement = judged(write_wpl(circuit), tb2, write_weather(u=12.0))
    assert judgement.flyable, errors(judgement)
    air = WeatherAir(load_weather(write_weather(u=12.0)).grid(START.timestamp()))
    for number, along, across in ((4, 12.0, 0.0), (5, 0.0, 12.0)):
        found = judgement.numbers[number - 1]
        dense = air.density_altitude((math.radians(10.0), math.radians(20.08)), 400.0, 0.0, 0.0)
        true = 40.0 / math.sqrt(density_ratio(dense))
        assert found.ground_speed == pytest.approx(
            math.sqrt(true**2 - across**2) + along, rel=1e-3)


def test_wind_belongs_to_its_place_height_and_time(write_weather):
    weather = load_weather(write_weather(
        v=lambda time, height, lat, lon: time + 2.0 * (lat - 10.0) + height / 1000.0))
    air = WeatherAir(weather.grid(weather.times[0]))
    north, east = air.wind((math.radians(10.25), math.radians(20.0)), 3000.0, 0.0, 1800.0)
    assert north == pytest.approx(0.5 + 0.5 + 3.0, abs=0.01)
    assert east == 0.0


def test_density_altitude_is_where_the_standard_atmosphere_is_as_dense(write_weather):
    weather = load_weather(write_weather())
    air = WeatherAir(weather.grid(weather.times[0]))
    # At 700 hPa and 250 K the density is p/(R T).
    height = 100.0 - 287.05287 * 250.0 / 9.80665 * math.log(0.7)
    altitude = 6356766.0 * height / (6356766.0 - height)
    dense = air.density_altitude((math.radians(10.0), math.radians(20.0)), altitude, 0.0, 0.0)
    assert 1.225 * density_ratio(dense) == pytest.approx(70000.0 / (287.05287 * 250.0), rel=1e-6)


def test_the_ceiling_is_one_of_density(write_wpl, write_weather, circuit, tb2):
    """305 K less 6.5 K/km: the ceiling lies where that air is as thin as standard at its own."""
    standard = judge_file(write_wpl(circuit), tb2, **LOAD)
    power = 9.80665 / (287.05287 * 0.0065)
    levels = np.array([300.0, 500.0, 700.0, 850.0, 925.0, 1000.0])
    z = (305.0 / 0.0065 * (1.0 - (levels / 1013.25) ** (1.0 / power)))[None, :, None, None]
    weather = judged(write_wpl(circuit), tb2, write_weather(t=305.0 - 0.0065 * z, z=9.80665 * z))
    for ours, usual in zip(weather.numbers[1:5], standard.numbers[1:5], strict=True):
        height = ours.ceiling / (1.0 + ours.ceiling / 6356766.0)
        temperature = 305.0 - 0.0065 * height
        density = 101325.0 * (temperature / 305.0) ** power / (287.05287 * temperature)
        assert density == pytest.approx(1.225 * density_ratio(usual.ceiling), rel=1e-3)


def test_each_end_is_chosen_for_the_wind_when_it_is_used(write_weather, thrace_watch, tb2):
    """The wind turns from 49 to 229 deg within the second hour: out on 04, back on 22."""
    def turning(size):
        return lambda time, height, lat, lon: np.where(time < 1.5, -size, size)

    weather = write_weather(u=turning(6.0), v=turning(5.2), latitudes=(42.5, 42.0, 41.5, 41.0,
                            40.5, 40.0), longitudes=(26.5, 27.0, 27.5, 28.0, 28.5, 29.0),
                            hours=range(7))
    judgement = judged(thrace_watch, tb2, weather)
    assert judgement.flyable, errors(judgement)
    assert (judgement.strips.takeoff_end, judgement.strips.landing_end) == (0, 1)


# ------------------------------------------------------------------------ what is not covered


def test_a_flight_outside_the_times_is_refused(write_wpl, write_weather, circuit, tb2):
    weather = write_weather(hours=(0, 1, 2, 8))
    path = write_wpl(circuit)
    for start, told in ((datetime(2023, 10, 11, 23, 50, tzinfo=UTC), "outside the times"),
                        (datetime(2023, 10, 12, 7, 59, tzinfo=UTC), "outside the times"),
                        (datetime(2023, 10, 12, 3, 0, tzinfo=UTC), "has no weather between"),
                        (None, "outside the times")):
        judgement = judged(path, tb2, weather, start)
        assert told in errors(judgement)
        assert not any(f.forcible for f in judgement.errors if "weather" in f.text)
    # The reserve of half an hour has to be covered too.
    late = judged(path, tb2, weather, datetime(2023, 10, 12, 1, 40, tzinfo=UTC))
    assert "its reserve included" in errors(late)
    with pytest.raises(SetupError, match="outside the times of weather.nc"):
        plan_flight(path, tb2, weather=load_weather(weather), start=None, **LOAD)


def test_a_route_out_of_the_weather_is_refused(write_wpl, write_weather, circuit, tb2):
    narrow = write_weather(longitudes=(19.9, 19.95, 20.0, 20.05))
    judgement = judged(write_wpl(circuit), tb2, narrow)
    assert "leads out of the weather at" in errors(judgement)
    assert "longitudes 19.9 to 20.05" in errors(judgement)


def test_a_route_above_the_weather_is_refused(write_wpl, write_weather, circuit, tb2):
    circuit[3] = (16, 0, 0, 0, 9.92, 20.08, 3500)
    low = write_weather(levels=(700.0, 850.0, 925.0, 1000.0))
    assert "the top level of weather.nc lies at 2711 m" in errors(
        judged(write_wpl(circuit), tb2, low))


def test_steady_weather_says_so(write_wpl, write_weather, circuit, tb2):
    plan = plan_flight(write_wpl(circuit), tb2, weather=load_weather(write_weather(hours=(6,))),
                       **LOAD)
    assert any("holds one time, 2023-10-12 06:00 UTC, and is taken as steady weather" in text
               for text in plan.messages)


# ------------------------------------------------------------------------ when it starts


@pytest.mark.parametrize(("text", "hour"), [
    ("2023-10-12T09:00:00Z", 9), ("2023-10-12T09:00", 9), ("2023-10-12 11:30+02:30", 9),
    ("2023-10-12", 0)])
def test_starts_are_read_as_iso_8601(text, hour):
    assert parse_start(text) == datetime(2023, 10, 12, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "noon", "12.10.2023", "2023-13-01", "2023-10-12T25:00Z"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(SetupError, match="ISO 8601"):
        parse_start(text)


def test_years_with_their_fraction():
    assert decimal_year(datetime(2026, 7, 2, 12, tzinfo=UTC)) == pytest.approx(2026.5)
    assert decimal_year(datetime(2024, 12, 31, tzinfo=UTC)) == pytest.approx(2024 + 365 / 366)


@pytest.mark.parametrize("given", [5, 2026.5, ["2026-07-02"], object])
def test_a_start_that_is_no_text_is_refused_with_words(given):
    with pytest.raises(SetupError, match="ISO 8601"):
        parse_start(given)


def test_a_mission_carries_its_start_and_the_option_goes_before_it(tmp_path, thrace_watch, tb2):
    document = json.loads(thrace_watch.read_text())
    path = tmp_path / "dated.plan"
    path.write_text(json.dumps(document | {"longwatch": {"start": "2024-02-29T06:00:00Z"}}))
    own = datetime(2024, 2, 29, 6, tzinfo=UTC)
    assert read_mission(path).start == own
    assert judge_file(path, tb2, **LOAD).start == own
    assert judge_file(path, tb2, start=START, **LOAD).start == START
    assert judge_file(thrace_watch, tb2, **LOAD).start == DEFAULT_START


@pytest.mark.parametrize("own", ["noon", 7, {"start": 7}, {"start": "noon"}])
def test_a_wrong_start_in_a_mission_is_a_fault_of_it(tmp_path, thrace_watch, own):
    path = tmp_path / "dated.plan"
    path.write_text(json.dumps(json.loads(thrace_watch.read_text()) | {"longwatch": own}))
    with pytest.raises(MissionError, match="longwatch: "):
        read_mission(path)


def test_wind_and_weather_together_are_refused(write_weather):
    with pytest.raises(SetupError, match="leave one of them out"):
        read_surroundings("0@0", write_weather(), None, None)
    assert read_surroundings("3@90", None, None, None)["wind"] == parse_wind("3@90")


def test_every_fault_of_the_surroundings_is_told_at_once(tmp_path):
    with pytest.raises(SetupError) as told:
        read_surroundings(None, tmp_path / "no.nc", tmp_path / "no", "yesterday")
    for text in ("no.nc: no such file", "no: no such folder", 'start "yesterday"'):
        assert text in str(told.value)
