"""How long and how far a load of fuel carries: climb, cruise, descent, and the reserve kept.

The cruise is the integral of the mass over the fuel flow of each mass (Breguet's relations where
propeller efficiency and consumption are constant; Anderson, Aircraft Performance and Design,
1999, section 5.12). The climb is flown at the largest continuous power at the climb speed, the
descent at 3.5 deg; the reserve is the datasheet's time at the flow of the end. Calm standard air.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from longwatch.aircraft.formulas import CEILING_CLIMB
from longwatch.analysis.envelope import best_climb, best_endurance, best_range
from longwatch.planning.performance import DESCENT_ANGLE, Performance

# The field's elevation, m: flights begin and end at sea level.
ELEVATION = 0.0
CLIMB_STEPS = 8
# Intervals of Simpson's rule over the mass; even.
MASS_STEPS = 4


@dataclass(frozen=True)
class Loaded:
    """What lasts how long.

    NaN where an altitude or a speed cannot be held.

    Attributes:
        payload_kg, fuel_kg, mass_kg: the load, and the mass at take-off.
        altitude_m: of the cruise, above mean sea level.
        cruise_endurance_s, cruise_range_m: airborne time and distance at the datasheet's cruise
            speed (but not slower than the least cruise speed), the reserve kept.
        endurance_s: airborne time at the speed of least fuel flow, the reserve kept.
        range_m: distance at the speed of least fuel per distance, the reserve kept.
        climb_s, climb_kg: time and fuel of the climb.
    """

    payload_kg: float
    fuel_kg: float
    mass_kg: float
    altitude_m: float
    cruise_endurance_s: float
    cruise_range_m: float
    endurance_s: float
    range_m: float
    climb_s: float
    climb_kg: float


def mass_integral(rate: Callable[[float], float], heavy: float, light: float,
                  steps: int = MASS_STEPS) -> float:
    """Integral of 1/rate(mass) from ``light`` to ``heavy`` by Simpson's rule.

    With the fuel flow in kg/s as rate it is a time in s, with kg/m a distance in m.
    """
    width = (heavy - light) / steps
    total = 0.0
    for i in range(steps + 1):
        weight = 1.0 if i in (0, steps) else 4.0 if i % 2 else 2.0
        total += weight / rate(light + i * width)
    return total * width / 3.0


def climb(performance: Performance, mass: float, altitude_msl: float
          ) -> tuple[float, float, float] | None:
    """Time in s, fuel in kg and distance in m of the climb; None above the service ceiling."""
    engine = performance.sheet.engine
    time = fuel = distance = 0.0
    rise = (altitude_msl - ELEVATION) / CLIMB_STEPS
    for i in range(CLIMB_STEPS):
        middle = ELEVATION + (i + 0.5) * rise
        speed = max(performance.climb_speed(mass - fuel), performance.least_speed(mass - fuel))
        rate = performance.climb_rate(mass - fuel, speed, middle)
        if rate < CEILING_CLIMB:
            speed, rate = best_climb(performance, mass - fuel, middle)
        if rate < CEILING_CLIMB:
            return None
        airspeed = performance.true_airspeed(speed, middle)
        power = performance.brake_power_available(middle, airspeed)
        flow = performance.fuel_flow_at(power, float(engine.continuous_speed), middle, airspeed)
        time, fuel = time + rise / rate, fuel + flow * rise / rate
        distance += airspeed * rise / rate
    if best_climb(performance, mass - fuel, altitude_msl)[1] < CEILING_CLIMB:
        return None
    return time, fuel, distance


def descent(performance: Performance, mass: float, altitude_msl: float
            ) -> tuple[float, float, float]:
    """Time in s, fuel in kg and distance in m of the descent at 3.5 deg."""
    middle = 0.5 * (altitude_msl + ELEVATION)
    speed = performance.least_speed(mass)
    airspeed = performance.true_airspeed(speed, middle)
    rate = airspeed * math.tan(DESCENT_ANGLE)
    time = (altitude_msl - ELEVATION) / rate
    return time, performance.fuel_flow(mass, speed, middle, -rate) * time, airspeed * time


def endurance(performance: Performance, payload_kg: float, fuel_kg: float, altitude_msl: float
              ) -> Loaded:
    """What a load lasts at an altitude, m above mean sea level."""
    sheet = performance.sheet
    empty = float(sheet.mass.empty_mass) + payload_kg
    mass = empty + fuel_kg
    up = climb(performance, mass, altitude_msl)
    if up is None:
        return Loaded(payload_kg, fuel_kg, mass, altitude_msl, *[math.nan] * 6)
    heavy, hold = mass - up[1], float(sheet.limits.reserve_time)

    def cruise_speed(at: float) -> float:
        return max(float(sheet.limits.cruise_speed), performance.least_speed(at))

    def cruise_flow(at: float) -> float:
        return performance.fuel_flow(at, cruise_speed(at), altitude_msl)

    def cruise_per_metre(at: float) -> float:
        return cruise_flow(at) / performance.true_airspeed(cruise_speed(at), altitude_msl)

    def least_flow(at: float) -> float:
        return best_endurance(performance, at, altitude_msl)[1]

    def least_per_metre(at: float) -> float:
        return best_range(performance, at, altitude_msl)[1]

    def spent(flow: Callable[[float], float], rate: Callable[[float], float], part: int) -> float:
        reserve = flow(empty) * hold
        down = descent(performance, empty + reserve, altitude_msl)
        light = empty + reserve + down[1]
        if heavy <= light:
            return math.nan
        return up[part] + mass_integral(rate, heavy, light) + down[part]

    held = performance.climb_rate(heavy, cruise_speed(heavy), altitude_msl) >= 0.0
    return Loaded(
        payload_kg, fuel_kg, mass, altitude_msl,
        spent(cruise_flow, cruise_flow, 0) if held else math.nan,
        spent(cruise_flow, cruise_per_metre, 2) if held else math.nan,
        spent(least_flow, least_flow, 0), spent(least_flow, least_per_metre, 2), up[0], up[1])


def most_fuel(performance: Performance, payload_kg: float) -> float:
    """Fuel in kg that fits the tanks and the largest take-off mass beside a payload."""
    mass = performance.sheet.mass
    room = float(mass.maximum_takeoff_mass - mass.empty_mass) - payload_kg
    return max(min(float(mass.fuel_capacity), room), 0.0)
