"""A simulation and a station in processes of their own, joined as ``longwatch up`` joins them."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Self

from longwatch.bench.served import free_ports
from longwatch.bench.station_web import cookies

HOST = "127.0.0.1"
START = 300.0
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Pair:
    """``longwatch serve`` and ``longwatch station`` on free ports.

    Attributes:
        address: where the station's pages are.
        cookie: of a session with all roles.
    """

    def __init__(self, folder: Path, count: int = 1) -> None:
        folder.mkdir(parents=True)
        self.mavlink, self._interface, port = free_ports(3)
        self._token = folder / "simulation.token"
        self.count = count
        self._told = [(folder / f"{name}.txt") for name in ("simulation", "station")]
        self.simulation = self._start(
            0, "serve", "--no-console", "--count", str(count), "--out", str(folder / "run"),
            "--listen", f"tcp:{HOST}:{self.mavlink}", "--interface", str(self._interface),
            "--token-file", str(self._token))
        try:
            self._wait(lambda: self.ask("/state")["time_s"] > 0.0)
            self.station = self._start(
                1, "station", "--port", str(port), "--connect", f"tcp:{HOST}:{self.mavlink}",
                "--folder", str(folder / "station"), "--simulation",
                f"http://{HOST}:{self._interface}", "--token-file", str(self._token),
                "--logs", str(folder))
            self.address = f"http://{HOST}:{port}"
            self._wait(lambda: "/enter/" in self._said(1))
        except BaseException:
            self.close()
            raise
        link = next(line for line in self._said(1).splitlines() if line.startswith("http"))
        self.cookie = _sign_in(link)

    def _start(self, number: int, *arguments: str) -> "subprocess.Popen[bytes]":
        with self._told[number].open("wb") as told:
            return subprocess.Popen([sys.executable, "-m", "longwatch", *arguments, "--attached"],
                                    stdin=subprocess.PIPE, stdout=told, stderr=told)

    def _said(self, number: int) -> str:
        return self._told[number].read_text(errors="replace")

    def _wait(self, holds: Any) -> None:
        end = time.monotonic() + START
        while time.monotonic() < end:
            for number, process in enumerate(self._processes()):
                if process.poll() is not None:
                    raise RuntimeError(f"it ended before it began: {self._said(number)}")
            try:
                if holds():
                    return
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.1)
        raise RuntimeError(f"nothing answers within {START:g} s")

    def _processes(self) -> "list[subprocess.Popen[bytes]]":
        return [process for process in (self.simulation, getattr(self, "station", None))
                if process is not None]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A request to the simulation's interface."""
        request = urllib.request.Request(
            f"http://{HOST}:{self._interface}{path}",
            headers={"Authorization": f"Bearer {self._token.read_text().strip()}"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30.0) as answer:
            return dict(json.loads(answer.read()))

    def simulated_at(self, times: int = 50) -> float:
        """Wall time [s since 1970] of the simulation's beginning, were time to pass evenly.

        The least of several: simulated time passes in steps, and an answer tells of the last one.
        """
        least = float("inf")
        for _ in range(times):
            before = time.time()
            told = self.ask("/state")["time_s"]
            least = min(least, 0.5 * (before + time.time()) - told)
            time.sleep(0.013)
        return least

    def processor(self) -> float:
        """Processor time that the station has taken so far [s]; 0 where the system tells none."""
        path = Path(f"/proc/{self.station.pid}/stat")
        if not path.exists():
            return 0.0
        fields = path.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def close(self) -> None:
        """End both, the station first."""
        for process in reversed(self._processes()):
            process.terminate()
            try:
                process.wait(60.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sign_in(link: str) -> str:
    """The session's cookie that the one-time link gives."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(link, timeout=30.0).close()
    return cookies(jar)
