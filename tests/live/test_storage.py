"""Control outlives storage: whatever becomes of the disk, orders are carried out and it flies."""

import errno
import json
import os
import shutil
import stat

import pytest

from longwatch.errors import LogError
from longwatch.live.journal import read_journal
from longwatch.live.replay import replay
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def disk(monkeypatch):
    """A disk that is full, read-only, or out of descriptors while ``disk.error`` is set."""
    class Disk:
        error = 0

    real_write, real_open = os.write, os.open

    def write(descriptor, data):
        if Disk.error == errno.ENOSPC and stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(Disk.error, os.strerror(Disk.error))
        return real_write(descriptor, data)

    def opened(path, flags, *rest, **options):
        if Disk.error and flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(Disk.error, os.strerror(Disk.error))
        return real_open(path, flags, *rest, **options)

    monkeypatch.setattr(os, "write", write)
    monkeypatch.setattr(os, "open", opened)
    return Disk


def run(path, **options):
    return Server(seed=2, out=path / "live", log_rate=100.0, **options)


def texts(client):
    return [m.text for m in client.take("STATUSTEXT")]


def test_orders_are_carried_out_and_kept_once_there_is_room(tmp_path, disk):
    with run(tmp_path) as server:
        client = server.client()
        server.step(1.5)
        disk.error = errno.ENOSPC
        server.order(1, "arm", "test")
        server.order(1, "turbulence", "test", level="light")
        server.step(4.0)
        assert server.states()[0]["armed"]
        told = server.storage()
        assert not told["kept"] and "No space left" in told["faults"][0]
        assert any("not kept, but flown on" in text for text in texts(client))
        server.order(1, "disarm", "test")
        server.step(0.5)
        disk.error = 0
        server.step(5.0)
        assert server.storage() == {"kept": True, "faults": [], "lost": {"rows": 0, "packets": 0}}
        assert any("everything is kept again" in text for text in texts(client))
    orders = [(order.name, order.tick) for order in read_journal(tmp_path / "live").orders]
    assert orders == [("arm", 150), ("turbulence", 150), ("disarm", 550)]
    events = [json.loads(line) for line in
              (tmp_path / "live" / "aircraft-1" / "events.jsonl").read_text().splitlines()]
    assert ["not kept" in e["message"] for e in events if e["event"] == "log"] == [True, False]
    # Nothing is missing from the log: the journal repeats it to the byte.
    replay(tmp_path / "live", tmp_path / "again")
    name = "aircraft-1/flight.parquet"
    assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "live" / name).read_bytes()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
def test_going_back_in_time_needs_no_disk(tmp_path, disk, error):
    with run(tmp_path) as server:
        server.step(0.5)
        server.snapshot()
        server.step(1.0)
        disk.error = error
        server.restore(1)
        server.step(1.5)
        assert server.time == pytest.approx(2.0)
        assert not server.storage()["kept"]
        server.order(1, "arm", "test")
        assert server.states()[0]["armed"]
        disk.error = 0
        server.step(1.5)
        assert server.storage()["kept"] and server.storage()["lost"]["rows"] > 0
        assert (tmp_path / "live" / "aircraft-1-2" / "events.jsonl").exists()


def test_rows_beyond_what_memory_holds_are_lost_and_counted(tmp_path, disk, monkeypatch):
    monkeypatch.setattr("longwatch.live.recording.MOST_HELD", 0)
    with run(tmp_path) as server:
        server.step(0.1)
        disk.error = errno.ENOSPC
        server.step(7.0)
        disk.error = 0
        server.step(0.1)
        lost = server.storage()["lost"]["rows"]
        assert 0 < lost < 720
    from longwatch.records.flight_log import read_log
    table = read_log(tmp_path / "live" / "aircraft-1" / "flight.parquet", ["clock.time"])
    assert table.num_rows == 720 - lost


def test_a_folder_that_is_removed_is_told_and_ends_with_one_message(tmp_path):
    server = run(tmp_path, state=tmp_path / "state")
    client = server.client()
    server.step(1.5)
    shutil.rmtree(tmp_path / "live")
    server.order(1, "arm", "test")
    server.step(1.5)
    assert server.states()[0]["armed"]
    assert "this folder was removed" in server.storage()["faults"][0]
    assert "this folder was removed" in "".join(texts(client))  # in chunks of 50
    with pytest.raises(LogError, match="this folder was removed"):
        server.close()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
def test_what_cannot_be_kept_is_flown_said_and_kept_later(tmp_path, monkeypatch, error):
    state = tmp_path / "state"
    with Server(seed=2, state=state) as server:
        client = server.client()
        server.step(1.5)

        def full(descriptor):
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr(os, "fsync", full)
        client.send(mavlink.MAVLink_param_set_message(1, 1, b"LIM_BANK_MAX", 27.0, 9))
        assert client.take("PARAM_VALUE")[-1].param_value == 27.0
        assert any("not kept for a restart" in text for text in texts(client))
        client.send(mavlink.MAVLink_mission_count_message(1, 1, 1, 2))
        client.send(mavlink.MAVLink_mission_item_int_message(
            1, 1, 0, 0, 5100, 0, 1, 0, 0, 0, 0, 411300000, 279000000, 500, 2))
        assert client.take("MISSION_ACK")[-1].type == mavlink.MAV_MISSION_ACCEPTED
        assert "the rally is not kept for a restart" in "".join(texts(client))
        assert len(server[0].simulation.loaded.rally) == 1 and not list(state.rglob("*.json"))
        monkeypatch.undo()
        server.wait(6.0)
        told = texts(client)
        assert "parameters are kept now" in told and "the rally is kept now" in told
    with Server(seed=2, state=state) as server:
        assert len(server[0].simulation.loaded.rally) == 1
        assert '"LIM_BANK_MAX": 27.0' in next(state.rglob("parameters.json")).read_text()
