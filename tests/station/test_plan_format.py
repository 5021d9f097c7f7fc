"""What the station writes as .plan against what QGroundControl reads unasked.

The rules are those of its sources: JsonHelper::validateKeys (a key that is required must be there,
and each of the type named; null stands for a number that is none), PlanMasterController,
MissionController, MissionItem, SimpleMissionItem, FixedWingLandingComplexItem, LandingComplexItem,
GeoFenceController, QGCFencePolygon, QGCFenceCircle, QGCMapPolygon and RallyPointController.
"""

import json
from pathlib import Path

import pytest

from longwatch.station.missions.documents import open_text, to_plan
from longwatch.station.refusal import Refusal

MISSIONS = Path(__file__).resolve().parents[2] / "missions"


def need(part, required, optional=None):
    """validateKeys: required keys are there, and all keys named are of their types."""
    assert set(required) <= set(part), f"missing: {set(required) - set(part)}"
    for key, kind in {**required, **(optional or {})}.items():
        if key not in part or (kind is float and part[key] is None):
            continue
        value = part[key]
        if kind is float:
            assert isinstance(value, int | float) and not isinstance(value, bool), (key, value)
        else:
            assert isinstance(value, kind), (key, value)


def place(value, length):
    """loadGeoCoordinate: so many numbers, null for one that is none."""
    assert isinstance(value, list) and len(value) == length, value
    assert all(v is None or isinstance(v, int | float) for v in value)
    assert all(v is not None for v in value[:2])


def read_as_qgroundcontrol(text):
    """Load a .plan as PlanMasterController does; AssertionError where it would refuse."""
    plan = json.loads(text)
    need(plan, {"groundStation": str, "fileType": str, "version": float, "mission": dict,
                "geoFence": dict, "rallyPoints": dict})
    assert (plan["fileType"], plan["version"]) == ("Plan", 1)
    _mission(plan["mission"])
    _fence(plan["geoFence"])
    need(plan["rallyPoints"], {"version": float, "points": list})
    assert plan["rallyPoints"]["version"] == 2
    for point in plan["rallyPoints"]["points"]:
        place(point, 3)
    return plan


def _mission(mission):
    assert mission["version"] == 2
    need(mission, {"plannedHomePosition": list, "items": list, "firmwareType": float},
         {"vehicleType": float, "cruiseSpeed": float, "hoverSpeed": float,
          "globalPlanAltitudeMode": float})
    place(mission["plannedHomePosition"], 3)
    ids = []
    for entry in mission["items"]:
        need(entry, {"type": str})
        if entry["type"] == "SimpleItem":
            ids.append(_simple(entry))
        else:
            assert entry["type"] == "ComplexItem"
            need(entry, {"complexItemType": str})
            if entry["complexItemType"] == "fwLandingPattern":
                _landing(entry)
    for entry in mission["items"]:
        if entry.get("command") == 177:
            assert int(entry["params"][0]) in ids


def _simple(entry):
    need(entry, {"type": str, "frame": float, "command": float, "params": list,
                 "autoContinue": bool}, {"doJumpId": float})
    assert len(entry["params"]) == 7
    assert all(p is None or isinstance(p, int | float) for p in entry["params"][:4])
    heights = {"AltitudeMode": float, "Altitude": float, "AMSLAltAboveTerrain": float}
    if set(heights) & set(entry):
        need(entry, heights)
    return entry.get("doJumpId")


def _landing(entry):
    need(entry, {"version": float, "loiterRadius": float, "loiterClockwise": bool,
                 "landCoordinate": list},
         {"stopTakingPhotos": bool, "stopVideoPhotos": bool, "useLoiterToAlt": bool})
    place(entry["landCoordinate"], 3)
    place(entry.get("landingApproachCoordinate", entry.get("loiterCoordinate")), 3)
    if entry["version"] == 1:
        need(entry, {"loiterAltitudeRelative": bool, "landAltitudeRelative": bool})
    else:
        assert entry["version"] == 2
        need(entry, {"valueSetIsDistance": bool, "altitudesAreRelative": bool})


def _fence(fence):
    need(fence, {"version": float, "circles": list, "polygons": list}, {"breachReturn": list})
    assert fence["version"] == 2
    for polygon in fence["polygons"]:
        need(polygon, {"version": float, "inclusion": bool, "polygon": list})
        assert polygon["version"] == 1 and len(polygon["polygon"]) >= 3
        for corner in polygon["polygon"]:
            place(corner, 2)
    for circle in fence["circles"]:
        need(circle, {"inclusion": bool, "circle": dict})
        need(circle["circle"], {"center": list, "radius": float})
        place(circle["circle"]["center"], 2)
    if "breachReturn" in fence:
        place(fence["breachReturn"], 3)


# ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in MISSIONS.glob("*.plan")))
def test_shipped_missions_are_written_so_that_qgroundcontrol_opens_them(name):
    document = json.loads((MISSIONS / name).read_text())
    written = read_as_qgroundcontrol(to_plan(document))
    assert written["mission"]["items"] == document["mission"]["items"]
    assert written["mission"]["plannedHomePosition"] == pytest.approx(
        document["mission"]["plannedHomePosition"])


WAYPOINT = {"type": "SimpleItem", "command": 16, "frame": 3, "params": [0, 0, 0, None, 10, 20, 90]}
BARE = {"mission": {"items": [WAYPOINT]}}


@pytest.mark.parametrize(("change", "home"), [
    ({}, [10.0, 20.0, 0.0]),
    ({"mission": {"items": [WAYPOINT, {**WAYPOINT, "command": 22, "params": [
        0, 0, 0, None, 41.1294, 27.9053, 300]}]}}, [41.1294, 27.9053, 152.0]),
    ({"mission": {"items": [WAYPOINT, {**WAYPOINT, "command": 21, "frame": 0, "params": [
        0, 0, 0, 0, 10.2, 20.1, 345.0]}]}}, [10.2, 20.1, 345.0]),
    ({"mission": {"items": [], "plannedHomePosition": [1.0, 2.0, 3.0]}}, [1.0, 2.0, 3.0]),
    ({"mission": {"items": []}, "geoFence": {"circles": [
        {"circle": {"center": [5.0, 6.0], "radius": 900}, "inclusion": False}]}}, [5.0, 6.0, 0.0]),
    ({"mission": {"items": []}, "rallyPoints": {"points": [[7.0, 8.0, 100]]}}, [7.0, 8.0, 0.0]),
    ({"geoFence": {"polygons": [{"polygon": [[0, 0], [1, 1], [1, 0]]}], "version": 2}},
     [10.0, 20.0, 0.0]),
    ({"mission": {"items": [{"type": "ComplexItem", "complexItemType": "fwLandingPattern",
                             "landCoordinate": [10, 20, 0], "loiterCoordinate": [10, 20.1, 200]}]}},
     [10.0, 20.0, 0.0]),
    ({"mission": {"items": [{**WAYPOINT, "type": "missionItem"}]}}, [10.0, 20.0, 0.0]),
])
def test_what_is_missing_is_there_when_it_is_written(change, home):
    written = read_as_qgroundcontrol(to_plan(json.loads(json.dumps(BARE | change))))
    assert written["mission"]["plannedHomePosition"] == pytest.approx(home, abs=0.5)


def test_a_plan_with_no_place_at_all_is_not_written():
    with pytest.raises(Refusal, match="nothing in it has a place"):
        to_plan({"mission": {"items": []}})


def test_keys_that_nobody_here_knows_stay_when_it_is_written():
    plan = json.loads(to_plan({**BARE, "vendor": {"deep": [1, None]}}))
    assert plan["vendor"] == {"deep": [1, None]}


@pytest.mark.parametrize("name", ["ap-circuit.txt", "ap-terrain.txt", "autoland_mission.txt",
                                  "Dalby-OBC2016.txt", "Dalby-OBC2016-fence.txt",
                                  "FW_mission_1.plan"])
def test_real_files_are_opened_and_written_so(shared_data, name):
    text = (shared_data / "missions" / name).read_text()
    read_as_qgroundcontrol(to_plan(open_text(name, text)))


WPL = "QGC WPL 110\n0 1 0 16 0 0 0 0 41.129398 27.9053 152.4 1\n"
SQUARE = [[41.3, 27.5], [41.3, 28.3], [40.8, 28.3], [40.8, 27.5]]


def test_a_fence_file_opens_as_the_fence_that_it_is():
    text = WPL + "".join(f"{i} 0 3 5001 4 0 0 0 {a} {b} 100 1\n"
                         for i, (a, b) in enumerate(SQUARE, start=1))
    document = open_text("f.waypoints", text + "5 0 3 5004 2000 0 0 0 41.2 28.0 100 1\n")
    assert document["mission"]["items"] == []
    assert document["geoFence"]["polygons"] == [
        {"inclusion": True, "polygon": SQUARE, "version": 1}]
    assert document["geoFence"]["circles"] == [
        {"circle": {"center": [41.2, 28.0], "radius": 2000.0}, "inclusion": False, "version": 1}]
    read_as_qgroundcontrol(to_plan(document))


def test_two_polygons_side_by_side_stay_two():
    rows = [(5001, 3, 1, 1), (5001, 3, 1, 2), (5001, 3, 2, 2),
            (5001, 3, 4, 4), (5001, 3, 4, 5), (5001, 3, 5, 5)]
    text = WPL + "".join(f"{i} 0 3 {c} {n} 0 0 0 {a} {b} 100 1\n"
                         for i, (c, n, a, b) in enumerate(rows, start=1))
    found = open_text("f.waypoints", text)["geoFence"]["polygons"]
    assert [polygon["polygon"] for polygon in found] == [
        [[1.0, 1.0], [1.0, 2.0], [2.0, 2.0]], [[4.0, 4.0], [4.0, 5.0], [5.0, 5.0]]]


def test_a_polygon_that_lacks_corners_is_refused_by_name():
    text = WPL + "1 0 3 5001 4 0 0 0 1 1 0 1\n2 0 3 5001 4 0 0 0 1 2 0 1\n"
    with pytest.raises(Refusal) as refused:
        open_text("f.waypoints", text)
    assert any("item 1, " in fault and "2 corners" in fault for fault in refused.value.faults)


def test_rally_points_open_as_what_they_are():
    text = WPL + "1 0 3 5100 0 0 0 0 41.2 28.0 100 1\n"
    assert open_text("r.waypoints", text)["rallyPoints"]["points"] == [[41.2, 28.0, 100.0]]
    old = open_text("r.ral", "RALLY 41.2 28.0 100 40 0 0\nRALLY 41.3 28.1 90 40 0 0\n")
    assert old["rallyPoints"]["points"] == [[41.2, 28.0, 100.0], [41.3, 28.1, 90.0]]


def test_a_fence_of_places_opens_with_its_return_point(shared_data):
    text = (shared_data / "missions" / "Dalby-OBC2016-fence.txt").read_text()
    fence = open_text("fence.txt", text)["geoFence"]
    rows = [[float(part) for part in line.split()] for line in text.splitlines()]
    assert fence["polygons"][0]["polygon"] == [pytest.approx(row) for row in rows[1:-1]]
    assert fence["breachReturn"][:2] == pytest.approx(rows[0])


@pytest.mark.parametrize("others", [
    {"version": 1}, {}, {"version": 1, "circles": []}, {"version": 1, "polygons": []}])
def test_a_fence_of_version_1_opens_as_one_of_version_2(others):
    document = {"fileType": "Plan", "version": 1, "geoFence": {
        **others, "polygon": SQUARE}, "mission": {"version": 2, "items": [],
                                                      "plannedHomePosition": [41, 27, 152]}}
    opened = open_text("v1.plan", json.dumps(document))
    assert opened["geoFence"] == {"circles": [], "version": 2, "polygons": [
        {"inclusion": True, "polygon": SQUARE, "version": 1}]}
    read_as_qgroundcontrol(to_plan(opened))
