"""Flying where the crew points: circles about a place, courses, sticks, set-points from offboard.

Whatever is asked for passes the same limits as the autopilot's own flying: bank by the margin to
the stall, speed between protection and never-exceed, climb by what the engines give, load and
angle of attack in the inner loops (control.py).
"""

from math import atan2, cos, hypot, pi, sin, tan

from longwatch.aircraft.formulas import STEEPEST_CLIMB, STEEPEST_DESCENT
from longwatch.autopilot.aboard.crew_record import ATTITUDE, PITCH, ROLL, THROTTLE, VELOCITY
from longwatch.autopilot.codes import (
    ACTION_TURN_BACK,
    MODE_ALTITUDE,
    MODE_OFFBOARD,
    PHASE_HOLDING,
    PHASE_STEERED,
)
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.energy import ALTITUDE, DIRECT, RATE
from longwatch.autopilot.control.inner_loops import COORDINATED, bank_limit
from longwatch.autopilot.estimation.estimate import ground_speed, true_over_calibrated
from longwatch.autopilot.manoeuvres import mission
from longwatch.autopilot.manoeuvres.phases import (
    cruise_speed,
    enter,
    held,
    least_speed,
    level_off,
    track,
)
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY

# Share of the largest bank that circles are kept wide enough for; the rest is for gusts.
CIRCLE_BANK_SHARE = 0.8
# The aircraft flies on for so long before a turn has taken hold [s].
ROLL_IN = 2.0
# Banked further than this to the left, it holds to the left [rad].
LEFT_BANK = -0.1
DEAD_BAND = 0.05
# The altitude held once a stick is let go lies so far along the climb [s].
LEVEL_OFF = 3.0
# Throttle all the way forward asks for this much of the cruise speed.
FASTEST_SHARE = 1.2
# Slower than this over the ground a velocity gives no course [m/s].
LEAST_VELOCITY = 1.0


@compiled
def least_radius(estimate, sheet):
    """Radius [m] of the tightest circle that can be held here in this wind."""
    speed = estimate.air.true_airspeed + hypot(estimate.wind_north, estimate.wind_east)
    return speed * speed / (GRAVITY * tan(CIRCLE_BANK_SHARE * sheet.limits.bank_maximum))


@compiled
def circle(autopilot, sheet, earth, latitude, longitude, radius, ring, time):
    """Fly to a place [rad] and circle it at ``radius`` [m], positive clockwise.

    A radius that the aircraft cannot hold is widened to the least that it can.
    """
    wide = max(abs(radius), least_radius(autopilot.estimate, sheet))
    lay_circle(autopilot, earth, latitude, longitude, wide if radius >= 0.0 else -wide)
    if autopilot.modes.phase != PHASE_HOLDING:
        enter(autopilot.modes, PHASE_HOLDING, ring, time)


@compiled
def lay_circle(autopilot, earth, latitude, longitude, radius):
    """The circle about a place [rad] that is flown, at exactly ``radius`` [m]."""
    crew, path = autopilot.crew, autopilot.guidance
    crew.radius = radius
    crew.target_latitude, crew.target_longitude = latitude, longitude
    guidance.set_circle(path, earth, latitude, longitude, abs(radius),
                        1.0 if radius >= 0.0 else -1.0)
    path.precise = False


@compiled
def hold_here(autopilot, settings, sheet, earth, ring, time):
    """Circle where it is: the circle touches the course now flown, a little ahead."""
    estimate = autopilot.estimate
    course = atan2(estimate.velocity_east, estimate.velocity_north)
    side = -1.0 if estimate.roll < LEFT_BANK else 1.0
    radius = max(settings.loiter_radius, least_radius(estimate, sheet))
    ahead = ground_speed(estimate) * ROLL_IN
    latitude, longitude = guidance.displaced(
        estimate, earth, ahead * cos(course) - side * radius * sin(course),
        ahead * sin(course) + side * radius * cos(course))
    circle(autopilot, sheet, earth, latitude, longitude, side * radius, ring, time)


@compiled
def fly_circle(autopilot, plan_, sheet):
    """The circle and the altitude of the crew's target, every guidance step."""
    path = autopilot.guidance
    track(autopilot, sheet)
    autopilot.energy.mode = ALTITUDE
    path.altitude_target = autopilot.crew.target_altitude_msl
    path.climb_target = 0.0
    path.speed_target = cruise_speed(autopilot, plan_.header, sheet)
    state = autopilot.failsafe
    if state.acting and state.taken == ACTION_TURN_BACK and state.fence.held_speed > 0.0:
        # Faster than it was judged at it would be carried wide of it.
        path.speed_target = min(path.speed_target, state.fence.held_speed)


@compiled
def on_circle(path):
    """True once the circle has been reached, on whatever course."""
    return abs(path.cross_track) < mission.capture_distance(path.radius)


@compiled
def begin_steering(autopilot, ring, time):
    """From the circle or the leg to sticks and set-points; what is flown now is held."""
    crew, estimate, path = autopilot.crew, autopilot.estimate, autopilot.guidance
    crew.course = atan2(estimate.velocity_east, estimate.velocity_north)
    crew.target_altitude_msl = estimate.altitude_msl
    crew.aims_at_course = True
    path.kind, path.precise = guidance.LINE, False
    path.cross_track = path.cross_track_rate = path.to_go = 0.0
    if autopilot.modes.phase != PHASE_STEERED:
        enter(autopilot.modes, PHASE_STEERED, ring, time)


@compiled
def steer(autopilot, plan_, sheet):
    """Sticks, a held course, or a set-point of velocity or attitude; every guidance step."""
    crew = autopilot.crew
    autopilot.control.yaw_mode = COORDINATED
    autopilot.guidance.climb_target = 0.0
    autopilot.guidance.speed_target = _speed(autopilot, plan_, sheet)
    if crew.mode == MODE_OFFBOARD and crew.offboard == ATTITUDE:
        _attitude(autopilot, sheet)
    elif crew.mode == MODE_OFFBOARD and crew.offboard == VELOCITY:
        _velocity(autopilot, sheet)
    else:
        _across(autopilot, sheet)
        _climb_by_stick(autopilot, sheet)


@compiled
def _speed(autopilot, plan_, sheet):
    """Calibrated airspeed [m/s]: by the throttle stick where there is one, else as asked for."""
    stick = autopilot.crew.sticks[THROTTLE]
    if stick < 0.0 or autopilot.crew.mode == MODE_OFFBOARD:
        return cruise_speed(autopilot, plan_.header, sheet)
    least = least_speed(autopilot.estimate, sheet)
    return held(autopilot, sheet, least + stick * max(
        FASTEST_SHARE * sheet.limits.cruise_speed - least, 0.0))

@compiled
def _across(autopilot, sheet):
    """Bank by the stick; with the stick at rest in cruise the course is held."""
    crew, estimate = autopilot.crew, autopilot.estimate
    limit = bank_limit(estimate, sheet)
    stick = crew.sticks[ROLL]
    if abs(stick) < DEAD_BAND:
        stick = 0.0
    if crew.mode == MODE_ALTITUDE or stick != 0.0:
        autopilot.control.roll_command = stick * limit
        autopilot.guidance.acceleration = GRAVITY * tan(stick * limit)
        crew.aims_at_course = False
        return
    if not crew.aims_at_course:
        # It rolls level first: the course held is the one it then flies.
        autopilot.control.roll_command = 0.0
        if abs(estimate.roll) > DEAD_BAND:
            return
        crew.course = atan2(estimate.velocity_east, estimate.velocity_north)
        crew.aims_at_course = True
    hold_course(autopilot, sheet, crew.course, limit)


@compiled
def hold_course(autopilot, sheet, course, limit):
    """Bank that turns the course over the ground to ``course`` [rad], by the shorter way."""
    estimate, path = autopilot.estimate, autopilot.guidance
    path.course_north, path.course_east = cos(course), sin(course)
    error = wrap_angle(atan2(estimate.velocity_east, estimate.velocity_north) - course)
    frequency = 2.0 * pi / sheet.control.path_period
    path.acceleration = -2.0 * sheet.control.path_damping * frequency * error * max(
        ground_speed(estimate), guidance.LEAST_GROUND_SPEED)
    autopilot.control.roll_command = guidance.bank_for(path, estimate, limit)


@compiled
def _climb_by_stick(autopilot, sheet):
    """Climb rate by the stick; with the stick at rest the altitude is held."""
    crew, estimate, path = autopilot.crew, autopilot.estimate, autopilot.guidance
    stick = crew.sticks[PITCH]
    if abs(stick) < DEAD_BAND:
        autopilot.energy.mode = ALTITUDE
        path.altitude_target = crew.target_altitude_msl
        return
    _climb_at(autopilot, sheet, stick * estimate.air.true_airspeed * (
        STEEPEST_CLIMB if stick > 0.0 else STEEPEST_DESCENT))
    crew.target_altitude_msl = min(level_off(estimate, LEVEL_OFF), sheet.limits.ceiling)


@compiled
def _climb_at(autopilot, sheet, rate):
    """Climb at a rate [m/s] as far as limits, engines and the ceiling let it."""
    estimate, path = autopilot.estimate, autopilot.guidance
    airspeed = estimate.air.true_airspeed
    rate = min(max(rate, -STEEPEST_DESCENT * airspeed), STEEPEST_CLIMB * airspeed)
    room = (sheet.limits.ceiling - estimate.altitude_msl) / sheet.control.energy_time_constant
    autopilot.energy.mode = RATE
    path.climb_target = min(rate, room)
    path.altitude_target = estimate.altitude_msl


@compiled
def _velocity(autopilot, sheet):
    """A velocity over the ground: its course, the airspeed for it in this wind, its climb."""
    crew, estimate = autopilot.crew, autopilot.estimate
    north, east = crew.setpoint[0], crew.setpoint[1]
    if hypot(north, east) > LEAST_VELOCITY:
        crew.course = atan2(east, north)
        airspeed = hypot(north - estimate.wind_north, east - estimate.wind_east)
        autopilot.guidance.speed_target = held(autopilot, sheet, max(
            airspeed / true_over_calibrated(estimate), least_speed(estimate, sheet)))
    hold_course(autopilot, sheet, crew.course, bank_limit(estimate, sheet))
    _climb_at(autopilot, sheet, -crew.setpoint[2])


@compiled
def _attitude(autopilot, sheet):
    """Bank, pitch and thrust as they come, within bank and speed limits (energy.py)."""
    crew = autopilot.crew
    limit = bank_limit(autopilot.estimate, sheet)
    autopilot.control.roll_command = min(max(crew.setpoint[0], -limit), limit)
    autopilot.energy.mode = DIRECT
    autopilot.energy.pitch_target = crew.setpoint[1]
    autopilot.energy.throttle_target = min(max(crew.setpoint[2], 0.0), 1.0)
    autopilot.guidance.acceleration = GRAVITY * tan(autopilot.control.roll_command)
    autopilot.guidance.altitude_target = autopilot.estimate.altitude_msl
