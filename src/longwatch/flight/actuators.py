"""Servos: first-order lag, rate limit and travel between a command and a surface.

The V-tail has two ruddervators, each positive trailing edge down. Their mean acts as elevator;
their difference as rudder. The mixing is that of an inverted V: with the apex above the booms, the
left one up and the right one down push the tail to the right, so the nose goes left, which is
positive rudder. On an upright V elevator and rudder are right all the same, but each surface shows
its share of the rudder with the wrong sign.
"""

from longwatch.aircraft.schema import ENGINES
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record


@record
class ActuatorsState:
    aileron_left: f8 = field("rad", "left aileron, positive trailing edge down")
    aileron_right: f8 = field("rad", "right aileron, positive trailing edge down")
    ruddervator_left: f8 = field("rad", "left ruddervator, positive trailing edge down")
    ruddervator_right: f8 = field("rad", "right ruddervator, positive trailing edge down")
    steering: f8 = field("rad", "nose wheel, positive to the right")
    throttle: f8 = field("", "throttles, 0 to 1", shape=(ENGINES,))
    brake_left: f8 = field("", "left brake, 0 to 1")
    brake_right: f8 = field("", "right brake, 0 to 1")
    gear: f8 = field("", "landing gear, 0 up to 1 down and locked")


@record
class ActuatorCommands:
    aileron: f8 = field("rad", "roll command, positive right wing down")
    elevator: f8 = field("rad", "pitch command, positive nose down")
    rudder: f8 = field("rad", "yaw command, positive nose left")
    steering: f8 = field("rad", "nose wheel, positive to the right")
    throttle: f8 = field("", "throttles, 0 to 1", shape=(ENGINES,))
    engine_speed: f8 = field("rad/s", "governor setting, crankshaft", shape=(ENGINES,))
    feather: i4 = field("", "1 to feather the propeller", shape=(ENGINES,))
    brake_left: f8 = field("", "left brake, 0 to 1")
    brake_right: f8 = field("", "right brake, 0 to 1")
    gear_up: b1 = field("", "gear lever up")


@compiled
def servo(position, command, servo_parameters, dt):
    """Position after ``dt`` s of a servo that was asked for ``command``."""
    target = min(max(command, servo_parameters.lower), servo_parameters.upper)
    move = (target - position) * dt / (servo_parameters.time_constant + dt)
    largest = servo_parameters.rate_limit * dt
    return position + min(max(move, -largest), largest)


@compiled
def step(state, commands, parameters, gear, dt):
    """Move every servo, and the landing ``gear``, by ``dt`` s towards its command."""
    aileron, ruddervator = parameters.aileron, parameters.ruddervator
    state.aileron_left = servo(state.aileron_left, commands.aileron, aileron, dt)
    state.aileron_right = servo(state.aileron_right, -commands.aileron, aileron, dt)
    state.ruddervator_left = servo(
        state.ruddervator_left, commands.elevator - commands.rudder, ruddervator, dt)
    state.ruddervator_right = servo(
        state.ruddervator_right, commands.elevator + commands.rudder, ruddervator, dt)
    state.steering = servo(state.steering, commands.steering, parameters.steering, dt)
    for i in range(ENGINES):
        state.throttle[i] = servo(state.throttle[i], commands.throttle[i], parameters.throttle, dt)
    state.brake_left = servo(state.brake_left, commands.brake_left, parameters.brake, dt)
    state.brake_right = servo(state.brake_right, commands.brake_right, parameters.brake, dt)
    if not gear.retractable:
        state.gear = 1.0
    elif commands.gear_up:
        state.gear = max(state.gear - dt / gear.transit_time, 0.0)
    else:
        state.gear = min(state.gear + dt / gear.transit_time, 1.0)


@compiled
def surfaces(state):
    """Effective elevator, aileron and rudder [rad] of the surfaces as they stand."""
    elevator = 0.5 * (state.ruddervator_left + state.ruddervator_right)
    rudder = 0.5 * (state.ruddervator_right - state.ruddervator_left)
    aileron = 0.5 * (state.aileron_left - state.aileron_right)
    return elevator, aileron, rudder
