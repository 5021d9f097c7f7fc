"""The air and the ground at the aircraft, sampled once a tick."""

from longwatch.compiled import compiled
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.environment.ground import ground_below
from longwatch.environment.wind import wind_at
from longwatch.record import b1, f8, field, record

SEA_LEVEL_DENSITY = 1.225


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
    wing_over_cg: f8 = field("m", "wing above the centre of gravity, standing", logged=False)


@record
class GroundState:
    elevation_msl: f8 = field("m", "ground below the aircraft above mean sea level")
    slope_north: f8 = field("", "rise of the ground per metre northward")
    slope_east: f8 = field("", "rise of the ground per metre eastward")
    paved: b1 = field("", "a paved surface lies below")


@compiled
def step_air(air, wind, altitude_msl, height_above_ground):
    """Sample wind and atmosphere at an altitude and a height above ground [m]."""
    air.wind_north, air.wind_east, air.wind_down = wind_at(wind, max(height_above_ground, 0.0))
    air.temperature, air.pressure, density, _ = standard_atmosphere(altitude_msl)
    above = standard_atmosphere(altitude_msl + 1.0)[2]
    air.density = density
    air.density_gradient = above / density - 1.0
    air.density_ratio = density / SEA_LEVEL_DENSITY


@compiled
def step_ground(ground, patches, latitude, longitude):
    """Sample the ground below a position [rad]."""
    elevation, north, east, paved = ground_below(patches, len(patches), latitude, longitude)
    ground.elevation_msl, ground.slope_north, ground.slope_east = elevation, north, east
    ground.paved = paved
