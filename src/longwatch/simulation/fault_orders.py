"""Orders that make things fail, and change wind and turbulence: those of ``faults.py``."""

from typing import Any

from longwatch.simulation import faults


def begin(simulation: Any, *, name: str, **arguments: Any) -> None:
    """Make a fault begin."""
    faults.begin(simulation, name, **arguments)


def end(simulation: Any, *, name: str, **arguments: Any) -> None:
    """End a fault."""
    faults.end(simulation, name, **arguments)


def wind(simulation: Any, *, speed: float | None, direction: float | None,
         over: float | None) -> None:
    """Change the steady wind."""
    faults.set_wind(simulation, speed, direction, over)


def turbulence(simulation: Any, *, level: str, over: float | None) -> None:
    """Change the turbulence."""
    faults.set_turbulence(simulation, level, over)
