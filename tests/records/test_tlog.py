import errno
import os
import struct

import pytest

from longwatch.errors import LogError
from longwatch.records.tlog import LIMIT, MOST_HELD, Tlog


def test_layout(tmp_path):
    log = Tlog(tmp_path / "a.tlog")
    log.write(b"\xfdone", 1_700_000_000_123_456)
    log.write(b"\xfdtwo!", 1_700_000_000_123_457)
    log.flush()
    assert (tmp_path / "a.tlog").read_bytes() == (
        struct.pack(">Q", 1_700_000_000_123_456) + b"\xfdone"
        + struct.pack(">Q", 1_700_000_000_123_457) + b"\xfdtwo!")
    log.close()
    log.close()
    log.write(b"late", 0)
    assert log.packets == 2 and log.fault == ""


def test_the_next_file_begins_at_the_limit(tmp_path):
    assert LIMIT == 500_000_000
    log = Tlog(tmp_path / "a.tlog", limit=100)
    for number in range(10):
        log.write(bytes([number]) * 22, number)  # 30 bytes each: three fit
    log.close()
    assert [path.name for path in log.files] == ["a.tlog", "a-2.tlog", "a-3.tlog", "a-4.tlog"]
    assert [path.stat().st_size for path in log.files] == [90, 90, 90, 30]
    whole = b"".join(path.read_bytes() for path in log.files)
    assert [whole[at + 8] for at in range(0, 300, 30)] == list(range(10))


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LogError, match="name another folder"):
        Tlog(tmp_path / "file" / "a.tlog")


def test_what_a_full_disk_does_not_take_is_written_once_there_is_room(tmp_path):
    log = Tlog(tmp_path / "a.tlog", limit=100)
    log.write(b"x" * 80, 1)
    log.path = tmp_path / "gone" / "a.tlog"  # the next file cannot be opened
    log.write(b"y" * 80, 2)
    log.write(b"z" * 80, 3)
    log.flush()
    assert "the telemetry log is not written" in log.fault and log.packets == 1
    assert (tmp_path / "a.tlog").stat().st_size == 88
    (tmp_path / "gone").mkdir()
    log.flush()
    log.close()
    assert log.fault == "" and log.packets == 3 and log.lost == 0
    assert [file.read_bytes()[8:9] for file in log.files] == [b"x", b"y", b"z"]


def test_part_of_a_packet_is_taken_back(tmp_path, monkeypatch):
    log = Tlog(tmp_path / "a.tlog")
    real, taken = os.write, []

    def full(descriptor, data):
        if taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken.append(real(descriptor, data[:5]))
        return 5

    log.write(b"x" * 80, 1)
    monkeypatch.setattr(os, "write", full)
    log.flush()
    assert "No space left" in log.fault and (tmp_path / "a.tlog").read_bytes() == b""
    for _ in range(MOST_HELD // 1_000_000 + 1):
        log.write(b"y" * 1_000_000, 2)  # what does not fit in memory either is counted
    monkeypatch.undo()
    log.close()
    assert log.lost == 2 and log.fault == ""
    assert (tmp_path / "a.tlog").stat().st_size == (MOST_HELD // 1_000_000) * 1_000_008
