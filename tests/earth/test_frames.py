"""Rotations against pymap3d, elementary matrices and hand-made cases."""

import math

import numpy as np
import pymap3d
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longwatch.earth import frames

angles = st.floats(-math.pi, math.pi)
pitches = st.floats(-1.5, 1.5)


def as_array(matrix):
    return np.array(matrix).reshape(3, 3)


def about(axis, angle):
    """Frame rotation by ``angle`` about one axis, reference to body (textbook form)."""
    c, s = math.cos(angle), math.sin(angle)
    return {"x": np.array([[1, 0, 0], [0, c, s], [0, -s, c]]),
            "y": np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]),
            "z": np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])}[axis]


@settings(deadline=None)  # the first call compiles
@given(angles, pitches, angles)
def test_euler_to_quaternion_to_matrix(roll, pitch, yaw):
    matrix = frames.matrix_from_quaternion(*frames.quaternion_from_euler(roll, pitch, yaw))
    expected = (about("x", roll) @ about("y", pitch) @ about("z", yaw)).T
    assert as_array(matrix) == pytest.approx(expected, abs=1e-14)
    found = frames.euler_from_matrix(*matrix)
    for ours, given_angle in zip(found, (roll, pitch, yaw), strict=True):
        assert abs(frames.wrap_angle(ours - given_angle)) < 1e-13


@pytest.mark.parametrize("pitch", [math.pi / 2, -math.pi / 2])
def test_euler_angles_straight_up_and_down(pitch):
    matrix = frames.matrix_from_quaternion(*frames.quaternion_from_euler(0.3, pitch, 1.0))
    again = frames.quaternion_from_euler(*frames.euler_from_matrix(*matrix))
    assert as_array(frames.matrix_from_quaternion(*again)) == pytest.approx(
        as_array(matrix), abs=1e-7)


@settings(deadline=None)  # the first call compiles
@given(angles, angles, angles)
def test_quaternion_from_matrix_inverts(roll, pitch, yaw):
    quaternion = np.array(frames.quaternion_from_euler(roll, pitch, yaw))
    found = np.array(frames.quaternion_from_matrix(*frames.matrix_from_quaternion(*quaternion)))
    assert found[0] >= 0
    assert abs(found @ quaternion) == pytest.approx(1.0, abs=1e-14)


@settings(deadline=None)  # the first call compiles
@given(angles, angles, angles, angles, angles, angles)
def test_quaternion_product_is_the_matrix_product(a, b, c, d, e, f):
    q1, q2 = frames.quaternion_from_euler(a, b, c), frames.quaternion_from_euler(d, e, f)
    product = frames.matrix_from_quaternion(*frames.quaternion_multiply(*q1, *q2))
    expected = (as_array(frames.matrix_from_quaternion(*q1))
                @ as_array(frames.matrix_from_quaternion(*q2)))
    assert as_array(product) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(("latitude", "longitude"), [
    (0.0, 0.0), (0.7, 0.5), (-1.2, -2.9), (math.pi / 2, 1.0), (-math.pi / 2, 0.0), (0.1, math.pi)])
def test_ned_to_ecef_agrees_with_pymap3d(latitude, longitude):
    vector = (3.0, -5.0, 7.0)
    expected = pymap3d.enu2uvw(vector[1], vector[0], -vector[2], latitude, longitude, deg=False)
    matrix = frames.ned_to_ecef_matrix(latitude, longitude)
    assert frames.rotate(matrix, *vector) == pytest.approx(expected, abs=1e-13)
    assert frames.rotate_inverse(matrix, *frames.rotate(matrix, *vector)) == pytest.approx(
        vector, abs=1e-13)
    quaternion = frames.quaternion_ned_to_ecef(latitude, longitude)
    assert frames.matrix_from_quaternion(*quaternion) == pytest.approx(matrix, abs=1e-15)


@pytest.mark.parametrize(("angle", "expected"), [
    (0.0, 0.0), (math.pi, -math.pi), (-math.pi, -math.pi), (1.5 * math.pi, -0.5 * math.pi),
    (-1.5 * math.pi, 0.5 * math.pi), (7.0, 7.0 - 2 * math.pi), (200.0 * math.pi + 1.0, 1.0)])
def test_wrap_angle(angle, expected):
    assert frames.wrap_angle(angle) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)  # the first call compiles
@given(st.floats(-1e6, 1e6))
def test_wrap_angle_keeps_the_direction(angle):
    wrapped = frames.wrap_angle(angle)
    assert -math.pi <= wrapped < math.pi
    assert math.cos(wrapped) == pytest.approx(math.cos(angle), abs=1e-9)
    assert math.sin(wrapped) == pytest.approx(math.sin(angle), abs=1e-9)


def test_transposed_product_is_numpys():
    """A'B of two rotations, by NumPy."""
    generator = np.random.default_rng(4)
    a, b = generator.normal(size=(2, 3, 3))
    found = frames.transposed_product(tuple(a.ravel()), tuple(b.ravel()))
    assert np.array(found).reshape(3, 3) == pytest.approx(a.T @ b, rel=1e-12)
