"""Manual control: who may, what is sent, and that nothing is sent once the sticks fall silent."""

import asyncio
from types import SimpleNamespace

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call
from longwatch.station.vehicles import stick_routes
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.quantities import INDEX
from longwatch.station.vehicles.sticks import LEAST_S, SILENT_S
from longwatch.station.vehicles.vehicle import Vehicle
from longwatch.station.vehicles.vehicle_values import vehicle_values

ROUTES = {route.path.rsplit("/", 1)[1]: route.handler for route in stick_routes.ROUTES}
CENTRE = {"roll": 0.0, "pitch": 0.0, "yaw": 0.0, "throttle": 0.5}


class Yard:
    """A vehicle in the air that "ann" flies; what it is sent."""

    def __init__(self, family="px4"):
        self.sent, self.told, self.ordered, self.now, self.number = [], [], [], 100.0, 0
        self.fleet = Fleet()
        self.fleet.now = lambda: self.now
        self.vehicle = Vehicle("1", 1, family=family)
        self.vehicle.send = self.sent.append
        self.vehicle.pilot = "ann"
        self.set("landed_state", "in_air")
        self.set("mode", "Altitude")
        self.fleet._vehicles["1"] = self.vehicle
        self.fleet.on_let_go = lambda *told: self.told.append(told)
        self.store = SimpleNamespace(
            journal=lambda *entry: self.told.append(entry) or {"id": 1},
            finish=lambda *ended: None)

        async def command(identity, name, arguments):
            self.ordered.append(name)
            return {"result": "accepted"}
        self.fleet.command = command

    def set(self, name, value):
        self.vehicle.values[INDEX[name]] = value

    def ask(self, what, body, user="ann"):
        station = SimpleNamespace(fleet=self.fleet, store=self.store)
        return asyncio.run(ROUTES[what](
            station, Call(user, frozenset({"pilot"}), {"id": "1"}, {}, body)))

    def move(self, user="ann", sequence=None, after=0.05, **sticks):
        self.now += after
        self.number = self.number + 1 if sequence is None else sequence
        self.ask("sticks", {**CENTRE, **sticks, "sequence": self.number}, user)

    def last(self):
        message = self.sent[-1]
        return message.x, message.y, message.z, message.r


@pytest.fixture
def yard():
    yard = Yard()
    yard.ask("manual", {"on": True})
    return yard


@pytest.mark.parametrize(("sticks", "wire"), [
    # MAVLink, MANUAL_CONTROL: x forward (nose down), y right, z thrust of 0 to 1000, r clockwise.
    ({"pitch": 1.0}, (1000, 0, 500, 0)), ({"roll": 0.25}, (0, 250, 500, 0)),
    ({"throttle": 1.0}, (0, 0, 1000, 0)), ({"yaw": -0.5}, (0, 0, 500, -500))])
def test_sticks_stand_on_the_wire_as_mavlink_has_them(yard, sticks, wire):
    yard.move(**sticks)
    assert yard.last() == wire and yard.sent[-1].target == 1


def test_on_the_ground_the_throttle_stays_closed(yard):
    yard.set("landed_state", "on_ground")
    yard.move(throttle=1.0)
    assert yard.last() == (0, 0, 0, 0)


def test_where_it_is_not_told_whether_it_flies_the_throttle_is_the_sticks(yard):
    yard.set("landed_state", None)
    yard.move(throttle=0.8)
    assert yard.last() == (0, 0, 800, 0)


def test_nobody_but_the_pilot_who_began_has_the_sticks():
    yard = Yard()
    with pytest.raises(Refusal, match="begin manual control"):
        yard.move()
    with pytest.raises(Refusal, match="ann flies"):
        yard.ask("manual", {"on": True}, user="bob")
    yard.ask("manual", {"on": True})
    with pytest.raises(Refusal, match="do not have the sticks"):
        yard.move(user="bob")
    assert yard.sent == [] and vehicle_values(yard.vehicle, 0.0, [])["manual"] == "ann"


@pytest.mark.parametrize("bad", [{"roll": 1.01}, {"throttle": -0.1}, {"yaw": float("nan")},
                                 {"pitch": float("inf")}])
def test_sticks_beyond_their_travel_are_refused(yard, bad):
    with pytest.raises(Refusal, match="not sent"):
        yard.move(**bad)
    assert yard.sent == []


def test_what_was_overtaken_or_comes_too_fast_is_left_out(yard):
    yard.move(roll=0.1)
    yard.move(roll=0.2, sequence=1)
    assert yard.last()[1] == 100 and len(yard.sent) == 1
    for _ in range(100):
        yard.move(after=LEAST_S / 10.0)
    assert len(yard.sent) <= 12


def test_silent_sticks_are_let_go_and_nothing_more_is_sent(yard):
    yard.move()
    yard.now += SILENT_S - 0.1
    yard.fleet._tick(yard.now)
    assert yard.vehicle.sticks.user == "ann"
    yard.now += 0.2
    yard.fleet._tick(yard.now)
    assert yard.vehicle.sticks.user is None and len(yard.sent) == 1
    assert yard.told[-1] == ("ann", "1", "silent")
    with pytest.raises(Refusal, match="begin manual control"):
        yard.move()


@pytest.mark.parametrize("reason", stick_routes.REASONS)
def test_letting_go_is_neutral_and_holds_what_sticks_steered(yard, reason):
    yard.set("throttle", 0.4)
    yard.move(roll=1.0)
    assert yard.ask("manual", {"on": False, "reason": reason}) == {"held": True}
    assert yard.last() == (0, 0, 400, 0) and yard.ordered == ["hold"]
    assert ("ann", "1", reason) in yard.told


def test_letting_go_leaves_a_mission_alone(yard):
    yard.set("mode", "Mission")
    assert yard.ask("manual", {"on": False}) == {"held": False}
    assert yard.ordered == []


def test_another_pilot_takes_the_sticks_away(yard):
    yard.move(roll=1.0)
    yard.fleet.set_pilot("1", "bob")
    assert yard.vehicle.sticks.user is None and yard.last()[:2] == (0, 0)
    assert yard.told[-1] == ("ann", "1", "control")


@pytest.mark.parametrize(("family", "name", "value", "good"), [
    ("px4", "COM_RC_IN_MODE", 0.0, False), ("px4", "COM_RC_IN_MODE", 4.0, False),
    ("px4", "COM_RC_IN_MODE", 3.0, True), ("ardupilot", "SYSID_MYGCS", 255.0, False),
    ("ardupilot", "SYSID_MYGCS", 252.0, True), ("ardupilot", "MAV_GCS_SYSID", 255.0, False)])
def test_a_vehicle_that_would_not_listen_says_what_to_set(family, name, value, good, monkeypatch):
    yard = Yard(family)
    monkeypatch.setattr(yard.vehicle, "parameter", {name: value}.get)
    if good:
        yard.ask("manual", {"on": True})
    else:
        with pytest.raises(Refusal, match=f"set its parameter {name}"):
            yard.ask("manual", {"on": True})
        assert yard.vehicle.sticks.user is None
