"""Inner loops: bank, pitch and yaw to surfaces, scheduled with dynamic pressure.

Each axis asks for a body rate, feeds forward what the datasheet says holds that rate (damping and,
in pitch, the stability of the angle of attack that it builds up), and adds a
proportional and an integral part that shrink as dynamic pressure grows. Envelope protection sits
here: bank, load factor and angle of attack are limited whatever guidance asks for.

Slow on its wheels it holds the surfaces for the wind instead. The windward aileron is up against a
wind from ahead and down against one from behind (FAA Airplane Flying Handbook, FAA-H-8083-3C, 2021,
chapter 2). The elevator presses the nose wheel down: trailing edge down against a wind from ahead,
up against one from behind. The handbook holds it down against that too, so that the tail is not
lifted; here the mains stand so close behind the centre of gravity, and the nose wheel so far ahead,
that it is the tail which may come down.
"""

from math import cos, hypot, sin

from longwatch.autopilot.estimation.estimate import stall_speed
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.record import f8, field, i4, record

# Yaw modes: coordinate the turn; hold a heading by rudder (and nose wheel on the ground); where it
# stands, both locked straight.
COORDINATED, HEADING, LOCKED = 0, 1, 2
# Pitch modes: hold an attitude; hold the nose wheel down while the wheels roll, without an
# integral, which would push it until the main wheels lose their grip; fly a climb rate directly,
# as the flare does; hold elevator and ailerons for the wind, slow on the ground.
ATTITUDE, ROLLING, CLIMB_RATE, TAXI = 0, 1, 2, 3
# In a wind of so many m/s the surfaces are held all the way.
FULL_WIND = 10.0
NOSE_DOWN_RATE = 0.06
LEAST_PRESSURE = 60.0
LARGEST_ROLL_RATE = 0.45
LARGEST_PITCH_RATE = 0.2
LARGEST_YAW_RATE = 0.4
# Thrown up in the flare it is not pushed down harder than this [m/s2]: the sink that would follow
# could not be caught any more.
LARGEST_PUSH = 2.0
# Angle of attack kept free below the stall, and how far gusts are smoothed before it is judged.
STALL_MARGIN = 0.015
ALPHA_TIME_CONSTANT = 0.5
# The vane feels a gust at a point, the whole aircraft a moment later [s].
BETA_TIME_CONSTANT = 0.1
# Nose wheel angle per yaw rate error, times speed over the wheelbase.
STEER_GAIN = 2.67


@record
class ControlState:
    yaw_mode: i4 = field("", "0 coordinated, 1 heading, 2 locked")
    pitch_mode: i4 = field("", "0 attitude, 1 rolling, 2 climb rate, 3 taxi")
    climb_command: f8 = field("m/s", "climb rate asked for in climb rate mode")
    roll_command: f8 = field("rad", "bank asked for")
    pitch_command: f8 = field("rad", "pitch asked for")
    heading_command: f8 = field("rad", "heading asked for in heading mode")
    roll_rate_command: f8 = field("rad/s", "roll rate asked for")
    pitch_rate_command: f8 = field("rad/s", "pitch rate asked for")
    yaw_rate_command: f8 = field("rad/s", "yaw rate asked for")
    climb_acceleration: f8 = field("m/s2", "its rate of change, as planned")
    alpha: f8 = field("rad", "angle of attack, gusts smoothed")
    beta: f8 = field("rad", "sideslip as the whole aircraft feels it", logged=False)
    alpha_asked: f8 = field("rad", "angle of attack that the pitch rate asked for builds up")
    roll_integral: f8 = field("rad", "aileron held by the integral")
    pitch_integral: f8 = field("rad", "elevator held by the integral")
    yaw_integral: f8 = field("rad", "rudder held by the integral")
    roll_trim: f8 = field("rad", "bank added against unequal thrust", logged=False)
    rudder_trim: f8 = field("rad", "rudder added against unequal thrust", logged=False)


@compiled
def reset(state):
    """Forget what the integrals hold."""
    state.roll_integral, state.pitch_integral, state.yaw_integral = 0.0, 0.0, 0.0


@compiled
def bank_limit(estimate, sheet):
    """Largest bank [rad] that leaves the stall margin in a level turn at this speed."""
    return bank_limit_at(estimate, sheet, estimate.air.calibrated_airspeed)


@compiled
def bank_limit_at(estimate, sheet, calibrated):
    """Largest bank [rad] that leaves the stall margin in a level turn at a speed [m/s]."""
    ratio = stall_speed(estimate, sheet) * 1.08 / max(calibrated, 1.0)
    cosine = ratio * ratio
    limit = sheet.limits.bank_maximum
    if cosine >= 0.98:
        return min(limit, 0.2)
    while cos(limit) < cosine and limit > 0.2:
        limit -= 0.02
    return limit


@compiled
def _roll(state, estimate, sheet, scale, airspeed, dt):
    gains, aero = sheet.control, sheet.aerodynamics
    most = sheet.limits.bank_maximum
    bank = min(max(state.roll_command + state.roll_trim, -most), most)
    wanted = (bank - estimate.roll) / gains.roll_time_constant
    wanted = min(max(wanted, -LARGEST_ROLL_RATE), LARGEST_ROLL_RATE)
    state.roll_rate_command = wanted
    # Euler rate to body rate in a steady turn is small here and left to the integral.
    error = wanted - estimate.rate[0]
    limit = sheet.actuators.aileron.upper
    state.roll_integral += gains.roll_rate_integral * scale * error * dt
    state.roll_integral = min(max(state.roll_integral, -0.6 * limit), 0.6 * limit)
    hold = -aero.Cl_p / aero.Cl_aileron * wanted * sheet.geometry.span / (2.0 * airspeed)
    return hold + gains.roll_rate_gain * scale * error + state.roll_integral


@compiled
def _smooth_alpha(state, estimate, airspeed, dt):
    """Angle of attack without the gusts of the vane, and without a lag behind the pitch.

    It changes at once by what the aircraft turns less what its path does, and slowly to the vane.
    """
    turning = estimate.rate[1] - GRAVITY / airspeed * (
        estimate.load_factor - cos(estimate.roll) * cos(estimate.pitch))
    state.alpha += turning * dt + (estimate.air.alpha - state.alpha) * dt / (
        ALPHA_TIME_CONSTANT + dt)


@compiled
def _pitch(state, estimate, sheet, scale, airspeed, dt):
    gains, aero = sheet.control, sheet.aerodynamics
    if state.pitch_mode == ROLLING:
        state.pitch_integral, state.alpha_asked = 0.0, 0.0
        wanted = max(-estimate.pitch / gains.pitch_time_constant, -NOSE_DOWN_RATE)
        return -gains.pitch_rate_gain * scale * (wanted - estimate.rate[1])
    highest = (aero.CL_max - aero.CL0) / aero.CL_alpha - STALL_MARGIN
    _smooth_alpha(state, estimate, airspeed, dt)
    room = highest - state.alpha
    turn = GRAVITY / airspeed * sin(estimate.roll) ** 2 / max(cos(estimate.roll), 0.4)
    if state.pitch_mode == CLIMB_RATE:
        upward = GRAVITY * (estimate.load_factor * cos(estimate.roll) - 1.0)
        downward = max(gains.climb_rate_gain * (state.climb_command - estimate.climb_rate),
                       -LARGEST_PUSH)
        wanted = (downward + state.climb_acceleration
                  + gains.climb_rate_damping * (state.climb_acceleration - upward)) / airspeed
    else:
        wanted = (state.pitch_command - estimate.pitch) / gains.pitch_time_constant
    wanted = min(max(wanted, -LARGEST_PITCH_RATE), LARGEST_PITCH_RATE) + turn
    if airspeed > 15.0:
        # Neither the stall nor the load limits may be reached, whatever the pitch asked for.
        wanted = min(wanted, max(room / gains.pitch_time_constant, -LARGEST_PITCH_RATE) + turn)
        up = (sheet.limits.load_factor_maximum - 0.3 - estimate.load_factor) * GRAVITY / airspeed
        down = (sheet.limits.load_factor_minimum + 0.3 - estimate.load_factor) * (
            GRAVITY / airspeed)
        wanted = min(max(wanted, estimate.rate[1] + down), estimate.rate[1] + up)
    state.pitch_rate_command = wanted
    error = wanted - estimate.rate[1]
    limit = sheet.actuators.ruddervator.upper
    state.pitch_integral -= gains.pitch_rate_integral * scale * error * dt
    state.pitch_integral = min(max(state.pitch_integral, -0.8 * limit), 0.8 * limit)
    # A rate builds up angle of attack until lift turns the path as fast; stability resists it.
    lift = (aero.CL_alpha * estimate.air.dynamic_pressure * sheet.geometry.wing_area
            / (estimate.mass * airspeed))
    builds_up = wanted - GRAVITY / airspeed * (1.0 - cos(estimate.roll))
    state.alpha_asked = (state.alpha_asked + builds_up * dt) / (1.0 + lift * dt)
    hold = -(aero.Cm_q * wanted * sheet.geometry.chord / (2.0 * airspeed)
             + aero.Cm_alpha * state.alpha_asked) / aero.Cm_elevator
    return hold - gains.pitch_rate_gain * scale * error + state.pitch_integral


@compiled
def _yaw(state, estimate, sheet, scale, airspeed, dt):
    gains = sheet.control
    limit = 0.7 * sheet.actuators.ruddervator.upper
    if state.yaw_mode == LOCKED:
        state.yaw_integral, state.yaw_rate_command = 0.0, 0.0
        return 0.0
    if state.yaw_mode == HEADING:
        wanted = wrap_angle(state.heading_command - estimate.heading) / (
            gains.heading_time_constant)
        wanted = min(max(wanted, -LARGEST_YAW_RATE), LARGEST_YAW_RATE)
        state.yaw_rate_command = wanted
        error = wanted - estimate.rate[2]
        state.beta += (estimate.air.beta - state.beta) * dt / (BETA_TIME_CONSTANT + dt)
        # What holds the nose against the wind from the side, gusts and all.
        hold = -sheet.aerodynamics.Cn_beta / sheet.aerodynamics.Cn_rudder * state.beta
        rudder = hold - 2.0 * gains.yaw_rate_gain * scale * error + state.yaw_integral
        if abs(rudder) < limit or rudder * error > 0.0:
            # At the stop it would only wind up, and swing the nose past the heading.
            state.yaw_integral -= 0.8 * gains.yaw_rate_gain * scale * error * dt
            state.yaw_integral = min(max(state.yaw_integral, -limit), limit)
        return rudder
    wanted = GRAVITY / airspeed * sin(estimate.roll) * cos(estimate.pitch)
    state.yaw_rate_command = wanted
    error = wanted - estimate.rate[2]
    # Positive sideslip, wind from the right, wants the nose to the right: negative rudder.
    state.yaw_integral -= gains.sideslip_integral * scale * estimate.air.beta * dt
    state.yaw_integral = min(max(state.yaw_integral, -0.5 * limit), 0.5 * limit)
    return (-gains.yaw_rate_gain * scale * error - gains.sideslip_gain * scale * estimate.air.beta
            + state.yaw_integral)


@compiled
def _for_the_wind(estimate, sheet):
    """Elevator and aileron [rad] held for the estimated wind, slow on the ground."""
    c, s = cos(estimate.heading), sin(estimate.heading)
    ahead = -(estimate.wind_north * c + estimate.wind_east * s)
    right = estimate.wind_north * s - estimate.wind_east * c
    wind = max(hypot(ahead, right), FULL_WIND)
    # The most where the wind comes from a quarter; from abeam no aileron does anything.
    aileron = 2.0 * ahead * right / (wind * wind) * sheet.actuators.aileron.upper
    return ahead / wind * sheet.actuators.ruddervator.upper, aileron


@compiled
def _taxi(state, estimate, sheet, rudder):
    """Elevator, aileron and rudder on the ground; the integrals forget."""
    state.roll_integral, state.pitch_integral, state.alpha_asked = 0.0, 0.0, 0.0
    elevator, aileron = _for_the_wind(estimate, sheet)
    # Wind from behind meets the rudder the other way round.
    return elevator, aileron, rudder if cos(estimate.air.alpha) >= 0.0 else -rudder


@compiled
def step(state, estimate, sheet, commands, dt):
    """Turn bank, pitch and heading commands into surface commands; every ``dt`` s."""
    pressure = max(estimate.air.dynamic_pressure, LEAST_PRESSURE)
    scale = sheet.control.reference_pressure / pressure
    scale = min(scale, 3.0)
    airspeed = max(estimate.air.true_airspeed, 12.0)
    upper, lower = sheet.actuators.aileron.upper, sheet.actuators.aileron.lower
    rudder = _yaw(state, estimate, sheet, scale, airspeed, dt)
    if state.pitch_mode == TAXI:
        elevator, aileron, rudder = _taxi(state, estimate, sheet, rudder)
    else:
        aileron = _roll(state, estimate, sheet, scale, airspeed, dt)
        elevator = _pitch(state, estimate, sheet, scale, airspeed, dt)
        rudder += state.rudder_trim
    commands.aileron = min(max(aileron, lower), upper)
    # Pitch comes first: rudder takes the travel that elevator leaves.
    travel = sheet.actuators.ruddervator.upper
    elevator = min(max(elevator, -travel), travel)
    room = travel - 0.3 * abs(elevator)
    commands.elevator = elevator
    commands.rudder = min(max(rudder, -room), room)
    _steer(state, estimate, sheet, commands)


@compiled
def _steer(state, estimate, sheet, commands):
    """Nose wheel: turn at the rate asked for, less as the wheels roll faster."""
    if state.yaw_mode != HEADING:
        commands.steering = 0.0
        return
    speed = max((estimate.velocity_north**2 + estimate.velocity_east**2) ** 0.5, 2.0)
    wheelbase = (sheet.landing_gear.wheels[0].position[0]
                 - sheet.landing_gear.wheels[1].position[0])
    error = state.yaw_rate_command - estimate.rate[2]
    angle = wheelbase * (state.yaw_rate_command + STEER_GAIN * error) / speed
    limit = sheet.actuators.steering.upper
    commands.steering = min(max(angle, -limit), limit)
