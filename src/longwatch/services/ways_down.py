"""What a return, a landing or a glide would take now: NAMED_VALUE_FLOAT, one figure after another.

The aircraft's own reckoning of the way that it would fly (autopilot/failsafe/way_home.py), which
its fuel failsafe rests on as well; common.xml has no message for it. NaN where there is no such
way: without a runway, or against a wind that lets it make none. How it glides is out of the polar
that the glide is flown by (autopilot/manoeuvres/glide_polar.py), at its mass, half way down to
home, its propellers turned by the stream: distance over height in still air, and the calibrated
airspeed for it.
"""

from math import nan
from typing import Any

from longwatch.aircraft.formulas import standard_density_ratio
from longwatch.autopilot.failsafe.steady_flight import NEVER
from longwatch.autopilot.manoeuvres import glide_polar
from longwatch.mavlink.dialect import mavlink
from longwatch.planning.performance import Performance
from longwatch.services.component import Service
from longwatch.services.craft import Craft

# Name on the wire, ten letters at most, and the figure: s, m and kg.
FIGURES = {"time_home": "time_home", "dist_home": "distance_home", "fuel_home": "fuel_home",
           "time_land": "time_down", "dist_land": "distance_down", "fuel_land": "fuel_down"}
NAMES = (*FIGURES, "glide", "glide_spd")


class WaysDown(Service):
    """Makes NAMED_VALUE_FLOAT of the ways home and down and of the glide, in turns."""

    provides = (mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT,)

    def __init__(self, craft: Craft) -> None:
        super().__init__(craft)
        self._next = 0
        self._performance = Performance(craft.sheet)

    def provide(self, message_id: int) -> Any:
        """The next figure as of now; none while it is on the ground."""
        autopilot = self.craft.state.autopilot
        if bool(autopilot.estimate.gauges.weight_on_wheels):
            return None
        name = NAMES[self._next]
        self._next = (self._next + 1) % len(NAMES)
        value = float(autopilot.failsafe.fuel[FIGURES[name]]) if name in FIGURES else (
            self._glide()[NAMES.index(name) - len(FIGURES)])
        return mavlink.MAVLink_named_value_float_message(
            self.craft.time_boot_ms(), name.encode(), value if value < NEVER else nan)

    def warm(self) -> None:
        """Load the machine code that the glide is reckoned by."""
        self._glide()

    def _glide(self) -> tuple[float, float]:
        """Ratio and calibrated airspeed [m/s]."""
        autopilot, sheet = self.craft.state.autopilot, self.craft.sheet
        known = autopilot.estimate
        half_way = 0.5 * (float(known.altitude_msl) + self.craft.home.altitude_msl)
        density = standard_density_ratio(half_way)
        governed = float(sheet.engine.cruise_speed_least) if autopilot.engines.turning else 0.0
        mass = float(known.mass)
        speed = glide_polar.best_speed(sheet, mass, self._performance.stall_speed(mass),
                                       density, 0.0, governed)
        return float(glide_polar.glide_ratio(sheet, mass, speed, density, 1.0, 0.0,
                                             governed)), float(speed)
