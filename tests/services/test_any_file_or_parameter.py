"""Whatever is asked of files and parameters: an answer, no failure, bounded memory, sane values."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longwatch.autopilot.aboard.parameters import parameters, read
from longwatch.mavlink.dialect import mavlink
from longwatch.services import files
from longwatch.services import ftp_packet as ftp
from longwatch.services.component import Component
from longwatch.services.craft import Sender
from longwatch.services.ftp import BURST, Ftp
from longwatch.services.metadata import Metadata
from longwatch.services.parameters import Parameters
from longwatch.simulation.orders.parameters import settings as settings_of
from longwatch.simulation.run import Simulation
from services.harness import Bench

SAME = settings(max_examples=80, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])
PATHS = st.one_of(
    st.sampled_from([b"/", b"/etc", b"/logs", b"/upload", b"/upload/a", b"/upload/a/b",
                     b"/etc/general.json", b"/logs/one.json", b"/upload/a\0/upload/b\0",
                     b"@SYS/general.json", b"/../x", b""]),
    st.binary(max_size=239))
OFFSETS = st.one_of(st.integers(0, 0xFFFFFFFF), st.sampled_from(
    [0, 1, 239, files.MOST_BYTES - 1, files.MOST_BYTES, 0xFFFFFFFF]))
SIZES = st.one_of(st.none(), st.integers(0, 255))
REQUEST = st.tuples(st.integers(0, 20), st.integers(0, 5), SIZES, OFFSETS, PATHS,
                    st.integers(0, 3))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    run = tmp_path_factory.mktemp("run")
    (run / "one.json").write_bytes(b"{}" * 300)
    made = Bench(services=(), simulation=Simulation(live=True, fuel_kg=100.0))
    made.craft.logs = lambda: (run,)
    made.component = Component(made.craft, (Parameters, Metadata, Ftp))
    return made


@SAME
@given(st.lists(REQUEST, max_size=25))
def test_any_requests_for_files(bench, requests):
    service = bench.component.find(Ftp)
    for number, (opcode, session, size, offset, data, client) in enumerate(requests):
        before = len(bench.sent)
        header = struct.pack("<HBBBBBBI", number, session, opcode,
                             len(data) if size is None else size, 0, 0, 0, offset)
        bench.receive(mavlink.MAVLink_file_transfer_protocol_message(
            0, 1, 1, list((header + data).ljust(251, b"\0"))), Sender(client, 255, 190))
        answers = bench.sent[before:]
        if opcode != ftp.BURST_READ:
            assert len(answers) == 1
        for answer in answers:
            assert bytes(answer.message.payload)[3] in (ftp.ACK, ftp.NAK)
    before = len(bench.sent)
    bench.poll(0.5)
    # Four sessions of four clients, each at most a burst.
    assert len(bench.sent) - before <= 16 * BURST
    assert bench.component.faults == 0
    assert sum(len(d) for d in service.tree._upload.values() if d) <= files.MOST_BYTES
    assert [e.name for e in service.tree.listing("/logs")] == ["one.json"]
    for link in range(4):
        bench.component.forget(link)
    bench.clear()


NAMES = st.one_of(st.sampled_from([b"LIM_BANK_MAX", b"COM_RC_IN_MODE", b"LW_FENCE_WATCH",
                                   b"PROC_MIN_FACT", b"_HASH_CHECK", b""]), st.binary(max_size=16))
# Every pattern of 32 bits, NaNs of any kind among them.
BITS = st.one_of(st.integers(0, 0xFFFFFFFF), st.sampled_from(
    [0, 1, 0x3F800000, 0x41C80000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF]))


@SAME
@given(NAMES, BITS, st.integers(0, 255), st.integers(-32768, 32767))
def test_any_parameter(bench, name, bits, kind, index):
    value = struct.unpack("<f", struct.pack("<I", bits))[0]
    bench.clear()
    bench.receive(mavlink.MAVLink_param_set_message(1, 1, name, value, kind))
    known = bench.component.find(Parameters).list.index(name.split(b"\0")[0].decode("latin-1"))
    answers = {m.get_type() for m in bench.of("PARAM_VALUE", "PARAM_ERROR")}
    if known is not None:
        assert "PARAM_VALUE" in answers
    elif name != b"_HASH_CHECK":
        assert answers == {"PARAM_ERROR"}
    bench.clear()
    bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, name, index))
    assert len(bench.of("PARAM_VALUE", "PARAM_ERROR")) == 1
    assert bench.component.faults == 0
    simulation = bench.simulation
    for p in parameters(simulation.aircraft):
        now = read(p.name, simulation.aircraft.datasheet, settings_of(simulation))
        assert p.minimum <= now <= p.maximum, p.name
