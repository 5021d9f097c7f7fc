import struct

import pytest

from longwatch.errors import LogError
from longwatch.records.tlog import LIMIT, Tlog


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


def test_a_full_disk_ends_the_log_and_not_the_flight(tmp_path):
    log = Tlog(tmp_path / "a.tlog", limit=100)
    log.write(b"x" * 80, 1)
    log.path = tmp_path / "gone" / "a.tlog"  # the next file cannot be opened
    log.write(b"y" * 80, 2)
    log.write(b"z" * 80, 3)
    log.flush()
    log.close()
    assert "the telemetry log ends here" in log.fault and log.packets == 1
    assert (tmp_path / "a.tlog").stat().st_size == 88
