"""``longwatch up``: simulation and station, two processes joined by MAVLink over loopback."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from longwatch.cli.children import Child
from longwatch.cli.compiling import compile_first
from longwatch.cli.options import load_options
from longwatch.cli.screen import red
from longwatch.cli.station import FOLDER, map_options, state_folder, terrain_beside
from longwatch.errors import SetupError, listed

HERE = "127.0.0.1"
TOKEN = "simulation.token"
MISSIONS = Path(__file__).parents[1] / "missions"
SHIPPED = MISSIONS / "thrace-watch.plan"
# Clients that are spoken to where they listen; nothing of ours listens there.
CLIENTS = ("udp:127.0.0.1:14550", "udp:127.0.0.1:14540")
GIVEN_UP = 1
# A long run's logs take their time to close.
LOGS_PATIENCE = 120.0
POLL = 0.1


@click.command("up")
@load_options
@click.option("--mission", metavar="FILE|none", help="What every aircraft carries from the start; "
              "without it a tb2 carries the mission that ships, thrace-watch.")
@click.option("--count", type=click.IntRange(1, 199), default=1, show_default=True, metavar="N",
              help="Aircraft.")
@click.option("--speed", default="1", show_default=True, metavar="X|max",
              help="Simulated seconds a second, 0.01 to 10000, or as fast as it goes.")
@click.option("--seed", type=int, default=0, show_default=True,
              help="Of aircraft 1; aircraft n has N - 1 more.")
@click.option("--profile", default="px4", show_default=True,
              type=click.Choice(["px4", "ardupilot", "generic"]),
              help="Whose identity and modes clients see.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True,
              help="Where the station serves pages.")
@click.option("--mavlink", type=click.IntRange(1, 65535), default=5760, show_default=True,
              metavar="PORT", help="TCP port of all aircraft; aircraft n has 10 n more.")
@click.option("--interface", type=click.IntRange(1, 65535), default=8460, show_default=True,
              metavar="PORT", help="Port of the simulation's HTTP interface.")
@map_options
@FOLDER
def command(**options: Any) -> int:
    """Start aircraft and station, and print the link that opens it in a browser."""
    folder = Path(options["folder"]) if options["folder"] else state_folder()
    beside = terrain_beside(folder)
    if options["terrain"] is None and beside is not None:
        options["terrain"] = str(beside)
    simulation, station = _commands(options, folder)
    _ports_are_free(options)
    folder.mkdir(parents=True, exist_ok=True)
    Path("flights").mkdir(exist_ok=True)
    compile_first()
    return _Run(options, simulation, station).until_stopped()


def _commands(options: dict[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    """Arguments of the two commands."""
    tcp, token = options["mavlink"], str(folder / TOKEN)
    mission = _mission(options)
    ports = [*CLIENTS, f"tcp:{HERE}:{tcp}"]
    ports += [f"tcp:{HERE}:{tcp + 10 * n}/{system}" for n, system in
              enumerate(_systems(options["count"]), start=1)]
    simulation = ["serve", "--no-console", "--token-file", token,
                  *_given(options, "aircraft", "payload", "fuel", "wind", "weather", "terrain",
                          "start", "turbulence", "count", "speed", "seed", "profile", "interface"),
                  *(["--mission", mission] if mission else []),
                  *(flag for flag in ("--fit", "--force") if options[flag[2:]])]
    for port in ports:
        simulation += ["--listen", port]
    station = ["station", "--connect", f"tcp:{HERE}:{tcp}", "--folder", str(folder),
               "--simulation", f"http://{HERE}:{options['interface']}", "--token-file", token,
               *_given(options, "port", "host", "aircraft", "terrain", "tiles", "attribution",
                       "runways"),
               *(word for name in options["names"] for word in ("--name", name)),
               *(["--without-encryption"] if options["without_encryption"] else [])]
    return simulation, station


def _mission(options: dict[str, Any]) -> str:
    """The mission's file, "" for none; the shipped one fits the aircraft that is the default."""
    asked = options["mission"]
    if asked is None:
        return str(SHIPPED) if options["aircraft"] == "tb2" else ""
    return "" if asked == "none" else str(asked)


def _systems(count: int) -> Sequence[int]:
    from longwatch.live.setting import SYSTEMS

    return SYSTEMS[:count]


def _given(options: dict[str, Any], *names: str) -> list[str]:
    """Options as they were given here, for the command that takes them by the same names."""
    words: list[str] = []
    for name in names:
        value = options[{"payload": "payload_kg", "fuel": "fuel_kg"}.get(name, name)]
        if value not in (None, ""):
            words += [f"--{name}", str(value)]
    return words


def _ports_are_free(options: dict[str, Any]) -> None:
    """Refuse what could not be opened, before anything is started."""
    tcp = options["mavlink"]
    wanted = [(options["host"], options["port"], "the station's pages", "--port")]
    wanted.append((HERE, options["interface"], "the simulation's interface", "--interface"))
    wanted += [(HERE, tcp + 10 * n, "the aircraft's MAVLink", "--mavlink")
               for n in range(options["count"] + 1)]
    taken = [f"port {port}, for {what}, is taken; name another with {option} PORT"
             for host, port, what, option in wanted if not _is_free(host, port)]
    if taken:
        raise SetupError(taken[0] if len(taken) == 1 else listed(
            "nothing was started. Is another Longwatch running?", taken))


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


class _Run:
    """The two processes, from their start to their end."""

    def __init__(self, options: dict[str, Any], simulation: list[str], station: list[str]) -> None:
        self.options = options
        self.simulation = Child("simulation", simulation, self._of_simulation)
        self.station = Child("station", station, self._of_station)
        self.flying, self.link, self.logs = False, "", ""
        self._news = threading.Lock()
        self._told = self._first_told = False

    def _of_simulation(self, line: str) -> None:
        with self._news:
            if line.startswith("Logs"):
                self.logs, self.flying = line.removeprefix("Logs").strip(), True
                if self.simulation.starts > 1:
                    click.echo(f"The simulation runs again, from the start; logs in {self.logs}",
                               err=True)

    def _of_station(self, line: str) -> None:
        with self._news:
            if line.startswith("http"):
                self.link, self._told = line.strip(), False

    def until_stopped(self) -> int:
        """Run both until Ctrl-C or SIGTERM, or until one can no longer be kept alive."""
        children = (self.simulation, self.station)
        with _asked_to_end() as asked:
            try:
                click.echo("Starting simulation and station; Ctrl-C ends both ...", err=True)
                for child in children:
                    child.start()
                while not asked.is_set():
                    self._tell()
                    for child in children:
                        status = child.watch(time.monotonic())
                        if status is not None and (end := self._died(child, status)) is not None:
                            return end
                    asked.wait(POLL)
                return 0
            finally:
                self.station.end()
                if self.simulation.pid is not None:
                    click.echo("\nEnding: the simulation closes its logs ...", err=True)
                self.simulation.end(LOGS_PATIENCE)

    def _died(self, child: Child, status: int) -> int | None:
        """A child has ended: start it again, or say why that is no use; then the exit status."""
        said = "\n".join(line for line in child.lines if not line.startswith("http"))
        if child.starts == 1 and not (self.flying if child is self.simulation else self.link):
            click.echo(said, err=True)
            return status if status > 0 else GIVEN_UP
        if child is self.simulation:
            self.flying = False
        pause = child.plan_restart(time.monotonic())
        how = f"status {status}" if status >= 0 else f"signal {-status}"
        if pause is None:
            click.echo(f"{red('Given up:')} the {child.name} ended {len(child.deaths)} times "
                       f"within a minute ({how}). It said last:\n{said}", err=True)
            return GIVEN_UP
        click.echo(f"The {child.name} has ended ({how}); it is started again in {pause:g} s.",
                   err=True)
        return None

    def _tell(self) -> None:
        with self._news:
            if not (self.link and self.flying) or self._told:
                return
            self._told, first = True, not self._first_told
            self._first_told = True
        if not first:
            click.echo("The station runs again; open pages go on by themselves. For a new one:",
                       err=True)
            click.echo(self.link)
            return
        options, count = self.options, self.options["count"]
        what = f"{count} × {options['aircraft']}" if count > 1 else options["aircraft"]
        mission = _mission(options)
        carried = f"mission {Path(mission).stem}" if mission else "no mission"
        click.echo(
            f"Aircraft   {what}, {carried}\n"
            f"MAVLink    TCP {options['mavlink']} for other clients; they are spoken to on UDP "
            f"14550 and 14540\n"
            f"Logs       {self.logs}\n"
            f"Station    http://{options['host']}:{options['port']}\n\n"
            "Open this link in a browser on this machine; it is good once:\n",
            err=True)
        click.echo(f"  {self.link}")


@contextlib.contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set())
              for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
