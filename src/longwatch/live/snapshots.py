"""Moments of all aircraft at once, to go back to while the run goes on.

Going back sets simulated time back. The run's own count of ticks, by which the journal and the data
links go, never does: the journal tells what was flown in the order in which it was, and each log
begins anew, so that in no file time runs backwards.
"""

from dataclasses import dataclass
from typing import Any

from longwatch.errors import SnapshotError
from longwatch.live.aircraft import LiveAircraft

# Snapshots kept; the oldest makes room.
MOST = 20
LONGEST_NAME = 100
# The journal's aircraft for what is done to all of them at once.
EVERY = 0


@dataclass(frozen=True)
class Kept:
    """One snapshot: its number from 1, what it is called, and when it was taken.

    ``tick`` is the run's, ``time_s`` simulated, ``memory`` what services remembered.
    """

    number: int
    name: str
    tick: int
    time_s: float
    utc_s: float
    memory: list[Any]

    def told(self) -> dict[str, Any]:
        """The snapshot as clients see it."""
        return {"number": self.number, "name": self.name, "tick": self.tick,
                "time_s": self.time_s, "utc_s": self.utc_s}


class Snapshots:
    """The snapshots of one run, the oldest first.

    Attributes:
        next: the number of the next one.
    """

    def __init__(self) -> None:
        self.next = 1
        self._kept: dict[int, Kept] = {}

    def in_the_way(self) -> int | None:
        """Number of the one that has to make room for another; None where there is room."""
        return next(iter(self._kept)) if len(self._kept) >= MOST else None

    def add(self, name: str, tick: int, time_s: float, utc_s: float, memory: list[Any]) -> Kept:
        """Keep another one."""
        kept = self._kept[self.next] = Kept(self.next, name, tick, time_s, utc_s, memory)
        self.next += 1
        return kept

    def find(self, number: int) -> Kept:
        """The one of a number. Raises SnapshotError where there is none."""
        kept = self._kept.get(number)
        if kept is None:
            there = ", ".join(map(str, self._kept)) or "none at all"
            raise SnapshotError(f"snapshot {number}: there is none; there are {there}")
        return kept

    def drop(self, number: int) -> None:
        """Forget one. Raises SnapshotError where there is none of that number."""
        del self._kept[self.find(number).number]

    def listed(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        return [kept.told() for kept in self._kept.values()]

    def __contains__(self, number: int) -> bool:
        return number in self._kept


def check_name(name: object) -> None:
    """Refuse a name that is no text, or too long. Raises SnapshotError."""
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise SnapshotError(f"name of a snapshot: give a text of at most {LONGEST_NAME} "
                            "characters")


def apply(aircraft: LiveAircraft, name: str, arguments: dict[str, Any]) -> None:
    """Carry out on one aircraft what the journal has for all: snapshot, restore or forget."""
    number = int(arguments["number"])
    if name == "snapshot":
        aircraft.keep(number)
    elif name == "restore":
        aircraft.go_back(number)
    else:
        aircraft.checkpoints.pop(number, None)
