"""Names of parameters that clients of a profile look for, beside the registry's own.

Each is another name of a parameter of the registry, or a figure that cannot be set: computed from
the datasheet, or fixed, because it says what is no choice here. A fixed one refuses every other
value, saying so.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longwatch.earth.standard import GRAVITY

# Standard atmosphere at sea level, and standard gravity.
SEA_LEVEL_DENSITY = 1.225


@dataclass(frozen=True)
class Compatible:
    """One such name.

    Attributes:
        name: as the client knows it.
        meaning: what it stands for here.
        kind: float or int, as clients expect it; None: that of ``target``.
        target: the registry's name that is read and set in its place; "" for none.
        value: the figure where there is no target; handed the datasheet and the system id.
        unit: of that figure.
    """

    name: str
    meaning: str
    kind: type | None = None
    target: str = ""
    value: Callable[[Any, int], float] | None = None
    unit: str = ""


def least_speed(sheet: Any) -> float:
    """Lowest calibrated airspeed [m/s] the autopilot allows, at the largest take-off mass."""
    weight = float(sheet.mass.maximum_takeoff_mass) * GRAVITY
    area = float(sheet.geometry.wing_area) * float(sheet.aerodynamics.CL_max)
    stall = math.sqrt(2.0 * weight / (SEA_LEVEL_DENSITY * area))
    return float(sheet.procedures.protection_factor) * stall


def _fixed(name: str, value: int, meaning: str) -> Compatible:
    return Compatible(name, meaning, int, value=lambda sheet, system: value)


def _computed(name: str, meaning: str, value: Callable[[Any, int], float]) -> Compatible:
    return Compatible(name, meaning, float, value=value, unit="m/s")


def _least(name: str) -> Compatible:
    return _computed(name, "lowest speed the autopilot allows at the largest take-off mass, "
                           "calibrated: PROC_MIN_FACT times the stall speed",
                     lambda sheet, system: least_speed(sheet))


def _most(name: str) -> Compatible:
    return _computed(name, "never-exceed speed of the datasheet, calibrated",
                     lambda sheet, system: float(sheet.limits.never_exceed_speed))


def _also(name: str, target: str) -> Compatible:
    return Compatible(name, f"another name of {target}", target=target)


PX4 = (
    _fixed("COM_RC_IN_MODE", 1, "sticks come by MAVLink alone: there is no radio control"),
    _least("FW_AIRSPD_MIN"),
    _most("FW_AIRSPD_MAX"),
    _also("FW_AIRSPD_TRIM", "LIM_CRUISE_SPD"),
    _fixed("LND_FLIGHT_T_HI", 0, "flight time before this run, upper half: none is kept"),
    _fixed("LND_FLIGHT_T_LO", 0, "flight time before this run, lower half: none is kept"),
    _fixed("PD_GRIPPER_EN", 0, "there is no gripper"),
    _fixed("SYS_AUTOSTART", 2100, "a fixed-wing aircraft, by that number in these clients; "
                                  "what flies is the datasheet"),
    _fixed("SYS_HITL", 0, "there is no hardware in the loop"),
)

ARDUPILOT = (
    _also("AIRSPEED_CRUISE", "LIM_CRUISE_SPD"),
    _most("AIRSPEED_MAX"),
    _least("AIRSPEED_MIN"),
    _fixed("ARMING_CHECK", 1, "every check before arming is made"),
    _most("ARSPD_FBW_MAX"),
    _least("ARSPD_FBW_MIN"),
    Compatible("MAV_SYSID", "system id of this aircraft", int,
               value=lambda sheet, system: system),
    _also("FS_LONG_TIMEOUT", "LW_LINK_LONG_T"),
    _also("FS_SHORT_TIMEOUT", "COM_DL_LOSS_T"),
    _also("LAND_DISARMDELAY", "COM_DISARM_LAND"),
    _fixed("Q_ENABLE", 0, "it does not take off vertically"),
    _also("RTL_ALTITUDE", "RTL_RETURN_ALT"),
    Compatible("SYSID_THISMAV", "system id of this aircraft", int,
               value=lambda sheet, system: system),
    _fixed("TERRAIN_FOLLOW", 0, "heights of a mission are followed as planned"),
    _also("TKOFF_ALT", "MIS_TAKEOFF_ALT"),
    _also("WP_LOITER_RAD", "NAV_LOITER_RAD"),
)

COMPATIBLE: dict[str, tuple[Compatible, ...]] = {
    "px4": PX4, "ardupilot": ARDUPILOT, "generic": ()}
