"""Plans to an ArduPlane and a PX4: read back as they keep them, compared by what items mean."""

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.plans import differences, from_message
from station.peers.fakes import PX4, ArduPlane, Peers
from station.peers.recordings import STATION, SYSTEMS, frames
from station.peers.test_commands_flown import plan, simple

PARTS = {"geoFence": {"version": 2, "circles": [], "polygons": [
             {"version": 1, "inclusion": True,
              "polygon": [[41.14, 27.92], [41.11, 27.92], [41.11, 27.88], [41.14, 27.88]]}]},
         "rallyPoints": {"version": 2, "points": [[41.1266, 27.9084, 90.06]]}}


def with_items(*items):
    document = plan(**PARTS)
    document["mission"]["items"] += items
    return document


@pytest.fixture(params=[ArduPlane, PX4])
def air(request):
    with Peers(request.param()) as peers:
        yield peers


@pytest.mark.parametrize("altitude", [60.0, 154.6, 1234.567])
@pytest.mark.parametrize("frame", [0, 3, 10])
def test_an_upload_reads_back_as_sent_in_every_frame(air, frame, altitude):
    document = with_items(
        simple(6, 16, 0, 0, 0, None, 41.1311111, 27.9011111, altitude, frame=frame),
        simple(7, 178, 0, 18, -1, 0, 0, 0, 0, frame=2))
    told = air.upload(document)
    assert (told["same"], told["differences"]) == (True, [])
    # PX4 keeps no pitch of the take-off: that is told, and is no difference.
    assert bool(told["notes"]) == (air.vehicle.family == "px4")


def test_what_was_sent_in_the_recordings_lies_aboard_as_sent(shared_data):
    """Frames 3 and 6, 0 and 5, 0 and 2, centimetres, NaN: what the two keep."""
    for name in SYSTEMS:
        up, down = {}, {}
        for time, frame in frames(shared_data, name):
            if time > 12.0 and frame.name.startswith("MISSION_ITEM") and "REACHED" not in (
                    frame.name):
                kept = up if frame.system == STATION else down
                kept[frame.message.mission_type, frame.message.seq] = from_message(frame.message)
        assert up.keys() == down.keys() and len(up) >= 13
        for kind in (0, 1, 2):
            first = int(name == "arduplane" and kind == 0)
            sent, aboard = ([items[key] for key in sorted(items) if key[0] == kind]
                            for items in (up, down))
            found, notes = differences("mission", sent, aboard, first, SYSTEMS[name][1])
            if name == "arduplane":
                # These were sent in floating point, which moves a place by half a metre; nothing
                # else differs.
                found = [text for text in found if "place was sent" not in text]
            assert found == []
            assert len(notes) == (name == "px4" and kind == 0)


def test_what_changed_aboard_is_named_with_its_item_and_both_values(air):
    kept = air.peer.kept

    def lower(kind, message, params):
        item = list(kept(kind, message, params))
        if message.command == 16 and message.z == 100.0:
            item[10] = 80.0
            item[8] += 500
        return tuple(item)
    air.peer.kept = lower
    told = air.upload(plan())
    assert not told["same"] and told["differences"] == [
        "mission item 2 (NAV_WAYPOINT): place was sent as 41.1364000 27.9107000, aboard is "
        "41.1364500 27.9107000",
        "mission item 2 (NAV_WAYPOINT): altitude was sent as 100.00 m, aboard is 80.00 m"]


def test_a_refused_item_is_named_with_the_reason(air):
    command = next(iter(air.peer.refused))
    with pytest.raises(Refusal) as refused:
        air.upload(with_items(simple(6, command, 0, 0, 0, 0, 41.13, 27.9, 100)))
    name = {31: "NAV_LOITER_TO_ALT", 84: "NAV_VTOL_TAKEOFF"}[command]
    assert str(refused.value).endswith(
        f"the old one stays aboard: mission item 6 ({name}): a command that it does not know")


def test_arduplane_is_sent_whole_numbers_though_it_asks_the_older_way(air):
    said = []
    air.peer.text = lambda words, severity=6: said.append(words)
    assert air.upload(plan(**PARTS))["same"] and said == []
