"""Fences and rally points as files hold them: found, named, and written as QGroundControl's.

Ground stations keep fences and rally points as `QGC WPL 110` texts of their MAVLink items (5000 to
5004, 5100), as the older lists of places (a fence: return point, then the corners; rally points:
lines that begin with RALLY), or as parts of a .plan. A .plan's fence of version 1 is one polygon to
stay inside; today's is version 2 (QGroundControl, GeoFenceController). Places are in degrees.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from longwatch.planning.mav_commands import AREAS
from longwatch.planning.mission import FRAMES_HOME, MissionItem

# MAV_CMD numbers of fence and rally items, and the version of a .plan that has both.
RETURN_POINT, INSIDE, OUTSIDE, CIRCLE_INSIDE, CIRCLE_OUTSIDE = range(5000, 5005)
RALLY = 5100
VERSION = 2
NO_FENCE: dict[str, Any] = {"circles": [], "polygons": [], "version": VERSION}
NO_RALLY: dict[str, Any] = {"points": [], "version": VERSION}


def areas_alone(text: str, items: Sequence[MissionItem]) -> list[MissionItem]:
    """The fence and rally items of a text that holds nothing else; none where it is a mission."""
    if items:
        return list(items) if all(item.command in AREAS for item in items) else []
    try:
        document = json.loads(text)
    except ValueError:
        return []
    return document_items(document) if isinstance(document, dict) else []


def areas_text(items: Sequence[MissionItem]) -> str:
    """What a list of fence and rally items is: "it is a fence (1 polygon, 1 circle)"."""
    circles = sum(item.command in (CIRCLE_INSIDE, CIRCLE_OUTSIDE) for item in items)
    rally = sum(item.command == RALLY for item in items)
    parts = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in (
        (len(_polygons(items)), "polygon"), (circles, "circle")) if count]
    told = f"a fence ({', '.join(parts)})" if parts else ""
    if rally:
        told += f"{' and ' if told else ''}a list of {rally} rally point{'s' if rally > 1 else ''}"
    return f"it holds {told or 'the return point of a fence'}"


def _polygons(items: Sequence[MissionItem]) -> list[list[MissionItem]]:
    """Corners by polygon: each corner says how many its polygon has."""
    found: list[list[MissionItem]] = []
    for item in items:
        if item.command not in (INSIDE, OUTSIDE):
            continue
        last = found[-1] if found else []
        if last and last[0].command == item.command and len(last) < (last[0].p1 or 0.0):
            last.append(item)
        else:
            found.append([item])
    return found


# ----------------------------------------------------------------------- older texts


def old_fence(text: str) -> list[MissionItem]:
    """The fence of the older text: a return point, then the corners, the last the first again."""
    places = []
    for row in _rows(text):
        try:
            latitude, longitude = map(float, row)
        except ValueError:
            return []
        if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0):
            return []
        places.append((math.radians(latitude), math.radians(longitude)))
    back, corners = places[:1], places[1:]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < 3:
        return []
    return [_area(RETURN_POINT, 0.0, back[0]),
            *(_area(INSIDE, float(len(corners)), corner) for corner in corners)]


def old_rally(text: str) -> list[MissionItem]:
    """Rally points of the older text: RALLY, latitude, longitude, height above home, others."""
    found = []
    for row in _rows(text):
        try:
            if row[0] != "RALLY":
                return []
            latitude, longitude, height = map(float, row[1:4])
        except (ValueError, IndexError):
            return []
        if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0 and math.isfinite(height)):
            return []
        found.append(_area(RALLY, 0.0, (math.radians(latitude), math.radians(longitude)), height))
    return found


def _rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()
            if line.strip() and not line.lstrip().startswith("#")]


def _area(command: int, p1: float, place: tuple[float, float], altitude: float = 0.0,
          frame: int = 3) -> MissionItem:
    return MissionItem(0, command, frame, p1, 0.0, 0.0, 0.0, *place, altitude)


# ------------------------------------------------------------------------- .plan parts


def document_items(document: dict[str, Any]) -> list[MissionItem]:
    """Fence and rally points of a .plan that is sound, as items; what is none is left to others."""
    fence, rally = upgraded_fence(document.get("geoFence")), document.get("rallyPoints")
    found: list[MissionItem] = []
    try:
        for entry in fence.get("polygons", []):
            corners = entry["polygon"]
            command = INSIDE if entry.get("inclusion", True) else OUTSIDE
            found += [_area(command, float(len(corners)), _radians(c)) for c in corners]
        for entry in fence.get("circles", []):
            command = CIRCLE_INSIDE if entry.get("inclusion", True) else CIRCLE_OUTSIDE
            circle = entry["circle"]
            found.append(_area(command, float(circle["radius"]), _radians(circle["center"])))
        for point in rally.get("points", []) if isinstance(rally, dict) else []:
            found.append(_area(RALLY, 0.0, _radians(point), float(point[2])))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return []
    return found


def _radians(place: Sequence[float]) -> tuple[float, float]:
    return math.radians(place[0]), math.radians(place[1])


def upgraded_fence(fence: Any) -> dict[str, Any]:
    """A .plan's geoFence as version 2: version 1's one polygon is one to stay inside.

    What bears no version is of version 1 where it has that polygon (qgc_fence.py reads it so).
    """
    if not isinstance(fence, dict):
        return dict(NO_FENCE)
    if fence.get("version", 1 if "polygon" in fence else VERSION) != 1:
        return fence
    polygon, polygons = fence.get("polygon") or [], fence.get("polygons", [])
    rest = {key: value for key, value in fence.items() if key not in ("polygon", "version")}
    if polygon and isinstance(polygons, list):
        polygons = [{"inclusion": True, "polygon": polygon, "version": 1}, *polygons]
    return {**NO_FENCE, **rest, "polygons": polygons}


def version_faults(document: dict[str, Any]) -> list[str]:
    """Parts of a .plan whose version nobody here knows."""
    faults = []
    mission = document.get("mission")
    known: tuple[tuple[str, Any, tuple[int, ...]], ...] = (
        ("the plan", document, (1,)), ("mission", mission, (1, 2)),
        ("geoFence", document.get("geoFence"), (1, 2)),
        ("rallyPoints", document.get("rallyPoints"), (1, 2)))
    for name, part, versions in known:
        version = part.get("version") if isinstance(part, dict) else None
        if version is not None and version not in versions:
            faults.append(f"{name}: its version {version!r} is not known; save it again with a "
                          f"ground station that writes version {versions[-1]}")
    return faults


def area_parts(items: Sequence[MissionItem]) -> tuple[dict[str, Any], dict[str, Any]]:
    """geoFence and rallyPoints, as a .plan has them, of fence and rally items."""
    fence: dict[str, Any] = {**NO_FENCE, "polygons": [
        {"inclusion": corners[0].command == INSIDE,
         "polygon": [_degrees(corner) for corner in corners], "version": 1}
        for corners in _polygons(items)], "circles": [
        {"circle": {"center": _degrees(item), "radius": item.p1 or 0.0},
         "inclusion": item.command == CIRCLE_INSIDE, "version": 1}
        for item in items if item.command in (CIRCLE_INSIDE, CIRCLE_OUTSIDE)]}
    back = next((item for item in items if item.command == RETURN_POINT), None)
    if back is not None and back.latitude is not None:
        fence["breachReturn"] = [*_degrees(back), back.altitude or 0.0]
    rally = {**NO_RALLY, "points": [[*_degrees(item), item.altitude or 0.0]
                                    for item in items if item.command == RALLY]}
    return fence, rally


def area_faults(items: Sequence[MissionItem]) -> list[str]:
    """What a .plan cannot hold of fence and rally items: no place, rally heights over the sea."""
    faults = [f"{item.name}: has no position; give it one" for item in items
              if item.latitude is None or item.longitude is None]
    faults += [f"{item.name}: its height counts from frame {item.frame}; a .plan's rally points "
               "count from home (3)" for item in items
               if item.command == RALLY and item.frame not in FRAMES_HOME]
    faults += [f"{corners[0].name}: a polygon of {len(corners)} corners; it needs three or more, "
               "and each says how many" for corners in _polygons(items)
               if len(corners) < 3 or any(c.p1 != len(corners) for c in corners)]
    return faults


def _degrees(item: MissionItem) -> list[float]:
    return [round(math.degrees(angle or 0.0), 10) for angle in (item.latitude, item.longitude)]
