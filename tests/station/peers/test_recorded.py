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
