"""What the benchmark flies: its own mission, written here, and the aircraft brought airborne."""

from pathlib import Path

from longwatch.simulation.run import Simulation

HOUR = 3600.0
TURBULENCE = "moderate"
# Time after which the aircraft circles on station, 3000 m up, trimmed.
ON_STATION = 1500.0
# What the flight takes beside its loiter, take-off to stop, by the model.
AROUND_LOITER = 1500.0

# Take-off at Çorlu, a loiter over the plain north of it, and back: QGC WPL 110.
_MISSION = """QGC WPL 110
1 0 3 22 0 0 0 0 41.147099 27.932600 300 1
2 0 0 19 {loiter:.0f} 0 1500 0 41.20 28.05 3000 1
3 0 2 189 0 0 0 0 0 0 0 1
4 0 0 21 0 0 0 0 41.1311572 27.9080118 155 1
"""


def write_mission(folder: Path, loiter: float) -> Path:
    """Write the benchmark's mission, ``loiter`` s on station, and return its path."""
    path = folder / "benchmark.txt"
    path.write_text(_MISSION.format(loiter=loiter), encoding="utf-8")
    return path


def simulation(folder: Path, *, loiter: float = 5 * HOUR, seed: int = 0,
               turbulence: str = TURBULENCE) -> Simulation:
    """The benchmark's flight, parked at its start with full tanks and no payload."""
    return Simulation(mission=write_mission(folder, loiter), turbulence=turbulence, seed=seed)


def on_station(folder: Path) -> Simulation:
    """The benchmark's flight, circling on station in moderate turbulence.

    Raises:
        RuntimeError: the model no longer flies it there.
    """
    sim = simulation(folder)
    sim.step(ON_STATION)
    if sim.outcome != "flying" or sim.state.flight.height_above_ground < 1000.0:
        raise RuntimeError(f"the benchmark's flight is not on station after {ON_STATION:g} s")
    return sim
