"""Commands for systems and components that are nowhere: nobody answers, and a text says why."""

import pytest

from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink


@pytest.fixture(scope="module")
def server():
    with Server(count=2) as server:
        server.step(2.0)
        yield server


@pytest.mark.parametrize(("target", "by"), [((7, 1), 1), ((1, 100), 1), ((2, 100), 2)])
def test_a_command_for_nobody_stays_unanswered_and_a_text_says_why(server, target, by):
    client, other = server.client(250), server.client(251)
    client.send(mavlink.MAVLink_command_long_message(*target, 400, 0, 1, 0, 0, 0, 0, 0, 0))
    heard = [m for m in client.take() if m.get_type() in ("COMMAND_ACK", "STATUSTEXT")]
    assert [m.get_type() for m in heard] == ["STATUSTEXT"]
    assert heard[0].text == f"nobody is system {target[0]} component {target[1]} here"
    assert heard[0].get_srcSystem() == by
    assert other.take("COMMAND_ACK") == []
    assert not any(a.simulation.state.autopilot.crew.armed for a in server.fleet)
    client.close()
    other.close()


def test_a_command_for_another_station_goes_there_and_is_nobody_elses(server):
    client, other = server.client(250), server.client(251)
    other.send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 0, 3))
    client.take(), other.take()
    client.send(mavlink.MAVLink_command_long_message(251, 190, 400, 0, 1, 0, 0, 0, 0, 0, 0))
    assert [m.target_system for m in other.take("COMMAND_LONG")] == [251]
    assert client.take("COMMAND_ACK") == []


def test_a_command_for_the_radio_is_unsupported_by_itself_and_one_for_all_is_not_its(server):
    client = server.client(249)
    for target in ((1, 68), (1, 0), (0, 0)):
        client.send(mavlink.MAVLink_command_long_message(*target, 512, 0, 148, 0, 0, 0, 0, 0, 0))
        told = {(m.get_srcSystem(), m.get_srcComponent()): m.result
                for m in client.take("COMMAND_ACK")}
        expected = ({(1, 68): mavlink.MAV_RESULT_UNSUPPORTED} if target[1] == 68 else
                    {(s, 1): mavlink.MAV_RESULT_ACCEPTED for s in ((1,) if target[0] else (1, 2))})
        assert told == expected
    client.close()
