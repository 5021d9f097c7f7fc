"""``longwatch report``: a flight's report, written anew."""

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import print_json


@click.command("report", short_help="Write a flight's report anew.")
@click.argument("path")
@click.option("--out", metavar="FILE", help="File to write; without it, report.html beside the "
              "log.")
@JSON_OPTION
def command(path: str, out: str | None, as_json: bool) -> int:
    """Write the report of a flight that lies at PATH: its folder, flight.parquet or .arrows."""
    from longwatch.flights.reports import report_of

    written, interrupted = report_of(path, out)
    if as_json:
        print_json({"report": written, "interrupted": interrupted})
    else:
        click.echo(f"{written}" + ("  (the log is interrupted)" if interrupted else ""))
    return 0
