"""A loop that stood still, on real sockets: what was asked meanwhile is never carried out."""

import math
import socket
import threading
import time

import pytest

from clients.served import Served, wait_for
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode
from longwatch.mavlink.router import STALE_S
from longwatch.station.vehicles.commands import LONGEST_WAIT_S, TRIES, WAIT_S

pytestmark = pytest.mark.compiled_only
# What a station waits after each of its tries (station/vehicles/commands.py).
WAITS = [min(WAIT_S * 1.5**n, LONGEST_WAIT_S) for n in range(TRIES)]


def test_what_a_station_gave_up_while_the_loop_stood_still_is_never_carried_out():
    with Served(tcp=True) as served, socket.socket(type=socket.SOCK_DGRAM) as datagrams, \
            socket.create_connection(("127.0.0.1", served.tcp_port)) as stream:
        datagrams.bind(("127.0.0.1", served.ports[0]))
        there = datagrams.recvfrom(300)[1]
        simulation = served.server.fleet[0].simulation

        def done():
            return (bool(simulation.state.autopilot.crew.home_moved),
                    float(simulation.aircraft.datasheet[0].limits.bank_maximum)
                    == math.radians(25.0))

        def ask(attempt):
            stream.sendall(encode(mavlink.MAVLink_command_int_message(
                1, 1, 0, mavlink.MAV_CMD_DO_SET_HOME, 0, 0, 0.0, 0.0, 0.0, 0.0, 411300000,
                279000000, 200.0), 254, 190, attempt))
            datagrams.sendto(encode(mavlink.MAVLink_param_set_message(
                1, 1, b"LIM_BANK_MAX", 25.0, 9), 255, 190, attempt), there)

        time.sleep(0.2)
        still, goes_on = threading.Event(), threading.Event()
        served.loop.call_soon_threadsafe(lambda: (still.set(), goes_on.wait()))
        assert still.wait(10.0) and WAITS[-1] > STALE_S
        for attempt, wait in enumerate(WAITS):
            ask(attempt)
            time.sleep(wait)
        goes_on.set()
        served.do(lambda server: None)
        time.sleep(1.0)
        assert done() == (False, False)
        # Both links live, and what is asked now is done.
        ask(TRIES)
        wait_for(lambda: done() == (True, True), 10.0, what="orders carried out")
