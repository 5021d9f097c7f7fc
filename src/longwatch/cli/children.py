"""Processes that ``up`` starts, watches, starts again, and ends in order."""

import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

# Pauses before a child that died is started again [s]; the last one from then on.
PAUSES = (1.0, 2.0, 4.0, 8.0)
# A child that lived so long [s] is no longer held to have died at its start.
SETTLED = 60.0
# Deaths within a minute after which it is given up.
MOST_DEATHS = 5
# What is kept of a child's words, to show when it dies.
KEPT_LINES = 30
PATIENCE = 10.0

Heard = Callable[[str], None]


class Child:
    """One ``longwatch`` command as a process of its own, which ends when this one does.

    Args:
        name: what it is called before the user.
        arguments: of ``longwatch``, the command first.
        heard: told each line that it writes to standard output or error, from another thread.
    """

    def __init__(self, name: str, arguments: Sequence[str], heard: Heard) -> None:
        self.name, self.arguments, self.heard = name, list(arguments), heard
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.starts = 0
        self.deaths: deque[float] = deque()
        self.again_at: float | None = None
        self._process: subprocess.Popen[str] | None = None
        self._readers: list[threading.Thread] = []
        self._began = 0.0

    @property
    def pid(self) -> int | None:
        """Its process id, None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it. A session of its own keeps the terminal's Ctrl-C from it."""
        self.lines.clear()
        self.again_at, self._began = None, time.monotonic()
        self.starts += 1
        process = subprocess.Popen(
            [sys.executable, "-m", "longwatch", *self.arguments, "--attached"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            errors="replace", start_new_session=True)
        self._process = process
        self._readers = [threading.Thread(target=self._read, args=(pipe,), daemon=True)
                         for pipe in (process.stdout, process.stderr)]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe: "subprocess.IO[str]") -> None:  # type: ignore[name-defined]
        for line in pipe:
            self.lines.append(line.rstrip("\n"))
            self.heard(line.rstrip("\n"))

    def watch(self, now: float) -> int | None:
        """Its exit status, once, when it has ended; starts it again when that is due."""
        if self.again_at is not None and now >= self.again_at:
            self.start()
        if self._process is None or (status := self._process.poll()) is None:
            return None
        for reader in self._readers:
            reader.join(1.0)
        self._process = None
        return status

    def plan_restart(self, now: float) -> float | None:
        """Seconds until it is started again; None where it has died too often in a minute."""
        if now - self._began > SETTLED:
            self.deaths.clear()
        self.deaths.append(now)
        while now - self.deaths[0] > 60.0:
            self.deaths.popleft()
        if len(self.deaths) >= MOST_DEATHS:
            return None
        pause = PAUSES[min(len(self.deaths), len(PAUSES)) - 1]
        self.again_at = now + pause
        return pause

    def end(self, patience: float = PATIENCE) -> None:
        """Ask it to end, and see that it does."""
        self.again_at = None
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join(1.0)
