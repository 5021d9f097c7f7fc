"""Which runway can still be reached without power, and by which way: heights, not wishes.

A way to a runway is flown as straight lines and one circle that touches the extended centreline at
a gate, turning right or left. In the runway's own axes, x along the landing course from the aiming
point on and y to the right of the centreline, the shortest way is the tangent onto that circle, the
arc and the final. A longer one goes by a base leg that begins ``wide`` farther out on either side
and somewhat farther back, so that whatever height is left over near the runway can be flown off.
Every metre costs height by the glide, the wind and the turn that it is flown with.
"""

from math import acos, atan2, cos, hypot, pi, sin, sqrt, tan

from longwatch.autopilot.control import guidance
from longwatch.autopilot.manoeuvres import glide_polar
from longwatch.autopilot.manoeuvres.approach import axis_here
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import f8, field, i4, record

# Bank of its turns [rad]. Grade: assumed.
TURN_BANK = 0.40
# Straight final before the aiming point, as time at the final speed [s] and at least [m].
FINAL_TIME = 40.0
LEAST_FINAL = 1200.0
# Kept in hand: a share of the height that the way costs, and so much beside [m].
MARGIN_SHARE, MARGIN = 0.08, 30.0
# So near the centreline [m, rad] it can go straight in.
STRAIGHT_OFFSET, STRAIGHT_COURSE = 200.0, 0.5
# A runway is long enough from this many times what the landing needs; braking as assumed there.
LENGTH_SHARE, BRAKING, FLOAT = 1.43, 0.2, 500.0
TAILWIND_LIMIT = 1.0
FINAL_STALL, TURN_LOAD = 1.3, 1.09
# An arc that lacks less than this of a whole turn [rad] is none.
NO_ARC = 0.1
# Base legs that are tried for height left over begin this many radii out at most.
WIDEST = 3.5
# And their final is longer by this share of it.
BACK_SHARE = 0.3
# A base leg is bent by no more than the arctangents of these; the shortest final is never shorter
# than this share of the usual.
BENT_IN, BENT_OUT = 1.2, 0.84
NEAREST_GATE = 0.7


@record
class ReachState:
    """What ways cost at present: speeds, glides, wind and the circle's radius."""

    airspeed: f8 = field("m/s", "true airspeed of the glide", logged=False)
    ratio: f8 = field("", "glide ratio, straight", logged=False)
    turn_airspeed: f8 = field("m/s", "true airspeed in turns and on the final", logged=False)
    turn_ratio: f8 = field("", "glide ratio in turns", logged=False)
    final_ratio: f8 = field("", "glide ratio on the final, wheels down", logged=False)
    radius: f8 = field("m", "radius of turns")
    final: f8 = field("m", "shortest straight final", logged=False)
    wind_north: f8 = field("m/s", "wind, towards north", logged=False)
    wind_east: f8 = field("m/s", "wind, towards east", logged=False)
    course: f8 = field("rad", "landing course of the runway looked at", logged=False)
    length: f8 = field("m", "its length", logged=False)
    x: f8 = field("m", "the aircraft along that course from the aiming point", logged=False)
    y: f8 = field("m", "and to the right of the centreline", logged=False)
    elevation: f8 = field("m", "aiming point above mean sea level", logged=False)
    heading: f8 = field("rad", "the aircraft's course over ground less the landing course",
                        logged=False)
    side: i4 = field("", "+1 right-hand circle, -1 left-hand, 0 straight in", logged=False)


@compiled
def refresh(state, estimate, sheet, stall, best, final, governed):
    """Reckon glides at the calibrated ``best`` and ``final`` speeds [m/s] and the wind now."""
    ratio = estimate.air.density_ratio
    down = 1.0 if sheet.landing_gear.retractable else 0.0
    root = sqrt(max(ratio, 0.05))
    state.airspeed, state.turn_airspeed = best / root, final / root
    state.ratio = glide_polar.glide_ratio(sheet, estimate.mass, best, ratio, 1.0, 0.0,
                                          governed)
    state.turn_ratio = glide_polar.glide_ratio(
        sheet, estimate.mass, final, ratio, TURN_LOAD, 0.0, governed)
    state.final_ratio = glide_polar.glide_ratio(sheet, estimate.mass, final, ratio, 1.0, down,
                                                governed)
    # Ways last for minutes: the wind without its gusts.
    state.wind_north, state.wind_east = estimate.mean_wind_north, estimate.mean_wind_east
    if estimate.dead_reckoned:
        state.wind_north, state.wind_east = estimate.wind_north, estimate.wind_east
    # Turns are flown near the ground: the wind there, and no thinner air than at the field.
    speed = final / max(root, 0.85) + hypot(state.wind_north, state.wind_east)
    state.radius = speed * speed / (GRAVITY * tan(TURN_BANK))
    state.final = max(FINAL_TIME * final, LEAST_FINAL)


@compiled
def look_at(state, runways, index, end, estimate, earth):
    """Place the aircraft against a runway end."""
    runway = runways[index]
    north, east, length = axis_here(runway, end, earth, estimate)
    course = atan2(east, north)
    threshold = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    to_north, to_east = guidance.offset(estimate, threshold)
    c, s = cos(course), sin(course)
    state.course, state.length = course, length
    aim = min(runway.aiming_distance, 0.25 * length)
    state.x = -(to_north * c + to_east * s) - aim
    state.y = to_north * s - to_east * c
    rise = (runway.elevation_msl[1 - end] - runway.elevation_msl[end]) / length
    state.elevation = runway.elevation_msl[end] + rise * aim
    state.heading = wrap_angle(
        atan2(estimate.velocity_east, estimate.velocity_north) - course)


@compiled
def _straight(state, length, heading):
    return glide_polar.lost_straight(length, state.course + heading, state.airspeed, state.ratio,
                                     state.wind_north, state.wind_east)


@compiled
def _arc(state, heading, angle):
    return glide_polar.lost_turning(state.radius, state.course + heading, angle,
                                    state.turn_airspeed, state.turn_ratio, state.wind_north,
                                    state.wind_east)


@compiled
def lost_on_final(state, length):
    """Height [m] that a straight final of ``length`` [m] costs."""
    return glide_polar.lost_straight(max(length, 0.0), state.course, state.turn_airspeed,
                                     state.final_ratio, state.wind_north, state.wind_east)


@compiled
def _turn_towards(state, heading):
    """Height [m] that turning from the course flown to a heading costs, beyond the way itself."""
    turn = abs(wrap_angle(heading - state.heading))
    return _straight(state, state.radius * (turn - sin(turn)), heading)


@compiled
def onto_circle(state, side, gate):
    """(straight way [m], its heading, arc [rad] along ``side``) onto the circle at a gate.

    The circle touches the centreline ``gate`` metres before the aiming point; headings [rad] are
    against the landing course.
    """
    x, y = state.x + gate, state.y - side * state.radius
    distance, at = hypot(x, y), atan2(y, x)
    straight = 0.0
    if distance > state.radius:
        at += side * acos(state.radius / distance)
        straight = sqrt(distance * distance - state.radius * state.radius)
    arc = (side * (-side * 0.5 * pi - at)) % (2.0 * pi)
    if arc > 2.0 * pi - NO_ARC:
        arc = 0.0
    return straight, at + side * 0.5 * pi, arc


@compiled
def lost_by_circle(state, side, gate):
    """Height [m] that the way by the circle costs, the gate so many metres before the aim."""
    straight, heading, arc = onto_circle(state, side, gate)
    return (_turn_towards(state, heading) + _straight(state, straight, heading)
            + _arc(state, heading, side * arc) + lost_on_final(state, gate))


@compiled
def final_behind(state, wide):
    """Length of the final [m] behind a base leg so much longer than the least."""
    return state.final + BACK_SHARE * wide


@compiled
def key_point(state, side, wide):
    """(x, y) [m] where a base leg begins that is ``wide`` metres longer than the least."""
    return -(final_behind(state, wide) + state.radius), side * (state.radius + wide)


@compiled
def lost_by_base(state, side, wide):
    """Height [m] that the way by a base leg costs, ``wide`` metres wider than the least."""
    x, y = key_point(state, side, wide)
    to_x, to_y = x - state.x, y - state.y
    distance, heading = hypot(to_x, to_y), atan2(to_y, to_x)
    base = -side * 0.5 * pi
    turn = abs(wrap_angle(base - heading))
    corner = _straight(state, state.radius * (turn - 2.0 * tan(0.5 * min(turn, 0.5 * pi))), base)
    return (_turn_towards(state, heading) + _straight(state, distance, heading) + corner
            + _straight(state, wide, base) + _arc(state, base, side * 0.5 * pi)
            + lost_on_final(state, final_behind(state, wide)))


@compiled
def lost_in_a_circle(state):
    """Height [m] that a whole circle costs."""
    return _arc(state, 0.0, 2.0 * pi)


@compiled
def gates(state, side):
    """Shortest and longest final [m] that a base leg flown now can still be bent to.

    Inwards by 50 deg, outwards by 40 deg; the same twice where the turn is about to begin.
    """
    left = max(side * state.y - state.radius, 0.0)
    now = -state.x - state.radius
    return max(now - BENT_IN * left, NEAREST_GATE * state.final), now + BENT_OUT * left


@compiled
def straight_in(state):
    """True where the aircraft stands on the final already."""
    return (abs(state.y) < STRAIGHT_OFFSET + 0.1 * max(-state.x - state.final, 0.0)
            and abs(state.heading) < STRAIGHT_COURSE and state.x < 0.0)


@compiled
def least_lost(state):
    """Height [m] of the cheapest way to the aiming point; sets the side that it is flown on."""
    if straight_in(state) and -state.x < 1.5 * state.final:
        state.side = 0
        return lost_on_final(state, -state.x)
    right = lost_by_circle(state, 1, state.final)
    left = lost_by_circle(state, -1, state.final)
    state.side = 1 if right <= left else -1
    return min(right, left)


@compiled
def margin(lost):
    """Height [m] kept in hand over a way that costs ``lost`` [m]."""
    return MARGIN + MARGIN_SHARE * max(lost, 0.0)


@compiled
def rank(state, stall, limits):
    """How good the runway end is to land on, 0 best: wind first, then length.

    +4 with a tailwind of more than 1 m/s, +2 with more crosswind than the aircraft may have, +1
    where it is shorter than landing without power needs.
    """
    c, s = cos(state.course), sin(state.course)
    along = state.wind_north * c + state.wind_east * s
    across = abs(state.wind_east * c - state.wind_north * s)
    touchdown = 1.15 * stall + max(along, 0.0)
    needed = LENGTH_SHARE * (FLOAT + touchdown * touchdown / (2.0 * BRAKING * GRAVITY))
    worse = 4 if along > TAILWIND_LIMIT else 0
    worse += 2 if across > limits.crosswind_maximum else 0
    return worse + (1 if state.length < needed else 0)


@compiled
def straight_ahead(state, height, stall):
    """How far beyond the usual point it comes down straight ahead on this runway [m].

    0 where it is not over the runway's line, or too high to come to a stop on what is left.
    """
    if abs(state.y) > 0.5 * STRAIGHT_OFFSET or abs(state.heading) > 0.6 * STRAIGHT_COURSE:
        return 0.0
    per_metre = lost_on_final(state, 1000.0) / 1000.0
    down = state.x + height / per_metre
    stop = stall * stall / (2.0 * BRAKING * GRAVITY) + 0.5 * FLOAT
    return down if state.x > -0.5 * state.final and 0.0 < down < state.length - stop else 0.0
