"""Which runway to use, and which end of it, by what the autopilot carries and feels.

The runways aboard are known by their thresholds alone. An end is chosen by the estimated wind, in
calm air by the way from here.
"""

from math import atan2, cos, hypot, sin, sqrt

from longwatch.aircraft.formulas import available_power
from longwatch.autopilot.control import guidance
from longwatch.autopilot.estimation.estimate import ground_speed, stall_speed
from longwatch.autopilot.manoeuvres import approach
from longwatch.autopilot.manoeuvres.landing import LONGEST_LANDING
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef

# A headwind or tailwind below this [m/s] says nothing about the end to use.
CALM = 0.5
# The end that was told is landed on in up to this wind from behind [m/s].
KEPT_TAILWIND = 1.5
# Share of full braking that a landing is reckoned with, and what is kept before the end [m].
BRAKING = 0.6
END_MARGIN = 100.0
# Brakes and engines take so long [s] to take hold when a take-off is given up.
STOPPING_DELAY = 3.0
# Lined up: within this angle [rad] of the runway's course.
LINED_UP = 0.2
# Rolling friction over weight, and what is kept of a take-off's acceleration.
ROLLING_FRICTION = 0.04
TAKEOFF_SHARE = 0.7
# From the rotation speed to the lift-off [s].
ROTATION_TIME = 4.0


@compiled
def landing_length(estimate, sheet, runway):
    """Runway [m] that a landing needs, from its threshold, in calm air and on the level.

    Wheels may touch as late as LONGEST_LANDING, after which the landing is given up.
    """
    speed = sheet.procedures.touchdown_factor * stall_speed(estimate, sheet)
    speed /= sqrt(max(estimate.air.density_ratio, 0.3))
    stop = speed * speed / (2.0 * GRAVITY * BRAKING * sheet.landing_gear.brake_friction)
    return max(runway.aiming_distance, LONGEST_LANDING) + stop + END_MARGIN


@compiled
def tail_wind(estimate):
    """Wind from behind [m/s], negative from ahead."""
    return (estimate.wind_north * cos(estimate.heading)
            + estimate.wind_east * sin(estimate.heading))


@compiled
def takeoff_length(estimate, sheet, working):
    """Runway [m] from a standstill to the lift-off, by the engines' power and a margin.

    In the tail wind that is felt; a head wind is not counted on.
    """
    return length_to_lift_off(estimate, sheet, working, 0.0, max(tail_wind(estimate), 0.0))


@compiled
def length_to_lift_off(estimate, sheet, working, now, tail):
    """Runway [m] from a speed over the ground, ``now``, to the lift-off in a tail wind [m/s]."""
    rotation = sheet.procedures.rotation_factor * stall_speed(estimate, sheet)
    density_ratio = max(estimate.air.density_ratio, 0.3)
    speed = rotation / sqrt(density_ratio)
    power = available_power(sheet.engine, estimate.air.density_ratio, 0.0) * working
    thrust = power * sheet.control.propeller_efficiency / max(speed, 1.0)
    force = TAKEOFF_SHARE * thrust - ROLLING_FRICTION * estimate.mass * GRAVITY
    if force <= 0.0:
        return 1e9
    fast = speed + tail
    gained = max(fast * fast - now * now, 0.0)
    return gained * estimate.mass / (2.0 * force) + ROTATION_TIME * fast


@compiled
def stopping_length(estimate, sheet):
    """Runway [m] that stopping takes from the speed over the ground now, with a margin."""
    speed = ground_speed(estimate)
    brake = GRAVITY * BRAKING * sheet.landing_gear.brake_friction
    return STOPPING_DELAY * speed + speed * speed / (2.0 * brake) + END_MARGIN


@compiled
def _distance2(a, b):
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return x * x + y * y + z * z


@compiled
def nearest(runways, estimate, sheet, earth, latitude, longitude):
    """Index of the runway nearest to a place [rad] that is long enough to land on; -1 none."""
    place = geodetic_to_ecef(earth, latitude, longitude, 0.0)
    chosen, least = -1, 0.0
    for i in range(len(runways)):
        runway = runways[i]
        _, _, length = approach.axis(runway, 0, earth)
        if length < landing_length(estimate, sheet, runway):
            continue
        a = geodetic_to_ecef(earth, runway.latitude[0], runway.longitude[0], 0.0)
        b = geodetic_to_ecef(earth, runway.latitude[1], runway.longitude[1], 0.0)
        away = min(_distance2(place, a), _distance2(place, b))
        if chosen < 0 or away < least:
            chosen, least = i, away
    return chosen


@compiled
def into_wind(runway, estimate, earth, told):
    """End of a runway to land on: into the estimated wind; in calm air the one that lies ahead.

    The end that was ``told`` (-1 none) is kept to until the wind is from behind there.
    """
    north, east, length = approach.axis_here(runway, 0, earth, estimate)
    along = (estimate.wind_north * north + estimate.wind_east * east) / length
    a = geodetic_to_ecef(earth, runway.latitude[0], runway.longitude[0], 0.0)
    to_north, to_east = guidance.offset(estimate, a)
    return end_by(along, to_north * north + to_east * east, told)


@compiled
def end_by(along, ahead, told):
    """End of a runway to land on, by the wind [m/s] and the way to threshold a along its course.

    See :func:`into_wind`.
    """
    if told >= 0 and (along if told == 0 else -along) < KEPT_TAILWIND:
        return told
    if abs(along) > CALM:
        return 0 if along < 0.0 else 1
    return 0 if ahead > 0.0 else 1


@compiled
def lined_up(runways, estimate, earth):
    """Runway, end, and what is left of it ahead [m], for an aircraft that stands on one.

    (-1, 0, 0.0) where it stands on none, or across it.
    """
    for i in range(len(runways)):
        for end in range(2):
            runway = runways[i]
            north, east, length = approach.axis_here(runway, end, earth, estimate)
            course = atan2(east, north)
            if abs(wrap_angle(estimate.heading - course)) > LINED_UP:
                continue
            threshold = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
            to_north, to_east = guidance.offset(estimate, threshold)
            past = -(to_north * cos(course) + to_east * sin(course))
            aside = to_north * sin(course) - to_east * cos(course)
            if abs(aside) < 0.5 * runway.width and 0.0 <= past < length:
                return i, end, length - past
    return -1, 0, 0.0


@compiled
def distance(runway, end, estimate, earth):
    """Distance [m] over the ground to a threshold."""
    north, east = guidance.offset(
        estimate, geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0))
    return hypot(north, east)
