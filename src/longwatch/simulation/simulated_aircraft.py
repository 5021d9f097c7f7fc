"""One aircraft on the simulated clock, as orders, services and recorders know it.

What changes of it is its record, what that refers to, and what has happened. :class:`Checkpoint`
lists these once: snapshots, going back and an order refused half way all go by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.autopilot.aboard.events import RING
from longwatch.environment.terrain_files import Terrain
from longwatch.simulation.happenings import Happening, happening
from longwatch.simulation.references import References
from longwatch.simulation.start import Parking
from longwatch.simulation.vehicle import FAULTY, FLYING, LANDED, LOST, Loaded, Vehicle, World

FAULT = "fault"
OUTCOMES = {FLYING: "flying", LANDED: "landed", LOST: "lost", FAULTY: FAULT}


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that an aircraft must remember, between two ticks.

    Attributes:
        record: the record as an array of one, clock and random streams included.
        references: what it refers to.
        happenings: what had happened until then.
    """

    record: np.ndarray
    references: References
    happenings: tuple[Happening, ...]


class SimulatedAircraft:
    """One aircraft of a simulation.

    Args:
        references: what its record refers to at the beginning.
        parking: where and how it begins.
        start: when it begins, UTC.
        tiles: the terrain files that a plan loaded in flight takes its terrain from.
        live: flown by orders.

    Attributes:
        references: what its record refers to now; an order puts another one in its place.
        vehicles, index: the array of records and this aircraft's place in it, see ``state``.
        happenings: what has happened so far, as dictionaries.
        on_reset: called before a live aircraft is put back to where it began.
        parking, start, tiles, live: as given.
    """

    def __init__(self, references: References, parking: Parking, start: datetime,
                 tiles: Terrain | None, live: bool) -> None:
        self.references = references
        self.parking, self.start, self.tiles, self.live = parking, start, tiles, live
        self.vehicles: np.ndarray = Vehicle.zeros(1)
        self.index = 0
        self.happenings: list[Happening] = []
        self.on_reset: Callable[[], object] = _nothing
        self._collected = 0

    @property
    def state(self) -> np.record:
        """The aircraft's record, live."""
        record: np.record = self.vehicles[self.index]
        return record

    @property
    def loaded(self) -> Loaded:
        """What is loaded aboard now."""
        return self.references.loaded

    @property
    def world(self) -> World:
        """What surrounds it now."""
        return self.references.world

    @property
    def aircraft(self) -> Aircraft:
        """What it is, as parameters have left it."""
        return self.references.aircraft

    @property
    def time(self) -> float:
        """Simulated time since the start [s]."""
        return float(self.state.clock.time)

    @property
    def utc(self) -> datetime:
        """Date and time on the simulated clock."""
        return self.start + timedelta(seconds=self.time)

    @property
    def outcome(self) -> str:
        """"flying", "landed", "lost", or "fault": one of Longwatch itself."""
        return OUTCOMES[int(self.state.status.outcome)]

    def checkpoint(self) -> Checkpoint:
        """All that it remembers now, to go back to."""
        self.collect()
        return Checkpoint(self._bytes().copy().view(Vehicle.dtype), self.references,
                          tuple(self.happenings))

    def go_back(self, checkpoint: Checkpoint) -> None:
        """Be as it was at a checkpoint of its own; its clock shows the time of then."""
        self._bytes()[:] = checkpoint.record.view(np.uint8)
        self.references = checkpoint.references
        self.happenings[:] = checkpoint.happenings
        self._collected = int(self.state.events.count)

    def collect(self) -> None:
        """Take what the record tells of new events among ``happenings``."""
        ring, names = self.state.events, self.references.names
        count = int(ring.count)
        for number in range(max(self._collected, count - RING), count):
            self.happenings.append(happening(ring.entries[number % RING], names))
        self._collected = count

    def _bytes(self) -> np.ndarray:
        """The record's bytes: NumPy copies a record field by field, ten times dearer."""
        return self.vehicles[self.index:self.index + 1].view(np.uint8)


def _nothing() -> None:
    pass
