import hashlib
import random
import struct

import pytest
from pymavlink.dialects.v20 import ardupilotmega, common

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import MAXIMUM, Parser, encode, renumbered

ZEROS = common.MAVLink_heartbeat_message(0, 0, 0, 0, 0, 0)


def heartbeat(kind=1):
    return mavlink.MAVLink_heartbeat_message(kind, 12, 81, 0x04030000, 4, 3)


def peer(system=255, component=190, **signing):
    """pymavlink's own codec: the independent end."""
    end = common.MAVLink(None, system, component)
    end.robust_parsing = True
    for name, value in signing.items():
        setattr(end.signing, name, value)
    return end


def example(kind, seed=1):
    """One message of a type, with values that tell its fields apart."""
    draw = random.Random(seed)
    values = []
    for name in kind.fieldnames:
        place = kind.ordered_fieldnames.index(name)
        form, count = kind.fieldtypes[kind.fieldnames.index(name)], kind.lengths[place]
        if form == "char":
            values.append(bytes(draw.choice(b"abcXYZ019_") for _ in range(3)))
            continue
        if form in ("float", "double"):
            one = [draw.randrange(-1000, 1000) / 8 for _ in range(count)]
        else:
            bits = 8 * struct.calcsize({"u": form[1:], "i": form}[form[0]].replace("int", "")
                                       .replace("8_t", "b").replace("16_t", "h")
                                       .replace("32_t", "i").replace("64_t", "q"))
            low = 0 if form.startswith("u") else -(1 << bits - 1)
            one = [draw.randrange(low, low + (1 << bits)) for _ in range(count)]
        values.append(one if count > 1 else one[0])
    return kind(*values)


@pytest.mark.parametrize("number", sorted(common.mavlink_map))
def test_every_shipped_message_reads_as_pymavlink_reads_it(number):
    """All fields, arrays and extensions of all types, against pymavlink's own decoder."""
    sent = example(common.mavlink_map[number])
    raw = sent.pack(peer(7, 9))
    frame, = Parser().feed(raw)
    theirs, = peer().parse_buffer(bytearray(raw))
    assert (frame.number, frame.system, frame.component) == (number, 7, 9)
    ours = frame.message.to_dict()
    for name, value in theirs.to_dict().items():
        assert ours[name] == pytest.approx(value, nan_ok=True), name
    assert frame.message.get_srcSystem() == 7 and frame.message.get_type() == theirs.get_type()
    target = getattr(theirs, "target_system", 0), getattr(theirs, "target_component", 0)
    assert frame.target == target


def test_what_is_encoded_here_pymavlink_reads():
    message, = peer().parse_buffer(bytearray(encode(heartbeat(), 3, 1, 77)))
    assert (message.get_srcSystem(), message.get_srcComponent(), message.get_seq()) == (3, 1, 77)
    assert message.custom_mode == 0x04030000
    message, = peer().parse_buffer(bytearray(renumbered(encode(heartbeat(), 3, 1, 77), 78)))
    assert message.get_seq() == 78


def test_mavlink_1_is_read():
    raw = common.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3).pack(peer(), force_mavlink1=True)
    frame, = Parser().feed(raw)
    assert (raw[0], frame.version, frame.name, frame.message.type) == (0xFE, 1, "HEARTBEAT", 6)


def test_trimmed_to_one_byte_and_to_none():
    raw = ZEROS.pack(peer())
    assert raw[1] == 1  # nine zeros, trimmed
    assert Parser().feed(raw)[0].message.system_status == 0
    body = bytes([0]) + raw[2:10]
    bare = b"\xfd" + body + struct.pack("<H", common.x25crc(body + bytes([50])).crc)
    assert Parser().feed(bare)[0].message.type == 0


def test_extensions_that_we_do_not_know_are_passed_over():
    """A later edition of a message is longer: the fields we know read as ever."""
    raw = encode(heartbeat(), 1, 1)
    body = bytes([raw[1] + 4]) + raw[2:-2] + b"\1\2\3\4"
    longer = b"\xfd" + body + struct.pack("<H", common.x25crc(body + bytes([50])).crc)
    frame, = Parser().feed(longer)
    assert frame.message.custom_mode == 0x04030000
    assert frame.raw == longer  # and they are passed on


def test_a_type_we_do_not_know_is_passed_on_unread():
    raw = ardupilotmega.MAVLink_ahrs_message(1, 2, 3, 4, 5, 6, 7).pack(peer())
    parser = Parser()
    first, second = parser.feed(raw + raw)
    assert first.raw == second.raw == raw
    assert (first.message, first.name, first.target) == (None, "", (0, 0))
    assert parser.counters.unknown == 2
    # ... where it is due, and not out of the midst of bytes that are no frames.
    assert Parser().feed(raw + b"\x00no frame\x00") == []
    assert Parser().feed(b"no frame" + raw) == []


def test_signed_frames_are_recognised():
    signing = {"secret_key": hashlib.sha256(b"key").digest(), "sign_outgoing": True}
    raw = ZEROS.pack(peer(**signing))
    frame, after = Parser().feed(raw + ZEROS.pack(peer()))
    assert (frame.signed, after.signed) == (True, False)
    assert len(frame.raw) == len(raw) and frame.message.get_type() == "HEARTBEAT"


def test_unknown_incompatibility_flags_are_passed_over():
    raw = bytearray(encode(heartbeat(), 1, 1))
    raw[2] |= 0x02
    assert Parser().feed(bytes(raw)) == []


def test_finds_its_way_back():
    """After cut and mangled frames the whole ones are all found, whatever the chunks."""
    draw = random.Random(5)
    good = [encode(example(kind), 1, 1, number % 256)
            for number, kind in enumerate(list(mavlink.mavlink_map.values())[:60])]
    stream = b""
    for raw in good:
        stream += draw.choice([b"", b"?", b"?\xfd", b"\xfd" * 9, b"?\xfd\xff\0\0\0\0\0", raw[:-1],
                               raw[:max(10, len(raw) // 2)], raw[:-1] + bytes([raw[-1] ^ 1]),
                               b"?\xfe\x20" + bytes(draw.randbytes(9))]) + raw
    stream += bytes(MAXIMUM)  # lets go of what a false start may be waiting for
    for chunk in (1, 7, 64, len(stream)):
        parser = Parser()
        found = [frame.raw for start in range(0, len(stream), chunk)
                 for frame in parser.feed(stream[start:start + chunk])]
        assert found == good


def test_a_datagram_does_not_wait_for_the_next():
    parser = Parser()
    raw = encode(heartbeat(), 1, 1)
    assert parser.feed(raw[:-3], datagram=True) == []
    assert [frame.raw for frame in parser.feed(b"\xfd\xff\0" + raw, datagram=True)] == [raw]


@pytest.mark.parametrize("pattern", [b"\xfd", b"\xfe", b"\xfd\xff\x00", b"\xfe\xff", b"\xfd\xff\1",
                                     b"\xfd\xff\0\0\0\xfe\xff\0\0\0", b"\xfe\0", b"\0"])
@pytest.mark.parametrize("datagram", [False, True])
def test_hostile_bytes_cost_memory_and_checksums_in_proportion(monkeypatch, pattern, datagram):
    """Each byte starts at most one checksum of at most one frame, and one frame is kept."""
    counted = []
    monkeypatch.setattr("longwatch.mavlink.frames.checksum",
                        lambda frame, extra: counted.append(len(frame.raw)) or -1)
    data = pattern * (20_000 // len(pattern))
    parser = Parser()
    for start in range(0, len(data), 1000):
        assert {frame.name for frame in parser.feed(data[start:start + 1000], datagram)} <= {""}
        assert len(parser._kept) < MAXIMUM
    assert len(counted) <= len(data) and max(counted, default=0) <= MAXIMUM


def test_counters():
    parser = Parser()
    raw = encode(heartbeat(), 1, 1)
    parser.feed(b"ab" + raw + raw[:-1] + b"\x00" + raw)
    counters = parser.counters
    assert (counters.frames, counters.bad_checksums) == (2, 1)
    assert counters.octets == 3 * len(raw) + 2
    assert counters.garbage == len(raw) + 2
