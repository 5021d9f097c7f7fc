"""Telemetry of position and attitude against the truth that the estimate follows, and by hand."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench

DEGREE = math.pi / 180.0


@pytest.fixture(scope="module")
def bench():
    return Bench()


def made(bench, name):
    message = bench.component.provide(getattr(mavlink, f"MAVLINK_MSG_ID_{name}"))
    assert bench.component.faults == 0
    bench.craft.send(message)
    return bench.sent[-1].message


def test_position_in_whole_units_with_both_altitudes(bench):
    told, truth = made(bench, "GLOBAL_POSITION_INT"), bench.simulation.state.flight
    assert told.lat * 1e-7 == pytest.approx(truth.latitude / DEGREE, abs=2e-6)
    assert told.lon * 1e-7 == pytest.approx(truth.longitude / DEGREE, abs=2e-6)
    assert told.alt * 1e-3 == pytest.approx(truth.altitude_msl, abs=0.1)
    # Home is where it stands.
    assert told.relative_alt * 1e-3 == pytest.approx(0.0, abs=0.05)
    assert 0 <= told.hdg < 36000
    assert math.cos(told.hdg * 0.01 * DEGREE - truth.heading) > math.cos(0.01)


def test_the_quaternion_turns_as_the_angles_say(bench):
    angles, q = made(bench, "ATTITUDE"), made(bench, "ATTITUDE_QUATERNION")
    w, x, y, z = q.q1, q.q2, q.q3, q.q4
    assert math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) == pytest.approx(
        angles.roll, abs=1e-5)
    assert math.asin(2 * (w * y - z * x)) == pytest.approx(angles.pitch, abs=1e-5)
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    assert math.cos(yaw - angles.yaw) > 1 - 1e-9


def test_pressure_is_the_standard_atmospheres_at_the_field(bench):
    told, altitude = made(bench, "SCALED_PRESSURE"), bench.simulation.state.flight.altitude_msl
    # ISO 2533, troposphere.
    assert told.press_abs == pytest.approx(
        1013.25 * (1 - 2.25577e-5 * altitude) ** 5.25588, rel=1e-4)
    assert told.temperature * 0.01 == pytest.approx(15.0 - 0.0065 * altitude, abs=0.01)


def test_a_standing_aircraft_feels_gravity_upwards(bench):
    told = made(bench, "HIGHRES_IMU")
    assert math.sqrt(told.xacc**2 + told.yacc**2 + told.zacc**2) == pytest.approx(9.80, abs=0.05)
    assert told.zacc < -9.7
    assert told.abs_pressure == pytest.approx(made(bench, "SCALED_PRESSURE").press_abs)
    assert told.pressure_alt == pytest.approx(bench.simulation.state.flight.altitude_msl, abs=2.0)
    # The Earth's field near Istanbul, 0.48 gauss (WMM).
    assert math.sqrt(told.xmag**2 + told.ymag**2 + told.zmag**2) == pytest.approx(0.48, abs=0.01)


def test_a_receiver_without_a_fix_says_so(bench):
    fix = bench.simulation.state.autopilot.voted.gnss
    assert made(bench, "GPS_RAW_INT").fix_type == mavlink.GPS_FIX_TYPE_3D_FIX
    fix.valid = False
    told = made(bench, "GPS_RAW_INT")
    fix.valid = True
    assert (told.fix_type, told.lat, told.eph) == (mavlink.GPS_FIX_TYPE_NO_FIX, 0, 65535)


def test_time_is_the_simulated_clocks(bench):
    told = made(bench, "SYSTEM_TIME")
    assert told.time_unix_usec * 1e-6 == pytest.approx(bench.simulation.utc.timestamp(), abs=1e-3)
    assert told.time_boot_ms == 1500


def test_every_message_made_survives_the_codec(bench):
    for number in bench.component.by_provided:
        message = bench.component.provide(number)
        if message is not None:
            bench.craft.send(message)
            assert bench.sent[-1].message.get_msgId() == number
    assert bench.component.faults == 0
