"""A whole station as a process: it starts, refuses to start, ends in order, and survives a kill."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from longwatch.station.web.sessions import LINK

SERVE = """
import asyncio, sys
from pathlib import Path
from longwatch.errors import LongwatchError
from longwatch.station.config import Config
from longwatch.station.serving import serve
config = Config(Path(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3]), aircraft="tb2")
try:
    asyncio.run(serve(config, lambda address, link: print(link, flush=True)))
except LongwatchError as fault:
    print(fault)
    sys.exit(2)
"""


@pytest.fixture
def start():
    """Start stations; what still runs at the end is killed."""
    begun = []

    def started(folder, host="127.0.0.1", port=0):
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder), host, str(port)], text=True,
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        begun.append(process)
        return process, process.stdout.readline().strip()

    yield started
    for process in begun:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_station_comes_back_with_its_sessions_and_its_record(start, tmp_path):
    process, link = start(tmp_path)
    assert Path(tmp_path / LINK).read_text().strip() == link
    with httpx.Client(trust_env=False, timeout=60) as client:
        client.get(link)
        base = link.partition("/enter/")[0]
        saved = client.put(f"{base}/api/settings", json={"units": "aviation"})
        assert saved.status_code == 200
        process.send_signal(signal.SIGKILL)
        process.wait()
        again, second = start(tmp_path, port=int(base.rpartition(":")[2]))
        assert second != link
        assert client.get(f"{base}/api/settings").json() == {"units": "aviation"}
        assert client.get(f"{base}/api/journal").json()[0]["name"] == "sign_in"
        assert client.get(link).status_code == 403  # the old link is good no more
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) == 0
    assert not (tmp_path / LINK).exists()


def test_a_station_that_cannot_start_says_why(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process, said = start(tmp_path / "a", port=taken.getsockname()[1])
        assert process.wait(60) == 2
        assert "--port" in said
    process, said = start(tmp_path / "b", host="0.0.0.0")
    assert process.wait(60) == 2
    assert "somebody has a password" in said
