"""The airframe in two simulators, side by side: thrust, torque and surfaces are given to both.

JSBSim gets mass and aerodynamics of the export, and in place of engines three external loads:
thrust at the hub, torque, and the gyroscopic moment of the momentum that it is told.
"""

import importlib.metadata
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from longwatch.aircraft.loader import Aircraft
from longwatch.analysis.trim import Trim
from longwatch.earth.frames import (
    matrix_from_quaternion,
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
    rotate,
    rotate_inverse,
)
from longwatch.earth.standard import GRAVITY
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
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
from longwatch.export.reactions import direction, hub, structural_inches
from longwatch.export.xml import add, document, function, product
from longwatch.verification import jsbsim_kernels

FOOT = 0.3048
POUND_FORCE = POUND * GRAVITY
# Earlier ones cannot be told to hold the aircraft in its place.
OLDEST = (1, 3, 3)
MISSING = "JSBSim 1.3.3 or later is not installed: pip install 'longwatch[verify]'"
RATE, JSBSIM_RATE = 100, 1000
LATITUDE, LONGITUDE, HEADING = 0.72, 0.49, 0.8
THRUST, TORQUE = "systems/fed/thrust-lbs", "systems/fed/torque-lbsft"
MOMENTUM = "systems/fed/momentum-slugft2_sec"


def is_installed() -> bool:
    """True where a JSBSim that is not too old can be imported."""
    if importlib.util.find_spec("jsbsim") is None:
        return False
    try:
        parts = importlib.metadata.version("jsbsim").split(".")[:3]
    except importlib.metadata.PackageNotFoundError:
        return False
    return tuple(int(part) if part.isdigit() else 0 for part in parts) >= OLDEST


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


# JSBSim's numbers: Adams-Bashforth of second order for rotation too, where it takes Euler's by
# itself; and its own choice.
SECOND_ORDER, AS_IT_COMES = (3, 3, 3, 4), (1, 3, 1, 4)
INTEGRATORS = ("rate/rotational", "rate/translational", "position/rotational",
               "position/translational")
COLUMNS = ("altitude", "airspeed", "roll", "pitch", "heading")
PROPERTIES = ("position/geod-alt-ft", "velocities/vt-fps", "attitude/phi-rad",
              "attitude/theta-rad", "attitude/psi-rad")


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
    vehicle, sheet = placed(trim), trim.aircraft.datasheet[0]
    loads, rows = np.zeros((len(given), 3)), np.zeros((len(given), len(COLUMNS)))
    jsbsim_kernels.fly(vehicle, sheet, WGS84[0], given, 1.0 / RATE, rows, loads)
    return Run(np.arange(len(given)) / RATE, *rows.T), loads


def placed(trim: Trim) -> Any:
    """The record of the trimmed aircraft over the ellipsoid, at ``LATITUDE`` and so on."""
    vehicle = trim.vehicle.copy()[0]
    earth, body = WGS84[0], vehicle.body
    attitude = quaternion_from_euler(trim.roll, trim.pitch, HEADING)
    to_ecef = quaternion_multiply(*quaternion_ned_to_ecef(LATITUDE, LONGITUDE), *attitude)
    matrix = matrix_from_quaternion(*to_ecef)
    body.position_ecef[:] = geodetic_to_ecef(earth, LATITUDE, LONGITUDE, trim.altitude_msl)
    body.attitude[:] = to_ecef
    body.velocity_ecef[:] = rotate(matrix, *trim.velocity_body)
    body.rate_body[:] = rotate_inverse(matrix, 0.0, 0.0, float(earth.rotation_rate))
    return vehicle


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
    _external(root, hub(sheet, 0))
    aerodynamics(root, sheet)
    return {f"aircraft/{aircraft.name}/{aircraft.name}.xml": document(root)}


def _external(root: Any, place: tuple[float, float, float]) -> None:
    reactions = add(root, "external_reactions")
    force = add(reactions, "force", name="thrust", frame="BODY")
    function(force, "systems/fed/force", product(THRUST, 1.0))
    # A symmetric pair pulls in the plane of symmetry.
    structural_inches(force, (place[0], 0.0, place[2]))
    direction(force, (1.0, 0.0, 0.0))
    gyroscopic = (("torque", product(TORQUE, 1.0), (1.0, 0.0, 0.0)),
                  ("gyro-m", product(MOMENTUM, "velocities/r-rad_sec", -1.0), (0.0, 1.0, 0.0)),
                  ("gyro-n", product(MOMENTUM, "velocities/q-rad_sec"), (0.0, 0.0, 1.0)))
    for name, body, axis in gyroscopic:
        moment = add(reactions, "moment", name=name, frame="BODY")
        function(moment, f"systems/fed/{name}", body)
        direction(moment, axis)


def theirs(trim: Trim, given: np.ndarray, loads: np.ndarray,
           integrators: tuple[int, ...] = SECOND_ORDER) -> Run:
    """Fly JSBSim at 1 kHz under the same surfaces and shaft loads."""
    with jsbsim_at(airframe_files(trim.aircraft)) as fdm:
        if not fdm.load_model(trim.aircraft.name):
            raise RuntimeError("JSBSim does not load the exported airframe")
        fdm.set_dt(1.0 / JSBSIM_RATE)
        for name, number in zip(INTEGRATORS, integrators, strict=True):
            fdm[f"simulation/integrator/{name}"] = number
        begin(fdm, trim, given[0], loads[0])
        rows = np.zeros((len(given), len(COLUMNS)))
        for tick in range(len(given)):
            rows[tick] = [fdm[name] for name in PROPERTIES]
            _feed(fdm, given[tick], loads[tick])
            for _ in range(JSBSIM_RATE // RATE):
                fdm.run()
        rows[:, :2] *= FOOT
        return Run(np.arange(len(given)) / RATE, *rows.T)


def begin(fdm: Any, trim: Trim, surface: np.ndarray, load: np.ndarray) -> None:
    """Put the bare airframe into a trimmed flight."""
    _feed(fdm, surface, load)
    initialise(fdm, trim)


def initialise(fdm: Any, trim: Trim) -> None:
    """Set masses, position, attitude and velocity of a trimmed flight; what is fed stays."""
    u, v, w = trim.velocity_body
    fuel = trim.fuel_kg / POUND
    for name, value in {
        "lat-geod-rad": LATITUDE, "long-gc-rad": LONGITUDE, "h-sl-ft": trim.altitude_msl / FOOT,
        "phi-rad": trim.roll, "theta-rad": trim.pitch, "psi-true-rad": HEADING,
        "u-fps": u / FOOT, "v-fps": v / FOOT, "w-fps": w / FOOT,
        "p-rad_sec": 0.0, "q-rad_sec": 0.0, "r-rad_sec": 0.0,
    }.items():
        fdm[f"ic/{name}"] = value
    fdm["gear/gear-cmd-norm"] = fdm["gear/gear-pos-norm"] = float(trim.vehicle[0].actuators.gear)
    fdm["inertia/pointmass-weight-lbs[0]"] = trim.payload_kg / POUND
    fdm[FUEL_ABOARD] = fuel
    fdm["propulsion/tank[0]/contents-lbs"] = fuel
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
