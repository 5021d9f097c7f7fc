"""``longwatch export``: an aircraft in another simulator's words."""

import click

from longwatch.cli.options import JSON_OPTION
from longwatch.cli.screen import print_json


@click.group("export")
def command() -> None:
    """Write an aircraft as a model of another simulator."""


@command.command("jsbsim")
@click.argument("aircraft")
@click.option("--out", metavar="DIR", required=True, help="Folder to make; it must not exist.")
@JSON_OPTION
def jsbsim(aircraft: str, out: str, as_json: bool) -> int:
    """Write AIRCRAFT, a name or a datasheet, as a JSBSim model that FlightGear flies too."""
    from longwatch.aircraft.loader import load_datasheet
    from longwatch.export import export_jsbsim

    written = export_jsbsim(load_datasheet(aircraft), out)
    if as_json:
        print_json({"files": [path.as_posix() for path in written]})
        return 0
    for path in written:
        click.echo(path)
    click.echo(f"{written[-1]} says how to fly it.", err=True)
    return 0
