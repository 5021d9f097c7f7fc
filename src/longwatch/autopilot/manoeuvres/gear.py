"""The lever of a landing gear that retracts: up once it climbs, down again before the final."""

from longwatch.autopilot.aboard import events
from longwatch.autopilot.codes import (
    PHASE_APPROACH,
    PHASE_CLIMB_OUT,
    PHASE_DEAD_STICK,
    PHASE_EN_ROUTE,
    PHASE_FIELD_LANDING,
    PHASE_FINAL,
    PHASE_GLIDING,
    PHASE_GO_AROUND,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_STEERED,
)
from longwatch.compiled import compiled

# Wheels leave the runway by this much before they are drawn in [m].
RETRACT_HEIGHT = 15.0


@compiled
def step(autopilot, commands, sheet, ring, time):
    """Set the gear lever for the phase of flight."""
    if not sheet.landing_gear.retractable:
        return
    phase, estimate = autopilot.modes.phase, autopilot.estimate
    up = commands.gear_up
    slow = estimate.air.calibrated_airspeed < sheet.procedures.gear_speed
    if phase in (PHASE_CLIMB_OUT, PHASE_GO_AROUND):
        climbing = estimate.climb_rate > 0.5 and (
            not estimate.ground_valid or estimate.height_above_ground > RETRACT_HEIGHT)
        up = up or (climbing and slow)
    elif phase in (PHASE_EN_ROUTE, PHASE_LOITER) or phase in (
        PHASE_HOLDING,
        PHASE_STEERED,
        PHASE_GLIDING,
    ):
        up = up or slow
    elif phase == PHASE_APPROACH:
        # Near the gate it flies at its approach speed.
        up = up and not (slow and autopilot.approach.near)
    elif phase in (PHASE_DEAD_STICK, PHASE_FIELD_LANDING):
        up = up and not slow
    elif phase >= PHASE_FINAL:
        up = False
    if up != commands.gear_up:
        commands.gear_up = up
        events.note(ring, time, events.GEAR_UP if up else events.GEAR_DOWN, 0,
                    estimate.air.calibrated_airspeed)


@compiled
def is_down(estimate, sheet):
    """True when the wheels are down and locked."""
    return not sheet.landing_gear.retractable or estimate.gauges.gear >= 1.0
