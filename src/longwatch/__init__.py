"""Longwatch: a long-endurance unmanned aircraft system on one simulated clock.

    import longwatch as lw

    flight = lw.fly("missions/thrace-watch.plan", aircraft="tb2", seed=1)
    sim = lw.Simulation(aircraft="tb2", mission="missions/thrace-watch.plan")
    fleet = lw.Fleet([lw.Simulation(seed=seed) for seed in range(8)])
    with lw.Server(count=2) as server:
        server.step(10.0)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longwatch import errors
    from longwatch.aircraft.loader import load_datasheet
    from longwatch.analysis.linear import linearize
    from longwatch.analysis.modes import modes
    from longwatch.analysis.performance import performance
    from longwatch.analysis.trim import trim
    from longwatch.flight.free_flight import FreeFlight, free_flight
    from longwatch.flight.free_flight_setup import Body, Earth, Environment, Initial, WindTable
    from longwatch.flights.fly import fly
    from longwatch.flights.folder import Flight
    from longwatch.flights.recorder import Recorder
    from longwatch.live.replay import replay
    from longwatch.live.server import Server
    from longwatch.simulation.fleet import Fleet
    from longwatch.simulation.run import Simulation

__all__ = ["Body", "Earth", "Environment", "Fleet", "Flight", "FreeFlight", "Initial", "Recorder",
           "Server", "Simulation", "WindTable", "errors", "fly", "free_flight", "linearize",
           "load_datasheet", "modes", "performance", "replay", "trim"]

# Loaded when first asked for, so that `import longwatch` costs nothing.
_HOMES = {
    "fly": "longwatch.flights.fly", "Flight": "longwatch.flights.folder",
    "Recorder": "longwatch.flights.recorder",
    "Simulation": "longwatch.simulation.run", "Fleet": "longwatch.simulation.fleet",
    "Server": "longwatch.live.server", "replay": "longwatch.live.replay",
    "load_datasheet": "longwatch.aircraft.loader",
    "performance": "longwatch.analysis.performance",
    "trim": "longwatch.analysis.trim", "linearize": "longwatch.analysis.linear",
    "modes": "longwatch.analysis.modes",
    "free_flight": "longwatch.flight.free_flight", "FreeFlight": "longwatch.flight.free_flight",
    "Body": "longwatch.flight.free_flight_setup", "Initial": "longwatch.flight.free_flight_setup",
    "Earth": "longwatch.flight.free_flight_setup",
    "Environment": "longwatch.flight.free_flight_setup",
    "WindTable": "longwatch.flight.free_flight_setup",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "errors":
        return import_module("longwatch.errors")
    if name == "__version__":
        return import_module("importlib.metadata").version("longwatch")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'longwatch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
