"""Lateral path following: great-circle legs and circles, flown over the ground.

The course over the ground is steered to a wanted course that leads back onto the path at an angle
in proportion to the cross-track error, up to an intercept angle; near the path this is the
second-order law e'' = -2 zeta w e' - w^2 e, plus the path's own curvature. Written for the motion
over the ground, it lets wind neither bend a leg nor widen a circle (a vector field after Nelson,
Barber, McLain and Beard, IEEE Transactions on Robotics 23, 2007). Legs are planes through the
Earth's centre: no pole or date line is special.
"""

from math import asin, atan, atan2, cos, hypot, pi, sin, sqrt

from longwatch.autopilot.estimation.estimate import ground_speed
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import ecef_to_geodetic, geodetic_to_ecef
from longwatch.record import b1, f8, field, i4, record

# Kinds of track.
LINE, CIRCLE = 0, 1
# Steepest angle [rad] at which a leg, or a circle from inside, is approached. Grade: assumed.
INTERCEPT = 1.05
# Slower over the ground its turns are not reckoned [m/s]. Grade: assumed.
LEAST_GROUND_SPEED = 8.0


@record
class GuidanceState:
    kind: i4 = field("", "0 line, 1 circle")
    from_ecef: f8 = field("m", "start of the leg", shape=(3,), logged=False)
    to_ecef: f8 = field("m", "end of the leg", shape=(3,), logged=False)
    normal: f8 = field("", "normal of the leg's plane, to the left", shape=(3,), logged=False)
    centre_ecef: f8 = field("m", "centre of the circle", shape=(3,), logged=False)
    radius: f8 = field("m", "radius of the circle")
    direction: f8 = field("", "+1 clockwise seen from above, -1 the other way")
    precise: b1 = field("", "follow tightly, as on the final approach")
    urgent: b1 = field("", "speed is being lost near the ground: full power at once")
    cross_track: f8 = field("m", "distance to the right of the path")
    cross_track_rate: f8 = field("m/s", "its rate")
    to_go: f8 = field("m", "distance left along the leg")
    course_north: f8 = field("", "direction of the path here", logged=False)
    course_east: f8 = field("", "direction of the path here", logged=False)
    acceleration: f8 = field("m/s2", "lateral acceleration asked for, to the right")
    altitude_target: f8 = field("m", "altitude above mean sea level asked for")
    climb_target: f8 = field("m/s", "climb rate asked for beside the altitude")
    speed_target: f8 = field("m/s", "calibrated airspeed asked for")


@compiled
def set_line(state, earth, from_latitude, from_longitude, to_latitude, to_longitude):
    """Follow the great circle between two points [rad], and beyond the second."""
    state.kind = LINE
    a = geodetic_to_ecef(earth, from_latitude, from_longitude, 0.0)
    b = geodetic_to_ecef(earth, to_latitude, to_longitude, 0.0)
    nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    length = sqrt(nx * nx + ny * ny + nz * nz)
    if length < 1e-3:
        return
    for i in range(3):
        state.from_ecef[i] = a[i]
        state.to_ecef[i] = b[i]
    state.normal[0], state.normal[1], state.normal[2] = nx / length, ny / length, nz / length


@compiled
def set_circle(state, earth, latitude, longitude, radius, direction):
    """Follow a circle about a point [rad]; ``direction`` +1 is clockwise seen from above."""
    state.kind = CIRCLE
    centre = geodetic_to_ecef(earth, latitude, longitude, 0.0)
    for i in range(3):
        state.centre_ecef[i] = centre[i]
    state.radius, state.direction = radius, direction


@compiled
def offset(estimate, point):
    """North and east [m] from the aircraft to a point on the ellipsoid [ECEF, m]."""
    at, m = estimate.position_ecef, estimate.ned
    x, y, z = point[0] - at[0], point[1] - at[1], point[2] - at[2]
    return m[0] * x + m[3] * y + m[6] * z, m[1] * x + m[4] * y + m[7] * z


@compiled
def beside(earth, at, ned, north, east):
    """Latitude and longitude [rad] of a point north and east [m] of a position [ECEF, m].

    ``ned`` is the matrix NED to ECEF there; the point lies in its horizontal plane.
    """
    latitude, longitude, _ = ecef_to_geodetic(
        earth, at[0] + ned[0] * north + ned[1] * east, at[1] + ned[3] * north + ned[4] * east,
        at[2] + ned[6] * north + ned[7] * east)
    return latitude, longitude


@compiled
def displaced(estimate, earth, north, east):
    """Latitude and longitude [rad] of a point north and east [m] of the aircraft."""
    return beside(earth, estimate.position_ecef, estimate.ned, north, east)


@compiled
def _measure_line(state, estimate):
    at, n, m = estimate.position_ecef, state.normal, estimate.ned
    tx, ty, tz = n[1] * at[2] - n[2] * at[1], n[2] * at[0] - n[0] * at[2], (
        n[0] * at[1] - n[1] * at[0])
    north = m[0] * tx + m[3] * ty + m[6] * tz
    east = m[1] * tx + m[4] * ty + m[7] * tz
    length = hypot(north, east)
    state.course_north, state.course_east = north / length, east / length
    # Measured at the foot of the vertical, which leans against the line to the Earth's centre:
    # by 27 m at 8 km on a leg to the east.
    lean = n[0] * m[2] + n[1] * m[5] + n[2] * m[8]
    state.cross_track = (-(n[0] * at[0] + n[1] * at[1] + n[2] * at[2])
                         - estimate.height_ellipsoid * lean)
    north, east = offset(estimate, state.to_ecef)
    state.to_go = north * state.course_north + east * state.course_east
    return 0.0


@compiled
def _measure_circle(state, estimate):
    north, east = offset(estimate, state.centre_ecef)
    distance = max(hypot(north, east), 1.0)
    # Outward unit vector, turned a quarter to the right (or left) gives the course.
    state.course_north = state.direction * east / distance
    state.course_east = -state.direction * north / distance
    state.cross_track = state.direction * (state.radius - distance)
    along = (estimate.velocity_north * state.course_north
             + estimate.velocity_east * state.course_east)
    # Far from the circle there is no curvature to follow yet.
    share = min(max(2.0 - abs(distance / state.radius - 1.0) * 5.0, 0.0), 1.0)
    return share * state.direction * along * along / state.radius


@compiled
def _intercept_sine(state):
    """Sine of the steepest approach: from outside a circle, straight to its tangent point."""
    distance = state.radius - state.direction * state.cross_track
    if state.kind == LINE or distance <= state.radius:
        return sin(INTERCEPT)
    ratio = state.radius / distance
    return sqrt(1.0 - ratio * ratio)


@compiled
def follow(state, estimate, control):
    """Set the lateral acceleration [m/s2] that leads onto the path and along it."""
    if state.kind == LINE:
        curvature = _measure_line(state, estimate)
    else:
        curvature = _measure_circle(state, estimate)
    north, east = estimate.velocity_north, estimate.velocity_east
    speed = max(hypot(north, east), LEAST_GROUND_SPEED)
    along = north * state.course_north + east * state.course_east
    rate = east * state.course_north - north * state.course_east
    state.cross_track_rate = rate
    period = control.path_period * (0.6 if state.precise else 1.0)
    frequency, damping = 2.0 * pi / period, control.path_damping
    steepest = _intercept_sine(state)
    sine = frequency / (2.0 * damping) * state.cross_track / speed
    wanted = -asin(min(max(sine, -steepest), steepest))
    error = wrap_angle(atan2(rate, along) - wanted)
    acceleration = curvature - 2.0 * damping * frequency * speed * error
    state.acceleration = acceleration


@compiled
def bank_for(state, estimate, limit):
    """Bank [rad] that gives the lateral acceleration asked for, within ``limit``."""
    heading_north, heading_east = cos(estimate.heading), sin(estimate.heading)
    speed = max(ground_speed(estimate), LEAST_GROUND_SPEED)
    crab = (heading_north * estimate.velocity_north
            + heading_east * estimate.velocity_east) / speed
    bank = atan(state.acceleration / (GRAVITY * max(crab, 0.5)))
    return min(max(bank, -limit), limit)
