"""From the brakes to the first turn: parked, take-off roll, rotation, climb-out."""

from longwatch.autopilot import approach, events, mission, plan
from longwatch.autopilot.control import ATTITUDE, COORDINATED, LOCKED, ROLLING, TAXI, reset
from longwatch.autopilot.en_route import go_on
from longwatch.autopilot.energy import ALTITUDE, PITCH
from longwatch.autopilot.modes import (
    CLIMB_OUT,
    ROLL_OUT,
    ROTATION,
    TAKEOFF_ROLL,
    enter,
    hold_centreline,
    track,
)
from longwatch.autopilot.navigation import stall_speed
from longwatch.compiled import compiled

ROTATION_RATE = 0.06
WAIT_BEFORE_TAKEOFF = 2.0


@compiled
def stand(autopilot, commands):
    """Stand on the brakes, the surfaces held for the wind."""
    commands.brake_left, commands.brake_right = 1.0, 1.0
    autopilot.control.yaw_mode, autopilot.control.pitch_mode = LOCKED, TAXI
    autopilot.control.heading_command = autopilot.navigation.heading
    autopilot.energy.mode, autopilot.energy.pitch_target = PITCH, 0.0


@compiled
def parked(autopilot, commands, plan_, sheet, earth, ring, time):
    modes = autopilot.modes
    stand(autopilot, commands)
    if not modes.started or time < WAIT_BEFORE_TAKEOFF:
        return
    items, state = plan_.items, autopilot.mission
    mission.advance(state, items, ring, time, autopilot.navigation.latitude,
                    autopilot.navigation.longitude)
    item = items[state.index]
    if item.command != plan.TAKEOFF or item.runway < 0:
        modes.started = False
        return
    approach.select(autopilot.approach, plan_.runways, earth, item.runway, item.end)
    approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    autopilot.guidance.precise = True
    reset(autopilot.control)
    enter(modes, TAKEOFF_ROLL, ring, time)


@compiled
def take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_):
    modes, navigation, energy = autopilot.modes, autopilot.navigation, autopilot.energy
    approach.measure(autopilot.approach, plan_.runways, navigation, sheet, earth)
    commands.brake_left, commands.brake_right = 0.0, 0.0
    energy.mode = PITCH
    autopilot.control.roll_command = 0.0
    stall = stall_speed(navigation, sheet)
    if modes.phase == TAKEOFF_ROLL:
        hold_centreline(autopilot)
        energy.pitch_target = navigation.pitch
        autopilot.control.pitch_mode = ROLLING
        if autopilot.engines.working < sheet.engine.count:
            events.note(ring, time, events.TAKEOFF_REJECTED, 0, navigation.calibrated_airspeed)
            enter(modes, ROLL_OUT, ring, time)
        elif navigation.calibrated_airspeed > sheet.procedures.rotation_factor * stall:
            enter(modes, ROTATION, ring, time)
        return
    autopilot.control.pitch_mode = ATTITUDE
    energy.pitch_target = min(energy.pitch_target + ROTATION_RATE * dt,
                              sheet.procedures.rotation_pitch)
    if navigation.weight_on_wheels:
        hold_centreline(autopilot)
        return
    autopilot.control.yaw_mode = COORDINATED
    if navigation.height_above_ground > 3.0:
        events.note(ring, time, events.LIFT_OFF, 0, navigation.calibrated_airspeed)
        energy.airspeed = navigation.true_airspeed
        autopilot.control.yaw_integral = 0.0
        enter(modes, CLIMB_OUT, ring, time)


@compiled
def climb_straight(autopilot, plan_, sheet, altitude_msl):
    """Climb along the centreline towards an altitude [m]; True once high enough to turn."""
    navigation = autopilot.navigation
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    least = plan_.header.home_elevation_msl + 2.0 * sheet.procedures.climb_out_height
    autopilot.guidance.altitude_target = max(altitude_msl, least)
    autopilot.guidance.climb_target = 0.0
    autopilot.guidance.speed_target = sheet.procedures.climb_factor * stall_speed(navigation, sheet)
    height = (navigation.height_above_ground if navigation.ground_valid
              else navigation.altitude_msl - plan_.header.home_elevation_msl)
    return height > sheet.procedures.climb_out_height


@compiled
def climb_out(autopilot, plan_, sheet, earth, ring, time):
    navigation = autopilot.navigation
    item = plan_.items[autopilot.mission.index]
    if climb_straight(autopilot, plan_, sheet, item.altitude_msl):
        events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        mission.advance(autopilot.mission, plan_.items, ring, time, navigation.latitude,
                        navigation.longitude)
        go_on(autopilot, plan_, sheet, earth, ring, time)
