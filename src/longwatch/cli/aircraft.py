"""``longwatch aircraft``: a datasheet with its sources."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import escaped, make_console, pairs, print_json, sheet_table

if TYPE_CHECKING:
    from rich.console import Console

    from longwatch.aircraft.loader import Entry


@click.command("aircraft", short_help="Show a datasheet with its sources, or the list.")
@click.argument("name", required=False)
@JSON_OPTION
def command(name: str | None, as_json: bool) -> int:
    """Show the datasheet of NAME with sources and grades; without NAME, list the aircraft."""
    from longwatch.aircraft.loader import aircraft_names, load_datasheet

    if name is None:
        known = {key: load_datasheet(key).title for key in aircraft_names()}
        if as_json:
            print_json({"aircraft": known})
        for key, title in known.items() if not as_json else ():
            click.echo(f"{key:12} {title}")
        return 0
    sheet = load_datasheet(name)
    if as_json:
        print_json({"name": sheet.name, "title": sheet.title, "description": sheet.description,
                     "digest": sheet.digest, "entries": [vars(e) for e in sheet.entries],
                     "public": [vars(claim) for claim in sheet.public]})
        return 0
    console = make_console()
    console.print(f"\n[bold]{escaped(sheet.title)}[/]\n{escaped(sheet.description)}\n")
    sources = list(dict.fromkeys([*(e.source for e in sheet.entries),
                                  *(claim.source for claim in sheet.public)]))
    _print_entries(console, sheet.entries, sources)
    if sheet.public:
        _print_claims(console, sheet.public, sources)
    table = pairs()
    for number, citation in enumerate(sources, 1):
        table.add_row(f"[{number}]".replace("[", r"\["), escaped(citation))
    console.print("[bold]sources")
    console.print(table)
    return 0


GRADE_COLOURS = {"published": "green", "measured": "green", "derived": "cyan", "assumed": "yellow"}


def _print_entries(console: "Console", entries: Sequence["Entry"], sources: list[str]) -> None:
    """One table a section of the datasheet."""
    for section in dict.fromkeys(e.path.partition(".")[0] for e in entries):
        table = sheet_table("quantity", "value", "unit", "grade", "source", "meaning")
        for entry in entries:
            head, _, rest = entry.path.partition(".")
            if head == section:
                meaning = entry.meaning + (f" ({entry.note})" if entry.note else "")
                table.add_row(rest, _value(entry.value), entry.unit, _grade(entry.grade),
                              str(sources.index(entry.source) + 1), escaped(meaning))
        console.print(f"[bold]{section.replace('_', ' ')}")
        console.print(table)


def _print_claims(console: "Console", claims: Sequence[Any], sources: list[str]) -> None:
    table = sheet_table("publicly stated", "value", "unit", "grade", "source", "in this datasheet")
    for claim in claims:
        table.add_row(escaped(claim.quantity), _value(claim.value), claim.unit,
                      _grade(claim.grade), str(sources.index(claim.source) + 1),
                      escaped(claim.relation))
    console.print("[bold]public claims")
    console.print(table)




def _grade(grade: str) -> str:
    return f"[{GRADE_COLOURS.get(grade, 'white')}]{grade}"


def _value(value: Any) -> str:
    """A number, a short list, or the size of a table and its bounds."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, list):
        return f"{value:g}" if isinstance(value, int | float) else escaped(str(value))
    if isinstance(value[0], list):
        flat = [number for row in value for number in row]
        return f"{len(value)} × {len(value[0])}: {min(flat):g} .. {max(flat):g}"
    if len(value) > 3:
        return f"{len(value)}: {min(value):g} .. {max(value):g}"
    return ", ".join(f"{number:g}" for number in value)
