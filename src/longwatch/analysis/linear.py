"""Small motions about a steady flight: :func:`linearize`.

Central differences of the aircraft's own compiled equations at two steps, h and h/2, joined by
Richardson's extrapolation; the difference of the two is kept as the check of the step. Shaft and
governor follow at once (quasi-steady): the throttle stays, the blades turn to hold the shaft's
speed, so the engine gives constant power where the speed changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.analysis import model
from longwatch.analysis.trim import Trim
from longwatch.errors import SetupError

# In the units of the states and the inputs.
STATE_STEPS = (0.2, 0.2, 0.2, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 5.0)
INPUT_STEPS = (0.005, 0.005, 0.005, 0.01)


@dataclass(frozen=True)
class Linear:
    """dx/dt = A x + B u for small changes x and u from the steady flight.

    Attributes:
        trim: the steady flight.
        states, state_units: names and units of x, the rows and columns of ``A``.
        inputs, input_units: names and units of u, the columns of ``B``.
        A, B: the matrices, SI units and radians.
        step_difference: largest difference between the matrices of the two steps, each element
            over the larger of itself and a thousandth of its row's largest.
    """

    trim: Trim
    states: tuple[str, ...]
    state_units: tuple[str, ...]
    inputs: tuple[str, ...]
    input_units: tuple[str, ...]
    A: np.ndarray = field(repr=False)
    B: np.ndarray = field(repr=False)
    step_difference: float

    def part(self, states: Sequence[str], inputs: Sequence[str] = ()
             ) -> tuple[np.ndarray, np.ndarray]:
        """The blocks of A and B that join these states and inputs alone."""
        rows = [self.states.index(name) for name in states]
        columns = [self.inputs.index(name) for name in inputs]
        return self.A[np.ix_(rows, rows)], self.B[np.ix_(rows, columns)]


def linearize(aircraft: object, trim: Trim | None = None, *, thrust_held: bool = False) -> Linear:
    """The linear model about a steady flight.

    Args:
        aircraft: the aircraft, or the steady flight itself (it knows its aircraft).
        trim: the steady flight.
        thrust_held: thrust and torque stay as they are, whatever the speed and the throttle:
            the airframe alone.

    Raises:
        SetupError: no steady flight was given, or another aircraft's.
    """
    flight = aircraft if isinstance(aircraft, Trim) else trim
    if not isinstance(flight, Trim):
        raise SetupError("linearize needs a steady flight: give what trim() returned")
    named = aircraft.name if isinstance(aircraft, Aircraft) else aircraft
    if isinstance(named, str) and Path(named).suffix != ".toml" and named != flight.aircraft.name:
        raise SetupError(f"the steady flight is the {flight.aircraft.name}'s, not the {named}'s: "
                         "trim the aircraft that is to be linearised")
    coarse, fine = (_differences(flight, scale, thrust_held) for scale in (1.0, 0.5))
    joined = (4.0 * fine - coarse) / 3.0
    floor = np.maximum(np.abs(joined), 1e-3 * np.abs(joined).max(axis=1, keepdims=True) + 1e-12)
    count = len(model.STATES)
    return Linear(flight, model.STATES, model.STATE_UNITS, model.INPUTS, model.INPUT_UNITS,
                  joined[:, :count], joined[:, count:],
                  float((np.abs(fine - coarse) / floor).max()))


def _differences(flight: Trim, scale: float, thrust_held: bool) -> np.ndarray:
    """Central differences, states then inputs, by columns."""
    count = len(model.STATES)
    steps = np.array(STATE_STEPS + INPUT_STEPS) * scale
    point = np.concatenate([flight.state, flight.controls])
    columns = np.zeros((count, len(steps)))
    sheets, vehicles = flight.aircraft.datasheet, flight.vehicle.copy()
    for i, step in enumerate(steps):
        ends = []
        for sign in (1.0, -1.0):
            vehicles[0] = flight.vehicle[0]
            at, out = point.copy(), np.zeros(count)
            at[i] += sign * step
            if thrust_held:
                model.deflect(vehicles[0], *at[count:count + 3])
                model.rates_of_change(vehicles[0], sheets[0], model.FLAT_EARTH[0], at[:count],
                                      out)
            else:
                model.evaluate(vehicles, sheets, model.FLAT_EARTH, at[:count], at[count:], out)
            ends.append(out)
        columns[:, i] = (ends[0] - ends[1]) / (2.0 * step)
    return columns
