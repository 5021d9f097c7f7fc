"""What the station makes of two real autopilots: their frames replayed into the vehicle."""

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.station.vehicles.modes import Modes, px4_mode
from station.peers.recordings import flown, frames, said


@pytest.mark.parametrize("name, modes", [
    ("arduplane", ["INITIALISING", "MANUAL", "AUTO", "LOITER", "GUIDED", "RTL", "AUTO"]),
    ("px4", ["Hold", "Mission", "Hold", "Return", "Hold"])])
def test_every_mode_that_was_flown_has_its_name(shared_data, name, modes):
    vehicle, told = flown(shared_data, name), []
    for _, message in said(shared_data, name):
        if message.get_type() == "HEARTBEAT":
            called = vehicle.mode_name(message.custom_mode)
            told += [called] if called not in told[-1:] else []
    assert told == modes


def test_standard_modes_that_px4_lists_without_a_name_are_named_and_can_be_chosen(shared_data):
    modes = flown(shared_data, "px4").modes
    named = {mode["name"]: mode["selectable"] for mode in modes.as_list()}
    for name in ("Altitude", "Position", "Mission", "Return", "Takeoff", "Land", "Orbit",
                 "Guided Course"):
        assert named[name] and modes.find(name), name
    assert not any(name.startswith("mode ") for name in named)
    assert not named["Termination"] and not named["(Mode not available)"]
    assert modes.role("course").custom_mode == px4_mode(4, 19)
    assert modes.role_of(px4_mode(4, 5)) == "return"


def test_an_unknown_mode_with_a_standard_one_is_called_by_that():
    modes = Modes("generic")
    modes.take(mavlink.MAVLink_available_modes_message(
        1, 1, mavlink.MAV_STANDARD_MODE_SAFE_RECOVERY, 77, 0, b""))
    assert modes.name(77) == "Return" and modes.role("return").custom_mode == 77


def test_arduplane_offers_what_its_release_and_its_frame_have(shared_data):
    modes = flown(shared_data, "arduplane", 30.0).modes
    assert modes.release == (4, 6)
    offered = {mode["name"] for mode in modes.as_list() if mode["selectable"]}
    assert {"AUTO", "RTL", "LOITER", "GUIDED", "TAKEOFF", "FBWA", "MANUAL"} <= offered
    assert "AUTOLAND" not in offered and "QLAND" not in offered
    modes.release, modes.vtol = (4, 7), True
    assert modes.find("autoland") and modes.find("QLAND")


def test_the_recordings_are_whole(shared_data):
    # PROVENANCE.md counts them.
    assert len(frames(shared_data, "arduplane")) == 25_953
    assert len(frames(shared_data, "px4")) == 65_071


def test_before_a_fix_arduplane_is_nowhere(shared_data):
    """It tells 222e-7 degrees and the like until its satellites are there."""
    told = []
    flown(shared_data, "arduplane", 12.0,
          lambda v, second: told.append((v.number("gnss_fix"), v.number("latitude_deg"),
                                         v.number("altitude_msl"))))
    assert {place for place in told if place[0] in (None, "none")} <= {
        (None, None, None), ("none", None, None)}
    assert told[-1][:2] == ("rtk", 41.1293979) and told[-1][2] == pytest.approx(152.5, abs=0.5)
    assert len(flown(shared_data, "arduplane", 9.0).trail) == 0


def test_an_order_of_altitude_in_guided_shows_at_once_that_altitude(shared_data):
    """The recorded vehicle in GUIDED, then alt_error as it comes after an order of 20 m more."""
    vehicle = flown(shared_data, "arduplane", 90.0)
    assert vehicle.number("mode_role") == "guided"
    assert vehicle.number("target_altitude_msl") == pytest.approx(248.0, abs=1.0)
    now = vehicle.number("altitude_msl")
    last = next(m for t, m in reversed(said(shared_data, "arduplane"))
                if t < 90.0 and m.get_type() == "POSITION_TARGET_GLOBAL_INT")
    for second in range(2):
        vehicle.take(last, 90.0 + second)
        vehicle.take(mavlink.MAVLink_nav_controller_output_message(
            0, 0, 0, 0, 0, 268.0 - now, 0, 0), 90.1 + second)
    assert vehicle.number("target_altitude_msl") == 268.0


def test_the_way_home_has_a_time_though_no_fuel_flow_is_told(shared_data):
    for name, second in (("arduplane", 60.0), ("px4", 120.0)):
        vehicle = flown(shared_data, name, second)
        assert vehicle.number("fuel_flow_kg_s") is None
        # At its true airspeed in a wind below 0.3 m/s.
        time = vehicle.number("distance_home") / vehicle.number("airspeed")
        assert vehicle.number("time_home_s") == pytest.approx(time, rel=0.06)
        assert vehicle.number("fuel_home_kg") is None


def test_a_calm_is_a_wind_of_no_direction(shared_data):
    vehicle = flown(shared_data, "arduplane", 10.0)
    assert (vehicle.number("wind_speed"), vehicle.number("wind_from")) == (0.0, None)


def test_what_hinders_arming_is_told_beside_what_is_unhealthy(shared_data):
    vehicle = flown(shared_data, "px4", 3.9)
    assert vehicle.number("prearm_text") == "no heading reference; No connection to the GCS"
    assert flown(shared_data, "px4", 20.0).number("prearm_text") is None


def test_a_reason_that_comes_after_the_alert_is_added_to_it(shared_data):
    vehicle = flown(shared_data, "arduplane", 9.0)
    alerts = {alert["key"]: alert for alert in vehicle.alerts.as_list()}
    assert alerts["not_ready_to_arm"]["values"] == {"unhealthy": "terrain"}
    vehicle.take(mavlink.MAVLink_statustext_message(
        2, b"PreArm: GPS 1: Bad fix"), 9.1)
    vehicle.tick(9.2)
    alerts = {alert["key"]: alert for alert in vehicle.alerts.as_list()}
    assert alerts["not_ready_to_arm"]["values"]["prearm_text"] == "GPS 1: Bad fix"
    vehicle.tick(90.0)
    assert vehicle.number("prearm_text") is None


def test_the_empty_mission_of_the_recording_counts_none(shared_data):
    assert flown(shared_data, "arduplane", 9.0).number("mission_count") == 0
    assert flown(shared_data, "arduplane", 40.0).number("mission_count") == 9
    assert flown(shared_data, "px4", 40.0).number("mission_count") == 8
