"""Struts and tyres against statics by hand and Coulomb's limit."""

import math

import numpy as np
import pytest

from longwatch.flight import landing_gear
from longwatch.flight.actuators import ActuatorsState
from longwatch.flight.landing_gear import GearState

LEVEL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
CENTRE = (0.02, 0.0, 0.12)
HEIGHT = 1.08


@pytest.fixture
def stand(sheet):
    """Loads of the gear at a height, attitude, slope and motion; returns (force, moment, state)."""

    def loads(height=HEIGHT, rotation=LEVEL, slope=(0.0, 0.0), velocity=(0.0, 0.0, 0.0),
              rate=(0.0, 0.0, 0.0), paved=True, **controls):
        state, actuators = GearState.zeros()[0], ActuatorsState.zeros()[0]
        for name, value in controls.items():
            actuators[name] = value
        found = landing_gear.loads(state, sheet.landing_gear, actuators, CENTRE, rotation, height,
                                   *slope, velocity, rate, paved)
        return np.array(found[:3]), np.array(found[3:]), state

    return loads


def pitched(angle):
    c, s = math.cos(angle), math.sin(angle)
    return (c, 0.0, s, 0.0, 1.0, 0.0, -s, 0.0, c)


def test_struts_are_springs_and_their_moments_have_their_arms(stand, sheet):
    force, moment, state = stand()
    expected, pitch = 0.0, 0.0
    for wheel in sheet.landing_gear.wheels:
        load = wheel.stiffness * (wheel.position[2] - CENTRE[2] - HEIGHT)
        expected += load
        pitch += (wheel.position[0] - CENTRE[0]) * load
    assert force == pytest.approx((0.0, 0.0, -expected), abs=1e-9)
    assert moment == pytest.approx((0.0, pitch, 0.0), abs=1e-9)
    assert state.vertical_load == pytest.approx(expected)
    assert state.weight_on_wheels


@pytest.mark.parametrize("gear", [0.0, 0.99])
def test_nothing_touches_until_it_is_down_and_locked(own_sheet, gear):
    own_sheet.landing_gear.retractable = True
    state, actuators = GearState.zeros()[0], ActuatorsState.zeros()[0]
    state.vertical_load, state.weight_on_wheels, state.wheels[1].load = 900.0, True, 900.0
    given = (CENTRE, LEVEL, HEIGHT, 0.0, 0.0, (0.0, 0.0, 1.0), (0.0, 0.0, 0.0), True)
    actuators.gear = gear
    assert not any(landing_gear.loads(state, own_sheet.landing_gear, actuators, *given))
    assert (state.vertical_load, state.weight_on_wheels, state.wheels[1].load) == (0.0, False, 0.0)
    actuators.gear = 1.0
    assert landing_gear.loads(state, own_sheet.landing_gear, actuators, *given)[2] < 0.0
    assert state.weight_on_wheels


def test_no_wheel_touches_above_the_extended_struts(stand):
    force, moment, state = stand(height=1.34 - 0.12 + 1e-6)
    assert not force.any() and not moment.any()
    assert not state.weight_on_wheels


def test_nose_wheel_alone_is_no_weight_on_wheels(stand):
    *_, state = stand(height=1.27 - 0.12 + 0.01)
    assert state.vertical_load > 0.0
    assert not state.weight_on_wheels


def test_damping_resists_both_ways_and_never_pulls(stand, sheet):
    still, sinking, rising = (stand(velocity=(0.0, 0.0, w))[2] for w in (0.0, 0.3, -0.1))
    wheels = sheet.landing_gear.wheels
    assert sinking.vertical_load - still.vertical_load == pytest.approx(
        0.3 * sum(wheel.damping for wheel in wheels))
    assert still.vertical_load - rising.vertical_load == pytest.approx(
        0.1 * sum(wheel.damping_rebound for wheel in wheels))
    assert stand(velocity=(0.0, 0.0, -5.0))[2].vertical_load == 0.0


def test_rolling_friction_on_pavement_and_grass(stand, sheet):
    for paved, mu in ((True, 0.02), (False, 0.06)):
        force, _, state = stand(velocity=(20.0, 0.0, 0.0), paved=paved)
        assert force[0] == pytest.approx(-mu * state.vertical_load, rel=6e-3)


def test_full_brakes_stop_by_their_friction(stand, sheet):
    force, _, state = stand(velocity=(20.0, 0.0, 0.0), brake_left=1.0, brake_right=1.0)
    mains = state.wheels[1].load + state.wheels[2].load
    assert force[0] == pytest.approx(-0.02 * state.vertical_load - 0.35 * mains, rel=6e-3)


def test_one_brake_yaws_to_its_side(stand):
    _, moment, _ = stand(velocity=(20.0, 0.0, 0.0), brake_right=1.0)
    assert moment[2] > 100.0
    _, moment, _ = stand(velocity=(20.0, 0.0, 0.0), brake_left=1.0)
    assert moment[2] < -100.0


def test_friction_acts_at_the_ground(stand):
    """Braking pitches with the arm from the ground to the centre of gravity."""
    free = stand(velocity=(20.0, 0.0, 0.0))
    braked = stand(velocity=(20.0, 0.0, 0.0), brake_left=1.0, brake_right=1.0)
    force, moment = braked[0] - free[0], braked[1] - free[1]
    assert moment[1] == pytest.approx(force[0] * HEIGHT, rel=1e-9)


@pytest.fixture
def slide(sheet):
    """A block on the wheels, pushed [N] along and to the right; returns (place, speed, state)."""

    def run(push, seconds, mass=600.0, dt=0.005, speed=(0.0, 0.0), **controls):
        state, actuators = GearState.zeros()[0], ActuatorsState.zeros()[0]
        for name, value in controls.items():
            actuators[name] = value
        place, speed = np.zeros(2), np.array(speed)
        for step in range(round(seconds / dt)):
            force = landing_gear.loads(
                state, sheet.landing_gear, actuators, CENTRE, LEVEL, HEIGHT, 0.0, 0.0,
                (float(speed[0]), float(speed[1]), 0.0), (0.0, 0.0, 0.0), True)
            landing_gear.deflect(state, sheet.landing_gear, actuators, True, dt)
            pushed = push(step * dt) if callable(push) else push
            speed = speed + (np.array(force[:2]) + pushed) / mass * dt
            place = place + speed * dt
        return place, speed, state

    return run


def grips(state):
    """Load on the nose wheel and on both mains [N]."""
    return state.wheels[0].load, state.wheels[1].load + state.wheels[2].load


LOCKED = {"brake_left": 1.0, "brake_right": 1.0}


def test_side_force_is_cornering_stiffness_times_slip(slide):
    slip = math.radians(1.0)
    # Held at its speed by a great mass until the tyres have rolled through.
    *_, state = slide((0.0, 0.0), 0.3, mass=1e12, speed=(30.0, 30.0 * math.tan(slip)))
    expected = -6.0 * math.tan(slip) * state.vertical_load
    assert state.side_load == pytest.approx(expected, rel=1e-6)


def test_the_side_force_builds_up_over_the_relaxation_length(slide, sheet):
    # 0.1 m/s aside at 1 m/s: after one relaxation length all but 1/e of the slip's force is there.
    length = sheet.landing_gear.wheels[0].relaxation_length
    *_, state = slide((0.0, 0.0), length, mass=1e12, dt=length / 500, speed=(1.0, 0.1))
    share = -state.wheels[1].side_force / (6.0 * 0.1 * state.wheels[1].load)
    assert share == pytest.approx(1.0 - math.exp(-1.0), rel=0.03)


@pytest.mark.parametrize("aside", [False, True])
def test_locked_wheels_hold_what_is_less_than_friction_and_slide_above(slide, aside):
    nose, mains = grips(slide((0.0, 0.0), 0.005)[2])
    # Aside all three hold by 0.7; along, the nose wheel has no brake and rolls.
    most = 0.7 * (nose + mains) if aside else 0.7 * mains + 0.02 * nose
    direction = np.array((0.0, 1.0) if aside else (1.0, 0.0))
    for share in (0.5, 0.97):
        def push(time, most=share * most):
            return min(time / 4.0, 1.0) * most * direction

        first, _, _ = slide(push, 14.0, **LOCKED)
        later, speed, _ = slide(push, 20.0, **LOCKED)
        assert np.hypot(*later) < 0.04
        assert later == pytest.approx(first, abs=2e-5)  # it does not creep
        assert np.hypot(*speed) < 1e-4
    gone, speed, _ = slide(1.05 * most * direction, 3.0, **LOCKED)
    assert np.hypot(*gone) > 0.2
    assert np.hypot(*speed) > 0.1


def test_a_wheel_that_slides_past_its_brake_rolls_on_with_the_brakes_friction(slide):
    nose, mains = grips(slide((0.0, 0.0), 0.005)[2])
    push = 0.8 * mains
    _, before, _ = slide((push, 0.0), 1.0, speed=(5.0, 0.0), **LOCKED)
    _, after, _ = slide((push, 0.0), 2.0, speed=(5.0, 0.0), **LOCKED)
    # Newton: the push less Coulomb's friction, 0.02 rolling and 0.35 of full brakes.
    expected = (push - 0.37 * mains - 0.02 * nose) / 600.0
    assert after[0] - before[0] == pytest.approx(expected, rel=1e-3)


def test_gusts_to_and_fro_do_not_walk_it_away(slide):
    most = 0.7 * sum(grips(slide((0.0, 0.0), 0.005)[2]))

    def gust(time):
        # More to one side than to the other, as a steady wind with gusts on it.
        return np.array((0.0, most * (0.2 + 0.2 * math.sin(5.0 * time)) if time < 12.0 else 0.0))

    place, speed, _ = slide(gust, 24.0, **LOCKED)
    assert np.hypot(*place) < 5e-5
    assert np.hypot(*speed) < 1e-3


def test_rolling_friction_alone_holds_a_hundredth_of_its_weight(slide):
    load = sum(grips(slide((0.0, 0.0), 0.005)[2]))
    place, speed, _ = slide((0.01 * load, 0.0), 6.0)
    assert np.hypot(*place) < 2e-3 and np.hypot(*speed) < 1e-3
    _, speed, _ = slide((0.03 * load, 0.0), 4.0)
    assert speed[0] == pytest.approx(0.01 * load / 600.0 * 4.0, rel=0.05)


def test_a_wheel_in_the_air_forgets_how_it_was_deflected(slide, sheet):
    *_, state = slide((0.0, 1000.0), 1.0, **LOCKED)
    assert state.wheels[1].deflection_side > 1e-3
    landing_gear.loads(state, sheet.landing_gear, ActuatorsState.zeros()[0], CENTRE, LEVEL, 2.0,
                       0.0, 0.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), True)
    landing_gear.deflect(state, sheet.landing_gear, ActuatorsState.zeros()[0], True, 0.002)
    assert not state.wheels[1].deflection_side


def test_forces_stay_in_the_friction_circle_and_take_energy(stand, sheet):
    random = np.random.default_rng(1)
    for paved, limit in ((True, 0.7), (False, 0.4)):
        for _ in range(60):
            velocity = (*random.uniform(-40.0, 40.0, 2), 0.0)
            force, _, state = stand(
                velocity=velocity, paved=paved, brake_left=1.0, brake_right=1.0,
                steering=random.uniform(-0.5, 0.5))
            assert math.hypot(force[0], force[1]) <= limit * state.vertical_load * (1 + 1e-12)
            assert np.dot(force, velocity) < 0.0


def test_steering_right_turns_right(stand):
    force, moment, _ = stand(velocity=(10.0, 0.0, 0.0), steering=0.05)
    assert force[1] > 0.0 and moment[2] > 0.0


def test_standing_on_a_slope_is_standing_level_but_for_the_tilt(stand):
    slope = 0.03
    level, _, _ = stand()
    # Facing north up a slope: pitched to it, the plane's distance the same.
    tilted, moment, _ = stand(height=HEIGHT / math.cos(math.atan(slope)), slope=(slope, 0.0),
                              rotation=pitched(math.atan(slope)))
    assert tilted == pytest.approx(level, abs=1e-6)
    assert moment == pytest.approx(stand()[1], abs=1e-6)


def test_slope_to_the_side_loads_the_lower_wheel(stand, sheet):
    *_, state = stand(slope=(0.0, 0.02))
    # Level wings over ground that rises to the east, the right.
    assert state.wheels[2].load - state.wheels[1].load == pytest.approx(
        sheet.landing_gear.wheels[1].stiffness * 2.0 * 1.2 * 0.02, rel=1e-3)


def test_wheels_roll_with_the_aircrafts_turn(stand):
    """A wheel's slip is that of its own contact point."""
    _, moment, _ = stand(velocity=(10.0, 0.0, 0.0), rate=(0.0, 0.0, 0.2))
    # Turning right, the nose slips right and is pushed left; the mains slip left, behind.
    assert moment[2] < 0.0
