"""The failsafe table over the whole product of its conditions."""

from itertools import product

import pytest

from longwatch.autopilot.codes import (
    ACTION_GLIDE,
    ACTION_HOLD,
    ACTION_LAND,
    ACTION_NONE,
    ACTION_RETURN,
    ACTION_TURN_BACK,
    ACTION_WARN,
)
from longwatch.autopilot.failsafe import table as failsafes
from longwatch.autopilot.failsafe.table import (
    CONDITIONS,
    FLYING,
    LANDING,
    LEVELS,
    ON_GROUND,
    OVERRIDES,
    ROWS,
    STAGE_NAMES,
    TAKING_OFF,
)

STAGES = range(len(STAGE_NAMES))
EVERYTHING = list(product(*(range(n) for n in LEVELS)))

# The rules as the requirements put them, in flight and one at a time: (engine, fuel, fence, height,
# gnss, link) to action.
ALONE = {
    (0, 0, 0, 0, 0, 0): ACTION_NONE,
    (0, 0, 0, 0, 0, 1): ACTION_HOLD,       # link lost, short: hold
    (0, 0, 0, 0, 0, 2): ACTION_RETURN,     # long: the planned way home and an automatic landing
    (0, 1, 0, 0, 0, 0): ACTION_RETURN,     # low fuel: home while it lasts
    (0, 2, 0, 0, 0, 0): ACTION_LAND,       # less: the runway that leaves most
    (0, 0, 1, 0, 0, 0): ACTION_TURN_BACK,  # a breach is seen ahead
    (0, 0, 2, 0, 0, 0): ACTION_RETURN,
    (0, 0, 0, 1, 0, 0): ACTION_TURN_BACK,  # of floor or ceiling
    (0, 0, 0, 2, 0, 0): ACTION_RETURN,
    (0, 0, 0, 0, 1, 0): ACTION_HOLD,
    (1, 0, 0, 0, 0, 0): ACTION_RETURN,
    (2, 0, 0, 0, 0, 0): ACTION_GLIDE,      # best glide to the best reachable runway
}


def action(stage, levels):
    return failsafes.decide(stage, *levels)[0]


def test_each_condition_alone_asks_for_what_the_requirements_say():
    assert {levels: action(FLYING, levels) for levels in ALONE} == ALONE
    assert len(ALONE) == 1 + sum(n - 1 for n in LEVELS)


@pytest.mark.parametrize("stage", STAGES)
def test_a_condition_more_never_yields_a_milder_action(stage):
    for levels in EVERYTHING:
        for condition, level in enumerate(levels):
            if level + 1 < LEVELS[condition]:
                worse = (*levels[:condition], level + 1, *levels[condition + 1:])
                assert action(stage, worse) >= action(stage, levels)


def test_together_they_ask_for_what_the_worst_of_them_asks_alone():
    for levels in EVERYTHING:
        alone = [ALONE[tuple(level if i == k else 0 for i, level in enumerate(levels))]
                 for k in range(CONDITIONS)]
        assert action(FLYING, levels) == max(alone)


def test_the_cause_is_a_condition_that_is_there_and_asks_for_that_action():
    for levels in EVERYTHING:
        taken, cause = failsafes.decide(FLYING, *levels)
        if taken == ACTION_NONE:
            assert cause == -1
            continue
        assert levels[cause] > 0
        own = tuple(level if i == cause else 0 for i, level in enumerate(levels))
        assert ALONE[own] == taken
        assert all(ALONE[tuple(level if i == k else 0 for i, level in enumerate(levels))] < taken
                   for k in range(cause))


def test_on_the_ground_nothing_is_done_and_something_is_said():
    for levels in EVERYTHING:
        assert action(ON_GROUND, levels) == (ACTION_WARN if any(levels) else ACTION_NONE)


@pytest.mark.parametrize("stage", [TAKING_OFF, LANDING])
def test_climb_out_and_final_are_broken_off_only_where_no_engine_runs(stage):
    for levels in EVERYTHING:
        expected = ACTION_GLIDE if levels[0] == 2 else ACTION_WARN if any(levels) else ACTION_NONE
        assert action(stage, levels) == expected


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_makes_an_action_stronger(stage):
    for levels in EVERYTHING:
        assert action(stage, levels) <= action(FLYING, levels)


def test_what_the_crew_overrides_stays_so_until_it_worsens():
    for condition in range(CONDITIONS):
        for level, overridden in product(range(1, LEVELS[condition]), range(LEVELS[condition])):
            left = failsafes.standing(condition, level, overridden)
            may = OVERRIDES[condition][level]
            assert left == (0 if may and level <= overridden else level)
            assert failsafes.standing(condition, level, 0) == level
    # With an engine gone entirely, or a fence ahead, no order helps.
    assert failsafes.standing(failsafes.ENGINE, failsafes.NONE_RUNS, failsafes.NONE_RUNS)
    assert failsafes.standing(failsafes.FENCE, failsafes.AHEAD, failsafes.OUTSIDE)
    assert not failsafes.standing(failsafes.FUEL, failsafes.LOW, failsafes.LOW)
    assert failsafes.standing(failsafes.FUEL, failsafes.CRITICAL, failsafes.LOW)


def test_overriding_everything_leaves_only_what_cannot_be_overridden():
    for levels in EVERYTHING:
        left = [failsafes.standing(k, level, level) for k, level in enumerate(levels)]
        taken = failsafes.decide(FLYING, *left)[0]
        expected = (
            ACTION_GLIDE
            if levels[0] == 2
            else ACTION_TURN_BACK
            if 1 in levels[2:4]
            else ACTION_NONE
        )
        assert taken == expected


def test_a_height_that_the_crew_overrides_hides_no_fence_ahead():
    levels = (0, 0, failsafes.AHEAD, failsafes.OUTSIDE, 0, 0)
    left = [failsafes.standing(k, level, level) for k, level in enumerate(levels)]
    assert failsafes.decide(FLYING, *left) == (ACTION_TURN_BACK, failsafes.FENCE)


def test_every_condition_has_one_row_a_level():
    assert sorted((row.condition, row.level) for row in ROWS) == [
        (condition, level) for condition in range(CONDITIONS)
        for level in range(1, LEVELS[condition])]
