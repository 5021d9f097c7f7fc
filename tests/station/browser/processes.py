"""A simulation and a station as ``longwatch up`` joins them, and a vehicle that tells little."""

import json
import subprocess
import sys
import threading
import time
import urllib.request

import httpx

from longwatch.bench.served import free_ports
from longwatch.mavlink.dialect import mavlink

HOST = "127.0.0.1"
# The first start on a machine compiles.
PATIENCE_S = 400.0
SPARSE_SYSTEM = 77


def waited(holds, patience_s=PATIENCE_S, every_s=0.1, what="nothing came"):
    """What ``holds`` tells, once it is true."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            if found := holds():
                return found
        except (OSError, ValueError, KeyError, httpx.HTTPError):
            pass
        time.sleep(every_s)
    raise AssertionError(f"{what} within {patience_s:g} s")


class Processes:
    """``longwatch serve`` and ``longwatch station`` on free ports.

    ``heard_at`` is a UDP port at which the station waits for other vehicles.
    """

    def __init__(self, folder, *, mission=None, count=1):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.mavlink, self.interface, self.port, self.heard_at = free_ports(4)
        self.token = folder / "simulation.token"
        self.address = f"http://{HOST}:{self.port}"
        self.running = {}
        self.mission, self.count, self.runs = mission, count, 0
        try:
            self.start_simulation()
            self.start_station()
        except BaseException:
            self.close()
            raise

    def start_simulation(self):
        """Start the simulation, its logs in a folder of their own; wait until time passes."""
        self.runs += 1
        self.start("simulation", "serve", "--no-console", "--count", str(self.count),
                   "--out", str(self.folder / f"run-{self.runs}"),
                   "--listen", f"tcp:{HOST}:{self.mavlink}",
                   "--interface", str(self.interface), "--token-file", str(self.token),
                   *(["--mission", str(self.mission)] if self.mission else []))
        waited(lambda: self.ask("/state")["time_s"] > 0.0, what="no simulation")

    def start_station(self):
        """Start the station and read its one-time link."""
        self.start(
            "station", "station", "--port", str(self.port),
            "--folder", str(self.folder / "station"), "--connect", f"tcp:{HOST}:{self.mavlink}",
            "--connect", f"udpin:{HOST}:{self.heard_at}",
            "--simulation", f"http://{HOST}:{self.interface}", "--token-file", str(self.token),
            "--logs", str(self.folder))
        self.link = waited(lambda: next((line for line in self.said("station").splitlines()
                                         if "/enter/" in line), None), what="no station")

    def start(self, name, *arguments):
        with (self.folder / f"{name}.txt").open("wb") as told:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "longwatch", *arguments, "--attached"],
                stdin=subprocess.PIPE, stdout=told, stderr=told)

    def said(self, name):
        if self.running[name].poll() is not None:
            text = (self.folder / f"{name}.txt").read_text(errors="replace")
            raise AssertionError(f"the {name} ended: {text}")
        return (self.folder / f"{name}.txt").read_text(errors="replace")

    def ask(self, path, body=None):
        """What the simulation itself answers: the truth that pages are held to."""
        self.said("simulation")
        token = self.token.read_text().strip()
        request = urllib.request.Request(
            f"http://{HOST}:{self.interface}{path}",
            headers={"Authorization": f"Bearer {token}"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30.0) as answer:
            return json.loads(answer.read())

    def aircraft(self, system=1):
        """The aircraft as the simulation knows it."""
        return next(one for one in self.ask("/state")["aircraft"] if one["system"] == system)

    def end(self, name):
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(60.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self):
        for name in reversed(list(self.running)):
            self.end(name)


class Sparse(threading.Thread):
    """A vehicle from elsewhere that sends heartbeats, its name in a text, and nothing else."""

    def __init__(self, port, text=""):
        super().__init__(daemon=True)
        import socket

        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port, self.text = port, text
        self.ending = threading.Event()

    def run(self):
        link = mavlink.MAVLink(None, srcSystem=SPARSE_SYSTEM, srcComponent=1)
        while not self.ending.wait(0.5):
            messages = [link.heartbeat_encode(
                mavlink.MAV_TYPE_FIXED_WING, mavlink.MAV_AUTOPILOT_GENERIC, 0, 0,
                mavlink.MAV_STATE_STANDBY)]
            if self.text:
                messages.append(link.statustext_encode(
                    mavlink.MAV_SEVERITY_CRITICAL, self.text.encode()))
            for message in messages:
                self.socket.sendto(message.pack(link), (HOST, self.port))

    def close(self):
        self.ending.set()
        self.join()
        self.socket.close()
