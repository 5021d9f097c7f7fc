"""Orders that change the plan aboard, and move home."""

import base64
import binascii
from typing import Any

import numpy as np

from longwatch.autopilot.aboard.plan import PlanHeader, PlanItem, PlanRunway
from longwatch.autopilot.codes import (
    MODE_HOLD,
    MODE_MISSION,
    MODE_RETURN,
    PHASE_EN_ROUTE,
    PHASE_LOITER,
)
from longwatch.autopilot.crew import modes
from longwatch.autopilot.manoeuvres import en_route, mission
from longwatch.environment.ground import GroundPatch, ground_below
from longwatch.errors import OrderError, listed
from longwatch.planning.resolve import ResolvedPlan
from longwatch.simulation.orders import aboard, crew
from longwatch.simulation.plan_checks import item_faults
from longwatch.simulation.simulated_aircraft import SimulatedAircraft
from longwatch.simulation.vehicle import Loaded

MOST_ITEMS = 5000
MOST_PLANNED_RUNWAYS = 16
# The ground may not move under an aircraft on it or this near to it [m], by more than this [m].
NEAR_GROUND = 60.0
GROUND_JUMP = 0.01


def plan_arguments(resolved: ResolvedPlan) -> dict[str, Any]:
    """The arguments of the order "plan" that loads a ResolvedPlan."""
    return {"items": packed(resolved.items), "runways": packed(resolved.runways),
            "header": packed(resolved.header), "patches": packed(resolved.patches),
            "names": list(resolved.names)}


def no_plan_arguments(header: np.record) -> dict[str, Any]:
    """The arguments of the order "plan" that leaves no mission aboard; home stays."""
    one = PlanHeader.zeros()
    one[0] = header
    return {"items": "", "runways": "", "header": packed(one), "patches": "", "names": []}


def packed(array: np.ndarray) -> str:
    """An array's bytes as base64 text."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def unpacked(text: str, kind: Any, name: str, most: int) -> np.ndarray:
    """The records of ``kind`` in a base64 text. Raises OrderError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise OrderError(f"{name}: no base64 text") from None
    count, rest = divmod(len(raw), kind.dtype.itemsize)
    if rest or count > most:
        raise OrderError(f"{name}: {len(raw)} bytes are no {kind.__name__} records, or more "
                         f"than {most}")
    array: np.ndarray = kind.zeros(count)
    array[:] = np.frombuffer(raw, kind.dtype)
    # By column, as a list may be long: each time it is loaded everybody waits.
    faults = [f"{name}: {key} of record {i} is not finite" for key in kind.dtype.names
              for i in np.flatnonzero(~_finite(array[key]))[:5]]
    if faults:
        raise OrderError(listed(f"{name}:", faults[:5]))
    return array


def _finite(column: np.ndarray) -> np.ndarray:
    """By record: every value of it is a finite number."""
    found: np.ndarray = np.isfinite(column).all(axis=tuple(range(1, column.ndim)))
    return found


# --------------------------------------------------------------------------------------- plan


def load(simulation: SimulatedAircraft, *, items: str, runways: str, header: str, patches: str,
         names: list[str]) -> None:
    """Load a plan, also in flight: it goes on with the same item where that is still there."""
    new = unpacked(items, PlanItem, "items", MOST_ITEMS)
    planned = unpacked(runways, PlanRunway, "runways", MOST_PLANNED_RUNWAYS)
    headers = unpacked(header, PlanHeader, "header", 1)
    ground = unpacked(patches, GroundPatch, "patches", MOST_PLANNED_RUNWAYS)
    if len(headers) != 1:
        raise OrderError("header: give one")
    faults = item_faults(new, len(planned))
    if faults:
        raise OrderError(listed("items:", faults[:10]))
    state = simulation.state
    before, autopilot = simulation.loaded, state.autopilot
    headers["item_count"] = len(new)
    if autopilot.crew.home_moved:
        for key in ("home_latitude", "home_longitude", "home_elevation_msl"):
            headers[key] = before.header[key]
    headers["payload_mass"] = before.header.payload_mass
    planned = _with_runway_in_use(planned, before.runways, autopilot)
    aboard.load(simulation, new if len(new) else aboard.no_items(), planned, headers[0].copy(),
                ground, tuple(map(str, names)))
    _keep_runway_in_use(simulation, before.runways)
    _check_ground(simulation)
    _go_on(simulation, before)


def _with_runway_in_use(planned: np.ndarray, before: np.ndarray, autopilot: np.record
                        ) -> np.ndarray:
    """The plan's runways and, behind them, those that the aircraft is bound for at present."""
    used = sorted({int(autopilot.approach.runway), int(autopilot.crew.runway)})
    extra = [before[i:i + 1] for i in used if 0 <= i < len(before)]
    return np.concatenate([planned, *extra]) if extra else planned


def _keep_runway_in_use(simulation: SimulatedAircraft, before: np.ndarray) -> None:
    """Runways in use are meant by their places, so by their new indices."""
    now = [simulation.loaded.runways[i:i + 1] for i in range(len(simulation.loaded.runways))]
    for record in (simulation.state.autopilot.approach, simulation.state.autopilot.crew):
        index = int(record.runway)
        if 0 <= index < len(before):
            record.runway = aboard.place_among(now, before[index:index + 1])


def _check_ground(simulation: SimulatedAircraft) -> None:
    """Refuse what would move the ground under an aircraft near it."""
    flight, patches = simulation.state.flight, simulation.world.patches
    if len(simulation.world.terrain.heights):
        return
    elevation = ground_below(patches, len(patches), float(flight.latitude),
                             float(flight.longitude))[0]
    jump = elevation - float(flight.ground_elevation_msl)
    if simulation.time > 0.0 and abs(jump) > GROUND_JUMP and (
            float(flight.height_above_ground) < NEAR_GROUND):
        raise OrderError("its runways would move the ground below the aircraft by "
                         f"{jump:+.1f} m: climb first, or use the runway it stands on")


def _go_on(simulation: SimulatedAircraft, before: Loaded) -> None:
    """The mission's progress after a change of plan."""
    autopilot, loaded, sheet, earth, ring, time = crew.context(simulation)
    state, flown = autopilot.mission, autopilot.crew.mode == MODE_MISSION
    index, count = int(state.index), int(loaded.header.item_count)
    same = 0 <= index < min(count, int(before.header.item_count)) and all(
        before.items[index][key] == loaded.items[index][key]
        for key in ("command", "latitude", "longitude"))
    if not same:
        mission.restart(state)
    if not modes.airborne(autopilot) or autopilot.modes.phase not in (PHASE_EN_ROUTE, PHASE_LOITER):
        return
    around = autopilot, loaded, sheet, earth, ring, time
    if same:
        # The item may have moved in height or radius; what was waited there has been waited.
        en_route.go_on(*around)
    elif not (modes.fly_mission(*around) if flown else modes.take_mode(*around, MODE_RETURN)):
        modes.take_mode(*around, MODE_HOLD)


# --------------------------------------------------------------------------------------- home


def home(simulation: SimulatedAircraft, *, latitude: float, longitude: float, altitude_msl: float
         ) -> None:
    """Move home: a return leads to the runway nearest to it."""
    before = simulation.loaded
    header = before.header.copy()
    header.home_latitude, header.home_longitude = latitude, longitude
    header.home_elevation_msl = altitude_msl
    aboard.load(simulation, before.items, before.runways, header, GroundPatch.zeros(0), None)
    _keep_runway_in_use(simulation, before.runways)
    simulation.state.autopilot.crew.home_moved = True
