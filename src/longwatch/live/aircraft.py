"""One aircraft of a live run: its simulation and its log."""

import contextlib
import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from longwatch.autopilot.aboard.fence import CIRCLE_INCLUSION, FENCE_MARGIN, FenceVertex
from longwatch.autopilot.codes import MODE_NAMES, PHASE_NAMES
from longwatch.errors import LongwatchError
from longwatch.flights.recorder import BATCH_ROWS
from longwatch.live.lasting import LastingRecorder
from longwatch.simulation.orders import crew, table
from longwatch.simulation.orders.fence import fence_text
from longwatch.simulation.orders.plan import plan_arguments
from longwatch.simulation.run import Simulation
from longwatch.simulation.simulated_aircraft import Checkpoint
from longwatch.simulation.vehicle import BASE_RATE

# Sizes of the log's batches, one aircraft and the next.
STAGGER_ROWS, STAGGERED = 7, 21

# An aircraft that warms up stands until it has found itself, then flies [s]: it takes its orders
# some 40 s after the take-off roll has begun.
WARM_STANDING, WARM_FLYING = 5.0, 60.0
# Height above home that it is given, and radius of the fence about home that it flies in [m].
WARM_HEIGHT, WARM_FENCE = 1000.0, 100_000.0
# Orders to give, each with its arguments.
Asked = Sequence[tuple[str, Mapping[str, object]]]


class LiveAircraft:
    """One aircraft as the server sees it.

    Args:
        number: 1 for the first.
        system: its MAVLink system id.
        simulation: the aircraft.
        log_rate: rows of the log per simulated second.

    Attributes:
        recorder: its log, None while none is kept.
        fault: why its log is not written, "" where it is.
        checkpoints: what it can go back to, by number.
        takes: how often it has set out: once, and once more after each going back or reset.
    """

    def __init__(self, number: int, system: int, simulation: Simulation,
                 log_rate: float = 10.0) -> None:
        self.number, self.system, self.simulation = number, system, simulation
        self.log_rate = log_rate
        self.recorder: LastingRecorder | None = None
        self.checkpoints: dict[int, Checkpoint] = {}
        self.takes = 1
        simulation.on_reset = self.set_out_anew
        self._left: list[Callable[[], Path]] = []
        self._lost, self._broken = 0, ""
        # Where a log is to begin that could not yet, and how much of it may wait in memory.
        self._wanted: Path | None = None
        self._room = 0

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
        """Let machine code be made or loaded, and leave no trace of it.

        What an order calls is loaded when it is first called, by whoever flies it: some
        milliseconds of everybody's loop, seconds where it is made. So each is given beforehand, on
        the ground and in a flight of a minute, inside a fence.
        """
        simulation = self.simulation
        before = simulation.checkpoint()
        crew.warm(simulation)
        simulation.step(WARM_STANDING)
        _given(simulation, _departure(simulation))
        simulation.step(WARM_FLYING)
        # Where no take-off can be, what flies is only gone through.
        simulation.state.sensors.systems.weight_on_wheels = False
        _given(simulation, _every_other(simulation))
        simulation.go_back(before)

    def record(self, folder: Path, room: int = 0) -> None:
        """Keep log and events in a new folder under ``folder``.

        ``room``: bytes of rows that may wait in memory for room on the disk.
        """
        self._room = room or self._room
        # Writing a batch takes some milliseconds: no two aircraft do it at the same tick for long.
        batch_rows = BATCH_ROWS - STAGGER_ROWS * (self.number % STAGGERED)
        self.recorder = LastingRecorder(folder / self.log_folder, self.simulation, self.log_rate,
                                        batch_rows, self._room)

    @property
    def fault(self) -> str:
        """Why its log is not written now, "" where it is."""
        return self.recorder.fault if self.recorder is not None else self._broken

    @property
    def lost(self) -> int:
        """Rows of its logs that are lost."""
        return self._lost + (self.recorder.lost if self.recorder is not None else 0)

    def try_again(self) -> None:
        """Write what waits; begin the log that could not."""
        if self.recorder is not None:
            self.recorder.try_again()
        elif self._wanted is not None:
            self._begin_anew(self._wanted)

    def note(self, message: str) -> None:
        """Put a message about its log among its events."""
        if self.recorder is not None:
            self.recorder.note(message)

    def _begin_anew(self, folder: Path) -> None:
        new = folder / self.log_folder
        made = not new.exists()
        try:
            self.record(folder)
            self._wanted, self._broken = None, ""
        except LongwatchError as fault:
            self._wanted, self._broken = folder, str(fault)
            if made:
                shutil.rmtree(new, ignore_errors=True)

    def keep(self, number: int) -> None:
        """Keep a checkpoint under a number."""
        self.checkpoints[number] = self.simulation.checkpoint()

    def go_back(self, number: int) -> None:
        """Go back to one kept. The log ends here, and another begins: time runs one way in it."""
        wanted = self._leave("restored")
        self.simulation.go_back(self.checkpoints[number])
        self.takes += 1
        if wanted is not None:
            self._begin_anew(wanted)

    def set_out_anew(self) -> None:
        """It is about to be put back to its start: this flight's log ends, the next one's begins.
        """
        wanted = self._leave("reset")
        if wanted is not None:
            self.takes += 1
            self._begin_anew(wanted)

    def _leave(self, outcome: str) -> Path | None:
        """End the log, as well as the disk lets it; the folder of logs, None where none is kept."""
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return self._wanted
        try:
            self._left.append(recorder.leave(outcome))
        except LongwatchError:
            recorder.abandon()
        self._lost += recorder.lost
        return recorder.folder.parent

    def advance(self, ticks: int) -> None:
        """Step by ``ticks``."""
        sink = self.recorder.append if self.recorder else self._lose if self._wanted else None
        self.simulation.step(ticks / BASE_RATE, sink, self.log_rate)

    def _lose(self, rows: Any) -> None:
        self._lost += len(rows)

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
        recorder, self.recorder = self.recorder, None
        left, self._left = self._left, []
        logs = [convert() for convert in left]
        if recorder is not None:
            try:
                logs.append(recorder.finish(outcome, report=False).files["log"])
            except LongwatchError:
                recorder.abandon()
                raise
        return logs

    def abandon(self) -> None:
        """Leave the log as it is, marked as interrupted."""
        if self.recorder is not None:
            self.recorder.abandon()
            self.recorder = None


def _given(simulation: Simulation, given: Asked) -> None:
    """Give orders, whatever comes of them."""
    for name, arguments in given:
        with contextlib.suppress(LongwatchError):
            table.give(simulation, name, "", arguments)


def _departure(simulation: Simulation) -> Asked:
    """Orders that load what can be loaded, and let it take off."""
    header = simulation.loaded.header
    place = float(header.home_latitude), float(header.home_longitude)
    altitude = float(header.home_elevation_msl) + WARM_HEIGHT
    around = FenceVertex.zeros(1)
    around["kind"], around["radius"] = CIRCLE_INCLUSION, WARM_FENCE
    around["latitude"], around["longitude"] = place
    return [("plan", plan_arguments(simulation.plan)),
            ("fence", {"records": fence_text(around)}),
            ("rally", {"points": [[*place, altitude]]}),
            ("arm", {}), ("take_off", {"altitude_msl": altitude})]


def _every_other(simulation: Simulation) -> Asked:
    """Every order that calls machine code, but those of a departure."""
    header = simulation.loaded.header
    place = {"latitude": float(header.home_latitude), "longitude": float(header.home_longitude)}
    ground = {"altitude_msl": float(header.home_elevation_msl)}
    altitude = {"altitude_msl": ground["altitude_msl"] + WARM_HEIGHT}
    speed = float(simulation.aircraft.datasheet[0].limits.cruise_speed)
    return [
        ("home", place | ground), ("mission_current", {"index": 0}), ("land_start", {}),
        ("go_to", place | altitude), ("orbit", place), ("course", {"course": 0.0}),
        ("altitude", altitude), ("speed", {"calibrated_airspeed": speed}),
        ("manual", {"roll": 0.0}), ("offboard_position", place | altitude),
        ("offboard_attitude", {"roll": 0.0, "pitch": 0.0, "thrust": 0.5}),
        ("offboard_velocity", {"north": speed, "east": 0.0, "down": 0.0}),
        ("mode", {"mode": "offboard"}), ("offboard_end", {}),
        *2 * (("wind", {"speed": 1.0, "direction": 0.0}), ("turbulence", {"level": "light"})),
        ("link", {"present": True}), ("link", {"present": False}),
        ("parameter", {"name": "LW_FENCE_MARGIN", "value": 2.0 * FENCE_MARGIN}),
        *(("mode", {"mode": name}) for name in MODE_NAMES),
        ("land", {}), ("go_around", {}), ("return", {}), ("disarm", {})]
