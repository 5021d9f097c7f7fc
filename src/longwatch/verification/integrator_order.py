"""Errors over the step: of free flight, and of the aircraft's own tick with its controls held."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from longwatch.analysis.trim import trim
from longwatch.earth import frames
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
from longwatch.flight import free_flight_checks
from longwatch.flight.free_flight import free_flight
from longwatch.flight.free_flight_setup import Body, Environment, Initial, WindTable
from longwatch.flight.free_motion import derivative
from longwatch.verification.integration_kernel import drift
from longwatch.verification.nasa import cases

Errors = dict[str, np.ndarray]
# Ticks [s] tried on the aircraft, and its calibrated airspeed [m/s].
HELD_STEPS = (0.08, 0.04, 0.02, 0.01, 0.005)
SPEED = 45.0


def free_cases() -> dict[str, tuple[Body, Initial, Environment, float, Sequence[float]]]:
    """The damped brick, and a light ball thrown through a wind that changes over height."""
    brick = cases()["03"]
    ball = Body(1.0, (0.01, 0.01, 0.01), area=0.02, CD=0.5)
    thrown = Initial(latitude=0.7, longitude=0.3, height_ellipsoid=1000.0,
                     velocity_ned=(120.0, 60.0, -90.0), rate_body_earth=(0.0, 0.0, 0.0))
    shear = WindTable((0.0, 2000.0), north=(10.0, -20.0), east=(-30.0, 30.0))
    return {
        "damped brick (NASA case 03), 10 s": (
            brick.body, brick.initial, brick.environment, 10.0, (0.2, 0.1, 0.05, 0.025, 0.0125)),
        "ball thrown through wind shear, 8 s": (
            ball, thrown, Environment(wind=shear), 8.0, (0.2, 0.1, 0.05, 0.025, 0.0125))}


def free_errors(body: Body, initial: Initial, environment: Environment, seconds: float,
                steps: Sequence[float]) -> Errors:
    """Errors at the end against DOP853, of what the setup moves."""
    truth = free_reference(body, initial, environment, seconds)
    ends = []
    for dt in steps:
        flight = free_flight(body, initial, environment, seconds, dt, output_step=dt)
        ends.append(np.concatenate([flight.position_ecef[-1], flight.velocity_ecef[-1],
                                    flight.attitude[-1], flight.rate_body_inertial[-1]]))
    errors = split_errors(truth, ends)
    # A dragless fall is exact to rounding, and what does not turn has no attitude to miss.
    kept = ("attitude", "body rates") if body.CD == 0.0 else ("position", "velocity")
    return {name: errors[name] for name in kept}


def free_reference(body: Body, initial: Initial, environment: Environment,
                   seconds: float) -> np.ndarray:
    """The 13 states at the end by an integrator of another kind and order."""
    setting, start = as_compiled(body, initial, environment)
    absolute = np.repeat([1e-10, 1e-13, 1e-13, 1e-13], [3, 3, 4, 3])
    solved = solve_ivp(lambda _, y: derivative(*setting, tuple(y)),
                       (0.0, seconds), start, "DOP853", rtol=3e-14, atol=absolute, max_step=0.05)
    return np.asarray(solved.y[:, -1])


def as_compiled(body: Body, initial: Initial, environment: Environment
                ) -> tuple[tuple[Any, ...], tuple[float, ...]]:
    """What the compiled motion reads (body, Earth, wind table), and the 13 states at the start."""
    faults = free_flight_checks.Faults()
    record = free_flight_checks.body_record(body, faults)[0]
    record.airless = environment.atmosphere == "none"
    earth = free_flight_checks.earth_record(environment.earth, faults)[0]
    heights, winds = free_flight_checks.wind_arrays(environment.wind, faults)
    start = free_flight_checks.initial_state(initial, earth, faults)
    faults.raise_any()
    return (record, earth, heights, winds), start


def split_errors(truth: np.ndarray, ends: Sequence[np.ndarray]) -> Errors:
    """Length of the error of each vector; attitude as an angle [rad]."""
    apart = np.abs(np.array(ends) - truth)
    # A quaternion and its negative are the same attitude.
    other = np.abs(np.array(ends) + truth)[:, 6:10]
    turned = np.minimum(np.linalg.norm(apart[:, 6:10], axis=1), np.linalg.norm(other, axis=1))
    return {"position": np.linalg.norm(apart[:, :3], axis=1),
            "velocity": np.linalg.norm(apart[:, 3:6], axis=1), "attitude": 2.0 * turned,
            "body rates": np.linalg.norm(apart[:, 10:], axis=1)}


def slope(steps: Sequence[float], errors: np.ndarray) -> float:
    """Least-squares slope of the error over the step, in logarithms."""
    return float(np.polyfit(np.log(steps), np.log(errors), 1)[0])


def aircraft_errors(shear: float, powered: bool, speed: float = SPEED, seconds: float = 4.0,
                    steps: Sequence[float] = HELD_STEPS) -> Errors:
    """Errors of the TB2-class aircraft, kicked out of its trim and its controls then held.

    Against the same at an eighth of the smallest step: finer still, and the rounding of so many
    additions to a position of 6e6 m would be what is seen.
    """
    trimmed = trim("tb2", calibrated_airspeed=speed, altitude_msl=2000.0)
    sheet = trimmed.aircraft.datasheet[0]
    ends = []
    for dt in (*steps, steps[-1] / 8.0):
        vehicle = trimmed.vehicle.copy()[0]
        _kick(vehicle, trimmed)
        drift(vehicle, sheet, WGS84[0], shear, powered, dt, round(seconds / dt))
        body = vehicle.body
        ends.append(np.concatenate([body.position_ecef, body.velocity_ecef, body.attitude,
                                    body.rate_body]))
    return split_errors(ends[-1], ends[:-1])


def _kick(vehicle: np.record, trimmed: Any) -> None:
    """Over the real Earth, the surfaces a little off their trim, turning and slipping."""
    latitude, longitude = 0.72, 0.49
    body, servos = vehicle.body, vehicle.actuators
    body.position_ecef[:] = geodetic_to_ecef(WGS84[0], latitude, longitude, trimmed.altitude_msl)
    attitude = frames.quaternion_multiply(
        *frames.quaternion_ned_to_ecef(latitude, longitude),
        *frames.quaternion_from_euler(trimmed.roll + 0.2, trimmed.pitch, 0.6))
    body.attitude[:] = attitude
    matrix = frames.matrix_from_quaternion(*attitude)
    body.velocity_ecef[:] = frames.rotate(matrix, *trimmed.velocity_body)
    body.rate_body[:] = (0.2, 0.1, -0.05)
    servos.ruddervator_left += 0.03
    servos.ruddervator_right += 0.01
    servos.aileron_left += 0.02
    vehicle.flight.height_above_ground = trimmed.altitude_msl
