"""Commands: what each family is sent, what is refused, how a lossy link is dealt with."""

import asyncio
import math

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles import command_table, commands
from longwatch.station.vehicles.command_table import NAMES, check, orders
from longwatch.station.vehicles.vehicle import Vehicle
from station.virtual import LeapingLoop

GOOD = {
    "take_off": {"altitude_msl": 500}, "orbit_here": {
        "latitude_deg": 41.0, "longitude_deg": 28.0, "radius": -800.0, "altitude_msl": 900.0},
    "go_here": {"latitude_deg": 41.0, "longitude_deg": 28.0}, "altitude": {"altitude_msl": 900.0},
    "speed": {"airspeed": 40.0}, "heading": {"course": math.pi}, "mission_item": {"sequence": 3},
    "message_rate": {"hz": 20}}


def vehicle(family):
    v = Vehicle("1", 1, family=family)
    v.set("altitude_msl", 640.0)
    return v


@pytest.mark.parametrize("family", ["px4", "ardupilot", "generic"])
def test_every_command_of_the_contract_makes_frames(family):
    v = vehicle(family)
    for name in NAMES:
        if name == "mode":
            continue
        for order in orders(v, name, check(name, GOOD.get(name, {}))):
            order.message(1, 1, 0).pack(mavlink.MAVLink(None))
            order.other().message(1, 1, 0).pack(mavlink.MAVLink(None))


@pytest.mark.parametrize("name, arguments, faults", [
    ("arm", {"force": True}, 1), ("take_off", {}, 1), ("take_off", {"altitude_msl": None}, 1),
    ("take_off", {"altitude_msl": "500"}, 1), ("take_off", {"altitude_msl": True}, 1),
    ("take_off", {"altitude_msl": math.nan}, 1), ("take_off", {"altitude_msl": 1e9}, 1),
    ("go_here", {"latitude_deg": 91.0, "longitude_deg": 181.0, "x": 1}, 3),
    ("go_here", {"latitude_deg": math.inf, "longitude_deg": 0.0}, 1),
    ("orbit_here", {"latitude_deg": 1.0, "longitude_deg": 1.0, "radius": 3.0}, 1),
    ("speed", {"airspeed": 0.0}, 1), ("heading", {"course": [1]}, 1),
    ("mission_item", {"sequence": -1}, 1), ("mode", {"name": ""}, 1), ("mode", {"name": 3}, 1)])
def test_bad_arguments_are_refused_whole(name, arguments, faults):
    with pytest.raises(Refusal) as refused:
        check(name, arguments)
    assert refused.value.status == 400 and len(refused.value.faults) == faults


@pytest.mark.parametrize("name", ["fire", "", None, 3, ["arm"]])
def test_what_is_no_command_is_refused(name):
    with pytest.raises(Refusal, match="there is no command"):
        check(name, {})


def first(family, name):
    return orders(vehicle(family), name, check(name, GOOD.get(name, {})))[0]


def test_px4_is_sent_what_qgroundcontrol_sends_it():
    """Main mode and submode apart; altitudes above the sea; NaN for what is left open."""
    hold = first("px4", "hold")
    assert (hold.number, hold.params[:3]) == (176, (1.0, 4.0, 3.0))
    assert first("px4", "mission").params[:3] == (1.0, 4.0, 4.0)
    off = first("px4", "take_off")
    assert (off.number, off.seventh, off.as_int) == (22, 500, False)
    assert math.isnan(off.params[3]) and math.isnan(off.fifth)
    go = first("px4", "go_here").message(1, 1, 0)
    assert (go.get_type(), go.command, go.frame, go.x, go.y) == (
        "COMMAND_INT", 192, 0, 410000000, 280000000)
    assert go.param2 == 1.0 and math.isnan(go.z)
    orbit = first("px4", "orbit_here")
    assert (orbit.number, orbit.params[0], orbit.seventh) == (34, -800.0, 900.0)


def test_ardupilot_is_sent_its_own_numbers():
    assert first("ardupilot", "hold").params[:2] == (1.0, 12.0)
    assert first("ardupilot", "mission").params[:2] == (1.0, 10.0)
    off = orders(vehicle("ardupilot"), "take_off", GOOD["take_off"])
    assert [o.number for o in off] == [22, 176] and off[0].as_int and off[0].frame == 0
    assert off[1].params[:2] == (1.0, 13.0)
    orbit = first("ardupilot", "orbit_here")
    assert (orbit.number, orbit.params[2:]) == (192, (800.0, 1.0))
    # It takes no NaN for an altitude: the present one is sent.
    assert first("ardupilot", "go_here").seventh == 640.0


def test_a_course_is_told_in_degrees():
    assert first("generic", "heading").params == (0.0, pytest.approx(180.0), 0.0, 0.0)


def test_a_mode_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Refusal, match="Hold"):
        orders(vehicle("px4"), "mode", {"name": "Loop"})


class Answering:
    """A vehicle that answers commands as ``answers`` say: each a list of (delay, message)."""

    def __init__(self, *answers, family="px4"):
        self.vehicle, self.sent = vehicle(family), []
        self.answers = list(answers)
        self.vehicle.send = self.send

    def send(self, message):
        self.sent.append(message)
        for delay, answer in self.answers.pop(0) if self.answers else ():
            asyncio.get_running_loop().call_later(
                delay, self.vehicle.take, answer, 1.0 + len(self.sent))

    def run(self, *made):
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            return runner.run(commands.carry_out(self.vehicle, list(made)))


def ack(result, number=400, system=252):
    return mavlink.MAVLink_command_ack_message(number, result, 0, 0, system, 190)


def said(text, severity=4):
    return mavlink.MAVLink_statustext_message(severity, text.encode())


ARM = command_table.Order(400, (1.0, 0.0, 0.0, 0.0))


@pytest.mark.parametrize("number, result", [
    (0, "accepted"), (1, "temporarily_rejected"), (2, "denied"), (3, "unsupported"),
    (4, "failed"), (6, "failed"), (10, "denied"), (200, "failed")])
def test_each_result_has_its_word(number, result):
    assert Answering([(0.0, ack(number))]).run(ARM)[0] == result


def test_a_silent_vehicle_is_asked_four_times_counting_up():
    air = Answering()
    assert air.run(ARM) == ("no_answer", "")
    assert [message.confirmation for message in air.sent] == [0, 1, 2, 3]


def test_a_lost_acknowledgement_is_made_up_for():
    air = Answering([], [(0.0, ack(0))])
    assert air.run(ARM) == ("accepted", "") and len(air.sent) == 2


def test_the_reason_of_a_refusal_is_told_and_is_no_alert_of_its_own():
    air = Answering([(0.0, ack(1)), (0.01, said("PreArm: no fuel"))])
    assert air.run(ARM) == ("temporarily_rejected", "PreArm: no fuel")
    assert air.vehicle.alerts.as_list() == []
    air = Answering([(0.0, said("arm: engine 1 does not run")), (0.01, ack(2))])
    assert air.run(ARM) == ("denied", "arm: engine 1 does not run")


def test_acknowledgements_to_others_and_of_other_commands_are_not_ours():
    air = Answering([(0.0, ack(2, system=255)), (0.0, ack(2, number=22)), (0.01, ack(0))])
    assert air.run(ARM)[0] == "accepted"


def test_one_under_way_is_waited_for_and_not_repeated():
    air = Answering([(0.0, ack(5)), (4.0, ack(5)), (8.0, ack(0))])
    assert air.run(ARM)[0] == "accepted" and len(air.sent) == 1
    air = Answering([(0.0, ack(5))])
    assert air.run(ARM)[0] == "no_answer"


def test_what_a_newer_command_overtook_is_not_sent_again():
    air = Answering()
    answer = asyncio.run(commands.carry_out(air.vehicle, [ARM], lambda: not air.sent))
    assert answer == ("no_answer", commands.OVERTAKEN) and len(air.sent) == 1


def test_the_other_form_and_the_next_order_are_tried():
    air = Answering([(0.0, ack(8))], [(0.0, ack(0))])
    assert air.run(ARM)[0] == "accepted"
    assert [m.get_type() for m in air.sent] == ["COMMAND_LONG", "COMMAND_INT"]
    air = Answering([(0.0, ack(3, 21))], [(0.0, ack(0, 189))])
    assert air.run(*orders(air.vehicle, "land", {}))[0] == "accepted"
    assert [m.command for m in air.sent] == [21, 189]


def test_texts_in_chunks_are_put_together_and_gaps_are_shown():
    v = vehicle("px4")
    whole = "x" * 50 + "y" * 50 + "end"
    for i in range(3):
        v.take(mavlink.MAVLink_statustext_message(
            2, whole[50 * i:50 * i + 50].encode(), 9, i), 1.0)
    assert v.alerts.as_list()[0]["text"] == whole
    for i in (0, 2):
        v.take(mavlink.MAVLink_statustext_message(
            2, whole[50 * i:50 * i + 50].encode(), 10, i), 2.0)
    v.tick(4.0)
    assert "x" * 50 + " ... end" in {a["text"] for a in v.alerts.as_list()}
