"""Dryden gusts against the closed forms of MIL-F-8785C: variance, correlation, spectrum."""

import math

import numba
import numpy as np
import pytest

from longwatch.environment import turbulence
from longwatch.environment.turbulence import (
    TurbulenceState,
    scales_and_intensities,
    step,
    turbulence_parameters,
)
from longwatch.errors import SetupError
from longwatch.random import RandomStream, seed_stream

FOOT = 0.3048
SPAN, AIRSPEED = 12.0, 40.0
HIGH = 3000.0  # m: isotropic, 1750 ft
COUNT = 5000 if numba.config.DISABLE_JIT else 1_000_000


@numba.njit
def _run(state, parameters, random, height, dt, out):
    for i in range(out.shape[0]):
        step(state, parameters, random, height, AIRSPEED, SPAN, dt)
        for k in range(3):
            out[i, k] = state.velocity_body[k]
            out[i, 3 + k] = state.rate_body[k]


def gusts(height, dt, count=COUNT, level="moderate", seed=1):
    """Array (count, 6) of u, v, w, p, q, r, after the start has died away."""
    state, random = TurbulenceState.zeros(), RandomStream.zeros()
    seed_stream(random[0], seed, 0)
    out = np.empty((count, 6))
    settle = np.empty((int(min(20 * 600 / AIRSPEED / dt, count)), 6))
    for target in (settle, out):
        _run(state[0], turbulence_parameters(level)[0], random[0], height, dt, target)
    return out


def correlation(values, lag):
    return (values[lag:] * values[:values.size - lag]).mean()


# Moorhouse and Woodcock's formulae worked by hand at 500 ft, W20 30 kt: L_uv = 500/0.5885^1.2 ft,
# sigma_w = 3 kt, sigma_uv = sigma_w/0.5885^0.4.
@pytest.mark.parametrize(("height_ft", "expected"), [
    (500.0, (944.70 * FOOT, 500 * FOOT, 1.90807, 1.54333)),
    (1000.0, (1000 * FOOT, 1000 * FOOT, 1.54333, 1.54333)),
    (1500.0, (1375 * FOOT, 1375 * FOOT, (1.54333 + 9.725 * FOOT) / 2,
              (1.54333 + 9.725 * FOOT) / 2)),
    (2000.0, (1750 * FOOT, 1750 * FOOT, 9.725 * FOOT, 9.725 * FOOT)),
    (7500.0, (1750 * FOOT, 1750 * FOOT, 10.1 * FOOT, 10.1 * FOOT)),
    (20000.0, (1750 * FOOT, 1750 * FOOT, 7.3 * FOOT, 7.3 * FOOT)),
    (90000.0, (1750 * FOOT, 1750 * FOOT, 0.0, 0.0))])
def test_scales_and_intensities(height_ft, expected):
    parameters = turbulence_parameters("moderate")
    found = scales_and_intensities(parameters[0], height_ft * FOOT)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("height", [0.0, 2.0, 10 * FOOT])
def test_held_below_ten_feet(height):
    found = scales_and_intensities(turbulence_parameters("light")[0], height)
    assert found[1] == pytest.approx(10 * FOOT)
    assert found[3] == pytest.approx(0.1 * 15 * 1852 / 3600)


@pytest.mark.parametrize("q", [1e-6, 1e-3, 9.99e-3, 1.001e-2, 0.1, 1.0, 30.0])
def test_stationary_covariance_at_any_step(q):
    # White noise through 1/(1+s) and 1/(1+s)^2 has covariance 1/2, 1/4, 1/4 for ever.
    decay = math.exp(-q)
    first, shared, second = turbulence._noise(q, decay)
    transition = np.array([[decay, 0], [q * decay, decay]])
    gain = np.array([[first, 0], [shared, second]])
    stationary = np.array([[0.5, 0.25], [0.25, 0.25]])
    after = transition @ stationary @ transition.T + gain @ gain.T
    assert after == pytest.approx(stationary, abs=1e-9)


@pytest.mark.parametrize(("height", "dt"), [(HIGH, 0.5), (HIGH, 0.1), (100.0, 0.1), (100.0, 0.05)])
def test_variance_does_not_depend_on_the_step(height, dt):
    found = gusts(height, dt)[:, :3].var(axis=0)
    scale_uv, scale_w, sigma_uv, sigma_w = scales_and_intensities(
        turbulence_parameters("moderate")[0], height)
    for variance, scale, sigma in zip(found, (scale_uv, scale_uv, scale_w),
                                      (sigma_uv, sigma_uv, sigma_w), strict=True):
        # Standard error of the variance of a process with correlation exp(-t): sqrt(2/T).
        error = 5 * math.sqrt(2 * scale / AIRSPEED / (dt * COUNT))
        assert variance == pytest.approx(sigma**2, rel=max(error, 1e-3))


def test_correlation():
    dt = 0.1
    found = gusts(HIGH, dt)
    sigma2 = (scales_and_intensities(turbulence_parameters("moderate")[0], HIGH)[2]) ** 2
    unit = 1750 * FOOT / AIRSPEED
    error = 5 * math.sqrt(2 * unit / (dt * COUNT))
    for share in (0.25, 0.5, 1.0, 2.0):
        lag = round(share * unit / dt)
        t = lag * dt / unit
        # Longitudinal exp(-t), transverse exp(-t)(1 - t/2): transforms of the Dryden spectra.
        assert correlation(found[:, 0], lag) / sigma2 == pytest.approx(math.exp(-t), abs=error)
        for k in (1, 2):
            assert correlation(found[:, k], lag) / sigma2 == pytest.approx(
                math.exp(-t) * (1 - t / 2), abs=error)


def spectrum(values, dt, length):
    """One-sided power spectral density over rad/s by averaged periodograms, Hann window."""
    window = np.hanning(length)
    segments = values[:values.size // length * length].reshape(-1, length)
    power = (abs(np.fft.rfft((segments - values.mean()) * window)) ** 2).mean(axis=0)
    return np.fft.rfftfreq(length, dt) * 2 * np.pi, power * dt / (np.pi * (window**2).sum())


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="a spectrum needs the compiler's speed")
def test_spectra():
    dt = 0.02
    found = gusts(HIGH, dt)
    sigma = scales_and_intensities(turbulence_parameters("moderate")[0], HIGH)[2]
    omega, forward = spectrum(found[:, 0], dt, 8192)
    scale = 1750 * FOOT
    reach = omega * scale / AIRSPEED
    longitudinal = sigma**2 * 2 * scale / (math.pi * AIRSPEED) / (1 + reach**2)
    transverse = sigma**2 * scale / (math.pi * AIRSPEED) * (1 + 3 * reach**2) / (1 + reach**2) ** 2
    b, V = SPAN, AIRSPEED
    roll = (sigma**2 / (V * scale) * 0.8 * (math.pi * scale / (4 * b)) ** (1 / 3)
            / (1 + (4 * b * omega / (math.pi * V)) ** 2))
    pitch = (omega / V) ** 2 / (1 + (4 * b * omega / (math.pi * V)) ** 2) * transverse
    yaw = (omega / V) ** 2 / (1 + (3 * b * omega / (math.pi * V)) ** 2) * transverse
    expected = (longitudinal, transverse, transverse, roll, pitch, yaw)
    for k, theory in enumerate(expected):
        density = forward if k == 0 else spectrum(found[:, k], dt, 8192)[1]
        for low, high in ((0.2, 0.5), (0.5, 1.5), (1.5, 4.0), (4.0, 12.0)):
            band = (omega > low) & (omega < high)
            assert density[band].mean() == pytest.approx(theory[band].mean(), rel=0.1), (k, low)
    steep = (omega > 2.0) & (omega < 10.0)
    for density in (forward, spectrum(found[:, 2], dt, 8192)[1]):
        slope = np.polyfit(np.log(omega[steep]), np.log(density[steep]), 1)[0]
        assert slope == pytest.approx(-2.0, abs=0.05)


def test_signs_of_the_rotary_gusts():
    # Through a frozen gust the aircraft moves along x: dw/dt = V dw/dx = -V q, dv/dt = V r.
    dt = 0.02
    found = gusts(HIGH, dt, count=5000)
    change = np.gradient(found[:, :3], dt, axis=0) / AIRSPEED
    assert np.corrcoef(change[:, 2], found[:, 4])[0, 1] < -0.1
    assert np.corrcoef(change[:, 1], found[:, 5])[0, 1] > 0.1


def test_none_is_calm():
    assert not gusts(HIGH, 0.1, count=10, level="none").any()


def test_unknown_level_is_refused():
    with pytest.raises(SetupError, match="moderate"):
        turbulence_parameters("heavy")
