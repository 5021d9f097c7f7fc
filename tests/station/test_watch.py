"""The crew's watch: timers by the vehicle's clock, checks that repeat, notes that are signed."""

import asyncio
import shutil
from types import SimpleNamespace

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call
from longwatch.station.store import Store
from longwatch.station.vehicles import routes as vehicle_routes
from longwatch.station.vehicles.alerts import Alerts
from longwatch.station.vehicles.fleet import Fleet
from longwatch.station.vehicles.vehicle import Vehicle
from longwatch.station.watch import routes
from longwatch.station.watch.watch import MOST_TIMERS, SETTLED, Watch

ROUTES = {(route.method, route.path): route.handler
          for route in (*routes.ROUTES, *vehicle_routes.ROUTES)}
DAWN = 1.6e9  # UTC of the simulated day


class Yard:
    """A station of one vehicle with a clock of its own; the station's stands at 1.8e9."""

    def __init__(self, folder):
        self.folder, self.now, self.wall, self.told = folder, 100.0, 1.8e9, []
        self.vehicle = Vehicle("1", 1, family="px4")
        self.vehicle.boot = 10.0
        self.clock(DAWN)
        self.start()

    def start(self):
        """The station begins, or begins anew."""
        self.store = Store(self.folder, lambda: self.wall)
        self.fleet = Fleet()
        self.fleet._vehicles["1"] = self.vehicle
        self.fleet.now = lambda: self.now
        self.store.about = self.fleet.about
        self.fleet.on_event = self.told.append
        self.watch = Watch(self.store, self.fleet, self.told.append, lambda: self.wall)
        self.watch.look(self.now)

    def again(self):
        """A station that was killed, and a vehicle that it meets anew."""
        self.store.close()
        self.vehicle = Vehicle("1", 1, family="px4")
        self.vehicle.boot = 5000.0
        self.start()

    def clock(self, utc):
        self.vehicle.values[self.index("time_utc_s")] = utc

    @staticmethod
    def index(name):
        from longwatch.station.vehicles.quantities import INDEX
        return INDEX[name]

    def landed(self, state):
        self.vehicle.values[self.index("landed_state")] = state

    def passes(self, seconds, steps=1):
        """Time of the vehicle, at once or in steps of a station's second each."""
        for _ in range(steps):
            self.now += 1.0
            self.wall += 1.0
            self.vehicle.heard = self.now
            self.vehicle.boot += seconds / steps
            self.clock(self.vehicle.number("time_utc_s") + seconds / steps)
            self.watch.look(self.now)

    def ask(self, method, path, body=None, user="ann", roles=("pilot",), **parts):
        station = SimpleNamespace(fleet=self.fleet, store=self.store, watch=self.watch)
        return asyncio.run(ROUTES[method, path](
            station, Call(user, frozenset(roles), {"id": "1", **parts}, {}, body or {})))

    def timer(self):
        (timer,) = self.watch.told()
        return timer

    def due(self):
        return self.vehicle.number("timers_due")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A folder with the database of a station that has nothing: to make one takes longer."""
    folder = tmp_path_factory.mktemp("empty")
    Store(folder).close()
    return folder


@pytest.fixture
def yard(tmp_path, empty):
    yard = Yard(shutil.copytree(empty, tmp_path / "station"))
    yield yard
    yard.store.close()


SET = ("POST", "/api/vehicles/{id}/timers")
DONE = ("POST", "/api/timers/{number}/done")
DELETE = ("DELETE", "/api/timers/{number}")
TICK = ("POST", "/api/vehicles/{id}/checks")
COMPLETE = ("POST", "/api/vehicles/{id}/checklists/{checklist}/complete")
WRITE, SIGN = ("POST", "/api/notes"), ("POST", "/api/notes/{number}/sign")


def test_a_timer_goes_by_the_vehicles_clock_and_calls_once_due(yard):
    number = yard.ask(*SET, {"name": "Transfer fuel", "period_s": 600.0})["id"]
    assert yard.timer()["due_s"] == DAWN + 600.0
    yard.passes(599.0)
    assert yard.due() is None
    yard.passes(2.0)
    assert yard.due() == "Transfer fuel" and yard.timer()["due"]
    alerts = Alerts()
    alerts.evaluate(yard.vehicle.number, 0.0, 0.0)
    assert [(a["key"], a["severity"]) for a in alerts.as_list()] == [("timer_due", "advisory")]
    yard.ask(*DONE, number=str(number))
    yard.passes(1.0)
    assert yard.due() is None and yard.watch.told() == []
    assert [(e["kind"], e["name"], e["vehicle_time_s"]) for e in yard.store.entries()] == [
        ("timer", "done", DAWN + 601.0), ("timer", "set", DAWN)]


def test_what_is_due_calls_again_where_another_was_acknowledged(yard):
    yard.ask(*SET, {"name": "first", "period_s": 60.0})
    yard.ask(*SET, {"name": "second", "period_s": 120.0})
    alerts = yard.vehicle.alerts

    def told():
        alerts.evaluate(yard.vehicle.number, yard.now, yard.wall)
        return [(a["values"]["timers_due"], a["acknowledged"]) for a in alerts.as_list()
                if a["key"] == "timer_due"]

    yard.passes(61.0)
    assert told() == [("first", False)]
    alerts.acknowledge("timer_due")
    yard.passes(1.0)
    assert told() == [("first", True)]
    yard.passes(60.0)
    assert told() == [("first; second", False)]


def test_a_repeating_timer_begins_anew_when_it_was_done(yard):
    number = yard.ask(*SET, {"name": "Sweep", "period_s": 60.0, "repeats": True})["id"]
    yard.passes(90.0)
    yard.ask(*DONE, number=str(number))
    assert yard.timer()["due_s"] == DAWN + 150.0 and not yard.timer()["due"]


def test_timers_and_ticks_outlive_the_station(yard):
    yard.ask(*SET, {"name": "Sweep", "period_s": 7200.0})
    yard.ask(*TICK, {"item": "cruise.fuel_plan", "ticked": True})
    yard.ask(*TICK, {"item": "cruise.gnss", "ticked": True})
    yard.ask(*TICK, {"item": "cruise.gnss", "ticked": False})
    yard.again()
    yard.clock(DAWN + 3600.0)
    yard.passes(1.0)
    assert yard.timer()["due_s"] == DAWN + 7200.0
    assert yard.vehicle.checks == {"cruise.fuel_plan": True}
    assert ["checks", "1", {"cruise.fuel_plan": True}] in yard.told


@pytest.mark.parametrize("how", ["clock set on", "gone back with a snapshot", "begun anew"])
def test_a_clock_that_is_set_leaves_what_was_left(yard, how):
    yard.passes(5000.0)
    yard.ask(*SET, {"name": "Sweep", "period_s": 600.0})
    yard.passes(100.0)
    if how == "clock set on":
        yard.clock(DAWN + 9e6)
    elif how == "gone back with a snapshot":
        yard.clock(DAWN + 2000.0)
        yard.vehicle.boot -= 3100.0
    else:
        yard.clock(DAWN)
        yard.vehicle.boot = 0.5
    yard.passes(1.0)
    left = yard.timer()["due_s"] - yard.vehicle.number("time_utc_s")
    assert left == pytest.approx(500.0, abs=2.5)


def test_a_clock_that_went_back_while_no_station_ran_leaves_a_period_at_most(yard):
    yard.passes(50_000.0)
    yard.ask(*SET, {"name": "Sweep", "period_s": 600.0})
    yard.again()
    yard.clock(DAWN)
    yard.passes(1.0)
    assert yard.timer()["due_s"] - yard.vehicle.number("time_utc_s") == pytest.approx(600.0, abs=2)


def test_a_fast_simulation_is_no_clock_that_is_set(yard):
    yard.vehicle.time_scale = 200.0
    yard.ask(*SET, {"name": "Sweep", "period_s": 3000.0})
    yard.passes(3001.0, steps=15)
    assert yard.due() == "Sweep"


def test_a_vehicle_without_a_clock_goes_by_the_stations(yard):
    yard.clock(None)
    yard.watch.look(yard.now)
    yard.ask(*SET, {"name": "Sweep", "period_s": 600.0})
    assert (yard.timer()["due_s"], yard.timer()["clock"]) == (yard.wall + 600.0, "station")
    yard.wall += 601.0
    yard.watch.look(yard.now)
    assert yard.due() == "Sweep"


def test_a_lost_vehicles_timers_go_on(yard):
    yard.ask(*SET, {"name": "Sweep", "period_s": 60.0})
    yard.vehicle.values[yard.index("link_state")] = "lost"
    for _ in range(61):
        yard.now += 1.0
        yard.watch.look(yard.now)
    assert yard.due() == "Sweep"


def test_the_hourly_check_runs_from_the_take_off_to_the_landing(yard):
    yard.landed("on_ground")
    yard.passes(10.0, SETTLED)
    assert yard.watch.told() == []
    yard.landed("in_air")
    yard.passes(10.0, SETTLED)
    assert (yard.timer()["checklist"], yard.timer()["period_s"]) == ("cruise", 3600.0)
    left = yard.timer()["due_s"] - yard.vehicle.number("time_utc_s")
    assert left == pytest.approx(3600.0)
    yard.passes(3700.0)
    assert yard.due() == "cruise"
    yard.ask(*TICK, {"item": "cruise.fuel_plan", "ticked": True})
    yard.ask(*TICK, {"item": "before_landing.runway_clear", "ticked": True})
    yard.ask(*COMPLETE, {"left_open": ["fuel_landing"]}, checklist="cruise")
    assert yard.timer()["due_s"] == yard.vehicle.number("time_utc_s") + 3600.0
    assert yard.vehicle.checks == {"before_landing.runway_clear": True}
    entry = yard.store.entries()[0]
    assert (entry["kind"], entry["name"], entry["arguments"]) == (
        "check", "complete", {"checklist": "cruise", "left_open": ["fuel_landing"]})
    # Another period holds for the next flight too; on the ground nothing is due.
    yard.ask(*SET, {"checklist": "cruise", "period_s": 1800.0})
    yard.landed("on_ground")
    yard.passes(4000.0, SETTLED)
    assert yard.timer()["due_s"] is None and yard.due() is None
    yard.landed("in_air")
    yard.passes(10.0, SETTLED)
    assert yard.timer()["due_s"] == yard.vehicle.number("time_utc_s") + 1800.0


def test_a_check_that_the_crew_stopped_stays_so_until_the_next_flight(yard):
    yard.landed("in_air")
    yard.passes(10.0, SETTLED)
    yard.ask(*DELETE, number=str(yard.timer()["id"]))
    yard.passes(9000.0, 20)
    assert yard.timer()["due_s"] is None and yard.due() is None


def test_a_vehicle_that_flickers_writes_nothing(yard, monkeypatch):
    wrote = []
    monkeypatch.setattr(yard.store, "_write", wrote.append)
    for turn in range(50):
        yard.landed("in_air" if turn % 2 else "on_ground")
        yard.passes(1.0)
    assert wrote == []


@pytest.mark.parametrize(("path", "body", "parts"), [
    (SET, {"name": "a", "period_s": 60.0}, {}), (DONE, {}, {"number": "1"}),
    (DELETE, {}, {"number": "1"}), (COMPLETE, {}, {"checklist": "cruise"}),
    (WRITE, {"text": "a"}, {}), (SIGN, {}, {"number": "1"})])
def test_observers_read_and_change_nothing(yard, path, body, parts):
    yard.ask(*SET, {"name": "a", "period_s": 60.0})
    yard.ask(*WRITE, {"text": "a"})
    before = len(yard.store.entries())
    with pytest.raises(Refusal) as refused:
        yard.ask(*path, body, user="ola", roles=("observer",), **parts)
    assert refused.value.status == 403 and len(yard.store.entries()) == before
    assert yard.ask("GET", "/api/timers", roles=("observer",))
    assert yard.ask("GET", "/api/notes", roles=("observer",))


@pytest.mark.parametrize("body", [
    {"name": "", "period_s": 60.0}, {"name": "x" * 61, "period_s": 60.0}, {"period_s": 60.0},
    {"name": "a", "period_s": 1.0}, {"name": "a", "period_s": float("nan")},
    {"name": "a", "period_s": 1e9}, {"name": "a", "checklist": "cruise", "period_s": 60.0},
    {"checklist": "../x", "period_s": 60.0}])
def test_timers_that_are_none_are_refused(yard, body):
    with pytest.raises(Refusal) as refused:
        yard.ask(*SET, body)
    assert refused.value.status == 400 and yard.watch.told() == []


def test_timers_are_bounded(yard):
    for number in range(MOST_TIMERS):
        yard.ask(*SET, {"name": str(number), "period_s": 60.0})
    with pytest.raises(Refusal, match="too many timers"):
        yard.ask(*SET, {"name": "more", "period_s": 60.0})


def test_another_pilots_checklist_is_not_completed(yard):
    yard.vehicle.pilot = "bob"
    with pytest.raises(Refusal, match="bob flies"):
        yard.ask(*COMPLETE, {}, checklist="cruise")


def test_a_note_is_signed_once_by_whom_and_when_with_both_clocks(yard):
    yard.ask(*WRITE, {"text": "Left magneto\nrough\x07", "vehicle": "1"})
    number = yard.ask(*WRITE, {"text": "Generator fuel low"}, user="cmd",
                      roles=("commander",))["id"]
    assert [note["text"] for note in yard.told[-1][1]] == [
        "Generator fuel low", "Left magneto\nrough"]
    yard.passes(30.0)
    yard.ask(*SIGN, user="bob", number="1")
    signed = yard.store.note(1)
    assert (signed["by"], signed["vehicle_time_s"]) == ("ann", DAWN)
    assert (signed["signed_by"], signed["signed_s"], signed["signed_vehicle_time_s"]) == (
        "bob", yard.wall, DAWN + 30.0)
    entry = yard.store.entries()[0]
    assert (entry["user"], entry["kind"], entry["name"], entry["arguments"]) == (
        "bob", "note", "sign", {"note": 1, "text": "Left magneto\nrough"})
    with pytest.raises(Refusal, match="bob signed it already"):
        yard.ask(*SIGN, user="ann", number="1")
    with pytest.raises(Refusal, match="stays on record"):
        yard.ask("DELETE", "/api/notes/{number}", number="1")
    with pytest.raises(Refusal, match="cmd wrote it"):
        yard.ask("DELETE", "/api/notes/{number}", number=str(number))
    yard.again()
    assert [note["signed_by"] for note in yard.store.notes()] == [None, "bob"]
    yard.ask("DELETE", "/api/notes/{number}", user="cmd", roles=("commander",), number=str(number))
    assert [note["id"] for note in yard.store.notes()] == [1]
