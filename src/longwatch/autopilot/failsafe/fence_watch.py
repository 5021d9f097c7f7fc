"""A breach of the fence, seen ahead: is there still a turn that stays clear of it?

Ten times a second two circles are laid tangent to the track, to the right and to the left, at the
point where a turn begun now would take hold: sooner to the side on which it is banked already. They
are as wide as wind, speed and bank ask for at their widest, so the aircraft can fly them. While the
better one keeps the margin nothing is done; the last one that does is the one to turn away on. The
prediction is thus the way out itself. A circle that is being flown already is a way out like any
other. Far from the fence it is not looked at again before it could be reached.

Right after take-off, or coming back from outside, the margin may be missing all around: until a
circle has kept it once, only getting closer counts.
"""

from math import atan, atan2, cos, hypot, sin, sqrt, tan

from longwatch.autopilot.aboard.fence import (
    HEIGHT_MARGIN,
    ROLL_IN,
    TURN_SHARE,
    UNBOUNDED,
    clearance,
    direction_of,
    displaced,
    geodetic_of,
)
from longwatch.autopilot.control.guidance import CIRCLE, LEAST_GROUND_SPEED
from longwatch.autopilot.control.inner_loops import bank_limit_at
from longwatch.autopilot.estimation.estimate import (
    ground_speed,
    stall_speed,
    true_over_calibrated,
)
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.manoeuvres.phases import gust_allowance, level_off
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY
from longwatch.record import b1, f8, field, i4, record

# Changing sides, a turn takes hold so much later a radian [s].
ROLL_OVER = 3.0
# The margin counts as kept again with so much more of it [m].
HYSTERESIS = 60.0
# And the height margin with so much more [m].
HEIGHT_HYSTERESIS = 15.0
# On a circle within this distance of it [m], leaving it no faster than this [m/s].
ON_CIRCLE, ON_CIRCLE_RATE = 60.0, 8.0
# Speed at which the fence comes nearer at most, over airspeed and wind together; at least [m/s].
SURPRISE, LEAST_SPEED = 1.3, 30.0
# It is looked at again after this long at the latest [s], in which the turn can have become so
# much wider.
LONGEST_LOOK, WIDENING = 5.0, 1.3


@record
class FenceState:
    level: i4 = field("", "zones: 0 inside, 1 breach ahead, 2 outside")
    height_level: i4 = field("", "ceiling and floor: 0 between, 1 breach ahead, 2 outside")
    clearance: f8 = field("m", "distance to the fence, negative outside")
    escape: f8 = field("m", "what the better of two turns, begun now, keeps of it")
    side: f8 = field("", "+1 to turn right, -1 left", logged=False)
    radius: f8 = field("m", "radius of that turn", logged=False)
    speed: f8 = field("m/s", "calibrated airspeed up to which it is held", logged=False)
    held_speed: f8 = field("m/s", "the same of the circle that was turned away onto",
                           logged=False)
    latitude: f8 = field("rad", "its centre", logged=False)
    longitude: f8 = field("rad", "its centre", logged=False)
    released: b1 = field("", "a turn has kept the margin since take-off or since it was outside",
                         logged=False)
    above_floor: b1 = field("", "it has been above the floor since take-off", logged=False)
    look_at: f8 = field("s", "when to look again", logged=False)


@compiled
def _fastest(estimate):
    """Speed over the ground [m/s] with the wind from behind."""
    return estimate.air.true_airspeed + hypot(estimate.wind_north, estimate.wind_east)


@compiled
def least_speed(estimate, sheet):
    """The least calibrated airspeed [m/s] that it is flown at en route."""
    return sheet.procedures.cruise_factor * stall_speed(estimate, sheet) + gust_allowance(
        estimate)


@compiled
def widest_radius(estimate, sheet, airspeed):
    """Radius over the ground [m] held with the wind from behind at a true airspeed [m/s]."""
    wind = hypot(estimate.wind_north, estimate.wind_east)
    limit = bank_limit_at(estimate, sheet, airspeed / true_over_calibrated(estimate))
    return (airspeed + wind) ** 2 / (GRAVITY * tan(TURN_SHARE * limit))


@compiled
def _size(state, estimate, sheet, airspeed):
    """Radius of the turn away, and the speed up to which it is held.

    ``airspeed`` is the true one without its gusts [m/s]. No slower than it is to be flown later.
    """
    ratio = true_over_calibrated(estimate)
    calm = airspeed if airspeed > 0.0 else estimate.air.true_airspeed
    state.speed = max(calm / ratio, least_speed(estimate, sheet))
    state.radius = widest_radius(estimate, sheet, ratio * state.speed)


@compiled
def _late(estimate, radius, side, interval):
    """Time [s] before a turn of ``radius`` to one side takes hold."""
    speed = ground_speed(estimate)
    needed = atan(speed * speed / (GRAVITY * radius))
    banked = side * estimate.roll
    late = ROLL_IN - ROLL_OVER * banked if banked < 0.0 else ROLL_IN * max(
        1.0 - banked / needed, 0.0)
    return late + interval


@compiled
def _circle(fence, at, estimate, radius, side, interval):
    """Clearance [m] of the circle to one side, and the unit vector of its centre."""
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    c, s = cos(course), sin(course)
    ahead = ground_speed(estimate) * _late(estimate, radius, side, interval)
    x, y, z = displaced(at[0], at[1], at[2], at[3], ahead * c - side * radius * s,
                        ahead * s + side * radius * c)
    return clearance(fence, x, y, z, at[3]) - radius, x, y, z


@compiled
def _try_turn(state, fence, at, estimate, earth, side, interval, wait):
    """Take a turn to one side, begun after ``wait`` s straight on, if it keeps more."""
    left, x, y, z = _circle(fence, at, estimate, state.radius, side, interval + wait)
    if left <= state.escape:
        return
    if wait > 0.0:
        mx, my, mz = displaced(at[0], at[1], at[2], at[3], 0.5 * wait * estimate.velocity_north,
                               0.5 * wait * estimate.velocity_east)
        left = min(left, clearance(fence, mx, my, mz, at[3]))
        if left <= state.escape:
            return
    state.escape, state.side = left, side
    state.latitude, state.longitude = geodetic_of(earth, x, y, z)


@compiled
def _keep_better(state, fence, at, estimate, earth, interval):
    """Find the turn that keeps most and how much.

    Where the way leads off the fence, one begun up to a radius later will do as well: a circle
    begun at once comes back as near.
    """
    state.escape = -UNBOUNDED
    later = state.radius / max(ground_speed(estimate), LEAST_GROUND_SPEED)
    if _approaches(state, fence, at, estimate):
        later = 0.0
    for share in (0.0, 0.5, 1.0):
        for side in (1.0, -1.0):
            _try_turn(state, fence, at, estimate, earth, side, interval, share * later)
        if later == 0.0:
            return


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
def _height_level(state, settings, estimate, sheet, interval):
    """Level against ceiling and floor; the way up or down is seen as far as levelling off takes."""
    altitude, climb = estimate.altitude_msl, estimate.climb_rate
    later = altitude + climb * (sheet.control.energy_time_constant + interval)
    ceiling, floor = settings.fence_ceiling, settings.fence_floor
    # What has been seen ahead has to be clearly over: gusts alone come and go.
    was = state.height_level == failsafes.AHEAD
    kept = HEIGHT_MARGIN + (HEIGHT_HYSTERESIS if was else 0.0)
    if ceiling != 0.0:
        if altitude > ceiling:
            return failsafes.OUTSIDE
        if (climb > 0.0 or was) and later > ceiling - kept:
            return failsafes.AHEAD
    if floor != 0.0:
        state.above_floor = state.above_floor or altitude > floor + HEIGHT_MARGIN
        if state.above_floor and altitude < floor:
            return failsafes.OUTSIDE
        if state.above_floor and (climb < 0.0 or was) and later < floor + kept:
            return failsafes.AHEAD
    return 0


@compiled
def held_altitude(settings, estimate, sheet):
    """Altitude [m] at which it levels off, within ceiling and floor by twice their margin."""
    altitude = level_off(estimate, sheet.control.energy_time_constant)
    return within(settings, altitude, 2.0 * HEIGHT_MARGIN)


@compiled
def within(settings, altitude, margin):
    """An altitude [m] brought between floor and ceiling, if it is not, as far as ``margin``."""
    if settings.fence_floor != 0.0:
        altitude = max(altitude, settings.fence_floor + margin)
    if settings.fence_ceiling != 0.0:
        altitude = min(altitude, settings.fence_ceiling - margin)
    return altitude


@compiled
def _approaches(state, fence, at, estimate):
    """True when the way ahead comes nearer to the fence."""
    x, y, z = displaced(at[0], at[1], at[2], at[3], estimate.velocity_north,
                        estimate.velocity_east)
    return clearance(fence, x, y, z, at[3]) < state.clearance


@compiled
def is_set(fence, settings):
    """True where there is a fence, or a ceiling or floor, that is to be kept."""
    return settings.fence_watch and (
        len(fence) > 0 or settings.fence_ceiling != 0.0 or settings.fence_floor != 0.0)


@compiled
def observe(state, fence, settings, estimate, path, airspeed, sheet, earth, time, interval,
            homeward):
    """Judge where it is and where it is heading; every ``interval`` s.

    ``path`` is the guidance's, ``airspeed`` the true one without its gusts [m/s]; ``homeward`` is
    True on the way home, which the fence does not stop.
    """
    vertical = _height_level(state, settings, estimate, sheet, interval)
    state.height_level = vertical if vertical == failsafes.OUTSIDE or not homeward else 0
    if len(fence) == 0:
        state.clearance = state.escape = UNBOUNDED
        state.level = 0
        return
    was = state.level
    if time < state.look_at and was == 0:
        return
    _size(state, estimate, sheet, airspeed)
    at = direction_of(earth, estimate.latitude, estimate.longitude)
    state.clearance = clearance(fence, at[0], at[1], at[2], at[3])
    _keep_better(state, fence, at, estimate, earth, interval)
    state.escape = max(state.escape, _circle_flown(fence, path, at[3]))
    # Whatever it does, no circle begun within this distance reaches the margin.
    speed = max(SURPRISE * _fastest(estimate), LEAST_SPEED)
    spare = (state.clearance - 2.0 * WIDENING * state.radius - (ROLL_IN + ROLL_OVER) * speed
             - settings.fence_margin)
    state.look_at = time + min(max(spare, 0.0) / speed, LONGEST_LOOK)
    state.level = _zone_level(state, fence, settings, at, estimate, was, homeward)


@compiled
def _zone_level(state, fence, settings, at, estimate, was, homeward):
    kept = settings.fence_margin
    if was == failsafes.AHEAD:
        kept += HYSTERESIS
    if state.clearance < 0.0:
        state.released = False
        return failsafes.OUTSIDE
    if state.escape >= kept:
        state.released = True
    elif not homeward and (state.released or _approaches(state, fence, at, estimate)):
        return failsafes.AHEAD
    return 0


@compiled
def foresee(state, fence, settings, estimate, airspeed, sheet, earth, interval, strict):
    """The zones' level for what is about to be taken up, which may turn to either side.

    The circle that is flown is left with it and is no way out; ``strict`` asks for the hysteresis
    beside the margin.
    """
    if len(fence) == 0:
        return 0
    _size(state, estimate, sheet, airspeed)
    at = direction_of(earth, estimate.latitude, estimate.longitude)
    state.clearance = clearance(fence, at[0], at[1], at[2], at[3])
    _keep_better(state, fence, at, estimate, earth, interval)
    state.look_at = 0.0
    return _zone_level(state, fence, settings, at, estimate, failsafes.AHEAD if strict else 0,
                       False)


@compiled
def observe_standing(state, fence, settings, estimate, earth):
    """On the ground: whether it stands where it may fly."""
    forget(state)
    if settings.fence_ceiling != 0.0 and estimate.altitude_msl > settings.fence_ceiling:
        state.height_level = failsafes.OUTSIDE
    if len(fence) == 0:
        state.clearance = state.escape = UNBOUNDED
        return
    at = direction_of(earth, estimate.latitude, estimate.longitude)
    state.clearance = clearance(fence, at[0], at[1], at[2], at[3])
    if state.clearance < 0.0:
        state.level = failsafes.OUTSIDE


@compiled
def moved(earth, latitude, longitude, north, east):
    """Latitude and longitude [rad] of the point ``north`` and ``east`` [m] of a place [rad]."""
    at = direction_of(earth, latitude, longitude)
    x, y, z = displaced(at[0], at[1], at[2], at[3], north, east)
    return geodetic_of(earth, x, y, z)


@compiled
def further_in(fence, settings, estimate, earth, latitude, longitude, radius):
    """How to move (north, east [m]) a circle that is held, away from the fence; (0, 0) to leave it.

    Along the present course, so that the aircraft stays on it; until it keeps twice the hysteresis
    above the margin, and can be left without being turned back at once.
    """
    at = direction_of(earth, latitude, longitude)
    keeps = clearance(fence, at[0], at[1], at[2], at[3]) - abs(radius)
    if keeps >= settings.fence_margin + 2.0 * HYSTERESIS:
        return 0.0, 0.0
    north, east = 0.5 * estimate.velocity_north, 0.5 * estimate.velocity_east
    x, y, z = displaced(at[0], at[1], at[2], at[3], north, east)
    if clearance(fence, x, y, z, at[3]) - abs(radius) <= keeps + 1.0:
        return 0.0, 0.0
    return north, east


@compiled
def forget(state):
    """Before a take-off, and whenever the fence is another one: judge afresh."""
    state.level, state.height_level = 0, 0
    state.released, state.above_floor = False, False
    state.look_at = state.radius = 0.0
