"""The landing without power: the final glided to the aiming point, and the field where none is.

On the final the speed is the lever: above the glide that leads to the aiming point it flies faster,
which sinks more; below it slower, down to the best glide. The flare is that of every landing, begun
higher and flown faster, as the sink is larger and the speed is going. There is no go-around.
"""

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events, plan
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
    PHASE_ROTATION,
    PHASE_STEERED,
    PHASE_STOPPED,
)
from longwatch.autopilot.control.energy import FLARE
from longwatch.autopilot.control.inner_loops import (
    ATTITUDE,
    CLIMB_RATE,
    COORDINATED,
    HEADING,
    ROLLING,
    TAXI,
)
from longwatch.autopilot.crew import modes as crew_modes
from longwatch.autopilot.estimation.estimate import ground_speed, stall_speed
from longwatch.autopilot.manoeuvres import approach, en_route, glide, reach
from longwatch.autopilot.manoeuvres.landing import (
    DEAD_STICK_TIME,
    FLARE_FINAL_SINK,
    TAXI_SPEED,
    height_over_runway,
)
from longwatch.autopilot.manoeuvres.phases import enter, track
from longwatch.compiled import compiled

# Speed added on the final for each metre too high [1/s], and the fastest over the stall.
SPEED_GAIN = 0.12
FASTEST_FACTOR = 1.7
# Nearer to the aiming point than this the speed is that of the flare [m].
SETTLE_DISTANCE = 250.0
# So much too high that a whole circle fits, it circles once more, from no nearer than this share of
# the shortest final.
AGAIN_SHARE = 0.5
# Height above ground under which a field landing is flown to its end, engine or not [m].
COMMITTED_HEIGHT = 40.0
LEAST_FLARE_SINK = 0.5


@compiled
def watch(autopilot, plan_, sheet, earth, ring, time):
    """Take up the glide where no engine runs in the air, and end it where one runs again."""
    modes, running = autopilot.modes, autopilot.engines.working > 0
    phase = modes.phase
    if running:
        autopilot.engines.windmill_area = 0.0
        if phase in (PHASE_GLIDING, PHASE_DEAD_STICK, PHASE_FIELD_LANDING):
            _power_again(autopilot, plan_, sheet, earth, ring, time)
        return
    flying = phase in (
        PHASE_ROTATION,
        PHASE_CLIMB_OUT,
        PHASE_EN_ROUTE,
        PHASE_LOITER,
        PHASE_APPROACH,
        PHASE_FINAL,
        PHASE_GO_AROUND,
    ) or phase in (PHASE_HOLDING, PHASE_STEERED)
    if flying and not autopilot.estimate.gauges.weight_on_wheels:
        glide.begin(autopilot, plan_, sheet, earth, ring, time)


@compiled
def _power_again(autopilot, plan_, sheet, earth, ring, time):
    """Fly on with the plan, flown live hold; where the final has begun, land with power."""
    modes, estimate = autopilot.modes, autopilot.estimate
    if estimate.gauges.weight_on_wheels or (
            estimate.ground_valid and estimate.height_above_ground < COMMITTED_HEIGHT):
        return
    if modes.phase == PHASE_DEAD_STICK:
        enter(modes, PHASE_FINAL, ring, time)
        if autopilot.crew.live:
            crew_modes.note_mode(autopilot, codes.MODE_LAND, ring, time)
        return
    if autopilot.crew.live:
        crew_modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD)
        return
    autopilot.control.pitch_mode, autopilot.control.yaw_mode = ATTITUDE, COORDINATED
    if autopilot.crew.live:
        crew_modes.take_mode(autopilot, plan_, sheet, earth, ring, time, codes.MODE_HOLD)
        return
    if plan_.items[autopilot.mission.index].command == plan.TAKEOFF:
        approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
        enter(modes, PHASE_CLIMB_OUT, ring, time)
        return
    modes.phase = PHASE_EN_ROUTE
    en_route.go_on(autopilot, plan_, sheet, earth, ring, time)
    if modes.phase == PHASE_EN_ROUTE:
        events.note(ring, time, events.PHASE, PHASE_EN_ROUTE, 0.0)


@compiled
def fly_final(autopilot, plan_, sheet, earth, ring, time):
    """Glide down the final, and flare."""
    state, estimate = autopilot.glide, autopilot.estimate
    ways = state.reach
    approach.measure(autopilot.approach, plan_.runways, estimate, sheet, earth)
    if time >= state.next_look:
        state.next_look = time + glide.LOOK_INTERVAL
        glide.refresh(autopilot, sheet)
    reach.look_at(ways, plan_.runways, state.runway, state.end, estimate, earth)
    track(autopilot, sheet)
    left = state.shift - ways.x
    above = estimate.altitude_msl - ways.elevation - reach.lost_on_final(ways, left)
    stall = stall_speed(estimate, sheet)
    speed = state.final_speed
    if left > SETTLE_DISTANCE:
        speed += SPEED_GAIN * above
    fastest = min(FASTEST_FACTOR * stall, sheet.procedures.gear_speed)
    glide.hold_speed(autopilot, min(max(speed, state.best_speed), max(fastest, state.best_speed)))
    state.spare = above
    if left > AGAIN_SHARE * ways.final and (
            above > reach.lost_in_a_circle(ways) + 2.0 * reach.MARGIN):
        glide.circle_again(autopilot, plan_, earth, ring, time)
        return
    height = height_over_runway(autopilot, plan_)
    if height < flare_height(estimate, sheet):
        autopilot.control.climb_command = estimate.climb_rate
        enter(autopilot.modes, PHASE_FLARING, ring, time)


@compiled
def flare_height(estimate, sheet):
    """Height [m] at which the sink [m/s] now is that of the flare's law."""
    sink = max(-estimate.climb_rate - FLARE_FINAL_SINK, LEAST_FLARE_SINK)
    return max(sheet.procedures.flare_height * 0.5, sink * DEAD_STICK_TIME)


@compiled
def fly_field_landing(autopilot, commands, plan_, sheet, ring, time):
    """Down where it is: straight on, the flare, and the brakes."""
    estimate, control = autopilot.estimate, autopilot.control
    speed = ground_speed(estimate)
    if estimate.gauges.weight_on_wheels:
        control.yaw_mode = HEADING
        control.pitch_mode = TAXI if speed < TAXI_SPEED else ROLLING
        control.roll_command, autopilot.energy.mode = 0.0, FLARE
        commands.brake_left, commands.brake_right = glide.FIELD_BRAKE, glide.FIELD_BRAKE
        if speed < 0.3:
            enter(autopilot.modes, PHASE_STOPPED, ring, time)
        return
    track(autopilot, sheet)
    glide.hold_speed(autopilot, autopilot.glide.final_speed)
    height = glide.height_above_ground(autopilot, plan_)
    if control.pitch_mode != CLIMB_RATE and height > flare_height(estimate, sheet):
        control.heading_command = estimate.heading
        return
    control.pitch_mode, autopilot.energy.mode = CLIMB_RATE, FLARE
    control.climb_command = -(FLARE_FINAL_SINK + max(height, 0.0) / DEAD_STICK_TIME)
    control.climb_acceleration = max(-estimate.climb_rate, 0.0) / DEAD_STICK_TIME
    control.roll_command = 0.0
    control.heading_command = estimate.heading
