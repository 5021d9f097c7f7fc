"""Set-points of a companion, by the orders that they become."""

import math

import pytest
from geographiclib.geodesic import Geodesic

from longwatch.autopilot.codes import MODE_GUIDED, MODE_HOLD
from longwatch.mavlink.dialect import mavlink
from services.harness import STATION, Bench, live

NAN = math.nan
ONLY_POSITION = 0x0DF8
ONLY_VELOCITY = 0x0DC7


@pytest.fixture
def bench():
    bench = Bench()
    bench.orders = []
    bench.simulation.on_order = bench.orders.append
    return bench


def place(bench, latitude=41.2, longitude=27.9, altitude=900.0, mask=ONLY_POSITION,
          frame=mavlink.MAV_FRAME_GLOBAL_INT, **velocity):
    v = [velocity.get(axis, NAN) for axis in ("vx", "vy", "vz")]
    bench.receive(mavlink.MAVLink_set_position_target_global_int_message(
        0, 1, 1, frame, mask, round(latitude * 1e7), round(longitude * 1e7), altitude, *v,
        NAN, NAN, NAN, NAN, NAN))


def local(bench, x=0.0, y=0.0, z=0.0, mask=ONLY_POSITION, frame=mavlink.MAV_FRAME_LOCAL_NED,
          velocity=(NAN, NAN, NAN)):
    bench.receive(mavlink.MAVLink_set_position_target_local_ned_message(
        0, 1, 1, frame, mask, x, y, z, *velocity, NAN, NAN, NAN, NAN, NAN))


def one(bench):
    assert len(bench.orders) == 1
    return bench.orders[0].name, bench.orders[0].arguments


def test_a_place_above_the_sea_and_one_above_home(bench):
    place(bench)
    name, values = one(bench)
    assert name == "offboard_position"
    assert math.degrees(values["latitude"]) == pytest.approx(41.2, abs=1e-7)
    assert values["altitude_msl"] == pytest.approx(900.0)
    bench.orders.clear()
    place(bench, altitude=500.0, frame=mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT)
    assert one(bench)[1]["altitude_msl"] == pytest.approx(
        500.0 + bench.craft.home.altitude_msl)


def test_a_local_place_lies_where_the_geodesic_from_home_leads(bench):
    local(bench, 3000.0, 4000.0, -700.0)
    values = one(bench)[1]
    home = bench.craft.origin
    line = Geodesic.WGS84.Inverse(
        math.degrees(home.latitude), math.degrees(home.longitude),
        math.degrees(values["latitude"]), math.degrees(values["longitude"]))
    assert line["s12"] == pytest.approx(5000.0, abs=0.5)
    assert line["azi1"] == pytest.approx(math.degrees(math.atan2(4, 3)), abs=0.01)
    assert values["altitude_msl"] == pytest.approx(home.altitude_msl + 700.0)


def test_a_velocity_in_body_axes_turns_with_the_heading(bench):
    heading = float(bench.simulation.state.autopilot.estimate.heading)
    local(bench, mask=ONLY_VELOCITY, frame=mavlink.MAV_FRAME_BODY_NED, velocity=(30.0, 0.0, -1.0))
    name, values = one(bench)
    assert name == "offboard_velocity"
    assert math.hypot(values["north"], values["east"]) == pytest.approx(30.0)
    assert math.cos(math.atan2(values["east"], values["north"]) - heading) > 1 - 1e-9
    assert values["down"] == -1.0


def test_an_attitude_is_taken_apart_into_roll_and_pitch(bench):
    half_roll, half_pitch = math.radians(15.0), math.radians(4.0)
    q = (math.cos(half_roll) * math.cos(half_pitch), math.sin(half_roll) * math.cos(half_pitch),
         math.cos(half_roll) * math.sin(half_pitch), -math.sin(half_roll) * math.sin(half_pitch))
    bench.receive(mavlink.MAVLink_set_attitude_target_message(0, 1, 1, 7, q, 0, 0, 0, 0.6))
    name, values = one(bench)
    assert name == "offboard_attitude"
    assert math.degrees(values["roll"]) == pytest.approx(30.0, abs=1e-3)
    assert math.degrees(values["pitch"]) == pytest.approx(8.0, abs=1e-3)
    assert values["thrust"] == pytest.approx(0.6)


@pytest.mark.parametrize("send", [
    lambda b: place(b, mask=0x0DFB),                                  # nothing given
    lambda b: place(b, frame=mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT),
    lambda b: place(b, altitude=NAN),
    lambda b: local(b, NAN, 1.0),
    lambda b: local(b, frame=mavlink.MAV_FRAME_LOCAL_FRD),
    lambda b: local(b, mask=ONLY_VELOCITY, velocity=(1.0, math.inf, 0.0)),
    lambda b: b.receive(mavlink.MAVLink_set_attitude_target_message(
        0, 1, 1, 7, (0.0, 0.0, 0.0, 0.0), 0, 0, 0, 0.6)),
    lambda b: b.receive(mavlink.MAVLink_set_attitude_target_message(
        0, 1, 1, 7, (1.0, 0.0, 0.0, 0.0), 0, 0, 0, 1.5)),
    lambda b: b.receive(mavlink.MAVLink_set_attitude_target_message(
        0, 1, 1, 0x80, (1.0, 0.0, 0.0, 0.0), 0, 0, 0, 0.5)),
])
def test_what_no_fixed_wing_can_fly_is_said_and_changes_nothing(bench, send):
    send(bench)
    assert bench.orders == []
    assert "set-point" in bench.texts[-1]


def test_silence_for_a_second_of_wall_time_ends_it_once(bench):
    place(bench)
    bench.poll(0.9)
    assert len(bench.orders) == 1
    bench.poll(5.0)
    assert [o.name for o in bench.orders] == ["offboard_position", "offboard_end"]
    assert bench.orders[1].sender == bench.orders[0].sender
    assert str(STATION) in bench.orders[0].sender


@pytest.fixture(scope="module")
def airborne():
    """An aircraft of the ardupilot profile that flies in GUIDED."""
    bench = Bench("ardupilot", simulation=live(fuel_kg=60.0))
    bench.command(mavlink.MAV_CMD_NAV_TAKEOFF, 0, 0, 0, None, None, None, 300.0)
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1)
    bench.fly(100.0)
    assert bench.command(mavlink.MAV_CMD_DO_SET_MODE, 1, 15) == mavlink.MAV_RESULT_ACCEPTED
    return bench


@pytest.mark.compiled_only
def test_in_guided_a_place_is_gone_to_and_confirmed_with_the_numbers_that_came(airborne):
    """As Skybrush's server waits for it: it sends five times, until it sees the same numbers."""
    bench = airborne
    bench.clear()
    bench.receive(mavlink.MAVLink_set_position_target_global_int_message(
        0, 1, 1, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, ONLY_POSITION, 411834567, 279123459,
        350.0, 0, 0, 0, 0, 0, 0, 0, 0))
    told = bench.of("POSITION_TARGET_GLOBAL_INT", link=STATION.link)[0]
    assert (told.lat_int, told.lon_int) == (411834567, 279123459)
    assert told.alt == pytest.approx(bench.craft.home.altitude_msl + 350.0, abs=0.01)
    crew = bench.simulation.state.autopilot.crew
    assert math.degrees(crew.target_latitude) == pytest.approx(41.1834567, abs=1e-7)
    bench.poll(5.0)  # silence ends nothing: a place needs no repetition
    assert int(crew.mode) == MODE_GUIDED


@pytest.mark.compiled_only
def test_in_guided_an_attitude_is_flown_and_its_silence_holds(airborne):
    bench, half = airborne, math.radians(10.0)
    q = (math.cos(half), math.sin(half), 0.0, 0.0)
    for _ in range(40):
        bench.receive(mavlink.MAVLink_set_attitude_target_message(0, 1, 1, 7, q, 0, 0, 0, 0.5))
        bench.fly(0.5, step=0.5)
    assert math.degrees(bench.simulation.state.flight.roll) == pytest.approx(20.0, abs=3.0)
    # Shown as what its clients know.
    assert bench.component.provide(mavlink.MAVLINK_MSG_ID_HEARTBEAT).custom_mode == 15
    bench.poll(1.5)
    assert int(bench.simulation.state.autopilot.crew.mode) == MODE_HOLD


@pytest.mark.parametrize("profile", ["px4", "ardupilot", "generic"])
def test_the_capability_bits_say_so(profile):
    bits = Bench(profile).component.provide(148).capabilities
    assert bits & (64 | 128 | 256) == 64 | 128 | 256
