"""Fences and rally points of a plan: read as QGroundControl writes them, every leg judged.

The missions lie about 10 N 20 E: a minute of latitude is 1843 m there.
"""

import json
import math
import re

import pytest
from geographiclib.geodesic import Geodesic

from longwatch.autopilot.aboard.fence import CIRCLE_EXCLUSION, POLYGON_EXCLUSION, POLYGON_INCLUSION
from longwatch.errors import MissionError
from longwatch.planning import fence_way
from longwatch.planning.flight_plan import judge_file, plan_flight
from longwatch.planning.qgc_fence import read_area

HOME = (10.0, 20.0)
# Over the circuit of conftest.py, out of the way of every leg of it, and none of its items.
WIDE = [[9.8, 19.8], [9.8, 20.3], [10.2, 20.3], [10.2, 19.8]]


def plan_text(fence, rally=None, items=None):
    legs = items or [(22, 0, 0, 0, 0, 0, 200), (16, 0, 0, 0, 10.06, 20.0, 400),
                     (16, 0, 0, 0, 10.06, 20.08, 400), (16, 0, 0, 0, 9.92, 20.08, 400),
                     (16, 0, 0, 0, 9.92, 20.0, 300), (21, 0, 0, 0, 10.002, 20.0, 0)]
    return json.dumps({
        "fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
        "geoFence": fence, "rallyPoints": rally or {"version": 2, "points": []},
        "mission": {
            "version": 2, "firmwareType": 12, "vehicleType": 1, "cruiseSpeed": 36,
            "hoverSpeed": 5, "plannedHomePosition": [*HOME, 0],
            "items": [{"type": "SimpleItem", "autoContinue": True, "command": command,
                       "doJumpId": number, "frame": 3,
                       "params": [p1, p2, p3, None, latitude, longitude, altitude]}
                      for number, (command, p1, p2, p3, latitude, longitude, altitude)
                      in enumerate(legs, start=1)]}})


def zones(*polygons, circles=()):
    return {"version": 2,
            "polygons": [{"version": 1, "inclusion": inclusion, "polygon": corners}
                         for inclusion, corners in polygons],
            "circles": [{"version": 1, "inclusion": inclusion,
                         "circle": {"center": centre, "radius": radius}}
                        for inclusion, centre, radius in circles]}


def square(latitude, longitude, half):
    wide = half / math.cos(math.radians(latitude))
    return [[latitude + a * half, longitude + b * wide]
            for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))]


@pytest.fixture
def judged(tmp_path, tb2):
    def build(text, **options):
        path = tmp_path / "fenced.plan"
        path.write_text(text)
        return judge_file(path, tb2, fuel_kg=150.0, **options)

    return build


def refused(judgement):
    return {finding.item: finding.message for finding in judgement.errors}


def test_a_fence_around_the_whole_mission_is_no_obstacle(judged):
    judgement = judged(plan_text(zones((True, WIDE), (False, square(10.0, 20.2, 0.02)))))
    assert refused(judgement) == {}
    assert len(judgement.mission.area.zones) == 8


@pytest.mark.parametrize(("fence", "item", "said"), [
    # On the leg to item 4, south along 20.08 E.
    (zones((False, square(10.0, 20.08, 0.01))), 4, "leads [0-9]+ m out of the fence"),
    (zones(circles=[(False, [10.0, 20.08], 900.0)]), 4, "leads 8[89][0-9] m out of the fence"),
    # 100 m beside it.
    (zones(circles=[(False, [10.0, 20.0891], 900.0)]), 4, "comes within [0-9]+ m of the fence"),
    # Item 3 lies outside, 1.1 km beyond the edge; the leg from it as well.
    (zones((True, [[9.8, 19.8], [9.8, 20.07], [10.2, 20.07], [10.2, 19.8]])), 3, "out of the"),
    # On the final approach.
    (zones((False, square(9.98, 20.0, 0.003))), 6, "out of the fence"),
    # On the climb-out.
    (zones(circles=[(False, [10.004, 20.0], 100.0)]), 1, "out of the fence"),
])
def test_a_leg_through_or_along_the_fence_is_refused_by_its_item(judged, fence, item, said):
    found = refused(judged(plan_text(fence)))
    assert item in found
    assert re.search(said, found[item]), found


def test_a_leg_that_ends_so_near_that_it_would_turn_back_is_refused(judged):
    """Item 2 lies due north, where a turn to the right of 0.8 of the bank limit leads east.

    In calm air, at 37 m/s true, that turn begins its radius of 0.31 km before the item. A turn away
    of 0.7 of it, 2.5 s later, has 0.36 km: with the margin of 150 m it needs 0.29 km beyond.
    """
    def with_edge(beyond):
        edge = Geodesic.WGS84.Direct(10.06, 20.0, 0.0, beyond)["lat2"]
        corners = [[9.8, 19.8], [9.8, 20.3], [edge, 20.3], [edge, 19.8]]
        return refused(judged(plan_text(zones((True, corners)))))

    assert "would turn back" in with_edge(230.0)[2]
    assert with_edge(350.0) == {}


def test_a_loiter_keeps_the_margin_all_around(judged):
    items = [(22, 0, 0, 0, 0, 0, 200), (16, 0, 0, 0, 10.06, 20.0, 400),
             (18, 1, 0, 1500, 10.06, 20.08, 400), (16, 0, 0, 0, 9.92, 20.08, 400),
             (16, 0, 0, 0, 9.92, 20.0, 300), (21, 0, 0, 0, 10.002, 20.0, 0)]
    def beside(distance):
        place = Geodesic.WGS84.Direct(10.06, 20.08, 45.0, 1500.0 + 300.0 + distance)
        return refused(judged(plan_text(zones(circles=[
            (False, [place["lat2"], place["lon2"]], 300.0)]), items=items)))

    assert "comes within" in beside(100.0)[3]
    assert beside(250.0) == {}


def test_a_distance_told_is_the_geodesic_one(judged):
    found = refused(judged(plan_text(zones(circles=[(False, [10.0, 20.0891], 900.0)]))))
    beside = Geodesic.WGS84.Inverse(10.0, 20.0891, 10.0, 20.08)["s12"] - 900.0
    told = float(found[4].split("within ")[1].split(" m")[0])
    assert told == pytest.approx(beside, abs=2.0)


def test_floor_and_ceiling_of_the_aircraft_count_for_every_item(judged):
    judgement = judged(plan_text({}))
    kept = fence_way.Fence(judgement.mission.area.zones, 150.0, 410.0, 0.0)
    case = judgement.flown.case
    found = {f.item for f in fence_way.fence_findings(case, judgement.flown, kept)}
    assert found == {2, 3, 4}
    kept = fence_way.Fence(judgement.mission.area.zones, 150.0, 0.0, 280.0)
    assert {f.item for f in fence_way.fence_findings(case, judgement.flown, kept)} == {5}


def test_the_plan_aboard_has_zones_and_rally_points(tmp_path, tb2):
    path = tmp_path / "fenced.plan"
    path.write_text(plan_text(zones((True, WIDE), circles=[(False, [10.15, 20.15], 500.0)]),
                              {"version": 2, "points": [[10.03, 20.04, 350]]}))
    resolved = plan_flight(path, tb2, fuel_kg=150.0)
    assert list(resolved.fence["kind"]) == [POLYGON_INCLUSION] * 4 + [CIRCLE_EXCLUSION]
    assert list(resolved.fence["count"]) == [4, 4, 4, 4, 0]
    assert math.degrees(resolved.fence["latitude"][1]) == pytest.approx(9.8)
    point = resolved.rally[0]
    assert (math.degrees(point["latitude"]), float(point["altitude_msl"])) == pytest.approx(
        (10.03, 350.0 + float(resolved.header[0].home_elevation_msl)))


@pytest.mark.parametrize(("height", "said"), [
    (0.0, "home lies at 0 m, give 60 m or more"), (-100.0, "give 60 m or more"),
    (9000.0, "above the ceiling"), (61.0, None)])
def test_a_rally_point_at_the_ground_or_out_of_reach_is_refused(judged, height, said):
    found = refused(judged(plan_text(zones((True, WIDE)),
                                     {"version": 2, "points": [[10.03, 20.04, height]]})))
    assert (said is None and not found) or ("rally point 1: " in found[None]
                                            and said in found[None])


def test_what_is_odd_about_rally_points_and_a_return_point_is_told(judged):
    judgement = judged(plan_text({**zones((True, WIDE)), "breachReturn": [10.0, 20.0, 100]},
                                 {"version": 2, "points": [[10.3, 20.0, 350]]}))
    told = [f.message for f in judgement.findings if f.severity == "warning"]
    assert any("rally point 1 lies outside the fence" in text for text in told)
    assert any("return point" in text for text in told)


def test_the_first_version_is_a_polygon_to_stay_within():
    area, faults = read_area(plan_text({"version": 1, "polygon": WIDE}))
    assert faults == [] and list(area.zones["kind"]) == [POLYGON_INCLUSION] * 4


@pytest.mark.parametrize(("fence", "said"), [
    ({"version": 2, "polygons": [{"polygon": WIDE}]}, "polygon 1: does not say whether"),
    ({"version": 2, "polygons": [{"inclusion": True, "polygon": WIDE[:2]}]}, "fewer than three"),
    ({"version": 2, "polygons": [{"inclusion": True, "polygon": [[91, 0], *WIDE]}]}, "no place"),
    ({"version": 2, "polygons": [{"inclusion": True, "polygon": [["a", 0], *WIDE]}]}, "no place"),
    ({"version": 2, "circles": [{"inclusion": True, "circle": {"center": [1, 2]}}]}, "no radius"),
    ({"version": 2, "circles": [{"inclusion": False, "circle": {"center": [1, 2], "radius": -5}}]},
     "no radius"),
    ({"version": 2, "circles": [7]}, "circle 1: is no object"),
    ({"version": 2, "polygons": 7}, "polygons is no list"),
    ({"version": 3, "polygons": []}, "version 3 is unknown"),
    ([], ""), (7, "is no object"),
])
def test_what_cannot_be_read_is_said_and_refuses_the_file(judged, fence, said):
    text = plan_text(fence)
    if not said:
        assert read_area(text)[1] == []
        return
    assert said in " ".join(read_area(text)[1])
    with pytest.raises(MissionError, match="geoFence"):
        judged(text)


def test_rally_points_without_altitude_are_refused():
    _, faults = read_area(plan_text({}, {"version": 2, "points": [[10.0, 20.0], [95, 0, 1]]}))
    assert len(faults) == 2 and "altitude above home" in faults[0]


def test_the_shared_mission_over_an_exclusion_is_refused(shared_data, tb2):
    path = shared_data / "field" / "fence_exclusion_on_leg.plan"
    judgement = judge_file(path, tb2, fuel_kg=216.0)
    assert list(judgement.mission.area.zones["kind"]) == [POLYGON_EXCLUSION] * 4
    assert len(judgement.mission.area.rally) == 1
    found = refused(judgement)
    assert list(found) == [3]
    # The leg from 41.0 N 27.95 E to 40.93 N 27.70 E, geodesic, at its deepest inside the zone
    # between 27.80 and 27.85 E, 40.94 and 40.99 N: the nearest side is 2.1 km away.
    line = Geodesic.WGS84.InverseLine(41.0, 27.95, 40.93, 27.70)
    deepest = 0.0
    for share in range(1001):
        at = line.Position(share / 1000.0 * line.s13)
        if 40.94 < at["lat2"] < 40.99 and 27.80 < at["lon2"] < 27.85:
            deepest = max(deepest, min(
                Geodesic.WGS84.Inverse(at["lat2"], at["lon2"], at["lat2"], side)["s12"]
                for side in (27.80, 27.85)))
    told = float(found[3].split("leads ")[1].split(" m")[0])
    assert told == pytest.approx(deepest, abs=45.0)


def test_clearance_is_measured_from_where_it_is_asked():
    area, _ = read_area(plan_text(zones(circles=[(False, [10.0, 20.0], 500.0)])))
    away = Geodesic.WGS84.Direct(10.0, 20.0, 77.0, 1500.0)
    assert fence_way.clear(area.zones, (math.radians(away["lat2"]), math.radians(
        away["lon2"]))) == pytest.approx(1000.0, abs=0.5)
