"""Many aircraft on one clock: the same machine code, one thread a core, one array of records."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from longwatch.simulation.run import Simulation, Sink
from longwatch.simulation.vehicle import Vehicle


class Fleet:
    """Simulations stepped together; each flies exactly as it would alone.

    Args:
        simulations: the aircraft.
        threads: how many to step at a time; None takes every core that this process may use.

    Attributes:
        state: the records of all aircraft, live, as one array.
    """

    def __init__(self, simulations: Sequence[Simulation], threads: int | None = None) -> None:
        self.simulations = list(simulations)
        self.threads = threads or usable_cores()
        self.state: np.ndarray = Vehicle.zeros(len(self.simulations))
        for index, simulation in enumerate(self.simulations):
            self.state[index] = simulation.state
            simulation.vehicles, simulation.index = self.state, index

    def step(self, seconds: float, sinks: Sequence[Sink] | None = None,
             log_rate: float = 10.0) -> None:
        """Advance every aircraft by simulated ``seconds``, or to the end of its flight."""
        chosen: Sequence[Sink | None] = sinks or [None] * len(self.simulations)
        with ThreadPoolExecutor(self.threads) as pool:
            jobs = [pool.submit(simulation.step, seconds, sink, log_rate)
                    for simulation, sink in zip(self.simulations, chosen, strict=True)]
            for job in jobs:
                job.result()

    def __len__(self) -> int:
        return len(self.simulations)

    def __getitem__(self, index: int) -> Simulation:
        return self.simulations[index]


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
