"""The longest that one client holds the loop of a live run, under traffic of every kind.

    PYTHONPATH=src:tests python -m campaigns.holds --runs 40 --seed 1 --jobs 1

A run with sockets in this process, and a client on TCP. What is measured is processor time of the
loop's thread from one look at its sockets to the next, so that a busy machine lengthens nothing;
the pages it says are the longest, and the share of a core that the client took.
"""

import asyncio
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from campaigns.runner import Verdict, run
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Parser, encode
from longwatch.mavlink.links import open_tcp

# The most that a client may hold the loop, and of one core that it may take.
MOST_HELD, MOST_SHARE = 0.020, 0.6
# How long one kind of traffic lasts [s].
LASTS = 3.0
READ = 28_000


class Timed(asyncio.SelectorEventLoop):
    """A loop that times its rounds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self.spent, self.held = 0.0, 0.0, 0.0

    def _run_once(self) -> None:
        began, wall = time.thread_time(), time.perf_counter()
        super()._run_once()  # type: ignore[misc]
        took = time.thread_time() - began
        self.spent += took
        if took > self.longest:
            self.longest, self.held = took, time.perf_counter() - wall


@dataclass
class Client:
    """A hostile client on TCP: it writes as fast as it may, and answers what it is asked for."""

    address: tuple[str, int]
    items: list[tuple[Any, ...]] = field(default_factory=list)
    kind: int = 0

    def __enter__(self) -> "Client":
        self.socket = socket.create_connection(self.address)
        self.socket.settimeout(0.05)
        self.parser = Parser()
        self.acks: list[int] = []
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *messages: Any) -> None:
        self.raw(b"".join(encode(message, 255, 190, 0) for message in messages))

    def raw(self, data: bytes) -> None:
        end = time.monotonic() + LASTS
        while data and time.monotonic() < end:
            try:
                data = data[self.socket.send(data):]
            except TimeoutError:
                continue

    def answer(self, seconds: float) -> None:
        """Hear the aircraft, and give it the items that it asks for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.acks:
            try:
                frames = self.parser.feed(self.socket.recv(65536))
            except TimeoutError:
                continue
            for frame in frames:
                if frame.name in ("MISSION_REQUEST_INT", "MISSION_REQUEST"):
                    self.send(self.item(frame.message.seq))
                elif frame.name == "MISSION_ACK":
                    self.acks.append(frame.message.type)

    def item(self, number: int) -> Any:
        command, latitude, longitude, z, *four = self.items[number]
        four = [*four, *[0.0] * (4 - len(four))]
        return mavlink.MAVLink_mission_item_int_message(
            1, 1, number, 3, command, 0, 1, *four, round(latitude * 1e7), round(longitude * 1e7),
            z, self.kind)

    def upload(self, items: list[tuple[Any, ...]], kind: int = 0, seconds: float = 60.0) -> None:
        self.items, self.kind = items, kind
        self.send(mavlink.MAVLink_mission_count_message(1, 1, len(items), kind))
        self.answer(seconds)


HOME = 41.1297, 27.9058
Traffic = Callable[[Client, np.random.Generator], None]


def _filled(message: Callable[[int], Any]) -> Traffic:
    def traffic(client: Client, rng: np.random.Generator) -> None:
        frames: list[bytes] = []
        while sum(map(len, frames)) < READ:
            frames.append(encode(message(len(frames)), 255, 190, len(frames) % 256))
        client.raw(b"".join(frames))
        time.sleep(LASTS)

    return traffic


def _command(number: int, *p: float, target: int = 1) -> Callable[[int], Any]:
    values = [*p, *[0.0] * (7 - len(p))]
    return lambda n: mavlink.MAVLink_command_long_message(target, 1, number, 0, *values)


def _upload(items: Callable[[np.random.Generator], list[tuple[Any, ...]]],
            kind: int = 0) -> Traffic:
    return lambda client, rng: client.upload(items(rng), kind)


def _around(count: int) -> list[tuple[Any, ...]]:
    angle = np.linspace(0.0, 2 * np.pi * max(count / 40, 1), count)
    return [(16, HOME[0] + 0.1 * np.cos(a), HOME[1] + 0.1 * np.sin(a), 900.0) for a in angle]


def _date_line(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [(22, *HOME, 300.0), (16, 41.0, 179.9, 900.0), (16, 41.0, -179.9, 900.0),
            (21, *HOME, 0.0)]


def _jumps(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    ways = _around(3)
    return [(22, *HOME, 300.0), *ways,
            *[(177, 0.0, 0.0, 0.0, float(rng.integers(1, 4)), 100.0) for _ in range(16)]]


def _long(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [(22, *HOME, 300.0), *_around(4999)]


def _fence(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    angle = np.linspace(0.0, 2 * np.pi, 255, endpoint=False)
    return [(5001, HOME[0] + np.cos(a), HOME[1] + np.sin(a), 0.0, 255.0) for a in angle]


def _rally(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [(5100, *place[1:3], 500.0) for place in _around(100)]


def _flood(raw: Callable[[np.random.Generator], bytes]) -> Traffic:
    def traffic(client: Client, rng: np.random.Generator) -> None:
        end = time.monotonic() + LASTS
        while time.monotonic() < end:
            client.raw(raw(rng))

    return traffic


def _thousand(client: Client, rng: np.random.Generator) -> None:
    """As many frames a second as one peer may send, of what costs most."""
    raw = b"".join(encode(mavlink.MAVLink_mission_clear_all_message(1, 1, 0), 255, 190, n)
                   for n in range(100))
    for _ in range(round(10 * LASTS)):
        client.raw(raw)
        time.sleep(0.1)


def _ftp(opcode: int, path: bytes, sessions: int) -> Traffic:
    def traffic(client: Client, rng: np.random.Generator) -> None:
        for source in range(16):
            for number in range(sessions):
                head = struct.pack("<HBBBBBBI", number, number, opcode, len(path), 0, 0, 0, 0)
                payload = list((head + path).ljust(251, b"\0"))
                client.raw(encode(mavlink.MAVLink_file_transfer_protocol_message(
                    0, 1, 1, payload), 255, source, number))
        time.sleep(LASTS)

    return traffic


def _set(n: int) -> Any:
    return mavlink.MAVLink_param_set_message(1, 1, b"LIM_BANK_MAX", 25.0 + n % 10,
                                             mavlink.MAV_PARAM_TYPE_REAL32)



TRAFFIC: dict[str, Traffic] = {
    "MISSION_CLEAR_ALL": _filled(lambda n: mavlink.MAVLink_mission_clear_all_message(1, 1, 0)),
    "MISSION_CLEAR_ALL of all": _filled(
        lambda n: mavlink.MAVLink_mission_clear_all_message(0, 0, 255)),
    "PARAM_SET": _filled(_set),
    "PARAM_REQUEST_LIST": _filled(lambda n: mavlink.MAVLink_param_request_list_message(1, 1)),
    "_HASH_CHECK": _filled(
        lambda n: mavlink.MAVLink_param_request_read_message(1, 1, b"_HASH_CHECK", -1)),
    "MISSION_REQUEST_LIST": _filled(
        lambda n: mavlink.MAVLink_mission_request_list_message(1, 1, 0)),
    "DO_SET_HOME": _filled(_command(mavlink.MAV_CMD_DO_SET_HOME, 0, 0, 0, 0, *HOME, 152.0)),
    "DO_REPOSITION": _filled(_command(mavlink.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, *HOME, 900.0)),
    "REQUEST_MESSAGE": _filled(_command(mavlink.MAV_CMD_REQUEST_MESSAGE, 148)),
    "arm and disarm": _filled(lambda n: _command(
        mavlink.MAV_CMD_COMPONENT_ARM_DISARM, n % 2)(n)),
    "DO_SET_MODE": _filled(lambda n: _command(mavlink.MAV_CMD_DO_SET_MODE, 1, n % 9)(n)),
    "MANUAL_CONTROL": _filled(
        lambda n: mavlink.MAVLink_manual_control_message(1, 0, 0, 500, 0, 0)),
    "HEARTBEAT": _filled(lambda n: mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)),
    "HEARTBEAT of one component after the other": _flood(lambda rng: b"".join(
        encode(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3), 255, n, n)
        for n in range(1, 255))),
    "four items over the date line": _upload(_date_line),
    "20 items with 16 jumps": _upload(_jumps),
    "5 000 items": _upload(_long),
    "a fence of 255 vertices": _upload(_fence, 1),
    "100 rally points": _upload(_rally, 2),
    "start bytes": _flood(lambda rng: b"\xfd" * 200_000),
    "start bytes of long frames": _flood(lambda rng: b"\xfd\xff\x00" * 70_000),
    "noise": _flood(lambda rng: rng.bytes(200_000)),
    "a thousand frames a second": _thousand,
    "FTP checksums, 16 clients of 4": _ftp(14, b"/logs/big.tlog", 4),
    "FTP listings": _ftp(3, b"/logs", 4),
    "FTP of what describes it": _ftp(4, b"/etc/parameter.json.xz", 4),
}


def measure(name: str, rng: np.random.Generator, count: int, keep: bool,
            profile: str = "px4") -> tuple[float, float, float]:
    """Longest hold [s of processor time], the same by the wall, and the share of a core."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(count=count, wall=time.monotonic, out=Path(folder) / "run",
                        state=Path(folder) / "state" if keep else None, profile=profile)
        (Path(folder) / "run" / "big.tlog").write_bytes(bytes(32 << 20))
        for aircraft in server.fleet[:1]:
            aircraft.warm()
        loop = Timed()
        found: list[float] = []

        async def whole() -> None:
            port = await open_tcp(server.router, ("127.0.0.1", 0))
            server.components.warm()
            running = asyncio.ensure_future(server.run())
            await asyncio.sleep(1.0)
            loop.longest = loop.spent = loop.held = 0.0
            began = time.perf_counter()

            def work() -> None:
                with Client(port.address) as client:
                    TRAFFIC[name](client, rng)

            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            while thread.is_alive():
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            wall = time.perf_counter() - began
            found.extend((loop.longest, loop.held, loop.spent / wall))
            server.stop()
            await running
            port.close()

        try:
            loop.run_until_complete(whole())
        finally:
            loop.close()
            server.close()
    return found[0], found[1], found[2]


def held(rng: np.random.Generator) -> Verdict:
    """One kind of traffic against one or a few aircraft."""
    name = str(rng.choice(list(TRAFFIC)))
    count, keep = int(rng.choice((1, 1, 6))), bool(rng.integers(2))
    longest, wall, share = measure(name, rng, count, keep)
    told = f"{1e3 * longest:.1f} ms of processor time ({1e3 * wall:.0f} ms), {share:.2f} cores"
    fault = told if longest > MOST_HELD or share > MOST_SHARE else ""
    return Verdict("held" if fault else "free", fault,
                   f"{name}, {count} aircraft, {'kept' if keep else 'not kept'}: {told}")


def table() -> None:
    """Every kind once, for a look."""
    for name in TRAFFIC:
        longest, wall, share = measure(name, np.random.default_rng(1), 1, True)
        print(f"{1e3 * longest:9.1f} ms {1e3 * wall:9.0f} ms of wall {share:5.2f} cores  {name}",
              flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["table"]:
        table()
        sys.exit(0)
    sys.exit(run(held))
