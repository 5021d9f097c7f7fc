"""Commands that fly, each as the order that it becomes; as QGroundControl and MAVSDK send them."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, Recorded, live

NAN = None
TAKEOFF, REPOSITION, ORBIT = (mavlink.MAV_CMD_NAV_TAKEOFF, mavlink.MAV_CMD_DO_REPOSITION,
                              mavlink.MAV_CMD_DO_ORBIT)
SPEED, ALTITUDE = mavlink.MAV_CMD_DO_CHANGE_SPEED, mavlink.MAV_CMD_DO_CHANGE_ALTITUDE
ACCEPTED, DENIED, REJECTED = (mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_DENIED,
                              mavlink.MAV_RESULT_TEMPORARILY_REJECTED)
HERE = {"latitude": None, "longitude": None}


@pytest.fixture(scope="module")
def simulation():
    return live()


@pytest.fixture
def bench(simulation):
    return Bench(simulation=Recorded(simulation))


@pytest.fixture
def ardupilot(simulation):
    return Bench("ardupilot", simulation=Recorded(simulation))


def orders(bench):
    return bench.simulation.orders


def home(bench):
    return bench.craft.home.altitude_msl


def test_takeoff_altitude_is_above_sea_level_for_px4_clients(bench):
    assert bench.command(TAKEOFF, -1, 0, 0, NAN, NAN, NAN, 650.0) == ACCEPTED
    assert orders(bench) == [("take_off", {"altitude_msl": 650.0})]


def test_and_above_home_for_ardupilot_clients(ardupilot):
    assert ardupilot.command(TAKEOFF, 0, 0, 0, 0, 0, 0, 400.0) == ACCEPTED
    name, arguments = orders(ardupilot)[0]
    assert name == "take_off"
    assert arguments["altitude_msl"] == pytest.approx(home(ardupilot) + 400.0)
    ardupilot.command_int(TAKEOFF, z=700.0, frame=mavlink.MAV_FRAME_GLOBAL)
    assert orders(ardupilot)[1][1]["altitude_msl"] == 700.0


def test_takeoff_without_an_altitude_leaves_it_to_the_aircraft(bench):
    assert bench.command(TAKEOFF, *[NAN] * 7) == ACCEPTED
    assert orders(bench) == [("take_off", {"altitude_msl": None})]


def test_a_copters_few_metres_are_raised_and_that_is_said(ardupilot):
    # MAVSDK's take-off for ArduPilot asks for 2 m unless told otherwise.
    assert ardupilot.command(TAKEOFF, 0, 0, 0, 0, 0, 0, 2.0) == ACCEPTED
    assert orders(ardupilot)[0][1]["altitude_msl"] == pytest.approx(
        home(ardupilot) + ardupilot.craft.sheet.procedures.climb_out_height)
    assert "least altitude" in ardupilot.texts[-1]


def test_pause_as_qgroundcontrol_does_it(bench):
    assert bench.command(REPOSITION, -1, 1, 0, NAN, NAN, NAN, NAN) == ACCEPTED
    assert orders(bench) == [("mode", {"mode": "hold"})]


def test_go_to_as_qgroundcontrol_and_mavsdk_do_it(bench):
    assert bench.command_int(REPOSITION, -1, 1, 0, NAN, latitude=41.2, longitude=28.1,
                             z=900.0) == ACCEPTED
    bench.command_int(REPOSITION, NAN, 1, NAN, 0.5, latitude=41.2, longitude=28.1, z=900.0,
                      frame=mavlink.MAV_FRAME_GLOBAL_INT)
    for name, arguments in orders(bench):
        assert name == "go_to"
        assert arguments["latitude"] == pytest.approx(math.radians(41.2), abs=1e-9)
        assert arguments["longitude"] == pytest.approx(math.radians(28.1), abs=1e-9)
        assert (arguments["altitude_msl"], arguments["radius"], arguments["speed"]) == (
            900.0, None, None)


def test_reposition_with_a_radius_its_direction_and_a_speed(bench):
    bench.command_int(REPOSITION, 40.0, 1, 500.0, 1.0, latitude=41.2, longitude=28.1)
    assert orders(bench)[0][1]["radius"] == -500.0
    assert orders(bench)[0][1]["speed"] == 40.0
    assert orders(bench)[0][1]["altitude_msl"] is None
    bench.command_int(REPOSITION, 0.0, 1, 500.0, 0.0, latitude=41.2, longitude=28.1)
    assert orders(bench)[1][1]["radius"] == 500.0


def test_change_of_altitude_as_qgroundcontrol_does_it(bench):
    bench.command(REPOSITION, -1, 1, 0, NAN, NAN, NAN, 1234.0)
    assert orders(bench)[-1] == ("altitude", {"altitude_msl": 1234.0})


def test_relative_altitude(bench):
    bench.command_int(REPOSITION, -1, 1, latitude=41.2, longitude=28.1, z=300.0,
                      frame=mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT)
    assert orders(bench)[0][1]["altitude_msl"] == pytest.approx(home(bench) + 300.0)


@pytest.mark.parametrize("arguments", [
    {"latitude": 90.5, "longitude": 28.0}, {"latitude": 41.0, "longitude": -180.5},
    {"latitude": 41.0}, {"latitude": 41.0, "longitude": 28.0, "z": 50_000.0},
    {"latitude": 41.0, "longitude": 28.0, "z": -1e6}])
def test_places_off_the_globe_half_given_or_out_of_range_are_denied(bench, arguments):
    assert bench.command_int(REPOSITION, -1, 1, **arguments) == DENIED
    assert orders(bench) == []
    assert bench.texts[-1].startswith("DO_REPOSITION: ")


def test_zero_zero_in_a_long_is_no_place(bench):
    assert bench.command(REPOSITION, -1, 1, 0, 0, 0, 0, 900.0) == DENIED
    assert orders(bench) == []


def test_a_frame_over_terrain_is_refused_as_such(bench):
    assert bench.command_int(
        REPOSITION, -1, 1, latitude=41.0, longitude=28.0, z=100.0,
        frame=mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT
    ) == mavlink.MAV_RESULT_COMMAND_UNSUPPORTED_MAV_FRAME


def test_orbit_with_a_signed_radius_and_defaults(bench):
    assert bench.command_int(ORBIT, -700.0, NAN, 0, NAN, latitude=41.2, longitude=28.1,
                             z=900.0) == ACCEPTED
    assert bench.command(ORBIT, *[NAN] * 7) == ACCEPTED
    assert orders(bench)[0][1]["radius"] == -700.0
    assert orders(bench)[1] == ("orbit", {**HERE, "altitude_msl": None, "radius": None,
                                          "speed": None})
    assert bench.command(ORBIT, 700.0, NAN, 0, 3.0, NAN, NAN, NAN) == DENIED


def test_speed_as_clients_send_it(bench):
    # QGroundControl: airspeed; MAVSDK set_current_speed: over the ground.
    assert bench.command(SPEED, 0, 41.0, -1, 0, NAN, NAN, NAN) == ACCEPTED
    assert bench.command(SPEED, 1, 39.0, -1, 0, 0, 0, 0) == ACCEPTED
    assert bench.command(mavlink.MAV_CMD_GUIDED_CHANGE_SPEED, 0, 38.0, 0) == ACCEPTED
    assert bench.command(SPEED, 0, -2, -1) == ACCEPTED
    assert bench.command(SPEED, 0, NAN, -1) == ACCEPTED
    assert [a["calibrated_airspeed"] for _, a in orders(bench)] == [41.0, 39.0, 38.0, None, None]
    assert bench.texts == ["speed over the ground is taken as airspeed"]


@pytest.mark.parametrize("parameters", [
    (2, 3.0, -1), (3, 3.0, -1), (0, -5.0, -1), (0, 0.0, -1), (0, 40.0, 55.0), (9, 40.0, -1)])
def test_speeds_that_mean_nothing_are_denied(bench, parameters):
    assert bench.command(SPEED, *parameters) == DENIED
    assert orders(bench) == []


def test_speed_of_minus_one_changes_nothing(bench):
    assert bench.command(SPEED, 0, -1, -1) == ACCEPTED
    assert orders(bench) == []


def test_altitude_by_its_own_commands(bench):
    assert bench.command(ALTITUDE, 800.0, mavlink.MAV_FRAME_GLOBAL) == ACCEPTED
    assert bench.command(ALTITUDE, 500.0, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT) == ACCEPTED
    assert bench.command_int(mavlink.MAV_CMD_GUIDED_CHANGE_ALTITUDE, z=600.0,
                             frame=mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT) == ACCEPTED
    assert [a["altitude_msl"] for _, a in orders(bench)] == pytest.approx(
        [800.0, home(bench) + 500.0, home(bench) + 600.0])
    assert bench.command(ALTITUDE, NAN, 0) == DENIED


def test_course(bench):
    assert bench.command_int(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING, 0, 270.0) == ACCEPTED
    assert orders(bench) == [("course", {"course": pytest.approx(math.radians(270.0))})]
    assert bench.command_int(mavlink.MAV_CMD_GUIDED_CHANGE_HEADING, 0, 400.0) == DENIED


@pytest.mark.parametrize(("command", "parameters", "expected"), [
    (mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH, (), ("return", {})),
    (mavlink.MAV_CMD_NAV_LAND, (0, 0, 0, NAN), ("land", {"runway": None, "end": None})),
    (mavlink.MAV_CMD_DO_GO_AROUND, (), ("go_around", {})),
    (mavlink.MAV_CMD_DO_PAUSE_CONTINUE, (0,), ("mode", {"mode": "hold"})),
    (mavlink.MAV_CMD_DO_PAUSE_CONTINUE, (1,), ("mode", {"mode": "mission"})),
    (mavlink.MAV_CMD_MISSION_START, (0, 0), ("mode", {"mode": "mission"})),
    (mavlink.MAV_CMD_NAV_LOITER_UNLIM, (), ("mode", {"mode": "hold"})),
    (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (0, 0), ("disarm", {"force": False})),
    (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (0, 21196), ("disarm", {"force": True})),
    (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (1, 0), ("arm", {})),
    (mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, (1,), ("reboot", {"force": False})),
    (mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, (1, 1, 1, 1, None, 20190226, None),
     ("reboot", {"force": True}))])
def test_each_is_one_order(bench, command, parameters, expected):
    assert bench.command(command, *parameters) == ACCEPTED
    assert orders(bench) == [expected]


@pytest.mark.parametrize(("command", "parameters"), [
    (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (2,)), (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (NAN,)),
    (mavlink.MAV_CMD_COMPONENT_ARM_DISARM, (1, 5.0)),
    (mavlink.MAV_CMD_DO_PAUSE_CONTINUE, (0.5,)), (mavlink.MAV_CMD_DO_PAUSE_CONTINUE, (NAN,)),
    (mavlink.MAV_CMD_MISSION_START, (1.5,)), (mavlink.MAV_CMD_MISSION_START, (-3,))])
def test_parameters_that_mean_nothing_are_denied_with_a_text(bench, command, parameters):
    assert bench.command(command, *parameters) == DENIED
    assert orders(bench) == []
    assert len(bench.texts) == 1


def test_what_the_aircraft_cannot_do_now_is_rejected_in_its_own_words(bench):
    bench.simulation.refusal = "on the ground"
    for command, words in ((mavlink.MAV_CMD_NAV_LAND, "landing: on the ground"),
                           (mavlink.MAV_CMD_DO_GO_AROUND, "go-around: on the ground"),
                           (mavlink.MAV_CMD_NAV_RETURN_TO_LAUNCH, "return: on the ground")):
        assert bench.command(command) == REJECTED
        assert bench.texts[-1] == words
