"""The server without sockets: one clock, and no trace of how wall time cut the batches."""

import subprocess
import sys

import pytest

from longwatch.live.journal import read_journal
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink


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


def beat(station):
    station.send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))


def test_heartbeats_come_once_a_wall_second_paused_too():
    with Server() as server:
        client = server.client()
        server.wait(0.1)
        client.take()
        server.wait(10.0)
        assert server.tick == 0
        beats = [m for m in client.take("HEARTBEAT") if m.get_srcComponent() == 1]
        assert len(beats) == 10


def test_presence_is_ten_wall_seconds_and_an_order(tmp_path):
    with Server(out=tmp_path / "run") as server:
        client = server.client()
        server.step(1.0)
        beat(client)
        server.step(0.5)
        server.wait(9.0)  # 9.5 s of silence, most of it while simulated time stands
        assert server.states()[0]["client"]
        server.wait(0.6)
        assert not server.states()[0]["client"]
        server.step(0.1)
        beat(client)
        assert server.states()[0]["client"]
    orders = [(order.tick, order.name, order.arguments)
              for order in read_journal(tmp_path / "run").orders]
    assert orders == [(100, "link", {"present": True}), (150, "link", {"present": False}),
                      (160, "link", {"present": True})]


def test_a_cut_link_is_heard_no_more_at_once():
    with Server(count=2) as server:
        client = server.client()
        beat(client)
        assert [s["client"] for s in server.states()] == [True, True]
        server.order(2, "fault", "test", name="link")
        server.step(0.1)
        client.take()
        server.step(5.0)
        assert {m.get_srcSystem() for m in client.take()} == {1}
        assert [s["client"] for s in server.states()] == [True, False]
        server.order(2, "fault_end", "test", name="link")
        beat(client)
        assert [s["client"] for s in server.states()] == [True, True]


LOADED = """
from numba.core.dispatcher import Dispatcher
from longwatch.autopilot.aboard.fence import CIRCLE_INCLUSION, FenceVertex
from longwatch.live.server import Server
from longwatch.simulation.orders.fence import fence_text

with Server() as server:
    aircraft = server.fleet[0]
    before = aircraft.simulation.snapshot().record
    aircraft.warm()
    assert aircraft.simulation.snapshot().record == before
    server.components.warm()
    made = Dispatcher._compile_for_args
    Dispatcher._compile_for_args = lambda self, *a, **k: (
        print(self.py_func.__qualname__), made(self, *a, **k))[1]
    simulation, header = aircraft.simulation, aircraft.simulation.loaded.header
    server.step(5.0)
    around = FenceVertex.zeros(1)
    around["kind"], around["radius"] = CIRCLE_INCLUSION, 50e3
    place = {"latitude": float(header.home_latitude), "longitude": float(header.home_longitude)}
    around["latitude"], around["longitude"] = place.values()
    for name, given in (("fence", {"records": fence_text(around)}), ("arm", {}),
                        ("take_off", {"altitude_msl": 900.0})):
        simulation.order(name, **given)
    server.step(90.0)
    for name, given in (("go_to", place | {"altitude_msl": 900.0}), ("speed", {
            "calibrated_airspeed": 40.0}), ("course", {"course": 1.0}), ("return", {})):
        simulation.order(name, **given)
    server.step(1.0)
"""


@pytest.mark.compiled_only
def test_nobody_waits_for_machine_code_once_it_is_warm():
    """Each function made or loaded later would hold the loop: 37 ms at the first fence."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True,
                          check=True)
    assert done.stdout == ""
