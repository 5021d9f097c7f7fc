"""Where the aircraft is without satellites: dead reckoning from the last fix.

Velocity over the ground is air velocity (air data turned by the attitude) plus the wind as it was
known last; heading is held by the magnetometer; height is carried on from the last fix by the
hydrostatic equation, dh = -(R T / g) dp / p, over the measured static pressure and temperature.
The inertial unit carries the velocity that the last fixes left, and loses it over ``SMOOTHING``; no
real one of this class would carry a position for minutes. Between a velocity that is known at first
and air data of noise R, where the unit's own errors add Q, the gain of the Kalman filter obeys
dK/dt = Q/R - K^2 (the scalar Riccati equation; Gelb, Applied Optimal Estimation, 1974, chapter 4),
so that

    K = tanh(t / T) / T,    T = sqrt(R / Q) = SMOOTHING.

With a wind that differs by dw from the one that is held, the position drifts by

    dw (t - T gd(t / T)),    gd(x) = 2 atan(tanh(x / 2)),

which is dw t^3 / 6 T^2 at first and dw (t - pi T / 2) in the end. The accuracy stated grows so with
an assumed wind error. On its wheels the aircraft goes where they roll, along its heading, and
nothing that the air does across it counts. A fix that comes back is taken whole, position and
velocity at once: only small errors may turn the attitude, as the corrections of
``complementary_filter.py`` do.
"""

from math import atan, cos, hypot, log, sin, sqrt, tanh

from longwatch.autopilot.estimation.air_data import air_velocity
from longwatch.compiled import compiled
from longwatch.earth.frames import ned_to_ecef_matrix
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import f8, field, record

# Without a fix for longer than this, the estimate counts as dead reckoning [s].
PATIENCE = 0.5
# Air data pull the velocity within this time [s], once what the fixes left is worn out.
SMOOTHING = 8.0
# Velocity across the heading is gone within this time on the wheels [s].
ROLLING = 1.0
# Height follows pressure: natural frequency [rad/s] and damping of the filter.
HEIGHT_FREQUENCY = 0.5
HEIGHT_DAMPING = 0.8
# Nominal accuracy of a fix [m], and what is assumed without one: the wind errs by so much [m/s]
# and by this share of itself, height by a share of what was climbed and by the weather [m/s].
FIX_HORIZONTAL, FIX_VERTICAL = 1.5, 3.0
WIND_ERROR, WIND_ERROR_SHARE = 1.0, 0.2
HEIGHT_ERROR_SHARE, HEIGHT_ERROR_RATE = 0.01, 0.003
GAS_CONSTANT = 287.05287
EARTH_RADIUS = 6356766.0


@record
class DeadReckoningState:
    drift: f8 = field("m", "how far the last fix that came back was from where it was reckoned",
                      logged=False)
    height: f8 = field("m", "height over the ellipsoid by pressure", logged=False)
    begun_at: f8 = field("m", "that height when the fix was lost", logged=False)
    log_pressure: f8 = field("", "logarithm of the last static pressure", logged=False)


@compiled
def _begin(state, estimate, air_data):
    estimate.dead_reckoned = True
    estimate.wind_north, estimate.wind_east = estimate.mean_wind_north, estimate.mean_wind_east
    state.height = state.begun_at = estimate.height_ellipsoid
    state.log_pressure = log(air_data.static_pressure) if air_data.valid else 0.0


@compiled
def _climb(state, estimate, air_data):
    """Carry the height on by what the static pressure has changed."""
    if not air_data.valid:
        state.height, state.log_pressure = estimate.height_ellipsoid, 0.0
        return
    now = log(max(air_data.static_pressure, 100.0))
    if state.log_pressure != 0.0:
        shell = 1.0 + estimate.altitude_msl / EARTH_RADIUS
        state.height -= (GAS_CONSTANT * air_data.temperature / GRAVITY * shell * shell
                         * (now - state.log_pressure))
    state.log_pressure = now


@compiled
def _judge(state, estimate):
    age = estimate.fix_age
    wind = hypot(estimate.wind_north, estimate.wind_east)
    wind_error = hypot(WIND_ERROR, WIND_ERROR_SHARE * wind)
    estimate.horizontal_accuracy = hypot(FIX_HORIZONTAL, wind_error * drift_time(age))
    climbed = HEIGHT_ERROR_SHARE * (state.height - state.begun_at)
    weather = HEIGHT_ERROR_RATE * age
    estimate.vertical_accuracy = sqrt(FIX_VERTICAL * FIX_VERTICAL + climbed * climbed
                                      + weather * weather)


@compiled
def drift_time(age):
    """Position error [m] per error of the wind [m/s], so long [s] after the last fix."""
    return age - 2.0 * SMOOTHING * atan(tanh(0.5 * age / SMOOTHING))


@compiled
def _pull(state, estimate, dt):
    """What the velocity towards north and east is to change by in ``dt`` s [m/s]."""
    north, east = air_velocity(estimate)
    north += estimate.wind_north - estimate.velocity_north
    east += estimate.wind_east - estimate.velocity_east
    share = tanh(estimate.fix_age / SMOOTHING) * dt / SMOOTHING
    if not estimate.gauges.weight_on_wheels:
        return share * north, share * east
    c, s = cos(estimate.heading), sin(estimate.heading)
    along = share * (north * c + east * s)
    across = (estimate.velocity_north * s - estimate.velocity_east * c) * dt / (ROLLING + dt)
    return along * c - across * s, along * s + across * c


@compiled
def step(state, estimate, air_data, dt):
    """Pull velocity and height of ``estimate`` to what is reckoned, over ``dt`` s.

    ``dt`` has been added to ``fix_age`` already. Without a fix for ``PATIENCE`` only.
    """
    if estimate.fix_age < PATIENCE:
        return
    if not estimate.dead_reckoned:
        _begin(state, estimate, air_data)
    _climb(state, estimate, air_data)
    north, east = _pull(state, estimate, dt)
    off = state.height - estimate.height_ellipsoid
    rise = 2.0 * HEIGHT_DAMPING * HEIGHT_FREQUENCY * off * dt
    climb = HEIGHT_FREQUENCY * HEIGHT_FREQUENCY * off * dt
    m, at, v = estimate.ned, estimate.position_ecef, estimate.velocity_ecef
    for i in range(3):
        v[i] += m[3 * i] * north + m[3 * i + 1] * east - m[3 * i + 2] * climb
        at[i] -= m[3 * i + 2] * rise
    _judge(state, estimate)


@compiled
def take_up(state, estimate, fix, earth):
    """Take a fix that has come back whole; attitude and wind go on as they are."""
    estimate.dead_reckoned, estimate.wind_known = False, 0.0
    x, y, z = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    m = ned_to_ecef_matrix(fix.latitude, fix.longitude)
    n, e, d = fix.velocity_north, fix.velocity_east, fix.velocity_down
    at, v = estimate.position_ecef, estimate.velocity_ecef
    east = m[1] * (x - at[0]) + m[4] * (y - at[1]) + m[7] * (z - at[2])
    state.drift = hypot(m[0] * (x - at[0]) + m[3] * (y - at[1]) + m[6] * (z - at[2]), east)
    at[0], at[1], at[2] = x, y, z
    for i in range(3):
        v[i] = m[3 * i] * n + m[3 * i + 1] * e + m[3 * i + 2] * d


@compiled
def note_fix(estimate):
    """A fix was used: its accuracy is the estimate's."""
    estimate.fix_age = 0.0
    estimate.horizontal_accuracy, estimate.vertical_accuracy = FIX_HORIZONTAL, FIX_VERTICAL
