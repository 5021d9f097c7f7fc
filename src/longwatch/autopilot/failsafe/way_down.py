"""The approach and the landing reckoned as approach.py and landing.py fly them (way_home.py).

By a joining circle, as often around it as the height asks for, or straight in, and down the glide
path to where the wheels touch. Where a hair decides, what is told here first is flown then
(decision 22).
"""

from math import atan2, cos, hypot, pi, sin, tan

from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.failsafe import homeward, steady_flight
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.manoeuvres import approach
from longwatch.compiled import compiled
from longwatch.earth.frames import wrap_angle
from longwatch.earth.standard import GRAVITY

# Wheels touch this far beyond the aiming point [m], as a flare floats.
FLOAT = 50.0
FINAL_PARTS = 4
# Share of the descent that an aircraft makes of what it is reckoned to, at the least: as often as
# it is told to go around a circle, it surely comes low enough.
SURELY = 0.94
# Laps of the joining circle that a descent may take.
MOST_LAPS = 100


@compiled
def threshold(way, runway, end, earth):
    """Threshold of a runway end in the plane [m], and the landing's course there [rad]."""
    x, y = homeward.in_plane(way, earth, runway.latitude[end], runway.longitude[end])
    far_x, far_y = homeward.in_plane(way, earth, runway.latitude[1 - end],
                                     runway.longitude[1 - end])
    return x, y, atan2(far_y - y, far_x - x)


@compiled
def _path_altitude(runway, end, length, to_aim, sheet):
    """Altitude [m] of the glide path so far [m] before the aiming point."""
    rise = (runway.elevation_msl[1 - end] - runway.elevation_msl[end]) / length
    return (runway.elevation_msl[end] + rise * runway.aiming_distance
            + to_aim * tan(sheet.procedures.glide_path))


@compiled
def final(way, autopilot, sheet, runway, end, length, to_aim):
    """Down the glide path to where the wheels touch."""
    way.slow = True
    bottom = _path_altitude(runway, end, length, 0.0, sheet)
    left = max(to_aim, 0.0) + FLOAT
    high = max(way.altitude - bottom, 0.0)
    for i in range(FINAL_PARTS):
        way.altitude = bottom + high * (1.0 - (i + 0.5) / FINAL_PARTS)
        asked, _, speed, ratio = homeward.speeds(way, autopilot, sheet, way.course)
        if speed < homeward.LEAST_GROUND_SPEED:
            way.time = NEVER
            return
        spent = left / FINAL_PARTS / speed
        fine = left * (1.0 - (i + 0.5) / FINAL_PARTS) < (
            sheet.procedures.final_length + approach.PRECISE_WITHIN)
        flow, _ = steady_flight.burn(sheet, autopilot.engines, way.mass, asked, ratio, way.altitude,
                                     -speed * tan(sheet.procedures.glide_path),
                                     homeward.idle_drag(way, ratio), 1.0, 1.0, fine)
        way.time, way.distance = way.time + spent, way.distance + left / FINAL_PARTS
        way.mass -= flow * spent
    way.altitude = bottom


@compiled
def straight(way, autopilot, sheet, runway, end, length, to_aim):
    """Along the final course to the glide path, at cruise until near the gate, and down it."""
    to_gate = to_aim - sheet.procedures.final_length
    below = _path_altitude(runway, end, length, to_aim, sheet) - way.altitude
    if to_gate > 0.0 and below > approach.ON_PATH:
        gate = _path_altitude(runway, end, length, sheet.procedures.final_length, sheet)
        near = approach.near_within(join_radius(way, autopilot, sheet))
        if to_gate > near:
            homeward.advance(way, autopilot, sheet, to_gate - near, way.course, gate)
        homeward.slow_down(way, autopilot, sheet, gate)
        homeward.advance(way, autopilot, sheet, min(to_gate, near), way.course, gate)
        to_aim = sheet.procedures.final_length
    final(way, autopilot, sheet, runway, end, length, to_aim)


@compiled
def join_radius(way, autopilot, sheet):
    """Radius [m] of the joining circle, as approach.join_radius takes it from here."""
    slow, way.slow = way.slow, True
    _, airspeed, _, _ = homeward.speeds(way, autopilot, sheet, way.course)
    way.slow = slow
    share = homeward.profile(way.ground, way.altitude)
    speed = airspeed + share * hypot(way.wind_north, way.wind_east)
    return speed * speed / (GRAVITY * tan(approach.JOIN_BANK))


@compiled
def land(way, autopilot, sheet, earth, runway, end, flown):
    """The approach to a runway end and the landing.

    ``flown`` [m] is the joining circle that is flown already, positive clockwise, 0 for a new one.
    """
    x, y, course = threshold(way, runway, end, earth)
    _, _, length = approach.axis(runway, end, earth)
    c, s = cos(course), sin(course)
    past = (way.x - x) * c + (way.y - y) * s
    offset = (way.y - y) * c - (way.x - x) * s
    to_aim = runway.aiming_distance - past
    way.circle = flown
    if flown == 0.0:
        high = way.altitude - _path_altitude(runway, end, length, to_aim, sheet)
        if approach.straight_in(to_aim, offset, wrap_angle(way.course - course), high, sheet,
                                way.told_circle):
            way.course = course
            straight(way, autopilot, sheet, runway, end, length, to_aim)
            return
        way.circle = approach.circle_as_told(join_radius(way, autopilot, sheet), offset,
                                             way.told_circle)
    radius, side = abs(way.circle), 1.0 if way.circle > 0.0 else -1.0
    back = sheet.procedures.final_length - runway.aiming_distance
    gate = _path_altitude(runway, end, length, sheet.procedures.final_length, sheet)
    x, y = x - back * c - way.circle * s, y - back * s + way.circle * c
    way.slow_within = approach.near_within(radius)
    way.sinking = SURELY if way.told <= UNTOLD else 1.0
    homeward.join(way, autopilot, sheet, x, y, radius, side, gate, 0.0)
    way.slow = True
    _down_to_the_gate(way, autopilot, sheet, x, y, radius, side, course, gate)
    final(way, autopilot, sheet, runway, end, length, sheet.procedures.final_length)


@compiled
def _down_to_the_gate(way, autopilot, sheet, x, y, radius, side, course, gate):
    """Around the joining circle to the gate, as often as the height asks for."""
    way.around = approach.to_gate(course, way.course, side)
    if way.told > UNTOLD:
        way.around = approach.as_told(way.around, way.told)
    left = max(way.around, 0.0)
    for _ in range(MOST_LAPS):
        homeward.around(way, autopilot, sheet, x, y, radius, side, left, gate)
        # It is left within some degrees before and behind the gate.
        within = radius * sin(approach.LEAVE_COURSE) * tan(sheet.procedures.glide_path)
        if way.time >= NEVER or way.altitude < gate + approach.LEAVE_HEIGHT + within:
            way.course, way.sinking = course, 1.0
            return
        left = 2.0 * pi
        way.around += left
    way.time = NEVER
