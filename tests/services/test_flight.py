"""A whole flight by commands alone, the aircraft really flown; what it cannot do is refused."""

import math
import random

import pytest

from longwatch.autopilot.codes import (
    MODE_ALTITUDE,
    MODE_CRUISE,
    MODE_HOLD,
    MODE_ORBIT,
    MODE_RETURN,
    MODE_TAKE_OFF,
)
from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, live

pytestmark = pytest.mark.compiled_only
ACCEPTED, DENIED, REJECTED = (mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_DENIED,
                              mavlink.MAV_RESULT_TEMPORARILY_REJECTED)
ARM, TAKEOFF, REPOSITION = (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, mavlink.MAV_CMD_NAV_TAKEOFF,
                            mavlink.MAV_CMD_DO_REPOSITION)
NAN = None
PLACE = (41.2, 28.0)
EARTH = 6371e3


class Flight(Bench):
    """A bench with words for what a crew sees."""

    @property
    def mode(self):
        return int(self.simulation.state.autopilot.crew.mode)

    @property
    def estimate(self):
        return self.simulation.state.autopilot.estimate

    def distance(self, latitude, longitude):
        at = self.estimate
        north = at.latitude - math.radians(latitude)
        east = (at.longitude - math.radians(longitude)) * math.cos(at.latitude)
        return EARTH * math.hypot(north, east)

    def sticks(self):
        """Sticks in the middle, as a joystick sends them again and again."""
        self.receive(mavlink.MAVLink_manual_control_message(1, 0, 0, 500, 0, 0))

    def takes_off(self, altitude):
        assert self.command(TAKEOFF, -1, 0, 0, NAN, NAN, NAN, altitude) == ACCEPTED
        assert self.command(ARM, 1) == ACCEPTED
        self.fly(200.0, lambda: self.mode == MODE_HOLD)
        assert self.mode == MODE_HOLD

    def lands(self):
        self.fly(1500.0, lambda: not self.simulation.state.autopilot.crew.armed)
        assert not self.simulation.state.autopilot.crew.armed
        assert self.estimate.gauges.weight_on_wheels


@pytest.fixture
def bench():
    return Flight(simulation=live(fuel_kg=60.0))


def test_from_the_runway_to_a_place_and_back(bench):
    assert bench.command(TAKEOFF, -1, 0, 0, NAN, NAN, NAN, 500.0) == ACCEPTED
    assert bench.mode == MODE_TAKE_OFF
    bench.fly(10.0)
    assert bench.estimate.gauges.weight_on_wheels, "took off disarmed"
    bench.takes_off(500.0)
    assert bench.estimate.altitude_msl == pytest.approx(500.0, abs=15.0)
    assert bench.command_int(REPOSITION, -1, 1, 0, NAN, latitude=PLACE[0], longitude=PLACE[1],
                             z=700.0) == ACCEPTED
    bench.fly(600.0, lambda: bench.distance(*PLACE) < 1000.0)
    bench.fly(60.0)
    assert bench.estimate.altitude_msl == pytest.approx(700.0, abs=10.0)
    # On the circle of the standing radius about it.
    assert bench.distance(*PLACE) == pytest.approx(
        abs(bench.simulation.state.autopilot.crew.radius), rel=0.1)
    assert bench.command(mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH) == ACCEPTED
    assert bench.mode == MODE_RETURN
    bench.lands()
    home = bench.craft.home
    assert bench.distance(math.degrees(home.latitude), math.degrees(home.longitude)) < 3500.0
    assert bench.component.faults == 0


def test_speed_altitude_mode_and_course_in_the_air(bench):
    bench.takes_off(500.0)
    assert bench.command(mavlink.MAV_CMD_DO_CHANGE_SPEED, 0, 42.0, -1) == ACCEPTED
    assert bench.command(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, 650.0, 0) == ACCEPTED
    bench.fly(150.0)
    assert bench.estimate.air.calibrated_airspeed == pytest.approx(42.0, abs=1.0)
    assert bench.estimate.altitude_msl == pytest.approx(650.0, abs=8.0)
    # Modes that sticks fly want sticks.
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, 2, 0) == REJECTED
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, 3, 0) == REJECTED
    assert "no sticks are heard" in bench.texts[-1] and bench.mode == MODE_HOLD
    bench.sticks()
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, 2, 0) == ACCEPTED
    assert bench.mode == MODE_ALTITUDE
    assert bench.command_int(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING, 0, 90.0) == ACCEPTED
    assert bench.mode == MODE_CRUISE
    bench.fly(60.0)
    course = math.atan2(bench.estimate.velocity_east, bench.estimate.velocity_north)
    assert math.degrees(course) == pytest.approx(90.0, abs=2.0)
    assert bench.command_int(mavlink.MAV_CMD_DO_ORBIT, -900.0, NAN, 0, NAN, latitude=PLACE[0],
                             longitude=PLACE[1], z=600.0) == ACCEPTED
    assert bench.mode == MODE_ORBIT
    bench.fly(400.0, lambda: bench.distance(*PLACE) < 950.0)
    bench.fly(60.0)
    assert bench.distance(*PLACE) == pytest.approx(900.0, abs=60.0)
    # Pause as QGroundControl does it.
    assert bench.command(REPOSITION, -1, 1, 0, NAN, NAN, NAN, NAN) == ACCEPTED
    assert bench.mode == MODE_HOLD
    assert bench.component.faults == 0


def test_what_cannot_be_is_refused_and_nothing_changes(bench):
    for command in (mavlink.MAV_CMD_NAV_LAND, mavlink.MAV_CMD_DO_GO_AROUND,
                    mavlink.MAV_CMD_DO_ORBIT, mavlink.MAV_CMD_MISSION_START):
        assert bench.command(command, *[NAN] * 7) == REJECTED
    bench.takes_off(500.0)
    before = bench.simulation.state.autopilot.crew.tobytes()
    assert bench.command(ARM, 0) == REJECTED
    assert "it flies" in bench.texts[-1]
    assert bench.command(mavlink.MAV_CMD_DO_CHANGE_SPEED, 0, 500.0, -1) == DENIED
    assert bench.command(mavlink.MAV_CMD_DO_CHANGE_SPEED, 0, 12.0, -1) == DENIED
    assert bench.command(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, 15000.0, 0) == DENIED
    # 160 m is 6 m above the runway.
    for altitude in (-400.0, 0.0, 160.0):
        assert bench.command(mavlink.MAV_CMD_DO_CHANGE_ALTITUDE, altitude, 0) == DENIED
        assert "the ground lies at" in bench.texts[-1]
        assert bench.command_int(REPOSITION, -1, 1, latitude=PLACE[0], longitude=PLACE[1],
                                 z=altitude) == DENIED
    assert bench.command(TAKEOFF, *[NAN] * 7) == REJECTED
    assert bench.command(mavlink.MAV_CMD_DO_GO_AROUND) == REJECTED
    assert bench.command(mavlink.MAV_CMD_DO_PAUSE_CONTINUE, 1) == REJECTED
    assert bench.simulation.state.autopilot.crew.tobytes() == before


@pytest.mark.parametrize("seed", [1, 2])
def test_random_commands_leave_it_flying(seed):
    """Ten minutes of commands with numbers by chance, no disarming by force among them."""
    bench, dice = Flight(simulation=live(fuel_kg=60.0)), random.Random(seed)
    bench.takes_off(500.0)
    left_out = {mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, ARM}
    commands = sorted(set(bench.component.by_command) - left_out)
    numbers = [0.0, 1.0, 2.0, -1.0, -2.0, 0.5, 15.0, 40.0, 300.0, 600.0, 900.0, 1e9, NAN, math.inf]
    accepted = 0
    for _ in range(180):
        parameters = [dice.choice(numbers) for _ in range(4)]
        place = dice.choice([41.2, 41.3, NAN]), dice.choice([28.0, 27.8, NAN])
        number = dice.choice(commands)
        if dice.random() < 0.5:
            result = bench.command(number, *parameters, *place, dice.choice(numbers))
        else:
            result = bench.command_int(number, *parameters, latitude=place[0], longitude=place[1],
                                       z=dice.choice([0.0, 300.0, 900.0, 1e6, NAN]),
                                       frame=dice.choice([0, 3, 5, 6, 8, 10]))
        accepted += result == ACCEPTED
        bench.fly(3.5, step=3.5)
        assert math.isfinite(bench.estimate.altitude_msl)
    assert accepted > 20
    assert bench.simulation.outcome == "flying" and bench.component.faults == 0


def test_a_go_around_leads_back_to_a_landing(bench):
    bench.takes_off(400.0)
    assert bench.command(mavlink.MAV_CMD_NAV_LAND, 0, 0, 0, NAN) == ACCEPTED
    bench.fly(900.0, lambda: bench.estimate.height_above_ground < 60.0)
    assert bench.component.provide(245).landed_state == mavlink.MAV_LANDED_STATE_LANDING
    assert bench.command(mavlink.MAV_CMD_DO_GO_AROUND) == ACCEPTED
    bench.fly(20.0)
    assert bench.estimate.climb_rate > 1.0
    bench.lands()


def test_a_reboot_starts_over_from_the_runway(bench):
    bench.takes_off(400.0)
    bench.command(mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, 1, 0, 0, 0, 0, 20190226)
    bench.fly(3.0)
    assert bench.estimate.gauges.weight_on_wheels and bench.mode == MODE_HOLD
    assert not bench.simulation.state.autopilot.crew.armed
    assert bench.command(ARM, 1) == ACCEPTED


def test_home_moves_and_is_told_to_all(bench):
    assert bench.command_int(mavlink.MAV_CMD_DO_SET_HOME, 0, latitude=41.15, longitude=27.95,
                             z=170.0) == ACCEPTED
    bench.poll(0.1)
    home = bench.last("HOME_POSITION")
    assert (home.latitude, home.longitude, home.altitude) == (411500000, 279500000, 170000)
    assert bench.sent[-1].link is None or bench.of("HOME_POSITION", link=None)
    bench.clear()
    bench.command(mavlink.MAV_CMD_DO_SET_HOME, 1)
    bench.command(mavlink.MAV_CMD_GET_HOME_POSITION)
    assert bench.last("HOME_POSITION").latitude / 1e7 == pytest.approx(
        math.degrees(bench.estimate.latitude), abs=1e-6)


@pytest.mark.parametrize("profile", ["px4", "ardupilot", "generic"])
def test_every_mode_offered_is_taken_or_refused_with_its_reason(profile):
    bench = Flight(profile, simulation=live(fuel_kg=60.0))
    bench.takes_off(500.0 if profile != "ardupilot" else 350.0)
    bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, 435, 0)
    offered = bench.of("AVAILABLE_MODES")
    assert len(offered) == offered[0].number_modes
    for mode in offered:
        before, texts = bench.mode, len(bench.texts)
        main, sub = (mode.custom_mode >> 16 & 0xFF, mode.custom_mode >> 24) if (
            profile == "px4") else (mode.custom_mode, 0)
        result = bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, main, sub)
        if result == ACCEPTED:
            bench.poll(1.1)
            assert bench.of("HEARTBEAT", component=1)[-1].custom_mode == mode.custom_mode
            assert bench.component.provide(436).custom_mode == mode.custom_mode
        else:
            assert bench.mode == before and len(bench.texts) > texts
        if mode.standard_mode:
            again = bench.command(mavlink.MAV_CMD_DO_SET_STANDARD_MODE, mode.standard_mode)
            assert (again == ACCEPTED) == (result == ACCEPTED)
    assert bench.component.faults == 0
    assert bench.command(mavlink.MAV_CMD_DO_SET_STANDARD_MODE, 77) == (
        mavlink.MAV_RESULT_UNSUPPORTED)


def test_set_mode_as_a_message_for_this_system_alone(bench):
    bench.takes_off(400.0)
    cruise = bench.craft.profile.shown(MODE_CRUISE).custom_mode
    bench.receive(mavlink.MAVLink_set_mode_message(0, 1, cruise))
    bench.receive(mavlink.MAVLink_set_mode_message(2, 1, cruise))
    assert bench.mode == MODE_HOLD
    bench.sticks()
    bench.receive(mavlink.MAVLink_set_mode_message(1, 1, cruise))
    assert bench.mode == MODE_CRUISE
    # Without the flag for custom modes the number means something else.
    bench.receive(mavlink.MAVLink_set_mode_message(1, 4, 0))
    assert bench.mode == MODE_CRUISE and "custom" in bench.texts[-1]


def test_heartbeat_says_when_a_failsafe_flies(bench):
    state = bench.simulation.state.autopilot
    bench.takes_off(400.0)
    bench.simulation.order("link", "test", present=True)
    bench.fly(2.0)
    assert bench.component.provide(0).system_status == mavlink.MAV_STATE_ACTIVE
    bench.simulation.order("link", "test", present=False)
    bench.fly(200.0, lambda: bool(state.failsafe.acting))
    beat = bench.component.provide(0)
    assert beat.system_status == mavlink.MAV_STATE_CRITICAL
    assert beat.base_mode & mavlink.MAV_MODE_FLAG_SAFETY_ARMED
    bench.lands()
    assert bench.component.provide(0).system_status == mavlink.MAV_STATE_STANDBY
