"""Options that several commands share."""

from typing import Any

import click


def load_options(command: Any) -> Any:
    """The options that judging and flying share."""
    for option in reversed((
            click.option("--aircraft", default="tb2", show_default=True, metavar="NAME|FILE",
                         help="The aircraft, by name or as a datasheet's path."),
            click.option("--payload", "payload_kg", type=float, default=0.0, metavar="KG",
                         help="Payload carried."),
            click.option("--fuel", "fuel_kg", type=float, metavar="KG",
                         help="Fuel loaded; without it, as much as fits."),
            click.option("--wind", metavar="SPEED@FROM",
                         help="m/s at 10 m height, from degrees true: 12@270."),
            click.option("--weather", metavar="FILE.nc",
                         help="Wind and air of an ERA5 pressure-level file, in place of --wind; "
                         "the flight lies within its times."),
            click.option("--terrain", metavar="DIR",
                         help="Ground of SRTM .hgt or GeoTIFF tiles in a folder."),
            click.option("--start", metavar="UTC", help="When it begins, ISO 8601: "
                         "2023-10-12T09:00Z; without it, as the mission says."),
            click.option("--turbulence", default="none", show_default=True,
                         type=click.Choice(["none", "light", "moderate", "severe"]),
                         help="Dryden turbulence (MIL-F-8785C); the fuel plan allows for it. In "
                         "severe a mission is refused without --force."),
            click.option("--fit", is_flag=True, help="Change each item that does not fit the "
                         "aircraft by the least that makes it flyable."),
            click.option("--force", is_flag=True, help="Fly what can be flown of a mission that "
                         "is refused."))):
        command = option(command)
    return command


JSON_OPTION = click.option("--json", "as_json", is_flag=True,
                           help="Print one JSON object on standard output.")
