"""The manual's page of failsafes, printed from the table that the autopilot flies by.

    python -m longwatch.analysis.failsafe_page docs/failsafes.md
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from longwatch.autopilot.aboard.settings import Settings
from longwatch.autopilot.codes import ACTION_NAMES
from longwatch.autopilot.failsafe.table import (
    CONDITION_NAMES,
    CONDITIONS,
    FLYING,
    LEVELS,
    ROWS,
    STAGE_NAMES,
    Row,
    decide,
)

# Settings that no row depends on.
_OTHERS = ("loiter_radius", "takeoff_altitude", "disarm_delay")

_HEAD = """# Failsafes

Written by `python -m longwatch.analysis.failsafe_page docs/failsafes.md` from the table in
`autopilot/failsafe/table.py`, the one that the autopilot flies by; a test holds this page to it.

Conditions are observed twice a second of simulated time, fence, floor and ceiling ten times, on
aircraft that are flown live (`longwatch serve`), and in a mission flown without a crew
(`longwatch fly`) whose plan has a fence or rally points. The strongest action that any of them asks
for is taken; among equals the one that stands higher in the first table is named as the cause.
Beginning, change and end are events of the flight, told to every station; action, cause and since
when stand in the record (`autopilot.failsafe`).

What is being flown already and is as strong is not begun again: on the way home, a lost link holds
nothing up. **Crew**: whether an order of the crew overrides the action. What is overridden stays so
until the condition has ended, or worsens."""

_ACTIONS = """## Actions, from mild to strong

- **none**
- **warn**: the crew is told; what is flown goes on.
- **hold**: circles where it is, at its altitude. Where that ends, the mission is resumed if it was
  being flown; anything else waits for the crew.
- **turn back**: turns away on the last circle that keeps the margin to the fence, and holds
  there, no faster than that circle allows; before ceiling and floor it levels off, 60 m from them.
  Without a crew it goes home from there.
- **return**: the planned way home and an automatic landing: the plan's landing sequence, or the
  home runway, over the nearest rally point where one is nearer than home. Without a position by
  satellites it waits over home, by dead reckoning, and lands once a fix is back.
- **land**: lands on the runway aboard that leaves the most fuel, with or without a fix.
- **glide**: best glide to the best runway within reach.

The fence stops neither the way home nor a landing: an aircraft that has to come down comes
down."""


_FIGURES = """## How closely

From whole flights of the tb2 in `tests/system/test_failsafes.py`, whose bounds these are:

- **Fence.** A breach is predicted by the turn that is left: two circles are laid tangent to the
  track, as wide as speed, wind and bank ask for, and the last one that keeps the margin is flown.
  Flown at from six sides, polygons to stay in and out of, in a wind of 12 m/s with moderate
  turbulence, the fence was never crossed: more than 60 m of the margin of 150 m were left. So it
  was in 300 flights with orders of every kind, of both aircraft, in up to that wind and
  turbulence (`tests/campaigns/fences.py`, seed 5). In severe turbulence a turn cannot be held so
  well, and fences have been crossed: keep a wide margin.
- **Orders at the fence.** Every order that has the aircraft fly another way is judged by the same
  turn as it is given: where none would be left it is refused with the reason, and what is flown
  goes on; an order to hold is taken and flown on the circle that keeps clear. Places whose circle
  would not keep the margin, and altitudes within 30 m of floor and ceiling, are refused, as is a
  fence or a margin that cannot be kept from where it flies. A fence loaded around an aircraft that
  is already outside of it leads it home.
- **On the ground** it is watched as well: standing outside, in a zone to stay out of, or with no
  room for the climb-out straight ahead and a turn behind it, below the ceiling, it neither arms nor
  takes off, and says why.
- **Fuel.** The way home is flown in numbers, in the wind as estimated, and scaled by what the
  engines burnt of late over what was reckoned. In calm air, and in a wind of 8 m/s, what was burnt
  was at most 3 % over the sum, from more than 25 km away; in 12 m/s with light turbulence, which is
  20 m/s aloft, at most 10 %. A tenth of it is therefore kept in hand beside the reserve. What looks
  low has to do so for ten seconds: a gust turns nobody home. The reserve was left at every landing.
- **Turning home.** The time until then is told ahead to 10 % late and 30 % early at most, on a
  course straight away from home."""

_STAGES = """## By stage of flight

The roll belongs to the ground, the climb-out to the take-off; the final below the decision height,
the flare and a go-around to the landing. All that comes before is flight."""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(tuple(head))]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _levels(*rows: Row) -> list[int]:
    levels = [0] * CONDITIONS
    for row in rows:
        levels[row.condition] = max(levels[row.condition], row.level)
    return levels


def _rows() -> str:
    return _table(
        ("condition", "begins when", "action", "crew", "ends when"),
        ((f"{CONDITION_NAMES[row.condition]}: **{row.name}**", row.begins,
          ACTION_NAMES[row.action], "may override" if row.override else "no", row.ends)
         for row in ROWS))


def _stages() -> str:
    return _table(
        ("condition", *STAGE_NAMES),
        ((row.name, *(ACTION_NAMES[decide(stage, *_levels(row))[0]]
                      for stage in range(len(STAGE_NAMES)))) for row in ROWS))


def _pairs() -> str:
    def cell(a: Row, b: Row) -> str:
        if a.condition == b.condition and a is not b:
            return ""
        return ACTION_NAMES[decide(FLYING, *_levels(a, b))[0]]

    return _table(("", *(row.name for row in ROWS)),
                  ((row.name, *(cell(row, other) for other in ROWS)) for row in ROWS))


def _settings() -> str:
    def shown(value: float) -> str:
        return ("off", "on")[value] if isinstance(value, bool) else f"{value:g}"

    return _table(
        ("parameter", "default", "range", "meaning"),
        ((f"`{f.parameter}`", f"{shown(f.default)} {f.unit}".rstrip(),
          "off, on" if isinstance(f.default, bool) else f"{f.minimum:g} to {f.maximum:g}",
          f.meaning) for f in Settings.fields if f.name not in _OTHERS))


def page() -> str:
    """The page as Markdown."""
    product = len(STAGE_NAMES)
    for count in LEVELS:
        product *= count
    return "\n\n".join([
        _HEAD, _rows(), _ACTIONS, _STAGES, _stages(),
        "## Two at a time, in flight\n\n"
        f"All {product} combinations of stages and levels are tested:\n"
        "none is milder for a condition more, and each is the strongest of what its conditions\n"
        "ask for alone.", _pairs(), _FIGURES, "## Settings", _settings()]) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
