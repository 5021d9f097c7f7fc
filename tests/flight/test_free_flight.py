"""Free flight against closed forms, and against the same physics written another way."""

import math
from dataclasses import replace

import numba
import numpy as np
import pytest

import longwatch as lw

FOOT, SLUG = 0.3048, 14.593902937
GM, SPIN = 3.986004418e14, 7.292115e-5
PLAIN = bool(numba.config.DISABLE_JIT)
SECONDS = 1.0 if PLAIN else 30.0
BALL = lw.Body(mass=SLUG, inertia=(4.88, 4.88, 4.88), area=0.1963495 * FOOT**2, CD=0.1)
DROP = lw.Initial(latitude=0.0, longitude=0.0, height_ellipsoid=9144.0,
                  rate_body_inertial=(0.0, 0.0, 0.0))
VACUUM = lw.Environment(atmosphere="none")
BRICK = lw.Body(
    mass=2.268, inertia=((0.00257, -2e-4, 3e-4), (-2e-4, 0.00842, 1e-4), (3e-4, 1e-4, 0.00975)),
    area=0.020645, span=0.1016, chord=0.2032, CD=0.4, CY=0.05, CL=0.2, Cl=0.001, Cm=-0.002,
    Cn=0.0015, Cl_p=-1.0, Cl_r=0.2, Cm_q=-1.0, Cn_p=-0.1, Cn_r=-1.0, CY_p=0.3, CY_r=-0.2,
    CL_q=0.5, moment_reference=(0.002, -0.001, 0.0015))
TUMBLING = lw.Initial(
    latitude=math.radians(41.2), longitude=math.radians(27.9), height_ellipsoid=8000.0,
    velocity_ned=(40.0, -25.0, 10.0), roll=0.3, pitch=-0.4, yaw=2.5,
    rate_body_inertial=(0.2, 0.35, -0.5))


def sphere(rotation_rate=0.0, **more):
    return lw.Environment(earth=lw.Earth.sphere(
        radius=6371007.0, gravitational_parameter=GM, rotation_rate=rotation_rate), **more)


def test_drop_over_a_fixed_sphere_is_keplers_radial_fall():
    """As NASA's case 04 without its air: t = sqrt(r0^3/2GM) (arc sin s + s sqrt(1-s^2))."""
    flight = lw.free_flight(BALL, DROP, sphere(atmosphere="none"), SECONDS)
    start = 6371007.0 + 9144.0
    fallen = start - np.linalg.norm(flight.position_ecef, axis=1)
    s = np.sqrt(fallen / start)
    time = math.sqrt(start**3 / (2.0 * GM)) * (np.arcsin(s) + s * np.sqrt(1.0 - s * s))
    # A nanometre of rounding is a long time where the fall begins.
    late = flight.time > 0.1
    assert time[late] == pytest.approx(flight.time[late], abs=1e-8)
    assert np.abs(flight.longitude).max() == 0.0
    assert flight.force_body.any() == flight.density.any() == False  # noqa: E712


def test_drop_over_a_turning_sphere_is_keplers_ellipse():
    """It starts at the ellipse's far end, and falls east of the point below."""
    flight = lw.free_flight(BALL, DROP, sphere(SPIN, atmosphere="none"), SECONDS)
    far = 6371007.0 + 9144.0
    a = 1.0 / (2.0 / far - (SPIN * far) ** 2 / GM)
    e = far / a - 1.0
    # Kepler's equation from the far end, where M = E = pi, and Newton's way to its root.
    M = math.pi + math.sqrt(GM / a**3) * flight.time
    E = M.copy()
    for _ in range(50):
        E -= (E - e * np.sin(E) - M) / (1.0 - e * np.cos(E))
    r = a * (1.0 - e * np.cos(E))
    angle = np.arctan2(math.sqrt(1.0 - e * e) * np.sin(E), np.cos(E) - e) % (2.0 * np.pi) - np.pi
    assert np.linalg.norm(flight.position_ecef, axis=1) == pytest.approx(r, abs=1e-7)
    east = (angle - SPIN * flight.time) * r
    assert flight.longitude * r == pytest.approx(east, abs=1e-7)
    # Coriolis, to first order: omega g t^3/3.
    g = GM / far**2
    assert flight.longitude[-1] * far == pytest.approx(SPIN * g * flight.time[-1]**3 / 3, rel=5e-3)


def test_thrown_up_it_keeps_its_energy_and_comes_back():
    up = replace(DROP, height_ellipsoid=0.0, velocity_ned=(0.0, 0.0, -1000.0 * FOOT))
    flight = lw.free_flight(BALL, up, sphere(atmosphere="none"), 2.0 * SECONDS)
    r = np.linalg.norm(flight.position_ecef, axis=1)
    energy = 0.5 * flight.velocity_ned[:, 2]**2 - GM / r
    assert energy == pytest.approx(energy[0], rel=1e-14)
    assert PLAIN or flight.velocity_ned[-1, 2] > 250.0


def test_rate_relative_to_the_earth_is_the_inertial_rate_without_the_earths():
    still = replace(DROP, rate_body_inertial=None, rate_body_earth=(0.0, 0.0, 0.0),
                    yaw=0.5 * math.pi)
    flight = lw.free_flight(BALL, still, None, 0.1)
    # Facing east on the equator the Earth turns about the body's left.
    assert flight.rate_body_inertial[0] == pytest.approx((0.0, -SPIN, 0.0), abs=1e-19)
    assert flight.rate_body_earth[0] == pytest.approx((0.0, 0.0, 0.0), abs=1e-19)


def test_a_start_in_ecef_is_the_same_start():
    flight = lw.free_flight(BRICK, TUMBLING, None, 0.2)
    there = replace(TUMBLING, latitude=None, longitude=None, height_ellipsoid=None,
                    position_ecef=flight.position_ecef[0])
    again = lw.free_flight(BRICK, there, None, 0.2)
    assert again.position_ecef == pytest.approx(flight.position_ecef, abs=1e-8)
    assert again.attitude == pytest.approx(flight.attitude, abs=1e-14)


def test_three_principal_moments_are_their_tensor():
    principal = replace(BRICK, inertia=(0.00257, 0.00842, 0.00975))
    tensor = replace(BRICK, inertia=np.diag((0.00257, 0.00842, 0.00975)))
    one, other = (lw.free_flight(body, TUMBLING, None, 0.2) for body in (principal, tensor))
    assert np.array_equal(one.attitude, other.attitude)


def test_any_duration_ends_exactly_there():
    flight = lw.free_flight(BALL, DROP, None, 0.0253, 0.01)
    assert flight.time == pytest.approx((0.0, 0.01, 0.02, 0.0253), abs=1e-15)
    assert flight.time[-1] == 0.0253
    fine = lw.free_flight(BALL, DROP, None, 0.0253, 0.00253)
    assert flight.position_ecef[-1] == pytest.approx(fine.position_ecef[-1], abs=1e-8)
    assert lw.free_flight(BALL, DROP, None, 0.3, 0.1).time.tolist() == [0.0, 0.1, 0.2, 0.3]
    assert lw.free_flight(BALL, DROP, None, 0.005, 0.01).time.tolist() == [0.0, 0.005]


@pytest.mark.parametrize(("duration", "times"), [
    (0.06, (0.0, 0.03, 0.06)), (0.07, (0.0, 0.03, 0.06, 0.07)), (0.065, (0.0, 0.03, 0.06, 0.065)),
    (0.02, (0.0, 0.02)), (0.075, (0.0, 0.03, 0.06, 0.075))])
def test_rows_are_kept_every_output_step_and_at_the_end(duration, times):
    every = lw.free_flight(BRICK, TUMBLING, None, duration, 0.01)
    kept = lw.free_flight(BRICK, TUMBLING, None, duration, 0.01, output_step=0.03)
    assert kept.time == pytest.approx(times, abs=1e-15)
    assert np.array_equal(kept.position_ecef[-1], every.position_ecef[-1])


def test_wind_table_holds_beyond_its_ends_and_has_its_rows():
    table = lw.WindTable((1000.0, 1010.0, 1030.0), north=(1.0, 3.0, -1.0), east=2.0)
    thrown = replace(DROP, height_ellipsoid=1028.0, velocity_ned=(0.0, 0.0, 100.0))
    flight = lw.free_flight(BALL, thrown, lw.Environment(wind=table), 0.4)
    expected = np.interp(flight.height_ellipsoid, (1000.0, 1010.0, 1030.0), (1.0, 3.0, -1.0))
    assert flight.height_ellipsoid[-1] < 1000.0
    assert flight.wind_ned[:, 0] == pytest.approx(expected, abs=1e-12)
    assert np.all(flight.wind_ned[:, 1:] == (2.0, 0.0))


def test_inertial_axes_are_those_of_ecef_at_the_start():
    flight = lw.free_flight(BALL, DROP, VACUUM, 0.5)
    assert flight.velocity_inertial[0] == pytest.approx((0.0, SPIN * (6378137.0 + 9144.0), 0.0))
    # Newton: a vacuum flight's inertial position has the gravitation as second derivative.
    bend = np.diff(flight.position_inertial, 2, axis=0)[:, 0] / 0.01**2
    assert bend == pytest.approx(-flight.gravitation[1:-1], abs=1e-4)


def test_the_result_is_plain_read_only_columns():
    flight = lw.free_flight(BALL, DROP, None, 0.05)
    with pytest.raises(ValueError, match="read-only"):
        flight.roll[0] = 1.0
    table = flight.to_arrow()
    assert table.num_rows == 6
    assert table["velocity_ned_2"].to_numpy() == pytest.approx(flight.velocity_ned[:, 2])
    assert "earth" not in table.column_names


def test_a_flight_prints_as_one_line():
    assert repr(lw.free_flight(BALL, DROP, VACUUM, 1.0, output_step=0.5)) == (
        "<FreeFlight: 3 rows over 1 s, height 9144.0 to 9139.1 m>")
