"""Identity, requests, time, home: what clients ask first."""

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import OTHER, Bench, live


@pytest.fixture(scope="module")
def simulation():
    return live()


@pytest.fixture(params=["px4", "ardupilot", "generic"])
def bench(request, simulation):
    return Bench(request.param, system=1, simulation=simulation)


def ask(bench, number, *parameters, **options):
    return bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, number, *parameters, **options)


def test_a_version_that_clients_accept_and_no_capability_without_its_service(bench):
    assert ask(bench, 148) == mavlink.MAV_RESULT_ACCEPTED
    version = bench.last("AUTOPILOT_VERSION")
    # QGroundControl's PX4 side warns below 1.4.1.
    assert version.flight_sw_version >> 8 >= 0x010401
    assert version.uid != 0
    bits = version.capabilities
    assert bits & mavlink.MAV_PROTOCOL_CAPABILITY_MAVLINK2
    assert bits & mavlink.MAV_PROTOCOL_CAPABILITY_COMMAND_INT
    for bit in (mavlink.MAV_PROTOCOL_CAPABILITY_TERRAIN,
                mavlink.MAV_PROTOCOL_CAPABILITY_FLIGHT_TERMINATION,
                mavlink.MAV_PROTOCOL_CAPABILITY_COMPONENT_IMPLEMENTS_GIMBAL_MANAGER):
        assert not bits & bit
    both = (mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_BYTEWISE
            | mavlink.MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST)
    assert bits & both != both


def test_uid_tells_aircraft_apart(simulation):
    uids = set()
    for system in range(1, 7):
        bench = Bench(system=system, simulation=simulation)
        uids.add(bench.component.provide(148).uid)
    assert len(uids) == 6


def test_the_acknowledgement_comes_with_the_message_to_the_asker_alone(bench):
    ask(bench, 148, sender=OTHER)
    assert [(s.message.get_type(), s.link) for s in bench.sent] == [
        ("AUTOPILOT_VERSION", 2), ("COMMAND_ACK", 2)]
    bench.clear()
    # Param 7: 2 asks for all.
    ask(bench, 148, 0, 0, 0, 0, 0, 2)
    assert bench.sent[0].link is None


@pytest.mark.parametrize(("command", "kind"), [
    (mavlink.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES, "AUTOPILOT_VERSION"),
    (mavlink.MAV_CMD_REQUEST_PROTOCOL_VERSION, "PROTOCOL_VERSION"),
    (mavlink.MAV_CMD_GET_HOME_POSITION, "HOME_POSITION")])
def test_older_requests_are_answered_too(bench, command, kind):
    assert bench.command(command, 1.0) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.last(kind)


def test_a_message_that_is_not_made_is_unsupported_without_a_text(bench):
    for number in (259, 283, 16_000_000):
        assert ask(bench, number) == mavlink.MAV_RESULT_UNSUPPORTED
    assert bench.texts == []
    assert ask(bench, None) == mavlink.MAV_RESULT_DENIED
    assert ask(bench, -1) == mavlink.MAV_RESULT_DENIED
    assert ask(bench, 148.5) == mavlink.MAV_RESULT_DENIED


def test_every_message_provided_can_be_requested_and_packed(bench):
    for number in bench.component.by_provided:
        assert ask(bench, number) in (
            mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_TEMPORARILY_REJECTED,
            mavlink.MAV_RESULT_DENIED)
    assert bench.component.faults == 0


def test_timesync_answers_a_request_with_its_stamp_and_leaves_answers_alone(bench):
    bench.receive(mavlink.MAVLink_timesync_message(0, 123456789))
    answer = bench.last("TIMESYNC")
    assert answer.ts1 == 123456789
    assert answer.tc1 == round(bench.simulation.time * 100) * 10_000_000
    bench.clear()
    bench.receive(mavlink.MAVLink_timesync_message(5, 123456789))
    assert bench.sent == []


def test_ping_is_answered_to_whoever_pings_and_its_answer_is_not(bench):
    bench.receive(mavlink.MAVLink_ping_message(77, 3, 0, 0), OTHER)
    pong = bench.sent[-1]
    assert pong.link == 2
    assert (pong.message.time_usec, pong.message.seq) == (77, 3)
    assert (pong.message.target_system, pong.message.target_component) == (254, 190)
    bench.clear()
    bench.receive(mavlink.MAVLink_ping_message(77, 3, 1, 1))
    assert bench.sent == []


def test_home_is_the_runway_it_stands_on(bench):
    bench.command(mavlink.MAV_CMD_GET_HOME_POSITION)
    home = bench.last("HOME_POSITION")
    # Corlu (LTBU), elevation 574 ft by its aeronautical publication.
    assert home.latitude / 1e7 == pytest.approx(41.138, abs=0.02)
    assert home.longitude / 1e7 == pytest.approx(27.919, abs=0.02)
    assert home.altitude / 1e3 == pytest.approx(574 * 0.3048, abs=25.0)
    ask(bench, 49)
    origin = bench.last("GPS_GLOBAL_ORIGIN")
    assert (origin.latitude, origin.longitude) == (home.latitude, home.longitude)


@pytest.mark.parametrize("place", [
    {"latitude": 91.0, "longitude": 0.0, "z": 0.0}, {"latitude": 0.0, "longitude": 181.0, "z": 0.0},
    {"latitude": 41.0, "z": 0.0}, {"longitude": 27.0, "z": 0.0}, {},
    {"latitude": 41.0, "longitude": 27.0}, {"latitude": 41.0, "longitude": 27.0, "z": 1e5}])
def test_no_home_off_the_globe_out_of_range_or_half_given(bench, place):
    assert bench.command_int(mavlink.MAV_CMD_DO_SET_HOME, 0, **place) == mavlink.MAV_RESULT_DENIED
    assert bench.texts[-1].startswith("DO_SET_HOME: ")


def test_a_home_above_terrain_is_refused_as_a_frame(bench):
    assert bench.command_int(
        mavlink.MAV_CMD_DO_SET_HOME, 0, latitude=41.0, longitude=27.0, z=10.0,
        frame=mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT
    ) == mavlink.MAV_RESULT_COMMAND_UNSUPPORTED_MAV_FRAME


def test_on_the_ground_says_so(bench):
    ask(bench, 245)
    assert bench.last("EXTENDED_SYS_STATE").landed_state == mavlink.MAV_LANDED_STATE_ON_GROUND
