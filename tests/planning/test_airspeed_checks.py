"""Speeds of a mission, leg by leg: held level, and against the wind."""

import math
from pathlib import Path

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.environment.wind import parse_wind
from longwatch.planning.judge import judge
from longwatch.planning.mission_file import read_mission
from longwatch.planning.performance import Performance


def judged(path, aircraft="tb2", **options):
    load = {"payload_kg": 0.0, "fuel_kg": 216.0, **options}
    if "wind" in load:
        load["wind"] = parse_wind(load["wind"])
    return judge(read_mission(path), load_datasheet(aircraft), **load)


def held(judgement):
    return [f for f in judgement.errors if "cannot be held level" in f.message]


def test_the_leg_to_the_landing_is_held_level_too(shared_data):
    path = shared_data / "field" / "fast_to_land.plan"
    before = judged(path, wind="6@40", turbulence="moderate")
    assert [f.item for f in held(before)] == [5]
    after = judged(path, wind="6@40", turbulence="moderate", fit=True)
    assert after.flyable
    speed = after.mission.items[3].p2
    # At that mass it climbs 100 ft/min at the speed fitted, and not half a metre a second faster.
    performance = Performance(load_datasheet("tb2").datasheet[0])
    assert performance.climb_rate(548.0, speed, 454.0) > 0.50
    assert performance.climb_rate(548.0, speed + 0.5, 454.0) < 0.51


def test_the_way_home_is_held_level_too(write_wpl, circuit):
    """A return lands by an item that is none: its way was looked at by nobody."""
    path = write_wpl([*circuit[:4], (178, 0, 62, -1, 0, 0, 0), (20, 0, 0, 0, 0, 0, 0)])
    assert [f.item for f in held(judged(path))] == [6]
    assert judged(path, fit=True).flyable


@pytest.mark.parametrize("aircraft, fuel, speed", [("tb2", 216.0, 60.0), ("akinci", 2000.0, 95.0)])
def test_a_speed_is_held_at_the_height_where_its_leg_begins(write_wpl, circuit, aircraft, fuel,
                                                            speed):
    high = 3000.0 if aircraft == "tb2" else 9000.0
    down = [*circuit[:2], (31, 0, 1500, 0, 10.0, 20.2, high), (178, 0, speed, -1, 0, 0, 0),
            *circuit[3:]]
    found = held(judged(write_wpl(down), aircraft, fuel_kg=fuel))
    assert found[0].item == 5
    assert f"at {high:.0f} m above sea level" in found[0].message


def test_what_no_tanks_hold_is_judged_all_the_same(write_wpl, circuit):
    """A week on a circle before the landing, and a circle after it for ever."""
    week = [*circuit[:4], (19, 604800, 0, 0, 9.92, 20.08, 400), *circuit[4:]]
    endless = [*circuit[:3], (31, 0, 0, 0, 9.92, 20.08, 90000), (19, 604800, 0, 0, 9.9, 20.0, 400)]
    for items in (week, endless):
        assert any("fuel" in finding.message for finding in judged(write_wpl(items)).errors)


@pytest.mark.parametrize("wind", ["8@40", "9@200"])
def test_gusts_allowed_for_at_the_ceiling_refuse_no_mission(wind):
    """Full of fuel it holds 36.1 m/s at 6 700 m, and would fly 37.4 in this wind: it flies 36.1."""
    path = Path(__file__).parents[2] / "missions" / "thrace-24h.plan"
    assert not held(judged(path, wind=wind, fit=True))


def test_a_plans_cruise_speed_is_held_on_every_leg(shared_data, tmp_path):
    text = (shared_data / "field" / "fast_to_land.plan").read_text()
    path = tmp_path / "cruise.plan"
    path.write_text(text.replace('"hoverSpeed": 5', '"cruiseSpeed": 62').replace("60,", "-1,"))
    found = {f.item: f.message for f in judged(path).errors}
    assert set(found) == {2, 3, 5}
    after = judged(path, fit=True)
    assert after.flyable
    assert after.mission.cruise_speed < 58.0


def test_the_approach_makes_way_at_its_own_speed(shared_data):
    path = shared_data / "field" / "approach_against_the_wind.plan"
    found = [f for f in judged(path, fuel_kg=36.33, wind="21.9@55", fit=True).errors
             if "cannot make way" in f.message]
    assert len(found) == 1


def test_a_wind_that_the_legs_allow_and_the_approach_does_not(write_wpl, tb2, circuit):
    # 20 m/s at 10 m are 31 m/s at the gate, 210 m up, by the 1/7 power law; 370 kg are flown down
    # the approach at 1.25 times the stall and 6.5 m/s for gusts.
    fast = [circuit[0], (178, 0, 50, -1, 0, 0, 0), *circuit[1:]]
    sheet = tb2.datasheet[0]
    stall = math.sqrt(2.0 * 365.0 * 9.80665 / (1.225 * float(sheet.geometry.wing_area)
                                               * float(sheet.aerodynamics.CL_max)))
    assert 1.25 * stall + 6.5 - 20.0 * 21.0 ** (1.0 / 7.0) < 5.0
    wind = [f for f in judged(write_wpl(fast), fuel_kg=36.0, wind="20@180").errors
            if "cannot make way" in f.message]
    assert [("on the approach to the landing" in f.message or "climb-out" in f.message)
            for f in wind] == [True]
    assert not [f for f in judged(write_wpl(fast), fuel_kg=36.0, wind="12@180").errors
                if "cannot make way" in f.message]


def test_a_landing_higher_than_home_is_approached_in_more_wind_than_is_left(write_wpl):
    """Only there: 19 m/s at 10 m are 27 m/s where the climb-out ends, and 34 m/s at 1 210 m."""
    path = write_wpl([(22, 15, 0, 0, 0, 0, 125), (178, 0, 45, -1, 0, 0, 0),
                      (16, 0, 0, 0, 10.15, 20.0, 1500), (21, 0, 0, 0, 10.4, 20.0, 1000)])
    wind = [f.message for f in judged(path, fuel_kg=150.0, wind="19@180").errors
            if "cannot make way" in f.message]
    assert len(wind) == 1 and "on the approach to the landing" in wind[0]
