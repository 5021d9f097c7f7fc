"""The parameter protocol: every byte of both encodings, indices, refusals, lost messages."""

import json
import math
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest

from longwatch.autopilot import codes
from longwatch.autopilot.aboard import parameters as registry
from longwatch.errors import SetupError
from longwatch.mavlink.dialect import mavlink
from longwatch.services.component import Component
from longwatch.services.craft import LinkReport
from longwatch.services.parameter_list import INT32, REAL32, UINT32, decode, encode
from longwatch.services.parameters import Parameters
from longwatch.simulation.orders.parameters import parameter
from longwatch.simulation.run import Simulation
from services.harness import OTHER, STATION, Bench

BITS = {mavlink.MAV_PARAM_TYPE_UINT8: ("<Bxxx", 0, 255),
        mavlink.MAV_PARAM_TYPE_INT8: ("<bxxx", -128, 127),
        mavlink.MAV_PARAM_TYPE_UINT16: ("<Hxx", 0, 65535),
        mavlink.MAV_PARAM_TYPE_INT16: ("<hxx", -32768, 32767),
        UINT32: ("<I", 0, 2**31), INT32: ("<i", -(2**31), 2**31 - 1)}


def parked():
    return Simulation(live=True, fuel_kg=100.0)


@pytest.fixture
def bench(request):
    profile = getattr(request, "param", "px4")
    return Bench(profile, services=(Parameters,), simulation=parked())


def name_of(message):
    return message.param_id if isinstance(message.param_id, str) else message.param_id.decode()


def listed(bench, seconds=10.0):
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(seconds)
    return {name_of(m): m for m in bench.of("PARAM_VALUE") if m.param_index != 65535}


def put(bench, name, value, kind=REAL32, sender=STATION):
    bench.clear()
    bench.receive(mavlink.MAVLink_param_set_message(1, 1, name.encode(), value, kind), sender)
    return bench.of("PARAM_VALUE")


@pytest.mark.parametrize("kind", BITS)
def test_bytewise_values_are_the_integers_bytes_in_the_floats_place(kind):
    layout, low, high = BITS[kind]
    for number in (low, high, 0, 1, 77, 100):
        carried = encode(number, kind, True)
        assert struct.pack("<f", carried) == struct.pack(layout, number)
        assert decode(carried, kind, True) == number
        assert encode(number, kind, False) == float(np.float32(number))
    assert decode(12.0, kind, False) == 12.0


def test_reals_travel_as_32_bits_and_come_back_as_the_decimal_they_stand_for():
    for bytewise in (True, False):
        assert struct.pack("<f", encode(0.1, REAL32, bytewise)) == b"\xcd\xcc\xcc\x3d"
        assert decode(float(np.float32(0.1)), REAL32, bytewise) == 0.1
        with pytest.raises(ValueError, match="32 bits"):
            decode(1.0, mavlink.MAV_PARAM_TYPE_REAL64, bytewise)


@pytest.mark.parametrize("bench", ["px4", "ardupilot", "generic"], indirect=True)
def test_a_list_is_complete_sorted_and_each_index_stands_for_its_name(bench):
    found = listed(bench)
    assert list(found) == sorted(found)
    assert [m.param_index for m in found.values()] == list(range(len(found)))
    assert {m.param_count for m in found.values()} == {len(found)}
    assert {p.name for p in registry.parameters(bench.simulation.aircraft)} <= set(found)
    bytewise = bench.craft.profile.bytewise
    for name, m in found.items():
        bench.clear()
        bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, b"", m.param_index))
        bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, name.encode(), -1))
        again = bench.of("PARAM_VALUE")
        assert [name_of(x) for x in again] == [name, name]
        assert struct.pack("<f", again[0].param_value) == struct.pack("<f", m.param_value)
        if m.param_type == INT32 and bytewise:
            value = struct.unpack("<i", struct.pack("<f", m.param_value))[0]
        else:
            value = m.param_value
        if name in {p.name for p in registry.parameters(bench.simulation.aircraft)}:
            assert value == np.float32(parameter(bench.simulation, name))


def test_names_that_clients_look_for_are_there_with_the_value_they_need(bench):
    found = listed(bench)
    rc_mode = struct.unpack("<i", struct.pack("<f", found["COM_RC_IN_MODE"].param_value))[0]
    assert (rc_mode, found["COM_RC_IN_MODE"].param_type) == (1, INT32)
    # 70 kt and 132 kt: the datasheet's cruise and never-exceed speed.
    assert found["FW_AIRSPD_TRIM"].param_value == np.float32(36.0)
    assert found["FW_AIRSPD_MAX"].param_value == np.float32(67.9)
    # Weight is lift at CL_max, at 1.15 times that speed.
    sheet = bench.craft.sheet
    weight = 9.80665 * sheet.mass.maximum_takeoff_mass
    lift = 0.5 * 1.225 * (found["FW_AIRSPD_MIN"].param_value / 1.15) ** 2 \
        * sheet.geometry.wing_area * sheet.aerodynamics.CL_max
    assert lift == pytest.approx(weight, rel=1e-6)


def test_a_list_on_a_slow_link_takes_its_time_and_two_links_have_each_their_own(bench):
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(0.2)
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 0), OTHER)
    first = [m for m in bench.of("PARAM_VALUE", link=1) if m.param_index != 65535]
    assert 18 <= len(first) <= 22
    bench.poll(5.0)
    for link in (1, 2):
        indices = [m.param_index for m in bench.of("PARAM_VALUE", link=link)]
        assert [i for i in indices if i != 65535] == list(range(indices[-1] + 1))
    count = len(bench.sent)
    bench.poll(1.0)
    assert len(bench.sent) == count


def test_a_link_that_goes_away_gets_no_more(bench):
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(0.1)
    bench.component.forget(1)
    count = len(bench.sent)
    bench.poll(1.0)
    assert len(bench.sent) == count


def test_what_was_lost_of_a_list_is_read_again_by_index(bench):
    found = listed(bench)
    lost = [m.param_index for m in found.values()][::7]
    bench.clear()
    for index in lost:
        bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, b"", index))
    assert [m.param_index for m in bench.of("PARAM_VALUE")] == lost


def test_a_set_is_carried_out_and_told_to_everybody_with_its_other_name(bench):
    answers = put(bench, "FW_AIRSPD_TRIM", 40.5)
    assert {name_of(m): m.param_value for m in answers} == {
        "FW_AIRSPD_TRIM": 40.5, "LIM_CRUISE_SPD": 40.5}
    assert {s.link for s in bench.sent} == {None}
    assert bench.simulation.aircraft.datasheet[0].limits.cruise_speed == 40.5


@pytest.mark.parametrize(("name", "value", "phase", "reason"), [
    ("PROC_GLIDE_PATH", 3.5, codes.PHASE_FINAL, "takes off or lands"),
    ("LIM_LOAD_MAX", 3.0, codes.PHASE_EN_ROUTE, "on the ground alone"),
])
def test_what_cannot_be_changed_in_this_phase_is_denied_with_what_holds_and_taken_later(
        bench, name, value, phase, reason):
    before = parameter(bench.simulation, name)
    bench.simulation.state.autopilot.modes.phase = phase
    answers = put(bench, name, value)
    assert [(name_of(m), m.param_value) for m in answers] == [(name, np.float32(before))]
    assert bench.last("PARAM_ERROR").error == mavlink.MAV_PARAM_ERROR_PERMISSION_DENIED
    assert reason in " ".join(bench.texts)
    bench.simulation.state.autopilot.modes.phase = codes.PHASE_PARKED
    put(bench, name, value)
    assert parameter(bench.simulation, name) == value


@pytest.mark.parametrize("bench", ["px4", "ardupilot"], indirect=True)
@pytest.mark.parametrize(("name", "value", "error", "reason"), [
    ("LIM_BANK_MAX", 90.0, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "out of range"),
    ("LIM_BANK_MAX", math.nan, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "value nan"),
    ("LIM_BANK_MAX", math.inf, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "value inf"),
    ("LIM_CRUISE_SPD", 80.0, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "30.6 to 41.4 m/s"),
    ("LIM_LOAD_MAX", 1.0, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "2.85 to 3.8"),
    ("RTL_RETURN_ALT", 100.0, mavlink.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE, "PROC_CLIMBOUT_H"),
])
def test_a_set_that_makes_no_sense_is_answered_with_what_holds_and_why(
        bench, name, value, error, reason):
    before = parameter(bench.simulation, name)
    answers = put(bench, name, value)
    assert [(name_of(m), m.param_value) for m in answers] == [(name, np.float32(before))]
    assert {s.link for s in bench.sent} == {STATION.link}
    assert bench.last("PARAM_ERROR").error == error
    assert reason in " ".join(bench.texts)
    assert parameter(bench.simulation, name) == before


def test_a_fixed_figure_refuses_another_value_and_takes_its_own(bench):
    other = struct.unpack("<f", struct.pack("<i", 3))[0]
    put(bench, "COM_RC_IN_MODE", other, INT32)
    assert bench.last("PARAM_ERROR").error == mavlink.MAV_PARAM_ERROR_READ_ONLY
    assert "fixed" in bench.texts[0]
    same = struct.unpack("<f", struct.pack("<i", 1))[0]
    put(bench, "COM_RC_IN_MODE", same, INT32)
    assert [m.get_type() for m in bench.of()] == ["PARAM_VALUE"]


def test_truth_values_are_integers_and_take_nothing_between(bench):
    raw = lambda number: struct.unpack("<f", struct.pack("<i", number))[0]  # noqa: E731
    answer = put(bench, "LW_FENCE_WATCH", raw(0), INT32)[0]
    assert (answer.param_type, struct.pack("<f", answer.param_value)) == (INT32, bytes(4))
    assert parameter(bench.simulation, "LW_FENCE_WATCH") == 0.0
    put(bench, "LW_FENCE_WATCH", raw(2), INT32)
    assert "out of range" in " ".join(bench.texts)
    put(bench, "LW_FENCE_WATCH", 0.5, REAL32)
    assert "whole number" in " ".join(bench.texts)


@pytest.mark.parametrize(("name", "index"), [(b"NOT_THERE", -1), (b"", 9999), (b"", -7),
                                             (b"\xff\xfe\x00x", -1)])
def test_what_is_not_there_is_said_to_be_so(bench, name, index):
    bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, name, index))
    assert [m.get_type() for m in bench.of()] == ["PARAM_ERROR"]
    assert bench.last("PARAM_ERROR").error == mavlink.MAV_PARAM_ERROR_DOES_NOT_EXIST


def test_the_hash_is_that_of_names_and_values_as_a_client_computes_it(bench):
    found = listed(bench)
    # ISO 3309's CRC-32 from 0 and not inverted, bit by bit.
    check = 0
    for name, m in sorted(found.items()):
        for byte in name.encode() + struct.pack("<f", m.param_value):
            check ^= byte
            for _ in range(8):
                check = check >> 1 ^ (0xEDB88320 if check & 1 else 0)
    told = [m for m in bench.of("PARAM_VALUE") if m.param_index == 65535]
    assert [name_of(m) for m in told] == ["_HASH_CHECK"]
    assert struct.unpack("<I", struct.pack("<f", told[0].param_value))[0] == check
    assert zlib.crc32(b"123456789") == 0xCBF43926  # the same polynomial, inverted
    put(bench, "LIM_BANK_MAX", 25.0)
    bench.clear()
    bench.receive(mavlink.MAVLink_param_request_read_message(1, 1, b"_HASH_CHECK", -1))
    assert struct.unpack("<I", struct.pack("<f", bench.last("PARAM_VALUE").param_value))[0] != check


def test_a_client_that_knows_the_hash_stops_the_list(bench):
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(0.1)
    put(bench, "_HASH_CHECK", 0.0, UINT32)
    bench.poll(2.0)
    assert bench.of() == []


def test_other_aircraft_are_not_asked(bench):
    bench.receive(mavlink.MAVLink_param_set_message(2, 1, b"LIM_BANK_MAX", 25.0, REAL32))
    bench.receive(mavlink.MAVLink_param_request_list_message(2, 1))
    bench.poll(1.0)
    assert bench.of() == []
    assert bench.simulation.aircraft.datasheet[0].limits.bank_maximum == 0.5236


def test_one_aircrafts_parameter_is_not_anothers():
    first, second = parked(), parked()
    second.references = replace(second.references, aircraft=first.aircraft)
    first.order("parameter", "", name="LIM_BANK_MAX", value=25.0)
    assert second.aircraft.datasheet[0].limits.bank_maximum == 0.5236


def test_a_change_by_anybody_is_told_with_every_figure_that_follows_from_it(bench):
    bench.simulation.order("parameter", "console", name="PROC_MIN_FACT", value=1.2)
    assert bench.of() == []
    bench.poll(0.1)
    assert {name_of(m) for m in bench.of("PARAM_VALUE")} == {"PROC_MIN_FACT", "FW_AIRSPD_MIN"}
    assert parameter(bench.simulation, "PROC_MIN_FACT") == 1.2


def test_a_list_waits_while_its_link_is_full(bench):
    room = [0.0]
    bench.craft.report = lambda link: LinkReport(0, room[0])
    bench.receive(mavlink.MAVLink_param_request_list_message(1, 1))
    bench.poll(2.0)
    assert [m.param_index for m in bench.of("PARAM_VALUE")] == [65535]
    room[0] = 1.0
    bench.poll(0.1)
    assert 8 <= len(bench.of("PARAM_VALUE")) <= 22


def kept(folder):
    made = Bench(services=(), simulation=parked())
    made.craft.keep = folder
    made.component = Component(made.craft, (Parameters,))
    return made


def test_parameters_outlive_a_run_where_they_are_kept(tmp_path):
    first = kept(tmp_path / "1")
    put(first, "LIM_BANK_MAX", 25.0)
    # Possible only one after the other, whichever comes first in the file.
    put(first, "PROC_CLIMBOUT_H", 80.0)
    put(first, "MIS_TAKEOFF_ALT", 90.0)
    file = tmp_path / "1" / "parameters.json"
    assert json.loads(file.read_text())["values"] == {
        "LIM_BANK_MAX": 25.0, "MIS_TAKEOFF_ALT": 90.0, "PROC_CLIMBOUT_H": 80.0}
    content = json.loads(file.read_text())
    content["values"] = dict(reversed(content["values"].items()))
    file.write_text(json.dumps(content))
    again = kept(tmp_path / "1")
    assert again.simulation.aircraft.datasheet.tobytes() == (
        first.simulation.aircraft.datasheet.tobytes())
    put(again, "LIM_BANK_MAX", 30.0)
    put(again, "LIM_BANK_MAX", 25.0)
    assert kept(tmp_path / "2").simulation.aircraft.datasheet[0].limits.bank_maximum == 0.5236


@pytest.mark.parametrize(("text", "reason"), [
    ("", "damaged"), ("[]", "damaged"), ('{"format": "other"}', "damaged"),
    ('{"format": "longwatch parameters 1", "aircraft": "akinci", "values": {}}', "'akinci'"),
    ('{"format": "longwatch parameters 1", "aircraft": "tb2", "values": '
     '{"LIM_BANK_MAX": 99, "NONE": 1}}', "NONE"),
])
def test_a_damaged_file_of_kept_parameters_is_refused_before_anything_starts(
        tmp_path, text, reason):
    (tmp_path / "parameters.json").write_text(text)
    with pytest.raises(SetupError, match="parameters.json") as error:
        kept(tmp_path)
    assert reason in str(error.value)
