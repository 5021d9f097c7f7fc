"""One aircraft of a live run: its simulation and its log."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from longwatch.autopilot.crew_state import MODE_NAMES
from longwatch.autopilot.modes import PHASE_NAMES
from longwatch.flights import BATCH_ROWS, Recorder
from longwatch.simulation import crew_orders
from longwatch.simulation.moment import Moment, go_back, moment_of
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
        moments: what it can go back to, by number.
        takes: how often it has set out: once, and once more after each going back or reset.
    """

    def __init__(self, number: int, system: int, simulation: Simulation,
                 log_rate: float = 10.0) -> None:
        self.number, self.system, self.simulation = number, system, simulation
        self.log_rate = log_rate
        self.recorder: Recorder | None = None
        self.moments: dict[int, Moment] = {}
        self.takes = 1
        simulation.on_reset = self.set_out_anew
        self._left: list[Callable[[], Path]] = []

    @property
    def folder(self) -> str:
        """Name of its folder within the run's, and within that of what outlives a run."""
        return f"aircraft-{self.number}"

    @property
    def log_folder(self) -> str:
        """Name of the folder of the log that is being written: a new one after each going back or
        reset."""
        return self.log_folders[-1]

    @property
    def log_folders(self) -> list[str]:
        """Names of the folders of its logs until now, the one that is being written last."""
        return [self.folder, *(f"{self.folder}-{take}" for take in range(2, self.takes + 1))]

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
        self.recorder = Recorder(folder / self.log_folder, self.simulation, self.log_rate,
                                 batch_rows)

    def keep_moment(self, number: int) -> None:
        """Keep the present moment under a number."""
        self.moments[number] = moment_of(self.simulation)

    def go_back(self, number: int) -> None:
        """Go back to a moment kept. The log ends here, and another begins: time runs one way in it.

        Raises:
            LogError: the logs cannot be written.
        """
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            self._left.append(recorder.leave("restored"))
        go_back(self.simulation, self.moments[number])
        self.takes += 1
        if recorder is not None:
            self.record(recorder.folder.parent)

    def set_out_anew(self) -> None:
        """It is about to be put back to its start: this flight's log ends, the next one's begins.

        Raises:
            LogError: the logs cannot be written.
        """
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            self._left.append(recorder.leave("reset"))
            self.takes += 1
            self.record(recorder.folder.parent)

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

    def close(self, outcome: str = "ended") -> list[Path]:
        """End the log; returns the Parquet files, one for each time that it set out anew."""
        if self.recorder is None:
            return []
        logs = [convert() for convert in self._left]
        logs.append(self.recorder.finish(outcome, report=False).files["log"])
        self.recorder = None
        self._left.clear()
        return logs

    def abandon(self) -> None:
        """Leave the log as it is, marked as interrupted."""
        if self.recorder is not None:
            self.recorder.abandon()
            self.recorder = None
