"""One check: what a reference says, what we say, how far apart they may be."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

Rule = Literal["within", "at least", "at most", "shown", "explained", "not run"]
HOLDS, FALLS_SHORT, SHOWN, EXPLAINED, NOT_RUN = (
    "holds", "falls short", "shown", "explained", "not run")


@dataclass(frozen=True)
class Check:
    """One row of the table.

    Attributes:
        case: what was flown or computed.
        quantity: what is compared.
        reference: who says so.
        unit: unit of ``expected``, ``found`` and ``difference``; of a relative check, of the
            first two.
        expected, found: the reference's value and ours, over a run those at the largest
            difference; NaN where there is none.
        difference: ours less the reference's; as a share of it where ``relative``.
        tolerance: the largest difference that holds; NaN where the rule needs none.
        rule: "within" the tolerance, "at least" or "at most" the expected value, "shown"
            without a verdict, "explained" where a public figure is missed and the datasheet
            says why, "not run".
        relative: difference and tolerance are shares of the expected value.
        note: a remark.
    """

    case: str
    quantity: str
    reference: str
    unit: str
    expected: float
    found: float
    difference: float
    tolerance: float = math.nan
    rule: Rule = "within"
    relative: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """"holds", "falls short", "shown", "explained" or "not run"."""
        if self.rule == "within":
            # What is no number holds nothing.
            return HOLDS if abs(self.difference) <= self.tolerance else FALLS_SHORT
        if self.rule == "at least":
            return HOLDS if self.found >= self.expected else FALLS_SHORT
        if self.rule == "at most":
            return HOLDS if self.found <= self.expected else FALLS_SHORT
        return self.rule

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON; what is no number is None."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__}
        row["verdict"] = self.verdict
        return {key: None if isinstance(value, float) and not math.isfinite(value) else value
                for key, value in row.items()}


def _difference(expected: float, found: float, relative: bool) -> float:
    return (found - expected) / abs(expected) if relative else found - expected


def within(case: str, quantity: str, reference: str, unit: str, expected: float, found: float,
           tolerance: float, *, relative: bool = False, note: str = "") -> Check:
    """Ours lies within ``tolerance`` of the reference's, a share of it where ``relative``."""
    expected, found = float(expected), float(found)
    return Check(case, quantity, reference, unit, expected, found,
                 _difference(expected, found, relative), tolerance, "within", relative, note)


def worst(case: str, quantity: str, reference: str, unit: str, expected: Any, found: Any,
          tolerance: float = math.nan, *, relative: bool = False, wrap: float | None = None,
          rule: Rule = "within", note: str = "") -> Check:
    """The largest difference of two series of equal length.

    ``wrap`` is the period of an angle; ``relative`` takes shares of each expected value. A
    series with a NaN, of another length or empty falls short.
    """
    expected, found = np.asarray(expected, float), np.asarray(found, float)
    if expected.shape != found.shape or expected.size == 0:
        return Check(case, quantity, reference, unit, math.nan, math.nan, math.nan, tolerance,
                     rule, relative, f"lengths {found.shape} and {expected.shape} differ")
    apart = found - expected
    if wrap is not None:
        apart = (apart + 0.5 * wrap) % wrap - 0.5 * wrap
    if relative:
        apart = apart / np.abs(expected)
    size = np.abs(apart)
    at = int(np.argmax(np.where(np.isnan(size), np.inf, size)))
    return Check(case, quantity, reference, unit, float(expected.flat[at]), float(found.flat[at]),
                 float(apart.flat[at]), tolerance, rule, relative, note)


def at_least(case: str, quantity: str, reference: str, unit: str, bound: float, found: float, *,
             note: str = "") -> Check:
    """Ours is no less than the reference asks."""
    return Check(case, quantity, reference, unit, float(bound), float(found),
                 float(found) - float(bound), 0.0, "at least", note=note)


def at_most(case: str, quantity: str, reference: str, unit: str, bound: float, found: float, *,
            note: str = "") -> Check:
    """Ours is no more than the reference allows."""
    return Check(case, quantity, reference, unit, float(bound), float(found),
                 float(found) - float(bound), 0.0, "at most", note=note)


def shown(case: str, quantity: str, reference: str, unit: str, expected: float, found: float, *,
          relative: bool = False, note: str = "") -> Check:
    """Both values, without a verdict."""
    expected, found = float(expected), float(found)
    return Check(case, quantity, reference, unit, expected, found,
                 _difference(expected, found, relative), math.nan, "shown", relative, note)


def explained(case: str, quantity: str, reference: str, unit: str, expected: float, found: float,
              *, why: str) -> Check:
    """A public figure that is missed, where the datasheet says why."""
    expected, found = float(expected), float(found)
    return Check(case, quantity, reference, unit, expected, found,
                 _difference(expected, found, True), math.nan, "explained", True, why)


def not_run(case: str, quantity: str, reference: str, why: str) -> Check:
    """A check for which something is missing here."""
    return Check(case, quantity, reference, "", math.nan, math.nan, math.nan, math.nan, "not run",
                 note=why)


@dataclass
class Plot:
    """A figure of the documentation page: a file's stem, its caption and its drawing."""

    name: str
    caption: str
    draw: Callable[[Any], None]


@dataclass
class Context:
    """What a subject's checks may use.

    Attributes:
        data: folder of the reference data, or None.
        tell: told what is being worked on.
        plots: the figures that the subject has to show, in order.
    """

    data: Path | None = None
    tell: Callable[[str], None] = lambda text: None
    plots: list[Plot] = field(default_factory=list)

    def plot(self, name: str, caption: str, draw: Callable[[Any], None]) -> None:
        """Show a figure: ``draw`` is handed an empty Matplotlib figure if a page is written."""
        self.plots.append(Plot(name, caption, draw))

    def missing(self, *parts: str) -> str:
        """Why the reference data's folder or file ``parts`` cannot be read; "" where it can."""
        if self.data is None:
            return "no reference data: name its folder with --data"
        if not self.data.joinpath(*parts).exists():
            return f"{'/'.join(parts)} is not in the reference data"
        return ""


def counted(checks: Sequence[Check]) -> dict[str, int]:
    """How many checks have each verdict."""
    verdicts = [check.verdict for check in checks]
    return {verdict: verdicts.count(verdict)
            for verdict in (HOLDS, FALLS_SHORT, EXPLAINED, SHOWN, NOT_RUN)}
