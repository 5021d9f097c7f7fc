"""Items of missions, fences and rally points as they travel, and as they are kept.

An item is kept as it came, so that it reads back the same. Latitude and longitude travel as
1e-7 degrees in MISSION_ITEM_INT and as degrees in the older MISSION_ITEM, where 32 bits of float
leave about a metre. (MAVLink, "Mission Protocol".)
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from longwatch.mavlink.dialect import mavlink
from longwatch.planning.mav_commands import POSITIONED
from longwatch.planning.mission import MissionItem, place

INT32_MAX, INT32_MIN = 0x7FFFFFFF, -0x80000000
DEGREE = 1e-7
# Frames whose x and y are latitude and longitude; in all others they are plain parameters.
GLOBAL_FRAMES = frozenset({
    mavlink.MAV_FRAME_GLOBAL, mavlink.MAV_FRAME_GLOBAL_INT, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT,
    mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT})
FRAMES = GLOBAL_FRAMES | {mavlink.MAV_FRAME_MISSION}

MISSION, FENCE, RALLY = (mavlink.MAV_MISSION_TYPE_MISSION, mavlink.MAV_MISSION_TYPE_FENCE,
                         mavlink.MAV_MISSION_TYPE_RALLY)
TYPE_NAMES = {MISSION: "mission", FENCE: "fence", RALLY: "rally"}


@dataclass(frozen=True)
class Item:
    """One item as it travels, without its number.

    Attributes:
        command, frame: MAV_CMD and MAV_FRAME.
        autocontinue: as sent; every item is followed by the next one here, and that is told.
        p1, p2, p3, p4: parameters, NaN where left open.
        x, y: 1e-7 degrees in a global frame, INT32_MAX where left open; else parameters 5 and 6.
        z: altitude or parameter 7.
    """

    command: int
    frame: int
    autocontinue: int
    p1: float
    p2: float
    p3: float
    p4: float
    x: float
    y: float
    z: float

    @property
    def numbers(self) -> tuple[float, ...]:
        """The seven parameters as sent."""
        return self.p1, self.p2, self.p3, self.p4, self.x, self.y, self.z

    @property
    def degrees(self) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees, None where left open or not of a global frame."""
        if self.frame not in GLOBAL_FRAMES:
            return None, None
        return _degrees(self.x), _degrees(self.y)

    def planned(self, sequence: int) -> MissionItem:
        """The item as planning has it; a place out of range counts as none."""
        latitude, longitude, _ = place(*(
            self.degrees if self.frame in GLOBAL_FRAMES else (self.x, self.y)))
        return MissionItem(
            sequence, self.command, self.frame, _given(self.p1), _given(self.p2),
            _given(self.p3), _given(self.p4), latitude, longitude, _given(self.z),
            bool(self.autocontinue))


def counted(item: Item, first: int) -> Item:
    """An item as people number them, from 1: a jump names the one that it leads to so. Over the
    link, where item 0 may be home, the mission begins with ``first``."""
    if item.command != mavlink.MAV_CMD_DO_JUMP or math.isnan(item.p1):
        return item
    return replace(item, p1=item.p1 + 1 - first)


def _degrees(value: float) -> float | None:
    return None if value == INT32_MAX or math.isnan(value) else value * DEGREE


def _given(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def from_message(message: Any) -> Item:
    """A MISSION_ITEM_INT or MISSION_ITEM as an Item."""
    frame, x, y = int(message.frame), message.x, message.y
    if message.get_type() == "MISSION_ITEM" and frame in GLOBAL_FRAMES:
        x, y = _scaled(x), _scaled(y)
    return Item(int(message.command), frame, int(message.autocontinue), *map(float, (
        message.param1, message.param2, message.param3, message.param4, x, y, message.z)))


def _scaled(degrees: float) -> float:
    if math.isnan(degrees):
        return INT32_MAX
    # What does not fit is out of range anyway, and is refused as that.
    return float(round(min(max(degrees, -214.0), 214.0) / DEGREE))


def to_message(item: Item, sequence: int, mission_type: int, current: bool, system: int,
               component: int, *, whole: bool = True) -> Any:
    """An Item as MISSION_ITEM_INT (``whole``) or MISSION_ITEM."""
    head = (system, component, sequence, item.frame, item.command, int(current),
            item.autocontinue, item.p1, item.p2, item.p3, item.p4)
    if whole:
        return mavlink.MAVLink_mission_item_int_message(
            *head, _integer(item.x), _integer(item.y), item.z, mission_type)
    x, y = item.x, item.y
    if item.frame in GLOBAL_FRAMES:
        x, y = (math.nan if v == INT32_MAX else v * DEGREE for v in (x, y))
    return mavlink.MAVLink_mission_item_message(*head, x, y, item.z, mission_type)


def _integer(value: float) -> int:
    return 0 if math.isnan(value) else min(max(round(value), INT32_MIN), INT32_MAX)


def from_planned(item: MissionItem) -> Item:
    """A mission file's item as it would have been uploaded."""
    x, y = (0.0 if a is None else whole_degrees(a) for a in (item.latitude, item.longitude))
    p1, p2, p3, p4 = (math.nan if v is None else _float32(v)
                      for v in (item.p1, item.p2, item.p3, item.p4))
    open_height = math.nan if item.command in POSITIONED else 0.0
    return Item(item.command, item.frame, int(item.autocontinue), p1, p2, p3, p4, x, y,
                open_height if item.altitude is None else _float32(item.altitude))


def whole_degrees(angle: float) -> float:
    """An angle [rad] in 1e-7 degrees, as items carry it."""
    return float(round(math.degrees(angle) / DEGREE))


def _float32(value: float) -> float:
    return float(np.float32(value))


def opaque_id(items: Sequence[Item]) -> int:
    """Number by which clients tell one plan from another; 0 for an empty one."""
    if not items:
        return 0
    return zlib.crc32(_bytes(items)) or 1


def _bytes(items: Iterable[Item]) -> bytes:
    rows = [(item.command, item.frame, item.autocontinue, *item.numbers) for item in items]
    return np.array(rows, np.float64).tobytes()
