"""An aircraft flown live at one moment, to go back to: the record and all that it refers to.

What is loaded aboard, the world and the datasheet are replaced whole when they change, never
written into, so that keeping what stood then is keeping the moment.
"""

from dataclasses import dataclass
from typing import Any

from longwatch.simulation.happenings import Happening
from longwatch.simulation.run import Simulation, Snapshot


@dataclass(frozen=True)
class Moment:
    """One aircraft at one moment.

    Attributes:
        snapshot: the record, clock and random streams included.
        loaded, world, aircraft, names: what was aboard and around it then.
        happenings: what had happened until then.
    """

    snapshot: Snapshot
    loaded: Any
    world: Any
    aircraft: Any
    names: dict[int, str]
    happenings: tuple[Happening, ...]


def moment_of(simulation: Simulation) -> Moment:
    """The aircraft as it is, between two ticks."""
    return Moment(simulation.snapshot(), simulation._loaded, simulation.world, simulation.aircraft,
                  simulation._names, tuple(simulation.happenings))


def go_back(simulation: Simulation, moment: Moment) -> None:
    """Put the aircraft back to a moment of its own run; its clock shows the time of then."""
    simulation._loaded, simulation.world = moment.loaded, moment.world
    simulation.aircraft, simulation._names = moment.aircraft, moment.names
    simulation.restore(moment.snapshot)
    simulation.happenings[:] = moment.happenings
