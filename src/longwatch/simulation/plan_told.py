"""What is loaded aboard, in plain words and numbers: mission, fence and rally points, for a log."""

from typing import Any

import numpy as np

from longwatch.planning.mav_commands import POSITIONED
from longwatch.simulation.vehicle import Loaded

_ITEM = ("command", "sequence", "latitude", "longitude", "altitude_msl", "radius")
_ZONE = ("kind", "count", "group", "latitude", "longitude", "radius")
_POINT = ("latitude", "longitude", "altitude_msl")


def plan_told(loaded: Loaded) -> dict[str, list[dict[str, Any]]]:
    """Mission, fence and rally points: radians, metres, MAV_CMD numbers.

    Items that stand nowhere have None for what belongs to a place.
    """
    count = int(loaded.header.item_count)
    mission = _rows(loaded.items[:count], _ITEM)
    for row in mission:
        if row["command"] not in POSITIONED:
            row.update(dict.fromkeys(_ITEM[2:]))
    return {"mission": mission, "fence": _rows(loaded.fence, _ZONE),
            "rally": _rows(loaded.rally, _POINT)}


def plan_text(told: dict[str, list[dict[str, Any]]]) -> str:
    """What of it there is: "mission of 12 items, fence, 2 rally points"."""
    mission, rally = len(told["mission"]), len(told["rally"])
    parts = [f"mission of {mission} item{'s' if mission > 1 else ''}" if mission else "no mission",
             *(["fence"] if told["fence"] else []),
             *([f"{rally} rally point{'s' if rally > 1 else ''}"] if rally else [])]
    return ", ".join(parts)


def _rows(array: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = [array[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
