"""From the brakes to the first turn: parked, take-off roll, rotation, climb-out."""

from longwatch.autopilot.aboard import events, plan
from longwatch.autopilot.codes import (
    PHASE_CLIMB_OUT,
    PHASE_ROLL_OUT,
    PHASE_ROTATION,
    PHASE_TAKEOFF_ROLL,
)
from longwatch.autopilot.control.energy import ALTITUDE, PITCH
from longwatch.autopilot.control.inner_loops import (
    ATTITUDE,
    COORDINATED,
    LOCKED,
    ROLLING,
    TAXI,
    reset,
)
from longwatch.autopilot.estimation.estimate import (
    ground_speed,
    stall_speed,
    true_over_calibrated,
)
from longwatch.autopilot.manoeuvres import approach, mission, runways
from longwatch.autopilot.manoeuvres.en_route import go_on
from longwatch.autopilot.manoeuvres.landing import height_over_runway
from longwatch.autopilot.manoeuvres.phases import enter, hold_centreline, track
from longwatch.compiled import compiled

# Of the pitch at rotation [rad/s]; until when nothing rolls, on the clock [s]. Grade: assumed.
ROTATION_RATE = 0.06
WAIT_BEFORE_TAKEOFF = 2.0
# Higher than this over the runway it has lifted off [m].
LIFTED_OFF = 3.0
# Faster over the ground than at the rotation in this tail wind, the airspeed is wrong [m/s].
LARGEST_TAILWIND = 10.0
# A rotation takes 4 s; on its wheels for so long [s] it does not lift off at all.
LONGEST_ROTATION = 10.0


@compiled
def stand(autopilot, commands):
    """Stand on the brakes, the surfaces held for the wind."""
    commands.brake_left, commands.brake_right = 1.0, 1.0
    autopilot.control.yaw_mode, autopilot.control.pitch_mode = LOCKED, TAXI
    autopilot.control.heading_command = autopilot.estimate.heading
    autopilot.energy.mode, autopilot.energy.pitch_target = PITCH, 0.0


@compiled
def parked(autopilot, commands, plan_, sheet, earth, ring, time):
    modes = autopilot.modes
    stand(autopilot, commands)
    if not modes.started or time < WAIT_BEFORE_TAKEOFF:
        return
    items, state = plan_.items, autopilot.mission
    mission.advance(state, items, ring, time, autopilot.estimate.latitude,
                    autopilot.estimate.longitude)
    item = items[state.index]
    if item.command != plan.TAKEOFF or item.runway < 0:
        modes.started = False
        return
    approach.select(autopilot.approach, plan_.runways, earth, item.runway, item.end)
    approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    autopilot.guidance.precise = True
    reset(autopilot.control)
    enter(modes, PHASE_TAKEOFF_ROLL, ring, time)


@compiled
def take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_):
    """Roll and rotation: to the climb-out, or to a stop where it will not fly."""
    modes, estimate, energy = autopilot.modes, autopilot.estimate, autopilot.energy
    approach.measure(autopilot.approach, plan_.runways, estimate, sheet, earth)
    commands.brake_left, commands.brake_right = 0.0, 0.0
    energy.mode = PITCH
    autopilot.control.roll_command = 0.0
    if not estimate.gauges.weight_on_wheels and height_over_runway(autopilot, plan_) > LIFTED_OFF:
        # Whatever the roll waited for: it flies.
        autopilot.control.pitch_mode, autopilot.control.yaw_mode = ATTITUDE, COORDINATED
        events.note(ring, time, events.LIFT_OFF, 0, estimate.air.calibrated_airspeed)
        energy.airspeed = estimate.air.true_airspeed
        autopilot.control.yaw_integral = 0.0
        enter(modes, PHASE_CLIMB_OUT, ring, time)
    elif _will_not_fly(autopilot, sheet, time):
        autopilot.control.pitch_mode = ROLLING
        events.note(ring, time, events.TAKEOFF_REJECTED, 0, estimate.air.calibrated_airspeed)
        enter(modes, PHASE_ROLL_OUT, ring, time)
    elif modes.phase == PHASE_TAKEOFF_ROLL:
        hold_centreline(autopilot)
        energy.pitch_target = estimate.pitch
        autopilot.control.pitch_mode = ROLLING
        stall = stall_speed(estimate, sheet)
        if estimate.air.calibrated_airspeed > sheet.procedures.rotation_factor * stall:
            enter(modes, PHASE_ROTATION, ring, time)
    else:
        _rotate(autopilot, sheet, dt)


@compiled
def _rotate(autopilot, sheet, dt):
    """Raise the nose until it lifts off."""
    autopilot.control.pitch_mode = ATTITUDE
    autopilot.energy.pitch_target = min(autopilot.energy.pitch_target + ROTATION_RATE * dt,
                                        sheet.procedures.rotation_pitch)
    if autopilot.estimate.gauges.weight_on_wheels:
        hold_centreline(autopilot)
    else:
        autopilot.control.yaw_mode = COORDINATED


@compiled
def _will_not_fly(autopilot, sheet, time):
    """True where the take-off is to be given up while the wheels carry it.

    An engine has failed before the rotation; it will not lift off on what is left of the runway,
    which is just enough to stop; the airspeed lags behind the speed over the ground by more than
    any tail wind; or the nose has been raised in vain.
    """
    modes, estimate = autopilot.modes, autopilot.estimate
    if not estimate.gauges.weight_on_wheels:
        return False
    if modes.phase == PHASE_ROTATION:
        return time - modes.since > LONGEST_ROTATION
    working = autopilot.engines.working
    if working < sheet.engine.count:
        return True
    rotation = sheet.procedures.rotation_factor * stall_speed(estimate, sheet)
    if ground_speed(estimate) > rotation * true_over_calibrated(estimate) + LARGEST_TAILWIND:
        return estimate.air.calibrated_airspeed < rotation
    left = autopilot.approach.length - autopilot.approach.past_threshold
    return left < runways.stopping_length(estimate, sheet) and left < runways.length_to_lift_off(
        estimate, sheet, working, ground_speed(estimate), runways.tail_wind(estimate))


@compiled
def climb_straight(autopilot, plan_, sheet, altitude_msl):
    """Climb along the centreline towards an altitude [m]; True once high enough to turn."""
    estimate = autopilot.estimate
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    least = plan_.header.home_elevation_msl + 2.0 * sheet.procedures.climb_out_height
    autopilot.guidance.altitude_target = max(altitude_msl, least)
    autopilot.guidance.climb_target = 0.0
    autopilot.guidance.speed_target = sheet.procedures.climb_factor * stall_speed(estimate, sheet)
    height = (estimate.height_above_ground if estimate.ground_valid
              else estimate.altitude_msl - plan_.header.home_elevation_msl)
    return height > sheet.procedures.climb_out_height


@compiled
def climb_out(autopilot, plan_, sheet, earth, ring, time):
    estimate = autopilot.estimate
    item = plan_.items[autopilot.mission.index]
    if climb_straight(autopilot, plan_, sheet, item.altitude_msl):
        events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        mission.advance(autopilot.mission, plan_.items, ring, time, estimate.latitude,
                        estimate.longitude)
        go_on(autopilot, plan_, sheet, earth, ring, time)
