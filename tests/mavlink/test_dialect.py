import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pymavlink.dialects.v20 import ardupilotmega, common

from longwatch.mavlink import dialect
from longwatch.mavlink.dialect import mavlink

# (id, CRC_EXTRA, payload length whole, length without extensions) as the public C library's
# generated headers give them (mavlink/c_library_v2, common; EKF_STATUS_REPORT: ardupilotmega;
# CONTROL_STATUS: development).
PUBLISHED = {
    "MISSION_CURRENT": (42, 28, 18, 2),
    "MISSION_COUNT": (44, 221, 9, 4),
    "MISSION_ACK": (47, 153, 8, 3),
    "COMMAND_CANCEL": (80, 14, 4, 4),
    "PROTOCOL_VERSION": (300, 217, 22, 22),
    "FUEL_STATUS": (371, 10, 26, 26),
    "EKF_STATUS_REPORT": (193, 71, 26, 22),
    "COMPONENT_INFORMATION": (395, 0, 212, 212),
    "COMPONENT_METADATA": (397, 182, 108, 108),
    "EVENT": (410, 160, 53, 53),
    "CURRENT_EVENT_SEQUENCE": (411, 106, 3, 3),
    "REQUEST_EVENT": (412, 33, 6, 6),
    "RESPONSE_EVENT_ERROR": (413, 77, 7, 7),
    "AVAILABLE_MODES": (435, 134, 46, 46),
    "CURRENT_MODE": (436, 193, 9, 9),
    "AVAILABLE_MODES_MONITOR": (437, 30, 1, 1),
    "CONTROL_STATUS": (512, 21, 12, 12),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_added_messages_have_their_published_wire_format(name):
    number, crc_extra, length, _ = PUBLISHED[name]
    kind = mavlink.mavlink_map[number]
    assert (kind.msgname, kind.crc_extra, kind.unpacker.size) == (name, crc_extra, length)


def test_extensions_follow_the_fields_that_the_checksum_covers():
    """Offsets after the C library's headers: extension fields are not sorted by size."""
    assert mavlink.MAVLink_mission_count_message.unpacker.format == "<HBBBI"
    assert mavlink.MAVLink_mission_ack_message.unpacker.format == "<BBBBI"
    assert mavlink.MAVLink_mission_current_message.unpacker.format == "<HHBBIII"
    assert mavlink.MAVLink_fuel_status_message.ordered_fieldnames == [
        "maximum_fuel", "consumed_fuel", "remaining_fuel", "flow_rate", "temperature",
        "fuel_type", "id", "percent_remaining"]
    assert mavlink.MAVLink_event_message.ordered_fieldnames == [
        "id", "event_time_boot_ms", "sequence", "destination_component", "destination_system",
        "log_levels", "arguments"]


def test_every_shipped_message_is_unchanged():
    for number, kind in common.mavlink_map.items():
        ours = mavlink.mavlink_map[number]
        assert ours.crc_extra == kind.crc_extra
        assert ours.unpacker.format.startswith(kind.unpacker.format)
        if kind.msgname not in PUBLISHED:
            assert ours.fieldnames == kind.fieldnames
            assert ours.unpacker.format == kind.unpacker.format
    wind = ardupilotmega.MAVLink_wind_message
    assert mavlink.mavlink_map[wind.id].crc_extra == wind.crc_extra


def test_numbers_that_were_missing():
    assert mavlink.MAV_RESULT_CANCELLED == 6
    assert mavlink.MAV_RESULT_NOT_IN_CONTROL == 10
    assert mavlink.MAV_CMD_REQUEST_OPERATOR_CONTROL == 32100
    assert mavlink.MAV_CMD_DO_SET_STANDARD_MODE == 262
    assert mavlink.enums["MAV_CMD"][22].name == "MAV_CMD_NAV_TAKEOFF"


def test_generated_once_and_read_again(tmp_path):
    first = dialect.load(tmp_path)
    folder, = tmp_path.iterdir()
    made = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = dialect.load(tmp_path)
    assert first.mavlink_map.keys() == again.mavlink_map.keys() == mavlink.mavlink_map.keys()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == made


def test_two_processes_at_once(tmp_path):
    code = "from longwatch.mavlink.dialect import mavlink; print(len(mavlink.mavlink_map))"
    environment = {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": "src"}

    def start(_):
        return subprocess.run([sys.executable, "-c", code], env=environment, text=True,
                              capture_output=True, check=False,
                              cwd=Path(dialect.__file__).parents[3])

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(start, range(3)))
    assert [result.stderr for result in results] == [""] * 3
    assert {result.stdout for result in results} == {f"{len(mavlink.mavlink_map)}\n"}
    assert len(list((tmp_path / "longwatch-mavlink").iterdir())) == 1  # no scratch left behind


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    assert dialect.load(blocked / "cache").mavlink_map.keys() == mavlink.mavlink_map.keys()
    assert list(tmp_path.iterdir()) == [blocked]


@pytest.mark.parametrize("left", ["", "class Half(", "raise NameError('cut short')"])
def test_a_damaged_cache_is_done_without(tmp_path, left):
    dialect.load(tmp_path)
    module, = tmp_path.rglob("*.py")
    module.write_text(left)
    assert dialect.load(tmp_path).mavlink_map.keys() == mavlink.mavlink_map.keys()
