"""Modes of a vehicle: those it lists itself, else PX4's and ArduPlane's published numbers.

A vehicle may list a mode without a name where MAVLink's standard modes have one: PX4 does. It is
called what its family calls that number, else by the standard mode.

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
        px4_mode(3, 1): "Orbit", px4_mode(3, 2): "Position Slow", px4_mode(4, 1): "Ready",
        px4_mode(4, 2): "Takeoff", px4_mode(4, 3): "Hold", px4_mode(4, 4): "Mission",
        px4_mode(4, 5): "Return", px4_mode(4, 6): "Land", px4_mode(4, 8): "Follow Target",
        px4_mode(4, 9): "Precision Landing", px4_mode(4, 10): "VTOL Takeoff",
        **{px4_mode(4, 10 + n): f"External {n}" for n in range(1, 9)},
        px4_mode(4, 19): "Guided Course", px4_mode(5): "Acro", px4_mode(6): "Offboard",
        px4_mode(7): "Stabilized", px4_mode(8): "Rattitude", px4_mode(9): "Simple",
        px4_mode(10): "Termination", px4_mode(11): "Altitude Cruise"},
        # Those that need more than a choice, or are not in every release.
        "Ready", "Follow Target", "Precision Landing", "VTOL Takeoff", "Rattitude", "Simple",
        "Termination", "Altitude Cruise", "Guided Course", "Position Slow",
        *(f"External {n}" for n in range(1, 9))),
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
            "return": px4_mode(4, 5), "land": px4_mode(4, 6), "course": px4_mode(4, 19)},
    "ardupilot": {"hold": 12, "mission": 10, "take_off": 13, "return": 11, "land": 26,
                  "guided": 15, "manual": 0},
    "generic": {},
}
STANDARD = {"mission": int(mavlink.MAV_STANDARD_MODE_MISSION),
            "take_off": int(mavlink.MAV_STANDARD_MODE_TAKEOFF),
            "return": int(mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY),
            "land": int(mavlink.MAV_STANDARD_MODE_LAND)}
STANDARD_NAMES = {
    int(mavlink.MAV_STANDARD_MODE_POSITION_HOLD): "Position hold",
    int(mavlink.MAV_STANDARD_MODE_ORBIT): "Orbit",
    int(mavlink.MAV_STANDARD_MODE_CRUISE): "Cruise",
    int(mavlink.MAV_STANDARD_MODE_ALTITUDE_HOLD): "Altitude hold",
    int(mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY): "Return",
    int(mavlink.MAV_STANDARD_MODE_MISSION): "Mission",
    int(mavlink.MAV_STANDARD_MODE_LAND): "Land",
    int(mavlink.MAV_STANDARD_MODE_TAKEOFF): "Takeoff"}
# Modes of the published tables that came with a release: family, number, first release.
SINCE = {("ardupilot", 26): (4, 7)}
MOST_MODES = 128


class Modes:
    """The modes of one vehicle.

    Attributes:
        release: of its autopilot, None where it is not known.
        vtol: it takes off upright: ArduPlane's modes for that are offered to such alone.
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self.release: tuple[int, int] | None = None
        self.vtol = False
        self._listed: dict[int, Mode] = {}

    def take(self, message: Any) -> bool:
        """An AVAILABLE_MODES; whether it told something new."""
        number, standard = int(message.custom_mode), int(message.standard_mode)
        known = TABLES[self.family].get(number)
        mode = Mode(number, text(message.mode_name) or (known.name if known else "")
                    or STANDARD_NAMES.get(standard, f"mode {number}"),
                    not message.properties & mavlink.MAV_MODE_PROPERTY_NOT_USER_SELECTABLE,
                    standard)
        if self._listed.get(mode.custom_mode) == mode or len(self._listed) >= MOST_MODES:
            return False
        self._listed[mode.custom_mode] = mode
        return True

    @property
    def table(self) -> dict[int, Mode]:
        """By number: what the vehicle lists, else what its family is known by."""
        return self._listed or {number: mode for number, mode in TABLES[self.family].items()
                                if self._there(number, mode)}

    def _there(self, number: int, mode: Mode) -> bool:
        """Whether a vehicle that lists nothing has a mode of its family's table."""
        since = SINCE.get((self.family, number))
        if since is not None and (self.release is None or self.release < since):
            return False
        upright = self.family == "ardupilot" and (mode.name.startswith("Q") or "QLAND" in mode.name)
        return self.vtol or not upright

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
        """The mode for "hold", "mission", "take_off", "return", "land", and where the family has
        them "guided", "course", "manual"; None where there is none."""
        number = ROLES[self.family].get(role)
        if number is not None:
            return self.table.get(number)
        standard = STANDARD.get(role)
        return next((mode for mode in self.table.values() if mode.selectable and (
            (standard and mode.standard == standard)
            or mode.name.casefold().replace("-", "_") == role)), None)

    def role_of(self, custom_mode: int) -> str | None:
        """What a mode is for, as ``role`` names it; None for any other."""
        for role in (*ROLES[self.family], *STANDARD, "hold"):
            mode = self.role(role)
            if mode is not None and mode.custom_mode == custom_mode:
                return role
        return None

    def as_list(self) -> list[dict[str, Any]]:
        """As docs/station-wire.md has it; each name once."""
        named = {mode.name: mode for mode in reversed(self.table.values())}
        return [{"name": mode.name, "selectable": mode.selectable}
                for mode in reversed(named.values())]
