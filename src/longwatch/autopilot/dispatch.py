"""The phases of a flight and what leads from one to the next.

Parked, take-off roll, rotation, climb-out; en route and loiter under the plan; approach, final,
flare, roll-out, stopped; go-around back to the approach. Each phase sets the targets that
guidance, energy and control follow.
"""

from longwatch.autopilot.crew import dead_stick, departure, modes
from longwatch.autopilot.manoeuvres import glide, landing, take_off, touch
from longwatch.autopilot.manoeuvres.en_route import fly_plan
from longwatch.autopilot.manoeuvres.phases import (
    APPROACH,
    CLIMB_OUT,
    DEAD_STICK,
    EN_ROUTE,
    FIELD_LANDING,
    FINAL,
    FLARING,
    GLIDING,
    GO_AROUND,
    HOLDING,
    LOITER,
    PARKED,
    ROLL_OUT,
    ROTATION,
    STEERED,
    STOPPED,
    TAKEOFF_ROLL,
)
from longwatch.compiled import compiled


@compiled
def step(autopilot, commands, plan_, sheet, earth, ring, time, dt):
    """Advance the phase and set every target; every ``dt`` s."""
    dead_stick.watch(autopilot, plan_, sheet, earth, ring, time)
    touch.watch(autopilot, ring, time, dt)
    phase = autopilot.modes.phase
    if autopilot.crew.live:
        _step_live(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == PARKED:
        take_off.parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == CLIMB_OUT:
        take_off.climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (EN_ROUTE, LOITER) and autopilot.crew.mode == modes.MISSION:
        fly_plan(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (EN_ROUTE, LOITER, HOLDING, STEERED):
        # Led away from its mission by a failsafe.
        _fly_on(autopilot, plan_, sheet, earth, ring, time)
    if phase in (TAKEOFF_ROLL, ROTATION):
        take_off.take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_)
    elif phase == APPROACH:
        landing.fly_approach(autopilot, plan_, sheet, earth, ring, time)
    elif phase == FINAL:
        landing.fly_final(autopilot, plan_, sheet, earth, ring, time)
    elif phase == FLARING:
        landing.flare(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (ROLL_OUT, STOPPED):
        landing.roll_out(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == GO_AROUND:
        landing.go_around(autopilot, plan_, sheet, earth, ring, time)
    elif phase == GLIDING:
        glide.fly_glide(autopilot, plan_, sheet, earth, ring, time)
    elif phase == DEAD_STICK:
        dead_stick.fly_final(autopilot, plan_, sheet, earth, ring, time)
    elif phase == FIELD_LANDING:
        dead_stick.fly_field_landing(autopilot, commands, plan_, sheet, ring, time)


@compiled
def _step_live(autopilot, commands, plan_, sheet, earth, ring, time):
    """The phases that the crew's orders lead; take-off roll and landing are the same for all."""
    phase = autopilot.modes.phase
    if phase == PARKED:
        departure.parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == CLIMB_OUT:
        departure.climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase == STOPPED:
        departure.stopped(autopilot, plan_, ring, time)
    elif phase in (EN_ROUTE, LOITER, HOLDING, STEERED):
        _fly_on(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (GLIDING, DEAD_STICK, FIELD_LANDING) and autopilot.crew.mode != modes.GLIDE and (
            autopilot.engines.working == 0):
        modes.note_mode(autopilot, modes.GLIDE, ring, time)


@compiled
def _fly_on(autopilot, plan_, sheet, earth, ring, time):
    """Under the plan as flown live, or in a mode of the crew's."""
    if autopilot.modes.phase in (EN_ROUTE, LOITER):
        modes.fly_plan(autopilot, plan_, sheet, earth, ring, time)
    else:
        modes.step(autopilot, plan_, sheet, earth, ring, time)
