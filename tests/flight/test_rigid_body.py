"""The rigid body against what Newton, Euler and Kepler say in closed form."""

import math

import numpy as np
import pytest

from longwatch.compiled import compiled
from longwatch.earth.wgs84 import Earth
from longwatch.flight.rigid_body import along, derivative, rotation_of

EARTH_RADIUS = 6378137.0
MU = 3.986004418e14
INERTIA = (2000.0, 1300.0, 2900.0, 150.0)


@compiled
def fly(earth, y, mass, inertia, force, moment, dt, steps):
    for _ in range(steps):
        k1 = derivative(earth, y, rotation_of(y), mass, inertia, force, moment)
        z = along(y, k1, 0.5 * dt)
        k2 = derivative(earth, z, rotation_of(z), mass, inertia, force, moment)
        z = along(y, k2, 0.5 * dt)
        k3 = derivative(earth, z, rotation_of(z), mass, inertia, force, moment)
        z = along(y, k3, dt)
        k4 = derivative(earth, z, rotation_of(z), mass, inertia, force, moment)
        y = along(along(along(along(y, k1, dt / 6), k2, dt / 3), k3, dt / 3), k4, dt / 6)
    return y


@pytest.fixture
def earth():
    """A sphere with Newton's gravitation that turns as the Earth does."""
    spinning = Earth.zeros()
    spinning["semi_major_axis"] = EARTH_RADIUS
    spinning["gravitational_parameter"] = MU
    spinning["rotation_rate"] = 7.292115e-5
    return spinning[0]


@pytest.fixture
def nowhere():
    """No gravitation and no rotation."""
    still = Earth.zeros()
    still["semi_major_axis"] = EARTH_RADIUS
    return still[0]


def state(position=(EARTH_RADIUS, 0.0, 0.0), velocity=(0.0, 0.0, 0.0), rate=(0.0, 0.0, 0.0)):
    return (*position, *velocity, 1.0, 0.0, 0.0, 0.0, *rate)


def tensor(inertia):
    xx, yy, zz, xz = inertia
    return np.array([[xx, 0.0, -xz], [0.0, yy, 0.0], [-xz, 0.0, zz]])


def test_torque_free_tumbling_keeps_momentum_and_energy(nowhere):
    start = state(rate=(0.4, 0.9, -0.3))
    momentum = tensor(INERTIA) @ start[10:]
    energy = 0.5 * momentum @ start[10:]
    y = fly(nowhere, start, 1.0, INERTIA, (0.0,) * 3, (0.0,) * 3, 0.01, 500)
    inside = tensor(INERTIA) @ y[10:]
    rotation = np.array(rotation_of(y)).reshape(3, 3) / np.dot(y[6:10], y[6:10])
    assert 0.5 * inside @ y[10:] == pytest.approx(energy, rel=1e-8)
    assert rotation @ inside == pytest.approx(momentum, rel=1e-7)
    # It did tumble, about all axes.
    assert np.min(np.abs(np.subtract(y[10:], start[10:]))) > 0.05


def test_symmetric_top_precesses_at_the_closed_form_rate(nowhere):
    spin, wobble, axial, lateral = 2.0, 0.3, 500.0, 1200.0
    y = fly(nowhere, state(rate=(spin, wobble, 0.0)), 1.0, (axial, lateral, lateral, 0.0),
            (0.0,) * 3, (0.0,) * 3, 0.01, 300)
    phase = (axial - lateral) / lateral * spin * 3.0
    # Euler: q' = (lateral - axial)/lateral r p, r' = (axial - lateral)/lateral p q.
    assert y[10:] == pytest.approx((spin, wobble * math.cos(phase), wobble * math.sin(phase)),
                                   abs=1e-8)


def test_constant_moment_about_a_principal_axis_spins_up_evenly(nowhere):
    y = fly(nowhere, state(), 10.0, (400.0, 300.0, 200.0, 0.0), (0.0,) * 3, (0.0, 60.0, 0.0),
            0.01, 100)
    assert y[11] == pytest.approx(60.0 / 300.0, rel=1e-12)
    pitch = 2.0 * math.atan2(y[8], y[6])
    assert pitch == pytest.approx(0.5 * 60.0 / 300.0, rel=1e-9)


def test_product_of_inertia_couples_roll_into_yaw(nowhere):
    moment = np.array((100.0, -40.0, 30.0))
    y = fly(nowhere, state(), 1.0, INERTIA, (0.0,) * 3, tuple(moment), 1e-4, 1)
    assert np.array(y[10:]) / 1e-4 == pytest.approx(np.linalg.solve(tensor(INERTIA), moment),
                                                    rel=1e-6)


def test_halving_the_step_cuts_the_error_sixteenfold(nowhere):
    def attitude(dt, steps):
        return np.array(fly(nowhere, state(rate=(1.5, 2.0, -1.0)), 1.0, INERTIA, (0.0,) * 3,
                            (0.0,) * 3, dt, steps)[6:])

    reference = attitude(0.005, 400)
    coarse = np.linalg.norm(attitude(0.08, 25) - reference)
    fine = np.linalg.norm(attitude(0.04, 50) - reference)
    assert coarse / fine == pytest.approx(16.0, rel=0.15)


def kepler(position, velocity, time):
    """Position on the conic after ``time``: f and g functions (Bate, Mueller and White, 1971)."""
    r0, v2 = np.linalg.norm(position), np.dot(velocity, velocity)
    sigma, a = np.dot(position, velocity) / math.sqrt(MU), 1.0 / (2.0 / r0 - v2 / MU)
    change = math.sqrt(MU / a**3) * time
    for _ in range(50):
        s, c = math.sin(change), 1.0 - math.cos(change)
        mean = change - (1.0 - r0 / a) * s + sigma / math.sqrt(a) * c
        slope = 1.0 - (1.0 - r0 / a) * math.cos(change) + sigma / math.sqrt(a) * s
        change -= (mean - math.sqrt(MU / a**3) * time) / slope
    f = 1.0 - a / r0 * (1.0 - math.cos(change))
    g = time - math.sqrt(a**3 / MU) * (change - math.sin(change))
    return f * np.array(position) + g * np.array(velocity)


@pytest.mark.parametrize("velocity", [(0.0, 0.0, 0.0), (1200.0, 900.0, -700.0),
                                      (0.0, 7443.0, 300.0)])
def test_motion_over_the_turning_earth_is_keplers(earth, velocity):
    position, seconds = (EARTH_RADIUS + 9000.0, 0.0, 500.0), 100.0
    spin = 7.292115e-5
    inertial = np.array(velocity) + np.cross((0.0, 0.0, spin), position)
    expected = kepler(position, inertial, seconds)
    c, s = math.cos(spin * seconds), math.sin(spin * seconds)
    turned = (c * expected[0] + s * expected[1], c * expected[1] - s * expected[0], expected[2])
    y = fly(earth, state(position, velocity), 1.0, INERTIA, (0.0,) * 3, (0.0,) * 3, 0.2, 500)
    assert np.array(y[:3]) == pytest.approx(turned, abs=1e-4)


def test_dropped_from_rest_falls_east_by_the_coriolis_formula(earth):
    # x = (1/3) omega g t^3 at the equator, to first order in omega.
    y = fly(earth, state((EARTH_RADIUS + 1000.0, 0.0, 0.0)), 1.0, INERTIA, (0.0,) * 3,
            (0.0,) * 3, 0.02, 500)
    gravity = MU / (EARTH_RADIUS + 1000.0) ** 2 - 7.292115e-5**2 * EARTH_RADIUS
    assert y[1] == pytest.approx(7.292115e-5 * gravity * 10.0**3 / 3.0, rel=1e-3)


def test_body_at_rest_over_the_earth_keeps_its_attitude_over_it(earth):
    y = fly(earth, state(rate=(0.0, 0.0, 7.292115e-5)), 1.0, (1.0, 1.0, 1.0, 0.0), (0.0,) * 3,
            (0.0,) * 3, 0.1, 100)
    assert y[6:10] == pytest.approx((1.0, 0.0, 0.0, 0.0), abs=1e-14)
