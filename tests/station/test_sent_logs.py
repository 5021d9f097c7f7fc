"""Flight logs that somebody sends: read apart, within bounds, and refused in words."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longwatch.errors import LogError
from longwatch.station.refusal import Refusal
from longwatch.station.replay import clean_worker, replays
from longwatch.station.replay.flight_source import PLACES
from longwatch.station.replay.replays import Replays

TIME = "clock.time"


def table(rows=50, **others):
    columns = {TIME: np.arange(rows) / 10.0, **{name: np.full(rows, 0.7) for name in PLACES}}
    return pa.table({**columns, **others})


def parquet(path, made, **options):
    pq.write_table(made, path, **options)
    return path


def cleaned(source, target):
    """The worker's exit status and what it says, as the station runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "longwatch.station.replay.clean_worker", str(source), str(target)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(
            Path(clean_worker.__file__).parents[3])})
    return done.returncode, done.stdout


def test_a_log_keeps_what_is_shown_and_nothing_else(tmp_path):
    source = parquet(tmp_path / "in", table(more=np.zeros(50), **{
        "mass.fuel_mass": np.linspace(90.0, 80.0, 50)}))
    assert cleaned(source, tmp_path / "out") == (0, "")
    found = pq.read_table(tmp_path / "out")
    assert set(found.column_names) == {TIME, *PLACES, "mass.fuel_mass"}
    assert found.column("mass.fuel_mass").to_pylist()[-1] == 80.0


@pytest.mark.parametrize("made", [
    table(**{"mass.fuel_mass": [["x"] * 9] * 50}),
    table(**{"mass.fuel_mass": ["x" * 1000] * 50}),
    table(**{"mass.fuel_mass": pa.array(["a"] * 50).dictionary_encode()}),
    pa.table({TIME: [0.0]}), pa.table({"a": [1]})], ids=["lists", "texts", "dictionary", "few",
                                                        "another's"])
def test_what_is_no_flight_log_is_refused_in_one_line(tmp_path, made):
    status, said = cleaned(parquet(tmp_path / "in", made), tmp_path / "out")
    assert status == 1
    assert said.count("\n") == 1 and "Traceback" not in said


@pytest.mark.parametrize("seed", range(4))
def test_garbled_files_are_refused_in_one_line(tmp_path, seed):
    rng = np.random.default_rng(seed)
    source = parquet(tmp_path / "in", table(2000), compression="zstd")
    raw = bytearray(source.read_bytes())
    for at in rng.integers(4, len(raw) - 8, 40):
        raw[at] = rng.integers(0, 256)
    source.write_bytes(raw)
    status, said = cleaned(source, tmp_path / "out")
    assert status in (0, 1)  # some damage leaves numbers that can be read
    assert said.count("\n") == status and "Traceback" not in said


def test_rows_without_end_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(clean_worker, "MOST_ROWS", 100)
    with pytest.raises(LogError, match="101 rows"):
        clean_worker.clean(parquet(tmp_path / "in", table(101)), tmp_path / "out")


def test_memory_is_bounded_by_the_system(tmp_path):
    """A page that unfolds into more than there is to be had: an error of one line, no kill."""
    source = parquet(tmp_path / "in", table(6_000_000), compression="zstd", use_dictionary=False,
                     data_page_size=2**30, row_group_size=10_000_000)
    done = subprocess.run(
        [sys.executable, "-c",
         "import sys; from longwatch.station.replay import clean_worker as w; "
         "vm = int(open('/proc/self/statm').read().split()[0]) * 4096; "
         "w.MEMORY = vm + 20_000_000; sys.exit(w.main())", str(source), str(tmp_path / "out")],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(
            Path(clean_worker.__file__).parents[3])})
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1 and "Traceback" not in done.stderr


def test_time_is_bounded_by_the_system(tmp_path):
    """What spins the reader is ended by the system, whatever the station does meanwhile."""
    done = subprocess.run(
        [sys.executable, "-c",
         "import itertools, sys; from longwatch.station.replay import clean_worker as w; "
         "w.PROCESSOR_S = 4; w.clean = lambda *_: all(itertools.count(1)); sys.exit(w.main())",
         "in", "out"], capture_output=True, timeout=300, env={**os.environ, "PYTHONPATH": str(
             Path(clean_worker.__file__).parents[3])})
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


async def _parts(*parts, forever=False):
    for part in parts:
        yield part
    if forever:
        await asyncio.Event().wait()


@pytest.fixture
def shown(tmp_path):
    fleet = SimpleNamespace(adopt=lambda v: None, release=lambda v: None, publish=lambda m: None)
    return Replays(SimpleNamespace(logs=(), folder=tmp_path), fleet)


def test_an_upload_that_does_not_end_is_given_up(shown, monkeypatch, tmp_path):
    monkeypatch.setattr(replays, "UPLOAD_S", 0.05)
    with pytest.raises(Refusal, match="did not come") as refused:
        asyncio.run(asyncio.wait_for(
            shown.open_upload("slow", _parts(b"PAR1", forever=True)), 20.0))
    assert refused.value.status == 408
    assert list((tmp_path / "uploads").iterdir()) == []


def test_uploads_at_a_time_are_few(shown, tmp_path):
    async def run():
        held = [asyncio.create_task(shown.open_upload("slow", _parts(b"x", forever=True)))
                for _ in range(replays.MOST_UPLOADS)]
        await asyncio.sleep(0.05)
        with pytest.raises(Refusal) as refused:
            await shown.open_upload("one more", _parts(b"x"))
        for each in held:
            each.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        return refused.value.status

    assert asyncio.run(run()) == 429
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_flight_log_is_read_apart_before_it_is_shown(shown, tmp_path):
    lists = parquet(tmp_path / "in", table(**{"mass.fuel_mass": [["x"] * 9] * 50}))
    with pytest.raises(Refusal, match="mass.fuel_mass holds no plain numbers"):
        asyncio.run(shown.open_upload("theirs", _parts(lists.read_bytes())))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_reading_that_does_not_end_is_given_up(shown, monkeypatch, tmp_path):
    monkeypatch.setattr(replays, "CLEANING_S", 0.01)
    source = parquet(tmp_path / "in", table())
    with pytest.raises(Refusal, match="takes more than"):
        asyncio.run(shown.open_upload("theirs", _parts(source.read_bytes())))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_hostile_file_is_refused_and_leaves_nothing(shown, tmp_path):
    with pytest.raises(Refusal, match=r"^theirs: "):
        asyncio.run(shown.open_upload("theirs", _parts(b"PAR1", bytes(1000), b"PAR1")))
    assert list((tmp_path / "uploads").iterdir()) == []
