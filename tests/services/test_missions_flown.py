"""Missions uploaded and flown: changed in flight, jumped, waited, ended without a landing."""

import math

import pytest

from longwatch.autopilot.codes import MODE_GUIDED, MODE_HOLD, MODE_MISSION
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, live
from services.plan_client import Client, item, message

pytestmark = pytest.mark.compiled_only
ARM, START = mavlink.MAV_CMD_COMPONENT_ARM_DISARM, mavlink.MAV_CMD_MISSION_START


def north(home, kilometres, altitude=500.0, east=0.0, **more):
    return item(16, math.degrees(home.latitude) + kilometres / 111.2,
                math.degrees(home.longitude) + east / 83.8, altitude, **more)


def take_off(home):
    return item(22, math.degrees(home.latitude), math.degrees(home.longitude), 300.0)


@pytest.fixture
def bench():
    """An aircraft that took off and holds at 300 m."""
    bench = Bench(simulation=live())
    assert bench.command(ARM, 1.0) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.command(mavlink.MAV_CMD_NAV_TAKEOFF, 0, 0, 0, None, None, None,
                         bench.craft.home.altitude_msl + 300.0) == mavlink.MAV_RESULT_ACCEPTED
    bench.fly(200.0)
    assert bench.craft.airborne
    return bench


def fly_mission(bench, entries, seconds=1500.0, until=None):
    client = Client(bench)
    assert client.upload(entries) == mavlink.MAV_MISSION_ACCEPTED, bench.texts
    assert bench.command(START, 0.0, 0.0) == mavlink.MAV_RESULT_ACCEPTED, bench.texts
    bench.fly(seconds, until)
    return client


def reached(bench):
    return [m.seq for m in bench.of("MISSION_ITEM_REACHED")]


def mode(bench):
    return int(bench.craft.state.autopilot.crew.mode)


def test_a_mission_without_take_off_and_landing_is_flown_in_the_air_and_then_held(bench):
    home = bench.craft.home
    entries = [north(home, 6.0), item(178, p1=0.0, p2=45.0, p3=-1.0, z=math.nan, frame=2),
               item(2000, p2=1.0, p3=1.0, frame=2), north(home, 10.0), north(home, 12.0)]
    fly_mission(bench, entries, until=lambda: mode(bench) == MODE_HOLD)
    # Items passed over count as reached when they are passed.
    assert reached(bench) == [0, 1, 2, 3, 4]
    assert mode(bench) == MODE_HOLD
    now = bench.component.provide(42)
    assert (now.seq, now.total, now.mission_state) == (4, 5, mavlink.MISSION_STATE_COMPLETE)
    bench.fly(300.0)
    nav = bench.craft.state.autopilot.estimate
    away = distance_and_bearing(nav.latitude, nav.longitude,
                                math.radians(entries[4]["latitude"]), home.longitude)[0]
    assert away < 3000.0


def test_a_delay_is_waited_out_on_a_circle(bench):
    home = bench.craft.home
    fly_mission(bench, [north(home, 6.0), item(93, p1=240.0, frame=2), north(home, 12.0)],
                until=lambda: 0 in reached(bench))
    began = bench.craft.time
    bench.fly(1200.0, until=lambda: 1 in reached(bench))
    waited = bench.craft.time - began
    # Reaching the circle and leaving it on its tangent take up to a lap, of 150 s, each.
    assert 240.0 <= waited < 240.0 + 300.0


def test_tags_are_jumped_to_as_often_as_asked(bench):
    home = bench.craft.home
    entries = [north(home, 5.0), item(600, p1=3.0, frame=2), north(home, 7.0, east=3.0),
               north(home, 9.0), item(601, p1=3.0, p2=2.0, frame=2), north(home, 12.0)]
    fly_mission(bench, entries, until=lambda: 5 in reached(bench))
    flown = [n for n in reached(bench) if n in (0, 2, 3, 5)]
    assert flown == [0, 2, 3, 2, 3, 2, 3, 5]


def test_another_item_is_flown_on_request(bench):
    home = bench.craft.home
    entries = [north(home, 60.0), north(home, 5.0), north(home, 9.0)]
    fly_mission(bench, entries, 20.0)
    assert bench.component.provide(42).seq == 0
    assert bench.command(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, 1.0) == (
        mavlink.MAV_RESULT_ACCEPTED)
    assert bench.last("MISSION_CURRENT").seq == 1
    bench.fly(900.0, until=lambda: 2 in reached(bench))
    assert reached(bench) == [1, 2]


def test_a_new_mission_takes_the_old_one_s_place_in_flight(bench):
    home = bench.craft.home
    client = fly_mission(bench, [north(home, 60.0), north(home, 80.0)], 60.0)
    assert client.upload([north(home, 4.0, east=-4.0)]) == mavlink.MAV_MISSION_ACCEPTED
    bench.fly(900.0, until=lambda: 0 in reached(bench))
    assert reached(bench) == [0]
    nav = bench.craft.state.autopilot.estimate
    assert nav.longitude < home.longitude


def test_clearing_the_mission_that_is_flown_leaves_it_holding(bench):
    client = fly_mission(bench, [north(bench.craft.home, 60.0)], 60.0)
    assert client.clear() == mavlink.MAV_MISSION_ACCEPTED
    bench.fly(5.0)
    assert mode(bench) != MODE_MISSION and bench.craft.airborne
    assert bench.component.provide(42).mission_state == mavlink.MISSION_STATE_NO_MISSION


def test_heights_above_home_follow_home_in_flight(bench):
    home = bench.craft.home
    fly_mission(bench, [north(home, 60.0, 500.0), north(home, 61.0, 700.0, frame=0)], 400.0)
    nav = bench.craft.state.autopilot.estimate
    assert nav.altitude_msl == pytest.approx(home.altitude_msl + 500.0, abs=10.0)
    bench.simulation.order("home", latitude=home.latitude, longitude=home.longitude,
                           altitude_msl=home.altitude_msl + 200.0)
    bench.fly(300.0)
    assert mode(bench) == MODE_MISSION and reached(bench) == []
    assert nav.altitude_msl == pytest.approx(home.altitude_msl + 700.0, abs=10.0)
    assert Client(bench).download()[0].z == 500.0


def test_an_item_to_be_flown_to_at_once_is_a_guided_flight(bench):
    home = bench.craft.home
    there = north(home, 7.0, 450.0)
    sent = message(there, 0)
    sent.current = 2
    bench.receive(sent)
    assert Client(bench).ack() == mavlink.MAV_MISSION_ACCEPTED
    assert mode(bench) == MODE_GUIDED
    crew = bench.craft.state.autopilot.crew
    assert math.degrees(crew.target_latitude) == pytest.approx(there["latitude"], abs=1e-6)
    assert crew.target_altitude_msl == pytest.approx(home.altitude_msl + 450.0)
    sent.current, sent.z = 3, 650.0
    bench.receive(sent)
    assert crew.target_altitude_msl == pytest.approx(home.altitude_msl + 650.0)
    sent.current, sent.x = 2, 2_000_000_000
    bench.receive(sent)
    assert Client(bench).ack() == mavlink.MAV_MISSION_INVALID_PARAM5_X
    assert Client(bench).download() == []


def test_a_mission_of_700_items_is_flown_at_both_ends(bench):
    home = bench.craft.home
    entries = [north(home, 4.0 + 0.5 * i, 500.0) for i in range(700)]
    client = fly_mission(bench, entries, 300.0, until=lambda: 3 in reached(bench))
    assert reached(bench)[:4] == [0, 1, 2, 3]
    assert client.upload(list(reversed(entries))) == mavlink.MAV_MISSION_ACCEPTED
    assert bench.command(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, 698.0) == (
        mavlink.MAV_RESULT_ACCEPTED)
    bench.clear()
    bench.fly(900.0, until=lambda: 699 in reached(bench))
    assert reached(bench) == [698, 699]


def test_a_mission_from_the_runway_needs_its_take_off():
    bench = Bench(simulation=live())
    home = bench.craft.home
    client = Client(bench)
    land = item(21, math.degrees(home.latitude), math.degrees(home.longitude))
    assert client.upload([take_off(home), north(home, 8.0), north(home, 10.0, east=6.0), land]) == (
        mavlink.MAV_MISSION_ACCEPTED)
    assert bench.command(ARM, 1.0) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.command(START, 0.0, 0.0) == mavlink.MAV_RESULT_ACCEPTED
    bench.fly(2500.0, until=lambda: not bench.craft.state.autopilot.crew.armed)
    assert reached(bench) == [0, 1, 2, 3]
    assert not bench.craft.airborne
    assert bench.component.provide(42).mission_state == mavlink.MISSION_STATE_COMPLETE
