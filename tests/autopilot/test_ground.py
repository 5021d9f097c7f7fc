"""On the ground and near it, by the autopilot's own rules, without a flight."""

import math

import pytest

from autopilot.conftest import place
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.events import EventRing
from longwatch.autopilot.aboard.plan import PlanHeader, PlanRunway
from longwatch.autopilot.control import inner_loops, servos
from longwatch.autopilot.control.servos import ServosState
from longwatch.autopilot.manoeuvres import approach, landing, take_off, touch
from longwatch.autopilot.system import AutopilotState
from longwatch.flight.actuators import ActuatorCommands
from longwatch.simulation.vehicle import Loaded


@pytest.fixture
def autopilot():
    return AutopilotState.zeros()[0]


@pytest.fixture
def ring():
    return EventRing.zeros()[0]


def noted(ring):
    return [int(ring.entries[i].code) for i in range(int(ring.count))]


def wind_from(estimate, sheet, degrees, speed=12.0, heading=0.7):
    """Elevator and aileron for a wind from so many degrees to the right of the nose."""
    direction = heading + math.radians(degrees)
    estimate.heading = heading
    estimate.wind_north = -speed * math.cos(direction)
    estimate.wind_east = -speed * math.sin(direction)
    return inner_loops._for_the_wind(estimate, sheet)


def test_the_surfaces_are_held_for_the_wind(autopilot, sheet):
    estimate = autopilot.estimate
    down, right = sheet.actuators.ruddervator.upper, sheet.actuators.aileron.upper
    # From ahead, abeam and behind; positive elevator is trailing edge down, positive aileron has
    # the right one up.
    assert wind_from(estimate, sheet, 0.0) == pytest.approx((down, 0.0), abs=1e-9)
    assert wind_from(estimate, sheet, 90.0) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert wind_from(estimate, sheet, 180.0) == pytest.approx((-down, 0.0), abs=1e-9)
    # The windward aileron up against a wind from a quarter ahead, down against one from behind.
    assert wind_from(estimate, sheet, 45.0)[1] == pytest.approx(right)
    assert wind_from(estimate, sheet, -45.0)[1] == pytest.approx(-right)
    assert wind_from(estimate, sheet, 135.0)[1] == pytest.approx(-right)
    assert wind_from(estimate, sheet, 0.0, speed=0.0) == (0.0, 0.0)
    assert wind_from(estimate, sheet, 0.0, speed=5.0)[0] == pytest.approx(0.5 * down)


def test_parked_nothing_winds_up(autopilot, sheet):
    """However long it stands nose up, in no wind: surfaces and nose wheel straight."""
    state, commands = autopilot.control, ActuatorCommands.zeros()[0]
    state.pitch_mode, state.yaw_mode = inner_loops.TAXI, inner_loops.LOCKED
    autopilot.estimate.pitch, autopilot.estimate.roll = 0.06, 0.01
    autopilot.estimate.heading, state.heading_command = 1.0, 1.2
    for _ in range(500):
        inner_loops.step(state, autopilot.estimate, sheet, commands, 0.02)
    assert (commands.elevator, commands.aileron, commands.rudder, commands.steering) == (
        0.0, 0.0, 0.0, 0.0)


def test_parked_and_slow_after_a_landing_the_surfaces_are_those_for_the_wind(
        autopilot, sheet, make_items, earth, ring):
    """At the stop, as the inner loops would have them, a wind from behind lifted the tail."""
    commands = ActuatorCommands.zeros()[0]
    take_off.stand(autopilot, commands)
    assert (commands.brake_left, commands.brake_right) == (1.0, 1.0)
    assert (autopilot.control.pitch_mode, autopilot.control.yaw_mode) == (
        inner_loops.TAXI, inner_loops.LOCKED)
    runways = PlanRunway.zeros(1)
    runways[0].latitude[:], runways[0].longitude[:] = (0.7, 0.7003), 0.5
    approach.select(autopilot.approach, runways, earth, 0, 0)
    loaded = Loaded(make_items({"command": 16}), runways, PlanHeader.zeros(1)[0])
    place(autopilot.estimate, 0.7001, 0.5, speed=9.0)
    autopilot.estimate.gauges.weight_on_wheels, autopilot.modes.phase = True, codes.PHASE_ROLL_OUT
    for speed, mode in ((9.0, inner_loops.ROLLING), (7.0, inner_loops.TAXI)):
        autopilot.estimate.velocity_north = speed
        landing.roll_out(autopilot, commands, loaded, sheet, earth, ring, 10.0)
        assert autopilot.control.pitch_mode == mode


@pytest.mark.parametrize(
    ("phase", "longest"),
    [
        (codes.PHASE_EN_ROUTE, 1.0),
        (codes.PHASE_HOLDING, 1.0),
        (codes.PHASE_STEERED, 1.0),
        (codes.PHASE_LOITER, 1.0),
        (codes.PHASE_APPROACH, 1.0),
        (codes.PHASE_GLIDING, 1.0),
        (codes.PHASE_CLIMB_OUT, 4.0),
        (codes.PHASE_GO_AROUND, 4.0),
    ],
)
def test_wheels_on_the_ground_where_it_should_fly(autopilot, ring, phase, longest):
    autopilot.modes.phase = phase
    autopilot.estimate.gauges.weight_on_wheels = True
    for _ in range(round(longest / 0.05) - 1):
        touch.watch(autopilot, ring, 0.0, 0.05)
    # A bounce: it flies on, and the next touch counts anew.
    autopilot.estimate.gauges.weight_on_wheels = False
    touch.watch(autopilot, ring, 0.0, 0.05)
    assert (autopilot.modes.phase, autopilot.modes.contact) == (phase, 0.0)
    autopilot.estimate.gauges.weight_on_wheels = True
    for _ in range(round(longest / 0.05) + 2):
        touch.watch(autopilot, ring, 0.0, 0.05)
    assert autopilot.modes.phase == codes.PHASE_FIELD_LANDING
    assert autopilot.modes.astray
    assert events.TOUCHED_GROUND in noted(ring)


@pytest.mark.parametrize(
    "phase",
    [
        codes.PHASE_PARKED,
        codes.PHASE_TAKEOFF_ROLL,
        codes.PHASE_ROTATION,
        codes.PHASE_FLARING,
        codes.PHASE_ROLL_OUT,
        codes.PHASE_STOPPED,
    ],
)
def test_wheels_on_the_ground_where_they_belong(autopilot, ring, phase):
    autopilot.modes.phase = phase
    autopilot.estimate.gauges.weight_on_wheels = True
    for _ in range(200):
        touch.watch(autopilot, ring, 0.0, 0.05)
    assert autopilot.modes.phase == phase and not autopilot.modes.astray


def test_every_approach_given_up_widens_the_box_and_the_fifth_lands(autopilot):
    boxes = []
    for given_up in range(6):
        autopilot.modes.given_up = given_up
        boxes.append(landing._box(autopilot.modes))
    assert boxes[0] == 1.0
    assert boxes[:4] == sorted(boxes[:4]) and boxes[3] < 2.0
    assert boxes[4] > 100.0


def test_what_is_needed_to_stop_is_braking_and_the_wait(autopilot, sheet):
    estimate = autopilot.estimate
    estimate.velocity_north = 30.0
    # v t + v^2 / 2a: two seconds, and 0.65 of 0.35 g.
    assert landing._stopping(estimate, sheet) == pytest.approx(
        60.0 + 900.0 / (2.0 * 0.65 * 0.35 * 9.80665))


# ------------------------------------------------------------------- a ruddervator that sticks


@pytest.fixture
def watched(autopilot, sheet, ring):
    """Servos that follow at their rate, but for one stuck; returns a step of 0.02 s."""
    state, commands = ServosState.zeros()[0], ActuatorCommands.zeros()[0]
    measured = autopilot.estimate.gauges.ruddervators

    def step(elevator, rudder, stuck=None):
        commands.elevator, commands.rudder = elevator, rudder
        for i, asked in enumerate((elevator - rudder, elevator + rudder)):
            if i != stuck:
                move = asked - measured[i]
                measured[i] += min(max(move * 0.3, -0.021), 0.021)
        servos.watch(state, autopilot.estimate, commands, sheet, ring, 0.0, 0.02)
        return state

    return step


@pytest.mark.parametrize("stuck", [0, 1])
def test_one_that_stands_still_far_from_what_is_asked_is_stuck(watched, ring, stuck):
    for i in range(100):
        state = watched(0.2 * math.sin(i / 20.0), 0.15, stuck)
    assert int(state.stuck) == stuck + 1
    assert noted(ring) == [events.SERVO_STUCK]


def test_surfaces_that_are_thrown_about_are_not_stuck(watched, ring):
    for i in range(1000):
        state = watched(0.5 * math.copysign(1.0, math.sin(i / 15.0)), 0.3 * math.sin(i / 7.0))
        assert int(state.stuck) == servos.NONE
    assert not noted(ring)


@pytest.mark.parametrize(("stuck", "at"), [(servos.LEFT, 0.1), (servos.RIGHT, -0.2)])
def test_the_one_that_moves_gives_the_elevator_asked_for(stuck, at):
    state = ServosState.zeros()[0]
    state.stuck, state.at = stuck, at
    elevator, rudder = servos.share(state, -0.05, 0.3, 0.5236)
    left, right = elevator - rudder, elevator + rudder
    held, moving = (left, right) if stuck == servos.LEFT else (right, left)
    assert abs(held - at) <= servos.PROBE + 1e-12
    assert 0.5 * (at + moving) == pytest.approx(-0.05)


def test_one_that_follows_again_is_flown_again(watched, ring):
    for _ in range(60):
        state = watched(0.2, 0.05, 0)
    assert int(state.stuck) == servos.LEFT
    for _ in range(20):
        watched(*servos.share(state, 0.2, 0.05, 0.5236))
    assert int(state.stuck) == servos.NONE
    assert noted(ring) == [events.SERVO_STUCK, events.SERVO_FREE]


def test_a_circle_at_the_gate_that_never_finds_the_final_is_given_up(autopilot):
    state, path, modes_ = autopilot.approach, autopilot.guidance, autopilot.modes
    autopilot.estimate.altitude_msl = path.altitude_target = 400.0
    state.near, modes_.since = True, 1000.0
    given_up = [t for t in range(1000, 2500) if landing._leads_nowhere(autopilot, float(t))]
    assert given_up[0] == 1000 + int(landing.LONGEST_CIRCLING) + 1
    # Coming down on it takes as long as it takes.
    autopilot.estimate.altitude_msl = 2000.0
    assert not any(landing._leads_nowhere(autopilot, float(t)) for t in range(2500, 9000))
