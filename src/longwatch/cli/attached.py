"""For a process that another one started: it ends in good order when that one has gone, however."""

import os
import signal
import sys
import threading

import click

ATTACHED = click.option("--attached", is_flag=True, hidden=True,
                        help="End when standard input does: whoever started it has gone.")


def end_with_input() -> None:
    """Send this process SIGTERM once its standard input ends.

    A pipe ends with whoever holds its other end, even where that one was killed.
    """

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="attached", daemon=True).start()
