"""Gusts over the span, against Diederich's closed form and the step response of a lag."""

import math

import numpy as np
import pytest

from longwatch.environment.turbulence import TurbulenceState
from longwatch.flight import gust

SPAN = 12.0
GUST = gust.GustState


def share_left(scale):
    """Variance of the mean over the span, over that at a point, correlation exp(-y/L)."""
    ratio = scale / SPAN
    return 2 * ratio * (1 - ratio * (1 - math.exp(-1 / ratio)))


@pytest.mark.parametrize("scale", [3.0, 5.0, 12.0, 40.0, 533.0])
def test_keeps_the_variance_of_the_span_average(scale):
    """A correlated gust, drawn as an exact first-order process, through the compiled lag."""
    airspeed, dt = 30.0, 0.002
    generator = np.random.default_rng(7)
    decay = math.exp(-airspeed * dt / scale)
    state, turbulence = GUST.zeros()[0], TurbulenceState.zeros()[0]
    steps = 4000
    point, kept = np.zeros(steps), np.zeros(steps)
    drawn = 0.0
    for i in range(steps):
        drawn = decay * drawn + math.sqrt(1 - decay**2) * generator.standard_normal()
        turbulence.velocity_body[2] = point[i] = drawn
        gust.step(state, turbulence, airspeed, SPAN, dt)
        kept[i] = state.velocity_body[2]
    # The lag is linear: its own transfer gives the variance exactly, whatever was drawn.
    follow = dt / (SPAN / (3 * airspeed) + dt)
    exact = np.zeros(steps)
    value = 0.0
    for i in range(steps):
        value += follow * (point[i] - value)
        exact[i] = value
    assert kept == pytest.approx(exact, abs=1e-12)
    keep = 1 - follow
    variance = follow / (1 + keep) * (1 + keep * decay) / (1 - keep * decay)
    assert share_left(scale) - 0.01 < variance < share_left(scale) + 0.06


def test_reaches_a_steady_gust():
    state, turbulence = GUST.zeros()[0], TurbulenceState.zeros()[0]
    turbulence.velocity_body[:] = (1.0, -2.0, 3.0)
    for _ in range(100):
        gust.step(state, turbulence, 30.0, SPAN, 0.01)
    # A second is 7.5 time constants of 12 m / 3 / 30 m/s.
    assert np.array(state.velocity_body) == pytest.approx([1.0, -2.0, 3.0], rel=2e-3)
