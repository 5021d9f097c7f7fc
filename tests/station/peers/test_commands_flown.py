"""Every command of the table, flown against an ArduPlane and a PX4: what is accepted comes to pass,
what the vehicle does not do is barred with a reason, and nothing else."""

import math

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.vehicles.command_table import NAMES
from longwatch.station.vehicles.vehicle_values import vehicle_values
from station.peers.fakes import HOME, PX4, ArduPlane, Peers

KINDS = {"ardupilot": ArduPlane, "px4": PX4}
GUIDED = {"ardupilot": "GUIDED", "px4": "Hold"}
AUTO = {"ardupilot": "AUTO", "px4": "Mission"}
HOLD = {"ardupilot": "LOITER", "px4": "Hold"}
RETURN = {"ardupilot": "RTL", "px4": "Return"}
PLACE = {"latitude_deg": 41.15, "longitude_deg": 27.91}


def simple(number, command, *params, frame=3):
    return {"type": "SimpleItem", "autoContinue": True, "command": command, "frame": frame,
            "doJumpId": number, "params": list(params)}


def plan(landing=True, **parts):
    items = [simple(1, 22, 10, 0, 0, None, 41.1329, 27.9107, 60),
             simple(2, 16, 0, 0, 0, None, 41.1364, 27.9107, 100)]
    if landing:
        items += [simple(3, 189, 0, 0, 0, 0, 0, 0, 0, frame=2),
                  simple(4, 16, 0, 0, 0, None, 41.1247, 27.8981, 50),
                  simple(5, 21, 0, 0, 0, None, 41.1294, 27.9053, 0)]
    return {"fileType": "Plan", "version": 1, "groundStation": "QGroundControl",
            "mission": {"version": 2, "firmwareType": 12, "vehicleType": 1, "items": items,
                        "plannedHomePosition": [41.129398, 27.9053, 152.4]}, **parts}


@pytest.fixture(params=["ardupilot", "px4"])
def air(request):
    with Peers(KINDS[request.param]()) as peers:
        peers.family = request.param
        yield peers


def mode(air):
    return air.value("mode")


def barred(air, name, **arguments):
    """The reason that the page is told, with which the station refuses as well."""
    with pytest.raises(Refusal) as refused:
        air.order(name, **arguments)
    assert refused.value.status == 409
    return vehicle_values(air.vehicle, 0.0, [])["barred"][name]


def turned(air, course):
    off = (air.value("course") - course + math.pi) % (2 * math.pi) - math.pi
    return abs(off) < 0.03


def distance(air, place):
    north, east = air.peer.to(place["latitude_deg"], place["longitude_deg"])
    return math.hypot(air.peer.north - north, air.peer.east - east)


def test_arm_and_disarm(air):
    air.command("arm")
    air.run(lambda: air.value("armed"), 3.0)
    air.command("disarm")
    air.run(lambda: air.value("armed") is False, 3.0)
    air.peer.fly(HOLD[air.family])
    assert air.order("disarm")[0] in ("failed", "denied")


def test_take_off(air):
    air.command("arm")
    air.command("take_off", altitude_msl=HOME[2] + 120.0)
    air.run(lambda: abs(air.value("altitude_msl") - HOME[2] - 120.0) < 2.0, 90.0)
    assert mode(air).upper() == "TAKEOFF"


def test_hold(air):
    air.peer.fly(GUIDED[air.family])
    air.command("hold")
    assert mode(air) == HOLD[air.family]


def test_go_here(air):
    air.peer.fly(HOLD[air.family])
    air.command("go_here", **PLACE, altitude_msl=300.0)
    air.run(lambda: distance(air, PLACE) < 100.0 and abs(air.value("altitude_msl") - 300.0) < 2.0,
            300.0)
    assert mode(air) == GUIDED[air.family]


@pytest.mark.parametrize("radius", [200.0, -200.0])
def test_orbit_here_also_after_course_and_altitude(air, radius):
    air.peer.fly(HOLD[air.family])
    air.command("heading", course=1.0)
    air.command("altitude", altitude_msl=400.0)
    air.command("orbit_here", **PLACE, radius=radius, altitude_msl=250.0)
    air.run(lambda: distance(air, PLACE) < 250.0, 400.0)
    air.run(seconds=60.0)
    assert 150.0 < distance(air, PLACE) < 250.0 and air.peer.radius == radius
    assert air.value("altitude_msl") == pytest.approx(250.0, abs=2.0)


@pytest.mark.parametrize("before", [AUTO, HOLD, RETURN], ids=["mission", "hold", "return"])
def test_altitude(air, before):
    air.upload(plan(landing=False))
    air.peer.fly(before[air.family])
    air.run(seconds=1.0)
    air.command("altitude", altitude_msl=350.0)
    air.run(lambda: abs(air.value("altitude_msl") - 350.0) < 2.0, 90.0)
    assert mode(air) == GUIDED[air.family]
    if air.family == "ardupilot":
        air.run(lambda: air.value("target_altitude_msl") == 350.0, 10.0)


def test_altitude_keeps_a_course_that_was_ordered(air):
    air.peer.fly(HOLD[air.family])
    air.command("heading", course=2.0)
    air.run(lambda: turned(air, 2.0), 60.0)
    air.command("altitude", altitude_msl=350.0)
    air.run(lambda: abs(air.value("altitude_msl") - 350.0) < 2.0, 90.0)
    assert turned(air, 2.0)


def test_speed(air):
    air.upload(plan())
    air.peer.fly(AUTO[air.family])
    air.run(seconds=1.0)
    air.command("speed", airspeed=18.0)
    air.run(lambda: abs(air.value("airspeed") - 18.0) < 0.1, 60.0)
    assert mode(air) == AUTO[air.family]


def test_speed_where_the_vehicle_takes_none():
    with Peers(ArduPlane()) as air:
        air.peer.fly("LOITER")
        air.run(seconds=1.0)
        assert barred(air, "speed", airspeed=18.0) == "needs_auto_guided"
        air.peer.fly("GUIDED")
        air.run(seconds=1.0)
        with pytest.raises(Refusal, match="10 to 30 m/s"):
            air.order("speed", airspeed=45.0)
    with Peers(PX4()) as air:
        air.peer.fly("Land")
        air.run(seconds=1.0)
        assert barred(air, "speed", airspeed=18.0) == "own_speed"


@pytest.mark.parametrize("before", [AUTO, HOLD], ids=["mission", "hold"])
def test_heading(air, before):
    air.upload(plan(landing=False))
    air.peer.fly(before[air.family])
    air.run(seconds=1.0)
    air.command("heading", course=math.radians(150.0))
    air.run(lambda: turned(air, math.radians(150.0)), 40.0)
    air.run(seconds=10.0)
    assert turned(air, math.radians(150.0))
    assert mode(air) == {"ardupilot": "GUIDED", "px4": "Guided Course"}[air.family]


def test_heading_without_a_mode_for_it():
    peer = PX4()
    peer.list_modes = lambda: 3
    with Peers(peer) as air:
        peer.fly("Hold")
        air.run(seconds=1.0)
        assert barred(air, "heading", course=1.0) == "no_course_mode"


def landed(air):
    """Down after a whole mission, as the recordings end."""
    air.upload(plan())
    air.command("arm")
    air.command("mission")
    air.run(lambda: air.value("landed_state") == "in_air", 10.0)
    if air.family == "ardupilot":
        air.command("land")
        air.command("mission_item", sequence=5)
        air.peer.in_landing = True
    else:
        air.command("land")
    air.run(lambda: air.value("landed_state") == "on_ground", 200.0)


def test_mission_and_again_after_the_landing(air):
    landed(air)
    air.peer.armed = False
    air.run(seconds=2.0)
    air.command("arm")
    assert air.value("landed_state") == "on_ground" and air.peer.landed  # arming is not starting
    air.command("mission")
    air.run(lambda: air.value("landed_state") == "in_air", 10.0)
    assert mode(air) == AUTO[air.family]
    if air.family == "ardupilot":
        assert air.value("mission_sequence") == 1


def test_mission_resumes_where_it_was(air):
    air.upload(plan())
    # The way point behind the take-off; an ArduPlane's item 0 is home.
    waypoint = 2 if air.family == "ardupilot" else 1
    air.peer.fly(HOLD[air.family], current=waypoint)
    air.run(seconds=2.0)
    air.command("mission")
    air.run(seconds=2.0)
    assert mode(air) == AUTO[air.family] and air.value("mission_sequence") == waypoint


def test_a_cleared_mission_is_none_and_is_not_started(air):
    air.upload(plan())
    assert air.value("mission_count") == 5
    told = air.upload({**plan(), "mission": {**plan()["mission"], "items": []}})
    assert told["same"] and air.value("mission_count") == 0
    air.run(seconds=3.0)
    assert barred(air, "mission") == "no_mission"
    assert barred(air, "mission_item", sequence=1) == "no_mission"


def test_a_mission_that_another_station_cleared_is_none():
    with Peers(ArduPlane()) as air:
        air.upload(plan())
        air.peer.plans[0], air.peer.current = [], 0
        air.run(lambda: air.value("mission_count") == 0, 5.0)
        assert barred(air, "mission") == "no_mission"


def test_mission_item(air):
    air.upload(plan())
    air.peer.fly(AUTO[air.family])
    air.run(seconds=1.0)
    # A way point: a DO_ item is done at once, and the next one is current.
    waypoint = 2 if air.family == "ardupilot" else 1
    air.command("mission_item", sequence=waypoint)
    air.run(lambda: air.value("mission_sequence") == waypoint, 5.0)


@pytest.mark.parametrize("landing", [True, False])
def test_return(air, landing):
    air.upload(plan(landing))
    air.peer.fly(HOLD[air.family])
    air.run(seconds=1.0)
    card = vehicle_values(air.vehicle, 0.0, [])["cards"]["return"]
    air.command("return")
    if air.family == "px4":
        assert (card, mode(air), air.value("mode_role")) == ("px4", "Return", "return")
    elif landing:
        assert (card, mode(air)) == ("ardupilot_lands", "AUTO") and air.peer.in_landing
    else:
        assert (card, mode(air)) == ("ardupilot_circles", "RTL")


def test_land(air):
    if air.family == "ardupilot":
        air.upload(plan(landing=False))
        air.peer.fly("LOITER")
        air.run(seconds=1.0)
        assert barred(air, "land") == "no_landing"
    air.upload(plan())
    air.peer.fly(HOLD[air.family])
    air.run(seconds=1.0)
    air.command("land")
    if air.family == "ardupilot":
        assert mode(air) == "AUTO" and air.peer.current == 4
    else:
        spot = (air.peer.north, air.peer.east)
        air.run(lambda: air.value("landed_state") == "on_ground", 100.0)
        assert math.dist(spot, (air.peer.north, air.peer.east)) < 200.0
    assert vehicle_values(air.vehicle, 0.0, [])["cards"]["land"] == air.family


def test_go_around(air):
    air.upload(plan())
    air.peer.fly(HOLD[air.family])
    air.run(seconds=1.0)
    assert barred(air, "go_around") == "not_landing"
    air.command("land")
    if air.family == "ardupilot":
        air.command("mission_item", sequence=5)
    air.run(seconds=3.0)
    air.command("go_around")
    lowest = air.value("altitude_msl")
    air.run(seconds=5.0)
    assert air.value("altitude_msl") >= lowest - 1.0


def test_mode(air):
    air.peer.fly(HOLD[air.family])
    air.command("mode", name=RETURN[air.family].lower())
    air.run(lambda: air.value("mode_role") == "return", 5.0)
    with pytest.raises(Refusal, match="has no mode"):
        air.order("mode", name="Loop")


def test_message_rate(air):
    air.command("message_rate", hz=10)


def test_every_command_of_the_table_is_flown_here():
    flown = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    flown |= {"arm", "disarm", "orbit_here", "mission"}
    assert set(NAMES) <= flown


def test_a_step_before_that_is_refused_is_named():
    with Peers(ArduPlane()) as air:
        air.peer.fly("AUTO")
        air.run(seconds=1.0)
        air.peer.do_176 = lambda p, frame: 4
        assert air.order("heading", course=1.0) == ("failed", "mode GUIDED: failed")


def test_what_is_accepted_and_not_entered_is_told():
    with Peers(ArduPlane()) as air:
        air.peer.fly("AUTO")
        air.run(seconds=1.0)
        air.peer.do_176 = lambda p, frame: 0
        result, text = air.order("heading", course=1.0)
        assert (result, text) == ("failed", "mode GUIDED: accepted, and not entered")
