"""A station and live aircraft in one process, on time that passes only as fast as it is computed.

    with Virtual(profile="px4") as air:
        air.run(lambda: air.fleet.vehicles())       # until it holds something, or the test fails
        air.do(air.fleet.command("1", "arm", {}))   # a coroutine's result

The event loop's clock is the server's stepped wall: where the loop would sleep, the aircraft fly.
"""

import asyncio
import selectors

from longwatch.datalink.pipe import Pipe
from longwatch.live.server import Server
from longwatch.mavlink.link import Link
from longwatch.station.vehicles.connections import Way
from longwatch.station.vehicles.fleet import Fleet

STEP = 0.02


class _Selector(selectors.DefaultSelector):
    """Waits by letting the aircraft fly."""

    def __init__(self, advance):
        super().__init__()
        self._advance = advance

    def select(self, timeout=None):
        if timeout is None or timeout > 0.0:
            self._advance(STEP)
        return super().select(0.0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, server):
        super().__init__(_Selector(server.step))
        self._server = server

    def time(self):
        return self._server.wall.now


class _Leap(selectors.DefaultSelector):
    """Waits not at all: time leaps to when something is due."""

    now = 0.0

    def select(self, timeout=None):
        self.now += timeout or 0.0
        return super().select(0.0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time, so that no machine is too slow for a test."""

    def __init__(self):
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self):
        return self._leap.now


class Virtual:
    """``options`` are those of Server; ``loss`` is the share of frames lost each way."""

    def __init__(self, *, loss=0.0, seed=0, server=None, **options):
        self.server = server or Server(**{"wind": "0@0", "fuel_kg": 100.0, **options})
        self.loop = _Loop(self.server)
        self.events = []
        self.fleet = Fleet(aircraft="tb2", utc=lambda: 1.7e9)
        self.fleet.on_event = self.events.append
        self.way = None
        self.link = None
        self._loss, self._seed = loss, seed

    def __enter__(self):
        asyncio.set_event_loop(self.loop)
        self.do(self.fleet.open())
        self.connect()
        return self

    def __exit__(self, *_):
        self.do(self.fleet.close())
        self.loop.close()
        asyncio.set_event_loop(None)

    def connect(self, name="memory"):
        """Join station and server by another link."""
        way = Way(name, lambda raw: self.server.router.receive(link, raw))
        link = Link(name, lambda raw: self.fleet.arrive(way, raw))
        if self._loss:
            link.outbound = Pipe(loss=self._loss, seed=self._seed)
            link.inbound = Pipe(loss=self._loss, seed=self._seed + 1)
        self.server.router.attach(link)
        self.fleet.attach(way)
        self.way, self.link = way, link

    def do(self, work, seconds=600.0):
        """Run a coroutine to its end."""
        async def bounded():
            async with asyncio.timeout(seconds):
                return await work
        return self.loop.run_until_complete(bounded())

    def run(self, until=None, seconds=60.0):
        """Let time pass, until ``until()`` holds where it is given; what it gave."""
        end = self.loop.time() + seconds

        async def wait():
            while self.loop.time() < end:
                if until is not None and (found := until()):
                    return found
                await asyncio.sleep(STEP)
            assert until is None, f"not within {seconds} s"
            return None
        return self.loop.run_until_complete(wait())

    def known(self, identity="1"):
        """Wait until everything that is asked of a vehicle has come."""
        self.run(lambda: identity in self.fleet._meetings, 10.0)
        self.run(lambda: self.fleet._meetings[identity].done(), 120.0)
        return self.fleet.find(identity)

    def value(self, name, identity="1"):
        """A quantity of a vehicle."""
        return self.fleet.find(identity).number(name)

    def told(self, kind):
        """Events of a kind, in order."""
        return [event for event in self.events if event[0] == kind]
