"""Everything that can be held against a mission: geometry first, then the mission in numbers."""

import math
from collections.abc import Iterator
from dataclasses import replace

from longwatch.autopilot.aboard import plan
from longwatch.planning import figures
from longwatch.planning.airspeed_checks import speed_held_finding
from longwatch.planning.approach import approach_findings, approach_items
from longwatch.planning.case import Case
from longwatch.planning.finding import ERROR, WARNING, Finding, Fix
from longwatch.planning.fuel import circling_time, fuel_text, load_needed
from longwatch.planning.item_checks import (
    CLEARANCE,
    ceiling_finding,
    height_findings,
    jump_findings,
    landing_findings,
    order_findings,
    speed_findings,
    stated_findings,
)
from longwatch.planning.judgement import FuelPlan
from longwatch.planning.legs import Leg, leg_findings, legs, radius_findings
from longwatch.planning.walk_state import Visit, Walk

# So near to its altitude an item counts as reached [m]. Grade: assumed.
ARRIVAL_TOLERANCE = 15.0
# A loiter without end is given this share of the fuel to spare, in whole minutes. Grade: assumed.
SPARE_SHARE = 0.95
# Order of the change that ends a loiter without end: it comes last (see fit.py).
ENDLESS_ORDER = 7


def geometry_findings(case: Case, found_legs: list[Leg] | None = None) -> Iterator[Finding]:
    """Everything that can be said without flying the mission in numbers."""
    yield from stated_findings(case)
    yield from order_findings(case)
    yield from jump_findings(case)
    yield from speed_findings(case)
    yield from radius_findings(case)
    yield from height_findings(case)
    yield from landing_findings(case)
    on_approach = approach_items(case)
    yield from approach_findings(case, on_approach)
    found_legs = legs(case) if found_legs is None else found_legs
    yield from leg_findings(case, found_legs, frozenset(on_approach))


def flown_findings(case: Case, flown: Walk, fuel: FuelPlan) -> Iterator[Finding]:
    """Ceilings, climbs, loiters without end and fuel, from the mission flown in numbers."""
    seen: set[int] = set()
    before: Visit | None = None
    for visit in flown.visits:
        if visit.path is None and case.points[visit.index].item.command == plan.RETURN_TO_LAUNCH:
            continue  # its way is that of the landing that it leads to
        if visit.index not in seen:
            yield from _visit_findings(case, visit, before)
        seen.add(visit.index)
        before = before if visit.path is None else visit
    endless = [v for v in flown.visits
               if case.points[v.index].item.command == plan.LOITER_UNLIM]
    spare = fuel.loaded - fuel.required
    for visit in endless:
        yield _endless(case, visit, spare / len(endless))
    if spare < 0:
        yield Finding(
            ERROR, None,
            f"fuel is short by {figures.mass(-spare, '.1f')}: the mission needs "
            f"{fuel_text(case, fuel)} "
            f"({figures.minutes(case.sheet.limits.reserve_time / 60)} at cruise power), "
            f"{figures.mass(fuel.loaded, '.1f')} are loaded",
            _fuel_remedy(case, fuel))


def _fuel_remedy(case: Case, fuel: FuelPlan) -> str:
    mass = case.sheet.mass
    room = min(float(mass.fuel_capacity),
               float(mass.maximum_takeoff_mass) - float(mass.empty_mass) - case.payload)
    if room <= 0.0:
        return "take less payload"
    if fuel.required <= room:
        load = math.ceil(load_needed(case, fuel))
        if load <= room:
            return (f"load {figures.mass(load)} or more (at most {figures.mass(room)} with "
                    f"{figures.mass(case.payload, 'g')} of payload), or shorten the mission")
    air = "less wind" if case.turbulence == "none" else "less wind or turbulence"
    return (f"shorten the mission, or fly it in {air}: at most {figures.mass(room)} can be "
            f"loaded with {figures.mass(case.payload, 'g')} of payload")


def _visit_findings(case: Case, visit: Visit, before: Visit | None) -> Iterator[Finding]:
    point = case.points[visit.index]
    if not point.item.positioned and point.item.command not in (plan.LAND, plan.RETURN_TO_LAUNCH):
        return
    ceiling = ceiling_finding(case, visit.index, visit.mass)
    held = speed_held_finding(case, visit, before)
    if ceiling is not None and (ceiling.fix is not None or held is None):
        yield ceiling
        return
    if held is not None:
        # No lower altitude helps, or the altitude is fine: it is the speed.
        yield held
        return
    if abs(visit.short_by) > ARRIVAL_TOLERANCE:
        yield _late(case, visit)


def _late(case: Case, visit: Visit) -> Finding:
    item = case.points[visit.index].item
    strip, end = case.strips.landing_strip, case.strips.landing_end
    over_runway = case.gate_height - visit.short_by
    lands = item.command in (plan.LAND, plan.RETURN_TO_LAUNCH)
    if lands and over_runway < CLEARANCE:
        runway = figures.altitude(strip.aiming_elevation(end))
        return Finding(
            ERROR, item.sequence,
            f"arrives {figures.height(visit.short_by)} low at the final approach to a runway at "
            f"{runway}: it would fly into the ground there",
            "climb before it, on a loiter to an altitude or a longer way")
    if visit.short_by > 0:
        angle = math.degrees(math.atan(case.performance.climb_gradient(
            visit.mass, case.speeds[visit.index], case.points[visit.index].altitude_msl)))
        text = (f"arrives {figures.height(visit.short_by)} low: the leg asks for "
                f"{figures.slope(visit.asked_climb)} of climb, it climbs at "
                f"{figures.slope(angle)}; it goes on climbing")
    elif lands:
        text = (f"arrives {figures.height(-visit.short_by)} too high at the final approach and "
                "spirals down there")
    else:
        text = (f"arrives {figures.height(-visit.short_by)} high: the leg asks for "
                f"{figures.slope(-visit.asked_climb)} of descent; it goes on descending")
    return Finding(WARNING, item.sequence, text, "")


def _endless(case: Case, visit: Visit, spare: float) -> Finding:
    point = case.points[visit.index]
    minutes = math.floor(circling_time(case, visit, SPARE_SHARE * spare) / 60)
    item = replace(point.item, command=plan.LOITER_TIME, p1=minutes * 60.0)
    return Finding(
        ERROR, point.item.sequence, "loiters without end: nothing says how it ends",
        f"give it a time (MAV_CMD_NAV_LOITER_TIME), or let --fit end it after "
        f"{figures.minutes(minutes)}, "
        "when the fuel left is what the rest and the reserve need",
        fix=Fix(visit.index, item, order=ENDLESS_ORDER))
