"""Engines that stop, and the lever of the gear: against balances by hand."""

import math

import numpy as np
import pytest

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.control import engines
from longwatch.autopilot.control.engines import EnginesState
from longwatch.autopilot.manoeuvres import gear
from longwatch.autopilot.system import AutopilotState
from longwatch.flight.actuators import ActuatorCommands

DT = 0.05
GRAVITY = 9.80665
POWER, SPEED = 200e3, 400.0


@pytest.fixture
def twin(sheet):
    """The tb2 with two engines 2 m off its middle, feathering propellers and a gear to draw in."""
    own = np.array([sheet], sheet.dtype)[0]
    own.engine.count, own.propeller.feathering = 2, True
    own.propeller.position[1], own.propeller.feathered_drag_area = 2.0, 0.06
    own.landing_gear.retractable, own.landing_gear.transit_time = True, 8.0
    own.procedures.gear_speed = 60.0
    return own


@pytest.fixture
def level(put):
    """Level at 40 m/s at sea level, both engines at work."""
    estimate = put(0.7, 0.5, 1000.0)
    estimate.gauges.engine_running[:] = 1
    estimate.gauges.engine_speed[:], estimate.gauges.engine_torque[:] = SPEED, POWER / SPEED
    estimate.air.dynamic_pressure, estimate.mass = 0.5 * 1.225 * 40.0**2, 650.0
    return estimate


def watch(state, estimate, sheet, ring, seconds):
    commands = ActuatorCommands.zeros()[0]
    for _ in range(round(seconds / DT)):
        engines.step(state, estimate, sheet, commands, ring, 0.0, DT)
    return commands


def test_an_engine_has_stopped_when_its_gauges_say_so_for_half_a_second(twin, level, ring):
    state = EnginesState.zeros()[0]
    watch(state, level, twin, ring, 1.0)
    assert (state.working, state.failed) == (2, False)
    level.gauges.engine_running[1] = 0
    commands = watch(state, level, twin, ring, 0.4)
    assert state.working == 2 and not commands.feather.any()
    commands = watch(state, level, twin, ring, 0.2)
    assert (state.working, state.failed) == (1, True)
    assert list(commands.feather) == [0, 1]
    assert [int(e.code) for e in ring.entries[:1]] == [events.FEATHERED]


def test_without_any_engine_both_are_feathered(twin, level, ring):
    state = EnginesState.zeros()[0]
    level.gauges.engine_running[:] = 0
    commands = watch(state, level, twin, ring, 1.0)
    assert state.working == 0 and not state.failed
    assert commands.feather.all()
    assert engines.drag_area(state, twin) == pytest.approx(0.12)


@pytest.mark.parametrize("dead", [0, 1])
def test_rudder_and_bank_balance_unequal_thrust(twin, level, ring, dead):
    state, aero, geometry = EnginesState.zeros()[0], twin.aerodynamics, twin.geometry
    level.gauges.engine_torque[dead] = 0.0
    watch(state, level, twin, ring, DT)
    thrust = twin.control.propeller_efficiency * POWER / 40.0
    # Dead on the right, the left one turns the nose right (positive).
    moment = 2.0 * thrust * (1.0 if dead == 0 else -1.0)
    force = level.air.dynamic_pressure * geometry.wing_area
    limited = 0.75 * twin.actuators.ruddervator.upper
    needed = -moment / (aero.Cn_rudder * force * geometry.span)
    assert state.rudder_trim == pytest.approx(max(-limited, min(needed, limited)))
    side = aero.CY_rudder * state.rudder_trim * force
    wanted = -math.asin(side / (650.0 * GRAVITY))
    assert state.roll_trim == pytest.approx(wanted if abs(wanted) < 0.09 else
                                            math.copysign(0.09, wanted))
    # The live engine is lowered.
    assert state.roll_trim * (1 if dead else -1) > 0.0


def test_equal_thrust_needs_no_trim(twin, level, ring):
    state = EnginesState.zeros()[0]
    watch(state, level, twin, ring, 1.0)
    assert state.rudder_trim == 0.0 and state.roll_trim == 0.0
    assert state.throttle_limit == 1.0


def test_no_more_power_than_the_rudder_holds(twin, level, ring):
    state = EnginesState.zeros()[0]
    level.gauges.engine_running[0] = 0
    watch(state, level, twin, ring, 1.0)
    thrust = state.power_limit * twin.control.propeller_efficiency / 40.0
    rudder = 0.75 * twin.actuators.ruddervator.upper
    held = (-twin.aerodynamics.Cn_rudder * rudder * level.air.dynamic_pressure
            * twin.geometry.wing_area * twin.geometry.span)
    assert 2.0 * thrust == pytest.approx(held)


def test_it_turns_back_from_where_one_engine_cannot_climb(twin, level, ring, make_items):
    state = EnginesState.zeros()[0]
    low, high = ({"command": plan.WAYPOINT, "altitude_msl": a} for a in (500.0, 8000.0))
    land = {"command": plan.LAND, "altitude_msl": 100.0}
    level.gauges.engine_running[0] = 0
    watch(state, level, twin, ring, 1.0)
    assert not engines.must_return(state, level, twin, make_items(low, low, land), 0)
    assert engines.must_return(state, level, twin, make_items(low, high, land), 0)
    # What lies behind does not count.
    assert not engines.must_return(state, level, twin, make_items(high, low, land), 1)


def test_climb_on_one_engine_is_the_excess_power(twin, level, ring):
    """At sea level: power left over drag, against 0.5 m/s of climb."""
    state = EnginesState.zeros()[0]
    level.gauges.engine_running[0] = 0
    watch(state, level, twin, ring, 1.0)
    weight, area = 650.0 * GRAVITY, twin.geometry.wing_area
    stall = math.sqrt(2.0 * weight / (1.225 * area * twin.aerodynamics.CL_max))
    speed = twin.procedures.climb_factor * stall
    pressure = 0.5 * 1.225 * speed**2
    CL = weight / (pressure * area)
    aspect = twin.geometry.span**2 / area
    CD = twin.aerodynamics.CD0 + CL**2 / (math.pi * twin.aerodynamics.oswald * aspect)
    drag = pressure * (CD * area + 0.06)
    least = (drag * speed + 0.5 * weight) / twin.control.propeller_efficiency
    for share, climbs in ((1.001, True), (0.999, False)):
        twin.engine.continuous_power = share * least
        assert engines.can_climb_at(state, level, twin, 0.0) == climbs


def lever(autopilot, sheet, ring, phase, up, speed=40.0, **seen):
    commands = ActuatorCommands.zeros()[0]
    commands.gear_up = up
    autopilot.modes.phase = phase
    estimate = autopilot.estimate
    estimate.air.calibrated_airspeed, estimate.ground_valid = speed, True
    estimate.height_above_ground, estimate.climb_rate = 30.0, 3.0
    for name, value in seen.items():
        estimate[name] = value
    gear.step(autopilot, commands, sheet, ring, 0.0)
    return bool(commands.gear_up)


def test_the_gear_goes_up_in_the_climb_and_comes_down_near_the_gate(twin, ring):
    autopilot = AutopilotState.zeros()[0]
    assert not lever(autopilot, twin, ring, codes.PHASE_ROTATION, False)
    assert not lever(autopilot, twin, ring, codes.PHASE_CLIMB_OUT, False, height_above_ground=8.0)
    assert not lever(autopilot, twin, ring, codes.PHASE_CLIMB_OUT, False, climb_rate=-1.0)
    assert lever(autopilot, twin, ring, codes.PHASE_CLIMB_OUT, False)
    assert int(ring.entries[0].code) == events.GEAR_UP
    assert lever(autopilot, twin, ring, codes.PHASE_EN_ROUTE, True)
    assert lever(autopilot, twin, ring, codes.PHASE_APPROACH, True)
    autopilot.approach.near = True
    assert lever(autopilot, twin, ring, codes.PHASE_APPROACH, True, speed=61.0)
    assert not lever(autopilot, twin, ring, codes.PHASE_APPROACH, True)
    assert int(ring.entries[1].code) == events.GEAR_DOWN
    assert not lever(autopilot, twin, ring, codes.PHASE_FINAL, True)
    assert lever(autopilot, twin, ring, codes.PHASE_GO_AROUND, False)


def test_a_fixed_gear_has_no_lever(sheet, ring):
    assert not lever(AutopilotState.zeros()[0], sheet, ring, codes.PHASE_CLIMB_OUT, False)
    assert ring.count == 0
