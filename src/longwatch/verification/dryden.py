"""Dryden gusts in closed form, written from MIL-F-8785C alone, to hold the simulated ones against.

Source: MIL-F-8785C (1980), 3.7.1.2 (spectra), 3.7.2 (above 2000 ft), 3.7.3 (below 1000 ft), 3.7.5
(rotary gusts); heights in ft, W20 in kt, as the standard has them. Power spectral densities are
one-sided over frequency in Hz: their integral from zero up is the variance.
"""

from dataclasses import dataclass

import numpy as np

FOOT = 0.3048
KNOT = 1852.0 / 3600.0
AXES = ("u", "v", "w", "p", "q", "r")
FOLDS = 100
# Of a Hann window: how much neighbouring bins of a periodogram share, and
# how much neighbouring segments that overlap by half (Welch, IEEE Trans. AU-15, 1967).
BINS_SHARED = 1.0 + 2.0 * (4.0 / 9.0 + 1.0 / 36.0)
SEGMENTS_SHARED = 1.0 + 2.0 / 36.0


@dataclass(frozen=True)
class Air:
    """Turbulence as the standard states it at one height, and who flies through it.

    Attributes:
        scale_uv, scale_w: lengths L [m].
        sigma_uv, sigma_w: root mean square gusts [m/s].
        airspeed: true airspeed [m/s].
        span: wing span b [m].
    """

    scale_uv: float
    scale_w: float
    sigma_uv: float
    sigma_w: float
    airspeed: float
    span: float


def air_at(height_ft: float, w20_kt: float, sigma_high_ft_s: float, airspeed: float,
           span: float) -> Air:
    """Lengths and intensities at a height above ground [ft].

    ``w20_kt`` sets the intensity up to 1000 ft; ``sigma_high_ft_s`` is figure 7's at the height,
    or at 2000 ft for a height below that. Between 1000 and 2000 ft the standard leaves the way
    open: linear here, as MIL-HDBK-1797 has it.
    """
    low = min(height_ft, 1000.0)
    root = 0.177 + 0.000823 * low
    below = np.array([low / root**1.2 * FOOT, low * FOOT,
                      0.1 * w20_kt * KNOT / root**0.4, 0.1 * w20_kt * KNOT])
    above = np.array([1750.0, 1750.0, sigma_high_ft_s, sigma_high_ft_s]) * FOOT
    share = min(max((height_ft - 1000.0) / 1000.0, 0.0), 1.0)
    scale_uv, scale_w, sigma_uv, sigma_w = map(float, below + share * (above - below))
    return Air(scale_uv, scale_w, sigma_uv, sigma_w, airspeed, span)


def density(air: Air, axis: str, frequency: np.ndarray) -> np.ndarray:
    """The standard's spectrum of one axis, [(m/s)2/Hz] or [(rad/s)2/Hz], over Hz."""
    V, b = air.airspeed, air.span
    wave = 2.0 * np.pi * frequency / V  # spatial frequency [rad/m]
    scale, sigma = (air.scale_w, air.sigma_w) if axis in "wpq" else (air.scale_uv, air.sigma_uv)
    reach2 = (scale * wave) ** 2
    if axis == "u":
        found = sigma**2 * 2.0 * scale / np.pi / (1.0 + reach2)
    elif axis == "p":
        found = (sigma**2 / scale * 0.8 * (np.pi * scale / (4.0 * b)) ** (1.0 / 3.0)
                 / (1.0 + (4.0 * b * wave / np.pi) ** 2))
    else:
        found = sigma**2 * scale / np.pi * (1.0 + 3.0 * reach2) / (1.0 + reach2) ** 2
        if axis in "qr":
            arm = (4.0 if axis == "q" else 3.0) * b / np.pi
            found = found * wave**2 / (1.0 + (arm * wave) ** 2)
    return found * 2.0 * np.pi / V


def sampled_density(air: Air, axis: str, frequency: np.ndarray, rate: float) -> np.ndarray:
    """The spectrum as samples taken at ``rate`` [Hz] show it: folded at half the rate."""
    # Far above, where the spectrum falls as 1/f2, the rest of the sum in closed form.
    folded = (density(air, axis, frequency)
              + 2.0 * density(air, axis, np.array(FOLDS * rate)) * FOLDS**2 / (FOLDS - 0.5))
    for turn in range(1, FOLDS):
        folded = folded + density(air, axis, turn * rate - frequency)
        folded = folded + density(air, axis, turn * rate + frequency)
    return folded


def variance(air: Air, axis: str) -> tuple[float, float]:
    """Variance of an axis, and how many independent samples [1/s] a record of it holds.

    A Gaussian record of T s estimates its variance as chi-square with T times that many degrees
    of freedom: 2 (integral of G)^2 / integral of G^2, G the one-sided spectrum.
    """
    # Even in the logarithm, so wide that both tails end below 1e-6.
    frequency = np.geomspace(1e-7, 1e5, 200_001) * air.airspeed / air.scale_w
    found = density(air, axis, frequency)
    area = float(np.trapezoid(found, frequency))
    return area, 2.0 * area**2 / float(np.trapezoid(found**2, frequency))
