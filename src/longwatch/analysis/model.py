"""The flying aircraft as a function: its own compiled code, evaluated at a state.

All compiled code of this room is in this file, which compiles anew when it changes; so the room
stands outside the digest that keeps machine code.

Stands on the flat limit of the simulation's Earth: a still sphere of 1e9 m radius whose gravity is
9.80665 m/s2, so that level flight is straight (a real Earth bends 36 m/s by 6e-6 rad/s). No wind,
no ground. The state is that of the textbooks (Stevens, Lewis and Johnson, Aircraft Control and
Simulation, 2016, section 1.7): velocity u v w [m/s] and rate p q r [rad/s] in body axes, roll,
pitch and heading [rad], altitude above mean sea level [m].
"""

from math import cos, sin, sqrt

from longwatch.aircraft.schema import ENGINES
from longwatch.autopilot.control import inner_loops
from longwatch.autopilot.estimation import voting
from longwatch.autopilot.estimation.estimate import describe
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    rotate_inverse,
)
from longwatch.earth.standard import GRAVITY, SEA_LEVEL_DENSITY
from longwatch.earth.wgs84 import Earth, ecef_to_geodetic
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.flight import actuators, motion
from longwatch.flight.rigid_body import pack, rotation_of
from longwatch.sensors import suite
from longwatch.simulation.surroundings import body_to_ned_of, feel
from longwatch.simulation.tick import propel
from longwatch.simulation.vehicle import DT

RADIUS = 1e9
FLAT_EARTH = Earth.zeros()
FLAT_EARTH["semi_major_axis"] = RADIUS
FLAT_EARTH["gravitational_parameter"] = GRAVITY * RADIUS * RADIUS

STATES = ("u", "v", "w", "p", "q", "r", "roll", "pitch", "heading", "altitude")
STATE_UNITS = ("m/s", "m/s", "m/s", "rad/s", "rad/s", "rad/s", "rad", "rad", "rad", "m")
INPUTS = ("elevator", "aileron", "rudder", "throttle")
INPUT_UNITS = ("rad", "rad", "rad", "")

# Two ticks are the inner loops' period; the first is even, so that they run in it, and recomputes
# no masses.
PERIOD_TICKS = 2
FIRST_TICK = 2
PERIOD = PERIOD_TICKS * DT

# Shaft and governor are given this long to settle, and have when nothing moves for a second.
SETTLE_TICKS, SETTLED_TICKS = 40000, 100
# An engine that has run dry does not run.
LEAST_FUEL = 1.0
SPEED_TOLERANCE, ANGLE_TOLERANCE = 1e-11, 1e-12


@compiled
def breathe(vehicle, altitude):
    """Standard air at an altitude [m], no wind, and no ground near."""
    air = vehicle.air
    temperature, pressure, density, _ = standard_atmosphere(altitude)
    air.temperature, air.pressure, air.density = temperature, pressure, density
    air.density_gradient = standard_atmosphere(altitude + 1.0)[2] / density - 1.0
    air.density_ratio = density / SEA_LEVEL_DENSITY
    air.wind_north, air.wind_east, air.wind_down = 0.0, 0.0, 0.0
    vehicle.flight.altitude_msl = altitude
    vehicle.flight.height_above_ground = 1e5


@compiled
def place(vehicle, x):
    """Put the rigid body into the ten states ``x``, and the air of its altitude around it."""
    body = vehicle.body
    a = quaternion_ned_to_ecef(0.0, 0.0)
    b = quaternion_from_euler(x[6], x[7], x[8])
    q = quaternion_multiply(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])
    for i in range(4):
        body.attitude[i] = q[i]
    body.position_ecef[0], body.position_ecef[1], body.position_ecef[2] = RADIUS + x[9], 0.0, 0.0
    v = rotate(rotation_of(pack(body)), x[0], x[1], x[2])
    for i in range(3):
        body.velocity_ecef[i] = v[i]
        body.rate_body[i] = x[3 + i]
        body.mean_rate_body[i] = x[3 + i]
    breathe(vehicle, x[9])


@compiled
def where(vehicle, earth):
    """Place the aircraft as the simulation does; returns NED to ECEF and body to NED here."""
    body, flight = vehicle.body, vehicle.flight
    p, v = body.position_ecef, body.velocity_ecef
    latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
    breathe(vehicle, height)
    ned = ned_to_ecef_matrix(latitude, longitude)
    flight.velocity_north, flight.velocity_east, down = rotate_inverse(ned, v[0], v[1], v[2])
    flight.vertical_speed = -down
    return ned, body_to_ned_of(vehicle, ned)


@compiled
def read(vehicle, earth, x):
    """The ten states as the rigid body has them, into ``x``."""
    body, (_, m) = vehicle.body, where(vehicle, earth)
    v = body.velocity_ecef
    x[0], x[1], x[2] = rotate_inverse(rotation_of(pack(body)), v[0], v[1], v[2])
    for i in range(3):
        x[3 + i] = body.rate_body[i]
    x[6], x[7], x[8] = euler_from_matrix(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
    x[9] = vehicle.flight.altitude_msl


@compiled
def deflect(vehicle, elevator, aileron, rudder):
    """Put the surfaces where they act as these three deflections [rad]."""
    servos = vehicle.actuators
    servos.aileron_left, servos.aileron_right = aileron, -aileron
    servos.ruddervator_left, servos.ruddervator_right = elevator - rudder, elevator + rudder


@compiled
def settle(vehicle, sheet, airspeed_axial):
    """Let engines, propellers and governors come to rest at an airspeed, burning nothing.

    Returns whether they did.
    """
    fuel, tick = vehicle.mass.fuel_mass, vehicle.clock.tick
    still = 0
    for _ in range(SETTLE_TICKS):
        speed, angle = vehicle.engines[0].speed, vehicle.propellers[0].blade_angle
        speed_2, angle_2 = vehicle.engines[1].speed, vehicle.propellers[1].blade_angle
        vehicle.mass.fuel_mass = max(fuel, LEAST_FUEL)
        vehicle.clock.tick = 1
        propel(vehicle, sheet, airspeed_axial)
        moved = max(abs(vehicle.engines[0].speed - speed), abs(vehicle.engines[1].speed - speed_2))
        turned = max(abs(vehicle.propellers[0].blade_angle - angle),
                     abs(vehicle.propellers[1].blade_angle - angle_2))
        still = still + 1 if moved < SPEED_TOLERANCE and turned < ANGLE_TOLERANCE else 0
        if still > SETTLED_TICKS:
            break
    vehicle.mass.fuel_mass, vehicle.clock.tick = fuel, tick
    return still > SETTLED_TICKS


@compiled
def rates_of_change(vehicle, sheet, earth, x, out):
    """Time derivatives of the ten states ``x`` into ``out``, propulsion as it stands."""
    place(vehicle, x)
    ned = ned_to_ecef_matrix(0.0, 0.0)
    k = motion.state_derivative(vehicle, sheet, earth, ned)
    u, v, w, p, q, r, roll, pitch = x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
    ax, ay, az = rotate_inverse(rotation_of(pack(vehicle.body)), k[3], k[4], k[5])
    out[0], out[1], out[2] = ax - (q * w - r * v), ay - (r * u - p * w), az - (p * v - q * u)
    out[3], out[4], out[5] = k[10], k[11], k[12]
    out[8] = (q * sin(roll) + r * cos(roll)) / cos(pitch)
    out[6] = p + sin(pitch) * out[8]
    out[7] = q * cos(roll) - r * sin(roll)
    out[9] = u * sin(pitch) - (v * sin(roll) + w * cos(roll)) * cos(pitch)


@compiled
def evaluate(vehicles, sheets, earths, x, controls, out):
    """Derivatives of ``x`` into ``out`` at ``controls`` (INPUTS), propulsion settled.

    The throttle is that of every engine. Returns whether the propulsion came to rest.
    """
    vehicle, sheet = vehicles[0], sheets[0]
    deflect(vehicle, controls[0], controls[1], controls[2])
    for i in range(ENGINES):
        vehicle.actuators.throttle[i] = controls[3]
    breathe(vehicle, x[9])
    vehicle.flight.true_airspeed = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2])
    settled = settle(vehicle, sheet, x[0])
    rates_of_change(vehicle, sheet, earths[0], x, out)
    return settled


@compiled
def period(vehicle, sheet, earth, header, geoid, by_rate, roll_rate, pitch_rate):
    """Fly one period with the inner loops engaged, in the order of a tick of the simulation.

    Roll and pitch are held at what the loops were asked for; or, ``by_rate``, the asked-for roll
    and pitch lead the true ones by as much as makes the loops ask for these rates [rad/s].
    """
    body, pilot = vehicle.body, vehicle.autopilot
    state, voted = pilot.estimate, pilot.voted
    fuel = vehicle.mass.fuel_mass
    for tick in range(FIRST_TICK, FIRST_TICK + PERIOD_TICKS):
        vehicle.clock.tick = tick
        ned, body_to_ned = where(vehicle, earth)
        axial = feel(vehicle, body_to_ned)
        suite.step(vehicle, sheet.sensors, tick, body_to_ned, (0.0, 0.0, 0.0), 0.0)
        voting.vote_inertial(voted, vehicle.sensors)
        for i in range(3):
            state.position_ecef[i] = body.position_ecef[i]
            state.velocity_ecef[i] = body.velocity_ecef[i]
            state.rate[i] = voted.imu.rate[i]
        for i in range(4):
            state.attitude[i] = body.attitude[i]
        if tick == FIRST_TICK:
            dt = PERIOD_TICKS * DT
            voting.vote(voted, vehicle.sensors)
            describe(state, pilot.airspeed_check, voted, vehicle.sensors.systems, sheet, header,
                     earth, geoid, dt)
            if by_rate:
                gains, asked = sheet.control, vehicle.autopilot.control
                asked.roll_command = state.roll + gains.roll_time_constant * roll_rate
                asked.pitch_command = state.pitch + gains.pitch_time_constant * pitch_rate
            inner_loops.step(vehicle.autopilot.control, state, sheet, vehicle.commands, dt)
        actuators.step(vehicle.actuators, vehicle.commands, sheet.actuators, sheet.landing_gear,
                       DT)
        propel(vehicle, sheet, axial)
        vehicle.mass.fuel_mass = fuel
        motion.step(vehicle, sheet, earth, ned, DT)
    vehicle.clock.tick = FIRST_TICK
