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
velocity at once: only small errors may turn the attitude, as the corrections of ``navigation.py``
do.
"""

from math import atan, cos, hypot, log, sin, sqrt, tanh

from longwatch.autopilot.estimation.voting import chosen
from longwatch.compiled import compiled
from longwatch.earth.frames import ned_to_ecef_matrix
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import geodetic_to_ecef
from longwatch.record import b1, f8, field, record

# Without a fix for longer than this, the estimate counts as dead reckoning [s].
PATIENCE = 0.5
# Air data pull the velocity within this time [s], once what the fixes left is worn out.
SMOOTHING = 8.0
# Velocity across the heading is gone within this time on the wheels [s].
ROLLING = 1.0
# Wind is averaged over as much as this before it is held: gusts are no wind [s].
WIND_MEMORY = 60.0
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
    gnss_valid: b1 = field("", "a receiver holds a fix", logged=False)
    active: b1 = field("", "no fix: the position is reckoned")
    since: f8 = field("s", "time of the last fix, where it is", logged=False)
    fix_age: f8 = field("s", "time since the last fix", logged=False)
    horizontal_accuracy: f8 = field("m", "standard error of the position stated")
    vertical_accuracy: f8 = field("m", "standard error of the height stated", logged=False)
    drift: f8 = field("m", "how far the last fix that came back was from where it was reckoned",
                      logged=False)
    wind_known: f8 = field("s", "time that the mean wind is made of", logged=False)
    mean_wind_north: f8 = field("m/s", "wind, gusts averaged out, towards north", logged=False)
    mean_wind_east: f8 = field("m/s", "wind, gusts averaged out, towards east", logged=False)
    mean_wind_altitude: f8 = field("m", "altitude above mean sea level where it was found, on the "
                                        "mean", logged=False)
    height: f8 = field("m", "height over the ellipsoid by pressure", logged=False)
    begun_at: f8 = field("m", "that height when the fix was lost", logged=False)
    log_pressure: f8 = field("", "logarithm of the last static pressure", logged=False)


@compiled
def remember_wind(state, north, east, altitude, dt):
    """Average the wind [m/s] as it is found, and the altitude [m] there, ``dt`` s at a time."""
    state.wind_known = min(state.wind_known + dt, WIND_MEMORY)
    share = dt / state.wind_known
    state.mean_wind_north += share * (north - state.mean_wind_north)
    state.mean_wind_east += share * (east - state.mean_wind_east)
    state.mean_wind_altitude += share * (altitude - state.mean_wind_altitude)


@compiled
def _begin(state, navigation, sensors, time):
    state.active, state.since = True, time - state.fix_age
    navigation.wind_north, navigation.wind_east = state.mean_wind_north, state.mean_wind_east
    state.height = state.begun_at = navigation.height_ellipsoid
    channel = chosen(sensors.air_data)
    state.log_pressure = log(sensors.air_data[channel].static_pressure) if channel >= 0 else 0.0


@compiled
def _climb(state, navigation, sensors):
    """Carry the height on by what the static pressure has changed."""
    channel = chosen(sensors.air_data)
    if channel < 0:
        state.height, state.log_pressure = navigation.height_ellipsoid, 0.0
        return
    sample = sensors.air_data[channel]
    now = log(max(sample.static_pressure, 100.0))
    if state.log_pressure != 0.0:
        shell = 1.0 + navigation.altitude_msl / EARTH_RADIUS
        state.height -= (GAS_CONSTANT * sample.temperature / GRAVITY * shell * shell
                         * (now - state.log_pressure))
    state.log_pressure = now


@compiled
def _judge(state, navigation):
    age = state.fix_age
    wind = hypot(navigation.wind_north, navigation.wind_east)
    wind_error = hypot(WIND_ERROR, WIND_ERROR_SHARE * wind)
    state.horizontal_accuracy = hypot(FIX_HORIZONTAL, wind_error * drift_time(age))
    climbed = HEIGHT_ERROR_SHARE * (state.height - state.begun_at)
    weather = HEIGHT_ERROR_RATE * age
    state.vertical_accuracy = sqrt(FIX_VERTICAL * FIX_VERTICAL + climbed * climbed
                                   + weather * weather)


@compiled
def drift_time(age):
    """Position error [m] per error of the wind [m/s], so long [s] after the last fix."""
    return age - 2.0 * SMOOTHING * atan(tanh(0.5 * age / SMOOTHING))


@compiled
def _pull(state, navigation, dt):
    """What the velocity towards north and east is to change by in ``dt`` s [m/s]."""
    north, east = air_velocity(navigation)
    north += navigation.wind_north - navigation.velocity_north
    east += navigation.wind_east - navigation.velocity_east
    share = tanh(state.fix_age / SMOOTHING) * dt / SMOOTHING
    if not navigation.weight_on_wheels:
        return share * north, share * east
    c, s = cos(navigation.heading), sin(navigation.heading)
    along = share * (north * c + east * s)
    across = (navigation.velocity_north * s - navigation.velocity_east * c) * dt / (ROLLING + dt)
    return along * c - across * s, along * s + across * c


@compiled
def air_velocity(navigation):
    """Velocity through the air towards north and east [m/s]."""
    m, speed = navigation.body_to_ned, navigation.true_airspeed
    u = cos(navigation.alpha) * cos(navigation.beta) * speed
    v = sin(navigation.beta) * speed
    w = sin(navigation.alpha) * cos(navigation.beta) * speed
    return m[0] * u + m[1] * v + m[2] * w, m[3] * u + m[4] * v + m[5] * w


@compiled
def step(state, navigation, sensors, time, dt):
    """Pull velocity and height of ``navigation`` to what is reckoned, over ``dt`` s.

    ``dt`` has been added to ``fix_age`` already. Without a fix for ``PATIENCE`` only.
    """
    if state.fix_age < PATIENCE:
        return
    if not state.active:
        _begin(state, navigation, sensors, time)
    _climb(state, navigation, sensors)
    north, east = _pull(state, navigation, dt)
    off = state.height - navigation.height_ellipsoid
    rise = 2.0 * HEIGHT_DAMPING * HEIGHT_FREQUENCY * off * dt
    climb = HEIGHT_FREQUENCY * HEIGHT_FREQUENCY * off * dt
    m, at, v = navigation.ned, navigation.position_ecef, navigation.velocity_ecef
    for i in range(3):
        v[i] += m[3 * i] * north + m[3 * i + 1] * east - m[3 * i + 2] * climb
        at[i] -= m[3 * i + 2] * rise
    _judge(state, navigation)


@compiled
def take_up(state, navigation, fix, earth):
    """Take a fix that has come back whole; attitude and wind go on as they are."""
    state.active, state.wind_known = False, 0.0
    x, y, z = geodetic_to_ecef(earth, fix.latitude, fix.longitude, fix.height_ellipsoid)
    m = ned_to_ecef_matrix(fix.latitude, fix.longitude)
    n, e, d = fix.velocity_north, fix.velocity_east, fix.velocity_down
    at, v = navigation.position_ecef, navigation.velocity_ecef
    east = m[1] * (x - at[0]) + m[4] * (y - at[1]) + m[7] * (z - at[2])
    state.drift = hypot(m[0] * (x - at[0]) + m[3] * (y - at[1]) + m[6] * (z - at[2]), east)
    at[0], at[1], at[2] = x, y, z
    for i in range(3):
        v[i] = m[3 * i] * n + m[3 * i + 1] * e + m[3 * i + 2] * d


@compiled
def note_fix(state):
    """A fix was used: its accuracy is the estimate's."""
    state.fix_age = 0.0
    state.horizontal_accuracy, state.vertical_accuracy = FIX_HORIZONTAL, FIX_VERTICAL
