"""Payload, fuel, mass and wind, before any item is looked at."""

import math
from collections.abc import Iterator
from typing import Any

from longwatch.planning.case import Case
from longwatch.planning.judgement import ERROR, Finding
from longwatch.planning.legs import LINE_UP_DISTANCE
from longwatch.planning.runway_choice import wind_on

# The wind must leave this much of the airspeed to make way against it.
LEAST_HEADWAY = 3.0
# It lifts off faster than it rotates: so much longer is the run.
RUN_MARGIN = 1.3


def most_fuel(sheet: Any, payload_kg: float) -> float:
    """Fuel [kg] that fits the tanks and the largest take-off mass beside a payload."""
    room = float(sheet.mass.maximum_takeoff_mass - sheet.mass.empty_mass) - payload_kg
    return max(min(float(sheet.mass.fuel_capacity), room), 0.0)


def load_findings(sheet: Any, payload: float, fuel: float) -> Iterator[Finding]:
    """Masses against the datasheet's limits, kg."""
    mass = sheet.mass
    for name, value, most, limit in (
            ("payload", payload, float(mass.payload_maximum), "the largest payload"),
            ("fuel", fuel, float(mass.fuel_capacity), "the tank's capacity")):
        if not math.isfinite(value) or value < 0:
            yield Finding(ERROR, None, f"a {name} of {value:g} kg is not possible",
                          f"give 0 to {most:g} kg", setup=True, forcible=False)
        elif value > most + 1e-9:
            yield Finding(ERROR, None, f"{value:g} kg of {name} is above {limit}, {most:g} kg",
                          f"take {most:g} kg or less", setup=True, forcible=name == "payload")
    total = float(mass.empty_mass) + payload + fuel
    over = total - float(mass.maximum_takeoff_mass)
    if math.isfinite(total) and over > 1e-9:
        yield Finding(
            ERROR, None,
            f"take-off mass {total:.0f} kg ({mass.empty_mass:.0f} empty + {payload:g} payload + "
            f"{fuel:g} fuel) is {over:.0f} kg above the maximum, {mass.maximum_takeoff_mass:.0f} "
            "kg", f"take {over:.0f} kg less of payload or fuel", setup=True)


def wind_findings(case: Case) -> Iterator[Finding]:
    """The wind aloft against the airspeed, and across the runways against the limit."""
    worst: tuple[float, float, float, int] | None = None
    for i, point in enumerate(case.points):
        height = point.altitude_msl - point.ground_msl
        wind, airspeed = math.hypot(*case.wind_over(i)), case.airspeed(i)
        if worst is None or wind - airspeed > worst[0]:
            worst = (wind - airspeed, wind, height, i)
    if worst is not None and worst[0] > -LEAST_HEADWAY:
        yield Finding(
            ERROR, case.points[worst[3]].item.sequence,
            f"{case.air.what} is {worst[1]:.1f} m/s at {worst[2]:.0f} m above ground, against "
            f"{case.airspeed(worst[3]):.1f} m/s of true airspeed: it cannot make way "
            f"({LEAST_HEADWAY:g} m/s are to spare at least)",
            "fly in less wind, or faster", setup=True)
    limit = float(case.sheet.limits.crosswind_maximum)
    strips = case.strips
    for what, strip, end, time in (
            ("take-off", strips.takeoff_strip, strips.takeoff_end, 0.0),
            ("landing", strips.landing_strip, strips.landing_end, max(case.times, default=0.0)),
            *((*other, max(case.times, default=0.0)) for other in strips.further_landings)):
        crosswind = abs(wind_on(strip, end, case.air, time)[1])
        if crosswind > limit:
            yield Finding(ERROR, None, f"{what} on {strip.name}: a crosswind of {crosswind:.1f} "
                          f"m/s is above the limit of {limit:g} m/s", "fly in less wind",
                          setup=True)


def runway_findings(case: Case) -> Iterator[Finding]:
    """Runways against what take-off and landing need, in calm air at the take-off mass.

    At that mass too it lands where it must come back early.
    """
    strips, performance = case.strips, case.performance
    for what, strip, end in (("take-off", strips.takeoff_strip, strips.takeoff_end),
                             ("landing", strips.landing_strip, strips.landing_end),
                             *strips.further_landings):
        elevation = strip.elevation_msl[end]
        dense = case.air.density_altitude((strip.latitude[end], strip.longitude[end]), elevation,
                                          elevation, 0.0)
        needed = performance.landing_distance(case.takeoff_mass, dense)
        if what == "take-off":
            needed = LINE_UP_DISTANCE + RUN_MARGIN * performance.takeoff_distance(
                case.takeoff_mass, dense)[0]
        if strip.length < needed:
            yield Finding(
                ERROR, None, f"{what} on {strip.name}: {needed:.0f} m are needed at "
                f"{case.takeoff_mass:.0f} kg, the runway has {strip.length:.0f} m",
                "use a longer runway, or take less payload or fuel", setup=True)
