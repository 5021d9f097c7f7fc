"""What the items of a plan must hold to before the autopilot is handed them."""

import math
from typing import Any

import numpy as np

from longwatch.autopilot import mission, plan

_CIRCLES = (plan.LOITER_UNLIM, plan.LOITER_TURNS, plan.LOITER_TIME, plan.LOITER_TO_ALT)
_FLOWN = (plan.WAYPOINT, *_CIRCLES, plan.RETURN_TO_LAUNCH, plan.LAND, plan.TAKEOFF)
_KEYS = ("command", "latitude", "longitude", "runway", "end", "jump", "repeats", "radius")


def item_faults(items: np.ndarray, runways: int) -> list[str]:
    """What is wrong with PlanItem records that may use so many runways; no items are no fault."""
    # As plain values: a record's fields by name cost ten times as much, and everybody waits.
    rows = [dict(zip(_KEYS, values, strict=True))
            for values in zip(*(items[key].tolist() for key in _KEYS), strict=True)]
    faults = [f"item {i}: {text}" for i, item in enumerate(rows)
              for text in _faults(item, len(rows), runways)]
    jumps = [i for i, item in enumerate(rows) if item["command"] == plan.DO_JUMP]
    if len(jumps) > mission.JUMPS:
        faults.append(f"item {jumps[mission.JUMPS]}: jump number {mission.JUMPS + 1}; the "
                      f"autopilot counts {mission.JUMPS}")
    if faults or not len(items):
        return faults
    flies = [bool(mission.is_navigation(int(item["command"]))) for item in rows]
    leads = [int(item["jump"]) if item["command"] == plan.DO_JUMP and item["repeats"] else -1
             for item in rows]
    again = [flown and item["command"] != plan.TAKEOFF
             for flown, item in zip(flies, rows, strict=True)]
    idle = plan.circles_idly(again, leads)
    if idle >= 0:
        return [f"item {idle}: a jump leads back to it with nothing between that is flown"]
    return [] if plan.first_flown(flies, leads) >= 0 else ["nothing among them is flown"]


def _faults(item: Any, count: int, runways: int) -> list[str]:
    command, faults = int(item["command"]), []
    if abs(item["latitude"]) > 0.5 * math.pi or abs(item["longitude"]) > 2.0 * math.pi:
        faults.append("its place is off the globe")
    if not -1 <= item["runway"] < runways or item["end"] not in (0, 1):
        faults.append(f"runway {item['runway']} end {item['end']} is not there")
    if command == plan.DO_JUMP and not 0 <= item["jump"] < count:
        faults.append(f"jumps to {item['jump']}, which is not there")
    if mission.is_navigation(command) and command not in _FLOWN:
        faults.append(f"command {command} is none that is flown")
    if command in _CIRCLES and not item["radius"]:
        faults.append("a circle without a radius")
    if command == plan.LAND and item["runway"] < 0:
        faults.append("a landing without a runway")
    return faults
