"""Payload, fuel, mass and wind, before any item is looked at."""

import math
from collections.abc import Iterator
from typing import Any

from longwatch.environment.turbulence import turbulence_parameters
from longwatch.planning import figures
from longwatch.planning.case import Case
from longwatch.planning.finding import ERROR, WARNING, Finding
from longwatch.planning.legs import LINE_UP_DISTANCE
from longwatch.planning.performance import RUN_MARGIN
from longwatch.planning.runway_choice import wind_on
from longwatch.planning.strip import Strip

# How far beside the centreline the wheels touch, m, in 99 of 100 landings at most, by turbulence.
# Grade: measured, on 300 landings of both aircraft in up to 14 m/s (campaigns.ground: 0.7 in still
# air, 5.2 in light, 11.3 in moderate) and the 242 of docs/landings.md (15.2; one of 26).
# In severe turbulence no landing is accepted, on a runway of any width.
TOUCH_ASIDE = {"none": 2.0, "light": 6.0, "moderate": 16.0}
# Gust along the wind where an aircraft stands, over the turbulence's W20 (MIL-F-8785C, 3.7.3, at
# 10 ft), and how many of it an hour brings: some 1800 gusts pass, the largest of which is
# sqrt(2 ln 1800) (Rice, Mathematical Analysis of Random Noise, 1945).
PARKED_GUST, LARGEST_IN_AN_HOUR = 0.1963, 3.9

# Within 22 km of a pole what is right to a centimetre elsewhere (environment/ground.py) is not.
HIGHEST_RUNWAY_LATITUDE = 89.8


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
            yield Finding(ERROR, None, f"a {name} of {figures.mass(value, 'g')} is not possible",
                          f"give 0 to {figures.mass(most, 'g')}", setup=True, forcible=False)
        elif value > most + 1e-9:
            yield Finding(ERROR, None, f"{figures.mass(value, 'g')} of {name} is above {limit}, "
                          f"{figures.mass(most, 'g')}", f"take {figures.mass(most, 'g')} or less",
                          setup=True, forcible=name == "payload")
    total = float(mass.empty_mass) + payload + fuel
    over = total - float(mass.maximum_takeoff_mass)
    if math.isfinite(total) and over > 1e-9:
        yield Finding(
            ERROR, None,
            f"take-off mass {figures.mass(total)} ({figures.mass(mass.empty_mass)} empty + "
            f"{figures.mass(payload, 'g')} payload + {figures.mass(fuel, 'g')} fuel) is "
            f"{figures.mass(over)} above the maximum, "
            f"{figures.mass(mass.maximum_takeoff_mass)}",
            f"take {figures.mass(over)} less of payload or fuel", setup=True)


def wind_findings(case: Case) -> Iterator[Finding]:
    """The wind across the runways against the limit."""
    limit = float(case.sheet.limits.crosswind_maximum)
    strips = case.strips
    for what, strip, end, time in (
            ("take-off", strips.takeoff_strip, strips.takeoff_end, 0.0),
            ("landing", strips.landing_strip, strips.landing_end, max(case.times, default=0.0)),
            *((*other, max(case.times, default=0.0)) for other in strips.further_landings)):
        crosswind = abs(wind_on(strip, end, case.air, time)[1])
        if crosswind > limit:
            yield Finding(ERROR, None, f"{what} on {figures.name(strip.name)}: a crosswind of "
                          f"{figures.wind(crosswind)} is above the limit of "
                          f"{figures.wind(limit, 'g')}", "fly in less wind",
                          setup=True)


def runway_findings(case: Case) -> Iterator[Finding]:
    """Runways against what take-off and landing need at the take-off mass, in the wind there.

    At that mass too it lands where it must come back early.
    """
    strips = case.strips
    late = max(case.times, default=0.0)
    for what, strip, end, time in (
            ("take-off", strips.takeoff_strip, strips.takeoff_end, 0.0),
            ("landing", strips.landing_strip, strips.landing_end, late),
            *((*landing, late) for landing in strips.further_landings)):
        if max(map(abs, strip.latitude)) > math.radians(HIGHEST_RUNWAY_LATITUDE):
            yield Finding(
                ERROR, None, f"{what} on {figures.name(strip.name)}: it lies beyond "
                f"{HIGHEST_RUNWAY_LATITUDE:g} degrees of latitude; so near to a pole no ground is "
                "mapped by latitude and longitude", "move it away from the pole")
            continue
        needed, in_what = _needed(case, what, strip, end, time)
        if strip.length < needed:
            yield Finding(
                ERROR, None,
                f"{what} on {figures.name(strip.name)}: {figures.length(needed)} are needed "
                f"at {figures.mass(case.takeoff_mass)}{in_what}, the runway has "
                f"{figures.length(strip.length)}",
                "use a longer runway, or take less payload or fuel", setup=True)
        width = _width_needed(case)
        if what == "landing" and strip.width < width:
            yield Finding(
                ERROR, None,
                f"{what} on {figures.name(strip.name)}: {figures.length(width)} of width are "
                f"needed in {_gusts(case)}, the runway has {figures.length(strip.width)}",
                "use a wider runway, or fly in less turbulence", setup=True)


def _width_needed(case: Case) -> float:
    """Runway width on which both main wheels touch pavement, m."""
    wheels = case.sheet.landing_gear.wheels
    return 2.0 * (TOUCH_ASIDE.get(case.turbulence, 0.0)
                  + max(abs(float(w.position[1])) for w in wheels))


def _needed(case: Case, what: str, strip: Strip, end: int, time: float) -> tuple[float, str]:
    """Runway needed, m, and the wind and turbulence that it is needed in, as a text."""
    elevation = strip.elevation_msl[end]
    density_altitude = case.air.density_altitude(
        (strip.latitude[end], strip.longitude[end]), elevation, elevation, 0.0)
    headwind, crosswind = wind_on(strip, end, case.air, time)
    rise = (strip.elevation_msl[1 - end] - elevation) / strip.length
    along = f"{figures.wind(abs(headwind))} of {'head' if headwind >= 0.0 else 'tail'}wind"
    if what == "take-off":
        run = case.performance.takeoff_distance(
            case.takeoff_mass, density_altitude, headwind=headwind, rise=rise)[0]
        return LINE_UP_DISTANCE + RUN_MARGIN * run, f" in {along}"
    needed = case.performance.landing_distance(
        case.takeoff_mass, density_altitude, headwind=headwind,
        wind=math.hypot(headwind, crosswind), rise=rise, turbulence=case.turbulence)
    return needed, f" in {along} and {_gusts(case)}"


def _gusts(case: Case) -> str:
    return "no turbulence" if case.turbulence == "none" else f"{case.turbulence} turbulence"


def gear_findings(case: Case) -> Iterator[Finding]:
    """Gusts in which it may not land within its limits.

    Of 40 landings of a tb2 in severe turbulence 5 bore more than the gear's limit
    (campaigns.ground). Of 600 in moderate turbulence, at loads and winds where most had been, 5
    did, each by 0.4 of it at most, and one left the pavement. Gusts along the way of 13 m/s, more
    than four standard deviations, took the speed in three of them: no engine answers those.
    """
    if case.turbulence == "moderate":
        yield Finding(
            WARNING, None, "in moderate turbulence about one landing in a hundred bears more than "
            "the landing gear's limit, most of them light", "inspect the gear after a hard "
            "landing, or land in less turbulence", setup=True)
    if case.turbulence == "severe":
        yield Finding(
            ERROR, None, "in severe turbulence one landing in eight exceeds what the landing gear "
            "bears, and some leave the pavement", "fly in moderate turbulence or less")


def parking_findings(case: Case, landing_mass: float) -> Iterator[Finding]:
    """Gusts that lift an aircraft off where it stands: those that reach its stall speed.

    Looked at with what it weighs after the landing, ``landing_mass`` in kg.
    """
    gust = (LARGEST_IN_AN_HOUR * PARKED_GUST
            * float(turbulence_parameters(case.turbulence)[0].w20))
    strip, end = case.strips.landing_strip, case.strips.landing_end
    wind = math.hypot(*wind_on(strip, end, case.air, max(case.times, default=0.0)))
    stall = case.performance.stall_speed(landing_mass)
    if wind + gust > stall:
        yield Finding(
            WARNING, None, f"parked at {figures.mass(landing_mass)} it is blown over within the "
            f"hour: {figures.wind(wind, '.0f')} of wind with gusts of {figures.wind(gust, '.0f')} "
            f"({_gusts(case)}) reach its stall speed of {figures.airspeed(stall, '.0f')}",
            "tie it down or bring it in after landing; untied it stands in up to "
            f"{figures.wind(max(stall - gust, 0.0), '.0f')}", setup=True)
