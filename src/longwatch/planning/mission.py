"""A mission as its file states it, and the faults that any mission file can have.

Angles are in radians; altitudes stay in the item's own frame until the route is laid, because
only then are home and the runways known.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from longwatch.autopilot import plan
from longwatch.planning import mav_commands
from longwatch.planning.mav_commands import LOITERS, POSITIONED, command_name
from longwatch.planning.qgc_fence import Area

if TYPE_CHECKING:
    from longwatch.planning.strip import Strips

# MAV_FRAME numbers (MAVLink common.xml) by what the altitude counts from.
FRAMES_MSL = frozenset({0, 5})
FRAMES_HOME = frozenset({3, 6})
FRAMES_TERRAIN = frozenset({10, 11})
ALTITUDE_BOUND = 100_000.0
RADIUS_BOUND = 100_000.0
TIME_BOUND = 7 * 86_400.0


@dataclass(frozen=True)
class Home:
    """Where the mission counts its heights from: radians, metres above mean sea level."""

    latitude: float
    longitude: float
    elevation_msl: float


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
        start: when it begins, in UTC, None where it does not say.
        strips: runways in use, once they were chosen (see strip.py); None before.
        area: its fence and rally points.
    """

    path: Path
    home: Home | None
    items: tuple[MissionItem, ...]
    cruise_speed: float | None = None
    notes: tuple[str, ...] = ()
    start: datetime | None = None
    strips: "Strips | None" = None
    area: Area = field(default_factory=Area)


def item_faults(items: list[MissionItem]) -> list[str]:
    """Everything that is wrong with the items by themselves, each with its remedy."""
    faults = [] if items else ["it holds no item: add a take-off, waypoints and a landing"]
    sequences: set[int] = set()
    for item in items:
        if item.sequence in sequences:
            faults.append(f"{item.name}: the number {item.sequence} is used twice; number the "
                          "items one by one")
        sequences.add(item.sequence)
        faults.extend(f"{item.name}: {text}" for text in _faults_of(item))
    for item in items:
        if item.command == plan.DO_JUMP:
            faults.extend(f"{item.name}: {text}" for text in _jump_faults(item, sequences))
    return faults


def _faults_of(item: MissionItem) -> Iterator[str]:
    if item.command not in mav_commands.FLOWN:
        yield _why_not_flown(item.command)
        return
    if item.command in POSITIONED:
        yield from _place_faults(item)
    if item.command in _VALUE_CHECKS:
        yield from _VALUE_CHECKS[item.command](item)
    if item.command in LOITERS and abs(item.radius) > RADIUS_BOUND:
        yield f"a loiter radius of {item.radius:g} m is beyond {RADIUS_BOUND:g} m; correct it"


def _why_not_flown(command: int) -> str:
    if "VTOL" in mav_commands.NAMES.get(command, ""):
        return ("vertical take-off and landing is not what this aircraft can do; replace it by "
                "MAV_CMD_NAV_TAKEOFF (22) or MAV_CMD_NAV_LAND (21) along a runway")
    if mav_commands.moves_aircraft(command):
        return "not supported; replace it by waypoints or loiters"
    return "not supported; remove the item, or leave it out of the flight with --force"


def _place_faults(item: MissionItem) -> Iterator[str]:
    if item.latitude is None and item.command not in LOITERS | {plan.TAKEOFF}:
        yield "has no position (latitude and longitude are 0 or missing); give it one"
    if item.frame not in FRAMES_MSL | FRAMES_HOME | FRAMES_TERRAIN:
        yield (f"frame {item.frame} is not supported; use 0 (above mean sea level), 3 (above "
               "home) or 10 (above terrain)")
    if item.altitude is None:
        yield "has no altitude; give it one"
    elif abs(item.altitude) > ALTITUDE_BOUND:
        yield f"an altitude of {item.altitude:g} m is out of range; correct it"


def _time_faults(item: MissionItem) -> Iterator[str]:
    if item.p1 is None or not 0 <= item.p1 <= TIME_BOUND:
        yield f"a time of {_shown(item.p1)} s is not possible; give 0 to {TIME_BOUND:g} s"


def _turn_faults(item: MissionItem) -> Iterator[str]:
    if item.p1 is None or not 0 <= item.p1 <= 1000:
        yield f"{_shown(item.p1)} turns are not possible; give 0 to 1000"


def _speed_faults(item: MissionItem) -> Iterator[str]:
    if item.p1 not in (None, 0.0, 1.0):
        yield (f"speed type {item.p1:g} is not supported; use 0 (airspeed)")
    if item.p2 is not None and item.p2 not in (-1.0, -2.0) and not 0 < item.p2 < 400:
        yield (f"a speed of {item.p2:g} m/s is not possible; give an airspeed in m/s, -1 for no "
               "change or -2 for the standard speed")


def _jump_faults(item: MissionItem, sequences: set[int]) -> Iterator[str]:
    if item.p1 is None or item.p1 not in sequences:
        yield (f"jumps to item {_shown(item.p1)}, which does not exist; name one of items "
               f"{min(sequences)} to {max(sequences)}")
    if item.p2 is None or item.p2 != int(item.p2) or not -1 <= item.p2 <= 32767:
        yield (f"a repeat count of {_shown(item.p2)} is not possible; give 0 to 32767, or -1 "
               "for ever")


_VALUE_CHECKS: dict[int, Callable[[MissionItem], Iterator[str]]] = {
    plan.LOITER_TIME: _time_faults, plan.CONDITION_DELAY: _time_faults,
    plan.LOITER_TURNS: _turn_faults, plan.DO_CHANGE_SPEED: _speed_faults,
}


def _shown(value: float | None) -> str:
    return "(none)" if value is None else f"{value:g}"


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
