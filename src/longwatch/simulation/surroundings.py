"""Where the aircraft is, and what is around it: Earth, ground, air and gusts."""

from math import atan2, hypot, sqrt

from longwatch.compiled import compiled
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    transposed_product,
)
from longwatch.earth.geoid import undulation
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import ecef_to_geodetic
from longwatch.environment import air, turbulence
from longwatch.flight import aerodynamics, gust
from longwatch.sensors.air_data import impact_pressure
from longwatch.simulation import conditions
from longwatch.simulation.vehicle import DT

TURBULENCE_DIVISOR = 2


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
    flight.load_factor = -vehicle.body.specific_force_body[2] / GRAVITY
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
def _gust(vehicle, sheet, parameters):
    """Advance the gusts, as every tick does in turbulence."""
    flight, span = vehicle.flight, sheet.geometry.span
    if vehicle.clock.tick % TURBULENCE_DIVISOR == 0:
        turbulence.step(
            vehicle.turbulence, parameters, vehicle.streams.turbulence,
            flight.height_above_ground, max(flight.true_airspeed, 10.0), span,
            TURBULENCE_DIVISOR * DT)
    gust.step(vehicle.gust, vehicle.turbulence, flight.true_airspeed, span, DT)


@compiled
def _stir(vehicle, sheet, parameters):
    if vehicle.clock.tick % TURBULENCE_DIVISOR == 0:
        conditions.stir(vehicle.conditions, vehicle.turbulence, vehicle.clock.time)
    _gust(vehicle, sheet, parameters)


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
    if vehicle.conditions.own_wind:
        conditions.blow(vehicle.conditions, vehicle.air, flight.height_above_ground,
                        vehicle.clock.time)
    if vehicle.conditions.own_turbulence:
        _stir(vehicle, sheet, vehicle.conditions.turbulence)
    elif world.turbulence[0].level > 0:
        _gust(vehicle, sheet, world.turbulence[0])
    body_to_ned = body_to_ned_of(vehicle, ned)
    return ned, body_to_ned, feel(vehicle, body_to_ned)
