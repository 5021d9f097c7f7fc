"""The wind: velocity over the ground less that through the air.

On its wheels the wind is felt where the aircraft stands, over a longer time. A mean over a minute
is kept besides, for when the wind can no longer be found.
"""

from math import hypot

from longwatch.autopilot.estimation.air_data import LEAST_WIND_AIRSPEED, air_velocity
from longwatch.compiled import compiled

WIND_TIME_CONSTANT = 8.0
# Standing in gusts [s].
GROUND_WIND_TIME_CONSTANT = 30.0
# Gusts are judged over so long [s]: from the gate to the ground, several of their eddies.
GUST_TIME_CONSTANT = 40.0
# Wind is averaged over as much as this before it is held: gusts are no wind [s].
WIND_MEMORY = 60.0


@compiled
def find(estimate, air_data_valid, dt):
    """Carry the wind of ``estimate`` on by what is felt now, every ``dt`` s, where it can be."""
    on_wheels = estimate.gauges.weight_on_wheels
    slow = estimate.air.true_airspeed < LEAST_WIND_AIRSPEED
    if estimate.dead_reckoned or not air_data_valid or (
            slow and (estimate.air.doubted or not on_wheels)):
        return
    north, east = air_velocity(estimate)
    north, east = estimate.velocity_north - north, estimate.velocity_east - east
    share = dt / ((GROUND_WIND_TIME_CONSTANT if slow else WIND_TIME_CONSTANT) + dt)
    estimate.wind_north += share * (north - estimate.wind_north)
    estimate.wind_east += share * (east - estimate.wind_east)
    _gusts(estimate, north, east, dt)
    remember(estimate, dt)


@compiled
def _gusts(estimate, north, east, dt):
    """Carry the variance of the gusts on by the wind felt at this instant [m/s]."""
    if estimate.gauges.weight_on_wheels:
        estimate.gust_variance = 0.0
        return
    north, east = north - estimate.wind_north, east - estimate.wind_east
    found = 0.5 * (north * north + east * east)
    estimate.gust_variance += (found - estimate.gust_variance) * dt / (GUST_TIME_CONSTANT + dt)


@compiled
def remember(estimate, dt):
    """Average the wind as it is found, and the altitude there, ``dt`` s at a time."""
    estimate.wind_known = min(estimate.wind_known + dt, WIND_MEMORY)
    share = dt / estimate.wind_known
    estimate.mean_wind_north += share * (estimate.wind_north - estimate.mean_wind_north)
    estimate.mean_wind_east += share * (estimate.wind_east - estimate.mean_wind_east)
    estimate.mean_wind_altitude += share * (estimate.altitude_msl - estimate.mean_wind_altitude)


@compiled
def turn(estimate, frame):
    """Keep the wind as it is while north turns under way, at a pole by half a turn.

    ``frame`` is the matrix NED to ECEF that takes the place of ``estimate.ned``.
    """
    m = estimate.ned
    c = m[0] * frame[0] + m[3] * frame[3] + m[6] * frame[6]
    s = m[0] * frame[1] + m[3] * frame[4] + m[6] * frame[7]
    length = hypot(c, s)
    if length < 0.5:  # before the first position there is no frame
        return
    c, s = c / length, s / length
    estimate.wind_north, estimate.wind_east = (
        c * estimate.wind_north - s * estimate.wind_east,
        s * estimate.wind_north + c * estimate.wind_east)
    estimate.mean_wind_north, estimate.mean_wind_east = (
        c * estimate.mean_wind_north - s * estimate.mean_wind_east,
        s * estimate.mean_wind_north + c * estimate.mean_wind_east)
