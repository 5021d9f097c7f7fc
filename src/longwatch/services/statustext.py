"""STATUSTEXT: what happens aboard, in words, as the autopilot itself notes it."""

from typing import Any

from longwatch.autopilot import events, modes
from longwatch.autopilot.events import RING
from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Craft, Service

# A poll that finds more than this has missed them: it tells the newest.
MOST_AT_ONCE = 8
_INFO, _NOTICE, _WARNING = (mavlink.MAV_SEVERITY_INFO, mavlink.MAV_SEVERITY_NOTICE,
                            mavlink.MAV_SEVERITY_WARNING)
# What the autopilot notes: severity and text. What an observer notes (how hard it touched down) is
# in the ring as well and not told: the aircraft does not know it.
_TEXTS = {
    events.PHASE: (_INFO, "{phase}"),
    events.ITEM_REACHED: (_INFO, "item {number} reached"),
    events.SPEED_CHANGED: (_INFO, "item {number}: {value:.1f} m/s from here on"),
    events.JUMPED: (_INFO, "item {number}: back to item {value:.0f}"),
    events.GO_AROUND: (_NOTICE, "go-around {number}"),
    events.LIFT_OFF: (_INFO, "lift-off at {value:.1f} m/s"),
    events.LOITER_BEGUN: (_INFO, "item {number}: on the circle"),
    events.FEATHERED: (_WARNING, "propeller {number} feathered"),
    events.GEAR_UP: (_INFO, "landing gear up"),
    events.GEAR_DOWN: (_INFO, "landing gear down"),
    events.TAKEOFF_REJECTED: (_WARNING, "take-off rejected at {value:.1f} m/s"),
    events.RETURNING: (_WARNING, "returns: the mission's altitudes are out of reach"),
}


class StatusText(Service):
    """Tells everybody what the autopilot notes."""

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._read = int(craft.state.events.count)

    def poll(self, wall: float) -> None:
        """Tell what has been noted since the last time."""
        ring = self.craft.state.events
        count = int(ring.count)
        if count < self._read:
            # The aircraft has been put back to its start.
            self._read = 0
        for number in range(max(self._read, count - min(RING, MOST_AT_ONCE)), count):
            told = text(ring.entries[number % RING])
            if told is not None:
                self.craft.say(*told)
        self._read = count


def text(event: Any) -> tuple[int, str] | None:
    """Severity and text of an event of the ring, None for one the aircraft cannot know."""
    known = _TEXTS.get(int(event.code))
    if known is None:
        return None
    severity, words = known
    number = int(event.number)
    phase = modes.PHASE_NAMES[number] if int(event.code) == events.PHASE else ""
    return severity, words.format(number=number, value=float(event.value), phase=phase)
