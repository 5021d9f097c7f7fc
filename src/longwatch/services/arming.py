"""Arming, disarming, and starting over."""

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Command, Refusal, Refused, Reply, Sender
from longwatch.services.places import flag
from longwatch.services.status import Status

# COMPONENT_ARM_DISARM's second parameter that overrides checks (MAVLink common.xml).
FORCE = 21196.0
# PREFLIGHT_REBOOT_SHUTDOWN: its first parameter that reboots the autopilot, its sixth that does so
# whatever state it is in (REBOOT_SHUTDOWN_CONDITIONS_FORCE).
_REBOOT, _REBOOT_FORCE = 1.0, 20190226.0


class Arming(Service):
    """Arms after the checks, disarms on the ground, puts the aircraft back to the start."""

    commands = (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN)

    def command(self, command: Command, sender: Sender) -> Reply:
        """COMPONENT_ARM_DISARM; PREFLIGHT_REBOOT_SHUTDOWN, which starts over from the runway."""
        if command.number == mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN:
            return self._reboot(command, sender)
        wanted = flag(command.p1, "COMPONENT_ARM_DISARM", 1)
        force = self._forced(command.p2)
        if wanted:
            return self._arm(force, sender)
        return self._done("disarm", self.craft.order(sender, "disarm", force=force))

    def _forced(self, value: float | None) -> bool:
        if value not in (None, 0.0, FORCE):
            raise Refused(mavlink.MAV_RESULT_DENIED,
                          f"COMPONENT_ARM_DISARM: parameter 2 must be 0, or {FORCE:.0f} to force")
        return value == FORCE

    def _arm(self, force: bool, sender: Sender) -> Reply:
        if self.craft.state.autopilot.crew.armed:
            return Reply(mavlink.MAV_RESULT_ACCEPTED)
        status = self.component.find(Status)
        objections = () if force else status.all_objections()
        if objections:
            status.tell(objections[1:], sender)
            return Reply(mavlink.MAV_RESULT_TEMPORARILY_REJECTED,
                         f"{self.craft.profile.objection}: {objections[0]}")
        return self._done("arm", self.craft.order(sender, "arm"))

    def _reboot(self, command: Command, sender: Sender) -> Reply:
        """Of the autopilot; other components that it names are not here, and nothing is done."""
        if command.p1 != _REBOOT:
            return Reply(mavlink.MAV_RESULT_UNSUPPORTED)
        if command.p6 not in (None, 0.0, _REBOOT_FORCE):
            return Reply(mavlink.MAV_RESULT_DENIED, "reboot: parameter 6 must be 0, or "
                         f"{_REBOOT_FORCE:.0f} to force")
        refused = self.craft.order(sender, "reboot", force=command.p6 == _REBOOT_FORCE)
        return self._done("reboot", refused)

    def _done(self, what: str, refused: Refusal) -> Reply:
        if refused:
            return Reply(refused.result, f"{what}: {refused}")
        return Reply(mavlink.MAV_RESULT_ACCEPTED)
