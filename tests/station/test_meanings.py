"""What vehicles tell of their parameters: files aboard, defaults, and what is made to harm."""

import json
import lzma
import struct

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import file_reader, meanings_reader, parameter_transfer
from longwatch.station.vehicles.file_reader import FileError, read_file
from longwatch.station.vehicles.meanings import packed_defaults, parse
from longwatch.station.vehicles.parameters import figure
from station.virtual import Virtual


@pytest.mark.compiled_only
@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_our_own_aircraft_tells_group_unit_range_and_default_over_its_link(loss):
    with Virtual(profile="px4", loss=loss, seed=5) as air:
        v = air.known()
        air.do(meanings_reader.fetch(v), 60.0)
        told = v.meanings.as_dict()
        assert told["state"] == "read", told["text"]
        # docs/parameters.md
        bank = told["parameters"]["LIM_BANK_MAX"]
        assert (bank["min"], bank["max"], bank["default"], bank["unit"], bank["group"]) == (
            24, 45, pytest.approx(30, abs=1e-3), "deg", "Limits")
        assert bank["short"].startswith("Largest bank")
        watch = told["parameters"]["LW_FENCE_WATCH"]
        assert watch["values"] == [[0, "off"], [1, "on"]]
        assert {name for name, _ in v.parameters._values.items()} == set(told["parameters"])


@pytest.mark.compiled_only
def test_a_file_is_read_whole_or_refused_by_name(monkeypatch):
    with Virtual(profile="px4") as air:
        v = air.known()
        general = json.loads(air.do(read_file(v, "/etc/general.json")))
        assert general["vendorName"] == "Longwatch"
        with pytest.raises(FileError, match="no such file"):
            air.do(read_file(v, "/etc/nothing"))
        with pytest.raises(FileError, match="at most"):
            monkeypatch.setattr(file_reader, "LARGEST", 100)
            air.do(read_file(v, "/etc/general.json"))


@pytest.mark.compiled_only
def test_a_refused_value_is_named_by_what_the_vehicle_says():
    with Virtual(profile="px4") as air:
        air.known()
        with pytest.raises(Refusal) as refused:
            air.do(air.fleet.set_parameter("1", "LIM_BANK_MAX", 500.0))
        said = str(refused.value)
        assert "does not take 500 and keeps 30" in said
        # The vehicle's own words: its range.
        assert "24" in said.partition("keeps 30")[2] and "45" in said.partition("keeps 30")[2]


@pytest.mark.compiled_only
def test_a_value_told_before_the_order_came_is_no_refusal():
    with Virtual(profile="px4") as air:
        v = air.known()
        send = v.active.way.send

        def early(message):
            if message.get_type() == "PARAM_SET":
                old = next(f for f in air.kept if f.param_id == "NAV_LOITER_RAD")
                v.take(old, air.loop.time())
            air.loop.call_later(0.3, send, message)  # a slow link, which keeps the order
        take = v.take
        air.kept = []
        v.take = lambda m, t: (air.kept.append(m) if m.get_type() == "PARAM_VALUE" else None,
                               take(m, t))
        air.do(parameter_transfer.download(v))
        v.take = take
        v.active.way.send = early
        assert air.do(air.fleet.set_parameter("1", "NAV_LOITER_RAD", 950.0))["value"] == 950.0


def test_what_is_of_another_type_is_left_out_and_texts_are_cut():
    found = parse({"parameters": [
        {"name": "A", "shortDesc": "x" * 5000, "min": "0", "max": float("inf"), "default": True,
         "units": ["m"], "values": [{"value": 1, "description": "one\x1b[0m\u202e"}, 7, {}],
         "bitmask": "no"},
        {"name": "B" * 17}, {"name": 5}, "C", None, {"name": "D", "min": 10**400}]})
    assert set(found) == {"A", "D"}
    assert found["A"] == {"short": "x" * 300, "values": [[1, "one [0m"]]}
    assert found["D"] == {}
    for wrong in ([], {}, {"parameters": {}}, None, 5):
        with pytest.raises(ValueError, match="lists no parameters"):
            parse(wrong)


def test_a_file_that_unfolds_without_end_is_refused():
    with pytest.raises(ValueError, match="unfolds into more"):
        meanings_reader._opened(lzma.compress(b" " * (meanings_reader.LARGEST + 1)))
    assert meanings_reader._opened(lzma.compress(b'{"a": 1}')) == {"a": 1}


def test_ardupilots_defaults_are_read_from_its_packed_list():
    """Written from ArduPilot's description of the format (AP_Filesystem_Param)."""
    def one(kind, common, name, *values):
        letter = {1: "b", 2: "h", 3: "i", 4: "f"}[kind]
        flags = 0x10 if len(values) == 2 else 0
        return (bytes([kind | flags, common | (len(name) - 1) << 4]) + name
                + struct.pack(f"<{letter * len(values)}", *values))
    data = struct.pack("<HHH", 0x671C, 4, 4) + one(4, 0, b"ARSPD_FBW_MIN", 12.0, 9.0) + one(
        4, 11, b"AX", 22.0) + bytes(3) + one(1, 0, b"RTL_AUTOLAND", 2, 0) + one(3, 0, b"N", -70000)
    assert packed_defaults(data) == {
        "ARSPD_FBW_MIN": {"default": 9.0}, "ARSPD_FBW_MAX": {"default": 22.0},
        "RTL_AUTOLAND": {"default": 0}, "N": {"default": -70000}}
    for cut in range(6, len(data)):
        try:
            packed_defaults(data[:cut])
        except ValueError as fault:
            assert "list aboard" in str(fault)
    with pytest.raises(ValueError, match="not known"):
        packed_defaults(b"\x1b\x67" + data[2:])


@pytest.mark.parametrize("value, text", [
    (0.1, "0.1"), (16777216, "16777216"), (1e-7, "1e-07"), (500.0, "500"), (-2, "-2"),
    (struct.unpack("<f", struct.pack("<f", 1 / 3))[0], "0.333333")])
def test_figures_have_as_few_digits_as_tell_them_apart(value, text):
    assert struct.pack("<f", float(figure(value))) == struct.pack("<f", value)
    assert len(figure(value)) <= len(text) + 2
