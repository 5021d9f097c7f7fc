"""Under the crew's sticks: what is held once they are let go."""

import pytest

from autopilot.conftest import place
from longwatch.autopilot.aboard.crew_record import PITCH
from longwatch.autopilot.manoeuvres import guided
from longwatch.autopilot.system import AutopilotState


@pytest.mark.parametrize(("height", "climb", "held"), [
    (30.0, -8.0, 60.0),     # 24 m further down lies the ground, almost
    (500.0, -8.0, 476.0),
    (30.0, 4.0, 42.0)])
def test_a_stick_let_go_levels_a_descent_above_the_ground(sheet, height, climb, held):
    autopilot = AutopilotState.zeros()[0]
    estimate = autopilot.estimate
    place(estimate, 0.7, 0.5, speed=40.0)
    estimate.altitude_msl, estimate.climb_rate = 150.0 + height, climb
    estimate.ground_valid, estimate.height_above_ground = True, height
    autopilot.crew.sticks[PITCH] = 0.5 if climb > 0.0 else -0.5
    guided._climb_by_stick(autopilot, sheet)
    assert autopilot.crew.target_altitude_msl == pytest.approx(150.0 + held)
