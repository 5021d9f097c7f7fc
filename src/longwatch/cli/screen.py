"""What the commands share on the screen: JSON, tables, refusals, times."""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Exit codes; the last is what shells make of SIGINT.
NOT_LANDED, REFUSED, OWN_FAULT, INTERRUPTED = 1, 2, 3, 130


def refused(arguments: Sequence[str], message: str, status: int, outcome: str = "refused") -> int:
    """Say it as JSON too where that was asked for; returns the exit status."""
    if "--json" in arguments:
        print_json({"outcome": outcome, "landed": False, "error": message})
    return status


def red(text: str) -> str:
    """For what went wrong."""
    return click.style(text, fg="red", bold=True)


def print_json(values: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    from longwatch.records.events import plain

    click.echo(json.dumps(plain(values), indent=2, ensure_ascii=False, allow_nan=False))


def clock(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def make_console(stderr: bool = False) -> "Console":
    """Rich's console on standard output or error."""
    from rich.console import Console

    # Into a file or a pipe, lines are as long as they are.
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 160,
                   soft_wrap=False)


def escaped(text: str) -> str:
    """Text in which no bracket is markup."""
    from rich.markup import escape

    return escape(text)


def pairs() -> "Table":
    """A table without lines, names dimmed beside values."""
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def sheet_table(*headings: str) -> "Table":
    """A table with a line below its headings; values stand right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="right" if heading in ("value", "source") else "left",
                         overflow="fold")
    return table
