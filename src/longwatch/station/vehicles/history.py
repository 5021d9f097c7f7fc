"""What each quantity was over the last hours: every second of the last hour, the least and the
most of each 10 s of the last 27 h, by the vehicle's clock.

A history takes at most 11 MB, and as much of it as it has filled; it is kept for so many vehicles,
first of all for those that are flown.
"""

from collections.abc import Sequence
from math import ceil, nan
from typing import Any

import numpy as np

from longwatch.station.vehicles.quantities import INDEX, QUANTITIES
from longwatch.station.vehicles.vehicle import Vehicle

FINE_S, FINE_KEPT = 1.0, 3600
COARSE_S, COARSE_KEPT = 10.0, 27 * 360
MOST_VEHICLES = 10
LONGEST_S = COARSE_S * COARSE_KEPT
MOST_POINTS = 2000
_BACK_S = 1.0
"""A clock that goes back by more was set, or the simulation went back to a snapshot."""
# A line is broken where nothing came for so many points.
_GAP = 3.0


class _Tier:
    """Rows over time, of which the oldest give way. Memory is taken as it is filled."""

    def __init__(self, kept: int, width: int, rows: int) -> None:
        self.kept, self.count, self._end = kept, 0, 0
        self._times = np.empty(kept)
        self._rows = np.empty((kept, rows, width), dtype=np.float32)

    def append(self, time_s: float, *rows: Any) -> None:
        """One more moment."""
        self._times[self._end] = time_s
        for number, row in enumerate(rows):
            self._rows[self._end, number] = row
        self._end = (self._end + 1) % self.kept
        self.count = min(self.count + 1, self.kept)

    def _order(self) -> Any:
        return np.arange(self._end - self.count, self._end) % self.kept

    @property
    def times(self) -> Any:
        """In order."""
        return self._times[self._order()]

    def column(self, index: int) -> Any:
        """One quantity, in order: its rows side by side."""
        return self._rows[self._order(), :, index]

    def cut(self, time_s: float) -> None:
        """Forget what is later."""
        later = self.count - int(np.searchsorted(self.times, time_s, side="left"))
        self.count -= later
        self._end = (self._end - later) % self.kept


class History:
    """The history of one vehicle."""

    def __init__(self) -> None:
        width = len(QUANTITIES)
        self._fine = _Tier(FINE_KEPT, width, 1)
        self._coarse = _Tier(COARSE_KEPT, width, 2)
        self._least = self._most = np.full(width, nan, dtype=np.float32)
        self._began: float | None = None
        self.last: float | None = None

    def take(self, time_s: float, values: Sequence[Any]) -> None:
        """All quantities at a moment, None for what is not known; texts are none."""
        if self.last is not None and time_s < self.last - _BACK_S:
            self._cut(time_s)
        if self.last is not None and time_s < self.last + 0.5 * FINE_S:
            return
        self.last = time_s
        row = np.array([float(value) if isinstance(value, int | float) else nan
                        for value in values], dtype=np.float32)
        self._fine.append(time_s, row)
        began = time_s // COARSE_S * COARSE_S
        if self._began is not None and began != self._began:
            self._coarse.append(self._began, self._least, self._most)
            self._least = self._most = row
        self._began = began
        self._least, self._most = np.fmin(self._least, row), np.fmax(self._most, row)

    def _cut(self, time_s: float) -> None:
        self._fine.cut(time_s)
        self._coarse.cut(time_s - COARSE_S)
        self._least = self._most = np.full(len(QUANTITIES), nan, dtype=np.float32)
        self._began = self.last = None

    def read(self, name: str, seconds: float, points: int) -> dict[str, list[float | None]]:
        """The last ``seconds`` of a quantity as ``points`` at most: time, least, most."""
        if self.last is None:
            return {"time_s": [], "least": [], "most": []}
        since, index = self.last - seconds, INDEX[name]
        fine = self._fine.times
        if self._coarse.count == 0 or fine[0] <= max(since, self._coarse.times[0]):
            times, least = fine, self._fine.column(index)[:, 0]
            most, spacing = least, FINE_S
        else:
            times = np.append(self._coarse.times, self._began or 0.0)
            both = self._coarse.column(index)
            least = np.append(both[:, 0], self._least[index])
            most, spacing = np.append(both[:, 1], self._most[index]), COARSE_S
        return _thinned(times, least, most, since, max(seconds / points, spacing))


def _thinned(times: Any, least: Any, most: Any, since: float, width: float
             ) -> dict[str, list[float | None]]:
    """Least and most of each ``width`` [s]; buckets begin at its multiples, so that they stand as
    time passes."""
    shown = (times >= since) & ~np.isnan(least)
    times, least, most = times[shown], least[shown], most[shown]
    if len(times) == 0:
        return {"time_s": [], "least": [], "most": []}
    buckets = np.floor(times / width)
    starts = np.flatnonzero(np.diff(buckets, prepend=buckets[0] - 1.0))
    lows, highs = np.fmin.reduceat(least, starts), np.fmax.reduceat(most, starts)
    steps, moments = np.diff(times), times[starts]
    gap = _GAP * max(width, float(np.median(steps)) if len(steps) else width)
    after = np.flatnonzero(np.diff(moments) > gap) + 1
    between = 0.5 * (moments[after - 1] + moments[after])
    told = [np.insert(moments, after, between).round(2).tolist(),
            np.insert(lows, after, nan).tolist(), np.insert(highs, after, nan).tolist()]
    for place in (after + np.arange(len(after))).tolist():
        told[1][place] = told[2][place] = None
    return dict(zip(("time_s", "least", "most"), told, strict=True))


class Histories:
    """The histories of the vehicles that are live."""

    def __init__(self) -> None:
        self._kept: dict[str, History] = {}
        self._flown: dict[str, bool] = {}

    def take(self, vehicle: Vehicle, wall: float) -> None:
        """What a vehicle tells now; ``wall`` [s of UTC] where it has no clock."""
        if vehicle.number("link_state") == "lost":
            return
        history = self._of(vehicle)
        if history is not None:
            history.take(vehicle.number("time_utc_s") or wall, vehicle.values)

    def _of(self, vehicle: Vehicle) -> History | None:
        """Its history; where there are too many, that of one who is not flown gives way."""
        self._flown[vehicle.id] = vehicle.pilot is not None
        found = self._kept.get(vehicle.id)
        if found is None and len(self._kept) >= MOST_VEHICLES and vehicle.pilot is not None:
            idle = [key for key in self._kept if not self._flown.get(key)]
            if idle:
                del self._kept[idle[-1]]
        if found is None and len(self._kept) < MOST_VEHICLES:
            found = self._kept[vehicle.id] = History()
        return found

    def forget(self, identity: str) -> None:
        """A vehicle is gone."""
        self._kept.pop(identity, None)
        self._flown.pop(identity, None)

    def read(self, identity: str, names: Sequence[str], seconds: float, points: int
             ) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        history = self._kept.get(identity)
        if history is None:
            return {"now_s": None, "series": {}}
        points = ceil(min(points, MOST_POINTS))
        return {"now_s": history.last,
                "series": {name: history.read(name, seconds, points) for name in names}}
