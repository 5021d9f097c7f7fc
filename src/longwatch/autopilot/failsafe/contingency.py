"""What is wrong, since when, and what is done about it: the failsafe table put to work.

Twice a second the conditions are observed (link, satellites, engines, fuel), the fence ten times a
second; the table says which action they ask for (failsafe.py), and where that is more than what is
being flown, the mode is taken (crew.py). A crew's order overrides what may be overridden. A mission
flown without a crew has failsafes where it has a fence or rally points.
"""

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import (
    ACTION_GLIDE,
    ACTION_HOLD,
    ACTION_LAND,
    ACTION_NONE,
    ACTION_RETURN,
    ACTION_TURN_BACK,
)
from longwatch.autopilot.crew import leaving, modes
from longwatch.autopilot.failsafe import actions as failsafe_actions
from longwatch.autopilot.failsafe import fence_watch, fuel_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.failsafe.fence_watch import FenceState
from longwatch.autopilot.failsafe.fuel_watch import FuelState
from longwatch.autopilot.failsafe.table import CONDITIONS, ENGINE, FENCE, FUEL, GNSS, HEIGHT, LINK
from longwatch.autopilot.manoeuvres import phases
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, i4, record

# Ticks from one look to the next: at the table twice a second, at the fence ten times, at the fuel
# once.
DIVISOR = 50
FENCE_DIVISOR = 10
FUEL_DIVISOR = 100
# Time between two looks at the fence [s].
LOOK = 0.1


@record
class FailsafeState:
    """The cause, the action and since when; what the crew and its services read."""

    fence: FenceState = field("", "where the fence is")
    fuel: FuelState = field("", "fuel against the way home")
    action: i4 = field("", "what is done, see failsafe.ACTION_NAMES")
    cause: i4 = field("", "condition that asks for it, see failsafe.CONDITION_NAMES; -1 none")
    since: f8 = field("s", "time since which it is so", logged=False)
    levels: i4 = field("", "level of each condition", shape=(CONDITIONS,),
                       labels=failsafes.CONDITION_NAMES)
    overridden: i4 = field("", "level of each condition that the crew has overridden",
                           shape=(CONDITIONS,), labels=failsafes.CONDITION_NAMES, logged=False)
    acting: b1 = field("", "what is flown is the failsafe's choice, not the crew's", logged=False)
    taken: i4 = field("", "action that was taken last", logged=False)
    from_mission: b1 = field("", "the mission was flown when it was taken", logged=False)
    waiting: b1 = field("", "over home until there is a fix to land by", logged=False)


@compiled
def override(state):
    """The crew has given an order: what it may override now, is overridden."""
    for i in range(CONDITIONS):
        state.overridden[i] = state.levels[i]
    # It was told to go where the fence is, or away from it: judged afresh.
    state.fence.level, state.fence.height_level, state.fence.look_at = 0, 0, 0.0
    state.acting = state.waiting = False


@compiled
def stage_of(phase, estimate, sheet):
    """Stage of flight, as the table takes it, of a phase."""
    if phase in (
        codes.PHASE_PARKED,
        codes.PHASE_TAKEOFF_ROLL,
        codes.PHASE_ROLL_OUT,
        codes.PHASE_STOPPED,
    ):
        return failsafes.ON_GROUND
    if phase in (codes.PHASE_ROTATION, codes.PHASE_CLIMB_OUT):
        return failsafes.TAKING_OFF
    if phase in (
        codes.PHASE_FLARING,
        codes.PHASE_GO_AROUND,
        codes.PHASE_DEAD_STICK,
        codes.PHASE_FIELD_LANDING,
    ):
        return failsafes.LANDING
    if phase == codes.PHASE_FINAL and estimate.ground_valid and (
            estimate.height_above_ground < sheet.procedures.decision_height):
        return failsafes.LANDING
    return failsafes.FLYING


@compiled
def flown(state, crew_, phase):
    """The action that what is being flown amounts to."""
    if crew_.mode == codes.MODE_GLIDE or phase in (codes.PHASE_GLIDING, codes.PHASE_DEAD_STICK,
                                             codes.PHASE_FIELD_LANDING):
        return ACTION_GLIDE
    if crew_.mode == codes.MODE_LAND and state.acting and state.taken == ACTION_LAND:
        return ACTION_LAND
    if crew_.mode in (codes.MODE_RETURN, codes.MODE_LAND) or phases.lands(phase):
        return ACTION_RETURN
    if state.acting and state.taken == ACTION_TURN_BACK:
        return ACTION_TURN_BACK
    if crew_.mode in (codes.MODE_HOLD, codes.MODE_ORBIT, codes.MODE_TAKE_OFF):
        return ACTION_HOLD
    return ACTION_NONE


@compiled
def _link_level(crew_, settings, time):
    """How long no station has been heard; one that never was cannot be lost."""
    if crew_.present or crew_.present_since == 0.0:
        return 0
    silent = time - crew_.present_since
    if settings.link_long > 0.0 and silent >= settings.link_long:
        return failsafes.LONG
    if settings.link_short > 0.0 and silent >= settings.link_short:
        return failsafes.SHORT
    return 0


@compiled
def _engine_level(running):
    if running.working == 0:
        return failsafes.NONE_RUNS
    return failsafes.ONE_STOPPED if running.failed else 0


@compiled
def _set_level(state, condition, level, ring, time):
    """Note a condition that begins, worsens, eases or ends."""
    if level != state.levels[condition]:
        state.levels[condition] = level
        events.note(ring, time, events.CONDITION, 4 * condition + level, 0.0)
    if level == 0:
        state.overridden[condition] = 0


@compiled
def _watch_fence(autopilot, plan_, sheet, earth, ring, time, stage, way):
    """Observe the fence; True where a level of it has changed."""
    state, settings, estimate = autopilot.failsafe, plan_.settings[0], autopilot.estimate
    if not settings.fence_watch:
        fence_watch.forget(state.fence)
    elif stage == failsafes.ON_GROUND:
        fence_watch.observe_standing(state.fence, plan_.fence, settings, estimate, earth)
    else:
        fence_watch.observe(state.fence, plan_.fence, settings, estimate, autopilot.guidance,
                            autopilot.energy.airspeed, sheet, earth, time, LOOK,
                            way >= ACTION_RETURN or stage != failsafes.FLYING)
    changed = (state.fence.level != state.levels[FENCE]
               or state.fence.height_level != state.levels[HEIGHT])
    _set_level(state, FENCE, state.fence.level, ring, time)
    _set_level(state, HEIGHT, state.fence.height_level, ring, time)
    return changed


@compiled
def _observe(autopilot, plan_, sheet, earth, ring, tick, time):
    """Observe all but the fence."""
    state, settings, estimate = autopilot.failsafe, plan_.settings[0], autopilot.estimate
    if tick % FUEL_DIVISOR == 0:
        fuel_watch.observe(state.fuel, autopilot, plan_, sheet, earth, 1.0)
        leaving.keep_to_what_is_told(autopilot)
    lost = estimate.fix_age >= settings.gnss_timeout
    _set_level(state, ENGINE, _engine_level(autopilot.engines), ring, time)
    _set_level(state, FUEL, state.fuel.level, ring, time)
    _set_level(state, GNSS, failsafes.LOST if lost else 0, ring, time)
    _set_level(state, LINK, _link_level(autopilot.crew, settings, time), ring, time)


@compiled
def _decide(state, stage):
    return failsafes.decide(
        stage,
        failsafes.standing(ENGINE, state.levels[ENGINE], state.overridden[ENGINE]),
        failsafes.standing(FUEL, state.levels[FUEL], state.overridden[FUEL]),
        failsafes.standing(FENCE, state.levels[FENCE], state.overridden[FENCE]),
        failsafes.standing(HEIGHT, state.levels[HEIGHT], state.overridden[HEIGHT]),
        failsafes.standing(GNSS, state.levels[GNSS], state.overridden[GNSS]),
        failsafes.standing(LINK, state.levels[LINK], state.overridden[LINK]))


@compiled
def _take(autopilot, plan_, sheet, earth, ring, time, action):
    """Begin to fly an action; a glide is begun by who flies it (glide.py)."""
    state = autopilot.failsafe
    from_mission = autopilot.crew.mode == codes.MODE_MISSION
    if action == ACTION_HOLD:
        done = failsafe_actions.hold(autopilot, plan_, sheet, earth, ring, time)
    elif action == ACTION_TURN_BACK:
        done = failsafe_actions.turn_back(autopilot, plan_, sheet, earth, ring, time)
    elif action == ACTION_RETURN:
        done = modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_RETURN)
    elif action == ACTION_LAND:
        done = failsafe_actions.land(autopilot, plan_, sheet, earth, ring, time)
    else:
        done = 0
    if done == 1:
        if not state.acting:
            state.from_mission = from_mission
        state.acting, state.taken, state.waiting = True, action, False


@compiled
def _await_fix(autopilot, plan_, sheet, earth, ring, time, stage):
    """No approach by dead reckoning, unless the fuel asks for it: wait over home for a fix."""
    state = autopilot.failsafe
    lost = failsafes.standing(GNSS, state.levels[GNSS], state.overridden[GNSS]) > 0
    if state.waiting:
        if not lost and autopilot.crew.mode == codes.MODE_RETURN:
            state.waiting = False
            modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_RETURN)
    elif lost and stage == failsafes.FLYING and phases.lands(autopilot.modes.phase) and not (
            state.acting and state.taken == ACTION_LAND):
        if failsafe_actions.wait(autopilot, plan_, sheet, earth, ring, time) == 1:
            state.acting, state.taken, state.waiting = True, ACTION_RETURN, True


@compiled
def _act(autopilot, plan_, sheet, earth, ring, time, stage, way, action, anew, whole):
    """Fly the action where it is more than what is flown; lead on from it where that has ended."""
    state = autopilot.failsafe
    if stage == failsafes.FLYING and action >= ACTION_HOLD and (
            action > way or (anew and action == ACTION_TURN_BACK == way)):
        _take(autopilot, plan_, sheet, earth, ring, time, action)
    elif whole and state.acting and action < ACTION_HOLD and state.taken == ACTION_HOLD:
        state.acting = False
        if state.from_mission and autopilot.crew.mode == codes.MODE_HOLD:
            modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_MISSION)
    elif whole and state.acting and state.taken == ACTION_TURN_BACK and (
            autopilot.modes.phase == codes.PHASE_HOLDING):
        if not autopilot.crew.live and action < ACTION_HOLD:
            # Nobody is there who could lead it on.
            _take(autopilot, plan_, sheet, earth, ring, time, ACTION_RETURN)
        elif len(plan_.fence) > 0:
            failsafe_actions.keep_clear(autopilot, plan_, sheet, earth, ring, time)
    if whole:
        _await_fix(autopilot, plan_, sheet, earth, ring, time, stage)


@compiled
def is_guarded(autopilot, plan_):
    """True where there are failsafes: it is flown live, or its plan has a fence or rally points."""
    return (autopilot.crew.live or len(plan_.fence) > 0 or len(plan_.rally) > 0
            or fence_watch.is_set(plan_.fence, plan_.settings[0]))


@compiled
def step(autopilot, plan_, sheet, earth, ring, tick, time):
    """Observe, decide and act; at every ``FENCE_DIVISOR``-th tick.

    All but the fence is observed at every ``DIVISOR``-th.
    """
    whole = tick % DIVISOR == 0
    if not (whole or fence_watch.is_set(plan_.fence, plan_.settings[0])) or not is_guarded(
            autopilot, plan_):
        return
    state, phase = autopilot.failsafe, autopilot.modes.phase
    stage = stage_of(phase, autopilot.estimate, sheet)
    way = flown(state, autopilot.crew, phase)
    if stage == failsafes.ON_GROUND:
        state.acting = state.waiting = False
    changed = _watch_fence(autopilot, plan_, sheet, earth, ring, time, stage, way)
    if whole:
        _observe(autopilot, plan_, sheet, earth, ring, tick, time)
    elif not changed:
        return
    action, cause = _decide(state, stage)
    anew = action != state.action or cause != state.cause
    if anew:
        told = action != ACTION_NONE or state.action != ACTION_NONE
        state.action, state.cause, state.since = action, cause, time
        level = state.levels[cause] if cause >= 0 else 0
        if told:
            events.note(ring, time, events.FAILSAFE, 4 * max(cause, 0) + level, action)
    _act(autopilot, plan_, sheet, earth, ring, time, stage, way, action, anew, whole)


@compiled
def keeps_clear(autopilot, plan_, sheet, earth, ring, time, strict):
    """True where the fence lets it fly what has just been taken up.

    Called once the crew has its say (:func:`override`). A hold that would lead too near is laid
    where it does not. ``strict``: it was turning back from the fence.
    """
    state, phase = autopilot.failsafe, autopilot.modes.phase
    stage = stage_of(phase, autopilot.estimate, sheet)
    if not plan_.settings[0].fence_watch or stage != failsafes.FLYING or flown(
            state, autopilot.crew, phase) >= ACTION_RETURN:
        return True
    level = fence_watch.foresee(state.fence, plan_.fence, plan_.settings[0],
                                autopilot.estimate, autopilot.energy.airspeed, sheet, earth,
                                LOOK, strict)
    if level != failsafes.AHEAD:
        return True
    if autopilot.crew.mode != codes.MODE_HOLD:
        return False
    state.fence.level = level
    _set_level(state, FENCE, level, ring, time)
    _take(autopilot, plan_, sheet, earth, ring, time, ACTION_TURN_BACK)
    return True


@compiled
def can_keep(autopilot, plan_, sheet, earth):
    """True where a fence that has just been set can be kept from here, or it is outside already."""
    state, phase, settings = autopilot.failsafe, autopilot.modes.phase, plan_.settings[0]
    stage = stage_of(phase, autopilot.estimate, sheet)
    fence_watch.forget(state.fence)
    if not settings.fence_watch or stage != failsafes.FLYING or flown(
            state, autopilot.crew, phase) >= ACTION_RETURN:
        return True
    # Any that is not kept counts, not only one that comes nearer.
    state.fence.released = True
    fence_watch.observe(state.fence, plan_.fence, settings, autopilot.estimate,
                        autopilot.guidance, autopilot.energy.airspeed, sheet, earth, 0.0, LOOK,
                        False)
    kept = state.fence.level != failsafes.AHEAD
    state.fence.level, state.fence.height_level, state.fence.look_at = 0, 0, 0.0
    return kept
