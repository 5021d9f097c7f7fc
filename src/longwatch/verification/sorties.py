"""Short flights of the closed loop that show one figure each: climbs, level runs, glides.

The autopilot flies them from Çorlu, in calm air, with a plan made here; what is measured is the
difference of the true states over the time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.autopilot.aboard import plan
from longwatch.environment.runways import known_runways
from longwatch.planning.judge import judge
from longwatch.planning.mission import FRAMES_HOME, FRAMES_MSL, Home, Mission, MissionItem
from longwatch.planning.resolve import resolve
from longwatch.simulation.orders import crew, steering
from longwatch.simulation.run import Simulation

FIELD = "LTBU"
# So wide that the bank of the turn adds less than 0.5 % to the load.
RADIUS = 20_000.0
CENTRE = (0.7144, 0.4817)  # rad: over the Marmara
CLIMB_OUT = 300.0
SAMPLE = 10.0
LONGEST = 6 * 3600.0
ELEVATION = 152.4  # of the threshold, m above mean sea level
SCREEN_HEIGHT = 15.24
# Full power: how long it is flown, how often pitch and power are set anew, and how soon the pilot
# takes out an error of height, and of trim and power, s.
SETTLES, PILOT, HEIGHT_TIME, TRIM_TIME = 600.0, 0.1, 10.0, 5.0


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

    def where(self, chosen: np.ndarray) -> "Trace":
        """The samples chosen by a mask."""
        return Trace(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def pair(self, i: int) -> tuple[float, float, float, float]:
        """Rise, mean mass, calibrated airspeed and altitude from sample ``i`` to the next."""
        def middle(values: np.ndarray) -> float:
            return float(0.5 * (values[i] + values[i + 1]))

        return (float(self.altitude[i + 1] - self.altitude[i]), middle(self.mass),
                middle(self.calibrated_airspeed), middle(self.altitude))

    def between(self, first: float, last: float) -> "Trace":
        """The samples from a time to another, s."""
        return self.where((self.time >= first) & (self.time <= last))

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


def fly(simulation: Simulation, until: Callable[[Simulation], bool], longest: float = LONGEST
        ) -> Trace:
    """Fly on until ``until(simulation)`` or a time in s, sampling."""
    rows = [_sample(simulation)]
    end = simulation.time + longest
    while simulation.outcome == "flying" and simulation.time < end and not until(simulation):
        simulation.step(SAMPLE)
        rows.append(_sample(simulation))
    return Trace(*np.array(rows, float).T)


def take_off(simulation: Simulation) -> tuple[float, float]:
    """Fly the take-off; ground run, and distance to 15 m (50 ft) above where it began, m."""
    simulation.step(0.1)
    state = simulation.state
    ground, run = float(state.flight.altitude_msl), math.nan
    while simulation.time < 120.0:
        simulation.step(0.1)
        if math.isnan(run) and not state.gear.weight_on_wheels:
            run = float(state.flight.distance)
        if state.flight.altitude_msl > ground + SCREEN_HEIGHT:
            return run, float(state.flight.distance)
    return run, math.nan


def full_power_level(simulation: Simulation, altitude_msl: float) -> Trace:
    """Straight and level at full continuous power until the speed has settled; two minutes of it.

    Flown by set-points of attitude as a test pilot flies it, power set and height held by pitch: by
    itself the autopilot flies no faster than leaves it 100 ft/min of climb.
    """
    state = simulation.state
    trim = float(state.flight.pitch)
    steering.offboard_attitude(simulation, roll=0.0, pitch=trim, thrust=1.0)
    crew.mode(simulation, mode="offboard")
    setpoint, rows, thrust = state.autopilot.crew.setpoint, [], 1.0
    rating = float(simulation.aircraft.datasheet[0].engine.continuous_power)
    for step in range(round(SETTLES / PILOT)):
        if step % round(SAMPLE / PILOT) == 0:
            rows.append(_sample(simulation))
        wanted = (altitude_msl - float(state.flight.altitude_msl)) / HEIGHT_TIME
        steeper = (wanted - float(state.flight.vertical_speed)) / float(state.flight.true_airspeed)
        trim += steeper * PILOT / TRIM_TIME
        thrust += (1.0 - float(state.engines[0].power) / rating) * PILOT / TRIM_TIME
        thrust = min(thrust, 1.0)
        setpoint[1], setpoint[2] = trim + steeper, thrust
        simulation.step(PILOT)
    return Trace(*np.array(rows, float).T).last(120.0)


def _sample(simulation: Simulation) -> tuple[float, ...]:
    state = simulation.state
    return (simulation.time, float(state.flight.altitude_msl), float(state.flight.true_airspeed),
            float(state.flight.calibrated_airspeed), float(state.mass.mass),
            float(state.mass.fuel_mass), float(state.engines[0].speed))
