"""Fences and rally points up and down, against MAVLink's definition of their items."""

import base64
import json
import math

import numpy as np
import pytest

from longwatch.autopilot.aboard.fence import FenceVertex
from longwatch.mavlink.dialect import mavlink
from longwatch.services.plans import Plans
from services.harness import Bench, live
from services.plan_client import Client, Noted, item

FENCE, RALLY = mavlink.MAV_MISSION_TYPE_FENCE, mavlink.MAV_MISSION_TYPE_RALLY
HOME = 41.13, 27.9


@pytest.fixture(scope="module")
def parked():
    return live()


@pytest.fixture
def bench(parked):
    return Bench(services=(Plans,), simulation=Noted(parked))


@pytest.fixture
def client(bench):
    return Client(bench)


def polygon(count=4, command=5001, group=0.0, said=None):
    return [item(command, HOME[0] + 0.5 * math.cos(2 * math.pi * i / count),
                 HOME[1] + 0.5 * math.sin(2 * math.pi * i / count), frame=0,
                 p1=float(said or count), p2=group) for i in range(count)]


def circle(command=5004, radius=500.0, group=0.0):
    return item(command, *HOME, frame=0, p1=radius, p2=group)


def test_zones_go_aboard_whole_and_read_back(bench, client):
    entries = [*polygon(5), *polygon(3, 5002), circle(), circle(5003, 90000.0, 2.0)]
    assert client.upload(entries, FENCE) == mavlink.MAV_MISSION_ACCEPTED
    name, _, arguments = bench.simulation.orders[-1]
    records = np.frombuffer(base64.b64decode(arguments["records"]), FenceVertex.dtype)
    assert name == "fence"
    assert list(records["kind"]) == [5001] * 5 + [5002] * 3 + [5004, 5003]
    assert list(records["count"]) == [5] * 5 + [3] * 3 + [0, 0]
    assert list(records["radius"][-2:]) == [500.0, 90000.0]
    assert records["group"][-1] == 2
    assert math.degrees(records["latitude"][0]) == pytest.approx(HOME[0] + 0.5, abs=1e-7)
    back = client.download(FENCE)
    assert [m.command for m in back] == [e["command"] for e in entries]
    assert [m.param1 for m in back] == [e["p1"] for e in entries]
    assert {m.mission_type for m in back} == {FENCE}


@pytest.mark.parametrize(("entries", "result", "told"), [
    (polygon(5)[:4], "INVALID_PARAM1", "item 1: the polygon from here on lacks 1 of its 5"),
    ([*polygon(4)[:3], *polygon(4, 5002)[:1]], "INVALID_PARAM1", "item 4: the polygon from item 1"),
    ([*polygon(4)[:3], circle(), polygon(4)[3]], "INVALID_PARAM1", "its vertex 4 says otherwise"),
    (polygon(3, said=2), "INVALID_PARAM1", "2 vertices; give three or more"),
    (polygon(3, said=3.5), "INVALID_PARAM1", "3.5 vertices"),
    ([polygon(3)[0]] * 3, "INVALID_PARAM5_X", "fewer than three corners"),
    ([circle(radius=0.0)], "INVALID_PARAM1", "radius of 0 m"),
    ([circle(radius=math.nan)], "INVALID_PARAM1", "radius of nan m"),
    ([circle(5003, 500.0, 3.5)], "INVALID_PARAM2", "group 3.5"),
    ([item(5004, 91.0, 0.0, frame=0, p1=500.0)], "INVALID_PARAM5_X", "at 91 deg"),
    ([item(5004, 1.0, 181.0, frame=0, p1=500.0)], "INVALID_PARAM6_Y", "at 181 deg"),
    ([item(5004, None, None, frame=0, p1=500.0)], "INVALID_PARAM5_X", "has no position"),
    ([item(5004, 1.0, 2.0, frame=1, p1=500.0)], "UNSUPPORTED_FRAME", "in frame 1"),
    ([item(16, *HOME, 500.0)], "UNSUPPORTED", "NAV_WAYPOINT (16) belongs to no fence"),
])
def test_a_bad_fence_is_refused_whole(bench, client, entries, result, told):
    good = polygon()
    client.upload(good, FENCE)
    orders = len(bench.simulation.orders)
    assert client.upload(entries, FENCE) == getattr(mavlink, f"MAV_MISSION_{result}")
    assert told in bench.texts[-1]
    assert len(bench.simulation.orders) == orders
    assert len(client.download(FENCE)) == len(good)


def test_a_return_point_is_kept_and_said_not_to_be_flown_to(bench, client):
    entries = [item(5000, *HOME, frame=0), *polygon()]
    assert client.upload(entries, FENCE) == mavlink.MAV_MISSION_ACCEPTED
    assert "return point is kept, but not flown to" in bench.texts[-1]
    assert len(client.download(FENCE)) == 5
    records = bench.simulation.orders[-1][2]["records"]
    assert len(base64.b64decode(records)) == 4 * FenceVertex.dtype.itemsize


def test_rally_points_above_sea_level_and_above_home(bench, client):
    entries = [item(5100, *HOME, 700.0, frame=0), item(5100, 41.5, 28.0, 300.0, frame=3)]
    assert client.upload(entries, RALLY) == mavlink.MAV_MISSION_ACCEPTED
    name, _, arguments = bench.simulation.orders[-1]
    assert name == "rally"
    (a, b) = arguments["points"]
    assert a == pytest.approx([math.radians(HOME[0]), math.radians(HOME[1]), 700.0])
    assert b[2] == pytest.approx(300.0 + bench.craft.home.altitude_msl)
    assert [m.z for m in client.download(RALLY)] == [700.0, 300.0]


@pytest.mark.parametrize(("entry", "result"), [
    (item(5100, *HOME, math.nan, frame=0), "INVALID_PARAM7"),
    (item(5100, *HOME, 500.0, frame=10), "UNSUPPORTED_FRAME"),
    (item(5100, None, 27.0, 500.0, frame=0), "INVALID_PARAM5_X"),
    (item(5001, *HOME, 500.0, frame=0), "UNSUPPORTED"),
])
def test_a_bad_rally_point_is_refused(client, entry, result):
    assert client.upload([item(5100, *HOME, 500.0), entry], RALLY) == (
        getattr(mavlink, f"MAV_MISSION_{result}"))
    assert client.download(RALLY) == []


def test_the_three_lists_are_apart(bench, client):
    client.upload(polygon(), FENCE)
    client.upload([item(5100, *HOME, 500.0)], RALLY)
    assert len(client.download(FENCE)) == 4 and len(client.download(RALLY)) == 1
    assert client.download() == []
    client.count(0, FENCE)
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED
    assert bench.simulation.orders[-1][::2] == ("fence", {"records": ""})
    assert client.download(FENCE) == [] and len(client.download(RALLY)) == 1


def fenced_file(folder):
    """A circuit at Corlu with a fence around it and a rally point."""
    legs = [(22, 3, 41.147, 27.932, 300), (16, 0, 41.20, 28.05, 900),
            (21, 0, 41.1313, 27.9082, 155)]
    file = folder / "fenced.plan"
    file.write_text(json.dumps({
        "fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
        "geoFence": {"version": 2, "polygons": [{"version": 1, "inclusion": True, "polygon": [
            [40.9, 27.6], [40.9, 28.3], [41.4, 28.3], [41.4, 27.6]]}], "circles": [
            {"version": 1, "inclusion": False,
             "circle": {"center": [41.35, 27.7], "radius": 700.0}}]},
        "rallyPoints": {"version": 2, "points": [[41.2, 27.9, 400]]},
        "mission": {"version": 2, "firmwareType": 12, "vehicleType": 1, "cruiseSpeed": 36,
                    "hoverSpeed": 5, "plannedHomePosition": [41.129398, 27.905300, 152.4],
                    "items": [{"type": "SimpleItem", "autoContinue": True, "command": command,
                               "doJumpId": i + 1, "frame": frame,
                               "params": [12 if command == 22 else 0, 0, 0, None, *place]}
                              for i, (command, frame, *place) in enumerate(legs)]}}))
    return file


def test_fence_and_rally_points_of_the_file_that_it_was_started_with_are_aboard(tmp_path):
    bench = Bench(simulation=live(mission=fenced_file(tmp_path)))
    client = Client(bench)
    zones = client.download(FENCE)
    assert [(m.command, m.param1) for m in zones] == [(5001, 4.0)] * 4 + [(5004, 700.0)]
    assert (zones[0].x, zones[0].y) == (409000000, 276000000)
    point, = client.download(RALLY)
    assert (point.x, point.z, point.frame) == (412000000, pytest.approx(400.0), 3)
    aboard = bench.simulation.loaded
    assert list(aboard.fence["kind"]) == [5001] * 4 + [5004]
    assert float(aboard.rally[0]["altitude_msl"]) == pytest.approx(
        400.0 + float(bench.simulation.loaded.header.home_elevation_msl))


def test_a_fence_that_comes_after_the_mission_objects_to_it(tmp_path):
    """Across the leg to item 2, at 41.18 N 28.00 E."""
    bench = Bench(simulation=live(mission=fenced_file(tmp_path)))
    client, lists = Client(bench), bench.component.find(Plans).lists
    bench.poll()
    assert lists.objections() == ()
    across = item(5004, 41.18, 28.00, frame=0, p1=2000.0, p2=0.0)
    assert client.upload([across], FENCE) == mavlink.MAV_MISSION_ACCEPTED
    bench.poll()
    assert any("out of the fence" in text for text in lists.objections())
