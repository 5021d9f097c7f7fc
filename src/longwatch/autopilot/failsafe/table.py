"""The failsafe table: from conditions to action, one pure function.

Each row names a condition at a level and the action that it asks for. Of all rows that apply the
strongest action is taken, and among equals the cause is the first in the order of CAUSES. On the
ground, in the climb-out and on the final approach actions are held back to what helps there. Rows
that the crew may override are left out of the sum from the crew's next order on, until their
condition has ended or worsens. The table is a function of its arguments alone; what is observed and
how actions are flown stands in contingency.py.
"""

from dataclasses import dataclass

from longwatch.autopilot.codes import (
    ACTION_GLIDE,
    ACTION_HOLD,
    ACTION_LAND,
    ACTION_NONE,
    ACTION_RETURN,
    ACTION_TURN_BACK,
    ACTION_WARN,
)
from longwatch.compiled import compiled

# Conditions, in the order in which they are named as the cause of an action.
ENGINE, FUEL, FENCE, HEIGHT, GNSS, LINK = range(6)
CONDITIONS = 6
CONDITION_NAMES = ("engine", "fuel", "fence", "height", "gnss", "link")
# Their levels; 0 is always: nothing wrong.
ONE_STOPPED, NONE_RUNS = 1, 2
LOW, CRITICAL = 1, 2
AHEAD, OUTSIDE = 1, 2
LOST = 1
SHORT, LONG = 1, 2
LEVELS = (3, 3, 3, 3, 2, 3)

# Actions, from mild to strong.


# What the aircraft is about, as far as it bears on what may be done.
ON_GROUND, TAKING_OFF, FLYING, LANDING = range(4)
STAGE_NAMES = ("on the ground", "taking off", "flying", "landing")


@dataclass(frozen=True)
class Row:
    """One row: ``condition`` at ``level``, called ``name``, asks for ``action``.

    ``override``: the crew's next order ends the action, for as long as this lasts; ``begins`` and
    ``ends`` say when it does.
    """

    condition: int
    level: int
    name: str
    action: int
    override: bool
    begins: str
    ends: str


ROWS = (
    Row(ENGINE, NONE_RUNS, "no engine runs", ACTION_GLIDE, False,
        "the gauges of every engine have said so for half a second",
        "an engine runs again"),
    Row(ENGINE, ONE_STOPPED, "an engine has stopped", ACTION_RETURN, True,
        "its gauges have said so for half a second while another runs",
        "it runs again; the way home is flown on until the crew orders otherwise"),
    Row(FUEL, CRITICAL, "fuel critical", ACTION_LAND, True,
        "what would be left after the way home is under half of the reserve",
        "it would leave the reserve and a tenth again"),
    Row(FUEL, LOW, "fuel low", ACTION_RETURN, True,
        "what would be left after the way home, were it to take a tenth more fuel, is no more than "
        "the reserve",
        "it would leave the reserve and a tenth again; the way home is flown on until the crew "
        "orders otherwise"),
    Row(FENCE, OUTSIDE, "outside the fence", ACTION_RETURN, True,
        "it is outside",
        "it is inside again; the way home is flown on until the crew orders otherwise"),
    Row(FENCE, AHEAD, "fence ahead", ACTION_TURN_BACK, False,
        "the last circle that keeps the margin to the fence begins here",
        "it circles inside; it stays there until the crew orders otherwise"),
    Row(HEIGHT, OUTSIDE, "below the floor or above the ceiling", ACTION_RETURN, True,
        "it is below the floor, once it has been above it, or above the ceiling",
        "it is between them again; the way home is flown on until the crew orders otherwise"),
    Row(HEIGHT, AHEAD, "floor or ceiling ahead", ACTION_TURN_BACK, False,
        "levelling off now just keeps 30 m to them",
        "it flies level between them; it stays there until the crew orders otherwise"),
    Row(GNSS, LOST, "position lost", ACTION_HOLD, True,
        "no satellite fix for the time of the setting",
        "a fix is held; the mission is resumed"),
    Row(LINK, LONG, "link lost for long", ACTION_RETURN, True,
        "no station heard for the longer time of the settings",
        "a station is heard; the way home is flown on until the crew orders otherwise"),
    Row(LINK, SHORT, "link lost", ACTION_HOLD, True,
        "no station heard for the shorter time of the settings",
        "a station is heard; the mission is resumed"),
)


# What is said when a condition has ended.
ENDED = ("every engine runs", "fuel enough again", "clear of the fence",
         "between floor and ceiling", "position held again", "link again")


def level_name(condition: int, level: int) -> str:
    """What a condition at a level is called; at 0, that it has ended."""
    return next((row.name for row in ROWS if (row.condition, row.level) == (condition, level)),
                ENDED[condition])


def _by_level(value: str) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(next((int(getattr(row, value)) for row in ROWS
                             if (row.condition, row.level) == (condition, level)), 0)
                       for level in range(3)) for condition in range(CONDITIONS))


# The rows as compiled code reads them, by condition and level.
ACTIONS = _by_level("action")
OVERRIDES = _by_level("override")


@compiled
def allowed(stage, action):
    """The action that a stage leaves of the one asked for."""
    if stage == FLYING or action == ACTION_NONE:
        return action
    if action == ACTION_GLIDE and stage != ON_GROUND:
        return action
    return ACTION_WARN


@compiled
def decide(stage, engine, fuel, fence, height, gnss, link):
    """Action and its cause (-1 none) for the levels of all conditions at a stage of flight."""
    action, cause = ACTION_NONE, -1
    for condition, level in ((ENGINE, engine), (FUEL, fuel), (FENCE, fence),
                             (HEIGHT, height), (GNSS, gnss), (LINK, link)):
        asked = ACTIONS[condition][level]
        if asked > action:
            action, cause = asked, condition
    return allowed(stage, action), cause


@compiled
def standing(condition, level, overridden):
    """The level that counts, once the crew has overridden a level of it (0: none)."""
    if OVERRIDES[condition][level] and level <= overridden:
        return 0
    return level
