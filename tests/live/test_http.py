"""The simulation's HTTP interface: who is let in, and what is refused."""

import asyncio
import stat

import httpx
import pytest

from longwatch.live import http
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink

PORT = 8460
TOKEN = "a-token"


@pytest.fixture
def server():
    with Server(count=2) as server:
        yield server


class Client:
    """Asks the application itself, no socket between."""

    def __init__(self, server):
        self.application = http.Interface(server, TOKEN, PORT).application()

    def request(self, method, path, **options):
        async def ask():
            async with httpx.AsyncClient(
                    transport=httpx.ASGITransport(self.application),
                    base_url=f"http://127.0.0.1:{PORT}",
                    headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)


@pytest.fixture
def client(server):
    return Client(server)


def test_tells_pace_and_aircraft(client, server):
    server.step(0.1)
    state = client.get("/state").json()
    assert state["tick"] == 10 and state["speed"] == "1" and not state["paused"]
    assert [a["system"] for a in state["aircraft"]] == [1, 2]
    # Çorlu's threshold 04 at 41.129398 N 27.905300 E, 500 ft.
    assert state["aircraft"][0]["latitude_deg"] == pytest.approx(41.1297, abs=1e-3)
    assert state["aircraft"][0]["altitude_msl_m"] == pytest.approx(154.0, abs=2.0)


def test_paces(client, server):
    assert client.post("/speed", json={"speed": 20}).json()["speed"] == "20"
    assert client.post("/speed", json={"speed": "max"}).json()["speed"] == "max"
    assert client.post("/pause").json()["paused"] is True
    assert client.post("/step", json={"seconds": 2.5}).json()["stepping"] is True
    assert server.pacer.due(0.0) > 0
    assert client.post("/resume").json()["paused"] is False


@pytest.mark.parametrize("headers", [
    {"Authorization": ""}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_without_the_token_nothing_is_told(client, headers):
    answer = client.get("/state", headers=headers)
    assert answer.status_code == 401 and "aircraft" not in answer.json()


@pytest.mark.parametrize("headers", [
    {"Host": "attacker.example:8460"}, {"Host": "127.0.0.1:80"}, {"Host": ""},
    {"Origin": "http://attacker.example"}, {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"}])
def test_foreign_hosts_and_origins_are_refused(client, headers):
    """A page of the web that rebinds its name to 127.0.0.1 shows its own name as Host."""
    assert client.get("/state", headers=headers).status_code == 403


def test_no_answer_lets_a_foreign_page_in(client):
    preflight = client.request("OPTIONS", "/pause", headers={"Origin": "http://attacker.example",
                                                  "Access-Control-Request-Method": "POST"})
    for answer in (preflight, client.get("/state"), client.post("/pause")):
        assert not any(name.lower().startswith("access-control") for name in answer.headers)
    assert preflight.status_code in (403, 405)


@pytest.mark.parametrize(("path", "body"), [
    ("/speed", {"speed": -1}), ("/speed", {"speed": "fast"}), ("/speed", {}), ("/speed", []),
    ("/speed", {"speed": True}), ("/speed", {"speed": 1, "more": 2}), ("/pause", {"x": 1}),
    ("/step", {"seconds": 1e9}), ("/step", {"seconds": "x"}), ("/step", {"seconds": -1}),
    ("/aircraft/1/wind", {"speed_m_s": 5}), ("/aircraft/1/wind", {"speed_m_s": 5e9,
                                                                  "direction_deg": 0}),
    ("/aircraft/1/turbulence", {"level": "wild"}), ("/aircraft/1/fault", {}),
    ("/aircraft/1/fault", {"name": "wing"}),
    ("/aircraft/1/fault", {"name": "gnss", "channel": 99})])
def test_a_bad_request_says_why_and_changes_nothing(client, server, path, body):
    before = [a.simulation.snapshot() for a in server.fleet], server.pace()
    answer = client.post(path, json=body)
    assert answer.status_code == 400 and answer.json()["error"]
    assert ([a.simulation.snapshot() for a in server.fleet], server.pace()) == before


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 50_000, b"1", b'"x"'])
def test_a_body_that_is_no_object_is_refused(client, raw):
    assert client.post("/speed", content=raw).status_code == 400


@pytest.mark.parametrize("raw", [
    '{"speed": 1%s}' % ("0" * 400), '{"speed": -1%s}' % ("0" * 400), '{"speed": NaN}',
    '{"speed": 1e999}', '{"speed": "\\ud800"}', '{"\\ud800": 1}'])
@pytest.mark.parametrize(("path", "name"), [
    ("/speed", "speed"), ("/step", "seconds"), ("/snapshots", "name"), ("/links/1", "loss"),
    ("/aircraft/1/turbulence", "level"), ("/aircraft/1/fault", "name")])
def test_numbers_and_texts_that_there_are_not_are_refused(client, path, name, raw):
    answer = client.post(path, content=raw.replace("speed", name).encode())
    assert answer.status_code == 400 and answer.json()["error"]
    assert client.get("/snapshots").json()["snapshots"] == []


@pytest.mark.parametrize("name", ["simulation", "self", "what", "arguments", "request"])
def test_arguments_of_a_fault_have_any_name_and_are_refused(client, name):
    for path in ("/aircraft/1/fault", "/aircraft/1/fault/end"):
        answer = client.post(path, json={"name": "gnss", name: 1})
        assert answer.status_code == 400 and name in answer.json()["error"]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 400, "-1", "\u0663", "1.0"])
def test_numbers_of_places_that_there_are_not_are_told_so(client, number):
    for path in ("/aircraft/{}/reset", "/snapshots/{}/restore", "/links/{}"):
        assert client.post(path.format(number)).status_code == 404


def test_a_body_is_bounded(client):
    assert client.post("/speed", content=b" " * (http.LARGEST_BODY + 1)).status_code == 413


def test_unknown_places_and_methods(client):
    assert client.get("/aircraft/1/fault").status_code == 405
    assert client.get("/nothing").status_code == 404
    assert client.post("/aircraft/51/reset").status_code == 404


def test_faults_are_listed_begun_and_ended(client):
    told = client.get("/faults").json()
    assert {"engine", "gnss", "pitot"} <= {fault["name"] for fault in told["faults"]}
    assert all(fault["meaning"] and fault["seen"] for fault in told["faults"])
    begun = client.post("/aircraft/2/fault", json={"name": "gnss", "channel": 1})
    assert begun.json()["order"] == "fault" and begun.status_code == 200
    assert client.get("/faults").json()["in_force"] == {
        "1": [], "2": [{"name": "gnss", "channel": 1}]}
    assert client.post("/aircraft/2/fault/end", json={"name": "gnss"}).status_code == 200
    assert client.get("/faults").json()["in_force"]["2"] == []


@pytest.mark.compiled_only
def test_wind_and_turbulence_change(client, server):
    assert client.post("/aircraft/1/wind", json={"speed_m_s": 10.0, "direction_deg": 270.0}
                       ).json()["arguments"]["direction"] == pytest.approx(4.71238898)
    assert client.post("/aircraft/1/turbulence", json={"level": "light"}).status_code == 200
    server.step(15.0)
    wind = server[0].simulation.state.flight
    # From the west: towards the east, at the reference height's share close to the ground.
    assert wind.wind_east > 3.0 and abs(wind.wind_north) < wind.wind_east
    assert server[1].simulation.state.flight.wind_east == pytest.approx(0.0, abs=1e-9)


def test_the_token_s_file_is_its_owner_s_alone(tmp_path):
    token = http.write_token(tmp_path / "token")
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
    assert len(token) >= 32 and (tmp_path / "token").read_text().strip() == token
    assert http.write_token(tmp_path / "other") != token


def test_a_data_link_is_put_under_a_link(client, server):
    station = server.client(250)
    beat = mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)
    station.send(beat)
    number = station.link.number
    assert client.post(f"/links/{number}", json={"delay_s": 0.5, "loss": 0.0}).json()["pipe"] == {
        "rate_bytes_s": None, "delay_s": 0.5, "loss": 0.0, "cut": False}
    server.step(1.0)
    station.take()
    asked = mavlink.MAVLink_command_long_message(1, 1, 512, 0, 148, 0, 0, 0, 0, 0, 0)
    station.send(asked)
    server.step(0.98)  # half a simulated second there and half back, to the tick
    assert not station.take("COMMAND_ACK")
    server.step(0.04)
    assert station.take("COMMAND_ACK")
    listed = client.get("/links").json()["links"]
    assert [link["number"] for link in listed] == [number]
    assert listed[0]["stations"] == ["250.190"] and listed[0]["pipe"]["delay_s"] == 0.5


@pytest.mark.parametrize("body", [
    {"loss": 1.5}, {"loss": "x"}, {"delay_s": -1}, {"delay_s": True}, {"rate_bytes_s": 0},
    {"cut": 1}, {"colour": "red"}, {"loss": 0.1, "delay_s": 1e9}])
def test_a_bad_data_link_is_refused_whole(client, server, body):
    number = server.client(250).link.number
    assert client.post(f"/links/{number}", json=body).status_code == 400
    assert client.get("/links").json()["links"][0]["pipe"] == {
        "rate_bytes_s": None, "delay_s": 0.0, "loss": 0.0, "cut": False}
    assert client.post("/links/99", json={"loss": 0.1}).status_code == 400


def test_snapshots_over_http(client, server):
    """Taken, listed, gone back to and forgotten; a number that is not there is 404, in words."""
    server.step(1.0)
    taken = client.post("/snapshots", json={"name": "before"}).json()
    assert taken == {"number": 1, "name": "before", "tick": 100, "time_s": 1.0,
                     "utc_s": server.utc_s(), "dropped": None}
    server.step(2.0)
    back = client.post("/snapshots/1/restore").json()
    assert back["pace"]["time_s"] == pytest.approx(1.0) and back["pace"]["tick"] == 300
    assert [s["name"] for s in client.get("/snapshots").json()["snapshots"]] == ["before"]
    assert client.request("DELETE", "/snapshots/1").json() == {}
    for answer in (client.post("/snapshots/1/restore"), client.request("DELETE", "/snapshots/1")):
        assert answer.status_code == 404 and "no snapshot 1" in answer.json()["error"]
    for body in ({"name": 7}, {"name": "x" * 101}, {"title": "x"}):
        assert client.post("/snapshots", json=body).status_code == 400
    assert client.get("/snapshots").json() == {"snapshots": [], "most": 20}


def test_a_token_file_is_written_over_for_its_owner_alone(tmp_path):
    path = tmp_path / "folder" / "simulation.token"
    first = http.write_token(path, again=True)
    second = http.write_token(path, again=True)
    assert first != second and path.read_text().strip() == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_silent_connections_shut_nobody_out(server):
    """Three times as many as the interface serves at once; the token's owner is answered."""

    async def crowded():
        listener = http.listen(0)
        port = listener.getsockname()[1]
        serving = asyncio.create_task(
            http.serve(http.Interface(server, TOKEN, port), listener))
        held = []
        try:
            for _ in range(3 * http.MOST_CONNECTIONS):
                held.append(await asyncio.open_connection(http.HOST, port))
            async with httpx.AsyncClient(
                    base_url=f"http://{http.HOST}:{port}", trust_env=False,
                    headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                return [(await client.get("/faults")).status_code for _ in range(3)]
        finally:
            for _, writer in held:
                writer.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    assert asyncio.run(crowded()) == [200, 200, 200]


def test_a_request_that_gives_its_length_twice_is_refused(client):
    answer = client.post("/pause", content=b"{}", headers={
        "Content-Length": "2", "Transfer-Encoding": "chunked"})
    assert answer.status_code == 400


@pytest.mark.parametrize("half", [
    b"", b"GET /state HTTP/1.1\r\nHost: x\r\n",
    b"POST /speed HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"])
def test_half_requests_shut_nobody_out(server, half):
    async def ask():
        listener = http.listen(0)
        port = listener.getsockname()[1]
        serving = asyncio.ensure_future(http.serve(http.Interface(server, TOKEN, port), listener))
        halves = [await asyncio.open_connection("127.0.0.1", port)
                  for _ in range(http.MOST_CONNECTIONS + 8)]
        for _, writer in halves:
            writer.write(half)
        async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
            answers = [(await client.get(f"http://127.0.0.1:{port}/state", headers={
                "Authorization": f"Bearer {TOKEN}"})).status_code for _ in range(3)]
        for _, writer in halves:
            writer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return answers

    assert asyncio.run(ask()) == [200] * 3
