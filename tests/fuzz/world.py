"""An aircraft with all its services under a hostile client, and what must hold whatever it sends.

    world = World()
    world.do(("send", raw))
    world.check()     # raises AssertionError: a finding
"""

import math
import traceback
from copy import deepcopy
from functools import cache
from unittest.mock import patch

import numpy as np

from fuzz.traffic import Traffic
from longwatch.live.server import Server
from longwatch.live.setting import Setting
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.loopback import Station
from longwatch.services import component as component_room
from longwatch.simulation.vehicle import DT

# Things that the services of one aircraft may hold on to, all together; and bytes of them.
MOST_KEPT = 60_000
MOST_BYTES = 8_000_000


STATES = ("parked", "armed", "airborne")


@cache
def _flown(state):
    """An aircraft in one of STATES, to be copied."""
    simulation, = Setting(fuel_kg=100.0).simulations()
    simulation.step(2.0)
    if state != "parked":
        simulation.order("arm")
    if state == "airborne":
        simulation.order("take_off", altitude_msl=700.0)
        simulation.step(240.0)
    return simulation


def flown(state):
    """An aircraft of its own in one of STATES.

    It shares the tables that nothing may write to: a copy of one is writable, which is another
    type to the compiler, and all that flies would be compiled anew.
    """
    simulation = _flown(state)
    tables = [part for part in (simulation.aircraft.datasheet, *simulation.loaded,
                                simulation.world.geoid, simulation.world.magnetic.values,
                                *simulation.world.weather, *simulation.world.terrain)
              if isinstance(part, np.ndarray) and not part.flags.writeable]
    return deepcopy(simulation, {id(table): table for table in tables})


def served(profile, state):
    """A server with one aircraft in one of STATES."""
    simulation = flown(state)
    with patch.object(Setting, "simulations", lambda setting: [simulation]):
        return Server(profile=profile)


class World:
    """One aircraft on a server without sockets; a hostile client and a second, honest one."""

    def __init__(self, profile="px4", state="parked"):
        self._state = state
        self.server = served(profile, state)
        self.orders = []
        self.server[0].simulation.on_order = lambda order: self.orders.append(order)
        self.hostile = self.server.client(255)
        self.honest = self.server.client(250)
        self.component = self.server.components.ears[0].component
        self.faults = []
        self.component.fault = lambda service, what, error: self.faults.append(
            (type(service).__name__, what, "".join(traceback.format_exception(error)[-3:])))
        home = self.component.craft.home
        self.traffic = Traffic(
            {name for service in self.component.services for name in service.messages},
            self.component.by_command, parameter_names(self.component),
            (math.degrees(home.latitude), math.degrees(home.longitude), home.altitude_msl))

    def do(self, action):
        """Carry out one action of the traffic."""
        name, argument = action
        if name == "send":
            self.hostile.send_raw(argument)
        elif name == "answer":
            self._answer(argument)
        elif name == "other":
            self.honest.send_raw(argument)
        elif name == "step":
            self.server.step(argument)
        elif name == "wait":
            self.server.wait(argument)
        else:
            self.hostile.close()
            self.hostile = Station(self.server.router, 255)

    def _answer(self, item):
        """Upload what the aircraft asks for."""
        asked = next((frame.message for frame in reversed(self.hostile.received)
                      if frame.name in ("MISSION_REQUEST_INT", "MISSION_REQUEST")), None)
        if asked is not None:
            command, frame, four, x, y, z = item
            self.hostile.send(mavlink.MAVLink_mission_item_int_message(
                1, 1, asked.seq, frame, command, 0, 1, *four, x, y, z, asked.mission_type))

    def check(self):
        """What must hold after any traffic."""
        assert not self.faults, self.faults[0]
        self._answers()
        self._flies_on()
        count, size = held(self.component)
        assert count < MOST_KEPT and size < MOST_BYTES, (count, size)
        same = self._replayed() == content(self.server[0].simulation)
        assert same, [order.name for order in self.orders]

    def _replayed(self):
        """The record of another aircraft that got the same orders and nothing else."""
        simulation = flown(self._state)
        for order in self.orders:
            _reach(simulation, order.tick)
            simulation.order(order.name, sender=order.sender, **order.arguments)
        _reach(simulation, int(self.server[0].simulation.state.clock.tick))
        return content(simulation)

    def _answers(self):
        """Another client is served as if nothing had been."""
        self.server.wait(1.1)
        self.honest.received.clear()
        self.honest.send(mavlink.MAVLink_ping_message(1, 4711, 0, 0))
        pings = [m for m in self.honest.take("PING") if m.seq == 4711]
        assert len(pings) == 1, pings
        self.honest.send(mavlink.MAVLink_command_long_message(
            1, 1, mavlink.MAV_CMD_REQUEST_MESSAGE, 0, 148, 0, 0, 0, 0, 0, 0))
        self.server.wait(1.1)
        assert len(self.honest.take("AUTOPILOT_VERSION")) == 1
        beats = [m for m in self.honest.take("HEARTBEAT")
                 if m.get_srcSystem() == 1 and m.get_srcComponent() == 1]
        assert len(beats) in (1, 2), len(beats)

    def _flies_on(self):
        """Simulated time passes and the record holds numbers."""
        self.server.step(0.5)
        autopilot = self.server[0].simulation.state.autopilot
        assert autopilot.crew.mode in range(12)
        for name in autopilot.crew.dtype.names:
            value = autopilot.crew[name]
            if getattr(value, "dtype", None) is not None and value.dtype.kind == "f" and not (
                    value.shape):
                assert not math.isinf(value), name


def content(simulation):
    """An aircraft's record without the gaps between its fields, which hold anything."""
    return b"".join(_leaves(simulation.vehicles.view(np.ndarray)))


def _leaves(array):
    if array.dtype.names is None:
        yield array.tobytes()
    for name in array.dtype.names or ():
        yield from _leaves(array[name])


def _reach(simulation, tick):
    simulation.step((tick - int(simulation.state.clock.tick)) * DT)


def parameter_names(component):
    """A few names of parameters there are."""
    names = [row.name for service in component.services
             for row in getattr(getattr(service, "list", None), "items", ())]
    return names[::max(1, len(names) // 24)]


def held(component):
    """How many things, and bytes of text and data, the services of a component hold."""
    count = size = 0
    seen = set()
    todo = [vars(service) for service in component.services]
    while todo:
        thing = todo.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        count += 1
        if isinstance(thing, (bytes, bytearray, str)):
            size += len(thing)
        elif isinstance(thing, dict):
            todo += thing.keys()
            todo += thing.values()
        elif isinstance(thing, (list, tuple, set, frozenset)) or type(thing).__name__ == "deque":
            todo += thing
        elif hasattr(thing, "__dict__") and type(thing).__module__.startswith(
                component_room.__package__) and type(thing).__name__ not in ("Craft", "Component"):
            todo.append(vars(thing))
    return count, size
