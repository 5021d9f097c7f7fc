"""What a return and a landing ordered now would take: NAMED_VALUE_FLOAT, one figure after another.

The aircraft's own reckoning of the way that it would fly (autopilot/way_home.py), which its fuel
failsafe rests on as well; common.xml has no message for it. NaN where there is no such way: without
a runway, or against a wind that lets it make none.
"""

from math import nan
from typing import Any

from longwatch.autopilot.homeward import NEVER
from longwatch.mavlink.dialect import mavlink
from longwatch.services.craft import Craft, Service

# Name on the wire, ten letters at most, and the figure: s, m and kg.
FIGURES = {"time_home": "time_home", "dist_home": "distance_home", "fuel_home": "fuel_home",
           "time_land": "time_down", "dist_land": "distance_down", "fuel_land": "fuel_down"}


class WaysDown(Service):
    """Makes NAMED_VALUE_FLOAT of the ways home and down, in turns."""

    provides = (mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._next = 0

    def provide(self, message_id: int) -> Any:
        """The next figure as of now; none while it is on the ground."""
        autopilot = self.craft.state.autopilot
        if bool(autopilot.navigation.weight_on_wheels):
            return None
        name = tuple(FIGURES)[self._next]
        self._next = (self._next + 1) % len(FIGURES)
        value = float(autopilot.failsafe.fuel[FIGURES[name]])
        return mavlink.MAVLink_named_value_float_message(
            self.craft.time_boot_ms(), name.encode(), value if value < NEVER else nan)
