"""What the station's computations ask of a vehicle, and where they write."""

from typing import Any, Protocol

from longwatch.station.vehicles.datasheet import Kind
from longwatch.station.vehicles.parameters import Parameters
from longwatch.station.vehicles.plans import PlanAboard


class Known(Protocol):
    """A vehicle as far as computations know it; see ``vehicle.Vehicle``."""

    family: str
    aircraft: Kind
    parameters: Parameters
    plans: dict[str, PlanAboard]
    boot: float | None  # its own clock [s]
    heard: float
    time_scale: float

    @property
    def own(self) -> bool:
        """Whether it is one of Longwatch's aircraft."""

    def number(self, name: str) -> Any:
        """A quantity by name, None where it is not reported."""

    def parameter(self, name: str) -> float | None:
        """A parameter aboard, None where it is not known."""

    def reports(self, name: str) -> bool:
        """Whether a quantity comes from the vehicle, or its log, and not from a computation."""

    def set(self, name: str, value: Any) -> None:
        """Set a computed quantity, None to unset it."""
