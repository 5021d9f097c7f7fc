"""QGroundControl's first contact, over a good link and over links that drop and double packets."""

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


def test_over_a_bad_link_what_comes_is_right_and_most_comes(simulation):
    """5 % lost and 5 % doubled, each way: every step correct, or failed and said so."""
    good, _, _ = contact(simulation)
    whole = dropped = doubled = 0
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
        whole += not made.failed
    assert dropped > 20 and doubled > 20
    # Lost answers to requests are not asked for twice by this client, so not every contact is
    # whole; more than a few that are not would be ours.
    assert whole >= len(SEEDS) // 2


def test_over_a_doubling_link_nothing_fails(simulation):
    made, bench, link = contact(simulation, double=0.5, seed=3)
    assert made.failed == [] and link.doubled > 50
    assert bench.component.faults == 0


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
