"""Scripted clients of a station: they sign in, listen, and note how late each frame comes."""

import asyncio
import multiprocessing
import time
from dataclasses import dataclass

import msgpack
from websockets.asyncio.client import connect

from longwatch.bench.station_processes import Pair
from longwatch.bench.station_web import observers, request_rate

SETTLING = 3.0
# The station takes no more than eight pages of one user.
PAGES_OF_ONE = 4


@dataclass(frozen=True)
class Seen:
    """What the clients saw: the station's load in cores, frames in all, delays [s]."""

    cores: float
    frames: int
    latest: float
    delayed: float


def watch(pair: Pair, clients: int, seconds: float) -> Seen:
    """Let clients listen for some seconds, in a process of their own."""
    request_rate(pair.address, pair.cookie, 30.0, pair.count)
    cookies = watchers(pair.address, pair.cookie, clients)
    results: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    work = multiprocessing.Process(target=_work, args=(
        results, pair.address, cookies, seconds), daemon=True)
    work.start()
    time.sleep(SETTLING)
    before, began = pair.processor(), time.monotonic()
    time.sleep(seconds)
    cores = (pair.processor() - before) / (time.monotonic() - began)
    delays = sorted(results.get(timeout=60.0))
    work.join(10.0)
    if not delays:
        raise RuntimeError("the clients saw no frame")
    return Seen(cores, len(delays), delays[-1], delays[int(0.95 * (len(delays) - 1))])


def watchers(address: str, cookie: str, clients: int) -> list[str]:
    """A cookie for each client, of so many users that the station takes them all."""
    users = observers(address, cookie, -(-clients // PAGES_OF_ONE))
    return [users[number // PAGES_OF_ONE] for number in range(clients)]


def _work(results: "multiprocessing.Queue[list[float]]", address: str, cookies: list[str],
          seconds: float) -> None:
    results.put(asyncio.run(listen(address, cookies, seconds)))


async def listen(address: str, cookies: list[str], seconds: float) -> list[float]:
    """Delay of every frame [s] that came to a client for each cookie, once all have settled."""
    delays: list[float] = []
    await asyncio.gather(*(_client(address, cookie, seconds, delays) for cookie in cookies))
    return delays


async def _client(address: str, cookie: str, seconds: float, delays: list[float]) -> None:
    ends = time.monotonic() + SETTLING + seconds
    async with connect(address.replace("http", "ws", 1) + "/ws", origin=address,  # type: ignore
                       additional_headers={"Cookie": cookie}, compression=None,
                       max_size=1 << 24) as socket:
        counted = time.monotonic() + SETTLING
        while (left := ends - time.monotonic()) > 0.0:
            try:
                raw = await asyncio.wait_for(socket.recv(), left)
            except TimeoutError:
                return
            arrived = time.time()
            kind, *rest = msgpack.unpackb(raw, strict_map_key=False)
            if kind == "frame" and time.monotonic() >= counted:
                delays.append(arrived - float(rest[0]))
