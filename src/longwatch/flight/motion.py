"""One tick of the aircraft's motion: all forces and moments, integrated by RK4.

In the air one RK4 step a tick; with a wheel near the ground the tick is cut into
``GROUND_SUBSTEPS``, because struts are stiffer than air. Within a tick the wind, the servos, the
engine and the mass stand still; aerodynamics, gravity, air density over height and wheel loads
are evaluated anew at each stage.
"""

from longwatch.compiled import compiled
from longwatch.earth.frames import rotate_inverse, transposed_product
from longwatch.flight import aerodynamics, landing_gear
from longwatch.flight.actuators import surfaces
from longwatch.flight.rigid_body import along, derivative, pack, rotation_of, unpack

GROUND_SUBSTEPS = 5
# Wheels are looked at below this height of the centre of gravity [m].
GROUND_HEIGHT = 6.0


@compiled
def _stage(y, vehicle, sheet, earth, frame, still, near_ground):
    """Derivative of the 13 states and the force on the body [N] at state ``y``."""
    m = rotation_of(y)
    mass = vehicle.mass
    # Height over the tick's starting point, along its vertical.
    climb = -(frame[3][2] * (y[0] - frame[0]) + frame[3][5] * (y[1] - frame[1])
              + frame[3][8] * (y[2] - frame[2]))
    spin = earth.rotation_rate
    rate = (y[10] - spin * m[6], y[11] - spin * m[7], y[12] - spin * m[8])
    fx, fy, fz, mx, my, mz = _air_loads(y, m, rate, climb, vehicle, sheet, still)
    if near_ground:
        gx, gy, gz, hx, hy, hz = _ground_loads(y, m, rate, climb, vehicle, sheet, frame)
        fx, fy, fz = fx + gx, fy + gy, fz + gz
        mx, my, mz = mx + hx, my + hy, mz + hz
    inertia = (mass.inertia_xx, mass.inertia_yy, mass.inertia_zz, mass.inertia_xz)
    force = (fx, fy, fz)
    return derivative(earth, y, m, mass.mass, inertia, force, (mx, my, mz)), force


@compiled
def _air_loads(y, m, rate, climb, vehicle, sheet, still):
    """Force [N] and moment about the centre of gravity [N m] of air and propellers, body axes."""
    (wind_x, wind_y, wind_z, thrust, thrust_arm, torque, spin_momentum, elevator, aileron, rudder,
     induced) = still
    air, gust, turning = vehicle.air, vehicle.gust.velocity_body, vehicle.turbulence.rate_body
    density = air.density * (1.0 + air.density_gradient * climb)
    vx, vy, vz = y[3] - wind_x, y[4] - wind_y, y[5] - wind_z
    u, v, w = rotate_inverse(m, vx, vy, vz)
    p, q, r = rate
    fx, fy, fz, mx, my, mz = aerodynamics.loads(
        sheet.aerodynamics, sheet.geometry, density, u - gust[0], v - gust[1], w - gust[2],
        p - turning[0], q - turning[1], r - turning[2], elevator, aileron, rudder, induced,
        vehicle.actuators.gear)
    centre, hub = vehicle.mass.position, sheet.propeller.position
    cx, cy, cz = centre[0], centre[1], centre[2]
    # The aerodynamic moment moves from the datum to the centre of gravity.
    mx, my, mz = mx - (cy * fz - cz * fy), my - (cz * fx - cx * fz), mz - (cx * fy - cy * fx)
    return (
        fx + thrust, fy, fz,
        mx + torque,
        my + (hub[2] - cz) * thrust - spin_momentum * r,
        mz - (thrust_arm - cy * thrust) + spin_momentum * q,
    )


@compiled
def _ground_loads(y, m, rate, climb, vehicle, sheet, frame):
    """Force [N] and moment about the centre of gravity [N m] of the wheels, body axes."""
    ned, ground = frame[3], vehicle.ground
    north, east, _ = rotate_inverse(ned, y[0] - frame[0], y[1] - frame[1], y[2] - frame[2])
    height = (vehicle.flight.height_above_ground + climb
              - ground.slope_north * north - ground.slope_east * east)
    return landing_gear.loads(
        vehicle.gear, sheet.landing_gear, vehicle.actuators, vehicle.mass.position,
        transposed_product(ned, m), height, ground.slope_north, ground.slope_east,
        rotate_inverse(m, y[3], y[4], y[5]), rate, ground.paved)


@compiled
def _rk4(y, h, vehicle, sheet, earth, frame, still, near_ground):
    k1, f1 = _stage(y, vehicle, sheet, earth, frame, still, near_ground)
    k2, f2 = _stage(along(y, k1, 0.5 * h), vehicle, sheet, earth, frame, still, near_ground)
    k3, f3 = _stage(along(y, k2, 0.5 * h), vehicle, sheet, earth, frame, still, near_ground)
    k4, f4 = _stage(along(y, k3, h), vehicle, sheet, earth, frame, still, near_ground)
    y = along(y, k1, h / 6.0)
    y = along(y, k2, h / 3.0)
    y = along(y, k3, h / 3.0)
    y = along(y, k4, h / 6.0)
    return y, (
        (f1[0] + 2.0 * (f2[0] + f3[0]) + f4[0]) / 6.0,
        (f1[1] + 2.0 * (f2[1] + f3[1]) + f4[1]) / 6.0,
        (f1[2] + 2.0 * (f2[2] + f3[2]) + f4[2]) / 6.0,
    )


@compiled
def _still(vehicle, sheet, frame):
    """What stands still within a tick, as scalars that the stages read."""
    ned, air = frame[3], vehicle.air
    north, east, down = air.wind_north, air.wind_east, air.wind_down
    elevator, aileron, rudder = surfaces(vehicle.actuators)
    thrust, thrust_arm, torque, momentum = 0.0, 0.0, 0.0, 0.0
    side = sheet.propeller.position[1]
    for i in range(sheet.engine.count):
        propeller, turn = vehicle.propellers[i], sheet.propeller.direction[i]
        thrust += propeller.thrust
        # The second hub mirrors the first.
        thrust_arm += (side if i == 0 else -side) * propeller.thrust
        torque -= turn * propeller.torque
        momentum += (turn * sheet.propeller.inertia * vehicle.engines[i].speed
                     / sheet.engine.gear_ratio)
    return (
        ned[0] * north + ned[1] * east + ned[2] * down,
        ned[3] * north + ned[4] * east + ned[5] * down,
        ned[6] * north + ned[7] * east + ned[8] * down,
        thrust, thrust_arm, torque, momentum, elevator, aileron, rudder,
        aerodynamics.ground_effect(
            vehicle.flight.height_above_ground + vehicle.air.wing_over_cg, sheet.geometry.span),
    )


@compiled
def step(vehicle, sheet, earth, ned, dt):
    """Advance the rigid body by ``dt`` s; ``ned`` is the nine elements of NED to ECEF here."""
    body, gear = vehicle.body, vehicle.gear
    p = body.position_ecef
    frame = (p[0], p[1], p[2], ned)
    still = _still(vehicle, sheet, frame)
    start = pack(body)
    near_ground = vehicle.flight.height_above_ground < GROUND_HEIGHT
    count = GROUND_SUBSTEPS if near_ground else 1
    if not near_ground and gear.vertical_load > 0.0:
        gear.vertical_load, gear.side_load, gear.weight_on_wheels = 0.0, 0.0, False
    y = start
    fx, fy, fz = 0.0, 0.0, 0.0
    for _ in range(count):
        y, force = _rk4(y, dt / count, vehicle, sheet, earth, frame, still, near_ground)
        if near_ground:
            landing_gear.deflect(gear, sheet.landing_gear, vehicle.actuators, vehicle.ground.paved,
                                 dt / count)
        fx, fy, fz = fx + force[0], fy + force[1], fz + force[2]
    unpack(body, y)
    scale = 1.0 / (count * vehicle.mass.mass)
    body.specific_force_body[0] = fx * scale
    body.specific_force_body[1] = fy * scale
    body.specific_force_body[2] = fz * scale
    for i in range(3):
        body.mean_rate_body[i] = 0.5 * (start[10 + i] + y[10 + i])


@compiled
def state_derivative(vehicle, sheet, earth, ned):
    """Time derivative of the 13 states as the aircraft stands, in the air; ``ned`` as in step."""
    p = vehicle.body.position_ecef
    frame = (p[0], p[1], p[2], ned)
    still = _still(vehicle, sheet, frame)
    return _stage(pack(vehicle.body), vehicle, sheet, earth, frame, still, False)[0]
