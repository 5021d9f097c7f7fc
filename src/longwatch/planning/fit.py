"""Changes a mission that does not fit by the least that makes it flyable.

Each finding that can be mended carries its least change. Altitudes above the ceiling come first,
since turns up there are wide; then, in this order, the landing that is missing, speeds, radii,
heights, the approach, the legs, and last the loiters without end. The mission is judged anew
after each, until nothing is left to mend or nothing helps any more.
"""

import math
from dataclasses import replace
from typing import Any

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.planning.case import Case, build_case, height_text
from longwatch.planning.clearance import clearance_findings
from longwatch.planning.examine import flown_findings, geometry_findings
from longwatch.planning.figures import plain
from longwatch.planning.finding import ERROR, Fix
from longwatch.planning.fuel import fuel_plan
from longwatch.planning.judgement import Change
from longwatch.planning.mav_commands import NAMES
from longwatch.planning.mission import Mission, MissionItem
from longwatch.planning.walk import walk

# So many changes are tried at most. Grade: assumed.
MOST_ROUNDS = 300
# Orders of the changes to heights and to legs (``Fix.order``).
HEIGHT_ORDER, LEG_ORDER = 3, 6


def fitted(case: Case) -> Case:
    """The case with its mission changed; what is left against it then, no change helps."""
    lowered = [f for f in _flown_fixes(case) if f.order == HEIGHT_ORDER]
    case = _with(case, lowered) if lowered else case
    seen: set[Mission] = set()
    for _ in range(MOST_ROUNDS):
        # Two findings that undo each other's changes would go on for ever.
        if case.mission in seen:
            return case
        seen.add(case.mission)
        fixes = _fixes(geometry_findings(case)) or _flown_fixes(case)
        if not fixes:
            return case
        case = _with(case, fixes)
    return case


def _flown_fixes(case: Case) -> list[Fix]:
    flown = walk(case)
    return _fixes((*flown_findings(case, flown, fuel_plan(flown)),
                   *clearance_findings(case, flown)))


def _fixes(findings: Any) -> list[Fix]:
    """The changes of the first order that has any; of the legs only the first."""
    fixes = [f.fix for f in findings if f.severity == ERROR and f.fix is not None]
    if not fixes:
        return []
    first = min(fix.order for fix in fixes)
    chosen: dict[int | None, Fix] = {}
    for fix in fixes:
        if fix.order == first:
            chosen.setdefault(fix.index, fix)
    return list(chosen.values())[:1 if first == LEG_ORDER else None]


def _with(case: Case, fixes: list[Fix]) -> Case:
    mission = case.mission
    items = list(mission.items)
    for fix in fixes:
        if fix.index is None:
            mission = replace(mission, cruise_speed=fix.cruise_speed)
        elif fix.item is not None:
            items[fix.index:fix.index + 1] = [fix.item]
    mission = replace(mission, items=tuple(items))
    return build_case(mission, case.sheet, case.payload, case.fuel, case.air, case.turbulence,
                      case.performance, case.tiles)


def changes_between(before: Mission, case: Case) -> tuple[Change, ...]:
    """What was changed, quantity by quantity."""
    changes = []
    after = case.mission
    if before.cruise_speed != after.cruise_speed:
        old, new = before.cruise_speed or 0.0, after.cruise_speed or 0.0
        changes.append(Change(None, "cruise speed", f"{old:g} m/s", f"{new:g} m/s", new - old))
    for old_item, new_item in zip(before.items, after.items, strict=False):
        changes.extend(_item_changes(old_item, new_item))
    for item in after.items[len(before.items):]:
        changes.append(Change(item.sequence, "appended:", "nothing",
                              f"{NAMES[item.command]} on {case.strips.landing_strip.name}, the "
                              "strip that it left", 0.0))
    return tuple(changes)


def _item_changes(old: MissionItem, new: MissionItem) -> list[Change]:
    changes = []
    if old.command != new.command:
        changes.append(Change(old.sequence, "item", NAMES[old.command],
                              f"{NAMES[new.command]} of {new.p1:g} s", new.p1 or 0.0))
    if old.latitude is not None and new.latitude is not None and (
            (old.latitude, old.longitude) != (new.latitude, new.longitude)):
        distance, bearing = distance_and_bearing(old.latitude, old.longitude or 0.0,
                                                 new.latitude, new.longitude or 0.0)
        changes.append(Change(old.sequence, "position", _degrees(old),
                              f"{_degrees(new)}, {distance:.0f} m towards "
                              f"{math.degrees(bearing):.0f} deg", distance))
    if old.altitude != new.altitude:
        changes.append(Change(old.sequence, "altitude", plain(height_text(old)),
                              plain(height_text(new)),
                              (new.altitude or 0.0) - (old.altitude or 0.0)))
    if old.radius != new.radius:
        changes.append(Change(old.sequence, "radius", f"{old.radius:g} m", f"{new.radius:g} m",
                              abs(new.radius) - abs(old.radius)))
    if new.command == plan.DO_CHANGE_SPEED and old.p2 != new.p2:
        changes.append(Change(old.sequence, "speed", f"{old.p2:g} m/s", f"{new.p2:g} m/s",
                              (new.p2 or 0.0) - (old.p2 or 0.0)))
    return changes


def _degrees(item: MissionItem) -> str:
    return (f"{math.degrees(item.latitude or 0.0):.6f}, "
            f"{math.degrees(item.longitude or 0.0):.6f}")

