"""Pacing against its definition: simulated time is wall time times the factor."""

import math

import pytest

from longwatch.errors import SetupError
from longwatch.live.pacing import BATCH_WALL, CADENCE, MOST_BEHIND, Pacer, parse_speed


def driven(pacer: Pacer, seconds: float, cost: float) -> tuple[int, float]:
    """Run the loop on a machine where a tick costs ``cost`` s; ticks and the longest batch."""
    now, done, longest = 0.0, 0, 0.0
    while now < seconds:
        ticks = pacer.due(now)
        if ticks:
            now += ticks * cost
            longest = max(longest, ticks * cost)
            pacer.took(ticks, ticks * cost, now)
            done += ticks
        now += max(pacer.rest(now), 1e-4)
    return done, longest


@pytest.mark.parametrize("speed", [0.01, 0.5, 1.0, 20.0, 333.0])
def test_simulated_time_is_wall_time_times_the_factor(speed):
    done, _ = driven(Pacer(speed), 30.0, 1e-6)
    assert done == pytest.approx(30.0 * speed * 100.0, abs=2.0 * CADENCE * speed * 100.0 + 1.0)


@pytest.mark.parametrize("cost", [1e-6, 20e-6, 1e-3])
def test_batches_last_at_most_ten_milliseconds(cost):
    pacer = Pacer(math.inf)
    driven(pacer, 5.0, cost)  # from a first guess to what was measured
    done, longest = driven(pacer, 5.0, cost)
    assert longest <= BATCH_WALL
    assert done * cost > 0.8 * 5.0  # and the machine is busy


def test_what_cannot_be_kept_up_with_is_let_go():
    pacer = Pacer(1.0)
    assert pacer.due(100.0) <= MOST_BEHIND * 100.0
    assert pacer.behind == pytest.approx(100.0 - MOST_BEHIND)


def test_a_pause_holds_and_steps_are_counted_exactly():
    pacer = Pacer(1.0)
    pacer.pause()
    assert pacer.due(10.0) == 0
    pacer.step(7.5)
    total = 0
    while ticks := pacer.due(10.0):
        pacer.took(ticks, ticks * 1e-6, 10.0)
        total += ticks
    assert total == 750
    pacer.resume(20.0)
    assert pacer.due(20.0) == 0 and pacer.due(20.1) == 10


def test_a_change_of_speed_counts_from_then_on():
    pacer = Pacer(1.0)
    pacer.took(pacer.due(0.2), 1e-4, 0.2)
    pacer.set_speed(20.0, 0.2)
    assert pacer.due(0.3) == 200


@pytest.mark.parametrize("bad", ["fast", "", 0.0, -1.0, math.nan, 1e9, None])
def test_a_factor_that_is_none_is_refused(bad):
    with pytest.raises(SetupError, match="0.01 to 10000"):
        parse_speed(bad)


def test_max_is_a_speed():
    assert parse_speed("max") == parse_speed(math.inf) == math.inf
