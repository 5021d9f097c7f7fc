"""The plans that a flight's own log tells of, as they would have been read from the aircraft.

A log has the plan aboard as it began in its metadata, and later ones in events ``plan``
(``longwatch.simulation.plan_told``). Altitudes are above mean sea level.
"""

import math
from collections.abc import Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.replay.sources import Kept
from longwatch.station.vehicles.plans import MOST_ITEMS, PlanAboard, PlanItem

_GLOBAL, _MISSION_FRAME, _RALLY = 0, 2, 5100
_POLYGONS = (5001, 5002)
# Parameter, from 0, that is the radius of a circle: LOITER_UNLIM, _TURNS, _TIME, _TO_ALT.
_RADIUS = {17: 2, 18: 2, 19: 2, 31: 1}
_BROKEN = (KeyError, TypeError, ValueError, OverflowError, AttributeError)


def plans_told(told: Any, time_s: float) -> list[Kept]:
    """What lies aboard from ``time_s`` on; a list that is damaged, or is not there, is left out."""
    found = []
    makers: dict[str, Callable[[Any], PlanItem]] = {
        "mission": _item, "fence": _zone, "rally": _point}
    for kind, make in makers.items():
        rows = told.get(kind) if isinstance(told, dict) else None
        if not isinstance(rows, list) or len(rows) > MOST_ITEMS:
            continue
        try:
            items = tuple(make(row) for row in rows)
        except _BROKEN:
            continue
        found.append(Kept(time_s, kind, PlanAboard(items, "download")))
    return found


def _item(row: Any) -> PlanItem:
    # Logs before they had numbers of commands have their names.
    command = int(row["command"] if "command" in row else
                  getattr(mavlink, f"MAV_CMD_{row['name']}"))
    params = [0.0] * 4
    if row["latitude"] is None:
        return PlanItem(command, _MISSION_FRAME, (0.0, 0.0, 0.0, 0.0), 0, 0, 0.0)
    if command in _RADIUS:
        params[_RADIUS[command]] = float(row["radius"])
    return _placed(command, (params[0], params[1], params[2], params[3]), row,
                   float(row["altitude_msl"]))


def _zone(row: Any) -> PlanItem:
    kind = int(row["kind"])
    size = float(row["count"] if kind in _POLYGONS else row["radius"])
    return _placed(kind, (size, float(row["group"]), 0.0, 0.0), row, 0.0)


def _point(row: Any) -> PlanItem:
    return _placed(_RALLY, (0.0, 0.0, 0.0, 0.0), row, float(row["altitude_msl"]))


def _placed(command: int, params: tuple[float, float, float, float], row: Any,
            altitude: float) -> PlanItem:
    x, y = (round(math.degrees(float(row[name])) * 1e7) for name in ("latitude", "longitude"))
    if not (abs(x) <= 900_000_000 and abs(y) <= 3_600_000_000 and math.isfinite(altitude)):
        raise ValueError("no place on Earth")
    return PlanItem(command, _GLOBAL, params, x, y, altitude)
