"""Commands for systems and components that are nowhere: denied, saying so, to whoever asked."""

import pytest

from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink


@pytest.fixture(scope="module")
def server():
    with Server(count=2) as server:
        server.step(2.0)
        yield server


@pytest.mark.parametrize(("target", "by"), [((7, 1), 1), ((1, 100), 1), ((2, 100), 2)])
def test_a_command_for_nobody_is_denied_with_a_text(server, target, by):
    client, other = server.client(250), server.client(251)
    client.send(mavlink.MAVLink_command_long_message(*target, 400, 0, 1, 0, 0, 0, 0, 0, 0))
    ack, = client.take("COMMAND_ACK")
    assert (ack.command, ack.result, ack.get_srcSystem()) == (400, mavlink.MAV_RESULT_DENIED, by)
    assert (ack.target_system, ack.target_component) == (250, 190)
    text = client.take("STATUSTEXT")[0].text
    assert text == f"nobody is system {target[0]} component {target[1]} here"
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
