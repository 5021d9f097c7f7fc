"""One aircraft of a live run: its simulation and its log."""

import math
from pathlib import Path
from typing import Any

from longwatch.autopilot.crew_state import MODE_NAMES
from longwatch.autopilot.modes import PHASE_NAMES
from longwatch.flights import BATCH_ROWS, Recorder
from longwatch.simulation import crew_orders
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import BASE_RATE, DT

# Sizes of the log's batches, one aircraft and the next.
STAGGER_ROWS, STAGGERED = 7, 21


class LiveAircraft:
    """One aircraft as the server sees it.

    Args:
        number: 1 for the first.
        system: its MAVLink system id.
        simulation: the aircraft.
        log_rate: rows of the log per simulated second.

    Attributes:
        recorder: its log, None while none is kept.
    """

    def __init__(self, number: int, system: int, simulation: Simulation,
                 log_rate: float = 10.0) -> None:
        self.number, self.system, self.simulation = number, system, simulation
        self.log_rate = log_rate
        self.recorder: Recorder | None = None

    @property
    def folder(self) -> str:
        """Name of the folder of its log within the run's."""
        return f"aircraft-{self.number}"

    def warm(self) -> None:
        """Let machine code be made or loaded, and leave no trace of it."""
        before = self.simulation.snapshot()
        crew_orders.warm(self.simulation)
        self.simulation.step(DT)
        self.simulation.restore(before)

    def record(self, folder: Path) -> None:
        """Keep log and events in a new folder under ``folder``."""
        # Writing a batch takes some milliseconds: no two aircraft do it at the same tick for long.
        batch_rows = BATCH_ROWS - STAGGER_ROWS * (self.number % STAGGERED)
        self.recorder = Recorder(folder / self.folder, self.simulation, self.log_rate, batch_rows)

    def advance(self, ticks: int) -> None:
        """Step by ``ticks``."""
        sink = self.recorder.append if self.recorder else None
        self.simulation.step(ticks / BASE_RATE, sink, self.log_rate)

    def state(self) -> dict[str, Any]:
        """What an observer of the simulation sees, in degrees and SI units."""
        state = self.simulation.state
        crew = state.autopilot.crew
        flight = state.flight
        return {
            "system": self.system, "aircraft": self.simulation.aircraft.name,
            "outcome": self.simulation.outcome,
            "armed": bool(crew.armed),
            "mode": MODE_NAMES[int(crew.mode)],
            "phase": PHASE_NAMES[int(state.autopilot.modes.phase)],
            "airborne": bool(state.status.airborne),
            "latitude_deg": math.degrees(flight.latitude),
            "longitude_deg": math.degrees(flight.longitude),
            "altitude_msl_m": float(flight.altitude_msl),
            "height_above_ground_m": float(flight.height_above_ground),
            "heading_deg": math.degrees(flight.heading) % 360.0,
            "airspeed_m_s": float(flight.calibrated_airspeed),
            "ground_speed_m_s": float(flight.ground_speed),
            "fuel_kg": float(state.mass.fuel_mass)}

    def close(self, outcome: str = "ended") -> Path | None:
        """End the log; returns the Parquet file."""
        if self.recorder is None:
            return None
        flight = self.recorder.finish(outcome, report=False)
        self.recorder = None
        return flight.files["log"]

    def abandon(self) -> None:
        """Leave the log as it is, marked as interrupted."""
        if self.recorder is not None:
            self.recorder.abandon()
            self.recorder = None
