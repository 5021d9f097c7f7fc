"""What a free flight is set up from: body, initial state, Earth, wind, environment.

Plain values without machinery; :func:`longwatch.free_flight` judges them all together. SI units
and radians throughout. Body axes are forward (x), right (y), down (z), with their origin in the
centre of gravity; NED is north, east, down at the body's own geodetic latitude and longitude;
ECEF has x through the equator at longitude 0, y at 90 deg east and z through the north pole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from longwatch.earth.wgs84 import WGS84

Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Body:
    """A rigid body: its mass, its inertia and constant aerodynamic coefficients.

    With V the airspeed, q = density V2/2 and S the ``area``, the forces on the centre of gravity
    are: drag q S CD against the velocity through the air; lift q S CL across it, in the body's
    x-z plane, up for a body that flies forward level; side force q S CY along body y. The
    moments about body x, y and z are q S b Cl, q S c Cm and q S b Cn, with b the ``span`` and c
    the ``chord``. Each coefficient is its constant plus its rate terms, such as
    Cl = Cl + Cl_p p b/(2 V), Cm = Cm + Cm_q q c/(2 V), Cn = Cn + Cn_r r b/(2 V), where p, q, r
    are the body's rates relative to the air. The air turns with the Earth, so these are the
    rates relative to the Earth; the curl of a wind that changes over altitude is not counted.
    At rest in the air, force and moment are zero.

    Attributes:
        mass: kg.
        inertia: about the centre of gravity [kg m2]: three principal moments (Ixx, Iyy, Izz), or
            the 3 x 3 tensor, whose off-diagonal elements are minus the products of inertia
            (element xz is -sum(m x z)).
        area: reference area S [m2].
        span: reference length b of roll and yaw [m].
        chord: reference length c of pitch [m].
        CD, CY, CL: drag, side force and lift coefficient.
        Cl, Cm, Cn: coefficients of the rolling, pitching and yawing moment.
        Cl_p to Cn_r: the moments' derivatives by p b/(2 V), q c/(2 V), r b/(2 V); damping is
            negative.
        CY_p, CY_r, CL_q: the same of side force and lift.
        moment_reference: the point where the moments are given and the forces attack, from the
            centre of gravity, body axes [m].
    """

    mass: float
    inertia: Numbers | Sequence[Numbers]
    area: float = 1.0
    span: float = 1.0
    chord: float = 1.0
    CD: float = 0.0
    CY: float = 0.0
    CL: float = 0.0
    Cl: float = 0.0
    Cm: float = 0.0
    Cn: float = 0.0
    Cl_p: float = 0.0
    Cl_q: float = 0.0
    Cl_r: float = 0.0
    Cm_p: float = 0.0
    Cm_q: float = 0.0
    Cm_r: float = 0.0
    Cn_p: float = 0.0
    Cn_q: float = 0.0
    Cn_r: float = 0.0
    CY_p: float = 0.0
    CY_r: float = 0.0
    CL_q: float = 0.0
    moment_reference: Numbers = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Initial:
    """Where the body is at time 0, how it lies and how it moves.

    The place is either geodetic (all three of latitude, longitude, height) or ``position_ecef``;
    the rate is either ``rate_body_inertial`` or ``rate_body_earth``: exactly one of each.

    Latitude lies within pi/2, every other angle within a whole turn either way.

    Attributes:
        latitude, longitude: geodetic [rad], north and east positive.
        height_ellipsoid: height above the chosen Earth's ellipsoid or sphere [m].
        position_ecef: instead of the three, (x, y, z) [m].
        velocity_ned: velocity relative to the turning Earth (north, east, down) [m/s]; (0, 0, 0)
            moves with the ground below.
        roll, pitch, yaw: attitude relative to NED as Euler angles [rad], turned in the order
            yaw, pitch, roll; yaw 0 is north, pi/2 east.
        rate_body_inertial: angular rate (p, q, r) relative to inertial space, body axes [rad/s].
        rate_body_earth: angular rate relative to the turning Earth (ECEF), body axes [rad/s];
            (0, 0, 0) turns with the Earth.
    """

    latitude: float | None = None
    longitude: float | None = None
    height_ellipsoid: float | None = None
    position_ecef: Numbers | None = None
    velocity_ned: Numbers = (0.0, 0.0, 0.0)
    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    rate_body_inertial: Numbers | None = None
    rate_body_earth: Numbers | None = None


@dataclass(frozen=True, kw_only=True)
class Earth:
    """The Earth's figure, mass and rotation, each given explicitly; there is no geoid.

    Made by :meth:`wgs84`, :meth:`sphere` or :meth:`ellipsoid`.

    Attributes:
        semi_major_axis: equatorial radius a [m], also that of J2.
        flattening: f = (a - b)/a, 0 for a sphere.
        gravitational_parameter: GM [m3/s2].
        j2: second zonal harmonic of the gravitation, not normalised; 0 for Newton's.
        rotation_rate: about the z axis, eastward positive [rad/s]; 0 for an Earth at rest.
    """

    semi_major_axis: float
    flattening: float
    gravitational_parameter: float
    j2: float
    rotation_rate: float

    @classmethod
    def wgs84(cls) -> "Earth":
        """a 6378137 m, 1/f 298.257223563, GM 3.986004418e14 m3/s2, J2 0.00108262982,
        rotation 7.292115e-5 rad/s (NGA.STND.0036, 2014)."""
        return cls(**{name: float(WGS84[name][0]) for name in cls.__dataclass_fields__})

    @classmethod
    def sphere(cls, *, radius: float, gravitational_parameter: float, rotation_rate: float = 0.0,
               j2: float = 0.0) -> "Earth":
        """A sphere [m], GM [m3/s2], at rest unless it is given a ``rotation_rate`` [rad/s]."""
        return cls(semi_major_axis=radius, flattening=0.0, j2=j2, rotation_rate=rotation_rate,
                   gravitational_parameter=gravitational_parameter)

    @classmethod
    def ellipsoid(cls, *, semi_major_axis: float, flattening: float,
                  gravitational_parameter: float, j2: float, rotation_rate: float) -> "Earth":
        """Any ellipsoid of revolution: a [m], f (not 1/f), GM [m3/s2], J2, rotation [rad/s]."""
        return cls(semi_major_axis=semi_major_axis, flattening=flattening, j2=j2,
                   gravitational_parameter=gravitational_parameter, rotation_rate=rotation_rate)


@dataclass(frozen=True)
class WindTable:
    """Wind over height: linear between the rows; below the first and above the last they hold.

    Attributes:
        height_ellipsoid: heights above the chosen Earth [m], rising, shape (n,), two or more.
        north, east, down: the air's velocity over the Earth at those heights [m/s], each of
            shape (n,), or one number for all heights. Wind from the west has ``east`` positive.
    """

    height_ellipsoid: Numbers
    north: float | Numbers = 0.0
    east: float | Numbers = 0.0
    down: float | Numbers = 0.0


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What surrounds the body.

    Attributes:
        earth: an :class:`Earth`; WGS84 unless given.
        atmosphere: "us1976" for the US Standard Atmosphere 1976, entered with the height above
            the chosen Earth as geometric altitude, empty above 86 km; "none" for a vacuum.
        wind: None for air that turns with the Earth, (north, east, down) [m/s] for a steady
            wind, or a :class:`WindTable`. It is the velocity of the air over the ground, so wind
            from the west has a positive east.
    """

    earth: Earth = Earth.wgs84()  # noqa: RUF009 (frozen)
    atmosphere: Literal["us1976", "none"] = "us1976"
    wind: Any = None
