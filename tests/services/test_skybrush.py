"""What Skybrush's server sends, message by message, read off its public sources (driver.py and
autopilots of its MAVLink extension, 2.50): it broadcasts without waiting for acknowledgements,
sends places in GUIDED up to five times, and asks for parameters by name."""

import math

import pytest

from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink

ARM, TAKEOFF = mavlink.MAV_CMD_COMPONENT_ARM_DISARM, mavlink.MAV_CMD_NAV_TAKEOFF
REBOOT, MODE = mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, mavlink.MAV_CMD_DO_SET_MODE
ACCEPTED = mavlink.MAV_RESULT_ACCEPTED
# POSITION_TARGET_TYPEMASK: everything but the place is ignored.
PLACE_ONLY = 0b1101_1111_1000
GUIDED = 15


class Skybrush:
    """System 254, as it is unless told otherwise."""

    def __init__(self, server):
        self.server, self.client = server, server.client(254, 190)
        self.client.send(mavlink.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))

    def long(self, command, *values, target=(1, 1)):
        values = [float(v) for v in (*values, *[0.0] * (7 - len(values)))]
        self.client.take()
        self.client.send(mavlink.MAVLink_command_long_message(*target, command, 0, *values))
        self.server.step(0.5)
        return [m.result for m in self.client.take("COMMAND_ACK") if m.command == command]

    def heard(self, name):
        self.server.step(0.5)
        return self.client.take(name)


@pytest.fixture
def skybrush():
    with Server(profile="ardupilot", count=2, fuel_kg=60.0, wind="0@0") as server:
        server.step(30.0)
        yield Skybrush(server)


def test_it_learns_what_the_aircraft_is_and_sets_its_rates(skybrush):
    assert skybrush.long(mavlink.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES, 1) == [ACCEPTED]
    assert skybrush.client.take("AUTOPILOT_VERSION")[0].flight_sw_version > 0
    for number, hertz in ((mavlink.MAVLINK_MSG_ID_SYS_STATUS, 1),
                          (mavlink.MAVLINK_MSG_ID_GPS_RAW_INT, 1),
                          (mavlink.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, 2)):
        result = skybrush.long(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, number, 1e6 / hertz)
        assert result == [ACCEPTED]


def test_a_parameter_is_read_by_name_and_set_with_the_type_that_was_told(skybrush):
    skybrush.client.send(mavlink.MAVLink_param_request_read_message(1, 1, b"LIM_BANK_MAX", -1))
    told, = skybrush.heard("PARAM_VALUE")
    skybrush.client.send(mavlink.MAVLink_param_set_message(
        1, 1, b"LIM_BANK_MAX", told.param_value - 1.0, told.param_type))
    now = skybrush.heard("PARAM_VALUE")[-1]
    assert now.param_id == "LIM_BANK_MAX" and now.param_value == told.param_value - 1.0


def test_a_reset_of_all_is_done_on_the_ground_alone(skybrush):
    assert skybrush.long(REBOOT, 1) == [ACCEPTED]
    skybrush.server.step(30.0)
    assert skybrush.long(ARM, 1) == [ACCEPTED]
    answers = skybrush.long(REBOOT, 1, target=(0, 0))
    assert answers.count(ACCEPTED) == 1 and len(answers) == 2  # the one that stands disarmed
    assert skybrush.server[0].simulation.state.autopilot.crew.armed


@pytest.mark.compiled_only
def test_it_takes_off_and_flies_to_a_place(skybrush):
    assert skybrush.long(ARM, 1) == [ACCEPTED]
    assert skybrush.long(TAKEOFF, 0, 0, 0, math.nan, 0, 0, 2.5) == [ACCEPTED]
    skybrush.server.step(90.0)
    assert skybrush.long(MODE, 1, GUIDED) == [ACCEPTED]
    here = skybrush.heard("GLOBAL_POSITION_INT")[-1]
    lat, lon = here.lat + 300_000, here.lon + 300_000
    skybrush.client.send(mavlink.MAVLink_set_position_target_global_int_message(
        0, 1, 1, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, PLACE_ONLY, lat, lon, 500.0,
        0, 0, 0, 0, 0, 0, 0, 0))
    skybrush.server.step(0.2)  # its patience with one attempt
    assert (lat, lon) in [(m.lat_int, m.lon_int)
                          for m in skybrush.client.take("POSITION_TARGET_GLOBAL_INT")]
    assert skybrush.long(mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH, target=(0, 0)).count(ACCEPTED) >= 1
    assert skybrush.long(REBOOT, 1, target=(0, 0)).count(ACCEPTED) == 1
    assert skybrush.server[0].simulation.state.autopilot.crew.armed
