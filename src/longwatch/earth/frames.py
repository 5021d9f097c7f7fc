"""Directions: rotation matrices, quaternions and Euler angles between body, NED and ECEF axes.

A quaternion is (w, x, y, z), scalar first, and like a matrix it takes body components to
reference components. Matrices are nine scalars, row by row. Euler angles are yaw, pitch, roll in
that order from NED to body (3-2-1). Angles in rad. Source: B. L. Stevens, F. L. Lewis,
E. N. Johnson, Aircraft Control and Simulation (2016), chapter 1.
"""

import math

from longwatch.compiled import compiled

# Of a half and a whole turn [rad].
PI = math.pi
TWO_PI = 2.0 * math.pi


@compiled
def wrap_angle(angle):
    """The same direction as ``angle`` [rad], in [-pi, pi)."""
    if -PI <= angle < PI:
        return angle
    wrapped = angle - TWO_PI * math.floor((angle + PI) / TWO_PI)
    if wrapped >= PI:
        wrapped -= TWO_PI
    return max(wrapped, -PI)


@compiled
def ned_to_ecef_matrix(latitude, longitude):
    """Matrix (nine scalars, row by row) from local north-east-down axes to ECEF axes."""
    sin_latitude = math.sin(latitude)
    cos_latitude = math.cos(latitude)
    sin_longitude = math.sin(longitude)
    cos_longitude = math.cos(longitude)
    return (-sin_latitude * cos_longitude, -sin_longitude, -cos_latitude * cos_longitude,
            -sin_latitude * sin_longitude, cos_longitude, -cos_latitude * sin_longitude,
            cos_latitude, 0.0, -sin_latitude)


@compiled
def matrix_from_quaternion(w, x, y, z):
    """Matrix (nine scalars, row by row) of a unit quaternion, body to reference."""
    xx = x * x
    yy = y * y
    zz = z * z
    xy = x * y
    xz = x * z
    yz = y * z
    wx = w * x
    wy = w * y
    wz = w * z
    return (1.0 - 2.0 * (yy + zz), 2.0 * (xy - wz), 2.0 * (xz + wy),
            2.0 * (xy + wz), 1.0 - 2.0 * (xx + zz), 2.0 * (yz - wx),
            2.0 * (xz - wy), 2.0 * (yz + wx), 1.0 - 2.0 * (xx + yy))


@compiled
def quaternion_from_matrix(m11, m12, m13, m21, m22, m23, m31, m32, m33):
    """Unit quaternion (w, x, y, z) of a rotation matrix; w is not negative.

    The largest component is found first (S. W. Shepperd, Journal of Guidance and Control 1, 1978).
    """
    trace = m11 + m22 + m33
    if trace >= m11 and trace >= m22 and trace >= m33:
        w, x, y, z = 1.0 + trace, m32 - m23, m13 - m31, m21 - m12
    elif m11 >= m22 and m11 >= m33:
        w, x, y, z = m32 - m23, 1.0 + m11 - m22 - m33, m12 + m21, m13 + m31
    elif m22 >= m33:
        w, x, y, z = m13 - m31, m12 + m21, 1.0 - m11 + m22 - m33, m23 + m32
    else:
        w, x, y, z = m21 - m12, m13 + m31, m23 + m32, 1.0 - m11 - m22 + m33
    scale = math.copysign(1.0, w) / math.sqrt(w * w + x * x + y * y + z * z)
    return w * scale, x * scale, y * scale, z * scale


@compiled
def quaternion_multiply(w1, x1, y1, z1, w2, x2, y2, z2):
    """Product q1 q2: the rotation q2 followed by q1."""
    return (w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2)


@compiled
def quaternion_from_euler(roll, pitch, yaw):
    """Unit quaternion, body to NED, of Euler angles [rad] in the order yaw, pitch, roll."""
    sr = math.sin(0.5 * roll)
    cr = math.cos(0.5 * roll)
    sp = math.sin(0.5 * pitch)
    cp = math.cos(0.5 * pitch)
    sy = math.sin(0.5 * yaw)
    cy = math.cos(0.5 * yaw)
    return (cr * cp * cy + sr * sp * sy, sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy)


@compiled
def euler_from_matrix(m11, m12, m13, m21, m22, m23, m31, m32, m33):
    """Euler angles (roll, pitch, yaw) [rad] of a matrix from body to NED.

    Roll and yaw lie in [-pi, pi], pitch in [-pi/2, pi/2]. With the nose straight up or down, where
    only roll and yaw together have a meaning, all of it is given as yaw.
    """
    if abs(m31) > 1.0 - 1e-15:
        return 0.0, math.copysign(0.5 * PI, -m31), math.atan2(-m12, m22)
    return math.atan2(m32, m33), math.asin(-m31), math.atan2(m21, m11)


@compiled
def quaternion_ned_to_ecef(latitude, longitude):
    """Unit quaternion from local north-east-down axes to ECEF axes."""
    # Longitude about z, then (latitude + 90 deg) backwards about y.
    half = -0.5 * (latitude + 0.5 * PI)
    s1 = math.sin(0.5 * longitude)
    c1 = math.cos(0.5 * longitude)
    s2 = math.sin(half)
    c2 = math.cos(half)
    return c1 * c2, -s1 * s2, c1 * s2, s1 * c2


@compiled
def rotate(matrix, x, y, z):
    """Components in reference axes of the vector (x, y, z) given in body axes."""
    return (matrix[0] * x + matrix[1] * y + matrix[2] * z,
            matrix[3] * x + matrix[4] * y + matrix[5] * z,
            matrix[6] * x + matrix[7] * y + matrix[8] * z)


@compiled
def rotate_inverse(matrix, x, y, z):
    """Components in body axes of the vector (x, y, z) given in reference axes."""
    return (matrix[0] * x + matrix[3] * y + matrix[6] * z,
            matrix[1] * x + matrix[4] * y + matrix[7] * z,
            matrix[2] * x + matrix[5] * y + matrix[8] * z)


@compiled
def transposed_product(a, b):
    """A transposed times B, row-major 9-tuples.

    With A from NED to ECEF and B from body to ECEF, the product leads from body to NED.
    """
    return (
        a[0] * b[0] + a[3] * b[3] + a[6] * b[6],
        a[0] * b[1] + a[3] * b[4] + a[6] * b[7],
        a[0] * b[2] + a[3] * b[5] + a[6] * b[8],
        a[1] * b[0] + a[4] * b[3] + a[7] * b[6],
        a[1] * b[1] + a[4] * b[4] + a[7] * b[7],
        a[1] * b[2] + a[4] * b[5] + a[7] * b[8],
        a[2] * b[0] + a[5] * b[3] + a[8] * b[6],
        a[2] * b[1] + a[5] * b[4] + a[8] * b[7],
        a[2] * b[2] + a[5] * b[5] + a[8] * b[8],
    )
