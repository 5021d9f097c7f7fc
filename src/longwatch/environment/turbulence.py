"""Continuous turbulence with Dryden spectra, after MIL-F-8785C.

Source: MIL-F-8785C (1980), section 3.7: 3.7.1.2 spectra, 3.7.2.1 scale 1750 ft above 2000 ft,
figure 7 intensities there, 3.7.3 scales and intensities below 1000 ft (figures 10 and 11),
rotary gusts as in 3.7.5. Between 1000 and 2000 ft scales and intensities are interpolated.
W20, the wind at 20 ft that sets the intensity near the ground, is 15, 30 and 45 kt for light,
moderate and severe; from figure 7 these take the curves of exceedance probability 1e-2, 1e-3 and
1e-5. Figure 7 is read at the height above ground, as is all else here.

Each filter is advanced exactly over the step, so that variance and spectrum of the gusts do not
depend on its length: white noise drives u through 1/(1 + s), v and w through
(1 + sqrt(3) s)/(1 + s)^2, s in units of L/V, each scaled to variance 1 and multiplied by its
intensity at the end, which keeps the intensity right while height and airspeed change.
"""

import math

import numpy as np

from longwatch.compiled import compiled
from longwatch.errors import SetupError
from longwatch.random import normal
from longwatch.record import f8, field, i4, record

FOOT = 0.3048
KNOT = 1852.0 / 3600.0
LEVELS = ("none", "light", "moderate", "severe")
W20_KT = (0.0, 15.0, 30.0, 45.0)

# MIL-F-8785C, figure 7: altitude in ft, root mean square gust in ft/s.
FIGURE_7_ALTITUDE_FT = (500.0, 1750.0, 3750.0, 7500.0, 15000.0, 25000.0, 35000.0, 45000.0,
                        55000.0, 65000.0, 75000.0, 80000.0)
FIGURE_7_SIGMA_FT_S = (
    (6.6, 6.9, 7.4, 6.7, 4.6, 2.7, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0),
    (8.6, 9.6, 10.6, 10.1, 8.0, 6.6, 5.0, 4.2, 2.7, 0.0, 0.0, 0.0),
    (15.6, 17.6, 23.0, 23.6, 22.1, 20.0, 16.0, 15.1, 12.1, 7.9, 6.2, 5.1),
)
HIGH_SCALE = 1750.0 * FOOT
LOW_TOP = 1000.0 * FOOT
HIGH_FOOT = 2000.0 * FOOT
LOWEST = 10.0 * FOOT  # below this height the formulae of 3.7.3 are held
SLOWEST = 5.0  # m/s; air drifts past an aircraft that stands (grade: assumed)

_ALTITUDES = tuple(h * FOOT for h in FIGURE_7_ALTITUDE_FT)
_POINTS = len(_ALTITUDES)
_ROOT_2 = math.sqrt(2.0)
_ROOT_3 = math.sqrt(3.0)
_ROOT_12TH = math.sqrt(1.0 / 12.0)
_ROLL = math.pi * math.sqrt(0.1) * (0.25 * math.pi) ** (1.0 / 6.0)


@record
class TurbulenceParameters:
    level: i4 = field("", "0 none, 1 light, 2 moderate, 3 severe", minimum=0, maximum=3)
    w20: f8 = field("m/s", "wind at 20 ft that sets the intensity near the ground", minimum=0)
    sigma: f8 = field("m/s", "root mean square gust at the altitudes of figure 7",
                      shape=(_POINTS,))


@record
class TurbulenceState:
    velocity_body: f8 = field("m/s", "velocity of the gust, body axes", shape=(3,))
    rate_body: f8 = field("rad/s", "rotation of the air along span and length, body axes",
                          shape=(3,))
    forward: f8 = field("", "u filter", logged=False)
    side: f8 = field("", "v filter, first and second stage", shape=(2,), logged=False)
    vertical: f8 = field("", "w filter, first and second stage", shape=(2,), logged=False)
    roll: f8 = field("", "p filter", logged=False)
    pitch: f8 = field("m/s", "vertical gust as the length feels it, for q", logged=False)
    yaw: f8 = field("m/s", "side gust as the length feels it, for r", logged=False)


def turbulence_parameters(level: str) -> np.ndarray:
    """One :class:`TurbulenceParameters` (length 1) for "none", "light", "moderate" or "severe".

    Raises:
        SetupError: no such level.
    """
    if level not in LEVELS:
        raise SetupError(f'turbulence "{level}" is unknown: choose one of {", ".join(LEVELS)}')
    number = LEVELS.index(level)
    parameters: np.ndarray = TurbulenceParameters.zeros()
    parameters["level"] = number
    parameters["w20"] = W20_KT[number] * KNOT
    if number:
        parameters["sigma"] = np.array(FIGURE_7_SIGMA_FT_S[number - 1]) * FOOT
    return parameters


@compiled
def _figure_7(parameters, height):
    i = 1
    while i < _POINTS - 1 and height > _ALTITUDES[i]:
        i += 1
    share = (height - _ALTITUDES[i - 1]) / (_ALTITUDES[i] - _ALTITUDES[i - 1])
    share = min(max(share, 0.0), 1.0)
    low = parameters.sigma[i - 1]
    return low + share * (parameters.sigma[i] - low)


@compiled
def scales_and_intensities(parameters, height_above_ground):
    """(L_uv [m], L_w [m], sigma_uv [m/s], sigma_w [m/s]) of the gusts at a height [m].

    Lengths in the sense of MIL-F-8785C (not halved); u and v share theirs.
    """
    if height_above_ground >= HIGH_FOOT:
        sigma = _figure_7(parameters, height_above_ground)
        return HIGH_SCALE, HIGH_SCALE, sigma, sigma
    h = min(max(height_above_ground, LOWEST), LOW_TOP)
    root = (0.177 + 0.000823 / FOOT * h) ** 0.4
    scale = h / (root * root * root)
    sigma_w = 0.1 * parameters.w20
    sigma = sigma_w / root
    if height_above_ground <= LOW_TOP:
        return scale, h, sigma, sigma_w
    share = (height_above_ground - LOW_TOP) / (HIGH_FOOT - LOW_TOP)
    above = _figure_7(parameters, HIGH_FOOT)
    return (scale + share * (HIGH_SCALE - scale), h + share * (HIGH_SCALE - h),
            sigma + share * (above - sigma), sigma_w + share * (above - sigma_w))


@compiled
def _noise(q, decay):
    """Noise gains (first, shared, second) of two equal lags in a row over ``q`` time constants.

    Cholesky factor of the integral of the matrix [1, t; t, t^2] exp(-2 t) from 0 to q.
    """
    if q < 0.01:
        # The closed forms lose their digits here; series, right to 3e-8 of each gain.
        first = math.sqrt(q * (1.0 - q * (1.0 - q * (2.0 / 3.0) * (1.0 - 0.5 * q))))
        return (first, first * q * (0.5 - q * (1.0 / 6.0)),
                first * q * (1.0 - 0.1 * q * q) * _ROOT_12TH)
    d2 = decay * decay
    first = math.sqrt(0.5 * (1.0 - d2))
    shared = 0.25 * (1.0 - d2 * (1.0 + 2.0 * q)) / first
    square = 0.25 * (1.0 - d2 * (1.0 + 2.0 * q + 2.0 * q * q)) - shared * shared
    return first, shared, math.sqrt(max(square, 0.0))


@compiled
def _transverse(filter_state, random, q, decay, first, shared, second):
    """Advance a v or w filter by ``q`` time constants; its output has variance 1."""
    noise = normal(random)
    stage_2 = (decay * (filter_state[1] + q * filter_state[0]) + shared * noise
               + second * normal(random))
    stage_1 = decay * filter_state[0] + first * noise
    filter_state[0] = stage_1
    filter_state[1] = stage_2
    return _ROOT_3 * stage_1 + (1.0 - _ROOT_3) * stage_2


@compiled
def _lag(value, before, now, q, decay):
    """First-order lag over ``q`` time constants, its input going evenly from before to now."""
    mean = (1.0 - decay) / q
    return decay * value + (mean - decay) * before + (1.0 - mean) * now


@compiled
def step(state, parameters, random, height_above_ground, airspeed, span, dt):
    """Advance the gusts by ``dt`` [s] at ``height_above_ground`` [m] and true ``airspeed`` [m/s].

    ``random`` is this subsystem's own stream, ``span`` the wing span [m]. The rate is that of
    the air: the wing feels its own rate less the gust's. With q = -dw/dx and r = dv/dx of a gust
    frozen in space, both filtered by the span as 3.7.5 says.
    """
    if parameters.level == 0:
        return
    scale_uv, scale_w, sigma_uv, sigma_w = scales_and_intensities(parameters, height_above_ground)
    travel = max(airspeed, SLOWEST) * dt
    q = travel / scale_uv
    decay = math.exp(-q)
    first, shared, second = _noise(q, decay)
    state.forward = decay * state.forward + _ROOT_2 * first * normal(random)
    v = sigma_uv * _transverse(state.side, random, q, decay, first, shared, second)
    if scale_w != scale_uv:
        q = travel / scale_w
        decay = math.exp(-q)
        first, shared, second = _noise(q, decay)
    w = sigma_w * _transverse(state.vertical, random, q, decay, first, shared, second)
    _rates(state, random, v, w, scale_w, sigma_w, travel, span)
    state.velocity_body[0] = sigma_uv * state.forward
    state.velocity_body[1] = v
    state.velocity_body[2] = w


@compiled
def _rates(state, random, v, w, scale_w, sigma_w, travel, span):
    """Rotary gusts; velocity_body still holds the gusts of the step before."""
    per_span = math.pi / span
    q = 0.25 * per_span * travel
    decay = math.exp(-q)
    state.roll = decay * state.roll + math.sqrt(1.0 - decay * decay) * normal(random)
    state.pitch = _lag(state.pitch, state.velocity_body[2], w, q, decay)
    q = per_span * travel * (1.0 / 3.0)
    state.yaw = _lag(state.yaw, state.velocity_body[1], v, q, math.exp(-q))
    # The integral of the standard's roll spectrum over all frequencies, its root.
    sigma_p = _ROLL * sigma_w * (scale_w * span * span) ** (-1.0 / 3.0)
    state.rate_body[0] = sigma_p * state.roll
    state.rate_body[1] = -0.25 * per_span * (w - state.pitch)
    state.rate_body[2] = (1.0 / 3.0) * per_span * (v - state.yaw)
