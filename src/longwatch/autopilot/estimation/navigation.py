"""Where the aircraft is: strapdown inertial navigation, held by GNSS and magnetometer.

Attitude, velocity and position are integrated from the inertial unit in Earth-fixed axes
(Groves, Principles of GNSS, Inertial and Multisensor Integrated Navigation Systems, 2013, ch. 5)
and pulled towards each fix by fixed gains. Tilt is seen in the velocity error (a wrong tilt
accelerates the estimate sideways): that tells of every error but one about the specific force
itself. The magnetic field tells of that one, and is asked of no other, so that neither disturbs
the other however steeply the field dips. Airspeed and wind are read in ``airspeed.py``; without
fixes ``dead_reckoning.py`` takes their place.

Near the magnetic poles the horizontal field is too weak to steer by: the World Magnetic Model calls
it caution zone below 6000 nT and blackout zone below 2000 nT (NOAA NCEI, The US/UK World Magnetic
Model for 2025-2030). There the heading begins at the runway's direction, as crews set a directional
gyro, and is kept by the gyroscopes, and by the velocity error whenever the aircraft turns or
gathers speed.
"""

from math import atan2, cos, hypot, sin, sqrt

from longwatch.autopilot.estimation import airspeed, dead_reckoning
from longwatch.autopilot.estimation.airspeed import AirspeedState
from longwatch.autopilot.estimation.dead_reckoning import DeadReckoningState
from longwatch.autopilot.estimation.voting import chosen
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    transposed_product,
    wrap_angle,
)
from longwatch.earth.geoid import undulation
from longwatch.earth.gravity import gravitation
from longwatch.earth.magnetic_field import magnetic_field_ned
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import ecef_to_geodetic, geodetic_to_ecef
from longwatch.record import b1, f8, field, i8, record

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
class NavigationState:
    aligned: b1 = field("", "attitude and position have been found")
    magnetic_weak: b1 = field("", "the horizontal magnetic field is too weak for a heading")
    fix_count: i8 = field("", "last fix that was used", logged=False)
    standing_force: f8 = field("m/s2", "specific force before the start, smoothed, body axes",
                               shape=(3,), logged=False)
    position_ecef: f8 = field("m", "estimated position", shape=(3,))
    velocity_ecef: f8 = field("m/s", "estimated velocity", shape=(3,), logged=False)
    attitude: f8 = field("", "estimated quaternion body to ECEF", shape=(4,), logged=False)
    specific_force_ecef: f8 = field("m/s2", "specific force", shape=(3,), logged=False)
    ned: f8 = field("", "matrix NED to ECEF, row-major", shape=(9,), logged=False)
    body_to_ned: f8 = field("", "matrix body to NED, row-major", shape=(9,), logged=False)
    latitude: f8 = field("rad", "estimated latitude")
    longitude: f8 = field("rad", "estimated longitude")
    altitude_msl: f8 = field("m", "estimated altitude above mean sea level")
    height_ellipsoid: f8 = field("m", "estimated height over the ellipsoid", logged=False)
    height_above_ground: f8 = field("m", "wheels above ground, where the altimeter sees it")
    ground_valid: b1 = field("", "height above ground is measured")
    velocity_north: f8 = field("m/s", "estimated velocity northward")
    velocity_east: f8 = field("m/s", "estimated velocity eastward")
    climb_rate: f8 = field("m/s", "estimated climb rate")
    roll: f8 = field("rad", "estimated roll")
    pitch: f8 = field("rad", "estimated pitch")
    heading: f8 = field("rad", "estimated true heading")
    rate: f8 = field("rad/s", "body rate relative to the Earth", shape=(3,), logged=False)
    load_factor: f8 = field("", "normal specific force over gravity")
    calibrated_airspeed: f8 = field("m/s", "calibrated airspeed")
    true_airspeed: f8 = field("m/s", "true airspeed")
    mach: f8 = field("", "Mach number")
    density_ratio: f8 = field("", "air density over sea level's")
    dynamic_pressure: f8 = field("Pa", "half rho V squared")
    alpha: f8 = field("rad", "angle of attack")
    beta: f8 = field("rad", "sideslip")
    wind_north: f8 = field("m/s", "estimated wind, towards north")
    wind_east: f8 = field("m/s", "estimated wind, towards east")
    fuel_mass: f8 = field("kg", "fuel gauge", logged=False)
    mass: f8 = field("kg", "estimated mass")
    weight_on_wheels: b1 = field("", "wheels carry load")
    gear: f8 = field("", "landing gear, 0 up to 1 down and locked", logged=False)
    ruddervators: f8 = field("rad", "servo feedback, left and right", shape=(2,), logged=False)
    airspeed: AirspeedState = field("", "whether the measured airspeed is believed")
    dead_reckoning: DeadReckoningState = field("", "without satellites")


@compiled
def settle(state, sensors, dt):
    """Smooth the specific force while the aircraft stands: gusts rock it on its struts."""
    force = sensors.imu[chosen(sensors.imu)].specific_force
    share = dt / (SETTLE_TIME_CONSTANT + dt) if state.standing_force[2] != 0.0 else 1.0
    for i in range(3):
        state.standing_force[i] += share * (force[i] - state.standing_force[i])


@compiled
def align(state, sensors, earth, magnetic, runway, end):
    """Find position from GNSS, tilt from gravity and heading from the magnetic field.

    Where that is weak, heading is that of the ``runway`` seen from its ``end``, where it stands.
    """
    fix = sensors.gnss[chosen(sensors.gnss)]
    force = state.standing_force
    roll = atan2(-force[1], -force[2])
    pitch = atan2(force[0], hypot(force[1], force[2]))
    north, east, _ = _field_at(magnetic, fix.latitude, fix.longitude)
    channel = chosen(sensors.magnetometer)
    state.magnetic_weak = hypot(north, east) < WEAK_FIELD
    if state.magnetic_weak or channel < 0:
        heading = _runway_course(earth, runway, end)
    else:
        heading = _magnetic_heading(sensors.magnetometer[channel].field_body, roll, pitch,
                                    north, east)
    a = quaternion_ned_to_ecef(fix.latitude, fix.longitude)
    b = quaternion_from_euler(roll, pitch, heading)
    q = quaternion_multiply(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])
    p = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    for i in range(4):
        state.attitude[i] = q[i]
    for i in range(3):
        state.position_ecef[i] = p[i]
        state.velocity_ecef[i] = 0.0
    state.fix_count = fix.count
    state.aligned = True


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
def integrate(state, sensors, earth, dt):
    """Carry attitude, velocity and position over one inertial sample of ``dt`` s."""
    sample = sensors.imu[chosen(sensors.imu)]
    q = state.attitude
    m = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    spin = earth.rotation_rate
    p = sample.rate[0] - spin * m[6]
    r = sample.rate[2] - spin * m[8]
    qq = sample.rate[1] - spin * m[7]
    state.rate[0], state.rate[1], state.rate[2] = p, qq, r
    half = 0.5 * dt
    x, y, z = p * half, qq * half, r * half
    square = x * x + y * y + z * z
    c, s = 1.0 - 0.5 * square, 1.0 - square / 6.0
    n = quaternion_multiply(q[0], q[1], q[2], q[3], c, s * x, s * y, s * z)
    norm = 1.0 / sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2] + n[3] * n[3])
    q[0], q[1], q[2], q[3] = n[0] * norm, n[1] * norm, n[2] * norm, n[3] * norm
    # The specific force acted, on average, at the attitude half way through the sample.
    e = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    f = sample.specific_force
    v, at, force = state.velocity_ecef, state.position_ecef, state.specific_force_ecef
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
def correct(state, sensors, earth, magnetic, time, dt):
    """Pull the estimate towards a new fix, or what is reckoned without, and magnetic heading.

    Called every ``dt`` s, after :func:`describe`; ``time`` [s] is the clock's.
    """
    channel, reckoning = chosen(sensors.gnss), state.dead_reckoning
    reckoning.gnss_valid = channel >= 0
    if channel < 0 or sensors.gnss[channel].count == state.fix_count:
        dead_reckoning.step(reckoning, state, sensors, time, dt)
        if reckoning.active:
            x, y, z = _magnetic_turn(state, sensors, magnetic, state.latitude, state.longitude)
            gain = HEADING_GAIN * dt / FIX_INTERVAL
            _turn(state, gain * x, gain * y, gain * z)
        return
    fix = sensors.gnss[channel]
    state.fix_count = fix.count
    if reckoning.active:
        dead_reckoning.take_up(reckoning, state, fix, earth)
    else:
        _pull(state, sensors, fix, earth, magnetic)
    dead_reckoning.note_fix(reckoning)


@compiled
def _pull(state, sensors, fix, earth, magnetic):
    """Pull position, velocity, tilt and heading towards a fix."""
    x, y, z = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    m = ned_to_ecef_matrix(fix.latitude, fix.longitude)
    n, e, d = fix.velocity_north, fix.velocity_east, fix.velocity_down
    at, v, f = state.position_ecef, state.velocity_ecef, state.specific_force_ecef
    dx = m[0] * n + m[1] * e + m[2] * d - v[0]
    dy = m[3] * n + m[4] * e + m[5] * d - v[1]
    dz = m[6] * n + m[7] * e + m[8] * d - v[2]
    at[0] += POSITION_GAIN * (x - at[0])
    at[1] += POSITION_GAIN * (y - at[1])
    at[2] += POSITION_GAIN * (z - at[2])
    v[0] += VELOCITY_GAIN * dx
    v[1] += VELOCITY_GAIN * dy
    v[2] += VELOCITY_GAIN * dz
    turn_x, turn_y, turn_z = _magnetic_turn(state, sensors, magnetic, fix.latitude, fix.longitude)
    gain = TILT_GAIN / (9.81 * 9.81)
    _turn(state, gain * (f[1] * dz - f[2] * dy) + HEADING_GAIN * turn_x,
          gain * (f[2] * dx - f[0] * dz) + HEADING_GAIN * turn_y,
          gain * (f[0] * dy - f[1] * dx) + HEADING_GAIN * turn_z)


@compiled
def _turn(state, wx, wy, wz):
    """Turn the attitude by a small angle [rad], Earth-fixed axes."""
    q = state.attitude
    c = quaternion_multiply(1.0, 0.5 * wx, 0.5 * wy, 0.5 * wz, q[0], q[1], q[2], q[3])
    norm = 1.0 / sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2] + c[3] * c[3])
    for i in range(4):
        q[i] = c[i] * norm


@compiled
def _magnetic_turn(state, sensors, magnetic, latitude, longitude):
    """Turn [rad, Earth-fixed axes] about the specific force, from the field seen to the model's.

    Nothing where the horizontal field is too weak, no magnetometer works, or no force is felt.
    """
    north, east, down = _field_at(magnetic, latitude, longitude)
    state.magnetic_weak = hypot(north, east) < (
        STRONG_FIELD if state.magnetic_weak else WEAK_FIELD)
    channel, f = chosen(sensors.magnetometer), state.specific_force_ecef
    force = sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2])
    if channel < 0 or state.magnetic_weak or force < LEAST_FORCE:
        return 0.0, 0.0, 0.0
    ux, uy, uz = f[0] / force, f[1] / force, f[2] / force
    mx, my, mz = rotate(state.ned, north, east, down)
    b, q = sensors.magnetometer[channel].field_body, state.attitude
    sx, sy, sz = rotate(matrix_from_quaternion(q[0], q[1], q[2], q[3]), b[0], b[1], b[2])
    seen, model = ux * sx + uy * sy + uz * sz, ux * mx + uy * my + uz * mz
    across = (ux * (sy * mz - sz * my) + uy * (sz * mx - sx * mz) + uz * (sx * my - sy * mx))
    angle = atan2(across, sx * mx + sy * my + sz * mz - seen * model)
    return angle * ux, angle * uy, angle * uz


@compiled
def describe(state, sensors, sheet, header, earth, geoid, dt):
    """Work out what guidance and control read; called every ``dt`` s."""
    at, v, q, ned, m = (state.position_ecef, state.velocity_ecef, state.attitude, state.ned,
                        state.body_to_ned)
    latitude, longitude, height = ecef_to_geodetic(earth, at[0], at[1], at[2])
    state.latitude, state.longitude = latitude, longitude
    state.height_ellipsoid = height
    state.altitude_msl = height - undulation(geoid, latitude, longitude)
    frame = ned_to_ecef_matrix(latitude, longitude)
    _turn_wind(state, frame)
    body = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    attitude = transposed_product(frame, body)
    for i in range(9):
        ned[i], m[i] = frame[i], attitude[i]
    state.velocity_north = frame[0] * v[0] + frame[3] * v[1] + frame[6] * v[2]
    state.velocity_east = frame[1] * v[0] + frame[4] * v[1] + frame[7] * v[2]
    state.climb_rate = -(frame[2] * v[0] + frame[5] * v[1] + frame[8] * v[2])
    state.roll, state.pitch, state.heading = euler_from_matrix(
        m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
    state.load_factor = -sensors.imu[chosen(sensors.imu)].specific_force[2] / GRAVITY
    state.dead_reckoning.fix_age += dt
    airspeed.read(state, sensors, sheet, dt)
    _read_systems(state, sensors, sheet, header)


@compiled
def _turn_wind(state, frame):
    """Keep the wind as it is while north turns under way, at a pole by half a turn."""
    m, known = state.ned, state.dead_reckoning
    c = m[0] * frame[0] + m[3] * frame[3] + m[6] * frame[6]
    s = m[0] * frame[1] + m[3] * frame[4] + m[6] * frame[7]
    length = hypot(c, s)
    if length < 0.5:  # before the first position there is no frame
        return
    c, s = c / length, s / length
    state.wind_north, state.wind_east = (c * state.wind_north - s * state.wind_east,
                                         s * state.wind_north + c * state.wind_east)
    known.mean_wind_north, known.mean_wind_east = (
        c * known.mean_wind_north - s * known.mean_wind_east,
        s * known.mean_wind_north + c * known.mean_wind_east)


@compiled
def _read_systems(state, sensors, sheet, header):
    channel = chosen(sensors.altimeter)
    state.ground_valid = channel >= 0
    if channel >= 0:
        state.height_above_ground = sensors.altimeter[channel].height_above_ground
    systems = sensors.systems
    state.fuel_mass = systems.fuel_mass
    state.mass = sheet.mass.empty_mass + header.payload_mass + systems.fuel_mass
    state.ruddervators[0], state.ruddervators[1] = (
        systems.ruddervators[0], systems.ruddervators[1])
    state.weight_on_wheels, state.gear = systems.weight_on_wheels, systems.gear


@compiled
def stall_speed(state, sheet):
    """Calibrated stall speed [m/s] in level flight at the estimated mass."""
    lift = 0.5 * 1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max
    return sqrt(state.mass * GRAVITY / lift)


@compiled
def true_over_calibrated(state):
    """True airspeed per calibrated airspeed, of incompressible flow."""
    return 1.0 / sqrt(max(state.density_ratio, 0.05))


@compiled
def ground_speed(state):
    """Speed over the ground [m/s]."""
    return hypot(state.velocity_north, state.velocity_east)
