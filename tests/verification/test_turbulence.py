"""The closed forms, the statistical bounds, and that the checks notice what is wrong."""

import math

import numpy as np
import pytest

from longwatch.verification import dryden, turbulence
from longwatch.verification.check import Context

FOOT = 0.3048


def air(**changes):
    values = {"scale_uv": 200.0, "scale_w": 100.0, "sigma_uv": 1.5, "sigma_w": 1.0,
              "airspeed": 40.0, "span": 12.0}
    return dryden.Air(**values | changes)


# Worked by hand at 500 ft and 30 kt: root 0.5885, L 500/0.5885^1.2 ft, 3 kt over 0.5885^0.4.
@pytest.mark.parametrize(("height", "expected"), [
    (500.0, (944.70 * FOOT, 500.0 * FOOT, 1.90807, 1.54333)),
    (1500.0, (1375.0 * FOOT, 1375.0 * FOOT, 0.5 * (1.54333 + 3.048), 0.5 * (1.54333 + 3.048))),
    (7500.0, (1750.0 * FOOT, 1750.0 * FOOT, 3.048, 3.048))])
def test_lengths_and_intensities(height, expected):
    found = dryden.air_at(height, 30.0, 10.0, 40.0, 12.0)
    assert (found.scale_uv, found.scale_w, found.sigma_uv, found.sigma_w) == pytest.approx(
        expected, rel=1e-4)


def test_variances_are_the_integrals_that_are_known():
    told = {axis: dryden.variance(air(), axis)[0] for axis in dryden.AXES}
    assert (told["u"], told["v"], told["w"]) == pytest.approx((2.25, 2.25, 1.0), rel=1e-5)
    # 0.8 (pi L/4b)^(1/3) sigma2/(L V) over a first-order lag of corner pi V/4b: times its pi/2.
    roll = 0.8 * (math.pi * 100 / 48) ** (1 / 3) / 100 / 40 * math.pi / 2 * math.pi * 40 / 48
    assert told["p"] == pytest.approx(roll, rel=1e-5)


def test_independent_samples():
    """Autocorrelation exp(-t) leaves one a time constant, exp(-t)(1 - t/2) 1.6."""
    assert dryden.variance(air(), "u")[1] == pytest.approx(40.0 / 200.0, rel=1e-4)
    assert dryden.variance(air(), "v")[1] == pytest.approx(1.6 * 40.0 / 200.0, rel=1e-4)


def test_folded_spectrum_is_that_of_the_sampled_process():
    """Samples of a process with autocorrelation exp(-t/T) have a known closed spectrum."""
    frequency, rate = np.array([0.1, 3.0, 12.0, 24.9]), 50.0
    phi = math.exp(-40.0 / 200.0 / rate)
    exact = (2.0 / rate * 2.25 * (1 - phi**2)
             / (1 - 2 * phi * np.cos(2 * np.pi * frequency / rate) + phi**2))
    found = dryden.sampled_density(air(), "u", frequency, rate)
    assert found == pytest.approx(exact, rel=1e-4)


def test_bounds_are_as_wide_as_chance():
    """Octaves of white noise spread as the stated degrees of freedom say."""
    generator, spread = np.random.default_rng(1), []
    for _ in range(8):
        values = generator.standard_normal(2**18)
        frequency, found = turbulence.spectrum(values)
        told = turbulence.compare_octaves(air(), "u", frequency, found, values.size)
        for k, one in enumerate(told):
            band = slice(turbulence.FIRST_BIN << k, turbulence.FIRST_BIN << (k + 1))
            error = found[band].mean() / (2.0 * turbulence.DT) - 1.0
            spread.append(error / one.bound)
    # A bound at CHANCE is 4.4 standard errors wide.
    assert np.std(spread) * 4.4 == pytest.approx(1.0, abs=0.25)


@pytest.mark.compiled_only
def test_variances_and_spectra_hold(monkeypatch):
    monkeypatch.setattr(turbulence, "COUNT", 2**18)
    context = Context()
    rows = list(turbulence.checks(context))
    assert len(rows) == 4 * (3 + 6)
    assert [row for row in rows if row.verdict != "holds"] == []
    assert len(context.plots) == 2


@pytest.mark.compiled_only
@pytest.mark.parametrize(("changes", "axes"), [
    ({"sigma_uv": 1.1, "sigma_w": 1.1}, "uvwpqr"),  # 10 % too strong
    ({"scale_uv": 1.3}, "uvr"), ({"scale_w": 1.3}, "wpq"), ({"span": 1.2}, "pqr")])
def test_what_is_wrong_is_noticed(changes, axes):
    right = dryden.air_at(7500.0, 30.0, 10.1, 40.0, 12.0)
    wrong = dryden.Air(**{name: value * changes.get(name, 1.0)
                          for name, value in vars(right).items()})
    rows = turbulence.gusts("moderate", 7500.0, 40.0, 12.0, 5, 2**21)
    for axis, values in zip(dryden.AXES, rows, strict=True):
        frequency, found = turbulence.spectrum(values)
        told = turbulence.compare_octaves(wrong, axis, frequency, found, values.size)
        assert (max(one.used for one in told) > 1.0) == (axis in axes), axis
