"""The gust that the whole wing feels: turbulence averaged over the span.

Near the ground the vertical scale of turbulence is the height itself, a fraction of the span, and
eddies smaller than the wing cancel along it. For gusts with correlation exp(-y/L) across the span
the mean over a span b keeps the share (2L/b)(1 - (L/b)(1 - exp(-b/L))) of the variance (after
Diederich, NACA Report 1345, 1958); a first-order lag over b/3 of the way flown keeps L/(L + b/3)
of it, no less and at most 0.06 more for every L above b/4. Vanes and tubes feel the gust at a
point.
"""

from longwatch.compiled import compiled
from longwatch.record import f8, field, record

LEAST_AIRSPEED = 5.0


@record
class GustState:
    velocity_body: f8 = field("m/s", "gust averaged over the span, body axes", shape=(3,))


@compiled
def step(state, turbulence, airspeed, span, dt):
    """Follow the turbulence at a point over ``dt`` s at a true airspeed [m/s]."""
    share = dt / (span / (3.0 * max(airspeed, LEAST_AIRSPEED)) + dt)
    for i in range(3):
        state.velocity_body[i] += share * (turbulence.velocity_body[i] - state.velocity_body[i])
