"""A breach of the fence, seen ahead: is there still a turn that stays clear of it?

Twice a second two circles are laid tangent to the track, to the right and to the left, at the point
where a turn begun now would take hold. They are as wide as wind, speed and bank ask for at their
widest, so the aircraft can fly them. While the better one keeps the margin nothing is done; the
last one that does is the one to turn away on. The prediction is thus the way out itself. A circle
that is being flown already is a way out like any other. Far from the fence it is not looked at
again before it could be reached.

Right after take-off, or coming back from outside, the margin may be missing all around: until a
circle has kept it once, only getting closer counts.
"""

from math import atan2, cos, hypot, sin, sqrt, tan

from longwatch.autopilot import failsafe
from longwatch.autopilot.control import bank_limit
from longwatch.autopilot.fence import UNBOUNDED, clearance, direction_of, displaced, geodetic_of
from longwatch.autopilot.guidance import CIRCLE
from longwatch.autopilot.navigation import ground_speed
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record

GRAVITY = 9.80665
# Share of the bank limit that the circle takes: with 0.8, moderate turbulence carried a tb2 in a
# wind of 12 m/s up to 145 m wide of it.
BANK_SHARE = 0.7
# A turn takes hold this long after it is decided [s]; changing sides, so much longer a radian.
ROLL_IN = 2.5
ROLL_OVER = 3.0
# The margin counts as kept again with so much more of it [m].
HYSTERESIS = 60.0
# On a circle within this distance of it [m], leaving it no faster than this [m/s].
ON_CIRCLE, ON_CIRCLE_RATE = 60.0, 8.0
# Height kept from ceiling and floor [m].
HEIGHT_MARGIN = 30.0
# Speed at which the fence comes nearer at most, over airspeed and wind together; at least [m/s].
SURPRISE, LEAST_SPEED = 1.3, 30.0
# Gusts come and go in less than this [s]; the turn is as wide as the speed is without them.
RADIUS_TIME = 10.0


@record
class FenceState:
    level: i4 = field("", "0 inside, 1 breach ahead, 2 outside")
    clearance: f8 = field("m", "distance to the fence, negative outside")
    escape: f8 = field("m", "what the better of two turns, begun now, keeps of it")
    side: f8 = field("", "+1 to turn right, -1 left", logged=False)
    radius: f8 = field("m", "radius of that turn", logged=False)
    latitude: f8 = field("rad", "its centre", logged=False)
    longitude: f8 = field("rad", "its centre", logged=False)
    released: b1 = field("", "a turn has kept the margin since take-off or since it was outside",
                         logged=False)
    above_floor: b1 = field("", "it has been above the floor since take-off", logged=False)
    look_at: f8 = field("s", "when to look again", logged=False)


@compiled
def turn_radius(navigation, sheet):
    """Radius over the ground [m] that it can hold at its speed in the wind as estimated."""
    speed = _fastest(navigation)
    return speed * speed / (GRAVITY * tan(BANK_SHARE * bank_limit(navigation, sheet)))


@compiled
def _fastest(navigation):
    """Speed over the ground [m/s] with the wind from behind."""
    return navigation.true_airspeed + hypot(navigation.wind_north, navigation.wind_east)


@compiled
def _circle(fence, at, navigation, radius, side, interval):
    """Clearance [m] of the circle to one side, and the unit vector of its centre."""
    speed = ground_speed(navigation)
    late = ROLL_IN + interval + ROLL_OVER * max(-side * navigation.roll, 0.0)
    course = atan2(navigation.velocity_east, navigation.velocity_north)
    c, s, ahead = cos(course), sin(course), speed * late
    x, y, z = displaced(at[0], at[1], at[2], at[3], ahead * c - side * radius * s,
                        ahead * s + side * radius * c)
    return clearance(fence, x, y, z, at[3]) - radius, x, y, z


@compiled
def _keep_better(state, fence, at, navigation, earth, interval):
    """Find the turn that keeps most and how much."""
    radius = state.radius
    right, rx, ry, rz = _circle(fence, at, navigation, radius, 1.0, interval)
    left, lx, ly, lz = _circle(fence, at, navigation, radius, -1.0, interval)
    if right >= left:
        state.escape, state.side = right, 1.0
        state.latitude, state.longitude = geodetic_of(earth, rx, ry, rz)
    else:
        state.escape, state.side = left, -1.0
        state.latitude, state.longitude = geodetic_of(earth, lx, ly, lz)


@compiled
def _circle_flown(fence, path, radius):
    """What the circle that is being flown keeps [m]; very little where none is."""
    if path.kind != CIRCLE or abs(path.cross_track) > ON_CIRCLE or (
            abs(path.cross_track_rate) > ON_CIRCLE_RATE):
        return -UNBOUNDED
    x, y, z = path.centre_ecef[0], path.centre_ecef[1], path.centre_ecef[2]
    length = sqrt(x * x + y * y + z * z)
    return (clearance(fence, x / length, y / length, z / length, radius) - path.radius
            - abs(path.cross_track))


@compiled
def _height_level(state, settings, navigation, sheet, interval):
    """Level against ceiling and floor; the way up or down is seen as far as levelling off takes."""
    altitude, climb = navigation.altitude_msl, navigation.climb_rate
    later = altitude + climb * (sheet.control.energy_time_constant + interval)
    ceiling, floor = settings.fence_ceiling, settings.fence_floor
    if ceiling != 0.0:
        if altitude > ceiling:
            return failsafe.OUTSIDE
        if climb > 0.0 and later > ceiling - HEIGHT_MARGIN:
            return failsafe.AHEAD
    if floor != 0.0:
        state.above_floor = state.above_floor or altitude > floor + HEIGHT_MARGIN
        if state.above_floor and altitude < floor:
            return failsafe.OUTSIDE
        if state.above_floor and climb < 0.0 and later < floor + HEIGHT_MARGIN:
            return failsafe.AHEAD
    return 0


@compiled
def held_altitude(settings, navigation, sheet):
    """Altitude [m] at which it levels off, within ceiling and floor by their margin."""
    altitude = (navigation.altitude_msl
                + navigation.climb_rate * sheet.control.energy_time_constant)
    if settings.fence_floor != 0.0:
        altitude = max(altitude, settings.fence_floor + HEIGHT_MARGIN)
    if settings.fence_ceiling != 0.0:
        altitude = min(altitude, settings.fence_ceiling - HEIGHT_MARGIN)
    return altitude


@compiled
def _approaches(state, fence, at, navigation):
    """True when the way ahead comes nearer to the fence."""
    x, y, z = displaced(at[0], at[1], at[2], at[3], navigation.velocity_north,
                        navigation.velocity_east)
    return clearance(fence, x, y, z, at[3]) < state.clearance


@compiled
def observe(state, fence, settings, navigation, path, sheet, earth, time, interval, homeward):
    """Judge where it is and where it is heading; every ``interval`` s in flight.

    ``path`` is the guidance's; ``homeward`` is True on the way home, which the fence does not stop.
    """
    vertical = _height_level(state, settings, navigation, sheet, interval)
    was = state.level
    state.level = vertical if vertical == failsafe.OUTSIDE or not homeward else 0
    if len(fence) == 0:
        state.clearance = state.escape = UNBOUNDED
        return
    radius = turn_radius(navigation, sheet)
    share = interval / (RADIUS_TIME + interval) if state.radius > 0.0 else 1.0
    state.radius += share * (radius - state.radius)
    if time < state.look_at and was == 0:
        return
    at = direction_of(earth, navigation.latitude, navigation.longitude)
    state.clearance = clearance(fence, at[0], at[1], at[2], at[3])
    speed = max(SURPRISE * _fastest(navigation), LEAST_SPEED)
    _keep_better(state, fence, at, navigation, earth, interval)
    state.escape = max(state.escape, _circle_flown(fence, path, at[3]))
    # Whatever it does, no circle begun within this distance reaches the margin.
    spare = state.clearance - 2.0 * state.radius - ROLL_IN * speed - settings.fence_margin
    state.look_at = time + max(spare, 0.0) / speed
    kept = settings.fence_margin
    if was == failsafe.AHEAD:
        kept += HYSTERESIS
    if state.clearance < 0.0:
        state.level, state.released = failsafe.OUTSIDE, False
    elif state.escape >= kept:
        state.released = True
    elif not homeward and state.level == 0 and (
            state.released or _approaches(state, fence, at, navigation)):
        state.level = failsafe.AHEAD


@compiled
def moved(earth, latitude, longitude, north, east):
    """Latitude and longitude [rad] of the point ``north`` and ``east`` [m] of a place [rad]."""
    at = direction_of(earth, latitude, longitude)
    x, y, z = displaced(at[0], at[1], at[2], at[3], north, east)
    return geodetic_of(earth, x, y, z)


@compiled
def further_in(fence, settings, navigation, earth, latitude, longitude, radius):
    """How to move (north, east [m]) a circle that is held, away from the fence; (0, 0) to leave it.

    Along the present course, so that the aircraft stays on it; until it keeps twice the hysteresis
    above the margin, and can be left without being turned back at once.
    """
    at = direction_of(earth, latitude, longitude)
    keeps = clearance(fence, at[0], at[1], at[2], at[3]) - abs(radius)
    if keeps >= settings.fence_margin + 2.0 * HYSTERESIS:
        return 0.0, 0.0
    north, east = 0.5 * navigation.velocity_north, 0.5 * navigation.velocity_east
    x, y, z = displaced(at[0], at[1], at[2], at[3], north, east)
    if clearance(fence, x, y, z, at[3]) - abs(radius) <= keeps + 1.0:
        return 0.0, 0.0
    return north, east


@compiled
def forget(state):
    """Before a take-off, and whenever the fence is another one: judge afresh."""
    state.level, state.released, state.above_floor = 0, False, False
    state.look_at = state.radius = 0.0
