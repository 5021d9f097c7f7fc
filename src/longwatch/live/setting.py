"""What a live run was started with: enough to build the same aircraft again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from longwatch.environment.wind import parse_wind
from longwatch.errors import SetupError, listed
from longwatch.simulation.run import Simulation, check_seed, log_divisor

# System ids of aircraft: 1 to 200, without the one that SiK radios use.
RADIO_SYSTEM = 51
SYSTEMS = tuple(system for system in range(1, 201) if system != RADIO_SYSTEM)
PROFILES = ("px4", "ardupilot", "generic")


@dataclass(frozen=True)
class Setting:
    """A live run as asked for; every field is JSON.

    Attributes:
        aircraft: a datasheet's name or path.
        count: how many aircraft, system ids 1, 2, ... without 51.
        mission: a mission file that all of them carry from the start; None for none.
        profile: "px4", "ardupilot" or "generic": whose identity and modes they show.
        payload_kg, fuel_kg, wind, turbulence, weather, terrain, start, fit, force: as for
            :class:`~longwatch.simulation.run.Simulation`.
        seed: of aircraft 1; aircraft n has ``seed + n - 1``.
        log_rate: rows of the Parquet log per simulated second.
    """

    aircraft: str = "tb2"
    count: int = 1
    mission: str | None = None
    profile: str = "px4"
    payload_kg: float = 0.0
    fuel_kg: float | None = None
    wind: str | None = None
    turbulence: str = "none"
    weather: str | None = None
    terrain: str | None = None
    start: str | None = None
    fit: bool = False
    force: bool = False
    seed: int = 0
    log_rate: float = 10.0

    def check(self) -> None:
        """Refuse what can be told without building an aircraft; every fault in one message."""
        faults = []
        if isinstance(self.count, bool) or not (isinstance(self.count, int)
                                                and 1 <= self.count <= len(SYSTEMS)):
            faults.append(f"count {self.count!r}: give 1 to {len(SYSTEMS)} aircraft")
        if self.profile not in PROFILES:
            faults.append(f"profile {self.profile!r}: give one of {', '.join(PROFILES)}")
        for test in (lambda: check_seed(self.seed), lambda: log_divisor(self.log_rate),
                     lambda: parse_wind(self.wind or "0@0")):
            try:
                test()
            except SetupError as fault:
                faults.append(str(fault))
        if faults:
            raise SetupError(faults[0] if len(faults) == 1 else
                             listed("this run cannot be started:", faults))

    def simulations(self) -> list[Simulation]:
        """The aircraft, parked one behind the other on the home runway.

        Raises:
            DatasheetError, MissionError, SetupError.
        """
        self.check()
        return [self._simulation(number) for number in range(self.count)]

    def _simulation(self, number: int) -> Simulation:
        return Simulation(
            self.aircraft, self.mission, payload_kg=self.payload_kg, fuel_kg=self.fuel_kg,
            wind=self.wind, turbulence=self.turbulence, seed=self.seed + number, fit=self.fit,
            force=self.force, weather=self.weather, terrain=self.terrain, start=self.start,
            place=number, live=True)

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def as_path(path: str | Path | None) -> str | None:
    """A path as text, None as it is."""
    return None if path is None else str(path)
