"""The process that reckons for a live run: a function and its arguments in, what came of it out.

On standard input and output, each as ``beside.send`` writes it; only the run that began it has the
other ends. It ends with its input.
"""

import contextlib
import os
import pickle
import signal
import sys

from longwatch.errors import LongwatchError
from longwatch.services.beside import packed, receive, send

NICENESS = 1


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    # Whatever prints must not get between the answers.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb", 0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    requests = os.fdopen(os.dup(sys.stdin.fileno()), "rb", 0)
    while True:
        try:
            function, arguments = pickle.loads(receive(requests))
        except EOFError:
            return
        try:
            reply = True, function(*arguments)
        except LongwatchError as error:
            reply = False, error
        except Exception as error:
            reply = False, RuntimeError(f"{type(error).__name__}: {error}")
        send(replies, packed(reply))


if __name__ == "__main__":
    main()
