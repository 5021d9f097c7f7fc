"""The motion of a free rigid body, compiled: every force anew at each stage of RK4.

Thirteen states as in :mod:`longwatch.flight.rigid_body`, from which the step's arithmetic comes;
here the inertia tensor is a full one, and air density and wind are those of each stage's own
height, so that the whole motion keeps the order of the integrator.
"""

from math import nan, sqrt

from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    ned_to_ecef_matrix,
    rotate,
    rotate_inverse,
    transposed_product,
)
from longwatch.earth.gravity import gravitation
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight.rigid_body import along, rotation_of
from longwatch.record import b1, f8, field, record

# Geometric height of 84.852 geopotential km, where the standard atmosphere's layers end.
ATMOSPHERE_TOP = 86000.0
# Speed of light [m/s].
LIGHT = 299792458.0


@record
class FreeBody:
    """A rigid body with constant aerodynamic coefficients."""

    mass: f8 = field("kg", "mass")
    inertia: f8 = field("kg m2", "inertia tensor, body axes", shape=(3, 3))
    inverse: f8 = field("1/(kg m2)", "its inverse", shape=(3, 3))
    area: f8 = field("m2", "reference area")
    span: f8 = field("m", "reference length of roll and yaw")
    chord: f8 = field("m", "reference length of pitch")
    reference: f8 = field("m", "where the moments are given, from the centre of gravity",
                          shape=(3,))
    force: f8 = field("", "CD, CY, CL", shape=(3,))
    moment: f8 = field("", "Cl, Cm, Cn", shape=(3,))
    force_rates: f8 = field("", "CD, CY, CL by the three rates", shape=(3, 3))
    moment_rates: f8 = field("", "Cl, Cm, Cn by the three rates", shape=(3, 3))
    airless: b1 = field("", "no air at all")


@record
class FreeFlightRow:
    """What is kept of one moment of the flight."""

    time: f8 = field("s", "since the start")
    latitude: f8 = field("rad", "geodetic")
    longitude: f8 = field("rad", "east positive")
    height_ellipsoid: f8 = field("m", "above the chosen Earth's surface")
    position_ecef: f8 = field("m", "centre of gravity", shape=(3,))
    velocity_ecef: f8 = field("m/s", "relative to the Earth", shape=(3,))
    velocity_ned: f8 = field("m/s", "relative to the Earth", shape=(3,))
    roll: f8 = field("rad", "Euler angle")
    pitch: f8 = field("rad", "Euler angle")
    yaw: f8 = field("rad", "Euler angle")
    attitude: f8 = field("", "quaternion body to ECEF, scalar first", shape=(4,))
    rate_body_inertial: f8 = field("rad/s", "relative to inertial space", shape=(3,))
    rate_body_earth: f8 = field("rad/s", "relative to the turning Earth", shape=(3,))
    wind_ned: f8 = field("m/s", "of the air over the Earth", shape=(3,))
    density: f8 = field("kg/m3", "of the air")
    pressure: f8 = field("Pa", "of the air")
    temperature: f8 = field("K", "of the air")
    speed_of_sound: f8 = field("m/s", "of the air")
    true_airspeed: f8 = field("m/s", "relative to the air")
    mach: f8 = field("", "Mach number")
    dynamic_pressure: f8 = field("Pa", "of the flow")
    force_body: f8 = field("N", "of the air", shape=(3,))
    moment_body: f8 = field("N m", "of the air about the centre of gravity", shape=(3,))
    gravitation: f8 = field("m/s2", "magnitude of the Earth's attraction")


@compiled
def wind_at(heights, winds, height):
    """Wind (north, east, down) [m/s] at a height [m]: linear between rows, held at the ends."""
    last = len(heights) - 1
    if last == 0 or height <= heights[0]:
        return winds[0, 0], winds[0, 1], winds[0, 2]
    if height >= heights[last]:
        return winds[last, 0], winds[last, 1], winds[last, 2]
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if heights[middle] <= height:
            low = middle
        else:
            high = middle
    share = (height - heights[low]) / (heights[high] - heights[low])
    return (winds[low, 0] + share * (winds[high, 0] - winds[low, 0]),
            winds[low, 1] + share * (winds[high, 1] - winds[low, 1]),
            winds[low, 2] + share * (winds[high, 2] - winds[low, 2]))


@compiled
def air_at(body, height):
    """(temperature [K], pressure [Pa], density [kg/m3], speed of sound [m/s]) at a height [m]."""
    if body.airless:
        return nan, 0.0, 0.0, nan
    temperature, pressure, density, sound = standard_atmosphere(height)
    if height > ATMOSPHERE_TOP:
        return temperature, 0.0, 0.0, sound
    return temperature, pressure, density, sound


@compiled
def loads(body, density, velocity, rate):
    """Force [N] and moment about the centre of gravity [N m] of the air, body axes.

    ``velocity`` [m/s] and ``rate`` [rad/s] are relative to the air, body axes. The rate terms
    C (rate length / 2 V) rho V2/2 are written without the division, so that they fade as the
    body comes to rest in the air.
    """
    u, v, w = velocity
    in_plane = sqrt(u * u + w * w)
    speed = sqrt(u * u + v * v + w * w)
    still = 0.5 * density * speed * body.area
    p, q, r = 0.5 * rate[0] * body.span, 0.5 * rate[1] * body.chord, 0.5 * rate[2] * body.span
    c, d = body.force, body.force_rates
    drag = still * (c[0] * speed + d[0, 0] * p + d[0, 1] * q + d[0, 2] * r)
    side = still * (c[1] * speed + d[1, 0] * p + d[1, 1] * q + d[1, 2] * r)
    lift = still * (c[2] * speed + d[2, 0] * p + d[2, 1] * q + d[2, 2] * r)
    along_x, along_y, along_z = ((u / speed, v / speed, w / speed) if speed > 0.0
                                 else (0.0, 0.0, 0.0))
    lift_x, lift_z = (w / in_plane, -u / in_plane) if in_plane > 0.0 else (0.0, 0.0)
    fx = lift * lift_x - drag * along_x
    fy = side - drag * along_y
    fz = lift * lift_z - drag * along_z
    c, d, a = body.moment, body.moment_rates, body.reference
    mx = still * body.span * (c[0] * speed + d[0, 0] * p + d[0, 1] * q + d[0, 2] * r)
    my = still * body.chord * (c[1] * speed + d[1, 0] * p + d[1, 1] * q + d[1, 2] * r)
    mz = still * body.span * (c[2] * speed + d[2, 0] * p + d[2, 1] * q + d[2, 2] * r)
    return (fx, fy, fz, mx + a[1] * fz - a[2] * fy, my + a[2] * fx - a[0] * fz,
            mz + a[0] * fy - a[1] * fx)


@compiled
def _flow(earth, heights, winds, y, m):
    """Where the state is and how it meets the air: geodetic point, NED axes, wind, velocity and
    rate relative to the air in body axes."""
    place = ecef_to_geodetic(earth, y[0], y[1], y[2])
    ned = ned_to_ecef_matrix(place[0], place[1])
    wind = wind_at(heights, winds, place[2])
    wx, wy, wz = rotate(ned, wind[0], wind[1], wind[2])
    velocity = rotate_inverse(m, y[3] - wx, y[4] - wy, y[5] - wz)
    spin = earth.rotation_rate
    # The air turns with the Earth.
    rate = (y[10] - spin * m[6], y[11] - spin * m[7], y[12] - spin * m[8])
    return place, ned, wind, velocity, rate


@compiled
def derivative(body, earth, heights, winds, y):
    """Time derivative of the 13 states."""
    m = rotation_of(y)
    place, _, _, velocity, rate = _flow(earth, heights, winds, y, m)
    fx, fy, fz, mx, my, mz = loads(body, air_at(body, place[2])[2], velocity, rate)
    ax, ay, az = rotate(m, fx / body.mass, fy / body.mass, fz / body.mass)
    gx, gy, gz = gravitation(earth, y[0], y[1], y[2])
    spin = earth.rotation_rate
    a, b, c, d = y[6], y[7], y[8], y[9]
    pe, qe, re = rate
    p, q, r = y[10], y[11], y[12]
    i, j = body.inertia, body.inverse
    hx = i[0, 0] * p + i[0, 1] * q + i[0, 2] * r
    hy = i[1, 0] * p + i[1, 1] * q + i[1, 2] * r
    hz = i[2, 0] * p + i[2, 1] * q + i[2, 2] * r
    tx, ty, tz = mx - (q * hz - r * hy), my - (r * hx - p * hz), mz - (p * hy - q * hx)
    return (
        y[3], y[4], y[5],
        ax + gx + spin * (spin * y[0] + 2.0 * y[4]),
        ay + gy + spin * (spin * y[1] - 2.0 * y[3]),
        az + gz,
        -0.5 * (b * pe + c * qe + d * re),
        0.5 * (a * pe + c * re - d * qe),
        0.5 * (a * qe - b * re + d * pe),
        0.5 * (a * re + b * qe - c * pe),
        j[0, 0] * tx + j[0, 1] * ty + j[0, 2] * tz,
        j[1, 0] * tx + j[1, 1] * ty + j[1, 2] * tz,
        j[2, 0] * tx + j[2, 1] * ty + j[2, 2] * tz,
    )


@compiled
def advance(body, earth, heights, winds, y, h):
    """The state a step of ``h`` s later, by the classical RK4; the quaternion normalised."""
    k1 = derivative(body, earth, heights, winds, y)
    k2 = derivative(body, earth, heights, winds, along(y, k1, 0.5 * h))
    k3 = derivative(body, earth, heights, winds, along(y, k2, 0.5 * h))
    k4 = derivative(body, earth, heights, winds, along(y, k3, h))
    # The small increments first among themselves: the large position rounds once a step.
    y = along(y, along(along(along(k1, k2, 2.0), k3, 2.0), k4, 1.0), h / 6.0)
    n = 1.0 / sqrt(y[6] * y[6] + y[7] * y[7] + y[8] * y[8] + y[9] * y[9])
    return (y[0], y[1], y[2], y[3], y[4], y[5], n * y[6], n * y[7], n * y[8], n * y[9],
            y[10], y[11], y[12])


@compiled
def observe(row, body, earth, heights, winds, y, time):
    """Write everything that is kept of one moment."""
    m = rotation_of(y)
    place, ned, wind, velocity, rate = _flow(earth, heights, winds, y, m)
    temperature, pressure, density, sound = air_at(body, place[2])
    airspeed = sqrt(velocity[0] * velocity[0] + velocity[1] * velocity[1]
                    + velocity[2] * velocity[2])
    force = loads(body, density, velocity, rate)
    north = rotate_inverse(ned, y[3], y[4], y[5])
    turn = transposed_product(ned, m)
    gx, gy, gz = gravitation(earth, y[0], y[1], y[2])
    row.time = time
    row.latitude, row.longitude, row.height_ellipsoid = place
    row.roll, row.pitch, row.yaw = euler_from_matrix(
        turn[0], turn[1], turn[2], turn[3], turn[4], turn[5], turn[6], turn[7], turn[8])
    for i in range(3):
        row.position_ecef[i], row.velocity_ecef[i] = y[i], y[3 + i]
        row.velocity_ned[i], row.wind_ned[i] = north[i], wind[i]
        row.rate_body_inertial[i], row.rate_body_earth[i] = y[10 + i], rate[i]
        row.force_body[i], row.moment_body[i] = force[i], force[3 + i]
    for i in range(4):
        row.attitude[i] = y[6 + i]
    row.temperature, row.pressure, row.density = temperature, pressure, density
    row.speed_of_sound, row.true_airspeed, row.mach = sound, airspeed, airspeed / sound
    row.dynamic_pressure = 0.5 * density * airspeed * airspeed
    row.gravitation = sqrt(gx * gx + gy * gy + gz * gz)


@compiled
def _lost(earth, y):
    """No longer finite, faster than light, or deep inside the Earth: it means nothing any more.

    A step too long for the drag throws a body to absurd speeds and out of the air, where all
    stays finite: light bounds it.
    """
    if not y[3] * y[3] + y[4] * y[4] + y[5] * y[5] < LIGHT * LIGHT:
        return True
    core = 0.5 * earth.semi_major_axis
    distance2 = y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
    return not (distance2 > core * core and abs(distance2 + y[6] + y[10] + y[11] + y[12]) < 1e300)


@compiled
def fly(rows, body, earth, heights, winds, y, dt, steps, every, rest):
    """Fly ``steps`` steps of ``dt`` s and one of ``rest`` s (0: none), keeping every so many.

    ``rows`` has room for the start, each ``every``-th step and the end. Returns how many rows
    were filled: fewer than all where the motion was lost.
    """
    observe(rows[0], body, earth, heights, winds, y, 0.0)
    filled = 1
    for step in range(1, steps + 1):
        y = advance(body, earth, heights, winds, y, dt)
        if _lost(earth, y):
            return filled
        if step % every == 0 or (step == steps and rest == 0.0):
            observe(rows[filled], body, earth, heights, winds, y, step * dt)
            filled += 1
    if rest > 0.0:
        y = advance(body, earth, heights, winds, y, rest)
        if _lost(earth, y):
            return filled
        observe(rows[filled], body, earth, heights, winds, y, steps * dt + rest)
        filled += 1
    return filled
