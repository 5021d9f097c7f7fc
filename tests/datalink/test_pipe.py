import math
from itertools import pairwise

import pytest

from longwatch.datalink.pipe import BUFFER, MAXIMUM_FLYING, Pipe
from longwatch.errors import SetupError


def test_nothing_in_the_way():
    pipe = Pipe()
    pipe.push("a", 100, 5.0)
    pipe.push("b", 100, 5.0)
    assert pipe.due(5.0) == ["a", "b"] and pipe.due(6.0) == []
    assert (pipe.counts.sent, pipe.counts.arrived, pipe.room(5.0)) == (2, 2, 1.0)


def test_rate_and_delay():
    """100 bytes at 1000 bytes/s leave within 0.1 s each, one after the other."""
    pipe = Pipe(rate=1000.0, delay=0.25)
    for item in "abc":
        pipe.push(item, 100, 10.0)
    assert pipe.waiting(10.0) == pytest.approx(300.0)
    assert pipe.waiting(10.15) == pytest.approx(150.0)
    assert pipe.due(10.34) == []
    assert pipe.due(10.3501) == ["a"]
    assert pipe.due(10.56) == ["b", "c"]
    pipe.push("d", 100, 20.0)
    assert pipe.due(20.34) == [] and pipe.due(20.36) == ["d"]


def test_losses_are_independent_seeded_and_of_their_share():
    def fates(seed, count=20_000):
        pipe = Pipe(loss=0.1, seed=seed)
        arrived = []
        for item in range(count):
            pipe.push(item, 30, float(item))
            arrived.append(bool(pipe.due(float(item))))
        return arrived

    first = fates(1)
    assert first == fates(1) != fates(2)
    count, share = len(first), 1.0 - sum(first) / len(first)
    # Four standard deviations of a binomial share; of pairs in a row 1 % is lost.
    assert share == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / count))
    pairs = sum(not a and not b for a, b in pairwise(first)) / count
    assert pairs == pytest.approx(0.01, abs=4 * math.sqrt(0.01 / count))


def test_one_frames_fate_is_not_anothers():
    """A frame that finds the buffer full leaves the losses of those after it as they were."""
    small, large = Pipe(loss=0.5, seed=3), Pipe(loss=0.5, seed=3)
    small.push("x", 10, 0.0)
    large.push("x", BUFFER + 1, 0.0)
    assert large.counts.overflowed == 1
    small.due(0.0)
    fates = []
    for pipe in (small, large):
        fate = []
        for item in range(1, 100):
            pipe.push(item, 10, float(item))
            fate.append(pipe.due(float(item)))
        fates.append(fate)
    assert fates[0] == fates[1]


def test_cut():
    pipe = Pipe(delay=1.0)
    pipe.push("under way", 10, 0.0)
    pipe.cut = True
    pipe.push("sent into it", 10, 0.5)
    assert pipe.due(2.0) == [] and pipe.counts.lost == 2
    pipe.cut = False
    pipe.push("after", 10, 3.0)
    assert pipe.due(4.0) == ["after"]


def test_memory_is_bounded():
    pipe = Pipe(rate=100.0)
    for item in range(10_000):
        pipe.push(item, 100, 0.0)
    assert len(pipe._flying) == BUFFER // 100
    assert pipe.counts.overflowed == 10_000 - BUFFER // 100
    assert pipe.room(0.0) < 0.01
    far = Pipe(delay=1e9)
    for item in range(MAXIMUM_FLYING + 500):
        far.push(item, 10, 0.0)
    assert len(far._flying) == MAXIMUM_FLYING and far.counts.overflowed == 500


def test_a_shorter_delay_lets_none_overtake():
    pipe = Pipe(delay=5.0)
    pipe.push("a", 10, 0.0)
    pipe.delay = 0.0
    pipe.push("b", 10, 1.0)
    assert pipe.due(4.9) == [] and pipe.due(5.0) == ["a", "b"]


def test_time_that_ran_backwards_is_another_run():
    pipe = Pipe(rate=1.0, delay=1.0)
    pipe.push("a", 1000, 100.0)
    pipe.push("b", 1, 0.0)
    assert pipe.due(3.0) == ["b"]


def test_impossible_links_are_refused_whole():
    with pytest.raises(SetupError) as refusal:
        Pipe(rate=0.0, delay=-1.0, loss=math.nan)
    assert [word in str(refusal.value) for word in ("rate 0.0", "delay -1.0", "loss nan")] == [
        True] * 3
