"""Free flight against the same physics written another way.

The other way: Newton and Euler in inertial axes by SciPy's DOP853. Position and velocity in
inertial axes, a direction cosine matrix, angular momentum in inertial axes, geodetic latitude by
iteration, gravitation split into a radial and a polar part; nothing of it from the package.
"""

import math
from dataclasses import replace

import numba
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import longwatch as lw

FOOT, SLUG = 0.3048, 14.593902937
SPIN = 7.292115e-5
PLAIN = bool(numba.config.DISABLE_JIT)
SECONDS = 1.0 if PLAIN else 30.0
BALL = lw.Body(mass=SLUG, inertia=(4.88, 4.88, 4.88), area=0.1963495 * FOOT**2, CD=0.1)
DROP = lw.Initial(latitude=0.0, longitude=0.0, height_ellipsoid=9144.0,
                  rate_body_inertial=(0.0, 0.0, 0.0))
BRICK = lw.Body(
    mass=2.268, inertia=((0.00257, -2e-4, 3e-4), (-2e-4, 0.00842, 1e-4), (3e-4, 1e-4, 0.00975)),
    area=0.020645, span=0.1016, chord=0.2032, CD=0.4, CY=0.05, CL=0.2, Cl=0.001, Cm=-0.002,
    Cn=0.0015, Cl_p=-1.0, Cl_r=0.2, Cm_q=-1.0, Cn_p=-0.1, Cn_r=-1.0, CY_p=0.3, CY_r=-0.2,
    CL_q=0.5, moment_reference=(0.002, -0.001, 0.0015))
TUMBLING = lw.Initial(
    latitude=math.radians(41.2), longitude=math.radians(27.9), height_ellipsoid=8000.0,
    velocity_ned=(40.0, -25.0, 10.0), roll=0.3, pitch=-0.4, yaw=2.5,
    rate_body_inertial=(0.2, 0.35, -0.5))
SHEAR = lw.WindTable((0.0, 10000.0), north=(-6.0, 14.0), east=(10.0, -22.0), down=(0.0, 1.0))
OWN_EARTH = lw.Earth.ellipsoid(semi_major_axis=6378000.0, flattening=1.0 / 290.0, j2=1.2e-3,
                               gravitational_parameter=3.99e14, rotation_rate=9e-5)
SPHERE = lw.Earth.sphere(radius=6371007.0, gravitational_parameter=3.986e14, rotation_rate=SPIN)


def shear(height):
    share = height / 10000.0
    return np.array([-6.0 + 20.0 * share, 10.0 - 32.0 * share, share])


def geodetic(position, a, f):
    """Latitude, longitude and height by fixed-point iteration on the latitude."""
    x, y, z = position
    e2, across = f * (2.0 - f), np.hypot(x, y)
    latitude = np.arctan2(z, across * (1.0 - e2))
    for _ in range(12):
        normal = a / np.sqrt(1.0 - e2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(z + e2 * normal * np.sin(latitude), across)
    normal = a / np.sqrt(1.0 - e2 * np.sin(latitude) ** 2)
    height = (across * np.cos(latitude) + z * np.sin(latitude)
              - a * np.sqrt(1.0 - e2 * np.sin(latitude) ** 2))
    return latitude, np.arctan2(y, x), height


def ned_axes(latitude, longitude):
    """Columns: north, east and down in ECEF."""
    up = np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                   np.sin(latitude)])
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    return np.stack([np.cross(up, east), east, -up], axis=1)


def turn(angle):
    """ECEF to inertial axes after the Earth turned by ``angle``."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def attraction(position, earth):
    """Newton's and the J2 term's, from the radial and the polar part of the potential."""
    r = np.linalg.norm(position)
    outward, pole = position / r, np.array([0.0, 0.0, 1.0])
    sine = outward[2]
    k = 3.0 * earth.j2 * (earth.semi_major_axis / r) ** 2
    mu = earth.gravitational_parameter / r**2
    radial = -mu * (1.0 - 0.5 * k * (3.0 * sine**2 - 1.0))
    return radial * outward - mu * k * sine * (pole - sine * outward)


def troposphere(height):
    """Density of the standard atmosphere below 11 geopotential km."""
    geopotential = 6356766.0 * height / (6356766.0 + height)
    temperature = 288.15 - 0.0065 * geopotential
    exponent = 9.80665 * 28.9644e-3 / (8.31432 * 0.0065)
    pressure = 101325.0 * (temperature / 288.15) ** exponent
    return pressure * 28.9644e-3 / (8.31432 * temperature)


def loads(body, density, velocity, rate):
    """Force and moment about the centre of gravity, body axes, in coefficient form."""
    speed = np.linalg.norm(velocity)
    if speed == 0.0 or density == 0.0:
        return np.zeros(3), np.zeros(3)
    p, q, r = rate * np.array([body.span, body.chord, body.span]) / (2.0 * speed)
    ahead = velocity / speed
    right = np.array([0.0, 1.0, 0.0])
    up = np.cross(right, ahead)
    # Flow along body y has no lift: "up" has no direction there.
    up = -up / (np.linalg.norm(up) or 1.0)
    pressure_area = 0.5 * density * speed**2 * body.area
    force = pressure_area * (-body.CD * ahead
                             + (body.CY + body.CY_p * p + body.CY_r * r) * right
                             + (body.CL + body.CL_q * q) * -up)
    moment = pressure_area * np.array([
        body.span * (body.Cl + body.Cl_p * p + body.Cl_q * q + body.Cl_r * r),
        body.chord * (body.Cm + body.Cm_p * p + body.Cm_q * q + body.Cm_r * r),
        body.span * (body.Cn + body.Cn_p * p + body.Cn_q * q + body.Cn_r * r)])
    return force, moment + np.cross(body.moment_reference, force)


def euler_matrix(roll, pitch, yaw):
    """Body to NED: three turns one after the other."""
    def about(axis, angle):
        c, s = np.cos(angle), np.sin(angle)
        m = np.eye(3)
        i, j = (axis + 1) % 3, (axis + 2) % 3
        m[i, i], m[i, j], m[j, i], m[j, j] = c, -s, s, c
        return m
    return about(2, yaw) @ about(1, pitch) @ about(0, roll)


def oracle_flight(body, initial, environment, times, wind=lambda height: np.zeros(3),
                  tolerance=1e-12):
    """ECEF position, velocity relative to the Earth in ECEF, matrix body to ECEF and inertial
    rate in body axes at the times."""
    earth = environment.earth
    a, f, spin = earth.semi_major_axis, earth.flattening, earth.rotation_rate
    omega = np.array([0.0, 0.0, spin])
    inertia = np.array(body.inertia, float)
    inertia = np.diag(inertia) if inertia.ndim == 1 else inertia
    inverse = np.linalg.inv(inertia)
    axes = ned_axes(initial.latitude, initial.longitude)
    normal = a / np.sqrt(1.0 - f * (2.0 - f) * np.sin(initial.latitude) ** 2)
    place = np.array([
        (normal + initial.height_ellipsoid) * np.cos(initial.latitude) * np.cos(initial.longitude),
        (normal + initial.height_ellipsoid) * np.cos(initial.latitude) * np.sin(initial.longitude),
        (normal * (1.0 - f) ** 2 + initial.height_ellipsoid) * np.sin(initial.latitude)])
    matrix = axes @ euler_matrix(initial.roll, initial.pitch, initial.yaw)
    if initial.rate_body_inertial is not None:
        rate = np.array(initial.rate_body_inertial, float)
    else:
        rate = np.array(initial.rate_body_earth) + matrix.T @ omega
    velocity = axes @ np.array(initial.velocity_ned) + np.cross(omega, place)

    def derivative(time, y):
        r, v, m, momentum = y[:3], y[3:6], y[6:15].reshape(3, 3), y[15:]
        back = turn(spin * time).T
        latitude, longitude, height = geodetic(back @ r, a, f)
        air = turn(spin * time) @ ned_axes(latitude, longitude) @ wind(height)
        density = 0.0 if environment.atmosphere == "none" else troposphere(height)
        turning = inverse @ m.T @ momentum
        force, moment = loads(body, density, m.T @ (v - np.cross(omega, r) - air),
                              turning - m.T @ omega)
        cross = np.array([[0.0, -turning[2], turning[1]], [turning[2], 0.0, -turning[0]],
                          [-turning[1], turning[0], 0.0]])
        # The Earth's figure turns with it, about its own axis of symmetry.
        return np.concatenate([v, attraction(r, earth) + m @ force / body.mass,
                               (m @ cross).ravel(), m @ moment])

    start = np.concatenate([place, velocity, matrix.ravel(), matrix @ inertia @ rate])
    solved = solve_ivp(derivative, (0.0, times[-1]), start, "DOP853", times, rtol=tolerance,
                       atol=tolerance * np.repeat([1e4, 1e2, 1.0, 1e-1], [3, 3, 9, 3]))
    assert solved.success
    positions, velocities, matrices, rates = [], [], [], []
    for time, y in zip(times, solved.y.T, strict=True):
        back = turn(spin * time).T
        m = y[6:15].reshape(3, 3)
        positions.append(back @ y[:3])
        velocities.append(back @ (y[3:6] - np.cross(omega, y[:3])))
        matrices.append(back @ m)
        rates.append(inverse @ m.T @ y[15:])
    return np.array(positions), np.array(velocities), np.array(matrices), np.array(rates)


def matrices(flight):
    """Body to ECEF, from the quaternions."""
    w, x, y, z = flight.attitude.T
    return np.moveaxis(np.array([
        [w*w + x*x - y*y - z*z, 2*(x*y - w*z), 2*(x*z + w*y)],
        [2*(x*y + w*z), w*w - x*x + y*y - z*z, 2*(y*z - w*x)],
        [2*(x*z - w*y), 2*(y*z + w*x), w*w - x*x - y*y + z*z]]), 2, 0)


def assert_agree(flight, truth, metres, radians):
    """Position and a thousandth of it in velocity; attitude and rate."""
    position, velocity, matrix, rate = truth
    assert np.abs(flight.position_ecef - position).max() < metres
    assert np.abs(flight.velocity_ecef - velocity).max() < 0.1 * metres
    assert np.abs(matrices(flight) - matrix).max() < radians
    assert np.abs(flight.rate_body_inertial - rate).max() < radians


@pytest.mark.parametrize("earth", [lw.Earth.wgs84(), OWN_EARTH,
                                   SPHERE, replace(SPHERE, rotation_rate=0.0)],
                         ids=["wgs84", "ellipsoid", "turning sphere", "sphere at rest"])
def test_everything_at_once_against_the_oracle(earth):
    """Full tensor, all coefficients, wind over height, an offset reference point."""
    environment = lw.Environment(earth=earth, wind=SHEAR)
    seconds = 0.5 if PLAIN else 12.0
    flight = lw.free_flight(BRICK, TUMBLING, environment, seconds, 0.0025, output_step=0.25)
    truth = oracle_flight(BRICK, TUMBLING, environment, flight.time, shear)
    assert_agree(flight, truth, 1e-6, 1e-8)
    assert PLAIN or np.ptp(flight.yaw) > 3.0


def test_wind_shear_of_the_check_case_against_the_oracle():
    """NASA's case 08: from 70 ft/s at 30 000 ft to -20 ft/s at the ground, from the west."""
    table = lw.WindTable((0.0, 30000.0 * FOOT), east=(-20.0 * FOOT, 70.0 * FOOT))
    environment = lw.Environment(wind=table)
    flight = lw.free_flight(BALL, DROP, environment, SECONDS, output_step=0.5)
    truth = oracle_flight(BALL, DROP, environment, flight.time, lambda h: np.array(
        [0.0, (-20.0 + 90.0 * h / (30000.0 * FOOT)) * FOOT, 0.0]))
    assert_agree(flight, truth, 1e-6, 1e-9)
    assert flight.wind_ned[0] == pytest.approx((0.0, 70.0 * FOOT, 0.0), abs=1e-9)


NASA_SPHERE = lw.Earth.sphere(radius=20902255.199 / 3.28084,
                              gravitational_parameter=3.986004418e14)
TURNED = replace(DROP, height_ellipsoid=30000.0 * FOOT,
                 rate_body_inertial=tuple(np.radians((10.0, 20.0, 30.0))))
NASA_BRICK = lw.Body(
    mass=0.155404754 * SLUG,
    inertia=tuple(np.array((0.001894220, 0.006211019, 0.007194665)) * SLUG * FOOT**2),
    area=0.22222 * FOOT**2, span=FOOT / 3.0, chord=2.0 * FOOT / 3.0, Cl_p=-1.0, Cm_q=-1.0,
    Cn_r=-1.0)
THROWN = lw.Initial(latitude=0.0, longitude=0.0, height_ellipsoid=0.0,
                    rate_body_earth=(0.0, 0.0, 0.0))


@pytest.mark.parametrize(("body", "start", "earth"), [
    pytest.param(NASA_BRICK, TURNED, lw.Earth.wgs84(), id="03"),
    pytest.param(BALL, TURNED, NASA_SPHERE, id="04"),
    pytest.param(BALL, TURNED, replace(NASA_SPHERE, rotation_rate=SPIN), id="05"),
    pytest.param(BALL, replace(THROWN, velocity_ned=(0.0, 1000.0 * FOOT, -1000.0 * FOOT),
                               yaw=0.5 * math.pi), lw.Earth.wgs84(), id="09"),
    pytest.param(BALL, replace(THROWN, velocity_ned=(1000.0 * FOOT, 0.0, -1000.0 * FOOT)),
                 lw.Earth.wgs84(), id="10"),
])
def test_nasas_cases_of_the_page_against_the_oracle(body, start, earth):
    """As docs/free-flight.md defines them: 04, 05 and 10 have no reference data here."""
    environment = lw.Environment(earth=earth)
    flight = lw.free_flight(body, start, environment, SECONDS, output_step=0.5)
    assert_agree(flight, oracle_flight(body, start, environment, flight.time), 1e-6, 1e-9)


@pytest.mark.parametrize("start", [
    replace(TUMBLING, latitude=0.5 * math.pi, longitude=0.0, velocity_ned=(200.0, 0.0, 0.0)),
    replace(TUMBLING, latitude=-0.5 * math.pi, longitude=1.0, velocity_ned=(0.0, 90.0, 0.0)),
    replace(TUMBLING, latitude=math.radians(89.9999), velocity_ned=(300.0, 0.0, -10.0)),
    replace(TUMBLING, longitude=math.radians(179.9999), velocity_ned=(0.0, 200.0, 0.0)),
    replace(TUMBLING, latitude=0.0, longitude=-3.0, velocity_ned=(1.0, 0.0, 0.0))],
    ids=["north pole", "south pole", "over the pole", "date line", "equator"])
def test_no_place_on_earth_is_special(start):
    # Without wind: north and east have no meaning where the pole is crossed.
    environment = lw.Environment(earth=OWN_EARTH)
    flight = lw.free_flight(BRICK, start, environment, 0.5, 0.0005, output_step=0.1)
    assert_agree(flight, oracle_flight(BRICK, start, environment, flight.time), 1e-6, 1e-8)
    place = np.array([geodetic(p, 6378000.0, 1.0 / 290.0) for p in flight.position_ecef])
    assert flight.latitude == pytest.approx(place[:, 0], abs=1e-13)
    assert flight.height_ellipsoid == pytest.approx(place[:, 2], abs=1e-8)
    assert np.abs(flight.longitude).max() <= math.pi
    for i, (latitude, longitude) in enumerate(zip(flight.latitude, flight.longitude, strict=True)):
        axes = ned_axes(latitude, longitude)
        assert flight.velocity_ned[i] == pytest.approx(axes.T @ flight.velocity_ecef[i], abs=1e-9)
        level = euler_matrix(flight.roll[i], flight.pitch[i], flight.yaw[i])
        assert axes @ level == pytest.approx(matrices(flight)[i], abs=1e-12)


def test_each_quantity_reports_what_acts():
    flight = lw.free_flight(BRICK, TUMBLING, lw.Environment(wind=SHEAR), 0.3)
    for i, m in enumerate(matrices(flight)):
        axes = ned_axes(flight.latitude[i], flight.longitude[i])
        air = m.T @ (flight.velocity_ecef[i] - axes @ flight.wind_ned[i])
        rate = flight.rate_body_inertial[i] - m.T @ (0.0, 0.0, SPIN)
        density = troposphere(flight.height_ellipsoid[i])
        force, moment = loads(BRICK, density, air, rate)
        assert flight.force_body[i] == pytest.approx(force, rel=1e-9)
        assert flight.moment_body[i] == pytest.approx(moment, rel=1e-9)
        assert flight.rate_body_earth[i] == pytest.approx(rate, abs=1e-15)
        assert flight.true_airspeed[i] == pytest.approx(np.linalg.norm(air), rel=1e-12)
        gravity = np.linalg.norm(attraction(flight.position_ecef[i], lw.Earth.wgs84()))
        assert flight.gravitation[i] == pytest.approx(gravity, rel=1e-12)
    assert flight.mach == pytest.approx(flight.true_airspeed / flight.speed_of_sound)
    assert flight.dynamic_pressure == pytest.approx(
        0.5 * flight.density * flight.true_airspeed**2)
    assert flight.density == pytest.approx(flight.pressure / (287.05287 * flight.temperature))


@pytest.mark.parametrize("height", [-9e3, 0.0, 9e4, 4e5, 4e7])
def test_geodetic_coordinates_far_out(height):
    """The start is closed form; a moment later it has been through the way back."""
    high = lw.Initial(latitude=0.8, longitude=-2.0, height_ellipsoid=height,
                      rate_body_earth=(0.0, 0.0, 0.0))
    flight = lw.free_flight(BALL, high, lw.Environment(atmosphere="none"), 1e-6, 1e-6)
    assert flight.height_ellipsoid[0] == pytest.approx(height, abs=2e-8)
    assert flight.longitude[0] == pytest.approx(-2.0, abs=1e-15)
    metres = abs(flight.latitude[0] - 0.8) * 6.4e6
    assert metres < (1e-8 if height < 1e5 else 2e-4)
