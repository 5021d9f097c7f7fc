"""MAVProxy as its users start it, typed to and read from.

    with MavProxy(port, tmp_path) as typed:
        typed.say("mode AUTO")
        typed.expect("Mode AUTO")
"""

import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

MODULES = "log,wp,rally,fence,ftp,param,arm,mode,cmdlong,misc"


class MavProxy:
    """One MAVProxy that listens on a UDP port of this machine.

    Attributes:
        lines: what it has printed so far.
        tlog: its own telemetry log.
    """

    def __init__(self, port, folder, *options):
        self.folder, self.tlog = Path(folder), Path(folder) / "mavproxy.tlog"
        self.lines, self._new = [], queue.Queue()
        self._process = subprocess.Popen(
            [str(Path(sys.executable).with_name("mavproxy.py")), f"--master=udp:127.0.0.1:{port}",
             f"--state-basedir={folder}", f"--logfile={self.tlog}",
             f"--default-modules={MODULES}", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1", "HOME": str(folder)})
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._new.put(line.rstrip())

    def say(self, line):
        """Type a line; what was printed before it counts no more."""
        while not self._new.empty():
            self.lines.append(self._new.get())
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def expect(self, pattern, seconds=20.0):
        """Wait for a line with a pattern in it; its match."""
        end, begun = time.monotonic() + seconds, len(self.lines)
        while time.monotonic() < end:
            try:
                self.lines.append(self._new.get(timeout=max(end - time.monotonic(), 0.01)))
            except queue.Empty:
                break
            match = re.search(pattern, self.lines[-1])
            if match:
                return match
        heard = "\n".join(self.lines[max(begun - 10, 0):])
        raise AssertionError(f"no {pattern!r} within {seconds} s; MAVProxy said:\n{heard}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait(10.0)
