"""Tricycle gear on a sloped plane: spring and damper struts, tyres with a friction limit.

A gear that retracts carries nothing and touches nothing until it is down and locked.

A tyre deflects where it stands on the ground, and pulls with what it is deflected by: the
single contact point model (Pacejka, Tire and Vehicle Dynamics, 2012, section 7.2). Sideways the
deflection follows the contact point and, as the wheel rolls, runs out over the relaxation length:
rolling steadily the force is the cornering stiffness times the tangent of the slip angle, standing
it is a spring. Along the wheel it grows until rolling resistance and brake give way (the
elastic-plastic element of Prandtl and Dahl). Both together stay within the friction circle
(Blundell and Harty, Multibody Systems Approach to Vehicle Dynamics, 2004, ch. 5): what is less than
that holds without creeping, what is more slides.
"""

from math import cos, sin, sqrt

from longwatch.aircraft.schema import WHEELS
from longwatch.compiled import compiled
from longwatch.record import b1, f8, field, record

# Rubber lags: a tyre pulls with what it will be deflected by so much later [s]. On a wheel that
# carries its share it damps the spring of the tyre at a tenth of critical (Smiley and Horne, NASA
# TR R-64, 1960: hysteresis of aircraft tyres).
TYRE_LAG = 0.01
# A full brake asks its friction of a wheel that turns; slower than this [m/s] it has locked it, and
# the tyre holds with all that it can.
LOCKING_SPEED = 0.3
LOCKED_BRAKE = 0.99


@record
class WheelState:
    compression: f8 = field("m", "strut and tyre compression")
    load: f8 = field("N", "load normal to the ground")
    side_force: f8 = field("N", "tyre side force, positive to the right")
    on_ground: b1 = field("", "touches the ground")
    deflection_along: f8 = field("m", "tyre deflection along the wheel", logged=False)
    deflection_side: f8 = field("m", "tyre deflection to the right of the wheel", logged=False)
    speed_along: f8 = field("m/s", "speed of the contact point along the wheel", logged=False)
    speed_side: f8 = field("m/s", "speed of the contact point to the right", logged=False)


@record
class GearState:
    wheels: WheelState = field("", "nose, left main, right main", shape=(WHEELS,),
                               labels=("nose", "left", "right"))
    vertical_load: f8 = field("N", "load of all wheels")
    side_load: f8 = field("N", "side force of all wheels")
    weight_on_wheels: b1 = field("", "a main wheel carries load")
    on_pavement: b1 = field("", "the aircraft stands over a paved surface")


@compiled
def _grip(wheel, contact, gear, brake, paved):
    """Friction limit, and the most that rolling resistance and brake hold along the wheel."""
    limit = gear.sliding_friction if paved else gear.sliding_friction_grass
    rolling = gear.rolling_friction if paved else gear.rolling_friction_grass
    if wheel.braked:
        if brake >= LOCKED_BRAKE and abs(contact.speed_along) < LOCKING_SPEED:
            return limit, limit
        rolling += brake * gear.brake_friction
    return limit, min(rolling, limit)


@compiled
def _within(along, side, most_along, limit):
    """The pair with its first part within ``most_along`` and its length within ``limit``."""
    along = min(max(along, -most_along), most_along)
    total = sqrt(along * along + side * side)
    if total > limit:
        along, side = along * limit / total, side * limit / total
    return along, side


@compiled
def _tyre(wheel, contact, gear, load, along, side, steering, brake, paved):
    """Forward and rightward force [N] on a tyre whose contact moves at ``along``, ``side`` m/s."""
    c, s = 1.0, 0.0
    if wheel.steered:
        c, s = cos(steering), sin(steering)
        along, side = c * along + s * side, c * side - s * along
    contact.speed_along, contact.speed_side = along, side
    limit, most_along = _grip(wheel, contact, gear, brake, paved)
    stiffness = wheel.cornering / wheel.relaxation_length
    rolled = abs(along) * contact.deflection_side / wheel.relaxation_length
    mu_along, mu_side = _within(
        -stiffness * (contact.deflection_along + TYRE_LAG * along),
        -stiffness * (contact.deflection_side + TYRE_LAG * (side - rolled)), most_along, limit)
    force_along, force_side = mu_along * load, mu_side * load
    return c * force_along - s * force_side, s * force_along + c * force_side


@compiled
def deflect(state, gear, actuators, paved, dt):
    """Carry the tyres' deflections over ``dt`` s, at the speeds that :func:`loads` found last."""
    for i in range(WHEELS):
        wheel, contact = gear.wheels[i], state.wheels[i]
        if not contact.on_ground:
            contact.deflection_along, contact.deflection_side = 0.0, 0.0
            continue
        brake = actuators.brake_left if wheel.position[1] < 0.0 else actuators.brake_right
        limit, most_along = _grip(wheel, contact, gear, brake, paved)
        give = wheel.relaxation_length / wheel.cornering
        # Implicit in what runs out: fast wheels leave it behind within a step.
        side = (contact.deflection_side + contact.speed_side * dt) / (
            1.0 + abs(contact.speed_along) * dt / wheel.relaxation_length)
        contact.deflection_along, contact.deflection_side = _within(
            contact.deflection_along + contact.speed_along * dt, side, most_along * give,
            limit * give)


@compiled
def lift(state):
    """Note that no wheel touches anything."""
    state.vertical_load, state.side_load, state.weight_on_wheels = 0.0, 0.0, False
    for i in range(WHEELS):
        contact = state.wheels[i]
        contact.compression, contact.load, contact.side_force = 0.0, 0.0, 0.0
        contact.deflection_along, contact.deflection_side = 0.0, 0.0
        contact.on_ground = False


@compiled
def loads(state, gear, actuators, centre, rotation, height, slope_north, slope_east, velocity,
          rate, paved):
    """Force [N] and moment about the centre of gravity [N m], body axes.

    ``centre`` is the centre of gravity in body axes from the datum [m]; ``rotation`` the nine
    elements of body to north-east-down; ``height`` of the centre of gravity above the ground
    plane [m]; slopes in metres up a metre; ``velocity`` over ground in body axes [m/s];
    ``rate`` over ground in body axes [rad/s].
    """
    fx, fy, fz, mx, my, mz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if gear.retractable and actuators.gear < 1.0:
        lift(state)
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    state.vertical_load, state.side_load, state.weight_on_wheels = 0.0, 0.0, False
    m = rotation
    scale = 1.0 / sqrt(1.0 + slope_north * slope_north + slope_east * slope_east)
    # The ground's outward normal, and the forward direction along the ground, in body axes.
    nx = scale * (-m[0] * slope_north - m[3] * slope_east - m[6])
    ny = scale * (-m[1] * slope_north - m[4] * slope_east - m[7])
    nz = scale * (-m[2] * slope_north - m[5] * slope_east - m[8])
    length = sqrt(max(1.0 - nx * nx, 1e-6))
    ax, ay, az = (1.0 - nx * nx) / length, -nx * ny / length, -nx * nz / length
    sx, sy, sz = ay * nz - az * ny, az * nx - ax * nz, ax * ny - ay * nx
    for i in range(WHEELS):
        wheel, contact = gear.wheels[i], state.wheels[i]
        x = wheel.position[0] - centre[0]
        y = wheel.position[1] - centre[1]
        z = wheel.position[2] - centre[2]
        compression = -(scale * height + x * nx + y * ny + z * nz)
        contact.compression = max(compression, 0.0)
        contact.on_ground = compression > 0.0
        if compression <= 0.0:
            contact.load, contact.side_force = 0.0, 0.0
            continue
        # Forces act where the tyre stands, not where it would hang from the extended strut.
        x, y, z = x + compression * nx, y + compression * ny, z + compression * nz
        vx = velocity[0] + rate[1] * z - rate[2] * y
        vy = velocity[1] + rate[2] * x - rate[0] * z
        vz = velocity[2] + rate[0] * y - rate[1] * x
        closing = -(vx * nx + vy * ny + vz * nz)
        damping = wheel.damping if closing > 0.0 else wheel.damping_rebound
        load = max(wheel.stiffness * compression + damping * closing, 0.0)
        brake = actuators.brake_left if y < 0.0 else actuators.brake_right
        along, side = _tyre(
            wheel, contact, gear, load, vx * ax + vy * ay + vz * az, vx * sx + vy * sy + vz * sz,
            actuators.steering, brake, paved,
        )
        contact.load, contact.side_force = load, side
        px = load * nx + along * ax + side * sx
        py = load * ny + along * ay + side * sy
        pz = load * nz + along * az + side * sz
        fx, fy, fz = fx + px, fy + py, fz + pz
        mx, my, mz = mx + y * pz - z * py, my + z * px - x * pz, mz + x * py - y * px
        state.vertical_load += load
        state.side_load += side
        if i > 0:
            state.weight_on_wheels = True
    return fx, fy, fz, mx, my, mz
