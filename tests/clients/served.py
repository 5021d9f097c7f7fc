"""A live server on real sockets of this machine, in a thread of its own.

    with Served(count=2) as served:
        client.add_any_connection(served.udp)      # it speaks to that port, as to a station's
"""

import asyncio
import socket
import threading
import time

from longwatch.live.ports import Port, open_ports
from longwatch.live.server import Server

START_TIMEOUT = 120.0


def free_port(kind=socket.SOCK_DGRAM):
    """A port of this machine that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """Runs a server until the ``with`` ends.

    Attributes:
        server: touch it by ``do`` alone, which runs in the server's thread.
        udp: connection for a client that waits on a UDP port.
        tcp_port: with ``tcp``, the port of this machine where any number of clients may connect.
    """

    def __init__(self, *, clients=1, tcp=False, **options):
        self.ports = [free_port() for _ in range(clients)]
        self.tcp_port = free_port(socket.SOCK_STREAM) if tcp else None
        self.server = Server(**{"wall": time.monotonic, "wind": "0@0", "fuel_kg": 100.0,
                                **options}, begin=False)
        self.server.fleet[0].warm()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self):
        self.loop = asyncio.get_running_loop()
        ports = [Port("udp", "127.0.0.1", port) for port in self.ports]
        if self.tcp_port is not None:
            ports.append(Port("tcp", "127.0.0.1", self.tcp_port))
        await open_ports(self.server.router, ports)
        self.server.begin()
        self._ready.set()
        await self.server.run()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(START_TIMEOUT)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.server.stop)
        self._thread.join(20.0)
        self.server.close()

    @property
    def udp(self):
        """What the first client listens on."""
        return f"udpin://127.0.0.1:{self.ports[0]}"

    def do(self, act):
        """Run ``act(server)`` in the server's thread between two batches; its result."""
        async def run():
            return act(self.server)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(30.0)


def wait_for(condition, seconds=30.0, what="", period=0.02):
    """Wait until a client sees what it waits for: clients live on wall time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(period)
    raise AssertionError(f"not within {seconds} s: {what}")
