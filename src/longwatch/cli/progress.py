"""Progress of a flight: a bar for a terminal, lines for a file or a pipe."""

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from longwatch.autopilot.codes import PHASE_NAMES
from longwatch.cli.compiling import TOLD
from longwatch.cli.screen import clock, escaped, make_console, pairs

if TYPE_CHECKING:
    from rich.console import Console

    from longwatch.simulation.run import Simulation

# A terminal is told this often, a file or pipe that often [s].
REFRESH, PLAIN_REFRESH = 0.1, 10.0


class _Lines:
    """Progress for a file or a pipe: a line at each stage, and now and then while flying."""

    def __init__(self) -> None:
        self.began = self.last = 0.0
        self.stage = ""

    def __call__(self, stage: str, simulation: "Simulation | None") -> None:
        now = time.perf_counter()
        if stage != self.stage:
            self.stage, self.began, self.last = stage, now, now
            text = {"compiling": COMPILING, "writing": "Writing log and report ..."}.get(stage)
            if stage == "flying" and simulation is not None:
                text = "\n".join([*(f"  {m}" for m in simulation.plan.messages), "Flying ..."])
            if text:
                click.echo(text, err=True)
        elif stage == "flying" and simulation is not None and now - self.last > PLAIN_REFRESH:
            self.last = now
            click.echo("  ".join(_figures(simulation, now - self.began)), err=True)

    def stop(self) -> None:
        """Nothing to take away."""


COMPILING = f"{TOLD} ..."


class _Bar:
    """Progress for a terminal: what it waits for, then the flight as it goes."""

    def __init__(self, console: "Console") -> None:
        self.console = console
        self.shown: Any = None
        self.stage = ""
        self.began = self.last = 0.0

    def __call__(self, stage: str, simulation: "Simulation | None") -> None:
        now = time.perf_counter()
        if stage != self.stage:
            self._enter(stage, simulation, now)
        if stage == "flying" and simulation is not None and now - self.last > REFRESH:
            self.last = now
            total = simulation.plan.judgement.fuel.time
            phase, *figures = _figures(simulation, now - self.began)
            self.shown.update(self.task, completed=min(simulation.time, 0.995 * total),
                              description=phase, figures="  ".join(figures))

    def _enter(self, stage: str, simulation: "Simulation | None", now: float) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.stop()
        self.stage, self.began, self.last = stage, now, 0.0
        if stage == "flying" and simulation is not None:
            notes = pairs()
            for message in simulation.plan.messages:
                notes.add_row("·", escaped(message))
            self.console.print(notes)
            self.shown = Progress(
                TextColumn("[bold]{task.description:<13}"), BarColumn(bar_width=None),
                TextColumn("{task.fields[figures]}"), console=self.console, transient=True,
                expand=True)
            self.task = self.shown.add_task("", total=simulation.plan.judgement.fuel.time,
                                            figures="")
        else:
            text = {"compiling": COMPILING, "writing": "Writing log and report ...",
                    "planning": "Planning ..."}.get(stage, "Starting ...")
            self.shown = Progress(SpinnerColumn(), TextColumn(text), TimeElapsedColumn(),
                                  console=self.console, transient=True)
            self.shown.add_task("")
        self.shown.start()

    def stop(self) -> None:
        """Take the bar away."""
        if self.shown is not None:
            self.shown.stop()
            self.shown = None


def progress_screen() -> Any:
    if not sys.stderr.isatty():
        return _Lines()
    return _Bar(make_console(stderr=True))


def _figures(simulation: "Simulation", wall: float) -> list[str]:
    """Phase, simulated time, speed-up, altitude, airspeed and fuel."""


    state = simulation.state
    return [PHASE_NAMES[int(state.autopilot.modes.phase)], clock(simulation.time),
            f"{simulation.time / max(wall, 1e-3):>6,.0f}×",
            f"{state.flight.altitude_msl:>5.0f} m", f"{state.flight.true_airspeed:>4.1f} m/s",
            f"{state.mass.fuel_mass:>5.1f} kg"]
