"""The integrator: its order, seen by halving the step, and what it keeps in a vacuum."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from longwatch.earth import frames
from longwatch.flight.free_flight import FreeFlight, free_flight
from longwatch.flight.free_flight_setup import Body, Environment, Initial
from longwatch.flight.free_motion import derivative
from longwatch.flight.rigid_body import along
from longwatch.verification.check import Check, Context, at_most, shown, within
from longwatch.verification.integrator_order import (
    HELD_STEPS,
    SPEED,
    Errors,
    aircraft_errors,
    as_compiled,
    free_cases,
    free_errors,
    slope,
)

TITLE = "Integration"
ABOUT = (
    "Order: the same flight at ever smaller steps, against SciPy's DOP853 at a tolerance of 3e-14 "
    "on the same equations; the order is the slope of the error over the step, least squares in "
    "logarithms. Free flight evaluates everything anew at each stage and must show the fourth "
    "order of Runge-Kutta, wind shear and air density included. The aircraft's own tick holds "
    "some things still: density is a straight line over height within the tick, "
    "wind, servos, engines and propellers stand. With thrust held its motion keeps the fourth "
    "order; with engines running, or a wind that changes with height, it is of first order, with "
    "the errors shown at the tick of flight, 0.01 s. Where the angle of attack passes the point "
    "at which the model begins to look at the stall, lift jumps by some 6e-6 of itself: the order "
    "is lost there below 1e-9 rad. Below 1e-7 m it is the rounding of positions that is seen. "
    "Conservation: an asymmetric tumbling body for an hour in orbit, in a vacuum, 360 000 steps: "
    "energy and the polar angular momentum of the orbit, angular momentum (in inertial axes, all "
    "three components) and energy of the tumbling, and the quaternion's norm. The bounds are "
    "stated ten times or more above what rounding and truncation leave."
)
REFERENCE = "DOP853"
ORDER, ORDER_BAND = 4.0, 0.25
HOUR = 3600.0
# Relative bounds over the hour.
ORBIT_BOUND, TUMBLING_BOUND, NORM_BOUND = 1e-12, 1e-10, 1e-14
TICK = 0.01
KEEPS_ORDER = "thrust held"
# Wind shear [1/s], engine running, calibrated airspeed [m/s], order to expect.
HELD = {KEEPS_ORDER: (0.0, False, SPEED, 4.0),
        "thrust held, through the edge of the stall's blend": (0.0, False, 36.0, 1.0),
        "engine running": (0.0, True, SPEED, 1.0),
        "thrust held, wind shear": (0.01, False, SPEED, 1.0)}
# An hour in a vacuum on a real orbit, tumbling about no principal axis.
ORBIT = (Body(2.0, ((2.0, -0.2, 0.3), (-0.2, 5.0, 0.1), (0.3, 0.1, 6.0))),
         Initial(latitude=0.5, longitude=0.3, height_ellipsoid=500e3,
                 velocity_ned=(5600.0, 5000.0, 30.0), rate_body_inertial=(0.2, 0.35, -0.5)),
         Environment(atmosphere="none"))


def checks(context: Context) -> Iterator[Check]:
    """Orders of free flight and of the aircraft, then an hour in a vacuum."""
    orders: dict[str, tuple[Sequence[float], Errors]] = {}
    context.tell("order of free flight")
    for case, (body, initial, environment, seconds, steps) in free_cases().items():
        errors = free_errors(body, initial, environment, seconds, steps)
        orders[case] = steps, errors
        for quantity, unit in (("position", "m"), ("velocity", "m/s"), ("attitude", "rad"),
                               ("body rates", "rad/s")):
            if quantity in errors:
                yield within(case, f"order of {quantity}", "RK4", "", ORDER,
                             slope(steps, errors[quantity]), ORDER_BAND)
                yield shown(case, f"{quantity} at a step of {steps[-1]:g} s", REFERENCE, unit, 0.0,
                            float(errors[quantity][-1]))
    context.tell("order of the aircraft's tick")
    yield from _aircraft(orders)
    context.tell("an hour in a vacuum")
    yield from conservation(free_flight(*ORBIT, HOUR, TICK, output_step=10.0))
    context.plot("integrator-order", "Error over step; dotted: fourth order", _drawing(orders))


def _aircraft(orders: dict[str, tuple[Sequence[float], Errors]]) -> Iterator[Check]:
    at = HELD_STEPS.index(TICK)
    for how, (shear, powered, speed, order) in HELD.items():
        case = f"TB2-class kicked, controls held, 4 s: {how}"
        errors = aircraft_errors(shear, powered, speed)
        orders[case] = HELD_STEPS, errors
        for quantity in ("attitude", "body rates"):
            found = slope(HELD_STEPS, errors[quantity])
            if how == KEEPS_ORDER:
                yield within(case, f"order of {quantity}", "RK4", "", order, found, ORDER_BAND)
            else:
                yield shown(case, f"order of {quantity}", "held within the tick", "", order, found)
        for quantity, unit in (("position", "m"), ("attitude", "rad")):
            yield shown(case, f"{quantity} at the tick of {TICK:g} s", "finer tick", unit, 0.0,
                        float(errors[quantity][at]))


def conservation(flight: FreeFlight) -> Iterator[Check]:
    """Largest relative change of what nothing may change."""
    earth, case = flight.earth, "an hour of tumbling in orbit"
    r = np.linalg.norm(flight.position_ecef, axis=1)
    sine = flight.position_ecef[:, 2] / r
    potential = -earth.gravitational_parameter / r * (
        1.0 - earth.j2 * (earth.semi_major_axis / r) ** 2 * (1.5 * sine**2 - 0.5))
    velocity = flight.velocity_inertial
    energy = 0.5 * np.sum(velocity**2, axis=1) + potential
    polar = np.cross(flight.position_inertial, velocity)[:, 2]
    momentum_body = flight.rate_body_inertial @ np.array(ORBIT[0].inertia)
    momentum = flight._unturned(np.einsum("nij,nj->ni", matrices(flight), momentum_body))
    spin = 0.5 * np.sum(momentum_body * flight.rate_body_inertial, axis=1)
    for quantity, values, bound in (
            ("inertial energy of the orbit", energy, ORBIT_BOUND),
            ("polar angular momentum of the orbit", polar, ORBIT_BOUND),
            ("angular momentum of the tumbling, inertial axes", momentum, TUMBLING_BOUND),
            ("energy of the tumbling", spin, TUMBLING_BOUND)):
        yield at_most(case, f"{quantity}: relative change", "conservation", "", bound,
                      drifted(values))
    norm = np.linalg.norm(flight.attitude, axis=1)
    yield at_most(case, "quaternion's norm less 1", "unit quaternion", "", NORM_BOUND,
                  float(np.abs(norm - 1.0).max()))
    yield at_most(case, "what normalising takes away in one step", "unit quaternion", "",
                  NORM_BOUND, raw_norm_error(flight))


def drifted(values: np.ndarray) -> float:
    """Largest change since the start over the size at the start, of scalars or vectors."""
    values = values.reshape(len(values), -1)
    return float(np.linalg.norm(values - values[0], axis=1).max() / np.linalg.norm(values[0]))


def matrices(flight: FreeFlight) -> np.ndarray:
    """Body to ECEF at every row, shape (n, 3, 3)."""
    return np.array([frames.matrix_from_quaternion(*q) for q in flight.attitude]).reshape(-1, 3, 3)


def raw_norm_error(flight: FreeFlight) -> float:
    """Largest error of the norm after one RK4 step that is not normalised, from every row."""
    setting, _ = as_compiled(*ORBIT)
    states = np.concatenate([flight.position_ecef, flight.velocity_ecef, flight.attitude,
                             flight.rate_body_inertial], axis=1)
    largest = 0.0
    for y in map(tuple, states):
        k1 = derivative(*setting, y)
        k2 = derivative(*setting, along(y, k1, 0.5 * TICK))
        k3 = derivative(*setting, along(y, k2, 0.5 * TICK))
        k4 = derivative(*setting, along(y, k3, TICK))
        quaternion = [y[i] + TICK / 6.0 * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i])
                      for i in range(6, 10)]
        largest = max(largest, abs(math.hypot(*quaternion) - 1.0))
    return largest


def _drawing(orders: dict[str, tuple[Sequence[float], Errors]]) -> Callable[[Any], None]:
    def draw(figure: Any) -> None:
        left, right = figure.subplots(1, 2)
        for i, (case, (steps, errors)) in enumerate(orders.items()):
            axes = left if i < 2 else right
            for j, (quantity, values) in enumerate(errors.items()):
                if i >= 2 and quantity != "attitude":
                    continue
                named = case.split(": ")[-1].split(" (")[0]
                axes.loglog(steps, values, f"C{i % 5}" + ("o-", "s--", "^-.", "v:")[j],
                            markersize=4, label=f"{named}: {quantity}")
            if i in (0, 2):
                ends = np.array([steps[0], steps[-1]])
                axes.loglog(ends, (ends / ends[0]) ** 4 * 1e-5, "k:", linewidth=0.8)
        left.set(title="free flight", xlabel="step [s]", ylabel="error [m, m/s, rad, rad/s]")
        right.set(title="the aircraft's tick, controls held", xlabel="tick [s]")
        for axes, ticks in ((left, next(iter(orders.values()))[0]), (right, HELD_STEPS)):
            axes.set_xticks(list(ticks), [f"{tick:g}" for tick in ticks])
            axes.minorticks_off()
            axes.legend(fontsize=6, frameon=False)
        left.set_ylim(1e-13, 1.0)
        right.set_ylim(1e-13, 1e-3)
    return draw
