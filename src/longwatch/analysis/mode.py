"""A natural mode, its figures, and how eigenvalues are given to modes.

Participation factors (Perez-Arriaga, Verghese and Schweppe, IEEE Transactions on Power Apparatus
and Systems 101, 1982) tell what moves in a mode: the product of the right and left eigenvectors'
elements, which does not depend on units.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from longwatch.analysis import flying_qualities as fq
from longwatch.analysis.flying_qualities import Criterion

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
    def motion(self) -> str:
        """The mode in a few words: frequency and damping, or time constant."""
        if len(self.roots) == 2 and not math.isnan(self.frequency):
            return f"ω {self.frequency:.3g} rad/s, ζ {self.damping:.3g}"
        if abs(self.growth) < 1e-6:
            return "neutral"
        if self.growth > 0.0:
            return f"doubles in {self.time_to_double:.3g} s"
        return f"τ {self.time_constant:.3g} s"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what has no value, or no end, is None."""
        figures = {name: getattr(self, name) for name in (
            "frequency", "damping", "time_constant", "time_to_double", "time_to_half")}
        return {"mode": self.name, "level": self.level,
                "roots": [[root.real, root.imag] for root in self.roots],
                **{name: value if math.isfinite(value) else None
                   for name, value in figures.items()},
                "criteria": [criterion.as_dict() for criterion in self.criteria],
                "note": self.note}

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


def judge(mode: Mode, load: float, roll_over_sideslip: float, aircraft_class: int,
          category: str) -> Mode:
    """The mode with the standard's criteria on it.

    Args:
        mode: the mode as found.
        load: n/alpha [1/rad].
        roll_over_sideslip: |phi/beta| in the Dutch roll.
        aircraft_class, category: as in ``flying_qualities``.
    """
    note = mode.note
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


def share_of(shares: np.ndarray, names: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    return np.asarray(shares[[names.index(name) for name in wanted]].sum(axis=0))


def pairs_and_reals(values: np.ndarray, indices: Sequence[int]
                    ) -> tuple[list[list[int]], list[int]]:
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
