"""Moments of all aircraft at once, to go back to while the run goes on.

Going back sets simulated time back. The run's own count of ticks, by which the journal and the data
links go, never does: the journal tells what was flown in the order in which it was, and each log
begins anew, so that in no file time runs backwards.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from longwatch.errors import SnapshotError

if TYPE_CHECKING:
    from longwatch.live.aircraft import LiveAircraft
    from longwatch.live.server import Server

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
    """The snapshots of one run."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self._kept: dict[int, Kept] = {}
        self._taken = 0

    def take(self, name: str = "", sender: str = "") -> dict[str, Any]:
        """Keep this moment; tells the new snapshot, and under ``dropped`` which made room for it.

        Raises:
            SnapshotError: the name is no text, or too long.
        """
        if not isinstance(name, str) or len(name) > LONGEST_NAME:
            raise SnapshotError(f"name of a snapshot: give a text of at most {LONGEST_NAME} "
                                "characters")
        server, dropped = self.server, None
        if len(self._kept) >= MOST:
            dropped = next(iter(self._kept))
            self.drop(dropped, sender)
        memory = server.hub.keep()
        self._taken += 1
        kept = Kept(self._taken, name, server.tick, server.time, server.utc_s(), memory)
        server.order_all("snapshot", sender, number=kept.number, name=name)
        self._kept[kept.number] = kept
        return {**kept.told(), "dropped": dropped}

    def restore(self, number: int, sender: str = "") -> dict[str, Any]:
        """Go back to a snapshot; it stays. Tells it, and the run's pace now.

        Raises:
            SnapshotError: there is none of that number.
        """
        kept = self._find(number)
        self.server.order_all("restore", sender, number=number)
        self.server.set_clock(kept.time_s)
        self.server.hub.rewound(kept.memory)
        return {**kept.told(), "pace": self.server.pace()}

    def drop(self, number: int, sender: str = "") -> None:
        """Forget a snapshot. Raises SnapshotError where there is none of that number."""
        del self._kept[self._find(number).number]
        self.server.order_all("forget", sender, number=number)

    def listed(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        return [kept.told() for kept in self._kept.values()]

    def __contains__(self, number: int) -> bool:
        return number in self._kept

    def _find(self, number: int) -> Kept:
        kept = self._kept.get(number)
        if kept is None:
            there = ", ".join(map(str, self._kept)) or "none at all"
            raise SnapshotError(f"snapshot {number}: there is none; there are {there}")
        return kept


def apply(aircraft: "LiveAircraft", name: str, arguments: dict[str, Any]) -> None:
    """Carry out on one aircraft what the journal has for all: snapshot, restore or forget."""
    number = int(arguments["number"])
    if name == "snapshot":
        aircraft.keep(number)
    elif name == "restore":
        aircraft.go_back(number)
    else:
        aircraft.checkpoints.pop(number, None)
