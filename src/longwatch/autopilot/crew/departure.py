"""On the ground, live: parked until armed and told to go, the climb-out, disarmed after a landing.

The aircraft takes off from where it stands, lined up on a runway it carries, if what lies ahead is
long enough.
"""

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.codes import (
    MODE_CRUISE,
    MODE_HOLD,
    MODE_LAND,
    MODE_MISSION,
    MODE_TAKE_OFF,
    PHASE_PARKED,
    PHASE_TAKEOFF_ROLL,
)
from longwatch.autopilot.control.inner_loops import reset
from longwatch.autopilot.crew import modes
from longwatch.autopilot.manoeuvres import approach, guided, mission, runways, take_off
from longwatch.autopilot.manoeuvres.phases import enter
from longwatch.compiled import compiled

# Standing slower than this [m/s].
STANDING = 0.3


@compiled
def parked(autopilot, commands, plan_, sheet, earth, ring, time):
    """Stand on the brakes; go, once armed in a mode that takes off."""
    take_off.stand(autopilot, commands)
    crew_ = autopilot.crew
    if not crew_.armed or (crew_.mode != MODE_MISSION and crew_.mode != MODE_TAKE_OFF):
        return
    if not depart(autopilot, plan_, sheet, earth, ring, time):
        crew_.armed = False
        events.note(ring, time, events.DISARMED, 0, 0.0)
        modes.note_mode(autopilot, MODE_HOLD, ring, time)


@compiled
def can_depart(autopilot, plan_, sheet, earth):
    """0 where it can take off from where it stands; 1: on no runway; 2: too little ahead."""
    index, _, left = runways.lined_up(plan_.runways, autopilot.estimate, earth)
    if index < 0:
        return 1
    working = max(autopilot.engines.working, 1)
    return 2 if left < runways.takeoff_length(autopilot.estimate, sheet, working) else 0


@compiled
def depart(autopilot, plan_, sheet, earth, ring, time):
    """Begin the take-off from where it stands. Returns 1, or 0 where it cannot."""
    if can_depart(autopilot, plan_, sheet, earth) != 0:
        return 0
    crew_, state, estimate = autopilot.crew, autopilot.mission, autopilot.estimate
    if crew_.mode == MODE_MISSION:
        if plan_.header.item_count == 0:
            return 0
        if state.ended or state.index < 0:
            mission.restart(state)
            mission.advance(state, plan_.items, ring, time, estimate.latitude,
                            estimate.longitude)
        crew_.target_altitude_msl = (
            plan_.header.home_elevation_msl + plan_.settings[0].takeoff_altitude)
        if plan_.items[state.index].command == plan.TAKEOFF:
            crew_.target_altitude_msl = plan_.items[state.index].altitude_msl
    index, end, _ = runways.lined_up(plan_.runways, estimate, earth)
    approach.select(autopilot.approach, plan_.runways, earth, index, end)
    approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    autopilot.guidance.precise = True
    autopilot.modes.touched, autopilot.modes.astray, crew_.placed = False, False, False
    reset(autopilot.control)
    enter(autopilot.modes, PHASE_TAKEOFF_ROLL, ring, time)
    return 1


@compiled
def climb_out(autopilot, plan_, sheet, earth, ring, time):
    """Straight on until clear of the ground, then on under the crew's mode."""
    state, crew_ = autopilot.mission, autopilot.crew
    runway = plan_.runways[autopilot.approach.runway]
    least = runway.elevation_msl[autopilot.approach.end] + 2.0 * sheet.procedures.climb_out_height
    if not take_off.climb_straight(autopilot, plan_, sheet,
                                   max(crew_.target_altitude_msl, least)):
        return
    if crew_.mode == MODE_MISSION and plan_.header.item_count > 0 and (
            plan_.items[state.index].command == plan.TAKEOFF):
        events.note(ring, time, events.ITEM_REACHED, state.sequence, 0.0)
    if crew_.mode == MODE_TAKE_OFF:
        target = max(crew_.target_altitude_msl, least - sheet.procedures.climb_out_height)
        guided.hold_here(autopilot, plan_.settings[0], sheet, earth, ring, time)
        crew_.target_altitude_msl = target
    elif _take_up(autopilot, plan_, sheet, earth, ring, time) == 0:
        modes.take_mode(autopilot, plan_, sheet, earth, ring, time, MODE_HOLD)


@compiled
def _take_up(autopilot, plan_, sheet, earth, ring, time):
    """Take the mode that was asked for near the ground, towards its target if it has one."""
    crew_ = autopilot.crew
    mode, placed = crew_.mode, crew_.placed
    crew_.placed = False
    if placed and mode == MODE_LAND:
        return modes.land_on(autopilot, plan_, sheet, earth, ring, time, crew_.runway, crew_.end)
    if placed and mode != MODE_CRUISE:
        return modes.go_to(autopilot, plan_, sheet, earth, ring, time, mode,
                          crew_.target_latitude, crew_.target_longitude,
                          crew_.target_altitude_msl, crew_.radius)
    course, altitude = crew_.course, crew_.target_altitude_msl
    taken = modes.take_mode(autopilot, plan_, sheet, earth, ring, time, mode)
    if placed and taken == 1:
        crew_.course, crew_.target_altitude_msl = course, altitude
    return taken


@compiled
def stopped(autopilot, plan_, ring, time):
    """Disarm once it has stood for a while after a landing."""
    if time - autopilot.modes.since < plan_.settings[0].disarm_delay:
        return
    if plan_.items[autopilot.mission.index].command == plan.LAND:
        autopilot.mission.ended = True
    if autopilot.crew.armed:
        autopilot.crew.armed = False
        events.note(ring, time, events.DISARMED, 0, 0.0)
    modes.note_mode(autopilot, MODE_HOLD, ring, time)
    enter(autopilot.modes, PHASE_PARKED, ring, time)
