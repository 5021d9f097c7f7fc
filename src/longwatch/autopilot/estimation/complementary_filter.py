"""A complementary filter: strapdown inertial navigation, held by GNSS and magnetometer.

Attitude, velocity and position are integrated from the inertial unit in Earth-fixed axes
(Groves, Principles of GNSS, Inertial and Multisensor Integrated Navigation Systems, 2013, ch. 5)
and pulled towards each fix by fixed gains: the fast part of the estimate is the inertial unit's,
the slow part the fixes', crossing over at the gains' time constants (R. Mahony, T. Hamel,
J.-M. Pflimlin, Nonlinear complementary filters on the special orthogonal group, IEEE Transactions
on Automatic Control 53, 2008). It knows no covariance. Tilt is seen in the velocity error (a wrong
tilt accelerates the estimate sideways): that tells of every error but one about the specific force
itself. The magnetic field tells of that one, and is asked of no other, so that neither disturbs
the other however steeply the field dips. Without fixes ``dead_reckoning.py`` takes their place.

Near the magnetic poles the horizontal field is too weak to steer by: the World Magnetic Model calls
it caution zone below 6000 nT and blackout zone below 2000 nT (NOAA NCEI, The US/UK World Magnetic
Model for 2025-2030). There the heading begins at the runway's direction, as crews set a directional
gyro, and is kept by the gyroscopes, and by the velocity error whenever the aircraft turns or
gathers speed.
"""

from math import atan2, cos, hypot, sin, sqrt

from longwatch.autopilot.estimation import dead_reckoning
from longwatch.autopilot.estimation.dead_reckoning import DeadReckoningState
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    wrap_angle,
)
from longwatch.earth.gravity import gravitation
from longwatch.earth.magnetic_field import magnetic_field_ned
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import f8, field, i8, record

POSITION_GAIN = 0.3
VELOCITY_GAIN = 0.3
TILT_GAIN = 0.3
HEADING_GAIN = 0.1
# The gains are meant for a fix every so often [s].
FIX_INTERVAL = 0.1
SETTLE_TIME_CONSTANT = 0.4
# Horizontal magnetic field [nT] below which it gives no heading (WMM caution zone), and above which
# it does again: apart, so that it does not change at every look.
WEAK_FIELD, STRONG_FIELD = 6000.0, 6500.0
# Specific force [m/s2] below which its direction says nothing.
LEAST_FORCE = 3.0


@record
class ComplementaryFilterState:
    """What the filter remembers beside the estimate that it carries on."""

    fix_count: i8 = field("", "last fix that was used", logged=False)
    standing_force: f8 = field("m/s2", "specific force before the start, smoothed, body axes",
                               shape=(3,), logged=False)
    dead_reckoning: DeadReckoningState = field("", "without satellites")


@compiled
def settle(state, imu, dt):
    """Smooth the specific force while the aircraft stands: gusts rock it on its struts."""
    share = dt / (SETTLE_TIME_CONSTANT + dt) if state.standing_force[2] != 0.0 else 1.0
    for i in range(3):
        state.standing_force[i] += share * (imu.specific_force[i] - state.standing_force[i])


@compiled
def align(state, estimate, voted, earth, magnetic, runway, end):
    """Find position from GNSS, tilt from gravity and heading from the magnetic field.

    Where that is weak, heading is that of the ``runway`` seen from its ``end``, where it stands.
    """
    fix, force = voted.gnss, state.standing_force
    roll = atan2(-force[1], -force[2])
    pitch = atan2(force[0], hypot(force[1], force[2]))
    north, east, _ = _field_at(magnetic, fix.latitude, fix.longitude)
    estimate.magnetic_weak = hypot(north, east) < WEAK_FIELD
    if estimate.magnetic_weak or not voted.magnetometer.valid:
        heading = _runway_course(earth, runway, end)
    else:
        heading = _magnetic_heading(voted.magnetometer.field_body, roll, pitch, north, east)
    a = quaternion_ned_to_ecef(fix.latitude, fix.longitude)
    b = quaternion_from_euler(roll, pitch, heading)
    q = quaternion_multiply(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])
    p = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    for i in range(4):
        estimate.attitude[i] = q[i]
    for i in range(3):
        estimate.position_ecef[i] = p[i]
        estimate.velocity_ecef[i] = 0.0
    state.fix_count = fix.count
    estimate.aligned = True


@compiled
def _magnetic_heading(measured, roll, pitch, north, east):
    """True heading [rad] from a field in body axes, levelled by roll and pitch, and the model's."""
    sr, cr, sp, cp = sin(roll), cos(roll), sin(pitch), cos(pitch)
    level_x = measured[0] * cp + (measured[1] * sr + measured[2] * cr) * sp
    level_y = measured[1] * cr - measured[2] * sr
    return wrap_angle(atan2(east, north) - atan2(level_y, level_x))


@compiled
def _runway_course(earth, runway, end):
    """True course [rad] of a runway at one of its ends."""
    a = geodetic_to_ecef(earth, runway.latitude[end], runway.longitude[end], 0.0)
    b = geodetic_to_ecef(earth, runway.latitude[1 - end], runway.longitude[1 - end], 0.0)
    m = ned_to_ecef_matrix(runway.latitude[end], runway.longitude[end])
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    return atan2(m[1] * x + m[4] * y + m[7] * z, m[0] * x + m[3] * y + m[6] * z)


@compiled
def _field_at(magnetic, latitude, longitude):
    return magnetic_field_ned(magnetic.values, magnetic.first_latitude, magnetic.first_longitude,
                              magnetic.step, latitude, longitude)


@compiled
def integrate(estimate, imu, earth, dt):
    """Carry attitude, velocity and position over one inertial sample of ``dt`` s."""
    q = estimate.attitude
    m = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    spin = earth.rotation_rate
    p = imu.rate[0] - spin * m[6]
    r = imu.rate[2] - spin * m[8]
    qq = imu.rate[1] - spin * m[7]
    estimate.rate[0], estimate.rate[1], estimate.rate[2] = p, qq, r
    half = 0.5 * dt
    x, y, z = p * half, qq * half, r * half
    square = x * x + y * y + z * z
    c, s = 1.0 - 0.5 * square, 1.0 - square / 6.0
    n = quaternion_multiply(q[0], q[1], q[2], q[3], c, s * x, s * y, s * z)
    norm = 1.0 / sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + n[3] * n[3])
    q[0], q[1], q[2], q[3] = n[0] * norm, n[1] * norm, n[2] * norm, n[3] * norm
    # The specific force acted, on average, at the attitude half way through the imu.
    e = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    f = imu.specific_force
    v, at, force = estimate.velocity_ecef, estimate.position_ecef, estimate.specific_force_ecef
    force[0] = 0.5 * ((m[0] + e[0]) * f[0] + (m[1] + e[1]) * f[1] + (m[2] + e[2]) * f[2])
    force[1] = 0.5 * ((m[3] + e[3]) * f[0] + (m[4] + e[4]) * f[1] + (m[5] + e[5]) * f[2])
    force[2] = 0.5 * ((m[6] + e[6]) * f[0] + (m[7] + e[7]) * f[1] + (m[8] + e[8]) * f[2])
    gx, gy, gz = gravitation(earth, at[0], at[1], at[2])
    ax = force[0] + gx + spin * (spin * at[0] + 2.0 * v[1])
    ay = force[1] + gy + spin * (spin * at[1] - 2.0 * v[0])
    az = force[2] + gz
    at[0] += dt * (v[0] + half * ax)
    at[1] += dt * (v[1] + half * ay)
    at[2] += dt * (v[2] + half * az)
    v[0] += dt * ax
    v[1] += dt * ay
    v[2] += dt * az


@compiled
def correct(state, estimate, voted, earth, magnetic, dt):
    """Pull the estimate towards a new fix, or what is reckoned without, and magnetic heading.

    Called every ``dt`` s, after :func:`estimate.describe`.
    """
    fix = voted.gnss
    if not fix.valid or fix.count == state.fix_count:
        dead_reckoning.step(state.dead_reckoning, estimate, voted.air_data, dt)
        if estimate.dead_reckoned:
            x, y, z = _magnetic_turn(estimate, voted.magnetometer, magnetic, estimate.latitude,
                                     estimate.longitude)
            gain = HEADING_GAIN * dt / FIX_INTERVAL
            _turn(estimate, gain * x, gain * y, gain * z)
        return
    state.fix_count = fix.count
    if estimate.dead_reckoned:
        dead_reckoning.take_up(state.dead_reckoning, estimate, fix, earth)
    else:
        _pull(estimate, voted, earth, magnetic)
    dead_reckoning.note_fix(estimate)


@compiled
def _pull(estimate, voted, earth, magnetic):
    """Pull position, velocity, tilt and heading towards a fix."""
    fix = voted.gnss
    x, y, z = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    m = ned_to_ecef_matrix(fix.latitude, fix.longitude)
    n, e, d = fix.velocity_north, fix.velocity_east, fix.velocity_down
    at, v, f = estimate.position_ecef, estimate.velocity_ecef, estimate.specific_force_ecef
    dx = m[0] * n + m[1] * e + m[2] * d - v[0]
    dy = m[3] * n + m[4] * e + m[5] * d - v[1]
    dz = m[6] * n + m[7] * e + m[8] * d - v[2]
    at[0] += POSITION_GAIN * (x - at[0])
    at[1] += POSITION_GAIN * (y - at[1])
    at[2] += POSITION_GAIN * (z - at[2])
    v[0] += VELOCITY_GAIN * dx
    v[1] += VELOCITY_GAIN * dy
    v[2] += VELOCITY_GAIN * dz
    turn_x, turn_y, turn_z = _magnetic_turn(estimate, voted.magnetometer, magnetic, fix.latitude,
                                            fix.longitude)
    gain = TILT_GAIN / (9.81 * 9.81)
    _turn(estimate, gain * (f[1] * dz - f[2] * dy) + HEADING_GAIN * turn_x,
          gain * (f[2] * dx - f[0] * dz) + HEADING_GAIN * turn_y,
          gain * (f[0] * dy - f[1] * dx) + HEADING_GAIN * turn_z)


@compiled
def _turn(estimate, wx, wy, wz):
    """Turn the attitude by a small angle [rad], Earth-fixed axes."""
    q = estimate.attitude
    c = quaternion_multiply(1.0, 0.5 * wx, 0.5 * wy, 0.5 * wz, q[0], q[1], q[2], q[3])
    norm = 1.0 / sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2] + c[3] * c[3])
    for i in range(4):
        q[i] = c[i] * norm


@compiled
def _magnetic_turn(estimate, magnetometer, magnetic, latitude, longitude):
    """Turn [rad, Earth-fixed axes] about the specific force, from the field seen to the model's.

    Nothing where the horizontal field is too weak, no magnetometer works, or no force is felt.
    """
    north, east, down = _field_at(magnetic, latitude, longitude)
    estimate.magnetic_weak = hypot(north, east) < (
        STRONG_FIELD if estimate.magnetic_weak else WEAK_FIELD)
    f = estimate.specific_force_ecef
    force = sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2])
    if not magnetometer.valid or estimate.magnetic_weak or force < LEAST_FORCE:
        return 0.0, 0.0, 0.0
    ux, uy, uz = f[0] / force, f[1] / force, f[2] / force
    mx, my, mz = rotate(estimate.ned, north, east, down)
    b, q = magnetometer.field_body, estimate.attitude
    sx, sy, sz = rotate(matrix_from_quaternion(q[0], q[1], q[2], q[3]), b[0], b[1], b[2])
    seen, model = ux * sx + uy * sy + uz * sz, ux * mx + uy * my + uz * mz
    across = (ux * (sy * mz - sz * my) + uy * (sz * mx - sx * mz) + uz * (sx * my - sy * mx))
    angle = atan2(across, sx * mx + sy * my + sz * mz - seen * model)
    return angle * ux, angle * uy, angle * uz
