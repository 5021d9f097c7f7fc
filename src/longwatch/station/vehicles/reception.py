"""What comes in: frames of many peers, each handed to its vehicle; strangers become vehicles.

Nothing that a peer sends raises, and no peer makes more than a bounded number of vehicles. A
vehicle that is heard on several links is listened to on one, until that falls silent.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import KINDS as MESSAGES
from longwatch.mavlink.frames import Frame
from longwatch.station.vehicles.connections import SYSTEM, Way
from longwatch.station.vehicles.datasheet import Kind
from longwatch.station.vehicles.inspector import Inspector
from longwatch.station.vehicles.links import Hearing
from longwatch.station.vehicles.quantities import BY_MESSAGE
from longwatch.station.vehicles.quantities_systems import LATE_S
from longwatch.station.vehicles.vehicle import FAMILIES, Vehicle

log = logging.getLogger(__name__)

MOST_VEHICLES = 64
FORGOTTEN_S = 60.0
"""Where there are too many, one lost for so long gives way to a new one."""
SAME_CLOCK_S = 10.0
"""So far the clock of one vehicle may differ from link to link."""
# They begin with time_boot_ms.
_CLOCKS = (int(mavlink.MAVLINK_MSG_ID_ATTITUDE), int(mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT))
_HEARTBEAT = int(mavlink.MAVLINK_MSG_ID_HEARTBEAT)
_RADIO = int(mavlink.MAVLINK_MSG_ID_RADIO_STATUS)
_TIMESYNC = int(mavlink.MAVLINK_MSG_ID_TIMESYNC)
# No vehicles: ground stations, and whatever says that it is no autopilot.
_INVALID, _GCS = int(mavlink.MAV_AUTOPILOT_INVALID), int(mavlink.MAV_TYPE_GCS)
_ALWAYS = {*BY_MESSAGE, "STATUSTEXT", "PARAM_VALUE", "AVAILABLE_MODES", "AUTOPILOT_VERSION",
           "TERRAIN_REQUEST"}
_READ = frozenset(number for number, kind in MESSAGES.items() if kind.message.msgname in _ALWAYS)


class Reception(ABC):
    """Ways on one side, vehicles on the other.

    Attributes:
        tap: is handed each frame of a vehicle that comes in, as it was on the wire.
        kind: what Longwatch's own aircraft are.
        inspector: is handed each frame that comes in.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.tap: Callable[[bytes], None] | None = None
        self.inspector = Inspector()
        self._live: dict[int, Vehicle] = {}
        self._ways: list[Way] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @abstractmethod
    def met(self, vehicle: Vehicle) -> None:
        """Somebody new is there."""

    @abstractmethod
    def changed_over(self, vehicle: Vehicle) -> None:
        """A vehicle is listened to on another link from now on."""

    @abstractmethod
    def release(self, identity: str) -> None:
        """Forget a vehicle."""

    def now(self) -> float:
        """The station's seconds."""
        return (self._loop or asyncio.get_running_loop()).time()

    def attach(self, way: Way) -> None:
        """A peer is there."""
        self._ways.append(way)

    def detach(self, way: Way) -> None:
        """A peer is gone for good."""
        if way in self._ways:
            self._ways.remove(way)
        way.connected = False
        for vehicle in self._live.values():
            vehicle.hearings = [h for h in vehicle.hearings if h.way is not way]
            if vehicle.active is not None and vehicle.active.way is way:
                vehicle.active = next((h for h in vehicle.hearings if not h.stranger), None)

    # --------------------------------------------------------------------------- what comes in

    def arrive(self, way: Way, data: bytes, datagram: bool = False) -> None:
        """Bytes of a peer; nothing that they hold raises."""
        now = self.now()
        for frame in way.frames(data, now, datagram):
            try:
                self._frame(way, frame, now)
            except Exception:
                log.exception("a frame of %s could not be taken in", way.name)

    def _frame(self, way: Way, frame: Frame, now: float) -> None:
        system, number = frame.system, frame.number
        if system == 0 or system == SYSTEM:
            return
        vehicle = self._live.get(system)
        if vehicle is None or vehicle.active is None or vehicle.active.way is way:
            self.inspector.take((str(system), frame.component, number), frame, now)
        if number == _RADIO:
            self._radio(way, frame, now)
        if number == _HEARTBEAT:
            vehicle = self._greet(way, frame, vehicle, now)
        if vehicle is None or frame.component != vehicle.component:
            return
        if self.tap is not None:
            self.tap(frame.raw)
        hearing = self._hearing(vehicle, way, now)
        hearing.count(frame.component, frame.sequence, len(frame.raw))
        if number == _HEARTBEAT:
            hearing.beat = now
        if hearing is not vehicle.active:
            # Another link takes over when the one in use has fallen silent.
            if vehicle.active is not None and now - vehicle.active.beat < LATE_S:
                self._compare(vehicle, hearing, frame)
                return
            if hearing.stranger:
                return
            vehicle.active = hearing
            self.changed_over(vehicle)
        if number == _TIMESYNC:
            self._synced(hearing, frame.message, now)
        elif number in _READ or vehicle.exchange.wanted(frame.name):
            message = frame.message
            if message is not None:
                vehicle.take(message, now)

    def _compare(self, vehicle: Vehicle, hearing: Hearing, frame: Frame) -> None:
        """Whether who is heard on a link that is not in use is the vehicle at all: he must not be
        sent, as this link falls silent, what is meant for it."""
        if frame.number not in _CLOCKS or vehicle.boot is None:
            return
        boot = int.from_bytes((frame.payload + bytes(4))[:4], "little") * 1e-3
        stranger = abs(boot - vehicle.boot) > SAME_CLOCK_S
        if stranger and not hearing.stranger:
            log.warning("%s: another vehicle with the system id %d is heard; give it an id of its "
                        "own", hearing.way.name, vehicle.system)
        hearing.stranger = stranger

    def _radio(self, way: Way, frame: Frame, now: float) -> None:
        """A radio's report is about the link, whoever's id it goes by."""
        for vehicle in self._live.values():
            if vehicle.active is not None and vehicle.active.way is way and (
                    frame.component != vehicle.component):
                vehicle.take(frame.message, now)

    def _hearing(self, vehicle: Vehicle, way: Way, now: float) -> Hearing:
        for hearing in vehicle.hearings:
            if hearing.way is way:
                return hearing
        hearing = Hearing(way, now)
        vehicle.hearings.append(hearing)
        return hearing

    def _greet(self, way: Way, frame: Frame, known: Vehicle | None, now: float) -> Vehicle | None:
        """Whose heartbeat it is: somebody new, perhaps, or another one under an old id."""
        beat = frame.message
        if beat.autopilot == _INVALID or beat.type == _GCS:
            return known
        family = FAMILIES.get(beat.autopilot, "generic")
        if known is not None and known.family == family and not self._left(known, way, now):
            return known
        if known is not None:
            if now - known.beat < LATE_S:
                return known  # two vehicles under one id: the one that was first is shown
            self.release(known.id)
        if not self._room(now):
            return None
        vehicle = Vehicle(str(frame.system), frame.system, frame.component, family=family,
                          aircraft=self.kind)
        vehicle.beat = vehicle.heard = now
        vehicle.active = self._hearing(vehicle, way, now)
        self._live[frame.system] = vehicle
        self.met(vehicle)
        return vehicle

    def _left(self, known: Vehicle, way: Way, now: float) -> bool:
        """Whether a vehicle is gone for so long that another under its id is shown instead."""
        return now - known.beat >= FORGOTTEN_S and any(
            hearing.stranger for hearing in known.hearings if hearing.way is way)

    def _room(self, now: float) -> bool:
        """Whether another vehicle has a place, or one lost for long gives its own."""
        if len(self._live) < MOST_VEHICLES:
            return True
        oldest = min(self._live.values(), key=lambda vehicle: vehicle.beat)
        if now - oldest.beat < FORGOTTEN_S:
            return False
        self.release(oldest.id)
        return True

    def _synced(self, hearing: Hearing, message: Any, now: float) -> None:
        trip = now - message.ts1 * 1e-9
        if message.tc1 != 0 and 0.0 <= trip < 30.0:
            hearing.round_trip = trip if hearing.round_trip is None else (
                0.7 * hearing.round_trip + 0.3 * trip)
