"""Between which values each parameter of the datasheet flies, and when it may be changed.

Most are shares of the aircraft's own value: what suits one type is flown into the ground by
another. All values of a range, together with any of the others', were flown by both types in wind
and turbulence (tests/campaigns/parameters.py); what must keep an order among each other is checked
together (aircraft/checks.py). The crew's settings have the ranges of their declarations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from longwatch.autopilot.codes import (
    PHASE_EN_ROUTE,
    PHASE_HOLDING,
    PHASE_LOITER,
    PHASE_PARKED,
    PHASE_STEERED,
    PHASE_STOPPED,
)

# When it may be changed: at any time; not while it takes off or lands; on the ground alone.
ANY_TIME, NOT_NEAR_GROUND, STANDING = range(3)
WHEN_NAMES = ("any time", "en route, holding or standing", "standing")
# Between floor and ceiling: it turns back towards 60 m from either (fence_watch.py) [m].
FENCE_ROOM = 120.0
_STANDS = (PHASE_PARKED, PHASE_STOPPED)
_PHASES = ((), (*_STANDS, PHASE_EN_ROUTE, PHASE_LOITER, PHASE_HOLDING, PHASE_STEERED), _STANDS)
_REASONS = ("", "it takes off or lands: set it once it stands, or flies en route or holding",
            "it flies: this is changed on the ground alone, before take-off")


@dataclass(frozen=True)
class Range:
    """From ``low`` to ``high``: shares of the aircraft's own value, or in the parameter's unit.

    Attributes:
        of_own: they are shares.
        when: ANY_TIME, NOT_NEAR_GROUND or STANDING.
    """

    low: float
    high: float
    of_own: bool = True
    when: int = NOT_NEAR_GROUND

    def bounds(self, own: float) -> tuple[float, float]:
        """Least and largest value for an aircraft whose own value is ``own``, its own among them.

        To four digits, as they are shown: what a crew reads there is what it may set.
        """
        ends = (self.low, self.high) if not self.of_own else (own * self.low, own * self.high)
        low, high = sorted(float(f"{end:.4g}") for end in ends)
        return min(low, own), max(high, own)


def _between(low: float, high: float, when: int = NOT_NEAR_GROUND) -> Range:
    return Range(low, high, False, when)


RANGES: dict[str, Range] = {
    # Never beyond what the structure bears, and with room for the steepest turn and its gusts.
    "LIM_LOAD_MAX": Range(0.75, 1.0, when=STANDING),
    "LIM_LOAD_MIN": Range(0.3, 1.0, when=STANDING),
    "LIM_BANK_MAX": Range(0.8, 1.5),
    "LIM_CRUISE_SPD": Range(0.85, 1.15, when=ANY_TIME),
    "PROC_ROT_FACT": _between(1.05, 1.2),
    "PROC_CLIMB_FACT": _between(1.25, 1.5),
    "PROC_CRUISE_FACT": _between(1.2, 1.4),
    "PROC_APP_FACT": _between(1.2, 1.35),
    "PROC_MIN_FACT": _between(1.1, 1.2),
    "PROC_TOUCH_FACT": _between(1.08, 1.2),
    "PROC_GLIDE_PATH": _between(2.5, 4.0),
    "PROC_SINK_MAX": Range(0.8, 1.6),
    "PROC_FINAL_LEN": Range(0.75, 3.0),
    "PROC_DECISION_H": _between(15.0, 75.0),
    "PROC_FLARE_H": Range(0.8, 1.2),
    "PROC_FLARE_TC": Range(0.8, 1.15),
    "PROC_CLIMBOUT_H": _between(60.0, 300.0),
    "PROC_AIM_DIST": _between(200.0, 350.0),
    "PROC_ROT_PITCH": Range(0.75, 1.25),
    "PROC_ALIGN_TIME": Range(0.7, 1.4),
    "PROC_BRAKE_SPD": Range(0.7, 1.4),
    # Never faster than the doors bear.
    "PROC_GEAR_SPD": Range(0.9, 1.0),
    "CTL_REF_PRESS": Range(0.8, 1.25, when=STANDING),
    "CTL_PROP_EFF": Range(0.9, 1.1),
    "CTL_ROLL_TC": Range(0.75, 1.4),
    "CTL_ROLLR_P": Range(0.75, 1.3),
    "CTL_ROLLR_I": Range(0.5, 1.5),
    "CTL_PITCH_TC": Range(0.75, 1.4),
    "CTL_PITCHR_P": Range(0.75, 1.3),
    "CTL_PITCHR_I": Range(0.5, 1.5),
    "CTL_CLIMBR_P": Range(0.75, 1.3),
    "CTL_CLIMBR_D": Range(0.5, 1.5),
    "CTL_YAWR_P": Range(0.75, 1.3),
    "CTL_SLIP_P": Range(0.5, 1.5),
    "CTL_SLIP_I": Range(0.5, 1.5),
    "CTL_PATH_PERIOD": Range(0.8, 1.25),
    "CTL_PATH_DAMP": Range(0.85, 1.3),
    "CTL_HEADING_TC": Range(0.75, 1.3),
    "CTL_ENERGY_TC": Range(0.75, 1.5),
    "CTL_ENERGY_THR_P": Range(0.6, 1.5),
    "CTL_ENERGY_THR_I": Range(0.6, 1.5),
    "CTL_ENERGY_PIT_P": Range(0.6, 1.3),
    "CTL_ENERGY_PIT_I": Range(0.6, 1.3),
}


def when(name: str) -> int:
    """When a parameter may be changed; a setting of the crew's at any time."""
    return RANGES[name].when if name in RANGES else ANY_TIME


def refusal(name: str, phase: int) -> str:
    """Why a parameter cannot be changed in this phase of flight, "" where it can."""
    at = when(name)
    return "" if at == ANY_TIME or phase in _PHASES[at] else f"{name}: {_REASONS[at]}"


def conflicts(sheet: Any, settings: Any) -> Iterator[str]:
    """What the crew's settings contradict, in the datasheet or among each other."""
    climb_out = float(sheet.procedures.climb_out_height)
    for name, height in (("MIS_TAKEOFF_ALT", float(settings.takeoff_altitude)),
                         ("RTL_RETURN_ALT", float(settings.return_altitude))):
        if height < climb_out:
            yield (f"{name} of {height:g} m: lower than PROC_CLIMBOUT_H, {climb_out:g} m, at which "
                   "a climb-out ends")
        if height > sheet.limits.ceiling:
            yield f"{name} of {height:g} m: above the ceiling of {sheet.limits.ceiling:.0f} m"
    floor, ceiling = float(settings.fence_floor), float(settings.fence_ceiling)
    if floor and ceiling and floor + FENCE_ROOM > ceiling:
        yield (f"LW_FENCE_FLOOR of {floor:g} m: not {FENCE_ROOM:g} m below LW_FENCE_CEIL, "
               f"{ceiling:g} m")
    if floor and floor + FENCE_ROOM > sheet.limits.ceiling:
        yield (f"LW_FENCE_FLOOR of {floor:g} m: not {FENCE_ROOM:g} m below the ceiling, "
               f"{sheet.limits.ceiling:.0f} m: nothing could be flown")
