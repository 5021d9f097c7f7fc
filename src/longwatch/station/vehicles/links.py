"""How well a vehicle is heard on one way: frames, gaps in their numbers, bytes, over 5 s."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from longwatch.station.vehicles.connections import Way
from longwatch.station.vehicles.quantities_systems import LATE_S, LOST_S

WINDOW = 5
# A number so far ahead is one from the past: late or twice, not lost.
_FAR = 128


@dataclass
class Second:
    """What came within one second."""

    frames: int = 0
    lost: int = 0
    octets: int = 0


@dataclass(eq=False)
class Hearing:
    """A vehicle on one way.

    Attributes:
        beat: when its heartbeat last came [loop s].
        round_trip: the latest one [s], None before the first.
        stranger: its clock is not that of the vehicle in use: another one under the same id.
    """

    way: Way
    beat: float
    round_trip: float | None = None
    stranger: bool = False
    _numbers: dict[int, int] = field(default_factory=dict)
    _now: Second = field(default_factory=Second)
    _past: deque[Second] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def count(self, component: int, sequence: int, octets: int) -> None:
        """One frame of the vehicle came."""
        before = self._numbers.get(component)
        if before is not None:
            missed = (sequence - before - 1) % 256
            self._now.lost += missed if missed < _FAR else 0
        self._numbers[component] = sequence
        self._now.frames += 1
        self._now.octets += octets

    def pass_second(self) -> None:
        """A second is over."""
        self._past.append(self._now)
        self._now = Second()

    @property
    def loss(self) -> float | None:
        """Share of frames that did not come, over the window."""
        frames = sum(second.frames for second in self._past)
        lost = sum(second.lost for second in self._past)
        return lost / (frames + lost) if frames + lost else None

    @property
    def rate(self) -> float | None:
        """Bytes a second over the window."""
        return sum(second.octets for second in self._past) / len(self._past) if (
            self._past) else None

    def state(self, now: float) -> str:
        """"up", "late" or "lost"."""
        return state_of(now - self.beat)

    def as_dict(self, now: float) -> dict[str, Any]:
        """As docs/station-wire.md has it."""
        return {"name": self.way.name, "state": self.state(now),
                "age_s": round(now - self.beat, 1)}


def state_of(age: float) -> str:
    """State of a link whose last heartbeat is ``age`` s old."""
    return "up" if age < LATE_S else "late" if age < LOST_S else "lost"
