"""Free flight of any rigid body: the equations of motion, open to anyone's check cases.

    import longwatch as lw

    ball = lw.Body(mass=14.6, inertia=(4.9, 4.9, 4.9), area=0.018, CD=0.1)
    drop = lw.Initial(latitude=0.0, longitude=0.0, height_ellipsoid=9144.0,
                      rate_body_inertial=(0.0, 0.0, 0.0))
    wind = lw.Environment(earth=lw.Earth.wgs84(), wind=(0.0, 6.1, 0.0))
    flight = lw.free_flight(ball, drop, wind, duration=30.0)
    flight.height_ellipsoid[-1], flight.velocity_ned[-1]

The equations are those the aircraft flies by (:mod:`longwatch.flight.rigid_body`): six degrees
of freedom over a rotating ellipsoid, in ECEF axes with explicit Coriolis and centrifugal terms
(Stevens, Lewis and Johnson, Aircraft Control and Simulation, 2016, section 1.7), integrated by
the classical fourth-order Runge-Kutta method with a fixed step. Gravitation, air density, wind,
forces and moments are evaluated anew at each of its stages. There is no ground: a body that
comes down goes on falling.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from longwatch.errors import SetupError
from longwatch.flight import free_flight_checks as checks
from longwatch.flight.free_flight_setup import Body, Earth, Environment, Initial
from longwatch.flight.free_motion import FreeFlightRow, fly

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, eq=False, repr=False)
class FreeFlight:
    """A flown free flight: one row a kept moment, n rows, from time 0 to the duration.

    All arrays are read only, float64, in SI units and radians. Euler angles turn NED into body
    axes in the order yaw, pitch, roll (3-2-1): yaw and roll lie in [-pi, pi], pitch in
    [-pi/2, pi/2]. NED is at the body's geodetic latitude and longitude of that moment.

    Attributes:
        time: since the start [s], (n,).
        latitude, longitude: geodetic [rad], (n,); longitude in [-pi, pi].
        height_ellipsoid: above the chosen ellipsoid or sphere [m], (n,).
        position_ecef: of the centre of gravity [m], (n, 3).
        velocity_ecef: relative to the turning Earth, in ECEF axes [m/s], (n, 3).
        velocity_ned: the same velocity in NED axes [m/s], (n, 3).
        roll, pitch, yaw: Euler angles [rad], (n,).
        attitude: unit quaternion (w, x, y, z) that takes body to ECEF components, (n, 4).
        rate_body_inertial: angular rate (p, q, r) relative to inertial space, body axes
            [rad/s], (n, 3).
        rate_body_earth: angular rate relative to the turning Earth, body axes [rad/s], (n, 3).
        wind_ned: velocity of the air over the Earth [m/s], (n, 3).
        density, pressure, temperature, speed_of_sound: of the air [kg/m3, Pa, K, m/s], (n,);
            without an atmosphere density and pressure are 0, the other two NaN.
        true_airspeed: speed through the air [m/s], (n,).
        mach: true_airspeed over speed_of_sound, (n,).
        dynamic_pressure: density true_airspeed^2 / 2 [Pa], (n,).
        force_body: of the air on the body, gravitation apart, body axes [N], (n, 3).
        moment_body: of the air about the centre of gravity, body axes [N m], (n, 3).
        gravitation: magnitude of the Earth's attraction, J2 included, without the centrifugal
            part [m/s2], (n,).
        earth: the Earth it was flown over.
    """

    time: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    height_ellipsoid: np.ndarray
    position_ecef: np.ndarray
    velocity_ecef: np.ndarray
    velocity_ned: np.ndarray
    roll: np.ndarray
    pitch: np.ndarray
    yaw: np.ndarray
    attitude: np.ndarray
    rate_body_inertial: np.ndarray
    rate_body_earth: np.ndarray
    wind_ned: np.ndarray
    density: np.ndarray
    pressure: np.ndarray
    temperature: np.ndarray
    speed_of_sound: np.ndarray
    true_airspeed: np.ndarray
    mach: np.ndarray
    dynamic_pressure: np.ndarray
    force_body: np.ndarray
    moment_body: np.ndarray
    gravitation: np.ndarray
    earth: Earth

    def __repr__(self) -> str:
        return (f"<FreeFlight: {len(self.time)} rows over {self.time[-1]:g} s, height "
                f"{self.height_ellipsoid[0]:.1f} to {self.height_ellipsoid[-1]:.1f} m>")

    @property
    def position_inertial(self) -> np.ndarray:
        """Position [m], (n, 3), in the inertial axes that coincide with ECEF at time 0."""
        return self._unturned(self.position_ecef)

    @property
    def velocity_inertial(self) -> np.ndarray:
        """Inertial velocity [m/s], (n, 3), in the inertial axes that are ECEF's at time 0."""
        spin = np.array([0.0, 0.0, self.earth.rotation_rate])
        return self._unturned(self.velocity_ecef + np.cross(spin, self.position_ecef))

    def _unturned(self, vectors: np.ndarray) -> np.ndarray:
        angle = self.earth.rotation_rate * self.time
        c, s = np.cos(angle), np.sin(angle)
        x, y, z = vectors.T
        return np.stack([c * x - s * y, s * x + c * y, z], axis=1)

    def as_dict(self) -> dict[str, np.ndarray]:
        """Every array as columns of shape (n,): "velocity_ned_0" to "_2" for a vector.

        Without the two inertial ones, which :attr:`position_inertial` and
        :attr:`velocity_inertial` compute when asked.
        """
        columns = {}
        for quantity in fields(self):
            values = getattr(self, quantity.name)
            if quantity.name == "earth":
                continue
            if values.ndim == 1:
                columns[quantity.name] = values
            else:
                columns |= {f"{quantity.name}_{i}": values[:, i] for i in range(values.shape[1])}
        return columns

    def to_arrow(self) -> "pyarrow.Table":
        """The columns of :meth:`as_dict` as an Arrow table, for Parquet, pandas and the like."""
        import pyarrow

        return pyarrow.table(self.as_dict())


def free_flight(body: Body, initial: Initial, environment: Environment | None = None,
                duration: float = 30.0, dt: float = 0.01, *,
                output_step: float | None = None) -> FreeFlight:
    """Fly a rigid body from an initial state, and return what it did.

    Args:
        body: mass, inertia, reference sizes and coefficients, a :class:`longwatch.Body`.
        initial: place, velocity, attitude and rate, a :class:`longwatch.Initial`.
        environment: Earth, atmosphere and wind, a :class:`longwatch.Environment`; WGS84 with the
            standard atmosphere and no wind unless given.
        duration: how long [s]. Where it is no whole multiple of ``dt``, one shorter step at the
            end makes it exact.
        dt: the integrator's fixed step [s].
        output_step: time between the rows kept [s], a whole multiple of ``dt``; every step
            unless given. The end is always kept.

    Returns:
        A :class:`FreeFlight`. The error of the integration falls with the fourth power of
        ``dt``, save where the environment itself has a kink inside a step: at the heights of a
        wind table's rows and of the atmosphere's layers it is of second order in that one step.

    Raises:
        SetupError: the setup is not possible, with all its faults in one message; or the body
            came nearer to the Earth's centre than half its radius; or the motion grew beyond all
            bounds, which a shorter ``dt`` may mend.
    """
    faults = checks.Faults()
    environment = Environment() if environment is None else environment
    parts: list[tuple[str, object, type]] = [
        ("body", body, Body), ("initial", initial, Initial),
        ("environment", environment, Environment)]
    if isinstance(environment, Environment):
        parts.append(("environment.earth", environment.earth, Earth))
    for name, given, wanted in parts:
        if not isinstance(given, wanted):
            faults.append(f"{name} is of type {type(given).__name__}: give a "
                          f"longwatch.{wanted.__name__}")
    faults.raise_any()
    if environment.atmosphere not in ("us1976", "none"):
        faults.append(f'environment.atmosphere is {environment.atmosphere!r}: give "us1976" or '
                      '"none"')
    free_body = checks.body_record(body, faults)[0]
    free_body.airless = environment.atmosphere == "none"
    earth = checks.earth_record(environment.earth, faults)[0]
    heights, winds = checks.wind_arrays(environment.wind, faults)
    state = checks.initial_state(initial, earth, faults)
    steps, every, rest, count = checks.steps_of(duration, dt, output_step, faults)
    checks.inside_table(environment, heights, earth, state, faults)
    faults.raise_any()

    rows = FreeFlightRow.zeros(count)
    filled = fly(rows, free_body, earth, heights, winds, state, float(dt), steps, every, rest)
    if filled < count:
        raise SetupError(f"the flight cannot go on after {rows['time'][filled - 1]:g} s: either "
                         "the body fell deep into the Earth (there is no ground: end the flight "
                         "sooner), or its motion grew beyond all bounds (try a shorter dt than "
                         f"{dt:g} s)")
    rows["time"][-1] = duration
    return FreeFlight(**_columns(rows), earth=environment.earth)


def _columns(rows: np.ndarray) -> dict[str, Any]:
    """Each quantity as a read-only array of its own."""
    columns = {}
    for quantity in FreeFlightRow.fields:
        columns[quantity.name] = values = np.ascontiguousarray(rows[quantity.name])
        values.setflags(write=False)
    return columns
