"""Ways home: which landing a return takes, how it comes down it, and what is not begun anew."""

import math

import numpy as np
import pytest

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import plan
from longwatch.autopilot.aboard.crew_record import BY_PLAN, NOT_INBOUND
from longwatch.autopilot.crew import modes
from longwatch.autopilot.failsafe import actions as failsafe_actions
from longwatch.autopilot.manoeuvres import landing_sequence, mission
from longwatch.errors import OrderError
from longwatch.simulation.orders import aboard
from longwatch.simulation.orders.plan import packed
from longwatch.simulation.run import Simulation

HERE = (41.1, 27.9)


def item(command, latitude=0.0, longitude=0.0, **values):
    return {"command": command, "latitude": latitude, "longitude": longitude, **values}


def sequence(latitude, longitude, marked=True):
    """A landing sequence: its marker, a waypoint 0.2 deg further north, a landing."""
    marker = (latitude, longitude) if marked else (0.0, 0.0)
    return [item(plan.DO_LAND_START, *marker), item(plan.WAYPOINT, latitude + 0.2, longitude),
            item(plan.LAND, latitude + 0.3, longitude)]


@pytest.mark.parametrize(("at", "chosen"), [((41.0, 28.0), 0), ((43.0, 28.0), 3)])
@pytest.mark.parametrize("marked", [True, False])
def test_a_return_takes_the_nearest_of_several_sequences(make_items, put, earth, at, chosen,
                                                         marked):
    items = make_items(*sequence(41.0, 28.5, marked), *sequence(43.0, 28.5, marked))
    here = put(*map(math.radians, at))
    assert landing_sequence.nearest_start(items, here, earth) == chosen
    assert landing_sequence.nearest_way(items, here, earth) == chosen


def test_the_marker_counts_where_it_has_a_place_and_else_the_first_item(make_items, put, earth):
    """The second's first item is nearer, its marker is not."""
    near, far = sequence(41.1, 28.0), sequence(41.0, 28.0)
    far[0] = item(plan.DO_LAND_START, 45.0, 28.0)
    far[1] = item(plan.WAYPOINT, 41.0, 28.0)
    here = put(*map(math.radians, (41.0, 28.0)))
    assert landing_sequence.nearest_start(make_items(*near, *far), here, earth) == 0
    far[0] = item(plan.DO_LAND_START)
    assert landing_sequence.nearest_start(make_items(*near, *far), here, earth) == 3


@pytest.mark.parametrize(("at", "chosen"), [((41.0, 28.0), 0), ((43.0, 28.0), 2)])
def test_without_a_marker_the_nearest_landing_is_the_way(make_items, put, earth, at, chosen):
    items = make_items(item(plan.LAND, 41.0, 28.5), item(plan.WAYPOINT, *at),
                       item(plan.LAND, 43.0, 28.5))
    here = put(*map(math.radians, at))
    assert landing_sequence.nearest_start(items, here, earth) == -1
    assert landing_sequence.nearest_way(items, here, earth) == chosen


def test_a_marker_that_leads_to_no_landing_is_no_way(make_items, put, earth):
    here = put(*map(math.radians, HERE))
    around = [item(plan.DO_LAND_START, *HERE), item(plan.RETURN_TO_LAUNCH)]
    items = make_items(*around, *sequence(43.0, 28.0))
    assert landing_sequence.nearest_start(items, here, earth) == 2
    assert landing_sequence.nearest_start(make_items(*around), here, earth) == -1
    assert landing_sequence.nearest_way(make_items(*around), here, earth) == -1


@pytest.fixture(scope="module")
def parked():
    """One that stands aligned, and its record."""
    sim = Simulation("tb2", live=True, fuel_kg=100.0)
    sim.step(3.0)
    return sim, sim.vehicles.copy(), sim.loaded


@pytest.fixture
def aloft(parked, make_items):
    """An aircraft said to fly over Thrace at 1 600 m, under a plan with one landing sequence."""
    sim, record, loaded = parked
    sim.vehicles[:] = record
    aboard.put(sim, loaded)
    items = make_items(
        item(plan.LOITER_TIME, 41.0, 27.9, altitude_msl=1600.0, radius=1000.0, time=600.0),
        item(plan.DO_LAND_START),
        item(plan.LOITER_TO_ALT, 41.11, 27.74, altitude_msl=800.0, radius=1500.0),
        item(plan.LAND, 41.1311572, 27.9080118, altitude_msl=155.0, runway=0))
    header = sim.loaded.header.copy()
    header.item_count = len(items)
    aboard.put(sim, sim.loaded._replace(items=items, header=header))
    state = sim.state.autopilot
    state.crew.armed, state.crew.mode, state.modes.phase = (
        True,
        codes.MODE_MISSION,
        codes.PHASE_LOITER,
    )
    state.engines.working = 1
    state.estimate.gauges.weight_on_wheels = state.estimate.ground_valid = False
    state.estimate.altitude_msl, state.estimate.velocity_north = 1600.0, 40.0
    state.estimate.air.calibrated_airspeed = state.estimate.air.true_airspeed = 40.0
    mission.begin(state.mission, items, 0)
    return sim


def around(sim):
    return (sim.state.autopilot, sim.loaded, sim.aircraft.datasheet[0], sim.world.earth[0],
            sim.state.events, sim.time)


def over(sim, put_at, course=0.0):
    """Put the estimate over a place [deg]."""
    from autopilot.conftest import place  # the same that the fixture puts
    estimate = sim.state.autopilot.estimate
    altitude, mass = float(estimate.altitude_msl), float(estimate.mass)
    place(estimate, *map(math.radians, put_at), altitude, course)
    estimate.mass = mass


def test_a_return_flies_high_to_its_sequence_and_down_on_its_circle(aloft):
    autopilot = aloft.state.autopilot
    over(aloft, (41.0, 27.9))
    assert modes.take_mode(*around(aloft), codes.MODE_RETURN) == 1
    assert (autopilot.mission.index, autopilot.crew.inbound) == (2, BY_PLAN)
    modes.fly_plan(*around(aloft))
    assert autopilot.guidance.altitude_target == 1600.0
    # Onto the circle, 1 500 m north of its centre on an easterly course: from here it is let down.
    over(aloft, (41.11 + 1500.0 / 111_060.0, 27.74), math.pi / 2.0)
    for _ in range(2):
        modes.fly_plan(*around(aloft))
    assert autopilot.mission.captured
    assert autopilot.guidance.altitude_target == 800.0
    autopilot.estimate.altitude_msl = 805.0
    modes.fly_plan(*around(aloft))
    assert autopilot.modes.phase == codes.PHASE_APPROACH


@pytest.mark.parametrize("phase", [codes.PHASE_LOITER, codes.PHASE_EN_ROUTE])
def test_a_return_within_the_landing_sequence_goes_on_with_it(aloft, phase):
    autopilot = aloft.state.autopilot
    over(aloft, (41.1, 27.74))
    mission.begin(autopilot.mission, aloft.loaded.items, 2)
    autopilot.mission.captured, autopilot.modes.phase = True, phase
    autopilot.estimate.altitude_msl = 900.0
    mission.direct(autopilot.mission, aloft.loaded.items, autopilot.guidance,
                   aloft.world.earth[0])
    assert modes.take_mode(*around(aloft), codes.MODE_RETURN) == 1
    assert (autopilot.crew.mode, autopilot.crew.inbound) == (codes.MODE_RETURN, NOT_INBOUND)
    assert autopilot.mission.captured and autopilot.mission.index == 2
    modes.fly_plan(*around(aloft))
    assert autopilot.guidance.altitude_target == 800.0


@pytest.mark.parametrize(
    "phase", [codes.PHASE_APPROACH, codes.PHASE_FINAL, codes.PHASE_FLARING, codes.PHASE_GO_AROUND]
)
def test_a_return_on_the_missions_own_approach_goes_on_landing(aloft, phase):
    autopilot = aloft.state.autopilot
    over(aloft, (41.1, 27.74))
    mission.begin(autopilot.mission, aloft.loaded.items, 3)
    autopilot.modes.phase = phase
    assert modes.take_mode(*around(aloft), codes.MODE_RETURN) == 1
    assert (autopilot.modes.phase, autopilot.crew.mode) == (phase, codes.MODE_RETURN)


def test_a_return_from_elsewhere_begins_the_sequence_though_its_landing_was_the_last_item(aloft):
    autopilot = aloft.state.autopilot
    over(aloft, (42.5, 27.74))
    mission.begin(autopilot.mission, aloft.loaded.items, 3)
    autopilot.crew.mode, autopilot.modes.phase = codes.MODE_GUIDED, codes.PHASE_HOLDING
    assert modes.take_mode(*around(aloft), codes.MODE_RETURN) == 1
    assert (autopilot.mission.index, autopilot.crew.inbound) == (2, BY_PLAN)


def wait(sim, seconds, since):
    """Circle the first item, held exactly, from a time on [s]."""
    autopilot, loaded, sheet, earth, ring, _ = around(sim)
    for second in range(seconds):
        angle = second * 0.04
        over(sim, (41.0 + 1000.0 / 111_060.0 * math.cos(angle),
                   27.9 + 1000.0 / 84_100.0 * math.sin(angle)), angle + math.pi / 2.0)
        modes.fly_plan(autopilot, loaded, sheet, earth, ring, since + second)


def test_a_wait_goes_on_where_home_is_moved_and_where_the_mission_is_ordered_again(aloft):
    state = aloft.state.autopilot.mission
    aloft.state.autopilot.guidance.kind = 1
    modes.fly_mission(*around(aloft))
    wait(aloft, 100, 1000.0)
    assert state.captured and float(state.waited) == pytest.approx(98.0, abs=3.0)
    aloft.order("home", latitude=math.radians(41.2), longitude=math.radians(27.8),
                altitude_msl=100.0)
    aloft.order("mode", mode="mission")
    assert state.captured and float(state.waited) == pytest.approx(98.0, abs=3.0)
    assert state.index == 0


def test_what_was_waited_counts_when_the_mission_is_resumed_after_a_hold(aloft):
    state = aloft.state.autopilot.mission
    modes.fly_mission(*around(aloft))
    wait(aloft, 100, 1000.0)
    modes.take_mode(*around(aloft), codes.MODE_HOLD)
    modes.take_mode(*around(aloft), codes.MODE_MISSION)
    assert not state.captured
    wait(aloft, 100, 5000.0)
    assert float(state.waited) == pytest.approx(198.0, abs=6.0)
    mission.begin(state, aloft.loaded.items, 0)
    assert state.waited == 0.0


def test_a_jump_that_set_current_follows_uses_up_none_of_its_repeats(aloft, make_items):
    items = make_items(item(plan.WAYPOINT, 41.0, 27.9), item(plan.WAYPOINT, 41.1, 27.9),
                       {"command": plan.DO_JUMP, "jump": 0, "repeats": 2},
                       item(plan.WAYPOINT, 41.2, 27.9))
    header = aloft.loaded.header.copy()
    header.item_count = len(items)
    aboard.put(aloft, aloft.loaded._replace(items=items, header=header))
    over(aloft, (41.05, 27.9))
    state = aloft.state.autopilot.mission
    for _ in range(5):
        aloft.order("mission_current", index=2)
        assert (state.index, list(state.jumps)) == (0, [0] * len(state.jumps))
    state.jumps[0] = 2  # used up: it is passed
    aloft.order("mission_current", index=2)
    assert (state.index, state.jumps[0]) == (3, 2)
    aloft.order("mission_current", reset=True)
    assert (state.index, state.jumps[0]) == (3, 0)
    aloft.order("mission_current", index=2, reset=True)
    assert (state.index, state.jumps[0]) == (0, 0)


def test_a_mission_that_is_complete_is_taken_up_again_where_it_is_set_back(aloft):
    state = aloft.state.autopilot.mission
    over(aloft, (41.0, 27.9))
    state.ended, aloft.state.autopilot.crew.mode = True, codes.MODE_HOLD
    with pytest.raises(OrderError, match="the mission is complete"):
        aloft.order("mode", mode="mission")
    aloft.order("mission_current", reset=True)
    aloft.order("mode", mode="mission")
    assert not state.ended and aloft.state.autopilot.crew.mode == codes.MODE_MISSION


def test_a_wait_goes_on_where_the_plan_comes_anew_with_another_home(aloft):
    """As a home that moves has it sent: heights above home move, what was waited has been."""
    state, loaded = aloft.state.autopilot.mission, aloft.loaded
    aloft.state.autopilot.guidance.kind = 1
    modes.fly_mission(*around(aloft))
    wait(aloft, 100, 1000.0)
    waited = float(state.waited)
    assert state.captured and waited > 90.0
    items = loaded.items.copy()
    items["altitude_msl"] += 40.0
    header = np.array([loaded.header])
    aloft.order("plan", items=packed(items), runways=packed(loaded.runways), patches="",
                header=packed(header), names=["x"] * len(items))
    assert (state.index, state.captured, float(state.waited)) == (0, True, waited)
    assert aloft.state.autopilot.modes.phase == codes.PHASE_LOITER


def test_a_wait_does_not_begin_anew_where_only_the_counts_are_set_back(aloft):
    state = aloft.state.autopilot.mission
    modes.fly_mission(*around(aloft))
    wait(aloft, 60, 1000.0)
    waited = float(state.waited)
    aloft.order("mission_current", reset=True)
    assert state.captured and float(state.waited) == waited > 50.0
    aloft.order("mission_current", index=0)
    assert not state.captured and state.waited == 0.0


def test_an_item_chosen_on_the_approach_is_flown_at_once(aloft):
    autopilot = aloft.state.autopilot
    over(aloft, (41.1, 27.74))
    mission.begin(autopilot.mission, aloft.loaded.items, 3)
    autopilot.modes.phase = codes.PHASE_APPROACH
    aloft.order("mission_current", index=0)
    assert (autopilot.mission.index, autopilot.modes.phase) == (0, codes.PHASE_LOITER)


def test_the_nearest_landing_sequence_is_flown_by_order_and_goes_on_where_it_is_flown(aloft):
    autopilot = aloft.state.autopilot
    over(aloft, (41.0, 27.9))
    autopilot.crew.mode, autopilot.modes.phase = codes.MODE_HOLD, codes.PHASE_HOLDING
    aloft.order("land_start")
    assert (autopilot.crew.mode, autopilot.mission.index) == (codes.MODE_MISSION, 2)
    autopilot.mission.captured = True
    aloft.order("land_start")
    assert autopilot.mission.captured and autopilot.mission.index == 2


@pytest.mark.parametrize(
    ("phase", "near", "goes_on"),
    [
        (codes.PHASE_FINAL, False, True),
        (codes.PHASE_GO_AROUND, False, True),
        (codes.PHASE_APPROACH, True, True),
        (codes.PHASE_APPROACH, False, False),
    ],
)
def test_critical_fuel_breaks_off_no_landing_that_is_nearly_done(aloft, phase, near, goes_on):
    autopilot = aloft.state.autopilot
    over(aloft, (41.1, 27.74))
    mission.begin(autopilot.mission, aloft.loaded.items, 3)
    autopilot.modes.phase, autopilot.approach.near = phase, near
    assert failsafe_actions.land(*around(aloft)) == 1
    assert autopilot.crew.mode == codes.MODE_LAND
    assert bool(autopilot.modes.phase == phase) is goes_on
