"""Who is let in, for how long, and what is kept of it."""

import asyncio
import re

import pytest

from longwatch.station.refusal import ROLES, Refusal
from longwatch.station.store import DATABASE, Store
from longwatch.station.web import passwords
from longwatch.station.web.passwords import Delays, Passwords, check_name, check_password
from longwatch.station.web.sessions import LASTS, LINK, MOST_OF_ONE, Link, Sessions, cookie_of
from station.web_support import CHEAP, PASSWORD, Clock, token_of


@pytest.fixture
def store(tmp_path):
    kept = Store(tmp_path, Clock(1.8e9))
    yield kept
    kept.close()


def test_a_session_ends_after_36_hours(store):
    clock = Clock(1.8e9)
    sessions = Sessions(store, clock)
    token, _ = sessions.begin("ann", ["pilot"])
    clock.now += 36 * 3600 - 1
    assert sessions.find(token).roles == {"pilot"}
    clock.now += 1
    assert sessions.find(token) is None
    assert LASTS == 36 * 3600


def test_sessions_outlive_the_station_and_their_tokens_are_nowhere_on_the_disk(store, tmp_path):
    store.save_user("ann", "hash", ["pilot"])
    token, session = Sessions(store, store.wall).begin("ann", ["pilot"])
    assert Sessions(store, store.wall).find(token) == session
    raw = b"".join(file.read_bytes() for file in tmp_path.glob(f"{DATABASE}*"))
    assert session.key.encode() in raw
    assert token.encode() not in raw


def test_a_user_changed_or_deleted_while_the_station_stood_has_no_session(store):
    for name in ("ann", "bob", "eve"):
        store.save_user(name, "hash", ["pilot"])
    sessions = Sessions(store, store.wall)
    tokens = {name: sessions.begin(name, ["pilot"])[0] for name in ("ann", "bob", "eve", "watch")}
    store.delete_user("ann")
    store.wall.now += 1.0
    store.save_user("bob", "hash", ["observer"])
    again = Sessions(store, store.wall)
    assert {name for name, token in tokens.items() if again.find(token)} == {"eve", "watch"}


def test_what_is_no_token_finds_nothing(store):
    sessions = Sessions(store, store.wall)
    _, session = sessions.begin("ann", ["pilot"])
    for wrong in (None, "", "x", session.key, "\udcff"):
        assert sessions.find(wrong) is None


def test_one_user_has_so_many_sessions_and_the_oldest_ends(store):
    clock, ended = Clock(1.8e9), []
    sessions = Sessions(store, clock)
    sessions.on_end = ended.append
    keys = []
    for _ in range(MOST_OF_ONE + 2):
        clock.now += 1
        keys.append(sessions.begin("ann", ["pilot"])[1].key)
    assert ended == keys[:2]


def test_a_user_who_is_ended_has_no_session_left(store):
    sessions = Sessions(store, store.wall)
    ann, bob = sessions.begin("ann", ["pilot"])[0], sessions.begin("bob", ["pilot"])[0]
    sessions.end_user("ann")
    assert sessions.find(ann) is None
    assert sessions.find(bob) is not None


def test_the_link_opens_once_and_the_next_one_lies_there(tmp_path):
    link = Link(tmp_path, "http://127.0.0.1:8080")
    first = token_of((tmp_path / LINK).read_text().strip())
    assert (tmp_path / LINK).stat().st_mode & 0o777 == 0o600
    assert not link.use(first[:-1])
    assert link.use(first)
    assert not link.use(first)
    second = token_of((tmp_path / LINK).read_text().strip())
    assert (tmp_path / LINK).stat().st_mode & 0o777 == 0o600
    assert link.use(second)


def test_a_new_run_has_a_new_link(tmp_path):
    old = token_of(Link(tmp_path, "http://127.0.0.1:8080").link)
    assert not Link(tmp_path, "http://127.0.0.1:8080").use(old)


def test_waits_double_from_the_fourth_wrong_password_to_five_minutes():
    clock = Clock()
    delays = Delays(clock)
    waits = []
    for _ in range(14):
        delays.failed("ann")
        waits.append(delays.wait("ann"))
        clock.now += waits[-1]
        assert delays.wait("ann") == 0.0
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert delays.wait("bob") == 0.0
    clock.now += 3600.0
    delays.failed("ann")
    assert delays.wait("ann") == 0.0


def test_a_password_is_kept_as_argon2id_and_known_again(store):
    clock = Clock()
    users = Passwords(store, clock)

    async def tried():
        await users.keep("ann", PASSWORD, ["pilot"])
        assert store.user("ann")["password"].startswith("$argon2id$")
        assert (await users.check("ann", PASSWORD, "::1"))["roles"] == ["pilot"]
        texts = set()
        for name, password in (("ann", PASSWORD + "x"), ("nobody", PASSWORD)):
            with pytest.raises(Refusal) as refusal:
                await users.check(name, password, "::1")
            assert refusal.value.status == 401
            texts.add(str(refusal.value))
        assert len(texts) == 1  # whether there is such a name is not told

    asyncio.run(tried())


def test_many_guesses_at_once_are_counted_as_many(store, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    guarded = Passwords(store, Clock())

    async def tried():
        guesses = await asyncio.gather(*(guarded.check("ann", f"guess number {count}", "::1")
                                         for count in range(12)), return_exceptions=True)
        statuses = [refusal.status for refusal in guesses]
        assert statuses == [401] * 4 + [429] * 8
        with pytest.raises(Refusal) as refusal:  # others at that address do not wait for that
            await guarded.check("bob", PASSWORD, "::1")
        assert refusal.value.status == 401

    asyncio.run(tried())


def test_a_user_is_refused_with_all_that_is_wrong(store):
    with pytest.raises(Refusal) as refusal:
        asyncio.run(Passwords(store, Clock()).keep("<b>", "short", ["admiral"]))
    assert [fault.partition(":")[0] for fault in refusal.value.faults] == [
        "name", "password", "roles"]
    assert store.users() == []


@pytest.mark.parametrize("name", ["", " ann", "watch", "WATCH", "<script>", "a" * 41, "../x"])
def test_names_that_are_not_taken(name):
    assert check_name(name)


@pytest.mark.parametrize("name", ["ann", "Şebnem Öz", "Олена", "pilot-2@thrace"])
def test_names_that_are(name):
    assert not check_name(name)


@pytest.mark.parametrize("password", ["elevenchars", "aaaaaaaaaaaaaa", "annannannann", "x" * 257])
def test_passwords_that_are_not_taken(password):
    assert check_password(password, "ann")


def test_whoever_came_by_the_link_has_all_roles_and_a_stranger_none(store):
    sessions = Sessions(store, store.wall)
    assert sessions.roles_of("watch") == set(ROLES)
    assert sessions.roles_of("stranger") == set()


def test_two_stations_on_one_host_share_no_cookie():
    """Browsers send a host's cookies to every port of it (RFC 6265, section 8.5)."""
    hosts = ("127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1", "[::1]:8082")
    assert len({cookie_of(host) for host in hosts}) == len(hosts)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", cookie_of(host)) for host in (
        *hosts, "[::1]", "a; b=c", "a:8080; b=c", "a:\u0663", ""))
