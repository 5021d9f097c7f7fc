"""DO_FENCE_ENABLE: the watch of the fence really goes on and off, or the command is refused."""

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, live
from services.plan_client import Client, item

ENABLE = mavlink.MAV_CMD_DO_FENCE_ENABLE
FENCE_BIT = mavlink.MAV_SYS_STATUS_GEOFENCE
AROUND = [item(5001, latitude, longitude, p1=4.0, frame=0) for latitude, longitude in (
    (41.0, 27.5), (41.0, 28.5), (41.5, 28.5), (41.5, 27.5))]


@pytest.fixture
def bench():
    made = Bench(simulation=live())
    assert Client(made).upload(AROUND, 1) == mavlink.MAV_MISSION_ACCEPTED
    return made


def enabled(bench):
    return bool(bench.component.provide(mavlink.MAVLINK_MSG_ID_SYS_STATUS)
                .onboard_control_sensors_enabled & FENCE_BIT)


def test_off_and_on_and_everybody_is_told_by_the_parameter(bench):
    assert enabled(bench)
    for value in (0, 1):
        bench.clear()
        assert bench.command(ENABLE, value) == mavlink.MAV_RESULT_ACCEPTED
        bench.poll(0.1)
        assert enabled(bench) is bool(value)
        assert [m.param_id for m in bench.of("PARAM_VALUE")] == ["LW_FENCE_WATCH"]
        assert bool(bench.simulation.loaded.settings[0].fence_watch) is bool(value)


@pytest.mark.parametrize("parameters", [(2,), (0.5,), (None,), (1, 4), (0, 2)])
def test_a_part_of_it_is_refused_and_nothing_changes(bench, parameters):
    assert bench.command(ENABLE, *parameters) == mavlink.MAV_RESULT_DENIED
    assert enabled(bench) and "DO_FENCE_ENABLE" in bench.texts[-1]
