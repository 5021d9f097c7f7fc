"""pymavlink as a client of a running server over UDP: a flight from the first heartbeat to the
disarm, in each profile."""

import math
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.compiled_only

SOURCES = Path(__file__).resolve().parents[2] / "src"
SPEED = 100
ARM, TAKEOFF, REPOSITION = 400, 22, 192
# Altitude asked for [m above sea level], and how near is there.
CRUISE, NEAR = 700.0, 30.0


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Start ``longwatch serve`` in a process of its own; returns a pymavlink connection to it."""
    running = []

    def start(profile="px4", speed=SPEED):
        # Without this variable pymavlink begins with MAVLink 1 until it has heard MAVLink 2.
        if profile == "px4":
            monkeypatch.setenv("MAVLINK20", "1")
        else:
            monkeypatch.delenv("MAVLINK20", raising=False)
        from pymavlink import mavutil

        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "longwatch", "serve", "--profile", profile, "--speed",
             str(speed), "--wind", "5@40", "--listen", f"udpin:127.0.0.1:{port}",
             "--no-interface", "--no-console", "--out", str(tmp_path / profile)],
            env={**os.environ, "PYTHONPATH": str(SOURCES)}, cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(process)
        dialect = "ardupilotmega" if profile == "ardupilot" else "common"
        link = mavutil.mavlink_connection(f"udpout:127.0.0.1:{port}", dialect=dialect,
                                          source_system=255, source_component=190)
        running.append(link)
        return Client(link, process)

    yield start
    for one in running[::2]:
        one.send_signal(signal.SIGINT)
    for one in running[::2]:
        one.wait(30)
    for one in running[1::2]:
        one.close()


class Client:
    """What a script with pymavlink does, retries included."""

    def __init__(self, link, process):
        self.link, self.process = link, process
        self.texts, self._beat = [], 0.0
        # Compiling anew may take minutes where the machine is busy.
        deadline = time.monotonic() + 600.0
        while link.recv_match(type="HEARTBEAT", blocking=True, timeout=0.2) is None:
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < deadline, "no heartbeat"
            self._live()
        link.target_system, link.target_component = 1, 1

    def _live(self):
        if time.monotonic() - self._beat > 0.5:
            self._beat = time.monotonic()
            self.link.mav.heartbeat_send(6, 8, 0, 0, 0)

    def until(self, kind, where=lambda m: True, seconds=60.0):
        """The first message of a kind for which ``where`` holds; fails after ``seconds``."""
        deadline, last = time.monotonic() + seconds, None
        while time.monotonic() < deadline:
            self._live()
            message = self.link.recv_match(type=[kind, "STATUSTEXT"], blocking=True, timeout=0.2)
            if message is None:
                continue
            if message.get_type() == "STATUSTEXT":
                self.texts.append(message.text)
            if message.get_type() == kind and message.get_srcComponent() == 1:
                last = message
                if where(message):
                    return message
        pytest.fail(f"no such {kind} in {seconds} s; last {last}, texts {self.texts}")

    def command(self, number, *parameters):
        """Send a COMMAND_LONG until it is acknowledged; its result."""
        values = [*parameters, *[0.0] * (7 - len(parameters))]
        values = [math.nan if v is None else v for v in values]
        for confirmation in range(5):
            self.link.mav.command_long_send(1, 1, number, confirmation, *values)
            deadline = time.monotonic() + 2.0
            while time.monotonic() < deadline:
                ack = self.link.recv_match(type="COMMAND_ACK", blocking=True, timeout=0.2)
                if ack is not None and ack.command == number and ack.result != 5:
                    return ack.result
        pytest.fail(f"command {number} was never acknowledged")

    def ok(self, number, *parameters):
        result = self.command(number, *parameters)
        assert result == 0, f"command {number}: {result}, {self.texts}"

    def armed(self, wanted=True):
        self.until("HEARTBEAT", lambda m: bool(m.base_mode & 128) is wanted)

    def altitude(self, wanted):
        self.until("GLOBAL_POSITION_INT", lambda m: abs(m.alt / 1e3 - wanted) < NEAR)

    def mode(self, number):
        self.until("HEARTBEAT", lambda m: m.custom_mode == number)


def ready(client):
    """Wait as MAVSDK and QGroundControl do until it can be armed."""
    client.until("SYS_STATUS", lambda m: m.onboard_control_sensors_health & 0x10000000)


def land_and_stop(client):
    client.ok(21, 0, 0, 0, None, 0, 0, 0)
    client.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 4, 60.0)
    client.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 1, 60.0)
    client.armed(False)


def test_a_flight_as_a_px4_client(serve):
    client = serve()
    ready(client)
    home = client.link.recv_match(type="HOME_POSITION", blocking=True, timeout=5)
    # As QGroundControl: the take-off first, then it arms.
    client.ok(TAKEOFF, -1, 0, 0, None, None, None, CRUISE - 200.0)
    client.ok(ARM, 1)
    client.armed()
    client.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 2)
    client.altitude(CRUISE - 200.0)
    assert client.command(ARM, 0) == 1, "disarmed in flight"
    # A place 6 km to the north, at another altitude, and its circle.
    latitude, longitude = home.latitude / 1e7 + 0.054, home.longitude / 1e7
    client.ok(REPOSITION, -1, 1, 0, None, latitude, longitude, CRUISE)
    client.altitude(CRUISE)
    client.until("GLOBAL_POSITION_INT", lambda m: abs(m.lat / 1e7 - latitude) < 0.012)
    client.ok(178, 0, 42.0, -1, 0)
    client.until("VFR_HUD", lambda m: abs(m.airspeed - 42.0) < 2.0)
    client.ok(REPOSITION, -1, 1, 0, None, None, None, None)
    client.mode(4 << 16 | 3 << 24)
    client.ok(186, CRUISE + 150.0, 0)
    client.altitude(CRUISE + 150.0)
    # Altitude mode by its number, which wants sticks; then home.
    assert client.command(176, 1, 2, 0) == 1, "no sticks"
    client.link.mav.manual_control_send(1, 0, 0, 500, 0, 0)
    client.ok(176, 1, 2, 0)
    client.mode(2 << 16)
    client.ok(20)
    client.mode(4 << 16 | 5 << 24)
    land_and_stop(client)


def test_a_flight_as_an_ardupilot_client(serve):
    client = serve("ardupilot")
    ready(client)
    assert client.link.mode_mapping()["GUIDED"] == 15
    client.link.set_mode("GUIDED")
    client.mode(15)
    client.link.arducopter_arm()
    client.armed()
    client.ok(TAKEOFF, 0, 0, 0, 0, 0, 0, 300.0)
    client.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 2)
    client.until("GLOBAL_POSITION_INT", lambda m: abs(m.relative_alt / 1e3 - 300.0) < NEAR)
    client.link.set_mode("CRUISE")
    client.mode(7)
    client.link.set_mode("LOITER")
    client.mode(12)
    client.link.set_mode("RTL")
    client.mode(11)
    land_and_stop(client)
