"""The plan's own ways to a landing: which one a return takes, and whether it is on one already.

A sequence begins at DO_LAND_START and ends at the next landing; of several the one is taken whose
marker is nearest to the aircraft, or where the marker has no place, whose first item is (MAVLink
common.xml, MAV_CMD_DO_LAND_START).
"""

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.codes import MODE_MISSION, MODE_RETURN, PHASE_EN_ROUTE, PHASE_LOITER
from longwatch.autopilot.manoeuvres.mission import is_navigation
from longwatch.autopilot.manoeuvres.phases import lands
from longwatch.compiled import compiled
from longwatch.earth.wgs84 import geodetic_to_ecef


@compiled
def landing_of(items, start):
    """Index of the landing that a sequence from ``start`` on leads to; -1 none.

    None where a return comes first.
    """
    for i in range(start, len(items)):
        if items[i].command == plan.LAND:
            return i
        if items[i].command == plan.RETURN_TO_LAUNCH:
            return -1
    return -1


@compiled
def _marked(items, start):
    """Index of the item whose place stands for a sequence."""
    if items[start].latitude != 0.0 or items[start].longitude != 0.0:
        return start
    for i in range(start, len(items)):
        if is_navigation(items[i].command):
            return i
    return start


@compiled
def _away2(items, index, estimate, earth):
    """Square of the distance [m2] from the aircraft to an item."""
    x, y, z = geodetic_to_ecef(earth, items[index].latitude, items[index].longitude, 0.0)
    at = estimate.position_ecef
    x, y, z = x - at[0], y - at[1], z - at[2]
    return x * x + y * y + z * z


@compiled
def nearest_start(items, estimate, earth):
    """Index of the nearest landing sequence's DO_LAND_START; -1 where there is none."""
    chosen, least = -1, 0.0
    for i in range(len(items)):
        if items[i].command == plan.DO_LAND_START and landing_of(items, i) >= 0:
            away = _away2(items, _marked(items, i), estimate, earth)
            if chosen < 0 or away < least:
                chosen, least = i, away
    return chosen


@compiled
def nearest_way(items, estimate, earth):
    """Where a return under the plan begins: a sequence's start, else the nearest landing, -1."""
    chosen, least = nearest_start(items, estimate, earth), 0.0
    if chosen >= 0:
        return chosen
    for i in range(len(items)):
        if items[i].command == plan.LAND:
            away = _away2(items, i, estimate, earth)
            if chosen < 0 or away < least:
                chosen, least = i, away
    return chosen


@compiled
def begun(autopilot, plan_):
    """True where it flies a landing sequence of the plan already, and home is still the plan's."""
    state, items, crew = autopilot.mission, plan_.items, autopilot.crew
    if crew.home_moved or plan_.header.item_count == 0 or state.ended:
        return False
    phase = autopilot.modes.phase
    if crew.mode not in (MODE_MISSION, MODE_RETURN) or not (
        phase in (PHASE_EN_ROUTE, PHASE_LOITER) or lands(phase)
    ):
        return False
    # A return to a runway that is not the plan's leaves the item as it was.
    if lands(phase) and items[state.index].command != plan.LAND:
        return False
    for i in range(state.index + 1):
        if items[i].command == plan.DO_LAND_START:
            land = landing_of(items, i)
            if i < state.index <= land:
                return True
    return items[state.index].command == plan.LAND and lands(phase)


@compiled
def way_in(autopilot, plan_, earth):
    """Index of the item after which a return goes on under the plan; -1 where it does not."""
    if autopilot.crew.home_moved or plan_.header.item_count == 0:
        return -1
    return nearest_start(plan_.items, autopilot.estimate, earth)
