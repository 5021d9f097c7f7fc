"""Closed forms over a datasheet that flight, planning and autopilot share.

What an engine gives and burns, whatever its kind. A piston engine's full-throttle power falls
with air density after Gagg and Farrar (SAE Transactions 29, 1934) and its fuel flow is a Willans
line. A turboprop's power and fuel flow are tables over altitude and Mach number, entered at the
altitude whose standard density is the air's, so that a warm day costs power; its power never
exceeds the flat rating. At a given gas power a free turbine's torque falls in a straight line with
speed, to zero at twice the design speed (Cohen, Rogers and Saravanamuttoo, Gas Turbine Theory,
ch. 9).

Airspeeds are those of subsonic compressible flow (NACA Report 837, 1946): impact pressure is
total less static pressure, calibrated airspeed the one that has it at sea level.
"""

from math import exp, log, pi, sqrt

from longwatch.aircraft.schema import (
    ADVANCE_RATIOS,
    BLADE_ANGLES,
    POWER_ALTITUDES,
    POWER_MACHS,
    SPEED_POINTS,
    TURBOPROP,
)
from longwatch.compiled import compiled
from longwatch.earth.standard import SEA_LEVEL_PRESSURE, SEA_LEVEL_SOUND

# A piston engine in cruise turns as slowly as gives its power at this share of full throttle.
CRUISE_LOAD = 0.85
# Above this share of the largest continuous power, it turns at its continuous speed.
FULL_SPEED_SHARE = 0.9
LEAST_SPEED = 1.0
# Climb rate that is left where a height or a speed can be held [m/s]: a service ceiling's, 100
# ft/min.
CEILING_CLIMB = 0.508
# Height gained and lost over distance flown that the autopilot never exceeds, and that planning
# reckons with. Grade: assumed.
STEEPEST_CLIMB, STEEPEST_DESCENT = 0.16, 0.09
# Part of the wind that is kept in hand as airspeed against its gusts, and the most of it [m/s].
# Grade: assumed.
GUST_SHARE = 0.4
LARGEST_GUST_ALLOWANCE = 6.5
# Half of a gust's three standard deviations near the ground, over what is felt of it on the way
# down from the gate, where eddies are weaker and longer.
GUST_FACTOR_KEPT = 3.0
# Standard atmosphere (ISO 2533): density ratio over altitude below and above the tropopause.
TROPOPAUSE = 11000.0
TROPOPAUSE_RATIO = 0.2970763
LAPSE_HEIGHT = 44330.77
LAPSE_EXPONENT = 4.2558797
SCALE_HEIGHT = 6341.615


@compiled
def altitude_factor(piston, density_ratio):
    """Full-throttle power over its sea-level value, at a density ratio (Gagg and Farrar, 1934)."""
    constant = piston.altitude_constant
    return max(density_ratio - (1.0 - density_ratio) / constant, 0.0)


@compiled
def sea_level_power(piston, speed):
    """Full-throttle brake power [W] at sea level and a crankshaft speed [rad/s]."""
    speeds, powers = piston.table_speed, piston.table_power
    if speed <= speeds[0]:
        return powers[0] * speed / speeds[0]
    i = 0
    while i < SPEED_POINTS - 2 and speed > speeds[i + 1]:
        i += 1
    share = (speed - speeds[i]) / (speeds[i + 1] - speeds[i])
    return powers[i] + share * (powers[i + 1] - powers[i])


@compiled
def speed_for_power(piston, power):
    """Least crankshaft speed [rad/s] whose full-throttle power at sea level is ``power`` [W]."""
    speeds, powers = piston.table_speed, piston.table_power
    if power <= powers[0]:
        return speeds[0]
    i = 0
    while i < SPEED_POINTS - 2 and power > powers[i + 1]:
        i += 1
    share = min((power - powers[i]) / (powers[i + 1] - powers[i]), 1.0)
    return speeds[i] + share * (speeds[i + 1] - speeds[i])


@compiled
def density_altitude(density_ratio):
    """Altitude [m] of the standard atmosphere with a density over sea level's."""
    if density_ratio < TROPOPAUSE_RATIO:
        return TROPOPAUSE - SCALE_HEIGHT * log(density_ratio / TROPOPAUSE_RATIO)
    return LAPSE_HEIGHT * (1.0 - density_ratio ** (1.0 / LAPSE_EXPONENT))


@compiled
def standard_density_ratio(altitude):
    """Density over sea level's at an altitude [m] of the standard atmosphere, up to 20 km."""
    if altitude > TROPOPAUSE:
        return TROPOPAUSE_RATIO * exp((TROPOPAUSE - altitude) / SCALE_HEIGHT)
    return (1.0 - altitude / LAPSE_HEIGHT) ** LAPSE_EXPONENT


@compiled
def impact_pressure(static, mach2):
    """Impact pressure [Pa] at a static pressure [Pa] and the square of a Mach number."""
    return static * ((1.0 + 0.2 * mach2) ** 3.5 - 1.0)


@compiled
def mach_squared(impact, static):
    """The square of the Mach number with an impact pressure at a static pressure [Pa]."""
    return 5.0 * ((impact / static + 1.0) ** (2.0 / 7.0) - 1.0)


@compiled
def true_from_calibrated(calibrated, static, sound):
    """True airspeed [m/s] at a calibrated one, a static pressure [Pa] and a speed of sound."""
    mach = calibrated / SEA_LEVEL_SOUND
    return sound * sqrt(mach_squared(impact_pressure(SEA_LEVEL_PRESSURE, mach * mach), static))


@compiled
def calibrated_from_true(true, static, sound):
    """Calibrated airspeed [m/s] at a true one, a static pressure [Pa] and a speed of sound."""
    mach = true / sound
    return SEA_LEVEL_SOUND * sqrt(
        mach_squared(impact_pressure(static, mach * mach), SEA_LEVEL_PRESSURE))


@compiled
def allowance_for(wind):
    """Airspeed [m/s] kept in hand against the gusts of a wind [m/s]."""
    return min(GUST_SHARE * wind, LARGEST_GUST_ALLOWANCE)


@compiled
def turboprop_tables(turboprop, density_ratio, mach):
    """Thermodynamic power [W] and the fuel flow [kg/s] at it, bilinear, held at the edges."""
    altitudes, machs = turboprop.altitude, turboprop.mach
    altitude = density_altitude(density_ratio)
    i, j = 0, 0
    while i < POWER_ALTITUDES - 2 and altitude > altitudes[i + 1]:
        i += 1
    while j < POWER_MACHS - 2 and mach > machs[j + 1]:
        j += 1
    y = (altitude - altitudes[i]) / (altitudes[i + 1] - altitudes[i])
    x = (mach - machs[j]) / (machs[j + 1] - machs[j])
    y, x = min(max(y, 0.0), 1.0), min(max(x, 0.0), 1.0)
    a, b, c, d = (1.0 - y) * (1.0 - x), (1.0 - y) * x, y * (1.0 - x), y * x
    power, fuel = turboprop.power, turboprop.fuel
    return (a * power[i, j] + b * power[i, j + 1] + c * power[i + 1, j] + d * power[i + 1, j + 1],
            a * fuel[i, j] + b * fuel[i, j + 1] + c * fuel[i + 1, j] + d * fuel[i + 1, j + 1])


@compiled
def turbine_efficiency(engine, speed):
    """Shaft power over its value at the take-off speed, at the same gas power."""
    share = min(speed / engine.takeoff_speed, 1.9)
    return share * (2.0 - share)


@compiled
def full_torque(engine, speed, density_ratio, mach):
    """Brake torque [N m] of one engine at full throttle and a crankshaft speed [rad/s]."""
    speed = max(speed, LEAST_SPEED)
    if engine.kind == TURBOPROP:
        power, _ = turboprop_tables(engine.turboprop, density_ratio, mach)
        # The gearbox carries the flat rating down to the slowest speed of flight, no more torque.
        limit = engine.turboprop.power_limit / max(speed, engine.cruise_speed_least)
        return min(power * turbine_efficiency(engine, speed) / speed, limit)
    return (sea_level_power(engine.piston, speed) / speed
            * altitude_factor(engine.piston, density_ratio))


@compiled
def full_power(engine, speed, density_ratio, mach):
    """Brake power [W] of one engine at full throttle and a crankshaft speed [rad/s]."""
    if engine.kind == TURBOPROP:
        return full_torque(engine, speed, density_ratio, mach) * speed
    return sea_level_power(engine.piston, speed) * altitude_factor(engine.piston, density_ratio)


@compiled
def available_power(engine, density_ratio, mach):
    """Largest continuous brake power [W] of one engine."""
    if engine.kind == TURBOPROP:
        power, _ = turboprop_tables(engine.turboprop, density_ratio, mach)
        return min(power * turbine_efficiency(engine, engine.continuous_speed),
                   engine.continuous_power)
    return engine.continuous_power * altitude_factor(engine.piston, density_ratio)


@compiled
def cruise_engine_speed(engine, power, density_ratio, mach):
    """Crankshaft speed [rad/s] at which an engine is let give a brake power [W] in cruise.

    A piston engine turns slowly under load, for little friction; a turboprop so that the
    propeller keeps the power coefficient of continuous power at sea level.
    """
    if power >= FULL_SPEED_SHARE * available_power(engine, density_ratio, mach):
        return engine.continuous_speed
    if engine.kind == TURBOPROP:
        share = max(power, 0.0) / (engine.continuous_power * density_ratio)
        speed = engine.continuous_speed * share ** (1.0 / 3.0)
    else:
        factor = max(altitude_factor(engine.piston, density_ratio), 0.05)
        speed = speed_for_power(engine.piston, power / (CRUISE_LOAD * factor))
    return min(max(speed, engine.cruise_speed_least), engine.continuous_speed)


@compiled
def fuel_flow(engine, power, speed, density_ratio, mach):
    """Fuel flow [kg/s] of one engine at a brake power [W] and crankshaft speed [rad/s]."""
    if engine.kind == TURBOPROP:
        full, fuel = turboprop_tables(engine.turboprop, density_ratio, mach)
        gas = max(power, 0.0) / max(turbine_efficiency(engine, speed), 0.1)
        idle = engine.turboprop.fuel_share_idle
        return fuel * (idle + (1.0 - idle) * min(gas / full, 1.0))
    piston = engine.piston
    flow = piston.fuel_per_energy * max(power, 0.0)
    return max(flow + (piston.fuel_per_turn + piston.fuel_per_turn2 * speed) * speed, 0.0)


@compiled
def drag_coefficient(sheet, CL):
    """Drag coefficient of attached flow at a lift coefficient, gear up, without ground effect."""
    aspect_ratio = sheet.geometry.span * sheet.geometry.span / sheet.geometry.wing_area
    aero = sheet.aerodynamics
    return aero.CD0 + CL * CL / (pi * aero.oswald * aspect_ratio)


@compiled
def thrust_and_power_coefficients(propeller, blade_angle, advance_ratio):
    """CT and CP, bilinear in the tables and held at their edges."""
    x = (advance_ratio - propeller.advance_first) / propeller.advance_step
    y = (blade_angle - propeller.angle_first) / propeller.angle_step
    x = min(max(x, 0.0), ADVANCE_RATIOS - 1.000001)
    y = min(max(y, 0.0), BLADE_ANGLES - 1.000001)
    # Also where a value is no number: a look-up never leaves its table.
    j = min(max(int(x), 0), ADVANCE_RATIOS - 2)
    i = min(max(int(y), 0), BLADE_ANGLES - 2)
    x -= j
    y -= i
    CT, CP = propeller.CT, propeller.CP
    thrust = ((1.0 - y) * ((1.0 - x) * CT[i, j] + x * CT[i, j + 1])
              + y * ((1.0 - x) * CT[i + 1, j] + x * CT[i + 1, j + 1]))
    power = ((1.0 - y) * ((1.0 - x) * CP[i, j] + x * CP[i, j + 1])
             + y * ((1.0 - x) * CP[i + 1, j] + x * CP[i + 1, j + 1]))
    return thrust, power
