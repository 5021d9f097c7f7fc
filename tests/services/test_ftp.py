"""MAVLink FTP: each operation by its bytes, a real client's own code, attacks on the paths."""

import json
import lzma
import struct
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from pymavlink import mavftp

from longwatch.live.http import TOKEN_FILE
from longwatch.mavlink.dialect import mavlink
from longwatch.services import ftp_packet as ftp
from longwatch.services.craft import Sender
from longwatch.services.ftp import IDLE, MOST_AT_ONCE, MOST_CLIENTS, MOST_SESSIONS, Ftp
from longwatch.services.metadata import Metadata
from longwatch.services.parameter_list import crc32
from longwatch.services.parameters import Parameters
from longwatch.simulation.run import Simulation
from services.harness import OTHER, STATION, Bench

LOG = bytes(range(256)) * 40 + b"end"
SIMULATION = Simulation(fuel_kg=100.0)


@pytest.fixture
def bench(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "flight.parquet").write_bytes(LOG)
    (run / "journal.jsonl").write_text("{}\n")
    (run / "token").write_text("secret")
    (run / TOKEN_FILE).write_text("secret")
    (tmp_path / "outside.json").write_text("not for clients")
    (run / "link.json").symlink_to(tmp_path / "outside.json")
    (run / "folder.json").mkdir()
    made = Bench(services=(Parameters, Metadata, Ftp), simulation=SIMULATION)
    made.craft.logs = lambda: (run,)
    made.component = type(made.component)(made.craft, (Parameters, Metadata, Ftp))
    return made


class Asking:
    """A client that says each request by hand."""

    def __init__(self, bench, sender=STATION):
        self.bench, self.sender, self.sequence = bench, sender, 100

    def send(self, opcode, data=b"", *, session=0, offset=0, size=None, sequence=None):
        """Send a request; return the replies of this client as (opcode, session, data, header)."""
        if sequence is None:
            self.sequence = sequence = (self.sequence + 1) & 0xFFFF
        data = data.encode() if isinstance(data, str) else data
        header = struct.pack("<HBBBBBBI", sequence, session, opcode,
                             len(data) if size is None else size, 0, 0, 0, offset)
        payload = list((header + data).ljust(251, b"\0"))
        before = len(self.bench.sent)
        self.bench.receive(mavlink.MAVLink_file_transfer_protocol_message(0, 1, 1, payload),
                           self.sender)
        return [reply(s.message) for s in self.bench.sent[before:]
                if s.message.get_type() == "FILE_TRANSFER_PROTOCOL"
                and (s.message.target_system, s.link) == (self.sender.system, self.sender.link)]

    def one(self, opcode, data=b"", **options):
        """As send; fails unless there is one reply, to this request."""
        found = self.send(opcode, data, **options)
        assert len(found) == 1
        if "sequence" not in options:
            assert found[0].sequence == (self.sequence + 1) & 0xFFFF
        assert found[0].asked == opcode
        return found[0]

    def refused(self, opcode, data=b"", **options):
        """The error that a request is refused with."""
        answer = self.one(opcode, data, **options)
        assert answer.opcode == ftp.NAK
        return answer.data[0]


def reply(message):
    raw = bytes(message.payload)
    sequence, session, opcode, size, asked, complete, _, offset = struct.unpack_from(
        "<HBBBBBBI", raw)
    return SimpleNamespace(sequence=sequence, session=session, opcode=opcode, size=size,
                           asked=asked, complete=complete, offset=offset,
                           data=raw[12:12 + size], raw=raw)


class Master:
    """What pymavlink's client code takes for a connection."""

    source_system, source_component = STATION.system, STATION.component

    def __init__(self, bench, drop=()):
        self.bench, self.mav, self.taken, self.drop, self.count = bench, self, 0, drop, 0

    def file_transfer_protocol_send(self, network, system, component, payload):
        self.bench.receive(mavlink.MAVLink_file_transfer_protocol_message(
            network, system, component, list(payload)))

    def recv_match(self, **_):
        for _ in range(50):
            if self.taken == len(self.bench.sent):
                self.bench.poll()
            while self.taken < len(self.bench.sent):
                message = self.bench.sent[self.taken].message
                self.taken += 1
                if message.get_type() == "FILE_TRANSFER_PROTOCOL":
                    self.count += 1
                    if self.count not in self.drop:
                        return message
        return None


def client(bench, drop=()):
    made = mavftp.MAVFTP(Master(bench, drop), 1, 1)
    for name, value in (("burst_read_size", 239), ("retry_time", 0.2),
                        ("read_retry_time", 0.3), ("idle_detection_time", 0.5)):
        assert made.cmd_set([name, str(value)]).error_code == 0
    return made


# --------------------------------------------------------------------- pymavlink's own client

def test_pymavlinks_client_lists_reads_and_checks(bench):
    with_code = client(bench)
    assert with_code.cmd_list(["/"]).error_code == 0
    assert [(e.name, e.is_dir) for e in with_code.list_result] == [
        ("etc", True), ("logs", True), ("upload", True)]
    assert with_code.cmd_list(["/logs"]).error_code == 0
    assert [(e.name, e.size_b) for e in with_code.list_result] == [
        ("flight.parquet", len(LOG)), ("journal.jsonl", 3)]
    assert with_code.read("/logs/flight.parquet", len(LOG)) == LOG


def test_pymavlinks_client_reads_through_lost_packets(bench):
    assert client(bench, drop={5, 9, 10, 20}).read("/logs/flight.parquet", len(LOG)) == LOG


def test_pymavlinks_client_uploads_and_reads_back(bench, tmp_path):
    source = tmp_path / "up.txt"
    source.write_bytes(LOG)
    made = client(bench)
    assert made.cmd_put([str(source), "/upload/up.txt"]).error_code == 0
    made.process_ftp_reply("CreateFile")
    assert made.read("/upload/up.txt", len(LOG)) == LOG


# ------------------------------------------------------------------------ the bytes themselves

def test_a_file_is_opened_read_in_pieces_and_closed(bench):
    asking = Asking(bench)
    opened = asking.one(ftp.OPEN_READ, "/logs/flight.parquet", session=7)
    assert struct.unpack("<I", opened.data) == (len(LOG),)
    piece = asking.one(ftp.READ, session=opened.session, offset=300, size=100)
    assert (piece.data, piece.offset) == (LOG[300:400], 300)
    last = asking.one(ftp.READ, session=opened.session, offset=len(LOG) - 3, size=239)
    assert last.data == b"end"
    assert asking.refused(ftp.READ, session=opened.session, offset=len(LOG),
                          size=239) == ftp.END_OF_FILE
    assert asking.one(ftp.TERMINATE, session=opened.session).opcode == ftp.ACK
    assert asking.refused(ftp.READ, session=opened.session, size=9) == ftp.INVALID_SESSION
    assert asking.refused(ftp.TERMINATE, session=opened.session) == ftp.INVALID_SESSION


def test_a_burst_numbers_its_packets_and_marks_the_last(bench):
    asking = Asking(bench)
    session = asking.one(ftp.OPEN_READ, "/logs/flight.parquet").session
    before = len(bench.sent)
    assert asking.send(ftp.BURST_READ, session=session, size=239) == []
    bench.poll(1.0)
    packets = [reply(s.message) for s in bench.sent[before:]]
    assert [p.sequence for p in packets] == [asking.sequence + 1 + i for i in range(len(packets))]
    assert b"".join(p.data for p in packets) == LOG
    assert [p.complete for p in packets] == [0] * (len(packets) - 1) + [1]
    # From the end there is nothing: said at once, and once.
    before = len(bench.sent)
    asking.send(ftp.BURST_READ, session=session, offset=len(LOG), size=239)
    bench.poll(1.0)
    assert [reply(s.message).data for s in bench.sent[before:]] == [bytes([ftp.END_OF_FILE])]


def test_checksums_are_mavlinks_crc32(bench):
    answer = Asking(bench).one(ftp.CHECKSUM, "/logs/flight.parquet")
    assert struct.unpack("<I", answer.data)[0] == zlib.crc32(LOG, 0xFFFFFFFF) ^ 0xFFFFFFFF


def test_a_request_that_comes_again_gets_the_same_reply_and_is_not_done_twice(bench):
    asking = Asking(bench)
    first = asking.one(ftp.CREATE, "/upload/a")
    again = asking.one(ftp.CREATE, "/upload/a", sequence=asking.sequence)
    assert again.raw == first.raw
    assert asking.one(ftp.WRITE, b"12345", session=first.session).opcode == ftp.ACK
    # Three more sessions are free: the repetition opened none.
    for name in ("b", "c", "d"):
        assert asking.one(ftp.CREATE, f"/upload/{name}", session=9).opcode == ftp.ACK
    assert asking.refused(ftp.CREATE, "/upload/e") == ftp.NO_SESSIONS


def test_a_client_that_starts_again_is_not_given_what_was_opened_before(bench):
    asking = Asking(bench)
    first = asking.one(ftp.OPEN_READ, "/logs/flight.parquet")
    bench.wall += IDLE + 1.0
    bench.poll()
    again = asking.one(ftp.OPEN_READ, "/logs/flight.parquet", sequence=asking.sequence)
    assert again.raw == first.raw
    assert asking.one(ftp.READ, session=again.session, size=10).data == LOG[:10]


def test_sessions_belong_to_their_client_and_idle_ones_close(bench):
    asking, other = Asking(bench), Asking(bench, OTHER)
    session = asking.one(ftp.OPEN_READ, "/logs/flight.parquet").session
    assert other.refused(ftp.READ, session=session, size=10) == ftp.INVALID_SESSION
    assert other.one(ftp.RESET).opcode == ftp.ACK
    assert asking.one(ftp.READ, session=session, size=10).data == LOG[:10]
    bench.wall += IDLE + 1.0
    bench.poll()
    assert asking.refused(ftp.READ, session=session, size=10) == ftp.INVALID_SESSION


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_many_clients_keep_no_more_than_their_bound_open(bench):
    opened = descriptors()
    for system in range(1, 120):
        sender = STATION.__class__(1, 120 + system % 100, system)
        for _ in range(6):
            Asking(bench, sender).send(ftp.OPEN_READ, "/logs/flight.parquet")
    assert descriptors() <= opened + MOST_CLIENTS * MOST_SESSIONS
    bench.component.forget(1)
    assert descriptors() == opened


@pytest.mark.parametrize("opcode", [16, 17, 50, 127, 130, 255])
def test_an_operation_that_is_not_known_is_refused_at_once(bench, opcode):
    assert Asking(bench).refused(opcode, "x") == ftp.UNKNOWN


def test_replies_of_others_are_no_requests(bench):
    for opcode in (ftp.ACK, ftp.NAK):
        assert Asking(bench).send(opcode, b"\x06") == []


def test_sizes_beyond_the_packet_are_refused(bench):
    assert Asking(bench).refused(ftp.LIST, "/", size=240) == ftp.INVALID_SIZE


# ------------------------------------------------------------------------------------ attacks

ATTACKS = ["/logs/../outside.json", "../outside.json", "/../../etc/passwd", "/etc/passwd",
           "/logs/token", "token", f"/logs/{TOKEN_FILE}", "/logs/link.json",
           "/logs/folder.json", "/logs//../../x",
           "/logs/./flight.parquet", "/logs/%2e%2e/outside.json", "\\..\\outside.json",
           "/logs/..\\outside.json", "~/x", "/proc/self/environ", "/logs/flight.parquet/x",
           "/dev/zero", "@ROMFS/x", "file:///etc/passwd", "/logs", "/", "",
           "/logs/\u00e9", "a" * 239, "/" * 239]


@pytest.mark.parametrize("path", ATTACKS)
def test_no_path_leads_out_of_the_tree(bench, path):
    asking = Asking(bench)
    assert asking.refused(ftp.OPEN_READ, path) == ftp.NOT_FOUND
    assert asking.refused(ftp.CHECKSUM, path) == ftp.NOT_FOUND
    for opcode in (ftp.CREATE, ftp.OPEN_WRITE, ftp.REMOVE, ftp.REMOVE_FOLDER, ftp.MAKE_FOLDER,
                   ftp.TRUNCATE):
        assert asking.refused(opcode, path) in (ftp.NOT_FOUND, ftp.PROTECTED)


def test_absolute_paths_of_this_machine_do_not_exist_there(bench, tmp_path):
    asking = Asking(bench)
    for path in (tmp_path / "outside.json", tmp_path / "run" / "flight.parquet"):
        assert asking.refused(ftp.OPEN_READ, str(path)[:239]) == ftp.NOT_FOUND


def test_what_describes_and_what_was_logged_cannot_be_changed(bench, tmp_path):
    asking = Asking(bench)
    for path in ("/logs/flight.parquet", "/etc/general.json", "/new", "/logs/new", "/upload"):
        for opcode in (ftp.CREATE, ftp.OPEN_WRITE, ftp.REMOVE, ftp.TRUNCATE, ftp.MAKE_FOLDER):
            assert asking.refused(opcode, path) == ftp.PROTECTED
    assert asking.one(ftp.CREATE, "/upload/x").opcode == ftp.ACK
    assert asking.refused(ftp.RENAME, b"/upload/x\0/logs/x\0") == ftp.PROTECTED
    assert asking.refused(ftp.RENAME, b"/logs/flight.parquet\0/upload/y\0") == ftp.PROTECTED
    session = asking.one(ftp.OPEN_READ, "/logs/flight.parquet", session=3).session
    assert asking.refused(ftp.WRITE, b"x", session=session) == ftp.INVALID_SESSION
    assert (tmp_path / "run" / "flight.parquet").read_bytes() == LOG


def test_the_room_for_uploads_has_an_end(bench):
    asking = Asking(bench)
    session = asking.one(ftp.CREATE, "/upload/big").session
    full = asking.one(ftp.WRITE, b"x", session=session, offset=0xFFFFFFF0)
    assert full.data == bytes([ftp.FAIL_ERRNO, 28])  # ENOSPC
    assert asking.one(ftp.WRITE, b"x", session=session, offset=(4 << 20) - 1).opcode == ftp.ACK
    assert asking.refused(ftp.TRUNCATE, "/upload/big", offset=(4 << 20) + 1) == ftp.FAIL_ERRNO
    made = 0
    while asking.one(ftp.MAKE_FOLDER, f"/upload/f{made}").opcode == ftp.ACK:
        made += 1
    assert made == 63


def test_a_removed_file_takes_no_more_bytes(bench):
    asking = Asking(bench)
    session = asking.one(ftp.CREATE, "/upload/a").session
    assert asking.one(ftp.REMOVE, "/upload/a").opcode == ftp.ACK
    assert asking.refused(ftp.WRITE, b"x", session=session) == ftp.NOT_FOUND


def test_folders_and_names_of_uploads(bench):
    asking = Asking(bench)
    assert asking.one(ftp.MAKE_FOLDER, "/upload/in").opcode == ftp.ACK
    assert asking.refused(ftp.MAKE_FOLDER, "/upload/in") == ftp.EXISTS
    assert asking.one(ftp.CREATE, "/upload/in/a").opcode == ftp.ACK
    assert asking.refused(ftp.CREATE, "/upload/none/a") == ftp.NOT_FOUND
    assert asking.refused(ftp.REMOVE_FOLDER, "/upload/in") == ftp.EXISTS
    assert asking.one(ftp.RENAME, b"/upload/in/a\0/upload/b\0").opcode == ftp.ACK
    assert asking.one(ftp.LIST, "/upload").data == b"Fb\t0\0Din\0"
    assert asking.one(ftp.REMOVE_FOLDER, "/upload/in").opcode == ftp.ACK
    assert asking.one(ftp.LIST, "/upload").data == b"Fb\t0\0"


def test_a_long_list_comes_in_several_replies(bench):
    asking = Asking(bench)
    names = [f"file-with-a-rather-long-name-{i:02d}" for i in range(30)]
    for name in names:
        asking.send(ftp.CREATE, f"/upload/{name}")
        asking.send(ftp.RESET)
    found = []
    while (answer := asking.one(ftp.LIST, "/upload", offset=len(found))).opcode == ftp.ACK:
        found += [line[1:].split(b"\t")[0].decode() for line in answer.data.split(b"\0") if line]
    assert answer.data == bytes([ftp.END_OF_FILE])
    assert found == names


# --------------------------------------------------------------------------- what files there are

def read(bench, path):
    asking = Asking(bench)
    opened = asking.one(ftp.OPEN_READ, path)
    size, data = struct.unpack("<I", opened.data)[0], b""
    while len(data) < size:
        data += asking.one(ftp.READ, session=opened.session, offset=len(data), size=239).data
    return data


def mavlink_crc(data):
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


@pytest.mark.parametrize("kind", [mavlink.MAVLINK_MSG_ID_COMPONENT_METADATA,
                                  mavlink.MAVLINK_MSG_ID_COMPONENT_INFORMATION])
def test_metadata_is_found_from_its_message_by_checksums_and_fits_the_published_schemas(
        bench, kind):
    message = bench.component.provide(kind)
    uri = getattr(message, "uri", None) or message.general_metadata_uri
    check = getattr(message, "file_crc", None) or message.general_metadata_file_crc
    packed = read(bench, uri.removeprefix("mftp://"))
    assert mavlink_crc(packed) == check
    general = json.loads(lzma.decompress(packed))
    assert general["version"] == 1
    assert set(general) <= {"version", "vendorName", "modelName", "firmwareVersion",
                            "hardwareVersion", "metadataTypes"}
    # COMP_METADATA_TYPE_PARAMETER and no other: neither events nor actuators.
    assert [entry["type"] for entry in general["metadataTypes"]] == [1]
    entry = general["metadataTypes"][0]
    packed = read(bench, entry["uri"].removeprefix("mftp://"))
    assert mavlink_crc(packed) == entry["fileCrc"]
    content = json.loads(lzma.decompress(packed))
    assert set(content) == {"version", "parameters"}
    for p in content["parameters"]:
        check_against_schema(p)
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(10.0)
    told = {m.param_id: m for m in bench.of("PARAM_VALUE") if m.param_index != 65535}
    assert {p["name"] for p in content["parameters"]} == set(told)
    for p in content["parameters"]:
        assert told[p["name"]].param_type == {"Float": 9, "Int32": 6}[p["type"]]


def check_against_schema(entry):
    """The rules of MAVLink's parameter.schema.json (component_metadata), one by one."""
    text = ("name", "type", "shortDesc", "longDesc", "units", "group", "category")
    numbers, truths = ("default", "min", "max", "increment"), ("rebootRequired", "volatile",
                                                              "readOnly")
    assert set(entry) <= {*text, *numbers, *truths, "decimalPlaces", "values", "bitmask"}
    assert {"name", "type"} <= set(entry)
    assert all(isinstance(entry[key], str) for key in text if key in entry)
    assert all(isinstance(entry[key], int | float) and not isinstance(entry[key], bool)
               for key in numbers if key in entry)
    assert all(isinstance(entry[key], bool) for key in truths if key in entry)
    assert 1 <= len(entry["name"]) <= 16
    assert set(entry["name"]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")
    assert entry["type"] in ("Uint8", "Int8", "Uint16", "Int16", "Uint32", "Int32", "Float")
    assert isinstance(entry.get("decimalPlaces", 0), int)
    for value in entry.get("values", []):
        assert set(value) == {"value", "description"}
    if "min" in entry:
        assert entry["min"] <= entry["default"] <= entry["max"]


def test_bursts_of_many_clients_are_a_bounded_piece_of_work_at_a_time(bench):
    for system in range(1, 17):
        asking = Asking(bench, Sender(1, system, 190))
        for session in range(4):
            opened = asking.one(ftp.OPEN_READ, "/logs/flight.parquet", session=session)
            asking.send(ftp.BURST_READ, session=opened.session, size=1)
    served = set()
    for _ in range(32):
        bench.clear()
        bench.wall += 0.02
        bench.component.poll()
        packets = bench.of("FILE_TRANSFER_PROTOCOL")
        assert 0 < len(packets) <= MOST_AT_ONCE
        served |= {packet.target_system for packet in packets}
    assert len(served) == 16  # each in turn


def test_one_piece_of_one_checksum_is_under_way_at_a_time(bench, monkeypatch):
    monkeypatch.setattr("longwatch.services.ftp.SUMMED", 16)
    asked, ready = [], []

    class Slow:
        def file(self, function, *arguments):
            asked.append(arguments)
            return self

        def ready(self):
            return bool(ready)

        def result(self):
            ready.clear()
            reading, offset, check = asked[-1]
            data = reading.read(offset, 16)
            return crc32(data, check), len(data)

    bench.craft.beside = Slow()
    for system in range(1, 17):
        for session in range(4):
            Asking(bench, Sender(1, system, 190)).send(
                ftp.CHECKSUM, "/logs/flight.parquet", session=session, sequence=session)
    assert len(asked) == 1
    for count in range(2, 64 + 2):
        ready.append(True)
        bench.component.poll()
        assert len(asked) == count
    # Every file has had its first piece before one has its second.
    assert [offset for _, offset, _ in asked] == [0] * 64 + [16]
    bench.clear()
    while not bench.of("FILE_TRANSFER_PROTOCOL"):
        ready.append(True)
        bench.component.poll()
    whole = reply(bench.of("FILE_TRANSFER_PROTOCOL")[0])
    assert struct.unpack("<I", whole.data)[0] == zlib.crc32(LOG, 0xFFFFFFFF) ^ 0xFFFFFFFF
