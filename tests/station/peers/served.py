"""A fake over UDP, for a station that is a process of its own: it answers at once, its time passes
when the test says so."""

import asyncio
import contextlib
import threading

from station.peers.fakes import STEP

HOST = "127.0.0.1"
# Between two steps that are flown, so that the station's socket holds them [s].
PACE_S, BEAT_S, CREEP_S = 0.004, 0.5, 0.01


class Served(threading.Thread):
    """``peer`` speaks to the station that waits at ``port``, as ``system``.

        with Served(ArduPlane(), port, 21) as air:
            air.advance(lambda peer: peer.current == 2, 60.0)
    """

    def __init__(self, peer, port, system):
        super().__init__(daemon=True)
        self.peer, self.port = peer, port
        peer.system = system
        self.loop, self.ready = asyncio.new_event_loop(), threading.Event()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self):
        peer = self.peer

        class Link(asyncio.DatagramProtocol):
            def datagram_received(self, data, address):
                peer.hear(data)

        transport, _ = await self.loop.create_datagram_endpoint(
            Link, remote_addr=(HOST, self.port))
        peer.sink = transport.sendto
        self.ending = asyncio.Event()
        self.ready.set()
        while not self.ending.is_set():
            # Nothing moves; its clock creeps on, else its telemetry would be told to have stopped.
            peer.boot += CREEP_S
            peer.report()
            peer.tell_state()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), BEAT_S)
        transport.close()

    async def _advance(self, until, seconds):
        for _ in range(round(seconds / STEP)):
            if until(self.peer):
                return True
            self.peer.step()
            await asyncio.sleep(PACE_S)
        return until(self.peer)

    def advance(self, until, seconds):
        """Let its time pass until something holds of it, at most so long."""
        flown = asyncio.run_coroutine_threadsafe(self._advance(until, seconds), self.loop)
        assert flown.result(120.0), f"not within {seconds} s of its time"

    def __enter__(self):
        self.start()
        assert self.ready.wait(10.0)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.ending.set)
        self.join()
