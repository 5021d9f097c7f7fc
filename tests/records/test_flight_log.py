"""The log against what was appended, read by pyarrow alone, whole and cut at every byte."""

import errno
import os
import resource
import subprocess
import sys
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longwatch.errors import LogError
from longwatch.record import leaves
from longwatch.records.flight_log import (
    LogWriter,
    is_interrupted,
    log_metadata,
    read_log,
    to_parquet,
)

METADATA = {"aircraft": "tb2", "seed": 7, "mission": "Çorlu"}


def written(path, vehicle, rows, size=100, complete=True):
    writer = LogWriter(path, vehicle, metadata=METADATA)
    for first in range(0, len(rows), size):
        writer.append(rows[first:first + size])
    writer.close(complete=complete)
    return path


@pytest.fixture
def stream(tmp_path, vehicle, flown):
    return written(tmp_path / "flight.arrows", vehicle, flown[0])


def test_pyarrow_alone_reads_the_stream(stream, vehicle, flown):
    with stream.open("rb") as file:
        table = pa.ipc.open_stream(file).read_all()
    rows = flown[0]
    assert table.num_rows == len(rows)
    np.testing.assert_array_equal(table["flight.latitude"], rows["flight"]["latitude"])
    np.testing.assert_array_equal(table["clock.time"], rows["clock"]["time"])
    np.testing.assert_array_equal(table["engines_0.running"], rows["engines"]["running"][:, 0])
    np.testing.assert_array_equal(
        table["flight.roll"], rows["flight"]["roll"].astype(np.float32))
    assert table.schema.field("clock.tick").type == pa.int32()
    assert table.schema.field("engines_0.running").type == pa.bool_()
    assert table.schema.field("flight.longitude").type == pa.float64()
    assert table.schema.field("flight.roll").type == pa.float32()
    assert not any("scratch" in name for name in table.column_names)


def test_parquet_holds_every_column_with_unit_and_meaning(stream, vehicle, flown):
    target = stream.with_suffix(".parquet")
    to_parquet(stream, target)
    table = pq.read_table(target)
    declared = list(leaves(vehicle, logged_only=True))
    assert table.column_names == [leaf.path for leaf in declared]
    for leaf in declared:
        metadata = table.schema.field(leaf.path).metadata
        assert metadata[b"unit"].decode() == leaf.unit
        assert metadata[b"meaning"].decode() == leaf.meaning
        expected = leaf.of(flown[0])
        got = table[leaf.path].to_numpy()
        np.testing.assert_array_equal(got, expected.astype(got.dtype))
    assert log_metadata(table.schema) == METADATA
    assert not is_interrupted(read_log(target))
    assert list(target.parent.glob("*.part")) == []


def test_parquet_bytes_do_not_depend_on_how_the_rows_came(tmp_path, vehicle, flown):
    files = []
    for size in (1, 37, 100_000):
        rows = flown[0][:3000]
        stream = written(tmp_path / f"{size}.arrows", vehicle, rows, size)
        to_parquet(stream, tmp_path / f"{size}.parquet")
        files.append((tmp_path / f"{size}.parquet").read_bytes())
    assert files[0] == files[1] == files[2]


def test_row_groups_are_cut_by_simulated_time(stream):
    target = stream.with_suffix(".parquet")
    to_parquet(stream, target, row_group_seconds=600.0)
    file = pq.ParquetFile(target)
    for group in range(file.num_row_groups):
        time = file.read_row_group(group, ["clock.time"])["clock.time"].to_numpy()
        assert time[0] == 600.0 * group and time[-1] < 600.0 * (group + 1)


def test_cut_at_every_byte(tmp_path, vehicle, flown):
    rows = flown[0][:60]
    path = written(tmp_path / "whole.arrows", vehicle, rows, 20)
    whole = path.read_bytes()
    ends = [0]
    writer = LogWriter(tmp_path / "again.arrows", vehicle, metadata=METADATA)
    ends = [writer.position.size]
    for first in (0, 20, 40):
        writer.append(rows[first:first + 20])
        ends.append(writer.position.size)
    writer.close()
    cut = tmp_path / "cut.arrows"
    # Every byte near a boundary of messages, and a stride that meets all alignments between.
    near = {e + d for e in ends for d in range(-70, 71)} | set(range(0, len(whole), 37))
    for length in sorted(n for n in near if 0 <= n <= len(whole)):
        cut.write_bytes(whole[:length])
        if length < ends[0]:
            with pytest.raises(LogError, match="holds no flight log"):
                read_log(cut)
            continue
        table = read_log(cut)
        assert table.num_rows == 20 * sum(length >= end for end in ends[1:])
        assert is_interrupted(table) == (length < len(whole))
        np.testing.assert_array_equal(
            table["clock.time"], rows["clock"]["time"][:table.num_rows])


def test_zeros_after_the_cut_are_no_end_mark(stream):
    """A file system may leave a hole of zeros after a power cut; Arrow's old end mark is 0."""
    with stream.open("r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(bytes(8))
    assert is_interrupted(read_log(stream))


def test_a_killed_process_leaves_its_batches(tmp_path, vehicle):
    script = textwrap.dedent("""
        import os, signal, sys
        import numpy as np
        from longwatch.record import f8, field, record
        from longwatch.records.flight_log import LogWriter

        @record
        class Clock:
            time: f8 = field("s", "simulated time")

        rows = Clock.zeros(10)
        writer = LogWriter(sys.argv[1], Clock, metadata={})
        for _ in range(5):
            writer.append(rows)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    path = tmp_path / "killed.arrows"
    subprocess.run([sys.executable, "-c", script, str(path)], check=False,
                   env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    table = read_log(path)
    assert table.num_rows == 50 and is_interrupted(table)


def test_interrupted_stream_converts_and_says_so(tmp_path, vehicle, flown):
    path = written(tmp_path / "f.arrows", vehicle, flown[0][:50], complete=False)
    to_parquet(path, tmp_path / "f.parquet")
    table = read_log(tmp_path / "f.parquet")
    assert is_interrupted(table) and table.num_rows == 50


def test_no_rows_at_all(tmp_path, vehicle):
    path = written(tmp_path / "f.arrows", vehicle, vehicle.zeros(0))
    to_parquet(path, tmp_path / "f.parquet")
    assert read_log(path).num_rows == read_log(tmp_path / "f.parquet").num_rows == 0


@pytest.mark.parametrize("room", [5_000, 50_000, 100_001])
def test_full_disk_leaves_whole_batches(tmp_path, vehicle, flown, room):
    path = tmp_path / "f.arrows"
    writer = LogWriter(path, vehicle, metadata=METADATA)
    start = writer.position.size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (start + room, limits[1]))
    try:
        with pytest.raises(LogError, match=r"f\.arrows: .*rows written until then"):
            for first in range(0, 10_000, 40):
                writer.append(flown[0][first:first + 40])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.stat().st_size == writer.position.size
    table = read_log(path)
    assert is_interrupted(table) and table.num_rows == writer.position.rows
    writer.close()  # ends nothing: what is on the disk stays marked as interrupted
    assert is_interrupted(read_log(path))


def test_full_disk_is_named(tmp_path, vehicle, flown, monkeypatch):
    writer = LogWriter(tmp_path / "f.arrows", vehicle, metadata=METADATA)
    writer.append(flown[0][:10])
    real = os.write
    calls = []

    def full(descriptor, data):
        if calls:
            raise OSError(errno.ENOSPC, "No space left on device")
        calls.append(real(descriptor, data[:1000]))
        return calls[0]

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LogError, match="the disk is full; free some space"):
        writer.append(flown[0][:10])
    monkeypatch.undo()
    assert read_log(tmp_path / "f.arrows").num_rows == 10


def test_full_disk_while_converting_leaves_no_parquet(stream):
    target = stream.with_suffix(".parquet")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(LogError, match=r"flight\.arrows"):
            to_parquet(stream, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [p.name for p in stream.parent.iterdir()] == ["flight.arrows"]


def test_resumed_stream_equals_the_unbroken_one(tmp_path, vehicle, flown):
    rows = flown[0][:100]
    unbroken = written(tmp_path / "a.arrows", vehicle, rows, 20)
    writer = LogWriter(tmp_path / "b.arrows", vehicle, metadata=METADATA)
    for first in (0, 20):
        writer.append(rows[first:first + 20])
    position = writer.position
    writer.append(rows[90:])
    writer.close(complete=False)
    with LogWriter.resume(tmp_path / "b.arrows", vehicle, position) as writer:
        for first in (40, 60, 80):
            writer.append(rows[first:first + 20])
    assert (tmp_path / "b.arrows").read_bytes() == unbroken.read_bytes()


def test_faults_name_the_file_and_the_remedy(tmp_path, vehicle):
    with pytest.raises(LogError, match=r"none\.parquet: no such log; name"):
        read_log(tmp_path / "none.parquet")
    for content in (b"", b"PAR1rubbish", b"not a log at all, however long it may be", bytes(64)):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(LogError, match=r"bad: .*fly again"):
            read_log(tmp_path / "bad")
    with pytest.raises(LogError, match="exists already"):
        LogWriter(tmp_path / "bad", vehicle, metadata={})
    with pytest.raises(LogError, match="cannot be written"):
        LogWriter(tmp_path / "no" / "folder", vehicle, metadata={})
    with pytest.raises(LogError, match="cannot be read"):
        read_log(tmp_path)


@pytest.mark.parametrize("garbled", [
    lambda raw: raw.replace(b"clock.time", b"clock.\xb4ime"),
    lambda raw: raw.replace(b'"seed"', b'"see\xff"'),
    lambda raw: raw.replace(b'{"', b"[(", 1)])
def test_a_stream_whose_head_is_garbled_is_refused(tmp_path, vehicle, flown, garbled):
    path = tmp_path / "f.arrows"
    with LogWriter(path, vehicle, metadata={"seed": 1}) as writer:
        writer.append(flown[0][:10])
    raw = path.read_bytes()
    path.write_bytes(garbled(raw))
    assert path.read_bytes() != raw
    with pytest.raises(LogError, match="holds no flight log"):
        read_log(path)
    with pytest.raises(LogError, match="holds no flight log"):
        to_parquet(path, tmp_path / "f.parquet")


def test_rows_that_did_not_fit_may_be_appended_again(tmp_path, vehicle, flown, monkeypatch):
    path, rows = tmp_path / "f.arrows", flown[0][:30]
    with LogWriter(path, vehicle, metadata=METADATA) as writer:
        writer.append(rows[:10])
        real = os.write

        def short(descriptor, data):
            if len(data) < 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(descriptor, data[:len(data) // 2])

        monkeypatch.setattr(os, "write", short)
        with pytest.raises(LogError, match="the disk is full"):
            writer.append(rows[10:20])
        monkeypatch.undo()
        writer.append(rows[10:20])
        writer.append(rows[20:])
    table = read_log(path)
    assert table.num_rows == 30 and not is_interrupted(table)
    assert np.array_equal(table["clock.time"].to_numpy(), rows["clock"]["time"])
