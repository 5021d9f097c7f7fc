"""A ruddervator that sticks: found by its servo's feedback, and flown with the other alone.

A V-tail turns and pitches by the same two surfaces. With one of them stuck every rudder command
would pitch and every elevator command yaw: the two loops then fight over the surface that is left.
So that one flies pitch alone, and the aircraft turns by its ailerons, in whatever sideslip the
stuck surface holds it.
"""

from longwatch.autopilot.aboard import events
from longwatch.compiled import compiled
from longwatch.record import f8, field, i4, record

# Which ruddervator sticks.
NONE, LEFT, RIGHT = range(3)
# A surface that is so far [rad] from what it was asked for, on average over SMOOTHING [s], and has
# not moved by more than STILL [rad] for as long as PATIENCE [s], is stuck.
ASTRAY, SMOOTHING, STILL, PATIENCE = 0.06, 0.3, 0.002, 0.5
# A stuck one is still asked to move, by so much [rad]; it is free once it has followed half of it.
PROBE = 0.03


@record
class ServosState:
    stuck: i4 = field("", "ruddervator that sticks: 0 none, 1 left, 2 right")
    at: f8 = field("rad", "where it sticks")
    error: f8 = field("rad", "asked for less measured, smoothed", shape=(2,), logged=False)
    doubt: f8 = field("s", "how long that has been large", shape=(2,), logged=False)
    stood: f8 = field("rad", "where it stood meanwhile", shape=(2,), logged=False)


@compiled
def watch(state, estimate, commands, sheet, ring, time, dt):
    """Compare the ruddervators with what they were asked for, every ``dt`` s."""
    travel = sheet.actuators.ruddervator.upper
    for i in range(2):
        asked = commands.elevator + (commands.rudder if i == 1 else -commands.rudder)
        asked = min(max(asked, -travel), travel)
        state.error[i] += (asked - estimate.gauges.ruddervators[i] - state.error[i]) * dt / (
            SMOOTHING + dt)
        moved = abs(estimate.gauges.ruddervators[i] - state.stood[i]) > STILL
        if moved or abs(state.error[i]) < ASTRAY:
            state.doubt[i], state.stood[i] = 0.0, estimate.gauges.ruddervators[i]
        state.doubt[i] += dt
        if state.stuck == NONE and state.doubt[i] > PATIENCE:
            state.stuck, state.at = i + 1, estimate.gauges.ruddervators[i]
            events.note(ring, time, events.SERVO_STUCK, state.stuck, state.at)
    if state.stuck != NONE and abs(estimate.gauges.ruddervators[state.stuck - 1] - state.at) > (
            0.5 * PROBE):
        events.note(ring, time, events.SERVO_FREE, state.stuck, 0.0)
        state.stuck = NONE


@compiled
def share(state, elevator, rudder, travel):
    """Elevator and rudder commands that give ``elevator`` by the surface that still moves [rad]."""
    if state.stuck == NONE:
        return elevator, rudder
    sign = -1.0 if state.stuck == LEFT else 1.0
    held = state.at + min(max(elevator + sign * rudder - state.at, -PROBE), PROBE)
    moving = min(max(2.0 * elevator - state.at, -travel), travel)
    return 0.5 * (held + moving), 0.5 * sign * (held - moving)
