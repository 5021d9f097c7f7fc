"""Items one by one, and their order: take-off first, an end, speeds, heights."""

import math
from collections.abc import Iterator
from dataclasses import replace

from longwatch.autopilot import plan
from longwatch.planning.case import Case, height_text, is_loiter, raised
from longwatch.planning.itinerary import itinerary, lands
from longwatch.planning.judgement import ERROR, WARNING, Finding, Fix
from longwatch.planning.mission import MissionItem
from longwatch.planning.performance import HIGHEST_SPEED_SHARE

# Least height above the assumed ground en route: room for turbulence and for a turn.
CLEARANCE = 60.0
TOLERANCE = 0.5
GROUND_SPEED = 1.0
ROUND_SPEED = 0.1
# Jump counters aboard (autopilot/mission.py).
LARGEST_JUMPS = 16


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
    unseen = [str(item.sequence) for i, item in enumerate(items) if i not in set(flown)]
    if unseen:
        yield Finding(WARNING, None, f"never reached: items {', '.join(unseen)}", "")
    if not lands(items):
        yield _no_landing(case)


def jump_findings(case: Case) -> Iterator[Finding]:
    """Jumps and returns that the autopilot could not follow to an end."""
    items = case.mission.items
    jumps = [item for item in items if item.command == plan.DO_JUMP]
    if len(jumps) > LARGEST_JUMPS:
        yield Finding(ERROR, jumps[LARGEST_JUMPS].sequence,
                      f"is jump number {LARGEST_JUMPS + 1}; the autopilot counts "
                      f"{LARGEST_JUMPS}", "fly with fewer jumps", forcible=False)
    for item in jumps:
        if item.p2 == -1:
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
            yield Finding(ERROR, None, f"the plan's cruise speed of {cruise:g} m/s {text}",
                          remedy, fix=Fix(None, cruise_speed=speed, order=1))
    for i in sorted(set(itinerary(case.mission.items, 1))):
        item = case.mission.items[i]
        if item.command != plan.DO_CHANGE_SPEED:
            continue
        if item.p1 == GROUND_SPEED:
            yield Finding(WARNING, item.sequence, "asks for a speed over the ground; it is flown "
                          "as an airspeed", "")
        if item.p2 is not None and item.p2 > 0:
            for text, remedy, speed in _speed_faults(case, item.p2):
                yield Finding(ERROR, item.sequence, f"a speed of {item.p2:g} m/s {text}", remedy,
                              fix=Fix(i, replace(item, p2=speed), order=1))


def _speed_faults(case: Case, speed: float) -> Iterator[tuple[str, str, float]]:
    least = math.ceil(case.least_speed / ROUND_SPEED - 1e-6) * ROUND_SPEED
    highest = HIGHEST_SPEED_SHARE * float(case.sheet.limits.never_exceed_speed)
    stall = case.performance.stall_speed(case.takeoff_mass)
    if speed < case.least_speed - 1e-6:
        least = round(least, 1)
        yield (f"is below the least safe airspeed at {case.takeoff_mass:.0f} kg, {least:.1f} m/s "
               f"(stall {stall:.1f} m/s, and a turn and a gust above it)",
               f"ask for {least:.1f} m/s or more", least)
    if speed > highest:
        yield (f"is above the highest airspeed, {highest:.1f} m/s",
               f"ask for {highest:.1f} m/s or less", highest)


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
                f"{height_text(item)} is {height:.0f} m above the assumed ground at "
                f"{point.ground_msl:.0f} m; {what} at {least:.0f} m",
                f"raise it by {least - height:.0f} m",
                fix=Fix(i, raised(item, least - height), order=3))


def ceiling_finding(case: Case, index: int, mass: float) -> Finding | None:
    """An altitude that the aircraft cannot reach at its mass, or not at the speed asked for."""
    point, speed = case.points[index], case.speeds[index]
    highest = case.ceiling(index, mass)
    free = point.item.command == plan.WAYPOINT or is_loiter(point.item)
    held = min(highest, case.ceiling(index, mass, speed)) if free else highest
    if point.altitude_msl <= held + TOLERANCE:
        return None
    what = f"an altitude of {point.altitude_msl:.0f} m above sea level is above the ceiling, "
    if point.altitude_msl > highest + TOLERANCE:
        what += f"{highest:.0f} m at {mass:.0f} kg"
        if held < highest - TOLERANCE:
            what += f" ({held:.0f} m at the {speed:.1f} m/s asked for)"
    else:
        what += f"{held:.0f} m at {speed:.1f} m/s and {mass:.0f} kg"
    allowed = math.floor(held / 10) * 10
    fix = Fix(index, raised(point.item, allowed - point.altitude_msl), order=3)
    return Finding(ERROR, point.item.sequence, what,
                   f"lower it to {allowed} m, or fly slower or lighter",
                   fix=fix if free and allowed > point.ground_msl + CLEARANCE else None)
