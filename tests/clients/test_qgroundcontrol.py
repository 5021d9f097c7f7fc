"""QGroundControl's first contact, over a good link and over links that drop and double packets."""

import re

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import STATION, Bench, live
from services.qgroundcontrol import first_contact
from services.station import Link, Station

# The parameters that QGroundControl's PX4 side reads by name.
ASKED = {"COM_RC_IN_MODE", "SYS_HITL", "SYS_AUTOSTART", "FW_AIRSPD_MIN", "FW_AIRSPD_MAX",
         "LND_FLIGHT_T_HI", "LND_FLIGHT_T_LO", "PD_GRIPPER_EN", "MIS_TAKEOFF_ALT"}
SEEDS = range(5)


def contact(simulation, profile="px4", **chances):
    bench = Bench(profile, simulation=simulation)
    link = Link(bench, STATION, **chances)
    return first_contact(Station(link)), bench, link


@pytest.fixture(scope="module")
def simulation():
    return live()


@pytest.mark.parametrize("profile", ["px4", "ardupilot", "generic"])
def test_over_a_good_link_everything_comes_at_once(simulation, profile):
    made, bench, _ = contact(simulation, profile)
    assert made.failed == []
    assert made.seconds < 3.0
    assert bench.component.faults == 0
    assert made.capabilities & mavlink.MAV_PROTOCOL_CAPABILITY_FTP
    assert sorted(made.modes) == list(range(1, len(made.modes) + 1))
    assert {m.custom_mode for m in made.modes.values()} == {
        choice.custom_mode for choice in bench.craft.profile.modes}
    assert made.metadata["general"]["metadataTypes"]
    assert set(made.plans) == {"mission", "fence", "rally"}
    assert len(made.parameters) == next(iter(made.parameters.values())).param_count
    if profile == "px4":
        assert set(made.parameters) >= ASKED
        assert made.hash_check is not None


def told(messages):
    """Parameters as values: name, index, type, bits."""
    return {(v.param_id, v.param_index, v.param_type, v.param_value) for v in messages.values()}


@pytest.mark.compiled_only
def test_over_a_bad_link_what_comes_is_right_and_most_comes(simulation):
    """5 % lost and 5 % doubled, each way: every step correct, or failed and said so."""
    good, _, _ = contact(simulation)
    dropped = doubled = 0
    for seed in SEEDS:
        made, bench, link = contact(simulation, loss=0.05, double=0.05, seed=seed)
        dropped, doubled = dropped + link.dropped, doubled + link.doubled
        assert bench.component.faults == 0
        failed = {step.split(":")[0] for step in made.failed}
        if "parameters" not in failed:
            assert told(made.parameters) == told(good.parameters)
        if "metadata" not in failed:
            assert made.metadata == good.metadata
        for index, mode in made.modes.items():
            assert mode.custom_mode == good.modes[index].custom_mode
        assert all(len(items) == len(good.plans[name]) for name, items in made.plans.items())
        # A message that is lost after its acknowledgement this client does not ask for again;
        # whatever it does ask for again comes.
        assert all(re.search(" (AUTOPILOT_VERSION|AVAILABLE_MODES \\d+|COMPONENT_METADATA)$", step)
                   for step in made.failed), made.failed
    assert dropped > 20 and doubled > 20


@pytest.mark.compiled_only
def test_over_a_doubling_link_nothing_fails(simulation):
    made, bench, link = contact(simulation, double=0.5, seed=3)
    assert made.failed == [] and link.doubled > 50
    assert bench.component.faults == 0


@pytest.mark.compiled_only
def test_over_a_dead_link_it_gives_up_cleanly_and_the_next_contact_is_whole(simulation):
    bench = Bench(simulation=simulation)
    link = Link(bench, STATION)
    station = Station(link)
    station.wait(2.0, "HEARTBEAT")
    link.loss = 1.0
    with pytest.raises(AssertionError, match="no heartbeat"):
        first_contact(station)
    link.loss = 0.0
    assert first_contact(station).failed == []


class Operator(Station):
    """What QGroundControl's fly view sends, on its PX4 side."""

    def set_mode(self, custom_mode):
        """SET_MODE until HEARTBEAT shows it, three times 1.3 s; True once it does."""
        for _ in range(3):
            self.link.up(mavlink.MAVLink_set_mode_message(self.system, 1, custom_mode))
            if self.wait(1.3, "HEARTBEAT", where=lambda m: m.get_srcComponent() == 1
                         and m.custom_mode == custom_mode):
                return True
        return False

    def arm(self):
        """Arm until HEARTBEAT shows it."""
        for _ in range(3):
            self.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1)
            if self.wait(1.5, "HEARTBEAT", where=lambda m: m.get_srcComponent() == 1
                         and m.base_mode & mavlink.MAV_MODE_FLAG_SAFETY_ARMED):
                return True
        return False

    def fly(self, seconds):
        """Simulated time alone: what the operator waits for in the air."""
        self.bench.simulation.step(seconds)
        self.wait(1.2, "ALTITUDE")

    def position(self):
        self.heard.clear()
        return self.wait(20.0, "GLOBAL_POSITION_INT")


@pytest.mark.compiled_only
@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_the_fly_view_takes_off_pauses_goes_to_a_place_and_returns(loss):
    bench = Bench(simulation=live(fuel_kg=60.0))
    operator = Operator(Link(bench, STATION, loss=loss, double=loss, seed=5))
    mode = {choice.name: choice.custom_mode for choice in bench.craft.profile.modes}
    accepted = mavlink.MAV_RESULT_ACCEPTED
    reposition = mavlink.MAV_CMD_DO_REPOSITION
    ground = operator.position()
    # The take-off is acknowledged, then it arms.
    assert operator.command(mavlink.MAV_CMD_NAV_TAKEOFF, -1, 0, 0, None, None, None,
                            ground.alt / 1e3 + 300.0).result == accepted
    assert operator.arm()
    operator.fly(150.0)
    assert operator.position().relative_alt / 1e3 == pytest.approx(300.0, abs=20.0)
    # Pause, change of altitude after it, a place.
    assert operator.command(reposition, -1, 1, 0, None, None, None, None).result == accepted
    assert operator.command(reposition, -1, 1, 0, None, None, None,
                            ground.alt / 1e3 + 400.0).result == accepted
    operator.fly(90.0)
    assert operator.position().relative_alt / 1e3 == pytest.approx(400.0, abs=20.0)
    place = ground.lat / 1e7 + 0.05, ground.lon / 1e7
    assert operator.command(reposition, -1, 1, 0, None, *place,
                            ground.alt / 1e3 + 400.0).result == accepted
    operator.fly(240.0)
    assert operator.position().lat / 1e7 == pytest.approx(place[0], abs=0.012)
    # No mission aboard: its mode is refused, and the text says why.
    assert not operator.set_mode(mode["Mission"])
    assert any("no mission aboard" in text for text in bench.texts)
    assert operator.set_mode(mode["Return"])
    operator.fly(900.0)
    beat = operator.wait(20.0, "HEARTBEAT", where=lambda m: m.get_srcComponent() == 1)
    assert not beat.base_mode & mavlink.MAV_MODE_FLAG_SAFETY_ARMED
    assert operator.position().relative_alt / 1e3 == pytest.approx(0.0, abs=30.0)
    assert bench.component.faults == 0
