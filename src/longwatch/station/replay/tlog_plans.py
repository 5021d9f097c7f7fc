"""The plans that pass through a telemetry log: what lies aboard a vehicle from when on.

The mission protocol is followed both ways, as MAVLink's "Mission Protocol" has it: what a vehicle
tells of its own counts from its last item on; what a station writes counts once the vehicle accepts
it, and nothing of it where the vehicle refuses. A log of one direction alone will do, as a station
reads back what it has written.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.replay.sources import Kept
from longwatch.station.vehicles.plans import KINDS, MOST_ITEMS, PlanAboard, PlanItem, from_message

NAMES = {number: name for name, number in KINDS.items()}
# Transfers under way at once, and items of all plans of a log: one made to fill the memory stops.
MOST_OPEN, MOST_KEPT = 32, 200_000
ACCEPTED = int(mavlink.MAV_MISSION_ACCEPTED)
NUMBERS = frozenset(int(number) for number in (
    mavlink.MAVLINK_MSG_ID_MISSION_COUNT, mavlink.MAVLINK_MSG_ID_MISSION_ITEM,
    mavlink.MAVLINK_MSG_ID_MISSION_ITEM_INT, mavlink.MAVLINK_MSG_ID_MISSION_ACK,
    mavlink.MAVLINK_MSG_ID_MISSION_CLEAR_ALL,
    mavlink.MAVLINK_MSG_ID_MISSION_WRITE_PARTIAL_LIST))
"""Messages that ``Plans.take`` reads."""


@dataclass
class _Transfer:
    count: int
    begun: tuple[PlanItem, ...] = ()  # what a partial list is written into
    items: dict[int, PlanItem] = field(default_factory=dict)

    @property
    def whole(self) -> tuple[PlanItem, ...] | None:
        """All items, None while some are missing."""
        there = {**dict(enumerate(self.begun)), **self.items}
        found = tuple(there[i] for i in range(self.count) if i in there)
        return found if len(found) == self.count else None


class Plans:
    """What becomes of the plans of a log's vehicles; ``aboard`` by system, in order of time."""

    def __init__(self) -> None:
        self.aboard: dict[int, list[Kept]] = {}
        self._open: dict[tuple[int, int, int, bool], _Transfer] = {}
        self._known: dict[tuple[int, int], PlanAboard] = {}
        self._room = MOST_KEPT

    def take(self, message: Any, time_s: float, ours: Collection[tuple[int, int]]) -> None:
        """Take in a message of NUMBERS; ``ours``: systems and components of the vehicles."""
        sender, target = int(message.get_srcSystem()), int(message.target_system)
        # A vehicle tells of its own plan; whoever else speaks to one, a computer aboard it too,
        # writes it.
        told = (sender, int(message.get_srcComponent())) in ours
        kind = int(getattr(message, "mission_type", 0) or 0)
        if kind not in NAMES:
            return
        name = message.get_type()
        if name == "MISSION_ACK":
            if told:
                self._acknowledged(sender, target, kind, int(message.type), time_s)
            return
        vehicle, other = (sender, target) if told else (target, sender)
        if not any(system == vehicle for system, _ in ours):
            return
        key = vehicle, other, kind, told
        if name == "MISSION_COUNT":
            self._begin(key, _Transfer(int(message.count)))
        elif name == "MISSION_CLEAR_ALL":
            self._begin(key, _Transfer(0))
        elif name == "MISSION_WRITE_PARTIAL_LIST":
            before = self._known.get((vehicle, kind))
            if before is not None:
                self._begin(key, _Transfer(len(before.items), before.items))
        elif key in self._open:
            self._open[key].items[int(message.seq)] = from_message(message)
        found = self._open.get(key)
        whole = found.whole if told and found is not None else None
        if whole is not None:
            del self._open[key]
            self._lies(vehicle, kind, PlanAboard(whole, "download"), time_s)

    def _begin(self, key: tuple[int, int, int, bool], transfer: _Transfer) -> None:
        self._open.pop(key, None)
        if transfer.count <= MOST_ITEMS:
            self._open[key] = transfer
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]

    def _acknowledged(self, vehicle: int, other: int, kind: int, result: int,
                      time_s: float) -> None:
        found = self._open.get((vehicle, other, kind, False))
        if found is None:
            return
        whole = found.whole
        if result == ACCEPTED and whole is None:
            return  # it belongs to something earlier
        del self._open[vehicle, other, kind, False]
        if result == ACCEPTED and whole is not None:
            self._lies(vehicle, kind, PlanAboard(whole, "upload"), time_s)

    def _lies(self, vehicle: int, kind: int, plan: PlanAboard, time_s: float) -> None:
        before = self._known.get((vehicle, kind))
        if before is not None and before.digest == plan.digest:
            return
        self._room -= len(plan.items)
        if self._room >= 0:
            self._known[vehicle, kind] = plan
            self.aboard.setdefault(vehicle, []).append(Kept(time_s, NAMES[kind], plan))
