"""DO_FENCE_ENABLE: whether the aircraft watches its fence.

It is the parameter LW_FENCE_WATCH by another name: areas, ceiling and floor are watched together or
not at all. (MAVLink common.xml, MAV_CMD_DO_FENCE_ENABLE and FENCE_TYPE.)
"""

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Reply, Sender

WATCH = "LW_FENCE_WATCH"
_OFF, _ON = 0.0, 1.0
# FENCE_TYPE: every bit of it, or 0 for whatever there is.
_EVERY = (mavlink.FENCE_TYPE_ALT_MAX | mavlink.FENCE_TYPE_CIRCLE | mavlink.FENCE_TYPE_POLYGON
          | mavlink.FENCE_TYPE_ALT_MIN)


class FenceSwitch(Service):
    """Turns the watch of the fence on and off."""

    commands = (mavlink.MAV_CMD_DO_FENCE_ENABLE,)

    def command(self, command: Command, sender: Sender) -> Reply:
        """On or off as a whole; the floor alone is a parameter."""
        name = "DO_FENCE_ENABLE"
        if command.p1 not in (_OFF, _ON):
            return Reply(mavlink.MAV_RESULT_DENIED, f"{name}: give 0 to disable or 1 to enable; "
                         "the floor alone is LW_FENCE_FLOOR")
        if command.p2 not in (None, 0.0, float(_EVERY)):
            return Reply(mavlink.MAV_RESULT_DENIED, f"{name}: fences are watched all or none: "
                         "give type 0")
        refused = self.craft.order(sender, "parameter", name=WATCH, value=command.p1)
        if refused:
            return Reply(refused.result, f"{name}: {refused}")
        return Reply(mavlink.MAV_RESULT_ACCEPTED)
