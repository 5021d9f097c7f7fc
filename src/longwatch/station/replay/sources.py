"""What a replay is fed from: logs, indexed so that any moment of them is at hand at once.

Times are seconds from the log's beginning; ``begin_s`` is that beginning in UTC. A source yields
``Told``: when, of which vehicle, and a decoded MAVLink message or quantities by name.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from longwatch.station.vehicles.plans import PlanAboard

# Trails are kept at this spacing [s]; shown thinned as a live vehicle's are.
TRAIL_SPACING_S = 1.0
_RECENT_S, _MIDDLE_S = 120.0, 1800.0
_MIDDLE_EVERY, _OLD_EVERY = 5, 60
MOST_EVENTS = 400
WARNING, CAUTION, ADVISORY = "warning", "caution", "advisory"


class Kept(NamedTuple):
    """A plan that lies aboard from a time on: "mission", "fence" or "rally"."""

    time_s: float
    kind: str
    plan: PlanAboard


class Told(NamedTuple):
    """What one vehicle of a log told: a MAVLink message, or quantities by name."""

    time_s: float
    key: str
    what: Any


@dataclass
class Recorded:
    """One vehicle of a log.

    Attributes:
        key: tells it from the others of the log.
        system, component: its MAVLink numbers.
        family: "px4", "ardupilot" or "generic".
        name: what it is called, "" where the log does not say.
        trail: time, boot time [s], latitude, longitude [deg], altitude above mean sea level [m].
        plans: what lay aboard, in order of time.
    """

    key: str
    system: int = 0
    component: int = 1
    family: str = "generic"
    name: str = ""
    trail: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    plans: list[Kept] = field(default_factory=list)

    def plans_at(self, time_s: float) -> dict[str, PlanAboard]:
        """What lies aboard at a time, by "mission", "fence", "rally", as far as the log tells."""
        return {kept.kind: kept.plan for kept in self.plans if kept.time_s <= time_s}

    def trail_until(self, time_s: float) -> Iterator[tuple[float, float, float, float]]:
        """The trail up to a time, thinned with age; boot time first."""
        end = bisect_right(self.trail, (time_s, float("inf")))
        recent = bisect_right(self.trail, (time_s - _RECENT_S,))
        middle = bisect_right(self.trail, (time_s - _MIDDLE_S,))
        for part in (self.trail[:middle:_OLD_EVERY], self.trail[middle:recent:_MIDDLE_EVERY],
                     self.trail[recent:end]):
            for _, boot, latitude, longitude, altitude in part:
                yield boot, latitude, longitude, altitude


@dataclass(frozen=True)
class Event:
    """Something to jump to: seconds from the beginning, "warning", "caution" or "advisory"."""

    time_s: float
    severity: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"time_s": round(self.time_s, 2), "severity": self.severity, "text": self.text}


class Source(Protocol):
    """One log. Its methods read files: they are called in a thread of their own, one at a time."""

    begin_s: float
    duration_s: float
    vehicles: list[Recorded]
    events: list[Event]
    note: str  # what the reader should be told of the log's state, "" for nothing

    def state_at(self, time_s: float) -> list[Told]:
        """Everything that was known at a time, in the order in which it was told."""

    def between(self, after_s: float, until_s: float) -> list[Told]:
        """What was told after a time and until another; of much, the last of each kind."""

    def close(self) -> None:
        """Let the file go."""


def most_telling(events: list[Event]) -> list[Event]:
    """Events in their order, at most MOST_EVENTS: the least severe are left out first."""
    kept = sorted(events, key=lambda event: event.time_s)
    for severity in (ADVISORY, CAUTION):
        if len(kept) > MOST_EVENTS:
            others = [event for event in kept if event.severity != severity]
            room = max(MOST_EVENTS - len(others), 0)
            less = [event for event in kept if event.severity == severity]
            step = max(-(-len(less) // room), 1) if room else 0
            kept = sorted(others + (less[::step] if step else []), key=lambda event: event.time_s)
    return kept[:MOST_EVENTS]
