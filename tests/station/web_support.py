"""A station on a loopback port, in a thread of its own, with vehicles that are only a table."""

import asyncio
import contextlib
import re
import threading
from dataclasses import replace

import httpx
from argon2 import PasswordHasher

from longwatch.station import serving
from longwatch.station.config import Config
from longwatch.station.context import Station
from longwatch.station.instructor.simulator import Simulator
from longwatch.station.refusal import ROLES
from longwatch.station.store import Store
from longwatch.station.web.hub import Hub
from longwatch.station.web.passwords import Passwords
from longwatch.station.web.sessions import Sessions, cookie_of

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that cost next to nothing, for tests that are not about them."""


class TableFleet:
    """Vehicles as the hub and control see them."""

    def __init__(self, ids=("1", "2")):
        self.names = ["armed", "roll", "mode"]
        self.values = {key: {0: False, 1: 0.0, 2: "hold"} for key in ids}
        self.changed = {}
        self.pilots = dict.fromkeys(ids)

    def vehicles(self):
        return [{"id": key, "system": int(key), "name": f"tb2 {key}", "pilot": pilot,
                 "replay": False} for key, pilot in self.pilots.items()]

    def set(self, key, index, value):
        self.values[key][index] = value
        self.changed.setdefault(key, {})[index] = value

    def whole(self):
        return self.values

    def changes(self):
        changed, self.changed = self.changed, {}
        return changed

    def pilot(self, key):
        return self.pilots.get(key)

    def set_pilot(self, key, name):
        self.pilots[key] = name


class Clock:
    """A clock that passes when told to."""

    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


class Running:
    """One station that answers; ``call`` runs a function within its loop."""

    def __init__(self, station, address, link, loop):
        self.station, self.address, self.link, self.loop = station, address, link, loop
        self.host = address.removeprefix("http://")
        self.port = int(self.host.rpartition(":")[2])

    def call(self, function, *arguments):
        async def inside():
            return function(*arguments)

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(20)

    def session(self, *roles, user="somebody"):
        """A cookie's token for a session with ``roles``."""
        return self.call(self.station.sessions.begin, user, roles or ROLES)[0]

    def client(self, *roles, token=None, user="somebody"):
        """An HTTP client, signed in with ``roles``; not signed in where ``token`` is ""."""
        token = self.session(*roles, user=user) if token is None else token
        return httpx.Client(base_url=self.address, headers=self.cookie(token) if token else {},
                            trust_env=False, timeout=20)

    def cookie(self, token):
        """The header that a browser sends with a session's token."""
        return {"Cookie": f"{cookie_of(self.address)}={token}"}


def parts(config, fleet, wall, clock):
    """The parts of a station around ``fleet``."""
    store = Store(config.folder, wall)
    hub = Hub(wall)
    sessions = Sessions(store, wall)
    hub.alive, sessions.on_end = sessions.alive, hub.end
    store.on_entry = lambda entry: hub.publish(["journal", entry])
    return Station(config, fleet, store, hub, None, None, Simulator(config), sessions,
                   Passwords(store, clock))


@contextlib.contextmanager
def running(folder, *, fleet=None, page=None, wall=None, clock=None, **settings):
    """A station at a free port until the block ends."""
    clock, wall = clock or Clock(), wall or Clock(1.8e9)
    config = replace(Config(folder / "station", port=0), **settings)
    came, told = threading.Event(), {}

    async def live():
        stop = asyncio.Event()
        station = parts(config, fleet or TableFleet(), wall, clock)

        def ready(address, link):
            told.update(running=Running(station, address, link, asyncio.get_running_loop()),
                        stop=stop)
            came.set()

        try:
            with contextlib.closing(serving.listen(config)) as listener:
                await serving.run(station, listener, ready, stop, page or folder / "page", clock)
        finally:
            await station.simulator.close()
            station.store.close()

    def work():
        try:
            asyncio.run(live())
        except BaseException as fault:
            told["fault"] = fault
        finally:
            came.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert came.wait(20)
    if "fault" in told:
        raise told["fault"]
    try:
        yield told["running"]
    finally:
        told["running"].loop.call_soon_threadsafe(told["stop"].set)
        thread.join(20)
    if "fault" in told:
        raise told["fault"]


def token_of(link):
    """The token in a one-time link."""
    return re.search(r"/enter/([\w-]+)$", link)[1]
