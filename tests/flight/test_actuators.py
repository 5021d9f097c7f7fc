"""Servos: rate, lag and travel by closed form; the signs of the inverted V-tail."""

import math

import pytest

from longwatch.aircraft.schema import Actuator
from longwatch.flight import actuators
from longwatch.flight.actuators import ActuatorCommands, ActuatorsState

DT = 0.01


def servo(rate=1e9, tau=0.05, lower=-1.0, upper=1.0):
    parameters = Actuator.zeros()
    parameters["time_constant"], parameters["rate_limit"] = tau, rate
    parameters["lower"], parameters["upper"] = lower, upper
    return parameters[0]


def moved(parameters, command, ticks, position=0.0):
    for _ in range(ticks):
        position = actuators.servo(position, command, parameters, DT)
    return position


def settled(commands, sheet):
    state = ActuatorsState.zeros()[0]
    for _ in range(200):
        actuators.step(state, commands, sheet.actuators, sheet.landing_gear, DT)
    return state


def test_far_command_moves_at_the_rate_limit():
    assert moved(servo(rate=0.5, upper=9.0), 8.0, 100) == pytest.approx(0.5 * 1.0, rel=1e-12)
    assert moved(servo(rate=0.5, lower=-9.0), -8.0, 100) == pytest.approx(-0.5, rel=1e-12)


@pytest.mark.parametrize("tau", [0.05, 0.2])
@pytest.mark.parametrize("ticks", [5, 10, 40])
def test_near_command_is_followed_with_the_stated_lag(tau, ticks):
    # Within the answers of exact lags, one of the stated time constant, one a tick slower.
    slow, prompt = (1.0 - math.exp(-ticks * DT / t) for t in (tau + DT, tau))
    assert slow < moved(servo(tau=tau), 1.0, ticks) < prompt


def test_travel_ends_at_the_stops():
    parameters = servo(lower=-0.2, upper=0.3)
    assert moved(parameters, 5.0, 500) == pytest.approx(0.3, abs=1e-9)
    assert moved(parameters, -5.0, 500) == pytest.approx(-0.2, abs=1e-9)


def test_no_lag_at_all_is_allowed():
    assert moved(servo(tau=0.0), 0.7, 1) == 0.7


def test_mixing_of_the_inverted_v_tail(sheet):
    """Nose left takes the left ruddervator up and the right one down."""
    commands = ActuatorCommands.zeros()[0]
    commands.rudder, commands.elevator, commands.aileron = 0.1, 0.05, 0.2
    state = settled(commands, sheet)
    assert state.ruddervator_left == pytest.approx(-0.05, abs=1e-6)
    assert state.ruddervator_right == pytest.approx(0.15, abs=1e-6)
    # Right wing down: the right aileron's trailing edge goes up, the left one's down.
    assert (state.aileron_left, state.aileron_right) == pytest.approx((0.2, -0.2), abs=1e-6)
    assert actuators.surfaces(state) == pytest.approx((0.05, 0.2, 0.1), abs=1e-6)


def test_positive_commands_turn_the_aircraft_as_declared(sheet):
    """Elevator down pitches the nose down, aileron rolls right, rudder yaws left."""
    aero = sheet.aerodynamics
    assert aero.Cm_elevator < 0.0 and aero.Cl_aileron > 0.0 and aero.Cn_rudder < 0.0


def test_one_surface_at_its_stop_leaves_the_other_its_travel(sheet):
    commands = ActuatorCommands.zeros()[0]
    commands.elevator, commands.rudder = 0.4, 0.3
    state = settled(commands, sheet)
    assert state.ruddervator_right == pytest.approx(sheet.actuators.ruddervator.upper, abs=1e-6)
    assert state.ruddervator_left == pytest.approx(0.1, abs=1e-6)


def test_a_gear_takes_its_transit_time(own_sheet):
    own_sheet.landing_gear.retractable, own_sheet.landing_gear.transit_time = True, 8.0
    state, commands = ActuatorsState.zeros()[0], ActuatorCommands.zeros()[0]
    state.gear, commands.gear_up = 1.0, True
    for seconds, expected in ((2.0, 0.75), (4.0, 0.25), (3.0, 0.0)):
        for _ in range(round(seconds / DT)):
            actuators.step(state, commands, own_sheet.actuators, own_sheet.landing_gear, DT)
        assert state.gear == pytest.approx(expected, abs=1e-9)
    commands.gear_up = False
    for _ in range(round(8.0 / DT) + 1):
        actuators.step(state, commands, own_sheet.actuators, own_sheet.landing_gear, DT)
    assert state.gear == 1.0


def test_a_fixed_gear_stays_out(sheet):
    commands = ActuatorCommands.zeros()[0]
    commands.gear_up = True
    assert settled(commands, sheet).gear == 1.0
