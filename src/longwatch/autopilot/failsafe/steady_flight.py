"""What a stretch of steady flight takes: wind, air, power and fuel, as they are reckoned aboard.

The wind is the estimate of the last minute; the air is as much thinner or denser than standard as
here; drag polar, power and fuel flow are the datasheet's (aircraft/formulas.py), the propeller's
efficiency the one that the energy control reckons with; where little is asked of the propeller,
sinking or with its blades fine, that of its tables.
"""

from math import cos, pi, sin, sqrt

from longwatch.aircraft.formulas import (
    LAPSE_HEIGHT,
    STEEPEST_CLIMB,
    available_power,
    cruise_engine_speed,
    drag_coefficient,
    fuel_flow,
    standard_density_ratio,
    thrust_and_power_coefficients,
)
from longwatch.autopilot.control import engines
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY, SEA_LEVEL_SOUND

# Time, distance and fuel of a way that the wind forbids or that never ends [s, m, kg].
NEVER = 1e7
# The speed of sound over sea level's falls no lower than at the tropopause.
LEAST_SOUND_RATIO = 0.8671
# Halvings of a blade angle, or a crankshaft speed, that gives a thrust.
HALVINGS = 12
# The mean wind is believed once it has been averaged over so much [s].
KNOWN_TIME = 20.0


@compiled
def steady_wind(estimate):
    """Wind (north, east) [m/s] without gusts; the estimate of the moment until that is known."""
    if estimate.wind_known < KNOWN_TIME:
        return estimate.wind_north, estimate.wind_east
    return estimate.mean_wind_north, estimate.mean_wind_east


@compiled
def wind_altitude(estimate):
    """Altitude above mean sea level [m] where :func:`steady_wind` blows.

    Climbing or sinking, it lags behind the aircraft as far as the wind of the last minute does.
    """
    if estimate.wind_known < KNOWN_TIME:
        return estimate.altitude_msl
    return estimate.mean_wind_altitude


@compiled
def over_ground(airspeed, course, wind_north, wind_east):
    """Speed over the ground [m/s] along a course; not above zero where the wind forbids it."""
    along = wind_north * cos(course) + wind_east * sin(course)
    across = wind_east * cos(course) - wind_north * sin(course)
    if abs(across) >= airspeed:
        return -NEVER
    return sqrt(airspeed * airspeed - across * across) + along


@compiled
def density_ratio(estimate, altitude_msl):
    """Air density over sea level's at an altitude [m], as warm or cold as the air here."""
    return warmth(estimate) * standard_density_ratio(altitude_msl)


@compiled
def warmth(estimate):
    here = estimate.air.density_ratio / standard_density_ratio(estimate.altitude_msl)
    return min(max(here, 0.7), 1.3)


@compiled
def mach_of(airspeed, altitude_msl):
    return airspeed / (SEA_LEVEL_SOUND * max(sqrt(max(1.0 - altitude_msl / LAPSE_HEIGHT, 0.0)),
                                     LEAST_SOUND_RATIO))


@compiled
def _thrust_power(sheet, angle, speed, airspeed, density):
    """Thrust [N] and power [W] of one propeller by its tables, at a crankshaft speed [rad/s]."""
    turns, diameter = speed / sheet.engine.gear_ratio / (2.0 * pi), sheet.propeller.diameter
    CT, CP = thrust_and_power_coefficients(sheet.propeller, angle, airspeed / (turns * diameter))
    disc = density * turns * turns * diameter**4
    return CT * disc, CP * disc * turns * diameter


@compiled
def shaft_power(sheet, thrust, fastest, airspeed, density):
    """Brake power [W] and crankshaft speed [rad/s] of one propeller at a thrust [N].

    Governed at ``fastest`` [rad/s], or with its blades at their fine stop as slow as it must be.
    Power is negative where the air stream drives it.
    """
    propeller, speed = sheet.propeller, fastest
    fine = propeller.angle_minimum
    least, power = _thrust_power(sheet, fine, speed, airspeed, density)
    if least > thrust:
        low, high = 0.3 * fastest, fastest
        for _ in range(HALVINGS):
            speed = 0.5 * (low + high)
            given, power = _thrust_power(sheet, fine, speed, airspeed, density)
            if given < thrust:
                low = speed
            else:
                high = speed
        return power, speed
    low, high = fine, propeller.angle_maximum
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        given, power = _thrust_power(sheet, middle, speed, airspeed, density)
        if given < thrust:
            low = middle
        else:
            high = middle
    return power, speed


@compiled
def burn(sheet, running, mass, calibrated, ratio, altitude_msl, climb, idle, gear, load, fine):
    """Fuel flow [kg/s] of all engines and the climb rate [m/s] in steady flight.

    ``climb`` is the rate asked for; the rate returned is what full power and idle leave of it, with
    ``idle`` the drag over dynamic pressure [m2] of the propellers at idle; ``gear`` 1 for wheels
    that are down, ``load`` the load factor, ``fine`` True for blades kept fine (energy.py).
    """
    airspeed = calibrated / sqrt(ratio)
    mach = mach_of(airspeed, altitude_msl)
    pressure = 0.5 * SEA_LEVEL_DENSITY * calibrated * calibrated
    area, weight = sheet.geometry.wing_area, mass * GRAVITY
    CD = (drag_coefficient(sheet, load * weight / (pressure * area))
          + gear * sheet.aerodynamics.CD_gear)
    drag = (CD * area
            + engines.drag_area(running, sheet)) * pressure
    working = max(running.working, 1)
    efficiency = sheet.control.propeller_efficiency * working
    most = min(available_power(sheet.engine, ratio, mach), running.power_limit)
    climb = min(climb, STEEPEST_CLIMB * airspeed)
    needed = drag * airspeed + weight * climb
    power = min(max(needed / efficiency, 0.0), most)
    speed = cruise_engine_speed(sheet.engine, power, ratio, mach)
    if fine or climb < 0.0:
        if fine:
            speed = sheet.engine.continuous_speed
        power, speed = shaft_power(sheet, needed / airspeed / working, speed, airspeed,
                                   SEA_LEVEL_DENSITY * ratio)
        power = min(max(power, 0.0), most)
    rate = min(climb, (most * efficiency - drag * airspeed) / weight)
    return (working * fuel_flow(sheet.engine, power, speed, ratio, mach),
            max(rate, -(drag + idle * pressure) * airspeed / weight))
