"""Book-keeping beside a flight: what works on the aircraft, tick by tick, as the flight steps it.

Each tick is stepped by the same functions as ``simulation.tick.run``. The work of forces and
moments is integrated by the very RK4 stages of the motion, so that it is as exact as the motion
itself; that the stages repeated here are the flight's own is checked to the last bit.
"""

from longwatch.aircraft.schema import WHEELS
from longwatch.compiled import compiled
from longwatch.earth.frames import rotate_inverse
from longwatch.flight import landing_gear, motion
from longwatch.flight.rigid_body import along, derivative, pack, rotation_of
from longwatch.record import f8, field, i8, record
from longwatch.simulation.tick import decide, move
from longwatch.simulation.vehicle import DT, FLYING, Carried


@record
class Account:
    """Sums since the flight began; energies and work of translation per mass of the aircraft."""

    kinetic: f8 = field("J/kg", "kinetic energy over the Earth")
    potential: f8 = field("J/kg", "gravitation (GM and J2) and centrifugal potential")
    thrust: f8 = field("J/kg", "work of the propellers' thrust")
    air: f8 = field("J/kg", "work of the air on the airframe")
    ground: f8 = field("J/kg", "work of the ground on the wheels")
    turned_over: f8 = field("J/kg", "work regardless of sign")
    spin: f8 = field("J", "change of rotational energy, at standing inertia")
    torque: f8 = field("J", "work of the moments")
    torque_turned_over: f8 = field("J", "work of the moments regardless of sign")
    fuel: f8 = field("kg", "integral of the engines' fuel flow")
    peak_flow: f8 = field("kg/s", "largest fuel flow of all engines")
    brake: f8 = field("J", "integral of the engines' brake power")
    propeller: f8 = field("J", "integral of the propellers' power")
    shaft: f8 = field("J", "rotational energy of engines and propellers")
    astray: i8 = field("", "ticks in which the repeated stages were not the flight's own")


@compiled
def energies(earth, y):
    """Kinetic and potential energy per mass [J/kg] in the rotating frame, of the 13 states.

    Kinetic energy over the Earth and the potential of gravitation and centrifugal force: without
    other forces their sum is constant (Jacobi's integral), for Coriolis' does no work.
    """
    x, z = y[0], y[2]
    across2 = x * x + y[1] * y[1]
    r2 = across2 + z * z
    r = r2 ** 0.5
    a = earth.semi_major_axis
    legendre = 1.5 * z * z / r2 - 0.5
    gravitational = -earth.gravitational_parameter / r * (1.0 - earth.j2 * a * a / r2 * legendre)
    spin = earth.rotation_rate
    return (0.5 * (y[3] * y[3] + y[4] * y[4] + y[5] * y[5]),
            gravitational - 0.5 * spin * spin * across2)


@compiled
def rotational_energy(mass, y):
    """Kinetic energy [J] of the inertial rate."""
    p, q, r = y[10], y[11], y[12]
    return 0.5 * (mass.inertia_xx * p * p + mass.inertia_yy * q * q + mass.inertia_zz * r * r
                  - 2.0 * mass.inertia_xz * p * r)


@compiled
def shaft_energy(vehicle, sheet):
    """Kinetic energy [J] of crankshafts and propellers."""
    ratio = sheet.engine.gear_ratio
    inertia = sheet.propeller.inertia + sheet.engine.inertia * ratio * ratio
    total = 0.0
    for i in range(sheet.engine.count):
        speed = vehicle.engines[i].speed / ratio
        total += 0.5 * inertia * speed * speed
    return total


@compiled
def _stage(y, vehicle, sheet, earth, frame, still, near_ground):
    """Derivative at ``y``, and the powers of thrust, air, ground [W/kg] and moments [W]."""
    m, mass, ned = rotation_of(y), vehicle.mass, frame[3]
    climb = -(ned[2] * (y[0] - frame[0]) + ned[5] * (y[1] - frame[1])
              + ned[8] * (y[2] - frame[2]))
    spin = earth.rotation_rate
    rate = (y[10] - spin * m[6], y[11] - spin * m[7], y[12] - spin * m[8])
    fx, fy, fz, mx, my, mz = motion._air_loads(y, m, rate, climb, vehicle, sheet, still)
    u, v, w = rotate_inverse(m, y[3], y[4], y[5])
    thrust = still[3]
    pull, air, ground = thrust * u, (fx - thrust) * u + fy * v + fz * w, 0.0
    if near_ground:
        gx, gy, gz, hx, hy, hz = motion._ground_loads(y, m, rate, climb, vehicle, sheet, frame)
        fx, fy, fz = fx + gx, fy + gy, fz + gz
        mx, my, mz = mx + hx, my + hy, mz + hz
        ground = gx * u + gy * v + gz * w
    inertia = (mass.inertia_xx, mass.inertia_yy, mass.inertia_zz, mass.inertia_xz)
    k = derivative(earth, y, m, mass.mass, inertia, (fx, fy, fz), (mx, my, mz))
    return k, (pull / mass.mass, air / mass.mass, ground / mass.mass,
               mx * y[10] + my * y[11] + mz * y[12])


@compiled
def _work(account, y, h, vehicle, sheet, earth, frame, still, near_ground):
    """One RK4 step of the motion and of the work done in it; the 13 states after it."""
    k1, p1 = _stage(y, vehicle, sheet, earth, frame, still, near_ground)
    k2, p2 = _stage(along(y, k1, 0.5 * h), vehicle, sheet, earth, frame, still, near_ground)
    k3, p3 = _stage(along(y, k2, 0.5 * h), vehicle, sheet, earth, frame, still, near_ground)
    k4, p4 = _stage(along(y, k3, h), vehicle, sheet, earth, frame, still, near_ground)
    y = along(y, k1, h / 6.0)
    y = along(y, k2, h / 3.0)
    y = along(y, k3, h / 3.0)
    y = along(y, k4, h / 6.0)
    pull = h * (p1[0] + 2.0 * (p2[0] + p3[0]) + p4[0]) / 6.0
    air = h * (p1[1] + 2.0 * (p2[1] + p3[1]) + p4[1]) / 6.0
    ground = h * (p1[2] + 2.0 * (p2[2] + p3[2]) + p4[2]) / 6.0
    torque = h * (p1[3] + 2.0 * (p2[3] + p3[3]) + p4[3]) / 6.0
    account.thrust += pull
    account.air += air
    account.ground += ground
    account.turned_over += abs(pull) + abs(air) + abs(ground)
    account.torque += torque
    account.torque_turned_over += abs(torque)
    return y


@compiled
def _deflections(gear):
    """How far each tyre is deflected, along and sideways [m]: what the stages carry on."""
    nose, left, right = gear.wheels[0], gear.wheels[1], gear.wheels[2]
    return ((nose.deflection_along, nose.deflection_side),
            (left.deflection_along, left.deflection_side),
            (right.deflection_along, right.deflection_side))


@compiled
def _tick(account, vehicle, sheet, earth, ned):
    """Integrate the work of the motion that the coming ``move`` makes; its 13 states."""
    body = vehicle.body
    p = body.position_ecef
    frame = (p[0], p[1], p[2], ned)
    still = motion._still(vehicle, sheet, frame)
    near_ground = vehicle.flight.height_above_ground < motion.GROUND_HEIGHT
    count = motion.GROUND_SUBSTEPS if near_ground else 1
    y = pack(body)
    gear, start = vehicle.gear, _deflections(vehicle.gear)
    account.spin -= rotational_energy(vehicle.mass, y)
    for _ in range(count):
        y = _work(account, y, DT / count, vehicle, sheet, earth, frame, still, near_ground)
        if near_ground:
            landing_gear.deflect(gear, sheet.landing_gear, vehicle.actuators,
                                 vehicle.ground.paved, DT / count)
    account.spin += rotational_energy(vehicle.mass, y)
    for i in range(WHEELS):
        # The motion itself starts from the tyres as they were.
        gear.wheels[i].deflection_along, gear.wheels[i].deflection_side = start[i]
    return y


@compiled
def run(account, vehicles, index, sheets, plan, world, ticks):
    """Fly one aircraft on by up to ``ticks`` while it flies, and keep ``account`` of it."""
    vehicle, sheet, earth = vehicles[index], sheets[0], world.earth[0]
    carried = Carried(world.geoid, world.magnetic)
    for _ in range(ticks):
        if vehicle.status.outcome != FLYING:
            break
        ned, body_to_ned = decide(vehicle, sheet, plan, world, carried)
        flow = 0.0
        for i in range(sheet.engine.count):
            flow += vehicle.engines[i].fuel_flow
            account.fuel += vehicle.engines[i].fuel_flow * DT
            account.brake += vehicle.engines[i].power * DT
            account.propeller += vehicle.propellers[i].power * DT
        account.peak_flow = max(account.peak_flow, flow)
        y = _tick(account, vehicle, sheet, earth, ned)
        move(vehicle, sheet, world, ned, body_to_ned)
        body = vehicle.body
        p, v, w = body.position_ecef, body.velocity_ecef, body.rate_body
        for i in range(3):
            if p[i] != y[i] or v[i] != y[3 + i] or w[i] != y[10 + i]:
                account.astray += 1
    account.kinetic, account.potential = energies(earth, pack(vehicle.body))
    account.shaft = shaft_energy(vehicle, sheet)
