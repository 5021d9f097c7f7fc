"""Levels of flying qualities after MIL-F-8785C, Flying Qualities of Piloted Airplanes (1980).

Levels 1 (clearly adequate) to 3 (can be controlled); 4 here means worse than Level 3. The aircraft
class (I small and light, II medium) is the datasheet's; Class II is judged as II-L, land-based.
Categories: B gradual flight without precision (cruise, loiter), C terminal (approach, landing).
"""

import math
from dataclasses import dataclass
from typing import Any

CATEGORIES = ("B", "C")
STANDARD = "MIL-F-8785C"
WORSE = 4


@dataclass(frozen=True)
class Criterion:
    """One requirement on a mode.

    Attributes:
        quantity: what is asked of, such as "damping ratio".
        symbol: its usual symbol.
        unit: its unit, "" for a pure number.
        value: what the aircraft has.
        bounds: for Levels 1, 2, 3 the range (least, most) that has the level; None where the
            standard names no figure for the level.
        paragraph: where the standard says so.
    """

    quantity: str
    symbol: str
    unit: str
    value: float
    bounds: tuple[tuple[float, float] | None, ...]
    paragraph: str

    @property
    def level(self) -> int:
        """The best level whose range holds the value; 4 for none."""
        for number, bound in enumerate(self.bounds, 1):
            if bound is None or bound[0] <= self.value <= bound[1]:
                return number
        return WORSE

    @property
    def limit(self) -> float:
        """The bound of Level 1 that lies nearest to the value, as shares of the bounds."""
        return min(self._bounds, key=self._inside)

    @property
    def margin(self) -> float:
        """How far inside Level 1 the value lies, as a share of the limit; negative outside."""
        return min(map(self._inside, self._bounds))

    @property
    def _bounds(self) -> list[float]:
        """The finite bounds of Level 1; a 0 below another bound only says that it is stable."""
        low, high = self.bounds[0] or (-math.inf, math.inf)
        return [bound for bound in (low, high) if math.isfinite(bound)
                and not (bound == 0.0 <= self.value and math.isfinite(high))]

    def _inside(self, bound: float) -> float:
        low = bound == (self.bounds[0] or (0.0,))[0]
        return (self.value - bound if low else bound - self.value) / (abs(bound) or 1.0)

    @property
    def asked(self) -> str:
        """What Level 1 asks, in words."""
        low, high = self.bounds[0] or (-math.inf, math.inf)
        if not math.isfinite(high):
            return f"≥ {low:g}" if math.isfinite(low) else "no divergence"
        return f"≤ {high:g}" if low <= 0.0 else f"{low:g} .. {high:g}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; bounds that are open are None."""
        def plain(bound: tuple[float, float] | None) -> list[float | None] | None:
            return bound and [edge if math.isfinite(edge) else None for edge in bound]

        return {"quantity": self.quantity, "unit": self.unit,
                "value": self.value if math.isfinite(self.value) else None,
                "level": self.level, "bounds": [plain(bound) for bound in self.bounds],
                "paragraph": self.paragraph}


def least(*bounds: float) -> tuple[tuple[float, float], ...]:
    """Ranges from each bound up."""
    return tuple((bound, math.inf) for bound in bounds)


def most(*bounds: float) -> tuple[tuple[float, float], ...]:
    """Ranges up to each bound."""
    return tuple((-math.inf, bound) for bound in bounds)


def short_period(damping: float, frequency: float, load_per_alpha: float, aircraft_class: int,
                 category: str) -> tuple[Criterion, ...]:
    """3.2.2.1.1 (figures 2 and 3) and 3.2.2.1.2 (table IV).

    Args:
        damping: damping ratio.
        frequency: undamped natural frequency [rad/s].
        load_per_alpha: n/alpha [1/rad].
        aircraft_class: 1 or 2.
        category: "B" or "C".
    """
    terminal = category == "C"
    table = ((0.35, 1.30), (0.25, 2.0), (0.15, math.inf)) if terminal else (
        (0.30, 2.0), (0.20, 2.0), (0.15, math.inf))
    anticipation = ((0.16, 3.6), (0.096, 10.0), (0.096, math.inf)) if terminal else (
        (0.085, 3.6), (0.038, 10.0), (0.038, math.inf))
    found = [
        Criterion("damping ratio", "ζ", "", damping, table, "3.2.2.1.2, table IV"),
        Criterion("control anticipation ω²/(n/α)", "CAP", "rad/s2",
                  frequency**2 / load_per_alpha, anticipation,
                  f"3.2.2.1.1, figure {3 if terminal else 2}")]
    if terminal:
        small = aircraft_class == 1
        found.append(Criterion("frequency", "ω", "rad/s", frequency, (
            *least(*((0.87, 0.6) if small else (0.7, 0.4))), None), "3.2.2.1.1, figure 3"))
        found.append(Criterion("load per alpha", "n/α", "1/rad", load_per_alpha, (
            *least(*((2.7, 1.8) if small else (2.0, 1.0))), None), "3.2.2.1.1, figure 3"))
    return tuple(found)


def phugoid(damping: float, time_to_double: float) -> tuple[Criterion, ...]:
    """3.2.1.2: long-period oscillations of airspeed; [s], infinite where they decay."""
    if damping >= 0.0:
        return (Criterion("damping ratio", "ζ", "", damping, least(0.04, 0.0), "3.2.1.2"),)
    return (Criterion("damping ratio", "ζ", "", damping, (
        (0.04, math.inf), (0.0, math.inf), (damping, math.inf) if time_to_double >= 55.0
        else (math.inf, math.inf)), "3.2.1.2"),)


def divergence(time_to_double: float) -> tuple[Criterion, ...]:
    """3.2.1.1: no aperiodic divergence of airspeed; Level 3 allows doubling in 6 s [s]."""
    return (Criterion("doubling time", "T₂", "s", time_to_double,
                      least(math.inf, math.inf, 6.0), "3.2.1.1"),)


def dutch_roll(damping: float, frequency: float, roll_over_sideslip: float, aircraft_class: int,
               category: str) -> tuple[Criterion, ...]:
    """3.3.1.1, table VI: damping, frequency, and more damping where it rolls much.

    ``roll_over_sideslip`` is |phi/beta| in the mode.
    """
    heavy = aircraft_class > 1
    first = 0.10 if category == "C" and heavy else 0.15
    frequencies = (1.0 if category == "C" and not heavy else 0.4, 0.4, 0.4)
    excess = max(frequency**2 * roll_over_sideslip - 20.0, 0.0)
    products = (first + 0.014 * excess, 0.05 + 0.009 * excess, 0.005 * excess)
    return (
        Criterion("damping ratio", "ζ", "", damping, least(0.08, 0.02, 0.0),
                  "3.3.1.1, table VI"),
        Criterion("damping times frequency", "ζω", "rad/s", damping * frequency,
                  least(*products), "3.3.1.1, table VI"),
        Criterion("frequency", "ω", "rad/s", frequency, least(*frequencies),
                  "3.3.1.1, table VI"))


def roll(time_constant: float, aircraft_class: int, category: str) -> tuple[Criterion, ...]:
    """3.3.1.2, table VII: roll mode time constant [s], negative where it diverges."""
    limits = (1.0, 1.4, 10.0) if category == "C" and aircraft_class == 1 else (1.4, 3.0, 10.0)
    return (Criterion("time constant", "τ", "s", time_constant,
                      tuple((0.0, limit) for limit in limits), "3.3.1.2, table VII"),)


def spiral(time_to_double: float, category: str) -> tuple[Criterion, ...]:
    """3.3.1.3, table VIII: time in which the bank doubles [s], infinite where it decays."""
    first = 20.0 if category == "B" else 12.0
    return (Criterion("doubling time", "T₂", "s", time_to_double, least(first, 8.0, 4.0),
                      "3.3.1.3, table VIII"),)


def roll_spiral(damping: float, frequency: float) -> tuple[Criterion, ...]:
    """3.3.1.4: roll and spiral joined in one oscillation [rad/s]."""
    return (Criterion("damping times frequency", "ζω", "rad/s", damping * frequency,
                      least(0.5, 0.3, 0.15), "3.3.1.4"),)


def delay(equivalent_delay: float) -> Criterion:
    """3.5.3, table XIV: how late the response is [s]."""
    return Criterion("equivalent delay", "τₑ", "s", equivalent_delay, most(0.10, 0.20, 0.25),
                     "3.5.3, table XIV")
