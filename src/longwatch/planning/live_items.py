"""Items of a mission that is uploaded, one by one: what is refused, and what is passed over.

A mission file is refused for anything that cannot be flown; an uploaded one too, but clients add
items for cameras and gimbals by themselves. Those do not move the aircraft: they are kept, read
back, and passed over in flight.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from longwatch.autopilot import plan
from longwatch.planning import mav_commands
from longwatch.planning.mav_commands import LOITERS, NAMES, POSITIONED, command_name
from longwatch.planning.mission import (
    ALTITUDE_BOUND,
    FRAMES_HOME,
    FRAMES_MSL,
    FRAMES_TERRAIN,
    RADIUS_BOUND,
    TIME_BOUND,
    MissionItem,
)

NAV_DELAY, JUMP_TAG, DO_JUMP_TAG = 93, 600, 601
# MAV_FRAME_MISSION: an item without a place.
FRAME_MISSION = 2
FRAMES = FRAMES_MSL | FRAMES_HOME | FRAMES_TERRAIN
# Cameras, gimbals and where they look, video, logs, and a jump's mark.
PASSED_OVER = frozenset({
    80, 195, 196, 197, 198, 200, 201, 202, 203, 204, 205, 206, 214, 220, 530, 531, 532, 533, 534,
    1000, 1001, 2000, 2001, 2003, 2004, 2005, 2010, 2500, 2501, 2502, 2503, 2510, 2511, JUMP_TAG})
# A shorter hold at a waypoint is met by passing over it; a longer one is flown as a circle.
SHORTEST_HOLD = 5.0
LARGEST_REPEAT = 32767
LARGEST_JUMPS = 16
FASTEST = 400.0

COMMAND, FRAME, TOO_MANY = "command", "frame", "count"


@dataclass(frozen=True)
class Fault:
    """Why an uploaded mission is refused.

    Attributes:
        what: COMMAND, FRAME, TOO_MANY, or the number of the parameter, "1" to "7".
        item: number of the item, None where it is the mission as a whole.
        message: what is wrong and what to do.
    """

    what: str
    item: int | None
    message: str

    @property
    def text(self) -> str:
        """Item and message in one line."""
        return self.message if self.item is None else f"item {self.item}: {self.message}"


def item_fault(item: MissionItem, numbers: Sequence[float],
               degrees: tuple[float | None, float | None]) -> Fault | None:
    """The first thing wrong with an item by itself, None where it can be taken.

    ``numbers`` are its seven parameters as sent, ``degrees`` the place as sent (None: left open).
    """
    for what, message in _faults(item, numbers, degrees):
        return Fault(what, item.sequence, f"{command_name(item.command)} {message}")
    return None


def _faults(item: MissionItem, numbers: Sequence[float],
            degrees: tuple[float | None, float | None]) -> Iterator[tuple[str, str]]:
    command = item.command
    if command not in mav_commands.FLOWN | PASSED_OVER | {NAV_DELAY, DO_JUMP_TAG}:
        yield COMMAND, _why_unsupported(command)
        return
    if item.frame not in (FRAMES if command in POSITIONED else FRAMES | {FRAME_MISSION}):
        yield FRAME, (f"in frame {item.frame}; give its height above sea level (0), home (3) or "
                      "terrain (10)")
    for i, value in enumerate(numbers):
        if math.isinf(value):
            yield str(i + 1), f"has an infinite parameter {i + 1}"
    yield from _place_faults(item, degrees)
    yield from _value_faults(item)


def _why_unsupported(command: int) -> str:
    if "VTOL" in NAMES.get(command, ""):
        return "is not possible: this aircraft takes off and lands along a runway"
    return "is not supported"


def _place_faults(item: MissionItem, degrees: tuple[float | None, float | None]
                  ) -> Iterator[tuple[str, str]]:
    if item.command not in POSITIONED:
        return
    for what, value, most in (("5", degrees[0], 90.0), ("6", degrees[1], 180.0)):
        if value is not None and abs(value) > most:
            yield what, f"at {value:.7g} deg; latitude lies within 90, longitude within 180"
    if (degrees[0] is None) != (degrees[1] is None):
        yield "5" if degrees[0] is None else "6", "has half a position; give both"
    if item.latitude is None and item.command == plan.WAYPOINT:
        yield "5", "has no position; give it one"
    if item.altitude is None and item.command != plan.LAND:
        yield "7", "has no altitude; give it one"
    elif abs(item.altitude or 0.0) > ALTITUDE_BOUND:
        yield "7", f"at {item.altitude:g} m; correct its altitude"


def _value_faults(item: MissionItem) -> Iterator[tuple[str, str]]:
    p1, command = item.p1, item.command
    if command in (plan.LOITER_TIME, plan.CONDITION_DELAY, NAV_DELAY):
        if p1 is None or not 0.0 <= p1 <= TIME_BOUND:
            yield "1", f"for {_shown(p1)} s; give 0 to {TIME_BOUND:.0f} s"
    elif command == plan.WAYPOINT and not 0.0 <= (p1 or 0.0) <= TIME_BOUND:
        yield "1", f"held for {_shown(p1)} s; give 0 to {TIME_BOUND:.0f} s"
    elif command == plan.LOITER_TURNS and (p1 is None or not 0.0 <= p1 <= 1000.0):
        yield "1", f"with {_shown(p1)} turns; give 0 to 1000"
    elif command == plan.DO_CHANGE_SPEED:
        if p1 not in (None, 0.0, 1.0):
            yield "1", f"of speed type {p1:g}; use 0 (airspeed)"
        if item.p2 is not None and item.p2 not in (-1.0, -2.0) and not 0.0 < item.p2 < FASTEST:
            yield "2", f"to {item.p2:g} m/s; give an airspeed, -1 or -2"
    elif command in (plan.DO_JUMP, DO_JUMP_TAG):
        if item.p2 is None or item.p2 != int(item.p2) or not -1 <= item.p2 <= LARGEST_REPEAT:
            yield "2", f"{_shown(item.p2)} times; give 0 to {LARGEST_REPEAT}, or -1 for ever"
    if command in LOITERS and abs(item.radius) > RADIUS_BOUND:
        yield ("2" if command == plan.LOITER_TO_ALT else "3",
               f"with a radius of {item.radius:g} m; give at most {RADIUS_BOUND:g} m")


def mission_fault(items: Sequence[MissionItem]) -> Fault | None:
    """The first thing wrong with items as a whole: jumps that lead nowhere, or too many."""
    numbers = {item.sequence for item in items}
    tags: set[float] = set()
    for item in items:
        if item.command == JUMP_TAG:
            if item.p1 is None or item.p1 in tags:
                return Fault("1", item.sequence, f"{command_name(JUMP_TAG)} {_shown(item.p1)} "
                             "is used twice, or has no number")
            tags.add(item.p1)
    jumps = [item for item in items if item.command in (plan.DO_JUMP, DO_JUMP_TAG)]
    for item in jumps:
        if item.p1 not in (tags if item.command == DO_JUMP_TAG else numbers):
            return Fault("1", item.sequence, f"{command_name(item.command)} leads to "
                         f"{_shown(item.p1)}, which does not exist")
    if len(jumps) > LARGEST_JUMPS:
        return Fault(TOO_MANY, jumps[LARGEST_JUMPS].sequence,
                     f"is jump number {LARGEST_JUMPS + 1}; at most {LARGEST_JUMPS} are counted")
    return None


def as_flown(items: Sequence[MissionItem]) -> tuple[MissionItem, ...]:
    """The items as the autopilot knows them: tags as jumps, long holds and delays as circles."""
    tagged = {item.p1: item.sequence for item in items if item.command == JUMP_TAG}
    first = next((item.sequence for item in items
                  if item.command <= mav_commands.LAST_NAVIGATION), 0)
    return tuple(_flown(item, tagged, first) for item in items)


def _flown(item: MissionItem, tagged: dict[float | None, int], first: int) -> MissionItem:
    if item.command == DO_JUMP_TAG:
        return replace(item, command=plan.DO_JUMP, p1=float(tagged[item.p1]))
    if item.command == NAV_DELAY:
        # Around the place before it, at its height; before any, nothing is to be waited for.
        if item.sequence <= first:
            return replace(item, command=plan.CONDITION_DELAY, p1=0.0)
        return replace(item, command=plan.LOITER_TIME, p2=0.0, p3=0.0, p4=0.0, latitude=None,
                       longitude=None, altitude=None)
    if item.command == plan.WAYPOINT and (item.p1 or 0.0) > SHORTEST_HOLD:
        return replace(item, command=plan.LOITER_TIME, p2=0.0, p3=0.0, p4=0.0)
    if item.command not in POSITIONED:
        return replace(item, latitude=None, longitude=None)
    return item


def passed_over(items: Sequence[MissionItem]) -> list[MissionItem]:
    """The items that the aircraft passes over."""
    return [item for item in items if item.command in PASSED_OVER - {JUMP_TAG}]


def _shown(value: float | None) -> str:
    return "no number" if value is None else f"{value:g}"
