"""What the items of a plan must hold to before the autopilot is handed them."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.manoeuvres import mission

_CIRCLES = (plan.LOITER_UNLIM, plan.LOITER_TURNS, plan.LOITER_TIME, plan.LOITER_TO_ALT)
_FLOWN = (plan.WAYPOINT, *_CIRCLES, plan.RETURN_TO_LAUNCH, plan.LAND, plan.TAKEOFF)


def item_faults(items: np.ndarray, runways: int) -> list[str]:
    """What is wrong with PlanItem records that may use so many runways, counted from 1 as plans
    count them; no items are no fault."""
    faults = [f"item {i + 1}: {text(items[i])}" for i, text in _faults(items, runways)]
    is_jump = items["command"] == plan.DO_JUMP
    jumps = np.flatnonzero(is_jump)
    if len(jumps) > mission.JUMPS:
        faults.append(f"item {jumps[mission.JUMPS] + 1}: jump number {mission.JUMPS + 1}; the "
                      f"autopilot counts {mission.JUMPS}")
    if faults or not len(items):
        return faults
    flown = items["command"] <= plan.NAV_LAST
    leads = np.where(is_jump & (items["repeats"] != 0), items["jump"], -1).tolist()
    idle = plan.circles_idly((flown & (items["command"] != plan.TAKEOFF)).tolist(), leads)
    if idle >= 0:
        return [f"item {idle + 1}: a jump leads back to it with nothing between that is flown"]
    return [] if plan.first_flown(flown.tolist(), leads) >= 0 else ["nothing among them is flown"]


def _faults(items: np.ndarray, runways: int) -> list[tuple[int, Callable[[Any], str]]]:
    """Items that cannot be flown, by their order, each with what says why.

    By column, as a list may be long: each time one is loaded everybody waits.
    """
    command = items["command"]
    wrong: tuple[tuple[np.ndarray, Callable[[Any], str]], ...] = (
        ((np.abs(items["latitude"]) > 0.5 * math.pi) | (np.abs(items["longitude"]) > 2.0 * math.pi),
         lambda item: "its place is off the globe"),
        ((items["runway"] < -1) | (items["runway"] >= runways) | ~np.isin(items["end"], (0, 1)),
         lambda item: f"runway {item['runway']} end {item['end']} is not there"),
        ((command == plan.DO_JUMP) & ((items["jump"] < 0) | (items["jump"] >= len(items))),
         lambda item: f"jumps to {item['jump'] + 1}, which is not there"),
        ((command <= plan.NAV_LAST) & ~np.isin(command, _FLOWN),
         lambda item: f"command {int(item['command'])} is none that is flown"),
        (np.isin(command, _CIRCLES) & (items["radius"] == 0.0),
         lambda item: "a circle without a radius"),
        ((command == plan.LAND) & (items["runway"] < 0),
         lambda item: "a landing without a runway"))
    found = [(int(i), text) for where, text in wrong for i in np.flatnonzero(where)]
    return sorted(found, key=lambda fault: fault[0])
