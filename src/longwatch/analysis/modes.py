"""Flying qualities of one steady flight: :func:`modes`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longwatch.aircraft.loader import Aircraft
from longwatch.analysis.airframe import airframe_modes, load_per_alpha
from longwatch.analysis.augmented import augmented_modes
from longwatch.analysis.flying_qualities import CATEGORIES
from longwatch.analysis.linear import Linear, linearize
from longwatch.analysis.mode import Mode
from longwatch.analysis.trim import Trim, trim
from longwatch.errors import SetupError


@dataclass(frozen=True)
class FlyingQualities:
    """The modes of one steady flight.

    Attributes:
        linear: the linear model of the airframe, which holds the steady flight.
        aircraft_class, category: what the levels were judged for.
        load_per_alpha: n/alpha [1/rad].
        bare: the modes of the airframe alone, controls held.
        inner_loops: the modes with the autopilot's inner loops engaged.
    """

    linear: Linear
    aircraft_class: int
    category: str
    load_per_alpha: float
    bare: tuple[Mode, ...]
    inner_loops: tuple[Mode, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything but the matrices, for JSON."""
        return {"aircraft_class": self.aircraft_class, "category": self.category,
                "load_per_alpha": self.load_per_alpha, "trim": self.linear.trim.as_dict(),
                "bare": [mode.as_dict() for mode in self.bare],
                "inner_loops": [mode.as_dict() for mode in self.inner_loops]}


def modes(aircraft: str | Path | Aircraft | Trim = "tb2", *, category: str = "B",
          **flight: Any) -> FlyingQualities:
    """Natural modes about a steady flight, with their levels after MIL-F-8785C.

    Args:
        aircraft: the aircraft, or a steady flight as :func:`longwatch.analysis.trim.trim` found.
        category: "B" for cruise and loiter, "C" for approach and landing.
        flight: the flight to trim, arguments of :func:`longwatch.analysis.trim.trim`.

    Raises:
        DatasheetError, SetupError, TrimError: as ``trim``; SetupError for the category too, and
            for arguments of a flight beside a steady one.
    """
    if category not in CATEGORIES:
        raise SetupError(f"category {category!r}: give B (cruise, loiter) or C (approach, landing)")
    if isinstance(aircraft, Trim) and flight:
        raise SetupError(f"a steady flight was given, and {', '.join(flight)} besides: give an "
                         "aircraft to trim at these, or the steady flight alone")
    steady = aircraft if isinstance(aircraft, Trim) else trim(aircraft, **flight)
    linear = linearize(steady)
    aircraft_class = int(steady.aircraft.datasheet[0].limits.flying_qualities_class)
    load = load_per_alpha(linear)
    return FlyingQualities(linear, aircraft_class, category, load,
                           airframe_modes(linear, aircraft_class, category),
                           augmented_modes(steady, load, aircraft_class, category))
