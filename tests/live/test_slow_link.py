"""A link of 1 200 bytes a second: everything asked for comes, in its time, and nothing is lost."""

import struct
import zlib

import pytest

from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.services import ftp_packet as ftp

RATE = 1200.0

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def slow():
    with Server(fuel_kg=100.0) as server:
        client = server.client()
        client.send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
        server.step(1.0)
        number = client.link.number
        server.components.set_pipe(number, {"rate_bytes_s": RATE, "delay_s": 0.1})
        client.take()
        yield server, client, server.router.links[number]


def test_a_list_of_parameters_and_telemetry_share_a_slow_link(slow):
    server, client, link = slow
    client.send(mavlink.MAVLink_param_request_list_message(1, 1))
    values, heartbeats, octets, seconds = [], 0, link.sent.octets, 0
    while seconds < 30:
        seconds += 1
        server.step(1.0)
        for message in client.take():
            if message.get_type() == "PARAM_VALUE" and message.param_index != 65535:
                values.append(message)
            heartbeats += message.get_type() == "HEARTBEAT"
        if values and len(values) == values[0].param_count:
            break
    assert [m.param_index for m in values] == list(range(values[0].param_count))
    assert link.outbound.counts.overflowed == 0
    assert heartbeats >= seconds - 3
    # A third of the link at least goes to what was asked for.
    assert len(values) * 37 >= RATE * seconds / 3
    assert link.sent.octets - octets <= RATE * (seconds + 1)


def test_a_file_comes_over_a_slow_link(slow):
    server, client, link = slow

    def ask(number, opcode, data=b"", session=0, offset=0):
        header = struct.pack("<HBBBBBBI", number, session, opcode, len(data), 0, 0, 0, offset)
        client.send(mavlink.MAVLink_file_transfer_protocol_message(
            0, 1, 1, list((header + data).ljust(251, b"\0"))))

    def answers():
        return [bytes(m.payload) for m in client.take("FILE_TRANSFER_PROTOCOL")]

    def wait():
        for _ in range(50):
            server.step(0.1)
            found = answers()
            if found:
                return found
        raise AssertionError("no answer within 5 s")

    ask(1, ftp.CHECKSUM, b"/etc/parameter.json.xz")
    check = struct.unpack_from("<I", wait()[0], 12)[0]
    ask(2, ftp.OPEN_READ, b"/etc/parameter.json.xz")
    opened = wait()[0]
    session, size = opened[2], struct.unpack_from("<I", opened, 12)[0]
    ask(3, ftp.BURST_READ, session=session)
    pieces = {}
    for _ in range(60):
        server.step(1.0)
        for raw in answers():
            pieces[struct.unpack_from("<I", raw, 8)[0]] = raw[12:12 + raw[4]]
        if sum(map(len, pieces.values())) == size:
            break
    whole = b"".join(piece for _, piece in sorted(pieces.items()))
    assert zlib.crc32(whole, 0xFFFFFFFF) ^ 0xFFFFFFFF == check
    assert link.outbound.counts.overflowed == 0
