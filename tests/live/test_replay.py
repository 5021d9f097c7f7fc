"""A run repeated from its journal: the same Parquet bytes, however wall time cut it."""

import itertools
import json
import math
import random
import subprocess
import sys
import time

import pytest

from longwatch.errors import LogError, LongwatchError, SetupError
from longwatch.live.journal import FORMAT, read_journal
from longwatch.live.replay import replay
from longwatch.live.server import Server
from longwatch.record import schema_digest
from longwatch.records.flight_log import read_log
from longwatch.simulation.vehicle import Vehicle

SETTING = {"count": 2, "seed": 3, "turbulence": "light", "wind": "6@300", "log_rate": 20.0}


def logs(folder):
    return [(folder / f"aircraft-{n}" / "flight.parquet").read_bytes() for n in (1, 2)]


def drive(server, seed):
    """Orders at odd ticks, and batches of every length between."""
    draw = random.Random(seed)
    orders = itertools.cycle([
        (1, "wind", {"speed": 9.3, "direction": math.radians(217.7)}),
        (2, "fault", {"name": "pitot", "channel": 1}),
        (2, "turbulence", {"level": "moderate"}),
        (1, "fault", {"name": "gnss"}),
        (2, "fault_end", {"name": "pitot"}),
        (1, "fault", {"name": "engine"})])
    for _ in range(60):
        server.advance(draw.choice([1, 2, 3, 7, 19, 50, 113]))
        server.wait(0.02 * draw.randrange(3))
        if draw.random() < 0.4:
            system, name, arguments = next(orders)
            server.order(system, name, "test", **arguments)


@pytest.fixture
def flown(tmp_path):
    with Server(**SETTING, out=tmp_path / "live") as server:
        client = server.client()
        drive(server, 11)
        assert client.received  # a client listened in, without a trace
    return tmp_path / "live"


@pytest.mark.compiled_only
def test_a_replay_has_the_same_bytes(flown, tmp_path):
    replay(flown, tmp_path / "again")
    assert logs(flown) == logs(tmp_path / "again")
    # Not for want of anything that could differ: without one of its orders it does.
    text = (flown / "journal.jsonl").read_text().splitlines()
    first = next(i for i, line in enumerate(text) if '"order"' in line)
    (tmp_path / "other.jsonl").write_text("\n".join(text[:first] + text[first + 1:]))
    replay(tmp_path / "other.jsonl", tmp_path / "other")
    assert logs(flown) != logs(tmp_path / "other")


@pytest.mark.compiled_only
def test_the_pace_of_a_replay_leaves_no_trace(flown, tmp_path):
    replay(flown, tmp_path / "paced", speed=500.0)
    assert logs(flown) == logs(tmp_path / "paced")


@pytest.mark.compiled_only
def test_a_cut_journal_repeats_what_it_holds(flown, tmp_path):
    """Cut anywhere, even within a line: the rows up to there are the run's own."""
    raw = (flown / "journal.jsonl").read_bytes()
    whole = [read_log(flown / f"aircraft-{n}" / "flight.parquet") for n in (1, 2)]
    (tmp_path / "cut.jsonl").write_bytes(raw[:len(raw) * 3 // 4])
    journal = read_journal(tmp_path / "cut.jsonl")
    assert not journal.whole and 0 < journal.reached
    replay(tmp_path / "cut.jsonl", tmp_path / "cut")
    for number, log in enumerate(whole, start=1):
        again = read_log(tmp_path / "cut" / f"aircraft-{number}" / "flight.parquet")
        assert again.num_rows == -(-journal.reached // 5)  # 20 Hz of 100, the first at tick 0
        assert again.equals(log.slice(0, again.num_rows))


KILLED = """
import sys
from longwatch.live.server import Server
server = Server(count=2, seed=3, log_rate=20.0, out=sys.argv[1])
for turn in range(10**9):
    server.advance(1 + turn % 13)
    if turn % 7 == 0:
        server.order(1 + turn % 2, "wind", "test", speed=turn % 20 / 3, direction=turn % 60 / 10)
"""


@pytest.mark.compiled_only
def test_a_killed_run_is_repeated(tmp_path):
    """Ended by SIGKILL in the midst of writing: every row that its streams kept comes again."""
    stream = tmp_path / "live" / "aircraft-2" / "flight.arrows"
    with subprocess.Popen([sys.executable, "-c", KILLED, tmp_path / "live"]) as process:
        while not (stream.exists() and stream.stat().st_size > 1_000_000):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    replay(tmp_path / "live", tmp_path / "again")
    for number in (1, 2):
        kept = read_log(tmp_path / "live" / f"aircraft-{number}" / "flight.arrows")
        again = read_log(tmp_path / "again" / f"aircraft-{number}" / "flight.parquet")
        # Orders come oftener than batches of rows: the journal is ahead of the stream.
        assert 300 <= kept.num_rows <= again.num_rows + 20
        rows = min(kept.num_rows, again.num_rows)
        assert again.slice(0, rows).equals(kept.slice(0, rows))


@pytest.mark.parametrize(("text", "told"), [
    ("", "no journal"), ("{}\n", "no journal"), ('{"journal": 1, "record": "x"}\n', "version"),
    ("nonsense\n{}\n", "not JSON")])
def test_what_is_no_journal_is_refused(tmp_path, text, told):
    (tmp_path / "journal.jsonl").write_text(text)
    with pytest.raises(LogError, match=told):
        replay(tmp_path, tmp_path / "again")
    assert not (tmp_path / "again").exists()


HOSTILE = [
    {"setting": {"aircraft": ["tb2"]}}, {"setting": {"mission": 5}}, {"setting": {"wind": [1]}},
    {"setting": {"fuel_kg": "x"}}, {"setting": {"colour": 1}}, {"setting": []},
    {"files": {"../outside": "x"}}, {"files": {"mission": 5}}, {"files": {"mission": "x"}},
    {"setting": {"mission": ".."}, "files": {"mission": "x"}},
    {"setting": {"mission": "a\0b"}, "files": {"mission": "x"}}, {"files": 3},
    {"order": {"tick": math.inf}}, {"order": {"tick": [1]}}, {"order": {"arguments": 7}},
    {"order": {"arguments": {"sender": "x"}}}, {"order": {"arguments": {"level": 10**400}}},
    {"order": {"arguments": {"level": []}}}, {"order": {"order": "nothing"}},
    {"order": {"aircraft": 0, "order": "restore", "arguments": {"number": 9}}},
    {"order": {"aircraft": 0, "order": "snapshot", "arguments": {}}},
    {"order": {"order": "wind", "arguments": {"speed": 10**400, "direction": 0.0}}},
    {"order": {"order": "rally", "arguments": {"points": [[10**400, 0.0, 0.0]]}}},
    {"order": {"order": "fault", "arguments": {"name": "gnss", "simulation": 1}}}]


@pytest.mark.compiled_only
@pytest.mark.parametrize("wrong", HOSTILE, ids=str)
def test_a_journal_that_somebody_made_up_is_refused_with_one_message(tmp_path, wrong):
    header = {"journal": FORMAT, "record": schema_digest(Vehicle), "setting": {}, "files": {}}
    header |= {key: value for key, value in wrong.items() if key in header}
    order = {"tick": 1, "aircraft": 1, "sender": "", "order": "turbulence", "arguments": {}}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "journal.jsonl").write_text("\n".join(map(json.dumps, (
        header, order | wrong.get("order", {"arguments": {"level": "light"}}), {"end": 2}))))
    with pytest.raises(LongwatchError):
        replay(tmp_path / "in", tmp_path / "again")
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.compiled_only
def test_nothing_is_written_over(flown, tmp_path):
    before = logs(flown)
    with pytest.raises(SetupError, match="exists already"):
        replay(flown, flown)
    with pytest.raises(SetupError, match="exists already"):
        Server(out=flown)
    assert logs(flown) == before
