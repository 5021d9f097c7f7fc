"""The whole exported aircraft flown by its levers, beside the twin: what a user of it gets."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from longwatch.aircraft.loader import aircraft_names
from longwatch.analysis.trim import Trim
from longwatch.earth.wgs84 import WGS84
from longwatch.export.airframe import POUND
from longwatch.export.folder import jsbsim_files
from longwatch.verification import jsbsim_bare as bare
from longwatch.verification import jsbsim_kernels
from longwatch.verification.check import Check, Context, not_run, worst

TITLE = "Whole export beside JSBSim"
ABOUT = """The exported aircraft as a user gets it, servos, engines, governors and burning fuel,
flown by its levers in JSBSim, beside Longwatch flown by the same levers: from the same trim, for a
minute, with an elevator doublet at 2 s, a rudder doublet at 15 s, an aileron step at 30 s that
stays and a tenth more throttle from 40 to 50 s. Judged at 1 kHz with the second-order rule, by the
same tolerances as the airframe alone; the rows without a verdict show JSBSim as it comes, at its
usual 120 Hz. What is left at 1 kHz is mostly Longwatch's own 100 Hz: its servos answer at
the beginning of a tick of 10 ms, on the mean 5 ms ahead, which a turn gathers up in its heading."""

SECONDS, SETTLE = 60.0, 25.0
FINE, USUAL = 1000, 120
REFERENCE = "JSBSim at 120 Hz"
QUANTITIES = (("altitude", "m", 1.0), ("true airspeed", "m/s", 0.2), ("roll", "deg", 0.3),
              ("pitch", "deg", 0.3), ("heading", "deg", 0.3), ("thrust", "N", np.inf))
CASES: dict[str, dict[str, Any]] = {
    "tb2": {"calibrated_airspeed": 36.0, "altitude_msl": 3000.0},
    "akinci": {"calibrated_airspeed": 56.0, "altitude_msl": 9000.0},
}


def checks(context: Context) -> Iterator[Check]:
    """One flight of every aircraft."""
    from longwatch.analysis.trim import trim  # SciPy, only where it is used

    for name, asked in CASES.items():
        if name not in aircraft_names():
            continue
        if not bare.is_installed():
            yield not_run(name, "one minute of flight by levers", REFERENCE, bare.MISSING)
            continue
        context.tell(name)
        yield from compared(context, name, trim(name, **asked), SECONDS)


def compared(context: Context, name: str, start: Trim, seconds: float) -> Iterator[Check]:
    """One flight in both."""
    levers = commands(start, round(seconds * bare.RATE))
    ours = our_flight(start, levers)
    fine = their_flight(start, levers, FINE, bare.SECOND_ORDER)
    usual = their_flight(start, levers, USUAL, bare.AS_IT_COMES)
    case = f"{name}, by its levers"
    for i, (quantity, unit, tolerance) in enumerate(QUANTITIES):
        for theirs, reference in ((fine, "JSBSim at 1 kHz"), (usual, REFERENCE)):
            a, b = theirs[:, i], ours[:, i]
            if unit == "deg":
                a, b = np.degrees(a), np.degrees(b)
            judged = theirs is fine and tolerance < np.inf
            yield worst(case, quantity, reference, unit, a, b,
                        tolerance if judged else np.nan, rule="within" if judged else "shown",
                        wrap=360.0 if unit == "deg" else None)
    context.plot(f"jsbsim-whole-{name}", f"{name} flown by its levers in both, JSBSim at 120 Hz",
                 lambda figure: _draw(figure, ours, usual))


def commands(start: Trim, ticks: int) -> np.ndarray:
    """Elevator, aileron and rudder command [rad] and throttle over the ticks of 10 ms."""
    time = np.arange(ticks) / bare.RATE
    throttle = np.full(ticks, start.throttle)
    throttle[(time >= 40.0) & (time < 50.0)] += 0.1
    return np.column_stack([bare.surfaces(start, ticks), throttle])


def our_flight(start: Trim, levers: np.ndarray) -> np.ndarray:
    """(ticks, 6): the columns of a run and the thrust of all engines [N]."""
    rows = np.zeros((len(levers), len(bare.COLUMNS) + 1))
    jsbsim_kernels.fly_by_levers(bare.placed(start), start.aircraft.datasheet[0], WGS84[0], levers,
                                 1.0 / bare.RATE, rows)
    return rows


def their_flight(start: Trim, levers: np.ndarray, rate: int, integrators: tuple[int, ...]
                 ) -> np.ndarray:
    """The same of JSBSim stepped at ``rate`` [Hz], at the same instants."""
    with bare.jsbsim_at(jsbsim_files(start.aircraft)) as fdm:
        fdm.set_dt(1.0 / rate)
        if not fdm.load_model(start.aircraft.name):
            raise RuntimeError("JSBSim does not load the exported aircraft")
        for name, number in zip(bare.INTEGRATORS, integrators, strict=True):
            fdm[f"simulation/integrator/{name}"] = number
        _begin(fdm, start, levers[0], rate)
        count = round(len(levers) / bare.RATE * rate)
        rows = np.zeros((count, len(bare.COLUMNS) + 1))
        engines = range(int(start.aircraft.datasheet[0].engine.count))
        thrusts = [f"propulsion/engine[{i}]/thrust-lbs" for i in engines]
        for frame in range(count):
            rows[frame, :-1] = [fdm[name] for name in bare.PROPERTIES]
            rows[frame, -1] = sum(fdm[name] for name in thrusts)
            _move(fdm, start, levers[min(int(frame * bare.RATE / rate + 1e-9),
                                         len(levers) - 1)])
            fdm.run()
    rows[:, :2] *= bare.FOOT
    rows[:, -1] *= bare.POUND_FORCE
    rows[:, 2:5] = np.unwrap(rows[:, 2:5], axis=0)
    moments = np.arange(count) / rate
    ticks = np.arange(len(levers)) / bare.RATE
    return np.column_stack([np.interp(ticks, moments, column) for column in rows.T])


def _begin(fdm: Any, start: Trim, lever: np.ndarray, rate: int) -> None:
    """Into the trimmed flight, engines steady before the aircraft is let go."""
    engine = start.aircraft.datasheet[0].engine
    least, most = float(engine.cruise_speed_least), float(engine.takeoff_speed)
    for i in range(int(engine.count)):
        fdm[f"fcs/mixture-cmd-norm[{i}]"] = 1.0
        fdm[f"fcs/advance-cmd-norm[{i}]"] = (
            float(start.vehicle[0].commands.engine_speed[i]) - least) / (most - least)
    _move(fdm, start, lever)
    bare.initialise(fdm, start)
    fdm["simulation/models/FGPropagate/enabled"] = 0
    fdm["propulsion/set-running"] = -1
    for _ in range(round(SETTLE * rate)):
        fdm.run()
    fdm["propulsion/tank[0]/contents-lbs"] = start.fuel_kg / POUND
    fdm["simulation/models/FGPropagate/enabled"] = 1


def _move(fdm: Any, start: Trim, lever: np.ndarray) -> None:
    sheet = start.aircraft.datasheet[0]
    elevator, aileron, rudder, throttle = (float(value) for value in lever)
    travel = float(sheet.actuators.ruddervator.upper)
    fdm["fcs/elevator-cmd-norm"] = elevator / travel
    fdm["fcs/rudder-cmd-norm"] = rudder / travel
    fdm["fcs/aileron-cmd-norm"] = aileron / float(sheet.actuators.aileron.upper)
    for i in range(int(sheet.engine.count)):
        fdm[f"fcs/throttle-cmd-norm[{i}]"] = throttle


def _draw(figure: Any, ours: np.ndarray, theirs: np.ndarray) -> None:
    time = np.arange(len(ours)) / bare.RATE
    shown = ((0, "altitude [m]"), (1, "true airspeed [m/s]"), (3, "pitch [deg]"),
             (2, "roll [deg]"))
    for axes, (i, title) in zip(figure.subplots(2, 2, sharex=True).flat, shown, strict=True):
        for label, rows, line in (("Longwatch", ours, "-"), ("JSBSim", theirs, "--")):
            values = np.degrees(rows[:, i]) if "deg" in title else rows[:, i]
            axes.plot(time[::20], values[::20], line, label=label)
        axes.set_title(title)
        axes.set_xlabel("s")
    figure.axes[0].legend()
