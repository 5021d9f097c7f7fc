"""Parameters of one aircraft in flight, as they are now; the order ``parameter`` sets them."""

from typing import Any

from longwatch.autopilot.aboard import parameters as registry


def parameter(simulation: Any, name: str) -> float:
    """The value of a parameter now, in its unit (angles in degrees). KeyError if unknown."""
    return registry.read(name, simulation.aircraft.datasheet, settings(simulation))


def settings(simulation: Any) -> Any:
    """The crew's settings aboard, an array of one record; a change makes another."""
    return simulation._loaded.settings
