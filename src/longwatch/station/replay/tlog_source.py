"""A telemetry log, of Longwatch or of any ground station, as a replay's source.

It is walked once, header by header: where each stretch of time begins, and where the last message
of each kind lies by then. So any moment is there after reading some hundred messages. What is
damaged is passed over, and said.
"""

import math
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longwatch.errors import LogError
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import KINDS, Frame, checksum, received_checksum
from longwatch.station.replay.sources import (
    ADVISORY,
    CAUTION,
    TRAIL_SPACING_S,
    WARNING,
    Event,
    Recorded,
    Told,
    most_telling,
)
from longwatch.station.replay.tlog_clock import Clock
from longwatch.station.replay.tlog_plans import NUMBERS, Plans
from longwatch.station.replay.tlog_records import Record, records
from longwatch.station.vehicles.modes import Modes
from longwatch.station.vehicles.status_text import StatusTexts
from longwatch.station.vehicles.vehicle import FAMILIES

# Whole states are indexed at this spacing [s], and at least every so many messages.
INDEX_S, INDEX_MESSAGES = 10.0, 4000
# Messages that all whole states name together; beyond, every second state is let go.
MOST_INDEXED = 2_000_000
# More messages than this in one step: only the last of each kind is told.
MOST_AT_ONCE = 400
MOST_VEHICLES = 16
NO_PLACE_E7 = 1000
# Kinds of messages, parameters each one of its own, that a whole state names; texts that are held
# until the most telling are picked: a log that was made to fill the memory does not.
MOST_KINDS, MOST_TEXTS = 50_000, 20_000
_HEARTBEAT, _POSITION, _TEXT = (int(mavlink.MAVLINK_MSG_ID_HEARTBEAT),
                                int(mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT),
                                int(mavlink.MAVLINK_MSG_ID_STATUSTEXT))
_NO_VEHICLES = {int(mavlink.MAV_TYPE_GCS), int(mavlink.MAV_TYPE_ONBOARD_CONTROLLER),
                int(mavlink.MAV_TYPE_GIMBAL), int(mavlink.MAV_TYPE_CAMERA),
                int(mavlink.MAV_TYPE_ADSB)}
_INVALID = int(mavlink.MAV_AUTOPILOT_INVALID)
_ARMED = int(mavlink.MAV_MODE_FLAG_SAFETY_ARMED)
# Messages of which there are many of one kind: the bytes of the payload that tell them apart.
_APART = {int(mavlink.MAVLINK_MSG_ID_PARAM_VALUE): slice(8, 24),
          int(mavlink.MAVLINK_MSG_ID_AVAILABLE_MODES): slice(8, 10),
          int(mavlink.MAVLINK_MSG_ID_BATTERY_STATUS): slice(32, 33),
          int(mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT): slice(8, 18)}
_CRITICAL, _WARNING_LEVEL, _DEBUG = 2, 4, 7
_PLACE = struct.Struct("<Iiii")

Latest = dict[tuple[int, bytes], int]


class TlogSource:
    """See :class:`longwatch.station.replay.sources.Source`.

    Raises:
        LogError: the file holds no telemetry of a vehicle, or cannot be read.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.note = ""
        self.vehicles: list[Recorded] = []
        self.events: list[Event] = []
        self.begin_s = self.duration_s = 0.0
        self._clock = Clock()
        self._known: dict[tuple[int, int], Recorded] = {}
        self._modes: dict[str, Modes] = {}
        self._texts: dict[str, StatusTexts] = {}
        self._states: dict[str, tuple[bool, int]] = {}
        self._times, self._offsets = array("d"), array("Q")
        self._states_at: list[array[int]] = []
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise LogError(f"{name}: cannot be read ({error.strerror}); check the name and the "
                           "permissions") from None
        try:
            self._index(name)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    # ------------------------------------------------------------------------- the index

    def _index(self, name: str) -> None:
        latest: Latest = {}
        plans = Plans()
        due, count, passed, indexed, spacing = 0.0, 0, 0, 0, INDEX_S
        time_s = 0.0
        for record in records(self._file, 0):
            time_s, was_set = self._clock.take(record, self._known)
            if was_set:
                self.events.append(Event(time_s, CAUTION, _set_by(was_set)))
            passed = record.passed
            if time_s >= due or count >= INDEX_MESSAGES:
                self._times.append(time_s)
                self._offsets.append(record.offset)
                self._states_at.append(array("Q", sorted(latest.values())))
                due, count = time_s + spacing, 0
                indexed += len(latest)
                if indexed > MOST_INDEXED:
                    indexed, spacing = self._thin(), 2.0 * spacing
            count += 1
            self._look(record, time_s)
            if record.number in NUMBERS:
                frame = _whole(record)
                if frame is not None and frame.message is not None:
                    plans.take(frame.message, time_s, self._known)
            key = _kind_of(record)
            if key is not None and (record.system, record.component) in self._known and (
                    key in latest or len(latest) < MOST_KINDS):
                latest[key] = record.offset
            if len(self.events) > MOST_TEXTS:
                self.events = most_telling(self.events)
        if not self.vehicles:
            raise LogError(f"{name}: holds no telemetry of a vehicle; name a .tlog of a ground "
                           "station, or a folder that a flight has written")
        for vehicle in self.vehicles:
            vehicle.plans = plans.aboard.get(vehicle.system, [])
            self._note_texts(self._texts[vehicle.key].overdue(math.inf), time_s)
        self.begin_s, self.duration_s = self._clock.utc, time_s
        if passed:
            self.note = f"{passed} damaged bytes were passed over"
            self.events.append(Event(0.0, CAUTION, self.note))
        self.events = most_telling(self.events)

    def _thin(self) -> int:
        """Let go of every second whole state; how many messages are named still."""
        self._times, self._offsets = self._times[::2], self._offsets[::2]
        self._states_at = self._states_at[::2]
        return sum(map(len, self._states_at))

    def _look(self, record: Record, time_s: float) -> None:
        """Vehicles, their trails, and what is worth jumping to."""
        if record.number == _HEARTBEAT:
            self._heartbeat(record, time_s)
        elif record.number == _POSITION:
            vehicle = self._known.get((record.system, record.component))
            if vehicle is not None and (not vehicle.trail or
                                        time_s - vehicle.trail[-1][0] >= TRAIL_SPACING_S):
                self._point(vehicle, record, time_s)
        elif record.number == _TEXT:
            vehicle = self._known.get((record.system, record.component))
            frame = _whole(record) if vehicle is not None else None
            if vehicle is not None and frame is not None:
                texts = self._texts[vehicle.key]
                self._note_texts(texts.take(frame.message, time_s) + texts.overdue(time_s), time_s)

    def _note_texts(self, texts: list[tuple[int, str]], time_s: float) -> None:
        for severity, words in texts:
            if severity < _DEBUG and words:
                level = (WARNING if severity <= _CRITICAL else
                         CAUTION if severity <= _WARNING_LEVEL else ADVISORY)
                self.events.append(Event(time_s, level, words))

    def _heartbeat(self, record: Record, time_s: float) -> None:
        frame = _whole(record)
        if frame is None:
            return
        beat = frame.message
        key = (record.system, record.component)
        vehicle = self._known.get(key)
        if vehicle is None:
            if (beat.type in _NO_VEHICLES or beat.autopilot == _INVALID or record.system == 0
                    or any(system == record.system for system, _ in self._known)
                    or len(self._known) >= MOST_VEHICLES):
                return
            family = FAMILIES.get(int(beat.autopilot), "generic")
            vehicle = Recorded(str(record.system), record.system, record.component, family)
            self._known[key] = vehicle
            self.vehicles.append(vehicle)
            self._modes[vehicle.key] = Modes(family)
            self._texts[vehicle.key] = StatusTexts()
        armed, mode = bool(beat.base_mode & _ARMED), int(beat.custom_mode)
        before = self._states.get(vehicle.key)
        self._states[vehicle.key] = armed, mode
        if before is not None and before[0] != armed:
            self.events.append(Event(time_s, ADVISORY, "armed" if armed else "disarmed"))
        if before is not None and before[1] != mode:
            name = self._modes[vehicle.key].name(mode)
            self.events.append(Event(time_s, ADVISORY, f"mode {name}"))

    def _point(self, vehicle: Recorded, record: Record, time_s: float) -> None:
        frame = _whole(record)
        if frame is None:
            return
        payload = frame.payload
        boot, latitude, longitude, altitude = _PLACE.unpack(
            (payload + bytes(_PLACE.size))[:_PLACE.size])
        # ArduPilot tells some 1e-7 degrees beside 0 N 0 E before its first fix.
        if max(abs(latitude), abs(longitude)) > NO_PLACE_E7:
            vehicle.trail.append((time_s, boot * 1e-3, latitude * 1e-7, longitude * 1e-7,
                                  altitude * 1e-3))

    # -------------------------------------------------------------------------- reading

    def state_at(self, time_s: float) -> list[Told]:
        """Everything that was known at a time."""
        place = max(bisect_right(self._times, time_s) - 1, 0)
        latest: Latest = {}
        for offset in self._states_at[place]:
            record = next(records(self._file, offset), None)
            key = None if record is None else _kind_of(record)
            if record is not None and key is not None:
                latest[key] = offset
        for record in self._from(place, time_s):
            key = _kind_of(record)
            if key is not None:
                latest[key] = record.offset
        return list(self._at(sorted(latest.values()), time_s))

    def between(self, after_s: float, until_s: float) -> list[Told]:
        """What was told after a time and until another; of much, the last of each kind."""
        place = max(bisect_right(self._times, after_s) - 1, 0)
        found = [record for record in self._from(place, until_s)
                 if self._clock.time(record) > after_s]
        if len(found) > MOST_AT_ONCE:
            latest: dict[Any, Record] = {}
            for record in found:
                key = _kind_of(record)
                if key is not None:
                    latest[key] = record
            found = sorted(latest.values(), key=lambda record: record.offset)
        return [told for record in found for told in self._told(record, until_s)]

    def _from(self, place: int, until_s: float) -> Iterator[Record]:
        """What stands in the log from an index on and until a time, of its vehicles."""
        for record in records(self._file, self._offsets[place]):
            if self._clock.time(record) > until_s:
                return
            if (record.system, record.component) in self._known:
                yield record

    def _at(self, offsets: list[int], time_s: float) -> Iterator[Told]:
        for offset in offsets:
            record = next(records(self._file, offset), None)
            if record is not None:
                yield from self._told(record, time_s)

    def _told(self, record: Record, time_s: float) -> Iterator[Told]:
        frame = _whole(record)
        if frame is not None and frame.message is not None:
            yield Told(min(self._clock.time(record), time_s),
                       self._known[record.system, record.component].key, frame.message)


def _set_by(seconds: float) -> str:
    days = abs(seconds) / 86_400.0
    much = f"{days:.0f} days" if days >= 2.0 else f"{abs(seconds):.0f} s"
    return (f"the clock of the station that wrote this log was set {much} "
            f"{'forward' if seconds > 0.0 else 'back'} here; the vehicle's own clock orders it")


def _kind_of(record: Record) -> tuple[int, bytes] | None:
    """What later messages take the place of this one; None of those that tell no state."""
    if record.number == _TEXT:
        return None
    apart = _APART.get(record.number)
    more = b"" if apart is None else Frame(record.raw).payload[apart]
    return (record.number << 16 | record.system << 8 | record.component), more


def _whole(record: Record) -> Frame | None:
    """The frame, where it is known and its checksum is right."""
    kind = KINDS.get(record.number)
    if kind is None:
        return None
    frame = Frame(record.raw)
    return frame if checksum(frame, kind.crc_extra) == received_checksum(frame) else None
