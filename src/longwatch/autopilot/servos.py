"""A ruddervator that sticks: found by its servo's feedback, and flown with the other alone.

A V-tail turns and pitches by the same two surfaces. With one of them stuck every rudder command
would pitch and every elevator command yaw: the two loops then fight over the surface that is left.
So that one flies pitch alone, and the aircraft turns by its ailerons, in whatever sideslip the
stuck surface holds it, leaning against the force that this brings across its way.

With the elevator e that the speed asks for, the two surfaces stand at s and 2e - s: a left one that
sticks at s is a rudder of e - s. Without a yawing moment the sideslip is beta = -(Cn_rudder /
Cn_beta) (e - s): it turns the nose by 1.6 (tb2) or 2.4 (akinci) times as much. The air that comes
from that side pushes with CY_beta beta + CY_rudder (e - s) over CL, in g, and the bank against it
is what is missing in a turn to one side.
"""

from math import asin

from longwatch.autopilot import events
from longwatch.compiled import compiled
from longwatch.record import f8, field, i4, record

NONE, LEFT, RIGHT = range(3)
# A surface that is so far [rad] from what it was asked for, on average over SMOOTHING [s], and has
# not moved by more than STILL [rad] for as long as PATIENCE [s], is stuck.
ASTRAY, SMOOTHING, STILL, PATIENCE = 0.06, 0.3, 0.002, 0.5
# A stuck one is still asked to move, by so much [rad]; it is free once it has followed half of it.
PROBE = 0.03
# The bank against the sideslip's force, at most [rad], follows it over so long [s].
LARGEST_LEAN, LEAN_TIME = 0.3, 3.0
GRAVITY = 9.80665


@record
class ServosState:
    stuck: i4 = field("", "ruddervator that sticks: 0 none, 1 left, 2 right")
    at: f8 = field("rad", "where it sticks")
    lean: f8 = field("rad", "bank against the force of the sideslip that it holds", logged=False)
    error: f8 = field("rad", "asked for less measured, smoothed", shape=(2,), logged=False)
    doubt: f8 = field("s", "how long that has been large", shape=(2,), logged=False)
    stood: f8 = field("rad", "where it stood meanwhile", shape=(2,), logged=False)


@compiled
def watch(state, navigation, commands, sheet, ring, time, dt):
    """Compare the ruddervators with what they were asked for, every ``dt`` s."""
    travel = sheet.actuators.ruddervator.upper
    for i in range(2):
        asked = commands.elevator + (commands.rudder if i == 1 else -commands.rudder)
        asked = min(max(asked, -travel), travel)
        state.error[i] += (asked - navigation.ruddervators[i] - state.error[i]) * dt / (
            SMOOTHING + dt)
        moved = abs(navigation.ruddervators[i] - state.stood[i]) > STILL
        if moved or abs(state.error[i]) < ASTRAY:
            state.doubt[i], state.stood[i] = 0.0, navigation.ruddervators[i]
        state.doubt[i] += dt
        if state.stuck == NONE and state.doubt[i] > PATIENCE:
            state.stuck, state.at = i + 1, navigation.ruddervators[i]
            events.note(ring, time, events.SERVO_STUCK, state.stuck, state.at)
    if state.stuck != NONE and abs(navigation.ruddervators[state.stuck - 1] - state.at) > (
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


@compiled
def lean(state, navigation, sheet, dt):
    """Bank against what the sideslip pushes, every ``dt`` s; none where both surfaces move."""
    wanted = 0.0
    if state.stuck != NONE and not navigation.weight_on_wheels:
        aero, rudder = sheet.aerodynamics, 0.5 * (
            navigation.ruddervators[1] - navigation.ruddervators[0])
        push = ((aero.CY_beta * navigation.beta + aero.CY_rudder * rudder)
                * navigation.dynamic_pressure * sheet.geometry.wing_area
                / (navigation.mass * GRAVITY))
        wanted = -asin(min(max(push, -0.5), 0.5))
    wanted = min(max(wanted, -LARGEST_LEAN), LARGEST_LEAN)
    state.lean += (wanted - state.lean) * dt / (LEAN_TIME + dt)
