"""Leaving what is flown for what the crew asks for: when that can be, and how it is done safely.

Near the ground, out of a take-off, a flare or a go-around, the aircraft climbs straight ahead first
and takes the mode up where a climb-out ends (departure.py).
"""

from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.crew_record import NOT_INBOUND, UNTOLD, forget_what_was_told
from longwatch.autopilot.codes import (
    MODE_LAND,
    MODE_RETURN,
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_EN_ROUTE,
    PHASE_GO_AROUND,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_PARKED,
    PHASE_ROLL_OUT,
    PHASE_ROTATION,
    PHASE_STEERED,
    PHASE_STOPPED,
    PHASE_TAKEOFF_ROLL,
)
from longwatch.autopilot.control.inner_loops import ATTITUDE
from longwatch.autopilot.manoeuvres import approach
from longwatch.autopilot.manoeuvres.phases import enter
from longwatch.compiled import compiled


@compiled
def airborne(autopilot):
    """True where another mode can be taken: it flies, and by power."""
    phase = autopilot.modes.phase
    if phase in (PHASE_PARKED, PHASE_TAKEOFF_ROLL, PHASE_ROTATION, PHASE_ROLL_OUT, PHASE_STOPPED):
        return False
    if autopilot.engines.working == 0:
        return False
    return not autopilot.estimate.gauges.weight_on_wheels


@compiled
def note_mode(autopilot, mode, ring, time):
    """The mode is now ``mode``."""
    crew = autopilot.crew
    if crew.mode != mode:
        events.note(ring, time, events.MODE, mode, 0.0)
    crew.mode, crew.since = mode, time
    forget_what_was_told(crew)
    keep_to_what_is_told(autopilot)


@compiled
def keep_to_what_is_told(autopilot):
    """Take the runway's end, and the circles on the way there, as is told of the way flown."""
    crew, told = autopilot.crew, autopilot.failsafe.fuel
    if crew.mode == MODE_RETURN and crew.loiter == UNTOLD:
        crew.loiter = told.loiter_home
    if crew.around > UNTOLD:
        return
    if crew.mode == MODE_RETURN:
        crew.around, crew.circle, crew.end_told = (told.around_home, told.circle_home,
                                                   told.end_home)
    elif crew.mode == MODE_LAND:
        crew.around, crew.circle, crew.end_told = (told.around_down, told.circle_down,
                                                   told.end_down)


@compiled
def _flies_freely(autopilot):
    return autopilot.modes.phase in (PHASE_EN_ROUTE, PHASE_LOITER, PHASE_HOLDING, PHASE_STEERED)


@compiled
def ground_below(autopilot, plan_):
    """Elevation of the ground below [m]: measured, else that of the runway in use."""
    estimate, runway = autopilot.estimate, autopilot.approach.runway
    if estimate.ground_valid:
        return estimate.altitude_msl - estimate.height_above_ground
    return plan_.runways[runway].elevation_msl[autopilot.approach.end]


@compiled
def least_altitude(autopilot, plan_):
    """Altitude [m] to climb to at least where none is told; very low where it flies freely.

    What is broken off near the ground climbs as high over it as a take-off leads.
    """
    if _flies_freely(autopilot):
        return -1e9
    return ground_below(autopilot, plan_) + plan_.settings[0].takeoff_altitude


@compiled
def climbs_out(autopilot, plan_, sheet):
    """True where it is too near the ground to be led anywhere but straight up."""
    height = autopilot.estimate.altitude_msl - ground_below(autopilot, plan_)
    return not _flies_freely(autopilot) and height <= sheet.procedures.climb_out_height


@compiled
def climbs_first(autopilot, plan_, sheet, earth, ring, time, mode):
    """True where it is too near the ground: it climbs straight ahead and then takes the mode."""
    if not climbs_out(autopilot, plan_, sheet):
        return False
    if autopilot.modes.phase != PHASE_CLIMB_OUT:
        let_go(autopilot, plan_)
        approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
        enter(autopilot.modes, PHASE_CLIMB_OUT, ring, time)
    autopilot.crew.inbound, autopilot.crew.placed = NOT_INBOUND, False
    note_mode(autopilot, mode, ring, time)
    return True


@compiled
def let_go(autopilot, plan_):
    """Leave an approach, a flare or a take-off as they would end.

    Returns the least altitude [m] to climb to, as :func:`least_altitude`.
    """
    modes = autopilot.modes
    least = least_altitude(autopilot, plan_)
    if not _flies_freely(autopilot) and modes.phase not in (
        PHASE_CLIMB_OUT,
        PHASE_APPROACH,
        PHASE_GO_AROUND,
    ):
        autopilot.control.pitch_mode = ATTITUDE
        autopilot.control.yaw_integral = 0.0
        autopilot.guidance.urgent = False
    modes.touched = False
    modes.given_up = 0
    autopilot.guidance.precise = False
    autopilot.approach.on_final = False
    autopilot.crew.inbound = NOT_INBOUND
    return least
