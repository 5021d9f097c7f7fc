"""The crew's modes: how each is taken from any phase of flight, and what leads on from it.

Orders write what they want into the crew's record and take a mode here; failsafes do the same. A
mode that cannot be taken leaves everything as it is.
"""

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.aboard.crew_record import (
    BY_PLAN,
    NO_SETPOINT,
    NOT_INBOUND,
    POSITION,
    UNTOLD,
    CrewState,
    forget_what_was_told,
)
from longwatch.autopilot.codes import (
    MODE_ALTITUDE,
    MODE_CRUISE,
    MODE_GLIDE,
    MODE_HOLD,
    MODE_LAND,
    MODE_MISSION,
    MODE_OFFBOARD,
    MODE_RETURN,
    MODE_TAKE_OFF,
    PHASE_CLIMB_OUT,
    PHASE_EN_ROUTE,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_STEERED,
)
from longwatch.autopilot.crew import inbound
from longwatch.autopilot.crew.leaving import airborne, climbs_first, let_go, note_mode
from longwatch.autopilot.manoeuvres import en_route, guided, landing_sequence, mission
from longwatch.autopilot.manoeuvres.phases import lands
from longwatch.compiled import compiled

__all__ = ["CrewState", "airborne", "go_to", "land_on", "note_mode", "step", "take_mode"]


@compiled
def take_mode(autopilot, plan_, sheet, earth, ring, time, mode):
    """Take a mode in the air. Returns 1, or 0 where that is impossible and nothing has changed.

    Impossible on the ground, for TAKE_OFF and GLIDE, for MISSION without anything left to fly,
    for LAND without a runway, for OFFBOARD without a set-point. HOLD, GUIDED and ORBIT circle
    where it is; RETURN goes home or to the nearest rally point and lands.
    """
    if not airborne(autopilot) or mode in (MODE_TAKE_OFF, MODE_GLIDE):
        return 0
    crew = autopilot.crew
    if _goes_on(autopilot, plan_, mode):
        note_mode(autopilot, mode, ring, time)
        return 1
    if mode == MODE_MISSION:
        return fly_mission(autopilot, plan_, sheet, earth, ring, time)
    if mode == MODE_LAND:
        return land_on(autopilot, plan_, sheet, earth, ring, time, -1, -1)
    if mode == MODE_OFFBOARD and crew.offboard == NO_SETPOINT:
        return 0
    if climbs_first(autopilot, plan_, sheet, earth, ring, time, mode):
        return 1
    least = let_go(autopilot, plan_)
    if mode == MODE_RETURN:
        _go_home(autopilot, plan_, sheet, earth, ring, time)
    elif mode == MODE_OFFBOARD:
        note_mode(autopilot, mode, ring, time)
        follow_setpoint(autopilot, plan_, sheet, earth, ring, time)
    elif mode in (MODE_ALTITUDE, MODE_CRUISE):
        guided.begin_steering(autopilot, ring, time)
    else:
        crew.target_altitude_msl = autopilot.estimate.altitude_msl
        guided.hold_here(autopilot, plan_.settings[0], sheet, earth, ring, time)
    crew.target_altitude_msl = max(crew.target_altitude_msl, least)
    note_mode(autopilot, mode, ring, time)
    return 1


@compiled
def _goes_on(autopilot, plan_, mode):
    """True where what is flown is what is asked for: a wait or a landing does not begin anew."""
    crew, phase = autopilot.crew, autopilot.modes.phase
    if mode == MODE_RETURN and landing_sequence.begun(autopilot, plan_):
        return True
    return mode == crew.mode and (lands(phase) or (
        mode == MODE_MISSION and phase in (PHASE_EN_ROUTE, PHASE_LOITER)))


@compiled
def go_to(autopilot, plan_, sheet, earth, ring, time, mode, latitude, longitude, altitude_msl,
          radius):
    """Fly to a place [rad] and circle it at an altitude [m]; ``mode`` is GUIDED or ORBIT.

    Returns 1, or 0 on the ground.
    """
    if not airborne(autopilot):
        return 0
    crew = autopilot.crew
    first = climbs_first(autopilot, plan_, sheet, earth, ring, time, mode)
    if not first:
        let_go(autopilot, plan_)
    crew.target_altitude_msl = altitude_msl
    if first:
        crew.target_latitude, crew.target_longitude = latitude, longitude
        crew.radius, crew.placed = radius, True
        return 1
    guided.circle(autopilot, sheet, earth, latitude, longitude, radius, ring, time)
    note_mode(autopilot, mode, ring, time)
    return 1


@compiled
def follow_setpoint(autopilot, plan_, sheet, earth, ring, time):
    """Take up the set-point from offboard that has just come."""
    crew = autopilot.crew
    if autopilot.modes.phase == PHASE_CLIMB_OUT:
        return
    if crew.offboard == POSITION:
        crew.target_altitude_msl = crew.setpoint[2]
        latitude, longitude = crew.setpoint[0], crew.setpoint[1]
        if autopilot.modes.phase != PHASE_HOLDING or crew.target_latitude != latitude or (
                crew.target_longitude != longitude):
            guided.circle(autopilot, sheet, earth, latitude, longitude,
                          plan_.settings[0].loiter_radius, ring, time)
    elif autopilot.modes.phase != PHASE_STEERED:
        guided.begin_steering(autopilot, ring, time)


@compiled
def fly_mission(autopilot, plan_, sheet, earth, ring, time):
    """Resume the mission at its current item, breaking off what is flown; 0 where nothing is left.

    A take-off item is past once it flies.
    """
    state, estimate = autopilot.mission, autopilot.estimate
    if plan_.header.item_count == 0 or state.ended:
        return 0
    for _ in range(len(plan_.items) + 1):  # it may stand before the first
        if state.index >= 0 and plan_.items[state.index].command != plan.TAKEOFF:
            break
        mission.advance(state, plan_.items, ring, time, estimate.latitude, estimate.longitude)
        if state.ended:
            return 0
    if climbs_first(autopilot, plan_, sheet, earth, ring, time, MODE_MISSION):
        return 1
    let_go(autopilot, plan_)
    state.from_latitude, state.from_longitude = estimate.latitude, estimate.longitude
    state.captured = False
    note_mode(autopilot, MODE_MISSION, ring, time)
    _begin_item(autopilot, plan_, sheet, earth, ring, time)
    return 1


@compiled
def _begin_item(autopilot, plan_, sheet, earth, ring, time):
    """Begin the mission's current item; without a landing in the plan a return goes home."""
    state = autopilot.mission
    if plan_.items[state.index].command == plan.RETURN_TO_LAUNCH and (
            landing_sequence.nearest_way(plan_.items, autopilot.estimate, earth) < 0):
        events.note(ring, time, events.ITEM_REACHED, state.sequence, 0.0)
        take_mode_home(autopilot, plan_, sheet, earth, ring, time)
        return
    en_route.go_on(autopilot, plan_, sheet, earth, ring, time)


@compiled
def take_mode_home(autopilot, plan_, sheet, earth, ring, time):
    """RETURN, as the mission itself asks for it."""
    let_go(autopilot, plan_)
    _go_home(autopilot, plan_, sheet, earth, ring, time)
    note_mode(autopilot, MODE_RETURN, ring, time)


@compiled
def _go_home(autopilot, plan_, sheet, earth, ring, time):
    """The plan's own way home where it has one, else straight to home or the nearest rally point.

    At the return altitude at least, and no lower than it flies.
    """
    crew, header, state = autopilot.crew, plan_.header, autopilot.mission
    estimate = autopilot.estimate
    crew.target_altitude_msl = max(
        estimate.altitude_msl, header.home_elevation_msl + plan_.settings[0].return_altitude)
    index = landing_sequence.way_in(autopilot, plan_, earth)
    if index >= 0:
        state.index, state.ended = index, False
        mission.advance(state, plan_.items, ring, time, estimate.latitude,
                        estimate.longitude)
        if not state.ended:
            crew.inbound = BY_PLAN
            en_route.go_on(autopilot, plan_, sheet, earth, ring, time)
            return
    inbound.head_for(autopilot, plan_, sheet, earth, ring, time)


@compiled
def land_on(autopilot, plan_, sheet, earth, ring, time, runway, end):
    """Land: on a runway of the plan's by index, -1 the nearest; ``end`` -1 by the wind.

    Returns 1, or 0 on the ground or where no runway is long enough.
    """
    if not airborne(autopilot):
        return 0
    estimate, crew = autopilot.estimate, autopilot.crew
    # What is told of a landing is of the nearest runway, or of the one that it is bound for.
    told = runway < 0 or (crew.mode == MODE_LAND and crew.runway == runway and crew.end == end)
    if runway < 0:
        runway = inbound.nearest_here(plan_, sheet, earth, estimate)
        if runway < 0:
            return 0
    if climbs_first(autopilot, plan_, sheet, earth, ring, time, MODE_LAND):
        crew.runway, crew.end, crew.placed = runway, end, True
        return 1
    least = let_go(autopilot, plan_)
    crew.target_altitude_msl = max(estimate.altitude_msl, least)
    inbound.to_runway(autopilot, plan_, sheet, earth, ring, time, runway, end)
    note_mode(autopilot, MODE_LAND, ring, time)
    if not told:
        forget_what_was_told(crew)
    return 1


@compiled
def step(autopilot, plan_, sheet, earth, ring, time):
    """What leads on by itself in the air: from a circle to the landing, from a climb to holding."""
    crew, phase = autopilot.crew, autopilot.modes.phase
    if phase == PHASE_HOLDING:
        guided.fly_circle(autopilot, plan_, sheet)
        if crew.mode == MODE_TAKE_OFF and abs(
                autopilot.estimate.altitude_msl
                - crew.target_altitude_msl) < mission.ALTITUDE_TOLERANCE:
            note_mode(autopilot, MODE_HOLD, ring, time)
        if crew.inbound != NOT_INBOUND:
            inbound.step(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_STEERED:
        guided.steer(autopilot, plan_, sheet)


@compiled
def fly_plan(autopilot, plan_, sheet, earth, ring, time):
    """Under the plan, live: as it is flown by itself, but it ends by holding."""
    crew, state, path = autopilot.crew, autopilot.mission, autopilot.guidance
    en_route.aim(autopilot, plan_, sheet)
    if crew.inbound == BY_PLAN and not state.captured:
        # High until it is there; a circle of the landing sequence leads down.
        path.altitude_target = max(path.altitude_target, crew.target_altitude_msl)
    told = crew.loiter if crew.mode == MODE_RETURN else UNTOLD
    if not mission.update(state, plan_.items, path, autopilot.estimate, earth,
                          sheet.limits.bank_maximum, told, ring, time):
        return
    crew.loiter = UNTOLD
    if crew.inbound == BY_PLAN:
        crew.inbound = NOT_INBOUND
    if state.ended:
        events.note(ring, time, events.MISSION_ENDED, 0, 0.0)
        take_mode(autopilot, plan_, sheet, earth, ring, time, MODE_HOLD)
        return
    _begin_item(autopilot, plan_, sheet, earth, ring, time)
