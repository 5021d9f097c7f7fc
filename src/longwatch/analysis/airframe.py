"""Modes of the airframe alone, controls held: short period, phugoid, Dutch roll, roll, spiral."""

from collections.abc import Sequence

import numpy as np

from longwatch.analysis.linear import Linear
from longwatch.analysis.mode import Mode, judge, pairs_and_reals, participation, share_of
from longwatch.earth.standard import GRAVITY

PITCHING = ("u", "w", "q", "pitch", "altitude")
ROLLING = ("v", "p", "r", "roll")


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


def _pitching(values: np.ndarray, shares: np.ndarray, names: Sequence[str],
              indices: list[int]) -> list[tuple[str, list[int]]]:
    """Short period, phugoid and height out of five roots."""
    fast = share_of(shares, names, ("w", "q"))
    high = share_of(shares, names, ("altitude",))
    pairs, reals = pairs_and_reals(values, indices)
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
    slip = share_of(shares, names, ("v", "r"))
    spin = share_of(shares, names, ("p",))
    pairs, reals = pairs_and_reals(values, indices)
    pairs.sort(key=lambda pair: -slip[pair[0]])
    if len(pairs) == 2:
        return [("Dutch roll", pairs[0]), ("roll-spiral", pairs[1])]
    reals.sort(key=lambda i: -spin[i])
    if len(pairs) == 1:
        return [("Dutch roll", pairs[0]), ("roll", reals[:1]), ("spiral", reals[1:])]
    slow = min(reals[1:], key=lambda i: abs(values[i]))
    rest = [i for i in reals[1:] if i != slow]
    return [("Dutch roll", rest), ("roll", reals[:1]), ("spiral", [slow])]
