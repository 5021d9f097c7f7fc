"""What must hold of the parser, the router and the recorder for any bytes at all."""

import math
import struct

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import KINDS, MAXIMUM, START_V1, START_V2, Parser, encode
from longwatch.mavlink.link import Link
from longwatch.mavlink.recorder import SECRETS, Recorder, public
from longwatch.mavlink.router import Router
from longwatch.mavlink.stations import MAXIMUM_STATIONS


def mended(data):
    """``data`` with a fitting checksum wherever a frame of a known type may stand.

    A fuzzer does not guess checksums: without this it would never get past them.
    """
    changed = bytearray(data)
    at = 0
    while at + 8 <= len(changed):
        start = changed[at]
        header = 10 if start == START_V2 else 6 if start == START_V1 else 0
        end = at + header + changed[at + 1] if header else 0
        if not header or end + 2 > len(changed) or end < at + header:
            at += 1
            continue
        number = changed[at + 5] if header == 6 else int.from_bytes(
            changed[at + 7:at + 10], "little")
        if number in KINDS:
            crc = mavlink.x25crc(bytes(changed[at + 1:end]) + KINDS[number].crc_extra).crc
            changed[end:end + 2] = struct.pack("<H", crc)
            at = end + 2
        else:
            at += 1
    return bytes(changed)


def same(one, other):
    """Equal, where not-a-number equals itself."""
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def check_frame(frame):
    """One frame that the parser let through."""
    message = frame.message
    str(frame)
    assert frame.target[0] in range(256) and frame.target[1] in range(256)
    kept = public(frame.raw)
    if frame.number in SECRETS:
        assert kept is None
    if message is None:
        return
    str(message)
    reference = mavlink.MAVLink(None).decode(bytearray(frame.raw))  # checks the checksum again
    for name in message.get_fieldnames():
        assert same(getattr(message, name), getattr(reference, name)), name
    if kept is not None:
        again, = Parser().feed(kept)
        assert not again.signed and again.payload == frame.payload
    again, = Parser().feed(encode(message, frame.system, frame.component, frame.sequence))
    for name in message.get_fieldnames():
        assert same(getattr(message, name), getattr(again.message, name)), name


def check_bytes(data, chunk):
    """The parser: whole, in chunks, as a datagram."""
    whole = Parser()
    frames = whole.feed(data)
    for frame in frames:
        check_frame(frame)
    assert len(whole._kept) < MAXIMUM
    taken = sum(len(frame.raw) for frame in frames)
    assert taken + whole.counters.garbage + len(whole._kept) == len(data)
    parts = Parser()
    again = [frame for at in range(0, len(data), chunk)
             for frame in parts.feed(data[at:at + chunk])]
    assert len(parts._kept) < MAXIMUM
    if not whole.counters.unknown and not parts.counters.unknown:
        assert [frame.raw for frame in again] == [frame.raw for frame in frames]
    lone = Parser()
    for frame in lone.feed(data, datagram=True):
        check_frame(frame)
    assert lone._kept == b""


def check_routing(data, chunk):
    """The router and the recorder: bytes by two links, to two components."""
    router, written = Router(lambda: 0.0), []
    router.tap = Recorder(lambda raw, time: written.append(raw), lambda: 0)
    for system in (1, 2):
        router.add(system, 1, lambda frame, link: frame.message)
    out = {1: [], 2: []}
    links = [Link(str(number), out[number].append) for number in out]
    for link in links:
        assert router.attach(link)
    for turn, at in enumerate(range(0, len(data), chunk)):
        router.receive(links[turn % 2], data[at:at + chunk], datagram=bool(turn % 3))
    router.poll()
    assert len(router.stations()) <= 2 * MAXIMUM_STATIONS
    for raw in written + out[1] + out[2]:
        assert Parser().feed(raw, datagram=True)[0].raw == raw
