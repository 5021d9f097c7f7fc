"""The messages themselves: who sends what how often, fields with units, series, bounds."""

import gzip
import math
import random

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, Parser, encode
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import inspector
from longwatch.station.vehicles.inspector import Inspector

ATTITUDE = int(mavlink.MAVLINK_MSG_ID_ATTITUDE)
KEY = ("1", 1, ATTITUDE)


def frame(message, system=1, component=1):
    return Frame(encode(message, system, component))


def attitude(time_s, roll=0.25):
    return frame(mavlink.MAVLink_attitude_message(int(time_s * 1e3), roll, -0.5, 1.0, 0, 0, 0))


def flown(seconds, hz, seen=None):
    seen = seen or Inspector()
    for n in range(int(seconds * hz) + 1):
        seen.take(KEY, attitude(n / hz, math.sin(n / hz)), n / hz)
    return seen


def watch(seen, field="roll", *, element=-1, after=-math.inf, now=0.0, key=KEY):
    return seen.series(key, field, element, after=after, now=now, asked=now)


def test_rate_count_and_age_are_those_of_what_came():
    seen = flown(4.0, 50.0)
    one, = seen.streams("1", 4.5)
    assert one == {"component": 1, "number": ATTITUDE, "name": "ATTITUDE", "count": 201,
                   "rate_hz": pytest.approx(50.0), "age_s": 0.5}
    assert seen.streams("1", 20.0)[0]["rate_hz"] == 0.0
    assert seen.streams("2", 4.0) == []
    assert seen.identities() == ["1"]


def test_fields_carry_units_and_names_of_the_dialect():
    seen = Inspector()
    seen.take(KEY, attitude(2.0), 2.0)
    told = seen.latest(KEY, 2.0)
    by_name = {field["name"]: field for field in told["fields"]}
    assert by_name["roll"] == {"name": "roll", "type": "float", "unit": "rad", "value": 0.25}
    assert (by_name["time_boot_ms"]["value"], by_name["time_boot_ms"]["unit"]) == (2000, "ms")
    beat = mavlink.MAVLink_heartbeat_message(
        mavlink.MAV_TYPE_FIXED_WING, mavlink.MAV_AUTOPILOT_PX4, 0x81, 7, 4, 3)
    key = ("1", 1, 0)
    seen.take(key, frame(beat), 3.0)
    means = {field["name"]: field.get("means") for field in seen.latest(key, 3.0)["fields"]}
    assert means["type"] == "FIXED_WING"
    assert means["base_mode"] == "CUSTOM_MODE_ENABLED, SAFETY_ARMED"
    assert means["custom_mode"] is None


def test_texts_and_numbers_of_a_hostile_vehicle_stay_texts_and_json():
    seen = Inspector()
    key = ("1", 1, int(mavlink.MAVLINK_MSG_ID_STATUSTEXT))
    seen.take(key, frame(mavlink.MAVLink_statustext_message(
        2, b"<img src=x>\x1b[31m\xff\xfe")), 0.0)
    said = {field["name"]: field["value"] for field in seen.latest(key, 0.0)["fields"]}
    assert said["text"].startswith("<img src=x> [31m") and said["text"].isprintable()
    seen.take(KEY, attitude(0.0, math.nan), 0.0)
    assert seen.latest(KEY, 0.0)["fields"][1]["value"] == "nan"
    unknown = ("1", 1, 54321)
    seen.take(unknown, Frame(b"\xfd\x03\0\0\0\x01\x01\x31\xd4\0abc\0\0"), 0.0)
    assert seen.latest(unknown, 0.0)["raw"] == b"abc".hex()
    assert [one["name"] for one in seen.streams("1", 0.0)][-1] == "message 54321"


def test_a_field_is_kept_over_time_from_when_it_is_looked_at():
    seen = flown(1.0, 10.0)
    assert watch(seen)["value"] == []
    flown(2.0, 10.0, seen)  # begins at 0 again: as a replay that goes back
    told = watch(seen, now=2.0)
    assert told["time_s"][-1] == pytest.approx(2.0)
    assert told["value"][-1] == pytest.approx(math.sin(2.0), abs=1e-6)
    assert len(watch(seen, after=1.5, now=2.0)["time_s"]) == 5
    for wrong in ("nothing", "__class__", "get_type"):
        with pytest.raises(Refusal) as refused:
            watch(seen, wrong)
        assert refused.value.status == 404
    with pytest.raises(Refusal):
        watch(seen, key=("9", 1, ATTITUDE))


def test_an_element_of_an_array_is_a_series_of_its_own():
    seen, key = Inspector(), ("1", 1, int(mavlink.MAVLINK_MSG_ID_BATTERY_STATUS))
    battery = mavlink.MAVLink_battery_status_message(0, 0, 0, 2500, [3900, 3800] + [65535] * 8,
                                                     100, 0, 0, 50)
    seen.take(key, frame(battery), 0.0)
    watch(seen, "voltages", element=1, key=key)
    watch(seen, "voltages", element=99, key=key)
    seen.take(key, frame(battery), 1.0)
    assert watch(seen, "voltages", element=1, key=key)["value"] == [3800.0]
    assert watch(seen, "voltages", element=99, key=key)["value"] == []


def test_memory_is_bounded_whatever_is_sent(monkeypatch):
    monkeypatch.setattr(inspector, "MOST_STREAMS", 50)
    monkeypatch.setattr(inspector, "MOST_SERIES", 3)
    seen, dice = Inspector(), random.Random(3)
    known = attitude(0.0)
    for _ in range(2000):
        seen.take((str(dice.randrange(255)), dice.randrange(255), dice.randrange(1 << 24)),
                  known, 0.0)
    seen.take(KEY, known, 0.0)
    assert len(seen._streams) == 50 and KEY in seen._streams
    for field in ("roll", "pitch", "yaw"):
        watch(seen, field)
    with pytest.raises(Refusal) as refused:
        watch(seen, "rollspeed")
    assert refused.value.status == 429
    # Nobody has asked for the others since.
    assert watch(seen, "rollspeed", now=inspector.UNASKED_S + 1.0)["value"] == []
    seen.forget("1")
    assert seen.streams("1", 0.0) == [] and not seen._watched


def test_every_message_of_two_real_autopilots_can_be_looked_at(shared_data):
    for name in ("px4", "arduplane"):
        seen = Inspector()
        data = gzip.decompress((shared_data / "peers" / f"{name}.tlog.gz").read_bytes())
        for number, each in enumerate(Parser().feed(data[:4_000_000])):
            if each.system != 252:
                seen.take(("1", each.component, each.number), each, number * 1e-3)
        streams = seen.streams("1", 100.0)
        assert {"HEARTBEAT", "ATTITUDE", "PARAM_VALUE"} <= {one["name"] for one in streams}
        for one in streams:
            told = seen.latest(("1", one["component"], one["number"]), 100.0)
            assert told["fields"] or told["raw"] is not None
            watch_in = [field["name"] for field in told["fields"]
                        if isinstance(field["value"], int | float)]
            if watch_in:
                watch(seen, watch_in[0], key=("1", one["component"], one["number"]), now=1e6 * (
                    1 + streams.index(one)))
