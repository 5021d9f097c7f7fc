"""What the station refuses, over real HTTP on a loopback port."""

import gzip
import re
import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from longwatch import http_connections as headers
from longwatch.errors import SetupError
from longwatch.station import serving
from longwatch.station.config import Config, is_loopback
from longwatch.station.refusal import ANYONE, OBSERVER, ROLES, Refusal
from longwatch.station.routing import fields
from longwatch.station.store import Store
from longwatch.station.web import limits, passwords
from longwatch.station.web.guard import Hosts, from_here
from longwatch.station.web.sessions import LINK, cookie_of
from station.web_support import CHEAP, PASSWORD, Clock, running, token_of

PACKED = gzip.compress(b"packed")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page as it is built, with something beside it that is not to be had."""
    folder = tmp_path_factory.mktemp("built") / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Longwatch</title>")
    (folder / "assets" / "index-abc123.js").write_text("'use strict';" * 100)
    (folder / "assets" / "index-abc123.js.gz").write_bytes(PACKED)
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def station(tmp_path_factory, page, clock):
    with running(tmp_path_factory.mktemp("station"), page=page, clock=clock) as one:
        yield one


@pytest.fixture(autouse=True)
def _rested(clock, monkeypatch):
    clock.now += 10.0
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


def sent(station, head, body=b""):
    """The answer to bytes as they are: status and the rest."""
    with socket.create_connection(("127.0.0.1", station.port), timeout=20) as raw:
        raw.sendall(head.replace("\n", "\r\n").encode() + body)
        answer = b""
        while part := raw.recv(65536):
            answer += part
    return int(answer.split()[1]), answer


HOSTS = ("evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "localhost.evil:{port}",
         "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}", "[::1%25x]:{port}", "", "a@127.0.0.1",
         "127.0.0.1:{port}@evil.example")


@pytest.mark.parametrize("path", ["/", "/api/session", "/api/journal", "/ws", "/enter/x",
                                  "/nothing"])
@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_is_not_ours_gets_nothing(station, host, path):
    status, answer = sent(station, f"GET {path} HTTP/1.1\nHost: {host.format(port=station.port)}\n"
                                   "Connection: close\n\n")
    assert status in (400, 403)
    assert b"Longwatch" not in answer


def test_two_names_at_once_get_nothing(station):
    status, _ = sent(station, f"GET / HTTP/1.1\nHost: {station.host}\nHost: evil.example\n"
                              "Connection: close\n\n")
    assert status in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_our_own_names_are_answered(station, host):
    status, answer = sent(station, f"GET / HTTP/1.1\nHost: {host.format(port=station.port)}\n"
                                   "Connection: close\n\n")
    assert status == 200
    assert b"Longwatch" in answer


ORIGINS = ("http://evil.example", "null", "http://127.0.0.1:3000", "http://127.0.0.1",
           "https://evil.example:{port}", "file://", "http://localhost:{port}.evil.example", "")


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_pages_request_is_refused_even_with_our_cookie(station, origin):
    with station.client() as client:
        given = {"Origin": origin.format(port=station.port)}
        before = client.get("/api/settings").json()
        answer = client.put("/api/settings", json={"units": "evil"}, headers=given)
        assert answer.status_code == 403
        assert client.get("/api/settings").json() == before
        assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_may(station):
    with station.client() as client:
        answer = client.put("/api/settings", json={"units": "metric"},
                            headers={"Origin": station.address, "Sec-Fetch-Site": "same-origin"})
        assert answer.json() == {"units": "metric"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_load_ours_as_a_script_or_picture(station, site):
    with station.client() as client:
        assert client.get("/api/journal", headers={"Sec-Fetch-Site": site}).status_code == 403


def handshake(station, token, **headers):
    return connect(f"ws://127.0.0.1:{station.port}/ws", proxy=None, open_timeout=20,
                   additional_headers={**(station.cookie(token) if token else {}), **headers})


@pytest.mark.parametrize(("token", "headers", "status"), [
    (True, {"Origin": "http://evil.example"}, 403),
    (True, {"Origin": "null"}, 403),
    (True, {"Origin": "http://127.0.0.1:3000"}, 403),
    (True, {"Sec-Fetch-Site": "same-site"}, 403),
    (False, {}, 401),
])
def test_a_socket_is_refused_like_a_request(station, token, headers, status):
    with pytest.raises(InvalidStatus) as refusal:
        handshake(station, station.session() if token else None, **headers)
    assert refusal.value.response.status_code == status


def test_a_socket_under_another_name_is_refused(station):
    status, _ = sent(station, "GET /ws HTTP/1.1\nHost: evil.example\nUpgrade: websocket\n"
                              "Connection: Upgrade\nSec-WebSocket-Version: 13\n"
                              f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n"
                              f"Cookie: {cookie_of(station.address)}={station.session()}\n\n")
    assert status == 403


ROUTES = [route for route in serving.ROUTES if route.role != ANYONE]


def address_of(route):
    return re.sub(r"\{\w+(:int)?\}", "1", route.path.replace("{path:path}", "state"))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_refuses_whoever_lacks_its_role(station, clock, route):
    without = [None, "", *([set(ROLES) - {route.role}] if route.role != OBSERVER else [])]
    for roles in without:
        token = station.session(*roles) if roles else roles
        name = cookie_of(station.address)
        cookies = {name: token if token else "forged"} if token is not None else {}
        with httpx.Client(base_url=station.address, cookies=cookies, trust_env=False) as client:
            answer = client.request(route.method, address_of(route), json={})
        assert answer.status_code == (403 if roles else 401), answer.text
        assert set(answer.json()) == {"error", "faults"}


def test_the_tables_of_the_rooms_ask_for_roles_that_there_are():
    assert len(ROUTES) > 10
    assert {route.role for route in serving.ROUTES} <= {ANYONE, *ROLES}


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
         "text/plain; application/json", None)


@pytest.mark.parametrize("whole", [b"", b"GET /api/session HTTP/1.1\r\nHost: %s\r\n\r\n"])
def test_half_a_request_is_not_waited_for(station, monkeypatch, whole):
    monkeypatch.setattr(headers, "PATIENCE", 0.3)
    with socket.create_connection(("127.0.0.1", station.port), timeout=10) as half:
        half.sendall(whole.replace(b"%s", station.host.encode()))
        answered = half.recv(1) if whole else b""
        half.sendall(b"GET / HTTP/1.1\r\nHost: ")
        answered += b"".join(iter(lambda: half.recv(65536), b""))
    assert answered.count(b"HTTP/1.1 200") == (1 if whole else 0)


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_changes_nothing(station, kind):
    with station.client() as client:
        headers = {"Content-Type": kind} if kind else {}
        for path in ("/api/users", "/api/signin", "/api/signout", "/api/vehicles/1/control"):
            answer = client.post(path, content=b'{"take": true}', headers=headers)
            assert answer.status_code == 400
            assert "JSON" in answer.json()["error"]
        assert client.get("/api/users").status_code == 200  # not signed out either


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b'{"a": NaN}', b"\xff", b"1e999",
                                  b'{"a": Infinity}', b"[" * 15_000, b'{"a": 1e999}',
                                  b'{"a": 1' + b"0" * 400 + b"}", b'{"a": "\\ud800"}'])
def test_what_is_no_json_object_is_refused_in_words(station, body):
    with station.client() as client:
        answer = client.put("/api/settings", content=body,
                            headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
        # Refused before a route sees it: many would reckon with it.
        assert answer.json()["error"].startswith("the body must be one JSON object")


def test_a_field_that_is_not_known_is_refused(station):
    with station.client() as client:
        answer = client.post("/api/users",
                             json={"name": "ann", "password": PASSWORD, "admin": True})
        assert answer.status_code == 400
        assert set(answer.json()["faults"]) == {"roles: is missing", "admin: is not known here"}


@pytest.mark.parametrize(("value", "kind", "taken"), [
    (1, int, True), (True, int, False), (1.5, int, False), (1, float, True), (True, float, False),
    (False, bool, True), ("1", float, False), (None, str, False)])
def test_a_field_of_another_type_is_refused(value, kind, taken):
    if taken:
        assert fields({"a": value}, {"a": kind}) == {"a": value}
    else:
        with pytest.raises(Refusal, match="not understood"):
            fields({"a": value}, {"a": kind})


def test_a_body_too_large_is_refused_before_it_has_come(station):
    head = (f"PUT /api/settings HTTP/1.1\nHost: {station.host}\n"
            f"Cookie: {cookie_of(station.address)}={station.session()}\n"
            "Content-Type: application/json\nConnection: close\n")
    status, _ = sent(station, head + "Content-Length: 999999999999\n\n", b"{")
    assert status == 413
    # And one that does not say how long it is.
    status, _ = sent(station, head + "Transfer-Encoding: chunked\n\n",
                     b"4001\r\n" + b" " * 0x4001 + b"\r\n")
    assert status == 413


@pytest.mark.parametrize("lengths", [
    "Content-Length: 2\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\nContent-Length: 2",
    "Content-Length: 2\nTransfer-Encoding: identity", "Content-Length: 2\nContent-Length: 3"])
def test_a_request_that_gives_its_length_twice_is_refused(station, lengths):
    """It may be read in two ways: RFC 9112, section 6.1."""
    head = (f"PUT /api/settings HTTP/1.1\nHost: {station.host}\n"
            f"Cookie: {cookie_of(station.address)}={station.session()}\n"
            f"Content-Type: application/json\n{lengths}\n\n")
    status, _ = sent(station, head, b"2\r\n{}\r\n0\r\n\r\n")
    assert status in (400, 501)


@pytest.mark.parametrize(("given", "fault"), [
    ({"units": "evil"}, "units"), ({"sound": 1}, "sound"), ({"language": ["en"]}, "language"),
    ({"palette": "day", "more": "x" * 9000}, "more"), ({"units": None}, "units")])
def test_settings_are_those_that_there_are(station, given, fault):
    with station.client() as client:
        before = client.get("/api/settings").json()
        answer = client.put("/api/settings", json=given)
        assert answer.status_code == 400
        assert [each.split(":")[0] for each in answer.json()["faults"]] == [fault]
        assert client.get("/api/settings").json() == before


def test_the_one_time_link_is_good_once_and_from_this_machine(station):
    token = token_of((station.station.config.folder / LINK).read_text().strip())
    with station.client(token="") as client:
        assert client.get("/enter/" + "x" * 43).status_code == 403
        assert client.head(f"/enter/{token}").status_code == 405
        assert client.get(f"/enter/{token}", headers={"Sec-Purpose": "prefetch"}).status_code == 405
        came = client.get(f"/enter/{token}")
        assert (came.status_code, came.headers["location"]) == (303, "/")
        cookie = came.headers["set-cookie"].casefold()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "max-age=129600" in cookie
        assert "secure" not in cookie
        assert client.get("/api/session").json()["roles"] == list(ROLES)
    with station.client(token="") as other:
        assert other.get(f"/enter/{token}").status_code == 403
        assert other.get("/api/session").json() == {"user": None}


@pytest.mark.parametrize(("host", "peer", "here"), [
    ("127.0.0.1:8080", "127.0.0.1", True), ("localhost:8080", "::1", True),
    ("[::1]:8080", "::1", True), ("192.168.1.5:8080", "127.0.0.1", False),
    ("127.0.0.1:8080", "192.168.1.7", False), ("station.example", "127.0.0.1", False)])
def test_the_link_is_for_loopback_peers_asking_for_loopback(host, peer, here):
    assert from_here(host, peer) is here


def test_beyond_this_machine_a_name_that_could_be_rebound_is_not_ours(tmp_path):
    hosts = Hosts(Config(tmp_path, host="0.0.0.0", names=("station.example",)), 8080)
    for host in ("192.168.1.5:8080", "[fd00::1]:8080", "station.example", "localhost:8080"):
        assert hosts.admits(host)
    for host in ("evil.example:8080", "192.168.1.5.evil.example", "", "station.example.evil",
                 "192.168.1.5:80; script-src *", "station.example:"):
        assert not hosts.admits(host)
    assert not is_loopback("0.0.0.0")


def test_beyond_this_machine_somebody_must_have_a_password(tmp_path):
    store = Store(tmp_path)
    config = Config(tmp_path, host="0.0.0.0")
    with pytest.raises(SetupError, match="somebody has a password"):
        serving.may_listen(config, store)
    store.save_user("ann", "$argon2id$", ["commander"])
    serving.may_listen(config, store)
    serving.may_listen(Config(tmp_path), store)
    store.close()


PATHS = ("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt",
         "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "//etc/passwd", "/..\\secret.txt", "/link.txt",
         "/%00", "/index.html%00.js", "/assets", "/assets/", "/.%2f../secret.txt",
         "/assets/index-abc123.js.gz")


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_pages_folder(station, path):
    status, answer = sent(station, f"GET {path} HTTP/1.1\nHost: {station.host}\n"
                                   "Connection: close\n\n")
    assert status in (400, 404)
    assert b"secret\n" not in answer
    assert b"root:" not in answer


def test_the_pages_files_are_kept_by_browsers_but_the_page_itself_is_not(station):
    with station.client(token="") as client:
        index = client.get("/")
        assert index.headers["cache-control"] == "no-cache"
        assert index.headers["content-type"].startswith("text/html")
        plain = client.get("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
        assert "immutable" in plain.headers["cache-control"]
        assert plain.text == "'use strict';" * 100
        assert plain.headers["content-type"].startswith("text/javascript")
    head = f"GET /assets/index-abc123.js HTTP/1.1\nHost: {station.host}\nConnection: close\n"
    _, packed = sent(station, head + "Accept-Encoding: gzip\n\n")
    assert b"content-encoding: gzip" in packed.lower()
    assert packed.endswith(PACKED)


def test_every_answer_tells_the_browser_what_it_may_do(station):
    with station.client() as client:
        for path in ("/", "/api/session", "/api/nothing", "/assets/index-abc123.js"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            scripts = re.search(r"script-src ([^;]*)", policy)[1]
            assert scripts == "'self'"
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["referrer-policy"] == "no-referrer"
        assert client.get("/api/session").headers["cache-control"] == "no-store"


def test_a_hostile_name_comes_back_as_json_and_nothing_else(station):
    hostile = "</script><img src=x onerror=alert(1)>"
    with station.client() as client:
        answer = client.put("/api/settings", json={hostile: 1})
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.json()["faults"][0].startswith(f"{hostile}: ")
        refused = client.delete(f"/api/users/{hostile.replace('/', '')}")
        assert refused.status_code == 404
        assert refused.headers["content-type"] == "application/json"
        assert client.put("/api/settings", json={}).json() == {}


def test_a_session_that_asks_too_often_is_told_to_wait(station, clock, monkeypatch):
    monkeypatch.setattr(limits, "AT_ONCE", 20.0)
    with station.client() as client, station.client() as other:
        statuses = [client.get("/api/settings").status_code
                    for _ in range(int(limits.AT_ONCE) + 1)]
        assert statuses == [200] * int(limits.AT_ONCE) + [429]
        assert other.get("/api/settings").status_code == 200
        clock.now += 1.0
        assert client.get("/api/settings").status_code == 200


def test_wrong_passwords_take_longer_and_longer_and_stand_in_the_journal(station, clock):
    with station.client(token="") as client:
        wrong = {"name": "mallory", "password": "let me in please"}
        statuses = [client.post("/api/signin", json=wrong).status_code for _ in range(6)]
        assert statuses == [401] * 4 + [429] * 2
        clock.now += 400.0
        assert client.post("/api/signin", json=wrong).status_code == 401
    with station.client() as client:
        entry = client.get("/api/journal").json()[0]
        assert (entry["user"], entry["name"], entry["result"]) == ("mallory", "sign_in", "denied")
        # Those that were only told to wait write nothing: no stranger fills the disk.
        tried = [e for e in client.get("/api/journal").json() if e["user"] == "mallory"]
        assert len(tried) == 5
    clock.now += 4000.0


def test_a_user_who_is_deleted_is_out_at_once(station):
    with station.client("commander", user="boss") as boss, station.client(token="") as ann:
        assert boss.post("/api/users", json={"name": "ann", "password": PASSWORD,
                                             "roles": ["pilot"]}).status_code == 200
        assert ann.post("/api/signin", json={"name": "ann", "password": PASSWORD}
                        ).json()["roles"] == ["pilot"]
        assert ann.get("/api/journal").status_code == 200
        assert ann.get("/api/users").status_code == 403
        assert PASSWORD not in boss.get("/api/journal").text
        assert boss.get("/api/users").json() == [{"name": "ann", "roles": ["pilot"]}]
        assert boss.delete("/api/users/ann").json() == {}
        assert ann.get("/api/journal").status_code == 401


def test_sign_out_ends_the_session_not_only_the_cookie(station):
    token = station.session()
    with station.client(token=token) as client:
        assert client.post("/api/signout", json={}).json() == {}
    with station.client(token=token) as client:
        assert client.get("/api/journal").status_code == 401


def test_an_error_nobody_foresaw_tells_a_number_and_no_more(station, monkeypatch, caplog):
    def broken(user):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(station.station.store, "settings", broken)
    with station.client() as client:
        answer = client.get("/api/settings")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    number = re.search(r"under (\w+)", answer.json()["error"])[1]
    assert number in caplog.text
    assert "secret detail" in caplog.text


def test_without_a_built_page_the_address_says_how_to_build_it(tmp_path):
    with running(tmp_path) as bare, bare.client(token="") as client:
        answer = client.get("/")
        assert "make page" in answer.text
        assert answer.headers["content-type"].startswith("text/plain")
