"""The plan that goes aboard: frames resolved, jumps as indices, runways chosen."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.plan import PlanHeader, PlanItem, PlanRunway
from longwatch.planning.itinerary import marker_place, return_index
from longwatch.planning.judgement import Judgement
from longwatch.planning.mav_commands import NAMES
from longwatch.planning.qgc_fence import Area, no_zones
from longwatch.planning.route import RoutePoint
from longwatch.planning.strip import Strip, Strips

# DO_CHANGE_SPEED to these keeps the speed, and goes back to the standard one (MAVLink).
NO_CHANGE, STANDARD = -1.0, -2.0


@dataclass(frozen=True)
class ResolvedPlan:
    """A mission ready to be loaded aboard, and what to tell of it.

    Attributes:
        items: PlanItem array, one for each item of the mission, an appended landing last.
        runways: PlanRunway array.
        header: PlanHeader array of length 1.
        patches: GroundPatch array: the ground under the flight.
        names: what each item is called.
        planned: one dictionary an item for the report (degrees, metres above mean sea level).
        messages: how runways, ends, heights and changes were settled.
        judgement: what it rests on: findings, changes, numbers, fuel.
        fence: FenceVertex array: the zones that the mission's file draws.
        rally: RallyPoint array: the points that it sets.
    """

    items: np.ndarray
    runways: np.ndarray
    header: np.ndarray
    patches: np.ndarray
    names: tuple[str, ...]
    planned: list[dict[str, Any]]
    messages: tuple[str, ...]
    judgement: Judgement
    fence: np.ndarray = field(default_factory=no_zones)
    rally: np.ndarray = field(default_factory=lambda: Area().rally_points(0.0))


def resolve(judgement: Judgement, *, payload_kg: float, messages: tuple[str, ...]
            ) -> ResolvedPlan:
    """Write a judged mission down as the autopilot's records."""
    home, strips, points = judgement.home, judgement.strips, judgement.points
    patches = judgement.patches
    items = _items(points, strips, judgement.radii)
    header = PlanHeader.zeros()
    header["item_count"] = len(items)
    header["home_latitude"], header["home_longitude"] = home.latitude, home.longitude
    header["home_elevation_msl"] = home.elevation_msl
    header["cruise_speed"] = judgement.mission.cruise_speed or 0.0
    header["payload_mass"] = payload_kg
    runways = PlanRunway.zeros(len(strips.runways))
    for record, strip in zip(runways, strips.runways, strict=True):
        _fill_runway(record, strip)
    names = tuple(NAMES[int(item["command"])] for item in items)
    planned = [_planned(item, name) for item, name in zip(items, names, strict=True)]
    area = judgement.mission.area
    return ResolvedPlan(items, runways, header, patches, names, planned, messages, judgement,
                        area.zones, area.rally_points(home.elevation_msl))


def _items(points: list[RoutePoint], strips: Strips, radii: tuple[float, ...]) -> np.ndarray:
    lands = any(point.item.command == plan.LAND for point in points)
    returns = any(point.item.command == plan.RETURN_TO_LAUNCH for point in points)
    items = PlanItem.zeros(len(points) + (1 if returns and not lands else 0))
    speed = 0.0
    for i, point in enumerate(points):
        items[i].radius = radii[i]
        speed = _fill(items[i], point, speed)
    if len(items) > len(points):
        _append_landing(items[-1], items[-2], strips)
    _link(items, points, strips)
    return items


def _fill(record: Any, point: RoutePoint, speed: float) -> float:
    """Write one item; returns the airspeed asked for from here on (0: the standard one)."""
    item = point.item
    record.command, record.sequence = item.command, item.sequence
    record.latitude, record.longitude = point.latitude, point.longitude
    record.altitude_msl = point.altitude_msl
    record.runway, record.jump = -1, -1
    # A short hold asks to pass over the place; a wing cannot stand still there.
    record.fly_over = item.command == plan.WAYPOINT and (item.p1 or 0.0) > 0.0
    if item.command == plan.LOITER_TURNS:
        record.turns = item.p1 or 0.0
    elif item.command in (plan.LOITER_TIME, plan.CONDITION_DELAY):
        record.time = item.p1 or 0.0
    elif item.command == plan.DO_CHANGE_SPEED:
        asked = NO_CHANGE if item.p2 is None else item.p2
        speed = speed if asked == NO_CHANGE else 0.0 if asked == STANDARD else asked
        record.speed = speed
    elif item.command == plan.DO_JUMP:
        record.repeats = int(item.p2 or 0)
    return speed


def _append_landing(record: Any, last: Any, strips: Strips) -> None:
    strip, end = strips.landing_strip, strips.landing_end
    record.command, record.sequence = plan.LAND, last.sequence + 1
    record.latitude, record.longitude = strip.aiming_point(end)
    record.altitude_msl = strip.aiming_elevation(end)
    record.jump = -1


def _link(items: np.ndarray, points: list[RoutePoint], strips: Strips) -> None:
    """Jumps to indices, take-off and landing to their runways."""
    index = {point.item.sequence: i for i, point in enumerate(points)}
    flown = tuple(point.item for point in points)
    leaves = next((i for i, point in enumerate(points) if point.item.command == plan.TAKEOFF), -1)
    for i, record in enumerate(items):
        # What acts before the take-off happens on its runway: there the aircraft stands.
        if i <= leaves:
            record.runway, record.end = strips.takeoff, strips.takeoff_end
        elif record.command in (plan.LAND, plan.RETURN_TO_LAUNCH):
            record.runway, record.end = strips.of_landing(int(record.sequence))
        if record.command == plan.DO_JUMP:
            record.jump = index[int(points[i].item.p1 or 0)]
        elif record.command == plan.RETURN_TO_LAUNCH:
            record.jump = return_index(flown, i)
        elif record.command == plan.DO_LAND_START:
            record.latitude, record.longitude = marker_place(flown, i) or (0.0, 0.0)


def _fill_runway(record: Any, strip: Strip) -> None:
    record.latitude[:] = strip.latitude
    record.longitude[:] = strip.longitude
    record.elevation_msl[:] = strip.elevation_msl
    record.width, record.paved = strip.width, strip.paved
    record.aiming_distance = strip.aiming_distance


def _planned(record: Any, name: str) -> dict[str, Any]:
    """One item for the report; those without a place of their own are not drawn there."""
    return {
        "sequence": int(record.sequence), "name": name, "command": int(record.command),
        "latitude_deg": math.degrees(record.latitude),
        "longitude_deg": math.degrees(record.longitude),
        "altitude_msl_m": float(record.altitude_msl), "radius_m": float(record.radius),
        "turns": float(record.turns), "time_s": float(record.time),
        "speed_m_s": float(record.speed),
    }
