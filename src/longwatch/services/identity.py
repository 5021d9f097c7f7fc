"""Who the aircraft is: AUTOPILOT_VERSION with its capabilities, PROTOCOL_VERSION."""

import hashlib
from importlib.metadata import version
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service

# Version of the interface, by profile: clients warn of old ones (PX4's below 1.4.1) and choose
# their habits by it. Longwatch's own version stands in middleware_sw_version.
INTERFACE_VERSION = {"px4": (1, 16, 0), "ardupilot": (4, 6, 0), "generic": (1, 16, 0)}
_OFFICIAL = 255
MAVLINK_2 = 200
LONGWATCH = version("longwatch")


class Identity(Service):
    """Tells versions and what the aircraft can do."""

    provides = (mavlink.MAVLINK_MSG_ID_AUTOPILOT_VERSION, mavlink.MAVLINK_MSG_ID_PROTOCOL_VERSION)
    capabilities = mavlink.MAV_PROTOCOL_CAPABILITY_MAVLINK2

    def provide(self, message_id: int) -> Any:
        """The message; both stay the same throughout a run."""
        if message_id == mavlink.MAVLINK_MSG_ID_PROTOCOL_VERSION:
            return mavlink.MAVLink_protocol_version_message(
                MAVLINK_2, MAVLINK_2, MAVLINK_2, [0] * 8, [0] * 8)
        craft = self.craft
        digest = hashlib.sha256(f"longwatch {LONGWATCH}".encode()).digest()
        named = hashlib.sha256(f"longwatch system {craft.system}".encode()).digest()
        bits = 0
        for service in self.component.services:
            bits |= service.capabilities
        return mavlink.MAVLink_autopilot_version_message(
            bits, _packed(INTERFACE_VERSION[craft.profile.name]), _packed(_numbers(LONGWATCH)),
            0, 0, list(digest[:8]), list(digest[8:16]), [0] * 8, 0, 0,
            int.from_bytes(named[:8], "little"), list(named[:18]))


def _packed(numbers: tuple[int, int, int]) -> int:
    major, minor, patch = numbers
    return major << 24 | minor << 16 | patch << 8 | _OFFICIAL


def _numbers(text: str) -> tuple[int, int, int]:
    parts = [int(p) if p.isdigit() else 0 for p in text.split(".")[:3]]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return major, minor, patch
