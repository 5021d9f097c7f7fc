"""The radio's own component: no heartbeat, and each link told of itself alone."""

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import LinkReport
from services.harness import OTHER, STATION, Bench


@pytest.fixture
def bench():
    bench = Bench()
    bench.craft.links = lambda: (STATION.link, OTHER.link)
    reports = {STATION.link: LinkReport(3, 1.0), OTHER.link: LinkReport(70_000, 0.25)}
    bench.craft.report = reports.get
    return bench


def test_it_has_no_heartbeat_that_a_client_could_take_for_the_vehicles(bench):
    bench.clear()
    bench.poll(5.0)
    assert {s.component for s in bench.sent if s.message.get_type() == "HEARTBEAT"} == {1}


def test_each_link_hears_of_itself_every_simulated_second(bench):
    bench.clear()
    for _ in range(50):
        bench.simulation.step(0.1)
        bench.poll(0.02)
    mine, others = bench.of("RADIO_STATUS", link=1), bench.of("RADIO_STATUS", link=2)
    assert (len(mine), len(others)) == (5, 5)
    assert {(m.rxerrors, m.txbuf, m.rssi) for m in mine} == {(3, 100, 255)}
    assert {(m.rxerrors, m.txbuf) for m in others} == {(65535, 25)}  # as many as fit the field


def test_it_answers_a_request_on_the_link_that_asks(bench):
    bench.clear()
    assert bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, mavlink.MAVLINK_MSG_ID_RADIO_STATUS,
                         sender=OTHER) == mavlink.MAV_RESULT_ACCEPTED
    assert [m.txbuf for m in bench.of("RADIO_STATUS", link=2)] == [25]
    assert bench.of("RADIO_STATUS", link=1) == []
