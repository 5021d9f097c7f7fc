"""The process that reckons for a live run: a function and its arguments in, what came of it out.

On standard input and output, each as ``beside.send`` writes it; only the run that began it has the
other ends.
"""

import os
import sys

from longwatch.services.beside import answer


def main() -> None:
    """Answer until the input ends."""
    # Whatever prints must not get between the answers.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb", 0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer(os.fdopen(os.dup(sys.stdin.fileno()), "rb", 0), replies)


if __name__ == "__main__":
    main()
