"""Plans: items as they travel, out of a ``.plan`` document and as the page is told them.

Missions are read by the planning's own reader, so that what is uploaded is what is judged. A jump
names an item by its number in the document; aboard it is the item's place in the list.
"""

import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.planning.areas import upgraded_fence
from longwatch.planning.mission import Home, MissionItem, at_speed
from longwatch.planning.qgc_plan import read_plan
from longwatch.station.refusal import Refusal

KINDS = {"mission": int(mavlink.MAV_MISSION_TYPE_MISSION),
         "fence": int(mavlink.MAV_MISSION_TYPE_FENCE), "rally": int(mavlink.MAV_MISSION_TYPE_RALLY)}
INT32_MAX = 0x7FFFFFFF
GLOBAL_FRAMES = frozenset({0, 3, 5, 6, 10, 11})
MOST_ITEMS = 5000
_WAYPOINT, _JUMP = 16, 177
_RETURN_POINT, _INSIDE, _OUTSIDE, _CIRCLE_INSIDE, _CIRCLE_OUTSIDE = range(5000, 5005)
_RALLY = 5100
_ABOVE_HOME = 3


@dataclass(frozen=True)
class PlanItem:
    """One item as it travels: parameters NaN where left open, x and y in 1e-7 degrees in a global
    frame (INT32_MAX where left open), else parameters 5 and 6."""

    command: int
    frame: int
    params: tuple[float, float, float, float]
    x: int
    y: int
    z: float
    autocontinue: bool = True

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude [deg], None where it has none."""
        if self.frame not in GLOBAL_FRAMES or INT32_MAX in (self.x, self.y) or (
                self.x == 0 and self.y == 0):
            return None
        return round(self.x * 1e-7, 7), round(self.y * 1e-7, 7)

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        place = self.place or (None, None)
        return {"command": self.command, "frame": self.frame,
                "params": [None if math.isnan(p) else p for p in self.params],
                "latitude_deg": place[0], "longitude_deg": place[1],
                "altitude": None if math.isnan(self.z) else self.z,
                "autocontinue": self.autocontinue}

    def message(self, system: int, component: int, sequence: int, kind: int) -> Any:
        """As MISSION_ITEM_INT."""
        return mavlink.MAVLink_mission_item_int_message(
            system, component, sequence, self.frame, self.command, int(sequence == 0),
            int(self.autocontinue), *self.params, self.x, self.y, self.z, kind)


@dataclass(frozen=True)
class PlanAboard:
    """A plan as it lies aboard a vehicle."""

    items: tuple[PlanItem, ...]
    source: str  # "upload" or "download"
    opaque_id: int = 0

    @property
    def digest(self) -> str:
        """Tells one plan from another."""
        return digest(self.items)

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"count": len(self.items), "digest": self.digest,
                "items": [item.as_dict() for item in self.items], "source": self.source}


def digest(items: Sequence[PlanItem]) -> str:
    """Sixteen hexadecimal digits that change with any item."""
    sum_ = hashlib.sha256()
    for item in items:
        sum_.update(struct.pack("<HBB4fiif", item.command, item.frame, item.autocontinue,
                                *item.params, item.x, item.y, item.z))
    return sum_.hexdigest()[:16]


def from_message(message: Any) -> PlanItem:
    """A MISSION_ITEM_INT or MISSION_ITEM."""
    frame, x, y = int(message.frame), message.x, message.y
    if message.get_type() == "MISSION_ITEM" and frame in GLOBAL_FRAMES:
        x, y = (INT32_MAX if math.isnan(v) else round(min(max(v, -200.0), 200.0) * 1e7)
                for v in (x, y))
    return PlanItem(int(message.command), frame, (
        float(message.param1), float(message.param2), float(message.param3),
        float(message.param4)), int(x), int(y), float(message.z), bool(message.autocontinue))


# ------------------------------------------------------------------------------- documents


def from_document(document: Any, *, home_first: bool = False,
                  home: tuple[float, float, float] | None = None
                  ) -> dict[str, tuple[PlanItem, ...]]:
    """Mission, fence and rally points of a ``.plan`` document.

    ``home_first``: item 0 is home, as ArduPilot's vehicles have it: the document's, else ``home``
    (degrees, metres above mean sea level). Raises Refusal with everything that is wrong.
    """
    if not isinstance(document, dict):
        raise Refusal("the document is no plan: send a .plan as one JSON object")
    faults: list[str] = []
    found: Home | None = None
    mission: list[PlanItem] = []
    held, held_fence = document.get("mission"), document.get("geoFence")
    if isinstance(held_fence, dict):
        held_fence = upgraded_fence(held_fence)
    if held is not None:
        found, items, speed, faults = read_plan(json.dumps(document))
        if not faults:
            mission = _mission(at_speed(items, speed), 1 if home_first else 0, faults)
    fence = _fence(held_fence, faults)
    rally = _rally(document.get("rallyPoints"), faults)
    if max(map(len, (mission, fence, rally))) > MOST_ITEMS:
        faults.append(f"more than {MOST_ITEMS} items; shorten the plan")
    if faults:
        raise Refusal("the plan cannot be uploaded:", 400, tuple(faults))
    if home_first and mission:
        mission.insert(0, _home_item(found, home))
    return {"mission": tuple(mission), "fence": tuple(fence), "rally": tuple(rally)}


def _home_item(found: Home | None, home: tuple[float, float, float] | None) -> PlanItem:
    place = home or (0.0, 0.0, 0.0)
    if found is not None:
        place = (math.degrees(found.latitude), math.degrees(found.longitude), found.elevation_msl)
    return PlanItem(_WAYPOINT, 0, (0.0, 0.0, 0.0, 0.0), round(place[0] * 1e7),
                    round(place[1] * 1e7), single(place[2]))


def _mission(items: list[MissionItem], first: int, faults: list[str]) -> list[PlanItem]:
    places = {item.sequence: first + i for i, item in enumerate(items)}
    made = []
    for item in items:
        p1 = item.p1
        if item.command == _JUMP:
            if p1 is None or int(p1) not in places:
                faults.append(f"{item.name}: jumps to an item that does not exist; name another")
                continue
            p1 = float(places[int(p1)])
        if not 0 <= item.command <= 65535 or not 0 <= item.frame <= 255:
            faults.append(f"{item.name}: no command or frame of MAVLink; correct it")
            continue
        x, y = (_whole(value, item.frame) for value in (item.latitude, item.longitude))
        try:
            params = tuple(math.nan if p is None else single(p)
                           for p in (p1, item.p2, item.p3, item.p4))
            altitude = 0.0 if item.altitude is None else single(item.altitude)
        except OverflowError:
            faults.append(f"{item.name}: a number is too large; correct it")
            continue
        made.append(PlanItem(item.command, item.frame, params, x, y, altitude,  # type: ignore[arg-type]
                             item.autocontinue))
    return made


def _whole(angle: float | None, frame: int) -> int:
    if angle is None:
        return 0
    degrees = math.degrees(angle)
    return round(degrees * 1e7) if frame in GLOBAL_FRAMES else round(degrees)


def single(value: float) -> float:
    """A number as 32 bits hold it. Raises OverflowError where they do not."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _point(values: Any, where: str, faults: list[str], size: int = 2) -> list[float] | None:
    good = isinstance(values, list) and len(values) >= size and all(
        isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e6
        for v in values[:size])
    if not good or not (abs(values[0]) <= 90.0 and abs(values[1]) <= 180.0):
        faults.append(f"{where}: no place: give latitude, longitude"
                      f"{' and altitude' if size == 3 else ''} in degrees")
        return None
    return [float(v) for v in values[:size]]


def _item(command: int, p1: float, point: list[float], frame: int = 0) -> PlanItem:
    return PlanItem(command, frame, (single(p1), 0.0, 0.0, 0.0), round(point[0] * 1e7),
                    round(point[1] * 1e7), single(point[2]) if len(point) > 2 else 0.0)


def _part(held: Any, name: str, where: str, faults: list[str]) -> list[Any]:
    if held is None:
        return []
    entries = held.get(name, []) if isinstance(held, dict) else None
    if not isinstance(entries, list):
        faults.append(f"{where}: has no list of {name}; draw it again")
        return []
    return entries


def _fence(held: Any, faults: list[str]) -> list[PlanItem]:
    items: list[PlanItem] = []
    for number, entry in enumerate(_part(held, "polygons", "geoFence", faults), 1):
        where = f"fence polygon {number}"
        corners = entry.get("polygon") if isinstance(entry, dict) else None
        if not isinstance(corners, list) or len(corners) < 3:
            faults.append(f"{where}: needs three corners or more")
            continue
        command = _INSIDE if entry.get("inclusion", True) else _OUTSIDE
        points = [_point(corner, f"{where}, corner {i}", faults)
                  for i, corner in enumerate(corners, 1)]
        items.extend(_item(command, len(corners), point) for point in points if point)
    for number, entry in enumerate(_part(held, "circles", "geoFence", faults), 1):
        where = f"fence circle {number}"
        circle = entry.get("circle") if isinstance(entry, dict) else None
        circle = circle if isinstance(circle, dict) else {}
        radius = circle.get("radius")
        if not isinstance(radius, int | float) or isinstance(radius, bool) or (
                not 0.0 < radius < 1e7):
            faults.append(f"{where}: needs a radius in metres")
            continue
        point = _point(circle.get("center"), where, faults)
        if point:
            inside = entry.get("inclusion", True)
            items.append(_item(_CIRCLE_INSIDE if inside else _CIRCLE_OUTSIDE, radius, point))
    back = held.get("breachReturn") if isinstance(held, dict) else None
    if back is not None:
        point = _point(back, "fence, breachReturn", faults, 3)
        items.extend([_item(_RETURN_POINT, 0.0, point, _ABOVE_HOME)] if point else [])
    return items


def _rally(held: Any, faults: list[str]) -> list[PlanItem]:
    points = [_point(values, f"rally point {number}", faults, 3) for number, values in
              enumerate(_part(held, "points", "rallyPoints", faults), 1)]
    return [_item(_RALLY, 0.0, point, _ABOVE_HOME) for point in points if point]


# ------------------------------------------------------------------------------ comparison

# Frames that differ in how a message writes the place, not in what the altitude counts from.
_DATUMS = {0: "mean sea level", 5: "mean sea level", 3: "home", 6: "home", 10: "the terrain",
           11: "the terrain"}
# ArduPilot keeps altitudes in centimetres; numbers travel with 32 bits.
_ALTITUDE_M, _SHARE, _E7 = 0.0101, 1e-6, 1
# What an autopilot does not keep of a command, by family, command and parameter: no fault.
UNKEPT = {("px4", 22, 0): "PX4 keeps no pitch of a take-off: FW_TKO_PITCH_MIN is flown"}


def item_number(family: str, sequence: int) -> int:
    """The number that people count an item of a mission by, from 1: an ArduPilot's item 0 is home.
    """
    return sequence if family == "ardupilot" else sequence + 1


def item_name(kind: str, item: PlanItem, index: int, first: int = 0) -> str:
    """An item as people count it, without home, and what it is."""
    entry = mavlink.enums["MAV_CMD"].get(item.command)
    command = entry.name.removeprefix("MAV_CMD_") if entry else f"command {item.command}"
    return f"{kind} item {index - first + 1} ({command})"


def differences(kind: str, sent: Sequence[PlanItem], aboard: Sequence[PlanItem],
                first: int = 0, family: str = "") -> tuple[list[str], list[str]]:
    """What lies aboard otherwise than it was sent, in words, and what the family of autopilots
    does not keep; items before ``first`` aside. Items are compared by what they mean."""
    found, notes = [], []
    count, other = (max(len(items) - first, 0) for items in (sent, aboard))
    if count != other:
        found.append(f"{kind}: {count} items were sent, {other} lie aboard")
    for index, (item, kept) in enumerate(zip(sent, aboard, strict=False)):
        if index < first or item == kept:
            continue
        name = item_name(kind, item, index, first)
        for number, change in _changes(item, kept):
            note = UNKEPT.get((family, item.command, number))
            if note is None:
                found.append(f"{name}: {change}")
            elif note not in notes:
                notes.append(note)
    return found, notes


def _changes(item: PlanItem, kept: PlanItem) -> list[tuple[int, str]]:
    """The parameter, from 0, -1 for none, and what became of it."""
    if item.command != kept.command:
        return [(-1, f"lies aboard as command {kept.command}")]
    found = [(i, f"parameter {i + 1} was sent as {one:.7g}, aboard is {two:.7g}")
             for i, (one, two) in enumerate(zip(item.params, kept.params, strict=True))
             if not _same(one, two)]
    placed = item.place is not None
    if placed and kept.place is not None:
        if max(abs(item.x - kept.x), abs(item.y - kept.y)) > _E7:
            found.append((4, "place was sent as {:.7f} {:.7f}, aboard is {:.7f} {:.7f}".format(
                *item.place, *kept.place)))  # type: ignore[misc]
        if _DATUMS.get(item.frame) != _DATUMS.get(kept.frame):
            found.append((6, f"altitude was sent above {_DATUMS.get(item.frame)}, aboard is above "
                          f"{_DATUMS.get(kept.frame, f'frame {kept.frame}')}"))
    elif placed or kept.place is not None or (item.x, item.y) != (kept.x, kept.y):
        found.append((4, f"parameters 5 and 6 were sent as {item.x} {item.y}, aboard are "
                      f"{kept.x} {kept.y}"))
    if not math.isnan(item.z) and not math.isclose(
            item.z, 0.0 if math.isnan(kept.z) else kept.z, rel_tol=_SHARE, abs_tol=_ALTITUDE_M):
        found.append((6, f"altitude was sent as {item.z:.2f} m, aboard is {kept.z:.2f} m"))
    return found


def _same(one: float, two: float) -> bool:
    """The same number as 32 bits hold it; what was left open the vehicle may fill in."""
    if math.isnan(one):
        return True
    return math.isclose(one, 0.0 if math.isnan(two) else two, rel_tol=_SHARE, abs_tol=_SHARE)
