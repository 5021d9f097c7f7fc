"""Numbers of modes: one profile's never mean another mode under another profile."""

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.services.commands import Commands
from longwatch.services.modes import Modes
from longwatch.services.profiles import GENERIC
from services.harness import Bench

CUSTOM = mavlink.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED


@pytest.mark.parametrize(("main", "sub"), [(4, 4), (4, 2), (4, 5), (3, 0), (2, 0), (6, 0), (1, 0)])
def test_px4_s_modes_are_refused_by_a_generic_autopilot(main, sub):
    """MAVSDK and QGroundControl send PX4's main and submode to autopilots that they do not know."""
    bench = Bench("generic", services=(Commands, Modes))
    before = int(bench.craft.state.autopilot.crew.mode)
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, CUSTOM, main, sub) == (
        mavlink.MAV_RESULT_DENIED)
    assert int(bench.craft.state.autopilot.crew.mode) == before
    assert GENERIC.chosen(main) is None


@pytest.mark.parametrize(("profile", "reported", "major"), [("ardupilot", True, 4),
                                                            ("px4", False, 1)])
def test_clients_of_ardupilots_are_told_of_the_estimator_and_a_version_of_theirs(
        profile, reported, major):
    """DroneKit's is_armable waits for EKF_STATUS_REPORT, and goes by the major version."""
    bench = Bench(profile)
    result = bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE,
                           mavlink.MAVLINK_MSG_ID_EKF_STATUS_REPORT)
    assert result == (mavlink.MAV_RESULT_ACCEPTED if reported else mavlink.MAV_RESULT_UNSUPPORTED)
    assert bool(bench.of("EKF_STATUS_REPORT")) == reported
    bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, mavlink.MAVLINK_MSG_ID_AUTOPILOT_VERSION)
    assert bench.last("AUTOPILOT_VERSION").flight_sw_version >> 24 == major
