"""Where a vehicle has been: every half second of the last two minutes, every 5 s of the last half
hour, every minute beyond, for 27 hours and more; in the vehicle's own time."""

from bisect import bisect_left
from collections import deque
from typing import Any

Point = tuple[float, float, float, float | None]  # time [s], latitude, longitude [deg], m MSL

# (spacing [s], age up to which it holds [s])
TIERS = ((0.5, 120.0), (5.0, 1800.0), (60.0, 36.0 * 3600.0))


class Trail:
    """Points in tiers: what gets too old for one passes into the next at its wider spacing."""

    def __init__(self) -> None:
        self._tiers: tuple[deque[Point], ...] = tuple(deque() for _ in TIERS)

    def __len__(self) -> int:
        return sum(map(len, self._tiers))

    def add(self, time_s: float, latitude_deg: float, longitude_deg: float,
            altitude_msl: float | None) -> None:
        """Take a point; where time went back (a restart, a snapshot) later ones are forgotten."""
        newest = next((tier[-1][0] for tier in self._tiers if tier), None)
        if newest is not None and time_s < newest - 1.0:
            self._cut(time_s)
        self._push(0, (time_s, latitude_deg, longitude_deg, altitude_msl))
        for index, (_, age) in enumerate(TIERS):
            tier = self._tiers[index]
            while tier and tier[0][0] < time_s - age:
                point = tier.popleft()
                if index + 1 < len(TIERS):
                    self._push(index + 1, point)

    def _push(self, index: int, point: Point) -> None:
        tier = self._tiers[index]
        if not tier or point[0] - tier[-1][0] >= TIERS[index][0]:
            tier.append(point)

    def _cut(self, time_s: float) -> None:
        for tier in self._tiers:
            keep = bisect_left([point[0] for point in tier], time_s)
            while len(tier) > keep:
                tier.pop()

    def clear(self) -> None:
        """Forget all."""
        for tier in self._tiers:
            tier.clear()

    def as_dict(self) -> dict[str, list[Any]]:
        """As docs/station-wire.md has it, oldest first."""
        points = [point for tier in reversed(self._tiers) for point in tier]
        return {name: [point[i] for point in points] for i, name in enumerate(
            ("time_s", "latitude_deg", "longitude_deg", "altitude_msl"))}
