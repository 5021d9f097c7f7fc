"""The way to a runway: join the extended centreline at the gate, descend to it, land or go round.

From any side and height the aircraft flies to a circle that touches the centreline at the gate,
spirals down on it if it is too high, and leaves it on the tangent along the final course. An
aircraft that already stands on the extended centreline, ahead of the gate and not above the
glide path, goes straight in.

Whether it goes straight in, on which circle and how often around it, is told before it is flown
(way_down.py): as told it is flown, and around again only where it is still too high then.
"""

from math import atan2, cos, hypot, pi, sin, tan

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.control import guidance
from longwatch.autopilot.estimation.estimate import true_over_calibrated
from longwatch.compiled import compiled
from longwatch.earth.frames import ned_to_ecef_matrix, wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import b1, f8, field, i4, record

# Bank of the circle that joins the final [rad]. Grade: assumed.
JOIN_BANK = 0.40
# So near the final's line [m] and its course [rad] it goes straight in. Grade: assumed.
STRAIGHT_IN_OFFSET = 300.0
STRAIGHT_IN_COURSE = 0.45
# Share of those, and of the distance before the aiming point, where it was told so.
KEPT_STRAIGHT_IN, KEPT_DISTANCE = 1.5, 0.9
# A joining circle that was told is flown as long as it is so large, of what the wind asks for now.
KEPT_RADIUS = 0.85
# Share of the final that is left at least where it is taken.
LEAST_FINAL = 0.7
LEAVE_OFFSET = 150.0
LEAVE_COURSE, WIDEST_LEAVE_COURSE = 0.25, 0.8
LEAVE_HEIGHT = 25.0
# Approach speed is flown within so many radii and metres of the circle, or of the gate on the final
# course; before it at cruise, however far out the final course is joined.
NEAR_RADII, NEAR_METRES = 4.0, 3000.0
# So near the gate [m] the final course is held closely, the blades fine: they burn twice as much.
PRECISE_WITHIN = 1000.0
# So little below the glide path [m] it is followed.
ON_PATH = 8.0
# On the circle: within this of its tangent [rad].
ON_TANGENT = 0.3
# So much left to be flown around [rad], the gate may be passed; the same before the circle is met,
# where what is told may still be a lap from what is flown from there.
AT_THE_GATE, BEFORE_IT = 2.0 * LEAVE_COURSE, 1.5 * pi


@record
class ApproachState:
    runway: i4 = field("", "index of the runway")
    end: i4 = field("", "end in use, 0 from threshold a, 1 from threshold b")
    on_final: b1 = field("", "established on the final course")
    course: f8 = field("rad", "true course of the final approach, by north at the aircraft")
    length: f8 = field("m", "runway between its thresholds")
    to_aim: f8 = field("m", "distance to the aiming point along the final course")
    past_threshold: f8 = field("m", "distance beyond the threshold, negative before it")
    offset: f8 = field("m", "distance to the right of the centreline")
    path_altitude: f8 = field("m", "glide path's altitude above mean sea level here")
    attempts: i4 = field("", "approaches begun")
    near: b1 = field("", "near the gate, at approach speed", logged=False)
    circling: f8 = field("s", "time since which it circles at the gate's altitude", logged=False)


@compiled
def axis(runway, end, earth):
    """North and east [m] from the threshold in use to the far one, and the runway's length."""
    far = 1 - end
    a = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    b = geodetic_to_ecef(earth, runway.latitude[far], runway.longitude[far], 0.0)
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    sl, cl = sin(runway.latitude[end]), cos(runway.latitude[end])
    so, co = sin(runway.longitude[end]), cos(runway.longitude[end])
    north = -sl * co * x - sl * so * y + cl * z
    east = -so * x + co * y
    return north, east, hypot(north, east)


@compiled
def axis_here(runway, end, earth, estimate):
    """As :func:`axis`, north and east where the aircraft is: meridians do not run side by side."""
    far, m = 1 - end, estimate.ned
    a = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    b = geodetic_to_ecef(earth, runway.latitude[far], runway.longitude[far], 0.0)
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    north, east = m[0] * x + m[3] * y + m[6] * z, m[1] * x + m[4] * y + m[7] * z
    return north, east, hypot(north, east)


@compiled
def select(state, runways, earth, index, end):
    """Take a runway end into use."""
    north, east, length = axis(runways[index], end, earth)
    state.runway, state.end = index, end
    state.course, state.length = atan2(east, north), length


@compiled
def set_centreline(state, path, runways, earth):
    """Follow the runway's centreline, extended both ways."""
    runway, end = runways[state.runway], state.end
    guidance.set_line(path, earth, runway.latitude[end], runway.longitude[end],
                      runway.latitude[1 - end], runway.longitude[1 - end])


@compiled
def measure(state, runways, estimate, sheet, earth):
    """Place the aircraft against the runway and its glide path."""
    runway, end = runways[state.runway], state.end
    threshold = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    along_north, along_east, _ = axis_here(runway, end, earth, estimate)
    state.course = atan2(along_east, along_north)
    north, east = guidance.offset(estimate, threshold)
    c, s = cos(state.course), sin(state.course)
    state.past_threshold = -(north * c + east * s)
    state.offset = north * s - east * c
    state.to_aim = runway.aiming_distance - state.past_threshold
    rise = (runway.elevation_msl[1 - end] - runway.elevation_msl[end]) / state.length
    aim = runway.elevation_msl[end] + rise * runway.aiming_distance
    state.path_altitude = aim + state.to_aim * tan(sheet.procedures.glide_path)


@compiled
def ready_for_final(state, estimate, sheet, offset, course, height):
    """True within the given offset [m], course [rad] and height above the path [m] of final."""
    error = wrap_angle(atan2(estimate.velocity_east, estimate.velocity_north) - state.course)
    return (abs(state.offset) < offset and abs(error) < course
            and state.to_aim > LEAST_FINAL * sheet.procedures.final_length
            and estimate.altitude_msl < state.path_altitude + height)


@compiled
def join_radius(estimate, airspeed):
    """Radius [m] of the joining circle at a calibrated airspeed, wide enough for the wind."""
    speed = airspeed * true_over_calibrated(estimate) + hypot(
        estimate.wind_north, estimate.wind_east)
    return speed * speed / (GRAVITY * tan(JOIN_BANK))


@compiled
def near_within(radius):
    """Distance [m] within which approach speed is flown, by the joining circle's radius [m]."""
    return NEAR_RADII * radius + NEAR_METRES


@compiled
def straight_in(to_aim, offset, turned, height, sheet, told):
    """True where final is taken at once, without a circle.

    So far [m] before the aiming point, beside the centreline and above the glide path, ``turned``
    [rad] from the final course. What was ``told`` (CrewState.circle) is kept to: a circle is
    flown, and straight in it goes from a little further aside too.
    """
    more, share = 1.0, 1.0
    if told != UNTOLD:
        if told != 0.0:
            return False
        more, share = KEPT_STRAIGHT_IN, KEPT_DISTANCE
    return (to_aim > share * LEAST_FINAL * sheet.procedures.final_length
            and abs(offset) < more * STRAIGHT_IN_OFFSET
            and abs(turned) < more * STRAIGHT_IN_COURSE and height < more * LEAVE_HEIGHT)


@compiled
def circle_as_told(radius, offset, told):
    """Radius [m] of the joining circle to fly, positive clockwise.

    ``radius`` [m] is what the wind asks for, ``offset`` [m] the place beside the centreline. What
    was ``told`` (CrewState.circle) is kept to while it is wide enough, its side while that is near.
    """
    side = 1.0 if offset >= 0.0 else -1.0
    if told != UNTOLD and told != 0.0:
        radius = max(abs(told), KEPT_RADIUS * radius)
        if abs(offset) < radius:
            side = 1.0 if told > 0.0 else -1.0
    return side * radius


@compiled
def join(state, path, runways, estimate, sheet, earth, airspeed, told):
    """Begin an approach: straight in where that is possible, else by the circle at the gate.

    ``told`` is the joining circle that was told, as in CrewState.
    """
    state.attempts += 1
    measure(state, runways, estimate, sheet, earth)
    turned = wrap_angle(atan2(estimate.velocity_east, estimate.velocity_north) - state.course)
    if straight_in(state.to_aim, state.offset, turned,
                   estimate.altitude_msl - state.path_altitude, sheet, told):
        take_final(state, path, runways, earth)
        return
    state.on_final = False
    runway, end = runways[state.runway], state.end
    circle = circle_as_told(join_radius(estimate, airspeed), state.offset, told)
    along_north, along_east, length = axis(runway, end, earth)
    c, s = along_north / length, along_east / length
    back = sheet.procedures.final_length - runway.aiming_distance
    at = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    ned = ned_to_ecef_matrix(runway.latitude[end], runway.longitude[end])
    latitude, longitude = guidance.beside(earth, at, ned, -back * c - circle * s,
                                          -back * s + circle * c)
    guidance.set_circle(path, earth, latitude, longitude, abs(circle),
                        1.0 if circle > 0.0 else -1.0)
    path.precise = False


@compiled
def take_final(state, path, runways, earth):
    """Leave the circle for the final course."""
    state.on_final = True
    set_centreline(state, path, runways, earth)
    path.precise = True


@compiled
def gate_altitude(state, runways, sheet):
    """Altitude above mean sea level [m] at which the gate is passed."""
    runway, end = runways[state.runway], state.end
    rise = (runway.elevation_msl[1 - end] - runway.elevation_msl[end]) / state.length
    aim = runway.elevation_msl[end] + rise * runway.aiming_distance
    return aim + sheet.procedures.final_length * tan(sheet.procedures.glide_path)


@compiled
def to_gate(final, course, side):
    """Angle [rad] around the circle from a course on it to the gate.

    Negative just behind the gate, where the circle can still be left.
    """
    left = side * (final - course)
    left -= 2.0 * pi * (left // (2.0 * pi))
    return left - 2.0 * pi if left > 2.0 * pi - LEAVE_COURSE else left


@compiled
def as_told(left, told):
    """Angle [rad] to the gate with the laps that bring it nearest to the one told."""
    return left + 2.0 * pi * max((told - left + pi) // (2.0 * pi), 0.0)


@compiled
def around(state, path, estimate, told):
    """What is left [rad] by now of the angle told to be flown around the joining circle."""
    if told <= UNTOLD or state.on_final or path.kind != guidance.CIRCLE or abs(
            path.cross_track) > 0.1 * path.radius + 50.0:
        return told
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    if abs(wrap_angle(atan2(path.course_east, path.course_north) - course)) > ON_TANGENT:
        return told
    return as_told(to_gate(state.course, course, path.direction), told)


@compiled
def gone_around(path, told):
    """True where it has gone around the joining circle as far as was told."""
    met = abs(path.cross_track) <= 0.1 * path.radius + 50.0
    return told < (AT_THE_GATE if met else BEFORE_IT)


@compiled
def leave_circle(state, estimate, sheet, box):
    """True when the circle has brought the aircraft onto the final course, low enough.

    ``box`` widens what is taken for it, after approaches that came to nothing.
    """
    return ready_for_final(state, estimate, sheet, box * LEAVE_OFFSET,
                           min(box * LEAVE_COURSE, WIDEST_LEAVE_COURSE), LEAVE_HEIGHT)
