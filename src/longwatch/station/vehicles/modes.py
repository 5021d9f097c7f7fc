"""Modes of a vehicle: those it lists itself, else PX4's and ArduPlane's published numbers.

Sources: PX4's ``px4_custom_mode.h``, ArduPlane's documentation of modes, MAVLink's standard modes.
"""

from dataclasses import dataclass
from typing import Any

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.quantity import text


def px4_mode(main: int, sub: int = 0) -> int:
    """PX4's custom_mode of a main mode and its submode."""
    return main << 16 | sub << 24


@dataclass(frozen=True)
class Mode:
    """One mode: MAVLink's number, the vehicle's name, whether a pilot may choose it."""

    custom_mode: int
    name: str
    selectable: bool = True
    standard: int = 0


def _table(modes: dict[int, str], *hidden: str) -> dict[int, Mode]:
    return {number: Mode(number, name, name not in hidden) for number, name in modes.items()}


TABLES = {
    "px4": _table({
        px4_mode(1): "Manual", px4_mode(2): "Altitude", px4_mode(3): "Position",
        px4_mode(3, 1): "Orbit", px4_mode(4, 1): "Ready", px4_mode(4, 2): "Takeoff",
        px4_mode(4, 3): "Hold", px4_mode(4, 4): "Mission", px4_mode(4, 5): "Return",
        px4_mode(4, 6): "Land", px4_mode(4, 8): "Follow", px4_mode(4, 9): "Precision landing",
        px4_mode(5): "Acro", px4_mode(6): "Offboard", px4_mode(7): "Stabilised",
        px4_mode(8): "Rattitude"}, "Ready", "Follow", "Precision landing", "Rattitude"),
    "ardupilot": _table({
        0: "MANUAL", 1: "CIRCLE", 2: "STABILIZE", 3: "TRAINING", 4: "ACRO", 5: "FBWA", 6: "FBWB",
        7: "CRUISE", 8: "AUTOTUNE", 10: "AUTO", 11: "RTL", 12: "LOITER", 13: "TAKEOFF",
        14: "AVOID_ADSB", 15: "GUIDED", 16: "INITIALISING", 17: "QSTABILIZE", 18: "QHOVER",
        19: "QLOITER", 20: "QLAND", 21: "QRTL", 22: "QAUTOTUNE", 23: "QACRO", 24: "THERMAL",
        25: "LOITER_ALT_QLAND", 26: "AUTOLAND"}, "INITIALISING", "AVOID_ADSB"),
    "generic": {},
}
# What the station itself asks for, by family; of a generic one by MAVLink's standard modes.
ROLES = {
    "px4": {"hold": px4_mode(4, 3), "mission": px4_mode(4, 4), "take_off": px4_mode(4, 2),
            "return": px4_mode(4, 5), "land": px4_mode(4, 6)},
    "ardupilot": {"hold": 12, "mission": 10, "take_off": 13, "return": 11, "land": 26},
    "generic": {},
}
STANDARD = {"mission": int(mavlink.MAV_STANDARD_MODE_MISSION),
            "take_off": int(mavlink.MAV_STANDARD_MODE_TAKEOFF),
            "return": int(mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
            "land": int(mavlink.MAV_STANDARD_MODE_LAND)}
MOST_MODES = 128


class Modes:
    """The modes of one vehicle."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._listed: dict[int, Mode] = {}

    def take(self, message: Any) -> bool:
        """An AVAILABLE_MODES; whether it told something new."""
        mode = Mode(
            int(message.custom_mode), text(message.mode_name) or f"mode {message.custom_mode}",
            not message.properties & mavlink.MAV_MODE_PROPERTY_NOT_USER_SELECTABLE,
            int(message.standard_mode))
        if self._listed.get(mode.custom_mode) == mode or len(self._listed) >= MOST_MODES:
            return False
        self._listed[mode.custom_mode] = mode
        return True

    @property
    def table(self) -> dict[int, Mode]:
        """By number: what the vehicle lists, else what its family is known by."""
        return self._listed or TABLES[self.family]

    def name(self, custom_mode: int) -> str:
        """What a mode is called; "mode 7" where nobody knows."""
        mode = self.table.get(custom_mode) or TABLES[self.family].get(custom_mode)
        return mode.name if mode else f"mode {custom_mode}"

    def find(self, name: str) -> Mode | None:
        """The mode of that name which a pilot may choose."""
        wanted = name.casefold()
        return next((mode for mode in self.table.values()
                     if mode.selectable and mode.name.casefold() == wanted), None)

    def role(self, role: str) -> Mode | None:
        """The mode for "hold", "mission", "take_off", "return", "land", where there is one."""
        number = ROLES[self.family].get(role)
        if number is not None:
            return self.table.get(number) or Mode(number, self.name(number))
        standard = STANDARD.get(role)
        return next((mode for mode in self.table.values() if mode.selectable and (
            (standard and mode.standard == standard)
            or mode.name.casefold().replace("-", "_") == role)), None)

    def as_list(self) -> list[dict[str, Any]]:
        """As docs/station-wire.md has it; each name once."""
        named = {mode.name: mode for mode in reversed(self.table.values())}
        return [{"name": mode.name, "selectable": mode.selectable}
                for mode in reversed(named.values())]
