"""What the autopilot keeps in hand against gusts, and how it holds against them near the ground."""

import numpy as np
import pytest

from longwatch.aircraft.formulas import LARGEST_GUST_ALLOWANCE
from longwatch.autopilot.control import inner_loops
from longwatch.autopilot.estimation import wind
from longwatch.autopilot.manoeuvres import landing, phases
from longwatch.autopilot.system import AutopilotState
from longwatch.compiled import compiled

DT = 0.02


@pytest.fixture
def autopilot():
    state = AutopilotState.zeros()[0]
    estimate = state.estimate
    estimate.mass, estimate.air.density_ratio = 450.0, 1.0
    estimate.air.calibrated_airspeed = estimate.air.true_airspeed = 30.0
    estimate.air.dynamic_pressure, estimate.load_factor = 551.25, 1.0
    return state


@compiled
def _felt(estimate, north, east, dt):
    for i in range(len(north)):
        wind._gusts(estimate, north[i], east[i], dt)


def test_gusts_are_felt_as_their_variance_along_each_axis(autopilot):
    """Both axes of a circling gust of 3 m/s have 4.5 m2/s2, whatever the wind."""
    estimate = autopilot.estimate
    estimate.wind_north, estimate.wind_east = 5.0, -2.0
    angle = np.arange(0.0, 400.0, 0.1)
    _felt(estimate, 5.0 + 3.0 * np.cos(angle), -2.0 + 3.0 * np.sin(angle), 0.1)
    assert estimate.gust_variance == pytest.approx(4.5, rel=1e-3)
    estimate.gauges.weight_on_wheels = True
    wind._gusts(estimate, 9.0, 0.0, DT)
    assert estimate.gust_variance == 0.0


def test_on_final_gusts_count_without_a_wind_too(autopilot, sheet):
    estimate = autopilot.estimate
    calm = phases.approach_speed(estimate, sheet)
    assert phases.final_speed(estimate, sheet) == pytest.approx(calm)
    # Moderate turbulence, 3.0 m/s near the ground and 1.6 on the way down: half of three times 3.0.
    estimate.gust_variance = 1.6**2
    assert phases.final_speed(estimate, sheet) - calm == pytest.approx(4.5, abs=0.5)
    # On top of a wind it is no more than is kept in a storm.
    estimate.wind_north = 20.0
    assert phases.final_allowance(estimate) == LARGEST_GUST_ALLOWANCE


def test_the_rudder_meets_a_gust_from_the_side_before_it_turns_the_nose(autopilot, sheet):
    """In balance Cn_beta beta + Cn_rudder rudder = 0, with no error of heading to wait for."""
    state, estimate = autopilot.control, autopilot.estimate
    state.yaw_mode, estimate.air.beta = inner_loops.HEADING, 0.2
    for _ in range(50):
        rudder = inner_loops._yaw(state, estimate, sheet, 1.0, 30.0, DT)
    aero = sheet.aerodynamics
    assert aero.Cn_beta * 0.2 + aero.Cn_rudder * rudder == pytest.approx(0.0, abs=1e-5)


def test_a_rudder_at_its_stop_does_not_wind_up(autopilot, sheet):
    """Swung about by a gust, the nose is caught at the heading, not as far on the other side."""
    state, estimate = autopilot.control, autopilot.estimate
    state.yaw_mode, state.heading_command = inner_loops.HEADING, 0.0
    estimate.rate[2] = 0.4
    for _ in range(100):
        inner_loops._yaw(state, estimate, sheet, 1.4, 28.0, DT)
    assert abs(state.yaw_integral) < 0.05


def test_angle_of_attack_does_not_lag_behind_the_pitch(autopilot):
    """Nosed down by 0.2 rad/s for half a second it is 0.1 rad less, at once."""
    state, estimate = autopilot.control, autopilot.estimate
    state.alpha = estimate.air.alpha = 0.2
    estimate.rate[1] = -0.2
    for _ in range(25):
        estimate.air.alpha -= 0.2 * DT
        inner_loops._smooth_alpha(state, estimate, 28.0, DT)
    assert state.alpha == pytest.approx(0.1, abs=0.005)


def test_a_gust_at_the_vane_is_smoothed_still(autopilot):
    state, estimate = autopilot.control, autopilot.estimate
    state.alpha, estimate.air.alpha = 0.1, 0.2
    inner_loops._smooth_alpha(state, estimate, 28.0, DT)
    assert state.alpha == pytest.approx(0.104, abs=0.001)


def test_a_bounce_is_flared_again(autopilot, sheet):
    """Off its wheels by a hand's breadth it does not wait with its nose going down."""
    estimate = autopilot.estimate
    for height, speed, bounced in ((0.1, 30.0, False), (0.2, 30.0, True), (0.2, 15.0, False)):
        estimate.height_above_ground, estimate.air.calibrated_airspeed = height, speed
        assert landing._bounced(estimate, sheet) == bounced


def test_the_nose_is_turned_by_the_sink_asked_for_and_stays_turned(sheet):
    """A gust that drops it at 4 m/s in 7 m does not turn it, nor one that lifts it turn it back."""
    assert not landing._touches_soon(7.0, 4.0, 1.6, False, sheet)
    assert landing._touches_soon(1.0, -1.0, 0.4, False, sheet)
    assert landing._touches_soon(2.0, -1.0, 0.6, True, sheet)
    assert not landing._touches_soon(2.0, -1.0, 0.6, False, sheet)


def test_thrown_up_in_the_flare_it_is_not_pushed_down(autopilot, sheet):
    """2 m/s2 at most, by the pitch rate that turns the path so, however fast it climbs."""
    state, estimate = autopilot.control, autopilot.estimate
    state.pitch_mode, state.climb_command = inner_loops.CLIMB_RATE, -1.0
    estimate.rate[1], estimate.climb_rate = 0.0, 2.0
    inner_loops._pitch(state, estimate, sheet, 1.4, 30.0, DT)
    assert state.pitch_rate_command == pytest.approx(-2.0 / 30.0)
    # A sink is met with all there is.
    estimate.climb_rate = -3.0
    inner_loops._pitch(state, estimate, sheet, 1.4, 30.0, DT)
    assert state.pitch_rate_command == pytest.approx(4.0 / 30.0)
