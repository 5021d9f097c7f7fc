"""A reset in a run that is kept: each log is of one flight, and both know of it."""

import json

import pytest

from longwatch.live.replay import replay
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.records.flight_log import read_log

pytestmark = pytest.mark.compiled_only
REBOOT = mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN


def events(folder):
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two aircraft, the first in the air: all are rebooted by a client, then it is reset."""
    out = tmp_path_factory.mktemp("reset") / "run"
    with Server(count=2, fuel_kg=60.0, wind="0@0", out=out) as server:
        server.step(2.0)
        server.order(1, "arm", "crew")
        server.order(1, "take_off", "crew", altitude_msl=400.0)
        server.step(60.0)
        client = server.client(250)
        client.send(mavlink.MAVLink_command_long_message(0, 0, REBOOT, 0, 1, 0, 0, 0, 0, 0, 0))
        answers = {m.get_srcSystem(): m.result for m in client.take("COMMAND_ACK")}
        flying = bool(server[0].simulation.state.status.airborne)
        server.order(1, "reset", "instructor")
        client.take()
        server.step(3.0)
        texts = [m.text for m in client.take("STATUSTEXT") if m.get_srcSystem() == 1]
    return out, answers, flying, texts


def test_a_client_puts_back_those_that_stand_and_no_other(run):
    _, answers, flying, _ = run
    assert answers == {1: mavlink.MAV_RESULT_TEMPORARILY_REJECTED, 2: mavlink.MAV_RESULT_ACCEPTED}
    assert flying


def test_the_log_of_the_flight_ends_with_the_reset_and_tells_what_was_flown(run):
    out, *_ = run
    told, happened = summary(out / "aircraft-1"), events(out / "aircraft-1")
    assert happened[-1]["event"] == "reset" and happened[-1]["time"] == pytest.approx(62.0)
    lift_off = next(e["time"] for e in happened if e["event"] == "lift_off")
    assert told["outcome"] == "reset"
    assert told["airborne_s"] == pytest.approx(62.0 - lift_off, abs=1.5)
    # Off the ground at 25 m/s or more.
    assert told["distance_km"] > 0.025 * (62.0 - lift_off) and told["fuel_used_kg"] > 0.05
    assert read_log(out / "aircraft-1" / "flight.parquet")["clock.time"][-1].as_py() < 62.0


def test_the_next_log_begins_with_it_and_is_of_an_aircraft_that_stood(run):
    out, *_ = run
    told, happened = summary(out / "aircraft-1-2"), events(out / "aircraft-1-2")
    assert happened[0]["event"] == "reset"
    assert not any(e["event"] == "lift_off" for e in happened)
    assert (told["airborne_s"], told["distance_km"] < 0.001) == (0.0, True)
    assert told["fuel_used_kg"] == pytest.approx(0.0, abs=0.01)


def test_everybody_is_told_and_the_journal_and_the_telemetry_log_have_it(run):
    out, _, _, texts = run
    assert any("parked anew where it began" in text for text in texts)
    orders = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
    assert any(o.get("order") == "reset" and o.get("sender") == "instructor" for o in orders)
    assert b"parked anew where it began" in (out / "flight.tlog").read_bytes()


def test_the_journal_repeats_it_to_the_same_logs(run, tmp_path):
    out, *_ = run
    replay(out / "journal.jsonl", tmp_path / "again")
    for folder in ("aircraft-1", "aircraft-1-2", "aircraft-2", "aircraft-2-2"):
        for name in ("flight.parquet", "events.jsonl"):
            assert (tmp_path / "again" / folder / name).read_bytes() == (
                out / folder / name).read_bytes()
