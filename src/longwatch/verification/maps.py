"""Engine and propeller maps against their sources, point by point."""

import math
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from longwatch.aircraft.formulas import (
    altitude_factor,
    available_power,
    fuel_flow,
    full_power,
    thrust_and_power_coefficients,
)
from longwatch.aircraft.loader import load_datasheet
from longwatch.earth.standard import SEA_LEVEL_DENSITY
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.verification import map_points as points
from longwatch.verification.check import (
    Check,
    at_most,
    explained,
    not_run,
    shown,
    within,
    worst,
)

TITLE = "Engine and propeller maps"
ABOUT = (
    "What the simulated engines and propellers give and burn, at the points that their sources "
    "state. Full throttle and altitude power are the source's own figures and must come out to "
    "its last digit. The residuals of the fuel fit at its eight constant-speed points are shown, "
    "the propeller curve of the rich, carburetted engine is a cross-check within 15 %. The "
    "turboprop is held to its maker's rating within 1 % and to what it gives in a King Air "
    "C90GT within 10 %, for normal cruise is set below the most that the engine may give for "
    "long. Propeller thrust at equal power is compared with the Hamilton "
    "Standard charts for blades of the same width; blades, sections and a method of another kind "
    "make 10 % in flight a fair test, and while a blade is partly stalled, standing or rolling, "
    "none. No propeller may beat an actuator disc, and between the nodes of its table the thrust "
    "at equal power must be that of blade-element theory within 1 % where the aircraft flies."
)
KNOT, FOOT, RPM = 1852.0 / 3600.0, 0.3048, math.pi / 30.0
HORSEPOWER, POUND = 745.69987, 0.45359237
STUDY = Path(__file__).parents[3] / "studies" / "propeller.py"
CROSS_CHECK, CHART_CLAIM, TABLE_CLAIM = 0.15, 0.10, 0.01
SLOWEST_CHART = 0.5  # advance ratio below which the take-off runs
RICH = ("at idle loads the carburetted engine's jets run far richer than an injected engine: this "
        "is descent and taxi alone, see the note on fuel_per_turn2 in tb2.toml")
LEAN = ("a leaned, injected engine takes 270 to 300 g/kWh: slow and at full throttle, where no "
        "point was published, the fit is better than any")
PARTLY_STALLED = "blades partly stalled: theory and charts part, no verdict"


def checks(context: Any) -> Iterator[Check]:
    """Both engines, both propellers."""
    context.tell("engines")
    piston = load_datasheet("tb2").datasheet[0].engine
    yield from _piston_power(piston)
    yield from _piston_fuel(piston)
    yield from _turboprop(load_datasheet("akinci").datasheet[0].engine)
    for name, title in (("tb2", "TB2-class propeller"), ("akinci", "Akinci-class propeller")):
        context.tell(title)
        propeller = load_datasheet(name).datasheet[0].propeller
        yield from _charts(name, title, propeller)
        yield _disc(title, propeller)
        yield from _between_nodes(name, title, propeller)
        context.plot(f"propeller-{name}", f"{title}: efficiency over advance ratio at blade "
                     "angles of the table (lines), and the Hamilton Standard charts at equal "
                     "power (circles; crosses: ours)", _drawing(name, propeller))
    yield from _jsbsim(load_datasheet("tb2").datasheet[0].propeller)
    context.plot("fuel-points", "Fuel flow of the TB2-class engine: published points and the fit",
                 _fuel_drawing(piston))


def _piston_power(engine: Any) -> Iterator[Check]:
    case = "TB2-class engine, full throttle"
    for rpm, power in points.FULL_THROTTLE:
        found = full_power(engine, rpm * RPM, 1.0, 0.0) / 1000.0
        yield within(case, f"power at {rpm:.0f} rpm", points.ROTAX, "kW", power, found, 0.05)
    yield shown(case, "5500 rpm, beside the continuous rating", points.ROTAX, "kW",
                points.CONTINUOUS_KW, full_power(engine, 5500 * RPM, 1.0, 0.0) / 1000.0)
    yield within(case, "continuous rating", points.ROTAX, "kW", points.CONTINUOUS_KW,
                 available_power(engine, 1.0, 0.0) / 1000.0, 0.05)
    for feet, power in points.ALTITUDE_POWER:
        ratio = standard_atmosphere(feet * FOOT)[2] / SEA_LEVEL_DENSITY
        found = points.CONTINUOUS_KW * altitude_factor(engine.piston, ratio)
        yield within("TB2-class engine, continuous", f"power at {feet:.0f} ft", points.GAGG, "kW",
                     power, found, 0.05)


def litres_per_hour(engine: Any, power_kw: float, rpm: float) -> float:
    """Fuel flow [L/h] of the piston engine at a brake power [kW]."""
    flow = fuel_flow(engine, power_kw * 1000.0, rpm * RPM, 1.0, 0.0)
    return float(flow * 3600.0 / points.PETROL_KG_PER_LITRE)


def _piston_fuel(engine: Any) -> Iterator[Check]:
    case = "TB2-class engine, fuel fit"
    for point in points.CONSTANT_SPEED:
        # The residuals of a fit are no test of it; what rests on it is read with the worst in mind.
        yield shown(case, f"{point.power_kw:.1f} kW at {point.rpm:.0f} rpm", point.source,
                    "L/h", point.litres_per_hour,
                    litres_per_hour(engine, point.power_kw, point.rpm), relative=True)
    power, rpm = points.LOITER
    flow = fuel_flow(engine, power * 1000.0, rpm * RPM, 1.0, 0.0)
    yield within("TB2-class engine, fuel fit", f"loiter, {power:.1f} kW at {rpm:.0f} rpm",
                 points.LEANED, "g/kWh", points.LEANED_MIDDLE, flow * 3.6e6 / power,
                 points.LEANED_HALF)
    case = "TB2-class engine, carburetted cross-check"
    for rpm, power, grams in points.BEST_CONSUMPTION:
        flow = fuel_flow(engine, power * 1000.0, rpm * RPM, 1.0, 0.0)
        yield shown(case, f"full throttle at {rpm:.0f} rpm", points.ROTAX, "g/kWh", grams,
                    flow * 3.6e6 / power, relative=True, note=LEAN)
    for point in points.PROPELLER_CURVE:
        quantity = f"{point.power_kw:.1f} kW at {point.rpm:.0f} rpm"
        found = litres_per_hour(engine, point.power_kw, point.rpm)
        if point.rpm < 3500:
            yield explained(case, quantity, point.source, "L/h", point.litres_per_hour, found,
                            why=RICH)
        else:
            yield within(case, quantity, point.source, "L/h", point.litres_per_hour, found,
                         CROSS_CHECK, relative=True)


def _turboprop(engine: Any) -> Iterator[Check]:
    case = "Akinci-class engine"
    power = points.PT6_POWER_HP * HORSEPOWER
    flow = fuel_flow(engine, power, engine.takeoff_speed, 1.0, 0.0)
    yield within(case, "consumption at 750 shp, at rest", points.PT6, "lb/shp/h",
                 points.PT6_CONSUMPTION, flow * 3600.0 / POUND / points.PT6_POWER_HP, 0.01,
                 relative=True)
    yield within(case, "take-off power, sea level", points.PT6, "shp", points.PT6_POWER_HP,
                 full_power(engine, engine.takeoff_speed, 1.0, 0.0) / HORSEPOWER, 0.5)
    for title, feet, knots, horsepower in points.PT6_POWER:
        _, _, density, sound = standard_atmosphere(feet * FOOT)
        found = available_power(engine, density / SEA_LEVEL_DENSITY, knots * KNOT / sound)
        yield within(case, title, "King Air C90GT", "shp", horsepower, found / HORSEPOWER, 0.10,
                     relative=True)


def thrust_at_power(propeller: Any, J: float, CP: float) -> float:
    """CT of the table at the blade angle that takes ``CP`` at ``J``; NaN where none does."""
    angles = np.linspace(propeller.angle_minimum, propeller.angle_maximum, 200)
    taken = np.array([thrust_and_power_coefficients(propeller, angle, J)[1] for angle in angles])
    reached = np.flatnonzero(taken >= CP)
    if reached.size == 0 or reached[0] == 0:
        return math.nan
    at = int(reached[0])
    angle = brentq(lambda a: thrust_and_power_coefficients(propeller, a, J)[1] - CP,
                   angles[at - 1], angles[at], xtol=1e-10)
    return float(thrust_and_power_coefficients(propeller, angle, J)[0])


def _charts(name: str, title: str, propeller: Any) -> Iterator[Check]:
    for point in points.CHART_POINTS[name]:
        found = thrust_at_power(propeller, point.J, point.CP)
        quantity = f"CT at J {point.J:.2f}, CP {point.CP:.3f}: {point.title}"
        if point.J < SLOWEST_CHART:
            yield shown(title, quantity, points.CHARTS, "", point.CT, found, relative=True,
                        note=PARTLY_STALLED)
        else:
            yield within(title, quantity, points.CHARTS, "", point.CT, found, CHART_CLAIM,
                         relative=True)


def _jsbsim(propeller: Any) -> Iterator[Check]:
    for point in points.JSBSIM_POINTS:
        yield shown("TB2-class propeller", f"CT at J {point.J:.1f}, CP {point.CP:.3f}",
                    points.JSBSIM_81, "", point.CT, thrust_at_power(propeller, point.J, point.CP),
                    relative=True, note="other blades, of unknown shape: no verdict")


def _disc(title: str, propeller: Any) -> Check:
    """Least power of an actuator disc over the table's power, wherever there is thrust."""
    advance = propeller.advance_first + propeller.advance_step * np.arange(propeller.CT.shape[1])
    thrust = np.maximum(propeller.CT, 0.0)
    # T (V + v) with v (V + v) = T/(2 rho A), in units of n and D.
    induced = -advance / 2.0 + np.sqrt(advance**2 / 4.0 + 2.0 * thrust / math.pi)
    share = np.where(propeller.CT > 0.0, thrust * (advance + induced)
                     / np.where(propeller.CT > 0.0, propeller.CP, 1.0), 0.0)
    row, column = np.unravel_index(int(share.argmax()), share.shape)
    return at_most(title, "ideal power over the table's, largest", "Froude's actuator disc", "",
                   1.0, float(share[row, column]),
                   note=f"at J {advance[column]:.2f}, row {row + 1} of the table")


def _study() -> Any:
    """The study behind the tables, where the project's checkout has it."""
    spec = spec_from_file_location("longwatch_study_propeller", STUDY)
    if not STUDY.is_file() or spec is None or spec.loader is None:
        return None
    import sys

    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _between_nodes(name: str, title: str, propeller: Any) -> Iterator[Check]:
    study, reference = _study(), "studies/propeller.py"
    if study is None:
        yield not_run(title, "table between its nodes", reference,
                      "studies lie beside a checkout of the project, not in an installed package")
        return
    design = study.DESIGNS[name]
    flown = [point for point in points.CHART_POINTS[name] if point.J >= SLOWEST_CHART]
    exact = []
    for point in flown:
        angle = brentq(lambda a, p=point: float(study.coefficients(a, p.J, design)[1]) - p.CP,
                       float(propeller.angle_minimum), float(propeller.angle_maximum), xtol=1e-8)
        exact.append(float(study.coefficients(angle, point.J, design)[0]))
    yield worst(title, "CT of the table at equal power, where it flies", reference, "", exact,
                [thrust_at_power(propeller, p.J, p.CP) for p in flown], TABLE_CLAIM, relative=True)
    angles = propeller.angle_first + propeller.angle_step * (np.arange(11) + 0.5)
    advance = propeller.advance_first + propeller.advance_step * (np.arange(23) + 0.5)
    theory = study.coefficients(angles[:, None], advance[None, :], design)[0]
    table = np.array([[thrust_and_power_coefficients(propeller, a, J)[0] for J in advance]
                      for a in angles])
    yield worst(title, "CT midway between the nodes, all of the table", reference, "",
                theory, table, rule="shown", note="largest where the blades stall")


def _drawing(name: str, propeller: Any) -> Any:
    def draw(figure: Any) -> None:
        panel = figure.add_subplot()
        advance = np.linspace(0.0, propeller.advance_first + propeller.advance_step * 23, 150)
        for row in range(1, 12, 2):
            angle = propeller.angle_first + propeller.angle_step * row
            pair = np.array([thrust_and_power_coefficients(propeller, angle, J) for J in advance])
            driving = (pair[:, 0] > 0.0) & (pair[:, 1] > 0.0)
            panel.plot(advance[driving], (advance * pair[:, 0] / pair[:, 1])[driving],
                       label=f"{math.degrees(angle):.0f}°")
        for point in points.CHART_POINTS[name]:
            panel.plot(point.J, point.J * point.CT / point.CP, "ko", fillstyle="none")
            panel.plot(point.J, point.J * thrust_at_power(propeller, point.J, point.CP) / point.CP,
                       "kx")
        panel.set(xlabel="advance ratio J", ylabel="efficiency", ylim=(0.0, 1.0))
        panel.legend(title="blade angle")
        panel.grid(visible=True, alpha=0.3)

    return draw


def _fuel_drawing(engine: Any) -> Any:
    def draw(figure: Any) -> None:
        panel = figure.add_subplot()
        for label, marker, series in (("constant speed, fitted", "o", points.CONSTANT_SPEED),
                                      ("propeller curve, carburetted", "s",
                                       points.PROPELLER_CURVE)):
            stated = [point.litres_per_hour for point in series]
            found = [litres_per_hour(engine, point.power_kw, point.rpm) for point in series]
            panel.plot(stated, found, marker, label=label)
        ends = np.array([0.0, 30.0])
        panel.plot(ends, ends, "k", linewidth=0.8)
        panel.fill_between(ends, ends * (1.0 - CROSS_CHECK), ends * (1.0 + CROSS_CHECK), alpha=0.15,
                           label="15 %")
        panel.set(xlabel="published, L/h", ylabel="simulated, L/h")
        panel.legend()
        panel.grid(visible=True, alpha=0.3)

    return draw
