"""In which order a mission's items are flown: jumps taken, returns and landings followed."""

from collections.abc import Iterator

from longwatch.autopilot.aboard import plan
from longwatch.earth.geodesics import distance_and_bearing
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
            i = return_index(items, i)
        elif item.command == plan.DO_JUMP and left[i] > 0:
            left[i] -= 1
            i = index_of[int(item.p1 or 0)]
        else:
            i += 1


def _repeats(item: MissionItem, most: int | None) -> int:
    repeats = max(int(item.p2 or 0), 0)
    return repeats if most is None else min(repeats, most)


def return_index(items: tuple[MissionItem, ...], index: int) -> int:
    """Where the return to launch at ``index`` goes on: a landing's start, a landing, or the end.

    Of several the one nearest to the place before it, as the autopilot takes the nearest to where
    it is (autopilot/manoeuvres/landing_sequence.py). DO_LAND_START counts only where it leads to a
    landing without another return between.
    """
    starts = [i for i, item in enumerate(items)
              if item.command == plan.DO_LAND_START and _leads_to_landing(items, i)]
    ways = starts or [i for i, item in enumerate(items) if item.command == plan.LAND]
    if len(ways) < 2:
        return ways[0] if ways else len(items)
    before = next((place for i in range(index - 1, -1, -1) if (place := _place(items[i]))), None)
    return min(ways, key=lambda way: _away(items, way, before))


def _leads_to_landing(items: tuple[MissionItem, ...], start: int) -> bool:
    found = (item.command for item in items[start:]
             if item.command in (plan.LAND, plan.RETURN_TO_LAUNCH))
    return next(found, None) == plan.LAND


def _place(item: MissionItem) -> tuple[float, float] | None:
    if item.latitude is None or item.longitude is None or not (
            item.positioned or item.command == plan.DO_LAND_START):
        return None
    return item.latitude, item.longitude


def marker_place(items: tuple[MissionItem, ...], index: int) -> tuple[float, float] | None:
    """Place that stands for the landing sequence at ``index``: its own, or its first item's."""
    return next((place for item in items[index:] if (place := _place(item))), None)


def _away(items: tuple[MissionItem, ...], way: int, before: tuple[float, float] | None) -> float:
    place = marker_place(items, way)
    if place is None or before is None:
        return 0.0
    return distance_and_bearing(*before, *place)[0]


def lands(items: tuple[MissionItem, ...]) -> bool:
    """True where the mission itself says how it ends: a landing or a return is reached."""
    return any(items[i].command in (plan.LAND, plan.RETURN_TO_LAUNCH)
               for i in itinerary(items, 1))
