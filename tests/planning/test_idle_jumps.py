"""Jumps that lead round without anything being flown: refused by file, upload and order alike."""

from dataclasses import replace
from itertools import count, product

import numpy as np
import pytest

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.plan import circles_idly, first_flown
from longwatch.planning.live_items import item_fault, item_faults, mission_fault
from longwatch.planning.mission import MissionItem


def item(number, command, p1=0.0, p2=0.0):
    placed = command in (16, 21, 22)
    place = (0.7 + 0.001 * number, 0.5) if placed else (None, None)
    return MissionItem(number, command, 0 if placed else 2, p1, p2, 0.0, 0.0, *place,
                       500.0 if placed else 0.0)


def numbered(*rows):
    return [item(number, *row) for number, row in enumerate(rows, start=1)]


TAKE_OFF, WAYPOINT, LAND, SPEED, DELAY, CAMERA = (22,), (16,), (21,), (178, 0, 40), (112, 9), (206,)
ROI, LOOK = (201,), (80,)


def jump(to, times=1):
    return 177, to, times


IDLE = {
    "to itself": [TAKE_OFF, WAYPOINT, jump(3, -1), LAND],
    "to itself once": [TAKE_OFF, WAYPOINT, jump(3), LAND],
    "over an order": [TAKE_OFF, WAYPOINT, SPEED, jump(3, 200), WAYPOINT, LAND],
    "over camera and region": [TAKE_OFF, WAYPOINT, CAMERA, ROI, LOOK, jump(3, 5), LAND],
    "over a delay": [TAKE_OFF, WAYPOINT, DELAY, SPEED, jump(3, 2), LAND],
    "to and fro": [TAKE_OFF, WAYPOINT, jump(4, -1), jump(3, -1), LAND],
    "forward and back": [TAKE_OFF, jump(5, 3), WAYPOINT, WAYPOINT, SPEED, jump(2, 3), LAND],
    "first of all": [jump(1, -1), TAKE_OFF, WAYPOINT, LAND],
    "last of all": [TAKE_OFF, WAYPOINT, LAND, jump(4, 32767)],
    "by a tag": [TAKE_OFF, WAYPOINT, (600, 7), SPEED, (601, 7, 3), LAND],
    "by a tag to itself": [TAKE_OFF, WAYPOINT, (600, 7), (601, 7, -1), LAND],
    "over the take-off, which is past": [TAKE_OFF, SPEED, jump(1, -1), WAYPOINT, LAND],
    "nothing flown": [SPEED, DELAY],
    "past all that is flown": [jump(4, -1), WAYPOINT, LAND, SPEED],
}
FLYING = {
    "back to a waypoint": [TAKE_OFF, WAYPOINT, SPEED, jump(2, 3), LAND],
    "back over a delay to a waypoint": [TAKE_OFF, DELAY, WAYPOINT, jump(2, -1), LAND],
    "never taken": [TAKE_OFF, WAYPOINT, SPEED, jump(3, 0), LAND],
    "ahead": [TAKE_OFF, WAYPOINT, jump(5, 1), WAYPOINT, SPEED, LAND],
    "by a tag before a waypoint": [TAKE_OFF, (600, 7), SPEED, WAYPOINT, (601, 7, 3), LAND],
    "two that share a waypoint": [TAKE_OFF, WAYPOINT, jump(2, 1), jump(2, 1), LAND],
}


@pytest.mark.parametrize("name", IDLE)
def test_an_idle_circle_is_refused_by_file_and_upload(name):
    items = numbered(*IDLE[name])
    assert all(item_fault(one) is None for one in items)
    fault = mission_fault(items)
    assert fault is not None and fault.text in item_faults(items)
    if "flown" not in name:
        assert "nothing between that is flown" in fault.text
        assert fault.item is not None and 1 <= fault.item <= len(items)


@pytest.mark.parametrize("name", FLYING)
def test_a_circle_that_flies_is_none(name):
    assert item_faults(numbered(*FLYING[name])) == []


@pytest.mark.parametrize(("p1", "p2"), [(0.0, 1.0), (9.0, 1.0), (2.5, 1.0), (-1.0, 1.0),
                                        (None, 1.0), (2.0, 0.5), (2.0, -2.0), (2.0, 1e9),
                                        (2.0, None)])
def test_a_jump_of_garbage_is_refused(p1, p2):
    items = numbered(TAKE_OFF, WAYPOINT, jump(2), LAND)
    items[2] = replace(items[2], p1=p1, p2=p2)
    assert any("item 3, MAV_CMD_DO_JUMP (177)" in text for text in item_faults(items))


def idle_by_walking(flies, jumps):
    """True where some path that flies nothing is longer than there are items."""
    def longest(i, left):
        if left == 0:
            return True
        if i >= len(flies) or flies[i]:
            return False
        return longest(i + 1, left - 1) or (jumps[i] >= 0 and longest(jumps[i], left - 1))
    return any(longest(i, len(flies) + 1) for i in range(len(flies)))


def test_every_small_plan_against_walking_all_its_paths():
    """Every arrangement of four items, each flown, passing, or a jump to any of the four."""
    kinds = [(True, -1), (False, -1), *((False, to) for to in range(4))]
    seen = count()
    for rows in product(kinds, repeat=4):
        flies, jumps = zip(*rows, strict=True)
        assert (circles_idly(flies, jumps) >= 0) == idle_by_walking(flies, jumps), rows
        next(seen)
    assert next(seen) == 6**4


def test_what_is_flown_first_is_found_behind_jumps():
    assert first_flown([False, False, True, True], [3, -1, -1, -1]) == 3
    assert first_flown([False, True], [-1, -1]) == 1
    assert first_flown([False, True, False], [2, -1, -1]) == -1
    assert first_flown([], []) == -1


def test_five_thousand_items_are_looked_at_in_one_go():
    flies = [False] * 5000
    jumps = [-1] * 4999 + [0]
    assert circles_idly(flies, jumps) == 0
    assert circles_idly(flies, [-1] * 5000) == -1
    assert np.all([circles_idly([True] * 5000, jumps) == -1])


def test_plan_numbers_are_mavlinks():
    assert (plan.NAV_DELAY, plan.DO_JUMP, plan.JUMP_TAG, plan.DO_JUMP_TAG) == (93, 177, 600, 601)
