"""Why a steady flight does not exist: which constraint fails, and how far it came."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from longwatch.analysis.request import Request
from longwatch.earth.standard import GRAVITY
from longwatch.errors import listed
from longwatch.planning.performance import Performance

# An unknown is at its stop this near to it, as a share of its travel.
AT_STOP = 2e-3
AXES = ("forward", "sideways", "vertical", "rolling", "pitching", "yawing")
UNITS = ("m/s2",) * 3 + ("rad/s2",) * 3
SURFACES = {"aileron": "aileron", "ruddervator_left": "left ruddervator",
            "ruddervator_right": "right ruddervator"}


def shortfall(problem: Any, again: Callable[[Request], Any]) -> str:
    """The message; ``problem`` holds the nearest guess, ``again`` sets up another request."""
    request = problem.request
    stops = dict(_at_stops(problem))
    faults = []
    lift = _lift(problem, "alpha" in stops)
    if lift:
        faults.append(lift)
    if "throttle" in stops and not lift:
        faults.append(_power(problem, again, stops["throttle"]))
    for name, spoken in SURFACES.items():
        if name in stops:
            faults.append(f"{spoken} at its stop, {stops[name]:.3g} rad")
    for name, spoken in (("sideslip", "sideslip"), ("roll", "roll"), ("climb_angle", "climb angle"),
                         ("turn_rate", "turn rate")):
        if name in stops:
            faults.append(f"{spoken} at the bound of the search, {stops[name]:.3g}")
    faults.append(f"accelerations left at the nearest: {_left(problem)}")
    return listed(
        f"{problem.aircraft.name}: no steady flight at {request.calibrated:.4g} m/s calibrated "
        f"({request.true_airspeed:.4g} m/s true), {request.altitude_msl:g} m, "
        f"{float(problem.vehicle[0].mass.mass):.0f} kg{_path(request)}:", faults)


def _path(request: Request) -> str:
    parts = []
    if request.climb_angle and any(request.engines) and request.throttle is None:
        parts.append(f"climb angle {request.climb_angle:.3g} rad")
    if request.bank:
        parts.append(f"bank {request.bank:.3g} rad")
    if not all(request.engines):
        parts.append(f"{sum(request.engines)} of {len(request.engines)} engine(s) running")
    return "".join(f", {part}" for part in parts)


def _at_stops(problem: Any) -> Iterator[tuple[str, float]]:
    for name, value, (low, high) in zip(problem.unknowns, problem.guess, problem.bounds,
                                        strict=True):
        if min(value - low, high - value) < AT_STOP * (high - low):
            yield name, float(value)


def _left(problem: Any) -> str:
    scale = (1.0, 1.0, 1.0, 10.0, 10.0, 10.0)
    worst = sorted(range(6), key=lambda i: -abs(problem.left[i]) * scale[i])[:2]
    return ", ".join(f"{AXES[i]} {abs(problem.left[i]):.2g} {UNITS[i]}" for i in worst)


def _lift(problem: Any, at_stop: bool) -> str:
    request, sheet = problem.request, problem.sheet
    load = 1.0 / math.cos(request.bank or 0.0)
    stall = Performance(sheet).stall_speed(float(problem.vehicle[0].mass.mass)) * math.sqrt(load)
    if request.calibrated < 1.02 * stall:
        return (f"lift: too slow, the wing stalls near {stall:.3g} m/s calibrated at this mass and "
                "bank; fly faster or lighter")
    return f"angle of attack at its bound, {problem.guess[0]:.3g} rad" if at_stop else ""


def _power(problem: Any, again: Callable[[Request], Any], throttle: float) -> str:
    """What full throttle gives, or shut throttle leaves, and what the flight would take."""
    request, full = problem.request, throttle > 0.5
    held = again(replace(request, throttle=1.0 if full else 0.0, climb_angle=0.0))
    held.solve(held.first_guess())
    if not held.steady:
        return f"throttle at its stop, {1.0 if full else 0.0:g}"
    flight = held.result()
    running = max(sum(request.engines), 1)
    thrust, power = sum(flight.thrust), sum(flight.power) / running
    short = flight.mass * GRAVITY * (math.sin(request.climb_angle) - math.sin(flight.climb_angle))
    if not full:
        return (f"drag: with the throttle shut it glides at {flight.climb_rate:.3g} m/s, not at "
                f"{request.true_airspeed * math.sin(request.climb_angle):.3g} m/s")
    if thrust <= 0.0:
        return ("power: the running engines pull nothing here at full throttle; with that the "
                f"climb rate is {flight.climb_rate:.2g} m/s: fly lower or slower")
    needed = power * (1.0 + short / thrust)
    return (f"power: needs {needed / 1e3:.3g} kW of each running engine, which gives "
            f"{power / 1e3:.3g} kW at full throttle; with that the climb rate is "
            f"{flight.climb_rate:.2g} m/s")
