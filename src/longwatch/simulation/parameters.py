"""Parameters of one aircraft in flight: read, and set between two ticks.

Datasheet and settings are read-only arrays that the compiled code is handed anew at every call;
setting a parameter replaces them for this one aircraft. The registry is
:mod:`longwatch.autopilot.parameters`.
"""

from dataclasses import replace
from typing import Any

from longwatch.autopilot import parameters as registry
from longwatch.autopilot.settings import standard_settings


def parameter(simulation: Any, name: str) -> float:
    """The value of a parameter now, in its unit (angles in degrees). KeyError if unknown."""
    return registry.read(name, simulation.aircraft.datasheet, settings(simulation))


def set_parameter(simulation: Any, name: str, value: Any) -> None:
    """Carry out the order ``parameter``. Raises OrderError, which changes nothing."""
    sheets, own = registry.changed(name, value, simulation.aircraft.datasheet,
                                   settings(simulation))
    simulation.aircraft = replace(simulation.aircraft, datasheet=sheets)
    if hasattr(simulation._loaded, "settings"):
        simulation._loaded = simulation._loaded._replace(settings=own)
    else:
        simulation._own_settings = own


def settings(simulation: Any) -> Any:
    """The settings aboard, an array of one record."""
    # Until the settings are loaded beside the plan, each simulation keeps its own.
    kept = getattr(simulation, "_own_settings", None)
    return getattr(simulation._loaded, "settings", _STANDARD if kept is None else kept)


_STANDARD = standard_settings()
