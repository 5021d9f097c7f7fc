"""Natural modes of small motions, told apart by what moves in them.

Each eigenvalue is given to the pitching or the rolling motion, then to its mode, by the
participation factors of the states (Perez-Arriaga, Verghese and Schweppe, IEEE Transactions on
Power Apparatus and Systems 101, 1982): the product of the right and left eigenvectors' elements,
which does not depend on units.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.analysis import flying_qualities as fq
from longwatch.analysis.flying_qualities import Criterion
from longwatch.analysis.linear import Linear, linearize
from longwatch.analysis.model import GRAVITY
from longwatch.analysis.trim import Trim, trim
from longwatch.errors import SetupError

PITCHING = ("u", "w", "q", "pitch", "altitude")
ROLLING = ("v", "p", "r", "roll")
REAL = 1e-9


@dataclass(frozen=True)
class Mode:
    """One mode.

    Attributes:
        name: "short period", "phugoid", "height", "Dutch roll", "roll", "spiral" or
            "roll-spiral".
        roots: its eigenvalues [1/s]: a pair, or one.
        criteria: what the standard asks of it, judged.
        note: a remark.
    """

    name: str
    roots: tuple[complex, ...]
    criteria: tuple[Criterion, ...] = ()
    note: str = ""

    @property
    def oscillates(self) -> bool:
        """The mode is a pair of complex roots."""
        return abs(self.roots[0].imag) > REAL

    @property
    def frequency(self) -> float:
        """Undamped natural frequency of two roots [rad/s]; NaN for one, or one of each sign."""
        if len(self.roots) == 1:
            return math.nan
        product = (self.roots[0] * self.roots[1]).real
        return math.sqrt(product) if product > 0.0 else math.nan

    @property
    def damping(self) -> float:
        """Damping ratio of two roots; above 1 where both are real."""
        return -sum(root.real for root in self.roots) / (2.0 * self.frequency) if (
            len(self.roots) == 2) else math.nan

    @property
    def growth(self) -> float:
        """Real part of the least stable root [1/s]."""
        return max(root.real for root in self.roots)

    @property
    def time_constant(self) -> float:
        """1/e time of the slowest root [s], negative where it grows."""
        return -1.0 / self.growth if self.growth else math.inf

    @property
    def time_to_double(self) -> float:
        """Time to twice the amplitude [s], infinite where the mode does not grow."""
        return math.log(2.0) / self.growth if self.growth > 0.0 else math.inf

    @property
    def time_to_half(self) -> float:
        """Time to half the amplitude [s], infinite where the mode does not decay."""
        return -math.log(2.0) / self.growth if self.growth < 0.0 else math.inf

    @property
    def level(self) -> int | None:
        """Level of the worst criterion; None where the standard asks nothing."""
        return max((criterion.level for criterion in self.criteria), default=None)


def participation(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eigenvalues, right eigenvectors, and the share of each state (row) in each (column)."""
    values, right = np.linalg.eig(matrix)
    left = np.linalg.pinv(right)
    shares = np.abs(right * left.T)
    return values, right, shares / shares.sum(axis=0)


def airframe_modes(linear: Linear, aircraft_class: int, category: str) -> tuple[Mode, ...]:
    """The modes of the airframe alone, controls held, judged.

    Five roots belong to pitching (altitude among its states: the air thins with height), four to
    rolling; the heading's root is zero and left out.
    """
    names = (*PITCHING, *ROLLING)
    matrix, _ = linear.part(names)
    values, right, shares = participation(matrix)
    rolling_share = shares[len(PITCHING):].sum(axis=0)
    order = np.argsort(-rolling_share)
    rolling, pitching = order[:len(ROLLING)], order[len(ROLLING):]
    found = [*_pitching(values, shares, names, list(pitching)),
             *_rolling(values, shares, names, list(rolling))]
    load = load_per_alpha(linear)
    sideways = names.index("v"), names.index("roll")
    return tuple(_judged(name, indices, values, right[sideways, :], load, linear,
                         aircraft_class, category) for name, indices in found)


def load_per_alpha(linear: Linear) -> float:
    """n/alpha [1/rad]: steady load over angle of attack at constant speed, by the elevator."""
    A, B = linear.part(("w", "q"), ("elevator",))
    w, q = np.linalg.solve(A, -B[:, 0])
    u = float(linear.trim.velocity_body[0])
    return float(u * q / GRAVITY / (w / u))


def _judged(name: str, indices: Sequence[int], values: np.ndarray, sideways: np.ndarray,
            load: float, linear: Linear, aircraft_class: int, category: str) -> Mode:
    mode = Mode(name, tuple(complex(values[i]) for i in indices))
    swing = sideways[:, indices[0]]
    ratio = float(abs(swing[1]) / max(abs(swing[0]), 1e-12) * linear.trim.true_airspeed)
    return judge(mode, load, ratio, aircraft_class, category)


def judge(mode: Mode, load: float, roll_over_sideslip: float, aircraft_class: int,
          category: str) -> Mode:
    """The mode with the standard's criteria on it.

    Args:
        mode: the mode as found.
        load: n/alpha [1/rad].
        roll_over_sideslip: |phi/beta| in the Dutch roll.
        aircraft_class, category: as in ``flying_qualities``.
    """
    note = ""
    criteria: tuple[Criterion, ...] = ()
    if mode.name in ("short period", "phugoid", "Dutch roll") and not mode.oscillates:
        note = "two real roots"
    diverges = math.isnan(mode.frequency) and len(mode.roots) == 2
    if mode.name in ("short period", "phugoid") and diverges:
        criteria, note = fq.divergence(mode.time_to_double), "diverges without swinging"
    elif mode.name == "short period":
        criteria = fq.short_period(mode.damping, mode.frequency, load, aircraft_class, category)
    elif mode.name == "phugoid":
        criteria = fq.phugoid(mode.damping, mode.time_to_double)
    elif mode.name == "Dutch roll":
        criteria = fq.dutch_roll(mode.damping, mode.frequency, roll_over_sideslip,
                                 aircraft_class, category)
    elif mode.name == "roll":
        criteria = fq.roll(mode.time_constant, aircraft_class, category)
    elif mode.name == "spiral":
        criteria = fq.spiral(mode.time_to_double, category)
    elif mode.name == "roll-spiral":
        criteria = fq.roll_spiral(mode.damping, mode.frequency)
    return Mode(mode.name, mode.roots, criteria, note)


def _share(shares: np.ndarray, names: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    return np.asarray(shares[[names.index(name) for name in wanted]].sum(axis=0))


def _pairs(values: np.ndarray, indices: Sequence[int]) -> tuple[list[list[int]], list[int]]:
    """Complex pairs and real roots among the indices."""
    pairs, reals, left = [], [], list(indices)
    while left:
        first = left.pop(0)
        if abs(values[first].imag) <= REAL:
            reals.append(first)
            continue
        mate = min(left, key=lambda i: abs(values[i] - values[first].conjugate()))
        left.remove(mate)
        pairs.append([first, mate])
    return pairs, reals


def _pitching(values: np.ndarray, shares: np.ndarray, names: Sequence[str],
              indices: list[int]) -> list[tuple[str, list[int]]]:
    """Short period, phugoid and height out of five roots."""
    fast = _share(shares, names, ("w", "q"))
    high = _share(shares, names, ("altitude",))
    pairs, reals = _pairs(values, indices)
    pairs.sort(key=lambda pair: -fast[pair[0]])
    if len(pairs) == 2:
        return [("short period", pairs[0]), ("phugoid", pairs[1]), ("height", reals)]
    reals.sort(key=lambda i: -fast[i])
    if len(pairs) == 1 and fast[pairs[0][0]] >= fast[reals[1]]:
        reals.sort(key=lambda i: -high[i])
        return [("short period", pairs[0]), ("phugoid", reals[1:]), ("height", reals[:1])]
    if len(pairs) == 1:
        return [("short period", reals[:2]), ("phugoid", pairs[0]), ("height", reals[2:])]
    rest = sorted(reals[2:], key=lambda i: -high[i])
    return [("short period", reals[:2]), ("phugoid", rest[1:]), ("height", rest[:1])]


def _rolling(values: np.ndarray, shares: np.ndarray, names: Sequence[str],
             indices: list[int]) -> list[tuple[str, list[int]]]:
    """Dutch roll, and roll and spiral apart or joined, out of four roots."""
    slip = _share(shares, names, ("v", "r"))
    spin = _share(shares, names, ("p",))
    pairs, reals = _pairs(values, indices)
    pairs.sort(key=lambda pair: -slip[pair[0]])
    if len(pairs) == 2:
        return [("Dutch roll", pairs[0]), ("roll-spiral", pairs[1])]
    reals.sort(key=lambda i: -spin[i])
    if len(pairs) == 1:
        return [("Dutch roll", pairs[0]), ("roll", reals[:1]), ("spiral", reals[1:])]
    slow = min(reals[1:], key=lambda i: abs(values[i]))
    rest = [i for i in reals[1:] if i != slow]
    return [("Dutch roll", rest), ("roll", reals[:1]), ("spiral", [slow])]


@dataclass(frozen=True)
class FlyingQualities:
    """The modes of one steady flight.

    Attributes:
        linear: the linear model of the airframe, which holds the steady flight.
        aircraft_class, category: what the levels were judged for.
        load_per_alpha: n/alpha [1/rad].
        bare: the modes of the airframe alone, controls held.
    """

    linear: Linear
    aircraft_class: int
    category: str
    load_per_alpha: float
    bare: tuple[Mode, ...]


def modes(aircraft: str | Path | Aircraft | Trim = "tb2", *, category: str = "B",
          **flight: Any) -> FlyingQualities:
    """Natural modes about a steady flight, with their levels after MIL-F-8785C.

    Args:
        aircraft: the aircraft, or a steady flight as :func:`longwatch.analysis.trim.trim` found.
        category: "B" for cruise and loiter, "C" for approach and landing.
        flight: the flight to trim, arguments of :func:`longwatch.analysis.trim.trim`.

    Raises:
        DatasheetError, SetupError, TrimError: as ``trim``; SetupError for the category.
    """
    if category not in fq.CATEGORIES:
        raise SetupError(f"category {category!r}: give B (cruise, loiter) or C (approach, landing)")
    steady = aircraft if isinstance(aircraft, Trim) else trim(aircraft, **flight)
    linear = linearize(steady)
    aircraft_class = int(steady.aircraft.datasheet[0].limits.flying_qualities_class)
    return FlyingQualities(linear, aircraft_class, category, load_per_alpha(linear),
                           airframe_modes(linear, aircraft_class, category))
