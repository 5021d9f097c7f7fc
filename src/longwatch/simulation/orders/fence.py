"""The fence and the rally points in orders: those that change them, checked whole and taken whole,
and what the fence lets every other order do.
"""

import base64
import binascii
import math
import sys
from collections.abc import Sequence

import numpy as np

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import fence
from longwatch.autopilot.aboard.fence import HEIGHT_MARGIN, ROLL_IN, FenceVertex
from longwatch.autopilot.aboard.rally import RallyPoint
from longwatch.autopilot.codes import MODE_HOLD
from longwatch.autopilot.estimation.estimate import true_over_calibrated
from longwatch.autopilot.failsafe import contingency, fence_watch
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.manoeuvres import guided
from longwatch.earth.geodesics import destination
from longwatch.earth.wgs84 import WGS84
from longwatch.errors import OrderArgumentError, OrderError, listed
from longwatch.planning.fence_zones import (
    HIGHEST_ALTITUDE,
    LOWEST_ALTITUDE,
    MOST_RALLY_POINTS,
    MOST_VERTICES,
    place_faults,
    rally_faults,
    zone_faults,
)
from longwatch.planning.performance import Performance
from longwatch.simulation.orders import aboard
from longwatch.simulation.simulated_aircraft import SimulatedAircraft

# The climb-out is taken to be longer than in calm air by this, as the judge does.
CLIMB_OUT_MARGIN = 1.1
# What tells that another way is flown than before.
_WAY = ("mode", "since", "target_latitude", "target_longitude", "radius", "inbound")


def fence_text(records: np.ndarray) -> str:
    """Vertices as the order ``fence`` carries them."""
    return base64.b64encode(np.ascontiguousarray(records).tobytes()).decode()


def read_fence(text: str) -> np.ndarray:
    """The vertices of an order ``fence``, checked, their unit vectors filled in, read-only.

    Raises OrderError with everything that is wrong.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise OrderError("fence: the records are no base64 text") from None
    if len(raw) % FenceVertex.dtype.itemsize or (
            len(raw) // FenceVertex.dtype.itemsize > MOST_VERTICES):
        raise OrderError(f"fence: give at most {MOST_VERTICES} whole vertices of "
                         f"{FenceVertex.dtype.itemsize} bytes each")
    zones = np.frombuffer(raw, FenceVertex.dtype).copy()
    faults = zone_faults(zones)
    if faults:
        raise OrderError(listed("this fence cannot be kept:", faults))
    fence.prepare(zones, WGS84[0])
    zones.flags.writeable = False
    return zones


def read_rally(points: Sequence[Sequence[float]]) -> np.ndarray:
    """The rally points of an order ``rally``, [latitude, longitude [rad], altitude [m]] each.

    Raises OrderError with everything that is wrong.
    """
    if not isinstance(points, list | tuple) or len(points) > MOST_RALLY_POINTS:
        raise OrderError(f"rally: give a list of at most {MOST_RALLY_POINTS} points")
    faults, made = [], RallyPoint.zeros(len(points))
    for number, point in enumerate(points):
        if not isinstance(point, list | tuple) or len(point) != 3 or not all(
                isinstance(x, int | float) and abs(x) <= sys.float_info.max for x in point):
            faults.append(f"point {number}: give latitude, longitude and altitude as numbers")
            continue
        faults += [f"point {number}: {text}" for text in place_faults(point[0], point[1])]
        if not LOWEST_ALTITUDE <= point[2] <= HIGHEST_ALTITUDE:
            faults.append(f"point {number}: altitude {point[2]:g} m is out of range, "
                          f"{LOWEST_ALTITUDE:g} to {HIGHEST_ALTITUDE:g} m")
        made[number] = tuple(point)
    if faults:
        raise OrderError(listed("these rally points cannot be kept:", faults))
    made.flags.writeable = False
    return made


# ----------------------------------------------------------------------------------- loading


def load_fence(simulation: SimulatedAircraft, *, records: str) -> None:
    """Load a fence; where the aircraft is against it is judged afresh."""
    zones = read_fence(records)
    aboard.put(simulation, simulation.loaded._replace(fence=zones))
    check_fence(simulation)


def load_rally(simulation: SimulatedAircraft, *, points: Sequence[Sequence[float]]) -> None:
    """Load rally points."""
    found, loaded = read_rally(points), simulation.loaded
    faults = [f"point {number}: {text}" for number, text in rally_faults(
        found["altitude_msl"].tolist(), float(loaded.header.home_elevation_msl),
        simulation.aircraft.datasheet[0])]
    if faults:
        raise OrderError(listed("these rally points cannot be kept:", faults))
    aboard.put(simulation, loaded._replace(rally=found))


# -------------------------------------------------------------------- what it lets others do


def judge_way(simulation: SimulatedAircraft, before: np.record) -> None:
    """After an order: where it has the aircraft fly another way, does the fence let it?

    ``before`` is the aircraft's record before it. Whoever takes a mode has the aircraft, from
    failsafes as well. Raises OrderError where no turn would be left that keeps the margin.
    """
    state, loaded = simulation.state, simulation.loaded
    autopilot, was = state.autopilot, before.autopilot
    moved = any(autopilot.crew[key] != was.crew[key] for key in _WAY)
    if not moved and autopilot.modes.phase == was.modes.phase:
        return
    turning = bool(was.failsafe.acting and was.failsafe.taken == codes.ACTION_TURN_BACK
                   and was.failsafe.levels[failsafes.FENCE] == failsafes.AHEAD)
    if turning and autopilot.crew.mode == MODE_HOLD == was.crew.mode:
        # It holds where it may already.
        for part in ("failsafe", "guidance"):
            autopilot[part] = was[part]
        for key in _WAY:
            autopilot.crew[key] = was.crew[key]
        return
    if autopilot.crew.since != was.crew.since or autopilot.crew.mode != was.crew.mode or (
            moved and float(was.crew.since) == float(state.clock.time)):
        contingency.override(autopilot.failsafe)
    if not contingency.keeps_clear(
            autopilot, loaded, simulation.aircraft.datasheet[0], simulation.world.earth[0],
            state.events, float(state.clock.time), turning):
        seen, margin = autopilot.failsafe.fence, float(loaded.settings[0].fence_margin)
        raise OrderError(
            f"the fence is ahead, {float(seen.clearance):.0f} m away: no turn from here keeps the "
            f"margin of {margin:.0f} m" + (
                "; it turns back, give the order once it points away" if turning else
                "; hold, or turn away first"))


def check_altitude(simulation: SimulatedAircraft, altitude_msl: float) -> None:
    """Refuse an altitude that ceiling and floor forbid."""
    settings = simulation.loaded.settings[0]
    if not settings.fence_watch:
        return
    allowed = float(fence_watch.within(settings, altitude_msl, HEIGHT_MARGIN))
    if altitude_msl > allowed:
        raise OrderArgumentError(f"altitude_msl {altitude_msl:.0f} m: the fence's ceiling is "
                                 f"{float(settings.fence_ceiling):.0f} m, give {allowed:.0f} m or "
                                 "less")
    if altitude_msl < allowed:
        raise OrderArgumentError(f"altitude_msl {altitude_msl:.0f} m: the fence's floor is "
                                 f"{float(settings.fence_floor):.0f} m, give {allowed:.0f} m or "
                                 "more")


def check_circle(simulation: SimulatedAircraft, latitude: float, longitude: float, radius: float
                 ) -> None:
    """Refuse a circle that would not keep the fence's margin."""
    zones, settings = simulation.loaded.fence, simulation.loaded.settings[0]
    if not settings.fence_watch or not len(zones):
        return
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.estimate
    wide = max(abs(radius), float(guided.least_radius(estimate, sheet)))
    left, margin = _clear(simulation, latitude, longitude) - wide, float(settings.fence_margin)
    if left < 0.0:
        raise OrderArgumentError(f"a circle of {wide:.0f} m about that place leads {-left:.0f} m "
                                 "over the fence: give a place further in")
    if left < margin:
        raise OrderArgumentError(f"a circle of {wide:.0f} m about that place comes within "
                                 f"{left:.0f} m of the fence, the margin is {margin:.0f} m: give a "
                                 "place further in")


def _clear(simulation: SimulatedAircraft, latitude: float, longitude: float) -> float:
    """Distance [m] from a place [rad] to the fence, negative outside."""
    return float(fence.clearance(simulation.loaded.fence, *fence.direction_of(
        simulation.world.earth[0], latitude, longitude)))


def check_fence(simulation: SimulatedAircraft) -> None:
    """Refuse a fence that is loaded, or set, where the aircraft could not keep it as it flies.

    One that it is outside of already leads it home.
    """
    state, loaded = simulation.state, simulation.loaded
    autopilot, settings = state.autopilot, loaded.settings[0]
    if not contingency.can_keep(autopilot, loaded, simulation.aircraft.datasheet[0],
                                simulation.world.earth[0]):
        raise OrderError(
            f"this fence lies {float(autopilot.failsafe.fence.clearance):.0f} m away: no turn from "
            f"here keeps the margin of {float(settings.fence_margin):.0f} m; fly away from it "
            "first, or set LW_FENCE_MARGIN lower")


def no_departure(simulation: SimulatedAircraft) -> str:
    """Why the fence forbids a take-off from where it stands, "" where it does not."""
    loaded, settings = simulation.loaded, simulation.loaded.settings[0]
    if not settings.fence_watch:
        return ""
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.estimate
    altitude, ceiling = float(estimate.altitude_msl), float(settings.fence_ceiling)
    needed = altitude + 2.0 * float(sheet.procedures.climb_out_height) + HEIGHT_MARGIN
    if ceiling and ceiling < needed:
        return (f"the fence's ceiling of {ceiling:.0f} m leaves no room to climb out: "
                f"{needed:.0f} m are needed")
    if not len(loaded.fence):
        return ""
    here = float(estimate.latitude), float(estimate.longitude)
    left = _clear(simulation, *here)
    if left < 0.0:
        return f"it stands {-left:.0f} m outside the fence, or inside a zone to stay out of"
    return _no_climb_out(simulation, here, float(estimate.heading))


def _no_climb_out(simulation: SimulatedAircraft, here: tuple[float, float], heading: float) -> str:
    """Why the way straight ahead, and the first turn behind it, do not lead clear of the fence."""
    sheet, estimate = simulation.aircraft.datasheet[0], simulation.state.autopilot.estimate
    length = CLIMB_OUT_MARGIN * Performance(sheet).takeoff_distance(
        float(estimate.mass), float(estimate.altitude_msl))[1]
    along, left = 0.0, math.inf
    while along < length and left >= 0.0:
        place = destination(*here, heading, along)
        left = _clear(simulation, float(place[0]), float(place[1]))
        along += max(left, 10.0)
    if left < 0.0:
        return f"the climb-out, {length:.0f} m straight ahead, leads over the fence"
    speed = float(true_over_calibrated(estimate)
                  * fence_watch.least_speed(estimate, sheet))
    radius = float(fence_watch.widest_radius(estimate, sheet, speed))
    ahead = destination(*here, heading, length + ROLL_IN * speed)
    sides = (destination(*ahead[:2], heading + side * 0.5 * math.pi, radius)
             for side in (-1.0, 1.0))
    most = max(_clear(simulation, float(side[0]), float(side[1])) - radius for side in sides)
    margin = float(simulation.loaded.settings[0].fence_margin)
    if most < margin:
        return (f"the fence leaves no room to turn after the climb-out of {length:.0f} m: a turn "
                f"of {radius:.0f} m comes within {max(most, 0.0):.0f} m of it, the margin is "
                f"{margin:.0f} m")
    return ""
