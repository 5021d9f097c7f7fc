"""The whole motion: NASA's check cases, standing still, thrust and spinning masses.

The check cases are those of NASA/TM-2015-218675, judged against its simulations 04 and 05.
"""

import csv
import math

import numba
import numpy as np
import pytest

from longwatch.aircraft.schema import Datasheet
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    transposed_product,
)
from longwatch.earth.wgs84 import WGS84, ecef_to_geodetic, geodetic_to_ecef
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight import motion
from longwatch.simulation.vehicle import Vehicle

FOOT, SLUG = 0.3048, 14.593902937
SLUG_FOOT2 = SLUG * FOOT * FOOT
SPIN = 7.292115e-5
# As plain Python a second of flight is all that fits.
SECONDS = 1.0 if numba.config.DISABLE_JIT else 30.0
BRICK = (0.001894220, 0.006211019, 0.007194665)
FOLDERS = {1: "01_DroppedSphere", 2: "02_TumblingBrickNoDamping", 3: "03_TumblingBrickDamping",
           6: "06_DroppedSphereEllipsoidalNoWind", 7: "07_DroppedSphereSteadyWind",
           9: "09_EastwardCannonball"}


@compiled
def fly(vehicle, sheet, earth, ticks, every, out, airless):
    """Fly without ground, writing geodetic position, Euler angles and rates every so often."""
    body = vehicle.body
    for tick in range(ticks + 1):
        p, a = body.position_ecef, body.attitude
        latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
        ned = ned_to_ecef_matrix(latitude, longitude)
        if tick % every == 0:
            m = transposed_product(ned, matrix_from_quaternion(a[0], a[1], a[2], a[3]))
            roll, pitch, yaw = euler_from_matrix(
                m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
            row = (latitude, longitude, height, roll, pitch, yaw, body.rate_body[0],
                   body.rate_body[1], body.rate_body[2])
            for i in range(9):
                out[tick // every, i] = row[i]
        density = standard_atmosphere(height)[2]
        vehicle.air.density = 0.0 if airless else density
        vehicle.air.density_gradient = standard_atmosphere(height + 1.0)[2] / density - 1.0
        motion.step(vehicle, sheet, earth, ned, 0.01)


def bare_sheet(area=1.0, span=1.0, chord=1.0, **coefficients):
    """No engine, no lift; the coefficients given."""
    sheet = Datasheet.zeros()[0]
    sheet.geometry.wing_area, sheet.geometry.span, sheet.geometry.chord = area, span, chord
    aero = sheet.aerodynamics
    aero.CL_alpha, aero.CL_max, aero.CL_min, aero.oswald = 1e-12, 9.0, -9.0, 1.0
    for name, value in coefficients.items():
        aero[name] = value
    return sheet


def placed(height, mass, inertia, velocity_ned=(0.0, 0.0, 0.0), rate=(0.0, 0.0, 0.0)):
    """A body over 0 N 0 E, level and facing north; rates are inertial."""
    vehicle = Vehicle.zeros()[0]
    vehicle.body.position_ecef[:] = geodetic_to_ecef(WGS84[0], 0.0, 0.0, height)
    vehicle.body.velocity_ecef[:] = rotate(ned_to_ecef_matrix(0.0, 0.0), *velocity_ned)
    vehicle.body.attitude[:] = quaternion_ned_to_ecef(0.0, 0.0)
    vehicle.body.rate_body[:] = rate
    vehicle.mass.mass = mass
    vehicle.mass.inertia_xx, vehicle.mass.inertia_yy, vehicle.mass.inertia_zz = inertia
    vehicle.flight.height_above_ground = 1e5
    return vehicle


def check_case(number):
    """Sheet, vehicle and whether there is no air, as the report sets the case up."""
    height = 30000.0 * FOOT
    brick = 0.155404754 * SLUG, [i * SLUG_FOOT2 for i in BRICK]
    sphere = SLUG, [3.6 * SLUG_FOOT2] * 3
    tumbling = np.radians((10.0, 20.0, 30.0))
    drag = bare_sheet(0.1963495 * FOOT**2, CD0=0.1)
    if number == 1:
        return bare_sheet(), placed(height, *sphere), True
    if number == 2:
        return bare_sheet(), placed(height, *brick, rate=tumbling), True
    if number == 3:
        damped = bare_sheet(0.22222 * FOOT**2, FOOT / 3.0, 2.0 * FOOT / 3.0,
                            Cl_p=-1.0, Cm_q=-1.0, Cn_r=-1.0)
        return damped, placed(height, *brick, rate=tumbling), False
    if number == 9:
        thrown = (0.0, 1000.0 * FOOT, -1000.0 * FOOT)
        return drag, placed(0.0, *sphere, thrown, (SPIN, 0.0, 0.0)), False
    vehicle = placed(height, *sphere)
    vehicle.air.wind_east = 20.0 * FOOT if number == 7 else 0.0
    return drag, vehicle, False


def flown(number):
    sheet, vehicle, airless = check_case(number)
    ticks = round(SECONDS * 100)
    out = np.zeros((ticks // 10 + 1, 9))
    fly(vehicle, sheet, WGS84[0], ticks, 10, out, airless)
    return out


def published(folder, number, simulation, columns):
    """Columns of one reference simulation, every 0.1 s."""
    name = FOLDERS[number]
    path = folder / "nasa_check_cases" / f"Atmos_{name}" / f"Atmos_{name[:2]}_sim_{simulation}.csv"
    with path.open() as stream:
        reader = csv.reader(stream)
        header = next(reader)
        places = [header.index(column) for column in columns]
        rows = [[float(row[i]) for i in places] for row in reader]
    every = 10 if simulation == "05" else 1
    return np.array(rows[::every])


# Altitude [ft]: what 04 and 05 differ by between themselves, and a little more.
@pytest.mark.parametrize("simulation", ["04", "05"])
@pytest.mark.parametrize(("number", "feet"), [(1, 1e-5), (2, 1e-5), (3, 1e-3), (6, 2e-3),
                                              (7, 2e-3), (9, 0.02)])
def test_nasa_check_case_position(shared_data, number, feet, simulation):
    found = flown(number)
    truth = published(shared_data, number, simulation,
                      ("latitude_deg", "longitude_deg", "altitudeMsl_ft"))[: len(found)]
    assert found[:, 2] / FOOT == pytest.approx(truth[:, 2], abs=feet)
    across = np.radians(truth[:, :2]) * 6378137.0 / FOOT
    assert found[:, :2] * 6378137.0 / FOOT == pytest.approx(across, abs=feet)


@pytest.mark.parametrize(("number", "simulation", "degrees", "rate"), [
    (2, "04", 2e-4, 1e-4), (2, "05", 2e-4, 1e-4), (3, "05", 0.1, 0.004)])
def test_nasa_check_case_attitude(shared_data, number, simulation, degrees, rate):
    found = np.degrees(flown(number)[:, 3:])
    truth = published(shared_data, number, simulation, (
        "eulerAngle_deg_Roll", "eulerAngle_deg_Pitch", "eulerAngle_deg_Yaw",
        "bodyAngularRateWrtEi_deg_s_Roll", "bodyAngularRateWrtEi_deg_s_Pitch",
        "bodyAngularRateWrtEi_deg_s_Yaw"))[: len(found)]
    turn = np.mod(found[:, :3] - truth[:, :3] + 180.0, 360.0) - 180.0
    assert np.max(np.abs(turn)) < degrees
    assert found[:, 3:] == pytest.approx(truth[:, 3:], abs=rate)


def test_thrust_off_the_centre_pushes_and_pitches(own_sheet):
    vehicle = placed(3000.0, 600.0, (1500.0, 1100.0, 2300.0), rate=(SPIN, 0.0, 0.0))
    vehicle.mass.position[:] = (0.0, 0.0, 0.15)
    vehicle.propellers[0].thrust = 900.0
    out = np.zeros((2, 9))
    fly(vehicle, own_sheet, WGS84[0], 0, 1, out, True)
    assert vehicle.body.specific_force_body[0] == pytest.approx(1.5, rel=1e-12)
    # The hub lies 0.1 m above the centre of gravity: thrust pitches the nose down.
    assert own_sheet.propeller.position[2] == 0.05
    assert vehicle.body.rate_body[1] == pytest.approx(-0.1 * 900.0 / 1100.0 * 0.01, rel=1e-6)


def test_propeller_torque_and_gyroscope(own_sheet):
    """A propeller clockwise from behind rolls the airframe left; yawed right it pitches down."""
    vehicle = placed(3000.0, 600.0, (1500.0, 1100.0, 2300.0), rate=(0.0, 0.0, 0.5))
    vehicle.propellers[0].torque, vehicle.engines[0].speed = 200.0, 486.0
    out = np.zeros((2, 9))
    fly(vehicle, own_sheet, WGS84[0], 0, 1, out, True)
    momentum = own_sheet.propeller.inertia * 486.0 / own_sheet.engine.gear_ratio
    assert vehicle.body.rate_body[0] == pytest.approx(-200.0 / 1500.0 * 0.01, rel=2e-2)
    assert vehicle.body.rate_body[1] == pytest.approx(-momentum * 0.5 / 1100.0 * 0.01, rel=1e-2)


@pytest.fixture
def twin(own_sheet):
    """Two engines, the right-hand hub at y = 2.5 m, turning against each other."""
    own_sheet.engine.count = 2
    own_sheet.propeller.position[:] = (1.0, 2.5, 0.0)
    own_sheet.propeller.direction[:] = (1.0, -1.0)
    return own_sheet


@pytest.mark.parametrize(("right", "left"), [(900.0, 0.0), (0.0, 900.0), (700.0, 700.0),
                                             (900.0, -60.0)])
def test_unequal_thrust_yaws_about_the_hubs_arms(twin, right, left):
    vehicle = placed(3000.0, 600.0, (1500.0, 1100.0, 2300.0), rate=(SPIN, 0.0, 0.0))
    vehicle.propellers[0].thrust, vehicle.propellers[1].thrust = right, left
    out = np.zeros((2, 9))
    fly(vehicle, twin, WGS84[0], 0, 1, out, True)
    # More on the right turns the nose to the left, about an arm of 2.5 m.
    assert vehicle.body.rate_body[2] == pytest.approx(
        2.5 * (left - right) / 2300.0 * 0.01, rel=1e-6, abs=1e-12)
    assert vehicle.body.specific_force_body[0] == pytest.approx((right + left) / 600.0, rel=1e-9)


def test_propellers_that_turn_against_each_other_cancel(twin):
    vehicle = placed(3000.0, 600.0, (1500.0, 1100.0, 2300.0), rate=(SPIN, 0.0, 0.0))
    turning = np.array(vehicle.body.rate_body)
    for i in range(2):
        vehicle.propellers[i].torque, vehicle.engines[i].speed = 200.0, 486.0
    out = np.zeros((2, 9))
    fly(vehicle, twin, WGS84[0], 0, 1, out, True)
    assert np.array(vehicle.body.rate_body) == pytest.approx(turning, abs=1e-9)
    twin.propeller.direction[1] = 1.0
    fly(vehicle, twin, WGS84[0], 0, 1, out, True)
    assert vehicle.body.rate_body[0] - SPIN == pytest.approx(-400.0 / 1500.0 * 0.01, rel=2e-2)


def standing(sheet, ticks, slope=0.0, brake=1.0):
    """Let the aircraft settle on ground that rises northward; returns vehicle and trace."""
    vehicle = placed(0.0, 650.0, (1558.0, 1047.0, 2251.0), rate=(SPIN, 0.0, 0.0))
    vehicle.mass.position[:] = (0.0, 0.0, 0.12)
    vehicle.actuators.brake_left = vehicle.actuators.brake_right = brake
    vehicle.ground.slope_north, vehicle.ground.paved = slope, True
    start = np.array(vehicle.body.position_ecef)
    trace = []
    for _ in range(ticks):
        # The ground's plane goes through the point 1.09 m below the start.
        offset = np.array(vehicle.body.position_ecef) - start
        vehicle.flight.height_above_ground = 1.09 + offset[0] - slope * offset[2]
        motion.step(vehicle, sheet, WGS84[0], ned_to_ecef_matrix(0.0, 0.0), 0.01)
        trace.append(np.linalg.norm(vehicle.body.velocity_ecef))
    return vehicle, np.array(trace)


@pytest.fixture(scope="module")
def silent_sheet(sheet):
    """The aircraft without its engine."""
    silent = np.array([sheet], sheet.dtype)[0]
    silent.engine.count = 0
    return silent


@pytest.fixture(scope="module")
def settled(silent_sheet):
    """Vehicle and speeds over four seconds on level ground, free to roll: no force along it."""
    return standing(silent_sheet, 400, brake=0.0)


def _pitch_parts(vehicle):
    level, now = quaternion_ned_to_ecef(0.0, 0.0), vehicle.body.attitude
    turned = quaternion_multiply(level[0], -level[1], -level[2], -level[3], *now)
    return turned[2], turned[0]


def test_wheel_loads_at_rest_are_those_of_statics(settled):
    vehicle, _ = settled
    loads = [wheel.load for wheel in vehicle.gear.wheels]
    weight = 650.0 * 9.780325  # normal gravity at the equator, WGS84
    assert sum(loads) == pytest.approx(weight, rel=1e-3)
    # It stands with its nose up; each wheel's arm is level, along the ground.
    pitch = 2.0 * math.atan2(*_pitch_parts(vehicle))
    nose, main = (x * math.cos(pitch) + (z - 0.12) * math.sin(pitch)
                  for x, z in ((2.0, 1.34), (-0.25, 1.27)))
    assert loads[0] == pytest.approx(weight * -main / (nose - main), rel=5e-3)
    assert loads[1] == pytest.approx(loads[2], rel=1e-6)


def test_braked_aircraft_stands_still_on_a_slope(silent_sheet):
    vehicle, speeds = standing(silent_sheet, 250, slope=0.0075)
    assert speeds[0] < 0.2
    # It creeps, by design, slower than this: 0.75 % of its weight against 0.37 of friction.
    assert speeds[-1] < 0.004
    assert abs(vehicle.body.rate_body[1]) < 1e-3


def test_what_stands_gains_no_energy(settled):
    _, speeds = settled
    assert speeds[:100].max() < 0.5
    assert speeds[-1] < 1e-3
    assert speeds[200:].max() <= speeds[100:200].max()
