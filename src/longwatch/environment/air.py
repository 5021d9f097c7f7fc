"""The air and the ground at the aircraft, sampled once a tick."""

from longwatch.compiled import compiled
from longwatch.earth.standard import SEA_LEVEL_DENSITY
from longwatch.environment.atmosphere import GAS_CONSTANT, standard_atmosphere
from longwatch.environment.ground import ground_below
from longwatch.environment.terrain import ground_over_terrain
from longwatch.environment.weather import weather_at
from longwatch.environment.wind import wind_at
from longwatch.record import b1, f8, field, record


@record
class AirState:
    wind_north: f8 = field("m/s", "steady wind, towards north")
    wind_east: f8 = field("m/s", "steady wind, towards east")
    wind_down: f8 = field("m/s", "steady wind, downwards")
    temperature: f8 = field("K", "static temperature")
    pressure: f8 = field("Pa", "static pressure")
    density: f8 = field("kg/m3", "air density")
    density_gradient: f8 = field("1/m", "relative change of density with height")
    density_ratio: f8 = field("", "density over sea level's standard")
    beyond_weather: b1 = field("", "outside what the weather file covers", logged=False)
    wing_over_cg: f8 = field("m", "wing above the centre of gravity, standing", logged=False)


@record
class GroundState:
    elevation_msl: f8 = field("m", "ground below the aircraft above mean sea level")
    slope_north: f8 = field("", "rise of the ground per metre northward")
    slope_east: f8 = field("", "rise of the ground per metre eastward")
    paved: b1 = field("", "a paved surface lies below")
    unknown: b1 = field("", "outside the terrain tiles; the last elevation holds", logged=False)


@compiled
def step_air(air, wind, flight):
    """Sample the standard atmosphere and the profile of ``wind`` where the aircraft is.

    ``flight`` has altitude_msl and height_above_ground [m].
    """
    air.wind_north, air.wind_east, air.wind_down = wind_at(
        wind, max(flight.height_above_ground, 0.0))
    air.temperature, air.pressure, density, _ = standard_atmosphere(flight.altitude_msl)
    above = standard_atmosphere(flight.altitude_msl + 1.0)[2]
    air.density = density
    air.density_gradient = above / density - 1.0
    air.density_ratio = density / SEA_LEVEL_DENSITY


@compiled
def step_weather(air, weather, flight, time):
    """Sample a weather file where the aircraft is, ``time`` s after the start of the flight.

    ``flight`` has latitude, longitude [rad], altitude_msl and ground_elevation_msl [m]. Apart from
    :func:`step_air`, as handing the file's arrays over costs time even where they are empty.
    """
    north, east, temperature, pressure, gradient, covered = weather_at(
        weather, flight.latitude, flight.longitude, flight.altitude_msl,
        flight.ground_elevation_msl, time)
    air.wind_north, air.wind_east, air.wind_down = north, east, 0.0
    air.temperature, air.pressure = temperature, pressure
    air.density = pressure / (GAS_CONSTANT * temperature)
    air.density_gradient = gradient
    air.density_ratio = air.density / SEA_LEVEL_DENSITY
    air.beyond_weather = not covered


@compiled
def step_ground(ground, patches, latitude, longitude):
    """Sample the ground below a position [rad], as the runways imply it."""
    elevation, north, east, paved = ground_below(patches, len(patches), latitude, longitude)
    ground.elevation_msl, ground.slope_north, ground.slope_east = elevation, north, east
    ground.paved = paved


@compiled
def step_terrain(ground, patches, terrain, latitude, longitude):
    """Sample the ground below a position [rad], runways lying in terrain tiles."""
    elevation, north, east, paved = ground_over_terrain(
        patches, len(patches), terrain, latitude, longitude)
    ground.unknown = elevation != elevation
    if ground.unknown:
        elevation, north, east = ground.elevation_msl, 0.0, 0.0
    ground.elevation_msl, ground.slope_north, ground.slope_east = elevation, north, east
    ground.paved = paved
