"""Missions, places, replays and the manual through the real server, by HTTP."""

import asyncio
import json
import threading
from pathlib import Path

import httpx
import pytest

from longwatch.station import serving
from longwatch.station.config import Config

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client(shared_data, tmp_path_factory):
    """A client signed in at a station with terrain, logs, and a tile server that is away."""
    config = Config(tmp_path_factory.mktemp("station"), port=0, terrain=shared_data / "dem",
                    tiles="http://127.0.0.1:9/{z}/{x}/{y}.png", attribution="© somebody",
                    logs=(shared_data / "flightlogs",))
    told, loop, stop = [], asyncio.new_event_loop(), asyncio.Event()
    up = threading.Event()

    def ready(address, link):
        told.extend((address, link))
        up.set()

    thread = threading.Thread(
        target=lambda: loop.run_until_complete(serving.serve(config, ready, stop=stop)))
    thread.start()
    assert up.wait(60)
    with httpx.Client(base_url=told[0], timeout=120,
                      headers={"Origin": told[0]}) as signed:
        assert signed.get(told[1].replace(told[0], "")).status_code == 303
        yield signed
    loop.call_soon_threadsafe(stop.set)
    thread.join(60)


def test_a_mission_is_opened_saved_changed_and_deleted(client, shared_data):
    text = (shared_data / "missions" / "ap-circuit.txt").read_text()
    document = client.post("/api/open", json={"name": "c.txt", "text": text}).json()["document"]
    saved = client.post("/api/missions", json={"name": "Tur ✈", "document": document}).json()
    assert saved["version"] == 1
    path = f"/api/missions/{saved['id']}"
    assert client.get(path).json()["document"] == document
    change = {"name": "Tur 2", "document": document, "version": 1}
    assert client.put(path, json=change).json()["version"] == 2
    assert client.put(path, json=change).status_code == 409
    wpl = client.post("/api/export/wpl", json={"document": document}).json()["text"]
    assert wpl.startswith("QGC WPL 110\n")
    assert client.delete(path).json() == {}
    assert client.get(path).status_code == 404
    bad = client.post("/api/open", json={"name": "x", "text": "QGC WPL 110\n1 2\n3 4\n"})
    assert bad.status_code == 400
    assert len(bad.json()["faults"]) == 2


@pytest.mark.compiled_only
def test_a_mission_is_judged(client):
    document = json.loads((REPOSITORY / "missions" / "washington-watch.plan").read_text())
    names = [aircraft["name"] for aircraft in client.get("/api/aircraft").json()]
    assert names == ["tb2", "akinci"]
    answer = client.post("/api/judge", json={"document": document}).json()
    assert answer["items"]
    assert answer["fuel"]["loaded"] == pytest.approx(216.0)
    assert all(point["ground_msl"] is None or point["ground_msl"] < 2000
               for point in answer["profile"])
    document["mission"]["items"].append(document["mission"]["items"][0])
    refused = client.post("/api/judge", json={"document": document})
    assert refused.status_code == 400
    assert "used twice" in refused.json()["faults"][0]


def test_the_map_has_its_sources(client):
    told = client.get("/api/map").json()
    assert (told["relief"], told["base"], told["attribution"]) == (True, True, "© somebody")
    assert "GSHHG" in told["sources"]
    assert Path(told["terrain_folder"]).is_dir()
    tile = client.get("/tiles/relief/10/309/371.png")
    assert tile.headers["content-type"] == "image/png"
    assert client.get("/tiles/relief/10/309/371.png").content == tile.content
    assert client.get("/tiles/relief/10/0/0.png").status_code == 204
    assert client.get("/tiles/relief/10/-1/x.png").status_code == 404
    assert client.get("/tiles/base/3/2/1").status_code == 404
    box = {"south": 41, "west": 27.5, "north": 41.5, "east": 28.5}
    assert "LTBU" in [r["airport"] for r in client.get("/api/runways", params=box).json()]
    chart = client.get("/tiles/chart/6/37/23.pbf")
    assert chart.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert b"Istanbul" in chart.content
    assert client.get("/tiles/chart/6/10/32.pbf").status_code == 204  # the Pacific
    assert client.get("/tiles/chart/6/64/0.pbf").status_code == 204
    assert client.get("/tiles/chart/6/-1/x.pbf").status_code == 404
    ground = client.post("/api/elevation", json={"points": [[44.2706, -71.3033], [0, 0]]}).json()
    # Mount Washington, 1917 m, stands there; tiles of 90 m cut its top.
    assert ground["ground_msl"][0] == pytest.approx(1900, abs=60)
    assert (ground["ground_msl"][1], ground["loaded"]) == (None, True)


def test_a_log_is_shown_from_the_list_and_from_a_file(client, shared_data):
    entry, = [e for e in client.get("/api/logs").json() if e["name"] == "vtol.tlog"]
    first = client.post("/api/replay", json={"path": entry["path"]}).json()
    assert client.post(f"/api/replay/{first['id']}", json={
        "position_s": 100, "speed": 2}).json()["position_s"] == pytest.approx(100, abs=0.5)
    trail = client.get("/api/vehicles/r1/trail").json()
    assert len(trail["time_s"]) > 10
    sent = client.post("/api/replay/file", params={"name": "mine.tlog"},
                       content=(shared_data / "flightlogs" / "vtol.tlog").read_bytes(),
                       headers={"Content-Type": "application/octet-stream"})
    second = sent.json()
    assert second["vehicles"] == ["r1"]
    assert client.delete(f"/api/replay/{first['id']}").status_code == 404
    assert client.delete(f"/api/replay/{second['id']}").json() == {}
    bad = client.post("/api/replay/file", params={"name": "x"}, content=b"nothing",
                      headers={"Content-Type": "application/octet-stream"})
    assert bad.status_code == 400
    assert bad.json()["error"].startswith("x: ")


def test_the_manual_is_served_to_anybody(client):
    with httpx.Client(base_url=client.base_url) as nobody:
        assert "<main" in nobody.get("/help/").text
        assert nobody.get("/help/manual.css").headers["content-type"].startswith("text/css")
        assert nobody.get("/help/decisions/0001-one-simulated-clock.md").status_code == 200
        assert nobody.get("/help/%2e%2e/README.md").status_code == 404
        assert nobody.get("/api/missions").status_code == 401
