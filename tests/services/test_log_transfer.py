"""Logs by LOG_REQUEST_LIST and LOG_REQUEST_DATA, as MAVProxy and MAVSDK ask for them."""

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.services.commands import Commands
from longwatch.services.craft import LinkReport
from longwatch.services.ftp import Ftp
from longwatch.services.log_transfer import LogTransfer
from services.harness import OTHER, STATION, Bench, live

EVERYTHING = 0xFFFFFFFF
TLOG = bytes(range(256)) * 20 + b"end"


@pytest.fixture(scope="module")
def simulation():
    return live()


@pytest.fixture
def run(tmp_path):
    """A run's folder: its telemetry log, and a flight's log of just 180 bytes with its events."""
    folder = tmp_path / "run"
    (folder / "aircraft-1").mkdir(parents=True)
    (folder / "flight.tlog").write_bytes(TLOG)
    (folder / "aircraft-1" / "flight.arrows").write_bytes(b"x" * 180)
    (folder / "aircraft-1" / "events.jsonl").write_bytes(b"{}\n")
    (folder / "journal.jsonl").write_bytes(b"{}\n{}\n")
    (folder / "interface.token").write_text("secret")
    return folder


@pytest.fixture
def bench(simulation, run):
    made = Bench(simulation=simulation, services=(Commands, Ftp, LogTransfer))
    made.craft.logs = lambda: (*sorted(run.glob("aircraft-1*")), run)
    return made


def ask(bench, start=0, end=0xFFFF, sender=STATION):
    bench.clear()
    bench.receive(mavlink.MAVLink_log_request_list_message(1, 1, start, end), sender)
    bench.poll(0.5)
    return bench.of("LOG_ENTRY", link=sender.link)


def fetch(bench, number, offset=0, count=EVERYTHING, sender=STATION, seconds=1.0):
    bench.clear()
    bench.receive(mavlink.MAVLink_log_request_data_message(1, 1, number, offset, count), sender)
    bench.poll(seconds)
    return bench.of("LOG_DATA", link=sender.link)


def whole(packets):
    data = bytearray()
    for packet in packets:
        assert packet.ofs == len(data) and packet.count <= 90
        data += bytes(packet.data[:packet.count])
    return bytes(data)


def test_the_list_numbers_from_0_and_tells_sizes_and_the_time(bench, simulation):
    entries = ask(bench)
    assert [(e.id, e.num_logs, e.last_log_num) for e in entries] == [
        (i, 4, 3) for i in range(4)]
    assert [e.size for e in entries] == [len(TLOG), 180, 3, 6]
    assert {e.time_utc for e in entries} == {round(simulation.start.timestamp())}
    assert [e.id for e in ask(bench, 1, 2)] == [1, 2]


def test_from_1_for_clients_of_ardupilots(simulation, run):
    bench = Bench("ardupilot", simulation=simulation, services=(LogTransfer,))
    bench.craft.logs = lambda: (run / "aircraft-1", run)
    assert [(e.id, e.last_log_num) for e in ask(bench)] == [(i, 4) for i in (1, 2, 3, 4)]


def test_a_log_comes_whole_and_its_end_shows(bench):
    ask(bench)
    packets = fetch(bench, 0)
    assert whole(packets) == TLOG and packets[-1].count == len(TLOG) % 90
    # Where the size is a multiple of a packet, an empty one is the end.
    assert [p.count for p in fetch(bench, 1)] == [90, 90, 0]


def test_a_stretch_comes_alone_and_several_one_after_the_other(bench):
    ask(bench)
    packets = fetch(bench, 0, 90, 180)
    assert [(p.ofs, p.count) for p in packets] == [(90, 90), (180, 90)]
    assert bytes(packets[0].data) == TLOG[90:180]
    bench.clear()
    for offset in (0, 900, 450):
        bench.receive(mavlink.MAVLink_log_request_data_message(1, 1, 0, offset, 90))
    bench.poll(0.5)
    assert [p.ofs for p in bench.of("LOG_DATA")] == [0, 900, 450]


def test_a_log_that_grows_is_sent_as_it_was_listed_and_a_new_one_gets_a_number_behind(bench, run):
    ask(bench)
    with (run / "flight.tlog").open("ab") as log:
        log.write(b"more")
    assert whole(fetch(bench, 0)) == TLOG
    (run / "aircraft-1-2").mkdir()
    (run / "aircraft-1-2" / "flight.arrows").write_bytes(b"second flight")
    entries = ask(bench)
    assert [e.size for e in entries] == [len(TLOG) + 4, 180, 3, 6, 13]
    assert whole(fetch(bench, 4)) == b"second flight"
    assert whole(fetch(bench, 0)) == TLOG + b"more"


def test_no_logs_at_all(simulation):
    bench = Bench(simulation=simulation, services=(LogTransfer,))
    entry, = ask(bench)
    assert (entry.id, entry.num_logs) == (0, 0)


def test_what_is_not_there_ends_at_once_and_nothing_is_erased(bench, run):
    ask(bench)
    assert [p.count for p in fetch(bench, 77)] == [0]
    assert [p.count for p in fetch(bench, 0, 10**6)] == [0]
    (run / "aircraft-1" / "events.jsonl").unlink()
    assert [p.count for p in fetch(bench, 2)] == [0]
    bench.receive(mavlink.MAVLink_log_erase_message(1, 1))
    assert "not erased" in bench.texts[-1] and (run / "flight.tlog").read_bytes() == TLOG
    assert bench.component.faults == 0


def test_the_end_stops_it_and_a_full_link_waits(bench):
    ask(bench)
    bench.receive(mavlink.MAVLink_log_request_data_message(1, 1, 0, 0, EVERYTHING))
    bench.receive(mavlink.MAVLink_log_request_end_message(1, 1))
    bench.clear()
    bench.poll(0.5)
    assert bench.of("LOG_DATA") == []
    bench.craft.report = lambda link: LinkReport(0, 0.1)
    assert fetch(bench, 0) == []
    bench.craft.report = lambda link: None
    bench.poll(0.5)
    assert whole(bench.of("LOG_DATA")) == TLOG


def test_two_clients_share_and_one_poll_sends_no_more_than_forty(bench):
    ask(bench), ask(bench, sender=OTHER)
    bench.clear()
    for sender in (STATION, OTHER):
        bench.receive(mavlink.MAVLink_log_request_data_message(1, 1, 0, 0, EVERYTHING), sender)
    bench.wall += 10.0
    bench.component.poll()
    assert len(bench.of("LOG_DATA")) == 40
    assert len(bench.of("LOG_DATA", link=1)) == len(bench.of("LOG_DATA", link=2))
    bench.poll(1.0)
    assert whole(bench.of("LOG_DATA", link=2)) == TLOG
