"""Message intervals on simulated time, their cap on wall time, one link's not another's."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import OTHER, STATION, Bench

ATTITUDE = mavlink.MAVLINK_MSG_ID_ATTITUDE


@pytest.fixture
def bench():
    bench = Bench()
    bench.craft.links = lambda: (STATION.link, OTHER.link)
    return bench


def run(bench, seconds, speed=1.0, period=0.02):
    """Wall and simulated time together, polled every ``period`` wall s."""
    bench.clear()
    for _ in range(round(seconds / period)):
        bench.simulation.step(round(speed * period, 2))
        bench.wall += period
        bench.component.poll()


def test_the_defaults_come_at_their_rates_on_every_link(bench):
    run(bench, 10.0)
    for link in (1, 2):
        assert len(bench.of("ATTITUDE", link=link)) == pytest.approx(100, abs=2)
        assert len(bench.of("VFR_HUD", link=link)) == pytest.approx(50, abs=2)
        assert len(bench.of("WIND_COV", link=link)) == pytest.approx(10, abs=1)
    assert bench.component.faults == 0


def test_an_interval_changes_one_link_alone(bench):
    assert bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, 20_000) == 0
    assert bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, mavlink.MAVLINK_MSG_ID_VFR_HUD,
                         -1, sender=OTHER) == 0
    run(bench, 4.0)
    assert len(bench.of("ATTITUDE", link=1)) == pytest.approx(200, abs=2)
    assert len(bench.of("ATTITUDE", link=2)) == pytest.approx(40, abs=2)
    assert len(bench.of("VFR_HUD", link=1)) == pytest.approx(20, abs=1)
    assert bench.of("VFR_HUD", link=2) == []


def test_the_interval_is_told_and_goes_back_to_its_default(bench):
    def told(number, sender=STATION):
        assert bench.command(mavlink.MAV_CMD_GET_MESSAGE_INTERVAL, number, sender=sender) == 0
        return bench.last("MESSAGE_INTERVAL").interval_us

    assert told(ATTITUDE) == 100_000
    bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, 33_333)
    assert (told(ATTITUDE), told(ATTITUDE, OTHER)) == (33_333, 100_000)
    bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, 0)
    assert told(ATTITUDE) == 100_000
    bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, -1)
    assert told(ATTITUDE) == -1
    assert told(mavlink.MAVLINK_MSG_ID_OPTICAL_FLOW) == 0  # there is none aboard


@pytest.mark.parametrize("number, interval", [
    (None, 100.0), (ATTITUDE, None), (ATTITUDE, -2.0), (30.5, 100.0)])
def test_an_interval_that_is_none_is_refused_with_a_text(bench, number, interval):
    assert bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, number, interval) == (
        mavlink.MAV_RESULT_DENIED)
    assert "SET_MESSAGE_INTERVAL" in bench.texts[-1]


def test_an_infinite_interval_does_not_get_through(bench):
    assert bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, math.inf) != 0


def test_a_message_that_is_not_made_is_unsupported(bench):
    assert bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL,
                         mavlink.MAVLINK_MSG_ID_OPTICAL_FLOW, 1e6) == (
        mavlink.MAV_RESULT_UNSUPPORTED)


def test_intervals_are_simulated_but_a_wall_second_takes_two_hundred_messages_at_most(bench):
    """At speed 20 the defaults would be some 1 000 a second: capped, and none starves."""
    run(bench, 5.0, speed=20.0)
    sent = bench.of(link=1)
    assert len(sent) <= 5 * 200 + 20
    assert len(sent) > 900
    kinds = {message.get_type() for message in sent}
    assert {"ATTITUDE", "GPS_RAW_INT", "WIND_COV", "EFI_STATUS", "SYSTEM_TIME"} <= kinds


def test_what_was_not_sent_is_not_made_up_for(bench):
    run(bench, 1.0)
    bench.simulation.step(60.0)
    run(bench, 1.0)
    assert len(bench.of("ATTITUDE", link=1)) <= 11


def test_nothing_flows_while_simulated_time_stands_but_a_request_is_answered(bench):
    run(bench, 1.0)
    bench.clear()
    bench.poll(2.0)
    assert bench.of("ATTITUDE") == []
    assert bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, ATTITUDE) == 0
    assert len(bench.of("ATTITUDE")) == 1


def test_the_older_stream_request_sets_and_stops_a_group(bench):
    def ask(rate, start):
        bench.receive(mavlink.MAVLink_request_data_stream_message(
            1, 1, mavlink.MAV_DATA_STREAM_EXTRA1, rate, start))

    ask(4, 1)
    run(bench, 5.0)
    assert len(bench.of("ATTITUDE", link=1)) == pytest.approx(20, abs=1)
    assert len(bench.of("ATTITUDE", link=2)) == pytest.approx(50, abs=1)
    ask(4, 0)
    run(bench, 1.0)
    assert bench.of("ATTITUDE", link=1) == []


def test_a_link_that_left_starts_afresh(bench):
    bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, ATTITUDE, -1)
    bench.component.forget(STATION.link)
    run(bench, 1.0)
    assert len(bench.of("ATTITUDE", link=1)) == pytest.approx(10, abs=1)
