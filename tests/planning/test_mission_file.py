"""Files read right, and every fault of a bad one named at once."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longwatch.errors import MissionError
from longwatch.planning import read_mission
from longwatch.planning.mav_commands import NAMES, command_name


def read_text(tmp_path, text, name="mission.plan"):
    path = tmp_path / name
    path.write_text(text)
    return read_mission(path)


def plan_with(items, **mission):
    content = {"cruiseSpeed": 36, "plannedHomePosition": [10.0, 20.0, 0.0], "items": items}
    return json.dumps({"fileType": "Plan", "mission": content | mission})


def simple(command, latitude, longitude, altitude, p=(0, 0, 0, 0), frame=3, **extra):
    return {"type": "SimpleItem", "command": command, "frame": frame,
            "params": [*p, latitude, longitude, altitude]} | extra


def refusal(tmp_path, text, name="mission.plan"):
    with pytest.raises(MissionError) as caught:
        read_text(tmp_path, text, name)
    assert str(tmp_path / name) in str(caught.value)
    return str(caught.value)


def test_wpl_columns_are_read_as_the_format_says(shared_data):
    mission = read_mission(shared_data / "missions" / "ap-circuit.txt")
    assert mission.home is not None
    assert math.degrees(mission.home.latitude) == pytest.approx(-35.363262, abs=1e-9)
    assert mission.home.elevation_msl == pytest.approx(584.090027)
    assert [item.command for item in mission.items] == [22, 16, 16, 16, 16, 16, 21]
    assert [item.sequence for item in mission.items] == [1, 2, 3, 4, 5, 6, 7]
    takeoff, land = mission.items[0], mission.items[-1]
    assert takeoff.latitude is None, "0, 0 in a take-off means here"
    assert (takeoff.p1, takeoff.altitude, takeoff.frame) == (15.0, 80.0, 3)
    assert math.degrees(land.longitude) == pytest.approx(149.165222, abs=1e-9)


def test_wpl_with_spaces_and_carriage_returns_reads_the_same(tmp_path, shared_data):
    original = shared_data / "missions" / "ap-terrain.txt"
    text = original.read_text().replace("\t", "   ").replace("\n", "\r\n")
    path = tmp_path / "spaces.txt"
    path.write_bytes(text.encode())
    assert read_mission(path).items == read_mission(original).items


def test_plan_keeps_null_parameters_open(shared_data):
    mission = read_mission(shared_data / "missions" / "FW_mission_1.plan")
    assert mission.cruise_speed == 15
    assert mission.items[0].p4 is None
    assert [item.sequence for item in mission.items] == [1, 2, 3, 4, 5]
    loiter = mission.items[3]
    assert (loiter.command, loiter.radius, loiter.altitude) == (31, 50.0, 25.0)
    assert mission.home.elevation_msl == 489


def test_altitude_computed_above_terrain_by_the_ground_station_counts_from_the_sea(tmp_path):
    item = simple(16, 10.1, 20.0, 812.5, frame=0, AltitudeMode=3, Altitude=100,
                  AMSLAltAboveTerrain=812.5)
    mission = read_text(tmp_path, plan_with([item]))
    assert (mission.items[0].frame, mission.items[0].altitude) == (0, 812.5)


def test_survey_is_expanded_and_landing_pattern_written_out(tmp_path):
    survey = {"type": "ComplexItem", "complexItemType": "survey", "TransectStyleComplexItem": {
        "Items": [simple(16, 10.1, 20.0, 100, doJumpId=2), simple(16, 10.1, 20.1, 100,
                                                                  doJumpId=3)]}}
    landing = {"type": "ComplexItem", "complexItemType": "fwLandingPattern",
               "landCoordinate": [10.0, 20.0, 0], "landingApproachCoordinate": [10.05, 20.0, 40],
               "loiterRadius": 75, "loiterClockwise": False, "useLoiterToAlt": True,
               "altitudesAreRelative": True}
    takeoff = simple(22, 0, 0, 50, doJumpId=1)
    mission = read_text(tmp_path, plan_with([takeoff, survey, landing]))
    assert [i.command for i in mission.items] == [22, 16, 16, 189, 31, 21]
    assert [i.sequence for i in mission.items] == [1, 2, 3, 4, 5, 6]
    assert mission.items[4].radius == -75.0


def test_pattern_without_waypoints_is_refused_by_name(tmp_path):
    entry = {"type": "ComplexItem", "complexItemType": "StructureScan"}
    assert "'StructureScan' holds no waypoints" in refusal(tmp_path, plan_with([entry]))


def test_hold_time_becomes_a_loiter_and_is_told(tmp_path):
    mission = read_text(tmp_path, plan_with([simple(16, 10.1, 20.0, 100, p=(30, 0, 0, 0))]))
    assert (mission.items[0].command, mission.items[0].p1) == (19, 30.0)
    assert "hold time of 30 s" in mission.notes[0]


def test_no_such_file_folder_and_noise(tmp_path):
    with pytest.raises(MissionError, match="no such file"):
        read_mission(tmp_path / "absent.plan")
    with pytest.raises(MissionError, match="is a folder"):
        read_mission(tmp_path)
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    with pytest.raises(MissionError, match="not a mission"):
        read_mission(tmp_path / "noise.bin")
    assert "not a mission" in refusal(tmp_path, "", "empty.txt")
    assert "not a mission" in refusal(tmp_path, "-27.3\t151.3\n", "fence.txt")
    assert "not a mission" in refusal(tmp_path, '{"type": "FeatureCollection"}')
    assert "not a mission" in refusal(tmp_path, "[1, 2]")


def test_broken_json_names_line_and_column(tmp_path):
    assert "line 3, column 1: broken JSON" in refusal(tmp_path, '{\n "mission": 1,\n}')


def test_every_fault_of_a_file_is_listed_at_once(tmp_path):
    items = [
        simple(16, float("nan"), 20.0, 100, doJumpId=1),
        simple(16, 95.0, 20.0, 100, doJumpId=2),
        simple(84, 10.0, 20.0, 50, doJumpId=3),
        simple(9999, 10.0, 20.0, 50, doJumpId=4),
        simple(177, 0, 0, 0, p=(77, 1, 0, 0), doJumpId=5, frame=2),
        simple(16, 0, 0, 100, doJumpId=6),
        simple(16, 10.0, 20.0, None, doJumpId=7),
        simple(16, 10.0, 20.0, 100, frame=1, doJumpId=8),
        simple(19, 10.0, 20.0, 100, p=(-5, 0, 100, 0), doJumpId=9),
        simple(178, 0, 0, 0, p=(0, -7, 0, 0), doJumpId=10),
        simple(16, 10.0, 20.0, 100, doJumpId=10),
        simple(16, "north", 20.0, 100, doJumpId=12),
    ]
    message = refusal(tmp_path, plan_with(items))
    expected = ["item 1: its position is not a number", "item 2: its position 95, 20 is out of",
                "item 3, MAV_CMD_NAV_VTOL_TAKEOFF (84)", "item 4, unknown command 9999",
                "jumps to item 77, which does not exist", "item 6, MAV_CMD_NAV_WAYPOINT (16): has "
                "no position", "item 7, MAV_CMD_NAV_WAYPOINT (16): has no altitude",
                "frame 1 is not supported", "a time of -5 s", "a speed of -7 m/s",
                "the number 10 is used twice", "item 12: 'north' is not a number"]
    missing = [text for text in expected if text not in message]
    assert not missing, message


def test_wpl_faults_name_their_line(tmp_path):
    text = ("QGC WPL 110\n0 1 0 16 0 0 0 0 10 20 0 1\n1 0 3 22 0 0 0 0 0 0 50\n"
            "2 0 3 16 0 0 0 0 nan 20 50 1\n3 0 3 16 0 0 0 0 abc 20 50 1\n"
            "4 0 3 16 0 0 0 0 10 200 50 1\n5 0 3 16 0 0 0 0 10 20 inf 1\n")
    message = refusal(tmp_path, text, "bad.txt")
    for expected in ("line 3: 11 columns where 12 belong", "line 4, item 2: its position is not",
                     "line 5:", "line 6, item 4: its position 10, 200 is out of range",
                     "line 7, item 5:"):
        assert expected in message


def test_other_version_is_refused(tmp_path):
    assert "version 120 is not supported" in refusal(tmp_path, "QGC WPL 120\n", "v.txt")


def test_every_vertical_take_off_and_landing_is_named(shared_data):
    for skip in (False, True):
        with pytest.raises(MissionError) as caught:
            read_mission(shared_data / "missions" / "Dalby-OBC2016.txt", skip_unsupported=skip)
        message = str(caught.value)
        for text in ("item 1, MAV_CMD_NAV_VTOL_TAKEOFF (84)", "item 19, MAV_CMD_NAV_VTOL_LAND (85)",
                     "item 20, MAV_CMD_NAV_VTOL_TAKEOFF (84)",
                     "item 34, MAV_CMD_NAV_VTOL_LAND (85)"):
            assert text in message
        assert message.count("\n") == 4, "nothing else is wrong with it"


def test_camera_items_are_passed_over_and_servos_left_out_only_when_asked_to(tmp_path):
    takeoff, camera = simple(22, 0, 0, 50, doJumpId=1), simple(206, 0, 0, 0, doJumpId=2)
    mission = read_text(tmp_path, plan_with([takeoff, camera]))
    assert [item.command for item in mission.items] == [22, 206]
    assert "passed over in flight: item 2; no camera" in mission.notes[0]
    message = refusal(tmp_path, plan_with([takeoff, simple(183, 0, 0, 0, doJumpId=2)]))
    assert "item 2, MAV_CMD_DO_SET_SERVO (183): is not supported" in message
    assert "--force leaves out" in message
    mission = read_mission(tmp_path / "mission.plan", skip_unsupported=True)
    assert [item.command for item in mission.items] == [22]
    assert "left out" in mission.notes[0]


def landing(**changes):
    return {"type": "ComplexItem", "complexItemType": "fwLandingPattern", "version": 1,
            "landCoordinate": [10.0, 20.0, 155], "loiterCoordinate": [10.05, 20.0, 800],
            "loiterRadius": 1500, "loiterClockwise": True} | changes


@pytest.mark.parametrize(("loiter", "land"), [(True, True), (True, False), (False, True),
                                              (False, False)])
def test_a_landing_pattern_of_version_1_has_a_flag_for_each_altitude(tmp_path, loiter, land):
    """QGroundControl, FixedWingLandingComplexItem: version 2 alone has one flag for both."""
    entry = landing(loiterAltitudeRelative=loiter, landAltitudeRelative=land,
                    altitudesAreRelative=not land)
    items = read_text(tmp_path, plan_with([simple(22, 0, 0, 50, doJumpId=1), entry])).items
    assert [(i.command, i.frame) for i in items[2:]] == [(31, 3 if loiter else 0),
                                                         (21, 3 if land else 0)]


def test_a_landing_pattern_that_nobody_can_read_is_refused(tmp_path):
    assert "version 3 is not known" in refusal(tmp_path, plan_with([landing(version=3)]))
    assert "what its altitudes count from" in refusal(tmp_path, plan_with([landing()]))


def test_a_landing_pattern_that_stops_photos_and_video_is_numbered_as_it_is_uploaded(tmp_path):
    entry = landing(version=2, altitudesAreRelative=True, stopTakingPhotos=True,
                    stopVideoPhotos=True)
    items = read_text(tmp_path, plan_with([simple(22, 0, 0, 50, doJumpId=1), entry])).items
    assert [(i.sequence, i.command) for i in items] == [
        (1, 22), (2, 189), (3, 206), (4, 2001), (5, 2501), (6, 31), (7, 21)]


def test_older_items_keep_their_place_and_parameters_apart(tmp_path):
    """QGroundControl, MissionItem: versions 1 and 2 of an item."""
    oldest = {"type": "missionItem", "command": 19, "frame": 3, "param1": 30, "param2": 0,
              "param3": 900, "param4": 1, "coordinate": [10.1, 20.0, 300], "autoContinue": True}
    older = {"type": "SimpleItem", "command": 16, "frame": 3, "params": [0, 0, 0, 0],
             "coordinate": [10.2, 20.0, 310], "autoContinue": True}
    first, second = read_text(tmp_path, plan_with([oldest, older])).items
    assert (first.p1, first.radius, first.altitude) == (30.0, 900.0, 300.0)
    assert (math.degrees(second.latitude), second.altitude) == (pytest.approx(10.2), 310.0)


@pytest.mark.parametrize("part", ["mission", "geoFence", "rallyPoints"])
def test_a_version_that_nobody_knows_is_refused_by_name(tmp_path, part):
    document = json.loads(plan_with([simple(16, 10.1, 20.0, 100)]))
    document.setdefault(part, {})["version"] = 9
    assert f"{part}: its version 9 is not known" in refusal(tmp_path, json.dumps(document))


def test_a_delay_circles_and_one_before_everything_is_told(tmp_path):
    """A wing waits by circling; before the take-off nothing is flown to circle at."""
    delay = simple(93, 0, 0, 0, p=(30, -1, -1, -1), frame=2)
    mission = read_text(tmp_path, plan_with([delay, simple(22, 0, 0, 50), delay,
                                             simple(16, 10.1, 20.0, 100), delay]))
    assert [(i.command, i.p1) for i in mission.items] == [(112, 0.0), (22, 0), (19, 30), (16, 0),
                                                          (19, 30)]
    assert "item 1, MAV_CMD_NAV_DELAY (93): its 30 s are not waited for" in mission.warnings[0]
    clock = simple(93, 0, 0, 0, p=(30, 12, -1, -1), frame=2)
    assert "time of day" in refusal(tmp_path, plan_with([simple(22, 0, 0, 50), clock]))


@pytest.mark.parametrize(("name", "text", "told"), [
    ("fence.waypoints", "QGC WPL 110\n0 1 0 16 0 0 0 0 41 27 152 1\n1 0 3 5001 3 0 0 0 1 1 9 1\n"
     "2 0 3 5001 3 0 0 0 1 2 9 1\n3 0 3 5001 3 0 0 0 2 2 9 1\n4 0 3 5004 900 0 0 0 1 1 9 1\n",
     "it holds a fence (1 polygon, 1 circle), and no mission"),
    ("rally.waypoints", "QGC WPL 110\n0 1 0 16 0 0 0 0 41 27 152 1\n1 0 3 5100 0 0 0 0 1 1 90 1\n",
     "it holds a list of 1 rally point, and no mission"),
    ("old.fen", "# saved\n-27.30 151.33\n-27.27 151.34\n-27.26 151.28\n-27.28 151.27\n"
     "-27.27 151.34\n", "not a mission: it holds a fence (1 polygon)"),
    ("old.ral", "RALLY\t-35.3\t149.1\t100\t40\t0\t0\nRALLY\t-35.4\t149.1\t100\t40\t0\t0\n",
     "not a mission: it holds a list of 2 rally points"),
    ("v1.plan", json.dumps({"fileType": "Plan", "version": 1, "mission": {
        "version": 2, "items": [], "plannedHomePosition": [41, 27, 0]}, "geoFence": {
            "version": 1, "polygon": [[41.3, 27.5], [41.3, 28.3], [40.8, 28.3]]}}),
     "it holds a fence (1 polygon), and no mission"),
])
def test_fences_and_rally_points_are_named_as_what_they_are(tmp_path, name, text, told):
    assert told in refusal(tmp_path, text, name)


def test_a_fence_vertex_among_mission_items_is_named(tmp_path):
    message = refusal(tmp_path, plan_with([simple(22, 0, 0, 50, doJumpId=1),
                                           simple(5001, 1, 1, 0, p=(3, 0, 0, 0), doJumpId=2)]))
    assert "item 2, MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION (5001): is part of a" in message


def test_command_names_are_those_of_mavlink():
    assert command_name(84) == "MAV_CMD_NAV_VTOL_TAKEOFF (84)"
    assert (NAMES[16], NAMES[189], NAMES[178]) == ("NAV_WAYPOINT", "DO_LAND_START",
                                                   "DO_CHANGE_SPEED")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10**400, 10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner,
                                                                max_size=4), max_leaves=8)


def paths_of(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def mutated(document, path, value):
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = mutated(document[path[0]], path[1:], value)
    return copy


@settings(max_examples=300, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_plan_reads_or_is_refused_and_nothing_else(data, tmp_path, thrace_watch):
    document = json.loads(thrace_watch.read_text())
    places = list(paths_of(document))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places))
        try:
            document = mutated(document, path, data.draw(JSON))
        except (KeyError, IndexError, TypeError):
            continue
    path = tmp_path / "mutated.plan"
    path.write_text(json.dumps(document))
    try:
        read_mission(path)
    except MissionError as error:
        assert str(path) in str(error)


@settings(max_examples=200, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_text_reads_or_is_refused_and_nothing_else(data, tmp_path, circuit, write_wpl):
    text = write_wpl(circuit).read_text()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 6))
        text = text[:at] + data.draw(st.text(alphabet="0123456789.-+einfa\t\n ", max_size=4)
                                     ) + text[at + cut:]
    path = tmp_path / "mutated.txt"
    path.write_text(text)
    try:
        read_mission(path)
    except MissionError as error:
        assert str(path) in str(error)
