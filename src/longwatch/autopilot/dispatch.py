"""The phases of a flight and what leads from one to the next.

Parked, take-off roll, rotation, climb-out; en route and loiter under the plan; approach, final,
flare, roll-out, stopped; go-around back to the approach. Each phase sets the targets that
guidance, energy and control follow.
"""

from longwatch.autopilot import codes
from longwatch.autopilot.codes import (
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_DEAD_STICK,
    PHASE_EN_ROUTE,
    PHASE_FIELD_LANDING,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_GLIDING,
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
from longwatch.autopilot.crew import dead_stick, departure, modes
from longwatch.autopilot.manoeuvres import glide, landing, take_off, touch
from longwatch.autopilot.manoeuvres.en_route import fly_plan
from longwatch.compiled import compiled


@compiled
def step(autopilot, commands, plan_, sheet, earth, ring, time, dt):
    """Advance the phase and set every target; every ``dt`` s."""
    dead_stick.watch(autopilot, plan_, sheet, earth, ring, time)
    touch.watch(autopilot, ring, time, dt)
    phase = autopilot.modes.phase
    if autopilot.crew.live:
        _step_live(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == PHASE_PARKED:
        take_off.parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == PHASE_CLIMB_OUT:
        take_off.climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (PHASE_EN_ROUTE, PHASE_LOITER) and autopilot.crew.mode == codes.MODE_MISSION:
        fly_plan(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (PHASE_EN_ROUTE, PHASE_LOITER, PHASE_HOLDING, PHASE_STEERED):
        # Led away from its mission by a failsafe.
        _fly_on(autopilot, plan_, sheet, earth, ring, time)
    if phase in (PHASE_TAKEOFF_ROLL, PHASE_ROTATION):
        take_off.take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_)
    elif phase == PHASE_APPROACH:
        landing.fly_approach(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_FINAL:
        landing.fly_final(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_FLARING:
        landing.flare(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (PHASE_ROLL_OUT, PHASE_STOPPED):
        landing.roll_out(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == PHASE_GO_AROUND:
        landing.go_around(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_GLIDING:
        glide.fly_glide(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_DEAD_STICK:
        dead_stick.fly_final(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_FIELD_LANDING:
        dead_stick.fly_field_landing(autopilot, commands, plan_, sheet, ring, time)


@compiled
def _step_live(autopilot, commands, plan_, sheet, earth, ring, time):
    """The phases that the crew's orders lead; take-off roll and landing are the same for all."""
    phase = autopilot.modes.phase
    if phase == PHASE_PARKED:
        departure.parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == PHASE_CLIMB_OUT:
        departure.climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase == PHASE_STOPPED:
        departure.stopped(autopilot, plan_, ring, time)
    elif phase in (PHASE_EN_ROUTE, PHASE_LOITER, PHASE_HOLDING, PHASE_STEERED):
        _fly_on(autopilot, plan_, sheet, earth, ring, time)
    elif (
        phase in (PHASE_GLIDING, PHASE_DEAD_STICK, PHASE_FIELD_LANDING)
        and autopilot.crew.mode != codes.MODE_GLIDE
        and (autopilot.engines.working == 0)
    ):
        modes.note_mode(autopilot, codes.MODE_GLIDE, ring, time)


@compiled
def _fly_on(autopilot, plan_, sheet, earth, ring, time):
    """Under the plan as flown live, or in a mode of the crew's."""
    if autopilot.modes.phase in (PHASE_EN_ROUTE, PHASE_LOITER):
        modes.fly_plan(autopilot, plan_, sheet, earth, ring, time)
    else:
        modes.step(autopilot, plan_, sheet, earth, ring, time)
