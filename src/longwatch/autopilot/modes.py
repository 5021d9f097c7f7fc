"""The phases of a flight and what leads from one to the next.

Parked, take-off roll, rotation, climb-out; en route and loiter under the plan; approach, final,
flare, roll-out, stopped; go-around back to the approach. Each phase sets the targets that
guidance, energy and control follow.
"""

from math import hypot, tan

from longwatch.autopilot import approach, events, guidance, mission, plan
from longwatch.autopilot.control import (
    ATTITUDE,
    CLIMB_RATE,
    COORDINATED,
    HEADING,
    ROLLING,
    bank_limit,
    reset,
)
from longwatch.autopilot.energy import ALTITUDE, FLARE, PITCH
from longwatch.autopilot.navigation import ground_speed, stall_speed
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.record import b1, f8, field, i4, record

(PARKED, TAKEOFF_ROLL, ROTATION, CLIMB_OUT, EN_ROUTE, LOITER, APPROACH, FINAL, FLARING, ROLL_OUT,
 STOPPED, GO_AROUND) = range(12)

PHASE_NAMES = ("parked", "take-off roll", "rotation", "climb-out", "en route", "loiter",
               "approach", "final", "flare", "roll-out", "stopped", "go-around")

# Part of the wind kept in hand as airspeed, and the most of it [m/s].
GUST_SHARE = 0.4
LARGEST_GUST_ALLOWANCE = 6.5
ROTATION_PITCH = 0.14
ROTATION_RATE = 0.06
WAIT_BEFORE_TAKEOFF = 2.0
FLARE_TIME_CONSTANT = 5.0
FLARE_FINAL_SINK = 0.2
# Speed at touchdown over stall speed, and the most that is given up in the flare [m/s].
TOUCHDOWN_FACTOR = 1.15
# This far [m/s] below the touchdown speed with so many times its allowance for gusts, above this
# height [m], the flare takes full power.
URGENT_LOSS = 1.0
URGENT_GUSTS = 1.35
URGENT_HEIGHT = 0.8
LARGEST_SPEED_LOSS = 4.5
# The nose is turned to the runway when the wheels are this far [s] from it.
ALIGN_TIME = 2.3
ALIGN_HEIGHT = 1.2
FLARE_BANK = 0.095
ALIGN_BANK = 0.055
GO_AROUND_CLIMB = 300.0
BRAKE_SPEED = 28.0
BRAKE = 0.6
# Brakes are let go in proportion to the heading error, all of them at this one.
BRAKE_HEADING = 0.15
INTO_WIND = 0.15
# Wheels higher than this after a touchdown: it was a bounce, and the flare goes on.
BOUNCE_HEIGHT = 0.4
# A final approach is given up beyond these, between the two heights [m].
CHECK_HEIGHT = 90.0
LARGEST_OFFSET = 25.0
LARGEST_PATH_ERROR = 18.0
LARGEST_SINK = 5.1
LONGEST_LANDING = 700.0
LARGEST_FLARE_OFFSET = 11.0


@record
class ModesState:
    phase: i4 = field("", "phase of flight, see modes.PHASE_NAMES")
    since: f8 = field("s", "time when the phase began", logged=False)
    started: b1 = field("", "the crew has started the mission", logged=False)
    on_wheels_since: f8 = field("s", "time since which the wheels carry load", logged=False)
    go_arounds: i4 = field("", "approaches given up")


@compiled
def enter(modes, phase, ring, time):
    """Go to a phase and note it."""
    modes.phase, modes.since = phase, time
    events.note(ring, time, events.PHASE, phase, 0.0)


@compiled
def cruise_speed(autopilot, header, sheet):
    """Calibrated airspeed [m/s] asked for en route: the plan's, else the standard at this mass."""
    stall = stall_speed(autopilot.navigation, sheet)
    least = sheet.procedures.cruise_factor * stall + gust_allowance(autopilot.navigation)
    if autopilot.mission.speed > 0.0:
        return max(autopilot.mission.speed, least)
    if header.cruise_speed > 0.0:
        return max(header.cruise_speed, least)
    mass_ratio = autopilot.navigation.mass / sheet.mass.maximum_takeoff_mass
    return max(sheet.limits.cruise_speed * mass_ratio**0.5, least)


@compiled
def gust_allowance(navigation):
    """Airspeed [m/s] kept in hand against gusts, by the estimated wind."""
    wind = hypot(navigation.wind_north, navigation.wind_east)
    return min(GUST_SHARE * wind, LARGEST_GUST_ALLOWANCE)


@compiled
def approach_speed(navigation, sheet):
    """Calibrated airspeed [m/s] of the final approach, with an allowance for wind."""
    return (sheet.procedures.approach_factor * stall_speed(navigation, sheet)
            + gust_allowance(navigation))


@compiled
def step(autopilot, commands, plan_, sheet, earth, ring, time, dt):
    """Advance the phase and set every target; every ``dt`` s."""
    phase = autopilot.modes.phase
    if phase == PARKED:
        _parked(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase in (TAKEOFF_ROLL, ROTATION):
        _take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_)
    elif phase == CLIMB_OUT:
        _climb_out(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (EN_ROUTE, LOITER):
        _fly_plan(autopilot, plan_, sheet, earth, ring, time)
    elif phase == APPROACH:
        _approach(autopilot, plan_, sheet, earth, ring, time)
    elif phase == FINAL:
        _final(autopilot, plan_, sheet, earth, ring, time)
    elif phase == FLARING:
        _flare(autopilot, plan_, sheet, earth, ring, time)
    elif phase in (ROLL_OUT, STOPPED):
        _roll_out(autopilot, commands, plan_, sheet, earth, ring, time)
    elif phase == GO_AROUND:
        _go_around(autopilot, plan_, sheet, earth, ring, time)


@compiled
def _parked(autopilot, commands, plan_, sheet, earth, ring, time):
    modes = autopilot.modes
    commands.brake_left, commands.brake_right = 1.0, 1.0
    autopilot.control.yaw_mode = HEADING
    autopilot.control.heading_command = autopilot.navigation.heading
    autopilot.energy.mode, autopilot.energy.pitch_target = PITCH, 0.0
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
def _hold_centreline(autopilot):
    """Heading that leads back to the centreline while the wheels roll."""
    state, navigation = autopilot.approach, autopilot.navigation
    reach = 3.0 * max(ground_speed(navigation), 6.0)
    correction = min(max(-state.offset / reach, -0.15), 0.15)
    autopilot.control.yaw_mode = HEADING
    autopilot.control.heading_command = state.course + correction


@compiled
def _take_off(autopilot, commands, sheet, earth, ring, time, dt, plan_):
    modes, navigation, energy = autopilot.modes, autopilot.navigation, autopilot.energy
    approach.measure(autopilot.approach, plan_.runways, navigation, sheet, earth)
    commands.brake_left, commands.brake_right = 0.0, 0.0
    energy.mode = PITCH
    autopilot.control.roll_command = 0.0
    stall = stall_speed(navigation, sheet)
    if modes.phase == TAKEOFF_ROLL:
        _hold_centreline(autopilot)
        energy.pitch_target = navigation.pitch
        autopilot.control.pitch_mode = ROLLING
        if navigation.calibrated_airspeed > sheet.procedures.rotation_factor * stall:
            enter(modes, ROTATION, ring, time)
        return
    autopilot.control.pitch_mode = ATTITUDE
    energy.pitch_target = min(energy.pitch_target + ROTATION_RATE * dt, ROTATION_PITCH)
    if navigation.weight_on_wheels:
        _hold_centreline(autopilot)
        return
    autopilot.control.yaw_mode = COORDINATED
    if navigation.height_above_ground > 3.0:
        events.note(ring, time, events.LIFT_OFF, 0, navigation.calibrated_airspeed)
        energy.airspeed = navigation.true_airspeed
        autopilot.control.yaw_integral = 0.0
        enter(modes, CLIMB_OUT, ring, time)


@compiled
def _climb_out(autopilot, plan_, sheet, earth, ring, time):
    navigation = autopilot.navigation
    item = plan_.items[autopilot.mission.index]
    _track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    least = plan_.header.home_elevation_msl + 2.0 * sheet.procedures.climb_out_height
    autopilot.guidance.altitude_target = max(item.altitude_msl, least)
    autopilot.guidance.climb_target = 0.0
    autopilot.guidance.speed_target = sheet.procedures.climb_factor * stall_speed(navigation, sheet)
    height = (navigation.height_above_ground if navigation.ground_valid
              else navigation.altitude_msl - plan_.header.home_elevation_msl)
    if height > sheet.procedures.climb_out_height:
        events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        mission.advance(autopilot.mission, plan_.items, ring, time, navigation.latitude,
                        navigation.longitude)
        _go_on(autopilot, plan_, sheet, earth, ring, time)


@compiled
def _track(autopilot, sheet):
    """Follow the lateral path by bank, the turn coordinated."""
    autopilot.control.yaw_mode = COORDINATED
    guidance.follow(autopilot.guidance, autopilot.navigation, sheet.control)
    limit = bank_limit(autopilot.navigation, sheet)
    autopilot.control.roll_command = guidance.bank_for(
        autopilot.guidance, autopilot.navigation, limit)


@compiled
def _go_on(autopilot, plan_, sheet, earth, ring, time):
    """Set up the item that has just become the one to fly."""
    state, path = autopilot.mission, autopilot.guidance
    item = plan_.items[state.index]
    if item.command == plan.RETURN_TO_LAUNCH:
        events.note(ring, time, events.ITEM_REACHED, item.sequence, 0.0)
        landing = mission.landing_index(plan_.items)
        state.index = landing if landing >= 0 else state.index
        if plan_.items[state.index].command != plan.LAND:
            mission.advance(state, plan_.items, ring, time, autopilot.navigation.latitude,
                            autopilot.navigation.longitude)
        item = plan_.items[state.index]
    state.sequence = item.sequence
    if item.command == plan.LAND:
        approach.select(autopilot.approach, plan_.runways, earth, item.runway, item.end)
        approach.join(autopilot.approach, path, plan_.runways, autopilot.navigation, sheet, earth,
                      approach_speed(autopilot.navigation, sheet))
        enter(autopilot.modes, APPROACH, ring, time)
        return
    path.precise = False
    mission.direct(state, plan_.items, path, earth)
    wanted = EN_ROUTE if item.command == plan.WAYPOINT else LOITER
    if autopilot.modes.phase != wanted:
        enter(autopilot.modes, wanted, ring, time)


@compiled
def _fly_plan(autopilot, plan_, sheet, earth, ring, time):
    state, path = autopilot.mission, autopilot.guidance
    _track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = plan_.items[state.index].altitude_msl
    path.climb_target = 0.0
    path.speed_target = cruise_speed(autopilot, plan_.header, sheet)
    if mission.update(state, plan_.items, path, autopilot.navigation, earth,
                      sheet.limits.bank_maximum, ring, time):
        _go_on(autopilot, plan_, sheet, earth, ring, time)


@compiled
def _approach(autopilot, plan_, sheet, earth, ring, time):
    state, navigation, path = autopilot.approach, autopilot.navigation, autopilot.guidance
    approach.measure(state, plan_.runways, navigation, sheet, earth)
    _track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.climb_target = 0.0
    path.altitude_target = approach.gate_altitude(state, plan_.runways, sheet)
    near = abs(path.cross_track) < 4.0 * abs(path.radius) + 3000.0
    cruise = cruise_speed(autopilot, plan_.header, sheet)
    path.speed_target = approach_speed(navigation, sheet) if near or state.on_final else cruise
    if not state.on_final and approach.leave_circle(state, navigation, sheet):
        approach.take_final(state, path, plan_.runways, earth)
    if state.on_final and navigation.altitude_msl > state.path_altitude - 8.0:
        enter(autopilot.modes, FINAL, ring, time)


@compiled
def _fly_glide_path(autopilot, sheet):
    path, state, navigation = autopilot.guidance, autopilot.approach, autopilot.navigation
    _track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = state.path_altitude
    path.climb_target = -ground_speed(navigation) * tan(sheet.procedures.glide_path)
    path.speed_target = approach_speed(navigation, sheet)


@compiled
def _final(autopilot, plan_, sheet, earth, ring, time):
    state, navigation = autopilot.approach, autopilot.navigation
    approach.measure(state, plan_.runways, navigation, sheet, earth)
    _fly_glide_path(autopilot, sheet)
    height = _height(autopilot, plan_, sheet)
    if height < CHECK_HEIGHT and height > sheet.procedures.decision_height:
        excess = navigation.altitude_msl - state.path_altitude
        if (abs(state.offset) > LARGEST_OFFSET or abs(excess) > LARGEST_PATH_ERROR
                or navigation.climb_rate < -LARGEST_SINK):
            _give_up(autopilot, plan_, sheet, earth, ring, time)
            return
    if height < sheet.procedures.flare_height:
        enter(autopilot.modes, FLARING, ring, time)


@compiled
def _height(autopilot, plan_, sheet):
    """Height of the wheels above the runway [m]: measured, or by the runway's elevation."""
    navigation, state = autopilot.navigation, autopilot.approach
    runway = plan_.runways[state.runway]
    share = min(max(state.past_threshold / state.length, 0.0), 1.0)
    elevation = (runway.elevation_msl[state.end]
                 + share * (runway.elevation_msl[1 - state.end] - runway.elevation_msl[state.end]))
    height = navigation.altitude_msl - elevation
    if navigation.ground_valid and height < 60.0:
        return navigation.height_above_ground
    return height


@compiled
def _flare(autopilot, plan_, sheet, earth, ring, time):
    modes, state, navigation = autopilot.modes, autopilot.approach, autopilot.navigation
    approach.measure(state, plan_.runways, navigation, sheet, earth)
    height = _height(autopilot, plan_, sheet)
    guidance.follow(autopilot.guidance, navigation, sheet.control)
    autopilot.energy.mode = FLARE
    autopilot.control.pitch_mode = CLIMB_RATE
    runway = plan_.runways[state.runway]
    rise = (runway.elevation_msl[1 - state.end] - runway.elevation_msl[state.end]) / state.length
    # Sink is meant against the runway, which may rise or fall under the aircraft.
    falling = rise * ground_speed(navigation)
    sink = FLARE_FINAL_SINK + max(height, 0.0) / FLARE_TIME_CONSTANT
    autopilot.guidance.climb_target = falling - sink
    autopilot.control.climb_command = autopilot.guidance.climb_target
    autopilot.control.climb_acceleration = max(
        falling - navigation.climb_rate, 0.0) / FLARE_TIME_CONSTANT
    touchdown = TOUCHDOWN_FACTOR * stall_speed(navigation, sheet)
    least = touchdown + URGENT_GUSTS * gust_allowance(navigation) - URGENT_LOSS
    autopilot.guidance.urgent = height > URGENT_HEIGHT and navigation.calibrated_airspeed < least
    share = min(max(height / sheet.procedures.flare_height, 0.0), 1.0)
    fast = approach_speed(navigation, sheet)
    slow = max(touchdown, fast - LARGEST_SPEED_LOSS)
    autopilot.guidance.speed_target = slow + share * (fast - slow)
    soon = height < ALIGN_TIME * max(falling - navigation.climb_rate, 0.4)
    if soon or height < ALIGN_HEIGHT:
        _align(autopilot, sheet)
    else:
        autopilot.control.yaw_mode = COORDINATED
        limit = min(bank_limit(navigation, sheet), FLARE_BANK)
        autopilot.control.roll_command = guidance.bank_for(autopilot.guidance, navigation, limit)
    astray = abs(state.offset) > LARGEST_FLARE_OFFSET and height > 1.0
    late = state.past_threshold > LONGEST_LANDING
    if (astray or late) and not navigation.weight_on_wheels:
        _give_up(autopilot, plan_, sheet, earth, ring, time)
        return
    if not navigation.weight_on_wheels:
        modes.on_wheels_since = time
    elif time - modes.on_wheels_since > 0.2:
        autopilot.guidance.urgent = False
        autopilot.control.pitch_mode = ROLLING
        enter(modes, ROLL_OUT, ring, time)


@compiled
def _align(autopilot, sheet):
    """Turn the nose to the runway by rudder, the wing into the wind to stay over it."""
    navigation, control = autopilot.navigation, autopilot.control
    control.yaw_mode = HEADING
    # Once the wind carries it sideways, the nose gives way by the drift angle.
    drift = autopilot.guidance.cross_track_rate / max(ground_speed(navigation), 10.0)
    control.heading_command = autopilot.approach.course - drift
    push = (navigation.dynamic_pressure * sheet.geometry.wing_area * sheet.aerodynamics.CY_beta
            * navigation.beta / navigation.mass)
    autopilot.guidance.acceleration -= push
    control.roll_command = guidance.bank_for(autopilot.guidance, navigation, ALIGN_BANK)


@compiled
def _roll_out(autopilot, commands, plan_, sheet, earth, ring, time):
    modes, navigation = autopilot.modes, autopilot.navigation
    approach.measure(autopilot.approach, plan_.runways, navigation, sheet, earth)
    _hold_centreline(autopilot)
    # Aileron into the wind keeps the windward wing down.
    autopilot.control.roll_command = min(max(INTO_WIND * navigation.beta, -0.05), 0.05)
    autopilot.energy.mode = FLARE
    speed = ground_speed(navigation)
    if not navigation.weight_on_wheels and navigation.height_above_ground > BOUNCE_HEIGHT and (
            navigation.calibrated_airspeed > stall_speed(navigation, sheet)):
        commands.brake_left, commands.brake_right = 0.0, 0.0
        enter(modes, FLARING, ring, time)
        return
    astray = abs(wrap_angle(autopilot.control.heading_command - navigation.heading))
    brake = 0.0
    if speed < BRAKE_SPEED and time - modes.since > 1.5:
        brake = BRAKE * max(1.0 - astray / BRAKE_HEADING, 0.0)
    if modes.phase == STOPPED:
        brake = 1.0
    commands.brake_left, commands.brake_right = brake, brake
    if modes.phase == ROLL_OUT and speed < 0.3:
        events.note(ring, time, events.ITEM_REACHED,
                    plan_.items[autopilot.mission.index].sequence, 0.0)
        enter(modes, STOPPED, ring, time)


@compiled
def _give_up(autopilot, plan_, sheet, earth, ring, time):
    modes = autopilot.modes
    modes.go_arounds += 1
    autopilot.guidance.urgent = False
    autopilot.control.pitch_mode = ATTITUDE
    events.note(ring, time, events.GO_AROUND, modes.go_arounds, autopilot.approach.offset)
    approach.set_centreline(autopilot.approach, autopilot.guidance, plan_.runways, earth)
    autopilot.control.yaw_integral = 0.0
    enter(modes, GO_AROUND, ring, time)


@compiled
def _go_around(autopilot, plan_, sheet, earth, ring, time):
    navigation, state, path = autopilot.navigation, autopilot.approach, autopilot.guidance
    approach.measure(state, plan_.runways, navigation, sheet, earth)
    _track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    runway = plan_.runways[state.runway]
    path.altitude_target = runway.elevation_msl[state.end] + GO_AROUND_CLIMB
    path.climb_target = 0.0
    path.speed_target = sheet.procedures.climb_factor * stall_speed(navigation, sheet)
    if navigation.altitude_msl > runway.elevation_msl[state.end] + (
            2.0 * sheet.procedures.climb_out_height):
        approach.join(state, path, plan_.runways, navigation, sheet, earth,
                      approach_speed(navigation, sheet))
        enter(autopilot.modes, APPROACH, ring, time)
