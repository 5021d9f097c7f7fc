"""What was acknowledged is there after a kill; no database is half migrated or misread."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.migration import MigrationContext

from longwatch.errors import SetupError
from longwatch.station.store import DATABASE, OldVersion, Store, database
from longwatch.station.store.models import metadata
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.vehicle import Vehicle

WRITER = """
import sys
from pathlib import Path
from longwatch.station.store import Store
store = Store(Path(sys.argv[1]))
mission = None
for count in range(10_000):
    entry = store.journal("ann", "1", "command", "hold", {"count": count})
    print("begun", entry["id"], count, flush=True)
    if count % 2:
        store.finish(entry["id"], "accepted", "done")
        print("ended", entry["id"], count, flush=True)
    kept = store.save_mission(f"m{count}", {"mission": {"items": [1] * count}}, "ann")
    print("saved", kept["id"], count, flush=True)
"""


def test_a_killed_station_has_lost_no_acknowledged_command_or_mission(tmp_path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)],
                              stdout=subprocess.PIPE, text=True)
    told = [next(writer.stdout).split() for _ in range(40)]
    writer.send_signal(signal.SIGKILL)
    told += [line.split() for line in writer.stdout if line.count(" ") == 2 and line[-1] == "\n"]
    writer.wait()
    store = Store(tmp_path)
    entries = {entry["id"]: entry for entry in store.entries(limit=1000)}
    ended = {int(number) for what, number, _ in told if what == "ended"}
    for what, number, count in told:
        if what == "saved":
            kept = store.mission(number)
            assert (kept["name"], kept["items"]) == (f"m{count}", int(count))
        else:
            assert entries[int(number)]["arguments"] == {"count": int(count)}
    assert {entries[number]["result"] for number in ended} == {"accepted"}
    # The last one written may have been finished without a word of it having come through.
    open_ones = {int(n) for what, n, count in told if what == "begun" and int(count) % 2 == 0}
    assert {entries[number]["result"] for number in open_ones} == {"unknown"}
    store.close()


def test_the_disk_has_it_before_a_call_returns(tmp_path):
    store = Store(tmp_path)
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    store.close()


def test_only_its_owner_reads_the_database(tmp_path):
    store = Store(tmp_path / "new")
    for file in (tmp_path / "new").glob(f"{DATABASE}*"):
        assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    store.close()


def test_migrations_make_the_tables_that_the_code_has(tmp_path):
    store = Store(tmp_path)
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path):
    Store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '0999'")
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(SetupError, match=r"newer Longwatch.*0999"):
        Store(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all" * 99, b"\0" * 4096])
def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(SetupError, match="move it away"):
        Store(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == content


def test_another_programs_database_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / DATABASE)) as raw:
        raw.execute("CREATE TABLE notes (text)")
    with pytest.raises(SetupError, match="no database of a station"):
        Store(tmp_path)


NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0004", "0003"
def upgrade():
    op.add_column("missions", sa.Column("colour", sa.Text))
    {more}
"""


@pytest.fixture
def with_next(tmp_path, monkeypatch):
    """Let the code have one migration more."""
    def make(more):
        folder = tmp_path / "migrations"
        shutil.copytree(Path(database.__file__).parent / "migrations", folder)
        (folder / "versions" / "v0004_next.py").write_text(NEXT.format(more=more))
        settings = database.scripts()
        settings.set_main_option("script_location", str(folder))
        monkeypatch.setattr(database, "scripts", lambda: settings)
    return make


def _columns(path):
    with closing(sqlite3.connect(path)) as raw:
        return {row[1] for row in raw.execute("PRAGMA table_info(missions)")}


def test_the_old_file_is_kept_before_a_migration(tmp_path, with_next):
    store = Store(tmp_path / "s")
    store.save_mission("watch", {}, "ann")
    store.close()
    with_next("pass")
    Store(tmp_path / "s").close()
    old = tmp_path / "s" / f"{DATABASE}.before-0004"
    assert "colour" in _columns(tmp_path / "s" / DATABASE)
    assert "colour" not in _columns(old)
    with closing(sqlite3.connect(old)) as raw:
        assert raw.execute("SELECT name FROM missions").fetchall() == [("watch",)]


def test_what_an_older_version_put_on_record_has_no_name_of_the_time(tmp_path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(database.command, "upgrade", lambda settings, _: upgrade(settings, "0001"))
        older.setattr(Store, "_write", lambda *_: None)
        Store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as raw, raw:
        raw.execute("INSERT INTO journal (time_s, user, vehicle, kind, name, arguments, text) "
                    "VALUES (1.0, 'ann', '1', 'command', 'hold', '{}', '')")
    store = Store(tmp_path)
    entry = store.entries()[0]
    assert (entry["name"], entry["vehicle_name"], entry["vehicle_time_s"]) == ("hold", None, None)
    store.close()


def test_an_entry_keeps_the_name_and_the_clock_that_the_vehicle_had(tmp_path):
    store = Store(tmp_path)
    fleet = Fleet()
    store.about = fleet.about
    vehicle = Vehicle("1", 1, name="north")
    fleet._vehicles["1"] = vehicle
    vehicle.set("time_utc_s", 1.7e9)
    number = store.journal("ann", "1", "command", "hold", {})["id"]
    vehicle._given = "south"
    store.journal("ann", "9", "simulation", "aircraft/9/wind", {})
    store.finish(number, "accepted")
    kept = [(entry["vehicle_name"], entry["vehicle_time_s"]) for entry in store.entries()]
    assert kept == [(None, None), ("north", 1.7e9)]
    store.close()


def test_a_migration_that_fails_changes_nothing(tmp_path, with_next):
    Store(tmp_path / "s").close()
    with_next("op.execute('SELECT * FROM nowhere')")
    with pytest.raises(SetupError, match="cannot be used"):
        Store(tmp_path / "s")
    assert "colour" not in _columns(tmp_path / "s" / DATABASE)


def test_one_station_has_a_folder_at_a_time(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(SetupError, match="another station"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def test_the_second_to_save_a_version_is_told_who_was_first(tmp_path):
    store = Store(tmp_path)
    mission = store.save_mission("watch", {"a": 1}, "ann")
    assert store.save_mission("watch", {"a": 2}, "ann", mission["id"], 1)["version"] == 2
    with pytest.raises(OldVersion, match="ann saved version 2") as refusal:
        store.save_mission("watch", {"a": 3}, "bob", mission["id"], 1)
    assert refusal.value.status == 409
    assert store.mission(mission["id"])["document"] == {"a": 2}
    assert store.save_mission("watch", {}, "bob", 4711, 1) is None
    assert store.delete_mission(mission["id"])
    assert store.missions() == []
    store.close()


def test_entries_come_newest_first_by_page_and_vehicle(tmp_path):
    store = Store(tmp_path)
    for count in range(10):
        store.journal("ann", "12"[count % 2], "command", "hold", {"count": count}, "accepted")
    counts = [entry["arguments"]["count"] for entry in store.entries(limit=3)]
    assert counts == [9, 8, 7]
    last = store.entries(limit=3)[-1]["id"]
    assert [e["arguments"]["count"] for e in store.entries(last, 2)] == [6, 5]
    assert [e["arguments"]["count"] for e in store.entries(vehicle="1")] == [8, 6, 4, 2, 0]
    store.close()


def test_whoever_listens_hears_an_entry_begin_and_end(tmp_path):
    store, heard = Store(tmp_path), []
    store.on_entry = heard.append
    number = store.journal("ann", "1", "command", "hold", {})["id"]
    store.finish(number, "denied", "not armed")
    assert [(e["id"], e["result"], e["text"]) for e in heard] == [
        (number, None, ""), (number, "denied", "not armed")]
    store.close()
