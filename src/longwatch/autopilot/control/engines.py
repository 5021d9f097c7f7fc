"""What the autopilot makes of its engines: which still run, and how to fly on the rest.

An engine that its gauges call stopped for half a second has failed: its lever is shut and its
propeller feathered. The yawing moment of unequal thrust is reckoned from
torque and speed and met by rudder before it turns the aircraft, and the rudder's side force by a
few degrees of bank towards the live engine, as handling courses teach (FAA-H-8083-3C, chapter 13).
Full power is not given below the speed where the rudder can hold it.
"""

from math import asin

from longwatch.aircraft.formulas import (
    available_power,
    drag_coefficient,
    full_power,
    standard_density_ratio,
)
from longwatch.aircraft.schema import ENGINES
from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.estimation.estimate import stall_speed
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.record import b1, f8, field, i4, record

# Time on the gauges before an engine is taken for stopped, or for running again [s].
CONFIRM_TIME = 0.5
# Thrust is reckoned from power at no less than this share of the stall speed.
LEAST_SPEED_SHARE = 0.6
# Share of the rudder's travel that may be spent on unequal thrust.
TRIM_SHARE = 0.75
LARGEST_TRIM_BANK = 0.09
# Climb rate that must be left at the highest altitude ahead, to go on with the mission [m/s].
LEAST_CLIMB = 0.5
SPEED_OF_SOUND_ALOFT = 295.0
# A crankshaft slower than this stands [rad/s].
STANDING_SPEED = 5.0


@record
class EnginesState:
    stopped: i4 = field("", "1 for an engine taken for stopped", shape=(ENGINES,))
    doubt: f8 = field("s", "how long its gauges have said otherwise", shape=(ENGINES,),
                      logged=False)
    working: i4 = field("", "engines that run")
    failed: b1 = field("", "one has stopped while another runs")
    returning: b1 = field("", "on the way home, as the mission's altitudes are out of reach")
    throttle_limit: f8 = field("", "largest throttle that the rudder can hold")
    power_limit: f8 = field("W", "largest brake power of an engine that the rudder can hold")
    rudder_trim: f8 = field("rad", "rudder against unequal thrust")
    roll_trim: f8 = field("rad", "bank against that rudder's side force")
    turning: b1 = field("", "a shaft turns, if only by the air stream", logged=False)
    windmill_area: f8 = field("m2", "drag over dynamic pressure of a stopped propeller that turns",
                              logged=False)


@compiled
def _judge(state, gauges, sheet, ring, time, dt):
    """Note engines that stop, or run again, once the gauges have said so for a while."""
    state.working, state.turning = 0, False
    for i in range(sheet.engine.count):
        state.turning = state.turning or gauges.engine_speed[i] > STANDING_SPEED
        says_stopped = 0 if gauges.engine_running[i] else 1
        if says_stopped == state.stopped[i]:
            state.doubt[i] = 0.0
        else:
            state.doubt[i] += dt
            if state.doubt[i] > CONFIRM_TIME:
                state.stopped[i], state.doubt[i] = says_stopped, 0.0
                if says_stopped and sheet.propeller.feathering:
                    events.note(ring, time, events.FEATHERED, i + 1, 0.0)
        if not state.stopped[i]:
            state.working += 1
    state.failed = 0 < state.working < sheet.engine.count


@compiled
def _trim(state, estimate, sheet):
    """Rudder and bank that hold the thrust as it is now, and the power that they could hold."""
    state.rudder_trim, state.roll_trim, state.power_limit = 0.0, 0.0, 1e12
    if sheet.engine.count < 2:
        return
    arm, aero, efficiency = (sheet.propeller.position[1], sheet.aerodynamics,
                             sheet.control.propeller_efficiency)
    airspeed = max(estimate.air.true_airspeed, LEAST_SPEED_SHARE * stall_speed(estimate, sheet))
    force = estimate.air.dynamic_pressure * sheet.geometry.wing_area
    authority = -aero.Cn_rudder * force * sheet.geometry.span
    most = TRIM_SHARE * sheet.actuators.ruddervator.upper
    if state.failed:
        state.power_limit = authority * most / arm * airspeed / efficiency
    if authority * most < 1.0:
        return
    gauges = estimate.gauges
    power = (gauges.engine_torque[1] * gauges.engine_speed[1]
             - gauges.engine_torque[0] * gauges.engine_speed[0])
    # More thrust on the left turns the nose to the right.
    moment = arm * power * efficiency / airspeed
    rudder = min(max(moment / authority, -most), most)
    side = aero.CY_rudder * rudder * force / (estimate.mass * GRAVITY)
    state.rudder_trim = rudder
    if not estimate.gauges.weight_on_wheels:
        state.roll_trim = -min(max(asin(min(max(side, -0.5), 0.5)), -LARGEST_TRIM_BANK),
                               LARGEST_TRIM_BANK)


@compiled
def step(state, estimate, sheet, commands, ring, time, dt):
    """Judge the engines, feather what has failed, trim for the rest; every ``dt`` s."""
    _judge(state, estimate.gauges, sheet, ring, time, dt)
    _trim(state, estimate, sheet)
    for i in range(sheet.engine.count):
        commands.feather[i] = state.stopped[i]
    state.throttle_limit = 1.0
    if state.failed:
        turning = estimate.gauges.engine_speed
        speed = max(turning[0], turning[1])
        friction = sheet.engine.friction_torque * speed
        full = full_power(sheet.engine, speed, estimate.air.density_ratio, estimate.air.mach)
        state.throttle_limit = min(
            max((state.power_limit + friction) / (full + friction), 0.0), 1.0)


@compiled
def drag_area(state, sheet):
    """Drag over dynamic pressure [m2] of the stopped propellers."""
    area = 0.0
    if state.working == 0:
        area = state.windmill_area * sheet.engine.count
    if sheet.propeller.feathering:
        for i in range(sheet.engine.count):
            area += state.stopped[i] * sheet.propeller.feathered_drag_area
    return area


@compiled
def can_climb_at(state, estimate, sheet, altitude_msl):
    """True where the engines that run still climb at an altitude [m], at the climb speed."""
    speed = sheet.procedures.climb_factor * stall_speed(estimate, sheet)
    ratio = standard_density_ratio(altitude_msl)
    airspeed = speed / ratio**0.5
    weight = estimate.mass * GRAVITY
    force = 0.5 * SEA_LEVEL_DENSITY * speed * speed * sheet.geometry.wing_area
    drag = (drag_coefficient(sheet, weight / force) * force
            + 0.5 * SEA_LEVEL_DENSITY * speed * speed * drag_area(state, sheet))
    power = (available_power(sheet.engine, ratio, airspeed / SPEED_OF_SOUND_ALOFT)
             * state.working * sheet.control.propeller_efficiency)
    return power - drag * airspeed > LEAST_CLIMB * weight


@compiled
def must_return(state, estimate, sheet, items, index):
    """True when an engine has failed and the rest cannot climb where the plan still leads."""
    if not state.failed or state.returning:
        return False
    highest = items[index].altitude_msl
    for i in range(index, len(items)):
        if items[i].command < 100 and items[i].command != plan.RETURN_TO_LAUNCH:
            highest = max(highest, items[i].altitude_msl)
    return not can_climb_at(state, estimate, sheet, highest)
