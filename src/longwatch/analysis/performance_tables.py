"""The performance as tables of text, for the screen and the manual, and as values for JSON."""

import math
from typing import Any

from longwatch.analysis.endurance import Loaded
from longwatch.analysis.performance import AircraftPerformance, Figure

KNOT, FOOT = 1852.0 / 3600.0, 0.3048
# Title, what it holds for, headings, rows.
Table = tuple[str, str, list[str], list[list[str]]]


def tables(found: AircraftPerformance) -> list[Table]:
    """The three tables of a performance."""
    loads = ", ".join(f"{loading.name} {loading.mass_kg:.0f} kg ({loading.payload_kg:.0f} payload, "
                      f"{loading.fuel_kg:.0f} fuel)" for loading in found.loadings)
    headings = ["quantity", "unit", *(f"{loading.name} {loading.mass_kg:.0f} kg"
                                      for loading in found.loadings),
                "public", "difference", "condition"]
    public = found.public_endurance_s
    beside = "" if public is None else f"; public endurance {public / 3600:.1f} h"
    kept = f"the reserve kept{beside}"
    loaded = ["altitude m", "payload kg", "fuel kg", "take-off kg", "cruise h", "off public",
              "cruise km", "longest h", "farthest km", "climb min", "climb kg"]
    return [
        (found.title, loads, headings, [_figure(row) for row in found.figures]),
        (f"{found.title}: endurance and range against altitude",
         f"payload {found.payload_kg:.0f} kg, {found.loadings[0].fuel_kg:.0f} kg of fuel, {kept}",
         loaded, [_loaded(row, public) for row in found.altitudes]),
        (f"{found.title}: payload, fuel and endurance", f"at {found.trade_altitude_m:.0f} m, "
         f"{kept}", loaded, [_loaded(row, public) for row in found.trade])]


def in_units(value: float, unit: str, quantity: str) -> str:
    """A value in SI, with knots, feet or feet a minute beside it where that is usual."""
    if math.isnan(value):
        return "none"
    if unit == "m/s" and "climb rate" in quantity:
        return f"{value:.2f} ({value / FOOT * 60:.0f} ft/min)"
    if unit == "m/s":
        return f"{value:.1f} ({value / KNOT:.1f} kt)"
    if unit == "m" and "ceiling" in quantity:
        return f"{value:.0f} ({value / FOOT:.0f} ft)"
    return f"{value:.2f}" if unit == "" else f"{value:.0f}"


def _figure(row: Figure) -> list[str]:
    texts = [in_units(value, row.unit, row.quantity) for value in row.values]
    public = "" if row.public is None else in_units(row.public, row.unit, row.quantity)
    off = "" if row.difference is None else f"{row.difference:+.1%}"
    return [row.quantity, row.unit, *texts, public, off, row.condition]


def _loaded(row: Loaded, public_endurance_s: float | None) -> list[str]:
    """A row of the endurance tables, the cruise's endurance beside the public one."""
    def told(value: float, divisor: float, digits: int) -> str:
        return f"{value / divisor:.{digits}f}" if math.isfinite(value) else "none"

    off = ""
    if public_endurance_s is not None and math.isfinite(row.cruise_endurance_s):
        off = f"{row.cruise_endurance_s / public_endurance_s - 1.0:+.0%}"
    return [f"{row.altitude_m:.0f} ({row.altitude_m / FOOT:.0f} ft)", f"{row.payload_kg:.0f}",
            f"{row.fuel_kg:.0f}", f"{row.mass_kg:.0f}", told(row.cruise_endurance_s, 3600, 1), off,
            told(row.cruise_range_m, 1000, 0), told(row.endurance_s, 3600, 1),
            told(row.range_m, 1000, 0), told(row.climb_s, 60, 0), told(row.climb_kg, 1, 1)]


def values(found: AircraftPerformance) -> dict[str, Any]:
    """The performance for JSON, SI units; what is no number is None."""
    def clean(value: Any) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return [clean(v) for v in value] if isinstance(value, tuple) else value

    def of(thing: Any) -> dict[str, Any]:
        return {key: clean(value) for key, value in vars(thing).items()}

    return {"aircraft": found.aircraft, "title": found.title, "payload_kg": found.payload_kg,
            "loadings": [of(loading) for loading in found.loadings],
            "figures": [of(row) | {"difference": clean(row.difference)} for row in found.figures],
            "altitudes": [of(row) for row in found.altitudes],
            "trade": [of(row) for row in found.trade],
            "trade_altitude_m": found.trade_altitude_m,
            "public_endurance_s": found.public_endurance_s}
