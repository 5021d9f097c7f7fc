"""Time and fuel to a runway from here, as the aircraft itself can reckon them.

Legs are flown in numbers: the climb at the largest continuous power, level flight at the standard
cruise speed of the mass by then, the descent, and at the end a full circle and the final approach.
Wind is the estimate of here and now, the air as much thinner or denser than standard as here; drag
polar, power and fuel flow are the datasheet's (aircraft/formulas.py), the propeller's efficiency
the one that the energy control reckons with. Planning on the ground does the same sum with weather
and propeller tables (planning/walk.py).
"""

from math import atan2, cos, hypot, pi, sin, sqrt, tan

from longwatch.aircraft.formulas import (
    available_power,
    cruise_engine_speed,
    drag_coefficient,
    fuel_flow,
    standard_density_ratio,
)
from longwatch.autopilot import engines
from longwatch.autopilot.approach import JOIN_BANK
from longwatch.autopilot.fence import direction_of, north_east
from longwatch.compiled import compiled

GRAVITY = 9.80665
DENSITY_0 = 1.225
DESCENT = 0.061
# Height gained over distance that the energy control never exceeds (autopilot/energy.py).
STEEPEST_CLIMB = 0.16
# A leg is burnt down in so many parts, each at its own mass.
PARTS = 4
LEAST_GROUND_SPEED = 1.0
# Time and fuel of a way that the wind forbids [s, kg].
NEVER = 1e7
SOUND_0, LAPSE_HEIGHT, LEAST_SOUND_RATIO = 340.294, 44330.77, 0.8671


@compiled
def distance_course(a, b):
    """Distance [m] and course at the start [rad] between two places of ``direction_of``."""
    nx, ny, nz, ex, ey, _ = north_east(a[0], a[1], a[2])
    north, east = b[0] * nx + b[1] * ny + b[2] * nz, b[0] * ex + b[1] * ey
    along = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return 0.5 * (a[3] + b[3]) * atan2(hypot(north, east), along), atan2(east, north)


@compiled
def over_ground(airspeed, course, wind_north, wind_east):
    """Speed over the ground [m/s] along a course; not above zero where the wind forbids it."""
    along = wind_north * cos(course) + wind_east * sin(course)
    across = wind_east * cos(course) - wind_north * sin(course)
    if abs(across) >= airspeed:
        return -NEVER
    return sqrt(airspeed * airspeed - across * across) + along


@compiled
def density_ratio(navigation, altitude_msl):
    """Air density over sea level's at an altitude [m], as warm or cold as the air here."""
    here = navigation.density_ratio / standard_density_ratio(navigation.altitude_msl)
    return min(max(here, 0.7), 1.3) * standard_density_ratio(altitude_msl)


@compiled
def standard_speed(navigation, sheet, mass, asked):
    """Calibrated airspeed [m/s] flown on the way home at a mass [kg]; ``asked`` at the present."""
    return asked * sqrt(mass / navigation.mass)


@compiled
def burn(sheet, running, mass, calibrated, ratio, altitude_msl, climb):
    """Fuel flow [kg/s] of all engines and the climb rate [m/s] in steady flight.

    ``climb`` is the rate asked for; at more than the engines give, what they give.
    """
    airspeed = calibrated / sqrt(ratio)
    mach = airspeed / (SOUND_0 * max(sqrt(max(1.0 - altitude_msl / LAPSE_HEIGHT, 0.0)),
                                     LEAST_SOUND_RATIO))
    pressure = 0.5 * DENSITY_0 * calibrated * calibrated
    area, weight = sheet.geometry.wing_area, mass * GRAVITY
    drag = (drag_coefficient(sheet, weight / (pressure * area)) * area
            + engines.drag_area(running, sheet)) * pressure
    working = max(running.working, 1)
    efficiency = sheet.control.propeller_efficiency * working
    most = min(available_power(sheet.engine, ratio, mach), running.power_limit)
    climb = min(climb, STEEPEST_CLIMB * airspeed)
    power = min(max((drag * airspeed + weight * climb) / efficiency, 0.0), most)
    rate = min(climb, (most * efficiency - drag * airspeed) / weight)
    speed = cruise_engine_speed(sheet.engine, power, ratio, mach)
    return working * fuel_flow(sheet.engine, power, speed, ratio, mach), rate


@compiled
def leg(navigation, running, sheet, asked, start, end, mass, altitude, top):
    """Fly from one place to another towards an altitude ``top`` [m] above mean sea level.

    ``asked`` is the calibrated cruise speed [m/s] at the present mass. Returns time [s], mass [kg]
    and altitude [m] at the end; a time of ``NEVER`` where the wind forbids it.
    """
    distance, course = distance_course(start, end)
    time = 0.0
    for _ in range(PARTS):
        left = distance / PARTS
        for _ in range(2):
            calibrated = standard_speed(navigation, sheet, mass, asked)
            ratio = density_ratio(navigation, altitude)
            airspeed = calibrated / sqrt(ratio)
            speed = over_ground(airspeed, course, navigation.wind_north, navigation.wind_east)
            if speed < LEAST_GROUND_SPEED:
                return NEVER, mass, altitude
            wanted = top - altitude
            climb = airspeed if wanted > 1.0 else (-DESCENT * airspeed if wanted < -1.0 else 0.0)
            flow, rate = burn(sheet, running, mass, calibrated, ratio, altitude, climb)
            spent = left / speed
            if rate * wanted > 0.0:
                spent = min(spent, wanted / rate)
                altitude += rate * spent
            time, mass, left = time + spent, mass - flow * spent, left - spent * speed
            if left < 1.0:
                break
        if left >= 1.0:
            flow, _ = burn(sheet, running, mass, calibrated, ratio, altitude, 0.0)
            time, mass = time + left / speed, mass - flow * left / speed
    return time, max(mass, 0.5 * navigation.mass), altitude


@compiled
def landing(navigation, running, sheet, asked, mass, altitude, gate_altitude):
    """Down to the gate on the joining circle, once around it, and the final approach.

    Returns time [s] and mass [kg] at the end.
    """
    calibrated = standard_speed(navigation, sheet, mass, asked)
    ratio = density_ratio(navigation, 0.5 * (altitude + gate_altitude))
    airspeed = calibrated / sqrt(ratio)
    time = max(altitude - gate_altitude, 0.0) / (DESCENT * airspeed)
    flow, _ = burn(sheet, running, mass, calibrated, ratio, gate_altitude, -DESCENT * airspeed)
    mass -= flow * time
    wind = hypot(navigation.wind_north, navigation.wind_east)
    slow = sheet.procedures.approach_factor / sheet.procedures.cruise_factor * min(
        airspeed, calibrated / sqrt(density_ratio(navigation, gate_altitude)))
    radius = (airspeed + wind) * (airspeed + wind) / (GRAVITY * tan(JOIN_BANK))
    flow, _ = burn(sheet, running, mass, calibrated, ratio, gate_altitude, 0.0)
    spent = (2.0 * pi * radius / airspeed
             + sheet.procedures.final_length / max(slow - wind, LEAST_GROUND_SPEED * 5.0))
    return time + spent, mass - flow * spent


@compiled
def place(earth, latitude, longitude):
    """A place as the sums here take it."""
    return direction_of(earth, latitude, longitude)
