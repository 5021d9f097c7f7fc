"""A reboot by a client: on the ground at once, armed or flying only by force, and noted."""

import pytest

from longwatch.mavlink.dialect import mavlink
from services.harness import Bench, live

REBOOT, ARM, TAKEOFF = (mavlink.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN,
                        mavlink.MAV_CMD_COMPONENT_ARM_DISARM, mavlink.MAV_CMD_NAV_TAKEOFF)
ACCEPTED, DENIED, REJECTED = (mavlink.MAV_RESULT_ACCEPTED, mavlink.MAV_RESULT_DENIED,
                              mavlink.MAV_RESULT_TEMPORARILY_REJECTED)
# REBOOT_SHUTDOWN_CONDITIONS_FORCE of MAVLink's common.xml.
FORCE = 20190226
# Places and altitudes that messages carry, none of which is 0 anywhere near the runway.
CARRIED = {"GLOBAL_POSITION_INT": ("lat", "lon", "alt"), "VFR_HUD": ("alt",),
           "ALTITUDE": ("altitude_amsl",), "HOME_POSITION": ("latitude", "altitude"),
           "SCALED_PRESSURE": ("press_abs",), "HIGHRES_IMU": ("abs_pressure", "zacc"),
           "BATTERY_STATUS": ("battery_remaining",), "SYS_STATUS": ("voltage_battery",),
           "FUEL_STATUS": ("remaining_fuel",), "EFI_STATUS": ("rpm",),
           "POSITION_TARGET_GLOBAL_INT": ("lat_int", "alt"), "GPS_GLOBAL_ORIGIN": ("latitude",)}


@pytest.fixture
def bench():
    return Bench(fuel_kg=60.0)


def events(bench):
    return [h["event"] for h in bench.simulation.happenings]


@pytest.mark.parametrize("target", [(1, 1), (1, 0), (0, 0)])
def test_armed_it_is_refused_and_nothing_changes(bench, target):
    assert bench.command(ARM, 1) == ACCEPTED
    before = bench.simulation.state.tobytes()
    assert bench.command(REBOOT, 1, target=target) == REJECTED
    assert bench.simulation.state.tobytes() == before
    assert "disarm it first" in bench.texts[-1]
    assert "reset" not in events(bench)


@pytest.mark.compiled_only
def test_in_flight_it_is_refused_and_by_force_carried_out_and_noted():
    bench = Bench(simulation=live(fuel_kg=60.0))
    assert bench.command(TAKEOFF, -1, 0, 0, None, None, None, 400.0) == ACCEPTED
    assert bench.command(ARM, 1) == ACCEPTED
    bench.fly(90.0)
    assert bench.craft.airborne
    assert bench.command(REBOOT, 1, target=(0, 0)) == REJECTED
    # Disarmed by force it glides: it is not armed, but it flies.
    assert bench.command(ARM, 0, 21196) == ACCEPTED
    assert bench.command(REBOOT, 1) == REJECTED
    assert "once it stands" in bench.texts[-1]
    assert bench.craft.airborne and "reset" not in events(bench)
    assert bench.command(REBOOT, 1, 0, 0, 0, 0, 1.0) == DENIED
    assert bench.command(REBOOT, 1, 0, 0, 0, 0, FORCE) == ACCEPTED
    assert not bench.craft.airborne and events(bench)[-1] == "reset"
    assert bench.simulation.happenings[-1]["time"] == pytest.approx(bench.simulation.time, abs=0.01)


def test_on_the_ground_disarmed_it_is_carried_out_and_everybody_is_told(bench):
    bench.poll(0.1)
    bench.clear()
    assert bench.command(REBOOT, 1, 1, 1, 1, None, None, None) == ACCEPTED  # as MAVSDK sends it
    bench.poll(0.1)
    assert events(bench).count("reset") == 1
    assert any("parked anew where it began" in text for text in bench.texts)


def test_a_shutdown_is_unsupported(bench):
    assert bench.command(REBOOT, 2) == mavlink.MAV_RESULT_UNSUPPORTED
    assert bench.command(REBOOT, 0, 1) == mavlink.MAV_RESULT_UNSUPPORTED


@pytest.mark.parametrize("profile", ["px4", "ardupilot"])
def test_no_message_ever_carries_what_never_was(profile):
    """From the order on, tick by tick, on a link that gets everything as fast as it can."""
    bench = Bench(profile)
    bench.craft.links = lambda: (1,)
    for number in bench.component.by_provided:
        bench.command(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, number, 5000)
    bench.clear()
    bench.simulation.order("reset")
    for _ in range(150):
        # Each one asked for at this instant, as REQUEST_MESSAGE does it.
        for number in tuple(bench.component.by_provided):
            message = bench.component.provide(number)
            if message is not None:
                bench.craft.send(message)
        bench.simulation.step(0.01)
        bench.poll(0.02)
    assert bench.component.faults == 0
    for kind, fields in CARRIED.items():
        for message in bench.of(kind):
            assert all(getattr(message, name) != 0 for name in fields), message
    assert bench.of("GLOBAL_POSITION_INT") and bench.of("ATTITUDE")
    heights = {round(m.alt / 1e3) for m in bench.of("GLOBAL_POSITION_INT")}
    assert max(heights) - min(heights) <= 1
    told = bench.of("GLOBAL_POSITION_INT")[0]
    at = bench.simulation.state.flight
    assert told.lat * 1e-7 == pytest.approx(at.latitude * 57.29577951, abs=2e-5)
    # A receiver or an estimator that has found nothing yet says so.
    for fix in bench.of("GPS_RAW_INT"):
        assert (fix.fix_type >= 3) == (fix.lat != 0)
