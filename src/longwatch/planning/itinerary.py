"""In which order a mission's items are flown: jumps taken, returns and landings followed."""

from collections.abc import Iterator

from longwatch.autopilot import plan
from longwatch.planning.mission import MissionItem

# No mission in earnest visits more items; more would only burn time on the ground.
LARGEST_COUNT = 20_000


def itinerary(items: tuple[MissionItem, ...], most_repeats: int | None = None) -> Iterator[int]:
    """Indices of the items in the order flown.

    ``most_repeats`` caps every jump's repeats (None: as the file says; a jump for ever is left
    out). Ends after a landing, or where the items end.
    """
    index_of = {item.sequence: i for i, item in enumerate(items)}
    left = {i: _repeats(item, most_repeats) for i, item in enumerate(items)
            if item.command == plan.DO_JUMP}
    i = count = 0
    while i < len(items) and count < LARGEST_COUNT:
        yield i
        count += 1
        item = items[i]
        if item.command == plan.LAND:
            return
        if item.command == plan.RETURN_TO_LAUNCH:
            i = return_index(items)
        elif item.command == plan.DO_JUMP and left[i] > 0:
            left[i] -= 1
            i = index_of[int(item.p1 or 0)]
        else:
            i += 1


def _repeats(item: MissionItem, most: int | None) -> int:
    repeats = max(int(item.p2 or 0), 0)
    return repeats if most is None else min(repeats, most)


def return_index(items: tuple[MissionItem, ...]) -> int:
    """Where a return to launch goes on: the landing's start, the landing, or past the end.

    DO_LAND_START counts only where it leads to a landing without another return between.
    """
    commands = [item.command for item in items]
    if plan.LAND not in commands:
        return len(items)
    land = commands.index(plan.LAND)
    if plan.DO_LAND_START in commands[:land]:
        start = commands.index(plan.DO_LAND_START)
        if plan.RETURN_TO_LAUNCH not in commands[start:land]:
            return start
    return land


def lands(items: tuple[MissionItem, ...]) -> bool:
    """True where the mission itself says how it ends: a landing or a return is reached."""
    return any(items[i].command in (plan.LAND, plan.RETURN_TO_LAUNCH)
               for i in itinerary(items, 1))
