"""What the crew may set: times, heights and margins of the autopilot's own decisions.

One record beside the plan; the crew reads and sets each field as the parameter it names. Names that
PX4 uses for the same thing in the same unit are kept, so that ground stations know them.
"""

import numpy as np

from longwatch.autopilot.aboard.fence import FENCE_MARGIN
from longwatch.record import b1, f8, field, record


@record
class Settings:
    link_short: f8 = field(
        "s", "without a station heard for so long, it holds where it is; 0 never",
        default=10.0, minimum=0.0, maximum=3600.0, parameter="COM_DL_LOSS_T")
    link_long: f8 = field(
        "s", "without a station heard for so long, it returns and lands; 0 never",
        default=60.0, minimum=0.0, maximum=86400.0, parameter="LW_LINK_LONG_T")
    gnss_timeout: f8 = field(
        "s", "without a satellite fix for so long, the position counts as lost",
        default=3.0, minimum=1.0, maximum=600.0, parameter="LW_GNSS_LOSS_T")
    fuel_watch: b1 = field(
        "", "returns while the fuel leads home with the reserve; off: it is left to the crew",
        default=True, parameter="LW_FUEL_WATCH")
    fuel_reserve: f8 = field(
        "s", "reserve at the landing as time at cruise power; 0 the datasheet's",
        default=0.0, minimum=0.0, maximum=36000.0, parameter="LW_FUEL_RESERVE")
    fence_watch: b1 = field(
        "", "turns back before the fence; off: it is left to the crew",
        default=True, parameter="LW_FENCE_WATCH")
    fence_margin: f8 = field(
        "m", "distance that it keeps from the fence when it turns back",
        default=FENCE_MARGIN, minimum=0.0, maximum=20000.0, parameter="LW_FENCE_MARGIN")
    fence_ceiling: f8 = field(
        "m", "highest altitude above mean sea level; 0 none",
        default=0.0, minimum=0.0, maximum=20000.0, parameter="LW_FENCE_CEIL")
    fence_floor: f8 = field(
        "m", "lowest altitude above mean sea level between take-off and landing; 0 none",
        default=0.0, minimum=-500.0, maximum=20000.0, parameter="LW_FENCE_FLOOR")
    return_altitude: f8 = field(
        "m", "least height above home on the way back", default=500.0, minimum=60.0,
        maximum=8000.0, parameter="RTL_RETURN_ALT")
    loiter_radius: f8 = field(
        "m", "radius of a circle that the crew has given none for", default=800.0, minimum=100.0,
        maximum=20000.0, parameter="NAV_LOITER_RAD")
    takeoff_altitude: f8 = field(
        "m", "height above home that a take-off without one climbs to", default=300.0,
        minimum=60.0, maximum=5000.0, parameter="MIS_TAKEOFF_ALT")
    disarm_delay: f8 = field(
        "s", "standing so long after a landing, it disarms itself", default=3.0, minimum=0.0,
        maximum=600.0, parameter="COM_DISARM_LAND")


def standard_settings() -> np.ndarray:
    """A record of every field's default, as an array of one."""
    made: np.ndarray = Settings.zeros(1)
    for declared in Settings.fields:
        made[declared.name] = declared.default
    return made
