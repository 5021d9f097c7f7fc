"""Wind and turbulence changed while an aircraft flies: each aircraft's own, kept in its record.

The world's wind and turbulence are shared and never written. Here a new steady wind, with the
profile of ``environment.wind``, takes the world's place, and new gust intensities; each evenly over
a time, so that nothing jumps.
"""

from longwatch.compiled import compiled
from longwatch.environment.turbulence import TurbulenceParameters
from longwatch.environment.wind import EXPONENT, GRADIENT_HEIGHT, REFERENCE_HEIGHT
from longwatch.record import b1, f8, field, record

POINTS = TurbulenceParameters.dtype["sigma"].shape[0]


@record
class WindShare:
    """A wind: so much of the world's, and beside it one with the profile of ``wind.py``."""

    world: f8 = field("", "share of the world's own wind")
    north: f8 = field("m/s", "wind added at the reference height, towards north")
    east: f8 = field("m/s", "wind added at the reference height, towards east")


@record
class ConditionsState:
    own_wind: b1 = field("", "the wind was changed in this flight")
    wind_since: f8 = field("s", "time when it began to change", logged=False)
    wind_over: f8 = field("s", "time that the change takes", logged=False)
    wind_before: WindShare = field("", "wind before the change", logged=False)
    wind_after: WindShare = field("", "wind after it", logged=False)
    own_turbulence: b1 = field("", "the turbulence was changed in this flight")
    turbulence_since: f8 = field("s", "time when it began to change", logged=False)
    turbulence_over: f8 = field("s", "time that the change takes", logged=False)
    turbulence_before: TurbulenceParameters = field("", "before the change", logged=False)
    turbulence_after: TurbulenceParameters = field("", "after it", logged=False)
    turbulence: TurbulenceParameters = field("", "in force", logged=False)


@compiled
def done(time, since, over):
    """Share of a change that is done, 0 to 1."""
    if time >= since + over:
        return 1.0
    return max(time - since, 0.0) / over


@compiled
def wind_share(conditions, time):
    """(share of the world's wind, wind added at the reference height north, east [m/s])."""
    before, after = conditions.wind_before, conditions.wind_after
    s = done(time, conditions.wind_since, conditions.wind_over)
    return (before.world + s * (after.world - before.world),
            before.north + s * (after.north - before.north),
            before.east + s * (after.east - before.east))


@compiled
def blow(conditions, air, height_above_ground, time):
    """Put the changed wind in the place of the world's, which ``air`` holds already."""
    world, north, east = wind_share(conditions, time)
    height = min(max(height_above_ground, 0.0), GRADIENT_HEIGHT)
    profile = (height / REFERENCE_HEIGHT) ** EXPONENT
    air.wind_north = world * air.wind_north + profile * north
    air.wind_east = world * air.wind_east + profile * east
    air.wind_down *= world


@compiled
def stir(conditions, gusts, time):
    """Bring the gust intensities in force up to ``time``; ``gusts`` fade out with the last."""
    s = done(time, conditions.turbulence_since, conditions.turbulence_over)
    before, after, now = (conditions.turbulence_before, conditions.turbulence_after,
                          conditions.turbulence)
    now.w20 = before.w20 + s * (after.w20 - before.w20)
    for i in range(POINTS):
        now.sigma[i] = before.sigma[i] + s * (after.sigma[i] - before.sigma[i])
    now.level = after.level if s >= 1.0 else max(before.level, after.level)
    if now.level == 0:
        for i in range(3):
            gusts.velocity_body[i], gusts.rate_body[i] = 0.0, 0.0
