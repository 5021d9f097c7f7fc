"""The table of every field of every item, walked: used, told of, or refused, never dropped."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from longwatch.autopilot.aboard import plan
from longwatch.planning.item_fields import (
    ATTRIBUTES,
    EMPTY,
    FIELDS,
    REFUSED,
    TOLD,
    USED,
    passed_over_fields,
    refusals,
)
from longwatch.planning.item_page import page
from longwatch.planning.judge import judge
from longwatch.planning.live_items import PASSED_OVER, TAKEN, as_flown, item_faults
from longwatch.planning.mav_commands import POSITIONED
from longwatch.planning.mission import Home, Mission, MissionItem
from longwatch.planning.resolve import resolve

PLACE = (math.radians(10.06), math.radians(20.0))
CELLS = [(command, number) for command, row in FIELDS.items() for number in row]


def sound(command, sequence=3):
    """An item of the command that asks for nothing but what it must."""
    p1 = {plan.LOITER_TURNS: 2.0, plan.LOITER_TIME: 60.0, plan.NAV_DELAY: 60.0,
          plan.CONDITION_DELAY: 5.0, plan.DO_JUMP: 2.0, plan.JUMP_TAG: 7.0,
          plan.DO_JUMP_TAG: 4.0}.get(command, 0.0)
    p2 = {plan.DO_JUMP: 1.0, plan.DO_JUMP_TAG: 1.0, plan.DO_CHANGE_SPEED: 40.0}.get(command, 0.0)
    placed = command in POSITIONED
    return MissionItem(sequence, command, 3 if placed else 2, p1, p2, 0.0, 0.0,
                       *(PLACE if placed or command == plan.DO_LAND_START else (None, None)),
                       500.0 if placed else 0.0)


def mission_of(item):
    """The item between a take-off, a waypoint and a landing."""
    at = lambda north: (math.radians(10.0 + north), math.radians(20.0))  # noqa: E731
    before = [MissionItem(1, plan.TAKEOFF, 3, 0, 0, 0, 0, *at(0.0), 400.0),
              MissionItem(2, plan.WAYPOINT, 3, 0, 0, 0, 0, *at(0.04), 500.0)]
    tag = MissionItem(4, plan.JUMP_TAG, 2, 4.0, 0, 0, 0, None, None, 0.0)
    after = [MissionItem(5, plan.WAYPOINT, 3, 0, 0, 0, 0, *at(0.1), 500.0),
             MissionItem(6, plan.LAND, 3, 0, 0, 0, 0, *at(-0.2), 0.0)]
    return [*before, item, tag, *after]


def test_every_command_that_is_flown_has_a_row_and_every_row_all_seven_fields():
    assert set(FIELDS) == TAKEN - PASSED_OVER | {plan.JUMP_TAG}
    assert all(set(row) == set(ATTRIBUTES) for row in FIELDS.values())
    assert {field.kind for row in FIELDS.values() for field in row.values()} == {
        USED, EMPTY, TOLD, REFUSED}


@pytest.mark.parametrize("command", sorted(FIELDS))
def test_an_item_that_asks_for_nothing_more_is_taken_in_silence(command):
    items = mission_of(sound(command))
    assert item_faults(items) == []
    assert passed_over_fields(items) == []


@pytest.mark.parametrize(("command", "number"), CELLS)
def test_a_field_that_asks_is_told_of_or_refused_unless_it_is_used(command, number):
    field, asking = FIELDS[command][number], 0.6
    item = replace(sound(command), **{ATTRIBUTES[number]: asking})
    told = [text for text in passed_over_fields([item]) if text.startswith("item 3: ")]
    refused = [which for which, _ in refusals(item)]
    assert bool(told) == (field.kind in (EMPTY, TOLD)), told
    assert (number in refused) == (field.kind == REFUSED)
    for value in field.refused:
        again = replace(sound(command), **{ATTRIBUTES[number]: value})
        assert number in [which for which, _ in refusals(again)]
        assert any("item 3, " in fault for fault in item_faults(mission_of(again)))
    for value in (*field.free, None):
        free = replace(sound(command), **{ATTRIBUTES[number]: value})
        assert number not in [which for which, _ in refusals(free)]
        assert passed_over_fields([free]) == []


# Fields whose use the record aboard shows, by another value that is sound there.
SHOWN = {
    (plan.WAYPOINT, "1"): 30.0, (plan.WAYPOINT, "5"): math.radians(10.07),
    (plan.WAYPOINT, "6"): math.radians(20.01), (plan.WAYPOINT, "7"): 640.0,
    (plan.LOITER_UNLIM, "3"): -1500.0, (plan.LOITER_TURNS, "1"): 3.0,
    (plan.LOITER_TURNS, "3"): 1700.0, (plan.LOITER_TIME, "1"): 90.0,
    (plan.LOITER_TIME, "3"): 1600.0, (plan.LOITER_TO_ALT, "2"): -1800.0,
    (plan.LOITER_TO_ALT, "7"): 800.0, (plan.NAV_DELAY, "1"): 75.0,
    (plan.CONDITION_DELAY, "1"): 9.0, (plan.DO_JUMP, "1"): 5.0, (plan.DO_JUMP, "2"): 2.0,
    (plan.DO_CHANGE_SPEED, "2"): 42.0, (plan.DO_JUMP_TAG, "2"): 3.0,
    (plan.LAND, "7"): 120.0, (plan.LAND, "5"): math.radians(10.2),
    (plan.TAKEOFF, "7"): 600.0, (plan.DO_LAND_START, "5"): math.radians(10.3),
    (plan.DO_LAND_START, "6"): math.radians(20.3),
}


@pytest.fixture(scope="module")
def aboard():
    from longwatch.aircraft.loader import load_datasheet

    tb2 = load_datasheet("tb2")
    home = Home(math.radians(10.0), math.radians(20.0), 50.0)

    def records(items):
        judged = judge(Mission(Path("m"), home, as_flown(items)), tb2, payload_kg=0.0,
                       fuel_kg=150.0)
        return resolve(judged, payload_kg=0.0, messages=()).items

    return records


@pytest.mark.parametrize(("command", "number"), SHOWN)
def test_what_is_used_reaches_the_autopilot(aboard, command, number):
    item = sound(command)
    other = replace(item, **{ATTRIBUTES[number]: SHOWN[command, number]})
    if command == plan.TAKEOFF:
        one, two = ([i, *mission_of(sound(plan.WAYPOINT))[1:]] for i in
                    (replace(item, sequence=1), replace(other, sequence=1)))
    elif command == plan.LAND:
        one, two = ([*mission_of(sound(plan.WAYPOINT))[:-1], replace(i, sequence=6)]
                    for i in (item, other))
    else:
        one, two = mission_of(item), mission_of(other)
    assert aboard(one).tobytes() != aboard(two).tobytes()


def test_used_fields_are_shown_by_record_or_by_name():
    """What a record does not show by itself says so in its meaning."""
    elsewhere = ("always", "which runway", "0 airspeed", "tag", "aiming point", "number of the",
                 "latitude, longitude", "altitude in", "radius of")
    for command, number in CELLS:
        field = FIELDS[command][number]
        if field.kind == USED and (command, number) not in SHOWN:
            assert any(word in field.meaning for word in elsewhere), (command, number)


def test_the_page_is_the_table():
    path = Path(__file__).parents[2] / "docs" / "mission-items.md"
    assert path.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m longwatch.planning.item_page docs/mission-items.md")
