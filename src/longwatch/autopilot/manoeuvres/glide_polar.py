"""How far a height carries without power, out of the datasheet: speed, sink, height lost on a way.

Drag is the parabolic polar with what stopped propellers add: feathered, the datasheet's drag area;
windmilling, the thrust at which the propeller gives what the engine's friction takes, its blades at
the fine stop or as coarse as its governor turns them. Glides are steady, at a calibrated airspeed;
the wind is even.
"""

from math import cos, pi, sin, sqrt

from longwatch.aircraft.formulas import (
    drag_coefficient,
    full_torque,
    thrust_and_power_coefficients,
)
from longwatch.compiled import compiled
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY

# The flattest glide is looked for between these multiples of the stall speed.
SLOWEST, FASTEST = 1.25, 2.0
SPEED_STEPS = 24
ARC_STEPS = 8
BISECTIONS = 24
COARSE_STEPS = 40
# Turns a second of a propeller that is looked at.
LEAST_TURNS = 1.0
LEAST_GROUND_SPEED = 5.0
# Throttle below which the energy control takes its lever for shut (energy.py), and the share of the
# friction that the stream drives then.
LEAST_LEVER, HUNTING_SHARE = 0.02, 0.5


@compiled
def _driving(propeller, angle, airspeed, density, turns):
    """Torque [N m] with which the air stream turns the propeller at a blade angle [rad]."""
    _, CP = thrust_and_power_coefficients(
        propeller, angle, airspeed / (turns * propeller.diameter))
    return -CP * density * turns * turns * propeller.diameter**5 / (2.0 * pi)


@compiled
def _fine_turns(propeller, airspeed, density, friction, fastest):
    """Turns a second at which the stream drives as much as ``friction`` [N m] takes, blades fine.

    Not above ``fastest``; 0 where it is too slow to turn the propeller.
    """
    angle, high = propeller.angle_minimum, fastest
    for step in range(COARSE_STEPS):
        low = fastest * (1.0 - step / COARSE_STEPS)
        if low < LEAST_TURNS:
            break
        if _driving(propeller, angle, airspeed, density, low) > friction:
            if step == 0:
                return fastest
            for _ in range(BISECTIONS):
                middle = 0.5 * (low + high)
                if _driving(propeller, angle, airspeed, density, middle) > friction:
                    low = middle
                else:
                    high = middle
            return low
        high = low
    return 0.0


@compiled
def windmill_area(sheet, airspeed, density, governed):
    """Drag over dynamic pressure [m2] of one propeller that the air stream turns.

    ``airspeed`` true [m/s], ``density`` [kg/m3], ``governed`` the crankshaft speed [rad/s] that the
    governor lets it reach: faster, and it turns the blades coarser. 0 where the stream is too slow
    to turn it: the drag of a propeller that stands is not modelled, here nor in flight.
    """
    engine = sheet.engine
    return _driven_area(sheet, airspeed, density, governed,
                        engine.friction_torque * engine.gear_ratio)


@compiled
def idle_area(sheet, airspeed, density):
    """Drag over dynamic pressure [m2] of one propeller in a descent without power.

    The energy control then gives what the engine's friction takes; where that is less than its
    lever resolves, it hunts between that and nothing, and the stream drives half of it (seen in
    descents of the akinci from 8 000 m to the ground: torques of -3.4 to -1 N m, of 3.4).
    """
    engine, speed = sheet.engine, sheet.engine.cruise_speed_least
    friction = engine.friction_torque
    lever = friction / (full_torque(engine, speed, density / SEA_LEVEL_DENSITY, 0.0) + friction)
    share = HUNTING_SHARE if lever < LEAST_LEVER else 0.0
    return _driven_area(sheet, airspeed, density, speed, share * friction * engine.gear_ratio)


@compiled
def _driven_area(sheet, airspeed, density, governed, friction):
    """As :func:`windmill_area`, for a propeller that has to drive ``friction`` [N m]."""
    propeller, engine = sheet.propeller, sheet.engine
    fastest = governed / engine.gear_ratio / (2.0 * pi)
    turns = _fine_turns(propeller, airspeed, density, friction, fastest)
    if turns <= 0.0:
        return 0.0
    angle = propeller.angle_minimum
    if turns >= fastest:
        low, high = angle, propeller.angle_maximum
        for _ in range(BISECTIONS):
            angle = 0.5 * (low + high)
            if _driving(propeller, angle, airspeed, density, turns) > friction:
                low = angle
            else:
                high = angle
    CT, _ = thrust_and_power_coefficients(propeller, angle,
                                          airspeed / (turns * propeller.diameter))
    return -2.0 * CT * turns * turns * propeller.diameter**4 / (airspeed * airspeed)


@compiled
def propeller_area(sheet, airspeed, density, governed):
    """Drag over dynamic pressure [m2] of all propellers, every engine stopped.

    ``governed`` as for :func:`windmill_area`, 0 for a propeller that has come to stand: the air
    stream does not turn it again.
    """
    if sheet.propeller.feathering:
        return sheet.engine.count * sheet.propeller.feathered_drag_area
    if governed <= 0.0:
        return 0.0
    return sheet.engine.count * windmill_area(sheet, airspeed, density, governed)


@compiled
def glide_ratio(sheet, mass, calibrated, density_ratio, load, gear, governed):
    """Distance through the air over height lost, steadily, at a load factor.

    ``calibrated`` [m/s], ``mass`` [kg], ``gear`` 0 up to 1 down, ``governed`` as
    for :func:`propeller_area`.
    """
    pressure = 0.5 * SEA_LEVEL_DENSITY * calibrated * calibrated
    force = pressure * sheet.geometry.wing_area
    weight = mass * GRAVITY
    CD = drag_coefficient(sheet, load * weight / force) + gear * sheet.aerodynamics.CD_gear
    area = propeller_area(sheet, calibrated / sqrt(density_ratio),
                          SEA_LEVEL_DENSITY * density_ratio, governed)
    return weight / (CD * force + area * pressure)


@compiled
def best_speed(sheet, mass, stall, density_ratio, headwind, governed):
    """Calibrated airspeed [m/s] that glides farthest over the ground against ``headwind`` [m/s].

    ``stall`` is the calibrated stall speed [m/s] at ``mass`` [kg].
    """
    root = sqrt(density_ratio)
    best, farthest = SLOWEST * stall, -1.0
    for i in range(SPEED_STEPS + 1):
        speed = stall * (SLOWEST + (FASTEST - SLOWEST) * i / SPEED_STEPS)
        airspeed = speed / root
        over_ground = max(airspeed - headwind, 0.1) / airspeed
        reach = over_ground * glide_ratio(
            sheet, mass, speed, density_ratio, 1.0, 0.0, governed)
        if reach > farthest:
            best, farthest = speed, reach
    return best


@compiled
def ground_speed(airspeed, wind_north, wind_east, course):
    """Speed over the ground [m/s] on a course [rad], the wind met by the heading."""
    c, s = cos(course), sin(course)
    along, across = wind_north * c + wind_east * s, wind_east * c - wind_north * s
    return max(along + sqrt(max(airspeed * airspeed - across * across, 0.0)), LEAST_GROUND_SPEED)


@compiled
def lost_straight(length, course, airspeed, ratio, wind_north, wind_east):
    """Height [m] lost on ``length`` [m] over the ground at a course and a true airspeed."""
    return length * airspeed / (
        ratio * ground_speed(airspeed, wind_north, wind_east, course))


@compiled
def lost_turning(radius, course, angle, airspeed, ratio, wind_north, wind_east):
    """Height [m] lost on an arc over the ground from a course [rad] on, ``angle`` [rad] signed."""
    lost, part = 0.0, angle / ARC_STEPS
    for i in range(ARC_STEPS):
        lost += lost_straight(radius * abs(part), course + (i + 0.5) * part, airspeed, ratio,
                              wind_north, wind_east)
    return lost
