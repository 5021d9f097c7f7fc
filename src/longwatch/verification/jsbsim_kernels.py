"""The twin's half of the comparisons with JSBSim, compiled: motion in still air under given
surfaces, the shaft alone in a steady stream, and gusts."""

from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    rotate_inverse,
    transposed_product,
)
from longwatch.earth.standard import SEA_LEVEL_DENSITY
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.environment import turbulence
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight import actuators, mass, motion, propulsion
from longwatch.flight.aerodynamics import flow
from longwatch.simulation.tick import propel


@compiled
def fly(vehicle, sheet, earth, surfaces, dt, rows, loads):
    """Fly as many ticks as ``surfaces`` has rows of elevator, aileron and rudder [rad].

    Fills ``rows`` with altitude over the ellipsoid [m], true airspeed [m/s], roll, pitch and
    heading [rad] at the start of each tick, and ``loads`` with thrust [N], torque [N m] and
    momentum [N m s] of all propellers, as ``flight.motion`` takes them. Fuel aboard is kept.
    """
    fuel = vehicle.mass.fuel_mass
    for tick in range(len(surfaces)):
        ned, axial = _place(vehicle, earth, rows[tick])
        elevator, aileron, rudder = surfaces[tick, 0], surfaces[tick, 1], surfaces[tick, 2]
        servos = vehicle.actuators
        servos.ruddervator_left, servos.ruddervator_right = elevator - rudder, elevator + rudder
        servos.aileron_left, servos.aileron_right = aileron, -aileron
        vehicle.clock.tick = tick
        propel(vehicle, sheet, axial)
        vehicle.mass.fuel_mass = fuel
        for i in range(sheet.engine.count):
            turn, propeller = sheet.propeller.direction[i], vehicle.propellers[i]
            loads[tick, 0] += propeller.thrust
            loads[tick, 1] -= turn * propeller.torque
            loads[tick, 2] += (turn * sheet.propeller.inertia * vehicle.engines[i].speed
                               / sheet.engine.gear_ratio)
        motion.step(vehicle, sheet, earth, ned, dt)


@compiled
def fly_by_levers(vehicle, sheet, earth, levers, dt, rows):
    """Fly the whole aircraft, servos, engines and fuel with it.

    ``levers`` has a row of elevator, aileron and rudder command [rad] and throttle for each tick;
    ``rows`` is filled as by :func:`fly`, and with the thrust [N] of all engines behind.
    """
    commands = vehicle.commands
    for tick in range(len(levers)):
        ned, axial = _place(vehicle, earth, rows[tick])
        commands.elevator, commands.aileron = levers[tick, 0], levers[tick, 1]
        commands.rudder = levers[tick, 2]
        for i in range(sheet.engine.count):
            commands.throttle[i] = levers[tick, 3]
        actuators.step(vehicle.actuators, commands, sheet.actuators, sheet.landing_gear, dt)
        vehicle.clock.tick = tick
        propel(vehicle, sheet, axial)
        mass.step(vehicle.mass, sheet.mass)
        for i in range(sheet.engine.count):
            rows[tick, 5] += vehicle.propellers[i].thrust
        motion.step(vehicle, sheet, earth, ned, dt)


@compiled
def _place(vehicle, earth, row):
    """Set the still air around the aircraft and write where it is."""
    p, v, a = vehicle.body.position_ecef, vehicle.body.velocity_ecef, vehicle.body.attitude
    latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
    ned = ned_to_ecef_matrix(latitude, longitude)
    to_ecef = matrix_from_quaternion(a[0], a[1], a[2], a[3])
    u, side, w = rotate_inverse(to_ecef, v[0], v[1], v[2])
    air, flight = vehicle.air, vehicle.flight
    air.temperature, air.pressure, density, _ = standard_atmosphere(height)
    air.density, air.density_ratio = density, density / SEA_LEVEL_DENSITY
    air.density_gradient = standard_atmosphere(height + 1.0)[2] / density - 1.0
    flight.altitude_msl, flight.height_ellipsoid = height, height
    flight.height_above_ground = height
    flight.true_airspeed, flight.alpha, flight.beta = flow(u, side, w)
    m = transposed_product(ned, to_ecef)
    roll, pitch, heading = euler_from_matrix(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
    row[0], row[1], row[2], row[3], row[4] = height, flight.true_airspeed, roll, pitch, heading
    return ned, u


@compiled
def turn(engine_state, propeller_state, sheet, throttle, speed, cut, air, dt, rows):
    """Run one engine and its propeller in a steady stream, as many ticks as ``rows`` has.

    ``throttle`` holds the lever of each tick, ``speed`` the governor's crankshaft speed [rad/s];
    from tick ``cut`` on the fuel is cut and the propeller feathers if it can. ``air`` is true
    airspeed [m/s], density [kg/m3], density ratio and Mach number. Fills ``rows`` with thrust
    [N], brake power [W], crankshaft speed [rad/s], fuel flow [kg/s] and blade angle [rad].
    """
    airspeed, density, density_ratio, mach = air
    lever = throttle[0]
    for tick in range(len(rows)):
        lever = actuators.servo(lever, throttle[tick], sheet.actuators.throttle, dt)
        feather = tick >= cut and sheet.propeller.feathering
        if tick >= cut:
            engine_state.running = False
        propulsion.step(engine_state, propeller_state, sheet.engine, sheet.propeller, lever,
                        speed, feather, airspeed, density, density_ratio, mach, 1e9, dt)
        rows[tick, 0], rows[tick, 1] = propeller_state.thrust, engine_state.power
        rows[tick, 2], rows[tick, 3] = engine_state.speed, engine_state.fuel_flow
        rows[tick, 4] = propeller_state.blade_angle


@compiled
def gusts(state, parameters, random, height, airspeed, span, dt, rows):
    """Fill ``rows`` with gusts u v w [m/s] and p q r [rad/s] at one height and airspeed."""
    for i in range(len(rows)):
        turbulence.step(state, parameters, random, height, airspeed, span, dt)
        for axis in range(3):
            rows[i, axis] = state.velocity_body[axis]
            rows[i, 3 + axis] = state.rate_body[axis]
