"""Time and fuel to a runway from here, as the aircraft itself can reckon them.

Legs are flown in numbers: the climb at the largest continuous power, level flight at the standard
cruise speed of the mass by then, the descent, and at the end a full circle and the final approach.
Wind is the estimate of the last minute, the air as much thinner or denser than standard as here;
drag polar, power and fuel flow are the datasheet's (aircraft/formulas.py), the propeller's
efficiency the one that the energy control reckons with. Planning on the ground does the same sum
with weather and propeller tables (planning/walk.py).
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
# Height gained and lost over distance that the energy control never exceeds (energy.py).
STEEPEST_CLIMB, STEEPEST_DESCENT = 0.16, 0.09
# Where the way down begins (inbound.py).
DESCENT_SLOPE, JOINING_RADII = 0.05, 6.0
# A leg is burnt down in so many parts, each at its own mass.
PARTS = 4
LEAST_GROUND_SPEED = 1.0
LEAST_FINAL_SPEED = 5.0
# The mean wind is believed once it has been averaged over so much [s].
KNOWN_TIME = 20.0
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
def steady_wind(navigation):
    """Wind (north, east) [m/s] without gusts; the estimate of the moment until that is known."""
    known = navigation.dead_reckoning
    if known.wind_known < KNOWN_TIME:
        return navigation.wind_north, navigation.wind_east
    return known.mean_wind_north, known.mean_wind_east


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

    ``climb`` is the rate asked for; the rate returned is what full power and idle leave of it.
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
    return (working * fuel_flow(sheet.engine, power, speed, ratio, mach),
            max(rate, -drag * airspeed / weight))


@compiled
def cruise(navigation, running, sheet, asked, distance, course, mass, altitude, top):
    """Fly a distance [m] on a course [rad] towards an altitude ``top`` [m] above mean sea level.

    ``asked`` is the calibrated cruise speed [m/s] at the present mass. Returns time [s], mass [kg]
    and altitude [m] at the end; a time of ``NEVER`` where the wind forbids it.
    """
    time = 0.0
    north, east = steady_wind(navigation)
    for _ in range(PARTS):
        left = distance / PARTS
        for change in (True, False):
            calibrated = standard_speed(navigation, sheet, mass, asked)
            ratio = density_ratio(navigation, altitude)
            airspeed = calibrated / sqrt(ratio)
            speed = over_ground(airspeed, course, north, east)
            if speed < LEAST_GROUND_SPEED:
                return NEVER, mass, altitude
            wanted = top - altitude if change else 0.0
            climb = 0.0 if abs(wanted) < 1.0 else STEEPEST_CLIMB * airspeed
            if wanted <= -1.0:
                climb = -STEEPEST_DESCENT * airspeed
            flow, rate = burn(sheet, running, mass, calibrated, ratio, altitude, climb)
            spent = left / speed
            if rate * wanted > 0.0:
                spent = min(spent, wanted / rate)
                altitude += rate * spent
            time, mass, left = time + spent, mass - flow * spent, left - spent * speed
            if left < 1.0:
                break
    return time, max(mass, 0.5 * navigation.mass), altitude


@compiled
def leg(navigation, running, sheet, asked, start, end, mass, altitude, top):
    """Fly from one place to another; otherwise as :func:`cruise`."""
    distance, course = distance_course(start, end)
    return cruise(navigation, running, sheet, asked, distance, course, mass, altitude, top)


@compiled
def arrive(navigation, running, sheet, asked, start, end, mass, altitude, top, gate):
    """Fly to a runway and land on it, as the autopilot does (inbound.py).

    High until the way down begins, low from there on, once around the circle that joins the final,
    which begins at the altitude ``gate`` [m], and down. Returns time [s] and mass [kg] at the end.
    """
    distance, course = distance_course(start, end)
    north, east = steady_wind(navigation)
    wind = hypot(north, east)
    slow = sheet.procedures.approach_factor / sheet.procedures.cruise_factor * standard_speed(
        navigation, sheet, mass, asked) / sqrt(density_ratio(navigation, gate))
    radius = (slow + wind) * (slow + wind) / (GRAVITY * tan(JOIN_BANK))
    way_down = (sheet.procedures.final_length + JOINING_RADII * radius
                + max(top - gate, 0.0) / DESCENT_SLOPE)
    far = max(distance - way_down, 0.0)
    time, mass, altitude = cruise(navigation, running, sheet, asked, far, course, mass, altitude,
                                  top)
    if time >= NEVER:
        return NEVER, mass
    sinking, mass, near = _descend(navigation, running, sheet, asked, course, mass, altitude, gate)
    low, mass, _ = cruise(navigation, running, sheet, asked, max(distance - far - near, 0.0),
                          course, mass, gate, gate)
    if low >= NEVER:
        return NEVER, mass
    calibrated = standard_speed(navigation, sheet, mass, asked)
    flow, _ = burn(sheet, running, mass, calibrated, density_ratio(navigation, gate), gate, 0.0)
    last = (2.0 * pi * radius / slow
            + sheet.procedures.final_length / max(slow - wind, LEAST_FINAL_SPEED))
    return time + sinking + low + last, mass - flow * last


@compiled
def _descend(navigation, running, sheet, asked, course, mass, altitude, gate):
    """Time [s] of the way down, the mass [kg] after it and the distance [m] covered meanwhile."""
    height = altitude - gate
    if height <= 0.0:
        return 0.0, mass, 0.0
    middle = altitude - 0.5 * height
    calibrated = standard_speed(navigation, sheet, mass, asked)
    ratio = density_ratio(navigation, middle)
    airspeed = calibrated / sqrt(ratio)
    flow, rate = burn(sheet, running, mass, calibrated, ratio, middle,
                      -STEEPEST_DESCENT * airspeed)
    time = height / max(-rate, 0.1)
    north, east = steady_wind(navigation)
    speed = over_ground(airspeed, course, north, east)
    return time, mass - flow * time, time * max(speed, 0.0)


@compiled
def place(earth, latitude, longitude):
    """A place as the sums here take it."""
    return direction_of(earth, latitude, longitude)
