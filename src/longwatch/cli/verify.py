"""``longwatch verify``: the twin against what nobody here wrote."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import escaped, make_console, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from longwatch.verification import Result

# Exit code.
FALLS_SHORT = 1
NARROW = 130  # columns of a terminal below which a check is no row of a table
COLOURS = {"holds": "green", "falls short": "bold red", "explained": "yellow", "shown": "dim",
           "not run": "magenta"}


@click.command("verify")
@click.argument("subjects", nargs=-1)
@click.option("--data", metavar="DIR", help="Folder of the reference data (NASA's check cases, "
              "weather, terrain); what needs it is not run without.")
@click.option("--markdown", metavar="FILE", help="Write the manual's page with its plots too, "
              "of all subjects.")
@JSON_OPTION
def command(subjects: tuple[str, ...], data: str | None, markdown: str | None, as_json: bool
            ) -> int:
    """Check the twin against NASA, JSBSim, public figures, standards and closed forms.

    SUBJECTS limits it to some, such as "nasa". Exit status 1 if anything falls short.
    """
    from longwatch.verification import verify
    from longwatch.verification.page import check_page, write_page

    if markdown is not None:
        if subjects:
            raise click.UsageError("--markdown writes the whole page: name no subjects")
        check_page(Path(markdown))
    console = make_console()
    results = []
    with _Told() as tell:
        for result in verify(data, subjects, tell):
            results.append(result)
            if not as_json:
                _print_result(console, result)
    if markdown is not None:
        write_page(Path(markdown), results)
    checks = [check for result in results for check in result.checks]
    if as_json:
        print_json(_values(results))
    else:
        _print_total(console, results)
    return FALLS_SHORT if any(check.verdict == "falls short" for check in checks) else 0


class _Told:
    """What is being worked on: one line that renews itself in a terminal, else nothing."""

    def __enter__(self) -> Callable[[str], None]:
        self.status: Any = None
        if sys.stderr.isatty():
            self.status = make_console(stderr=True).status("Starting ...")
            self.status.start()
            return lambda text: self.status.update(escaped(f"{text} ..."))
        return lambda text: click.echo(f"{text} ...", err=True)

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()


def _values(results: Iterable["Result"]) -> dict[str, Any]:
    from longwatch.verification.check import counted

    results = list(results)
    return {"verdicts": counted([c for r in results for c in r.checks]),
            "seconds": sum(result.seconds for result in results),
            "subjects": [{"subject": r.subject, "title": r.title, "about": r.about,
                          "seconds": r.seconds, "checks": [c.as_dict() for c in r.checks]}
                         for r in results]}


def _print_result(console: "Console", result: "Result") -> None:
    console.print(f"\n[bold]{escaped(result.title)}[/]  [dim]{result.seconds:.1f} s")
    if console.width < NARROW:
        _print_blocks(console, result)
    else:
        _print_table(console, result)
    noted = dict.fromkeys(f"{check.case}, {check.quantity}: {check.note}"
                          for check in result.checks
                          if check.note and check.verdict in ("falls short", "explained",
                                                              "not run"))
    for note in noted:
        console.print(f"[dim]{escaped(note)}")


def _print_table(console: "Console", result: "Result") -> None:
    from rich import box
    from rich.table import Table

    from longwatch.verification.page import COLUMNS, cells

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in COLUMNS:
        right = heading in ("expected", "ours", "difference", "tolerance")
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for check in result.checks:
        *texts, verdict = cells(check)
        table.add_row(*map(escaped, texts), f"[{COLOURS[verdict]}]{verdict}")
    console.print(table)


def _print_blocks(console: "Console", result: "Result") -> None:
    """A check on two or three lines, where a row of eight columns would break its words."""
    from rich.table import Table

    from longwatch.verification.page import cells

    blocks = Table.grid(padding=(0, 2, 0, 0))
    for check in result.checks:
        case, quantity, reference, expected, ours, difference, tolerance, verdict = cells(check)
        bound = tolerance if check.rule in ("at least", "at most") else ""
        told = [" ".join(filter(None, (reference, bound, expected))), ours and f"ours {ours}",
                difference and f"difference {difference}", "" if bound else tolerance]
        blocks.add_row(f"[{COLOURS[verdict]}]{verdict}", escaped(f"{case}: {quantity}"))
        blocks.add_row("", f"[dim]{escaped(', '.join(filter(None, told)))}")
    console.print(blocks)


def _print_total(console: "Console", results: Iterable["Result"]) -> None:
    from longwatch.verification.check import counted

    results = list(results)
    verdicts = counted([check for result in results for check in result.checks])
    seconds = sum(result.seconds for result in results)
    told = ", ".join(f"[{COLOURS[verdict]}]{count} {verdict}[/]"
                     for verdict, count in verdicts.items() if count)
    console.print(f"\n{told or 'Nothing was checked'} in {seconds:.0f} s.")
