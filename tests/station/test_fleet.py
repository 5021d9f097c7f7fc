"""The station's fleet and live aircraft: acquaintance, flight, loss, restarts, silence."""

import json

import msgpack
import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, encode
from longwatch.services import profiles
from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.command_table import Order
from longwatch.station.vehicles.commands import send
from longwatch.station.vehicles.connections import Way
from longwatch.station.vehicles.fleet import MOST_CHECKS, _wanted
from longwatch.station.vehicles.manual_control import steer, steered
from longwatch.station.vehicles.quantities import INDEX, NAMES
from longwatch.station.vehicles.vehicle import Vehicle
from station.virtual import Virtual

PROFILES = ("px4", "ardupilot", "generic")


@pytest.mark.parametrize("profile, loss", [
    ("px4", 0.0), ("px4", 0.1), ("ardupilot", 0.1), ("generic", 0.1)])
def test_everything_is_known_of_an_aircraft_that_appears(profile, loss):
    with Virtual(profile=profile, loss=loss, seed=11) as air:
        v = air.known()
        air.run(seconds=3.0)
        told = air.fleet.vehicles()[0]
    assert (told["id"], told["name"], told["autopilot"]) == ("1", "tb2 1", profile)
    assert {m.name for m in profiles.PROFILES[profile].modes if m.selectable} <= {
        mode["name"] for mode in told["modes"] if mode["selectable"]}
    assert v.parameters.missing() == [] and v.own
    # The datasheet's: LIM_BANK_MAX 30 degrees, cruise 36 m/s; docs/parameters.md.
    assert v.number("limit_bank") == pytest.approx(0.5236, abs=1e-3)
    assert v.number("cruise_airspeed") == 36.0
    assert {kind: len(plan.items) for kind, plan in v.plans.items()} == {
        "mission": 0, "fence": 0, "rally": 0}
    # Where it stands, its centre of gravity 1 to 2 m above the runway's 152.4 m.
    assert v.number("home_altitude_msl") == pytest.approx(v.number("altitude_msl"), abs=0.05)
    assert 1.0 < v.number("home_altitude_msl") - 152.4 < 2.0
    assert v.number("latitude_deg") == pytest.approx(41.13, abs=0.01)


@pytest.mark.parametrize("profile", PROFILES)
def test_commands_fly_it(profile):
    """Take off, hold, orbit, another height, speed and course, return: each seen to be flown."""
    with Virtual(profile=profile) as air:
        v = air.known()

        air.run(lambda: v.number("ready_to_arm"), 10.0)

        def do(name, **arguments):
            answer = air.do(air.fleet.command("1", name, arguments))
            assert answer["result"] == "accepted", (name, answer)

        do("take_off", altitude_msl=700.0)
        do("arm")
        air.run(lambda: v.number("landed_state") == "in_air"
                and v.number("height_above_home") > 130.0, 300.0)
        air.run(lambda: v.number("flight_time_s") is not None, 3.0)
        assert v.number("armed")
        do("orbit_here", latitude_deg=41.13, longitude_deg=27.95, radius=-900.0,
           altitude_msl=800.0)
        air.run(lambda: v.number("orbit_radius") == -900.0, 10.0)
        assert v.number("orbit_latitude_deg") == pytest.approx(41.13, abs=1e-5)
        do("altitude", altitude_msl=850.0)
        air.run(lambda: v.number("target_altitude_msl") == 850.0, 10.0)
        do("speed", airspeed=40.0)
        air.run(lambda: v.number("target_airspeed") == pytest.approx(40.0, abs=0.3), 10.0)
        do("go_here", latitude_deg=41.2, longitude_deg=28.0, altitude_msl=800.0)
        air.run(lambda: v.number("target_latitude_deg") == pytest.approx(41.2, abs=1e-5), 10.0)
        do("heading", course=1.5707963)
        air.run(lambda: v.number("target_course") == pytest.approx(1.57, abs=0.02), 60.0)
        do("hold")
        air.run(lambda: v.number("mode") in ("Hold", "LOITER"), 5.0)
        if profile != "generic":
            by_hand(air, v)
        do("return")
        air.run(lambda: v.number("mode") in ("Return", "RTL"), 5.0)
        do("land")
        air.run(lambda: v.number("mode") in ("Land", "AUTOLAND"), 5.0)
        trail = air.fleet.trail("1")
        assert len(trail["time_s"]) > 50 and max(trail["altitude_msl"]) > 280.0


def by_hand(air, v):
    """It banks by the sticks, and holds once they have fallen silent."""
    air.fleet.take_sticks(v, "ann")
    count = iter(range(10_000))

    def move(roll=0.0):
        steer(v, {"roll": roll, "pitch": 0.0, "yaw": 0.0, "throttle": 0.5}, next(count),
              air.fleet.now())

    move()
    air.run(seconds=0.2)
    move()
    mode = {"name": "Altitude" if v.family == "px4" else "FBWB"}
    assert air.do(air.fleet.command("1", "mode", mode))["result"] == "accepted"
    before = v.number("roll") or 0.0
    other = -0.7 if before > 0.0 else 0.7
    air.run(lambda: move(other) or other * (v.number("roll") or 0.0) > 0.1, 20.0)
    assert steered(v) and v.sticks.user == "ann"
    air.run(lambda: v.sticks.user is None, 2.0)
    air.run(lambda: v.number("mode_role") == "hold", 10.0)


def test_changes_are_what_changed_and_whole_is_all():
    with Virtual() as air:
        air.known()
        air.run(seconds=2.0)
        seen = {}
        air.fleet.changes()
        for index, value in air.fleet.whole()["1"].items():
            seen[index] = value
        for _ in range(40):
            air.run(seconds=0.1)
            for index, value in air.fleet.changes().get("1", {}).items():
                seen[index] = value
        assert {i: v for i, v in seen.items() if v is not None} == air.fleet.whole()["1"]
        assert air.fleet.changes() == {}
        assert list(air.fleet.names) == list(NAMES)
        msgpack.packb(air.fleet.whole())
        json.dumps(air.events, allow_nan=False)


def test_attitude_comes_thirty_times_a_second_and_all_within_the_links_share():
    with Virtual() as air:
        air.known()
        count = {}
        take = air.fleet.find("1").take

        def counted(message, time_s):
            count[message.get_type()] = count.get(message.get_type(), 0) + 1
            take(message, time_s)
        air.fleet.find("1").take = counted
        # There is no attitude before it is found.
        air.run(lambda: count.get("ATTITUDE", 0) > 0, 3.0)
        count.clear()
        air.run(seconds=5.0)
        assert count["ATTITUDE"] == pytest.approx(150, abs=4)
        assert count["GLOBAL_POSITION_INT"] == pytest.approx(150, abs=4)
        assert sum(count.values()) < 750
        assert "VIBRATION" not in count and "SERVO_OUTPUT_RAW" not in count
        assert air.do(air.fleet.command("1", "message_rate", {"hz": 10}))["result"] == "accepted"
        count.clear()
        air.run(seconds=5.0)
        assert count["ATTITUDE"] == pytest.approx(50, abs=3)


def test_a_link_that_is_lost_keeps_the_last_values_says_so_and_comes_back():
    with Virtual() as air:
        air.known()
        air.run(seconds=2.0)
        latitude = air.value("latitude_deg")
        air.way.connected = False
        transmit, air.link.transmit = air.link.transmit, lambda raw: None
        air.run(lambda: air.value("link_state") == "late", 10.0)
        assert {a["key"] for a in air.told("alerts")[-1][2]} == {"link_late"}
        air.run(lambda: air.value("link_state") == "lost", 20.0)
        assert air.value("latitude_deg") == latitude and air.value("heartbeat_age_s") >= 10.0
        air.run(seconds=5.0)
        assert air.value("latitude_deg") == latitude
        assert air.fleet.vehicles()[0]["links"][0]["state"] == "lost"
        answer = air.do(air.fleet.command("1", "arm", {}))
        assert answer["result"] == "no_answer" and answer["elapsed_s"] < 10.0
        air.way.connected, air.link.transmit = True, transmit
        met = air.fleet._meetings["1"]
        air.run(lambda: air.value("link_state") == "up", 5.0)
        air.run(lambda: air.fleet._meetings["1"] is not met, 5.0)
        assert "link_lost" not in {a["key"] for a in air.told("alerts")[-1][2]}


def test_a_paused_simulation_keeps_its_values_and_is_said_to_stand_still():
    with Virtual() as air:
        air.known()
        air.run(seconds=3.0)
        before = air.fleet.whole()["1"]
        air.loop._selector._advance = air.server.wait  # wall time alone passes
        air.run(lambda: air.value("telemetry_stopped"), 10.0)
        air.run(seconds=8.0)
        after = air.fleet.whole()["1"]
        assert air.value("link_state") == "up"
        assert set(before) <= set(after)
        assert after[INDEX["altitude_msl"]] == before[INDEX["altitude_msl"]]


def test_a_message_that_falls_silent_while_others_come_is_not_reported_any_more():
    with Virtual() as air:
        v = air.known()
        air.run(seconds=3.0)
        assert v.number("airspeed") == 0.0
        air.do(send(v, Order(mavlink.MAV_CMD_SET_MESSAGE_INTERVAL, (
            float(mavlink.MAVLINK_MSG_ID_VFR_HUD), -1.0, 0.0, 0.0))))
        air.run(lambda: v.number("airspeed") is None, 12.0)
        assert v.number("pitch") is not None and v.number("home_latitude_deg") is not None


def test_a_vehicle_whose_clock_went_back_is_asked_everything_again():
    with Virtual() as air:
        v = air.known()
        air.run(seconds=4.0)
        met, points = air.fleet._meetings["1"], len(air.fleet.trail("1")["time_s"])
        early = mavlink.MAVLink_global_position_int_message(
            900, 411000000, 279000000, 150_000, 0, 0, 0, 0, 0)

        async def come():
            v.take(Frame(encode(early, 1, 1)).message, air.loop.time())
        air.do(come())
        assert air.fleet._meetings["1"] is not met
        assert len(air.fleet.trail("1")["time_s"]) < points
        assert air.fleet.trail("1")["time_s"][-1] <= 0.9
        air.known()


def test_two_aircraft_are_two_vehicles():
    with Virtual(count=2) as air:
        air.known("1")
        air.known("2")
        air.run(lambda: air.value("ready_to_arm", "2"), 10.0)
        assert air.do(air.fleet.command("2", "arm", {}))["result"] == "accepted"
        air.run(lambda: air.value("armed", "2"), 5.0)
        assert air.value("armed", "1") is False
        air.fleet.set_pilot("2", "watch")
        assert (air.fleet.pilot("1"), air.fleet.pilot("2")) == (None, "watch")
        assert air.told("vehicle")[-1][1]["pilot"] == "watch"


def test_a_course_that_was_overtaken_or_lost_its_pilot_is_not_sent_again():
    with Virtual() as air:
        vehicle = air.known()
        hold, speed, arm = (_wanted(vehicle, name) for name in ("hold", "speed", "arm"))
        assert hold() and speed() and arm()
        home = _wanted(vehicle, "return")
        assert (hold(), speed(), arm(), home()) == (False, False, True, True)
        air.fleet.set_pilot("1", "bob")
        assert not arm() and not home()


def test_one_vehicle_that_cannot_be_looked_at_hides_no_other(monkeypatch):
    with Virtual(count=2) as air:
        air.known("1")
        air.known("2")

        def broken(now):
            raise ValueError("nonsense")
        monkeypatch.setattr(air.fleet.find("1"), "tick_second", broken)
        air.way.transmit = lambda raw: None
        air.link.transmit = lambda raw: None
        air.run(seconds=15.0)
        assert [air.value("link_state", number) for number in "12"] == ["lost", "lost"]


def test_another_vehicle_under_the_same_id_is_never_sent_what_is_meant_for_the_first():
    with Virtual() as air:
        vehicle, sent = air.known(), []
        other = Way("other", sent.append)
        air.fleet.attach(other)
        air.fleet.set_pilot("1", "ann")

        def speak():
            boot = int((air.loop.time() + 5000.0) * 1e3) % 2**32
            for message in (
                    mavlink.MAVLink_heartbeat_message(1, 12, 0, 0, 4, 3),
                    mavlink.MAVLink_attitude_message(boot, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0)):
                air.fleet.arrive(other, encode(message, 1, 1), True)

        def hear(seconds):
            for _ in range(int(seconds)):
                speak()
                air.run(seconds=1.0)
        hear(4)
        air.link.transmit = lambda raw: None  # the first falls silent
        hear(30)
        assert vehicle.active.way is air.way and air.value("link_state") == "lost"
        sent.clear()
        vehicle.send(Order(400, (1.0, 0.0, 0.0, 0.0)).message(1, 1, 0))
        assert sent == [] and air.fleet.pilot("1") == "ann"
        hear(40)  # gone for good: the other is shown, and flown by nobody
        assert air.fleet.find("1") is not vehicle and air.fleet.pilot("1") is None


def test_ticked_items_are_bounded():
    with Virtual() as air:
        air.known()
        with pytest.raises(Refusal, match="ticked"):
            for number in range(1000):
                air.fleet.tick_item("1", f"item {number}", True)
        assert len(air.fleet.find("1").checks) == MOST_CHECKS


def test_a_record_is_shown_and_cannot_be_commanded():
    with Virtual() as air:
        record = Vehicle("r1", 1, family="ardupilot", replay=True, name="log <b>")
        air.fleet.adopt(record)
        record.put({"roll": 0.25, "latitude_deg": 41.0, "longitude_deg": 28.0,
                    "time_boot_s": 5.0, "endurance_s": 77.0}, 1.7e9)
        air.run(seconds=2.0)
        assert air.fleet.whole()["r1"][INDEX["roll"]] == 0.25
        assert air.value("endurance_s", "r1") == 77  # the log's own figure stays
        assert air.value("link_state", "r1") == "up"
        told = next(v for v in air.fleet.vehicles() if v["id"] == "r1")
        assert told["replay"] and told["commands"] == [] and told["name"] == "log <b>"
        with pytest.raises(Refusal) as refused:
            air.do(air.fleet.command("r1", "arm", {}))
        assert refused.value.status == 409
        with pytest.raises(Refusal):
            air.fleet.adopt(Vehicle("r1", replay=True))
        air.fleet.release("r1")
        assert air.events[-1] == ["gone", "r1"]
        with pytest.raises(Refusal) as refused:
            air.fleet.find("r1")
        assert refused.value.status == 404


def test_parameters_are_set_and_read_back_in_both_encodings():
    for profile in ("px4", "ardupilot"):
        with Virtual(profile=profile, loss=0.1, seed=4) as air:
            v = air.known()
            set_ = air.do(air.fleet.set_parameter("1", "NAV_LOITER_RAD", 950.0))
            assert set_ == {"name": "NAV_LOITER_RAD", "value": 950.0, "type": "float"}
            set_ = air.do(air.fleet.set_parameter("1", "LW_FENCE_WATCH", 0))
            assert set_["value"] == 0 and set_["type"] == "int32"
            assert v.parameter("LW_FENCE_WATCH") == 0
            for name, value, status in (("LIM_BANK_MAX", 500.0, 409), ("NONE", 1.0, 404),
                                        ("LW_FENCE_WATCH", 0.5, 400)):
                with pytest.raises(Refusal) as refused:
                    air.do(air.fleet.set_parameter("1", name, value))
                assert refused.value.status == status
            air.do(air.fleet.set_parameter("1", "LIM_BANK_MAX", 25.0))
            air.run(seconds=1.5)
            assert v.number("limit_bank") == pytest.approx(0.4363, abs=1e-3)
