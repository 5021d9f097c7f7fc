"""Replays against pymavlink's own reading of a log, and against the flight log's rows."""

import asyncio
import contextlib
import gzip
import json
import math
import shutil
import struct
from contextlib import closing

import numpy as np
import pyarrow.parquet as pq
import pytest
from pymavlink import mavutil

from longwatch.errors import LogError
from longwatch.flights.fly import fly
from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import encode
from longwatch.station.config import Config
from longwatch.station.refusal import Refusal
from longwatch.station.replay import tlog_plans, tlog_source
from longwatch.station.replay.flight_plans import plans_told
from longwatch.station.replay.opening import open_source
from longwatch.station.replay.replays import Replays
from longwatch.station.replay.sources import MOST_EVENTS, Event, most_telling
from longwatch.station.vehicles.fleet import Fleet


@pytest.fixture(scope="module")
def vtol(shared_data):
    return shared_data / "flightlogs" / "vtol.tlog"


@pytest.fixture(scope="module")
def whole(vtol):
    source = open_source(vtol)
    yield source
    source.close()


@pytest.fixture(scope="module")
def told(vtol):
    """The log's messages as pymavlink reads them: seconds from its beginning, message."""
    log = mavutil.mavlink_connection(str(vtol), dialect="ardupilotmega")
    found = []
    while (message := log.recv_match()) is not None:
        if message.get_type() != "BAD_DATA":
            found.append((message._timestamp, message))
    return [(when - found[0][0], message) for when, message in found]


def last(told, name, until):
    return [message for when, message in told
            if message.get_type() == name and message.get_srcSystem() == 1 and when <= until][-1]


class Shown:
    """A station's fleet and replays, and one log on them."""

    def __init__(self, folder, *logs):
        self.folder, self.logs = folder, logs

    async def __aenter__(self):
        self.fleet, self.told = Fleet(), []
        self.fleet.on_event = self.told.append
        await self.fleet.open(())
        self.replays = Replays(Config(folder=self.folder, logs=self.logs), self.fleet)
        return self

    async def __aexit__(self, *_):
        await self.replays.close()
        await self.fleet.close()


def test_any_moment_shows_what_the_log_had_told_by_then(vtol, told, tmp_path):
    async def run():
        async with Shown(tmp_path, vtol.parent) as shown:
            state = await shown.replays.open_path("0/vtol.tlog")
            assert state["vehicles"] == ["r1"]
            assert state["duration_s"] == pytest.approx(told[-1][0], abs=1e-3)
            vehicle = shown.fleet.find("r1")
            await shown.replays.steer(state["id"], {"playing": False})
            for at in (150.0, 30.0, 100.0, 99.0, 207.0):
                await shown.replays.steer(state["id"], {"position_s": at})
                place = last(told, "GLOBAL_POSITION_INT", at)
                assert vehicle.number("latitude_deg") == pytest.approx(place.lat * 1e-7, abs=1e-6)
                assert vehicle.number("longitude_deg") == pytest.approx(place.lon * 1e-7, abs=1e-6)
                assert vehicle.number("roll") == pytest.approx(
                    last(told, "ATTITUDE", at).roll, abs=1e-3)
                beat = last(told, "HEARTBEAT", at)
                assert vehicle.number("armed") == bool(beat.base_mode & 128)
                assert vehicle.number("mode") == mavutil.mode_mapping_bynumber(
                    beat.type)[beat.custom_mode]
                trail = vehicle.trail.as_dict()
                assert trail["time_s"][-1] == pytest.approx(place.time_boot_ms * 1e-3, abs=1.5)
                assert trail["latitude_deg"][-1] == pytest.approx(place.lat * 1e-7, abs=1e-4)
                points = {(round(m.lat * 1e-7, 6), round(m.lon * 1e-7, 6)) for when, m in told
                          if m.get_type() == "GLOBAL_POSITION_INT" and when <= at}
                assert {(round(a, 6), round(b, 6)) for a, b in zip(
                    trail["latitude_deg"], trail["longitude_deg"], strict=True)} <= points

    asyncio.run(run())


def test_what_is_told_between_two_moments_is_what_the_log_holds_there(whole, told):
    source = whole
    for after, until in ((40.0, 42.0), (121.0, 123.0)):
        found = [(each.what.get_type(), round(each.time_s, 3))
                 for each in source.between(after, until)]
        known = {each.what.get_type() for each in source.state_at(207.0)} | {"STATUSTEXT"}
        wanted = [(m.get_type(), round(when, 3)) for when, m in told
                  if after < when <= until and m.get_srcSystem() == 1
                  and m.get_type() in known]
        assert [each for each in found if each[0] in known] == wanted
        assert len(wanted) > 3
    quick = source.between(0.0, 200.0)  # of much the last of each
    assert len({each.what.get_type() for each in quick}) > 20
    attitude, = [each.what for each in quick if each.what.get_type() == "ATTITUDE"]
    assert attitude.time_boot_ms == last(told, "ATTITUDE", 200.0).time_boot_ms


def test_events_are_texts_modes_and_arming(whole, told):
    texts = [event.text for event in whole.events]
    assert [t for t in texts if t.startswith("mode ")] == ["mode CIRCLE", "mode GUIDED",
                                                          "mode QLAND"]
    assert "disarmed" in texts
    wanted = [m.text for _, m in told if m.get_type() == "STATUSTEXT" and m.get_srcSystem() == 1]
    assert [t for t in texts if t in wanted] == wanted


@pytest.mark.parametrize(("name", "system"), [("arduplane", 1), ("px4", 4)])
def test_what_was_uploaded_and_read_back_lies_aboard_from_then_on(shared_data, tmp_path, name,
                                                                 system):
    log = tmp_path / f"{name}.tlog"
    log.write_bytes(gzip.decompress((shared_data / f"peers/{name}.tlog.gz").read_bytes()))
    read, begin = {}, None  # what the vehicle told of itself last, as pymavlink reads it
    reader = mavutil.mavlink_connection(str(log), dialect="ardupilotmega")
    while (message := reader.recv_match()) is not None:
        begin = message._timestamp if begin is None else begin
        if message.get_srcSystem() != system or message.get_srcComponent() != 1:
            continue
        kind = getattr(message, "mission_type", 0)
        if message.get_type() == "MISSION_COUNT":
            read[kind] = [message.count, {}, 0.0]
        elif message.get_type() in ("MISSION_ITEM_INT", "MISSION_ITEM"):
            read[kind][1][message.seq] = message
            read[kind][2] = message._timestamp - begin
    source = open_source(log)
    vehicle, = (found for found in source.vehicles if found.system == system)
    aboard, before = vehicle.plans_at(source.duration_s), vehicle.plans_at(0.5)
    source.close()
    assert before == {} and set(aboard) == {"mission", "fence", "rally"}
    for kind, plan in enumerate(aboard[name] for name in ("mission", "fence", "rally")):
        count, items, at = read[kind]
        assert len(plan.items) == count == len(items) > 0
        for number, item in enumerate(plan.items):
            there = items[number]
            whole = there.get_type() == "MISSION_ITEM_INT"
            assert item.command == there.command and item.z == pytest.approx(there.z)
            assert (item.x, item.y) == pytest.approx(
                (there.x, there.y) if whole else (there.x * 1e7, there.y * 1e7), abs=1.0)
        assert vehicle.plans_at(at - 20.0) != aboard


def _passed(path, *frames):
    """A log of a vehicle, 1, and a station, 255: (sender, message) a second apart."""
    data = b""
    for second, (sender, message) in enumerate(
            [(1, mavlink.MAVLink_heartbeat_message(1, 12, 0, 0, 4, 3)), *frames]):
        data += round((1_600_000_000 + second) * 1e6).to_bytes(8, "big") + encode(
            message, sender, 1 if sender == 1 else 190, second % 256)
    path.write_bytes(data)
    with contextlib.closing(open_source(path)) as source:
        return source.vehicles[0]


def _item(target, number, latitude):
    return mavlink.MAVLink_mission_item_int_message(
        target, 1, number, 3, 16, 0, 1, 0, 0, 0, 0, round(latitude * 1e7), 280_000_000, 100.0, 0)


@pytest.mark.parametrize(("result", "latitudes"), [(0, [41.0, 42.0]), (5, [40.0])])
def test_an_upload_counts_once_it_is_accepted_and_a_refused_one_never(tmp_path, result, latitudes):
    accepted = mavlink.MAVLink_mission_ack_message(255, 190, 0, 0)
    vehicle = _passed(
        tmp_path / "one.tlog", (1, mavlink.MAVLink_mission_count_message(255, 190, 1, 0)),
        (1, _item(255, 0, 40.0)), (255, mavlink.MAVLink_mission_ack_message(1, 1, 0, 0)),
        (255, mavlink.MAVLink_mission_count_message(1, 1, 2, 0)), (1, accepted),  # of old
        (255, _item(1, 0, 41.0)), (255, _item(1, 1, 42.0)),
        (1, mavlink.MAVLink_mission_ack_message(255, 190, result, 0)))
    assert [item.place[0] for item in vehicle.plans_at(7.5)["mission"].items] == [40.0]
    assert [item.place[0] for item in vehicle.plans_at(9.0)["mission"].items] == latitudes
    assert vehicle.plans_at(1.5) == {}


def test_a_part_of_a_mission_is_written_into_it_and_clearing_empties_it(tmp_path):
    vehicle = _passed(
        tmp_path / "part.tlog", (1, mavlink.MAVLink_mission_count_message(255, 190, 2, 0)),
        (1, _item(255, 0, 40.0)), (1, _item(255, 1, 41.0)),
        (255, mavlink.MAVLink_mission_write_partial_list_message(1, 1, 1, 1, 0)),
        (255, _item(1, 1, 45.0)), (1, mavlink.MAVLink_mission_ack_message(255, 190, 0, 0)),
        (255, mavlink.MAVLink_mission_clear_all_message(1, 1, 0)),
        (1, mavlink.MAVLink_mission_ack_message(255, 190, 0, 0)))
    assert [item.place[0] for item in vehicle.plans_at(6.5)["mission"].items] == [40.0, 45.0]
    assert vehicle.plans_at(9.0)["mission"].items == ()


def test_a_log_made_of_plans_takes_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(tlog_plans, "MOST_KEPT", 10)
    monkeypatch.setattr(tlog_plans, "MOST_OPEN", 2)
    frames = [frame for number in range(40) for frame in (
        (1, mavlink.MAVLink_mission_count_message(255, 190, 1, 0)),
        (1, _item(255, 0, 40.0 + 0.1 * number)),
        (number + 2, mavlink.MAVLink_mission_count_message(1, 1, 5000, 0)))]
    assert len(_passed(tmp_path / "many.tlog", *frames).plans) == 10


def _stamped(path, stamps_and_boots):
    """A log of heartbeats and places with a wall clock's and the vehicle's seconds."""
    data = b""
    for number, (wall, boot) in enumerate(stamps_and_boots):
        for message in (mavlink.MAVLink_heartbeat_message(1, 12, 0, 0, 4, 3),
                        mavlink.MAVLink_global_position_int_message(
                            round(boot * 1e3), 410_000_000 + number, 280_000_000, 0, 0, 0, 0, 0,
                            0)):
            data += round(wall * 1e6).to_bytes(8, "big") + encode(message, 1, 1, number % 256)
    path.write_bytes(data)
    return open_source(path)


@pytest.mark.parametrize(("whole_text", "told"), [
    (True, ["no satellite fix: dead reckoning on air data, heading and the last wind"]),
    (False, ["no satellite fix: dead reckoning on air data, head"])])
def test_a_long_text_is_one_event_and_a_cut_one_is_told_as_far_as_it_came(
        tmp_path, whole_text, told):
    words = b"no satellite fix: dead reckoning on air data, heading and the last wind"
    messages = [mavlink.MAVLink_heartbeat_message(1, 12, 0, 0, 4, 3),
                mavlink.MAVLink_statustext_message(4, words[:50], 7, 0)]
    messages += [mavlink.MAVLink_statustext_message(4, words[50:], 7, 1)] if whole_text else []
    path = tmp_path / "long.tlog"
    path.write_bytes(b"".join(
        (1_700_000_000_000_000 + i).to_bytes(8, "big") + encode(message, 1, 1, i)
        for i, message in enumerate(messages)))
    source = open_source(path)
    assert [event.text for event in source.events] == told
    source.close()


@pytest.mark.parametrize("step", [2315 * 86_400.0, 3600.0, -3600.0, -5.0, -2315 * 86_400.0])
def test_the_vehicles_clock_orders_a_log_whose_clock_was_set(tmp_path, step):
    begin = 1_600_000_000.0
    source = _stamped(tmp_path / "set.tlog", [
        (begin + t + (step if t >= 40 else 0.0), 7.0 + t) for t in range(100)])
    assert source.duration_s == pytest.approx(99.0, abs=1e-3)
    assert source.begin_s == pytest.approx(begin + step, abs=1e-3)  # it was set to be right
    event, = source.events
    assert event.time_s == pytest.approx(40.0, abs=0.01) and "was set" in event.text
    for at in (10.0, 39.5, 40.5, 90.0):
        place, = [each.what for each in source.state_at(at)
                  if each.what.get_type() == "GLOBAL_POSITION_INT"]
        assert place.time_boot_ms == 1000 * (7 + math.floor(at))
    found = [each.what.time_boot_ms for each in source.between(35.5, 45.5)
             if each.what.get_type() == "GLOBAL_POSITION_INT"]
    assert found == [1000 * (7 + t) for t in range(36, 46)]
    source.close()


def test_silence_in_a_log_is_no_clock_that_was_set(tmp_path):
    source = _stamped(tmp_path / "silent.tlog", [
        (1_600_000_000.0 + t, 7.0 + t) for t in (*range(20), *range(300, 320))])
    assert source.duration_s == pytest.approx(319.0, abs=1e-3)
    assert source.events == []
    source.close()


def test_a_log_whose_clock_was_set_by_six_years_is_shown_whole(shared_data, tmp_path):
    path = tmp_path / "set.tlog"
    path.write_bytes(gzip.decompress(
        (shared_data / "field" / "tlog_clock_set_6_years.tlog.gz").read_bytes()))
    source = open_source(path)
    assert source.duration_s == pytest.approx(599.0, abs=0.5)
    assert source.note == ""
    source.close()


def test_an_arduplane_before_its_first_fix_leaves_no_trail_at_the_equator(shared_data, tmp_path):
    path = tmp_path / "peer.tlog"
    path.write_bytes(gzip.decompress(
        (shared_data / "peers" / "arduplane.tlog.gz").read_bytes()))
    source = open_source(path)
    trail = source.vehicles[0].trail
    assert len(trail) > 100
    assert all(abs(point[2]) > 1.0 for point in trail)
    source.close()


@pytest.mark.parametrize("damage", ["cut", "hole", "head", "noise"])
def test_a_damaged_log_is_read_as_far_as_it_goes(vtol, whole, tmp_path, damage):
    data = vtol.read_bytes()
    middle = len(data) // 2
    hurt = {"cut": data[:middle], "hole": data[:middle] + data[middle + 1003:],
            "head": bytes(range(97)) + data,
            "noise": data[:middle] + np.random.default_rng(2).bytes(5000) + data[middle:]}[damage]
    path = tmp_path / "hurt.tlog"
    path.write_bytes(hurt)
    source = open_source(path)
    if damage == "cut":
        assert 0.3 * whole.duration_s < source.duration_s < 0.7 * whole.duration_s
    else:
        assert source.duration_s == pytest.approx(whole.duration_s, abs=0.1)
        assert source.note
        there = {each.what.get_type(): each.what for each in source.state_at(200.0)}
        for each in whole.state_at(200.0):
            if each.what.get_type() in ("ATTITUDE", "GLOBAL_POSITION_INT"):
                assert there[each.what.get_type()].to_dict() == each.what.to_dict()


@pytest.mark.parametrize("content", [
    b"", b"hello", bytes(2_000_000), b"\xa3\x95" + bytes(5000), b"PAR1" + bytes(100),
    b"\xff\xff\xff\xff" + bytes(100), b"\xfd" * 5000, struct.pack(">Q", 1_600_000_000_000_000)])
def test_what_is_no_log_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "log"
    path.write_bytes(content)
    with pytest.raises(LogError, match="theirs"):
        open_source(path, "theirs")


@pytest.fixture(scope="module")
def flown(tmp_path_factory, shared_data):
    folder = tmp_path_factory.mktemp("flights") / "circuit"
    text = ("QGC WPL 110\n0 1 0 16 0 0 0 0 10.0 20.0 0 1\n1 0 3 22 15 0 0 0 0 0 200 1\n"
            "2 0 3 16 0 0 0 0 10.06 20.0 400 1\n3 0 3 16 0 0 0 0 10.06 20.08 400 1\n"
            "4 0 3 16 0 0 0 0 9.92 20.08 400 1\n5 0 3 16 0 0 0 0 9.92 20.0 300 1\n"
            "6 0 3 21 0 0 0 0 10.002 20.0 0 1\n")
    mission = folder.parent / "mission.txt"
    mission.write_text(text)
    fly(mission, out=folder)
    return folder


@pytest.mark.compiled_only
def test_a_flight_of_ours_shows_its_rows(flown, tmp_path):
    table = pq.read_table(flown / "flight.parquet").to_pydict()
    times = np.array(table["clock.time"])

    async def run():
        async with Shown(tmp_path, flown.parent) as shown:
            entry, = shown.replays.logs()
            assert (entry["kind"], entry["name"]) == ("flight", "circuit")
            state = await shown.replays.open_path(entry["path"])
            assert state["duration_s"] == pytest.approx(times[-1] - times[0], abs=1e-3)
            assert any("lift-off" in event["text"] for event in state["events"])
            vehicle = shown.fleet.find("r1")
            await shown.replays.steer(state["id"], {"playing": False})
            for share in (0.8, 0.2, 0.5):
                at = share * state["duration_s"]
                await shown.replays.steer(state["id"], {"position_s": at})
                row = int(np.searchsorted(times, times[0] + at + 1e-6, side="right")) - 1
                for name, column, scale in (
                        ("latitude_deg", "autopilot.estimate.latitude", 180 / math.pi),
                        ("altitude_msl", "autopilot.estimate.altitude_msl", 1.0),
                        ("airspeed", "autopilot.estimate.air.calibrated_airspeed", 1.0),
                        ("fuel_remaining_kg", "mass.fuel_mass", 1.0)):
                    assert vehicle.number(name) == pytest.approx(
                        table[column][row] * scale, abs=0.01, rel=1e-6)
                assert vehicle.number("mode") == "mission"
                assert vehicle.number("fuel_at_landing_kg") != 0.0  # never kept, never zero

    asyncio.run(run())


@pytest.mark.compiled_only
def test_an_older_log_shows_the_same_rows(flown, tmp_path):
    """It has estimate and air data in one record, of another name."""
    table = pq.read_table(flown / "flight.parquet")
    former = [name.replace("estimate.air.", "estimate.").replace(
        "autopilot.estimate.", "autopilot.navigation.") for name in table.column_names]
    pq.write_table(table.rename_columns(former).replace_schema_metadata(table.schema.metadata),
                   tmp_path / "flight.parquet")
    with closing(open_source(flown)) as now, closing(open_source(tmp_path)) as older:
        at = 0.5 * now.duration_s
        assert older.state_at(at) == now.state_at(at)
        assert older.state_at(at)[0].what["airspeed"] > 20.0
        assert older.vehicles[0].trail == now.vehicles[0].trail


@pytest.mark.compiled_only
def test_a_flight_of_ours_shows_its_mission_its_time_and_which_item_is_flown(flown, tmp_path):
    async def run():
        async with Shown(tmp_path, flown.parent) as shown:
            state = await shown.replays.open_path("0/circuit")
            vehicle = shown.fleet.find("r1")
            await shown.replays.steer(state["id"], {"playing": False, "position_s": 400.0})
            # As the mission was written: home is no item, degrees, metres above home's 0 m.
            items = vehicle.plans["mission"].items
            assert [item.command for item in items] == [22, 16, 16, 16, 16, 21]
            assert [item.place for item in items[1:5]] == [
                (10.06, 20.0), (10.06, 20.08), (9.92, 20.08), (9.92, 20.0)]
            assert items[2].z == pytest.approx(400.0 + items[0].z - 200.0, abs=0.1)
            flown_to = items[vehicle.number("mission_sequence")].place
            target = [event["text"] for event in state["events"] if event["time_s"] <= 400.0
                      and event["text"].endswith("reached")]
            assert flown_to == items[int(target[-1].split()[1])].place
            assert vehicle.number("time_utc_s") == pytest.approx(state["begin_utc_s"] + 400.0, 0.2)
            assert ["plan", "r1", "mission"] in [told[:3] for told in shown.told]

    asyncio.run(run())


@pytest.mark.compiled_only
def test_a_plan_changed_in_flight_is_shown_from_then_on(flown, tmp_path):
    folder = shutil.copytree(flown, tmp_path / "changed")
    place = {"latitude": math.radians(10.0), "longitude": math.radians(20.0)}
    told = {"mission": [{"command": 31, "sequence": 1, "altitude_msl": 900.0, "radius": -500.0,
                         **place}],
            "fence": [{"kind": 5003, "count": 0, "group": 0, "radius": 9e3, **place}],
            "rally": [{"altitude_msl": 300.0, **place}]}
    with (folder / "events.jsonl").open("a") as events:
        events.write(json.dumps({"time": 200.0, "event": "plan", "message": "aboard",
                                 "plan": told}) + "\n")
    source = open_source(folder)
    began = source.begin_s - open_source(flown).begin_s
    vehicle, = source.vehicles
    assert began == 0.0 and set(vehicle.plans_at(100.0)) >= {"mission"}
    later = vehicle.plans_at(201.0)
    item, = later["mission"].items
    assert (item.command, item.params[1], item.z, item.place) == (31, -500.0, 900.0, (10.0, 20.0))
    zone, = later["fence"].items
    assert (zone.command, zone.params[0]) == (5003, 9000.0)
    assert later["rally"].items[0].place == (10.0, 20.0)
    for damaged in ({"mission": [{"command": 16}]}, {"fence": 3}, "no plan", None,
                    {"rally": [{"latitude": 1e300, "longitude": 0.0, "altitude_msl": 0.0}]}):
        assert plans_told(damaged, 0.0) == []


@pytest.mark.compiled_only
def test_a_flight_of_ours_is_nowhere_before_its_first_fix(flown):
    source = open_source(flown)
    first, = source.state_at(0.0)
    later, = source.state_at(60.0)
    source.close()
    assert first.what["latitude_deg"] is None and first.what["altitude_msl"] is None
    assert later.what["latitude_deg"] == pytest.approx(10.0, abs=0.1)


@pytest.mark.compiled_only
def test_events_that_are_none_are_not_shown_and_it_is_told_why(flown, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(flown, copy)
    with (copy / "events.jsonl").open("a") as events:
        events.write('{"time": 5.0, "event": "warning"}\n')
    source = open_source(copy, "copy")
    try:
        event, = source.events
    finally:
        source.close()
    assert "has no time, kind or message" in event.text and "events.jsonl, event" in event.text
    assert str(tmp_path) not in event.text


@pytest.mark.compiled_only
def test_a_failsafe_is_a_warning_only_where_it_flies(flown, tmp_path):
    copy = tmp_path / "flight"
    shutil.copytree(flown, copy)
    acts = {"warn": "caution", "none": "advisory", "glide": "warning", "return": "warning"}
    with (copy / "events.jsonl").open("a") as events:
        for act in acts:
            events.write(json.dumps({"time": 1.0, "event": "failsafe", "message": act,
                                     "action": act}) + "\n")
    with closing(open_source(copy, "flight/")) as source:
        assert {e.text: e.severity for e in source.events if e.text in acts} == acts


def test_it_plays_at_its_speed_pauses_at_its_end_and_leaves_nothing(flown, vtol, tmp_path):
    async def run():
        async with Shown(tmp_path, vtol.parent) as shown:
            state = await shown.replays.open_path("0/vtol.tlog")
            await shown.replays.steer(state["id"], {"speed": 1000.0, "position_s": 10.0})
            for _ in range(200):
                await asyncio.sleep(0.02)
                if not shown.replays._shown.playing:
                    break
            assert shown.replays._shown.position_s == pytest.approx(state["duration_s"], abs=1e-3)
            again = await shown.replays.steer(state["id"], {"playing": True})
            assert again["position_s"] < 5.0  # from the beginning

            async def sent():
                yield (flown / "flight.parquet").read_bytes()

            other = await shown.replays.open_upload("mine.parquet", sent())
            assert shown.fleet.find("r1").replay
            with pytest.raises(Refusal) as refused:
                await shown.replays.steer(state["id"], {"playing": True})
            assert refused.value.status == 404
            await shown.replays.shut(other["id"])
            with pytest.raises(Refusal):
                shown.fleet.find("r1")
            assert [m[1] for m in shown.told if m[0] == "gone"] == ["r1", "r1"]
            assert list((tmp_path / "uploads").iterdir()) == []

    asyncio.run(run())


def test_only_logs_of_the_named_folders_are_opened(vtol, tmp_path):
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "deep" / "a.tlog").write_bytes(vtol.read_bytes())
    (tmp_path / "secret.tlog").write_bytes(vtol.read_bytes())
    (logs / "link.tlog").symlink_to(tmp_path / "secret.tlog")
    (logs / "out").symlink_to(tmp_path)

    async def run():
        async with Shown(tmp_path / "station", logs) as shown:
            assert [entry["path"] for entry in shown.replays.logs()] == ["0/deep/a.tlog"]
            for path in ("0/../secret.tlog", "0/link.tlog", "0/out/secret.tlog", "9/a.tlog",
                         str(tmp_path / "secret.tlog"), "0//etc/passwd", "0/deep", "", "0/a\0b"):
                with pytest.raises(Refusal) as refused:
                    await shown.replays.open_path(path)
                assert refused.value.status == 404

            async def sent():
                yield b"no log at all"

            with pytest.raises(Refusal, match=r"^evil\.tlog: "):
                await shown.replays.open_upload("evil\n.tlog", sent())
            assert list((tmp_path / "station" / "uploads").iterdir()) == []

    asyncio.run(run())


def test_orders_that_cannot_be_are_refused(vtol, tmp_path):
    async def run():
        async with Shown(tmp_path, vtol.parent) as shown:
            state = await shown.replays.open_path("0/vtol.tlog")
            for order in ({"speed": 0.0}, {"speed": 5000.0}, {"speed": math.nan},
                          {"position_s": math.inf}):
                with pytest.raises(Refusal):
                    await shown.replays.steer(state["id"], order)

    asyncio.run(run())


def test_a_log_made_of_ever_new_parameters_and_texts_takes_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(tlog_source, "MOST_KINDS", 100)
    monkeypatch.setattr(tlog_source, "MOST_TEXTS", 1000)
    messages = [mavlink.MAVLink_heartbeat_message(1, 12, 0, 0, 4, 3)]
    for number in range(3000):
        messages += [mavlink.MAVLink_param_value_message(b"P%d" % number, 1.0, 9, 1, 65535),
                     mavlink.MAVLink_statustext_message(6, b"text %d" % number)]
    path = tmp_path / "made.tlog"
    path.write_bytes(b"".join(
        (1_700_000_000_000_000 + i).to_bytes(8, "big") + encode(message, 1, 1, i % 256)
        for i, message in enumerate(messages)))
    source = tlog_source.TlogSource(path, "made")
    assert max(map(len, source._states_at)) <= 100
    assert 0 < len(source.events) <= MOST_EVENTS
    assert len(source.state_at(source.duration_s)) > 0
    source.close()


def test_of_many_events_the_severe_ones_stay():
    events = [Event(float(i), "warning" if i % 100 == 0 else "advisory", str(i))
              for i in range(5000)]
    kept = most_telling(events)
    assert len(kept) <= MOST_EVENTS
    assert {e for e in events if e.severity == "warning"} <= set(kept)
    assert [e.time_s for e in kept] == sorted(e.time_s for e in kept)
