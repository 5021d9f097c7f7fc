"""Items one by one, and their order: take-off first, an end, speeds, heights."""

import math
from collections.abc import Iterator
from dataclasses import replace

from longwatch.autopilot.aboard import plan
from longwatch.planning import figures
from longwatch.planning.case import Case, height_text, is_loiter, moved, raised
from longwatch.planning.finding import ERROR, WARNING, Finding, Fix
from longwatch.planning.itinerary import itinerary, lands
from longwatch.planning.mav_commands import FIRST_CONDITION
from longwatch.planning.mission import MissionItem
from longwatch.planning.performance import HIGHEST_SPEED_SHARE
from longwatch.planning.route import bare_ground
from longwatch.planning.runway_choice import GROUND_KNOWN_TO, Ground, landing_level

# Least height above the assumed ground en route [m]: room for turbulence and for a turn. Grade:
# assumed.
CLEARANCE = 60.0
# Nothing is said of heights that are short by less [m].
TOLERANCE = 0.5
# DO_CHANGE_SPEED of this type asks for a speed over the ground (MAVLink, SPEED_TYPE).
GROUND_SPEED = 1.0
# Speeds are asked for in tenths of a metre a second.
ROUND_SPEED = 0.1
# What home and a landing on the same strip may differ by in silence [m].
LEVEL_TOLERANCE = 1.0
# The shore of the Dead Sea and the runway of Daocheng, with room [m above mean sea level].
LOWEST_LAND, HIGHEST_RUNWAY = -450.0, 4500.0


def stated_findings(case: Case) -> Iterator[Finding]:
    """What the mission asks for and does not get, and where it has home off the ground."""
    for text in (*case.mission.warnings, *case.strips.warnings):
        yield Finding(WARNING, None, text, "")


def order_findings(case: Case) -> Iterator[Finding]:
    """Take-off first and once; an end; nothing behind it."""
    items = case.mission.items
    flown = list(itinerary(items, 1))
    places = [i for i in flown if items[i].command == plan.TAKEOFF or items[i].positioned]
    if not any(items[i].command == plan.TAKEOFF for i in flown):
        yield Finding(ERROR, None, "there is no take-off",
                      "begin with an item MAV_CMD_NAV_TAKEOFF (22)", forcible=False)
    elif items[places[0]].command != plan.TAKEOFF:
        item = items[places[0]]
        yield Finding(ERROR, item.sequence, "comes before the take-off",
                      "begin with the item MAV_CMD_NAV_TAKEOFF (22)", forcible=False)
    for i in sorted({i for i in flown if items[i].command == plan.TAKEOFF})[1:]:
        yield Finding(ERROR, items[i].sequence, "is a second take-off",
                      "fly it as a mission of its own", forcible=False)
    for i in sorted({i for i in flown if items[i].command == plan.TAKEOFF and flown.count(i) > 1}):
        yield Finding(ERROR, items[i].sequence, "is jumped back to: it takes off once",
                      "jump to the item behind it", forcible=False)
    if all(items[i].command == plan.TAKEOFF for i in flown if items[i].command < FIRST_CONDITION):
        yield Finding(ERROR, None, "nothing is flown behind the take-off",
                      "add waypoints and a landing", forcible=False)
    unseen = [str(item.sequence) for i, item in enumerate(items) if i not in set(flown)]
    if unseen:
        yield Finding(WARNING, None, f"never reached: items {figures.name(', '.join(unseen))}", "")
    if not lands(items):
        yield _no_landing(case)


def jump_findings(case: Case) -> Iterator[Finding]:
    """Jumps and returns that the autopilot could not follow to an end."""
    items = case.mission.items
    for item in items:
        if item.command == plan.DO_JUMP and item.p2 == -1:
            yield Finding(ERROR, item.sequence, "jumps for ever: nothing says how it ends",
                          "give a repeat count")
    commands = [item.command for item in items]
    if plan.DO_LAND_START in commands and plan.LAND in commands:
        first = commands.index(plan.DO_LAND_START)
        if plan.RETURN_TO_LAUNCH in commands[first:commands.index(plan.LAND)]:
            item = items[first + commands[first:].index(plan.RETURN_TO_LAUNCH)]
            yield Finding(ERROR, item.sequence, "returns to the landing sequence that it is "
                          "itself part of", "take it out", forcible=False)


def _no_landing(case: Case) -> Finding:
    strip, end = case.strips.landing_strip, case.strips.landing_end
    last = case.mission.items[-1].sequence if case.mission.items else 0
    land = MissionItem(last + 1, plan.LAND, 0, 0.0, 0.0, 0.0, 0.0, *strip.aiming_point(end),
                       strip.aiming_elevation(end))
    return Finding(ERROR, None, "there is no landing, and nothing else says how it ends",
                   "end it with MAV_CMD_NAV_LAND (21) or MAV_CMD_NAV_RETURN_TO_LAUNCH (20), or "
                   "let --fit append a landing on the strip that it left",
                   fix=Fix(len(case.mission.items), land, order=0))


def speed_findings(case: Case) -> Iterator[Finding]:
    """Airspeeds below the stall margin or above the limit; speeds over the ground."""
    cruise = case.mission.cruise_speed
    if cruise is not None:
        for text, remedy, speed in _speed_faults(case, cruise):
            what = f"the plan's cruise speed of {figures.airspeed(cruise, 'g')} {text}"
            yield Finding(ERROR, None, what, remedy, fix=Fix(None, cruise_speed=speed, order=1))
    for i in sorted(set(itinerary(case.mission.items, 1))):
        item = case.mission.items[i]
        if item.command != plan.DO_CHANGE_SPEED:
            continue
        if item.p1 == GROUND_SPEED:
            yield Finding(WARNING, item.sequence, "asks for a speed over the ground; it is flown "
                          "as an airspeed", "")
        if item.p2 is not None and item.p2 > 0:
            for text, remedy, speed in _speed_faults(case, item.p2):
                what = f"a speed of {figures.airspeed(item.p2, 'g')} {text}"
                yield Finding(ERROR, item.sequence, what, remedy,
                              fix=Fix(i, replace(item, p2=speed), order=1))


def _speed_faults(case: Case, speed: float) -> Iterator[tuple[str, str, float]]:
    least = math.ceil(case.least_speed / ROUND_SPEED - 1e-6) * ROUND_SPEED
    highest = HIGHEST_SPEED_SHARE * float(case.sheet.limits.never_exceed_speed)
    stall = case.performance.stall_speed(case.takeoff_mass)
    if speed < case.least_speed - 1e-6:
        least = round(least, 1)
        yield (f"is below the least safe airspeed at {figures.mass(case.takeoff_mass)}, "
               f"{figures.airspeed(least)} (stall {figures.airspeed(stall)}, and a turn and a "
               "gust above it)",
               f"ask for {figures.airspeed(least)} or more", least)
    if speed > highest:
        yield (f"is above the highest airspeed, {figures.airspeed(highest)}",
               f"ask for {figures.airspeed(highest)} or less", highest)


def height_findings(case: Case) -> Iterator[Finding]:
    """Heights above the assumed ground and, for the take-off, above the climb-out.

    Over terrain the legs are held against it instead (clearance.py).
    """
    climb_out = float(case.sheet.procedures.climb_out_height)
    for i in sorted(set(itinerary(case.mission.items, 1))):
        point = case.points[i]
        item, height = point.item, point.altitude_msl - point.ground_msl
        if item.command == plan.TAKEOFF:
            least, what = climb_out, "the climb-out ends"
        elif case.tiles is None and (item.command == plan.WAYPOINT or is_loiter(item)):
            least, what = CLEARANCE, "the ground is cleared"
        else:
            continue
        if height < least - TOLERANCE:
            yield Finding(
                ERROR, item.sequence,
                f"{height_text(item)} is {figures.height(height)} above the assumed ground at "
                f"{figures.altitude(point.ground_msl)}; {what} at {figures.height(least)}",
                f"raise it by {figures.height(least - height)}",
                fix=Fix(i, raised(item, least - height), order=3))
        elif _below_the_runways(case, i):
            yield Finding(
                WARNING, item.sequence,
                f"{height_text(item)}, {figures.altitude(point.altitude_msl)} above sea level, is "
                "below the runways of this mission, the lowest at "
                f"{figures.altitude(_lowest_runway(case))}, and no terrain is known there: over "
                "land as high as they lie it flies into the ground",
                "raise it, or have it judged over terrain (--terrain)")


def _lowest_runway(case: Case) -> float:
    strips = (case.strips.takeoff_strip, case.strips.landing_strip)
    return min(case.home.elevation_msl, *(min(strip.elevation_msl) for strip in strips))


def _below_the_runways(case: Case, index: int) -> bool:
    """True where an item is flown lower than runways lie, and nothing tells of the ground."""
    return (not len(case.terrain.heights) and case.points[index].item.command != plan.TAKEOFF
            and case.points[index].altitude_msl < _lowest_runway(case) - TOLERANCE)


def landing_findings(case: Case) -> Iterator[Finding]:
    """Levels of the ground that landings state, against what is known of the ground there."""
    ground = bare_ground(case.tiles, case.terrain)
    for i in sorted(set(itinerary(case.mission.items, 1))):
        point = case.points[i]
        if point.item.command != plan.LAND:
            continue
        # Without a place it lands on the runway that it left, which has a level of its own.
        placed = point.item.positioned
        item = point.item if placed else moved(point.item, point.place)
        stated = landing_level(item, case.home, ground)
        if stated is not None:
            yield from (_landing_findings(case, i, stated, ground) if placed else
                        _unplaced_findings(case, i, stated))


def _unplaced_findings(case: Case, index: int, stated: float) -> Iterator[Finding]:
    point = case.points[index]
    off = stated - point.altitude_msl
    if abs(off) > GROUND_KNOWN_TO:
        yield Finding(WARNING, point.item.sequence,
                      f"has the ground at {figures.altitude(stated)} above sea level "
                      f"({height_text(point.item)}), {figures.height(abs(off))} "
                      f"{'above' if off > 0 else 'below'} the runway that it left; without a place "
                      f"it lands there, at {figures.altitude(point.altitude_msl)}",
                      "give it a place, or the altitude of that runway")


def _landing_findings(case: Case, index: int, stated: float, ground: Ground) -> Iterator[Finding]:
    point, strip = case.points[index], case.strips.landing_strip
    item = point.item
    flown = point.altitude_msl
    there = (strip.elevation_beside(item.latitude or 0.0, item.longitude or 0.0) if strip.known
             else flown)
    off = stated - there
    says = (f"has the ground at {figures.altitude(stated)} above sea level ({height_text(item)}), "
            f"{figures.height(abs(off))} {'above' if off > 0 else 'below'} ")
    if strip.known:
        if abs(off) > GROUND_KNOWN_TO:
            yield Finding(WARNING, item.sequence,
                          f"{says}the runway {figures.name(strip.name)}; it lands on the runway, "
                          f"at {figures.altitude(there)}", "")
        return
    if abs(off) > LEVEL_TOLERANCE:  # the strip that home lies on, which is at home's elevation
        yield Finding(ERROR if abs(off) > GROUND_KNOWN_TO else WARNING, item.sequence,
                      f"{says}home, within {figures.distance(1000.0)} of it; it lands at "
                      f"{figures.altitude(flown)}",
                      "correct its altitude or its frame, or home's altitude")
    below = ground((item.latitude or 0.0, item.longitude or 0.0))
    if abs(stated - below) > GROUND_KNOWN_TO:
        yield Finding(ERROR, item.sequence,
                      f"has the ground at {figures.altitude(stated)} above sea level "
                      f"({height_text(item)}), the terrain lies at {figures.altitude(below)} there",
                      f"land at {figures.altitude(below)}")
    elif not LOWEST_LAND <= stated <= HIGHEST_RUNWAY:
        yield Finding(ERROR, item.sequence,
                      f"has the ground at {figures.altitude(stated)} above sea level; land lies "
                      f"from {figures.altitude(LOWEST_LAND)} to "
                      f"{figures.altitude(HIGHEST_RUNWAY)}",
                      "correct its altitude or its frame")


def ceiling_finding(case: Case, index: int, mass: float) -> Finding | None:
    """An altitude that the aircraft cannot reach at its mass, or not at the speed asked for."""
    point, speed = case.points[index], case.speeds[index]
    highest = case.ceiling(index, mass)
    free = point.item.command == plan.WAYPOINT or is_loiter(point.item)
    held = min(highest, case.ceiling(index, mass, speed)) if free else highest
    if point.altitude_msl <= held + TOLERANCE:
        return None
    what = (f"an altitude of {figures.altitude(point.altitude_msl)} above sea level is above the "
            "ceiling, ")
    if point.altitude_msl > highest + TOLERANCE:
        what += f"{figures.altitude(highest)} at {figures.mass(mass)}"
        if held < highest - TOLERANCE:
            what += f" ({figures.altitude(held)} at the {figures.airspeed(speed)} asked for)"
    else:
        what += f"{figures.altitude(held)} at {figures.airspeed(speed)} and {figures.mass(mass)}"
    allowed = math.floor(held / 10) * 10
    # Never below the take-off either, whatever is known of the ground on the way.
    if allowed <= max(point.ground_msl, case.home.elevation_msl) + CLEARANCE:
        return Finding(ERROR, point.item.sequence, what, "fly slower or lighter")
    fix = Fix(index, raised(point.item, allowed - point.altitude_msl), order=3)
    return Finding(ERROR, point.item.sequence, what,
                   f"lower it to {figures.altitude(allowed)}, or fly slower or lighter",
                   fix=fix if free else None)
