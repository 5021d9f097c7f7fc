"""Flying qualities over speed, mass and altitude against MIL-F-8785C, both aircraft."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from longwatch.aircraft.loader import Aircraft, load_datasheet
from longwatch.analysis.flying_qualities import STANDARD, Criterion
from longwatch.analysis.mode import Mode
from longwatch.analysis.modes import FlyingQualities, modes
from longwatch.analysis.trim import trim
from longwatch.errors import TrimError
from longwatch.planning.performance import Performance
from longwatch.simulation.run import most_fuel
from longwatch.verification.check import Check, Context, at_least, at_most, shown

TITLE = "Flying qualities"
ABOUT = (
    "Natural modes of the compiled model, linearised about level flight over the grid of speed, "
    "mass and altitude that each aircraft can fly, against the Level 1 bounds of MIL-F-8785C: "
    "Category B (cruise, loiter) and, gear down and low, Category C (approach). With the inner "
    "loops engaged each mode shows its worst flight and must be Level 1; short period and roll "
    "are there judged by their low-order equivalents (3.2.2.1), phugoid and spiral, which "
    "attitude hold removes, by the growth of what is left. Levels of the bare airframe are shown "
    "as they are. The standard is for piloted airplanes; nobody feels these aircraft, but an "
    "airframe or a loop that meets it leaves guidance nothing to fight."
)
AIRCRAFT = {"tb2": (0.0, 3000.0, 5486.4, 7500.0), "akinci": (0.0, 6096.0, 9144.0, 11500.0)}
SPEEDS = (1.25, 1.6, 2.1)
FASTEST = 0.9
LOW = (0.0, 2000.0)
APPROACH = (1.0, 1.1, 1.3)
# Payload and fuel, as shares of what is carried at most: light, middle, heavy.
LOADS = ((0.0, 0.15), (0.5, 0.5), (1.0, 1.0))
MODES = ("short period", "phugoid", "Dutch roll", "roll", "spiral")


@dataclass(frozen=True)
class Flight:
    """One steady flight of the grid, and its modes."""

    text: str
    found: FlyingQualities


def checks(context: Context) -> Iterator[Check]:
    """One row a mode at its worst with the inner loops, then the bare airframe's levels."""
    for name, altitudes in AIRCRAFT.items():
        aircraft = load_datasheet(name)
        grids = {}
        for category in ("B", "C"):
            context.tell(f"{name}, category {category}")
            grids[category] = list(_grid(aircraft, category, altitudes))
        for category, flights in grids.items():
            case = f"{name}, Category {category}, {len(flights)} flights"
            yield from _engaged(case, flights)
            yield from _bare(case, flights)
        everything = [flight for flights in grids.values() for flight in flights]
        context.plot(
            f"roots-{name}",
            f"Roots of the {aircraft.title} aircraft over the grid, bare and with the inner loops "
            "engaged; beside them the standard's damping and growth bounds of Category B.",
            partial(_draw, everything))


def _grid(aircraft: Aircraft, category: str, altitudes: tuple[float, ...]) -> Iterator[Flight]:
    sheet = aircraft.datasheet[0]
    performance = Performance(sheet)
    terminal = category == "C"
    for altitude, (payload_share, fuel_share) in itertools.product(
            LOW if terminal else altitudes, LOADS):
        payload = payload_share * float(sheet.mass.payload_maximum)
        fuel = fuel_share * most_fuel(sheet, payload)
        stall = performance.stall_speed(float(sheet.mass.empty_mass) + payload + fuel)
        speeds = [factor * float(sheet.procedures.approach_factor) * stall for factor in APPROACH
                  ] if terminal else [factor * stall for factor in SPEEDS]
        fastest = FASTEST * float(sheet.limits.never_exceed_speed)
        for speed in [*(v for v in speeds if v < fastest), *([] if terminal else [fastest])]:
            try:
                steady = trim(aircraft, calibrated_airspeed=speed, altitude_msl=altitude,
                              payload_kg=payload, fuel_kg=fuel, gear_down=terminal)
            except TrimError:
                continue  # the engine cannot fly it, so nobody does
            text = (f"{speed:.0f} m/s calibrated, {altitude:.0f} m, {steady.mass:.0f} kg")
            yield Flight(text, modes(steady, category=category))


def _mode(flight: Flight, name: str, engaged: bool) -> Mode:
    found = flight.found.inner_loops if engaged else flight.found.bare
    return next(mode for mode in found if mode.name == name)


def _engaged(case: str, flights: list[Flight]) -> Iterator[Check]:
    for name in MODES:
        points = [(flight, _mode(flight, name, True)) for flight in flights]
        if name in ("phugoid", "spiral"):
            yield _growth(case, name, points)
            continue
        flight, criterion = min(
            ((flight, criterion) for flight, mode in points for criterion in mode.criteria),
            key=lambda pair: pair[1].margin)
        yield _row(case, name, flight, criterion)
    fine = sum(all(mode.level in (None, 1) for mode in flight.found.inner_loops)
               for flight in flights)
    yield at_least(case, "flights at Level 1 in every mode, inner loops", STANDARD, "",
                   len(flights), fine)


def _row(case: str, name: str, flight: Flight, criterion: Criterion) -> Check:
    low = (criterion.bounds[0] or (0.0, 0.0))[0]
    make = at_least if criterion.limit == low else at_most
    return make(case, f"{name}, inner loops: {criterion.quantity}, worst",
                f"{STANDARD} {criterion.paragraph}", criterion.unit, criterion.limit,
                criterion.value, note=f"at {flight.text}")


def _growth(case: str, name: str, points: list[tuple[Flight, Mode]]) -> Check:
    """What attitude hold leaves of phugoid and spiral: it may not grow."""
    flight, mode = max(points, key=lambda pair: pair[1].growth)
    paragraph = "3.2.1.1, 3.2.1.2" if name == "phugoid" else "3.3.1.3"
    return at_most(case, f"{name}, inner loops: growth of its slowest root, worst",
                   f"{STANDARD} {paragraph}", "1/s", 0.0, mode.growth,
                   note=f"at {flight.text}: {mode.note or mode.motion}")


def _bare(case: str, flights: list[Flight]) -> Iterator[Check]:
    for name in MODES:
        points = [(flight, _mode(flight, name, False)) for flight in flights]
        levels = [mode.level or 1 for _, mode in points]
        flight, mode = max(points, key=lambda pair: (pair[1].level or 1, pair[1].growth))
        four = " (4: worse than Level 3)" if max(levels) > 3 else ""
        worse = f"; worst{four} at {flight.text}: {mode.motion}" if max(levels) > 1 else ""
        yield shown(case, f"{name}, bare airframe: worst level", STANDARD, "", 1.0, max(levels),
                    note=f"Level 1 in {levels.count(1)}{worse}")


def _draw(flights: list[Flight], figure: Any) -> None:
    """Roots in the complex plane, bare at the left and with the inner loops at the right."""
    for place, (title, engaged) in enumerate((("bare", False), ("inner loops", True)), 1):
        axes = figure.add_subplot(1, 2, place)
        for name in MODES:
            roots = [root for flight in flights for root in _mode(flight, name, engaged).roots
                     if root.imag >= 0.0]
            axes.plot([root.real for root in roots], [root.imag for root in roots], ".",
                      markersize=4, label=name)
        axes.axvline(0.0, color="black", linewidth=0.6)
        axes.plot([0.0, -0.08 * 4.0], [0.0, 4.0], "--", color="grey", linewidth=0.8,
                  label="ζ 0.08 (Dutch roll)")
        axes.axvline(math.log(2.0) / 20.0, color="grey", linewidth=0.8, linestyle=":",
                     label="doubles in 20 s (spiral)")
        axes.set(title=title, xlabel="real part, 1/s", xlim=(-8.0, 0.6), ylim=(-0.1, 4.0))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("imaginary part, rad/s")
    figure.axes[0].legend(fontsize="small", loc="upper left")
