"""The airframe alone beside JSBSim's: the same surfaces, thrust and torque, for a minute."""

from collections.abc import Iterator
from math import degrees
from typing import Any

import numpy as np

from longwatch.aircraft.loader import aircraft_names, load_datasheet
from longwatch.verification import jsbsim_bare as bare
from longwatch.verification import jsbsim_loads
from longwatch.verification.check import Check, Context, not_run, worst

TITLE = "Airframe beside JSBSim"
ABOUT = """First the aerodynamic loads alone, of states drawn at random: through the stall, in
sideslip, turning, deflected, near the ground. Then flight. The aircraft without its engines is
flown by JSBSim, from the exported model, and by Longwatch: from the same trim, for a minute, under
the same surfaces (an elevator doublet at 2 s, a rudder doublet at 15 s, an aileron step at 30 s
that stays), thrust, torque and spinning momentum, in still air. So Earth, gravitation, atmosphere,
mass properties, aerodynamics and integration are compared at once. Longwatch flies at its own
100 Hz; JSBSim is stepped at 1 kHz, turning with its second-order Adams-Bashforth rule. It would by
itself turn with Euler's: the rows without a verdict show how far that leads it astray at 1 kHz.
That distance halves with JSBSim's step, and at 8 kHz it is an eighth; ours hardly moves with the
step of either."""

SECONDS = 60.0
ALTITUDE, ATTITUDE, AIRSPEED = 1.0, 0.3, 0.2
# Gas constants differ in the sixth digit, so densities and all loads do.
STATES, COEFFICIENT = 300, 1e-4
REFERENCE = "JSBSim at 1 kHz"
DRAWN = 20  # every so many ticks a point of the plots
# Flights by aircraft: what trim() is asked for.
CASES: dict[str, dict[str, dict[str, Any]]] = {
    "tb2": {
        "cruise": {"calibrated_airspeed": 36.0, "altitude_msl": 3000.0},
        "slow, heavy": {"calibrated_airspeed": 34.0, "altitude_msl": 1000.0, "payload_kg": 150.0,
                        "fuel_kg": 216.0},
        "high": {"calibrated_airspeed": 31.0, "altitude_msl": 7000.0, "fuel_kg": 60.0},
    },
    "akinci": {
        "cruise": {"calibrated_airspeed": 56.0, "altitude_msl": 9000.0},
        "slow, heavy": {"calibrated_airspeed": 51.0, "altitude_msl": 1000.0,
                        "payload_kg": 1350.0, "fuel_kg": 1650.0},
        "high": {"calibrated_airspeed": 48.0, "altitude_msl": 12000.0, "fuel_kg": 500.0},
    },
}
NAMES = {"altitude": "altitude", "airspeed": "true airspeed", "roll": "roll", "pitch": "pitch",
         "heading": "heading"}


def checks(context: Context) -> Iterator[Check]:
    """Five quantities of every flight."""
    for name, flights in CASES.items():
        if name not in aircraft_names():
            continue
        if bare.is_installed():
            yield from loads(name)
        for flight, asked in flights.items():
            case = f"{name}, {flight}"
            if not bare.is_installed():
                yield not_run(case, "one minute of flight", REFERENCE, bare.MISSING)
                continue
            context.tell(case)
            yield from compared(context, case, name, asked, SECONDS)


def loads(name: str) -> Iterator[Check]:
    """Six coefficients about the centre of gravity, body axes, over random states."""
    states = jsbsim_loads.states(STATES)
    theirs, ours = jsbsim_loads.coefficients(load_datasheet(name), states)
    for i, quantity in enumerate(("CX", "CY", "CZ", "Cl", "Cm", "Cn")):
        yield worst(f"{name}, {STATES} random states", quantity, "JSBSim, exported model", "",
                    theirs[:, i], ours[:, i], COEFFICIENT)


def compared(context: Context, case: str, name: str, asked: dict[str, Any], seconds: float
             ) -> Iterator[Check]:
    """One flight in both."""
    from longwatch.analysis.trim import trim  # SciPy, only where it is used

    start = trim(name, **asked)
    given = bare.surfaces(start, round(seconds * bare.RATE))
    ours, loads = bare.ours(start, given)
    theirs = bare.theirs(start, given, loads)
    euler = bare.theirs(start, given, loads, bare.AS_IT_COMES)
    yield worst(case, NAMES["altitude"], REFERENCE, "m", theirs.altitude, ours.altitude, ALTITUDE)
    yield worst(case, NAMES["airspeed"], REFERENCE, "m/s", theirs.airspeed, ours.airspeed,
                AIRSPEED)
    for angle in ("roll", "pitch", "heading"):
        yield worst(case, NAMES[angle], REFERENCE, "deg", np.degrees(getattr(theirs, angle)),
                    np.degrees(getattr(ours, angle)), ATTITUDE, wrap=360.0)
    yield worst(case, NAMES["altitude"], "JSBSim with Euler's rule", "m", euler.altitude,
                ours.altitude, rule="shown")
    context.plot(f"jsbsim-airframe-{case.replace(', ', '-').replace(' ', '-')}",
                 f"{case}: both flights, and ours less JSBSim's",
                 lambda figure: _draw(figure, ours, theirs))


def _draw(figure: Any, ours: bare.Run, theirs: bare.Run) -> None:
    axes, time = figure.subplots(2, 3, sharex=True), ours.time[::DRAWN]
    for column, (name, unit, scale) in enumerate((
            ("altitude", "m", 1.0), ("pitch", "deg", degrees(1.0)), ("roll", "deg", degrees(1.0)))):
        a, b = (scale * getattr(run, name)[::DRAWN] for run in (ours, theirs))
        top, bottom = axes[0, column], axes[1, column]
        top.plot(time, a, label="Longwatch")
        top.plot(time, b, "--", label="JSBSim")
        top.set_title(f"{name} [{unit}]")
        bottom.plot(time, a - b, color="black")
        bottom.set_title(f"difference [{unit}]")
        bottom.set_xlabel("s")
    axes[0, 0].legend()
