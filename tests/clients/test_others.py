"""Clients that have pins of their own, each in an environment of its own: `make clients`.

Each is a program of tests/clients/others; where its environment is absent it is skipped by name.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pymavlink
import pytest

from clients.served import Served, free_port, wait_for

pytestmark = pytest.mark.compiled_only
HERE = Path(__file__).parent
ENVIRONMENTS = Path(__file__).resolve().parents[2] / "build" / "clients"
COMMON = Path(pymavlink.__file__).parent / "dialects" / "v20" / "common.xml"
# Longer than any takes on a busy machine; each gives its own reasons up earlier.
TIMEOUT = 240.0


def program(name):
    """The Python of a client's environment."""
    found = ENVIRONMENTS / name / "bin" / "python"
    if not found.exists():
        pytest.skip(f"{name} is not installed: make clients")
    return found


def fly(tmp_path, *command, **environment):
    """Run a client to its end; it says "done" as its last word."""
    ended = subprocess.run(
        list(map(str, command)), cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1", **environment})
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "done" in ended.stdout.splitlines()[-1:], said
    return said


def served(tmp_path, profile="px4", speed=4.0):
    return Served(profile=profile, speed=speed, out=tmp_path / "run", tcp=True, fuel_kg=60.0)


@pytest.mark.parametrize("name", ["dronekit-2.9.2", "dronekit2-3.0.0"])
def test_dronekit(name, tmp_path):
    python = program(name)
    with served(tmp_path, "ardupilot") as server:
        fly(tmp_path, python, HERE / "others" / "dronekit_pilot.py",
            f"tcp:127.0.0.1:{server.tcp_port}")


@pytest.mark.parametrize("name", ["mavsdk-1.4.9", "mavsdk-2.8.4", "mavsdk-3.17.4"])
def test_mavsdk_with_its_server(name, tmp_path):
    python = program(name)
    scheme = "udpin" if name.startswith("mavsdk-3") else "udp"
    with served(tmp_path) as server:
        fly(tmp_path, python, HERE / "others" / "mavsdk_grpc_pilot.py",
            f"{scheme}://0.0.0.0:{server.ports[0]}", free_port(), tmp_path)


@pytest.mark.parametrize("profile", ["px4", "ardupilot"])
def test_mavkit(profile, tmp_path):
    python = program("mavkit-0.3.0")
    with served(tmp_path, profile, 1.0) as server:
        fly(tmp_path, python, HERE / "others" / "mavkit_pilot.py",
            f"tcpout:127.0.0.1:{server.tcp_port}")


def test_libmav(tmp_path):
    python = program("libmav-0.1.1")
    with served(tmp_path, speed=1.0) as server:
        fly(tmp_path, python, HERE / "others" / "libmav_pilot.py", server.tcp_port, COMMON)


def test_node_mavlink(tmp_path):
    modules = ENVIRONMENTS / "node" / "node_modules"
    node = Path(sys.executable).with_name("node")
    node = node if node.exists() else shutil.which("node")
    if not modules.exists() or node is None:
        pytest.skip("node-mavlink 2.3.0 is not installed: make clients")
    pilot = tmp_path / "node_pilot.mjs"
    shutil.copy(HERE / "others" / "node_pilot.mjs", pilot)
    (tmp_path / "node_modules").symlink_to(modules)
    with served(tmp_path, speed=1.0) as server:
        fly(tmp_path, node, pilot, server.tcp_port)


def test_mavio_probes_it(tmp_path):
    python = program("mavio-0.9.1")
    with served(tmp_path, speed=1.0) as server:
        report = subprocess.run(
            [python.with_name("mavio"), "probe", "--json", "--no-storage",
             f"udpin://127.0.0.1:{server.ports[0]}"], cwd=tmp_path, capture_output=True,
            text=True, timeout=TIMEOUT, env={**os.environ, "HOME": str(tmp_path)})
    assert report.returncode == 0, report.stdout + report.stderr
    told = report.stdout[report.stdout.index("{"):]
    assert "PX4" in told.upper() and "1.16.0" in told, told


def test_mavlink_router_carries_two_stations(tmp_path):
    """Two stations behind it, on one link of ours: each is answered, and sees the other's id."""
    from pymavlink import mavutil

    router = ENVIRONMENTS / "mavlink-router" / "mavlink-routerd"
    router = router if router.exists() else shutil.which("mavlink-routerd")
    if router is None:
        pytest.skip("mavlink-routerd is not installed")
    port = free_port(socket.SOCK_STREAM)
    (tmp_path / "router.conf").write_text(f"[General]\nTcpServerPort={port}\n")
    with served(tmp_path, speed=1.0) as server, subprocess.Popen(
            [router, "-c", tmp_path / "router.conf", "-p", f"127.0.0.1:{server.tcp_port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as routed:
        try:
            wait_for(lambda: len(server.do(lambda s: s.link_states())) == 2, 20.0, "its connection")
            stations = [mavutil.mavlink_connection(f"tcp:127.0.0.1:{port}", source_system=system,
                                                   source_component=190, autoreconnect=True)
                        for system in (255, 254)]
            for station in stations:
                assert station.wait_heartbeat(timeout=20) is not None
                station.mav.param_request_list_send(1, 1)
                told = station.recv_match(type="PARAM_VALUE", blocking=True, timeout=20)
                seen = {told.param_index}
                while len(seen) < told.param_count:
                    one = station.recv_match(type="PARAM_VALUE", blocking=True, timeout=20)
                    assert one is not None, f"{len(seen)} of {told.param_count}"
                    seen.add(one.param_index)
                station.mav.command_long_send(1, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
                assert station.recv_match(type="COMMAND_ACK", blocking=True, timeout=20).result == 0
                station.close()
            links = server.do(lambda s: s.link_states())
            assert any({"254.190", "255.190"} <= set(link["stations"]) for link in links), links
            assert all(link["dropped"] == 0 for link in links), links
        finally:
            routed.terminate()


def test_mavctl_sees_it_arms_it_and_reads_no_mission(tmp_path):
    python = program("mavctl-0.4.1")

    def say(*words):
        ended = subprocess.run(
            [python.with_name("mavctl"), *words, "--json"], cwd=tmp_path, capture_output=True,
            text=True, timeout=60.0, env={**os.environ, "HOME": str(tmp_path)})
        assert ended.returncode == 0, f"{words}: {ended.stdout}{ended.stderr}"
        return json.loads(ended.stdout)

    with served(tmp_path, "ardupilot", 1.0) as server:
        say("daemon", "start", "--connect", f"tcp:127.0.0.1:{server.tcp_port}")
        try:
            wait_for(lambda: say("status")["health"]["estimator"]["status"] == "observed", 20.0,
                     "EKF_STATUS_REPORT")
            assert say("status")["component_id"] == 1
            assert say("mission", "download")["items"] == []
            for action in (("mode", "GUIDED"), ("arm",), ("disarm",)):
                assert say(*action, "--confirm")["outcome"]["result_name"] == "ACCEPTED"
        finally:
            subprocess.run([python.with_name("mavctl"), "daemon", "stop"], cwd=tmp_path,
                           capture_output=True, timeout=60.0,
                           env={**os.environ, "HOME": str(tmp_path)}, check=False)
