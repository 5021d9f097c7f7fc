"""Short flights of the closed loop that show one figure each: climbs, level runs, glides.

The autopilot flies them from Çorlu, in calm air, with a plan made here; what is measured is the
difference of the true states over the time.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.autopilot import plan
from longwatch.environment.runways import known_runways
from longwatch.planning.judge import judge
from longwatch.planning.mission import FRAMES_HOME, FRAMES_MSL, Home, Mission, MissionItem
from longwatch.planning.resolve import resolve
from longwatch.simulation.run import Simulation

FIELD = "LTBU"
# So wide that the bank of the turn adds less than 0.5 % to the load.
RADIUS = 20_000.0
CENTRE = (0.7144, 0.4817)  # rad: over the Marmara
CLIMB_OUT = 300.0
SAMPLE = 10.0
LONGEST = 6 * 3600.0


@dataclass(frozen=True)
class Trace:
    """A flight sampled every ten seconds: arrays of equal length, SI units.

    Attributes:
        time, altitude, true_airspeed, calibrated_airspeed, mass, fuel, engine_speed: each s, m
            above mean sea level, m/s, m/s, kg, kg, rad/s.
    """

    time: np.ndarray
    altitude: np.ndarray
    true_airspeed: np.ndarray
    calibrated_airspeed: np.ndarray
    mass: np.ndarray
    fuel: np.ndarray
    engine_speed: np.ndarray

    def between(self, first: float, last: float) -> "Trace":
        """The samples from a time to another, s."""
        inside = (self.time >= first) & (self.time <= last)
        return Trace(*(getattr(self, name)[inside] for name in self.__dataclass_fields__))

    def last(self, seconds: float) -> "Trace":
        """The last samples."""
        return self.between(float(self.time[-1]) - seconds, float(self.time[-1]))

    def rate(self, name: str) -> float:
        """Change of a quantity over the whole trace, per second."""
        values = getattr(self, name)
        return float((values[-1] - values[0]) / (self.time[-1] - self.time[0]))

    def mean(self, name: str) -> float:
        """Mean of a quantity."""
        return float(np.mean(getattr(self, name)))


def sortie(aircraft: Aircraft, altitude_msl: float, *, payload_kg: float, fuel_kg: float,
           calibrated: float | None = None) -> Simulation:
    """An aircraft that will take off, climb to an altitude and circle there.

    At a calibrated airspeed in m/s, or its standard one. Altitudes above the judge's ceiling are
    flown at as far as they go.
    """
    runway = next(r for r in known_runways() if r.airport == FIELD)
    home = Home(runway.latitude[0], runway.longitude[0], runway.elevation_msl[0])
    items = (
        MissionItem(1, plan.TAKEOFF, min(FRAMES_HOME), None, None, None, None, home.latitude,
                    home.longitude, CLIMB_OUT),
        MissionItem(2, plan.LOITER_UNLIM, min(FRAMES_MSL), None, None, RADIUS, None, *CENTRE,
                    altitude_msl))
    judgement = judge(Mission(Path("sortie"), home, items, calibrated), aircraft,
                      payload_kg=payload_kg, fuel_kg=fuel_kg)
    return Simulation(aircraft, resolve(judgement, payload_kg=payload_kg, messages=()),
                      payload_kg=payload_kg, fuel_kg=fuel_kg)


def fly(simulation: Simulation, until: Any, longest: float = LONGEST) -> Trace:
    """Fly on until ``until(simulation)`` or a time in s, sampling."""
    rows = [_sample(simulation)]
    end = simulation.time + longest
    while simulation.outcome == "flying" and simulation.time < end and not until(simulation):
        simulation.step(SAMPLE)
        rows.append(_sample(simulation))
    return Trace(*np.array(rows, float).T)


def _sample(simulation: Simulation) -> tuple[float, ...]:
    state = simulation.state
    return (simulation.time, float(state.flight.altitude_msl), float(state.flight.true_airspeed),
            float(state.flight.calibrated_airspeed), float(state.mass.mass),
            float(state.mass.fuel_mass), float(state.engines[0].speed))
