"""STATUSTEXT: what happens aboard, in words, as the autopilot itself notes it."""

from typing import Any

from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.events import RING
from longwatch.autopilot.codes import ACTION_NAMES, ACTION_NONE
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft
from longwatch.simulation.happenings import happening

# A poll that finds more than this has missed them: it tells the newest.
MOST_AT_ONCE = 8
# What an observer notes is in the ring as well and not told: the aircraft does not know it.
# Changes of mode are told by HEARTBEAT and CURRENT_MODE.
_UNTOLD = frozenset({
    events.TOUCHDOWN, events.STALL_WARNING, events.OVERSPEED, events.ENGINE_STOPPED,
    events.HARD_LANDING, events.OFF_PAVEMENT, events.IMPACT, events.BEYOND_WEATHER,
    events.BEYOND_TERRAIN, events.MODE})

_SEVERITIES = {"warning": mavlink.MAV_SEVERITY_WARNING, "condition": mavlink.MAV_SEVERITY_NOTICE,
               "failsafe": mavlink.MAV_SEVERITY_CRITICAL,
               "own_fault": mavlink.MAV_SEVERITY_EMERGENCY}


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


    def rewound(self, kept: Any) -> None:
        """What happened before has been told."""
        self._read = int(self.craft.state.events.count)


def text(event: Any) -> tuple[int, str] | None:
    """Severity and text of an event of the ring, None for one that is not told."""
    if int(event.code) in _UNTOLD:
        return None
    told = happening(event)
    severity = _SEVERITIES.get(told["event"], mavlink.MAV_SEVERITY_INFO)
    if told.get("action") == ACTION_NAMES[ACTION_NONE]:
        severity = mavlink.MAV_SEVERITY_NOTICE
    return severity, told["message"]
