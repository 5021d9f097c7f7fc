"""``longwatch performance``: what an aircraft can do, beside the public figures."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import escaped, make_console, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from longwatch.analysis.performance import AircraftPerformance, Figure

KNOT, FOOT = 1852.0 / 3600.0, 0.3048


@click.command("performance", short_help="What an aircraft can do, beside the public figures.")
@click.argument("name", metavar="NAME|FILE")
@click.option("--payload", "payload_kg", type=float, metavar="KG",
              help="Payload; without it, the largest.")
@click.option("--html", metavar="FILE", help="Write a page with the charts too.")
@JSON_OPTION
def command(name: str, payload_kg: float | None, html: str | None, as_json: bool) -> int:
    """Print the performance of NAME, computed from its datasheet in calm standard air."""
    from longwatch.analysis.performance import performance
    from longwatch.analysis.performance_page import write_page

    found = performance(name, payload_kg)
    if html is not None:
        write_page(Path(html), found)
    if as_json:
        print_json(values(found))
        return 0
    console = make_console()
    fuel = ", ".join(f"{loading.name} {loading.mass_kg:.0f} kg ({loading.payload_kg:.0f} payload, "
                     f"{loading.fuel_kg:.0f} fuel)" for loading in found.loadings)
    console.print(f"\n[bold]{escaped(found.title)}[/]  [dim]{escaped(fuel)}")
    console.print(_figures_table(found))
    public = found.public_endurance_s
    beside = "" if public is None else f"; public endurance {public / 3600:.1f} h"
    console.print(f"[bold]Endurance and range against altitude[/]  [dim]payload "
                  f"{found.payload_kg:.0f} kg, {found.loadings[0].fuel_kg:.0f} kg of fuel, the "
                  f"reserve kept{beside}")
    console.print(_loaded_table(found, found.altitudes))
    console.print("[bold]Payload, fuel and endurance[/]  [dim]at "
                  f"{found.trade_altitude_m:.0f} m, the reserve kept")
    console.print(_loaded_table(found, found.trade))
    if html is not None:
        console.print(f"charts in {escaped(html)}")
    return 0


def values(found: "AircraftPerformance") -> dict[str, Any]:
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


def figure_cells(row: "Figure") -> list[str]:
    """A row of the table: quantity, unit, three values, public, difference, condition."""
    texts = [in_units(value, row.unit, row.quantity) for value in row.values]
    public = "" if row.public is None else in_units(row.public, row.unit, row.quantity)
    off = "" if row.difference is None else f"{row.difference:+.1%}"
    return [row.quantity, row.unit, *texts, public, off, row.condition]


def loaded_cells(row: Any, public_endurance_s: float | None) -> list[str]:
    """A row of the endurance tables, the cruise's endurance beside the public one."""
    hours = [f"{t / 3600:.1f}" if math.isfinite(t) else "none"
             for t in (row.cruise_endurance_s, row.endurance_s)]
    distances = [f"{d / 1000:.0f}" if math.isfinite(d) else "none"
                 for d in (row.cruise_range_m, row.range_m)]
    up = [f"{row.climb_s / 60:.0f}", f"{row.climb_kg:.1f}"] if math.isfinite(row.climb_s) else (
        ["none", "none"])
    off = ""
    if public_endurance_s is not None and math.isfinite(row.cruise_endurance_s):
        off = f"{row.cruise_endurance_s / public_endurance_s - 1.0:+.0%}"
    return [f"{row.altitude_m:.0f} ({row.altitude_m / FOOT:.0f} ft)", f"{row.payload_kg:.0f}",
            f"{row.fuel_kg:.0f}", f"{row.mass_kg:.0f}", hours[0], off, distances[0], hours[1],
            distances[1], *up]


LOADED_HEADINGS = ("altitude m", "payload kg", "fuel kg", "take-off kg", "cruise h", "off public",
                   "cruise km", "longest h", "farthest km", "climb min", "climb kg")


def _table(headings: Sequence[str], left: set[str]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="left" if heading in left else "right",
                         overflow="fold")
    return table


def figure_headings(found: "AircraftPerformance") -> list[str]:
    """Headings of the table of figures."""
    return ["quantity", "unit", *(f"{loading.name} {loading.mass_kg:.0f} kg"
                                  for loading in found.loadings),
            "public", "difference", "condition"]


def _figures_table(found: "AircraftPerformance") -> "Table":
    table = _table(figure_headings(found), {"quantity", "unit", "condition"})
    for row in found.figures:
        table.add_row(*map(escaped, figure_cells(row)))
    return table


def _loaded_table(found: "AircraftPerformance", rows: Sequence[Any]) -> "Table":
    table = _table(LOADED_HEADINGS, set())
    for row in rows:
        table.add_row(*loaded_cells(row, found.public_endurance_s))
    return table
