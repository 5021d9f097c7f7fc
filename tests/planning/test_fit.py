"""What --fit changes: little, listed, enough, and nothing the second time."""

import math

import pytest

from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.wind import parse_wind
from longwatch.errors import MissionError
from longwatch.planning import judge, judge_file, plan_flight
from longwatch.planning.performance import Performance

FITTED = ["ap-circuit.txt", "ap-terrain.txt", "autoland_mission.txt", "FW_mission_1.plan"]
LOADS = [(0.0, 100.0), (150.0, 216.0)]
WINDS = ["0@0", "12@0", "12@90", "12@180", "12@270"]


def fit(path, tb2, wind="0@0", load=LOADS[0]):
    return judge_file(path, tb2, payload_kg=load[0], fuel_kg=load[1], wind=parse_wind(wind),
                      fit=True)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize("load", LOADS, ids=["light", "heavy"])
@pytest.mark.parametrize("wind", WINDS)
def test_real_missions_become_flyable_and_stay_as_they_are(shared_data, tb2, name, load, wind):
    path = shared_data / "missions" / name
    unfitted = judge_file(path, tb2, payload_kg=load[0], fuel_kg=load[1], wind=parse_wind(wind))
    assert not unfitted.flyable
    fitted = fit(path, tb2, wind, load)
    assert fitted.flyable, [f.text for f in fitted.errors]
    assert fitted.changes
    again = judge(fitted.mission, tb2, payload_kg=load[0], fuel_kg=load[1],
                  wind=parse_wind(wind), fit=True)
    assert again.flyable
    assert again.changes == ()
    assert again.mission == fitted.mission


def test_what_fits_is_left_alone(thrace_watch, tb2, write_wpl, circuit):
    assert fit(thrace_watch, tb2).changes == ()
    assert fit(write_wpl(circuit), tb2).changes == ()


def test_vertical_take_off_is_refused_fitted_or_not(shared_data, tb2):
    path = shared_data / "missions" / "Dalby-OBC2016.txt"
    for options in ({}, {"fit": True}, {"force": True}, {"fit": True, "force": True}):
        with pytest.raises(MissionError, match=r"item 34, MAV_CMD_NAV_VTOL_LAND \(85\)"):
            plan_flight(path, tb2, fuel_kg=100, **options)


def test_every_difference_is_listed(shared_data, tb2):
    for name in FITTED:
        path = shared_data / "missions" / name
        before = judge_file(path, tb2, fuel_kg=100).mission
        after = fit(path, tb2)
        changed = {item.sequence for old, item in zip(before.items, after.mission.items,
                                                      strict=False) if old != item}
        changed |= {item.sequence for item in after.mission.items[len(before.items):]}
        assert changed == {c.item for c in after.changes if c.item is not None}


def test_approach_waypoints_slide_back_along_the_approach(shared_data, tb2):
    path = shared_data / "missions" / "ap-circuit.txt"
    before = judge_file(path, tb2, fuel_kg=100)
    after = fit(path, tb2)
    strip, end = after.strips.landing_strip, after.strips.landing_end
    length = float(tb2.datasheet[0].procedures.final_length)
    gate = 584.09 + length * math.tan(tb2.datasheet[0].procedures.glide_path)
    places = [strip.approach_place(end, *after.points[i].place) for i in (5, 4)]
    assert places[0][0] == pytest.approx(length, abs=1.0), "the last one only to the gate"
    assert places[1][0] > places[0][0], "in their order"
    for i, (_, right) in zip((5, 4), places, strict=True):
        was = strip.approach_place(end, *before.points[i].place)[1]
        assert right == pytest.approx(was, abs=1.0), "no sideways change"
        assert after.points[i].altitude_msl == pytest.approx(gate, abs=0.5)


def test_loiter_before_landing_leads_onto_the_final_by_its_tangent(shared_data, tb2):
    after = fit(shared_data / "missions" / "FW_mission_1.plan", tb2)
    strip, end = after.strips.landing_strip, after.strips.landing_end
    before, right = strip.approach_place(end, *after.points[3].place)
    radius = after.radii[3]
    assert radius > 0, "clockwise, as drawn"
    assert before == pytest.approx(float(tb2.datasheet[0].procedures.final_length), abs=1.0)
    assert right == pytest.approx(radius, abs=0.1), "its centre lies right of the centreline"
    land = after.points[4].place
    assert distance_and_bearing(*strip.aiming_point(end), *land)[0] < 0.01
    moved = {c.item: c for c in after.changes if c.what == "position"}
    assert moved[4].amount == pytest.approx(3810, abs=20)


def test_no_landing_means_back_to_the_strip_it_left(shared_data, tb2):
    after = fit(shared_data / "missions" / "autoland_mission.txt", tb2)
    land = after.mission.items[-1]
    assert (land.command, land.sequence) == (21, 3)
    assert len(after.strips.runways) == 1
    strip, end = after.strips.landing_strip, after.strips.landing_end
    home = math.radians(-35.363262), math.radians(149.165238)
    threshold = strip.latitude[end], strip.longitude[end]
    assert distance_and_bearing(*home, *threshold)[0] < 0.01
    assert distance_and_bearing(*threshold, land.latitude, land.longitude)[0] == pytest.approx(
        300.0, abs=0.01)
    assert any("appended" in c.text for c in after.changes)


def test_slow_speeds_are_raised_to_the_least_safe_one(shared_data, tb2):
    after = fit(shared_data / "missions" / "ap-terrain.txt", tb2)
    sheet = tb2.datasheet[0]
    mass = float(sheet.mass.empty_mass) + 100
    area, CL_max = sheet.geometry.wing_area, sheet.aerodynamics.CL_max
    stall = math.sqrt(2 * mass * 9.80665 / (1.225 * area * CL_max))
    least = sheet.procedures.cruise_factor * stall / math.sqrt(math.cos(sheet.limits.bank_maximum))
    assert least <= after.mission.items[3].p2 < least + 0.1


def test_a_short_leg_is_pushed_by_its_shortfall(write_wpl, tb2, circuit):
    short = [*circuit[:3], (16, 0, 0, 0, 10.0615, 20.08, 400), *circuit[3:]]
    path = write_wpl(short)
    judged = judge_file(path, tb2, fuel_kg=100)
    numbers = {n.sequence: n for n in judged.numbers}
    missing = numbers[4].leg_needed - numbers[4].leg
    after = fit(path, tb2)
    assert [c.item for c in after.changes] == [4]
    assert after.changes[0].amount == pytest.approx(missing, abs=5.0)


def test_altitude_above_the_ceiling_comes_down_to_it(write_wpl, tb2, circuit):
    high = [*circuit[:2], (31, 0, 1000, 0, 10.0, 20.2, 7000), *circuit[3:]]
    after = fit(write_wpl(high), tb2, load=LOADS[1])
    assert after.flyable
    assert [c.what for c in after.changes] == ["altitude"]
    numbers = after.numbers[2]
    assert 4500 < numbers.altitude_msl <= numbers.ceiling + 0.5
    # At its cruise speed it still climbs there at 100 ft/min, and 50 m higher it does not, at
    # the mass with which it sets out for it.
    performance = Performance(tb2.datasheet[0])
    mass = 700.0 - sum(before.fuel for before in after.numbers[:2])
    assert performance.climb_rate(mass, 36.0, numbers.altitude_msl) > 0.49
    assert performance.climb_rate(mass, 36.0, numbers.altitude_msl + 50) < 0.52


# The ceiling lies so many metres above home.
@pytest.mark.parametrize("above", [20.0, 200.0, 900.0])
def test_no_altitude_is_lowered_to_the_ground_at_home(write_wpl, tb2, circuit, above):
    load = {"payload_kg": 150.0, "fuel_kg": 100.0}
    performance = Performance(tb2.datasheet[0])
    items = [(*item[:6], 2000.0) if item[0] == 16 else item for item in circuit]
    home = performance.ceiling(float(tb2.datasheet[0].mass.empty_mass) + 250.0) - above
    judged = judge_file(write_wpl(items, home=(10.0, 20.0, home)), tb2, **load)
    assert judged.errors
    lowered = [f.fix.item.altitude for f in judged.errors
               if f.fix is not None and f.fix.item is not None and f.fix.item.command == 16]
    assert all(height > 60.0 for height in lowered)
    assert bool(lowered) == (above > 500.0)
