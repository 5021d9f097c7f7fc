"""Plans up and down by the mission protocol, over links that lose packets.

An upload goes at the vehicle's pace; where it falls silent, what it may have missed is sent again.
What breaks off changes nothing of what the station knows to be aboard. (MAVLink, "Mission
Protocol".)
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from longwatch.errors import LongwatchError
from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.exchange import for_us
from longwatch.station.vehicles.plans import (
    KINDS,
    MOST_ITEMS,
    PlanAboard,
    PlanItem,
    from_message,
    item_name,
)
from longwatch.station.vehicles.vehicle import Vehicle

Progress = Callable[[int, int], None]
ACCEPTED, CANCELLED = int(mavlink.MAV_MISSION_ACCEPTED), 15
# A silent vehicle is asked again after so long, and given up after so long [s].
FIRST_WAIT, LEAST_WAIT, ROUND_TRIPS, UPLOAD_WAIT = 0.7, 0.25, 4.0, 1.5
TRIES, PATIENCE = 12, 15.0
_RESULTS = {
    1: "an error", 2: "a frame it does not know", 3: "plans of this type it does not know",
    4: "no space for so many items", 5: "an item that is invalid", 6: "parameter 1 invalid",
    7: "parameter 2 invalid", 8: "parameter 3 invalid", 9: "parameter 4 invalid",
    10: "latitude or parameter 5 invalid", 11: "longitude or parameter 6 invalid",
    12: "altitude or parameter 7 invalid", 13: "items out of order", 14: "it is denied now",
    15: "cancelled"}
_UNSUPPORTED = 3


class TransferError(LongwatchError):
    """A plan that did not get through; what is aboard is as it was."""


def _answers(kind: int) -> Callable[[Any], bool]:
    # MISSION_ITEM and its kin without the extension read as a mission.
    return lambda m: isinstance(m, tuple) or (
        for_us(m) and int(getattr(m, "mission_type", 0)) == kind)


# ------------------------------------------------------------------------------- download


async def download(vehicle: Vehicle, kind: str, progress: Progress) -> PlanAboard:
    """Read a plan. Raises TransferError."""
    number = KINDS[kind]
    with vehicle.exchange.listen("MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_ITEM",
                                 "MISSION_ACK", where=_answers(number)) as box:
        count = await _ask(vehicle, box, kind, lambda: mavlink.MAVLink_mission_request_list_message(
            vehicle.system, vehicle.component, number), lambda m: m.get_type() == "MISSION_COUNT")
        if count.count > MOST_ITEMS:
            raise TransferError(f"{kind}: {vehicle.name} tells of {count.count} items; at most "
                                f"{MOST_ITEMS} are read")
        items: list[PlanItem] = []
        for sequence in range(int(count.count)):
            progress(sequence, int(count.count))
            message = await _ask(
                vehicle, box, kind,
                lambda s=sequence: mavlink.MAVLink_mission_request_int_message(  # type: ignore[misc]
                    vehicle.system, vehicle.component, s, number),
                lambda m, s=sequence: (  # type: ignore[misc]
                    m.get_type().startswith("MISSION_ITEM") and m.seq == s))
            items.append(from_message(message))
        vehicle.send(mavlink.MAVLink_mission_ack_message(
            vehicle.system, vehicle.component, ACCEPTED, number))
        progress(len(items), len(items))
    return PlanAboard(tuple(items), "download", int(getattr(count, "opaque_id", 0)))


async def _ask(vehicle: Vehicle, box: Any, kind: str, make: Callable[[], Any],
               wanted: Callable[[Any], bool]) -> Any:
    """Send until the answer comes; a refusal ends it."""
    loop = asyncio.get_running_loop()
    for _ in range(TRIES):
        trip = vehicle.round_trip
        wait = FIRST_WAIT if trip is None else min(max(LEAST_WAIT, ROUND_TRIPS * trip), 3.0)
        vehicle.send(make())
        end = loop.time() + wait
        while (left := end - loop.time()) > 0.0:
            message = await box.next(left)
            if message is None:
                break
            if wanted(message):
                return message
            if message.get_type() == "MISSION_ACK" and message.type not in (ACCEPTED,):
                raise TransferError(f"{kind}: {vehicle.name} answers "
                                    f"{_RESULTS.get(int(message.type), 'an error')}")
    raise TransferError(f"{kind}: {vehicle.name} does not answer; try again when the link is "
                        "better")


# --------------------------------------------------------------------------------- upload


async def upload(vehicle: Vehicle, kind: str, items: Sequence[PlanItem],
                 progress: Progress, first: int = 0) -> None:
    """Write a plan, replacing the one aboard; ``first`` is the index of the first item that people
    count. Raises TransferError with the vehicle's reason and the item that it speaks of."""
    number = KINDS[kind]
    with vehicle.exchange.listen("MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK", "TEXT",
                                 where=_answers(number)) as box:
        await _Upload(vehicle, kind, number, items, progress, box, first).run()


class _Upload:
    """One upload: what was sent last is sent again where nothing is heard."""

    def __init__(self, vehicle: Vehicle, kind: str, number: int, items: Sequence[PlanItem],
                 progress: Progress, box: Any, first: int) -> None:
        self.vehicle, self.kind, self.number, self.first = vehicle, kind, number, first
        self.items, self.progress, self.box = items, progress, box
        self.texts: deque[str] = deque(maxlen=20)
        self._last: Any = None
        self._reached = 0  # items that were asked for
        self._sent: int | None = None  # the one that was sent last

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self._begin()
        heard = asked = loop.time()
        try:
            while True:
                message = await self.box.next(max(asked + UPLOAD_WAIT - loop.time(), 0.0))
                if isinstance(message, tuple):  # words are no sign that it goes on
                    self.texts.append(message[1])
                if message is None or isinstance(message, tuple):
                    if loop.time() - heard > PATIENCE:
                        raise TransferError(f"{self.kind}: {self.vehicle.name} fell silent; the "
                                            "old one stays aboard")
                    if asked + UPLOAD_WAIT - loop.time() <= 0.0:
                        asked = loop.time()
                        self.vehicle.send(self._last)
                    continue
                heard = asked = loop.time()
                if message.get_type() != "MISSION_ACK":
                    self._answer(message)
                elif await self._ended(int(message.type)):
                    return
        except asyncio.CancelledError:
            self.vehicle.send(mavlink.MAVLink_mission_ack_message(
                self.vehicle.system, self.vehicle.component, CANCELLED, self.number))
            raise

    def _begin(self) -> None:
        v = self.vehicle
        self._last = (
            mavlink.MAVLink_mission_count_message(v.system, v.component, len(self.items),
                                                  self.number) if self.items else
            mavlink.MAVLink_mission_clear_all_message(v.system, v.component, self.number))
        v.send(self._last)
        self.progress(0, len(self.items))

    def _answer(self, message: Any) -> None:
        """The item, in whole numbers to the older request too (common.xml, MISSION_REQUEST)."""
        sequence = int(message.seq)
        if sequence >= len(self.items):
            return
        self._last = self.items[sequence].message(
            self.vehicle.system, self.vehicle.component, sequence, self.number)
        self.vehicle.send(self._last)
        self._reached, self._sent = max(self._reached, sequence + 1), sequence
        self.progress(sequence + 1, len(self.items))

    async def _ended(self, result: int) -> bool:
        if result == ACCEPTED:
            # One that comes before the last item was asked for belongs to something earlier.
            return self._reached >= len(self.items)
        while (found := await self.box.next(0.3)) is not None:
            if isinstance(found, tuple):
                self.texts.append(found[1])
        reason, last = _RESULTS.get(result, "an error"), self._sent
        reasons = [reason, *list(self.texts)[-1:]]
        if last is not None:
            if result == _UNSUPPORTED:
                reasons[0] = "a command that it does not know"
            reasons.insert(0, item_name(self.kind, self.items[last], last, self.first))
        raise TransferError(f"{self.kind}: {self.vehicle.name} refuses it, the old one stays "
                            f"aboard: {': '.join(reasons)}")
