"""An engine, piston or turboprop, behind a constant-speed propeller.

What the engine gives and burns is in ``aircraft/formulas.py``; the throttle, behind a lag (the
charge of a piston engine, the gas generator of a turboprop), scales torque between motoring and
full. The propeller reads thrust and power coefficients over advance ratio and blade angle; its
governor turns the blades at a limited rate to hold the speed asked for. Where it feathers, the
blades turn beyond their coarse stop, the coefficients fade out and a drag area fades in: in the
end the propeller stands. Shaft speed is integrated once a tick, semi-implicitly.
"""

from math import pi

from longwatch.aircraft.formulas import (
    fuel_flow,
    full_torque,
    thrust_and_power_coefficients,
)
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record

# Governor: blade rate per relative speed error and per relative acceleration.
GOVERNOR_GAIN = 1.5
GOVERNOR_LEAD = 0.6
LEAST_TURNS = 1.0


@record
class EngineState:
    running: b1 = field("", "combustion is on")
    speed: f8 = field("rad/s", "crankshaft speed")
    throttle: f8 = field("", "charge or gas power, lagging the throttle, 0 to 1")
    torque: f8 = field("N m", "brake torque at the crankshaft")
    power: f8 = field("W", "brake power, mean of the last tick")
    fuel_flow: f8 = field("kg/s", "fuel burnt")


@record
class PropellerState:
    blade_angle: f8 = field("rad", "blade angle at 75 % radius")
    advance_ratio: f8 = field("", "J = V/(n D)")
    thrust: f8 = field("N", "thrust along body x")
    torque: f8 = field("N m", "torque that the propeller absorbs")
    power: f8 = field("W", "power that the propeller absorbs, mean of the last tick")


@compiled
def _engine_torque(state, engine, throttle, density_ratio, mach, dt):
    if not state.running:
        state.throttle = 0.0
        return -engine.friction_torque
    idle = min(max(4.0 * (engine.idle_speed - state.speed) / engine.idle_speed, 0.0), 0.5)
    wanted = max(throttle, idle)
    state.throttle += (wanted - state.throttle) * dt / (engine.time_constant + dt)
    full = full_torque(engine, state.speed, density_ratio, mach)
    return state.throttle * (full + engine.friction_torque) - engine.friction_torque


@compiled
def _absorb(state, propeller, airspeed_axial, density, turns):
    diameter = propeller.diameter
    state.advance_ratio = airspeed_axial / (turns * diameter)
    CT, CP = thrust_and_power_coefficients(propeller, state.blade_angle, state.advance_ratio)
    disc = density * turns * turns * diameter**4
    state.thrust = CT * disc
    state.power = CP * disc * turns * diameter
    if state.blade_angle > propeller.angle_maximum:
        share = ((state.blade_angle - propeller.angle_maximum)
                 / (propeller.angle_feather - propeller.angle_maximum))
        drag = 0.5 * density * airspeed_axial * airspeed_axial * propeller.feathered_drag_area
        state.thrust = (1.0 - share) * state.thrust - share * drag
        state.power *= 1.0 - share
    state.torque = state.power / (2.0 * pi * turns)


@compiled
def _govern(state, propeller, speed, speed_command, acceleration, dt):
    # Too fast, or getting faster, turns the blades coarser.
    rate = GOVERNOR_GAIN * (speed - speed_command + GOVERNOR_LEAD * acceleration) / speed_command
    rate = min(max(rate, -propeller.angle_rate), propeller.angle_rate)
    angle = state.blade_angle + rate * dt
    state.blade_angle = min(max(angle, propeller.angle_minimum), propeller.angle_maximum)


@compiled
def _feather(state, propeller, feather, dt):
    """Turn the blades towards feather, or back to the coarse stop."""
    goal = propeller.angle_feather if feather else propeller.angle_maximum
    move = min(max(goal - state.blade_angle, -propeller.angle_rate * dt), propeller.angle_rate * dt)
    state.blade_angle += move


@compiled
def step(engine_state, propeller_state, engine, propeller, throttle, speed_command, feather,
         airspeed_axial, density, density_ratio, mach, fuel_left, dt):
    """Advance engine, propeller and governor by ``dt`` s; return the fuel burnt [kg].

    ``throttle`` 0..1, ``speed_command`` crankshaft speed [rad/s], ``feather`` true to turn the
    blades into the stream, ``airspeed_axial`` along the shaft [m/s], ``density`` [kg/m3];
    ``density_ratio`` over sea level, ``mach`` of the aircraft (read by turboprops alone).
    """
    if fuel_left <= 0.0:
        engine_state.running = False
    torque = _engine_torque(engine_state, engine, throttle, density_ratio, mach, dt)
    ratio = engine.gear_ratio
    speed = engine_state.speed / ratio
    _absorb(propeller_state, propeller, airspeed_axial, density,
            max(speed / (2.0 * pi), LEAST_TURNS))
    inertia = propeller.inertia + engine.inertia * ratio * ratio
    acceleration = (torque * ratio - propeller_state.torque) / inertia
    if speed <= 0.0 and acceleration < 0.0:
        acceleration = 0.0
    if propeller.feathering and (
            feather or propeller_state.blade_angle > propeller.angle_maximum):
        _feather(propeller_state, propeller, feather, dt)
    else:
        _govern(propeller_state, propeller, speed, speed_command / ratio, acceleration, dt)
    before = speed
    speed = max(speed + acceleration * dt, 0.0)
    # Power at the mean speed is the torque's work over the tick, so that the shaft's energy
    # closes.
    mean_speed = 0.5 * (before + speed)
    propeller_state.power = propeller_state.torque * mean_speed
    engine_state.speed = speed * ratio
    engine_state.torque = torque
    engine_state.power = torque * ratio * mean_speed
    if not engine_state.running:
        engine_state.fuel_flow = 0.0
        return 0.0
    flow = fuel_flow(engine, engine_state.power, engine_state.speed, density_ratio, mach)
    burnt = min(flow * dt, fuel_left)
    engine_state.fuel_flow = burnt / dt
    return burnt
