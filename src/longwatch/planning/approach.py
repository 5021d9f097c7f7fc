"""The way to the landing: is the approach that the mission draws long and high enough.

The autopilot joins the extended centreline by itself at a gate, as far out as the datasheet's
final length and at the height of the glide path there, so a landing may be reached from
anywhere. Items that the mission puts on the final approach, however, are flown in their order:
they must lie at or beyond the gate, and no lower than it.
"""

import math
from collections.abc import Iterator

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.planning import figures
from longwatch.planning.case import Case, is_loiter, moved, raised
from longwatch.planning.finding import ERROR, Finding, Fix
from longwatch.planning.itinerary import itinerary
from longwatch.planning.mission import MissionItem

# An item counts as on the final approach within so much of its line [m], a circle's radius aside,
# and where it is flown within such an angle of its course. Grade: assumed.
CORRIDOR_HALF_WIDTH = 300.0
LARGEST_ANGLE = math.radians(45)
# Items further out than this many final lengths are en route.
REACH = 1.5
# Nothing is said of a final that is short by less [m].
TOLERANCE = 1.0


def approach_items(case: Case) -> list[int]:
    """Indices of the items that the mission draws on the final approach, the last one first."""
    order = list(itinerary(case.mission.items, 1))
    if not order or case.points[order[-1]].item.command != plan.LAND:
        return []
    found: list[int] = []
    following = case.points[order[-1]].place
    nearest = -math.inf
    for i in reversed(order[:-1]):
        item = case.points[i].item
        if item.command != plan.WAYPOINT and not is_loiter(item):
            if item.command == plan.TAKEOFF:
                break
            continue
        before, right = _place(case, i)
        width = CORRIDOR_HALF_WIDTH + (case.flown_radius(i) if is_loiter(item) else 0.0)
        reach = REACH * float(case.sheet.procedures.final_length)
        if (i in found or not max(0.0, nearest) < before < reach or abs(right) > width
                or not (is_loiter(item) or _aligned(case, i, following))
                or (not found and _outbound(case, order, i))):
            break
        found.append(i)
        nearest, following = before, case.points[i].place
    return found


def _aligned(case: Case, index: int, following: tuple[float, float]) -> bool:
    """True where the leg from an item to the one after it leads along the approach."""
    course = distance_and_bearing(*case.points[index].place, *following)[1]
    return math.cos(course - case.strips.landing_strip.course(case.strips.landing_end)
                    ) > math.cos(LARGEST_ANGLE)


def _outbound(case: Case, order: list[int], index: int) -> bool:
    """True for a waypoint that is passed flying away from the runway."""
    if is_loiter(case.points[index].item):
        return False
    earlier = [i for i in order[:order.index(index)] if case.points[i].item.positioned]
    if not earlier:
        return False
    course = distance_and_bearing(*case.points[earlier[-1]].place, *case.points[index].place)[1]
    return math.cos(course - case.strips.landing_strip.course(case.strips.landing_end)
                    ) < -math.cos(LARGEST_ANGLE)


def _place(case: Case, index: int) -> tuple[float, float]:
    return case.strips.landing_strip.approach_place(case.strips.landing_end,
                                                    *case.points[index].place)


def approach_findings(case: Case, items: list[int]) -> Iterator[Finding]:
    """What is wrong with the final approach as drawn; ``items`` as approach_items gives them."""
    least = float(case.sheet.procedures.final_length)
    last = 0.0
    for i in items:
        before, _ = _place(case, i)
        # The one nearest to the runway lies at the gate, the others as far behind as drawn.
        least += before - last if last else 0.0
        if before < least - TOLERANCE:
            yield _too_short(case, i, before, least)
        least, last = max(before, least), before
    gate = case.strips.landing_strip.aiming_elevation(case.strips.landing_end) + case.gate_height
    for i in items:
        missing = gate - case.points[i].altitude_msl
        if missing > 0.5:
            item = case.points[i].item
            yield Finding(
                ERROR, item.sequence,
                f"on the final approach at {figures.altitude(case.points[i].altitude_msl)} above "
                f"sea level, {figures.height(missing)} below the beginning of the glide path "
                f"({figures.slope(math.degrees(case.sheet.procedures.glide_path))})",
                f"raise it to {figures.altitude(gate)} above sea level",
                fix=Fix(i, raised(item, missing), order=4))


def _too_short(case: Case, index: int, before: float, least: float) -> Finding:
    item = case.points[index].item
    strip, end = case.strips.landing_strip, case.strips.landing_end
    height = case.points[index].altitude_msl - strip.aiming_elevation(end)
    angle = math.degrees(math.atan2(height, before))
    return Finding(
        ERROR, item.sequence,
        f"an approach of {figures.length(before)} to the landing point, glide angle "
        f"{figures.slope(angle)}; the final approach takes {figures.length(least)} at "
        f"{figures.slope(math.degrees(case.sheet.procedures.glide_path))}",
        f"move it {figures.length(least - before)} back along the approach",
        fix=Fix(index, _slid(case, index, least), order=5))


def _slid(case: Case, index: int, before: float) -> MissionItem:
    item = case.points[index].item
    strip, end = case.strips.landing_strip, case.strips.landing_end
    right = _place(case, index)[1]
    if is_loiter(item):
        # The circle touches the centreline where the final begins, turning into it.
        right = math.copysign(case.flown_radius(index), item.radius or 1.0)
    return moved(item, strip.approach_point(end, before, right))


def joining_message(case: Case, items: list[int]) -> str:
    """How the autopilot reaches the final approach by itself; "" where the mission leads in."""
    strip, end = case.strips.landing_strip, case.strips.landing_end
    if items:
        return ""
    return ("the mission's last items do not lie on the approach to end "
            f"{figures.name(strip.ends[end])}: the autopilot joins the final "
            f"{figures.length(float(case.sheet.procedures.final_length))} before the landing "
            f"point, {figures.height(case.gate_height)} above it, circling down where it must")
