"""A day in the air, without files: what is kept of it is its hourly state."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.simulation.run import Simulation

STEP = 600.0
LONGEST = 40 * 3600.0
SEED = 1


@dataclass(frozen=True)
class LongFlight:
    """How a long flight went.

    Attributes:
        outcome: "landed", "lost" or "flying" (not down within 40 h).
        airborne_s: from lift-off to touchdown, s.
        fuel_loaded, fuel_left, planned: kg; the last as the judge planned it.
        last_flow: mean fuel flow of the last hour at its station, kg/s.
        time, fuel, altitude, speed: every ten minutes: s, kg, m above mean sea level, m/s
            calibrated.
    """

    outcome: str
    airborne_s: float
    fuel_loaded: float
    fuel_left: float
    planned: float
    last_flow: float
    time: np.ndarray
    fuel: np.ndarray
    altitude: np.ndarray
    speed: np.ndarray


def fly_long(aircraft: Aircraft, mission: Path, payload_kg: float, turbulence: str,
             tell: Callable[[float], None]) -> LongFlight:
    """Fly a mission with as much fuel as fits; ``tell`` is told the hours flown."""
    simulation = Simulation(aircraft, mission, payload_kg=payload_kg, turbulence=turbulence,
                            seed=SEED)
    state = simulation.state
    loaded = float(state.mass.fuel_mass)
    rows = []
    while simulation.outcome == "flying" and simulation.time < LONGEST:
        rows.append((simulation.time, float(state.mass.fuel_mass),
                     float(state.flight.altitude_msl),
                     float(state.flight.calibrated_airspeed)))
        if round(simulation.time) % 3600 == 0:
            tell(simulation.time / 3600.0)
        simulation.step(STEP)
    status = state.status
    time, fuel, altitude, speed = np.array(rows).T
    airborne = float(status.touchdown_time - status.lift_off_time)
    return LongFlight(simulation.outcome, airborne, loaded, float(state.mass.fuel_mass),
                      simulation.plan.judgement.fuel.needed, _last_flow(time, fuel, altitude),
                      time, fuel, altitude, speed)


def _last_flow(time: np.ndarray, fuel: np.ndarray, altitude: np.ndarray) -> float:
    """Mean flow over the last hour at the station's altitude, kg/s."""
    station = np.flatnonzero(np.abs(altitude - np.median(altitude)) < 50.0)
    last = station[-1]
    first = max(last - round(3600.0 / STEP), station[0])
    return float((fuel[first] - fuel[last]) / (time[last] - time[first]))
