"""Items of a mission, out of a file or uploaded: what is refused, and what is passed over.

One set of rules for both. Clients add items for cameras and gimbals by themselves; those do not
move the aircraft, and none is aboard: they are kept, read back, and passed over in flight.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.plan import DO_JUMP_TAG, JUMP_TAG, NAV_DELAY
from longwatch.planning import figures, mav_commands
from longwatch.planning.item_fields import item_list, passed_over_fields, refusals
from longwatch.planning.mav_commands import LOITERS, NAMES, POSITIONED, command_name
from longwatch.planning.mission import (
    ALTITUDE_BOUND,
    FRAMES_HOME,
    FRAMES_MSL,
    FRAMES_TERRAIN,
    RADIUS_BOUND,
    SPEED_BOUND,
    TIME_BOUND,
    MissionItem,
)

# MAV_FRAME_MISSION: an item without a place.
FRAME_MISSION = 2
FRAMES = FRAMES_MSL | FRAMES_HOME | FRAMES_TERRAIN
# Cameras, gimbals and where they look, video, logs, and a jump's mark.
PASSED_OVER = frozenset({
    80, 195, 196, 197, 198, 200, 201, 202, 203, 204, 205, 206, 214, 220, 530, 531, 532, 533, 534,
    1000, 1001, 2000, 2001, 2003, 2004, 2005, 2010, 2500, 2501, 2502, 2503, 2510, 2511, JUMP_TAG})
TAKEN = mav_commands.FLOWN | PASSED_OVER | {NAV_DELAY, DO_JUMP_TAG}
NAV_ROI, DO_SET_ROI = 80, 201
# A shorter hold at a waypoint [s] is met by passing over it; a longer one is flown as a circle.
# Grade: assumed.
SHORTEST_HOLD = 5.0
# Repetitions of a jump: a signed number of 16 bits.
LARGEST_REPEAT = 32767
# Jump counters aboard (autopilot/manoeuvres/mission.py).
LARGEST_JUMPS = 16

COMMAND, FRAME, TOO_MANY, WHOLE = "command", "frame", "count", "whole"


@dataclass(frozen=True)
class Fault:
    """Why a mission is refused.

    Attributes:
        what: COMMAND, FRAME, TOO_MANY, WHOLE, or the number of the parameter, "1" to "7".
        item: number of the item, None where it is the mission as a whole.
        message: what is wrong and what to do.
        command: what the item is called, "" where the message says it.
        marked: the message with its figures marked (``longwatch.planning.figures``).
    """

    what: str
    item: int | None
    message: str
    command: str = ""
    marked: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "marked", self.message)
        object.__setattr__(self, "message", figures.plain(self.message))

    @property
    def text(self) -> str:
        """Item and message in one line."""
        return figures.plain(self.marked_text)

    @property
    def marked_text(self) -> str:
        """Item and message in one line, figures marked."""
        if self.item is None:
            return self.marked
        called = f"item {self.item}, {self.command}" if self.command else f"item {self.item}"
        return f"{called}: {self.marked}"


def item_fault(item: MissionItem, numbers: Sequence[float] = (),
               degrees: tuple[float | None, float | None] | None = None) -> Fault | None:
    """The first thing wrong with an item by itself, None where it can be taken.

    ``numbers`` are its seven parameters as uploaded, ``degrees`` the place as uploaded (None: left
    open); of a file's item the reader has looked at those.
    """
    return next(_faults(item, numbers, degrees), None)


def item_faults(items: Sequence[MissionItem]) -> list[str]:
    """Everything that is wrong with the items of a file, each with its remedy, figures marked
    (``longwatch.planning.figures``)."""
    faults = [] if items else ["it holds no item: add a take-off, waypoints and a landing"]
    sequences: set[int] = set()
    for item in items:
        if item.sequence in sequences:
            faults.append(f"{item.name}: the number {item.sequence} is used twice; number the "
                          "items one by one")
        sequences.add(item.sequence)
        faults.extend(fault.marked_text for fault in _faults(item, (), None))
    faults.extend(fault.marked_text for fault in _mission_faults(items))
    return faults


def _faults(item: MissionItem, numbers: Sequence[float],
            degrees: tuple[float | None, float | None] | None) -> Iterator[Fault]:
    return (_fault(what, item, message) for what, message in _found(item, numbers, degrees))


def _fault(what: str, item: MissionItem, message: str) -> Fault:
    return Fault(what, item.sequence, message, command_name(item.command))


def _found(item: MissionItem, numbers: Sequence[float],
           degrees: tuple[float | None, float | None] | None) -> Iterator[tuple[str, str]]:
    command = item.command
    if command not in TAKEN:
        yield COMMAND, _why_unsupported(command)
        return
    if item.frame not in (FRAMES if command in POSITIONED else FRAMES | {FRAME_MISSION}):
        yield FRAME, (f"frame {item.frame} is not supported; give its height above sea level (0), "
                      "home (3) or terrain (10)")
    for i, value in enumerate(numbers):
        if math.isinf(value):
            yield str(i + 1), f"parameter {i + 1} is infinite; correct it"
    yield from _place_faults(item, degrees)
    yield from _value_faults(item)
    yield from refusals(item)


def _why_unsupported(command: int) -> str:
    if "VTOL" in NAMES.get(command, ""):
        return ("vertical take-off and landing is not what this aircraft can do; replace it by "
                "MAV_CMD_NAV_TAKEOFF (22) or MAV_CMD_NAV_LAND (21) along a runway")
    if command in mav_commands.AREAS:
        return (f"is part of a {mav_commands.AREAS[command]}, not of a mission; upload it as a "
                f"{mav_commands.AREAS[command]}")
    if mav_commands.moves_aircraft(command):
        return "is not supported; replace it by waypoints or loiters"
    return "is not supported; remove the item"


def _place_faults(item: MissionItem, degrees: tuple[float | None, float | None] | None
                  ) -> Iterator[tuple[str, str]]:
    if item.command not in POSITIONED:
        return
    if degrees is not None:
        for what, value, most in (("5", degrees[0], 90.0), ("6", degrees[1], 180.0)):
            if value is not None and abs(value) > most:
                yield what, (f"its position at {value:.7g} deg is out of range; latitude lies "
                             "within 90, longitude within 180")
        if (degrees[0] is None) != (degrees[1] is None):
            yield "5" if degrees[0] is None else "6", "has half a position; give both"
    if item.latitude is None and item.command == plan.WAYPOINT:
        yield "5", "has no position (latitude and longitude are 0 or missing); give it one"
    if item.altitude is None and item.command != plan.LAND:
        yield "7", "has no altitude; give it one"
    elif abs(item.altitude or 0.0) > ALTITUDE_BOUND:
        altitude = figures.altitude(item.altitude or 0.0, "g")
        yield "7", f"an altitude of {altitude} is out of range; correct it"


def _value_faults(item: MissionItem) -> Iterator[tuple[str, str]]:
    p1, command = item.p1, item.command
    if command in (plan.LOITER_TIME, plan.CONDITION_DELAY, NAV_DELAY):
        if p1 is None or not 0.0 <= p1 <= TIME_BOUND:
            yield "1", f"a time of {_shown(p1)} s is not possible; give 0 to {TIME_BOUND:.0f} s"
    elif command == plan.WAYPOINT and not 0.0 <= (p1 or 0.0) <= TIME_BOUND:
        yield "1", f"a hold of {_shown(p1)} s is not possible; give 0 to {TIME_BOUND:.0f} s"
    elif command == plan.LOITER_TURNS and (p1 is None or not 0.0 <= p1 <= 1000.0):
        yield "1", f"{_shown(p1)} turns are not possible; give 0 to 1000"
    elif command == plan.DO_CHANGE_SPEED:
        if p1 not in (None, 0.0, 1.0):
            yield "1", f"speed type {p1:g} is not supported; use 0 (airspeed)"
        if item.p2 is not None and item.p2 not in (-1.0, -2.0) and not 0.0 < item.p2 < SPEED_BOUND:
            yield "2", (f"a speed of {figures.airspeed(item.p2, 'g')} is not possible; give one "
                        f"below {figures.airspeed(SPEED_BOUND, '.0f')}, -1 for no change or -2 for "
                        "the standard speed")
    elif command in (plan.DO_JUMP, DO_JUMP_TAG):
        if item.p2 is None or item.p2 != int(item.p2) or not -1 <= item.p2 <= LARGEST_REPEAT:
            yield "2", (f"a repeat count of {_shown(item.p2)} is not possible; give 0 to "
                        f"{LARGEST_REPEAT}, or -1 for ever")
    if command in LOITERS and abs(item.radius) > RADIUS_BOUND:
        yield ("2" if command == plan.LOITER_TO_ALT else "3",
               f"a loiter radius of {figures.length(item.radius, 'g')} is beyond "
               f"{figures.length(RADIUS_BOUND, 'g')}; correct it")


def mission_fault(items: Sequence[MissionItem]) -> Fault | None:
    """The first thing wrong with the items of an upload as a whole, None where nothing is."""
    return next(_mission_faults(items), None) if items else None


def _mission_faults(items: Sequence[MissionItem]) -> Iterator[Fault]:
    """Tags and jumps that lead nowhere, too many of them, or round without flying."""
    numbers: dict[float | None, int] = {
        item.sequence: i for i, item in reversed(list(enumerate(items)))}
    tags: dict[float | None, int] = {}
    for i, item in enumerate(items):
        if item.command == JUMP_TAG:
            if item.p1 is None or item.p1 in tags:
                yield _fault("1", item, f"its tag, {_shown(item.p1)}, has no number or one "
                            "that is used twice; give each tag a number of its own")
            tags.setdefault(item.p1, i)
    jumps = [(i, item) for i, item in enumerate(items)
             if item.command in (plan.DO_JUMP, DO_JUMP_TAG)]
    targets = [-1] * len(items)
    for i, item in jumps:
        places = tags if item.command == DO_JUMP_TAG else numbers
        target = places.get(item.p1)
        if target is None:
            what, remedy = (("tag", "add a JUMP_TAG (600) with that number")
                            if item.command == DO_JUMP_TAG else
                            ("item", f"name one of items {items[0].sequence} to "
                             f"{items[-1].sequence}"))
            yield _fault("1", item, f"jumps to {what} {_shown(item.p1)}, which does not "
                        f"exist; {remedy}")
        elif item.p2:
            targets[i] = target
    if len(jumps) > LARGEST_JUMPS:
        yield _fault(TOO_MANY, jumps[LARGEST_JUMPS][1], f"is jump number {LARGEST_JUMPS + 1}; "
                    f"the autopilot counts {LARGEST_JUMPS}: fly with fewer jumps")
    yield from _idle_faults(items, targets)


def _idle_faults(items: Sequence[MissionItem], targets: list[int]) -> Iterator[Fault]:
    flies = [mav_commands.moves_aircraft(item.command) and item.command not in PASSED_OVER
             for item in items]
    again = [flown and item.command != plan.TAKEOFF
             for flown, item in zip(flies, items, strict=True)]
    idle = plan.circles_idly(again, targets)
    if idle >= 0:
        yield _fault("1", items[idle], "a jump leads back to it with nothing between that is "
                    "flown; let it lead back over a waypoint or a loiter")
    elif items and plan.first_flown(flies, targets) < 0:
        yield Fault(WHOLE, None, "nothing in the mission is flown; add a take-off, waypoints and a "
                    "landing")


def as_flown(items: Sequence[MissionItem]) -> tuple[MissionItem, ...]:
    """The items as the autopilot knows them: tags as jumps, long holds and delays as circles."""
    tagged = {item.p1: item.sequence for item in reversed(items) if item.command == JUMP_TAG}
    begun, found = False, []
    for item in items:
        begun = begun or _begins(item)
        found.append(_flown(item, tagged, begun))
    return tuple(found)


def _begins(item: MissionItem) -> bool:
    """True from the first item on that is flown to: before it there is no place to wait at."""
    return (mav_commands.moves_aircraft(item.command) and item.command != NAV_DELAY
            and item.command not in PASSED_OVER)


def _flown(item: MissionItem, tagged: dict[float | None, int], begun: bool) -> MissionItem:
    if item.command == DO_JUMP_TAG:
        return replace(item, command=plan.DO_JUMP, p1=float(tagged[item.p1]))
    if item.command == NAV_ROI:
        item = replace(item, command=DO_SET_ROI)  # its later number, which nothing flies to
    if item.command == NAV_DELAY:
        # Around the place before it, at its height; before any there is none to wait at.
        if not begun:
            return replace(item, command=plan.CONDITION_DELAY, p1=0.0, p2=0.0, p3=0.0, p4=0.0,
                           latitude=None, longitude=None)
        return replace(item, command=plan.LOITER_TIME, p2=0.0, p3=0.0, p4=0.0, latitude=None,
                       longitude=None, altitude=None)
    if item.command == plan.WAYPOINT and (item.p1 or 0.0) > SHORTEST_HOLD:
        return replace(item, command=plan.LOITER_TIME, p2=0.0, p3=0.0, p4=0.0)
    if item.command not in POSITIONED and item.command != plan.DO_LAND_START:
        return replace(item, latitude=None, longitude=None)
    return item


def told(items: Sequence[MissionItem]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes on how items are flown, and warnings of what they ask for and do not get."""
    notes, warnings = [], passed_over_fields(items)
    over = [item.sequence for item in passed_over(items)]
    if over:
        notes.append(f"kept, but passed over in flight: {item_list(over)}; no camera, gimbal or "
                     "logger of its own is aboard")
    begun = False
    for item in items:
        begun = begun or _begins(item)
        if item.command == plan.WAYPOINT and (item.p1 or 0.0) > SHORTEST_HOLD:
            notes.append(f"{item.name}: its hold time of {item.p1:g} s is flown as a loiter")
        if item.command == NAV_DELAY and not begun:
            warnings.append(f"{item.name}: its {item.p1 or 0.0:g} s are not waited for: nothing "
                            "is flown before it; begin later instead")
    return tuple(notes), tuple(warnings)


def passed_over(items: Sequence[MissionItem]) -> list[MissionItem]:
    """The items that the aircraft passes over."""
    return [item for item in items if item.command in PASSED_OVER - {JUMP_TAG}]


def _shown(value: float | None) -> str:
    return "(none)" if value is None else f"{value:g}"
