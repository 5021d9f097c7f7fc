"""``longwatch up`` as a process: what it prints and survives, and that nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from longwatch.cli import main
from longwatch.cli.children import MOST_DEATHS, Child
from longwatch.cli.up import SHIPPED
from longwatch.planning.mission_file import read_mission

pytestmark = pytest.mark.compiled_only


def free_ports(count):
    holders = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


def until(holds, patience=240.0):
    end = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def children_of(pid):
    """The processes whose parent it is, with their commands' first word after longwatch."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            words = (status.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == pid and b"longwatch" in words:
            found[words[words.index(b"longwatch") + 1].decode()] = int(status.parent.name)
    return found


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks up processes in /proc")
def test_both_run_come_again_and_leave_nothing_behind(tmp_path):
    """A killed station is started again and knows its sessions; with ``up`` killed both end."""
    page, mavlink, interface = free_ports(3)
    with subprocess.Popen(
            [sys.executable, "-m", "longwatch", "up", "--port", str(page), "--mavlink",
             str(mavlink), "--interface", str(interface), "--folder", tmp_path / "state"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as up:
        try:
            link = up.stdout.readline().strip()
            assert link.startswith(f"http://127.0.0.1:{page}/enter/")
            address = f"http://127.0.0.1:{page}"
            with httpx.Client(base_url=address, timeout=30.0, trust_env=False) as browser:
                assert browser.get(link).status_code == 303
                session = browser.get("/api/session").json()
                assert session["simulation"] and "instructor" in session["roles"]
                state = browser.get("/api/simulation/state").json()
                assert state["setting"]["mission"].endswith("thrace-watch.plan")
                children = children_of(up.pid)
                assert set(children) == {"serve", "station"}
                os.kill(children["station"], signal.SIGKILL)
                assert up.stdout.readline().strip().startswith(address)  # the next link
                assert browser.get("/api/session").json() == session
                assert children_of(up.pid)["serve"] == children["serve"]
                children = children_of(up.pid)
            up.kill()
            until(lambda: not any(map(runs, children.values())), 60.0)
        finally:
            up.kill()
    for port in (page, mavlink, interface):
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    mavlink, interface = free_ports(2)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        status = main(["up", "--port", str(port), "--mavlink", str(mavlink), "--interface",
                       str(interface), "--folder", str(tmp_path / "state")])
    assert status == 2
    assert f"port {port}, for the station's pages, is taken" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_child_is_given_up_when_it_dies_too_often():
    """Pauses grow, and the last death within the minute is one too many; later ones are not."""
    child, start = Child("child", [], print), 1000.0
    child._began = start
    pauses = [child.plan_restart(start + 5.0 * n) for n in range(MOST_DEATHS)]
    assert pauses == [1.0, 2.0, 4.0, 8.0, None]
    again = Child("child", [], print)
    again._began = start
    assert all(again.plan_restart(start + 20.0 * n) is not None for n in range(10))


def test_the_mission_that_ships_is_with_the_package():
    assert read_mission(SHIPPED).path.name == "thrace-watch.plan"
