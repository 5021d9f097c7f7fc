"""Low-order equivalent systems: what an augmented aircraft responds like.

A response of higher order is matched over frequency by the classical form with a delay, as
MIL-F-8785C asks for in 3.2.2.1 and MIL-STD-1797A, appendix A, 4.2.1.2, sets out: gain misses [dB]
squared and 0.02 times phase misses [deg] squared are summed over frequencies from 0.1 to 10 rad/s
(Hodgkinson, LaManna and Heyde, AIAA 76-1931).
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

FREQUENCIES = np.geomspace(0.1, 10.0, 25)
PHASE_WEIGHT = 0.02
# Quicker than this, a roll is all delay [s].
LEAST_TIME = 0.01


@dataclass(frozen=True)
class Equivalent:
    """The match.

    Attributes:
        frequency, damping: of the second-order pitch form [rad/s], NaN for the roll form.
        time_constant: of the first-order roll form [s], NaN for the pitch form.
        delay: equivalent time delay [s].
        mismatch: 20/n times the weighted sum of squares; below 10 is a close match.
    """

    frequency: float
    damping: float
    time_constant: float
    delay: float
    mismatch: float


def frequency_response(jacobian: np.ndarray, inputs: np.ndarray, output: int,
                       period: float) -> np.ndarray:
    """Complex response of one state to one input of a map over ``period`` s, at FREQUENCIES."""
    identity = np.eye(len(jacobian))
    return np.array([np.linalg.solve(identity * np.exp(1j * w * period) - jacobian, inputs)[output]
                     for w in FREQUENCIES])


def match_pitch(response: np.ndarray, lead: float) -> Equivalent:
    """Match K (s + lead) exp(-delay s) / (s^2 + 2 zeta w s + w^2) to a pitch rate response.

    ``lead`` is 1/T_theta2 of the airframe [1/s].
    """
    s = 1j * FREQUENCIES

    def form(x: np.ndarray) -> np.ndarray:
        gain, frequency, damping = np.exp(x[:3])
        return np.asarray(gain * (s + lead) * np.exp(-x[3] * s)
                          / (s * s + 2.0 * damping * frequency * s + frequency**2))

    best = min((_match(form, response, [math.log(w), math.log(w), math.log(z), 0.05])
                for w in (2.0, 5.0) for z in (0.7, 1.5)), key=lambda found: found[1])
    x, mismatch = best
    return Equivalent(math.exp(x[1]), math.exp(x[2]), math.nan, float(x[3]), mismatch)


def match_roll(response: np.ndarray) -> Equivalent:
    """Match K exp(-delay s) / (T s + 1) to a roll rate response."""
    s = 1j * FREQUENCIES

    def form(x: np.ndarray) -> np.ndarray:
        gain, time = math.exp(x[0]), LEAST_TIME + math.exp(x[1])
        return np.asarray(gain * np.exp(-x[2] * s) / (time * s + 1.0))

    x, mismatch = _match(form, response, [0.0, math.log(0.2), 0.05])
    return Equivalent(math.nan, math.nan, LEAST_TIME + math.exp(x[1]), float(x[2]), mismatch)


def _match(form: object, response: np.ndarray, guess: list[float]) -> tuple[np.ndarray, float]:
    def misses(x: np.ndarray) -> np.ndarray:
        ratio = form(x) / response  # type: ignore[operator]
        gain = 20.0 * np.log10(np.abs(ratio))
        phase = np.degrees(np.angle(ratio))
        return np.concatenate([gain, math.sqrt(PHASE_WEIGHT) * phase])

    found = least_squares(misses, guess)
    return found.x, float(20.0 / len(FREQUENCIES) * 2.0 * found.cost)
