"""Judges a mission for an aircraft, a load, a wind and turbulence, item by item.

Geometry first (order, speeds, heights, circles, approach, legs), then the mission flown in
numbers (climbs, ceilings, fuel). Every finding carries the figures it rests on.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.terrain_files import Terrain
from longwatch.environment.turbulence import turbulence_parameters
from longwatch.environment.weather_file import Weather, stamp
from longwatch.environment.wind import make_wind
from longwatch.errors import SetupError, listed
from longwatch.planning import figures
from longwatch.planning.air import Air, ProfileAir, WeatherAir
from longwatch.planning.airspeed_checks import headway_findings
from longwatch.planning.approach import approach_items, joining_message
from longwatch.planning.case import Case, build_case, is_loiter
from longwatch.planning.clearance import clearance_findings, clearance_message
from longwatch.planning.cover import terrain_cover, weather_cover
from longwatch.planning.examine import flown_findings, geometry_findings
from longwatch.planning.fence_way import Fence, area_findings, fence_findings
from longwatch.planning.fit import changes_between, fitted
from longwatch.planning.fuel import fuel_plan, fuel_text
from longwatch.planning.itinerary import itinerary
from longwatch.planning.judgement import Change, FuelPlan, ItemNumbers, Judgement
from longwatch.planning.legs import Leg, legs
from longwatch.planning.load_checks import (
    gear_findings,
    load_findings,
    parking_findings,
    runway_findings,
    wind_findings,
)
from longwatch.planning.magnetic_cover import magnetic_findings
from longwatch.planning.mav_commands import NAMES
from longwatch.planning.mission import FRAMES_TERRAIN, Mission
from longwatch.planning.performance import Performance
from longwatch.planning.start_time import DEFAULT_START, start_text
from longwatch.planning.walk import walk
from longwatch.planning.walk_state import Walk


def judge(mission: Mission, aircraft: Any, *, payload_kg: float, fuel_kg: float, wind: Any = None,
          turbulence: str = "none", fit: bool = False, weather: Weather | None = None,
          terrain: Terrain | None = None, start: datetime | None = None,
          performance: Performance | None = None) -> Judgement:
    """Judge a mission; with ``fit`` change what does not fit by the least that makes it flyable.

    ``aircraft`` is what load_datasheet returns, ``wind`` a Wind array or None for calm air,
    ``turbulence`` the level that the fuel plan allows for: "none", "light", "moderate" or
    "severe". ``weather`` takes the place of ``wind``, ``terrain`` that of the assumed ground;
    ``start`` goes before the mission's own, in UTC; ``performance`` is the aircraft's own from an
    earlier call, which remembers what it has worked out. Raises SetupError for a load that is no
    load (negative, NaN, more fuel than the tank holds), an unknown level or tiles that cannot be
    read, and MissionError where nothing says where home is.
    """
    turbulence_parameters(turbulence)  # refuses a level that there is none of
    sheet = aircraft.datasheet[0]
    load = list(load_findings(sheet, payload_kg, fuel_kg))
    impossible = [f.text for f in load if not f.forcible]
    if impossible:
        raise SetupError(listed("this load cannot be flown:", impossible))
    start = start or mission.start or DEFAULT_START
    air: Air = (ProfileAir((make_wind(0.0, 0.0) if wind is None else wind)[0]) if weather is None
                else WeatherAir(weather.grid(start.timestamp())))
    case = build_case(mission, sheet, payload_kg, fuel_kg, air, turbulence, performance, terrain)
    changes: tuple[Change, ...] = ()
    if fit:
        case = fitted(case)
        changes = changes_between(mission, case)
    flown = walk(case)
    fuel = fuel_plan(flown)
    found_legs = legs(case)
    # Load and wind first: where they do not fit, what follows mostly comes of them.
    cover = [*weather_cover(case, flown, fuel, weather, start), *terrain_cover(case, flown),
             *magnetic_findings(case, start)]
    findings = (*load, *cover, *headway_findings(case, flown), *wind_findings(case),
                *runway_findings(case), *gear_findings(case),
                *parking_findings(case, flown.mass), *geometry_findings(case, found_legs),
                *flown_findings(case, flown, fuel), *clearance_findings(case, flown),
                *fence_findings(case, flown, Fence(mission.area.zones)),
                *area_findings(case))
    return Judgement(case.mission, case.home, case.strips, case.patches, case.points, findings,
                     changes, tuple(_numbers(case, flown, found_legs)), fuel,
                     flown_radii(case), (*_surroundings(case, weather, start),
                                    *_messages(case, flown, fuel)),
                     weather, case.terrain, "" if terrain is None else terrain.name, start, flown)


def _surroundings(case: Case, weather: Weather | None, start: datetime) -> Iterator[str]:
    if weather is not None and weather.steady:
        yield (f"weather of {weather.name}: it holds one time, {stamp(weather.times[0])}, and is "
               f"taken as steady weather for the whole flight from {start_text(start)}")
    elif weather is not None:
        yield (f"weather of {weather.name}, {len(weather.times)} times from "
               f"{stamp(weather.times[0])} to {stamp(weather.times[-1])}; the flight starts at "
               f"{start_text(start)}")
    if case.tiles is not None:
        yield f"terrain of {case.tiles.name}, {len(case.tiles.tiles)} tile(s)"


def flown_radii(case: Case) -> tuple[float, ...]:
    """Radii of the circles as flown, positive clockwise, m; 0 for items that are none."""
    return tuple(math.copysign(case.flown_radius(i), point.item.radius or 1.0)
                 if is_loiter(point.item) else 0.0 for i, point in enumerate(case.points))


def _numbers(case: Case, flown: Walk, found_legs: list[Leg]) -> Iterator[ItemNumbers]:
    leg_to = {leg.end: leg for leg in reversed(found_legs)}
    visits = {visit.index: visit for visit in reversed(flown.visits)}
    for i, point in enumerate(case.points):
        numbers = ItemNumbers(point.item.sequence, NAMES[point.item.command])
        visit, leg = visits.get(i), leg_to.get(i)
        if visit is not None:
            numbers = replace(
                numbers, altitude_msl=point.altitude_msl, ground_msl=point.ground_msl,
                ceiling=case.ceiling(i, visit.mass), speed=case.speeds[i],
                turn_radius=case.radius(i), climb_deg=visit.asked_climb,
                ground_speed=visit.ground_speed, time=visit.time, fuel=visit.fuel)
        if leg is not None:
            numbers = replace(numbers, leg=leg.distance, leg_needed=leg.needed,
                              turn_deg=math.degrees(leg.turn))
        if point.item.command == plan.LAND and visit is not None:
            numbers = _approach_numbers(case, i, numbers)
        yield numbers


def _approach_numbers(case: Case, index: int, numbers: ItemNumbers) -> ItemNumbers:
    """With approach length and glide angle from the last place before a landing, as drawn."""
    order = list(itinerary(case.mission.items, 1))
    earlier = [i for i in order[:order.index(index)] if case.points[i].item.positioned]
    if not earlier:
        return numbers
    last, land = case.points[earlier[-1]], case.points[index]
    length = distance_and_bearing(*last.place, *land.place)[0]
    angle = math.degrees(math.atan2(land.altitude_msl - last.altitude_msl, length))
    return replace(numbers, leg=length, climb_deg=angle,
                   leg_needed=float(case.sheet.procedures.final_length))


def _messages(case: Case, flown: Walk, fuel: FuelPlan) -> Iterator[str]:
    yield from case.mission.notes
    yield from case.strips.messages
    if case.tiles is not None:
        yield from clearance_message(case, flown)
    elif any(item.frame in FRAMES_TERRAIN for item in case.mission.items):
        yield ("heights above terrain count from the assumed ground, "
               f"{figures.altitude(case.home.elevation_msl)} above sea level near home")
    joining = joining_message(case, approach_items(case))
    if joining:
        yield joining
    yield (f"fuel for {figures.hours(fuel.time)} and {figures.distance(fuel.distance)}: "
           f"{fuel_text(case, fuel)}, {figures.mass(fuel.loaded, '.1f')} loaded")
