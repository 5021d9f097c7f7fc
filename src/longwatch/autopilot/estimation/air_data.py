"""Airspeed and flow angles out of the air data computer that was voted for; and without it.

Of three channels voting believes the one in the middle, so that a single blocked tube is outvoted.
What it says is held against the lift that carries the aircraft: at an angle of attack alpha and a
load factor n the dynamic pressure is n m g / (S (CL0 + CL_alpha alpha)). Where the two have
disagreed for a few seconds, as when every tube is iced over, lift takes the airspeed's place until
they agree again. Without any air data the air velocity is that over the ground less the wind known
last.
"""

from math import asin, atan2, cos, sin, sqrt

from longwatch.aircraft.formulas import standard_density_ratio
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY
from longwatch.record import b1, f8, field, record

# Slower than this [m/s], flow angles and wind say nothing.
LEAST_WIND_AIRSPEED = 15.0
SEA_LEVEL_PRESSURE = 101325.0
SEA_LEVEL_SPEED_OF_SOUND = 340.294
SEA_LEVEL_DENSITY = 1.225
GAS_CONSTANT = 287.05287
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
class AirData:
    """What is taken for the flow at the aircraft."""

    calibrated_airspeed: f8 = field("m/s", "calibrated airspeed")
    true_airspeed: f8 = field("m/s", "true airspeed")
    mach: f8 = field("", "Mach number")
    density_ratio: f8 = field("", "air density over sea level's")
    dynamic_pressure: f8 = field("Pa", "half rho V squared")
    alpha: f8 = field("rad", "angle of attack")
    beta: f8 = field("rad", "sideslip")
    doubted: b1 = field("", "the measured airspeed is not believed")


@record
class AirspeedCheckState:
    """The memory of what holds the measured airspeed against the lift."""

    doubt: f8 = field("s", "how long it has disagreed with the lift", logged=False)
    measured: f8 = field("Pa", "dynamic pressure measured, smoothed", logged=False)
    lifting: f8 = field("Pa", "dynamic pressure that the lift shows, smoothed", logged=False)


@compiled
def read(check, estimate, sample, sheet, dt):
    """Fill ``estimate.air`` from the voted ``sample``, every ``dt`` s.

    ``check`` is the AirspeedCheckState.
    """
    if not sample.valid:
        _without(estimate)
        return
    _measured(estimate.air, sample)
    if not estimate.gauges.weight_on_wheels:
        _judge(check, estimate, sheet, dt)
        if estimate.air.doubted:
            _by_lift(estimate.air, check.lifting, estimate.altitude_msl, sample.temperature)


@compiled
def _measured(air, sample):
    ratio = max(sample.impact_pressure, 0.0)
    air.calibrated_airspeed = SEA_LEVEL_SPEED_OF_SOUND * sqrt(
        5.0 * ((ratio / SEA_LEVEL_PRESSURE + 1.0) ** (2.0 / 7.0) - 1.0))
    mach2 = 5.0 * ((ratio / sample.static_pressure + 1.0) ** (2.0 / 7.0) - 1.0)
    air.mach = sqrt(mach2)
    air.true_airspeed = sqrt(mach2 * 1.4 * GAS_CONSTANT * sample.temperature)
    density = sample.static_pressure / (GAS_CONSTANT * sample.temperature)
    air.density_ratio = density / SEA_LEVEL_DENSITY
    air.dynamic_pressure = 0.5 * density * air.true_airspeed * air.true_airspeed
    air.alpha, air.beta = sample.alpha, sample.beta


@compiled
def lift_pressure(estimate, sheet):
    """Dynamic pressure [Pa] that the lift shows at this angle of attack, 0 where it cannot."""
    aero = sheet.aerodynamics
    CL = min(aero.CL0 + aero.CL_alpha * estimate.air.alpha, aero.CL_max)
    if CL < LEAST_CL or estimate.load_factor < LEAST_LOAD:
        return 0.0
    return estimate.load_factor * estimate.mass * GRAVITY / (sheet.geometry.wing_area * CL)


@compiled
def _judge(check, estimate, sheet, dt):
    """Hold the measured airspeed against the lift."""
    air, shown = estimate.air, lift_pressure(estimate, sheet)
    if shown <= 0.0:
        return
    share = dt / (SMOOTHING + dt) if check.lifting > 0.0 else 1.0
    check.lifting += share * (shown - check.lifting)
    check.measured += share * (air.dynamic_pressure - check.measured)
    ratio = max(check.measured, 1.0) / check.lifting
    ratio = max(ratio, 1.0 / ratio)
    if air.doubted:
        check.doubt = check.doubt - dt if ratio < TOGETHER else BACK
        air.doubted = check.doubt > 0.0
        check.doubt = max(check.doubt, 0.0)
    else:
        check.doubt = check.doubt + dt if ratio > APART else 0.0
        air.doubted = check.doubt > PATIENCE
        check.doubt = BACK if air.doubted else check.doubt


@compiled
def _by_lift(air, pressure, altitude_msl, temperature):
    """Put the airspeed that the lift shows in the place of the measured one."""
    # The static port may be what is blocked: density is the standard one of the altitude.
    ratio = max(standard_density_ratio(altitude_msl), LEAST_DENSITY_RATIO)
    air.density_ratio = ratio
    air.dynamic_pressure = pressure
    air.calibrated_airspeed = sqrt(2.0 * pressure / SEA_LEVEL_DENSITY)
    air.true_airspeed = air.calibrated_airspeed / sqrt(ratio)
    air.mach = air.true_airspeed / sqrt(1.4 * GAS_CONSTANT * temperature)


@compiled
def _without(estimate):
    """No air data at all: the way over the ground less the wind known last."""
    air = estimate.air
    north = estimate.velocity_north - estimate.wind_north
    east = estimate.velocity_east - estimate.wind_east
    down, m = -estimate.climb_rate, estimate.body_to_ned
    u = m[0] * north + m[3] * east + m[6] * down
    v = m[1] * north + m[4] * east + m[7] * down
    w = m[2] * north + m[5] * east + m[8] * down
    speed = sqrt(u * u + v * v + w * w)
    air.true_airspeed = speed
    ratio = max(standard_density_ratio(estimate.altitude_msl), LEAST_DENSITY_RATIO)
    air.density_ratio = ratio
    air.calibrated_airspeed = speed * sqrt(ratio)
    air.dynamic_pressure = 0.5 * SEA_LEVEL_DENSITY * ratio * speed * speed
    if speed > LEAST_WIND_AIRSPEED:
        air.alpha, air.beta = atan2(w, u), asin(min(max(v / speed, -1.0), 1.0))


@compiled
def air_velocity(estimate):
    """Velocity through the air towards north and east [m/s]."""
    m, air = estimate.body_to_ned, estimate.air
    speed = air.true_airspeed
    u = cos(air.alpha) * cos(air.beta) * speed
    v = sin(air.beta) * speed
    w = sin(air.alpha) * cos(air.beta) * speed
    return m[0] * u + m[1] * v + m[2] * w, m[3] * u + m[4] * v + m[5] * w
