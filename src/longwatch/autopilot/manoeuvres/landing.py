"""To the runway: approach, final, flare, roll-out, and the go-around where it will not do.

Sink, height and drift are judged against the runway, which may slope. The flare flies a climb rate
that falls with the height; the nose turns from the crab to the runway just before the wheels touch.
"""

from math import tan

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.aboard.crew_record import forget_the_approach
from longwatch.autopilot.codes import (
    MODE_LAND,
    PHASE_APPROACH,
    PHASE_FINAL,
    PHASE_FLARING,
    PHASE_GO_AROUND,
    PHASE_ROLL_OUT,
    PHASE_STOPPED,
)
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.energy import ALTITUDE, FLARE
from longwatch.autopilot.control.inner_loops import (
    ATTITUDE,
    CLIMB_RATE,
    COORDINATED,
    HEADING,
    LOCKED,
    ROLLING,
    TAXI,
    bank_limit,
)
from longwatch.autopilot.estimation.estimate import ground_speed, stall_speed
from longwatch.autopilot.manoeuvres import approach, gear
from longwatch.autopilot.manoeuvres.phases import (
    approach_speed,
    cruise_speed,
    enter,
    final_allowance,
    final_speed,
    gust_allowance,
    hold_centreline,
    making_way,
    track,
)
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY

# Sink rate at which the flare would end by its law [m/s]. Grade: assumed.
FLARE_FINAL_SINK = 0.2
# In gusts it is flown on more firmly, for less time above the ground: so much more sink [m/s] for
# each m/s of their root mean square.
FIRMER_IN_GUSTS = 0.1
# Height over sink rate in a flare without power, where speed is going fast [s].
DEAD_STICK_TIME = 3.0
# The most speed that is given up in the flare, over stall speed.
LARGEST_SPEED_LOSS = 0.17
# This far [m/s] below the touchdown speed with so many times its allowance for gusts, above this
# height [m], the flare takes full power.
URGENT_LOSS = 1.0
URGENT_GUSTS = 1.35
URGENT_HEIGHT = 0.8
# The same for what the gusts felt without a wind add to the final approach.
URGENT_FELT = 0.5
# The nose is turned to the runway at this height [m] at the latest; the sink that a gust brings is
# taken for so many times the one asked for at most, and once turned it stays, to this height.
ALIGN_HEIGHT = 1.2
ALIGN_SINK = 1.5
STAY_ALIGNED = 2.5
LARGEST_DRIFT = 1.5
# Lower than this [m] there is no time for that: the nose stays along the runway.
DRIFT_HEIGHT = 0.8
FLARE_BANK = 0.095
ALIGN_BANK = 0.055
GO_AROUND_CLIMB, GO_AROUND_BEYOND = 300.0, 60.0
BRAKE = 0.6
# It stops this far [m] before the runway's end, where it can.
END_MARGIN = 100.0
# Part of a brake's friction on the whole weight that is there: lift is left, and the nose wheel has
# no brake. Brakes take hold so long after the wheels touch [s].
BRAKED_SHARE = 0.65
BRAKE_DELAY = 1.5
# What the wheels take to settle after a bounce, before that wait begins [s].
SETTLE_TIME = 0.5
# Brakes are let go in proportion to the heading error, all of them at this one.
BRAKE_HEADING = 0.15
INTO_WIND = 0.15
# Slower over the ground than this [m/s] the surfaces are held for the wind.
TAXI_SPEED = 8.0
# Wheels higher than this after a touchdown: it was a bounce, and the flare goes on.
BOUNCE_HEIGHT = 0.15
# A final approach is given up beyond these, between the two heights [m].
CHECK_HEIGHT = 90.0
LARGEST_OFFSET = 25.0
LARGEST_PATH_ERROR = 18.0
LONGEST_LANDING = 700.0
# The box grows by this with every approach given up in a row; after so many it lands regardless.
BOX_GROWTH = 0.3
MOST_GIVEN_UP = 4
# A circle at the gate is flown in a third of this [s], in the strongest wind that is flown in.
LONGEST_CIRCLING = 900.0
LARGEST_FLARE_OFFSET = 11.0


@compiled
def fly_approach(autopilot, plan_, sheet, earth, ring, time):
    state, estimate, path = autopilot.approach, autopilot.estimate, autopilot.guidance
    approach.measure(state, plan_.runways, estimate, sheet, earth)
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.climb_target = 0.0
    path.altitude_target = approach.gate_altitude(state, plan_.runways, sheet)
    to_gate, radius = abs(path.cross_track), abs(path.radius)
    if state.on_final:
        to_gate = state.to_aim - sheet.procedures.final_length
        radius = approach.join_radius(estimate, approach_speed(estimate, sheet))
        path.precise = to_gate < approach.PRECISE_WITHIN
    state.near = to_gate < approach.near_within(radius)
    cruise = cruise_speed(autopilot, plan_.header, sheet)
    path.speed_target = (making_way(autopilot, sheet, approach_speed(estimate, sheet))
                         if state.near else cruise)
    crew = autopilot.crew
    crew.around = approach.around(state, path, estimate, crew.around)
    if not state.on_final and approach.gone_around(path, crew.around) and (
            approach.leave_circle(state, estimate, sheet, _box(autopilot.modes))):
        approach.take_final(state, path, plan_.runways, earth)
    if _leads_nowhere(autopilot, time):
        give_up(autopilot, plan_, earth, ring, time)
    elif state.on_final and estimate.altitude_msl > state.path_altitude - approach.ON_PATH:
        enter(autopilot.modes, PHASE_FINAL, ring, time)


@compiled
def _leads_nowhere(autopilot, time):
    """True where it has circled at the gate's altitude for too long without finding the final."""
    state, path = autopilot.approach, autopilot.guidance
    if state.on_final or not state.near or autopilot.estimate.altitude_msl > (
            path.altitude_target + approach.LEAVE_HEIGHT):
        state.circling = time
    return time - max(state.circling, autopilot.modes.since) > LONGEST_CIRCLING


@compiled
def _box(modes):
    """How much of the box of a final approach is allowed: more after each one given up.

    What made it give up, a stuck surface say, may not pass, and fuel ends: a poor landing on a
    runway comes before none.
    """
    return 1e3 if modes.given_up >= MOST_GIVEN_UP else 1.0 + BOX_GROWTH * modes.given_up


@compiled
def _unplaced(autopilot):
    """True where satellites are gone and the runway may lie beside what is steered for.

    Given up for that once: then it waits for a fix (contingency.py), or lands all the same.
    """
    return (autopilot.estimate.horizontal_accuracy > LARGEST_FLARE_OFFSET
            and autopilot.modes.given_up == 0 and autopilot.crew.mode != MODE_LAND)


@compiled
def _fly_glide_path(autopilot, sheet):
    path, state, estimate = autopilot.guidance, autopilot.approach, autopilot.estimate
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = state.path_altitude
    path.climb_target = -ground_speed(estimate) * tan(sheet.procedures.glide_path)
    path.speed_target = making_way(autopilot, sheet, final_speed(estimate, sheet))


@compiled
def fly_final(autopilot, plan_, sheet, earth, ring, time):
    state, estimate = autopilot.approach, autopilot.estimate
    approach.measure(state, plan_.runways, estimate, sheet, earth)
    _fly_glide_path(autopilot, sheet)
    autopilot.guidance.precise = state.to_aim - sheet.procedures.final_length < (
        approach.PRECISE_WITHIN)
    height = height_over_runway(autopilot, plan_)
    if height < CHECK_HEIGHT and height > sheet.procedures.decision_height:
        excess = estimate.altitude_msl - state.path_altitude
        box = _box(autopilot.modes)
        if (abs(state.offset) > box * LARGEST_OFFSET or abs(excess) > box * LARGEST_PATH_ERROR
                or estimate.climb_rate < -box * sheet.procedures.sink_limit
                or not gear.is_down(estimate, sheet)):
            give_up(autopilot, plan_, earth, ring, time)
            return
    if height < sheet.procedures.decision_height and _unplaced(autopilot):
        give_up(autopilot, plan_, earth, ring, time)
        return
    if height < sheet.procedures.flare_height:
        enter(autopilot.modes, PHASE_FLARING, ring, time)


@compiled
def height_over_runway(autopilot, plan_):
    """Height of the wheels above the runway [m]: measured, or by the runway's elevation."""
    estimate, state = autopilot.estimate, autopilot.approach
    runway = plan_.runways[state.runway]
    share = min(max(state.past_threshold / state.length, 0.0), 1.0)
    elevation = (runway.elevation_msl[state.end]
                 + share * (runway.elevation_msl[1 - state.end] - runway.elevation_msl[state.end]))
    height = estimate.altitude_msl - elevation
    if estimate.ground_valid and height < 60.0:
        return estimate.height_above_ground
    return height


@compiled
def flare(autopilot, plan_, sheet, earth, ring, time):
    modes, state, estimate = autopilot.modes, autopilot.approach, autopilot.estimate
    approach.measure(state, plan_.runways, estimate, sheet, earth)
    height = height_over_runway(autopilot, plan_)
    guidance.follow(autopilot.guidance, estimate, sheet.control)
    autopilot.energy.mode = FLARE
    autopilot.control.pitch_mode = CLIMB_RATE
    runway = plan_.runways[state.runway]
    rise = (runway.elevation_msl[1 - state.end] - runway.elevation_msl[state.end]) / state.length
    # Sink is meant against the runway, which may rise or fall under the aircraft.
    falling = rise * ground_speed(estimate)
    powerless = autopilot.engines.working == 0
    tau = DEAD_STICK_TIME if powerless else sheet.procedures.flare_time_constant
    sink = (FLARE_FINAL_SINK + FIRMER_IN_GUSTS * estimate.gust_variance**0.5
            + max(height, 0.0) / tau)
    autopilot.guidance.climb_target = falling - sink
    autopilot.control.climb_command = autopilot.guidance.climb_target
    autopilot.control.climb_acceleration = max(
        falling - estimate.climb_rate, 0.0) / tau
    stall = stall_speed(estimate, sheet)
    touchdown = sheet.procedures.touchdown_factor * stall
    least = touchdown - URGENT_LOSS + max(URGENT_GUSTS * gust_allowance(estimate),
                                          URGENT_FELT * final_allowance(estimate))
    autopilot.guidance.urgent = height > URGENT_HEIGHT and estimate.air.calibrated_airspeed < least
    share = min(max(height / sheet.procedures.flare_height, 0.0), 1.0)
    fast = final_speed(estimate, sheet)
    slow = max(touchdown, fast - LARGEST_SPEED_LOSS * stall)
    autopilot.guidance.speed_target = slow + share * (fast - slow)
    soon = _touches_soon(height, falling - estimate.climb_rate, sink,
                         autopilot.control.yaw_mode == HEADING, sheet)
    # Thrown up again and drifting, it stops the drift by bank before it aligns once more.
    drifting = modes.touched and height > DRIFT_HEIGHT and (
        abs(autopilot.guidance.cross_track_rate) > LARGEST_DRIFT)
    if soon and not drifting:
        _align(autopilot, sheet, height)
    else:
        autopilot.control.yaw_mode = COORDINATED
        limit = min(bank_limit(estimate, sheet), FLARE_BANK)
        autopilot.control.roll_command = guidance.bank_for(autopilot.guidance, estimate, limit)
    box = _box(modes)
    astray = height > 1.0 and (
        abs(state.offset) > box * LARGEST_FLARE_OFFSET or _unplaced(autopilot))
    late = state.past_threshold > box * LONGEST_LANDING or (
        state.length - state.past_threshold < _stopping(estimate, sheet)
        and modes.given_up < MOST_GIVEN_UP)
    if (astray or late) and not estimate.gauges.weight_on_wheels and not powerless:
        give_up(autopilot, plan_, earth, ring, time)
        return
    if not estimate.gauges.weight_on_wheels:
        modes.on_wheels_since = time
    elif time - modes.on_wheels_since > 0.2:
        autopilot.guidance.urgent = False
        autopilot.control.pitch_mode = ROLLING
        modes.touched = True
        modes.given_up = 0
        enter(modes, PHASE_ROLL_OUT, ring, time)


@compiled
def _touches_soon(height, falls, asked, aligned, sheet):
    """True where the nose is to be turned to the runway, or stays so: ``falls`` and ``asked`` m/s.
    """
    falls = max(min(falls, ALIGN_SINK * asked), 0.4)
    return height < max(sheet.procedures.align_time * falls,
                        STAY_ALIGNED if aligned else ALIGN_HEIGHT)


@compiled
def _bounced(estimate, sheet):
    """True for wheels off the ground again that the wing still carries."""
    return (not estimate.gauges.weight_on_wheels and estimate.height_above_ground > BOUNCE_HEIGHT
            and estimate.air.calibrated_airspeed > stall_speed(estimate, sheet))


@compiled
def _align(autopilot, sheet, height):
    """Turn the nose to the runway by rudder, the wing into the wind to stay over it."""
    estimate, control = autopilot.estimate, autopilot.control
    control.yaw_mode = HEADING
    # Against a drift the nose stays into the wind by the drift angle, less and less to the ground.
    drift = autopilot.guidance.cross_track_rate / max(ground_speed(estimate), 10.0)
    share = min(max(height / ALIGN_HEIGHT - 0.2, 0.0), 1.0)
    control.heading_command = autopilot.approach.course - share * drift
    push = (estimate.air.dynamic_pressure * sheet.geometry.wing_area * sheet.aerodynamics.CY_beta
            * estimate.air.beta / estimate.mass)
    autopilot.guidance.acceleration -= push
    control.roll_command = guidance.bank_for(autopilot.guidance, estimate, ALIGN_BANK)


@compiled
def _brake_needed(state, sheet, speed):
    """Brake, 1 full, that stops the aircraft before the runway's end."""
    left = max(state.length - state.past_threshold - END_MARGIN, 1.0)
    return speed * speed / (
        2.0 * left * GRAVITY * BRAKED_SHARE * sheet.landing_gear.brake_friction)


@compiled
def _stopping(estimate, sheet):
    """Runway [m] that is needed to stop by full brakes from the speed over the ground now."""
    speed = ground_speed(estimate)
    return speed * (BRAKE_DELAY + SETTLE_TIME) + speed * speed / (
        2.0 * GRAVITY * BRAKED_SHARE * sheet.landing_gear.brake_friction)


@compiled
def roll_out(autopilot, commands, plan_, sheet, earth, ring, time):
    modes, estimate = autopilot.modes, autopilot.estimate
    approach.measure(autopilot.approach, plan_.runways, estimate, sheet, earth)
    hold_centreline(autopilot)
    # Aileron into the wind keeps the windward wing down.
    autopilot.control.roll_command = min(max(INTO_WIND * estimate.air.beta, -0.05), 0.05)
    autopilot.energy.mode = FLARE
    speed = ground_speed(estimate)
    autopilot.control.pitch_mode = TAXI if speed < TAXI_SPEED else ROLLING
    if _bounced(estimate, sheet):
        commands.brake_left, commands.brake_right = 0.0, 0.0
        enter(modes, PHASE_FLARING, ring, time)
        return
    astray = abs(wrap_angle(autopilot.control.heading_command - estimate.heading))
    brake = 0.0
    needed = _brake_needed(autopilot.approach, sheet, speed)
    slow = speed < sheet.procedures.brake_speed
    if time - modes.since > BRAKE_DELAY and (slow or needed > BRAKE):
        # On a runway that is only just long enough it brakes fully from the first.
        brake = (BRAKE if needed < BRAKE else 1.0) * max(1.0 - astray / BRAKE_HEADING, 0.0)
    if modes.phase == PHASE_STOPPED:
        brake = 1.0
        autopilot.control.yaw_mode = LOCKED
    commands.brake_left, commands.brake_right = brake, brake
    if modes.phase == PHASE_ROLL_OUT and speed < 0.3:
        item = plan_.items[autopilot.mission.index]
        if item.command == plan.LAND and not (
                autopilot.crew.live and autopilot.crew.mode == MODE_LAND):
            events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        enter(modes, PHASE_STOPPED, ring, time)


@compiled
def give_up(autopilot, plan_, earth, ring, time):
    """Go around."""
    modes = autopilot.modes
    modes.go_arounds += 1
    modes.given_up += 1
    if modes.given_up == MOST_GIVEN_UP:
        events.note(ring, time, events.LANDS_REGARDLESS, modes.given_up, 0.0)
    modes.touched = False
    forget_the_approach(autopilot.crew)
    autopilot.guidance.urgent = False
    autopilot.control.pitch_mode = ATTITUDE
    events.note(ring, time, events.GO_AROUND, modes.go_arounds, autopilot.approach.offset)
    approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    autopilot.control.yaw_integral = 0.0
    enter(modes, PHASE_GO_AROUND, ring, time)


@compiled
def go_around(autopilot, plan_, sheet, earth, ring, time):
    estimate, state, path = autopilot.estimate, autopilot.approach, autopilot.guidance
    approach.measure(state, plan_.runways, estimate, sheet, earth)
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    runway = plan_.runways[state.runway]
    enough = 2.0 * sheet.procedures.climb_out_height
    # The climb leads beyond the height at which it ends, or it would never be over.
    path.altitude_target = runway.elevation_msl[state.end] + max(
        GO_AROUND_CLIMB, enough + GO_AROUND_BEYOND)
    path.climb_target = 0.0
    path.speed_target = sheet.procedures.climb_factor * stall_speed(estimate, sheet)
    if estimate.altitude_msl > runway.elevation_msl[state.end] + enough:
        approach.join(state, path, plan_.runways, estimate, sheet, earth,
                      approach_speed(estimate, sheet), autopilot.crew.circle)
        enter(autopilot.modes, PHASE_APPROACH, ring, time)
