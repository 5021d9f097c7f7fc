"""A live run in a process of its own, and clients of it on sockets, for measuring."""

import json
import os
import selectors
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Self

from longwatch.live.http import HOST, TOKEN_FILE
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, Parser, encode

STATION = 250
COMPONENT = mavlink.MAV_COMP_ID_MISSIONPLANNER
BEAT = 1.0
Heard = Callable[[Frame, float], object]


def free_ports(count: int) -> list[int]:
    """TCP ports that nobody uses now."""
    holders = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(holder.getsockname()[1]) for holder in holders]
    for holder in holders:
        holder.close()
    return ports


class Served:
    """``longwatch serve`` in a process of its own, with one TCP port for clients.

    Args:
        folder: where its logs go, in a folder of their own.
        options: of the command, beside --listen, --out and --interface.

    Attributes:
        began: monotonic time when the command was given [s].
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.port, self._interface = free_ports(2)
        self.out = folder / f"serve-{self.port}"
        self.began = time.perf_counter()
        self._told = folder / "told.txt"
        with self._told.open("wb") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "longwatch", "serve", "--listen",
                 f"tcp:{HOST}:{self.port}",
                 "--interface", str(self._interface), "--out", str(self.out), "--no-console",
                 *options], stdout=subprocess.DEVNULL, stderr=told)

    def processor(self) -> float:
        """Processor time that the run has taken so far [s]; 0 where the system does not tell."""
        path = Path(f"/proc/{self.process.pid}/stat")
        if not path.exists():
            return 0.0
        fields = path.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A request to the simulation's interface."""
        token = (self.out / TOKEN_FILE).read_text().strip()
        request = urllib.request.Request(
            f"http://{HOST}:{self._interface}{path}", headers={"Authorization": f"Bearer {token}"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10.0) as answer:
            return dict(json.loads(answer.read()))

    def client(self, number: int = 0) -> "Client":
        """A client with a system id of its own, once the run answers."""
        while True:
            try:
                return Client(socket.create_connection((HOST, self.port)), STATION + number)
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the run ended before it began: "
                                       f"{self._told.read_text()}") from None
                time.sleep(0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Client:
    """A plain MAVLink client: sends a heartbeat a second, hands on what it hears.

    ``loss`` is the share of frames that it loses, each way, independently of each other.
    """

    def __init__(self, connection: socket.socket, system: int) -> None:
        self.connection, self.system = connection, system
        self.loss = 0.0
        self._random = Random(system)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser, self._sequence, self._beat = Parser(), 0, 0.0

    def send(self, message: Any) -> None:
        """Send one message."""
        if self._random.random() >= self.loss:
            self.connection.send(encode(message, self.system, COMPONENT, self._sequence))
        self._sequence = (self._sequence + 1) % 256

    def command(self, system: int, number: int, *parameters: float) -> None:
        """Send a COMMAND_LONG."""
        values = (*parameters, *[0.0] * (7 - len(parameters)))
        self.send(mavlink.MAVLink_command_long_message(system, 1, number, 0, *values))

    def beat(self) -> None:
        """Send a heartbeat where one is due."""
        if time.perf_counter() >= self._beat:
            self._beat = time.perf_counter() + BEAT
            self.send(mavlink.MAVLink_heartbeat_message(
                mavlink.MAV_TYPE_GCS, mavlink.MAV_AUTOPILOT_INVALID, 0, 0,
                mavlink.MAV_STATE_ACTIVE, 3))

    def read(self) -> list[Frame]:
        """The frames that have come."""
        try:
            data = self.connection.recv(1 << 18)
        except BlockingIOError:
            return []
        if not data:
            raise RuntimeError("the run hung up")
        return [frame for frame in self._parser.feed(data) if self._random.random() >= self.loss]

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def listen(clients: Sequence[Client], seconds: float, heard: Heard | None = None,
           until: Callable[[], bool] = lambda: False) -> float:
    """Hear all clients for ``seconds`` of wall time or until a condition holds; time taken [s]."""
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.connection, selectors.EVENT_READ, client)
        while time.perf_counter() - began < seconds and not until():
            for client in clients:
                client.beat()
            for key, _ in selector.select(0.05):
                now = time.perf_counter()
                for frame in key.data.read():
                    if heard is not None:
                        heard(frame, now)
    return time.perf_counter() - began


def wait_for(client: Client, name: str, holds: Callable[[Any], bool] = lambda message: True,
             seconds: float = 60.0) -> float:
    """Hear a client until a message comes that ``holds``; monotonic time of it [s]."""
    found: list[float] = []

    def heard(frame: Frame, now: float) -> None:
        if frame.name == name and not found and holds(frame.message):
            found.append(now)

    listen([client], seconds, heard, lambda: bool(found))
    if not found:
        raise RuntimeError(f"no such {name} within {seconds:g} s")
    return found[0]


def take_off(served: Served, client: Client, count: int) -> None:
    """Fly the mission aboard with every aircraft: healthy, armed, started, well up."""
    healthy: dict[int, bool] = defaultdict(bool)

    def heard(frame: Frame, now: float) -> None:
        if frame.name == "SYS_STATUS":
            healthy[frame.system] = is_ready(frame.message)

    wait_for(client, "HEARTBEAT")
    served.ask("/speed", {"speed": 20})
    listen([client], 60.0, heard, lambda: sum(healthy.values()) == count)
    for system in sorted(healthy):
        client.command(system, mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0)
        client.command(system, mavlink.MAV_CMD_MISSION_START)
    served.ask("/speed", {"speed": "max"})
    deadline = time.perf_counter() + 120.0
    while time.perf_counter() < deadline:
        listen([client], 0.3)
        states = served.ask("/state")["aircraft"]
        if all(state["height_above_ground_m"] > 1500.0 for state in states):
            return
    raise RuntimeError(f"not airborne: {states}")


def is_ready(message: Any) -> bool:
    """SYS_STATUS says that nothing speaks against arming."""
    bit = mavlink.MAV_SYS_STATUS_PREARM_CHECK
    return bool(message.onboard_control_sensors_enabled & bit
                and message.onboard_control_sensors_health & bit)
