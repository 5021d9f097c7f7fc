"""Natural modes of the airframe beside those of JSBSim's equations of motion."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from longwatch.aircraft.loader import load_datasheet
from longwatch.analysis.airframe import airframe_modes
from longwatch.analysis.linear import Linear, linearize
from longwatch.analysis.mode import Mode
from longwatch.analysis.trim import Trim, trim
from longwatch.verification import jsbsim_bare as bare
from longwatch.verification.check import Check, Context, not_run, within

TITLE = "Natural modes beside JSBSim"
ABOUT = """The exported airframe is put into our trimmed flight in JSBSim, thrust and torque held,
and JSBSim's own accelerations are differenced about it: another program's equations of motion,
aerodynamics, mass properties and atmosphere, on its rotating Earth. The roots of that matrix stand
beside those of `lw.linearize(..., thrust_held=True)` on the flat Earth. What remains is the Earth's
rotation, which the slowest roots feel."""

REFERENCE = "JSBSim's accelerations"
RELATIVE, SLOWEST = 0.005, 0.0005
FLIGHTS: dict[str, dict[str, float]] = {
    "tb2": {"calibrated_airspeed": 36.0, "altitude_msl": 3000.0, "payload_kg": 100.0},
    "akinci": {"calibrated_airspeed": 60.0, "altitude_msl": 6000.0, "payload_kg": 500.0},
}
FOOT = 0.3048
# State, the initial condition that sets it, the property of its rate, and the unit of both.
STATES = (
    ("u", "u-fps", "accelerations/udot-ft_sec2", FOOT, 0.2),
    ("v", "v-fps", "accelerations/vdot-ft_sec2", FOOT, 0.2),
    ("w", "w-fps", "accelerations/wdot-ft_sec2", FOOT, 0.2),
    ("p", "p-rad_sec", "accelerations/pdot-rad_sec2", 1.0, 0.01),
    ("q", "q-rad_sec", "accelerations/qdot-rad_sec2", 1.0, 0.01),
    ("r", "r-rad_sec", "accelerations/rdot-rad_sec2", 1.0, 0.01),
    ("roll", "phi-rad", "velocities/phidot-rad_sec", 1.0, 0.01),
    ("pitch", "theta-rad", "velocities/thetadot-rad_sec", 1.0, 0.01),
    ("altitude", "h-sl-ft", "velocities/h-dot-fps", FOOT, 5.0),
)


def checks(context: Context) -> Iterator[Check]:
    """Each mode's figures, ours and theirs."""
    for name, asked in FLIGHTS.items():
        case = f"{name}, {asked['calibrated_airspeed']:g} m/s, {asked['altitude_msl']:g} m"
        if not bare.is_installed():
            yield not_run(case, "natural modes", REFERENCE, bare.MISSING)
            continue
        context.tell(case)
        flight = trim(load_datasheet(name), calibrated_airspeed=asked["calibrated_airspeed"],
                      altitude_msl=asked["altitude_msl"], payload_kg=asked["payload_kg"])
        ours = linearize(flight, thrust_held=True)
        yield from _beside(case, _modes(ours), _modes(_theirs(flight, ours)))


def _modes(linear: Linear) -> dict[str, Mode]:
    return {mode.name: mode for mode in airframe_modes(linear, 1, "B")}


def _beside(case: str, ours: dict[str, Mode], theirs: dict[str, Mode]) -> Iterator[Check]:
    for name in ("short period", "Dutch roll"):
        for quantity, unit in (("frequency", "rad/s"), ("damping", "")):
            yield within(case, f"{name}, {quantity}", REFERENCE, unit,
                         getattr(theirs[name], quantity), getattr(ours[name], quantity), RELATIVE,
                         relative=True)
    yield within(case, "roll, time constant", REFERENCE, "s", theirs["roll"].time_constant,
                 ours["roll"].time_constant, RELATIVE, relative=True)
    yield within(case, "phugoid, frequency", REFERENCE, "rad/s", theirs["phugoid"].frequency,
                 ours["phugoid"].frequency, RELATIVE, relative=True)
    for name in ("phugoid", "spiral"):
        yield within(case, f"{name}, growth", REFERENCE, "1/s", theirs[name].growth,
                     ours[name].growth, SLOWEST)


def _theirs(flight: Trim, ours: Linear) -> Linear:
    """The same states' matrix out of JSBSim; the heading, which nothing feels, left at zero."""
    sheet, vehicle = flight.aircraft.datasheet[0], flight.vehicle[0]
    torque = momentum = 0.0
    for i in range(int(sheet.engine.count)):
        turn = float(sheet.propeller.direction[i])
        torque -= turn * float(vehicle.propellers[i].torque)
        momentum += turn * float(sheet.propeller.inertia * vehicle.engines[i].speed
                                 / sheet.engine.gear_ratio)
    load = np.array((sum(flight.thrust), torque, momentum))
    with bare.jsbsim_at(bare.airframe_files(flight.aircraft)) as fdm:
        if not fdm.load_model(flight.aircraft.name):
            raise RuntimeError("JSBSim does not load the exported airframe")
        bare.begin(fdm, flight, flight.controls[:3], load)
        matrix = _matrix(fdm, flight)
    places = [ours.states.index(name) for name, *_ in STATES]
    whole = np.zeros_like(ours.A)
    whole[np.ix_(places, places)] = matrix
    return replace(ours, A=whole)


def _matrix(fdm: Any, flight: Trim) -> np.ndarray:
    here = dict(zip(("u", "v", "w", "p", "q", "r", "roll", "pitch"), flight.state[:8],
                    strict=True))
    here["altitude"] = fdm["ic/h-sl-ft"] * FOOT

    def rates(state: dict[str, float]) -> np.ndarray:
        for name, initial, _, unit, _ in reversed(STATES):
            fdm[f"ic/{initial}"] = state[name] / unit
        fdm.run_ic()
        return np.array([fdm[rate] * unit for _, _, rate, unit, _ in STATES])

    return np.array([
        (rates({**here, name: here[name] + step}) - rates({**here, name: here[name] - step}))
        / (2.0 * step) for name, *_, step in STATES]).T
