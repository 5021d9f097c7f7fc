"""The airframe in two simulators, side by side: thrust, torque and surfaces are given to both.

JSBSim gets mass and aerodynamics of the export, and in place of engines three external loads:
thrust at the hub, torque, and the gyroscopic moment of the momentum that it is told.
"""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import atan2, pi
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.analysis.trim import Trim
from longwatch.earth.frames import (
    euler_from_matrix,
    matrix_from_quaternion,
    ned_to_ecef_matrix,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    rotate_inverse,
    transposed_product,
)
from longwatch.earth.wgs84 import WGS84, ecef_to_geodetic, geodetic_to_ecef
from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.export import model
from longwatch.export.aerodynamics import AILERON, ELEVATOR, RUDDER, aerodynamics
from longwatch.export.airframe import (
    FUEL_ABOARD,
    POUND,
    SLUG_FOOT2,
    ground_reactions,
    mass_balance,
    metrics,
    tank,
)
from longwatch.export.xml import add, document, function, product
from longwatch.flight import motion
from longwatch.simulation.vehicle import propel

FOOT = 0.3048
POUND_FORCE = POUND * 9.80665
MISSING = "JSBSim is not installed: pip install 'longwatch[bench]'"
RATE, JSBSIM_RATE = 100, 1000
LATITUDE, LONGITUDE, HEADING = 0.72, 0.49, 0.8
THRUST, TORQUE = "systems/fed/thrust-lbs", "systems/fed/torque-lbsft"
MOMENTUM = "systems/fed/momentum-slugft2_sec"


def is_installed() -> bool:
    """True where JSBSim can be imported."""
    return importlib.util.find_spec("jsbsim") is not None


@contextmanager
def jsbsim_at(files: dict[str, bytes]) -> Iterator[Any]:
    """JSBSim, silent, with the model's files in a folder that lasts as long as the context."""
    os.environ.setdefault("JSBSIM_DEBUG", "0")  # else it greets on standard output
    import jsbsim

    with TemporaryDirectory(prefix="longwatch-") as scratch:
        for name, content in files.items():
            path = Path(scratch, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        fdm = jsbsim.FGFDMExec(scratch)
        fdm.set_debug_level(0)
        fdm.set_output_path(scratch)
        yield fdm


@dataclass(frozen=True)
class Run:
    """What one simulator flew: a row every tick of 10 ms, SI units and radians."""

    time: np.ndarray
    altitude: np.ndarray
    airspeed: np.ndarray
    roll: np.ndarray
    pitch: np.ndarray
    heading: np.ndarray


COLUMNS = ("altitude", "airspeed", "roll", "pitch", "heading")


def surfaces(trim: Trim, ticks: int) -> np.ndarray:
    """Elevator, aileron and rudder [rad] over the ticks of 10 ms: trim, doublets and a step.

    An elevator doublet at 2 s, a rudder doublet at 15 s, an aileron step at 30 s that stays.
    """
    time = np.arange(ticks) / RATE
    given = np.tile((trim.elevator, trim.aileron, trim.rudder), (ticks, 1))
    _add_doublet(given[:, 0], time, 2.0, 2.0, 0.035)
    _add_doublet(given[:, 2], time, 15.0, 2.0, 0.06)
    given[time >= 30.0, 1] += 0.005
    return given


def _add_doublet(column: np.ndarray, time: np.ndarray, begin: float, half: float, size: float
                 ) -> None:
    column[(time >= begin) & (time < begin + half)] += size
    column[(time >= begin + half) & (time < begin + 2.0 * half)] -= size


def ours(trim: Trim, given: np.ndarray) -> tuple[Run, np.ndarray]:
    """Fly the twin's own motion under the surfaces ``given``, fuel aboard kept.

    Returns the flight, and (ticks, 3): thrust [N], torque [N m] about x and momentum [N m s].
    """
    vehicle, sheet = trim.vehicle.copy()[0], trim.aircraft.datasheet[0]
    earth, body = WGS84[0], vehicle.body
    attitude = quaternion_from_euler(trim.roll, trim.pitch, HEADING)
    to_ecef = quaternion_multiply(*quaternion_ned_to_ecef(LATITUDE, LONGITUDE), *attitude)
    matrix = matrix_from_quaternion(*to_ecef)
    body.position_ecef[:] = geodetic_to_ecef(earth, LATITUDE, LONGITUDE, trim.altitude_msl)
    body.attitude[:] = to_ecef
    body.velocity_ecef[:] = rotate(matrix, *trim.velocity_body)
    body.rate_body[:] = rotate_inverse(matrix, 0.0, 0.0, float(earth.rotation_rate))
    fuel, loads = float(vehicle.mass.fuel_mass), np.zeros((len(given), 3))
    rows = np.zeros((len(given), len(COLUMNS)))
    for tick, (elevator, aileron, rudder) in enumerate(given):
        ned, rows[tick], axial = _place(vehicle, earth)
        servos = vehicle.actuators
        servos.ruddervator_left, servos.ruddervator_right = elevator - rudder, elevator + rudder
        servos.aileron_left, servos.aileron_right = aileron, -aileron
        vehicle.clock.tick = tick
        propel(vehicle, sheet, axial)
        vehicle.mass.fuel_mass = fuel
        loads[tick] = _shaft_loads(vehicle, sheet)
        motion.step(vehicle, sheet, earth, ned, 1.0 / RATE)
    return Run(np.arange(len(given)) / RATE, *rows.T), loads


def _place(vehicle: Any, earth: Any) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Set the still air around the aircraft; returns NED to ECEF, the row and axial airspeed."""
    p, v, a = vehicle.body.position_ecef, vehicle.body.velocity_ecef, vehicle.body.attitude
    latitude, longitude, height = ecef_to_geodetic(earth, p[0], p[1], p[2])
    ned, to_ecef = ned_to_ecef_matrix(latitude, longitude), matrix_from_quaternion(*a)
    u, side, w = rotate_inverse(to_ecef, v[0], v[1], v[2])
    airspeed = (u * u + side * side + w * w) ** 0.5
    air, flight = vehicle.air, vehicle.flight
    air.temperature, air.pressure, density, _ = standard_atmosphere(height)
    air.density, air.density_ratio = density, density / 1.225
    air.density_gradient = standard_atmosphere(height + 1.0)[2] / density - 1.0
    flight.altitude_msl = flight.height_ellipsoid = flight.height_above_ground = height
    flight.true_airspeed, flight.alpha = airspeed, atan2(w, u)
    roll, pitch, heading = euler_from_matrix(*transposed_product(ned, to_ecef))
    return ned, (height, airspeed, roll, pitch, heading), u


def _shaft_loads(vehicle: Any, sheet: Any) -> tuple[float, float, float]:
    """Thrust, torque and momentum of all propellers, as ``flight.motion`` takes them."""
    thrust = torque = momentum = 0.0
    for i in range(int(sheet.engine.count)):
        turn = float(sheet.propeller.direction[i])
        thrust += float(vehicle.propellers[i].thrust)
        torque -= turn * float(vehicle.propellers[i].torque)
        momentum += turn * float(sheet.propeller.inertia * vehicle.engines[i].speed
                                 / sheet.engine.gear_ratio)
    return thrust, torque, momentum


def airframe_files(aircraft: Aircraft) -> dict[str, bytes]:
    """The export without engines and servos, fed from outside."""
    sheet, root = aircraft.datasheet[0], model.config(aircraft)
    metrics(root, sheet)
    mass_balance(root, sheet)
    ground_reactions(root, sheet)
    tank(add(root, "propulsion"), sheet)
    fed = add(root, "system", name="fed")
    for name in (AILERON, THRUST, TORQUE, MOMENTUM):
        add(fed, "property", name, value="0.0")
    _external(root, model.hub(sheet, 0))
    aerodynamics(root, sheet)
    return {f"aircraft/{aircraft.name}/{aircraft.name}.xml": document(root)}


def _external(root: Any, place: tuple[float, float, float]) -> None:
    reactions = add(root, "external_reactions")
    force = add(reactions, "force", name="thrust", frame="BODY")
    function(force, "systems/fed/force", product(THRUST, 1.0))
    # A symmetric pair pulls in the plane of symmetry.
    at = add(force, "location", unit="IN")
    for tag, value in zip("xyz", (-place[0], 0.0, -place[2]), strict=True):
        add(at, tag, value / 0.0254)
    _direction(force, (1.0, 0.0, 0.0))
    gyroscopic = (("torque", product(TORQUE, 1.0), (1.0, 0.0, 0.0)),
                  ("gyro-m", product(MOMENTUM, "velocities/r-rad_sec", -1.0), (0.0, 1.0, 0.0)),
                  ("gyro-n", product(MOMENTUM, "velocities/q-rad_sec"), (0.0, 0.0, 1.0)))
    for name, body, axis in gyroscopic:
        moment = add(reactions, "moment", name=name, frame="BODY")
        function(moment, f"systems/fed/{name}", body)
        _direction(moment, axis)


def _direction(parent: Any, axis: tuple[float, float, float]) -> None:
    direction = add(parent, "direction")
    for tag, value in zip("xyz", axis, strict=True):
        add(direction, tag, value)


def theirs(trim: Trim, given: np.ndarray, loads: np.ndarray) -> Run:
    """Fly JSBSim at 1 kHz under the same surfaces and shaft loads."""
    with jsbsim_at(airframe_files(trim.aircraft)) as fdm:
        if not fdm.load_model(trim.aircraft.name):
            raise RuntimeError("JSBSim does not load the exported airframe")
        fdm.set_dt(1.0 / JSBSIM_RATE)
        _begin(fdm, trim, given[0], loads[0])
        rows = np.zeros((len(given), len(COLUMNS)))
        names = ("position/geod-alt-ft", "velocities/vt-fps", "attitude/phi-rad",
                 "attitude/theta-rad", "attitude/psi-rad")
        for tick in range(len(given)):
            rows[tick] = [fdm[name] for name in names]
            _feed(fdm, given[tick], loads[tick])
            for _ in range(JSBSIM_RATE // RATE):
                fdm.run()
        rows[:, :2] *= FOOT
        return Run(np.arange(len(given)) / RATE, *rows.T)


def _begin(fdm: Any, trim: Trim, surface: np.ndarray, load: np.ndarray) -> None:
    u, v, w = trim.velocity_body
    fuel = trim.fuel_kg / POUND
    for name, value in {
        "lat-geod-rad": LATITUDE, "long-gc-rad": LONGITUDE, "h-sl-ft": trim.altitude_msl / FOOT,
        "phi-rad": trim.roll, "theta-rad": trim.pitch, "psi-true-rad": HEADING,
        "u-fps": u / FOOT, "v-fps": v / FOOT, "w-fps": w / FOOT,
        "p-rad_sec": 0.0, "q-rad_sec": 0.0, "r-rad_sec": 0.0,
    }.items():
        fdm[f"ic/{name}"] = value
    fdm["gear/gear-pos-norm"] = float(trim.vehicle[0].actuators.gear)
    fdm["inertia/pointmass-weight-lbs[0]"] = trim.payload_kg / POUND
    fdm[FUEL_ABOARD] = fuel
    fdm["propulsion/tank[0]/contents-lbs"] = fuel
    _feed(fdm, surface, load)
    fdm.run_ic()
    # JSBSim's sea level is a radius: its altitude is not quite the height over the ellipsoid.
    fdm["ic/h-sl-ft"] = 2.0 * trim.altitude_msl / FOOT - fdm["position/geod-alt-ft"]
    fdm.run_ic()


def _feed(fdm: Any, surface: np.ndarray, load: np.ndarray) -> None:
    for name, value in zip((ELEVATOR, AILERON, RUDDER), surface, strict=True):
        fdm[name] = float(value)
    thrust, torque, momentum = (float(x) for x in load)
    fdm[THRUST] = thrust / POUND_FORCE
    fdm[TORQUE] = torque / POUND_FORCE / FOOT
    fdm[MOMENTUM] = momentum / SLUG_FOOT2


def angle_apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a - b in [-pi, pi) [rad]."""
    apart: np.ndarray = (a - b + pi) % (2.0 * pi) - pi
    return apart


