"""Working through plans: the order of items as MAVLink's common.xml words it."""

import math

import numpy as np
import pytest

from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.crew_record import UNTOLD
from longwatch.autopilot.control import guidance
from longwatch.autopilot.control.guidance import GuidanceState
from longwatch.autopilot.manoeuvres import mission

BANK = math.radians(30.0)


def waypoint(**values):
    return {"command": plan.WAYPOINT, **values}


def do(command, **values):
    return {"command": command, **values}


def order(state, items, ring, limit=12):
    """Sequence numbers of the navigation items as they come, each being reached at once."""
    flown = []
    for _ in range(limit):
        before = state.index
        mission.advance(state, items, ring, 0.0, 0.0, 0.0)
        if state.index == before and state.index == len(items) - 1:
            break
        flown.append(int(items[state.index].sequence))
        if flown[-1] == len(items):
            break
    return flown


def codes(ring):
    return [(int(e.code), int(e.number)) for e in ring.entries[:int(ring.count)]]


@pytest.mark.parametrize(("repeat", "flown"), [
    (0, [1, 2, 4]), (1, [1, 2, 1, 2, 4]), (3, [1, 2, 1, 2, 1, 2, 1, 2, 4]),
    (-1, [1, 2] * 6)])
def test_jumps_are_repeated_as_often_as_asked(mission_state, make_items, ring, repeat, flown):
    items = make_items(waypoint(), waypoint(), do(plan.DO_JUMP, jump=0, repeats=repeat), waypoint())
    assert order(mission_state, items, ring) == flown


def test_two_jumps_keep_their_own_counts(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.DO_JUMP, jump=0, repeats=1), waypoint(),
                       do(plan.DO_JUMP, jump=2, repeats=2), waypoint())
    assert order(mission_state, items, ring) == [1, 1, 3, 3, 3, 5]


def test_jump_ahead_skips(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.DO_JUMP, jump=3, repeats=1), waypoint(), waypoint())
    assert order(mission_state, items, ring) == [1, 4]


def test_a_take_off_is_past_once_the_mission_is_flown(mission_state, make_items, ring):
    items = make_items({"command": plan.TAKEOFF}, waypoint(), do(plan.DO_JUMP, jump=0, repeats=2),
                       waypoint())
    assert order(mission_state, items, ring) == [1, 2, 2, 2, 4]
    assert mission.next_navigation(mission_state, items, 1) == 3


def test_the_end_behind_orders_leaves_the_last_flown_item_the_one_to_fly(
        mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.DO_CHANGE_SPEED, speed=42.0))
    for _ in range(2):
        mission.advance(mission_state, items, ring, 0.0, 0.0, 0.0)
    assert (mission_state.ended, mission_state.index, mission_state.speed) == (True, 0, 42.0)


@pytest.mark.parametrize("rows", [
    [do(plan.DO_JUMP, jump=1, repeats=-1)],
    [do(plan.DO_CHANGE_SPEED, speed=42.0), do(plan.DO_JUMP, jump=1, repeats=200)],
    [do(plan.CONDITION_DELAY, time=9.0), do(plan.DO_JUMP, jump=1, repeats=-1)],
    [do(plan.DO_JUMP, jump=2, repeats=-1), do(plan.DO_JUMP, jump=1, repeats=-1)]])
def test_a_circle_that_never_flies_ends_and_is_never_taken_for_an_item(
        mission_state, make_items, ring, rows):
    """No such plan is loaded; were it, the autopilot would stay with what it can fly."""
    items = make_items(waypoint(), *rows)
    for _ in range(2):
        mission.advance(mission_state, items, ring, 0.0, 0.0, 0.0)
    assert (mission_state.ended, mission_state.index) == (True, 0)
    assert mission.next_navigation(mission_state, items, 0) == -1


def test_looking_ahead_follows_jumps_without_counting_them(mission_state, make_items, ring):
    items = make_items(waypoint(), waypoint(), do(plan.DO_JUMP, jump=0, repeats=1), waypoint())
    order(mission_state, items, ring, limit=2)
    assert [mission.next_navigation(mission_state, items, 1) for _ in range(3)] == [0, 0, 0]
    assert order(mission_state, items, ring) == [1, 2, 4]
    assert mission.next_navigation(mission_state, items, 3) == -1


def test_a_jump_behind_a_delay_still_counts(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.CONDITION_DELAY, time=5.0),
                       do(plan.DO_JUMP, jump=0, repeats=1), waypoint())
    assert order(mission_state, items, ring) in ([1, 1, 4], [1, 4])


def test_speed_changes_as_it_is_passed(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.DO_CHANGE_SPEED, speed=42.0), waypoint())
    order(mission_state, items, ring, limit=1)
    assert mission_state.speed == 0.0
    order(mission_state, items, ring, limit=1)
    assert mission_state.speed == 42.0
    assert mission_state.sequence == 3


def test_delay_holds_back_what_acts_and_not_what_flies(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.CONDITION_DELAY, time=20.0),
                       do(plan.DO_CHANGE_SPEED, speed=42.0), waypoint())
    mission.advance(mission_state, items, ring, 0.0, 0.0, 0.0)
    mission.advance(mission_state, items, ring, 100.0, 0.0, 0.0)
    assert mission_state.sequence == 4
    mission.run_delayed(mission_state, items, ring, 119.9)
    assert mission_state.speed == 0.0
    mission.run_delayed(mission_state, items, ring, 120.0)
    assert mission_state.speed == 42.0


def test_what_a_delay_still_holds_is_dropped_with_the_leg(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.CONDITION_DELAY, time=20.0),
                       do(plan.DO_CHANGE_SPEED, speed=42.0), waypoint(), waypoint())
    for time in (0.0, 100.0, 110.0):
        mission.advance(mission_state, items, ring, time, 0.0, 0.0)
    mission.run_delayed(mission_state, items, ring, 200.0)
    assert (mission_state.sequence, mission_state.speed) == (5, 0.0)


def test_second_delay_counts_from_the_first(mission_state, make_items, ring):
    items = make_items(waypoint(), do(plan.CONDITION_DELAY, time=10.0),
                       do(plan.CONDITION_DELAY, time=5.0),
                       do(plan.DO_CHANGE_SPEED, speed=42.0), waypoint())
    mission.advance(mission_state, items, ring, 0.0, 0.0, 0.0)
    mission.advance(mission_state, items, ring, 0.0, 0.0, 0.0)
    mission.run_delayed(mission_state, items, ring, 10.0)
    mission.run_delayed(mission_state, items, ring, 14.9)
    assert mission_state.speed == 0.0
    mission.run_delayed(mission_state, items, ring, 15.0)
    assert mission_state.speed == 42.0


class Flown:
    """An aircraft that follows its loiter exactly, one degree of the circle at a time."""

    def __init__(self, state, items, put, earth, ring, speed=40.0):
        self.state, self.items, self.put, self.earth, self.ring = state, items, put, earth, ring
        self.path, self.time, self.speed = GuidanceState.zeros()[0], 0.0, speed
        mission.advance(state, items, ring, 0.0, 0.0, 0.0)
        mission.direct(state, items, self.path, earth)

    def circle(self, sheet, degrees, altitude=500.0, told=UNTOLD):
        """Fly round; returns how far [deg] it went before the item was done, None if it was not."""
        item = self.items[self.state.index]
        radius, direction = abs(item.radius), math.copysign(1.0, item.radius)
        for step in range(degrees):
            bearing = math.radians(step) * direction
            estimate = self.put(
                item.latitude + radius * math.cos(bearing) / 6.3559e6,
                item.longitude + radius * math.sin(bearing) / (
                    6.3865e6 * math.cos(item.latitude)),
                course=bearing + direction * math.pi / 2.0, speed=self.speed)
            estimate.altitude_msl = altitude
            guidance.follow(self.path, estimate, sheet.control)
            self.time += math.radians(1.0) * radius / self.speed
            if mission.update(self.state, self.items, self.path, estimate, self.earth, BANK, told,
                              self.ring, self.time):
                return step
        return None


FAR = {"command": plan.WAYPOINT, "latitude": 43.0, "longitude": 27.9}
HERE = {"latitude": 41.1, "longitude": 27.9, "radius": 700.0}


@pytest.mark.parametrize("radius", [700.0, -700.0])
@pytest.mark.parametrize(("turns", "least"), [(0.0, 0.0), (1.0, 356.0), (2.0, 716.0)])
def test_turns_are_counted_and_left_on_the_tangent(mission_state, make_items, put, earth, ring,
                                                   sheet, turns, least, radius):
    items = make_items({"command": plan.LOITER_TURNS, **HERE, "turns": turns, "radius": radius},
                       FAR)
    done = Flown(mission_state, items, put, earth, ring).circle(sheet, 1200)
    # North lies ahead where the circle is left: 270 deg round from its northern point.
    assert least <= done < least + 360.0
    assert done % 360 == pytest.approx(270.0, abs=8.0)


def test_loiter_time_runs_from_the_circle(mission_state, make_items, put, earth, ring, sheet):
    items = make_items({"command": plan.LOITER_TIME, **HERE, "time": 200.0}, FAR)
    flown = Flown(mission_state, items, put, earth, ring)
    flown.circle(sheet, 1200)
    # A turn takes 110 s; what is left of one is flown to the tangent.
    assert 200.0 <= flown.time <= 200.0 + 110.0 + 2.0


def test_loiter_to_altitude_waits_for_it(mission_state, make_items, put, earth, ring, sheet):
    items = make_items({"command": plan.LOITER_TO_ALT, **HERE, "altitude_msl": 900.0}, FAR)
    flown = Flown(mission_state, items, put, earth, ring)
    assert flown.circle(sheet, 800, altitude=850.0) is None
    assert flown.circle(sheet, 800, altitude=895.0) is not None


@pytest.mark.parametrize(("told", "left"), [(UNTOLD, 270), (270.0, 270), (500.0, 630),
                                            (740.0, 630), (980.0, 990)])
def test_a_loiter_is_left_on_the_lap_that_was_told(mission_state, make_items, put, earth, ring,
                                                   sheet, told, left):
    """At its altitude from the first, which by itself would have it leave on the first lap."""
    items = make_items({"command": plan.LOITER_TO_ALT, **HERE, "altitude_msl": 500.0}, FAR)
    flown = Flown(mission_state, items, put, earth, ring)
    told = told if told == UNTOLD else math.radians(told)
    assert flown.circle(sheet, 1200, told=told) == pytest.approx(left, abs=8)


@pytest.mark.parametrize("following", [
    {"command": plan.LAND, "latitude": 43.0, "longitude": 27.9},
    {"command": plan.WAYPOINT, "latitude": 41.1, "longitude": 27.9}])
@pytest.mark.parametrize(("told", "left"), [(UNTOLD, 1), (200.0, 200), (500.0, 500)])
def test_without_a_tangent_a_loiter_is_left_where_that_was_told(
        mission_state, make_items, put, earth, ring, sheet, following, told, left):
    """Left where it is low enough, its course and so its turn towards the landing were a hair's."""
    items = make_items({"command": plan.LOITER_TO_ALT, **HERE, "altitude_msl": 500.0}, following)
    flown = Flown(mission_state, items, put, earth, ring)
    told = told if told == UNTOLD else math.radians(told)
    assert flown.circle(sheet, 1200, told=told) == pytest.approx(left, abs=2)


def test_unlimited_loiter_never_ends(mission_state, make_items, put, earth, ring, sheet):
    items = make_items({"command": plan.LOITER_UNLIM, **HERE}, FAR)
    assert Flown(mission_state, items, put, earth, ring).circle(sheet, 1500) is None


@pytest.mark.parametrize("following", [
    {"command": plan.LOITER_TO_ALT, **HERE, "altitude_msl": 500.0},
    {"command": plan.WAYPOINT, "latitude": 41.1, "longitude": 27.9},
    {"command": plan.LOITER_TURNS, **HERE, "latitude": 41.103, "turns": 1.0}])
def test_loiter_is_left_for_a_point_inside_its_circle(mission_state, make_items, put, earth, ring,
                                                      sheet, following):
    """No tangent leads there; it is left all the same."""
    items = make_items({"command": plan.LOITER_TURNS, **HERE, "turns": 1.0}, following, FAR)
    assert Flown(mission_state, items, put, earth, ring).circle(sheet, 1200) is not None


@pytest.mark.parametrize(("turn", "fly_over"), [(0.0, False), (45.0, False), (90.0, False),
                                                (90.0, True)])
def test_turn_begins_ahead_of_the_waypoint_by_its_tangent(mission_state, make_items, put, earth,
                                                          ring, sheet, turn, fly_over):
    bend = math.radians(turn)
    items = make_items(
        waypoint(latitude=0.1, longitude=20.0, fly_over=fly_over),
        waypoint(latitude=0.1 + 0.1 * math.cos(bend), longitude=20.0 + 0.1 * math.sin(bend)))
    path, speed = GuidanceState.zeros()[0], 40.0
    mission.advance(mission_state, items, ring, 0.0, 0.0, math.radians(20.0))
    mission.direct(mission_state, items, path, earth)
    for left in np.arange(600.0, -20.0, -2.0):
        estimate = put(math.radians(0.1) - left / 6.3354e6, math.radians(20.0), speed=speed)
        guidance.follow(path, estimate, sheet.control)
        if mission.update(mission_state, items, path, estimate, earth, BANK, UNTOLD, ring, 0.0):
            break
    # R tan(turn/2) at 80 % of the bank, and half of the turn's seconds to roll in.
    radius = speed**2 / (9.80665 * math.tan(0.8 * BANK))
    expected = 0.0 if fly_over else radius * math.tan(bend / 2.0) + speed * bend / 2.0
    assert left == pytest.approx(expected, abs=3.0)
    assert mission_state.sequence == 2
