"""A mission as its file states it.

Angles are in radians; altitudes stay in the item's own frame until the route is laid, because
only then are home and the runways known.
"""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from longwatch.autopilot.aboard import plan
from longwatch.planning.mav_commands import LOITERS, POSITIONED, command_name
from longwatch.planning.qgc_fence import Area

if TYPE_CHECKING:
    from longwatch.planning.strip import Strips

# MAV_FRAME numbers (MAVLink common.xml) by what the altitude counts from.
FRAMES_MSL = frozenset({0, 5})
FRAMES_HOME = frozenset({3, 6})
FRAMES_TERRAIN = frozenset({10, 11})
# MAV_FRAME_MISSION: no place.
MISSION_FRAME = 2
# DO_CHANGE_SPEED to this goes back to the standard speed.
STANDARD_SPEED = -2.0
# Beyond these a number is a slip, not a wish [m, m, s].
ALTITUDE_BOUND = 100_000.0
RADIUS_BOUND = 100_000.0
TIME_BOUND = 7 * 86_400.0
SPEED_BOUND = 400.0


@dataclass(frozen=True)
class Home:
    """Where the mission counts its heights from: radians, metres above mean sea level.

    ``doubt``: what is odd about how the file states it.
    """

    latitude: float
    longitude: float
    elevation_msl: float
    doubt: str = ""


@dataclass(frozen=True)
class MissionItem:
    """One item as the file has it.

    Attributes:
        sequence: its number in the file, to which messages and jumps refer.
        command: MAV_CMD number.
        frame: MAV_FRAME number.
        p1, p2, p3, p4: parameters as the command defines them, None where not given.
        latitude, longitude: radians; None where the item has no place of its own ("here").
        altitude: metres in the item's frame, None where not given.
        autocontinue: the next item follows by itself; kept for others, every item here does.
    """

    sequence: int
    command: int
    frame: int
    p1: float | None
    p2: float | None
    p3: float | None
    p4: float | None
    latitude: float | None
    longitude: float | None
    altitude: float | None
    autocontinue: bool = True

    @property
    def name(self) -> str:
        """How messages call it: "item 7, MAV_CMD_NAV_LAND (21)"."""
        return f"item {self.sequence}, {command_name(self.command)}"

    @property
    def positioned(self) -> bool:
        """True where the item stands at a place of its own."""
        return self.command in POSITIONED and self.latitude is not None

    @property
    def radius(self) -> float:
        """Loiter radius in metres, positive clockwise; 0 where the file leaves it open."""
        if self.command == plan.LOITER_TO_ALT:
            return self.p2 or 0.0
        return (self.p3 or 0.0) if self.command in LOITERS else 0.0


@dataclass(frozen=True)
class Mission:
    """A mission file that was read without a fault.

    Attributes:
        path: the file.
        home: home as the file states it, None where it does not.
        items: in the order of the file.
        cruise_speed: m/s, None where the file states none.
        notes: what the reader did that a crew should know.
        warnings: what the file asks for and does not get, or is flown otherwise than it says.
        start: when it begins, in UTC, None where it does not say.
        strips: runways in use, once they were chosen (see strip.py); None before.
        area: its fence and rally points.
    """

    path: Path
    home: Home | None
    items: tuple[MissionItem, ...]
    cruise_speed: float | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    start: datetime | None = None
    strips: "Strips | None" = None
    area: Area = field(default_factory=Area)


def place(latitude: float | None, longitude: float | None
          ) -> tuple[float | None, float | None, str]:
    """Position in radians from degrees, (None, None) for 0, 0 or nothing, and what is wrong.

    The fault is "" where there is none.
    """
    if (latitude is None and longitude is None) or (latitude == 0 and longitude == 0):
        return None, None, ""
    if latitude is None or longitude is None:
        return None, None, "half of its position is missing; give latitude and longitude"
    if not math.isfinite(latitude) or not math.isfinite(longitude):
        return None, None, "its position is not a number (NaN or infinite); correct it"
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None, None, (f"its position {latitude:g}, {longitude:g} is out of range; latitude "
                            "lies within 90 deg, longitude within 180 deg")
    return math.radians(latitude), math.radians(longitude), ""


def at_speed(items: list[MissionItem], cruise_speed: float | None) -> list[MissionItem]:
    """The items with the plan's cruise speed [m/s] among them, for what has no other place for it.

    They are flown as the plan is: at that speed from the first item on (QGroundControl sends a
    mission's speed in the same way), and where they go back to the standard speed, back to this.
    """
    if cruise_speed is None or not items:
        return items
    kept = [replace(item, p2=cruise_speed)
            if item.command == plan.DO_CHANGE_SPEED and item.p2 == STANDARD_SPEED else item
            for item in items]
    if items[0].command == plan.DO_CHANGE_SPEED and (items[0].p2 or 0.0) > 0.0:
        return kept
    before = min(item.sequence for item in items) - 1
    return [MissionItem(before, plan.DO_CHANGE_SPEED, MISSION_FRAME, 0.0, cruise_speed, -1.0, 0.0,
                        None, None, 0.0), *kept]
