"""The exported engine and propeller, run in JSBSim, against our own: steady and in transients."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft, aircraft_names, load_datasheet
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.export.airframe import POUND
from longwatch.export.folder import jsbsim_files
from longwatch.flight.propulsion import EngineState, PropellerState
from longwatch.verification import jsbsim_kernels
from longwatch.verification.check import Check, Context, not_run, worst
from longwatch.verification.jsbsim_bare import (
    FOOT,
    MISSING,
    POUND_FORCE,
    is_installed,
    jsbsim_at,
)

TITLE = "Propulsion beside JSBSim"
ABOUT = """Engine, governor and propeller of the exported model are run in JSBSim, held in a steady
stream at each point of an envelope of altitude, airspeed, throttle and governor setting until
they are steady, and set beside our own. Then the throttle is chopped and opened again, and the
fuel is cut, at JSBSim's usual 120 Hz; the rows without a verdict show the largest difference.
Each has its cause. Throttle chop: a servo of JSBSim limits the rate behind the lag, ours limits the
lagged motion itself, so that the levers part by 1 % as they come to rest; at finer steps this
stays. Engine out: JSBSim turns shaft and blades in steps of 1/120 s, we in steps of 1/100 s; with
both at 1 kHz an eighth of the difference is left. JSBSim draws a feathered propeller's drag among
the external forces; the comparison adds it to the thrust."""

REFERENCE = "JSBSim, exported engine"
TOLERANCE = 0.03
RATE, JSBSIM_RATE = 100, 120
STEADY_SECONDS = 25.0
TRANSIENT_SECONDS, CHOP, OPEN, CUT = 16.0, 2.0, 9.0, 2.0
COLUMNS = ("thrust", "power", "speed", "fuel flow", "blade angle")
UNITS = ("N", "W", "rad/s", "kg/s", "deg")
THROTTLES, SETTINGS = (0.35, 0.7, 1.0), (0.1, 0.8)
# Altitudes [m] and calibrated airspeeds [m/s].
ENVELOPE = {
    "tb2": ((0.0, 3000.0, 7000.0), (0.0, 30.0, 50.0)),
    "akinci": ((0.0, 6000.0, 12000.0), (0.0, 45.0, 70.0)),
}
TRANSIENTS = {"tb2": (3000.0, 36.0, 0.8, 0.5), "akinci": (6000.0, 56.0, 0.7, 0.5)}


@dataclass(frozen=True)
class Point:
    """One place of the envelope: altitude [m], true airspeed [m/s], lever, governor setting."""

    altitude: float
    airspeed: float
    throttle: float
    setting: float


def envelope(name: str) -> list[Point]:
    """All points of an aircraft; standing only at sea level."""
    points = []
    altitudes, speeds = ENVELOPE[name]
    for altitude in altitudes:
        density_ratio = standard_atmosphere(altitude)[2] / standard_atmosphere(0.0)[2]
        for calibrated in speeds:
            if calibrated == 0.0 and altitude > 0.0:
                continue
            points += [Point(altitude, calibrated / sqrt(density_ratio), throttle, setting)
                       for throttle in THROTTLES for setting in SETTINGS]
    return points


def governed(sheet: Any, setting: float) -> float:
    """Crankshaft speed [rad/s] of a setting of JSBSim's propeller lever, 0 to 1."""
    least = float(sheet.engine.cruise_speed_least)
    return least + setting * (float(sheet.engine.takeoff_speed) - least)


def ours(sheet: Any, point: Point, throttle: np.ndarray, cut: float = np.inf) -> np.ndarray:
    """Our shaft over the ticks of ``throttle``: a row of ``COLUMNS`` each, begun steady."""
    engine, propeller = EngineState.zeros()[0], PropellerState.zeros()[0]
    engine.running, engine.throttle = True, throttle[0]
    engine.speed = governed(sheet, point.setting)
    propeller.blade_angle = sheet.propeller.angle_minimum
    _, _, density, sound = standard_atmosphere(point.altitude)
    air = (point.airspeed, density, density / 1.225, point.airspeed / sound)
    speed = governed(sheet, point.setting)
    settle = np.zeros((round(STEADY_SECONDS * RATE), len(COLUMNS)))
    first = np.full(len(settle), throttle[0])
    jsbsim_kernels.turn(engine, propeller, sheet, first, speed, len(first), air, 1.0 / RATE,
                        settle)
    rows = np.zeros((len(throttle), len(COLUMNS)))
    last = len(throttle) if cut == np.inf else round(cut * RATE)
    jsbsim_kernels.turn(engine, propeller, sheet, throttle, speed, last, air, 1.0 / RATE, rows)
    rows[:, 4] = np.degrees(rows[:, 4])
    return rows


class Bench:
    """JSBSim with an exported aircraft nailed to a place in the air."""

    def __init__(self, fdm: Any, aircraft: Aircraft) -> None:
        self.fdm, self.sheet = fdm, aircraft.datasheet[0]
        fdm.set_dt(1.0 / JSBSIM_RATE)  # before loading: servos keep the step they are born with
        if not fdm.load_model(aircraft.name):
            raise RuntimeError("JSBSim does not load the exported aircraft")
        # Nothing moves but shaft, blades and levers.
        for model in ("FGPropagate", "FGGroundReactions", "FGAerodynamics"):
            fdm[f"simulation/models/{model}/enabled"] = 0

    def settle(self, point: Point) -> None:
        """Go to a point and wait until the shaft is steady."""
        fdm = self.fdm
        for name, value in {"h-sl-ft": point.altitude / FOOT, "lat-geod-deg": 0.0,
                            "u-fps": point.airspeed / FOOT, "v-fps": 0.0, "w-fps": 0.0,
                            "theta-rad": 0.0, "phi-rad": 0.0}.items():
            fdm[f"ic/{name}"] = value
        for i in range(int(self.sheet.engine.count)):
            for lever, value in (("throttle", point.throttle), ("mixture", 1.0),
                                 ("advance", point.setting), ("feather", 0.0)):
                fdm[f"fcs/{lever}-cmd-norm[{i}]"] = value
        fdm.run_ic()
        fdm["propulsion/tank[0]/contents-lbs"] = float(self.sheet.mass.fuel_capacity) / POUND
        if not all(fdm[f"propulsion/engine[{i}]/set-running"]
                   for i in range(int(self.sheet.engine.count))):
            fdm["propulsion/set-running"] = -1
        self.run(STEADY_SECONDS)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds * JSBSIM_RATE)):
            self.fdm.run()

    def row(self) -> tuple[float, ...]:
        """Engine 0 now, in the order of ``COLUMNS``."""
        engine = "propulsion/engine[0]/"
        thrust = self.fdm[engine + "thrust-lbs"]
        if self.sheet.propeller.feathering:
            thrust -= self.fdm["propulsion/feathered-drag-0-lbs"]
        return (thrust * POUND_FORCE, self.fdm[engine + "power-hp"] * 745.6998715822702,
                self.fdm[engine + "engine-rpm"] * pi / 30.0,
                self.fdm[engine + "fuel-flow-rate-pps"] * POUND, self.fdm[engine + "blade-angle"])


def checks(context: Context) -> Iterator[Check]:
    """Steady points and transients of every aircraft."""
    for name in ENVELOPE:
        if name not in aircraft_names():
            continue
        if not is_installed():
            yield not_run(name, "engine and propeller", REFERENCE, MISSING)
            continue
        aircraft = load_datasheet(name)
        with jsbsim_at(jsbsim_files(aircraft)) as fdm:
            bench = Bench(fdm, aircraft)
            points = envelope(name)
            context.tell(f"{name}, {len(points)} steady points")
            yield from steady(bench, name, points)
            context.tell(f"{name}, transients")
            yield from transients(context, bench, name)


def steady(bench: Bench, name: str, points: list[Point]) -> Iterator[Check]:
    """Thrust, power, shaft speed and fuel flow at all points, the worst of each."""
    found = np.array([ours(bench.sheet, point, np.array([point.throttle] * 2))[-1]
                      for point in points])
    expected = np.zeros_like(found)
    for i, point in enumerate(points):
        bench.settle(point)
        expected[i] = bench.row()
    case = f"{name}, {len(points)} steady points"
    for i in (0, 3, 1, 2):
        worst_at = points[int(np.argmax(np.abs(found[:, i] / expected[:, i] - 1.0)))]
        note = (f"largest at {worst_at.altitude:.0f} m, {worst_at.airspeed:.0f} m/s, throttle "
                f"{worst_at.throttle:g}, {governed(bench.sheet, worst_at.setting) * 30 / pi:.0f} "
                "rpm asked")
        yield worst(case, COLUMNS[i], REFERENCE, UNITS[i], expected[:, i], found[:, i], TOLERANCE,
                    relative=True, note=note)


def transients(context: Context, bench: Bench, name: str) -> Iterator[Check]:
    """Throttle chopped and opened, and fuel cut; without a verdict."""
    altitude, calibrated, throttle, setting = TRANSIENTS[name]
    ratio = standard_atmosphere(altitude)[2] / standard_atmosphere(0.0)[2]
    point = Point(altitude, calibrated / sqrt(ratio), throttle, setting)
    time = np.arange(round(TRANSIENT_SECONDS * RATE)) / RATE
    lever = np.where((time >= CHOP) & (time < OPEN), 0.0, throttle)
    for title, levers, cut in (("throttle chop", lever, np.inf),
                               ("engine out", np.full(len(time), throttle), CUT)):
        found = ours(bench.sheet, point, levers, cut)
        expected = _jsbsim_transient(bench, point, levers, cut, time)
        for i in (0, 2, 3):
            yield worst(f"{name}, {title}", COLUMNS[i], REFERENCE, UNITS[i], expected[:, i],
                        found[:, i], rule="shown")
        plot = f"jsbsim-propulsion-{name}-{title.replace(' ', '-')}"
        context.plot(plot, f"{name}, {title} at {altitude:.0f} m, {calibrated:.0f} m/s calibrated",
                     _drawing(time, found, expected))


def _jsbsim_transient(bench: Bench, point: Point, levers: np.ndarray, cut: float,
                      time: np.ndarray) -> np.ndarray:
    bench.settle(point)
    moments = np.arange(round(TRANSIENT_SECONDS * JSBSIM_RATE)) / JSBSIM_RATE
    rows = np.zeros((len(moments), len(COLUMNS)))
    for frame, moment in enumerate(moments):
        tick = min(int(moment * RATE + 1e-9), len(levers) - 1)
        for i in range(int(bench.sheet.engine.count)):
            bench.fdm[f"fcs/throttle-cmd-norm[{i}]"] = float(levers[tick])
            if moment >= cut:
                bench.fdm[f"fcs/mixture-cmd-norm[{i}]"] = 0.0
                bench.fdm[f"fcs/feather-cmd-norm[{i}]"] = float(bench.sheet.propeller.feathering)
        bench.fdm.run()
        rows[frame] = bench.row()
    return np.column_stack([np.interp(time, moments, column) for column in rows.T])


def _drawing(time: np.ndarray, found: np.ndarray, expected: np.ndarray) -> Any:
    def draw(figure: Any) -> None:
        shown = ((0, "thrust [N]", 1.0), (2, "crankshaft [rpm]", 30.0 / pi),
                 (3, "fuel flow [kg/h]", 3600.0), (4, "blade angle [deg]", 1.0))
        for axes, (i, title, scale) in zip(figure.subplots(2, 2, sharex=True).flat, shown,
                                           strict=True):
            axes.plot(time[::4], scale * found[::4, i], label="Longwatch")
            axes.plot(time[::4], scale * expected[::4, i], "--", label="JSBSim")
            axes.set_title(title)
            axes.set_xlabel("s")
        figure.axes[0].legend()
    return draw
