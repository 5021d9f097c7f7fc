"""A station, put together, run, and taken apart in order.

``serve`` is what ``longwatch station`` runs. Tests and benchmarks run it in a thread or a process
of their own:

    stop = asyncio.Event()
    await serve(config, ready=lambda address, link: print(link), stop=stop)
"""

import asyncio
import contextlib
import gc
import logging
import logging.handlers
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from longwatch.errors import SetupError
from longwatch.http_connections import Http, listening, quiet_server
from longwatch.station.chart import routes as place_routes
from longwatch.station.chart.maps import Maps
from longwatch.station.config import Config
from longwatch.station.context import Station
from longwatch.station.help import routes as help_routes
from longwatch.station.instructor import routes as simulator_routes
from longwatch.station.instructor.simulator import Simulator
from longwatch.station.missions import routes as mission_routes
from longwatch.station.missions.judging import Judges
from longwatch.station.replay import routes as replay_routes
from longwatch.station.replay.replays import Replays
from longwatch.station.routing import Route
from longwatch.station.store import Store
from longwatch.station.vehicles import inspector_routes, parameter_routes, stick_routes
from longwatch.station.vehicles import routes as vehicle_routes
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.telemetry import Telemetry
from longwatch.station.watch import routes as watch_routes
from longwatch.station.watch.watch import Watch
from longwatch.station.web import control_routes, journal_routes, settings_routes, users_routes
from longwatch.station.web.application import Web
from longwatch.station.web.control_routes import Presence
from longwatch.station.web.guard import Hosts
from longwatch.station.web.hub import MOST_SOCKETS, Hub
from longwatch.station.web.page_files import PAGE
from longwatch.station.web.passwords import Passwords
from longwatch.station.web.sessions import Link, Sessions
from longwatch.station.web.socket import KEPT_FOR_ONE, Protocol

ROOMS = (users_routes, settings_routes, journal_routes, control_routes, simulator_routes,
         vehicle_routes, parameter_routes, inspector_routes, mission_routes, place_routes,
         replay_routes, help_routes, watch_routes,
         stick_routes)
ROUTES: tuple[Route, ...] = tuple(route for room in ROOMS for route in room.ROUTES)
LOG, LARGEST_LOG = "station.log", 4 * 1024 * 1024
MOST_CONNECTIONS = 8 * MOST_SOCKETS

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def parts(config: Config) -> AsyncIterator[Station]:
    """The station's parts, opened, and closed again in the opposite order.

    Raises:
        SetupError, LinkError: one of them cannot be had.
    """
    async with contextlib.AsyncExitStack() as stack:
        store = Store(config.folder)
        stack.callback(store.close)
        may_listen(config, store)
        hub = Hub()
        sessions = Sessions(store)
        hub.alive = sessions.alive
        sessions.on_end = hub.end
        store.on_entry = lambda entry: hub.publish(["journal", entry])
        simulator = Simulator(config)
        stack.push_async_callback(simulator.close)
        judge = Judges(config.aircraft, config.terrain)
        stack.push_async_callback(judge.close)
        maps = Maps(config)
        stack.push_async_callback(maps.close)
        fleet = Fleet(aircraft=config.aircraft)
        fleet.on_event = hub.publish
        store.about = fleet.about
        fleet.on_let_go = lambda user, vehicle, reason: store.journal(
            user, vehicle, "manual", "end", {"reason": reason}, "accepted")
        if config.terrain is not None:
            fleet.terrain.ground = maps.elevations
        telemetry = Telemetry(config.folder)
        stack.callback(telemetry.close)
        fleet.tap = telemetry.take
        stack.push_async_callback(fleet.close)
        replays = Replays(config, fleet)
        stack.push_async_callback(replays.close)
        await fleet.open(config.connect)
        judge.start()
        watch = Watch(store, fleet, hub.publish)
        for work in (telemetry.run(), watch.run()):
            stack.callback(asyncio.create_task(work).cancel)
        yield Station(config, fleet, store, hub, judge, replays, simulator, sessions,
                      Passwords(store, time.monotonic), maps, watch)


async def serve(config: Config, ready: Callable[[str, str], None], *,
                stop: asyncio.Event | None = None, page: Path = PAGE) -> None:
    """Run a station until SIGINT or SIGTERM, or until ``stop`` is set.

    Args:
        config: what it is started with.
        ready: called with the address and the one-time link, once both are good.
        stop: ends the run; with it, signals are left to the caller.
        page: folder of the built page.

    Raises:
        SetupError, LinkError: before anything answers; the message says what to do.
    """
    with contextlib.closing(listen(config)) as listener:
        async with parts(config) as station:
            with _log_file(config.folder):
                await run(station, listener, ready, stop, page)


async def run(station: Station, listener: socket.socket, ready: Callable[[str, str], None],
              stop: asyncio.Event | None, page: Path,
              clock: Callable[[], float] = time.monotonic) -> None:
    """Run the parts of a station on a socket that listens, as ``serve`` does.

    ``clock``, monotonic [s], is that of rates, delays and of pilots who have gone.
    """
    config = station.config
    port = listener.getsockname()[1]
    address = f"http://{_literal(config.host)}:{port}"
    own = address if config.loopback else f"http://127.0.0.1:{port}"
    link = Link(config.folder, own)
    web = Web(station, ROUTES, Hosts(config, port), link, page, clock)
    server = quiet_server(
        web.application(), log_config=None, http=Http, loop="none", ws=Protocol,
        ws_per_message_deflate=False, ws_max_size=1024, ws_ping_interval=10.0,
        ws_ping_timeout=20.0, proxy_headers=False, timeout_keep_alive=30,
        limit_concurrency=MOST_CONNECTIONS, h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=2)
    ending = stop if stop is not None else asyncio.Event()
    work: list[Coroutine[Any, Any, Any]] = [
        server.serve(sockets=[listener]), station.hub.run(station.fleet),
        Presence(station, clock).run(), station.simulator.run(station.hub)]
    with _signals(ending if stop is None else None), contextlib.closing(link):
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(each) for each in work]
        waiting = asyncio.create_task(ending.wait())
        try:
            while not server.started and not tasks[0].done():
                await asyncio.sleep(0.005)
            # What lives as long as the station is not looked at again: no frame waits for that.
            gc.collect()
            gc.freeze()
            ready(address, link.link)
            await asyncio.wait([waiting, *tasks[:3]], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks[:3]:
                if task.done():
                    task.result()  # what none of them does by itself
        finally:
            station.hub.end_all()
            server.should_exit = True
            for task in (waiting, *tasks[1:]):
                task.cancel()
            await asyncio.gather(waiting, *tasks, return_exceptions=True)


@contextlib.contextmanager
def _log_file(folder: Path) -> Iterator[None]:
    """Keep what the station says of its own faults in a file of bounded size."""
    (folder / LOG).touch(mode=0o600)
    handler = logging.handlers.RotatingFileHandler(folder / LOG, maxBytes=LARGEST_LOG,
                                                   backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("longwatch.station")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


def may_listen(config: Config, store: Store) -> None:
    """Raises SetupError where the station would be open beyond this machine to anybody."""
    if not config.loopback and not store.users():
        raise SetupError(
            f"{config.host}: the station is opened beyond this machine only when somebody has a "
            "password. Start it on 127.0.0.1, open its sign-in link, add a user under Settings, "
            "and start it again")


def listen(config: Config) -> socket.socket:
    """A listening socket. Raises SetupError where the address cannot be had."""
    return listening("the station's address", config.host, config.port, "--port", waiting=128,
                     send_buffer=KEPT_FOR_ONE)


def _literal(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextlib.contextmanager
def _signals(ending: asyncio.Event | None) -> Iterator[None]:
    """Let SIGINT and SIGTERM set ``ending``; a second one ends the process as it always does."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGINT, signal.SIGTERM) if ending is not None else ()

    def end() -> None:
        assert ending is not None
        ending.set()
        for number in caught:
            loop.remove_signal_handler(number)

    for number in caught:
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
