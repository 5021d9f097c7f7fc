"""Modes with the autopilot's inner loops engaged.

Dutch roll, spiral and phugoid are looked for among the eigenvalues of the whole: airframe, servos,
shaft, governor and attitude loops. Holding an attitude leaves no spiral and no phugoid: a bank
loop that decays stands in place of the one, a slow return of airspeed in place of the other, and
both are judged by whether they diverge. Short period and roll dissolve into servos and loops of
higher order; there the standard's equivalent systems count (3.2.2.1): the response to a rate asked
of the loops, as attitude hold or a pilot's stick asks it, matched by the classical form at
constant speed.
"""

import numpy as np

from longwatch.analysis import flying_qualities as fq
from longwatch.analysis.equivalent import Equivalent, frequency_response, match_pitch, match_roll
from longwatch.analysis.loops import Loops
from longwatch.analysis.mode import Mode, judge, pairs_and_reals, participation, share_of
from longwatch.analysis.model import PERIOD
from longwatch.analysis.trim import Trim
from longwatch.earth.standard import GRAVITY

LATERAL = ("v", "p", "r", "roll", "mean_p", "mean_r", "aileron_left", "aileron_right",
           "roll_integral", "yaw_integral")
# Roots faster than this [1/s] are the memory of one sample.
FASTEST = 60.0
# A mode takes part in a motion if this much of it lies there.
MOST = 0.5


def augmented_modes(flight: Trim, load: float, aircraft_class: int, category: str
                    ) -> tuple[Mode, ...]:
    """The modes, judged; ``load`` is n/alpha of the airframe [1/rad]."""
    whole = Loops(flight)
    values, right, shares = participation(whole.jacobian())
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = np.log(values.astype(complex)) / PERIOD
    names = whole.names
    kept = [i for i in range(len(roots)) if abs(roots[i]) < FASTEST]
    sideways = share_of(shares, names, LATERAL)
    lateral = [i for i in kept if sideways[i] > MOST]
    pitching = [i for i in kept if i not in lateral]
    dutch_roll = _dutch_roll(roots, share_of(shares, names, ("v", "r")), lateral)
    swing = right[:, dutch_roll[0]]
    ratio = float(abs(swing[names.index("roll")])
                  / max(abs(swing[names.index("v")]), 1e-12) * flight.true_airspeed)
    spiral = max((i for i in lateral if i not in dutch_roll), key=lambda i: roots[i].real)
    found = [
        _short_period(flight, load, aircraft_class, category),
        _phugoid(roots, shares, names, pitching),
        judge(_mode("Dutch roll", roots, dutch_roll), load, ratio, aircraft_class, category),
        _roll(flight, aircraft_class, category),
        judge(_mode("spiral", roots, [spiral], "bank held: the slowest root of the bank loops"),
              load, ratio, aircraft_class, category)]
    rest = [i for i in kept if i not in dutch_roll and roots[i].imag >= 0.0
            and share_of(shares, names, ("altitude",))[i] < MOST]
    worst = min(rest, key=lambda i: -roots[i].real / max(abs(roots[i]), 1e-12))
    return (*found, _mode("least damped", roots, [
        worst, *([] if abs(roots[worst].imag) < 1e-9 else [_mate(roots, worst)])]))


def _mate(roots: np.ndarray, index: int) -> int:
    return int(np.argmin(np.abs(roots - roots[index].conjugate())))


def _mode(name: str, roots: np.ndarray, indices: list[int], note: str = "") -> Mode:
    return Mode(name, tuple(complex(roots[i]) for i in indices), (), note)


def _dutch_roll(roots: np.ndarray, slip: np.ndarray, lateral: list[int]) -> list[int]:
    """The pair in which the nose swings most; two real roots where none swings."""
    pairs, reals = pairs_and_reals(roots, lateral)
    reals.sort(key=lambda i: -slip[i])
    best = max(pairs, key=lambda pair: slip[pair[0]], default=None)
    if best is not None and (len(reals) < 2 or slip[best[0]] > 0.5 * slip[reals[1]]):
        return best
    return reals[:2]


def _phugoid(roots: np.ndarray, shares: np.ndarray, names: tuple[str, ...],
             pitching: list[int]) -> Mode:
    speed = share_of(shares, names, ("u",))
    first = max(pitching, key=lambda i: speed[i])
    if abs(roots[first].imag) > 1e-9:
        return judge(_mode("phugoid", roots, [first, _mate(roots, first)]), 1.0, 1.0, 1, "B")
    mode = _mode("phugoid", roots, [first])
    return Mode(mode.name, mode.roots, fq.divergence(mode.time_to_double),
                "pitch held: airspeed returns without swinging")


def _rate_response(flight: Trim, axis: int, output: str) -> np.ndarray:
    """Response of a body rate to the same rate asked of the loops, at constant speed."""
    loops = Loops(flight, by_rate=True)
    jacobian, inputs = loops.jacobian(), loops.rate_inputs()
    keep = [i for i, name in enumerate(loops.names) if name not in ("u", "altitude")]
    names = [loops.names[i] for i in keep]
    return frequency_response(jacobian[np.ix_(keep, keep)], inputs[keep, axis],
                              names.index(output), PERIOD)


def _short_period(flight: Trim, load: float, aircraft_class: int, category: str) -> Mode:
    found = match_pitch(_rate_response(flight, 1, "q"), GRAVITY * load / flight.true_airspeed)
    swing = np.emath.sqrt(found.damping**2 - 1.0)
    roots = tuple(complex(found.frequency * (-found.damping + sign * swing))
                  for sign in (1.0, -1.0))
    criteria = fq.short_period(found.damping, found.frequency, load, aircraft_class, category)
    return Mode("short period", roots, (*criteria, fq.delay(found.delay)), _note(found))


def _roll(flight: Trim, aircraft_class: int, category: str) -> Mode:
    found = match_roll(_rate_response(flight, 0, "p"))
    return Mode("roll", (complex(-1.0 / found.time_constant),),
                (*fq.roll(found.time_constant, aircraft_class, category), fq.delay(found.delay)),
                _note(found))


def _note(found: Equivalent) -> str:
    return f"equivalent system, mismatch {found.mismatch:.1f}"
