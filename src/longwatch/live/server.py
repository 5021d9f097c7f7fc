"""Aircraft on one simulated clock, flown live.

    with Server(count=2) as server:          # a script: no sockets, time passes when asked
        server.step(10.0)
        server[0].simulation.order("arm", "script")

    asyncio.run(Server(speed=20.0, out="flights/live").run())

Simulated time passes in batches between which sockets are served. Whatever changes an aircraft
is an order at a tick, and batches end on ticks: how wall time cut them leaves no trace.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from longwatch.live.aircraft import LiveAircraft
from longwatch.live.pacing import CADENCE, Pacer
from longwatch.live.setting import SYSTEMS, Setting, as_path
from longwatch.simulation.vehicle import BASE_RATE, DT


class SteppedWall:
    """Wall time for scripts and tests: it passes only when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Server:
    """One or more aircraft, live.

    Args:
        aircraft, count, mission, profile, seed, log_rate and load: see
            :class:`~longwatch.live.setting.Setting`.
        speed: simulated seconds a wall second, or "max".
        out: folder to make for logs and journal; None keeps none.
        wall: wall time [s], monotonic; None for one that passes with ``step`` and ``wait`` alone.

    Attributes:
        fleet: the aircraft, in the order of their system ids.
        pacer: simulated time against wall time.
        tick: ticks since the start.

    Raises:
        DatasheetError, MissionError, SetupError: before anything starts or is written.
    """

    def __init__(self, aircraft: str | Path = "tb2", *, count: int = 1,
                 speed: float | str = 1.0, mission: str | Path | None = None,
                 profile: str = "px4", seed: int = 0, out: str | Path | None = None,
                 log_rate: float = 10.0, wall: Callable[[], float] | None = None,
                 **load: Any) -> None:
        self.setting = Setting(str(aircraft), count, as_path(mission), profile, seed=seed,
                               log_rate=log_rate, **load)
        self.wall: Callable[[], float] = wall or SteppedWall()
        self.pacer = Pacer(speed, self.wall())  # type: ignore[arg-type]
        simulations = self.setting.simulations()
        folder = Path(out) if out is not None else None
        self.fleet = [
            LiveAircraft(number, SYSTEMS[number - 1], simulation,
                         folder / f"aircraft-{number}" if folder else None, log_rate)
            for number, simulation in enumerate(simulations, start=1)]
        self.tick = 0
        self._ending = False
        self._polled = -1.0

    # ------------------------------------------------------------------ for scripts and tests

    def step(self, seconds: float) -> None:
        """Let ``seconds`` of simulated time pass, services polled every 20 ms of it.

        A stepped wall passes at the same rate.
        """
        end = self.tick + round(seconds * BASE_RATE)
        while self.tick < end:
            ticks = min(end - self.tick, round(CADENCE * BASE_RATE))
            self.advance(ticks)
            self._pass(ticks * DT)

    def wait(self, seconds: float) -> None:
        """Let ``seconds`` of a stepped wall pass while simulated time stands still."""
        for _ in range(round(seconds / CADENCE)):
            self._pass(CADENCE)

    def _pass(self, seconds: float) -> None:
        if isinstance(self.wall, SteppedWall):
            self.wall.now += seconds
        self.poll()

    # --------------------------------------------------------------------------- one batch

    def advance(self, ticks: int) -> None:
        """Step every aircraft by ``ticks``."""
        for aircraft in self.fleet:
            aircraft.advance(ticks)
        self.tick += ticks

    def poll(self) -> None:
        """Let services do what is due by wall time, and notice who has gone."""
        now = self.wall()
        for aircraft in self.fleet:
            aircraft.listen(now)
            if aircraft.component is not None:
                aircraft.component.poll(now)

    # ------------------------------------------------------------------------------ running

    async def run(self) -> None:
        """Run in wall time until ``stop``."""
        while not self._ending:
            now = self.wall()
            ticks = self.pacer.due(now)
            if ticks:
                began = time.perf_counter()
                self.advance(ticks)
                self.pacer.took(ticks, time.perf_counter() - began, self.wall())
            if self.wall() - self._polled >= 0.5 * CADENCE:
                self._polled = self.wall()
                self.poll()
            await asyncio.sleep(self.pacer.rest(self.wall()))

    def stop(self) -> None:
        """Ask ``run`` to end."""
        self._ending = True

    def set_speed(self, speed: float | str) -> None:
        """Change the speed factor; "max" for as fast as it goes. Raises SetupError."""
        self.pacer.set_speed(speed, self.wall())

    def pause(self) -> None:
        """Stop simulated time."""
        self.pacer.pause()

    def resume(self) -> None:
        """Let simulated time go on."""
        self.pacer.resume(self.wall())

    # ------------------------------------------------------------------------------- ending

    def close(self) -> None:
        """End the logs."""
        for aircraft in self.fleet:
            aircraft.close("ended")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.fleet)

    def __getitem__(self, index: int) -> LiveAircraft:
        return self.fleet[index]
