"""Machine code before anybody waits for it: made in processes of their own, with a bar.

``python -m longwatch.cli.compiling`` makes what flying needs and says how far it is: on standard
output, for each function whose types are known, a line with the number of all.
"""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from longwatch.compiled import is_warm

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD = "Compiling, once for this version and machine"
# Share of the time that is over when the last function's types are known; the rest is told in no
# steps.
INFERRED = 0.8


def compile_first() -> None:
    """Compile what flying needs, where that is not done yet; with a bar where there is a screen."""
    if is_warm("tick.run"):
        return
    if not sys.stderr.isatty():
        click.echo(f"{TOLD} ...", err=True)
        for _ in _steps():
            pass
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from longwatch.cli.screen import make_console

    with Progress(TextColumn(TOLD), BarColumn(bar_width=None), TaskProgressColumn(),
                  TimeElapsedColumn(), console=make_console(stderr=True), transient=True,
                  expand=True) as shown:
        task = shown.add_task("", total=1.0)
        for done in _steps():
            shown.update(task, completed=done)


def _steps() -> "Iterator[float]":
    """Shares done, from the process that compiles. If it fails, whoever flies compiles itself."""
    with subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            for done, of in enumerate(process.stdout, start=1):
                yield INFERRED * min(done / int(of), 1.0)
        except BaseException:
            process.terminate()
            raise


def helpers() -> int:
    """Processes that may help: one a further core, where a process can be forked safely."""
    if sys.platform != "linux":
        return 0
    return len(os.sched_getaffinity(0)) - 1


def _told(of: int) -> None:
    # In one write: several processes tell.
    os.write(1, f"{of}\n".encode())


def main() -> None:
    """Compile what a first step and a first judgement take."""
    # NumPy's threads are none that a fork could lose: nothing here multiplies matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from longwatch.compiler import helped
    from longwatch.simulation.run import Simulation

    with helped(helpers(), _told):
        Simulation(live=True).step(0.01)


if __name__ == "__main__":
    main()
