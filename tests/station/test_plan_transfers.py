"""Plans: out of documents, up, back and down, over links that lose packets."""

import asyncio
import json
import math
from pathlib import Path

import pytest

from longwatch.datalink.pipe import Pipe
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame
from longwatch.planning.mission_file import read_mission
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.plans import PlanItem, differences, from_document
from station.virtual import Virtual

MISSIONS = Path(__file__).resolve().parents[2] / "missions"
FENCE = {"circles": [{"circle": {"center": [41.0, 27.9], "radius": 90000.0}, "inclusion": True,
                      "version": 1}],
         "polygons": [{"inclusion": False, "polygon": [[40.0, 27.0], [40.1, 27.0], [40.1, 27.2]],
                       "version": 1}], "version": 2}
RALLY = {"points": [[41.2, 27.9, 500.0]], "version": 2}


def document(**parts):
    return {**json.loads((MISSIONS / "thrace-watch.plan").read_text()), "geoFence": FENCE,
            "rallyPoints": RALLY, **parts}


def simple(number, command, *params):
    return {"type": "SimpleItem", "autoContinue": True, "command": command, "frame": 3,
            "doJumpId": number, "params": list(params)}


def mission(*items):
    return {"mission": {"items": list(items), "plannedHomePosition": [41.0, 28.0, 100.0]}}


def test_items_are_those_that_planning_reads():
    read = read_mission(MISSIONS / "thrace-watch.plan").items
    speed, *made = from_document(document())["mission"]
    # The plan's cruise speed is the first item, as MAVLink has no other place for it.
    assert (speed.command, speed.params[:3]) == (178, (0.0, 36.0, -1.0))
    assert [item.command for item in made] == [item.command for item in read]
    assert [item.place for item in made] == [
        None if i.latitude is None else
        (round(math.degrees(i.latitude), 7), round(math.degrees(i.longitude), 7)) for i in read]


def test_fence_and_rally_become_their_items():
    made = from_document(document())
    assert [(i.command, i.params[0], i.place) for i in made["fence"]] == [
        (5002, 3.0, (40.0, 27.0)), (5002, 3.0, (40.1, 27.0)), (5002, 3.0, (40.1, 27.2)),
        (5003, 90000.0, (41.0, 27.9))]
    assert [(i.command, i.frame, i.place, i.z) for i in made["rally"]] == [
        (5100, 3, (41.2, 27.9), 500.0)]


def test_a_jump_names_the_place_in_the_list_whatever_the_documents_numbers():
    made = from_document(mission(
        simple(10, 16, 0, 0, 0, None, 41.0, 28.0, 500), simple(20, 16, 0, 0, 0, None, 41.1, 28.0,
                                                               500),
        simple(30, 177, 20, 2, 0, 0, 0, 0, 0)))["mission"]
    assert made[2].params[0] == 1.0
    made = from_document(mission(
        simple(10, 16, 0, 0, 0, None, 41.0, 28.0, 500), simple(30, 177, 10, 2, 0, 0, 0, 0, 0)),
        home_first=True)["mission"]
    assert (made[0].command, made[0].place, made[0].z) == (16, (41.0, 28.0), 100.0)
    assert made[2].params[0] == 1.0


def test_the_cruise_speed_goes_along_and_is_what_a_plan_goes_back_to():
    made = from_document({"mission": {**mission(
        simple(1, 16, 0, 0, 0, None, 41.0, 28.0, 500), simple(2, 178, 0, 40, -1, 0, 0, 0, 0),
        simple(3, 178, 0, -2, -1, 0, 0, 0, 0), simple(4, 177, 1, 2, 0, 0, 0, 0, 0))["mission"],
        "cruiseSpeed": 33}})["mission"]
    assert [(i.command, i.params[1]) for i in made] == [
        (178, 33.0), (16, 0.0), (178, 40.0), (178, 33.0), (177, 2.0)]
    assert made[4].params[0] == 1.0  # the waypoint, behind the speed
    own = {"mission": {**mission(simple(1, 178, 0, 40, -1, 0, 0, 0, 0))["mission"],
                       "cruiseSpeed": 33}}
    assert [i.params[1] for i in from_document(own)["mission"]] == [40.0]


def test_a_pattern_goes_as_the_items_that_it_holds():
    survey = {"type": "ComplexItem", "complexItemType": "survey", "TransectStyleComplexItem": {
        "Items": [simple(1, 16, 0, 0, 0, None, 41.0, 28.0, 500),
                  simple(2, 16, 0, 0, 0, None, 41.1, 28.0, 500)]}}
    landing = {"type": "ComplexItem", "complexItemType": "fwLandingPattern",
               "landingApproachCoordinate": [41.1, 27.8, 200], "landCoordinate": [41.13, 27.9, 0],
               "loiterRadius": 800, "loiterClockwise": False, "altitudesAreRelative": True}
    made = from_document(mission(survey, landing))["mission"]
    assert [item.command for item in made] == [16, 16, 189, 31, 21]
    assert made[3].params[1] == -800.0


@pytest.mark.parametrize("bad, count", [
    ("not a plan", 1), ({"mission": {"items": [{"type": "SimpleItem"}, 7]}}, 2),
    ({"mission": {"items": "none"}}, 1),
    ({"geoFence": {"polygons": [{"polygon": [[1, 2]]}, {"polygon": [[1, 2], [3, 4], [95, 1]]}],
                   "circles": [{"circle": {"center": [1, 2], "radius": -5}}]}}, 3),
    ({"rallyPoints": {"points": [[1, 2], ["a", 2, 3], [1, 2, 1e9]]}}, 3),
    ({"geoFence": [], "rallyPoints": {"points": {}}}, 3),
    (mission(simple(1, 177, 99, 1, 0, 0, 0, 0, 0)), 1),
    (mission(simple(1, 70000, 0, 0, 0, 0, 1, 1, 1)), 1),
    (mission(simple(1, 16, 1e300, 0, 0, 0, 1, 1, 1)), 1)])
def test_a_bad_document_is_refused_with_all_its_faults(bad, count):
    with pytest.raises(Refusal) as refused:
        from_document(bad)
    assert refused.value.status == 400 and max(len(refused.value.faults), 1) == count


def test_differences_are_named_and_what_is_left_open_may_be_zero():
    one = PlanItem(16, 3, (0.0, 0.0, 0.0, math.nan), 410000000, 280000000, 100.0)
    kept = PlanItem(16, 3, (0.0, 0.0, 0.0, 0.0), 410000000, 280000000, 100.0)
    moved = PlanItem(16, 3, (0.0, 0.0, 0.0, 0.0), 410000000, 280000000, 120.0)
    assert differences("mission", (one,), (kept,)) == ([], [])
    assert differences("mission", (one,), (moved,))[0] == [
        "mission item 1 (NAV_WAYPOINT): altitude was sent as 100.00 m, aboard is 120.00 m"]
    assert differences("mission", (one, one), (one,))[0] == [
        "mission: 2 items were sent, 1 lie aboard"]
    assert differences("mission", (one,), (moved,), first=1) == ([], [])


@pytest.mark.parametrize("profile, loss", [
    ("px4", 0.0), ("px4", 0.1), ("ardupilot", 0.1), ("generic", 0.1)])
def test_up_and_back_the_same(profile, loss):
    with Virtual(profile=profile, loss=loss, seed=21) as air:
        v = air.known()
        assert air.do(air.fleet.upload("1", document())) == {
            "same": True, "differences": [], "notes": []}
        home = 1 if profile == "ardupilot" else 0
        assert [len(v.plans[kind].items) for kind in ("mission", "fence", "rally")] == [
            21 + home, 4, 1]
        told = air.told("plan")[-3:]
        assert [event[2] for event in told] == ["mission", "fence", "rally"]
        assert {event[3]["source"] for event in told} == {"upload"}
        down = air.do(air.fleet.download("1", "mission"))
        assert down["digest"] == told[0][3]["digest"] and down["source"] == "download"
        assert [item["command"] for item in down["items"][home:home + 2]] == [178, 22]
        assert all(event[3]["state"] in ("running", "done") for event in air.told("transfer"))


def test_nothing_is_written_where_the_document_has_no_such_part():
    with Virtual() as air:
        v = air.known()
        air.do(air.fleet.upload("1", document()))
        air.do(air.fleet.upload("1", mission(simple(1, 16, 0, 0, 0, None, 41.0, 28.0, 900))))
        assert [len(v.plans[kind].items) for kind in ("mission", "fence", "rally")] == [1, 4, 1]
        air.do(air.fleet.upload("1", {"geoFence": {"circles": [], "polygons": []}}))
        assert [len(v.plans[kind].items) for kind in ("mission", "fence", "rally")] == [1, 0, 1]


def test_what_the_vehicle_refuses_is_told_in_its_words_and_the_old_plan_stays():
    with Virtual() as air:
        v = air.known()
        air.do(air.fleet.upload("1", document()))
        with pytest.raises(Refusal, match="VTOL|84") as refused:
            air.do(air.fleet.upload("1", mission(
                simple(1, 84, 0, 0, 0, None, 41.0, 28.0, 50))))
        assert refused.value.status == 409
        assert len(v.plans["mission"].items) == 21
        assert len(air.do(air.fleet.download("1", "mission"))["items"]) == 21


def test_a_transfer_that_breaks_off_leaves_what_was_known():
    with Virtual() as air:
        v = air.known()
        air.do(air.fleet.upload("1", document()))
        before = v.plans["mission"]
        transmit, count = air.link.transmit, [0]

        def cut(raw):
            count[0] += 1
            if count[0] < 10:
                transmit(raw)
        air.link.transmit = cut
        with pytest.raises(Refusal, match="does not answer|fell silent"):
            air.do(air.fleet.download("1", "mission"))
        assert v.plans["mission"] is before
        assert air.told("transfer")[-1][3]["state"] == "failed"
        with pytest.raises(Refusal):
            air.do(air.fleet.upload("1", mission(simple(1, 16, 0, 0, 0, None, 41.0, 28.0, 900))))
        assert v.plans["mission"] is before


def test_a_vehicle_that_talks_but_takes_no_item_does_not_hold_an_upload_for_ever():
    with Virtual() as air:
        v = air.known()
        before, transmit = v.plans["mission"], air.fleet.arrive

        def words_alone(way, raw, datagram=False):
            if Frame(raw).name in ("HEARTBEAT", "STATUSTEXT"):
                transmit(way, raw, datagram)
        air.fleet.arrive = words_alone

        async def talk():
            while True:
                await asyncio.sleep(0.5)
                v.take(mavlink.MAVLink_statustext_message(6, b"all is well"), air.fleet.now())

        async def upload():
            talking = asyncio.create_task(talk())
            try:
                await air.fleet.upload("1", mission(simple(1, 16, 0, 0, 0, None, 41.0, 28.0, 900)))
            finally:
                talking.cancel()
        with pytest.raises(Refusal, match="fell silent"):
            air.do(upload(), 60.0)
        assert v.plans["mission"] is before and not v.transfer.locked()


def test_one_plan_at_a_time_for_each_vehicle():
    with Virtual() as air:
        air.known()
        air.link.outbound = Pipe(delay=0.1)

        async def both():
            return await asyncio.gather(
                air.fleet.upload("1", document()), air.fleet.upload("1", document()),
                return_exceptions=True)
        first, second = air.do(both())
        assert first["same"] and isinstance(second, Refusal) and second.status == 409


def test_a_plan_that_another_station_uploads_is_read_anew():
    with Virtual() as air:
        v = air.known()
        client = air.server.client(system=255)
        client.send(mavlink.MAVLink_mission_count_message(1, 1, 1, 0))
        air.run(seconds=0.2)
        client.send(mavlink.MAVLink_mission_item_int_message(
            1, 1, 0, 3, 16, 1, 1, 0, 0, 0, math.nan, 411000000, 280000000, 900.0, 0))
        air.run(lambda: len(v.plans["mission"].items) == 1, 10.0)
        assert air.told("plan")[-1][3]["source"] == "download"
