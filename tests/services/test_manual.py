"""Sticks as a joystick at a station sends them, by the orders that they become."""

import pytest

from longwatch.autopilot.codes import MODE_CRUISE, MODE_HOLD
from longwatch.mavlink.dialect import mavlink
from services.harness import STATION, Bench, live

ABSENT = 32767


@pytest.fixture
def bench():
    bench = Bench()
    bench.orders = []
    bench.simulation.on_order = bench.orders.append
    return bench


def stick(bench, x=0, y=0, z=500, r=0, target=1):
    bench.receive(mavlink.MAVLink_manual_control_message(target, x, y, z, r, 0))


def given(bench):
    return [o.arguments for o in bench.orders if o.name == "manual"]


def test_forward_is_nose_down_and_a_missing_stick_stays_missing(bench):
    stick(bench, x=500, y=-1000, z=250, r=ABSENT)
    assert given(bench) == [{"roll": -1.0, "pitch": -0.5, "throttle": 0.25}]
    assert str(STATION) in bench.orders[-1].sender


def test_sticks_beyond_full_travel_count_as_full(bench):
    stick(bench, x=-20000, y=20000, z=-400)
    assert given(bench) == [{"roll": 1.0, "pitch": 1.0, "yaw": 0.0, "throttle": 0.0}]


def test_another_aircrafts_sticks_are_not_taken(bench):
    stick(bench, y=700, target=2)
    assert given(bench) == []


def test_silence_for_a_second_of_wall_time_lets_go_once(bench):
    stick(bench, y=700)
    bench.poll(0.9)
    assert len(given(bench)) == 1
    bench.poll(3.0)
    assert given(bench)[1:] == [{"roll": 0.0, "pitch": 0.0, "yaw": 0.0}]


@pytest.mark.compiled_only
def test_flown_by_sticks_it_holds_once_they_are_silent_and_by_a_course_it_goes_on():
    bench = Bench(simulation=live(fuel_kg=60.0))
    bench.command(mavlink.MAV_CMD_NAV_TAKEOFF, -1, 0, 0, None, None, None, 400.0)
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1)
    bench.fly(90.0)
    crew = bench.simulation.state.autopilot.crew
    stick(bench, y=300)
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, 3, 0) == 0
    bench.poll(0.5)
    assert int(crew.mode) == MODE_CRUISE
    bench.poll(1.0)
    assert int(crew.mode) == MODE_HOLD and "sticks silent: it holds" in bench.texts
    stick(bench, y=300)
    assert bench.command_int(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING, 0, 90.0) == 0
    bench.poll(3.0)
    assert int(crew.mode) == MODE_CRUISE and list(crew.sticks[:3]) == [0.0, 0.0, 0.0]
