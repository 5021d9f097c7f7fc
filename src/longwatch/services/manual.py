"""Sticks: MANUAL_CONTROL, as a joystick at a ground station sends it.

x is pitch (forward positive: nose down), y roll to the right, z throttle (0 to 1000), r yaw; each
from -1000 to 1000, 32767 where the stick is not there. Sticks that fall silent for a second of
wall time are let go, and an aircraft that was flown by them holds where it is: nobody steers it.
"""

from math import isfinite
from typing import Any

from longwatch.autopilot.codes import MODE_ALTITUDE, MODE_CRUISE, MODE_HOLD, MODE_NAMES
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Service
from longwatch.services.craft import Craft, Sender

ABSENT = 32767
FULL = 1000.0
SILENCE = 1.0


def _share(value: int, least: float = -1.0) -> float | None:
    """A stick's deflection as a share of full travel, None where it is not there."""
    if value == ABSENT:
        return None
    return min(max(value / FULL, least), 1.0)


class Manual(Service):
    """Hands the sticks to the autopilot, which flies bank and climb by them in assisted modes."""

    messages = ("MANUAL_CONTROL",)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._heard: float | None = None
        self._sender: Sender | None = None
        self._steers = False

    def handle(self, message: Any, sender: Sender) -> None:
        """Take a stick message addressed to this aircraft."""
        if message.target != self.craft.system:
            return
        pitch, roll = _share(message.x), _share(message.y)
        yaw, throttle = _share(message.r), _share(message.z, 0.0)
        values = {"roll": roll, "pitch": None if pitch is None else 0.0 - pitch, "yaw": yaw,
                  "throttle": throttle}
        if any(value is not None and not isfinite(value) for value in values.values()):
            return
        self._heard, self._sender, self._steers = self.craft.wall(), sender, True
        self.craft.order(sender, "manual", **values)

    def poll(self, wall: float) -> None:
        """Let go of sticks that have fallen silent."""
        if self._heard is not None and self._sender is not None and wall - self._heard > SILENCE:
            self.craft.order(self._sender, "manual", roll=0.0, pitch=0.0, yaw=0.0, throttle=None)
            self._heard = None
            self._hold()

    def _hold(self) -> None:
        """Hold where sticks flew it, and no course has been ordered since."""
        mode = self.craft.state.autopilot.crew.mode
        if not (self._steers and mode in (MODE_ALTITUDE, MODE_CRUISE) and self.craft.airborne):
            return
        if not self.craft.order(self._sender, "mode", mode=MODE_NAMES[MODE_HOLD]):
            self.craft.say(mavlink.MAV_SEVERITY_WARNING, "sticks silent: it holds")

    def superseded(self) -> None:
        """A course has been ordered: sticks that fall silent now leave nothing unsteered."""
        self._steers = False

    @property
    def held(self) -> bool:
        """Somebody has the sticks."""
        return self._heard is not None

    def keep(self) -> Sender | None:
        """Who has the sticks."""
        return None if self._heard is None else self._sender

    def rewound(self, kept: Any) -> None:
        """Whoever had the sticks then has as long as ever to move them."""
        self._heard = None if kept is None else self.craft.wall()
        self._sender = kept

    def forget(self, link: int) -> None:
        """Nothing to keep for a link: silence lets go of the sticks."""
