"""One aircraft of a live run: its simulation, its log, its services, who hears it."""

from pathlib import Path
from typing import Any

from longwatch.flights import Recorder
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import BASE_RATE

# A client that has not been heard for so long is gone [s of wall time].
PRESENCE = 10.0
PRESENT_SENDER = "server"


class LiveAircraft:
    """One aircraft as the server sees it.

    Args:
        number: 1 for the first.
        system: its MAVLink system id.
        simulation: the aircraft.
        folder: where its log goes; None for no log.
        log_rate: rows of the log per simulated second.

    Attributes:
        component: the aircraft's side of MAVLink, ``services.component.Component``; None
            without services.
        heard: wall time at which a client was last heard; None never.
        present: a client lives.
    """

    def __init__(self, number: int, system: int, simulation: Simulation,
                 folder: Path | None = None, log_rate: float = 10.0) -> None:
        self.number, self.system, self.simulation = number, system, simulation
        self.log_rate = log_rate
        self.recorder = Recorder(folder, simulation, log_rate) if folder else None
        self.component: Any = None
        self.heard: float | None = None
        self.present = False

    @property
    def tick(self) -> int:
        """Ticks since the start."""
        return int(self.simulation.state.clock.tick)

    def advance(self, ticks: int) -> None:
        """Step by ``ticks``."""
        sink = self.recorder.append if self.recorder else None
        self.simulation.step(ticks / BASE_RATE, sink, self.log_rate)

    def hear(self, now: float) -> None:
        """A client has been heard at wall time ``now``."""
        self.heard = now
        if not self.present:
            self._become(True)

    def listen(self, now: float) -> None:
        """Notice that the last client has gone."""
        if self.present and self.heard is not None and now - self.heard > PRESENCE:
            self._become(False)

    def _become(self, present: bool) -> None:
        self.present = present
        self.simulation.order("link", PRESENT_SENDER, present=present)  # type: ignore

    def close(self, outcome: str) -> None:
        """End the log."""
        if self.recorder is not None:
            self.recorder.finish(outcome)
            self.recorder = None
