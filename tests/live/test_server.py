"""The server without sockets: one clock, and no trace of how wall time cut the batches."""

import pytest

from longwatch.live.server import Server


def test_aircraft_share_one_clock_and_differ_by_their_seeds():
    with Server(count=3, seed=7) as server:
        server.step(2.0)
        assert [int(a.simulation.state.clock.tick) for a in server.fleet] == [200] * 3
        assert [a.system for a in server.fleet] == [1, 2, 3]
        assert [a.simulation.settings["seed"] for a in server.fleet] == [7, 8, 9]


def test_batches_leave_no_trace():
    with Server(turbulence="light") as one, Server(turbulence="light") as other:
        one.advance(150)
        for ticks in (1, 2, 3, 50, 7, 87):
            other.advance(ticks)
        assert one[0].simulation.snapshot().record == other[0].simulation.snapshot().record


def test_the_radio_s_system_id_is_left_out():
    from longwatch.live.setting import SYSTEMS

    assert 51 not in SYSTEMS and SYSTEMS[50] == 52 and SYSTEMS[-1] == 200


@pytest.mark.parametrize(("bad", "told"), [
    ({"count": 0}, "count 0"), ({"count": 200}, "1 to 199"), ({"profile": "dji"}, "px4"),
    ({"speed": 0}, "speed 0"), ({"log_rate": 7.0}, "log rate 7"), ({"wind": "x"}, "wind")])
def test_a_bad_setting_is_refused(bad, told):
    from longwatch.errors import SetupError

    with pytest.raises(SetupError, match=told):
        Server(**bad)
