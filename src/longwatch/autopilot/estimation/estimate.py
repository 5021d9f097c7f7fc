"""What the aircraft takes itself to be: the one record that everything after it reads.

A filter carries position, velocity and attitude on, at every tick; :func:`describe` works out from
them, and from what else was voted for, what guidance, control, failsafes and services read.
"""

from math import hypot, sqrt

from longwatch.autopilot.estimation import air_data, gauges, wind
from longwatch.autopilot.estimation.air_data import AirData
from longwatch.autopilot.estimation.gauges import Gauges
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    transposed_product,
)
from longwatch.earth.geoid import undulation
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.record import b1, f8, field, record


@record
class Estimate:
    aligned: b1 = field("", "attitude and position have been found")
    magnetic_weak: b1 = field("", "the horizontal magnetic field is too weak for a heading")
    dead_reckoned: b1 = field("", "no fix: the position is reckoned")
    ground_valid: b1 = field("", "height above ground is measured")
    position_ecef: f8 = field("m", "position", shape=(3,))
    velocity_ecef: f8 = field("m/s", "velocity", shape=(3,), logged=False)
    attitude: f8 = field("", "quaternion body to ECEF", shape=(4,), logged=False)
    specific_force_ecef: f8 = field("m/s2", "specific force", shape=(3,), logged=False)
    rate: f8 = field("rad/s", "body rate relative to the Earth", shape=(3,), logged=False)
    ned: f8 = field("", "matrix NED to ECEF, row-major", shape=(9,), logged=False)
    body_to_ned: f8 = field("", "matrix body to NED, row-major", shape=(9,), logged=False)
    latitude: f8 = field("rad", "latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level")
    height_ellipsoid: f8 = field("m", "height over the ellipsoid", logged=False)
    height_above_ground: f8 = field("m", "wheels above ground, where the altimeter sees it")
    velocity_north: f8 = field("m/s", "velocity northward")
    velocity_east: f8 = field("m/s", "velocity eastward")
    climb_rate: f8 = field("m/s", "climb rate")
    roll: f8 = field("rad", "roll")
    pitch: f8 = field("rad", "pitch")
    heading: f8 = field("rad", "true heading")
    load_factor: f8 = field("", "normal specific force over gravity")
    mass: f8 = field("kg", "mass, by what was entered and the fuel gauge")
    wind_north: f8 = field("m/s", "wind, towards north")
    wind_east: f8 = field("m/s", "wind, towards east")
    gust_variance: f8 = field("m2/s2", "of the horizontal gusts about the wind, along each axis",
                              logged=False)
    wind_known: f8 = field("s", "time that the mean wind is made of", logged=False)
    mean_wind_north: f8 = field("m/s", "wind, gusts averaged out, towards north", logged=False)
    mean_wind_east: f8 = field("m/s", "wind, gusts averaged out, towards east", logged=False)
    mean_wind_altitude: f8 = field("m", "altitude above mean sea level where it was found, on the "
                                        "mean", logged=False)
    fix_age: f8 = field("s", "time since the last fix", logged=False)
    horizontal_accuracy: f8 = field("m", "standard error of the position stated")
    vertical_accuracy: f8 = field("m", "standard error of the height stated", logged=False)
    air: AirData = field("", "air data")
    gauges: Gauges = field("", "gauges and switches")


@compiled
def describe(estimate, check, voted, systems, sheet, header, earth, geoid, dt):
    """Work out what guidance and control read; called every ``dt`` s.

    ``check`` is the AirspeedCheckState, ``systems`` the aircraft's own gauges.
    """
    at, v, q, ned, m = (estimate.position_ecef, estimate.velocity_ecef, estimate.attitude,
                        estimate.ned, estimate.body_to_ned)
    latitude, longitude, height = ecef_to_geodetic(earth, at[0], at[1], at[2])
    estimate.latitude, estimate.longitude = latitude, longitude
    estimate.height_ellipsoid = height
    estimate.altitude_msl = height - undulation(geoid, latitude, longitude)
    frame = ned_to_ecef_matrix(latitude, longitude)
    wind.turn(estimate, frame)
    body = matrix_from_quaternion(q[0], q[1], q[2], q[3])
    attitude = transposed_product(frame, body)
    for i in range(9):
        ned[i], m[i] = frame[i], attitude[i]
    estimate.velocity_north = frame[0] * v[0] + frame[3] * v[1] + frame[6] * v[2]
    estimate.velocity_east = frame[1] * v[0] + frame[4] * v[1] + frame[7] * v[2]
    estimate.climb_rate = -(frame[2] * v[0] + frame[5] * v[1] + frame[8] * v[2])
    estimate.roll, estimate.pitch, estimate.heading = euler_from_matrix(
        m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
    estimate.load_factor = -voted.imu.specific_force[2] / GRAVITY
    estimate.fix_age += dt
    air_data.read(check, estimate, voted.air_data, sheet, dt)
    wind.find(estimate, voted.air_data.valid, dt)
    estimate.ground_valid = voted.altimeter.valid
    if voted.altimeter.valid:
        estimate.height_above_ground = voted.altimeter.height_above_ground
    gauges.read(estimate.gauges, systems)
    estimate.mass = sheet.mass.empty_mass + header.payload_mass + systems.fuel_mass


@compiled
def stall_speed(estimate, sheet):
    """Calibrated stall speed [m/s] in level flight at the estimated mass."""
    lift = 0.5 * 1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max
    return sqrt(estimate.mass * GRAVITY / lift)


@compiled
def true_over_calibrated(estimate):
    """True airspeed per calibrated airspeed, of incompressible flow."""
    return 1.0 / sqrt(max(estimate.air.density_ratio, 0.05))


@compiled
def ground_speed(estimate):
    """Speed over the ground [m/s]."""
    return hypot(estimate.velocity_north, estimate.velocity_east)
