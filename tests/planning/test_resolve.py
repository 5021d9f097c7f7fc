"""The records that go aboard."""

import math

import numpy as np
import pytest

from longwatch.environment.wind import parse_wind
from longwatch.planning import plan_flight

LOAD = {"payload_kg": 50.0, "fuel_kg": 100.0}


def test_thrace_watch_aboard(thrace_watch, tb2):
    plan = plan_flight(thrace_watch, tb2, wind=parse_wind("12@230"), **LOAD)
    header = plan.header[0]
    assert header.item_count == len(plan.items) == len(plan.names) == len(plan.planned) == 20
    assert (header.cruise_speed, header.payload_mass) == (36.0, 50.0)
    assert header.home_elevation_msl == pytest.approx(500 * 0.3048)
    takeoff, land = plan.items[0], plan.items[-1]
    assert (takeoff.command, takeoff.runway, takeoff.end) == (22, 0, 1)
    assert (land.command, land.runway, land.end) == (21, 0, 1)
    assert takeoff.altitude_msl == pytest.approx(152.4 + 450)
    # 574 ft at threshold 22 falling to 500 ft over 3019.5 m, 300 m along.
    assert land.altitude_msl == pytest.approx((574 - 74 * 300 / 3019.5) * 0.3048, abs=0.05)
    assert math.degrees(plan.runways[0].latitude[0]) == pytest.approx(41.129398, abs=1e-6)
    assert plan.patches[0].length == pytest.approx(3019.5, abs=0.5)
    assert sorted(set(plan.items["command"].tolist())) == [16, 18, 19, 21, 22, 31, 178, 189]
    assert plan.planned[1]["latitude_deg"] == pytest.approx(41.0)


def test_jumps_become_indices_and_speeds_carry_on(write_wpl, tb2, circuit):
    items = [circuit[0], circuit[1], (178, 0, 40, 0, 0, 0, 0), circuit[2], circuit[3],
             (178, 0, -1, 0, 0, 0, 0), (177, 4, 2, 0, 0, 0, 0), (178, 0, -2, 0, 0, 0, 0),
             (112, 30, 0, 0, 0, 0, 0), circuit[4], circuit[5]]
    plan = plan_flight(write_wpl(items), tb2, **LOAD)
    assert plan.items["sequence"].tolist() == list(range(1, 12))
    jump = plan.items[6]
    assert (jump["command"], jump["jump"], jump["repeats"]) == (177, 3, 2)
    assert plan.items["speed"][[2, 5, 7]].tolist() == [40.0, 40.0, 0.0]
    assert plan.items[8].time == 30.0
    others = np.delete(plan.items["jump"], 6)
    assert (others == -1).all()


def test_frames(write_wpl, tb2, circuit):
    home = (10.0, 20.0, 100.0)
    items = [circuit[0], (*circuit[1], 3), (*circuit[2], 0), (*circuit[3], 10), circuit[4],
             circuit[5]]
    plan = plan_flight(write_wpl(items, home=home), tb2, **LOAD)
    above_home, above_sea, above_terrain = plan.items["altitude_msl"][1:4]
    assert (above_home, above_sea) == (500.0, 400.0)
    # 9.92 N 20.08 E lies some 12 km from the strip: 2 of the 10 km over which it falls to the sea.
    assert 400.0 + 70 < above_terrain < 400.0 + 90


def test_return_to_launch_gets_a_landing(write_wpl, tb2, circuit):
    plan = plan_flight(write_wpl([*circuit[:5], (20, 0, 0, 0, 0, 0, 0)]), tb2, **LOAD)
    assert plan.items["command"].tolist()[-2:] == [20, 21]
    assert plan.items[-2].jump == 6
    assert plan.items[-1].sequence == 7
    assert plan.items[-1].runway == plan.items[0].runway == 0


def test_open_radius_gets_one_that_can_be_flown(write_wpl, tb2, circuit):
    items = [*circuit[:3], (18, 2, 0, 0, 10.0, 20.08, 400), *circuit[3:]]
    plan = plan_flight(write_wpl(items), tb2, **LOAD)
    assert 250 <= plan.items[3].radius <= 400
    left = [*circuit[:3], (18, 2, 0, -800, 10.0, 20.08, 400), *circuit[3:]]
    assert plan_flight(write_wpl(left), tb2, **LOAD).items[3].radius == -800


def test_changes_are_in_the_messages(shared_data, tb2):
    plan = plan_flight(shared_data / "missions" / "ap-circuit.txt", tb2, fit=True, **LOAD)
    assert sum(m.startswith("changed by --fit: item") for m in plan.messages) == len(
        plan.judgement.changes)
    assert any("strip assumed along the last leg" in m for m in plan.messages)


# Ways home, to the south-west and to the north-east.
SOUTH = [(189, 0, 0, 0, 0, 0, 0), (16, 0, 0, 0, 9.90, 19.98, 300), (21, 0, 0, 0, 10.002, 20.0, 0)]
NORTH = [(189, 0, 0, 0, 0, 0, 0), (16, 0, 0, 0, 10.30, 20.3, 300), (21, 0, 0, 0, 10.4, 20.4, 0)]


@pytest.mark.parametrize(("ways", "chosen"), [((SOUTH, NORTH), 5), ((NORTH, SOUTH), 8)])
def test_a_return_goes_on_with_the_landing_sequence_that_is_nearest(write_wpl, tb2, circuit, ways,
                                                                    chosen):
    items = [*circuit[:4], (20, 0, 0, 0, 0, 0, 0), *ways[0], *ways[1]]
    plan = plan_flight(write_wpl(items), tb2, force=True, **LOAD)
    # From 9.92 N 20.08 E: 11 km to the southern one's first waypoint, 48 km to the northern one's.
    assert plan.items[4].jump == chosen
    first = plan.items[chosen + 1]
    assert (plan.items[chosen].latitude, plan.items[chosen].longitude) == (first.latitude,
                                                                          first.longitude)


def test_every_landing_has_its_own_runway(write_wpl, tb2, circuit):
    plan = plan_flight(write_wpl([*circuit[:4], (20, 0, 0, 0, 0, 0, 0), *SOUTH, *NORTH]), tb2,
                       force=True, **LOAD)
    south, north = plan.items[7], plan.items[10]
    assert south.runway != north.runway
    for land, at in ((south, (10.002, 20.0)), (north, (10.4, 20.4))):
        assert [math.degrees(land.latitude), math.degrees(land.longitude)] == pytest.approx(
            at, abs=1e-6)
        threshold = plan.runways[land.runway]
        away = math.hypot(*(math.degrees(threshold[key][land.end]) - place
                            for key, place in zip(("latitude", "longitude"), at, strict=True)))
        assert away == pytest.approx(300.0 / 111e3, rel=0.05)


def test_a_marker_keeps_its_own_place(write_wpl, tb2, circuit):
    items = [*circuit[:4], (189, 0, 0, 0, 9.5, 19.5, 100), *circuit[4:]]
    marker = plan_flight(write_wpl(items), tb2, **LOAD).items[4]
    assert [math.degrees(marker.latitude), math.degrees(marker.longitude)] == pytest.approx(
        [9.5, 19.5], abs=1e-7)
