"""The command protocol, against MAVLink's command protocol page."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.services.commands import Commands
from longwatch.services.component import Service
from longwatch.services.craft import Refused, Reply
from services.harness import OTHER, STATION, Bench

COUNTED, SLOW, BROKEN, FUSSY = (mavlink.MAV_CMD_DO_SET_SERVO, mavlink.MAV_CMD_DO_DIGICAM_CONTROL,
                                mavlink.MAV_CMD_DO_SET_RELAY, mavlink.MAV_CMD_DO_PARACHUTE)


class Sample(Service):
    """Commands of every temper."""

    commands = (COUNTED, SLOW, BROKEN, FUSSY)

    def __init__(self, craft):
        super().__init__(craft)
        self.taken, self.cancelled, self.final = [], 0, None

    def command(self, command, sender):
        self.taken.append(command)
        if command.number == BROKEN:
            raise RuntimeError("a fault of ours")
        if command.number == FUSSY:
            raise Refused(mavlink.MAV_RESULT_DENIED, "FUSSY: no, because")
        if command.number == SLOW:
            return Reply(mavlink.MAV_RESULT_IN_PROGRESS, progress=10, later=lambda: self.final,
                         cancel=self._cancel)
        return Reply(mavlink.MAV_RESULT_ACCEPTED)

    def _cancel(self):
        self.cancelled += 1


@pytest.fixture(scope="module")
def shared_simulation():
    from services.harness import live
    return live()


@pytest.fixture
def bench(shared_simulation):
    return Bench(services=(Commands, Sample), simulation=shared_simulation)


def sample(bench):
    return bench.component.find(Sample)


def test_an_ack_goes_to_the_link_and_names_whoever_asked(bench):
    assert bench.command(COUNTED, 1.0, sender=OTHER) == mavlink.MAV_RESULT_ACCEPTED
    ack = bench.sent[-1]
    assert (ack.link, ack.message.target_system, ack.message.target_component) == (2, 254, 190)


def test_an_unknown_command_is_unsupported_without_a_text(bench):
    """Some clients send one every second: the result says it."""
    assert bench.command(mavlink.MAV_CMD_NAV_LAND_LOCAL) == mavlink.MAV_RESULT_UNSUPPORTED
    assert bench.command(54321) == mavlink.MAV_RESULT_UNSUPPORTED
    assert bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, 999) == mavlink.MAV_RESULT_UNSUPPORTED
    assert bench.texts == []


@pytest.mark.parametrize("target", [(7, 1), (1, 100)])
def test_a_command_for_another_is_not_ours(bench, target):
    assert bench.command(COUNTED, target=target) is None
    assert sample(bench).taken == []


@pytest.mark.parametrize("target", [(0, 0), (1, 0), (0, 1)])
def test_a_broadcast_command_is(bench, target):
    assert bench.command(COUNTED, target=target) == mavlink.MAV_RESULT_ACCEPTED


def test_nan_is_left_out_and_infinity_refused(bench):
    bench.command(COUNTED, None, 2.0, None, 0.0, None, 6.0, None)
    taken = sample(bench).taken[0]
    assert (taken.p1, taken.p2, taken.p3, taken.p5, taken.p7) == (None, 2.0, None, None, None)
    assert taken.latitude is None and taken.longitude == pytest.approx(math.radians(6.0))
    assert bench.command(COUNTED, 0, math.inf, 0, -math.inf) == mavlink.MAV_RESULT_DENIED
    assert "parameter 2, 4 is infinite" in bench.texts[-1]
    assert len(sample(bench).taken) == 1


def test_long_and_int_give_the_same_place(bench):
    bench.command(COUNTED, 0, 0, 0, 0, 41.25, -70.5, 100.0)
    bench.command_int(COUNTED, 0, 0, 0, 0, latitude=41.25, longitude=-70.5, z=100.0)
    long, whole = sample(bench).taken
    assert whole.is_int and not long.is_int
    assert whole.latitude == pytest.approx(math.radians(41.25), abs=1e-9)
    assert (long.latitude, long.longitude, long.p7) == pytest.approx(
        (whole.latitude, whole.longitude, whole.p7), abs=1e-7)
    bench.command_int(COUNTED)
    assert sample(bench).taken[-1].latitude is None


def test_a_local_frame_has_no_place_on_the_globe(bench):
    bench.command_int(COUNTED, latitude=1.0, longitude=2.0, frame=mavlink.MAV_FRAME_LOCAL_NED)
    taken = sample(bench).taken[0]
    assert (taken.latitude, taken.p5) == (None, 1e7)


def test_a_confirmed_repetition_is_answered_but_not_carried_out_again(bench):
    assert bench.command(COUNTED, 5.0) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.command(COUNTED, 5.0, confirmation=1) == mavlink.MAV_RESULT_ACCEPTED
    assert len(sample(bench).taken) == 1
    # The first transmission may have been the one that was lost.
    assert bench.command(COUNTED, 6.0, confirmation=1) == mavlink.MAV_RESULT_ACCEPTED
    assert len(sample(bench).taken) == 2
    # Another station's count is its own.
    bench.command(COUNTED, 6.0, confirmation=1, sender=OTHER)
    assert len(sample(bench).taken) == 3


def test_a_long_command_reports_progress_and_then_its_end(bench):
    assert bench.command(SLOW) == mavlink.MAV_RESULT_IN_PROGRESS
    assert bench.last("COMMAND_ACK").progress == 10
    bench.clear()
    bench.poll(2.0)
    acks = bench.of("COMMAND_ACK", link=1)
    assert 3 <= len(acks) <= 5
    assert {a.result for a in acks} == {mavlink.MAV_RESULT_IN_PROGRESS}
    sample(bench).final = Reply(mavlink.MAV_RESULT_ACCEPTED)
    bench.clear()
    bench.poll(2.0)
    assert [a.result for a in bench.of("COMMAND_ACK")] == [mavlink.MAV_RESULT_ACCEPTED]


def test_a_command_under_way_is_not_begun_twice_and_can_be_cancelled(bench):
    bench.command(SLOW, 1.0)
    assert bench.command(SLOW, 1.0) == mavlink.MAV_RESULT_IN_PROGRESS
    assert bench.command(SLOW, 2.0) == mavlink.MAV_RESULT_TEMPORARILY_REJECTED
    assert bench.command(SLOW, 1.0, sender=OTHER) == mavlink.MAV_RESULT_TEMPORARILY_REJECTED
    assert len(sample(bench).taken) == 1
    bench.receive(mavlink.MAVLink_command_cancel_message(1, 1, SLOW))
    assert bench.last("COMMAND_ACK").result == mavlink.MAV_RESULT_CANCELLED
    assert sample(bench).cancelled == 1
    bench.clear()
    bench.receive(mavlink.MAVLink_command_cancel_message(1, 1, SLOW))
    bench.poll(1.0)
    assert bench.sent == []


def test_a_refusal_says_why_to_whoever_asked_alone(bench):
    assert bench.command(FUSSY) == mavlink.MAV_RESULT_DENIED
    assert bench.texts == ["FUSSY: no, because"]
    assert bench.sent[-1].link == STATION.link


def test_a_fault_within_a_service_is_answered_counted_and_harms_nobody(bench):
    assert bench.command(BROKEN) == mavlink.MAV_RESULT_FAILED
    assert bench.component.faults == 1
    assert bench.command(COUNTED) == mavlink.MAV_RESULT_ACCEPTED


def test_memory_of_senders_is_bounded(bench):
    from longwatch.services.craft import Sender
    for system in range(1, 255):
        bench.command(COUNTED, sender=Sender(3, system, 190))
    assert len(bench.component.find(Commands)._last) <= 32
