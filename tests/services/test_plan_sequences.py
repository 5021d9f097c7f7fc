"""Mission protocol messages in any order, with any numbers, from two stations: no harm is done."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longwatch.mavlink.dialect import mavlink
from longwatch.services.commands import Commands
from longwatch.services.mission_progress import MissionProgress
from longwatch.services.plans import Plans
from services.harness import OTHER, STATION, Bench, live
from services.plan_client import Client, Noted, item

KINDS = st.sampled_from([0, 0, 0, 1, 2, 7, 255])
NUMBERS = st.one_of(st.integers(0, 4), st.sampled_from([65534, 65535]))
FLOATS = st.one_of(
    st.sampled_from([0.0, 1.0, 3.0, -1.0, 500.0, float("nan"), float("inf"), -float("inf")]),
    st.integers(0, 0xFFFFFFFF).map(lambda n: struct.unpack("<f", struct.pack("<I", n))[0]))
PLACES = st.one_of(st.sampled_from([0, 411300000, 279000000, 0x7FFFFFFF, -0x80000000]),
                   st.integers(-0x80000000, 0x7FFFFFFF))
COMMANDS = st.one_of(
    st.sampled_from([16, 16, 17, 18, 19, 20, 21, 22, 31, 93, 112, 177, 178, 189, 600, 601, 205,
                     5000, 5001, 5002, 5003, 5004, 5100]), st.integers(0, 65535))
FRAMES = st.one_of(st.sampled_from([0, 2, 3, 5, 6, 10, 11]), st.integers(0, 255))

ITEMS = st.builds(
    lambda old, number, frame, command, ps, x, y, z, kind: (
        mavlink.MAVLink_mission_item_message(1, 1, number, frame, command, 0, 1, *ps, x * 1e-7,
                                             y * 1e-7, z, kind) if old else
        mavlink.MAVLink_mission_item_int_message(1, 1, number, frame, command, 0, 1, *ps, x, y, z,
                                                 kind)),
    st.booleans(), NUMBERS, FRAMES, COMMANDS, st.tuples(FLOATS, FLOATS, FLOATS, FLOATS), PLACES,
    PLACES, FLOATS, KINDS)
OTHERS = st.one_of(
    st.builds(lambda n, k: mavlink.MAVLink_mission_count_message(1, 1, n, k), NUMBERS, KINDS),
    st.builds(lambda k: mavlink.MAVLink_mission_request_list_message(1, 1, k), KINDS),
    st.builds(lambda n, k: mavlink.MAVLink_mission_request_int_message(1, 1, n, k), NUMBERS, KINDS),
    st.builds(lambda n, k: mavlink.MAVLink_mission_request_message(1, 1, n, k), NUMBERS, KINDS),
    st.builds(lambda r, k: mavlink.MAVLink_mission_ack_message(1, 1, r, k), st.integers(0, 255),
              KINDS),
    st.builds(lambda k: mavlink.MAVLink_mission_clear_all_message(1, 1, k), KINDS),
    st.builds(lambda n: mavlink.MAVLink_mission_set_current_message(1, 1, n), NUMBERS),
    st.builds(lambda a, b, k: mavlink.MAVLink_mission_write_partial_list_message(1, 1, a, b, k),
              st.integers(-5, 5), st.integers(-5, 5), KINDS),
    st.builds(lambda a, b, k: mavlink.MAVLink_mission_request_partial_list_message(1, 1, a, b, k),
              st.integers(-5, 5), st.integers(-5, 5), KINDS),
    st.builds(lambda n, p: mavlink.MAVLink_command_long_message(1, 1, n, 0, p, 0, 0, 0, 0, 0, 0),
              st.sampled_from([224, 601]), FLOATS))
STEPS = st.lists(st.one_of(
    st.tuples(st.sampled_from([STATION, STATION, OTHER]), st.one_of(ITEMS, ITEMS, OTHERS)),
    st.tuples(st.just(None), st.sampled_from([0.02, 0.06, 0.4, 12.0]))), max_size=40)


@pytest.fixture(scope="module")
def parked():
    return live()


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, profile=st.sampled_from(["px4", "ardupilot"]))
def test_any_sequence_leaves_whole_lists_and_no_fault(parked, steps, profile):
    bench = Bench(profile, services=(Commands, Plans, MissionProgress), simulation=Noted(parked))
    plans = bench.component.find(Plans)
    place = 41.13, 27.9
    Client(bench).upload([item(22, *place, 300.0), item(16, 41.2, 27.9, 500.0),
                          item(21, *place)][:3])
    for sender, step in steps:
        before = {kind: plans.lists.store[kind] for kind in range(3)}
        bench.clear()
        if sender is None:
            bench.poll(step)
        else:
            bench.receive(step, sender)
        accepted = any(m.type == 0 for m in bench.of("MISSION_ACK"))
        assert accepted or before == {kind: plans.lists.store[kind] for kind in range(3)}
        # One message never sets off more than a handful, whatever it says.
        assert len(bench.sent) < 2000 if sender is None else len(bench.sent) <= 20
    bench.poll(140.0, 1.0)
    assert bench.component.faults == 0
    assert plans.upload is None
    # And it still takes a plan.
    assert Client(bench, OTHER).upload([item(22, *place, 300.0), item(22, *place, 300.0)]) == 0


PLANNED = st.lists(st.builds(
    lambda command, lat, lon, z, frame, p1, p2, p3: item(command, lat, lon, z, frame=frame,
                                                         p1=p1, p2=p2, p3=p3),
    st.sampled_from([16, 16, 16, 17, 18, 19, 20, 21, 22, 31, 93, 112, 177, 178, 189, 600, 601]),
    st.sampled_from([0.0, 41.13, 41.2, 41.13000001, 90.0, -90.0, -41.13, None]),
    st.sampled_from([0.0, 27.9, 27.95, 180.0, -180.0, -152.1, None]),
    st.sampled_from([0.0, 300.0, 5000.0, -400.0, 99999.0, -99999.0]),
    st.sampled_from([0, 3, 10]), st.sampled_from([0.0, 1.0, 2.0, 3.0, 600000.0]),
    st.sampled_from([0.0, 1.0, -1.0, -2.0, 30.0, 399.0, 32767.0]),
    st.sampled_from([0.0, -1.0, 100000.0, 1e-3])), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(entries=PLANNED)
def test_any_mission_of_sound_items_is_answered_and_judged(parked, entries):
    bench = Bench(services=(Plans,), simulation=Noted(parked))
    assert Client(bench).upload(entries) is not None
    bench.poll()
    assert bench.component.faults == 0
    assert "the mission could not be judged" not in bench.texts
