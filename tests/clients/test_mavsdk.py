"""MAVSDK 4.1 as its users run it, on real sockets, against a served aircraft.

Time runs as fast as it goes while something is flown; clients live on wall time.
"""

import math
from pathlib import Path

import pytest

from clients.mavsdk_pilot import Pilot, connect
from clients.served import Served, wait_for
from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.runways import known_runways

from mavsdk.plugins.geofence.geofence import (  # isort: skip
    Circle, FenceType, GeofenceData, Point, Polygon)
from mavsdk.plugins.mission.mission import MissionItem, MissionPlan  # isort: skip
from mavsdk.plugins.mission_raw.mission_raw import MissionRawError  # isort: skip

pytestmark = pytest.mark.compiled_only
THRACE = Path(__file__).parents[2] / "missions" / "thrace-watch.plan"


def apart(a, b):
    """Metres between two places in degrees."""
    return distance_and_bearing(*map(math.radians, (*a, *b)))[0]


def on_home_runway(pilot):
    """Between the thresholds of the runway by OurAirports, at an elevation between theirs."""
    runway = next(r for r in known_runways() if r.airport == "LTBU")
    a, b = (tuple(map(math.degrees, (runway.latitude[i], runway.longitude[i]))) for i in (0, 1))
    along = apart(a, pilot.place) + apart(pilot.place, b) - apart(a, b)
    low, high = sorted(runway.elevation_msl)
    return along < 5.0 and low - 3.0 < pilot.telemetry.position().absolute_altitude_m < high + 5.0


@pytest.fixture(scope="module")
def stand():
    """An aircraft that stands, and MAVSDK."""
    with Served() as served, connect(served.udp) as mavsdk:
        pilot = Pilot.first(mavsdk)
        pilot.wait_ready()
        yield served, pilot


def test_it_is_seen_healthy_armable_and_at_home(stand):
    served, pilot = stand
    assert pilot.system.get_system_id() == 1
    home = pilot.telemetry.home()
    at = served.do(lambda s: (float(s[0].simulation.state.flight.latitude),
                              float(s[0].simulation.state.flight.longitude)))
    assert apart((home.latitude_deg, home.longitude_deg), tuple(map(math.degrees, at))) < 1.0
    assert not pilot.telemetry.armed() and not pilot.telemetry.in_air()
    version = pilot.info.get_version()
    assert (version.flight_sw_major, version.flight_sw_minor) >= (1, 4)


def test_a_mission_file_uploads_and_reads_back_item_by_item(stand):
    _, pilot = stand
    items = pilot.raw.import_qgroundcontrol_mission(str(THRACE)).mission_items
    pilot.raw.upload_mission(items)
    back = pilot.raw.download_mission()
    assert len(back) == len(items) == 20
    for sent, read in zip(items, back, strict=True):
        for name, value in vars(sent).items():
            got = getattr(read, name)
            assert got == value or (math.isnan(value) and math.isnan(got)), (sent.seq, name)


def test_mission_items_with_speeds_gimbal_camera_and_waiting_come_back(stand):
    _, pilot = stand
    items = [
        MissionItem(41.2, 28.0, 600.0, 45.0, False, -30.0, 10.0,
                    MissionItem.CameraAction.TAKE_PHOTO, loiter_time_s=60.0),
        MissionItem(41.25, 28.05, 700.0, 40.0, True,
                    camera_action=MissionItem.CameraAction.START_VIDEO),
    ]
    pilot.mission.upload_mission(MissionPlan(items))
    back = pilot.mission.download_mission().mission_items
    for sent, read in zip(items, back, strict=True):
        assert (read.latitude_deg, read.longitude_deg) == pytest.approx(
            (sent.latitude_deg, sent.longitude_deg), abs=1e-6)
        assert read.relative_altitude_m == sent.relative_altitude_m
        assert read.speed_m_s == sent.speed_m_s
        assert read.camera_action == sent.camera_action
        assert read.is_fly_through == sent.is_fly_through
    assert back[0].loiter_time_s == 60.0
    assert back[0].gimbal_pitch_deg == pytest.approx(-30.0)
    wait_for(lambda: any("passed over in flight: items" in text for text in pilot.texts), 5.0)
    pilot.mission.clear_mission()
    assert pilot.raw.download_mission() == []


def test_a_bad_mission_is_refused_and_the_old_one_stays(stand):
    _, pilot = stand
    items = pilot.raw.import_qgroundcontrol_mission(str(THRACE)).mission_items
    pilot.raw.upload_mission(items)
    items[3].command = 84  # a vertical take-off
    with pytest.raises(MissionRawError, match="UNSUPPORTED"):
        pilot.raw.upload_mission(items)
    told = "item 4, MAV_CMD_NAV_VTOL_TAKEOFF (84): "
    wait_for(lambda: any(text.startswith(told) for text in pilot.texts), 5.0)
    assert [i.command for i in pilot.raw.download_mission()][3] == 16
    pilot.raw.clear_mission()


def test_a_fence_uploads_and_reads_back(stand):
    served, pilot = stand
    corners = [Point(40.9, 27.4), Point(41.5, 27.4), Point(41.4, 28.6)]
    pilot.geofence.upload_geofence(GeofenceData(
        [Polygon(corners, FenceType.INCLUSION)],
        [Circle(Point(41.3, 27.7), 900.0, FenceType.EXCLUSION)]))
    assert len(served.do(lambda s: s[0].simulation.loaded.fence)) >= 4
    back = pilot.geofence.download_geofence()
    for sent, read in zip(corners, back.polygons[0].points, strict=True):
        assert (read.latitude_deg, read.longitude_deg) == pytest.approx(
            (sent.latitude_deg, sent.longitude_deg), abs=1e-7)
    assert back.circles[0].radius == 900.0
    pilot.geofence.clear_geofence()


def test_parameters_are_listed_read_and_set(stand):
    _, pilot = stand
    before = pilot.param.get_param_float("RTL_RETURN_ALT")
    pilot.param.set_param_float("RTL_RETURN_ALT", before + 50.0)
    assert pilot.param.get_param_float("RTL_RETURN_ALT") == before + 50.0
    listed = pilot.param.get_all_params()
    assert "RTL_RETURN_ALT" in {p.name for p in listed.float_params}
    pilot.param.set_param_float("RTL_RETURN_ALT", before)


def test_files_are_listed(stand):
    _, pilot = stand
    root = pilot.ftp.list_directory("/")
    assert "logs" in {entry.name for entry in root.entries}


def test_a_whole_plan_is_uploaded_and_flown_to_the_disarm():
    with Served(fuel_kg=None) as served, connect(served.udp) as mavsdk:
        pilot = Pilot.first(mavsdk)
        pilot.wait_ready()
        items = pilot.raw.import_qgroundcontrol_mission(str(THRACE)).mission_items
        pilot.raw.upload_mission(items)
        seen = []
        pilot.raw.subscribe_mission_progress(lambda p, _: seen.append((p.current, p.total)))
        pilot.arm()
        pilot.raw.start_mission()
        served.do(lambda s: s.set_speed("max"))
        wait_for(lambda: pilot.height > 100.0, 30.0, "climbing")
        pilot.wait_down()
        served.do(lambda s: s.set_speed(1.0))
        assert pilot.raw.is_mission_finished()
        assert seen[-1] == (20, 20)
        numbers = [current for current, _ in seen]
        assert numbers == sorted(numbers)
        # On the runway that the mission lands on, at its elevation, once telemetry is that of now.
        wait_for(lambda: on_home_runway(pilot), 10.0, "standing on the runway")
        land = items[-1]
        assert apart(pilot.place, (land.x * 1e-7, land.y * 1e-7)) < 1500.0
        assert not served.do(lambda s: s[0].simulation.state.autopilot.crew.armed)


def test_guided_flight_from_take_off_to_landing():
    with Served() as served, connect(served.udp) as mavsdk:
        pilot = Pilot.first(mavsdk)
        pilot.wait_ready()
        action = pilot.action
        action.set_takeoff_altitude(400.0)
        pilot.arm()
        action.takeoff()
        served.do(lambda s: s.set_speed("max"))
        wait_for(lambda: pilot.height > 380.0, 30.0, "at 400 m")
        home = pilot.telemetry.home()
        there = home.latitude_deg + 0.06, home.longitude_deg + 0.05
        action.goto_location(*there, home.absolute_altitude_m + 600.0, math.nan)
        wait_for(lambda: apart(pilot.place, there) < 1500.0 and abs(pilot.height - 600.0) < 20.0,
                 30.0, "there")
        assert pilot.telemetry.in_air()
        action.set_current_speed(48.0)
        wait_for(lambda: abs(pilot.telemetry.fixedwing_metrics().airspeed_m_s - 48.0) < 2.0, 30.0,
                 "48 m/s")
        action.hold()
        wait_for(lambda: pilot.mode == "HOLD", 10.0, "holding")
        action.return_to_launch()
        pilot.wait_down()
        wait_for(lambda: on_home_runway(pilot), 10.0, "standing on the runway")


def test_a_mission_is_paused_and_continued_and_the_landing_ordered():
    with Served() as served, connect(served.udp) as mavsdk:
        pilot = Pilot.first(mavsdk)
        pilot.wait_ready()
        home = pilot.telemetry.home()
        north = [MissionItem(home.latitude_deg + 0.1 * i, home.longitude_deg, 500.0, 45.0, True)
                 for i in (1, 2, 3)]
        first = MissionItem(home.latitude_deg + 0.03, home.longitude_deg, 400.0,
                            vehicle_action=MissionItem.VehicleAction.TAKEOFF)
        pilot.mission.upload_mission(MissionPlan([first, *north]))
        pilot.arm()
        pilot.mission.start_mission()
        served.do(lambda s: s.set_speed(200.0))
        wait_for(lambda: pilot.height > 300.0, 30.0, "climbing")
        pilot.mission.pause_mission()
        wait_for(lambda: pilot.mode == "HOLD", 10.0, "paused")
        held = pilot.place
        served.do(lambda s: s.step(300.0))
        wait_for(lambda: apart(pilot.place, held) > 1.0, 5.0)
        assert apart(pilot.place, held) < 5000.0
        pilot.mission.start_mission()
        wait_for(lambda: pilot.mode == "MISSION", 10.0, "continued")
        served.do(lambda s: s.set_speed("max"))
        wait_for(pilot.mission.is_mission_finished, 30.0, "finished")
        pilot.action.land()
        pilot.wait_down()
        wait_for(lambda: on_home_runway(pilot), 10.0, "standing on the runway")


def test_six_aircraft_at_once():
    with Served(count=6) as served, connect(served.udp) as mavsdk:
        wait_for(lambda: len(mavsdk.get_systems()) == 6, 30.0, "six systems")
        pilots = sorted((Pilot(system) for system in mavsdk.get_systems()),
                        key=lambda p: p.system.get_system_id())
        assert [p.system.get_system_id() for p in pilots] == [1, 2, 3, 4, 5, 6]
        for pilot in pilots:
            pilot.wait_ready()
            pilot.action.set_takeoff_altitude(300.0 + 50.0 * pilot.system.get_system_id())
        for pilot in pilots:
            pilot.arm()
            pilot.action.takeoff()
        served.do(lambda s: s.set_speed("max"))
        for pilot in pilots:
            wanted = 300.0 + 50.0 * pilot.system.get_system_id()
            wait_for(lambda p=pilot, h=wanted: abs(p.height - h) < 25.0, 60.0, f"at {wanted} m")
        # A command to one of them moves that one alone. A return takes minutes; heartbeats, which
        # tell modes, come each second of wall time.
        served.do(lambda s: s.set_speed(5.0))
        pilots[2].action.return_to_launch()
        wait_for(lambda: pilots[2].mode == "RETURN_TO_LAUNCH", 10.0, "3 returns")
        wait_for(lambda: {p.mode for i, p in enumerate(pilots) if i != 2} == {"HOLD"}, 10.0,
                 "the others hold")
