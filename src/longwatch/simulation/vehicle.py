"""The aircraft as one record, and one tick of it.

Order within a tick: environment, sensors, autopilot, actuators, forces and moments, integration,
contacts and events. Everything that changes lies in the record; what it refers to (datasheet,
plan, world) is read-only beside it.
"""

from math import atan2, hypot, sqrt
from typing import NamedTuple

import numpy as np

from longwatch.aircraft.schema import ENGINES, TURBOPROP
from longwatch.autopilot import events, modes
from longwatch.autopilot import system as autopilot
from longwatch.autopilot.events import EventRing
from longwatch.autopilot.system import AutopilotState
from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    transposed_product,
)
from longwatch.earth.geoid import undulation
from longwatch.earth.magnetic_field import magnetic_field_ned
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.environment import air, turbulence
from longwatch.environment.air import AirState, GroundState
from longwatch.environment.atmosphere import GAS_CONSTANT, HEAT_RATIO
from longwatch.environment.terrain import TerrainGrid
from longwatch.environment.turbulence import TurbulenceState
from longwatch.environment.weather import WeatherGrid
from longwatch.flight import actuators, aerodynamics, gust, mass, motion, propulsion
from longwatch.flight.actuators import ActuatorCommands, ActuatorsState
from longwatch.flight.gust import GustState
from longwatch.flight.landing_gear import GearState
from longwatch.flight.mass import MassState
from longwatch.flight.propulsion import EngineState, PropellerState
from longwatch.flight.rigid_body import RigidBodyState
from longwatch.random import RandomStream
from longwatch.record import b1, f8, field, i4, i8, record
from longwatch.sensors import suite
from longwatch.sensors.air_data import impact_pressure
from longwatch.sensors.suite import SensorsState

BASE_RATE = 100.0
DT = 1.0 / BASE_RATE
MASS_DIVISOR = 10
TURBULENCE_DIVISOR = 2

FLYING, LANDED, LOST = 0, 1, 2
# The aircraft is lost when its centre of gravity lies lower than this share of what its main
# wheels stand below it, or when it banks further on its wheels.
LEAST_HEIGHT = 0.32
LARGEST_BANK_ON_WHEELS = 0.6
SETTLE_TIME = 1.0
STOPPED_TIME = 3.0
WARNING_DIVISOR = 20
# A stall warning ends this far below the stall's angle of attack [rad].
WARNING_BAND = 0.05
# Angle of attack is judged over this time [s].
ALPHA_TIME = 1.0


@record
class ClockState:
    tick: i8 = field("", "ticks of 10 ms since the start")
    time: f8 = field("s", "simulated time since the start")
    start: f8 = field("s", "UTC of the start since 1970-01-01 without leap seconds", logged=False)


@record
class StatusState:
    outcome: i4 = field("", "0 under way, 1 landed and stopped, 2 lost")
    airborne: b1 = field("", "off the ground since the last lift-off")
    lift_off_time: f8 = field("s", "time of the first lift-off, 0 none", logged=False)
    touchdown_time: f8 = field("s", "time of the last touchdown, 0 none", logged=False)
    touchdown_latitude: f8 = field("rad", "where", logged=False)
    touchdown_longitude: f8 = field("rad", "where", logged=False)
    touchdown_sink: f8 = field("m/s", "sink rate against the ground", logged=False)
    touchdown_airspeed: f8 = field("m/s", "calibrated airspeed", logged=False)
    touchdown_bank: f8 = field("rad", "bank", logged=False)
    touchdown_vertical_load: f8 = field("N", "largest load on the wheels since", logged=False)
    touchdown_side_load: f8 = field("N", "largest side load on the wheels since", logged=False)
    off_pavement: b1 = field("", "a wheel rolled beside the pavement", logged=False)
    alpha: f8 = field("rad", "angle of attack over the last second", logged=False)
    stall_warning: b1 = field("", "angle of attack near the stall")
    overspeed: b1 = field("", "faster than the never-exceed speed")
    engine_stopped: i4 = field("", "1 once an engine has stopped", shape=(ENGINES,))
    beyond_weather: b1 = field("", "left what the weather file covers", logged=False)
    beyond_terrain: b1 = field("", "left the terrain tiles", logged=False)


@record
class FlightState:
    """What an observer sees: derived from the rigid body, for sensors, logs and people."""

    latitude: f8 = field("rad", "geodetic latitude")
    longitude: f8 = field("rad", "longitude")
    altitude_msl: f8 = field("m", "altitude above mean sea level")
    height_ellipsoid: f8 = field("m", "height over the ellipsoid")
    height_above_ground: f8 = field("m", "centre of gravity above the ground")
    ground_elevation_msl: f8 = field("m", "ground below above mean sea level")
    velocity_north: f8 = field("m/s", "velocity over the Earth, northward")
    velocity_east: f8 = field("m/s", "velocity over the Earth, eastward")
    vertical_speed: f8 = field("m/s", "climb rate")
    roll: f8 = field("rad", "roll angle")
    pitch: f8 = field("rad", "pitch angle")
    heading: f8 = field("rad", "true heading")
    track: f8 = field("rad", "true track over the ground")
    alpha: f8 = field("rad", "angle of attack")
    beta: f8 = field("rad", "sideslip")
    true_airspeed: f8 = field("m/s", "true airspeed")
    calibrated_airspeed: f8 = field("m/s", "calibrated airspeed")
    ground_speed: f8 = field("m/s", "speed over the ground")
    load_factor: f8 = field("", "normal specific force over standard gravity")
    wind_north: f8 = field("m/s", "steady wind and gust, towards north")
    wind_east: f8 = field("m/s", "steady wind and gust, towards east")
    distance: f8 = field("m", "distance flown over the ground")


@record
class Streams:
    turbulence: RandomStream = field("", "gusts", logged=False)


@record
class Vehicle:
    clock: ClockState = field("", "simulated time")
    status: StatusState = field("", "outcome")
    flight: FlightState = field("", "what an observer sees")
    body: RigidBodyState = field("", "rigid body")
    mass: MassState = field("", "mass properties")
    air: AirState = field("", "air at the aircraft")
    ground: GroundState = field("", "ground below it")
    turbulence: TurbulenceState = field("", "gusts at a point")
    gust: GustState = field("", "gusts as the wing feels them")
    engines: EngineState = field("", "engines", shape=(ENGINES,))
    propellers: PropellerState = field("", "propellers", shape=(ENGINES,))
    actuators: ActuatorsState = field("", "servos")
    commands: ActuatorCommands = field("", "what the autopilot asks of the servos")
    gear: GearState = field("", "landing gear")
    sensors: SensorsState = field("", "what the autopilot reads", logged=False)
    autopilot: AutopilotState = field("", "the autopilot's memory")
    streams: Streams = field("", "random numbers", logged=False)
    events: EventRing = field("", "events", logged=False)


class Magnetic(NamedTuple):
    """The magnetic field around the flight, see ``earth.magnetic_field``."""

    values: np.ndarray
    first_latitude: float
    first_longitude: float
    step: float


class World(NamedTuple):
    """What surrounds the flight, read-only; the records are arrays of length 1 or more."""

    earth: np.ndarray
    wind: np.ndarray
    turbulence: np.ndarray
    patches: np.ndarray
    geoid: np.ndarray
    magnetic: Magnetic
    weather: WeatherGrid
    terrain: TerrainGrid


class Carried(NamedTuple):
    """What the autopilot carries of the world."""

    geoid: np.ndarray
    magnetic: Magnetic


class Loaded(NamedTuple):
    """The plan as loaded aboard."""

    items: np.ndarray
    runways: np.ndarray
    header: np.record


@compiled
def locate(vehicle, geoid, earth):
    """Place the aircraft over the Earth; returns the nine elements of NED to ECEF here."""
    body, flight = vehicle.body, vehicle.flight
    p, v = body.position_ecef, body.velocity_ecef
    latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
    flight.latitude, flight.longitude, flight.height_ellipsoid = latitude, longitude, height
    flight.altitude_msl = height - undulation(geoid, latitude, longitude)
    m = ned_to_ecef_matrix(latitude, longitude)
    flight.velocity_north = m[0] * v[0] + m[3] * v[1] + m[6] * v[2]
    flight.velocity_east = m[1] * v[0] + m[4] * v[1] + m[7] * v[2]
    flight.vertical_speed = -(m[2] * v[0] + m[5] * v[1] + m[8] * v[2])
    flight.distance += DT * hypot(flight.velocity_north, flight.velocity_east)
    return m


@compiled
def stand_over(vehicle, patches):
    """The ground below, as the runways imply it."""
    flight = vehicle.flight
    air.step_ground(vehicle.ground, patches, flight.latitude, flight.longitude)
    flight.ground_elevation_msl = vehicle.ground.elevation_msl
    flight.height_above_ground = flight.altitude_msl - vehicle.ground.elevation_msl


@compiled
def _stand_over_terrain(vehicle, patches, terrain):
    flight = vehicle.flight
    air.step_terrain(vehicle.ground, patches, terrain, flight.latitude, flight.longitude)
    flight.ground_elevation_msl = vehicle.ground.elevation_msl
    flight.height_above_ground = flight.altitude_msl - vehicle.ground.elevation_msl


@compiled
def feel(vehicle, body_to_ned):
    """Airspeed and flow angles as the vanes and tubes feel them; returns the axial airspeed."""
    m, flight, state, gust = body_to_ned, vehicle.flight, vehicle.air, vehicle.turbulence
    north = flight.velocity_north - state.wind_north
    east = flight.velocity_east - state.wind_east
    down = -flight.vertical_speed - state.wind_down
    u = m[0] * north + m[3] * east + m[6] * down - gust.velocity_body[0]
    v = m[1] * north + m[4] * east + m[7] * down - gust.velocity_body[1]
    w = m[2] * north + m[5] * east + m[8] * down - gust.velocity_body[2]
    flight.true_airspeed, flight.alpha, flight.beta = aerodynamics.flow(u, v, w)
    return u


@compiled
def observe(vehicle, body_to_ned):
    """Fill in what only people and logs look at."""
    m, flight, state, gust = body_to_ned, vehicle.flight, vehicle.air, vehicle.turbulence
    flight.roll, flight.pitch, flight.heading = euler_from_matrix(
        m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
    flight.track = atan2(flight.velocity_east, flight.velocity_north)
    flight.ground_speed = hypot(flight.velocity_north, flight.velocity_east)
    flight.load_factor = -vehicle.body.specific_force_body[2] / 9.80665
    pressure = impact_pressure(state.pressure, state.temperature, flight.true_airspeed)
    flight.calibrated_airspeed = 340.294 * sqrt(
        5.0 * ((pressure / 101325.0 + 1.0) ** (2.0 / 7.0) - 1.0))
    g = gust.velocity_body
    flight.wind_north = state.wind_north + m[0] * g[0] + m[1] * g[1] + m[2] * g[2]
    flight.wind_east = state.wind_east + m[3] * g[0] + m[4] * g[1] + m[5] * g[2]


@compiled
def body_to_ned_of(vehicle, ned):
    """Nine elements of body to NED, row-major."""
    a = vehicle.body.attitude
    return transposed_product(ned, matrix_from_quaternion(a[0], a[1], a[2], a[3]))


@compiled
def propel(vehicle, sheet, airspeed_axial):
    """Advance engines and propellers and burn their fuel."""
    burnt, mach = 0.0, 0.0
    if sheet.engine.kind == TURBOPROP:
        mach = vehicle.flight.true_airspeed / sqrt(
            HEAT_RATIO * GAS_CONSTANT * vehicle.air.temperature)
    for i in range(sheet.engine.count):
        burnt += propulsion.step(
            vehicle.engines[i], vehicle.propellers[i], sheet.engine, sheet.propeller,
            vehicle.actuators.throttle[i], vehicle.commands.engine_speed[i],
            vehicle.commands.feather[i], airspeed_axial, vehicle.air.density,
            vehicle.air.density_ratio, mach, vehicle.mass.fuel_mass - burnt, DT)
    vehicle.mass.fuel_mass = max(vehicle.mass.fuel_mass - burnt, 0.0)
    if vehicle.clock.tick % MASS_DIVISOR == 0:
        mass.step(vehicle.mass, sheet.mass)


@compiled
def surround(vehicle, sheet, world):
    """Place the aircraft, its air, ground and gusts.

    Returns the matrices NED to ECEF and body to NED at this instant, and the axial airspeed [m/s].
    """
    flight = vehicle.flight
    ned = locate(vehicle, world.geoid, world.earth[0])
    # What is absent is not even handed over: passing its arrays would cost time.
    if len(world.terrain.heights) > 0:
        _stand_over_terrain(vehicle, world.patches, world.terrain)
    else:
        stand_over(vehicle, world.patches)
    if len(world.weather.seconds) > 0:
        air.step_weather(vehicle.air, world.weather, flight, vehicle.clock.time)
    else:
        air.step_air(vehicle.air, world.wind[0], flight)
    if world.turbulence[0].level > 0:
        if vehicle.clock.tick % TURBULENCE_DIVISOR == 0:
            turbulence.step(
                vehicle.turbulence, world.turbulence[0], vehicle.streams.turbulence,
                flight.height_above_ground, max(flight.true_airspeed, 10.0), sheet.geometry.span,
                TURBULENCE_DIVISOR * DT)
        gust.step(vehicle.gust, vehicle.turbulence, flight.true_airspeed, sheet.geometry.span, DT)
    body_to_ned = body_to_ned_of(vehicle, ned)
    return ned, body_to_ned, feel(vehicle, body_to_ned)


@compiled
def sense(vehicle, sheet, world, body_to_ned):
    """Take the samples that are due."""
    number, flight = vehicle.clock.tick, vehicle.flight
    magnetic = (0.0, 0.0, 0.0)
    if number % suite.MAGNETOMETER_DIVISOR == 0:
        table = world.magnetic
        magnetic = magnetic_field_ned(table.values, table.first_latitude, table.first_longitude,
                                      table.step, flight.latitude, flight.longitude)
    gear_height = sheet.landing_gear.wheels[1].position[2] - vehicle.mass.position[2]
    suite.step(vehicle.sensors, vehicle, number, body_to_ned, magnetic, gear_height)


@compiled
def decide(vehicle, sheet, plan, world, carried):
    """First half of a tick: environment, sensors, autopilot, servos, engines.

    Returns the matrices NED to ECEF and body to NED at this instant.
    """
    ned, body_to_ned, axial = surround(vehicle, sheet, world)
    sense(vehicle, sheet, world, body_to_ned)
    autopilot.step(vehicle.autopilot, vehicle.sensors, vehicle.commands, plan, sheet,
                   world.earth[0], carried, vehicle.events, vehicle.clock.tick, DT)
    actuators.step(vehicle.actuators, vehicle.commands, sheet.actuators, sheet.landing_gear, DT)
    propel(vehicle, sheet, axial)
    return ned, body_to_ned


@compiled
def move(vehicle, sheet, world, ned, body_to_ned):
    """Second half of a tick: forces and moments, integration, contacts and events."""
    motion.step(vehicle, sheet, world.earth[0], ned, DT)
    vehicle.clock.tick += 1
    vehicle.clock.time = vehicle.clock.tick * DT
    watch(vehicle, sheet, body_to_ned)


@compiled
def watch(vehicle, sheet, body_to_ned):
    """Contacts and events: lift-off, touchdown, loads, pavement, loss."""
    status, gear, flight, time = vehicle.status, vehicle.gear, vehicle.flight, vehicle.clock.time
    if vehicle.clock.tick % WARNING_DIVISOR == 0:
        _warn(vehicle, sheet, time)
    if flight.height_above_ground > motion.GROUND_HEIGHT:
        if not status.airborne:
            status.airborne = True
            if status.lift_off_time == 0.0:
                status.lift_off_time = time
        return
    if gear.weight_on_wheels and status.airborne:
        status.airborne = False
        _touch_down(vehicle, sheet, body_to_ned, time)
    if status.touchdown_time > 0.0 and not status.airborne:
        status.touchdown_vertical_load = max(status.touchdown_vertical_load, gear.vertical_load)
        status.touchdown_side_load = max(status.touchdown_side_load, abs(gear.side_load))
    if gear.weight_on_wheels and not vehicle.ground.paved and not status.off_pavement:
        status.off_pavement = True
        events.note(vehicle.events, time, events.OFF_PAVEMENT, 0, 0.0)
    tipped = gear.weight_on_wheels and abs(
        atan2(body_to_ned[7], body_to_ned[8])) > LARGEST_BANK_ON_WHEELS
    lying = LEAST_HEIGHT * (sheet.landing_gear.wheels[1].position[2] - vehicle.mass.position[2])
    if time > SETTLE_TIME and (flight.height_above_ground < lying or tipped):
        if status.outcome == FLYING:
            events.note(vehicle.events, time, events.IMPACT, 0, flight.vertical_speed)
        status.outcome = LOST
    state = vehicle.autopilot.modes
    if state.phase == modes.STOPPED and time - state.since > STOPPED_TIME and (
            status.outcome == FLYING):
        status.outcome = LANDED


@compiled
def _touch_down(vehicle, sheet, body_to_ned, time):
    status, flight, ground = vehicle.status, vehicle.flight, vehicle.ground
    status.touchdown_time = time
    status.touchdown_latitude, status.touchdown_longitude = flight.latitude, flight.longitude
    rise = (ground.slope_north * flight.velocity_north + ground.slope_east * flight.velocity_east)
    status.touchdown_sink = rise - flight.vertical_speed
    status.touchdown_airspeed = flight.true_airspeed * sqrt(vehicle.air.density_ratio)
    status.touchdown_bank = atan2(body_to_ned[7], body_to_ned[8])
    status.touchdown_vertical_load, status.touchdown_side_load = 0.0, 0.0
    events.note(vehicle.events, time, events.TOUCHDOWN, 0, status.touchdown_sink)
    if status.touchdown_sink > sheet.landing_gear.sink_limit:
        events.note(vehicle.events, time, events.HARD_LANDING, 0, status.touchdown_sink)


@compiled
def _warn(vehicle, sheet, time):
    """Note stall, overspeed and a stopped engine as they begin; gusts alone do not count."""
    status, flight, aero = vehicle.status, vehicle.flight, sheet.aerodynamics
    airborne = flight.height_above_ground > motion.GROUND_HEIGHT
    stall = (aero.CL_max - aero.CL0) / aero.CL_alpha
    status.alpha += (flight.alpha - status.alpha) * WARNING_DIVISOR * DT / ALPHA_TIME
    stalling = airborne and status.alpha > stall
    if stalling and not status.stall_warning:
        events.note(vehicle.events, time, events.STALL_WARNING, 0, status.alpha)
    status.stall_warning = stalling or (
        status.stall_warning and status.alpha > stall - WARNING_BAND)
    calibrated = flight.true_airspeed * sqrt(vehicle.air.density_ratio)
    fast = airborne and calibrated > sheet.limits.never_exceed_speed
    if fast and not status.overspeed:
        events.note(vehicle.events, time, events.OVERSPEED, 0, calibrated)
    status.overspeed = fast
    if vehicle.air.beyond_weather and not status.beyond_weather:
        events.note(vehicle.events, time, events.BEYOND_WEATHER, 0, 0.0)
    status.beyond_weather = vehicle.air.beyond_weather
    if vehicle.ground.unknown and not status.beyond_terrain:
        events.note(vehicle.events, time, events.BEYOND_TERRAIN, 0, 0.0)
    status.beyond_terrain = vehicle.ground.unknown
    for i in range(sheet.engine.count):
        if not vehicle.engines[i].running and not status.engine_stopped[i]:
            status.engine_stopped[i] = 1
            events.note(vehicle.events, time, events.ENGINE_STOPPED, i + 1, 0.0)


@compiled
def run(vehicles, index, sheets, plan, world, ticks, rows, log_divisor):
    """Advance one aircraft by up to ``ticks``, copying its record into ``rows`` as logs fall due.

    Stops early when the aircraft has landed or is lost, or when ``rows`` is full. Returns the
    number of rows filled.
    """
    vehicle, sheet = vehicles[index], sheets[0]
    carried = Carried(world.geoid, world.magnetic)
    filled = 0
    for tick in range(ticks):
        log = log_divisor > 0 and vehicle.clock.tick % log_divisor == 0
        if vehicle.status.outcome != FLYING or (log and filled >= len(rows)):
            break
        ned, body_to_ned = decide(vehicle, sheet, plan, world, carried)
        if log:
            observe(vehicle, body_to_ned)
            rows[filled] = vehicle
            filled += 1
        move(vehicle, sheet, world, ned, body_to_ned)
        if tick == ticks - 1 or vehicle.status.outcome != FLYING:
            observe(vehicle, body_to_ned)
    return filled
