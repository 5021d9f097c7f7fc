"""Where a silent vehicle should be: against ways and rules worked out by hand."""

from math import radians

import pytest

from longwatch.earth.geodesics import distance_and_bearing
from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles import expected
from longwatch.station.vehicles.plans import PlanAboard, PlanItem
from longwatch.station.vehicles.vehicle import Vehicle

DEGREE = 111_045.0  # of latitude at 41 N [m], WGS84


def silent(family="generic", parameters=(), **values):
    """A vehicle at sea level, 30 m/s northwards, home 6 km south of it."""
    v = Vehicle("1", 1, family=family)
    for name, value in parameters:
        v.parameters.take(mavlink.MAVLink_param_value_message(
            name.encode(), value, mavlink.MAV_PARAM_TYPE_REAL32, 1, 0))
    for name, value in {
            "landed_state": "in_air", "link_state": "lost", "latitude_deg": 41.0,
            "longitude_deg": 28.0, "altitude_msl": 0.0, "airspeed": 30.0, "velocity_north": 30.0,
            "velocity_east": 0.0, "home_latitude_deg": 41.0 - 6000.0 / DEGREE,
            "home_longitude_deg": 28.0, **values}.items():
        v.set(name, value)
    return v


def place(v, seconds):
    """Metres north of where it was heard, and by what."""
    latitude, longitude, by = expected.expected(v, seconds)
    distance, _ = distance_and_bearing(radians(41.0), radians(28.0), radians(latitude),
                                       radians(longitude))
    return (distance if latitude >= 41.0 else -distance), by


def item(command, north, *params):
    x = round((41.0 + north / DEGREE) * 1e7)
    return PlanItem(command, 0, (*params, 0.0, 0.0, 0.0, 0.0)[:4], x, 280000000, 100.0)


def on_mission(*items, **more):
    v = silent(mission_state="active", mission_sequence=0, **more)
    v.plans["mission"] = PlanAboard(items, "download")
    return v


def test_without_plan_or_rule_it_flies_on_as_it_did():
    assert place(silent(), 100.0) == (pytest.approx(3000.0, rel=1e-3), "course")


def test_what_is_not_flying_or_has_told_no_place_is_expected_nowhere():
    assert expected.expected(silent(landed_state="on_ground"), 10.0) is None
    assert expected.expected(silent(latitude_deg=None), 10.0) is None


def test_along_its_mission_with_loiters_and_wind():
    ways = item(16, 3000.0), item(19, 6000.0, 60.0), item(16, 9000.0), item(17, 12_000.0)
    v = on_mission(*ways)
    for seconds, north, by in ((50.0, 1500.0, "mission"), (150.0, 4500.0, "mission"),
                               (230.0, 6000.0, "mission"), (310.0, 7500.0, "mission"),
                               (9999.0, 12_000.0, "hold")):
        assert place(v, seconds) == (pytest.approx(north, rel=1e-3), by)
    # 10 m/s from the north leave 20.
    v = on_mission(*ways, wind_speed=10.0, wind_from=0.0)
    assert place(v, 50.0)[0] == pytest.approx(1000.0, rel=1e-3)


def test_round_its_circle_it_is_at_the_centre():
    v = silent(orbit_latitude_deg=41.0 + 1000.0 / DEGREE, orbit_longitude_deg=28.0,
               orbit_radius=400.0)
    assert place(v, 300.0) == (pytest.approx(1000.0, rel=1e-3), "hold")


@pytest.mark.parametrize("action, seconds, north, by", [
    (1.0, 5.0, 150.0, "course"), (1.0, 400.0, 300.0, "hold"),
    # After 10 s, 300 m on, home at 30 m/s: 6 300 m in 210 s.
    (2.0, 110.0, -2700.0, "return"), (2.0, 999.0, -6000.0, "return"),
    (0.0, 100.0, 3000.0, "course")])
def test_a_px4_does_what_its_parameters_say(action, seconds, north, by):
    v = silent("px4", (("COM_DL_LOSS_T", 10.0), ("NAV_DLL_ACT", action)))
    v.parameters.bytewise = False
    assert place(v, seconds) == (pytest.approx(north, rel=2e-3), by)


def heard_at(speed, v):
    for step in range(101):
        v.take(mavlink.MAVLink_attitude_message(round(step * 100 * speed), *[0.0] * 6),
               1000.0 + step * 0.1)
    return v


@pytest.mark.parametrize("speed", [1.0, 8.0, 0.5])
def test_by_its_own_clock_it_goes_on_where_time_is_faster(speed):
    v = heard_at(speed, silent())
    assert v.time_scale == pytest.approx(speed, rel=0.02)
    expected.step(v, v.heard + 20.0)
    north = (v.number("expected_latitude_deg") - 41.0) * DEGREE
    assert north == pytest.approx(30.0 * 20.0 * speed, rel=0.02)
    v.set("link_state", "up")
    expected.step(v, v.heard + 1.0)
    assert v.number("expected_by") is None
