"""Missions as documents, held against other programs' readers and real files."""

import copy
import json
import math
from pathlib import Path

import pytest
from pymavlink import mavwp

from longwatch.station.missions.documents import check_document, clean_name, open_text, to_wpl
from longwatch.station.refusal import Refusal

REPOSITORY = Path(__file__).resolve().parents[2]
WPLS = ("ap-circuit.txt", "ap-terrain.txt", "autoland_mission.txt", "Dalby-OBC2016.txt")
SHIPPED = ("thrace-watch.plan", "thrace-27h.plan", "tejo-watch.plan", "michigan-watch.plan")


def items_by_pymavlink(path):
    """What pymavlink's own loader makes of a file."""
    loader = mavwp.MAVWPLoader()
    loader.load(str(path))
    return [loader.wp(i) for i in range(loader.count())]


def same(one, other):
    return (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other, abs=2e-6)


@pytest.mark.parametrize("name", WPLS)
def test_a_wpl_file_written_again_reads_the_same_in_pymavlink(shared_data, tmp_path, name):
    source = shared_data / "missions" / name
    again = tmp_path / "again.txt"
    again.write_text(to_wpl(open_text(name, source.read_text())))
    before, after = items_by_pymavlink(source), items_by_pymavlink(again)
    assert len(before) == len(after) > 2
    for a, b in zip(before, after, strict=True):
        assert (a.seq, a.command, a.frame, a.autocontinue) == (
            b.seq, b.command, b.frame, b.autocontinue)
        assert all(same(getattr(a, key), getattr(b, key)) for key in
                   ("param1", "param2", "param3", "param4", "x", "y", "z"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plan_as_wpl_holds_its_items_in_pymavlink(tmp_path, name):
    document = json.loads((REPOSITORY / "missions" / name).read_text())
    path = tmp_path / "mission.txt"
    path.write_text(to_wpl(document))
    read = items_by_pymavlink(path)
    mission = document["mission"]
    assert (read[0].x, read[0].y, read[0].z) == pytest.approx(mission["plannedHomePosition"])
    # A text has no place for a plan's cruise speed: it becomes the first item.
    assert (read[1].command, read[1].param2) == (178, mission["cruiseSpeed"])
    assert len(read) == 2 + len(mission["items"])
    for item, wanted in zip(read[2:], mission["items"], strict=True):
        assert (item.command, item.frame) == (wanted["command"], wanted["frame"])
        for key, value in zip(("param1", "param2", "param3", "param4", "x", "y", "z"),
                              wanted["params"], strict=True):
            assert same(getattr(item, key), math.nan if value is None else value)


def test_a_wpl_file_becomes_what_qgroundcontrols_guide_asks_of_a_plan(shared_data):
    document = open_text("d.txt", (shared_data / "missions" / "Dalby-OBC2016.txt").read_text())
    assert (document["fileType"], document["version"]) == ("Plan", 1)
    assert document["geoFence"] == {"circles": [], "polygons": [], "version": 2}
    assert document["rallyPoints"] == {"points": [], "version": 2}
    mission = document["mission"]
    assert mission["version"] == 2
    assert mission["plannedHomePosition"] == [-27.274439, 151.29007, 343.089996]
    for number, item in enumerate(mission["items"], start=1):
        assert item["type"] == "SimpleItem"
        assert item["doJumpId"] == number
        assert len(item["params"]) == 7
    assert mission["items"][1]["params"][4:] == [-27.272705, 151.298172, 100.0]
    assert mission["items"][1]["AltitudeMode"] == 4  # above terrain
    assert mission["items"][13]["params"][0] == 9.0  # a jump to the ninth item


def test_a_wpl_file_without_home_counts_from_one_and_its_jumps_follow():
    text = ("QGC WPL 110\n0 0 3 22 15 0 0 0 0 0 200 1\n1 0 3 16 0 0 0 0 10.06 20.0 400 1\n"
            "2 0 3 177 1 3 0 0 0 0 0 1\n")
    items = open_text("m", text)["mission"]["items"]
    assert [item["doJumpId"] for item in items] == [1, 2, 3]
    assert items[2]["params"][0] == 2.0


def test_unknown_keys_of_a_plan_stay_as_they_are(shared_data):
    document = json.loads((shared_data / "missions" / "FW_mission_1.plan").read_text())
    document["vendor"] = {"theirs": [1, None, {"deep": "ö"}]}
    document["mission"]["items"][0]["colour"] = "#fff"
    before = copy.deepcopy(document)
    assert open_text("f.plan", json.dumps(document)) == before
    assert check_document("f", document) == before


def test_all_faults_of_an_upload_come_at_once():
    text = ("QGC WPL 110\n0 1 0 16 0 0 0 0 10 20 0 1\n1 0 3 22 15 0 0\n2 0 3 16 0 0 0 0 95 20 1 1\n"
            "3 0 3 16 x 0 0 0 10 20 1 1\n")
    with pytest.raises(Refusal) as refused:
        open_text("m.txt", text)
    assert refused.value.status == 400
    assert [fault.split(":")[0] for fault in refused.value.faults] == [
        "line 3", "line 4, item 2", "line 5"]


def plan_with(**changes):
    return {"fileType": "Plan", "mission": {"items": [], "version": 2}, **changes}


@pytest.mark.parametrize(("document", "word"), [
    ([], "no object"),
    ({"mission": {"items": 3}}, "not a mission"),
    (plan_with(x=math.inf), "NaN or infinite"),
    (plan_with(x="\ud800"), "half a character"),
    (plan_with(geoFence={"circles": [{"circle": {"center": [91, 0], "radius": 5}}]}), "circle 1"),
    (plan_with(geoFence={"circles": [{"circle": {"center": [1, 0], "radius": -5}}]}), "radius"),
    (plan_with(geoFence={"polygons": [{"polygon": [[0, 0], [1, 1]]}]}), "three corners"),
    (plan_with(geoFence=7), "geoFence"),
    (plan_with(rallyPoints={"points": [[1, 2]]}), "point 1"),
    (plan_with(rallyPoints={"points": "none"}), "point 1"),
])
def test_what_is_no_mission_is_refused_by_name(document, word):
    with pytest.raises(Refusal) as refused:
        check_document("m", document)
    assert any(word in fault for fault in refused.value.faults), refused.value.faults


def test_endless_nesting_is_refused_in_text_and_in_documents():
    deep = current = plan_with()
    for _ in range(200):
        current["x"] = current = {}
    for refuse in (lambda: check_document("m", deep), lambda: open_text("m", json.dumps(deep)),
                   lambda: open_text("m", '{"mission":' + "[" * 100_000)):
        with pytest.raises(Refusal):
            refuse()


@pytest.mark.parametrize("text", ["", "hello", "\x00\x01", "<plan/>", "QGC WPL 90\n", "[1]",
                                  "QGC WPL 110\n"])
def test_what_is_no_mission_at_all_is_refused_with_a_reason(text):
    with pytest.raises(Refusal) as refused:
        open_text("m", text)
    assert refused.value.faults


def test_names_are_any_text_without_controls():
    assert clean_name("  Гроза над Çorlu <b>🛩</b> ") == "Гроза над Çorlu <b>🛩</b>"
    for name in ("", "   ", "a" * 101, "a\nb", "a\x00", "a\u202eb", "\ud800", 7, None):
        with pytest.raises(Refusal):
            clean_name(name)


def test_a_mission_without_home_says_what_its_wpl_lacks():
    with pytest.raises(Refusal, match="no home"):
        to_wpl(plan_with())
