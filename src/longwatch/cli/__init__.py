"""Longwatch from the shell, one file a command.

Answers go to standard output, everything else (progress, messages, errors) to standard error.
Exit status: 0 done (landed, all holds), 1 flown but not landed, or a check that falls short,
2 refused, 3 a fault of Longwatch itself, 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from longwatch.cli.screen import INTERRUPTED, OWN_FAULT, REFUSED, red, refused
from longwatch.errors import LongwatchError

# Each command's module is loaded when it is asked for, so that the first answer comes at once.
COMMANDS = {
    "fly": "Fly a mission, a QGroundControl .plan or a QGC WPL 110 text.",
    "up": "Simulation and station at once: open what it prints, and fly.",
    "serve": "Fly aircraft live, by any MAVLink client.",
    "station": "The ground station in the browser, for ours and other MAVLink vehicles.",
    "check": "Judge a mission for the aircraft, item by item, without flying it.",
    "aircraft": "Show a datasheet with its sources, or the list.",
    "performance": "What an aircraft can do, beside the public figures.",
    "modes": "Natural modes and flying qualities of a steady flight.",
    "report": "Write a flight's report anew.",
    "verify": "Check the twin against NASA, JSBSim, public figures, standards, closed forms.",
    "export": "Write an aircraft as a JSBSim model, which FlightGear flies too.",
    "bench": "Measure, beside JSBSim in the same run.",
}


class _Commands(click.Group):
    """Commands by name: ``fly`` is ``command`` of ``longwatch.cli.fly``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"longwatch.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return int(commands.main(arguments, "longwatch", standalone_mode=False) or 0)
    except click.ClickException as fault:
        fault.show(sys.stderr)
        return refused(arguments, fault.format_message(), fault.exit_code)
    except LongwatchError as fault:
        click.echo(f"{red('Refused:')} {fault}", err=True)
        return refused(arguments, str(fault), REFUSED)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return refused(arguments, "interrupted", INTERRUPTED, "interrupted")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        if os.environ.get("LONGWATCH_DEBUG"):
            raise
        click.echo(f"{red('Longwatch failed:')} {type(fault).__name__}: {fault}\nThis is a fault "
                   "of Longwatch, not yours. Run the same command with LONGWATCH_DEBUG=1 in the "
                   "environment for the trace, and report it with that.", err=True)
        return refused(arguments, f"{type(fault).__name__}: {fault}", OWN_FAULT, "failed")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"],
                                              "max_content_width": 100})
@click.version_option(package_name="longwatch")
def commands() -> None:
    """A long-endurance unmanned aircraft, whole, on one simulated clock."""
