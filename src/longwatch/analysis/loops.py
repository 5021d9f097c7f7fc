"""The aircraft with its autopilot's inner loops engaged, as one linear map.

The compiled code that flies is run for one common period of its rates, two ticks of 100 Hz:
sensors, inner loops (at their 50 Hz), servos, shaft and governor, rigid body. The inertial solution
is taken as true, as it is with errorless sensors; everything else of the sensor path is as built.
Throttle and governor setting stand still: guidance and energy control are not engaged. The map's
Jacobian about steady flight is found by central differences, its eigenvalues mu are brought to
continuous time by log(mu)/T.
"""

import numpy as np

from longwatch.analysis import model
from longwatch.analysis.trim import Trim
from longwatch.autopilot.aboard.plan import PlanHeader
from longwatch.earth.geoid import geoid_table

AIRFRAME = ("u", "v", "w", "p", "q", "r", "roll", "pitch", "altitude")
MEAN_RATES = ("mean_p", "mean_q", "mean_r")
# What the inertial unit felt over the last tick: the loops' angle of attack goes by it.
FELT = ("normal_force",)
SERVOS = ("aileron_left", "aileron_right", "ruddervator_left", "ruddervator_right")
LOOPS = ("alpha", "alpha_asked", "roll_integral", "pitch_integral", "yaw_integral")
STEPS = {"u": 0.02, "v": 0.02, "w": 0.02, "altitude": 1.0, "engine_speed": 0.1}
USUAL_STEP = 1e-3


class Loops:
    """Steady flight with the inner loops engaged; the map and its Jacobian."""

    def __init__(self, flight: Trim, by_rate: bool = False) -> None:
        self.by_rate = by_rate
        self.sheets = flight.aircraft.datasheet
        self.count = int(self.sheets[0].engine.count)
        self.header = PlanHeader.zeros(1)
        self.header[0].payload_mass = flight.payload_kg
        self.geoid = np.zeros_like(geoid_table())
        self.vehicles = flight.vehicle.copy()
        self.names = (*AIRFRAME, *MEAN_RATES, *FELT, *SERVOS, *LOOPS,
                      *(f"{name}_{i}" for i in range(self.count)
                        for name in ("engine_speed", "blade_angle")))
        self._engage(flight)
        self.base = self.vehicles[0].copy()

    def _engage(self, flight: Trim) -> None:
        """Ask for the attitude flown, and let the integrals carry the surfaces."""
        vehicle = self.vehicles[0]
        state, commands = vehicle.autopilot.control, vehicle.commands
        state.roll_command, state.pitch_command = flight.roll, flight.pitch
        state.alpha = flight.alpha
        for i in range(len(vehicle.commands.throttle)):
            commands.throttle[i] = flight.throttle
            vehicle.actuators.throttle[i] = flight.throttle
        wanted = flight.controls[:3]
        for _ in range(3):
            # What the integrals lack shows in the commands that they give from rest.
            trial = self.vehicles.copy()
            self._run(trial[0], (0.0, 0.0))
            given = trial[0].commands
            vehicle.body.specific_force_body[:] = trial[0].body.specific_force_body
            state.pitch_integral += wanted[0] - given.elevator
            state.roll_integral += wanted[1] - given.aileron
            state.yaw_integral += wanted[2] - given.rudder

    def _run(self, vehicle: np.record, rates: tuple[float, float]) -> None:
        model.period(vehicle, self.sheets[0], model.FLAT_EARTH[0], self.header[0], self.geoid,
                     self.by_rate, *rates)

    def get(self, vehicle: np.record) -> np.ndarray:
        """The map's states of a record."""
        x = np.zeros(10)
        model.read(vehicle, model.FLAT_EARTH[0], x)
        loops, servos = vehicle.autopilot.control, vehicle.actuators
        shafts = [value for i in range(self.count)
                  for value in (vehicle.engines[i].speed, vehicle.propellers[i].blade_angle)]
        return np.array([*np.delete(x, 8), *vehicle.body.mean_rate_body,
                         vehicle.body.specific_force_body[2],
                         *(servos[name] for name in SERVOS), *(loops[name] for name in LOOPS),
                         *shafts])

    def put(self, vehicle: np.record, values: np.ndarray) -> None:
        """Write the map's states into a record, over steady flight."""
        nine, count = values[:9], len(AIRFRAME)
        model.place(vehicle, np.array([*nine[:8], 0.0, nine[8]]))
        vehicle.body.mean_rate_body[:] = values[count:count + 3]
        rest = iter(values[count + 3:])
        vehicle.body.specific_force_body[2] = next(rest)
        for name in SERVOS:
            vehicle.actuators[name] = next(rest)
        for name in LOOPS:
            vehicle.autopilot.control[name] = next(rest)
        for i in range(self.count):
            vehicle.engines[i].speed = next(rest)
            vehicle.propellers[i].blade_angle = next(rest)

    def fly(self, values: np.ndarray, rates: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
        """The states one period later, asking for these roll and pitch rates (``by_rate``)."""
        self.vehicles[0] = self.base
        self.put(self.vehicles[0], values)
        self._run(self.vehicles[0], rates)
        return self.get(self.vehicles[0])

    def jacobian(self) -> np.ndarray:
        """Of the map, states by states."""
        here = self.get(self.base)
        columns = []
        for i, name in enumerate(self.names):
            step = np.zeros(len(self.names))
            step[i] = STEPS.get(name, STEPS.get(name[:-2], USUAL_STEP))
            columns.append((self.fly(here + step) - self.fly(here - step)) / (2.0 * step[i]))
        return np.array(columns).T


    def rate_inputs(self) -> np.ndarray:
        """Change of the states one period later per roll and pitch rate asked for, as columns."""
        here, step = self.get(self.base), USUAL_STEP
        ends = [[self.fly(here, (sign * step * (1 - axis), sign * step * axis))
                 for sign in (1.0, -1.0)] for axis in (0, 1)]
        return np.array([(up - down) / (2.0 * step) for up, down in ends]).T

