"""What a station is started with."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

PORT = 8080
HOST = "127.0.0.1"
TERRAIN = "terrain"
"""Folder beside the station's files in which terrain is looked for where none is named."""


@dataclass(frozen=True)
class Config:
    """Settings of one run of the station, from the command line.

    Attributes:
        folder: where database, tile cache, sign-in link and telemetry logs lie.
        host, port: where it listens; 0 for any free port.
        connect: addresses of vehicles, ``tcp:HOST:PORT``, ``udpin:HOST:PORT`` or
            ``udpout:HOST:PORT``.
        simulation: base address of the simulation's HTTP interface, "" where there is none.
        token_file: file that holds the simulation's token, read anew when it is refused.
        aircraft: datasheet that missions are judged for unless a request names another.
        terrain: folder of terrain tiles, None where none are loaded.
        tiles: address of a tile server with ``{z}``, ``{x}``, ``{y}``, "" where none is used.
        attribution: what that server asks to be named as, plain text.
        runways: file of runways in the format of OurAirports, None for the built-in ones alone.
        logs: folders in which flights and telemetry logs are looked for.
        insecure_beyond: a host that is no loopback address was asked for on purpose, without the
            encryption that a proxy before the station would bring: cookies go out in the clear.
        names: names of hosts, beside its addresses, under which the station is asked for; without
            any, only those of this machine.
    """

    folder: Path
    host: str = HOST
    port: int = PORT
    connect: tuple[str, ...] = ()
    simulation: str = ""
    token_file: Path | None = None
    aircraft: str = "tb2"
    terrain: Path | None = None
    tiles: str = ""
    attribution: str = ""
    runways: Path | None = None
    logs: tuple[Path, ...] = ()
    insecure_beyond: bool = False
    names: tuple[str, ...] = ()

    @property
    def terrain_folder(self) -> Path:
        """The folder of terrain tiles that is in use, or that is looked in where none is named."""
        return self.terrain or self.folder / TERRAIN

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address without a port, is this machine as itself knows it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
