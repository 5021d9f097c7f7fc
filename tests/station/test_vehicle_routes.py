"""Requests about vehicles: who may, what is on record before it is sent, what is refused."""

import asyncio
from types import SimpleNamespace

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call
from longwatch.station.vehicles import routes as vehicle_routes
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.plans import PlanAboard
from longwatch.station.vehicles.vehicle import Vehicle

ROUTES = {(route.method, route.path): route for route in vehicle_routes.ROUTES}
COMMAND = ("POST", "/api/vehicles/{id}/command")
PLAN = ("POST", "/api/vehicles/{id}/plan")


class Store:
    """A journal in memory: ``order`` says when what was written."""

    def __init__(self, order):
        self.order, self.broken = order, False

    def journal(self, user, vehicle, kind, name, arguments):
        if self.broken:
            raise OSError("disk full")
        self.order.append(("journal", user, vehicle, kind, name, arguments))
        return {"id": 7}

    def finish(self, number, result, text=""):
        self.order.append(("finish", number, result, text))


class Yard:
    """A station of one live vehicle, flown by "ann", and one record."""

    def __init__(self, pilot="ann"):
        self.order, self.pilot = [], pilot
        self.fleet = Fleet()
        self.store = Store(self.order)
        self.vehicle = Vehicle("1", 1, family="px4")
        self.answer = {"result": "accepted", "text": "", "elapsed_s": 0.1}

        async def command(identity, name, arguments):
            self.order.append(("sent", identity, name))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        self.fleet.command = command

    def call(self, route, user="ann", roles=("pilot",), body=None, **path):
        async def run():
            for vehicle in (self.vehicle, Vehicle("r1", replay=True)):
                if vehicle.id not in self.fleet._vehicles:
                    self.fleet.adopt(vehicle)
            self.vehicle.pilot = self.vehicle.pilot or self.pilot
            watch = SimpleNamespace(tick=self.fleet.tick_item)
            station = SimpleNamespace(fleet=self.fleet, store=self.store, watch=watch)
            return await ROUTES[route].handler(
                station, Call(user, frozenset(roles), {"id": "1", **path}, {}, body or {}))
        return asyncio.run(run())


def test_a_command_is_on_record_before_it_is_sent_and_its_result_after():
    yard = Yard()
    assert yard.call(COMMAND, body={"name": "hold"}) == yard.answer
    assert yard.order == [("journal", "ann", "1", "command", "hold", {}), ("sent", "1", "hold"),
                          ("finish", 7, "accepted", "")]


def test_what_the_vehicle_answered_is_told_even_where_the_disk_does_not_take_it():
    yard = Yard()

    def full(number, result, text=""):
        raise Refusal("no room", 503)
    yard.store.finish = full
    assert yard.call(COMMAND, body={"name": "hold"}) == yard.answer
    yard.answer = Refusal("it has no such mode", 400)
    with pytest.raises(Refusal, match="no such mode"):
        yard.call(COMMAND, body={"name": "hold"})


def test_nothing_is_sent_where_the_journal_itself_fails():
    yard = Yard()
    yard.store.broken = True
    with pytest.raises(OSError):
        yard.call(COMMAND, body={"name": "hold"})
    assert yard.order == []


@pytest.mark.parametrize("error", [Refusal("no", 409, ("a", "b")), RuntimeError("bug")])
def test_what_goes_wrong_is_on_record_too(error):
    yard = Yard()
    yard.answer = error
    with pytest.raises(type(error)):
        yard.call(COMMAND, body={"name": "hold"})
    assert yard.order[-1][:3] == ("finish", 7, "failed")


@pytest.mark.parametrize("user, path, body, status", [
    ("bob", {}, {"name": "hold"}, 409), ("ann", {"id": "9"}, {"name": "hold"}, 404),
    ("ann", {"id": "r1"}, {"name": "hold"}, 409), ("ann", {}, {"name": "explode"}, 400),
    ("ann", {}, {}, 400), ("ann", {}, {"name": "hold", "arguments": []}, 400),
    ("ann", {}, {"name": "speed", "arguments": {"airspeed": -1}}, 400),
    ("ann", {}, {"name": "mode", "arguments": {"name": "Loop"}}, 400)])
def test_what_is_refused_is_neither_sent_nor_on_record(user, path, body, status):
    yard = Yard()
    with pytest.raises(Refusal) as refused:
        yard.call(COMMAND, user=user, body=body, **path)
    assert refused.value.status == status and yard.order == []


def test_commands_are_the_pilots_alone_a_commander_is_none():
    assert ROUTES[COMMAND].role == "pilot"
    yard = Yard()
    with pytest.raises(Refusal, match="ann flies"):
        yard.call(COMMAND, user="boss", roles=("pilot", "commander"), body={"name": "hold"})


@pytest.mark.parametrize("user, roles, flown, status", [
    ("ann", ("pilot",), True, None), ("boss", ("commander",), True, 409),
    ("boss", ("commander",), False, None), ("boss", ("commander", "pilot"), True, 409),
    ("bob", ("pilot",), True, 409), ("bob", ("pilot",), False, 409),
    ("eve", ("observer",), True, 403)])
def test_plans_are_the_pilots_and_while_nobody_flies_the_commanders(user, roles, flown, status):
    yard = Yard("ann" if flown else None)
    sent = []

    async def upload(identity, document):
        sent.append(identity)
        return {"same": True, "differences": []}
    yard.fleet.upload = upload
    if status is None:
        assert yard.call(PLAN, user=user, roles=roles, body={"document": {}})["same"]
        assert yard.order[0][3:5] == ("upload", "plan") and sent == ["1"]
    else:
        with pytest.raises(Refusal) as refused:
            yard.call(PLAN, user=user, roles=roles, body={"document": {}})
        assert refused.value.status == status and sent == yard.order == []


@pytest.mark.parametrize(("user", "roles", "flown", "status"), [
    ("ann", ("pilot",), True, None), ("boss", ("commander",), True, 409),
    ("boss", ("commander",), False, None), ("eve", ("observer",), True, 403)])
def test_parameters_are_set_by_who_flies(user, roles, flown, status):
    yard, sent = Yard("ann" if flown else None), []

    async def put(identity, name, value):
        sent.append((identity, name, value))
        return {"name": name, "value": value, "type": "float"}
    yard.fleet.set_parameter = put
    parameters = ("PUT", "/api/vehicles/{id}/parameters")
    if status is None:
        yard.call(parameters, user=user, roles=roles, body={"name": "RTL_ALT", "value": 300.0})
        assert sent == [("1", "RTL_ALT", 300.0)]
    else:
        with pytest.raises(Refusal) as refused:
            yard.call(parameters, user=user, roles=roles, body={"name": "RTL_ALT", "value": 300.0})
        assert refused.value.status == status and sent == []


def test_checks_and_alerts_are_for_whoever_flies_it_to_say():
    yard = Yard()
    yard.vehicle.alerts.status_text(1, "fire", 0.0, 0.0)
    for path, given in ((("POST", "/api/vehicles/{id}/checks"),
                         {"body": {"item": "fuel_caps", "ticked": True}}),
                        (("POST", "/api/vehicles/{id}/alerts/{key}/acknowledge"),
                         {"key": "status_text"})):
        with pytest.raises(Refusal, match="ann flies") as refused:
            yard.call(path, user="bob", **given)
        assert refused.value.status == 409
        yard.call(path, user="ann", **given)


def test_reading_needs_no_more_than_a_session():
    reading = [route for (method, path), route in ROUTES.items() if method == "GET"
               and "plan" not in path]
    assert {route.role for route in reading} == {"observer"}
    yard = Yard()
    rows = yard.call(("GET", "/api/quantities"))
    assert {"name", "unit", "meaning", "source", "panel"} == set(rows[0])
    assert yard.call(("GET", "/api/vehicles/{id}/trail"))["time_s"] == []
    assert yard.call(("GET", "/api/vehicles/{id}/parameters")) == []


def test_checks_and_alerts_are_told_to_everybody():
    yard, events = Yard(), []
    yard.fleet.on_event = events.append
    checks = ("POST", "/api/vehicles/{id}/checks")
    yard.call(checks, body={"item": "fuel_caps", "ticked": True})
    assert events[-1] == ["checks", "1", {"fuel_caps": True}]
    yard.call(checks, body={"item": "fuel_caps", "ticked": False})
    assert events[-1] == ["checks", "1", {}]
    acknowledge = ("POST", "/api/vehicles/{id}/alerts/{key}/acknowledge")
    with pytest.raises(Refusal):
        yard.call(acknowledge, key="stall")
    yard.vehicle.alerts.status_text(1, "fire", 0.0, 0.0)
    yard.call(acknowledge, key="status_text")
    assert events[-1][2][0]["acknowledged"]
    assert yard.order[-2:] == [
        ("journal", "ann", "1", "alert", "acknowledge", {"alert": "status_text"}),
        ("finish", 7, "accepted", "")]


def test_a_plan_aboard_is_told_as_the_contract_has_it():
    assert PlanAboard((), "download").as_dict() == {
        "count": 0, "digest": "e3b0c44298fc1c14", "items": [], "source": "download"}
