"""The phases of a flight and what leads from one to the next.

Parked, take-off roll, rotation, climb-out; en route and loiter under the plan; approach, final,
flare, roll-out, stopped; go-around back to the approach. Each phase sets the targets that
guidance, energy and control follow.
"""

from longwatch.autopilot import dead_stick, glide, landing, take_off
from longwatch.autopilot.en_route import fly_plan
from longwatch.autopilot.modes import (
    APPROACH,
    CLIMB_OUT,
    DEAD_STICK,
    EN_ROUTE,
    FIELD_LANDING,
    FINAL,
    FLARING,
    GLIDING,
    GO_AROUND,
    LOITER,
    PARKED,
    ROLL_OUT,
    ROTATION,
    STOPPED,
    TAKEOFF_ROLL,
)
from longwatch.compiled import compiled


@compiled
def step(autopilot, commands, plan_, sheet, earth, ring, time, dt):
    """Advance the phase and set every target; every ``dt`` s."""
    dead_stick.watch(autopilot, plan_, sheet, earth, ring, time)
    phase = autopilot.modes.phase
    if phase == PARKED:
        take_off.parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase in (TAKEOFF_ROLL, ROTATION):
        take_off.take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_)
    elif phase == CLIMB_OUT:
        take_off.climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (EN_ROUTE, LOITER):
        fly_plan(autopilot, plan_, sheet, earth, ring, time)
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
