"""Under the plan: leg after leg and circle after circle, to the landing or the way home."""

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.aboard.crew_record import UNTOLD, forget_the_approach
from longwatch.autopilot.codes import MODE_MISSION, PHASE_APPROACH, PHASE_EN_ROUTE, PHASE_LOITER
from longwatch.autopilot.control import engines
from longwatch.autopilot.control.energy import ALTITUDE
from longwatch.autopilot.manoeuvres import approach, landing_sequence, mission
from longwatch.autopilot.manoeuvres.phases import approach_speed, cruise_speed, enter, track
from longwatch.compiled import compiled


@compiled
def head_home(autopilot, plan_, earth, ring, time):
    """Make the nearest landing sequence's first item the one to fly, where there is a landing."""
    state = autopilot.mission
    landing = landing_sequence.nearest_way(plan_.items, autopilot.estimate, earth)
    if landing >= 0 and plan_.items[landing].command == plan.LAND:
        mission.begin(state, plan_.items, landing)
        return
    state.index = landing if landing >= 0 else state.index
    mission.advance(state, plan_.items, ring, time, autopilot.estimate.latitude,
                    autopilot.estimate.longitude)


@compiled
def go_on(autopilot, plan_, sheet, earth, ring, time):
    """Set up the item that has just become the one to fly."""
    state, path = autopilot.mission, autopilot.guidance
    item = plan_.items[state.index]
    if item.command == plan.RETURN_TO_LAUNCH:
        events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        head_home(autopilot, plan_, earth, ring, time)
        item = plan_.items[state.index]
    state.sequence = item.sequence
    if item.command == plan.LAND:
        if autopilot.crew.mode == MODE_MISSION:
            forget_the_approach(autopilot.crew)
        approach.select(autopilot.approach, plan_.runways, earth, item.runway, item.end)
        approach.join(autopilot.approach, path, plan_.runways, autopilot.estimate, sheet, earth,
                      approach_speed(autopilot.estimate, sheet), autopilot.crew.circle)
        enter(autopilot.modes, PHASE_APPROACH, ring, time)
        return
    path.precise = False
    mission.direct(state, plan_.items, path, earth)
    wanted = PHASE_EN_ROUTE if item.command == plan.WAYPOINT else PHASE_LOITER
    if autopilot.modes.phase != wanted:
        enter(autopilot.modes, wanted, ring, time)


@compiled
def _return_if_it_must(autopilot, plan_, sheet, earth, ring, time):
    """Break the mission off where the engines that still run cannot fly it."""
    engines_, state = autopilot.engines, autopilot.mission
    if not engines.must_return(engines_, autopilot.estimate, sheet, plan_.items, state.index):
        return
    if landing_sequence.nearest_way(plan_.items, autopilot.estimate, earth) < 0:
        return
    engines_.returning = True
    events.note(ring, time, events.RETURNING, 0, 0.0)
    head_home(autopilot, plan_, earth, ring, time)
    go_on(autopilot, plan_, sheet, earth, ring, time)


@compiled
def aim(autopilot, plan_, sheet):
    """Track the item being flown, at its altitude and the plan's speed."""
    path = autopilot.guidance
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = plan_.items[autopilot.mission.index].altitude_msl
    path.climb_target = 0.0
    path.speed_target = cruise_speed(autopilot, plan_.header, sheet)


@compiled
def fly_plan(autopilot, plan_, sheet, earth, ring, time):
    state, path = autopilot.mission, autopilot.guidance
    if autopilot.engines.failed:
        _return_if_it_must(autopilot, plan_, sheet, earth, ring, time)
        if autopilot.modes.phase == PHASE_APPROACH:
            return
    aim(autopilot, plan_, sheet)
    if mission.update(state, plan_.items, path, autopilot.estimate, earth,
                      sheet.limits.bank_maximum, UNTOLD, ring, time):
        go_on(autopilot, plan_, sheet, earth, ring, time)
