"""``longwatch serve``: aircraft that any MAVLink client flies."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longwatch.cli.attached import ATTACHED, end_with_input
from longwatch.cli.compiling import compile_first
from longwatch.cli.options import load_options
from longwatch.cli.screen import clock, red
from longwatch.errors import LogError, SetupError

if TYPE_CHECKING:
    from longwatch.live.ports import Port
    from longwatch.live.server import Server

# A terminal's status line is written this often, a file's or pipe's that often [s].
REFRESH, PLAIN_REFRESH = 0.5, 30.0
LONGEST_LINE = 4096


@click.command("serve")
@load_options
@click.option("--mission", metavar="FILE", help="A mission that every aircraft carries from the "
              "start, a .plan or a QGC WPL 110 text.")
@click.option("--count", type=int, default=1, show_default=True, metavar="N",
              help="Aircraft, up to 199, system ids 1, 2, ... without 51.")
@click.option("--speed", default="1", show_default=True, metavar="X|max",
              help="Simulated seconds a second, 0.01 to 10000, or as fast as it goes.")
@click.option("--profile", default="px4", show_default=True,
              type=click.Choice(["px4", "ardupilot", "generic"]),
              help="Whose identity and modes clients see.")
@click.option("--listen", multiple=True, metavar="PORT", help="In place of the usual ports, "
              "repeatable: udp:HOST:PORT speaks to a client there, udpin:HOST:PORT and "
              "tcp:HOST:PORT wait for clients, tcp:HOST:PORT/N for aircraft N alone.")
@click.option("--seed", type=int, default=0, show_default=True,
              help="Of aircraft 1; aircraft n has N - 1 more.")
@click.option("--state", metavar="DIR", help="Keep missions, fences and rally points "
              "in this folder from one run to the next.")
@click.option("--out", metavar="DIR", help="Folder to make; without it, the next free one under "
              "flights/.")
@click.option("--log-rate", type=float, default=10.0, show_default=True, metavar="HZ",
              help="Rows of the Parquet log per simulated second; one that divides 100.")
@click.option("--interface", type=click.IntRange(0, 65535), default=8460, show_default=True,
              metavar="PORT",
              help="Loopback port of the simulation's HTTP interface; 0 for any free one.")
@click.option("--no-interface", is_flag=True, help="No HTTP interface.")
@click.option("--token-file", metavar="FILE", help="Where the interface's token is written; "
              "without it, interface.token in the run's folder.")
@click.option("--no-console", is_flag=True, help="Read no commands and show no status line.")
@ATTACHED
@click.option("--replay", metavar="JOURNAL", help="Repeat a run from its journal, without "
              "sockets, to the same logs; only --speed and --out go with it.")
@click.pass_context
def command(ctx: click.Context, /, replay: str | None, out: str | None, speed: str,
            attached: bool, **options: Any) -> int:
    """Fly aircraft live: any MAVLink client connects, and time runs as fast as you like."""
    from longwatch.flights.folder import next_folder

    if attached:
        end_with_input()
    if replay is not None:
        _only_replay(ctx)
        given = ctx.get_parameter_source("speed") is not click.core.ParameterSource.DEFAULT
        return _replay(replay, out or str(next_folder("replay")), speed if given else "max")
    return _serve(Path(out) if out else next_folder("serve"), speed, options)


def _only_replay(ctx: click.Context) -> None:
    default = click.core.ParameterSource.DEFAULT
    others = [f"--{name.replace('_', '-')}" for name in ctx.params
              if name not in ("replay", "out", "speed", "no_console", "no_interface")
              and ctx.get_parameter_source(name) is not default]
    if others:
        raise SetupError(f"a replay takes everything from its journal: leave out "
                         f"{', '.join(sorted(others))}")


def _replay(journal: str, out: str, speed: str) -> int:
    from longwatch.live.replay import replay

    shown = sys.stderr.isatty()

    def told(done: float, total: float) -> None:
        if shown:
            click.echo(f"\r\x1b[KReplaying  {clock(done)} of {clock(total)}", err=True, nl=False)

    logs = replay(journal, out, speed=speed, told=told)
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)
    for log in logs:
        click.echo(log)
    return 0


def _serve(out: Path, speed: str, options: dict[str, Any]) -> int:
    import time

    from longwatch.live.ports import parse_ports
    from longwatch.live.server import Server

    compile_first()
    named = dict(options)
    for name in ("listen", "interface", "no_interface", "no_console", "token_file"):
        named.pop(name)
    server = Server(speed=speed, out=out, wall=time.monotonic, begin=False, **named)
    ports = parse_ports(options["listen"], [aircraft.system for aircraft in server.fleet])
    for aircraft in server.fleet[:1]:
        aircraft.warm()
    try:
        try:
            asyncio.run(_run(server, ports, options))
        finally:
            server.close()
    except LogError as fault:
        click.echo(f"{red('Not everything was kept:')} {fault}\nWhat was lies in {out}.", err=True)
        return 1
    click.echo(f"Ended after {clock(server.time)} of simulated time; logs in {out}", err=True)
    return 0


async def _run(server: "Server", ports: "tuple[Port, ...]", options: dict[str, Any]) -> None:
    from longwatch.live import http
    from longwatch.live.ports import open_ports

    opened = await open_ports(server.router, ports)
    listener = None if options["no_interface"] else http.listen(options["interface"])
    server.begin()
    server.components.warm()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    tasks = []
    token = Path(options["token_file"] or (server.out or Path()) / http.TOKEN_FILE)
    if listener is not None:
        port = listener.getsockname()[1]
        interface = http.Interface(
            server, http.write_token(token, bool(options["token_file"])), port)
        tasks.append(loop.create_task(http.serve(interface, listener)))
        click.echo(f"Interface  http://{http.HOST}:{port}, token in {token}", err=True)
    _announce(server, ports)
    if not options["no_console"]:
        tasks.append(loop.create_task(_status(server)))
        _read_commands(server, loop)
    try:
        await server.run()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in opened:
            one.close()
        if listener is not None:
            token.unlink(missing_ok=True)


def _announce(server: "Server", ports: "tuple[Port, ...]") -> None:
    systems = [aircraft.system for aircraft in server.fleet]
    told = f"{systems[0]}" if len(systems) == 1 else f"{systems[0]} to {systems[-1]}"
    click.echo(f"Aircraft   {server.setting.aircraft}, system id {told}, "
               f"profile {server.setting.profile}\n"
               f"Links      {' '.join(map(str, ports[:3]))}"
               + (f" and {len(ports) - 3} more" if len(ports) > 3 else "")
               + f"\nLogs       {server.out}", err=True)


async def _status(server: "Server") -> None:
    """Write the status line again and again."""
    from longwatch.live.console import status_line

    terminal = sys.stderr.isatty()
    while True:
        await asyncio.sleep(REFRESH if terminal else PLAIN_REFRESH)
        line = status_line(server)
        if terminal:
            width = os.get_terminal_size(sys.stderr.fileno()).columns
            # The line above what is being typed: saved, written, and back.
            click.echo(f"\x1b7\x1b[A\r\x1b[K{line[:width - 1]}\x1b8", err=True, nl=False)
        else:
            click.echo(line, err=True)


def _read_commands(server: "Server", loop: asyncio.AbstractEventLoop) -> None:
    """Carry out what is typed, without ever waiting for it."""
    from longwatch.live.console import Console

    console = Console(server)
    prompt: Callable[[], None] = lambda: None  # noqa: E731
    if sys.stdin.isatty() and sys.stderr.isatty():
        prompt = lambda: click.echo("\n> ", err=True, nl=False)  # noqa: E731
        click.echo("Type help for commands.", err=True)

    typed = b""

    def read() -> None:
        nonlocal typed
        data = os.read(sys.stdin.fileno(), 4096)
        if not data:
            loop.remove_reader(sys.stdin)
            return
        *lines, typed = (typed + data)[-LONGEST_LINE:].split(b"\n")
        for line in lines:
            answer = console.command(line.decode(errors="replace"))
            if answer:
                click.echo(answer, err=True)
            if not server.ending:
                prompt()

    # A file or /dev/null cannot be waited for: then there are no commands.
    with contextlib.suppress(OSError, ValueError, PermissionError):
        loop.add_reader(sys.stdin, read)
        prompt()
