"""Aircraft on one simulated clock, flown live.

    with longwatch.Server(count=2) as server:     # a script: no sockets, time passes when asked
        client = server.client()                  # a MAVLink client in memory
        server.step(10.0)
        client.take("HEARTBEAT")

Simulated time passes in batches between which sockets are served. Whatever changes an aircraft
is an order at a tick, and batches end on ticks: how wall time cut them leaves no trace.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from longwatch.errors import SetupError
from longwatch.live.aircraft import LiveAircraft
from longwatch.live.components import Components
from longwatch.live.pacing import CADENCE, Pacer, speed_text
from longwatch.live.recording import Recording
from longwatch.live.setting import SYSTEMS, Setting, as_path
from longwatch.live.snapshots import EVERY, Snapshots, apply, check_name
from longwatch.mavlink.loopback import Station
from longwatch.mavlink.router import Router
from longwatch.services.beside import AtOnce, Beside, Workers
from longwatch.simulation.orders import faults
from longwatch.simulation.vehicle import BASE_RATE, DT

# How often it is looked whether everything is kept [s of wall time].
STORAGE_CADENCE = 1.0


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
        state: folder in which plans outlive the run; None forgets them.
        wall: wall time [s], monotonic; None for one that passes with ``step`` and ``wait`` alone.
        begin: begin at once; else ``begin`` does, once sockets are bound.

    Attributes:
        fleet: the aircraft, in the order of their system ids.
        pacer: simulated time against wall time.
        router: where links are attached.
        components: what joins router and aircraft, once started.
        recording: logs and journal, None where none are kept.
        tick: ticks flown since the start; it never goes back, as simulated time may.
        snapshots: moments to go back to.
        ending: ``stop`` was called.
        begun: ``begin`` was.
        beside: where what takes long is done.

    Raises:
        DatasheetError, MissionError, SetupError: before anything starts or is written.
    """

    def __init__(self, aircraft: str | Path = "tb2", *, count: int = 1,
                 speed: float | str = 1.0, mission: str | Path | None = None,
                 profile: str = "px4", seed: int = 0, out: str | Path | None = None,
                 log_rate: float = 10.0, wall: Callable[[], float] | None = None,
                 state: str | Path | None = None, begin: bool = True, **load: Any) -> None:
        self.setting = Setting(str(aircraft), count, as_path(mission), profile, seed=seed,
                               log_rate=log_rate, **load)
        self.out = Path(out) if out is not None else None
        self.state_folder = Path(state) if state is not None else None
        if self.out is not None and self.out.exists():
            raise SetupError(f"{self.out}: exists already, and no run is written over; name "
                             "another folder, or move this one away")
        self.wall: Callable[[], float] = wall or SteppedWall()
        self.pacer = Pacer(speed, self.wall())  # type: ignore[arg-type]
        self.fleet = [
            LiveAircraft(number, SYSTEMS[number - 1], simulation, log_rate)
            for number, simulation in enumerate(self.setting.simulations(), start=1)]
        self._began = float(self.fleet[0].simulation.state.clock.start)
        self.tick = 0
        self._gone_back = 0
        self.snapshots = Snapshots()
        # What a script asks for is done before it goes on; what sockets bring, in turns.
        self.router = Router(self.wall, lambda: self.run_time,
                             (lambda: 0.0) if wall is None else time.thread_time)
        self.beside: Beside = AtOnce() if wall is None else Workers()
        self.recording: Recording | None = None
        self._by_system = {aircraft.system: aircraft for aircraft in self.fleet}
        self._early: list[tuple[int, Any]] = []
        self._unkept: list[str] = []
        self.ending = False
        self._polled = self._looked = -1.0
        self.begun = False
        self.components: Components
        if begin:
            self.begin()

    def begin(self) -> None:
        """Let the aircraft's components live, and make the folder of logs and journal.

        Raises:
            SetupError: what ``state`` holds is damaged, or the folder cannot be made.
        """
        for aircraft in self.fleet:
            aircraft.simulation.on_order = self._keeper(aircraft)
        self.components = Components(
            self.fleet, self.router, self.setting, wall=self.wall, run_time=lambda: self.run_time,
            beside=self.beside, out=self.out, state=self.state_folder)
        self.begun = True
        if self.out is not None:
            self.recording = Recording(self.out, self.setting, self.fleet)
            self.recording.tap(self.router, self.utc_s)
            for system, order in self._early:
                self._keep(system, order)
        self._early.clear()
        self.pacer.resume(self.wall())

    def _keeper(self, aircraft: LiveAircraft) -> Callable[[Any], None]:
        return lambda order: self._keep(aircraft.system, order)

    def _keep(self, system: int, order: Any) -> None:
        if self.recording is not None:
            self.recording.journal.order(self.tick, system, order.sender, order.name,
                                         order.arguments)
        elif self.out is not None:
            # What components order as they begin, before there is a journal.
            self._early.append((system, order))

    # ------------------------------------------------------------------ for scripts and tests

    def client(self, system: int = 255, component: int = 190, **options: Any) -> Station:
        """A MAVLink client in memory: see :class:`~longwatch.mavlink.loopback.Station`."""
        return Station(self.router, system, component, **options)

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

    @property
    def time(self) -> float:
        """Simulated time since the start [s]: the aircraft's clocks."""
        return (self.tick - self._gone_back) * DT

    @property
    def run_time(self) -> float:
        """Simulated time flown in all [s]: what lies in links goes by it, as it never goes back."""
        return self.tick * DT

    def utc_s(self) -> float:
        """Simulated UTC since 1970 [s]."""
        return self._began + self.time

    def advance(self, ticks: int) -> None:
        """Step every aircraft by ``ticks``."""
        for aircraft in self.fleet:
            aircraft.advance(ticks)
        self.tick += ticks
        self.components.pump()

    def poll(self) -> bool:
        """Let services do what is due by wall time, and notice who has gone; False: not all yet."""
        if not self.components.poll():
            return False
        if self.recording is not None:
            self.recording.poll(self.wall(), self.tick)
            self._look_at_storage(self.recording)
        return True

    def _look_at_storage(self, recording: Recording) -> None:
        """Say what is not kept any more, and when it is again; the aircraft fly on."""
        if self.wall() - self._looked < STORAGE_CADENCE:
            return
        self._looked = self.wall()
        faults, before = recording.faults(), self._unkept
        self._unkept = faults
        if bool(faults) == bool(before):
            return
        message = f"not kept, but flown on: {faults[0]}" if faults else "everything is kept again"
        self.components.say(bool(faults), message)
        recording.note(message)

    def storage(self) -> dict[str, Any]:
        """Whether everything is kept, else why not; and what was lost for good."""
        if self.recording is None:
            return {"kept": False, "faults": [], "lost": {"rows": 0, "packets": 0}}
        return {"kept": not self._unkept, "faults": self._unkept, "lost": self.recording.lost()}

    # ------------------------------------------------------------------------------ running

    async def run(self) -> None:
        """Run in wall time until ``stop``."""
        self.pacer.resume(self.wall())
        # What is there now stays: to look through it all again for garbage holds the loop 80 ms.
        gc.collect()
        gc.freeze()
        try:
            await self._run()
        finally:
            gc.unfreeze()

    async def _run(self) -> None:
        polled = True
        while not self.ending:
            now = self.wall()
            ticks = self.pacer.due(now)
            if ticks:
                began = time.perf_counter()
                self.advance(ticks)
                self.pacer.took(ticks, time.perf_counter() - began, self.wall())
            if not polled or self.wall() - self._polled >= 0.5 * CADENCE:
                self._polled = self.wall()
                polled = self.poll()
            self.router.turn()
            waits = self.router.busy or not polled
            await asyncio.sleep(0.0 if waits else self.pacer.rest(self.wall()))

    def stop(self) -> None:
        """Ask ``run`` to end."""
        self.ending = True

    def order(self, system: int, name: str, sender: str = "", /, **arguments: Any) -> None:
        """Give an order to the aircraft ``system``. Raises OrderError where it is refused."""
        aircraft = self._by_system.get(system)
        if aircraft is None:
            raise SetupError(f"no aircraft has system id {system}; there are "
                             f"{', '.join(map(str, self._by_system))}")
        aircraft.simulation.order(name, sender=sender, **arguments)

    def snapshot(self, name: str = "", sender: str = "") -> dict[str, Any]:
        """Keep this moment of all aircraft, to go back to.

        Tells the new snapshot, and under ``dropped`` which made room for it. Raises SnapshotError
        where the name is no text, or too long.
        """
        check_name(name)
        dropped = self.snapshots.in_the_way()
        if dropped is not None:
            self.forget(dropped, sender)
        self._order_all("snapshot", sender, number=self.snapshots.next, name=name)
        kept = self.snapshots.add(name, self.tick, self.time, self.utc_s(), self.components.keep())
        return {**kept.told(), "dropped": dropped}

    def restore(self, number: int, sender: str = "") -> dict[str, Any]:
        """Go back to a snapshot, all aircraft at once; it stays. Tells it, and the pace now.

        Raises SnapshotError where there is none of that number.
        """
        kept = self.snapshots.find(number)
        self._order_all("restore", sender, number=number)
        self._gone_back = self.tick - round(kept.time_s * BASE_RATE)
        self.components.rewound(kept.memory)
        return {**kept.told(), "pace": self.pace()}

    def forget(self, number: int, sender: str = "") -> None:
        """Forget a snapshot. Raises SnapshotError where there is none of that number."""
        self.snapshots.drop(number)
        self._order_all("forget", sender, number=number)

    def _order_all(self, name: str, sender: str, /, **arguments: Any) -> None:
        """Carry out what is done to all aircraft at once, and put it into the journal."""
        for aircraft in self.fleet:
            apply(aircraft, name, arguments)
        if self.recording is not None:
            if name == "restore":
                self.recording.anew()
            self.recording.journal.order(self.tick, EVERY, sender, name, arguments)

    def set_speed(self, speed: float | str) -> None:
        """Change the speed factor; "max" for as fast as it goes. Raises SetupError."""
        self.pacer.set_speed(speed, self.wall())

    def pause(self) -> None:
        """Stop simulated time."""
        self.pacer.pause()

    def resume(self) -> None:
        """Let simulated time go on."""
        self.pacer.resume(self.wall())

    # -------------------------------------------------------------------------------- telling

    def pace(self) -> dict[str, Any]:
        """Simulated time and how it passes."""
        pacer = self.pacer
        return {"tick": self.tick, "time_s": self.time, "utc_s": self.utc_s(),
                "speed": speed_text(pacer.speed), "paused": pacer.paused,
                "stepping": pacer.stepping, "rate": pacer.rate, "behind_s": pacer.behind}

    def states(self) -> list[dict[str, Any]]:
        """Every aircraft as an observer of the simulation sees it."""
        return [{**aircraft.state(), "client": self.components.present(aircraft.system)}
                for aircraft in self.fleet]

    def link_states(self) -> list[dict[str, Any]]:
        """Every link: who, how much, and what lies in its way."""
        return self.components.states()

    def set_pipe(self, link: int, asked: dict[str, Any]) -> dict[str, Any]:
        """Put a data link (rate, delay, loss, cut) under a link; see ``Components.set_pipe``."""
        return self.components.set_pipe(link, asked)

    def state(self) -> dict[str, Any]:
        """Pace, aircraft and settings."""
        return {**self.pace(), "setting": self.setting.as_dict(), "aircraft": self.states(),
                "storage": self.storage()}

    def faults(self) -> dict[str, Any]:
        """What can be made to fail, and what stands on each aircraft."""
        return {"faults": [{**dict(zip(("name", "arguments", "meaning", "seen"), row)),
                            "takes": [{"name": name, **asdict(argument)} for name, argument
                                      in faults.FAULTS[row[0]].arguments.items()]}
                           for row in faults.table()],
                "in_force": {str(aircraft.system): faults.in_force(aircraft.simulation)
                             for aircraft in self.fleet}}

    # ------------------------------------------------------------------------------- ending

    def close(self) -> None:
        """End logs and journal. Raises LogError, with everything ended, where one could not be."""
        recording, self.recording = self.recording, None
        if self.begun:
            self.components.finish()
        self.beside.close()
        if recording is not None:
            recording.end(self.tick)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.fleet)

    def __getitem__(self, index: int) -> LiveAircraft:
        return self.fleet[index]
