"""NASA's check cases for six-degree-of-freedom simulations, through ``longwatch.free_flight``."""

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.earth.wgs84 import WGS84
from longwatch.flight import free_motion, rigid_body
from longwatch.flight.free_flight import FreeFlight, free_flight
from longwatch.flight.free_flight_setup import Body, Environment, Initial
from longwatch.flight.free_motion import FreeBody
from longwatch.verification.check import Check, Context, at_most, not_run, worst

TITLE = "NASA check cases"
ABOUT = (
    "Six of the atmospheric check cases of NASA/TM-2015-218675 (Jackson, Shelton, Jackson, Castro, "
    "Noble, Zimmerman), thirty seconds each, flown by the public door `longwatch.free_flight` at "
    "its usual step of 0.01 s and compared every 0.1 s with the reference simulations 04, 05 and "
    "06 of the report. 04 and 05 judge; 06, which the other two differ from by more than they "
    "differ from each other, is shown. Latitude and longitude are compared as distances on the "
    "ground. In case 03 simulation 04 damps on inertial rates, 05, 06 and Longwatch on rates "
    "relative to the air, which turns with the Earth: that is the difference between the rows. "
    "The reference simulations 04 and 05 differ between themselves by 3.5e-7 ft in 01 to 03, "
    "0.001 ft in 06 and 07 and 0.0105 ft in 09; by 0.09 deg and 0.004 deg/s in 03. A last row "
    "sets the aircraft's own equations of motion beside those that flew the cases."
)
FOLDER = "nasa_check_cases"
FOOT, POUND_FORCE = 0.3048, 4.4482216152605
SLUG = POUND_FORCE / FOOT
EQUATOR = 6378137.0
SIMULATIONS = {"04": "within", "05": "within", "06": "shown"}
SECONDS, EVERY = 30.0, 0.1


@dataclass(frozen=True)
class Case:
    """One of the report's cases, as it sets it up, and what it is judged by.

    Attributes:
        folder: the reference data's folder, "Atmos_" and this.
        title: what it is.
        body, initial, environment: as free_flight takes them.
        feet: largest difference of altitude, and of latitude and longitude as distances.
        degrees, degrees_per_second: of Euler angles and inertial body rates; NaN: not judged.
    """

    folder: str
    title: str
    body: Body
    initial: Initial
    environment: Environment
    feet: float
    degrees: float = math.nan
    degrees_per_second: float = math.nan


def cases() -> dict[str, Case]:
    """The six cases by their number, in SI units."""
    foot2, inertia = FOOT**2, SLUG * FOOT**2
    ball = Body(SLUG, [3.6 * inertia] * 3, area=0.1963495 * foot2)
    dragged = replace(ball, CD=0.1)
    moments = [0.001894220 * inertia, 0.006211019 * inertia, 0.007194665 * inertia]
    brick = Body(0.155404754 * SLUG, moments, 0.22222 * foot2, FOOT / 3.0, 2.0 * FOOT / 3.0)
    damped = replace(brick, Cl_p=-1.0, Cm_q=-1.0, Cn_r=-1.0)
    drop = Initial(latitude=0.0, longitude=0.0, height_ellipsoid=30000.0 * FOOT,
                   rate_body_inertial=(0.0, 0.0, 0.0))
    tumble = replace(drop, rate_body_inertial=np.radians((10.0, 20.0, 30.0)))
    thrown = Initial(latitude=0.0, longitude=0.0, height_ellipsoid=0.0, yaw=0.5 * math.pi,
                     velocity_ned=(0.0, 1000.0 * FOOT, -1000.0 * FOOT),
                     rate_body_earth=(0.0, 0.0, 0.0))
    calm, windy = Environment(), Environment(wind=(0.0, 20.0 * FOOT, 0.0))
    return {
        "01": Case("01_DroppedSphere", "sphere dropped, no drag", ball, drop, calm, 0.001),
        "02": Case("02_TumblingBrickNoDamping", "tumbling brick", brick, tumble, calm, 0.001,
                   0.001, 0.0005),
        "03": Case("03_TumblingBrickDamping", "tumbling brick, damped", damped, tumble, calm,
                   0.001, 0.1, 0.004),
        "06": Case("06_DroppedSphereEllipsoidalNoWind", "sphere dropped, drag", dragged, drop,
                   calm, 0.002),
        "07": Case("07_DroppedSphereSteadyWind", "sphere dropped, steady wind", dragged, drop,
                   windy, 0.002),
        "09": Case("09_EastwardCannonball", "sphere thrown up and east", dragged, thrown, calm,
                   0.02),
    }


def flown(case: Case) -> FreeFlight:
    """The case as Longwatch flies it, every 0.1 s."""
    return free_flight(case.body, case.initial, case.environment, SECONDS, output_step=EVERY)


def published(data: Path, case: Case, simulation: str) -> dict[str, np.ndarray]:
    """Columns of one reference simulation every 0.1 s, by the names in the file."""
    with _path(data, case, simulation).open(encoding="utf-8") as stream:
        rows = csv.reader(stream)
        header = next(rows)
        # Simulation 05 is written every 0.01 s; where a name comes twice the first is meant.
        every = 10 if simulation == "05" else 1
        values = np.array([[float(cell) for cell in row] for row in islice(rows, 0, None, every)])
    return {name: values[:, i] for i, name in reversed(list(enumerate(header)))}


def _path(data: Path, case: Case, simulation: str) -> Path:
    name = f"Atmos_{case.folder}"
    return data / FOLDER / name / f"{name[:8]}_sim_{simulation}.csv"


def motion(flight: FreeFlight) -> dict[str, np.ndarray]:
    """What is compared of the motion: feet, degrees, degrees per second."""
    return {
        "altitude": flight.height_ellipsoid / FOOT,
        "latitude": flight.latitude * EQUATOR / FOOT,
        "longitude": flight.longitude * EQUATOR / FOOT,
        "Euler angles": np.degrees(np.stack([flight.roll, flight.pitch, flight.yaw], axis=1)),
        "body rates": np.degrees(flight.rate_body_inertial)}


def published_motion(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same of a reference simulation."""
    axes = ("Roll", "Pitch", "Yaw")
    return {
        "altitude": columns["altitudeMsl_ft"],
        "latitude": np.radians(columns["latitude_deg"]) * EQUATOR / FOOT,
        "longitude": np.radians(columns["longitude_deg"]) * EQUATOR / FOOT,
        "Euler angles": np.stack([columns[f"eulerAngle_deg_{axis}"] for axis in axes], axis=1),
        "body rates": np.stack([columns[f"bodyAngularRateWrtEi_deg_s_{axis}"] for axis in axes],
                               axis=1)}


# Ours in their units, and their column.
AIR: dict[str, tuple[str, str, Callable[[FreeFlight], np.ndarray]]] = {
    "density": ("slug/ft3", "airDensity_slug_ft3", lambda f: f.density * FOOT**3 / SLUG),
    "pressure": ("lbf/ft2", "ambientPressure_lbf_ft2",
                 lambda f: f.pressure * FOOT**2 / POUND_FORCE),
    "temperature": ("degR", "ambientTemperature_dgR", lambda f: 1.8 * f.temperature),
    "speed of sound": ("ft/s", "speedOfSound_ft_s", lambda f: f.speed_of_sound / FOOT)}
AIR_SHARE = 1e-4
SAME_EQUATIONS = 1e-13


def checks(context: Context) -> Iterator[Check]:
    """Six cases against three simulations, then the atmosphere over all of them."""
    flights: dict[str, FreeFlight] = {}
    references: dict[tuple[str, str], dict[str, np.ndarray]] = {}
    for number, case in cases().items():
        context.tell(f"case {number}")
        flights[number] = flown(case)
        for simulation, rule in SIMULATIONS.items():
            named = f"NASA simulation {simulation}"
            parts = (FOLDER, f"Atmos_{case.folder}", f"Atmos_{number}_sim_{simulation}.csv")
            if missing := context.missing(*parts):
                yield not_run(f"{number} {case.title}", "all", named, missing)
                continue
            assert context.data is not None
            columns = published(context.data, case, simulation)
            references[number, simulation] = columns
            yield from _motion_checks(f"{number} {case.title}", case, named, rule,
                                      published_motion(columns), motion(flights[number]))
    yield from _air_checks(flights, references)
    yield at_most("the aircraft's own equations of motion", "state derivative, 200 random states: "
                  "relative difference", "longwatch.free_flight", "", SAME_EQUATIONS,
                  equations_apart())
    if references:
        context.plot("nasa-altitude", "Altitude: Longwatch less each reference simulation, and "
                     "what the simulations differ by between themselves",
                     _altitude_drawing(flights, references))
    if all(("03", simulation) in references for simulation in SIMULATIONS):
        context.plot("nasa-brick", "Case 03, the damped brick: Euler angles, and how far the "
                     "inertial body rates lie from each reference simulation",
                     _brick_drawing(flights["03"], references))


def _motion_checks(title: str, case: Case, named: str, rule: Any, theirs: dict[str, np.ndarray],
                   ours: dict[str, np.ndarray]) -> Iterator[Check]:
    for quantity in ("altitude", "latitude", "longitude"):
        yield worst(title, quantity, named, "ft", theirs[quantity], ours[quantity], case.feet,
                    rule=rule)
    if not math.isnan(case.degrees):
        yield worst(title, "Euler angles", named, "deg", theirs["Euler angles"],
                    ours["Euler angles"], case.degrees, wrap=360.0, rule=rule)
        yield worst(title, "body rates", named, "deg/s", theirs["body rates"],
                    ours["body rates"], case.degrees_per_second, rule=rule)


def _air_checks(flights: dict[str, FreeFlight],
                references: dict[tuple[str, str], dict[str, np.ndarray]]) -> Iterator[Check]:
    for simulation, rule in SIMULATIONS.items():
        numbers = [n for n, s in references if s == simulation]
        for quantity, (unit, column, ours) in AIR.items():
            if numbers:
                yield worst(f"{', '.join(numbers)}: atmosphere", quantity,
                            f"NASA simulation {simulation}", unit,
                            np.concatenate([references[n, simulation][column] for n in numbers]),
                            np.concatenate([ours(flights[n]) for n in numbers]), AIR_SHARE,
                            relative=True, rule=rule)  # type: ignore[arg-type]


def equations_apart(states: int = 200) -> float:
    """Largest relative difference of ``rigid_body.derivative`` and free flight's own.

    The aircraft flies by the first, without the three products of inertia that its symmetry makes
    zero; the cases fly by the second. In a vacuum, over random places, speeds and rates.
    """
    draw = np.random.default_rng(1)
    earth, inertia = WGS84[0], (2000.0, 1300.0, 2900.0, 150.0)
    body = FreeBody.zeros()[0]
    body.mass, body.airless = 600.0, True
    body.inertia[:] = [[2000.0, 0.0, -150.0], [0.0, 1300.0, 0.0], [-150.0, 0.0, 2900.0]]
    body.inverse[:] = np.linalg.inv(body.inertia)
    calm, largest = (np.zeros(1), np.zeros((1, 3))), 0.0
    for _ in range(states):
        place, attitude = draw.normal(size=3), draw.normal(size=4)
        y = (*(EQUATOR * place / np.linalg.norm(place)), *draw.normal(size=3, scale=100.0),
             *(attitude / np.linalg.norm(attitude)), *draw.normal(size=3))
        ours = rigid_body.derivative(earth, y, rigid_body.rotation_of(y), 600.0, inertia,
                                     (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        theirs = free_motion.derivative(body, earth, *calm, y)
        for part in (slice(0, 3), slice(3, 6), slice(6, 10), slice(10, 13)):
            size = np.linalg.norm(theirs[part])
            largest = max(largest, float(np.linalg.norm(np.subtract(ours[part], theirs[part]))
                                         / size))
    return largest


def _altitude_drawing(flights: dict[str, FreeFlight],
                      references: dict[tuple[str, str], dict[str, np.ndarray]]) -> Any:
    def draw(figure: Any) -> None:
        panels = figure.subplots(2, 3, sharex=True).flat
        for panel, (number, flight) in zip(panels, flights.items()):
            known = {s: references[number, s]["altitudeMsl_ft"] for s in SIMULATIONS
                     if (number, s) in references}
            for simulation, theirs in known.items():
                panel.semilogy(flight.time, np.abs(flight.height_ellipsoid / FOOT - theirs)
                               + 1e-9, label=f"ours - {simulation}")
            if {"04", "05"} <= known.keys():
                panel.semilogy(flight.time, np.abs(known["04"] - known["05"]) + 1e-9, "k:",
                               label="04 - 05")
            panel.axhline(cases()[number].feet, color="0.6", linewidth=0.8)
            panel.set_title(f"case {number}", fontsize=9)
        figure.axes[0].legend(fontsize=7, frameon=False)
        figure.supxlabel("time [s]", fontsize=9)
        figure.supylabel("altitude difference [ft]; grey: tolerance", fontsize=9)
    return draw


def _brick_drawing(flight: FreeFlight,
                   references: dict[tuple[str, str], dict[str, np.ndarray]]) -> Any:
    def draw(figure: Any) -> None:
        left, right = figure.subplots(1, 2)
        for i, (name, colour) in enumerate(zip(("Roll", "Pitch", "Yaw"), ("C0", "C1", "C2"))):
            angle = np.degrees(getattr(flight, name.lower()))
            left.plot(flight.time, angle, colour, label=name.lower())
            left.plot(flight.time[::10], references["03", "05"][f"eulerAngle_deg_{name}"][::10],
                      colour + ".", markersize=4)
            for simulation, style in (("04", ":"), ("05", "-"), ("06", "--")):
                theirs = references["03", simulation][f"bodyAngularRateWrtEi_deg_s_{name}"]
                ours = np.degrees(flight.rate_body_inertial[:, i])
                right.semilogy(flight.time, np.abs(ours - theirs) + 1e-7, colour + style,
                               label=f"{name.lower()}, {simulation}")
        left.set(xlabel="time [s]", ylabel="Euler angles [deg]; dots: simulation 05")
        right.set(xlabel="time [s]", ylabel="inertial body rate, difference [deg/s]")
        left.legend(fontsize=7, frameon=False)
        right.set_ylim(3e-9, 1e-2)
        right.legend(fontsize=7, frameon=False, ncols=3, loc="lower left")
    return draw
