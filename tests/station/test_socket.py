"""The WebSocket, over a real one."""

import contextlib
import socket
import time

import msgpack
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from longwatch.station.web import hub as hubs
from longwatch.station.web.sessions import LASTS, cookie_of
from station.web_support import Clock, running


@pytest.fixture(scope="module")
def wall():
    return Clock(1.8e9)


@pytest.fixture(scope="module")
def station(tmp_path_factory, wall):
    with running(tmp_path_factory.mktemp("station"), wall=wall) as one:
        yield one


def opened(station, token, **options):
    return connect(f"ws://127.0.0.1:{station.port}/ws", proxy=None, origin=station.address,
                   additional_headers=station.cookie(token), **options)


def heard(browser):
    return msgpack.unpackb(browser.recv(timeout=20), strict_map_key=False)


def code_of(browser):
    with pytest.raises(ConnectionClosed) as end:
        while True:
            browser.recv(timeout=20)
    return end.value.rcvd.code if end.value.rcvd else None


def test_a_page_hears_the_fleet_and_what_changes(station):
    with opened(station, station.session("pilot", user="ann")) as browser:
        kind, told = heard(browser)
        assert kind == "hello"
        assert told["session"]["user"] == "ann"
        assert told["session"]["roles"] == ["pilot"]
        assert told["quantities"] == ["armed", "roll", "mode"]
        kind, _, values = heard(browser)
        assert kind == "frame"
        assert set(values) == {"1", "2"}
        station.call(station.station.fleet.set, "2", 1, 0.125)
        assert heard(browser)[2] == {"2": {1: 0.125}}
        station.call(station.station.store.journal, "ann", "1", "command", "hold", {}, "accepted")
        kind, entry = heard(browser)
        assert (kind, entry["name"], entry["result"]) == ("journal", "hold", "accepted")


def test_the_sessions_end_closes_its_sockets_and_no_other(station):
    mine, other = station.session("pilot", user="ann"), station.session("pilot", user="bob")
    with (opened(station, mine) as one, opened(station, mine) as two,
          opened(station, other) as three):
        for browser in (one, two, three):
            heard(browser), heard(browser)
        station.call(station.station.sessions.end_user, "ann")
        assert {code_of(one), code_of(two)} == {hubs.SESSION_ENDED}
        station.call(station.station.fleet.set, "1", 1, 7.0)
        assert heard(three)[2] == {"1": {1: 7.0}}


def test_a_session_that_expires_closes_its_socket(station, wall):
    with opened(station, station.session("pilot", user="eve")) as browser:
        wall.now += LASTS
        assert code_of(browser) == hubs.SESSION_ENDED


def test_whoever_sends_something_is_hung_up_on(station):
    with opened(station, station.session()) as browser:
        browser.send(b"hold")
        assert code_of(browser) == 1000
    with opened(station, station.session()) as browser:
        browser.send("x" * 100_000)
        assert code_of(browser) == 1009


def test_no_more_than_64_sockets(station):
    tokens = [station.session(user=f"user {number}")
              for number in range(hubs.MOST_SOCKETS // hubs.MOST_OF_ONE)]
    token = station.session(user="one more")
    with contextlib.ExitStack() as browsers:
        for number in range(hubs.MOST_SOCKETS):
            browsers.enter_context(opened(station, tokens[number // hubs.MOST_OF_ONE]))
        with pytest.raises(InvalidStatus) as refusal:
            browsers.enter_context(opened(station, token))
        assert refusal.value.response.status_code == 503
    until(lambda: not station.station.hub.clients)
    with opened(station, token) as browser:
        assert heard(browser)[0] == "hello"


def slow(station):
    """A page that has shaken hands and reads no more, with little room for what it is sent."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", station.port))
    raw.sendall(f"GET /ws HTTP/1.1\r\nHost: {station.host}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                f"AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: {cookie_of(station.address)}="
                f"{station.session(user='slow')}\r\n\r\n".encode())
    return raw


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_page_that_reads_no_more_costs_a_bounded_queue_and_is_dropped(station):
    raw = slow(station)
    with opened(station, station.session(user="quick")) as browser:
        until(lambda: {"slow", "quick"} <= station.station.hub.users())
        heard(browser), heard(browser)
        for count in range(40):  # 10 MB: more than any buffer on the way, and than the bound
            entry = {"id": count, "text": "x" * 2**18}
            station.call(station.station.hub.publish, ["journal", entry])
            # The others read on; what is told once in a while may come between.
            told = next(one for one in iter(lambda: heard(browser), None) if one[0] == "journal")
            assert told[1]["id"] == count
        until(lambda: "slow" not in station.station.hub.users())
    raw.settimeout(20)
    with pytest.raises(ConnectionError):  # reset, not left hanging
        while raw.recv(65536):
            pass
        raise ConnectionError
    raw.close()


def test_the_stations_end_asks_pages_to_connect_again(tmp_path):
    with contextlib.ExitStack() as browsers:
        with running(tmp_path) as one:
            browser = browsers.enter_context(opened(one, one.session()))
            heard(browser)
        assert code_of(browser) == hubs.RESTARTING
