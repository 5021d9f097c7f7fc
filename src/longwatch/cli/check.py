"""``longwatch check``: judge a mission, item by item."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from longwatch.cli.options import JSON_OPTION, load_options
from longwatch.cli.screen import REFUSED, escaped, make_console, pairs, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from longwatch.planning.judgement import Judgement


@click.command("check")
@click.argument("mission")
@load_options
@JSON_OPTION
def command(mission: str, aircraft: str, payload_kg: float, fuel_kg: float | None,
            wind: str | None, turbulence: str, fit: bool, force: bool, weather: str | None,
            terrain: str | None, start: str | None, as_json: bool) -> int:
    """Judge MISSION for the aircraft, item by item, without flying it."""
    from longwatch.aircraft.loader import load_datasheet
    from longwatch.planning import judge_file
    from longwatch.planning.judgement_values import judgement_values
    from longwatch.planning.load_checks import most_fuel
    from longwatch.planning.surroundings import read_surroundings

    sheet = load_datasheet(aircraft)
    fuel_kg = most_fuel(sheet.datasheet[0], payload_kg) if fuel_kg is None else fuel_kg
    judgement = judge_file(mission, sheet, payload_kg=payload_kg, fuel_kg=fuel_kg,
                           turbulence=turbulence, fit=fit, force=force,
                           **read_surroundings(wind, weather, terrain, start))
    if as_json:
        print_json(judgement_values(judgement))
    else:
        _print_judgement(judgement, mission, fit)
    return 0 if all(force and f.forcible for f in judgement.errors) else REFUSED


# Heading, quantity of ItemNumbers, factor and digits.
COLUMNS = (
    ("altitude\nm AMSL", "altitude_msl", 1.0, 0), ("ground\nm", "ground_msl", 1.0, 0),
    ("ceiling\nm", "ceiling", 1.0, 0), ("airspeed\nm/s", "speed", 1.0, 1),
    ("leg\nkm", "leg", 1e-3, 2), ("needed\nkm", "leg_needed", 1e-3, 2),
    ("turn\ndeg", "turn_deg", 1.0, 0), ("radius\nm", "turn_radius", 1.0, 0),
    ("climb\ndeg", "climb_deg", 1.0, 1), ("ground\nm/s", "ground_speed", 1.0, 1),
    ("time\nmin", "time", 1.0 / 60.0, 1), ("fuel\nkg", "fuel", 1.0, 2))
# A narrower terminal goes without these.
WIDE = 116
LEFT_OUT = {"ground_msl", "ceiling", "leg_needed", "turn_radius", "ground_speed"}


def _print_judgement(judgement: "Judgement", mission: str, fit: bool) -> None:
    console = make_console()
    wrong: dict[int | None, str] = {f.item: f.severity for f in reversed(judgement.findings)}
    wrong |= {f.item: "error" for f in judgement.errors}
    columns = [column for column in COLUMNS if console.width >= WIDE or column[1] not in LEFT_OUT]
    table = _numbers_table(columns)
    for numbers in judgement.numbers:
        style = {"error": "red", "warning": "yellow"}.get(wrong.get(numbers.sequence, ""), "")
        table.add_row(str(numbers.sequence), numbers.name,
                      *(_figure(getattr(numbers, name) * factor, digits)
                        for _, name, factor, digits in columns), style=style)
    console.print(table)
    rows = pairs()
    for severity, colour in (("error", "red"), ("warning", "yellow")):
        for finding in judgement.findings:
            if finding.severity == severity:
                rows.add_row(f"[{colour}]{severity}", escaped(finding.text))
    for change in judgement.changes:
        rows.add_row("changed", escaped(change.text))
    for message in judgement.messages:
        rows.add_row("note", escaped(message))
    console.print(rows)
    fitted = " as changed" if judgement.changes else ""
    if judgement.flyable:
        console.print(f"[bold green]{escaped(mission)} can be flown{fitted}.")
    else:
        remedy = "" if fit or not any(f.fix for f in judgement.errors) else (
            " --fit changes what can be changed, and lists it.")
        console.print(f"[bold red]{escaped(mission)} is refused{fitted}.[/]{remedy}")


def _numbers_table(columns: Sequence[tuple[str, str, float, int]]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("item", justify="right")
    table.add_column("command")
    for heading, *_ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _figure(value: float, digits: int) -> str:
    return "" if value != value else f"{value:.{digits}f}"
