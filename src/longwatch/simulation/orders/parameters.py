"""Parameters of one aircraft in flight, as they are now, and the order that sets one."""

from dataclasses import replace

import numpy as np

from longwatch.autopilot.aboard import parameter_ranges
from longwatch.autopilot.aboard import parameters as registry
from longwatch.errors import OrderError
from longwatch.simulation.orders import aboard, fence
from longwatch.simulation.simulated_aircraft import SimulatedAircraft

_FENCE_SETTINGS = ("fence_watch", "fence_margin")


def parameter(simulation: SimulatedAircraft, name: str) -> float:
    """The value of a parameter now, in its unit (angles in degrees). KeyError if unknown."""
    return registry.read(name, simulation.aircraft.datasheet, settings(simulation))


def settings(simulation: SimulatedAircraft) -> np.ndarray:
    """The crew's settings aboard, an array of one record; a change makes another."""
    return simulation.loaded.settings


def change(simulation: SimulatedAircraft, *, name: str, value: float) -> None:
    """Set a parameter of the registry, where this phase of flight allows it."""
    before = simulation.references
    sheets, changed = registry.changed(name, value, before.aircraft, before.loaded.settings)
    why = parameter_ranges.refusal(name, int(simulation.state.autopilot.modes.phase))
    if why:
        raise OrderError(why)
    simulation.references = replace(
        before, aircraft=replace(before.aircraft, datasheet=sheets),
        loaded=before.loaded._replace(settings=aboard.settings_of(changed)))
    own, was = simulation.loaded.settings[0], before.loaded.settings[0]
    if any(was[key] != own[key] for key in _FENCE_SETTINGS):
        fence.check_fence(simulation)
    if name == "PROC_AIM_DIST":
        aboard.aim(simulation)
