"""System status, checks before arming, texts, heartbeat: what makes a client say "ready"."""

import numpy as np
import pytest

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import events
from longwatch.autopilot.aboard.fence import CIRCLE_INCLUSION, FenceVertex
from longwatch.mavlink.dialect import mavlink
from longwatch.services.extended_state import landed_state
from longwatch.services.statustext import StatusText
from longwatch.simulation.orders.fence import fence_text
from services.harness import Bench, Recorded, live

ARM = mavlink.MAV_CMD_COMPONENT_ARM_DISARM
PREARM = mavlink.MAV_SYS_STATUS_PREARM_CHECK
# What MAVSDK's telemetry needs healthy for health_all_ok, beside home.
MAVSDK = (mavlink.MAV_SYS_STATUS_SENSOR_3D_GYRO | mavlink.MAV_SYS_STATUS_SENSOR_3D_ACCEL
          | mavlink.MAV_SYS_STATUS_SENSOR_3D_MAG | mavlink.MAV_SYS_STATUS_SENSOR_GPS)


@pytest.fixture
def bench():
    return Bench(simulation=Recorded(live()))


def status(bench):
    bench.command(mavlink.MAV_CMD_REQUEST_MESSAGE, 1)
    return bench.last("SYS_STATUS")


def invalidate(bench, name):
    bench.simulation.state.sensors[name]["valid"] = False


def test_standing_with_everything_well_it_is_ready(bench):
    told = status(bench)
    wanted = MAVSDK | PREARM | mavlink.MAV_SYS_STATUS_AHRS
    for bits in (told.onboard_control_sensors_present, told.onboard_control_sensors_enabled,
                 told.onboard_control_sensors_health):
        assert bits & wanted == wanted
    enabled = told.onboard_control_sensors_enabled
    assert told.onboard_control_sensors_health & enabled == enabled
    assert 10_000 < told.voltage_battery < 60_000
    assert 0 < told.battery_remaining <= 100
    assert bench.command(ARM, 1) == mavlink.MAV_RESULT_ACCEPTED


@pytest.mark.parametrize(("name", "bits", "text"), [
    ("gnss", mavlink.MAV_SYS_STATUS_SENSOR_GPS, "no satellite fix"),
    ("imu", mavlink.MAV_SYS_STATUS_SENSOR_3D_GYRO | mavlink.MAV_SYS_STATUS_SENSOR_3D_ACCEL,
     "no inertial unit works"),
    ("magnetometer", mavlink.MAV_SYS_STATUS_SENSOR_3D_MAG, "no magnetometer works"),
    ("air_data", mavlink.MAV_SYS_STATUS_SENSOR_DIFFERENTIAL_PRESSURE,
     "no air data computer works")])
def test_what_is_wrong_is_said_and_arming_refused(bench, name, bits, text):
    invalidate(bench, name)
    told = status(bench)
    assert told.onboard_control_sensors_present & bits == bits
    assert told.onboard_control_sensors_health & (bits | PREARM) == 0
    assert bench.command(ARM, 1) == mavlink.MAV_RESULT_TEMPORARILY_REJECTED
    assert bench.texts == [f"Preflight Fail: {text}"]
    assert bench.simulation.orders == []


def test_every_objection_is_told_and_force_overrides_the_checks_here(bench):
    invalidate(bench, "gnss")
    invalidate(bench, "magnetometer")
    bench.command(ARM, 1)
    assert sorted(bench.texts) == ["Preflight Fail: no magnetometer works",
                                   "Preflight Fail: no satellite fix"]
    assert bench.command(ARM, 1, 21196) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.simulation.orders == [("arm", {})]


def test_without_fuel_for_the_reserve_it_objects():
    bench = Bench(simulation=Recorded(live(fuel_kg=0.5)))
    bench.command(mavlink.MAV_CMD_RUN_PREARM_CHECKS)
    assert len(bench.texts) == 1
    assert bench.texts[0].endswith("the reserve alone is 30 min")


def test_checks_on_request_tell_each_objection_to_the_asker(bench):
    invalidate(bench, "gnss")
    assert bench.command(mavlink.MAV_CMD_RUN_PREARM_CHECKS) == mavlink.MAV_RESULT_ACCEPTED
    assert bench.texts == ["Preflight Fail: no satellite fix"]
    assert bench.sent[-1].link == 1


def test_objections_are_told_when_they_come_and_now_and_then_after(bench):
    bench.poll(3.0)
    assert bench.texts == []
    invalidate(bench, "gnss")
    bench.poll(20.0)
    assert bench.texts == ["Preflight Fail: no satellite fix"]
    bench.poll(20.0)
    assert len(bench.texts) == 2


def test_heartbeat_keeps_one_hertz_of_wall_time_with_the_clock_standing(bench):
    bench.poll(60.0)
    beats = bench.of("HEARTBEAT", component=1)
    assert 60 <= len(beats) <= 61
    assert {b.type for b in beats} == {mavlink.MAV_TYPE_FIXED_WING}
    assert {b.autopilot for b in beats} == {mavlink.MAV_AUTOPILOT_PX4}
    assert {b.system_status for b in beats} == {mavlink.MAV_STATE_STANDBY}
    assert not beats[0].base_mode & mavlink.MAV_MODE_FLAG_SAFETY_ARMED


def test_a_heartbeat_that_was_late_is_not_made_up_for(bench):
    bench.poll(1.0)
    bench.clear()
    bench.wall += 30.0
    bench.poll(0.1)
    assert len(bench.of("HEARTBEAT", component=1)) == 1


def test_texts_of_the_autopilot_are_told_an_observers_are_not():
    # Not through flight: each code once, into the ring as the autopilot writes it.
    bench = Bench(simulation=Recorded(live()), services=(StatusText,))
    ring = bench.simulation.state.events
    events.note(ring, 2.0, events.PHASE, codes.PHASE_TAKEOFF_ROLL, 0.0)
    events.note(ring, 3.0, events.TOUCHDOWN, 0, 1.2)
    events.note(ring, 4.0, events.ITEM_REACHED, 3, 0.0)
    bench.poll()
    assert bench.texts == ["take-off roll", "item 3 reached"]
    bench.poll()
    assert len(bench.texts) == 2


def test_a_flood_of_events_is_told_by_its_newest():
    bench = Bench(simulation=Recorded(live()), services=(StatusText,))
    for number in range(200):
        events.note(bench.simulation.state.events, 1.0, events.ITEM_REACHED, number, 0.0)
    bench.poll()
    assert bench.texts == [f"item {n} reached" for n in range(192, 200)]


def test_a_long_text_comes_in_chunks_that_join(bench):
    text = "a text that is much longer than the fifty characters that one message can carry, " * 3
    bench.craft.say(mavlink.MAV_SEVERITY_INFO, text)
    chunks = bench.of("STATUSTEXT")
    assert len({c.id for c in chunks}) == 1 and chunks[0].id != 0
    assert [c.chunk_seq for c in chunks] == list(range(len(chunks)))
    assert bench.texts == [text.strip()]


@pytest.mark.parametrize(("phase", "on_wheels", "expected"), [
    (codes.PHASE_PARKED, True, "ON_GROUND"), (codes.PHASE_TAKEOFF_ROLL, True, "TAKEOFF"),
    (codes.PHASE_ROTATION, False, "TAKEOFF"), (codes.PHASE_CLIMB_OUT, False, "TAKEOFF"),
    (codes.PHASE_EN_ROUTE, False, "IN_AIR"), (codes.PHASE_APPROACH, False, "IN_AIR"),
    (codes.PHASE_FINAL, False, "LANDING"), (codes.PHASE_FLARING, False, "LANDING"),
    (codes.PHASE_ROLL_OUT, True, "ON_GROUND"), (codes.PHASE_STOPPED, True, "ON_GROUND"),
    (codes.PHASE_GO_AROUND, False, "LANDING"), (codes.PHASE_DEAD_STICK, False, "LANDING"),
    (codes.PHASE_FIELD_LANDING, False, "LANDING")])
def test_landed_state_of_each_phase(phase, on_wheels, expected):
    """A go-around is low over the ground on purpose, as the landing that it goes on with."""
    assert landed_state(phase, on_wheels, True) == getattr(
        mavlink, f"MAV_LANDED_STATE_{expected}")


def test_a_fence_is_told_where_there_is_one_and_no_breach_where_there_is_none():
    bench, fence = Bench(simulation=live()), mavlink.MAV_SYS_STATUS_GEOFENCE

    def told():
        message = bench.component.provide(mavlink.MAVLINK_MSG_ID_SYS_STATUS)
        return [bool(bits & fence) for bits in (
            message.onboard_control_sensors_present, message.onboard_control_sensors_enabled,
            message.onboard_control_sensors_health)]

    assert told() == [False, False, True]
    bench.simulation.order("parameter", name="LW_FENCE_CEIL", value=3000.0)
    assert told() == [True, True, True]
    bench.simulation.order("parameter", name="LW_FENCE_WATCH", value=0.0)
    assert told() == [True, False, True]
    bench.simulation.order("parameter", name="LW_FENCE_WATCH", value=1.0)
    bench.simulation.state.autopilot.failsafe.fence.level = 2
    assert told() == [True, True, False]


def test_standing_outside_the_fence_objects_to_arming_in_words_and_in_the_health_bits():
    bench = Bench(simulation=live())
    away = FenceVertex.zeros(1)
    away["kind"], away["radius"] = CIRCLE_INCLUSION, 9000.0
    away["latitude"], away["longitude"] = np.radians((42.0, 28.5))
    bench.simulation.order("fence", records=fence_text(away))
    bench.simulation.step(1.0)
    health = bench.component.provide(
        mavlink.MAVLINK_MSG_ID_SYS_STATUS).onboard_control_sensors_health
    assert not health & mavlink.MAV_SYS_STATUS_PREARM_CHECK
    assert not health & mavlink.MAV_SYS_STATUS_GEOFENCE
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0)
    assert bench.last("COMMAND_ACK").result == mavlink.MAV_RESULT_TEMPORARILY_REJECTED
    assert any("outside the fence" in text for text in bench.texts)
    bench.command(mavlink.MAV_CMD_COMPONENT_ARM_DISARM, 1.0, 21196.0)
    assert bench.last("COMMAND_ACK").result != mavlink.MAV_RESULT_ACCEPTED
    assert not bench.simulation.state.autopilot.crew.armed
