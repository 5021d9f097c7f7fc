"""Missions up and down, against MAVLink's mission protocol page."""

import base64
import json
import math

import numpy as np
import pytest

from longwatch.autopilot.plan import PlanItem
from longwatch.errors import SetupError
from longwatch.mavlink.dialect import mavlink
from longwatch.services.commands import Commands
from longwatch.services.mission_progress import MissionProgress
from longwatch.services.plans import Plans
from services.harness import OTHER, STATION, Bench, live
from services.plan_client import ASKED, Client, Noted, item, message

PARTS = (Commands, Plans, MissionProgress)
HOME = 41.1297, 27.9058
TAKE_OFF, LAND = item(22, *HOME, 300.0), item(21, *HOME, 0.0)


def around(count, altitude=900.0):
    return [item(16, HOME[0] + 0.08 * math.cos(0.3 * i), HOME[1] + 0.1 * math.sin(0.3 * i),
                 altitude) for i in range(count)]


MISSION = [TAKE_OFF, *around(3), LAND]


@pytest.fixture(scope="module")
def parked():
    return live()


@pytest.fixture
def bench(parked):
    return Bench(services=PARTS, simulation=Noted(parked))


@pytest.fixture
def client(bench):
    return Client(bench)


def aboard(bench):
    """The items of the last plan order."""
    name, _, arguments = bench.simulation.orders[-1]
    assert name == "plan"
    return np.frombuffer(base64.b64decode(arguments["items"]), PlanItem.dtype)


def settle(bench):
    bench.poll()


def same(sent, back, number, kind=0):
    """An item read back equals what was sent, field by field (`current` is the vehicle's)."""
    was = message(sent, number, kind)
    for name in ("seq", "frame", "command", "autocontinue", "param1", "param2", "param3",
                 "param4", "x", "y", "z", "mission_type"):
        ours, theirs = getattr(back, name), getattr(was, name)
        if isinstance(theirs, float):
            theirs = float(np.float32(theirs))
        assert ours == theirs or (math.isnan(ours) and math.isnan(theirs)), name


def test_a_mission_goes_aboard_and_reads_back_the_same(bench, client):
    assert client.upload(MISSION) == mavlink.MAV_MISSION_ACCEPTED
    items = aboard(bench)
    assert list(items["command"]) == [22, 16, 16, 16, 21]
    assert items["altitude_msl"][1] == pytest.approx(900.0 + bench.craft.home.altitude_msl)
    for number, back in enumerate(client.download()):
        same(MISSION[number], back, number)


def test_nan_and_open_places_read_back_as_they_were_sent(bench, client):
    odd = [TAKE_OFF, *around(1), item(19, None, None, 900.0, p1=60.0, p3=math.nan),
           item(178, p1=1.0, p2=45.0, p3=-1.0, z=math.nan, frame=2), LAND]
    assert client.upload(odd) == mavlink.MAV_MISSION_ACCEPTED
    for number, back in enumerate(client.download()):
        same(odd[number], back, number)


def test_the_older_items_do_as_well(bench, client):
    assert client.upload(MISSION, old=True) == mavlink.MAV_MISSION_ACCEPTED
    back = client.download(old=True)
    assert [b.get_type() for b in back] == ["MISSION_ITEM"] * 5
    # 32 bits of float leave half a metre to a metre and a half of a degree.
    assert back[1].x == pytest.approx(MISSION[1]["latitude"], abs=3e-6)
    assert back[1].y == pytest.approx(MISSION[1]["longitude"], abs=3e-6)


def test_an_unanswered_request_is_repeated_after_the_greater_of_50_ms_and_three_round_trips(
        bench, client):
    client.count(3)
    bench.wall += 0.1
    client.send(TAKE_OFF, 0)
    bench.clear()
    bench.poll(0.28)
    assert bench.of(*ASKED) == []
    bench.poll(0.04)
    assert [m.seq for m in bench.of(*ASKED)] == [1]
    # A round trip of 10 ms: from now on 50 ms.
    client.send(MISSION[1], 1)
    bench.wall += 0.01
    client.send(MISSION[2], 2)
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED
    client.count(2)
    bench.wall += 0.001
    client.send(TAKE_OFF, 0)
    bench.clear()
    bench.poll(0.2)
    assert len(bench.of(*ASKED)) in (3, 4)


def asked(bench):
    """Kind and number of each request for an item."""
    return [(m.get_type(), m.seq) for m in bench.of(*ASKED)]


def test_a_client_that_knows_the_older_request_alone_is_asked_by_it(bench, client):
    """The second request is of the other kind, and the kind that was answered is kept."""
    client.count(len(MISSION))
    bench.poll(0.26)
    assert asked(bench) == [("MISSION_REQUEST_INT", 0), ("MISSION_REQUEST", 0)]
    for number, entry in enumerate(MISSION):
        bench.clear()
        client.send(entry, number, old=True)
        assert asked(bench) == [("MISSION_REQUEST", number + 1)][:len(MISSION) - 1 - number]
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED


def test_whoever_answers_the_newer_request_is_never_asked_by_the_older_one(bench, client):
    """Whose answer may hold a place to a metre only: a lossy link must not move a plan."""
    client.count(len(MISSION))
    client.send(MISSION[0], 0)
    bench.poll(3.0)
    client.send(MISSION[1], 1)
    bench.poll(3.0)
    assert {kind for kind, _ in asked(bench)} == {"MISSION_REQUEST_INT"}


def test_a_client_of_ardupilots_is_asked_by_the_older_request_first():
    bench = Bench("ardupilot", simulation=Noted(live()))
    client = Client(bench)
    client.count(2)
    assert asked(bench) == [("MISSION_REQUEST", 0)]
    bench.poll(0.26)
    assert asked(bench)[1:] == [("MISSION_REQUEST_INT", 0)]


def test_a_client_that_knows_no_older_request_is_not_asked_by_it_again(bench, client):
    client.count(2)
    bench.poll(0.26)
    assert asked(bench)[-1] == ("MISSION_REQUEST", 0)
    unsupported = mavlink.MAVLink_mission_ack_message(1, 1, mavlink.MAV_MISSION_UNSUPPORTED, 0)
    bench.clear()
    # A link that doubles packets brings the answer twice, and once more after another retry.
    bench.receive(unsupported)
    bench.receive(unsupported)
    assert asked(bench) == [("MISSION_REQUEST_INT", 0)]
    bench.poll(2.0)
    bench.receive(unsupported)
    assert {kind for kind, _ in asked(bench)} == {"MISSION_REQUEST_INT"}
    client.send(TAKE_OFF, 0)
    assert asked(bench)[-1] == ("MISSION_REQUEST_INT", 1)


def test_item_0_of_no_mission_is_home_under_ardupilot():
    """DroneKit asks for it whatever the count says, and waits for ever without it."""
    bench = Bench("ardupilot")
    bench.receive(mavlink.MAVLink_mission_request_list_message(1, 1, 0))
    assert bench.last("MISSION_COUNT").count == 0
    bench.receive(mavlink.MAVLink_mission_request_message(1, 1, 0, 0))
    told = bench.last("MISSION_ITEM")
    bench.command(mavlink.MAV_CMD_GET_HOME_POSITION)
    home = bench.last("HOME_POSITION")
    assert (told.seq, told.command, told.frame) == (0, 16, 0)
    assert told.x == pytest.approx(home.latitude * 1e-7, abs=3e-6)
    assert told.y == pytest.approx(home.longitude * 1e-7, abs=3e-6)
    assert told.z == pytest.approx(home.altitude * 1e-3, abs=1e-3)
    bench.receive(mavlink.MAVLink_mission_request_int_message(1, 1, 1, 0))
    assert bench.last("MISSION_ACK").type == mavlink.MAV_MISSION_INVALID_SEQUENCE
    px4 = Bench("px4", simulation=bench.simulation)
    px4.receive(mavlink.MAVLink_mission_request_int_message(1, 1, 0, 0))
    assert px4.last("MISSION_ACK").type == mavlink.MAV_MISSION_INVALID_SEQUENCE


def test_a_broken_upload_leaves_the_old_plan_and_says_so(bench, client):
    client.upload(MISSION)
    orders = len(bench.simulation.orders)
    client.count(9)
    client.send(TAKE_OFF, 0)
    bench.clear()
    bench.poll(11.0)
    assert client.ack() == mavlink.MAV_MISSION_OPERATION_CANCELLED
    assert any("upload given up, the old one stays: item 2 did not come" in text
               for text in bench.texts)
    assert len(bench.simulation.orders) == orders
    assert len(client.download()) == 5
    # And nobody is asked for anything any more.
    bench.clear()
    bench.poll(1.0)
    assert bench.of(*ASKED) == []


def test_a_client_cancels(bench, client):
    client.upload(MISSION)
    client.count(9)
    bench.receive(mavlink.MAVLink_mission_ack_message(
        1, 1, mavlink.MAV_MISSION_OPERATION_CANCELLED, 0))
    bench.clear()
    bench.poll(1.0)
    assert bench.of(*ASKED) == []
    assert len(client.download()) == 5


def test_packets_that_come_twice_are_answered_without_multiplying(bench, client):
    client.count(3)
    client.count(3)
    assert [m.seq for m in bench.of("MISSION_REQUEST_INT")] == [0, 0]
    bench.clear()
    for number in (0, 0, 1, 1, 0):
        client.send(MISSION[number], number)
    assert [m.seq for m in bench.of("MISSION_REQUEST_INT")] == [1, 2]
    client.send(MISSION[2], 2)
    client.send(MISSION[2], 2)
    assert [m.type for m in bench.of("MISSION_ACK")] == [0, 0]
    assert len([o for o in bench.simulation.orders if o[0] == "plan"]) == 1


def test_an_item_out_of_turn_is_dropped_and_one_out_of_the_blue_refused(bench, client):
    client.count(3)
    client.send(MISSION[2], 2)
    assert client.ack() is None
    bench.poll(0.3)
    assert bench.of("MISSION_REQUEST_INT")[-1].seq == 0
    client.count(0)
    bench.clear()
    client.send(MISSION[0], 0)
    assert client.ack() == mavlink.MAV_MISSION_INVALID_SEQUENCE


def test_another_station_is_refused_while_one_uploads(bench, client):
    client.count(3)
    other = Client(bench, OTHER)
    for act in (lambda: other.count(2), lambda: other.count(0), other.clear,
                lambda: other.send(TAKE_OFF, 0)):
        bench.clear()
        act()
        assert other.ack() == mavlink.MAV_MISSION_DENIED
        assert "system 255 is uploading" in bench.texts[-1]
    assert other.download() == []
    for number in range(3):
        client.send(MISSION[number], number)
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED
    assert other.upload(MISSION) == mavlink.MAV_MISSION_ACCEPTED


def test_a_link_that_vanishes_frees_the_way(bench, client):
    client.count(3)
    bench.component.forget(STATION.link)
    assert Client(bench, OTHER).upload(MISSION) == mavlink.MAV_MISSION_ACCEPTED


@pytest.mark.parametrize(("bad", "result", "told"), [
    (item(84, *HOME, 50.0), "UNSUPPORTED", "along a runway"),
    (item(93, p1=-1.0, p2=12.0), "INVALID_PARAM1", "NAV_DELAY (93): a time of -1 s"),
    (item(183), "UNSUPPORTED", "DO_SET_SERVO (183): is not supported"),
    (item(54321), "UNSUPPORTED", "unknown command 54321"),
    (item(16, *HOME, 500.0, frame=1), "UNSUPPORTED_FRAME", "frame 1 is not"),
    (item(16, 41.0, 27.0, 500.0, frame=2), "UNSUPPORTED_FRAME", "frame 2 is not"),
    (item(19, *HOME, 500.0, p1=-1.0), "INVALID_PARAM1", "-1 s"),
    (item(19, *HOME, 500.0, p1=math.nan), "INVALID_PARAM1", "a time of (none) s"),
    (item(16, *HOME, 500.0, p2=math.inf), "INVALID_PARAM2", "parameter 2 is infinite"),
    (item(31, *HOME, 500.0, p2=1e7), "INVALID_PARAM2", "radius of 1e+07 m"),
    (item(17, *HOME, 500.0, p3=-1e7), "INVALID_PARAM3", "radius of -1e+07 m"),
    (item(16, *HOME, 500.0, p4=-math.inf), "INVALID_PARAM4", "parameter 4 is infinite"),
    (item(16, 91.0, 27.0, 500.0), "INVALID_PARAM5_X", "at 91 deg"),
    (item(16, 0.0, 0.0, 500.0), "INVALID_PARAM5_X", "has no position"),
    (item(16, None, 27.0, 500.0), "INVALID_PARAM5_X", "half a position"),
    (item(16, 41.0, 180.1, 500.0), "INVALID_PARAM6_Y", "at 180.1 deg"),
    (item(16, *HOME, math.nan), "INVALID_PARAM7", "has no altitude"),
    (item(16, *HOME, 2e5), "INVALID_PARAM7", "200000 m"),
    (item(177, p1=9.0, p2=1.0, frame=2), "INVALID_PARAM1", "jumps to item 10"),
    (item(177, p1=0.0, p2=0.5, frame=2), "INVALID_PARAM2", "count of 0.5"),
    (item(601, p1=9.0, p2=1.0, frame=2), "INVALID_PARAM1", "jumps to tag 9"),
    (item(178, p1=7.0, p2=40.0, frame=2), "INVALID_PARAM1", "speed type 7"),
    (item(178, p1=0.0, p2=500.0, frame=2), "INVALID_PARAM2", "500 m/s"),
])
def test_a_bad_item_is_refused_by_number_with_the_right_result(bench, client, bad, result, told):
    client.upload(MISSION)
    orders = len(bench.simulation.orders)
    entries = [TAKE_OFF, *around(2), bad, LAND]
    assert client.upload(entries) == getattr(mavlink, f"MAV_MISSION_{result}")
    assert bench.texts[-1].startswith("item 4, ") and told in bench.texts[-1]
    assert len(bench.simulation.orders) == orders
    assert len(client.download()) == 5


def test_a_second_tag_of_a_number_and_a_jump_too_many_are_refused(bench, client):
    tag, jump = item(600, p1=4.0, frame=2), item(177, p1=1.0, p2=1.0, frame=2)
    assert client.upload([TAKE_OFF, tag, *around(2), tag, LAND]) == (
        mavlink.MAV_MISSION_INVALID_PARAM1)
    assert bench.texts[-1].startswith("item 5, MAV_CMD_JUMP_TAG (600): ")
    assert client.upload([TAKE_OFF, *around(2), *[jump] * 17, LAND]) == (
        mavlink.MAV_MISSION_NO_SPACE)
    assert "item 20, MAV_CMD_DO_JUMP (177): is jump number 17" in bench.texts[-1]


@pytest.mark.parametrize("idle", [
    [item(177, p1=3.0, p2=-1.0, frame=2)],
    [item(178, p2=45.0, p3=-1.0, frame=2), item(177, p1=3.0, p2=200.0, frame=2)],
    [item(206, p1=50.0, frame=2), item(201, *HOME, 10.0), item(177, p1=3.0, p2=2.0, frame=2)],
    [item(600, p1=5.0, frame=2), item(112, p1=9.0, frame=2), item(601, p1=5.0, p2=3.0, frame=2)],
    [item(177, p1=4.0, p2=1.0, frame=2), item(177, p1=3.0, p2=1.0, frame=2)]])
def test_a_jump_that_leads_round_with_nothing_flown_is_refused(bench, client, idle):
    client.upload(MISSION)
    assert client.upload([TAKE_OFF, *around(2), *idle, *around(1), LAND]) == (
        mavlink.MAV_MISSION_INVALID_PARAM1)
    assert bench.texts[-1].startswith("item 4, ") and "nothing between that is flown" in (
        bench.texts[-1])
    assert len(client.download()) == 5


def test_a_mission_in_which_nothing_is_flown_is_refused(bench, client):
    assert client.upload([item(178, p2=45.0, frame=2)]) == mavlink.MAV_MISSION_INVALID
    assert "nothing in the mission is flown" in bench.texts[-1]


def test_what_an_item_asks_for_and_does_not_get_is_told_as_a_file_is(bench, client):
    """The words of longwatch check, whatever way the mission comes."""
    entries = [TAKE_OFF, *around(3), LAND]
    entries[1] = {**entries[1], "p2": 80.0}
    entries[3] = {**entries[3], "p2": 90.0}
    assert client.upload(entries) == mavlink.MAV_MISSION_ACCEPTED
    settle(bench)
    assert any("items 2, 4: MAV_CMD_NAV_WAYPOINT (16), parameter 2 is passed over: acceptance "
               "radius" in text for text in bench.texts)
    entries[1] = {**entries[1], "p3": 200.0}
    assert client.upload(entries) == mavlink.MAV_MISSION_INVALID_PARAM3
    assert "radius to pass by at" in bench.texts[-1]


def test_a_landing_that_contradicts_the_runway_is_told_by_number(bench, client):
    assert client.upload([TAKE_OFF, *around(3), item(21, *HOME, 0.0, frame=0)]) == 0
    settle(bench)
    assert any("below the runway LTBU 04/22" in text for text in bench.texts)


def test_a_region_to_look_at_by_its_older_number_is_passed_over_too(bench, client):
    assert client.upload([TAKE_OFF, *around(2), item(80, *HOME, 10.0), LAND]) == 0
    assert [int(c) for c in aboard(bench)["command"]] == [22, 16, 16, 201, 21]
    assert client.download()[3].command == 80


def test_a_list_too_long_is_refused_before_it_is_sent(bench, client):
    client.count(65535)
    assert client.ack() == mavlink.MAV_MISSION_NO_SPACE
    assert "65535 items; at most 5000" in bench.texts[-1]


def test_an_autopilot_that_refuses_leaves_the_store_as_it_was(bench, client):
    client.upload(MISSION)
    bench.simulation.refusal = "not now, because"
    assert client.upload(MISSION[:2]) == mavlink.MAV_MISSION_DENIED
    assert bench.texts[-1] == "not now, because"
    assert len(client.download()) == 5


def test_a_fault_within_is_answered_and_counted(bench, client, monkeypatch):
    def broken(*_):
        raise RuntimeError("a fault of ours")

    client.upload(MISSION)
    monkeypatch.setattr("longwatch.services.plan_lists.laid", broken)
    assert client.upload(MISSION[:2]) == mavlink.MAV_MISSION_ERROR
    assert bench.component.faults == 1
    assert len(client.download()) == 5


def test_items_that_do_not_move_it_are_kept_and_passed_over_and_it_says_so(bench, client):
    extra = [item(205, p1=-90.0, z=2.0, frame=2), item(530, p2=2.0, frame=2),
             item(2000, p2=1.0, p3=1.0, frame=2), item(1000, p1=math.nan, frame=2),
             item(195, *HOME, 10.0), item(201, *HOME, 10.0), item(112, p1=5.0, frame=2)]
    entries = [TAKE_OFF, *around(2), *extra, *around(1), LAND]
    assert client.upload(entries) == mavlink.MAV_MISSION_ACCEPTED
    assert "passed over in flight: items 4, 5, 6, 7, 8, 9" in bench.texts[-1]
    assert list(aboard(bench)["sequence"]) == list(range(1, len(entries) + 1))
    back = client.download()
    for number, entry in enumerate(entries):
        same(entry, back[number], number)


def test_a_tag_is_jumped_to(bench, client):
    entries = [TAKE_OFF, item(600, p1=7.0, frame=2), *around(3),
               item(601, p1=7.0, p2=2.0, frame=2), LAND]
    assert client.upload(entries) == mavlink.MAV_MISSION_ACCEPTED
    jump = aboard(bench)[5]
    assert (jump["command"], jump["jump"], jump["repeats"]) == (177, 1, 2)
    assert bench.command(mavlink.MAV_CMD_DO_JUMP_TAG, 7.0) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.simulation.orders[-1][::2] == ("mission_current", {"index": 1})
    assert bench.command(mavlink.MAV_CMD_DO_JUMP_TAG, 8.0) == mavlink.MAV_RESULT_DENIED


def test_frames_count_from_sea_level_home_and_ground(bench, client):
    place = HOME[0] + 0.02, HOME[1]
    entries = [TAKE_OFF, *(item(16, *place, 700.0, frame=f) for f in (0, 5, 3, 6, 10, 11))]
    assert client.upload(entries) == mavlink.MAV_MISSION_ACCEPTED
    home = bench.craft.home.altitude_msl
    heights = aboard(bench)["altitude_msl"][1:]
    assert heights[:4] == pytest.approx([700.0, 700.0, 700.0 + home, 700.0 + home])
    # Without terrain the assumed ground, level with the runway at home.
    assert heights[4:] == pytest.approx([700.0 + home] * 2, abs=30.0)


def test_a_short_hold_passes_over_the_place_and_a_long_one_circles(bench, client):
    entries = [TAKE_OFF, *around(3), LAND]
    entries[1] = {**entries[1], "p1": 0.5}
    entries[2] = {**entries[2], "p1": 120.0}
    client.upload(entries)
    items = aboard(bench)
    assert list(items["command"][1:4]) == [16, 19, 16]
    assert list(items["fly_over"][1:4]) == [True, False, False]
    assert items["time"][2] == 120.0


def test_a_delay_circles_around_the_place_before_it(bench, client):
    """A wing cannot stand still; MAVSDK asks for its waiting times so."""
    client.upload([TAKE_OFF, *around(2), item(93, p1=60.0, p2=-1.0), LAND])
    delay, before = aboard(bench)[3], aboard(bench)[2]
    assert (delay["command"], delay["time"]) == (19, 60.0)
    for name in ("latitude", "longitude", "altitude_msl"):
        assert delay[name] == before[name]
    assert client.download()[3].command == 93


def test_what_the_judge_has_against_it_is_told_and_objects_to_arming(bench, client):
    high = [TAKE_OFF, *around(3, 30000.0), LAND]
    assert client.upload(high) == mavlink.MAV_MISSION_ACCEPTED
    settle(bench)
    assert any(t.startswith("item 2: ") and "above the ceiling" in t for t in bench.texts)
    plans = bench.component.find(Plans)
    assert any("above the ceiling" in text for text in plans.objections())
    client.clear()
    assert plans.objections() == ()


def test_an_open_end_is_told_but_no_objection(bench, client):
    client.upload([TAKE_OFF, *around(3)])
    settle(bench)
    assert any("there is no landing" in text and "--" not in text for text in bench.texts)
    assert bench.component.find(Plans).objections() == ()


def test_clearing_one_and_all(bench, client):
    client.upload(MISSION)
    client.upload([item(5100, *HOME, 500.0)], kind=2)
    assert client.clear(kind=2) == mavlink.MAV_MISSION_ACCEPTED
    assert len(client.download()) == 5 and client.download(kind=2) == []
    assert client.clear(kind=255) == mavlink.MAV_MISSION_ACCEPTED
    assert client.download() == []
    assert bench.simulation.orders[-1][2]["items"] == ""
    # What is empty already is not ordered once more.
    orders = len(bench.simulation.orders)
    assert client.clear() == client.clear(kind=255) == mavlink.MAV_MISSION_ACCEPTED
    assert len(bench.simulation.orders) == orders
    bench.clear()
    client.clear(kind=9)
    assert client.ack() == mavlink.MAV_MISSION_UNSUPPORTED


def test_a_request_beyond_the_end_is_refused(bench, client):
    bench.receive(mavlink.MAVLink_mission_request_int_message(1, 1, 3, 0))
    assert client.ack() == mavlink.MAV_MISSION_INVALID_SEQUENCE


def test_part_of_a_list_is_written_into_the_old_one(bench, client):
    client.upload(MISSION)
    bench.clear()
    bench.receive(mavlink.MAVLink_mission_write_partial_list_message(1, 1, 2, 3, 0))
    moved = [{**MISSION[n], "z": 1234.0} for n in (2, 3)]
    for number in (2, 3):
        assert bench.of("MISSION_REQUEST_INT")[-1].seq == number
        client.send(moved[number - 2], number)
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED
    assert [m.z for m in client.download()] == [300.0, 900.0, 1234.0, 1234.0, 0.0]
    bench.receive(mavlink.MAVLink_mission_write_partial_list_message(1, 1, 4, 5, 0))
    assert client.ack() == mavlink.MAV_MISSION_INVALID_SEQUENCE
    bench.receive(mavlink.MAVLink_mission_request_partial_list_message(1, 1, 0, 2, 0))
    assert client.ack() == mavlink.MAV_MISSION_UNSUPPORTED


def test_mission_current_tells_total_state_and_ids(bench, client):
    bench.receive(mavlink.MAVLink_mission_clear_all_message(1, 1, 0))
    empty = bench.component.provide(mavlink.MAVLINK_MSG_ID_MISSION_CURRENT)
    assert (empty.total, empty.mission_state) == (0xFFFF, mavlink.MISSION_STATE_NO_MISSION)
    client.upload(MISSION)
    ack, now = bench.last("MISSION_ACK"), bench.component.provide(42)
    assert (now.seq, now.total, now.mission_state) == (0, 5, mavlink.MISSION_STATE_NOT_STARTED)
    client.download()
    assert ack.opaque_id == now.mission_id == bench.last("MISSION_COUNT").opaque_id != 0
    client.upload(MISSION[1:])
    assert bench.component.provide(42).mission_id not in (0, now.mission_id)


def test_the_counts_of_jumps_are_set_back_with_another_item_and_without(bench, client):
    """common.xml, MAV_CMD_DO_SET_MISSION_CURRENT: -1 is the current item, parameter 2 resets."""
    client.upload(MISSION)
    number = mavlink.MAV_CMD_DO_SET_MISSION_CURRENT
    bench.simulation.orders.clear()
    for given, order in (((2.0, 1.0), {"index": 2, "reset": True}), ((-1.0, 1.0), {"reset": True}),
                         ((-1.0, 0.0), {}), ((-1.0, None), {}), ((0.0, 0.0), {"index": 0})):
        assert bench.command(number, *given) == mavlink.MAV_RESULT_ACCEPTED
        assert bench.simulation.orders[-1][::2] == ("mission_current", order)
    assert bench.command(number, 1.0, 2.0) == mavlink.MAV_RESULT_DENIED
    bench.receive(mavlink.MAVLink_mission_clear_all_message(1, 1, 0))
    for absent in (-1.0, 0.0):
        assert bench.command(number, absent) == mavlink.MAV_RESULT_FAILED


def test_another_item_becomes_the_current_one_by_message_and_by_command(bench, client):
    client.upload(MISSION)
    bench.receive(mavlink.MAVLink_mission_set_current_message(1, 1, 3))
    assert bench.simulation.orders[-1][::2] == ("mission_current", {"index": 3})
    assert bench.last("MISSION_CURRENT").total == 5
    assert bench.command(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, 2.0) == (
        mavlink.MAV_RESULT_ACCEPTED)
    assert bench.simulation.orders[-1][::2] == ("mission_current", {"index": 2})
    assert bench.command(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, 5.0) == mavlink.MAV_RESULT_FAILED
    assert "item 6 does not exist: there are 5" in bench.texts[-1]
    for bad in (None, -3.0, 1.5):
        assert bench.command(mavlink.MAV_CMD_DO_SET_MISSION_CURRENT, bad) == (
            mavlink.MAV_RESULT_DENIED)


def test_under_ardupilot_item_0_is_home(parked):
    bench = Bench("ardupilot", services=PARTS, simulation=Noted(parked))
    client = Client(bench)
    jump = item(177, p1=2.0, p2=1.0, frame=2)
    home = item(16, 10.0, 10.0, 5.0, frame=0)
    assert client.upload([home, *MISSION[:4], jump, LAND]) == mavlink.MAV_MISSION_ACCEPTED
    items = aboard(bench)
    assert list(items["command"]) == [22, 16, 16, 16, 177, 21]
    assert items["jump"][4] == 1
    back = client.download()
    assert len(back) == 7
    # Home is where it is, whatever was uploaded.
    assert back[0].x == pytest.approx(math.degrees(bench.craft.home.latitude) * 1e7, abs=1)
    assert back[0].z == pytest.approx(bench.craft.home.altitude_msl)
    same(jump, back[5], 5)
    assert bench.component.provide(42).total == 6
    bench.receive(mavlink.MAVLink_mission_set_current_message(1, 1, 6))
    assert bench.simulation.orders[-1][2] == {"index": 5}
    # A client that does not know of it is told what became of its first item.
    assert client.upload(MISSION) == mavlink.MAV_MISSION_ACCEPTED
    assert "item 0, MAV_CMD_NAV_TAKEOFF (22), is left aside" in bench.texts[-1]


def test_kept_over_a_restart(parked, tmp_path):
    def start():
        bench = Bench(services=PARTS, simulation=Noted(parked), keep=tmp_path)
        return bench, Client(bench)

    bench, client = start()
    assert client.upload(MISSION) == mavlink.MAV_MISSION_ACCEPTED
    client.upload([item(5100, *HOME, 500.0)], kind=2)
    before = client.download()
    bench, client = start()
    assert [m.to_dict() for m in client.download()] == [m.to_dict() for m in before]
    assert [o[0] for o in bench.simulation.orders] == ["rally", "plan"]
    assert list(aboard_of(bench.simulation.orders, "plan")["command"]) == [22, 16, 16, 16, 21]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mission.json", "rally.json"]


def aboard_of(orders, name):
    return np.frombuffer(base64.b64decode(
        next(o[2]["items"] for o in orders if o[0] == name)), PlanItem.dtype)


@pytest.mark.parametrize("harm", [
    lambda text: text[:-20], lambda text: text.replace("300.0", "301.0"), lambda text: "[]",
    lambda text: "{}", lambda text: json.dumps({**json.loads(text), "items": [[1]]}),
    lambda text: "[" * 100_000])
def test_a_damaged_file_is_refused_whole(parked, tmp_path, harm):
    bench = Bench(services=(Plans,), simulation=Noted(parked), keep=tmp_path)
    Client(bench).upload(MISSION)
    path = tmp_path / "mission.json"
    path.write_text(harm(path.read_text()))
    with pytest.raises(SetupError, match=r"mission.json: .*damaged"):
        Bench(services=(Plans,), simulation=Noted(parked), keep=tmp_path)


@pytest.mark.compiled_only
def test_700_items_with_a_tenth_lost_each_way(bench, client):
    import random
    dice, entries = random.Random(4), [TAKE_OFF, *around(698), LAND]
    client.count(700)
    seen = 0
    began = bench.wall
    while client.ack() is None and bench.wall - began < 30.0:
        fresh, seen = bench.sent[seen:], len(bench.sent)
        bench.wall += 0.004
        for sent in fresh:
            # The request and its answer each have their own luck.
            if sent.message.get_type() == "MISSION_REQUEST_INT" and (
                    dice.random() > 0.1 and dice.random() > 0.1):
                client.send(entries[sent.message.seq], sent.message.seq)
        bench.component.poll()
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED
    back = client.download()
    assert len(back) == 700
    same(entries[350], back[350], 350)
