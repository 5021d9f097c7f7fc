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


def test_camera_items_are_left_out_only_when_asked_to(tmp_path):
    text = plan_with([simple(22, 0, 0, 50, doJumpId=1), simple(206, 0, 0, 0, doJumpId=2)])
    assert "MAV_CMD_DO_SET_CAM_TRIGG_DIST (206): not supported" in refusal(tmp_path, text)
    mission = read_mission(tmp_path / "mission.plan", skip_unsupported=True)
    assert [item.command for item in mission.items] == [22]
    assert "left out" in mission.notes[0]


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
