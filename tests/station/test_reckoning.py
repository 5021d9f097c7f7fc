"""The way home, the point of no return, endurance: against what can be worked out by hand."""

import math

import pytest

from longwatch.station.vehicles.datasheet import kind_of
from longwatch.station.vehicles.plans import PlanAboard, PlanItem
from longwatch.station.vehicles.reckoning import (
    Least,
    Smoothed,
    time_over,
    time_to_turn,
    true_airspeed,
    wind_vector,
)
from longwatch.station.vehicles.vehicle import Vehicle

STILL = (0.0, 0.0)


def test_the_least_of_a_minute_falls_at_once_and_rises_after_it():
    least = Least(60.0)
    assert [least.take(value, clock) for clock, value in (
        (0.0, 36.0), (10.0, 27.0), (20.0, 36.0), (70.0, 36.0), (71.0, 35.0))] == [
        36.0, 27.0, 27.0, 27.0, 35.0]
    assert least.take(40.0, 5.0) == 40.0  # the vehicle began anew
    assert least.take(None, 6.0) is None
    assert least.take(40.0, 7.0) == 40.0


def test_a_way_with_against_and_across_the_wind():
    assert time_over((3000.0, 0.0), 30.0, STILL) == pytest.approx(100.0)
    assert time_over((3000.0, 0.0), 30.0, (10.0, 0.0)) == pytest.approx(75.0)
    assert time_over((3000.0, 0.0), 30.0, (-10.0, 0.0)) == pytest.approx(150.0)
    # Crabbing: 50 m/s with 30 m/s across leave 40 along, 3-4-5.
    assert time_over((4000.0, 0.0), 50.0, (0.0, 30.0)) == pytest.approx(100.0)
    assert time_over((0.0, 0.0), 30.0, (40.0, 0.0)) == 0.0


@pytest.mark.parametrize("wind", [(-31.0, 0.0), (0.0, 30.0), (-20.0, 29.0)])
def test_against_too_much_wind_there_is_no_way_home(wind):
    assert time_over((1000.0, 0.0), 30.0, wind) == math.inf


def test_point_of_no_return_in_still_air_is_half_of_what_is_left():
    # Flying straight away at 30 m/s, 9 km from home, 3600 s left: 2 t + 300 = 3600.
    assert time_to_turn((-9000.0, 0.0), (30.0, 0.0), 30.0, STILL, 3600.0) == pytest.approx(1650.0)


def test_point_of_no_return_with_a_tailwind_outbound_comes_earlier():
    # Out at 40 m/s, home at 20: 40 t = 20 (3600 - t), t = 1200 (the textbook's PNR, T h / (o + h)).
    found = time_to_turn(STILL, (40.0, 0.0), 30.0, (10.0, 0.0), 3600.0)
    assert found == pytest.approx(3600.0 * 20.0 / (40.0 + 20.0), abs=0.01)


def test_circling_it_may_stay_for_all_but_the_way_home():
    assert time_to_turn((6000.0, 8000.0), STILL, 25.0, STILL, 1000.0) == pytest.approx(600.0)


def test_too_late_is_zero_and_past_home_it_is_nearly_all():
    assert time_to_turn((60_000.0, 0.0), (-30.0, 0.0), 30.0, STILL, 1000.0) == 0.0
    # Over home after 100 s, half a second on: as long back as there is left.
    assert time_to_turn((3000.0, 0.0), (30.0, 0.0), 30.0, STILL, 101.0) == pytest.approx(100.5)


def test_true_airspeed_is_the_standard_atmospheres():
    # ICAO Doc 7488: density ratios 0.8216 at 2 000 m, 0.6011 at 5 000 m.
    assert true_airspeed(40.0, 0.0) == pytest.approx(40.0)
    assert true_airspeed(40.0, 2000.0) == pytest.approx(40.0 / math.sqrt(0.8216), rel=1e-3)
    assert true_airspeed(40.0, 5000.0) == pytest.approx(40.0 / math.sqrt(0.6011), rel=1e-3)


def test_wind_from_the_west_blows_east_and_unknown_wind_is_still():
    assert wind_vector(10.0, math.radians(270.0)) == pytest.approx((0.0, 10.0), abs=1e-9)
    assert wind_vector(None, 1.0) == STILL


def test_smoothing_leaves_out_what_is_unknown():
    smooth = Smoothed(10.0)
    assert smooth.take(None, 1.0) is None
    assert smooth.take(4.0, 1.0) == 4.0
    assert smooth.take(None, 5.0) == 4.0
    assert smooth.take(5.0, 1.0) == pytest.approx(4.1)


def test_kinds_of_fuel_are_the_engines():
    assert kind_of("akinci").fuel_density > kind_of("tb2").fuel_density


def flying(**values):
    """A vehicle in the air, 36 km north of home at sea level, with figures as given."""
    v = Vehicle("r1", replay=True)
    v.put({"landed_state": "in_air", "latitude_deg": 41.0 + 36_000.0 / 111_100.0,
           "longitude_deg": 28.0, "altitude_msl": 0.0, "airspeed": 30.0, "ground_speed": 30.0,
           "velocity_north": 30.0, "velocity_east": 0.0, "home_latitude_deg": 41.0,
           "home_longitude_deg": 28.0, "home_altitude_msl": 0.0, "fuel_flow_kg_s": 0.002,
           "fuel_remaining_kg": 20.0, "time_boot_s": 100.0, **values}, 100.0)
    v.tick_second(100.0)
    return v


def test_fuel_figures_follow_from_fuel_flow_and_distance():
    v = flying()
    assert v.number("endurance_s") == 10_000
    assert v.number("distance_home") == pytest.approx(36_000.0, rel=2e-3)
    assert v.number("time_home_s") == pytest.approx(1200.0, rel=2e-3)
    assert v.number("fuel_home_kg") == pytest.approx(2.4, rel=5e-3)
    assert v.number("fuel_when_home_kg") == 20.0 - v.number("fuel_home_kg")
    assert v.number("fuel_reserve_kg") == pytest.approx(0.002 * 2700.0)
    # 20 kg less 5.4 leave 7 300 s: 2 t + 1 200 = 7 300.
    assert v.number("return_by_s") == pytest.approx(3050.0, abs=3.0)
    assert v.number("return_radius") == pytest.approx(36_000.0 + 30.0 * 3050.0, rel=2e-3)


@pytest.mark.parametrize("lacking, unknown", [
    ("fuel_flow_kg_s", ("endurance_s", "fuel_home_kg", "return_by_s", "fuel_reserve_kg")),
    ("fuel_remaining_kg", ("endurance_s", "return_by_s", "fuel_at_landing_kg")),
    ("home_latitude_deg", ("distance_home", "time_home_s", "fuel_home_kg", "fuel_when_home_kg",
                           "return_radius")),
    ("airspeed", ("time_home_s", "fuel_home_kg", "return_by_s")),
])
def test_what_an_input_lacks_is_not_made_up(lacking, unknown):
    v = flying(**{lacking: None})
    assert [v.number(name) for name in unknown] == [None] * len(unknown)


def item(command, north, *params):
    x = round((41.0 + north / 111_100.0) * 1e7)
    return PlanItem(command, 0, (*params, 0.0, 0.0, 0.0, 0.0)[:4], x, 280000000, 100.0)


def test_fuel_at_the_landing_is_what_the_rest_of_the_mission_leaves():
    v = flying()
    # 18 km on, ten minutes' loiter, 54 km home: 600 + 600 + 1 800 s.
    v.plans["mission"] = PlanAboard((item(16, 0.0), item(16, 54_000.0), item(
        19, 54_000.0, 600.0), item(21, 0.0)), "download")
    v.put({"mission_sequence": 1, "mission_state": "active"}, 100.0)
    v.tick_second(101.0)
    assert v.number("fuel_at_landing_kg") == pytest.approx(20.0 - 0.002 * 3000.0, abs=0.03)
    v.put({"mission_state": "paused"}, 101.0)
    v.tick_second(102.0)
    assert v.number("fuel_at_landing_kg") is None


def test_flight_time_counts_from_a_take_off_that_was_seen():
    v = Vehicle("r1", replay=True)
    for time_s, landed in ((0.0, "in_air"), (60.0, "on_ground"), (90.0, "taking_off"),
                           (100.0, "in_air"), (160.0, "in_air"), (170.0, "on_ground")):
        v.put({"landed_state": landed, "time_boot_s": time_s}, time_s)
        v.tick_second(time_s)
        if time_s == 0.0:
            assert v.number("flight_time_s") is None
    assert v.number("flight_time_s") == 60.0
