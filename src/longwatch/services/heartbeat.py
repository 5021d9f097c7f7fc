"""HEARTBEAT: once a second of wall time, whatever the simulated clock does.

A change of mode or of arming is told at once, since at high speed a mode may last less than a
second; and so is the aircraft to a link that is new.
"""

from typing import Any

from longwatch.autopilot.codes import MODE_ALTITUDE, MODE_CRUISE, MODE_GLIDE
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft
from longwatch.simulation.run import FAULT

PERIOD = 1.0
# Changes are told no closer together than this [s of wall time].
CHANGE_PERIOD = 0.1
# base_mode of a mode flown by sticks, and of one flown by the autopilot (MAV_MODE_FLAG).
_STICKS = (mavlink.MAV_MODE_FLAG_MANUAL_INPUT_ENABLED | mavlink.MAV_MODE_FLAG_STABILIZE_ENABLED)
_ALONE = (mavlink.MAV_MODE_FLAG_AUTO_ENABLED | mavlink.MAV_MODE_FLAG_GUIDED_ENABLED
          | mavlink.MAV_MODE_FLAG_STABILIZE_ENABLED)


class Heartbeat(Service):
    """Says once a second that the aircraft is there, in which mode, armed or not."""

    provides = (mavlink.MAVLINK_MSG_ID_HEARTBEAT,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._due = 0.0
        self._told = (0.0, 0, False)
        self._links: set[int] = set()

    def provide(self, message_id: int) -> Any:
        craft = self.craft
        crew = craft.state.autopilot.crew
        mode = int(crew.mode)
        base = _STICKS if mode in (MODE_ALTITUDE, MODE_CRUISE) else _ALONE
        base |= mavlink.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED
        if crew.armed:
            base |= mavlink.MAV_MODE_FLAG_SAFETY_ARMED
        return mavlink.MAVLink_heartbeat_message(
            mavlink.MAV_TYPE_FIXED_WING, craft.profile.autopilot, base,
            craft.profile.shown(mode).custom_mode, system_status(craft), 3)

    def poll(self, wall: float) -> None:
        self._greet(wall < self._due)
        crew = self.craft.state.autopilot.crew
        then, mode, armed = self._told
        changed = (int(crew.mode), bool(crew.armed)) != (mode, armed)
        if wall < self._due and not (changed and wall - then >= CHANGE_PERIOD):
            return
        self._told = (wall, int(crew.mode), bool(crew.armed))
        if wall < self._due:
            self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_HEARTBEAT))
            return
        # A late poll shifts the beat; it never sends two at once to catch up.
        self._due = wall + PERIOD if wall - self._due > 0.5 * PERIOD else self._due + PERIOD
        self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_HEARTBEAT))

    def _greet(self, between_beats: bool) -> None:
        links = set(self.craft.links())
        for link in links - self._links if between_beats else ():
            self.craft.send(self.provide(mavlink.MAVLINK_MSG_ID_HEARTBEAT), link)
        self._links = links


def system_status(craft: Craft) -> int:
    """MAV_STATE of the aircraft by what it knows of itself."""
    autopilot = craft.state.autopilot
    if craft.simulation.outcome == FAULT:
        return mavlink.MAV_STATE_EMERGENCY
    if not autopilot.estimate.aligned:
        return mavlink.MAV_STATE_BOOT
    if not autopilot.crew.armed:
        return mavlink.MAV_STATE_STANDBY
    if autopilot.crew.mode == MODE_GLIDE:
        return mavlink.MAV_STATE_EMERGENCY
    return mavlink.MAV_STATE_CRITICAL if autopilot.failsafe.acting else mavlink.MAV_STATE_ACTIVE
