"""Planning for an aircraft that is flown live: a mission laid out from where it is now.

On the ground it takes off from the runway that it stands on; in the air a mission needs no
take-off. What the judge has against a mission does not refuse it, as a crew may know better: the
findings are told.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.terrain import TerrainGrid
from longwatch.environment.weather_file import Weather
from longwatch.planning.air import Air
from longwatch.planning.airspeed_checks import headway_findings
from longwatch.planning.approach import approach_findings, approach_items
from longwatch.planning.case import Case, build_case
from longwatch.planning.examine import ENDLESS_ORDER, flown_findings
from longwatch.planning.fence_way import NO_FENCE, Fence, fence_findings
from longwatch.planning.finding import ERROR, Finding
from longwatch.planning.fuel import fuel_plan
from longwatch.planning.item_checks import (
    height_findings,
    jump_findings,
    landing_findings,
    order_findings,
    speed_findings,
    stated_findings,
)
from longwatch.planning.itinerary import itinerary
from longwatch.planning.judge import flown_radii
from longwatch.planning.judgement import FuelPlan, Judgement
from longwatch.planning.judgement_values import crew_remedy
from longwatch.planning.legs import leg_findings, legs, radius_findings
from longwatch.planning.live_items import as_flown, told
from longwatch.planning.load_checks import runway_findings, wind_findings
from longwatch.planning.magnetic_cover import magnetic_findings
from longwatch.planning.mission import Home, Mission, MissionItem
from longwatch.planning.resolve import ResolvedPlan, resolve
from longwatch.planning.route import bare_ground
from longwatch.planning.runway_choice import (
    KNOWN_TAILWIND,
    MATCH_WITHIN,
    choose_strips,
    place_before,
    wind_on,
)
from longwatch.planning.strip import Strip, Strips
from longwatch.planning.walk import walk

# On a runway: so near to its axis, and lined up within so much [m, rad].
ON_AXIS = 60.0
LINED_UP = math.radians(20.0)
UPLOADED = Path("uploaded mission")


@dataclass(frozen=True)
class Situation:
    """What is known aboard when a mission comes in: radians, metres, kilograms.

    Attributes:
        aircraft: what load_datasheet returns.
        home: from which relative heights count.
        runways: those it may use, the home runway first.
        home_end: end of the home runway that it started from.
        place, altitude_msl, heading: where it is, by its own estimate.
        airborne: off the ground.
        fuel, payload: aboard.
        air: the wind as it is known.
        terrain: heights of the ground, empty where none are known.
        weather, terrain_name, start: of the run.
        fence: that it carries.
    """

    aircraft: Any
    home: Home
    runways: tuple[Strip, ...]
    home_end: int
    place: tuple[float, float]
    altitude_msl: float
    heading: float
    airborne: bool
    fuel: float
    payload: float
    air: Air
    terrain: TerrainGrid
    weather: Weather | None
    terrain_name: str
    start: datetime
    fence: Fence = NO_FENCE

    @property
    def standing(self) -> tuple[Strip, int]:
        """The runway that it stands on and the end that it looks away from, else the home one."""
        if not self.airborne:
            for strip in self.runways:
                for end in (0, 1):
                    before, right = strip.approach_place(end, *self.place)
                    along = strip.aiming_distance - before
                    turned = math.remainder(self.heading - strip.course(end), 2 * math.pi)
                    if (abs(right) < ON_AXIS and -100.0 < along < strip.length + 100.0
                            and abs(turned) < LINED_UP):
                        return strip, end
        return self.runways[0], self.home_end


def lay_out(items: Sequence[MissionItem], situation: Situation) -> Case:
    """An uploaded mission in place, ready to be resolved and judged.

    Raises MissionError where its places make no route.
    """
    mission = Mission(UPLOADED, situation.home, as_flown(items), None, *told(items))
    mission = replace(mission, strips=_strips(mission, situation))
    return build_case(mission, situation.aircraft.datasheet[0], situation.payload, situation.fuel,
                      situation.air, grid=situation.terrain)


def resolve_live(case: Case, situation: Situation) -> ResolvedPlan:
    """The plan that goes aboard; nothing is judged yet."""
    unjudged = FuelPlan(case.fuel, math.nan, math.nan, math.nan, math.nan, math.nan)
    judgement = Judgement(
        case.mission, case.home, case.strips, case.patches, case.points, (), (), (), unjudged,
        flown_radii(case), (), situation.weather, case.terrain, situation.terrain_name,
        situation.start)
    return resolve(judgement, payload_kg=case.payload, messages=())


def findings(case: Case, situation: Situation) -> Iterator[tuple[bool, Finding]]:
    """What the judge has against an uploaded mission, from where the aircraft is.

    Each with whether it speaks against flying it at all: speeds, heights, wind, runway, fuel and
    fence do; an open end, a tight corner or a drawn-out approach is flown as well as may be.
    """
    start = (*situation.place, situation.altitude_msl) if situation.airborne else None
    if not situation.airborne:
        yield from _severe(runway_findings(case))
        yield from _mild(order_findings(case))
    flown = walk(case, start)
    yield from _severe(headway_findings(case, flown))
    yield from _severe(wind_findings(case))
    yield from _severe(speed_findings(case))
    yield from _severe(height_findings(case))
    yield from _severe(landing_findings(case))
    for finding in flown_findings(case, flown, fuel_plan(flown)):
        ends = finding.fix is None or finding.fix.order != ENDLESS_ORDER
        yield finding.severity == ERROR and ends, finding
    yield from _mild(stated_findings(case))
    yield from _severe(fence_findings(case, flown, situation.fence))
    yield from _mild(jump_findings(case))
    yield from _mild(magnetic_findings(case, situation.start))
    yield from _mild(radius_findings(case))
    on_approach = approach_items(case)
    yield from _mild(approach_findings(case, on_approach))
    yield from _mild(leg_findings(case, legs(case), frozenset(on_approach)))


def _severe(found: Iterator[Finding]) -> Iterator[tuple[bool, Finding]]:
    return ((finding.severity == ERROR, finding) for finding in found)


def _mild(found: Iterator[Finding]) -> Iterator[tuple[bool, Finding]]:
    return ((False, finding) for finding in found)


def finding_text(finding: Finding) -> str:
    """A finding as the crew reads it: item, figures, remedy; no word of the shell's options."""
    remedy = crew_remedy(finding.remedy)
    where = "" if finding.item is None else f"item {finding.item}: "
    text = f"{where}{finding.message}"
    return f"{text}; {remedy}" if remedy else text


def _strips(mission: Mission, situation: Situation) -> Strips:
    standing, takeoff_end = situation.standing
    reached = (mission.items[i] for i in itinerary(mission.items, 1))
    land = next((item for item in reached if item.command == plan.LAND and item.positioned), None)
    landing, landing_end = _landing(mission, situation, standing, land)
    others = [(item.sequence, *_landing(mission, situation, standing, item))
              for item in mission.items
              if item.command == plan.LAND and item.positioned and item is not land]
    runways = [*situation.runways]
    for strip in (standing, landing, *(strip for _, strip, _ in others)):
        if strip not in runways:
            runways.insert(1, strip)
    return Strips(tuple(runways), runways.index(standing), takeoff_end, runways.index(landing),
                  landing_end, (), others=tuple((number, runways.index(strip), end)
                                                for number, strip, end in others))


def _landing(mission: Mission, situation: Situation, standing: Strip, land: MissionItem | None
             ) -> tuple[Strip, int]:
    """The runway that a LAND item lands on, into the wind, else as the mission draws it."""
    if land is None or land.latitude is None or land.longitude is None:
        return _into_wind(standing, standing.course(situation.standing[1]), situation.air)
    point = (land.latitude, land.longitude)
    distance, drawn = distance_and_bearing(
        *place_before(mission, land, situation.home), *point)
    near = [strip for strip in situation.runways if _distance(strip, point) <= MATCH_WITHIN]
    if near:
        strip = min(near, key=lambda s: _distance(s, point))
        return _into_wind(strip, drawn if distance > 1.0 else strip.course(0), situation.air)
    procedures = situation.aircraft.datasheet[0].procedures
    cruise = float(situation.aircraft.datasheet[0].limits.cruise_speed)
    chosen = choose_strips(mission, situation.air, float(procedures.aiming_distance), cruise,
                           bare_ground(None, situation.terrain))[1]
    runway, end = chosen.of_landing(land.sequence)
    return chosen.runways[runway], end


def _distance(strip: Strip, point: tuple[float, float]) -> float:
    """Metres from a point to the nearest of a runway's thresholds and its middle."""
    return min(distance_and_bearing(*strip.beyond_threshold(0, share * strip.length), *point)[0]
               for share in (0.0, 0.5, 1.0))


def _into_wind(strip: Strip, drawn: float, air: Air) -> tuple[Strip, int]:
    end = 0 if math.cos(drawn - strip.course(0)) >= 0.0 else 1
    headwind = wind_on(strip, end, air, 0.0)[0]
    return strip, 1 - end if headwind < -KNOWN_TAILWIND else end
