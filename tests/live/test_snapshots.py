"""Going back to an earlier moment of all aircraft: record, services, logs and replay."""

import json

import numpy as np
import pytest
from pymavlink import mavutil

from longwatch.errors import SnapshotError
from longwatch.live.replay import replay
from longwatch.live.server import Server
from longwatch.live.snapshots import MOST
from longwatch.mavlink.dialect import mavlink
from longwatch.records.flight_log import read_log
from longwatch.services.plan_items import MISSION

LATITUDE, LONGITUDE = 0.7185, 0.4871


def mission(server, client, altitude):
    """Upload a mission of one waypoint and a landing nowhere: held at its end."""
    client.send(mavlink.MAVLink_mission_count_message(1, 1, 1, MISSION))
    client.send(mavlink.MAVLink_mission_item_int_message(
        1, 1, 0, 3, 16, 0, 1, 0, 0, 0, float("nan"), round(np.degrees(LATITUDE) * 1e7),
        round(np.degrees(LONGITUDE) * 1e7), altitude, MISSION))
    server.wait(0.1)
    assert client.take("MISSION_ACK")[-1].type == mavlink.MAV_MISSION_ACCEPTED


def records(server):
    return [aircraft.simulation.vehicles[:1].tobytes() for aircraft in server.fleet]


def test_the_same_future_follows_again():
    """Back at the moment the record is the one of then, and from there the same happens again."""
    with Server(count=2, seed=4, turbulence="moderate", wind="7@40") as server:
        server.step(1.0)
        server.snapshot("parked")
        then = records(server)
        server.step(2.0)
        first = records(server)
        server.order(2, "fault", "test", name="gnss")
        server.order(1, "wind", "test", speed=20.0, direction=1.0)
        server.step(1.0)
        server.restore(1)
        assert records(server) == then
        assert server.time == pytest.approx(1.0) and server.tick == 400
        server.step(2.0)
        assert records(server) == first


def test_what_was_aboard_comes_back():
    """Mission, parameter and home of the moment: in the aircraft, and in what clients are told."""
    with Server(seed=2) as server:
        client = server.client()
        server.step(0.5)
        mission(server, client, 500.0)
        before = server[0].simulation.aircraft.datasheet, server[0].simulation.loaded
        server.snapshot("before")
        mission(server, client, 900.0)
        server.order(1, "parameter", "test", name="LIM_BANK_MAX", value=25.0)
        server.order(1, "fault", "test", name="gnss")
        server.step(0.5)
        client.take("PARAM_VALUE")
        server.restore(1)
        assert server[0].simulation.aircraft.datasheet is before[0]
        assert server[0].simulation.loaded is before[1]
        assert server.faults()["in_force"]["1"] == []
        client.send(mavlink.MAVLink_mission_request_int_message(1, 1, 0, MISSION))
        server.wait(0.1)
        assert client.take("MISSION_ITEM_INT")[-1].z == pytest.approx(500.0)
        told = [m.param_id for m in client.take("PARAM_VALUE")]
        assert "LIM_BANK_MAX" in told


def test_telemetry_goes_on_at_once():
    """Streams that fall due by simulated time do not wait until it is back where it was."""
    with Server(seed=2) as server:
        client = server.client()
        server.step(2.0)
        server.snapshot()
        server.step(30.0)
        server.restore(1)
        client.take("ATTITUDE")
        server.step(1.0)
        told = client.take("ATTITUDE")
        assert 8 <= len(told) <= 12  # 10 Hz
        assert told[-1].time_boot_ms < 4000


def test_a_client_that_came_later_is_heard():
    """Presence is a fact of now: the radio of then heard nobody, but this client is here."""
    with Server(seed=2) as server:
        server.step(0.5)
        server.snapshot()
        server.client().send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
        server.step(0.5)
        assert server[0].simulation.state.autopilot.crew.present
        server.restore(1)
        assert server[0].simulation.state.autopilot.crew.present


@pytest.mark.compiled_only
def test_a_replay_goes_back_as_well(tmp_path):
    """Through two restores to the same bytes of every log; no log's time runs backwards."""
    with Server(count=2, seed=3, turbulence="light", wind="6@300", log_rate=20.0,
                out=tmp_path / "live") as server:
        client = server.client()
        server.step(1.0)
        server.snapshot("one")
        mission(server, client, 700.0)
        server.order(1, "fault", "test", name="pitot", channel=1)
        server.step(1.5)
        server.snapshot("two")
        server.restore(1)
        server.step(0.7)
        server.order(2, "wind", "test", speed=9.3, direction=3.0)
        server.step(1.0)
        server.forget(1)
        server.restore(2)
        server.step(0.5)
    again = replay(tmp_path / "live", tmp_path / "again")
    names = [path.relative_to(tmp_path / "again").as_posix() for path in again]
    assert names == [f"aircraft-{n}{take}/flight.parquet" for n in (1, 2)
                     for take in ("", "-2", "-3")]
    for name in names:
        assert (tmp_path / "live" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    spans = []
    for take in ("", "-2", "-3"):
        time = read_log(tmp_path / f"live/aircraft-1{take}/flight.parquet")[
            "clock.time"].to_numpy()
        assert np.all(np.diff(time) > 0.0)
        spans += [time[0], time[-1]]
    # 20 Hz: from the start to 2.5 s; from 1 s for 1.7 s; from 2.5 s for 0.5 s.
    assert spans == pytest.approx([0.0, 2.45, 1.0, 2.65, 2.5, 2.95], abs=0.051)
    entries = [json.loads(line) for line in (tmp_path / "live/journal.jsonl").open()]
    told = [(e["order"], e["tick"]) for e in entries if e.get("aircraft") == 0]
    assert told == [("snapshot", 100), ("snapshot", 250), ("restore", 250), ("forget", 420),
                    ("restore", 420)]


@pytest.mark.compiled_only
def test_each_telemetry_log_has_one_direction_of_time(tmp_path):
    """pymavlink reads both files, and in each the stamps rise; the second begins earlier."""
    with Server(seed=3, out=tmp_path / "live") as server:
        server.client()
        server.step(1.0)
        server.snapshot()
        server.step(4.0)
        server.restore(1)
        server.step(1.0)
    ends = []
    for name in ("flight.tlog", "flight-2.tlog"):
        log = mavutil.mavlink_connection(str(tmp_path / "live" / name))
        stamps = []
        while (message := log.recv_match()) is not None:
            stamps.append(message._timestamp)
        assert len(stamps) > 20 and stamps == sorted(stamps)
        ends.append((stamps[0], stamps[-1]))
    assert ends[1][0] == pytest.approx(ends[0][0] + 1.0, abs=0.1)


def test_the_oldest_makes_room_and_what_is_not_there_is_told():
    with Server(seed=2) as server:
        for number in range(1, MOST + 1):
            assert server.snapshot(f"n{number}")["dropped"] is None
        assert server.snapshot("more")["dropped"] == 1
        assert [s["number"] for s in server.snapshots.listed()] == list(range(2, MOST + 2))
        with pytest.raises(SnapshotError, match="snapshot 1: there is none"):
            server.restore(1)
        with pytest.raises(SnapshotError, match="at most 100 characters"):
            server.snapshot("x" * 101)
        assert set(server[0].checkpoints) == set(range(2, MOST + 2))
