"""``longwatch serve`` as a process: how it starts, refuses and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from pymavlink import mavutil

from longwatch.cli import main
from longwatch.records.flight_log import is_interrupted, read_log

pytestmark = pytest.mark.compiled_only


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return holder.getsockname()[1]


@pytest.fixture
def served(tmp_path):
    """A run with two aircraft, and a pymavlink client that has heard it."""
    port, interface = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "longwatch", "serve", "--count", "2", "--out", tmp_path / "run",
         "--listen", f"tcp:127.0.0.1:{port}", "--interface", str(interface)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    process.folder, process.interface = tmp_path / "run", f"http://127.0.0.1:{interface}"
    process.client = mavutil.mavlink_connection(f"tcp:127.0.0.1:{port}", source_system=250,
                                                retries=600)
    process.client.mav.heartbeat_send(6, 8, 0, 0, 4)
    assert process.client.wait_heartbeat(timeout=120) is not None
    yield process
    process.client.close()
    if process.poll() is None:
        process.kill()
    process.communicate()


def assert_ended_well(process):
    told = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 0, told
    assert "Traceback" not in told and "Ended after" in told
    for number in (1, 2):
        log = read_log(process.folder / f"aircraft-{number}" / "flight.parquet")
        assert log.num_rows > 0 and not is_interrupted(log)
    lines = [json.loads(line) for line in (process.folder / "journal.jsonl").open()]
    assert "end" in lines[-1]
    assert not (process.folder / "interface.token").exists()


@pytest.mark.parametrize("ended", ["SIGINT", "quit", "interface"])
def test_ends_in_good_order(served, ended):
    if ended == "quit":
        served.stdin.write(b"status\nspeed x\nquit\n")
        served.stdin.flush()
    elif ended == "interface":
        token = (served.folder / "interface.token").read_text().strip()
        answer = httpx.post(f"{served.interface}/stop", trust_env=False,
                            headers={"Authorization": f"Bearer {token}"})
        assert answer.json() == {"ending": True}
    else:
        served.send_signal(getattr(signal, ended))
    assert_ended_well(served)


def test_its_tlog_opens_and_its_journal_repeats_it(served, capsys, monkeypatch):
    served.client.mav.command_long_send(1, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        answer = served.client.recv_match(type="COMMAND_ACK", blocking=True, timeout=5)
        if answer is not None:
            break
    served.send_signal(signal.SIGTERM)
    assert_ended_well(served)
    log = mavutil.mavlink_connection(str(served.folder / "flight.tlog"))
    heard = {"sent": 0, "received": 0}
    while (message := log.recv_match()) is not None:
        heard["received" if message.get_srcSystem() == 250 else "sent"] += 1
    assert heard["sent"] > 2 and heard["received"] >= 2
    monkeypatch.chdir(served.folder.parent)
    assert main(["serve", "--replay", str(served.folder), "--out", "again"]) == 0
    assert len(capsys.readouterr().out.split()) == 2
    for number in (1, 2):
        name = f"aircraft-{number}/flight.parquet"
        assert (served.folder.parent / "again" / name).read_bytes() == (
            served.folder / name).read_bytes()


def test_a_port_in_use_is_told_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(
            ("127.0.0.1", 0)) as other:
        ports = [one.getsockname()[1], other.getsockname()[1]]
        assert main(["serve", "--out", "run", "--no-interface", "--no-console", "--listen",
                     f"tcp:127.0.0.1:{ports[0]}", "--listen", f"tcp:127.0.0.1:{ports[1]}"]) == 2
        told = capsys.readouterr().err
        assert all(f"127.0.0.1:{port}" in told for port in ports) and "another" in told
        assert main(["serve", "--out", "run", "--no-console", "--interface", str(ports[0]),
                     "--listen", f"tcp:127.0.0.1:{free_port()}"]) == 2
        assert f"127.0.0.1:{ports[0]}" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parametrize(("arguments", "told"), [
    (["--listen", "serial:/dev/x"], "udp:127.0.0.1:14550"),
    (["--listen", "tcp:127.0.0.1:99999"], "tcp:HOST:PORT"),
    (["--listen", "tcp:127.0.0.1:5760/7"], "no aircraft has system id 7"),
    (["--speed", "0"], "speed"), (["--count", "0"], "count"),
    (["--aircraft", "no-such"], "no-such"),
    (["--mission", "missing.plan"], "missing.plan"), (["--log-rate", "7"], "log rate"),
    (["--replay", "missing", "--count", "2"], "--count"), (["--replay", "missing"], "missing")])
def test_bad_options_are_refused(tmp_path, capsys, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "--no-console", "--no-interface", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_folder_that_is_there_is_not_written_over(tmp_path, capsys):
    assert main(["serve", "--no-console", "--no-interface", "--out", str(tmp_path)]) == 2
    assert "exists already" in capsys.readouterr().err
