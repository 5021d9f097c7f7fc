"""Airspeed, flow angles and wind out of the air data computers; and without them.

Of three channels the one in the middle is believed, so that a single blocked tube is outvoted.
What the middle one says is held against the lift that carries the aircraft: at an angle of attack
alpha and a load factor n the dynamic pressure is n m g / (S (CL0 + CL_alpha alpha)). Where the two
have disagreed for a few seconds, as when every tube is iced over, lift takes the airspeed's place
until they agree again. Without any air data the air velocity is that over the ground less the wind
known last. On its wheels the wind is felt where it stands, over a longer time.
"""

from math import asin, atan2, sqrt

from longwatch.aircraft.formulas import standard_density_ratio
from longwatch.autopilot import dead_reckoning
from longwatch.autopilot.voting import middle
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record

WIND_TIME_CONSTANT = 8.0
LEAST_WIND_AIRSPEED = 15.0
# Standing in gusts [s].
GROUND_WIND_TIME_CONSTANT = 30.0
# Gusts are judged over so long [s]: from the gate to the ground, several of their eddies.
GUST_TIME_CONSTANT = 40.0
SEA_LEVEL_PRESSURE = 101325.0
SEA_LEVEL_SPEED_OF_SOUND = 340.294
SEA_LEVEL_DENSITY = 1.225
GAS_CONSTANT = 287.05287
GRAVITY = 9.80665
# The two dynamic pressures are smoothed over this time [s]; further apart than this ratio for as
# long as PATIENCE [s], the measured one is dropped; within the narrower for BACK [s], it is back:
# one that stands still agrees for a while as often as speed comes by.
SMOOTHING = 1.0
APART, TOGETHER = 1.45, 1.15
PATIENCE, BACK = 3.0, 60.0
# Lift tells airspeed only where there is some.
LEAST_CL, LEAST_LOAD = 0.2, 0.4
LEAST_DENSITY_RATIO = 0.05


@record
class AirspeedState:
    doubted: b1 = field("", "the measured airspeed is not believed")
    doubt: f8 = field("s", "how long it has disagreed with the lift", logged=False)
    measured: f8 = field("Pa", "dynamic pressure measured, smoothed", logged=False)
    lifting: f8 = field("Pa", "dynamic pressure that the lift shows, smoothed", logged=False)
    gust_variance: f8 = field("m2/s2", "of the horizontal gusts about the wind, along each axis",
                              logged=False)


@compiled
def read(state, sensors, sheet, dt):
    """Fill speeds, angles and wind of ``state``, a NavigationState, every ``dt`` s."""
    channel = middle(sensors.air_data)
    if channel < 0:
        _without(state)
    else:
        air = sensors.air_data[channel]
        _measured(state, air)
        if not state.weight_on_wheels:
            _judge(state, sheet, dt)
            if state.airspeed.doubted:
                _by_lift(state, air.temperature)
    slow = state.true_airspeed < LEAST_WIND_AIRSPEED
    if state.dead_reckoning.active or channel < 0 or (
            slow and (state.airspeed.doubted or not state.weight_on_wheels)):
        return
    north, east = dead_reckoning.air_velocity(state)
    north, east = state.velocity_north - north, state.velocity_east - east
    share = dt / ((GROUND_WIND_TIME_CONSTANT if slow else WIND_TIME_CONSTANT) + dt)
    state.wind_north += share * (north - state.wind_north)
    state.wind_east += share * (east - state.wind_east)
    _gusts(state, north, east, dt)
    dead_reckoning.remember_wind(state.dead_reckoning, state.wind_north, state.wind_east,
                                 state.altitude_msl, dt)


@compiled
def _gusts(state, north, east, dt):
    """Carry the variance of the gusts on by the wind felt at this instant [m/s]."""
    air = state.airspeed
    if state.weight_on_wheels:
        air.gust_variance = 0.0
        return
    north, east = north - state.wind_north, east - state.wind_east
    found = 0.5 * (north * north + east * east)
    air.gust_variance += (found - air.gust_variance) * dt / (GUST_TIME_CONSTANT + dt)


@compiled
def _measured(state, air):
    ratio = max(air.impact_pressure, 0.0)
    state.calibrated_airspeed = SEA_LEVEL_SPEED_OF_SOUND * sqrt(
        5.0 * ((ratio / SEA_LEVEL_PRESSURE + 1.0) ** (2.0 / 7.0) - 1.0))
    mach2 = 5.0 * ((ratio / air.static_pressure + 1.0) ** (2.0 / 7.0) - 1.0)
    state.mach = sqrt(mach2)
    state.true_airspeed = sqrt(mach2 * 1.4 * GAS_CONSTANT * air.temperature)
    density = air.static_pressure / (GAS_CONSTANT * air.temperature)
    state.density_ratio = density / SEA_LEVEL_DENSITY
    state.dynamic_pressure = 0.5 * density * state.true_airspeed * state.true_airspeed
    state.alpha, state.beta = air.alpha, air.beta


@compiled
def lift_pressure(state, sheet):
    """Dynamic pressure [Pa] that the lift shows at this angle of attack, 0 where it cannot."""
    aero = sheet.aerodynamics
    CL = min(aero.CL0 + aero.CL_alpha * state.alpha, aero.CL_max)
    if CL < LEAST_CL or state.load_factor < LEAST_LOAD:
        return 0.0
    return state.load_factor * state.mass * GRAVITY / (sheet.geometry.wing_area * CL)


@compiled
def _judge(state, sheet, dt):
    """Hold the measured airspeed against the lift."""
    air = state.airspeed
    shown = lift_pressure(state, sheet)
    if shown <= 0.0:
        return
    share = dt / (SMOOTHING + dt) if air.lifting > 0.0 else 1.0
    air.lifting += share * (shown - air.lifting)
    air.measured += share * (state.dynamic_pressure - air.measured)
    ratio = max(air.measured, 1.0) / air.lifting
    ratio = max(ratio, 1.0 / ratio)
    if air.doubted:
        air.doubt = air.doubt - dt if ratio < TOGETHER else BACK
        air.doubted = air.doubt > 0.0
        air.doubt = max(air.doubt, 0.0)
    else:
        air.doubt = air.doubt + dt if ratio > APART else 0.0
        air.doubted = air.doubt > PATIENCE
        air.doubt = BACK if air.doubted else air.doubt


@compiled
def _by_lift(state, temperature):
    """Put the airspeed that the lift shows in the place of the measured one."""
    pressure = state.airspeed.lifting
    # The static port may be what is blocked: density is the standard one of the altitude.
    ratio = max(standard_density_ratio(state.altitude_msl), LEAST_DENSITY_RATIO)
    state.density_ratio = ratio
    state.dynamic_pressure = pressure
    state.calibrated_airspeed = sqrt(2.0 * pressure / SEA_LEVEL_DENSITY)
    state.true_airspeed = state.calibrated_airspeed / sqrt(ratio)
    state.mach = state.true_airspeed / sqrt(1.4 * GAS_CONSTANT * temperature)


@compiled
def _without(state):
    """No air data at all: the way over the ground less the wind known last."""
    north = state.velocity_north - state.wind_north
    east = state.velocity_east - state.wind_east
    down, m = -state.climb_rate, state.body_to_ned
    u = m[0] * north + m[3] * east + m[6] * down
    v = m[1] * north + m[4] * east + m[7] * down
    w = m[2] * north + m[5] * east + m[8] * down
    speed = sqrt(u * u + v * v + w * w)
    state.true_airspeed = speed
    ratio = max(standard_density_ratio(state.altitude_msl), LEAST_DENSITY_RATIO)
    state.density_ratio = ratio
    state.calibrated_airspeed = speed * sqrt(ratio)
    state.dynamic_pressure = 0.5 * SEA_LEVEL_DENSITY * ratio * speed * speed
    if speed > LEAST_WIND_AIRSPEED:
        state.alpha, state.beta = atan2(w, u), asin(min(max(v / speed, -1.0), 1.0))
