"""A rigid body on the rotating ellipsoid: 13 states, in Earth-fixed axes.

Position and velocity are relative to the Earth and resolved in ECEF; the attitude quaternion
takes body to ECEF; the body rate is inertial. Coriolis and centrifugal terms are explicit, so
no pole, date line or range breaks the equations (Stevens, Lewis and Johnson, Aircraft Control
and Simulation, 2016, eqs 1.7-18; Zipfel, Modeling and Simulation of Aerospace Vehicle
Dynamics, 2007, ch. 10).
"""

from longwatch.compiled import compiled
from longwatch.earth.frames import matrix_from_quaternion
from longwatch.earth.gravity import gravitation
from longwatch.record import f8, field, record


@record
class RigidBodyState:
    position_ecef: f8 = field("m", "centre of gravity", shape=(3,))
    velocity_ecef: f8 = field("m/s", "velocity relative to the Earth", shape=(3,))
    attitude: f8 = field("", "quaternion body to ECEF, scalar first", shape=(4,))
    rate_body: f8 = field("rad/s", "inertial angular rate, body axes", shape=(3,))
    specific_force_body: f8 = field("m/s2", "mean specific force over the last tick, body axes",
                                    shape=(3,))
    mean_rate_body: f8 = field("rad/s", "mean inertial rate over the last tick, body axes",
                               shape=(3,))


@compiled
def pack(body):
    """The 13 states as one tuple: position, velocity, attitude, rate."""
    p, v, a, w = body.position_ecef, body.velocity_ecef, body.attitude, body.rate_body
    return (p[0], p[1], p[2], v[0], v[1], v[2], a[0], a[1], a[2], a[3], w[0], w[1], w[2])


@compiled
def unpack(body, y):
    """Write the 13 states back, the quaternion normalised."""
    for i in range(3):
        body.position_ecef[i] = y[i]
        body.velocity_ecef[i] = y[3 + i]
        body.rate_body[i] = y[10 + i]
    norm = (y[6] * y[6] + y[7] * y[7] + y[8] * y[8] + y[9] * y[9]) ** 0.5
    for i in range(4):
        body.attitude[i] = y[6 + i] / norm


@compiled
def along(y, k, h):
    """y + h k, over the 13 states."""
    return (
        y[0] + h * k[0], y[1] + h * k[1], y[2] + h * k[2], y[3] + h * k[3], y[4] + h * k[4],
        y[5] + h * k[5], y[6] + h * k[6], y[7] + h * k[7], y[8] + h * k[8], y[9] + h * k[9],
        y[10] + h * k[10], y[11] + h * k[11], y[12] + h * k[12],
    )


@compiled
def derivative(earth, y, rotation, mass, inertia, force, moment):
    """Time derivative of the 13 states.

    ``rotation`` is the matrix of ``y``'s quaternion; ``inertia`` (xx, yy, zz, xz) in kg m2;
    ``force`` [N] without gravitation and ``moment`` about the centre of gravity [N m], body axes.
    """
    m = rotation
    fx, fy, fz = force[0] / mass, force[1] / mass, force[2] / mass
    gx, gy, gz = gravitation(earth, y[0], y[1], y[2])
    spin = earth.rotation_rate
    ax = m[0] * fx + m[1] * fy + m[2] * fz + gx + spin * (spin * y[0] + 2.0 * y[4])
    ay = m[3] * fx + m[4] * fy + m[5] * fz + gy + spin * (spin * y[1] - 2.0 * y[3])
    az = m[6] * fx + m[7] * fy + m[8] * fz + gz
    p, q, r = y[10], y[11], y[12]
    # The quaternion turns with the rate relative to the Earth.
    pe, qe, re = p - spin * m[6], q - spin * m[7], r - spin * m[8]
    a, b, c, d = y[6], y[7], y[8], y[9]
    ixx, iyy, izz, ixz = inertia
    hx, hz = ixx * p - ixz * r, izz * r - ixz * p
    hy = iyy * q
    tx = moment[0] - (q * hz - r * hy)
    ty = moment[1] - (r * hx - p * hz)
    tz = moment[2] - (p * hy - q * hx)
    determinant = ixx * izz - ixz * ixz
    return (
        y[3], y[4], y[5], ax, ay, az,
        -0.5 * (b * pe + c * qe + d * re),
        0.5 * (a * pe + c * re - d * qe),
        0.5 * (a * qe - b * re + d * pe),
        0.5 * (a * re + b * qe - c * pe),
        (izz * tx + ixz * tz) / determinant, ty / iyy, (ixz * tx + ixx * tz) / determinant,
    )


@compiled
def rotation_of(y):
    """Matrix body to ECEF, row-major, of the state's quaternion."""
    return matrix_from_quaternion(y[6], y[7], y[8], y[9])
