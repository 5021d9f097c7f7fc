"""Quantities: the contract's names, each from where the published message definitions have it."""

import math
import re
import struct
from pathlib import Path

import pytest

from longwatch.autopilot.codes import MODE_NAMES, PHASE_NAMES
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, Parser, encode
from longwatch.records.flight_log import log_schema
from longwatch.simulation.vehicle import Vehicle as Record
from longwatch.station.vehicles import quantities_flight
from longwatch.station.vehicles.quantities import NAMES, QUANTITIES
from longwatch.station.vehicles.sources_page import page
from longwatch.station.vehicles.vehicle import Vehicle

DOCS = Path(__file__).resolve().parents[2] / "docs"


def wire(message):
    """A message as it comes off the wire."""
    return Frame(encode(message, 1, 1)).message


def taken(*messages, vehicle=None):
    vehicle = vehicle or Vehicle("1", 1, family="px4")
    for second, message in enumerate(messages):
        vehicle.take(wire(message), float(second))
    return vehicle


def test_every_name_of_the_contract_is_there():
    text = (DOCS / "station-wire.md").read_text().split("## Quantities")[1].split("\n## ")[0]
    listed = re.sub(r"\([^)]*\)", "", text)
    assert set(re.findall(r"`([a-z_0-9]+)`", listed)) == set(NAMES)


def test_the_page_of_sources_is_what_the_tables_say():
    assert (DOCS / "station-sources.md").read_text() == page()


def test_columns_of_the_flight_log_exist_and_its_numbers_mean_what_the_autopilot_says():
    columns = set(log_schema(Record, {}).names)
    assert {c for q in QUANTITIES for c in q.columns} <= columns
    assert quantities_flight.LOG_MODES == MODE_NAMES
    assert quantities_flight.LOG_PHASES == PHASE_NAMES


def test_nothing_is_known_before_anything_was_told():
    assert set(Vehicle("1").values) == {None}


def test_position_and_speed_come_in_the_units_of_the_message():
    v = taken(mavlink.MAVLink_global_position_int_message(
        61_500, 411_234_567, -279_000_001, 1_234_560, -1_500, 300, -400, -250, 9_000))
    # 1e-7 degrees, mm, cm/s; vz points down; course of (3, -4) m/s is 306.87 degrees.
    assert v.number("latitude_deg") == 41.1234567
    assert v.number("longitude_deg") == -27.9000001
    assert v.number("altitude_msl") == 1234.56
    assert v.number("height_above_home") == -1.5
    assert v.number("ground_speed") == 5.0
    assert v.number("climb_rate") == 2.5
    assert v.number("course") == pytest.approx(math.radians(306.8699), abs=1e-3)
    assert v.number("heading") == pytest.approx(math.pi / 2, abs=1e-4)
    assert v.number("time_boot_s") == 61.5


@pytest.mark.parametrize("message, names", [
    (mavlink.MAVLink_global_position_int_message(1, 0, 0, 0, 0, 0, 0, 0, 65535),
     ("latitude_deg", "longitude_deg", "course", "heading")),
    (mavlink.MAVLink_sys_status_message(0, 0, 0, 0, 65535, -1, -1, 0, 0, 0, 0, 0, 0),
     ("battery_voltage", "battery_current", "battery_share", "ready_to_arm")),
    (mavlink.MAVLink_gps_raw_int_message(0, 1, 0, 0, 0, 65535, 65535, 65535, 65535, 255),
     ("satellites", "hdop", "latitude_deg", "position_accuracy")),
    (mavlink.MAVLink_fuel_status_message(0, *[math.nan] * 3, 255, math.nan, math.nan, 1),
     ("fuel_remaining_kg", "fuel_flow_kg_s", "fuel_share", "fuel_capacity_kg")),
    (mavlink.MAVLink_altitude_message(0, math.nan, 100.0, 0.0, math.inf, -1001.0, -1.0),
     ("height_above_ground", "ground_elevation_msl", "height_above_home")),
    (mavlink.MAVLink_efi_status_message(1, 0, *[math.nan] * 15), ("engine_speed", "engine_load")),
    (mavlink.MAVLink_radio_status_message(255, 255, 0, 255, 255, 0, 0),
     ("radio_signal_dbm", "radio_noise_dbm")),
    (mavlink.MAVLink_mission_current_message(0, 0, 0), ("mission_state", "mission_count")),
    (mavlink.MAVLink_home_position_message(0, 0, 0, 0, 0, 0, [1, 0, 0, 0], 0, 0, 0),
     ("home_latitude_deg", "home_altitude_msl")),
    (mavlink.MAVLink_global_position_int_message(1, 2_000_000_000, -1_900_000_000, 0, 0, 0, 0, 0,
                                                 65535), ("latitude_deg", "longitude_deg")),
    # A share of the tank, and kPa of a gas: no kilograms.
    (mavlink.MAVLink_fuel_status_message(0, 1.0, 0.5, 0.5, 50, 0.1, math.nan, 0),
     ("fuel_remaining_kg", "fuel_flow_kg_s", "fuel_capacity_kg")),
    # Blocks are in memory, but none for here.
    (mavlink.MAVLink_terrain_report_message(0, 0, 0, 0.0, 0.0, 0, 504),
     ("height_above_ground", "ground_elevation_msl")),
    (mavlink.MAVLink_orbit_execution_status_message(0, 500.0, mavlink.MAV_FRAME_LOCAL_NED, 10**6,
                                                    10**6, 0.0),
     ("orbit_latitude_deg", "orbit_longitude_deg")),
    (mavlink.MAVLink_position_target_global_int_message(
        0, mavlink.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT, 0, 1, 1, 120.0, *[0.0] * 8),
     ("target_altitude_msl",)),
])
def test_what_a_message_marks_as_unknown_is_not_reported(message, names):
    v = taken(message)
    assert [v.number(name) for name in names] == [None] * len(names)


def test_a_known_value_becomes_unknown_again_when_the_message_says_so():
    v = taken(mavlink.MAVLink_sys_status_message(0, 0, 0, 0, 28_700, 120, 87, 0, 0, 0, 0, 0, 0))
    assert (v.number("battery_voltage"), v.number("battery_current")) == (28.7, 1.2)
    taken(mavlink.MAVLink_sys_status_message(0, 0, 0, 0, 65535, -1, -1, 0, 0, 0, 0, 0, 0),
          vehicle=v)
    assert (v.number("battery_voltage"), v.number("battery_share")) == (None, None)


def test_fuel_is_volume_times_density():
    # 100 l of avgas at 6.0 lb a US gallon: 100 / 3.785411784 * 6.0 * 0.45359237 kg.
    v = taken(mavlink.MAVLink_fuel_status_message(0, 300e3, 200e3, 100e3, 33, 2.5, math.nan, 1))
    assert v.number("fuel_remaining_kg") == pytest.approx(71.89, abs=0.02)
    assert v.number("fuel_flow_kg_s") == pytest.approx(2.5e-3 * 0.7189, rel=1e-3)
    assert v.number("fuel_share") == pytest.approx(1.0 / 3.0, abs=1e-3)


def test_wind_blows_to_where_the_message_says_and_comes_from_the_other_side():
    v = taken(mavlink.MAVLink_wind_cov_message(0, -3.0, -4.0, 0, 0, 0, 0, 0, 0))
    assert v.number("wind_speed") == 5.0
    assert v.number("wind_from") == pytest.approx(math.atan2(4.0, 3.0), abs=0.01)
    calm = taken(mavlink.MAVLink_wind_cov_message(0, 0.0, 0.0, 0, 0, 0, 0, 0, 0))
    assert (calm.number("wind_speed"), calm.number("wind_from")) == (0.0, None)


def test_the_ground_lies_below_the_aircraft_whatever_the_terrain_field_is_taken_for():
    # PX4 sends the ground in its local frame there, the definition asks for the height above it.
    v = taken(mavlink.MAVLink_altitude_message(0, 900.0, 850.0, 30.0, 40.0, 25.0, 150.0))
    assert (v.number("height_above_ground"), v.number("ground_elevation_msl")) == (150.0, 700.0)


def test_a_second_battery_does_not_unset_the_first():
    def battery(number, volts):
        return mavlink.MAVLink_battery_status_message(
            number, 0, 0, 0, [volts] + [65535] * 9, 100, -1, -1, 80)
    v = taken(battery(0, 28_000), battery(1, 12_000))
    assert (v.number("battery_voltage"), v.number("battery_current")) == (28.0, 1.0)


def test_one_engines_flow_is_not_told_as_that_of_both():
    def engine(index, flow):
        return mavlink.MAVLink_efi_status_message(
            1, index, 3000.0, 0.0, flow, *[math.nan] * 12)
    # 60 cm3 a minute of avgas: 1e-6 m3/s times 718.7 kg/m3.
    assert taken(engine(0, 60.0)).number("fuel_flow_kg_s") == pytest.approx(718.7e-6, rel=2e-3)
    both = taken(engine(0, 60.0), engine(1, 60.0), engine(0, 60.0))
    assert both.number("fuel_flow_kg_s") is None


def test_two_engines_take_turns_in_one_message():
    v = taken(mavlink.MAVLink_efi_status_message(1, 0, 3000.0, *[math.nan] * 14),
              mavlink.MAVLink_efi_status_message(1, 1, 1500.0, *[math.nan] * 14))
    assert v.number("engine_speed") == pytest.approx(314.2, abs=0.05)
    assert v.number("engine_2_speed") == pytest.approx(157.1, abs=0.05)


def test_a_target_altitude_above_home_is_told_above_the_sea():
    v = taken(
        mavlink.MAVLink_home_position_message(410000000, 280000000, 150_000, 0, 0, 0,
                                              [1, 0, 0, 0], 0, 0, 0),
        mavlink.MAVLink_position_target_global_int_message(
            0, mavlink.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, 0x0DF8, 411000000, 279000000, 500.0,
            0, 0, 0, 0, 0, 0, 0, 0))
    assert v.number("target_altitude_msl") == 650.0
    assert (v.number("target_latitude_deg"), v.number("target_longitude_deg")) == (41.1, 27.9)


def test_the_preferred_message_counts_until_it_falls_silent():
    v = Vehicle("1", 1, family="px4")
    hud = wire(mavlink.MAVLink_vfr_hud_message(30.0, 31.0, 90, 50, 777.0, 1.0))
    v.take(wire(mavlink.MAVLink_global_position_int_message(1, 1, 1, 500_000, 0, 0, 0, 0, 0)), 0.0)
    v.take(hud, 1.0)
    assert v.number("altitude_msl") == 500.0
    v.take(hud, 5.0)
    assert v.number("altitude_msl") == 777.0


def test_unhealthy_names_what_is_present_enabled_and_not_healthy():
    gyro, compass, gps = 1, 4, 32
    v = taken(mavlink.MAVLink_sys_status_message(
        gyro | compass | gps, gyro | gps, gyro, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert v.number("unhealthy") == "satellites"


def test_real_ardupilot_sends_centimetres_where_ours_sends_metres():
    hud = mavlink.MAVLink_vfr_hud_message(20.0, 20.0, 0, 0, 0.0, 0.0)
    error = mavlink.MAVLink_nav_controller_output_message(0, 0, 0, 0, 0, 0.0, 500.0, 0.0)
    assert taken(hud, error, vehicle=Vehicle("1", 1, family="ardupilot")).number(
        "target_airspeed") == 25.0
    error = mavlink.MAVLink_nav_controller_output_message(0, 0, 0, 0, 0, 0.0, 5.0, 0.0)
    ours = Vehicle("1", 1, family="ardupilot")
    for name in ("PROC_MIN_FACT", "CTL_ENERGY_TC"):
        ours.take(wire(mavlink.MAVLink_param_value_message(name.encode(), 1.0, 9, 2, 0)), 0.0)
    assert taken(hud, error, vehicle=ours).number("target_airspeed") == 25.0


def test_a_real_px4_sends_what_it_has_less_what_it_wants():
    # NAV_CONTROLLER_OUTPUT.hpp: filtered less setpoint, of altitude and airspeed.
    hud = mavlink.MAVLink_vfr_hud_message(20.0, 20.0, 0, 0, 500.0, 0.0)
    error = mavlink.MAVLink_nav_controller_output_message(0, 0, 0, 0, 0, -30.0, -4.0, 0.0)
    v = taken(hud, error)
    assert (v.number("target_airspeed"), v.number("target_altitude_msl")) == (24.0, 530.0)


def test_a_log_of_ardupilot_reads_as_pymavlink_reads_it(shared_data):
    """The same frames by another decoder, pymavlink's own dialect."""
    from pymavlink.dialects.v20 import ardupilotmega
    log = (shared_data / "flightlogs" / "vtol.tlog").read_bytes()
    reader = ardupilotmega.MAVLink(None)
    reader.robust_parsing = True
    v = Vehicle("r1", 1, family="ardupilot", replay=True)
    place, checked = 0, 0
    while place + 8 < len(log):
        stamp = struct.unpack(">Q", log[place:place + 8])[0] * 1e-6
        start = place + 8
        size = log[start + 1] + (12 if log[start] == 0xFD else 8)
        raw = log[start:start + size]
        place = start + size
        frames = Parser().feed(raw, datagram=True)
        if not frames or (frames[0].system, frames[0].component) != (1, 1) or (
                frames[0].message is None):
            continue
        v.take(frames[0].message, stamp)
        if frames[0].name in ("ATTITUDE", "GLOBAL_POSITION_INT", "VFR_HUD") and (
                frames[0].sequence % 3 == 0):
            reader.buf = bytearray()
            other = reader.parse_char(raw)
            checked += 1
            if frames[0].name == "ATTITUDE":
                assert v.number("roll") == pytest.approx(other.roll, abs=1e-4)
            elif frames[0].name == "GLOBAL_POSITION_INT":
                assert v.number("latitude_deg") == pytest.approx(other.lat / 1e7, abs=1e-9)
                assert v.number("altitude_msl") == pytest.approx(other.alt / 1e3, abs=0.006)
            elif frames[0].name == "VFR_HUD":
                assert v.number("airspeed") == pytest.approx(other.airspeed, abs=0.006)
    assert checked > 800
    assert v.number("mode") == "QLAND"  # flown last, as its heartbeats say (custom_mode 20)
    assert len(v.trail) > 100
