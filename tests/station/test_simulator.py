"""The instructor's way to the simulation: what passes, who may, what stands on record."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from longwatch.simulation.orders.faults import FAULTS
from longwatch.station.config import Config
from longwatch.station.instructor.simulator import Simulator
from longwatch.station.refusal import Refusal
from longwatch.station.web.hub import Client, Hub
from station.web_support import TableFleet, running


class Simulation:
    """One that answers under its token, and keeps what it was asked."""

    def __init__(self, token="first"):
        self.token, self.asked, self.there = token, [], True

    def __call__(self, request):
        if not self.there:
            raise httpx.ConnectError("refused", request=request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(401, json={"error": "send the header"})
        self.asked.append((request.method, request.url.path, request.content))
        if request.url.path == "/speed" and json.loads(request.content)["speed"] == 0:
            return httpx.Response(400, json={"error": "speed: 0.01 to 10 000"})
        return httpx.Response(200, json={"path": request.url.path})


@pytest.fixture
def simulation():
    return Simulation()


@pytest.fixture
def simulator(tmp_path, simulation):
    (tmp_path / "token").write_text("first\n")
    return Simulator(Config(tmp_path, simulation="http://127.0.0.1:8460/",
                            token_file=tmp_path / "token"), httpx.MockTransport(simulation))


def test_a_simulation_started_anew_is_reached_by_its_new_token(tmp_path, simulation, simulator):
    async def lived():
        assert await simulator.ask("GET", "/state") == {"path": "/state"}
        simulation.token = "second"
        (tmp_path / "token").write_text("second\n")
        assert await simulator.ask("GET", "/state") == {"path": "/state"}
        simulation.there = False
        with pytest.raises(Refusal, match="cannot be reached") as refusal:
            await simulator.ask("GET", "/state")
        assert refusal.value.status == 503
        simulation.there = True
        assert await simulator.ask("GET", "/state") == {"path": "/state"}
        (tmp_path / "token").unlink()
        simulation.token = "third"
        with pytest.raises(Refusal, match="does not let the station in") as refusal:
            await simulator.ask("GET", "/state")
        assert refusal.value.status == 502

    asyncio.run(lived())


@pytest.mark.parametrize("answer", [b"<html>", b"\xff", b"", b"[" * 100_000])
def test_what_is_no_simulation_is_said_to_be_none(tmp_path, answer):
    other = Simulator(Config(tmp_path, simulation="http://127.0.0.1:1"),
                      httpx.MockTransport(lambda request: httpx.Response(200, content=answer)))
    with pytest.raises(Refusal, match="no simulation"):
        asyncio.run(other.ask("GET", "/state"))


def test_instructors_hear_how_it_stands_and_null_when_it_is_away(simulation, simulator):
    hub, told = Hub(), []
    hub.publish = lambda message, role: told.append((message, role))

    async def lived():
        work = asyncio.create_task(simulator.run(hub))
        await asyncio.sleep(0.05)
        assert not told  # nobody asks while no instructor is there
        work.cancel()
        hub.join(Client("k", "ann", frozenset({"instructor"})), {}, TableFleet())
        for there in (True, False):
            simulation.there = there
            work = asyncio.create_task(simulator.run(hub))
            while len(told) < 2 - there:
                await asyncio.sleep(0.01)
            work.cancel()

    asyncio.run(asyncio.wait_for(lived(), 20))
    assert told == [(["simulation", {"path": "/state"}], "instructor"),
                    (["simulation", None], "instructor")]


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    folder = tmp_path_factory.mktemp("relay")
    (folder / "token").write_text("first")
    with running(folder, simulation="http://127.0.0.1:8460",
                 token_file=folder / "token") as station:
        simulation = Simulation()
        station.station.simulator._client = httpx.AsyncClient(
            transport=httpx.MockTransport(simulation))
        yield station, simulation


PASSED = ("speed", "pause", "resume", "step", "aircraft/1/fault", "aircraft/200/fault/end",
          "aircraft/1/wind", "aircraft/1/turbulence", "aircraft/1/reset", "snapshots",
          "snapshots/3/restore", "links/2")


@pytest.mark.parametrize("path", PASSED)
def test_what_an_instructor_changes_passes_and_stands_in_the_journal(relay, path):
    station, simulation = relay
    with station.client("instructor", user="ann") as client:
        answer = client.post(f"/api/simulation/{path}", json={"speed": 2})
        assert answer.json() == {"path": f"/{path}"}
        entry = client.get("/api/journal").json()[0]
    assert simulation.asked[-1] == ("POST", f"/{path}", b'{"speed":2}')
    assert (entry["user"], entry["kind"], entry["name"], entry["arguments"], entry["result"]) == (
        "ann", "simulation", path, {"speed": 2}, "accepted")
    assert entry["vehicle"] == (path.split("/")[1] if path.startswith("aircraft") else None)


REFUSED = ("stop", "state", "", "aircraft/1/order", "aircraft/x/fault", "speed/", "/speed",
           "http://evil.example/", "..%2fstop", "speed%2f..%2fstop", "aircraft/1/fault%3fx=1",
           "snapshots/..%2f..%2fstop/restore", "snapshots/%2e%2e/restore", "speed%23", "links/-1",
           "@evil.example/speed", "aircraft/١/wind")


@pytest.mark.parametrize("path", REFUSED)
def test_nothing_else_passes(relay, path):
    station, simulation = relay
    before = list(simulation.asked)
    with station.client("instructor") as client:
        assert client.post(f"/api/simulation/{path}", json={}).status_code in (404, 405)
        if path != "state":
            assert client.get(f"/api/simulation/{path}").status_code == 404
    assert simulation.asked == before


def test_what_the_simulation_refuses_is_told_and_on_record(relay):
    station, _ = relay
    with station.client("instructor") as client:
        answer = client.post("/api/simulation/speed", json={"speed": 0})
        assert (answer.status_code, answer.json()["error"]) == (400, "speed: 0.01 to 10 000")
        assert client.get("/api/journal").json()[0]["result"] == "denied"


@pytest.mark.parametrize("roles", [["observer"], ["pilot"], ["commander"],
                                   ["observer", "pilot", "commander"]])
def test_nobody_but_instructors_reaches_it(relay, roles):
    station, simulation = relay
    before = list(simulation.asked)
    with station.client(*roles) as client:
        assert client.get("/api/simulation/state").status_code == 403
        assert client.post("/api/simulation/speed", json={"speed": 9}).status_code == 403
    assert simulation.asked == before


@pytest.mark.parametrize("language", ["tr", "uk"])
def test_every_fault_is_told_in_every_language(language):
    path = Path(__file__).parents[2] / "ui/src/messages" / language / "faults.json"
    arguments = {name for fault in FAULTS.values() for name in fault.arguments}
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {
        *(f"faults.{told}.{name}" for name in FAULTS for told in ("does", "sees")),
        *(f"faults.takes.{name}" for name in arguments)}
