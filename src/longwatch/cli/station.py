"""``longwatch station``: the ground station, which pages in the browser are fed by."""

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.attached import ATTACHED, end_with_input
from longwatch.errors import SetupError, listed

if TYPE_CHECKING:
    from longwatch.station.config import Config

ROLES = ("observer", "pilot", "commander", "instructor")


def state_folder() -> Path:
    """Where a user's station keeps what outlives a run."""
    base = os.environ.get("XDG_STATE_HOME") or ""
    # The specification wants relative ones ignored.
    root = Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "state"
    return root / "longwatch" / "station"


def terrain_beside(folder: Path) -> Path | None:
    """The terrain that lies beside the station's files; None where there is none."""
    from longwatch.environment.terrain_files import SUFFIXES
    from longwatch.station.config import TERRAIN

    place = folder / TERRAIN
    found = place.is_dir() and any(f.suffix.lower() in SUFFIXES for f in place.iterdir())
    return place if found else None


FOLDER = click.option("--folder", metavar="DIR", help="Where users, missions, journal and tiles "
                      "are kept; without it, longwatch/station in your state folder.")


def map_options(command: Any) -> Any:
    """Options of what the map shows, which ``up`` has as well."""
    for option in reversed((
            click.option("--tiles", default="", metavar="URL", help="A tile server for the map, "
                         "with {z}, {x} and {y}; its tiles are cached on disk."),
            click.option("--attribution", default="", metavar="TEXT",
                         help="What the tile server asks to be named as."),
            click.option("--runways", metavar="FILE", help="Runways in the format of OurAirports, "
                         "besides the world's that ship."),
            click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
                         help="Where it listens; beyond this machine everybody needs a password."),
            click.option("--name", "names", multiple=True, metavar="HOST", help="A name under "
                         "which it is asked for, beyond this machine; repeatable."),
            click.option("--without-encryption", is_flag=True, help="Let others in by plain HTTP, "
                         "which whoever shares the network can read: only on a network of your "
                         "own."))):
        command = option(command)
    return command


@click.group("station", invoke_without_command=True)
@click.option("--connect", multiple=True, metavar="ADDRESS", help="Vehicles: tcp:HOST:PORT, "
              "udpin:HOST:PORT (waits there) or udpout:HOST:PORT; repeatable.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True,
              help="Where pages are served; 0 for any free one.")
@click.option("--simulation", default="", metavar="URL", help="The simulation's HTTP interface, "
              "for instructors: http://127.0.0.1:8460; with --token-file.")
@click.option("--token-file", metavar="FILE", help="The file that holds the simulation's token, "
              "as `serve --token-file` writes it.")
@click.option("--aircraft", default="tb2", show_default=True, metavar="NAME|FILE",
              help="The aircraft that missions are judged for.")
@click.option("--terrain", metavar="DIR",
              help="Ground of SRTM .hgt or GeoTIFF tiles in a folder; without it, terrain in the "
              "station's folder, where there is any.")
@click.option("--logs", multiple=True, metavar="DIR", help="Where logs to replay lie; repeatable. "
              "Without it, flights here.")
@map_options
@FOLDER
@ATTACHED
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Serve the ground station: open the address that it prints in a browser."""
    if ctx.invoked_subcommand is not None:
        return 0
    if options.pop("attached"):
        end_with_input()
    return run(configured(**options))


def configured(*, folder: str | None, token_file: str | None, terrain: str | None,
               runways: str | None, logs: tuple[str, ...], without_encryption: bool,
               connect: tuple[str, ...], **others: Any) -> "Config":
    """The station's settings. Raises SetupError with all that is wrong."""
    from longwatch.station.config import Config

    faults = []
    if terrain is not None and not Path(terrain).is_dir():
        faults.append(f"--terrain {terrain}: there is no such folder")
    if runways is not None and not Path(runways).is_file():
        faults.append(f"--runways {runways}: there is no such file")
    faults += [f"--logs {log}: there is no such folder" for log in logs if not Path(log).is_dir()]
    if others["simulation"] and token_file is None:
        faults.append("--simulation needs --token-file, the file that the simulation writes its "
                      "token to")
    if faults:
        raise SetupError(faults[0] if len(faults) == 1 else
                         listed("the station cannot be started:", faults))
    place = Path(folder) if folder else state_folder()
    return Config(
        folder=place, connect=tuple(connect),
        token_file=Path(token_file) if token_file else None,
        terrain=Path(terrain) if terrain else terrain_beside(place),
        runways=Path(runways) if runways else None,
        logs=tuple(map(Path, logs)) or (Path("flights"),), insecure_beyond=without_encryption,
        **others)


def run(config: "Config") -> int:
    """Serve until told to end; the sign-in link goes to standard output."""
    from longwatch.station.serving import serve

    def ready(address: str, link: str) -> None:
        click.echo(f"Station    {address}, its files in {config.folder}\n"
                   "Sign in    once, in a browser on this machine, by this link:", err=True)
        click.echo(link)

    asyncio.run(serve(config, ready))
    return 0


@command.group("user")
def user() -> None:
    """Who may sign in with a password: for a second person, or from another machine."""


@user.command("add")
@click.argument("name")
@click.option("--roles", default="observer", show_default=True, metavar="ROLE[,ROLE]",
              help="Of observer, pilot, commander and instructor.")
@FOLDER
def add(name: str, roles: str, folder: str | None) -> int:
    """Let NAME in, or give him another password and roles; the station must not be running."""
    from longwatch.station.store import Store
    from longwatch.station.web.passwords import Passwords

    wanted = [role.strip() for role in roles.split(",") if role.strip()]
    unknown = [role for role in wanted if role not in ROLES]
    if unknown or not wanted:
        raise SetupError(f"--roles {roles}: give some of {', '.join(ROLES)}")
    place = Path(folder) if folder else state_folder()
    password = click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True,
                            err=True)
    store = Store(place)
    try:
        asyncio.run(Passwords(store, time.monotonic).keep(name, password, wanted))
        store.journal("console", None, "user", "keep", {"name": name, "roles": wanted},
                      "accepted")
    finally:
        store.close()
    click.echo(f"{name} may sign in as {', '.join(wanted)}.", err=True)
    return 0
