"""Nobody keeps others out: by sockets, half requests, large bodies, wrong passwords or names."""

import asyncio
import socket
import time
from types import SimpleNamespace

import httpx
import pytest

from longwatch.bench import station_clients
from longwatch.http_connections import Http
from longwatch.station.config import Config
from longwatch.station.missions import judging
from longwatch.station.refusal import ANYONE, Refusal
from longwatch.station.routing import Route
from longwatch.station.store import Store
from longwatch.station.web import limits
from longwatch.station.web.application import LARGEST_OF_OBSERVERS, Web
from longwatch.station.web.guard import Hosts
from longwatch.station.web.hub import MOST_OF_ONE, MOST_SOCKETS, Client, Hub
from longwatch.station.web.passwords import MOST_AT_ONCE, Passwords, check_name, look
from station.web_support import Clock, running

PASSWORD = "correct horse battery"


def client(user, *roles):
    return Client(f"key of {user}", user, frozenset(roles))


def test_one_user_leaves_sockets_to_others_and_observers_leave_some_to_crews():
    hub = Hub()
    observer, pilot = frozenset({"observer"}), frozenset({"pilot"})
    for number in range(MOST_SOCKETS):
        user = f"observer {number // MOST_OF_ONE}"
        if hub.full(user, observer):
            break
        hub.clients.add(client(user, "observer"))
    assert len(hub.clients) == MOST_SOCKETS // 2
    own = 0
    while not hub.full("ann", pilot):
        hub.clients.add(client("ann", "pilot"))
        own += 1
    assert own == MOST_OF_ONE
    assert not hub.full("bob", pilot)
    assert hub.full("eve", observer)


def test_a_station_takes_the_twenty_clients_of_its_benchmark(tmp_path, monkeypatch):
    monkeypatch.setattr(station_clients, "SETTLING", 0.0)
    with running(tmp_path) as station:
        [(name, value)] = station.cookie(station.session()).items()
        assert name == "Cookie"
        cookies = station_clients.watchers(station.address, value, 20)
        assert asyncio.run(station_clients.listen(station.address, cookies, 1.0))


@pytest.mark.parametrize("half", [
    b"",
    b"GET / HTTP/1.1\r\nHost: ",
    "POST /api/signin HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    "Content-Length: 200\r\n\r\n",
])
def test_half_requests_of_strangers_shut_nobody_out(tmp_path, monkeypatch, half):
    monkeypatch.setattr(Http, "most_strangers", 12)
    with running(tmp_path) as station:
        text = half if isinstance(half, bytes) else half.format(host=station.host).encode()
        host, port = station.host.rsplit(":", 1)
        held = []
        try:
            for _ in range(40):
                held.append(socket.create_connection((host, int(port))))
                held[-1].sendall(text)
            for _ in range(3):
                with station.client() as known:
                    assert known.get("/api/settings").status_code == 200
            gone = 0
            for each in held:
                each.settimeout(5.0)
            until = time.monotonic() + 10.0
            while gone < 28 and time.monotonic() < until:
                gone = sum(_closed(each) for each in held)
            assert gone >= 28
        finally:
            for each in held:
                each.close()


def _closed(connection):
    """Whether the other side has gone, or has said that it will."""
    connection.setblocking(False)
    try:
        return len(connection.recv(4096, socket.MSG_PEEK)) >= 0
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_an_observers_body_is_small(tmp_path):
    with running(tmp_path) as station, station.client("observer") as observer:
        answer = observer.post("/api/open", json={"name": "a", "text": "x" * LARGEST_OF_OBSERVERS})
        assert answer.status_code == 413


def test_large_bodies_count_as_many_requests():
    clock = Clock()
    rates = limits.Rates(clock)
    rates.take("ann", 8e6 / limits.OCTETS_A_REQUEST)
    for _ in range(100):
        rates.take("ann")
    with pytest.raises(Refusal, match="too many"):
        for _ in range(10):
            rates.take("ann")
    rates.take("bob")


def test_bodies_are_counted_as_they_come(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "AT_ONCE", 20.0)
    with running(tmp_path) as station, station.client() as boss, station.client() as other:
        def asked(client):
            return client.post("/api/users", content=b" " * 3 * limits.OCTETS_A_REQUEST,
                               headers={"Content-Type": "application/json"}).status_code

        # Each is one request and its body three more.
        assert [asked(boss) for _ in range(6)] == [400] * 5 + [429]
        assert asked(other) == 400


def test_who_waits_for_many_answers_waits_before_asking_for_more(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_UNDER_WAY", 2)

    async def asked():
        goes_on = asyncio.Event()

        async def slow(station, call):
            await goes_on.wait()
            return {}

        station = SimpleNamespace(sessions=SimpleNamespace(find=lambda token: None))
        application = Web(station, (Route("GET", "/api/slow", ANYONE, slow),),
                          Hosts(Config(tmp_path), 8080), None, tmp_path).application()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application),
                                     base_url="http://127.0.0.1:8080") as client:
            held = [asyncio.create_task(client.get("/api/slow")) for _ in range(2)]
            await asyncio.sleep(0.05)
            third = await asyncio.wait_for(client.get("/api/slow"), 20.0)
            goes_on.set()
            return [third.status_code, *[(await each).status_code for each in held],
                    (await client.get("/api/slow")).status_code]

    assert asyncio.run(asked()) == [429, 200, 200, 200]


def test_requests_under_way_are_bounded_by_asker():
    under_way = limits.UnderWay()
    held = [under_way.one("ann") for _ in range(limits.MOST_UNDER_WAY)]
    for one in held:
        one.__enter__()
    with pytest.raises(Refusal, match="at once"), under_way.one("ann"):
        pass
    with under_way.one("bob"):
        pass
    held[0].__exit__(None, None, None)
    with under_way.one("ann"):
        pass


def test_wrong_passwords_for_unknown_names_lock_no_address(tmp_path):
    users = Passwords(Store(tmp_path), Clock())

    async def tried():
        await users.keep("ann", PASSWORD, ["pilot"])
        for number in range(20):
            with pytest.raises(Refusal, match="wrong"):
                await users.check(f"nobody {number}", "not the password", "10.0.0.1")
        assert (await users.check("ann", PASSWORD, "10.0.0.1"))["name"] == "ann"
        # A name that somebody guesses at from one address is free from another.
        for _ in range(4):
            with pytest.raises(Refusal, match="wrong"):
                await users.check("ann", "not the password", "10.0.0.9")
        with pytest.raises(Refusal, match="wait"):
            await users.check("ann", PASSWORD, "10.0.0.9")
        assert (await users.check("ann", PASSWORD, "10.0.0.1"))["name"] == "ann"

    asyncio.run(tried())


def test_passwords_of_one_address_do_not_queue_before_others(tmp_path):
    users = Passwords(Store(tmp_path), Clock())

    async def tried():
        many = [users.check(f"nobody {n}", "not the password", "10.0.0.1")
                for n in range(3 * MOST_AT_ONCE)]
        statuses = [fault.status for fault in await asyncio.gather(*many, return_exceptions=True)]
        assert sorted(statuses) == [401] * MOST_AT_ONCE + [429] * (2 * MOST_AT_ONCE)

    asyncio.run(tried())


@pytest.mark.parametrize(("name", "other"), [
    ("\u0430nn", "ann"), ("Ann", "ann"), ("ivan1", "ivanl"), ("b\u043eb", "bob"), ("Olga", "0lga"),
    ("jos\u00e9", "jose"), ("\u0420avel", "Pavel"), ("bern", "bem")])
def test_names_that_look_alike_are_one_name(name, other):
    assert look(name) == look(other)
    assert check_name(name, [other])


@pytest.mark.parametrize("name", ["ann", "\u041e\u043b\u0435\u043d\u0430", "\u0130lker",
                                  "watchman"])
def test_ordinary_names_are_taken_beside_others(name):
    assert not check_name(name, ["bob", "Pavel", "\u0406\u0432\u0430\u043d", name])


@pytest.mark.parametrize("name", ["w\u0430tch", "WATCH", "\uff41nn"])
def test_names_that_pass_for_others_are_refused(name):
    assert check_name(name)


def test_observers_are_judged_for_apart_from_crews(monkeypatch):
    """A heavy mission of an observer's holds up observers alone."""
    heavy = asyncio.Event()

    class Slow(judging.Judge):
        async def judge(self, user, document, options):
            if document == "heavy":
                await heavy.wait()
            return {"limit": self._limit_s}

    monkeypatch.setattr(judging, "Judge", Slow)

    async def asked():
        judges = judging.Judges("tb2")
        waits = asyncio.create_task(
            judges.judge("eve", frozenset({"observer"}), "heavy", {}))
        await asyncio.sleep(0)
        crew = await judges.judge("boss", frozenset({"commander"}), "light", {})
        assert not waits.done()
        heavy.set()
        observer = await waits
        assert observer["limit"] < crew["limit"]
        assert judges._crews is not judges._observers

    asyncio.run(asked())
