"""Control outlives storage; and what is said to be kept is where it will be found."""

import sqlite3

import pytest

from longwatch.errors import LongwatchError, SetupError
from longwatch.station.store import DATABASE, DamagedError, Store, StoreError
from longwatch.station.web.sessions import Sessions
from station.web_support import running

PASSWORD = "correct horse battery"


class Full:
    """A disk that takes nothing while ``on``."""

    def __init__(self, store, monkeypatch):
        self.on = True
        real = store._write

        def write(statement):
            if self.on:
                raise StoreError("database or disk is full")
            return real(statement)

        monkeypatch.setattr(store, "_write", write)


def test_entries_wait_for_room_and_go_to_the_disk_in_order(tmp_path, monkeypatch):
    store = Store(tmp_path)
    told = []
    store.on_entry = told.append
    early = store.journal("ann", "1", "command", "hold", {})
    disk = Full(store, monkeypatch)
    store.finish(early["id"], "accepted")
    entry = store.journal("ann", "1", "command", "return", {"a": 1})
    assert entry["id"] < 0 and "not on the disk" in entry["text"]
    store.finish(entry["id"], "accepted", "on its way")
    store.journal("ann", "1", "control", "release", {}, "accepted")
    assert store.unkept == 3 and len(told) == 4
    disk.on = False
    store.journal("ann", "1", "command", "land", {}, "accepted")
    assert store.unkept == 0
    store.close()
    kept = Store(tmp_path).entries()[::-1]
    assert [(e["name"], e["result"]) for e in kept] == [
        ("hold", "accepted"), ("return", "accepted"), ("release", "accepted"),
        ("land", "accepted")]
    assert kept[1]["arguments"] == {"a": 1} and "not on the disk" in kept[1]["text"]


def test_a_crew_signs_in_on_a_full_disk_and_nothing_else_is_said_to_be_kept(tmp_path, monkeypatch):
    with running(tmp_path) as station:
        with station.client() as boss:
            assert boss.post("/api/users", json={
                "name": "ann", "password": PASSWORD, "roles": ["pilot"]}).status_code == 200
        Full(station.station.store, monkeypatch)
        with station.client(token="") as ann:
            assert ann.post("/api/signin", json={
                "name": "ann", "password": PASSWORD}).status_code == 200
            assert ann.get("/api/journal").status_code == 200
            assert ann.put("/api/settings", json={"sound": "all"}).status_code == 503
            assert ann.get("/api/settings").json() == {}


def test_a_choice_of_sound_from_before_there_were_words_is_kept(tmp_path):
    with running(tmp_path) as station, station.client() as watch:
        user = watch.get("/api/session").json()["user"]
        for before, now in ((True, "all"), (False, "off"), ("warnings", "warnings")):
            station.station.store.save_settings(user, {"palette": "day", "sound": before})
            assert watch.get("/api/settings").json() == {"palette": "day", "sound": now}
        assert watch.put("/api/settings", json={"sound": True}).status_code == 400


def test_a_session_lives_on_without_the_disk(tmp_path, monkeypatch):
    store = Store(tmp_path)
    sessions = Sessions(store)
    Full(store, monkeypatch)
    token, session = sessions.begin("ann", ["pilot"])
    assert sessions.find(token) == session


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_nothing_is_said_to_be_kept_in_a_file_that_is_gone(tmp_path, how):
    store = Store(tmp_path)
    (tmp_path / DATABASE).rename(tmp_path / "elsewhere")
    if how == "replaced":
        Store(tmp_path / "other").close()
        (tmp_path / "other" / DATABASE).rename(tmp_path / DATABASE)
    with pytest.raises(StoreError, match=DATABASE):
        store.save_settings("ann", {"sound": "all"})
    assert store.journal("ann", "1", "command", "hold", {})["id"] < 0


def test_damaged_pages_are_said_in_one_line(tmp_path):
    store = Store(tmp_path)
    for number in range(400):
        store.journal("ann", "1", "command", f"order {number}", {"text": "x" * 200}, "accepted")
    store.close()
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    raw = bytearray((tmp_path / DATABASE).read_bytes())
    for page in range(12, len(raw) // size):
        raw[page * size:page * size + 64] = b"\xff" * 64
    (tmp_path / DATABASE).write_bytes(raw)
    with pytest.raises(LongwatchError, match="malformed") as error:
        store = Store(tmp_path)
        store.entries(limit=1000)
        store.journal("ann", "1", "command", "hold", {}, "accepted")
    assert isinstance(error.value, SetupError | DamagedError | StoreError)
    assert "\n" not in str(error.value) and "move station.sqlite away" in str(error.value)
