"""Total-energy control of height and speed: throttle holds their sum, pitch shares them out.

After Lambregts (AIAA 83-2239, 1983), with the aircraft's own drag polar and engine table as
feed-forward, so that the integrals only carry what the datasheet does not know. Where the engine
cannot give (or shed) the energy asked for, a climb yields to speed, but no height is given up for
it: above the safe speed the altitude comes first, and the speed is what the engines hold.
"""

from math import asin, atan, cos

from longwatch.aircraft.formulas import (
    CEILING_CLIMB,
    FULL_SPEED_SHARE,
    STEEPEST_CLIMB,
    STEEPEST_DESCENT,
    available_power,
    cruise_engine_speed,
    drag_coefficient,
    full_power,
)
from longwatch.autopilot.control import engines
from longwatch.autopilot.control.level_speed import SAFE_FACTOR
from longwatch.autopilot.estimation.estimate import stall_speed, true_over_calibrated
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY
from longwatch.record import f8, field, i4, record

# Vertical modes: hold a target altitude; fly a climb rate; flare: hold a
# climb rate by pitch whatever the energy; hold a pitch at full power.
ALTITUDE, RATE, FLARE, PITCH = 0, 1, 2, 3
# Pitch and throttle as asked for, between the speed limits.
DIRECT = 4
# A limit of speed takes hold over this band [m/s], and then asks for this pitch [rad].
SPEED_BAND = 3.0
SLOW_PITCH, FAST_PITCH = -0.05, 0.1
SPEED_FILTER = 1.5
LARGEST_ACCELERATION = 0.8
# The integral carries at most this share of full power at sea level.
LARGEST_SHORTFALL = 0.2
PITCH_HIGHEST, PITCH_LOWEST = 0.26, -0.16


@record
class EnergyState:
    mode: i4 = field("", "0 altitude, 1 climb rate, 2 flare, 3 pitch at full power, "
                         "4 pitch and throttle")
    pitch_target: f8 = field("rad", "pitch of modes 3 and 4")
    throttle_target: f8 = field("", "throttle of mode 4", logged=False)
    airspeed: f8 = field("m/s", "true airspeed, smoothed with the inertial acceleration")
    throttle_integral: f8 = field("m/s", "climb rate that the datasheet's power does not explain")
    pitch_integral: f8 = field("rad", "pitch that the datasheet's lift does not explain")
    pitch: f8 = field("rad", "pitch asked for")
    power: f8 = field("W", "brake power asked for, each engine")
    throttle: f8 = field("", "throttle asked for")
    engine_speed: f8 = field("rad/s", "crankshaft speed asked for")


@compiled
def _smooth_airspeed(state, estimate, sensors_acceleration, dt):
    if state.airspeed <= 0.0:
        state.airspeed = estimate.air.true_airspeed
    state.airspeed += dt * (sensors_acceleration
                            + (estimate.air.true_airspeed - state.airspeed) / SPEED_FILTER)
    state.airspeed = max(state.airspeed, 1.0)


@compiled
def _acceleration(estimate):
    """Inertial acceleration along the body's x axis over ground, level part [m/s2]."""
    m, ned, f = estimate.body_to_ned, estimate.ned, estimate.specific_force_ecef
    north = ned[0] * f[0] + ned[3] * f[1] + ned[6] * f[2]
    east = ned[1] * f[0] + ned[4] * f[1] + ned[7] * f[2]
    level = (m[0] * m[0] + m[3] * m[3]) ** 0.5
    return (north * m[0] + east * m[3]) / max(level, 0.1)


@compiled
def step(state, estimate, guidance, running, sheet, dt):
    """Set pitch, throttle and engine speed for the targets in ``guidance``; every ``dt`` s.

    ``running`` says which engines run and how much power the rudder can hold.
    """
    acceleration = _acceleration(estimate)
    _smooth_airspeed(state, estimate, acceleration, dt)
    if state.mode == PITCH:
        state.pitch = state.pitch_target
        state.throttle, state.engine_speed = 1.0, sheet.engine.takeoff_speed
        state.pitch_integral, state.throttle_integral = 0.0, 0.0
        return
    if state.mode == DIRECT:
        _fly_directly(state, estimate, sheet)
        return
    airspeed = max(state.airspeed, 15.0)
    weight = estimate.mass * GRAVITY
    load = 1.0 / max(cos(estimate.roll), 0.5)
    pressure_area = max(estimate.air.dynamic_pressure, 100.0) * sheet.geometry.wing_area
    CL = min(load * weight / pressure_area, sheet.aerodynamics.CL_max)
    CD = drag_coefficient(sheet, CL) + estimate.gauges.gear * sheet.aerodynamics.CD_gear
    drag = CD * pressure_area + engines.drag_area(running, sheet) * estimate.air.dynamic_pressure
    available = min(available_power(sheet.engine, estimate.air.density_ratio, estimate.air.mach),
                    running.power_limit)
    efficiency = sheet.control.propeller_efficiency
    power_full = available * running.working * efficiency
    if estimate.gauges.fuel_mass <= 0.0:
        # Nothing left to burn: height is traded for speed, without waiting for the integral.
        power_full = 0.0
    target = _speed_target(estimate, guidance, sheet, load)
    tau = sheet.control.energy_time_constant
    dv = min(max((target - state.airspeed) / tau, -LARGEST_ACCELERATION), LARGEST_ACCELERATION)
    climb = guidance.climb_target
    if state.mode == ALTITUDE:
        climb += (guidance.altitude_target - estimate.altitude_msl) / tau
        climb = min(max(climb, -STEEPEST_DESCENT * airspeed), STEEPEST_CLIMB * airspeed)
    given = (power_full - drag * airspeed) / weight + state.throttle_integral
    if state.mode != FLARE and power_full > 0.0:
        dv = min(dv, _spared(state, estimate, sheet, given - min(climb, CEILING_CLIMB), load))
    exchange = airspeed * dv / GRAVITY
    highest = given - exchange
    lowest = -drag * airspeed / weight + state.throttle_integral - exchange
    if state.mode != FLARE:
        climb = max(min(climb, highest), lowest)
    excess = climb - estimate.climb_rate + airspeed * (dv - acceleration) / GRAVITY
    needed = (drag * airspeed + weight * (climb + exchange - state.throttle_integral
              + sheet.control.energy_throttle_gain * excess)) / efficiency
    _set_power(state, estimate, guidance, sheet, needed / max(running.working, 1), available,
               running.working > 0, dt)
    most = LARGEST_SHORTFALL * sheet.engine.continuous_power * sheet.engine.count / weight
    if state.mode == FLARE:
        pass
    elif 0.02 < state.throttle < 0.98:
        state.throttle_integral -= sheet.control.energy_throttle_integral * excess * dt
        state.throttle_integral = min(max(state.throttle_integral, -most), most)
    else:
        # At a stop, speed error shows what the engine really gives.
        state.throttle_integral -= 0.2 * sheet.control.energy_throttle_integral * dv * dt * tau
        state.throttle_integral = min(max(state.throttle_integral, -most), most)
    _set_pitch(state, estimate, sheet, climb, CL, airspeed, dt)


@compiled
def _spared(state, estimate, sheet, spare, load):
    """Acceleration [m/s2] into which a climb rate ``spare`` [m/s] turns, the height left alone.

    Negative where the speed flown cannot be held; never so that the safe speed is lost.
    """
    safe = SAFE_FACTOR * stall_speed(estimate, sheet) * load**0.5 * true_over_calibrated(
        estimate)
    slow = (safe - state.airspeed) / sheet.control.energy_time_constant
    return max(spare * GRAVITY / max(state.airspeed, 15.0), slow)


@compiled
def _fly_directly(state, estimate, sheet):
    """Pitch and throttle as asked for; near the stall margin and VNE they yield to the speed."""
    load = 1.0 / max(cos(estimate.roll), 0.5)
    least = sheet.procedures.protection_factor * stall_speed(estimate, sheet) * load**0.5
    most = 0.95 * sheet.limits.never_exceed_speed
    speed = estimate.air.calibrated_airspeed
    slow = min(max((least + SPEED_BAND - speed) / SPEED_BAND, 0.0), 1.0)
    fast = min(max((speed - most + SPEED_BAND) / SPEED_BAND, 0.0), 1.0)
    highest = PITCH_HIGHEST + slow * (SLOW_PITCH - PITCH_HIGHEST)
    lowest = PITCH_LOWEST + fast * (FAST_PITCH - PITCH_LOWEST)
    state.pitch = min(max(state.pitch_target, lowest), highest)
    state.throttle = min(max(state.throttle_target, slow), 1.0 - fast)
    state.engine_speed = sheet.engine.continuous_speed
    state.pitch_integral, state.throttle_integral = 0.0, 0.0


@compiled
def _speed_target(estimate, guidance, sheet, load):
    """True airspeed target [m/s], kept between the stall margin and never-exceed."""
    least = sheet.procedures.protection_factor * stall_speed(estimate, sheet) * load**0.5
    calibrated = min(max(guidance.speed_target, least), 0.95 * sheet.limits.never_exceed_speed)
    return calibrated * true_over_calibrated(estimate)


@compiled
def _set_power(state, estimate, guidance, sheet, needed, available, powered, dt):
    engine, density_ratio, mach = sheet.engine, estimate.air.density_ratio, estimate.air.mach
    state.power = min(max(needed, 0.0), available)
    wanted = engine.continuous_speed if powered else engine.cruise_speed_least
    # On final the blades stay fine, so that power comes back at once.
    if state.mode == ALTITUDE and not guidance.precise and (
            state.power < FULL_SPEED_SHARE * available):
        wanted = cruise_engine_speed(engine, state.power, density_ratio, mach)
    state.engine_speed += (wanted - state.engine_speed) * dt / (3.0 + dt)
    state.engine_speed = max(state.engine_speed, engine.cruise_speed_least)
    speed = state.engine_speed
    friction = engine.friction_torque * speed
    full = full_power(engine, speed, density_ratio, mach)
    state.throttle = min(max((state.power + friction) / (full + friction), 0.0), 1.0)
    if needed <= 0.0:
        state.throttle = 0.0
    if guidance.urgent:
        state.throttle, state.engine_speed = 1.0, sheet.engine.takeoff_speed


@compiled
def _set_pitch(state, estimate, sheet, climb, CL, airspeed, dt):
    aero, control = sheet.aerodynamics, sheet.control
    path = asin(min(max(climb / airspeed, -0.3), 0.3))
    error = atan((climb - estimate.climb_rate) / airspeed)
    alpha = (CL - aero.CL0) / aero.CL_alpha
    pitch = path + alpha + control.energy_pitch_gain * error + state.pitch_integral
    if PITCH_LOWEST < pitch < PITCH_HIGHEST:
        state.pitch_integral += control.energy_pitch_integral * error * dt
        state.pitch_integral = min(max(state.pitch_integral, -0.1), 0.1)
    state.pitch = min(max(pitch, PITCH_LOWEST), PITCH_HIGHEST)
