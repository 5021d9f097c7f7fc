"""What a measurement gives, how much effort it takes, and the clock that all use."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure, asked and measured.

    Attributes:
        key: its name in the JSON.
        what: what was measured, for people.
        asked: what it shall be, for people; "" where nothing is asked.
        measured: the number, or yes and no; None where it could not be measured.
        unit: of ``measured``.
        met: whether it is as asked; None where nothing is asked or nothing was measured.
        how: what exactly lies between start and end of the measurement.
        more: further numbers, by names that end in their unit.
    """

    key: str
    what: str
    measured: float | bool | None
    unit: str
    how: str
    asked: str = ""
    met: bool | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """How long to measure; what is measured stays the same, short of the flight's length.

    Attributes:
        pairs: batches of physics steps, each beside one of JSBSim.
        steps: physics steps a batch.
        rounds: repeats of every other loop.
        ticks: ticks of the closed loop a round.
        fleet_ticks: ticks of each of the 64 aircraft a round.
        endurance_hours: length of the long flight.
        replay_seconds: length of the flights whose bytes are compared.
        cold: compile everything anew in an empty cache.
    """

    pairs: int = 200
    steps: int = 2000
    rounds: int = 15
    ticks: int = 30_000
    fleet_ticks: int = 2000
    endurance_hours: float = 27.0
    replay_seconds: float = 1800.0
    cold: bool = True


FULL = Effort()
QUICK = Effort(pairs=40, rounds=5, ticks=12_000, fleet_ticks=1000, endurance_hours=3.0,
               replay_seconds=300.0, cold=False)


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call [s]."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(works: Sequence[tuple[Callable[[], object], Callable[[], object]]],
                rounds: int) -> list[list[float]]:
    """Wall times [s] of several works, taken in turns: A B C, A B C, ...

    Each work is (prepare, run); only ``run`` is timed. Whatever slows the machine down for a
    while slows all of them. One round more is flown first and thrown away.
    """
    times: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for taken, (prepare, run) in zip(times, works, strict=True):
            prepare()
            spent = seconds(run)
            if turn:
                taken.append(spent)
    return times


