"""What vehicles said is kept, readable by others, and never more than the disk is meant to give."""

from pymavlink import mavutil
from pymavlink.dialects.v20 import common

from longwatch.station.replay.replays import TELEMETRY
from longwatch.station.vehicles.telemetry import Telemetry
from station.web_support import Clock


def frame(count):
    sender = common.MAVLink(None, srcSystem=1, srcComponent=1)
    sender.seq = count % 256
    return common.MAVLink_heartbeat_message(1, 12, 0, count, 4, 3).pack(sender)


def test_pymavlink_reads_what_was_kept_with_its_times(tmp_path):
    wall = Clock(1.8e9)
    telemetry = Telemetry(tmp_path, wall)
    telemetry.look()
    assert not (tmp_path / TELEMETRY).exists()  # no vehicle, no log
    for count in range(10):
        telemetry.take(frame(count))
        wall.now += 0.5
    telemetry.close()
    (file,) = (tmp_path / TELEMETRY).glob("*.tlog")
    log = mavutil.mavlink_connection(str(file))
    read = [log.recv_match(type="HEARTBEAT") for _ in range(10)]
    assert [message.custom_mode for message in read] == list(range(10))
    assert [message._timestamp for message in read] == [1.8e9 + 0.5 * n for n in range(10)]


def test_the_oldest_logs_go_and_the_one_that_is_written_stays(tmp_path):
    telemetry = Telemetry(tmp_path, Clock(1.8e9), one=300, all_of_them=1000)
    for count in range(100):
        telemetry.take(frame(count))
        telemetry.look()
        files = list((tmp_path / TELEMETRY).glob("*.tlog"))
        assert sum(file.stat().st_size for file in files) <= 1000
        assert telemetry._log.files[-1] in files
    telemetry.close()
    assert any(frame(99) in file.read_bytes() for file in (tmp_path / TELEMETRY).glob("*.tlog"))


def test_a_folder_that_takes_nothing_ends_the_log_alone(tmp_path):
    (tmp_path / TELEMETRY).write_text("in the way")
    telemetry = Telemetry(tmp_path, Clock(1.8e9))
    for count in range(3):
        telemetry.take(frame(count))
        telemetry.look()
    telemetry.close()
