"""Reads QGroundControl's .plan: JSON with simple items and patterns that hold simple items.

Source: QGroundControl developer guide, "Plan file format". `frame` says what the altitude in
the seventh parameter counts from; AltitudeMode is QGroundControl's own note of how it was
entered (mode 3, above terrain computed on the ground, is stored as frame 0 with the resulting
altitude above mean sea level). Surveys and corridor scans carry their waypoints as simple items;
a fixed-wing landing pattern is written out here as QGroundControl would upload it.

One key is Longwatch's own: `"longwatch": {"start": "2023-10-12T09:00:00Z"}` beside `"mission"`
dates the flight. Ground stations leave it alone, and lose it when they save.
"""

import json
import math
from datetime import datetime
from typing import Any

from longwatch.autopilot.aboard import plan
from longwatch.errors import SetupError
from longwatch.planning import figures
from longwatch.planning.areas import version_faults
from longwatch.planning.mission import SPEED_BOUND, Home, MissionItem, place
from longwatch.planning.start_time import parse_start

TRANSECTS = "TransectStyleComplexItem"
LANDING = "fwLandingPattern"
# DO_SET_CAM_TRIGG_DIST and IMAGE_STOP_CAPTURE; VIDEO_STOP_CAPTURE.
_STOP_PHOTOS, _STOP_VIDEO = (206, 2001), (2501,)


class _Fault(Exception):
    """One fault of one item; collected, never raised to the caller."""


def read_plan(text: str) -> tuple[Home | None, list[MissionItem], float | None, list[str]]:
    """Home, items, cruise speed in m/s and faults of a .plan text."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        return None, [], None, [f"line {error.lineno}, column {error.colno}: broken JSON: "
                                f"{error.msg}; mend it or save the plan again"]
    except (RecursionError, ValueError) as error:
        return None, [], None, [f"broken JSON: {error}; save the plan again"]
    mission = document.get("mission") if isinstance(document, dict) else None
    if not isinstance(mission, dict) or not isinstance(mission.get("items"), list):
        return None, [], None, ['not a mission: it has no "mission" with "items"; save it with a '
                                "ground station as a plan"]
    faults = version_faults(document)
    home = _attempt(faults, "plannedHomePosition", lambda: _home(mission))
    speed = _attempt(faults, "cruiseSpeed", lambda: _number(mission.get("cruiseSpeed")))
    if speed is not None and not 0 < speed < SPEED_BOUND:
        faults.append(f"cruiseSpeed: {figures.airspeed(speed, 'g')} is not possible; give one "
                      f"below {figures.airspeed(SPEED_BOUND, '.0f')}")
    items: list[MissionItem] = []
    for position, entry in enumerate(mission["items"], start=1):
        following = items[-1].sequence + 1 if items else 1
        found = _attempt(faults, f"item {_label(entry, position)}",
                         lambda e=entry, n=following: _items(e, n))
        items.extend(found or [])
    return home, items, speed, faults


def read_start(text: str) -> tuple[datetime | None, list[str]]:
    """When the mission of a .plan text begins, None where it does not say, and faults."""
    try:
        own = json.loads(text).get("longwatch")
    except (ValueError, RecursionError, AttributeError):
        return None, []  # read_plan tells of it
    if own is None:
        return None, []
    if not isinstance(own, dict) or not isinstance(own.get("start", ""), str):
        return None, ['longwatch: is not {"start": "2023-10-12T09:00:00Z"}; correct it']
    if "start" not in own:
        return None, []
    try:
        return parse_start(own["start"]), []
    except SetupError as error:
        return None, [f"longwatch: {error}"]


def _attempt(faults: list[str], where: str, action: Any) -> Any:
    try:
        return action()
    except _Fault as fault:
        faults.append(f"{where}: {fault}")
        return None


def _label(entry: Any, position: int) -> str:
    number = entry.get("doJumpId") if isinstance(entry, dict) else None
    return str(number if isinstance(number, int) else position)


def _home(mission: dict[str, Any]) -> Home | None:
    values = mission.get("plannedHomePosition")
    if values is None:
        return None
    if not isinstance(values, list) or len(values) < 2:
        raise _Fault("give latitude, longitude and altitude")
    latitude, longitude = _place(values[0], values[1])
    if latitude is None or longitude is None:
        raise _Fault("has no position; give latitude, longitude and altitude")
    elevation = _number(values[2]) if len(values) > 2 else None
    if elevation is None:
        raise _Fault("has no altitude; give it in metres above mean sea level")
    return Home(latitude, longitude, elevation)


def _items(entry: Any, following: int) -> list[MissionItem]:
    if not isinstance(entry, dict):
        raise _Fault("is not an item; save the plan again")
    kind = entry.get("type")
    if kind in ("SimpleItem", "missionItem"):
        return [_simple(entry, following)]
    if kind != "ComplexItem":
        raise _Fault(f'type {kind!r} is unknown; use "SimpleItem" or "ComplexItem"')
    name = entry.get("complexItemType")
    if name == LANDING:
        return _landing(entry, following)
    transects = entry.get(TRANSECTS)
    held = transects.get("Items") if isinstance(transects, dict) else None
    if not isinstance(held, list) or not held:
        raise _Fault(f"the pattern {name!r} holds no waypoints to fly; replace it by simple items")
    return [_simple(item, following + i) for i, item in enumerate(held)]


def _simple(entry: Any, following: int) -> MissionItem:
    if not isinstance(entry, dict):
        raise _Fault("is not an item; save the plan again")
    params = _params(entry)
    if not isinstance(params, list) or len(params) != 7:
        raise _Fault("needs seven params; save the plan again")
    sequence = _whole(entry.get("doJumpId", following), "doJumpId")
    command = _whole(entry.get("command"), "command")
    frame = _whole(entry.get("frame"), "frame")
    p1, p2, p3, p4 = (_number(value) for value in params[:4])
    latitude, longitude = _place(params[4], params[5])
    return MissionItem(sequence, command, frame, p1, p2, p3, p4, latitude, longitude,
                       _number(params[6]), entry.get("autoContinue") is not False)


def _params(entry: dict[str, Any]) -> Any:
    """The seven parameters; older items keep the place, and older still each one, apart."""
    params, place_ = entry.get("params"), entry.get("coordinate")
    if params is None and "param1" in entry:
        params = [entry.get(f"param{i}") for i in range(1, 5)]
    if isinstance(params, list) and len(params) == 4 and isinstance(place_, list):
        params = [*params, *place_[:3]]
    return params


def _landing(entry: dict[str, Any], sequence: int) -> list[MissionItem]:
    approach = entry.get("landingApproachCoordinate", entry.get("loiterCoordinate"))
    land = entry.get("landCoordinate")
    places = []
    for values in (approach, land):
        if not isinstance(values, list) or len(values) != 3:
            raise _Fault("the landing pattern lacks its approach or its landing point; draw it "
                         "again")
        places.append((*_place(values[0], values[1]), _number(values[2])))
    approach_frame, land_frame = _landing_frames(entry)
    radius = _number(entry.get("loiterRadius")) or 0.0
    radius = radius if entry.get("loiterClockwise", True) else -radius
    circles = entry.get("useLoiterToAlt", True)
    found = [MissionItem(sequence, plan.DO_LAND_START, 2, 0, 0, 0, 0, None, None, 0)]
    for stop in [*_STOP_PHOTOS] * bool(entry.get("stopTakingPhotos")) + [*_STOP_VIDEO] * bool(
            entry.get("stopVideoPhotos")):
        found.append(MissionItem(sequence + len(found), stop, 2, 0, 0, 0, 0, None, None, 0))
    last = sequence + len(found)
    found.append(
        MissionItem(last, plan.LOITER_TO_ALT, approach_frame, 1, radius, 0, 1, *places[0])
        if circles else MissionItem(last, plan.WAYPOINT, approach_frame, 0, 0, 0, None, *places[0]))
    found.append(MissionItem(last + 1, plan.LAND, land_frame, 0, 0, 0, 0, *places[1]))
    return found


def _landing_frames(entry: dict[str, Any]) -> tuple[int, int]:
    """Frames of approach and landing point: version 1 says of each what its altitude counts from,
    later ones of both together."""
    version = entry.get("version", 2)
    if version == 1:
        flags = [entry.get("loiterAltitudeRelative"), entry.get("landAltitudeRelative")]
    elif version == 2:
        flags = [entry.get("altitudesAreRelative", True)] * 2
    else:
        raise _Fault(f"the landing pattern's version {version!r} is not known; draw it again")
    if not all(isinstance(flag, bool) for flag in flags):
        raise _Fault("the landing pattern does not say what its altitudes count from; draw it "
                     "again")
    return (3 if flags[0] else 0), (3 if flags[1] else 0)


def _place(latitude: Any, longitude: Any) -> tuple[float | None, float | None]:
    north, east, fault = place(_number(latitude, finite=False), _number(longitude, finite=False))
    if fault:
        raise _Fault(fault)
    return north, east


def _number(value: Any, *, finite: bool = True) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Fault(f"{value!r} is not a number; correct it")
    try:
        number = float(value)
    except OverflowError:
        raise _Fault("a number is out of range; correct it") from None
    if finite and not math.isfinite(number):
        raise _Fault("a parameter or the altitude is not a number (NaN or infinite); correct it")
    return number


def _whole(value: Any, what: str) -> int:
    number = _number(value)
    if number is None or number != int(number) or abs(number) > 2**31:
        raise _Fault(f"{what} {value!r} is not a whole number; save the plan again")
    return int(number)
