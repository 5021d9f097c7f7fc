"""The way home flown in numbers: its time, its distance over the ground and its fuel.

A small model of the flight, on a plane about the place where it leads (distances and courses from
there are the geodesic's): turns at the largest bank, circles joined, flown and left by the laws of
guidance.py and mission.py, climbs at the largest continuous power, descents at idle, each stretch
at the airspeed that the autopilot flies at that mass, at that height and in that wind. Which
stretches a return is made of stands in way_home.py.

Wind is the estimate of the last minute, less of it near the ground by the customary power law
(exponent 1/7 up to 600 m: A. G. Davenport, Journal of the Structural Division (ASCE) 86, 1960;
grade: assumed); the air is as much thinner or denser than standard as here; drag polar, power and
fuel flow are the datasheet's (aircraft/formulas.py), the propeller's efficiency the one that the
energy control reckons with; where little is asked of the propeller, sinking or with its blades
fine, that of its tables. Planning on the ground does the same sum with weather and propeller tables
(planning/walk.py).
"""

from math import acos, asin, atan2, cos, hypot, pi, sin, sqrt, tan

from longwatch.aircraft.formulas import (
    CEILING_CLIMB,
    STEEPEST_CLIMB,
    STEEPEST_DESCENT,
    allowance_for,
    standard_density_ratio,
)
from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.aboard.fence import direction_of, north_east
from longwatch.autopilot.control import level_speed
from longwatch.autopilot.control.guidance import INTERCEPT
from longwatch.autopilot.estimation.estimate import stall_speed
from longwatch.autopilot.failsafe import steady_flight
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.manoeuvres import glide_polar
from longwatch.autopilot.manoeuvres.approach import ON_TANGENT
from longwatch.autopilot.manoeuvres.phases import LEAST_HEADWAY, airspeed_at
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.record import b1, f8, field, i4, record

# Slower over the ground nothing is reckoned, whatever the wind [m/s]. Grade: assumed.
LEAST_GROUND_SPEED = 1.0
# Share of the never-exceed speed that is flown at most (energy.py).
FASTEST_SHARE = 0.95
# Wind near the ground: exponent, the height where the profile ends and the least height [m].
WIND_EXPONENT, GRADIENT_HEIGHT, LEAST_HEIGHT = 1.0 / 7.0, 600.0, 10.0
# A straight stretch is flown in parts of so many metres, or so many metres of height, at most.
LONGEST_PART, HIGHEST_PART = 20_000.0, 500.0
# Turning, in steps of so many seconds; on a circle, in pieces of this angle at most.
TURN_STEP = 2.0
ARC = 0.25 * pi
# Within this of its course [rad] it flies on straight, so much of the tangent's length at once.
STRAIGHT, LEAP = 0.02, 0.95
# No way home has more steps, and no stretch more parts.
MOST_STEPS, MOST_PARTS = 400, 400


@record
class WayState:
    """Where the aircraft is while its way is flown in numbers, and what the numbers rest on."""

    origin: f8 = field("", "the plane's origin, as direction_of gives it", shape=(4,),
                       logged=False)
    x: f8 = field("m", "north of the origin", logged=False)
    y: f8 = field("m", "east of the origin", logged=False)
    course: f8 = field("rad", "course over the ground in the plane", logged=False)
    altitude: f8 = field("m", "above mean sea level", logged=False)
    mass: f8 = field("kg", "mass by then", logged=False)
    time: f8 = field("s", "flown so far", logged=False)
    distance: f8 = field("m", "flown over the ground so far", logged=False)
    slow: b1 = field("", "at approach speed", logged=False)
    slow_within: f8 = field("m", "this near to a circle it flies at approach speed, 0 never",
                            logged=False)
    fixed: f8 = field("m/s", "calibrated airspeed that is fixed, 0 the standard", logged=False)
    mass_now: f8 = field("kg", "mass at the beginning", logged=False)
    stall: f8 = field("m/s", "calibrated stall speed then", logged=False)
    warmth: f8 = field("", "density of the air over the standard's", logged=False)
    wind_north: f8 = field("m/s", "wind of the plane's axes above the profile", logged=False)
    wind_east: f8 = field("m/s", "wind of the plane's axes above the profile", logged=False)
    idle: f8 = field("m2", "drag over dynamic pressure of the propellers at idle, in the air here",
                     logged=False)
    idle_dense: f8 = field("m2", "the same in the air at sea level", logged=False)
    thin: f8 = field("", "density ratio here", logged=False)
    gear: f8 = field("", "1 with the wheels down", logged=False)
    load: f8 = field("", "load factor of the stretch that is flown", logged=False)
    circles: b1 = field("", "on a circle, whose every course must make way", logged=False)
    end: i4 = field("", "end of the runway, of several the one told; -1 none yet", logged=False)
    airspeed: f8 = field("m/s", "true airspeed", logged=False)
    told: f8 = field("rad", "told to be flown around the joining circle; UNTOLD not yet",
                     logged=False)
    around: f8 = field("rad", "flown around the joining circle", logged=False)
    told_circle: f8 = field("m", "joining circle that was told, as in CrewState", logged=False)
    circle: f8 = field("m", "joining circle that is flown, as in CrewState", logged=False)
    told_loiter: f8 = field("rad", "turned around the plan's next circle when it is left, as told",
                            logged=False)
    loiter: f8 = field("rad", "turned around the first of the plan's circles when it is left",
                       logged=False)
    sinking: f8 = field("", "share of the steepest descent that is reckoned with", logged=False)
    ground: f8 = field("m", "ground that the wind's profile stands on", logged=False)


@compiled
def distance_course(a, b):
    """Distance [m] and course at the start [rad] between two places of ``direction_of``."""
    nx, ny, nz, ex, ey, _ = north_east(a[0], a[1], a[2])
    north, east = b[0] * nx + b[1] * ny + b[2] * nz, b[0] * ex + b[1] * ey
    along = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return 0.5 * (a[3] + b[3]) * atan2(hypot(north, east), along), atan2(east, north)


@compiled
def place(earth, latitude, longitude):
    """A place as the sums here take it."""
    return direction_of(earth, latitude, longitude)


# ---------------------------------------------------------------------------------- the plane


@compiled
def in_plane(way, earth, latitude, longitude):
    """North and east [m] of the origin of a place [rad]."""
    distance, course = distance_course(way.origin, place(earth, latitude, longitude))
    return distance * cos(course), distance * sin(course)


@compiled
def begin(way, estimate, sheet, earth, fixed, ground, latitude, longitude):
    """Put the aircraft, as it flies now, on the plane about a place [rad].

    ``fixed`` is the airspeed of modes.fixed_speed, ``ground`` the elevation [m] that the wind's
    profile stands on.
    """
    origin, here = place(earth, latitude, longitude), place(
        earth, estimate.latitude, estimate.longitude)
    for i in range(4):
        way.origin[i] = origin[i]
    distance, bearing = distance_course(origin, here)
    way.x, way.y = distance * cos(bearing), distance * sin(bearing)
    # Meridians converge: courses here are turned into the plane's.
    turned = 0.0
    if distance > 1.0:
        turned = bearing - (distance_course(here, origin)[1] + pi)
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    way.course = wrap_angle(course + turned)
    way.altitude, way.mass, way.mass_now = (estimate.altitude_msl, estimate.mass,
                                            estimate.mass)
    way.time = way.distance = way.slow_within = way.around = 0.0
    way.told = way.told_circle = way.told_loiter = way.circle = way.loiter = UNTOLD
    way.sinking = 1.0
    way.end, way.airspeed = -1, estimate.air.true_airspeed
    way.slow, way.circles, way.fixed, way.ground = False, False, fixed, ground
    way.gear, way.load = estimate.gauges.gear, 1.0
    way.stall, way.warmth = stall_speed(estimate, sheet), steady_flight.warmth(estimate)
    way.thin = min(max(estimate.air.density_ratio, 0.1), 0.99)
    # The speed it settles at, whatever it flies at this moment.
    speed = max(fixed, sheet.procedures.cruise_factor * way.stall)
    way.idle = sheet.engine.count * glide_polar.idle_area(
        sheet, speed / sqrt(way.thin), SEA_LEVEL_DENSITY * way.thin)
    way.idle_dense = sheet.engine.count * glide_polar.idle_area(sheet, speed, SEA_LEVEL_DENSITY)
    north, east = steady_flight.steady_wind(estimate)
    share = profile(ground, steady_flight.wind_altitude(estimate))
    c, s = cos(turned), sin(turned)
    way.wind_north, way.wind_east = (north * c - east * s) / share, (north * s + east * c) / share


@compiled
def profile(ground, altitude):
    """Wind at an altitude [m] over that above the profile."""
    height = min(max(altitude - ground, LEAST_HEIGHT), GRADIENT_HEIGHT)
    return (height / GRADIENT_HEIGHT) ** WIND_EXPONENT


# ------------------------------------------------------------------------------------- flying


@compiled
def calibrated(way, autopilot, sheet, wind):
    """Calibrated airspeed [m/s] asked for at the mass by then, in a wind [m/s]."""
    stall = way.stall * sqrt(way.mass / way.mass_now)
    allowance = allowance_for(wind)
    if way.slow:
        return sheet.procedures.approach_factor * stall + allowance
    return airspeed_at(autopilot, sheet, way.fixed, way.mass, stall, allowance)


@compiled
def speeds(way, autopilot, sheet, course):
    """Calibrated and true airspeed and speed over the ground on a course [m/s]; density ratio."""
    share = profile(way.ground, way.altitude)
    north, east = share * way.wind_north, share * way.wind_east
    ratio = way.warmth * standard_density_ratio(way.altitude)
    along, across = -hypot(north, east), 0.0
    if not way.circles:
        along, across = (north * cos(course) + east * sin(course),
                         east * cos(course) - north * sin(course))
    # Raised to make way against the wind, as far as that is held (modes.making_way).
    asked = _held(way, autopilot, sheet, ratio, max(
        calibrated(way, autopilot, sheet, hypot(north, east)),
        hypot(across, max(LEAST_HEADWAY - along, 0.0)) * sqrt(ratio)))
    airspeed = asked / sqrt(ratio)
    return asked, airspeed, steady_flight.over_ground(airspeed, course, north, east), ratio


@compiled
def _held(way, autopilot, sheet, ratio, asked):
    """A calibrated airspeed [m/s], or the fastest below it that is held level there."""
    stall = way.stall * sqrt(way.mass / way.mass_now)
    asked = min(asked, FASTEST_SHARE * sheet.limits.never_exceed_speed)
    return level_speed.held_at(
        asked, CEILING_CLIMB, autopilot.engines, sheet, way.mass, stall, 1.0 / sqrt(ratio), ratio,
        steady_flight.mach_of(asked / sqrt(ratio), way.altitude), way.gear)


@compiled
def idle_drag(way, ratio):
    """Drag over dynamic pressure [m2] of the propellers at idle, at a density ratio."""
    share = min(max((ratio - way.thin) / (1.0 - way.thin), 0.0), 1.0)
    return way.idle + share * (way.idle_dense - way.idle)


@compiled
def advance(way, autopilot, sheet, distance, course, top):
    """Fly a distance [m] straight on a course [rad], towards an altitude [m]."""
    left = distance
    for _ in range(MOST_PARTS):
        if left < 0.01 or way.time >= NEVER:
            return
        asked, airspeed, speed, ratio = speeds(way, autopilot, sheet, course)
        if speed < LEAST_GROUND_SPEED:
            way.time = NEVER
            return
        wanted = top - way.altitude
        climb = 0.0
        if abs(wanted) >= 1.0:
            climb = STEEPEST_CLIMB * airspeed if wanted > 0.0 else -STEEPEST_DESCENT * airspeed
        way.airspeed = airspeed
        flow, rate = steady_flight.burn(
            sheet,
            autopilot.engines,
            way.mass,
            asked,
            ratio,
            way.altitude,
            climb,
            idle_drag(way, ratio),
            way.gear,
            way.load,
            False,
        )
        if rate < 0.0 and way.sinking < 1.0:
            # It is reckoned to fly level for the rest, and burns what that takes.
            level, _ = steady_flight.burn(
                sheet,
                autopilot.engines,
                way.mass,
                asked,
                ratio,
                way.altitude,
                0.0,
                0.0,
                way.gear,
                way.load,
                False,
            )
            flow += (1.0 - way.sinking) * (level - flow)
            rate *= way.sinking
        spent = min(left, LONGEST_PART) / speed
        if climb != 0.0 or rate < 0.0:
            spent = min(spent, HIGHEST_PART / max(abs(rate), 0.1))
            if rate * wanted > 0.0:
                spent = min(spent, wanted / rate)
            way.altitude += rate * spent
        way.time, way.distance = way.time + spent, way.distance + speed * spent
        way.mass = max(way.mass - flow * spent, 0.5 * way.mass_now)
        way.x, way.y = (way.x + speed * spent * cos(course), way.y + speed * spent * sin(course))
        left -= speed * spent
    way.time = NEVER


@compiled
def turn(way, autopilot, sheet, wanted, top):
    """Fly on for a moment, turning towards a course [rad] at the largest bank."""
    speed = max(speeds(way, autopilot, sheet, way.course)[2], LEAST_GROUND_SPEED)
    most = GRAVITY * tan(sheet.limits.bank_maximum) / speed * TURN_STEP
    change = min(max(wrap_angle(wanted - way.course), -most), most)
    advance(way, autopilot, sheet, speed * TURN_STEP, way.course + 0.5 * change, top)
    way.course = wrap_angle(way.course + change)


@compiled
def around(way, autopilot, sheet, x, y, radius, side, angle, top):
    """Fly an angle [rad] of the circle about a point of the plane, from where it is on it."""
    pieces = int(angle / ARC) + 1
    part = angle / pieces
    turning = speeds(way, autopilot, sheet, way.course)[1] ** 2 / (GRAVITY * radius)
    way.load, way.circles = sqrt(1.0 + turning * turning), True
    for _ in range(pieces):
        advance(way, autopilot, sheet, radius * part, way.course + 0.5 * side * part, top)
        way.course = wrap_angle(way.course + side * part)
        _onto(way, x, y, radius, side)
    way.load, way.circles = 1.0, False


@compiled
def _onto(way, x, y, radius, side):
    """Put it on the circle, where its course is the tangent."""
    bearing = way.course - 0.5 * side * pi
    way.x, way.y = x + radius * cos(bearing), y + radius * sin(bearing)


@compiled
def slow_down(way, autopilot, sheet, top):
    """To approach speed, wheels down.

    On the way down at idle the speed is given up for height: it sinks later by as much as that is.
    """
    way.slow, way.gear = True, 1.0
    _, airspeed, _, _ = speeds(way, autopilot, sheet, way.course)
    if way.altitude > top:
        way.altitude += max(way.airspeed**2 - airspeed**2, 0.0) / (2.0 * GRAVITY)
    way.airspeed = airspeed


@compiled
def join(way, autopilot, sheet, x, y, radius, side, top, near, far=0.0):
    """Fly to the circle about a point, onto it or until from ``far`` to ``near`` [m] of the point.

    By the law of guidance.py: outside straight to the tangent point, inside at the intercept angle.
    """
    gain = pi / (sheet.control.path_period * sheet.control.path_damping)
    for _ in range(MOST_STEPS):
        if way.time >= NEVER:
            return
        to_x, to_y = x - way.x, y - way.y
        distance = max(hypot(to_x, to_y), 1.0)
        if far <= distance <= near:
            return
        tangent = atan2(to_y, to_x) - 0.5 * side * pi
        cross = side * (radius - distance)
        slow = abs(cross) < way.slow_within
        if slow and not way.slow:
            slow_down(way, autopilot, sheet, top)
        way.slow = slow
        if abs(cross) < 0.1 * radius + 50.0 and (
                abs(wrap_angle(tangent - way.course)) < ON_TANGENT):
            way.course = tangent
            _onto(way, x, y, radius, side)
            return
        steepest, straight = sin(INTERCEPT), 0.0
        if distance > radius:
            straight = sqrt(distance * distance - radius * radius)
            steepest = straight / distance
        speed = max(speeds(way, autopilot, sheet, way.course)[2], LEAST_GROUND_SPEED)
        sine = min(max(gain * cross / speed, -steepest), steepest)
        wanted = wrap_angle(tangent - asin(sine))
        if abs(wrap_angle(wanted - way.course)) < STRAIGHT and straight > 0.2 * radius:
            leap = LEAP * straight
            if near > 0.0:
                leap = min(leap, max(distance - near, 1.0))
            if not way.slow and way.slow_within > 0.0:
                leap = min(leap, max(distance - radius - way.slow_within, 0.0) + 50.0)
            way.course = wanted
            advance(way, autopilot, sheet, leap, wanted, top)
        else:
            turn(way, autopilot, sheet, wanted, top)
    way.time = NEVER


@compiled
def to_point(way, autopilot, sheet, x, y, before, top):
    """Fly to a point, until no more than ``before`` [m] of the leg to it are left."""
    for _ in range(MOST_STEPS):
        if way.time >= NEVER:
            return
        to_x, to_y = x - way.x, y - way.y
        distance, bearing = hypot(to_x, to_y), atan2(to_y, to_x)
        error = wrap_angle(bearing - way.course)
        if distance <= before or (distance < 500.0 and cos(error) < 0.3):
            return
        if abs(error) < STRAIGHT:
            way.course = bearing
            advance(way, autopilot, sheet, distance - before, bearing, top)
            return
        turn(way, autopilot, sheet, bearing, top)
    way.time = NEVER


@compiled
def angle_to_leave(way, x, y, radius, side, to_x, to_y):
    """Angle [rad] left on a circle to where its tangent leads to a point; 0 for one inside."""
    distance = hypot(to_x - x, to_y - y)
    if distance <= radius:
        return 0.0
    leaves = atan2(to_y - y, to_x - x) - side * acos(radius / distance) + 0.5 * side * pi
    left = side * (leaves - way.course)
    return left - 2.0 * pi * (left // (2.0 * pi))
