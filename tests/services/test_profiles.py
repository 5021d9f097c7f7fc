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
