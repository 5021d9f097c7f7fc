"""``longwatch performance``: what an aircraft can do, beside the public figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import escaped, make_console, print_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from longwatch.analysis.performance import AircraftPerformance


NARROW = 130  # columns of a terminal below which a table is made slimmer
LEFT_OUT = ("condition", "climb min", "climb kg")


@click.command("performance", short_help="What an aircraft can do, beside the public figures.")
@click.argument("names", metavar="NAME|FILE...", nargs=-1, required=True)
@click.option("--payload", "payload_kg", type=float, metavar="KG",
              help="Payload; without it, the largest.")
@click.option("--html", metavar="FILE", help="Write a page with charts too, of one aircraft.")
@click.option("--markdown", metavar="FILE", help="Write the tables as a page of the manual too.")
@JSON_OPTION
def command(names: tuple[str, ...], payload_kg: float | None, html: str | None,
            markdown: str | None, as_json: bool) -> int:
    """Print the performance of NAME, computed from its datasheet in calm standard air."""
    from longwatch.analysis.performance import performance
    from longwatch.analysis.performance_page import (
        check_folder,
        markdown_page,
        write_page,
        write_text,
    )
    from longwatch.analysis.performance_tables import values

    if html is not None and len(names) > 1:
        raise click.UsageError("--html writes one aircraft's page: name one")
    for page in (html, markdown):
        if page is not None:
            check_folder(Path(page))
    found = [performance(name, payload_kg) for name in names]
    if html is not None:
        write_page(Path(html), found[0])
    if markdown is not None:
        write_text(Path(markdown), markdown_page(found))
    if as_json:
        print_json(values(found[0]) if len(found) == 1 else
                   {"aircraft": [values(one) for one in found]})
        return 0
    console = make_console()
    for one in found:
        _print(console, one)
    for written in (html, markdown):
        if written is not None:
            console.print(f"written: {escaped(written)}")
    return 0


def _print(console: "Console", found: "AircraftPerformance") -> None:
    from longwatch.analysis.performance_tables import tables

    for title, about, headings, rows in tables(found):
        console.print(f"\n[bold]{escaped(title)}[/]  [dim]{escaped(about)}")
        if console.width < NARROW:
            headings, rows = _narrower(headings, rows)
        console.print(_table(headings, rows))


def _narrower(headings: Sequence[str], rows: Sequence[Sequence[str]]
              ) -> tuple[list[str], list[list[str]]]:
    """Slimmer columns: SI alone, what a figure holds for after its name, headings of lines."""
    kept = [k for k, heading in enumerate(headings) if heading not in LEFT_OUT]
    slim = [[row[k].split(" (")[0] for k in kept] for row in rows]
    if "condition" in headings:
        where = headings.index("condition")
        for row, cells in zip(rows, slim, strict=True):
            if row[where]:
                cells[0] += f", {row[where]}"
    return [headings[k].replace(" ", "\n") for k in kept], slim


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        left = heading in ("quantity", "unit", "condition")
        table.add_column(heading, justify="left" if left else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(escaped, row))
    return table
