"""A timer of the crew, and the clock that it runs by.

A timer runs by its vehicle's own clock (UTC as the vehicle tells it, simulated time where it is
simulated); one that was set while the vehicle told none, by the station's. A vehicle's clock that
is set while it flies, or goes back with it (a restart, a snapshot of the simulation), moves the
timers along: what was left is left still.
"""

from dataclasses import asdict, dataclass
from typing import Any

LEAP_S, LEAP_PACE = 60.0, 5.0
"""A clock that differs from the time that passed by more than this, or by more than it goes in so
many of the station's seconds, was set."""


VEHICLE, STATION = "vehicle", "station"


@dataclass
class Timer:
    """One timer.

    Attributes:
        checklist: the list that it repeats; None for a free timer.
        due_s: when it is due, by its clock [s of UTC]; None while it stands.
        clock: whose that is: "vehicle" or "station".
        due: it is.
    """

    id: int
    vehicle: str
    name: str
    checklist: str | None
    period_s: float
    repeats: bool
    due_s: float | None
    by: str
    clock: str = VEHICLE
    due: bool = False

    def kept(self) -> dict[str, Any]:
        """What the store keeps of it."""
        values = asdict(self)
        del values["id"], values["due"]
        return values

    def look(self, clock: float) -> bool:
        """See whether it is due at ``clock``; whether that has changed."""
        due = self.due_s is not None and clock >= self.due_s
        changed = due != self.due
        self.due = due
        return changed

    def mend(self, clock: float) -> bool:
        """At the first look at it: more than its period is never left; whether that was mended."""
        if self.due_s is None or self.due_s - clock <= self.period_s:
            return False
        self.due_s = clock + self.period_s
        return True


class VehicleClock:
    """The clock of one vehicle, as timers go by it.

    Attributes:
        now: what it said at the last look, None where the vehicle told none.
        fresh: it was told at the last look, and not before.
    """

    def __init__(self) -> None:
        self.now: float | None = None
        self.fresh = False
        self._then: tuple[float, float | None] = 0.0, None

    def look(self, vehicle: Any, now: float) -> float:
        """Read it, at ``now`` [station s]; by how much it was set since the last look."""
        told, boot = vehicle.number("time_utc_s"), vehicle.boot
        if told is not None and vehicle.number("link_state") in ("late", "lost"):
            # It goes on while nothing is heard of it, as it did.
            told += max(now - vehicle.heard, 0.0) * vehicle.time_scale
        (then, booted), had = self._then, self.now
        self._then, self.now, self.fresh = (now, boot), told, had is None
        if told is None or had is None:
            return 0.0
        passed = now - then
        if boot is not None and booted is not None and boot > booted:
            passed = boot - booted
        leap = float(told - had - passed)
        most = max(LEAP_S, LEAP_PACE * abs(vehicle.time_scale))
        return leap if abs(leap) > most else 0.0
