"""Speeds, climbs, ceilings and glides of steady flight.

All of it follows from :class:`longwatch.planning.performance.Performance`: the datasheet's polar,
its propeller tables and what its engine gives. Speeds are calibrated, in m/s, unless they are
called true; masses in kg, altitudes in m above mean sea level of the standard atmosphere.
"""

import math
from collections.abc import Callable

from longwatch.aircraft.formulas import (
    CEILING_CLIMB,
    full_power,
    thrust_and_power_coefficients,
)
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.planning.performance import (
    Performance,
)

HIGHEST = 25_000.0
# Speeds of level and climbing flight keep this over the stall (CS 23.65: 1.2 times).
CLIMB_MARGIN = 1.2
FASTEST = 160.0
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


def minimum(function: Callable[[float], float], low: float, high: float, steps: int = 16
            ) -> float:
    """Where a function with one valley between ``low`` and ``high`` is least, by golden section."""
    a, b = low, high
    c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    at_c, at_d = function(c), function(d)
    for _ in range(steps):
        if at_c <= at_d:
            b, d, at_d = d, c, at_c
            c = b - _GOLDEN * (b - a)
            at_c = function(c)
        else:
            a, c, at_c = c, d, at_d
            d = a + _GOLDEN * (b - a)
            at_d = function(d)
    # An end may be lower than anything between.
    return min((0.5 * (a + b), low, high), key=function)


def root(function: Callable[[float], float], low: float, high: float, steps: int = 40) -> float:
    """Where a function that is above zero at ``low`` and below at ``high`` is zero."""
    for _ in range(steps):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if function(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def glide_optimum(performance: Performance, mass: float) -> tuple[float, float]:
    """Speed of least drag and the lift-drag ratio there, without the propeller.

    At it the induced drag equals the parasitic (Anderson, Aircraft Performance and Design, 1999,
    equation 5.36): CL = sqrt(pi e A CD0).
    """
    sheet = performance.sheet
    aspect_ratio = float(sheet.geometry.span) ** 2 / float(sheet.geometry.wing_area)
    CD0 = float(sheet.aerodynamics.CD0)
    CL = math.sqrt(CD0 * math.pi * float(sheet.aerodynamics.oswald) * aspect_ratio)
    CL = min(CL, float(sheet.aerodynamics.CL_max))
    speed = math.sqrt(
        2 * mass * GRAVITY / (SEA_LEVEL_DENSITY * float(sheet.geometry.wing_area) * CL))
    return speed, mass * GRAVITY / performance.drag(mass, speed)


def windmilling_drag(performance: Performance, speed: float, altitude_msl: float) -> float:
    """Drag in N of all propellers with the engines stopped and turned by the air stream.

    The governor asks for more turns than the stream gives and holds the blades at the fine stop;
    the turns are those at which the propeller gives what the engine's friction takes. NaN where
    the stream is too slow to turn it.
    """
    sheet = performance.sheet
    propeller, engine = sheet.propeller, sheet.engine
    airspeed = performance.true_airspeed(speed, altitude_msl)
    density = performance.density(altitude_msl)
    diameter, friction = float(propeller.diameter), float(engine.friction_torque)
    friction *= float(engine.gear_ratio)

    def loads(turns: float) -> tuple[float, float]:
        CT, CP = thrust_and_power_coefficients(propeller, float(propeller.angle_minimum),
                                               airspeed / (turns * diameter))
        return (CT * density * turns**2 * diameter**4,
                CP * density * turns**2 * diameter**5 / (2 * math.pi))

    def surplus(turns: float) -> float:
        return -loads(turns)[1] - friction

    fastest = float(engine.continuous_speed) / float(engine.gear_ratio) / (2 * math.pi)
    # With the turns the torque that drives falls, past its largest.
    most = minimum(lambda turns: -surplus(turns), 1.0, fastest, 30)
    if surplus(most) <= 0.0:
        return math.nan
    return -loads(root(surplus, most, fastest))[0] * int(engine.count)


def glide_at(performance: Performance, mass: float, speed: float, altitude_msl: float,
             propeller: str) -> float:
    """Distance through the air over height lost at a speed; 0 where the propeller is not so.

    ``propeller`` is one of "windmilling", "stopped" (its drag is not modelled: none) and
    "feathered".
    """
    sheet = performance.sheet
    equivalent = performance.equivalent(performance.true_airspeed(speed, altitude_msl),
                                        altitude_msl)
    drag = performance.drag(mass, equivalent)
    if propeller == "windmilling":
        milling = windmilling_drag(performance, speed, altitude_msl)
        if math.isnan(milling):
            return 0.0
        drag += milling
    elif propeller == "feathered":
        area = float(sheet.propeller.feathered_drag_area) * int(sheet.engine.count)
        drag += 0.5 * SEA_LEVEL_DENSITY * equivalent**2 * area
    # On the way down the air gets denser, and the speed that is shed carries on.
    return mass * GRAVITY / drag * performance.acceleration_factor(speed, altitude_msl)


def glide(performance: Performance, mass: float, altitude_msl: float, propeller: str
          ) -> tuple[float, float]:
    """Speed of the flattest glide, at least 1.05 times the stall, and its ratio."""
    stall = performance.stall_speed(mass)
    speed = minimum(lambda v: -glide_at(performance, mass, v, altitude_msl, propeller),
                    1.05 * stall, 2.5 * stall, 20)
    return speed, glide_at(performance, mass, speed, altitude_msl, propeller)


def power_at_full(performance: Performance, speed: float, altitude_msl: float, rating: str
                  ) -> float:
    """Propulsive power in W at the "continuous" or the "take-off" rating."""
    if rating == "continuous":
        return performance.power_available(speed, altitude_msl)
    engine = performance.sheet.engine
    airspeed = performance.true_airspeed(speed, altitude_msl)
    ratio = performance.density(altitude_msl) / SEA_LEVEL_DENSITY
    turning = float(engine.takeoff_speed)
    brake = float(full_power(engine, turning, ratio, performance.mach(airspeed, altitude_msl)))
    return performance.propulsive_power(brake, turning, airspeed, altitude_msl)


def level_speed(performance: Performance, mass: float, altitude_msl: float,
                rating: str = "continuous") -> float:
    """Largest speed of level flight; NaN where no speed can be held."""
    def excess(speed: float) -> float:
        return (power_at_full(performance, speed, altitude_msl, rating)
                - performance.power_required(mass, speed, altitude_msl))

    slow = performance.stall_speed(mass)
    best = minimum(lambda speed: -excess(speed), slow, 3.0 * slow, 24)
    if excess(best) < 0.0:
        return math.nan
    return root(excess, best, FASTEST)


def best_climb(performance: Performance, mass: float, altitude_msl: float) -> tuple[float, float]:
    """Speed of the best climb, at least 1.2 times the stall, and its rate in m/s."""
    stall = performance.stall_speed(mass)
    speed = minimum(lambda v: -performance.climb_rate(mass, v, altitude_msl),
                    CLIMB_MARGIN * stall, 3.0 * stall)
    return speed, performance.climb_rate(mass, speed, altitude_msl)


def climb_ceiling(performance: Performance, mass: float, climb_rate: float) -> float:
    """Altitude where the best climb falls to a rate in m/s: the ceiling, no limit regarded."""
    if best_climb(performance, mass, 0.0)[1] <= climb_rate:
        return 0.0
    return root(lambda altitude: best_climb(performance, mass, altitude)[1] - climb_rate,
                0.0, HIGHEST, 14)


def ceiling_mass(performance: Performance, altitude_msl: float) -> float:
    """Heaviest mass in kg that still climbs at 100 ft/min there, within the aircraft's masses."""
    mass = performance.sheet.mass
    light, heavy = float(mass.empty_mass), float(mass.maximum_takeoff_mass)

    def spare(at: float) -> float:
        return best_climb(performance, at, altitude_msl)[1] - CEILING_CLIMB

    if spare(heavy) >= 0.0:
        return heavy
    return root(spare, light, heavy, 14) if spare(light) > 0.0 else math.nan


def best_endurance(performance: Performance, mass: float, altitude_msl: float
                   ) -> tuple[float, float]:
    """Speed of the least fuel flow, at least the least cruise speed; the flow in kg/s."""
    least = performance.least_speed(mass)
    speed = minimum(lambda v: performance.fuel_flow(mass, v, altitude_msl), least, 1.6 * least, 10)
    return speed, performance.fuel_flow(mass, speed, altitude_msl)


def best_range(performance: Performance, mass: float, altitude_msl: float) -> tuple[float, float]:
    """Speed of the least fuel per distance, and that fuel in kg/m (no wind)."""
    least = performance.least_speed(mass)

    def per_metre(speed: float) -> float:
        return (performance.fuel_flow(mass, speed, altitude_msl)
                / performance.true_airspeed(speed, altitude_msl))

    # Beyond the largest level speed the flow stays at full power's: keep below it.
    top = level_speed(performance, mass, altitude_msl)
    top = least if math.isnan(top) else max(0.98 * top, least)
    speed = minimum(per_metre, least, top, 12)
    return speed, per_metre(speed)
