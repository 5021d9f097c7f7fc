"""A craft on a live simulation without sockets: a wall clock by hand, and what was sent.

    bench = Bench()
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0)
    assert bench.last("COMMAND_ACK").result == mavlink.MAV_RESULT_ACCEPTED
"""

import math
from dataclasses import dataclass
from typing import Any

from longwatch.errors import OrderError
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Component
from longwatch.services.craft import Craft, Sender
from longwatch.services.profiles import PROFILES
from longwatch.services.table import SERVICES
from longwatch.simulation.run import Simulation

STATION = Sender(link=1, system=255, component=190)
OTHER = Sender(link=2, system=254, component=190)


@dataclass(frozen=True)
class Sent:
    """One message that went out: for which link (None: all), from which component."""

    message: Any
    link: int | None
    component: int


class Bench:
    """One aircraft with its services; ``options`` are those of Simulation.

    Attributes:
        simulation, craft, component: the aircraft and its services.
        sent: every message that went out so far, in order, after a trip through the codec.
    """

    def __init__(self, profile="px4", *, system=1, services=None, simulation=None, keep=None,
                 **options):
        self.wall = 1000.0
        self.sent: list[Sent] = []
        self.simulation = simulation or live(**options)
        self.craft = Craft(self.simulation, system, PROFILES[profile], self._take,
                           wall=lambda: self.wall, keep=keep)
        self.component = Component(self.craft, SERVICES if services is None else services)
        self._out = mavlink.MAVLink(None, srcSystem=system, srcComponent=1)
        self._in = mavlink.MAVLink(None)

    def _take(self, message, link, component):
        self._out.srcComponent = component
        raw = message.pack(self._out)
        self.sent.append(Sent(self._in.decode(bytearray(raw)), link, component))

    def receive(self, message, sender=STATION):
        """Hand a message in as it comes off the wire (through the codec, trimmed)."""
        out = mavlink.MAVLink(None, srcSystem=sender.system, srcComponent=sender.component)
        self.component.handle(self._in.decode(bytearray(message.pack(out))), sender)

    def command(self, number, *parameters, sender=STATION, confirmation=0, target=(1, 1)):
        """Send a COMMAND_LONG, missing parameters 0; return its COMMAND_ACK's result, or None."""
        values = [*parameters, *[0.0] * (7 - len(parameters))]
        values = [math.nan if v is None else v for v in values]
        before = len(self.sent)
        self.receive(mavlink.MAVLink_command_long_message(
            *target, number, confirmation, *values), sender)
        return self._result(number, before)

    def command_int(self, number, *parameters, latitude=None, longitude=None, z=None,
                    frame=mavlink.MAV_FRAME_GLOBAL, sender=STATION, target=(1, 1)):
        """Send a COMMAND_INT with a place in degrees; return its COMMAND_ACK's result, or None."""
        values = [*parameters, *[math.nan] * (4 - len(parameters))]
        values = [math.nan if v is None else v for v in values]
        place = [0x7FFFFFFF if v is None else round(v * 1e7) for v in (latitude, longitude)]
        before = len(self.sent)
        self.receive(mavlink.MAVLink_command_int_message(
            *target, frame, number, 0, 0, *values, *place, math.nan if z is None else z), sender)
        return self._result(number, before)

    def _result(self, number, before):
        for sent in self.sent[before:]:
            if sent.message.get_type() == "COMMAND_ACK" and sent.message.command == number:
                return sent.message.result
        return None

    def poll(self, seconds=0.0, period=0.02):
        """Let wall time pass, services polled every ``period`` s; simulated time stands."""
        for _ in range(max(round(seconds / period), 1)):
            self.wall += period if seconds else 0.0
            self.component.poll()

    def fly(self, seconds, until=None, step=1.0):
        """Let simulated and wall time pass together; stop early when ``until()`` is true."""
        for _ in range(round(seconds / step)):
            if until is not None and until():
                return
            self.simulation.step(step)
            self.wall += step
            self.component.poll()

    def of(self, *types, link=..., component=...):
        """The messages sent: of these types, for a link, by a component, where these are given."""
        return [s.message for s in self.sent
                if (not types or s.message.get_type() in types)
                and (component is ... or s.component == component)
                and (link is ... or s.link == link)]

    def last(self, kind):
        """The newest message sent of a type; fails where there is none."""
        found = self.of(kind)
        assert found, f"no {kind} was sent"
        return found[-1]

    @property
    def texts(self):
        """The status texts sent, chunks joined."""
        whole, chunked = [], {}
        for message in self.of("STATUSTEXT"):
            text = message.text if isinstance(message.text, str) else message.text.decode()
            if message.id == 0:
                whole.append(text)
            elif message.chunk_seq == 0:
                chunked[message.id] = len(whole)
                whole.append(text)
            else:
                whole[chunked[message.id]] += text
        return whole

    def clear(self):
        """Forget what was sent so far."""
        self.sent.clear()


def live(**options):
    """A live aircraft, aligned, parked at its home runway."""
    simulation = Simulation(**{"wind": "0@0", "fuel_kg": 100.0, "live": True, **options})
    simulation.step(1.5)
    return simulation


class Recorded:
    """A simulation that keeps the orders it is given instead of flying them.

    Attributes:
        orders: (name, arguments) of each, in order.
        refusal: where not empty, what every order is refused with.
    """

    def __init__(self, simulation):
        self._simulation = simulation
        self.orders, self.refusal = [], ""

    def __getattr__(self, name):
        return getattr(self._simulation, name)

    def order(self, name, sender="", /, **arguments):
        if self.refusal:
            raise OrderError(self.refusal)
        self.orders.append((name, arguments))
