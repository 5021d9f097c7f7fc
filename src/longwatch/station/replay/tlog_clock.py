"""The time of a telemetry log whose stamps are a wall clock's: it may be set while it is written.

Where the stamps jump, back or by more than ``JUMP_S``, the vehicle's own clock says how much time
has passed. Without it a jump onward counts as silence after ``WAITED_S``, and one back as none.
"""

from bisect import bisect_right
from collections.abc import Iterable

from longwatch.mavlink.dialect import mavlink
from longwatch.station.replay.tlog_records import Record

JUMP_S, BACK_S, WAITED_S = 10.0, 0.5, 5.0
# A simulated vehicle's clock may stand for seconds while the wall's goes on: only from so much on
# was the wall's clock set onward. No silence lasts longer than the other [s].
SET_S, SILENCE_S = 10.0, 30 * 86_400.0
# Where a payload has milliseconds since boot.
_BOOT = {int(mavlink.MAVLINK_MSG_ID_SYSTEM_TIME): 8, int(mavlink.MAVLINK_MSG_ID_ATTITUDE): 0,
         int(mavlink.MAVLINK_MSG_ID_ATTITUDE_QUATERNION): 0,
         int(mavlink.MAVLINK_MSG_ID_LOCAL_POSITION_NED): 0,
         int(mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT): 0}
_HEAD = {0xFD: 10, 0xFE: 6}


class Clock:
    """Seconds from a log's beginning, by where a record lies in it.

    Attributes:
        utc: of the log's beginning, by the clock as it was set last [s].
    """

    def __init__(self) -> None:
        self._from: list[int] = []
        self._shifts: list[float] = []
        self._stamp = self._time = 0.0
        self._boots: dict[tuple[int, int], tuple[float, float]] = {}
        # What the stamps jumped by, until a vehicle's clock tells; when; how they counted before.
        self._jump: float | None = None
        self._jumped = self._unjumped = 0.0

    @property
    def utc(self) -> float:
        """See the class."""
        return self._shifts[-1] if self._shifts else 0.0

    def take(self, record: Record, ours: Iterable[tuple[int, int]]) -> tuple[float, float]:
        """Time of the next record, and by how much the clock was set before it, 0 mostly.

        ``ours``: the systems and components whose clocks count.
        """
        if not self._from:
            self._begin(record, record.time_s)
        jump = record.time_s - self._stamp if self._stamp else 0.0
        self._stamp = record.time_s
        if not -BACK_S < jump < JUMP_S:
            self._unjumped = self._shifts[-1]
            self._jump, self._jumped = jump, record.time_s
            self._begin(record, record.time_s - self._time)
        elif self._jump is not None and record.time_s - self._jumped > WAITED_S:
            if 0.0 < self._jump < SILENCE_S:
                self._shifts[-1] = self._unjumped
            self._jump = None
        was_set = 0.0
        source, boot = (record.system, record.component), _boot(record)
        if boot is not None and source in ours:
            was_set = self._weigh(record, source, boot)
            self._boots[source] = boot, self.time(record)
        self._time = max(self._time, self.time(record))
        return self._time, was_set

    def _weigh(self, record: Record, source: tuple[int, int], boot: float) -> float:
        """After a jump: let the vehicle's clock say what has passed; by what ours was set."""
        if self._jump is None or source not in self._boots:
            return 0.0
        before, time_s = self._boots[source]
        jump, self._jump = self._jump, None
        if boot < before:  # it began anew: its clock tells nothing
            if 0.0 < jump < SILENCE_S:
                self._shifts[-1] = self._unjumped
            return 0.0
        shift = record.time_s - (time_s + boot - before)
        was_set = shift - self._unjumped
        told = was_set > SET_S or jump < 0.0
        # The stamps since the jump are of the clock as it is now.
        self._shifts[-1] = shift if told else self._unjumped
        return was_set if told else 0.0

    def _begin(self, record: Record, shift: float) -> None:
        self._from.append(record.offset)
        self._shifts.append(shift)

    def time(self, record: Record) -> float:
        """Time of a record that was taken before."""
        return record.time_s - self._shifts[max(bisect_right(self._from, record.offset) - 1, 0)]


def _boot(record: Record) -> float | None:
    """Seconds since boot, where the frame has them."""
    place = _BOOT.get(record.number)
    if place is None:
        return None
    start = _HEAD[record.raw[0]] + place
    end = min(start + 4, _HEAD[record.raw[0]] + record.raw[1])
    return int.from_bytes(record.raw[start:end], "little") * 1e-3
