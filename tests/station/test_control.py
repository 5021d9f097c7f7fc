"""Who flies: one pilot a vehicle, on record, and free when he has gone."""

import pytest

from longwatch.station.web.control_routes import AWAY, Presence
from longwatch.station.web.hub import Client
from station.web_support import Clock, parts, running


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    with running(tmp_path_factory.mktemp("station")) as one:
        one.call(one.station.store.save_user, "bob", "hash", ["pilot"])
        one.call(one.station.store.save_user, "ola", "hash", ["observer"])
        yield one


@pytest.fixture(autouse=True)
def _free(station):
    for key in ("1", "2"):
        station.call(station.station.fleet.set_pilot, key, None)


def asked(station, user, roles, body, vehicle="1"):
    with station.client(*roles, user=user) as client:
        answer = client.post(f"/api/vehicles/{vehicle}/control", json=body)
        return answer.status_code, answer.json()


def last(station):
    (entry,) = station.call(station.station.store.entries, None, 1)
    return entry


def test_the_first_to_take_a_vehicle_has_it_until_he_gives_it_back(station):
    assert asked(station, "ann", ["pilot"], {"take": True}) == (200, {"pilot": "ann"})
    status, told = asked(station, "bob", ["pilot"], {"take": True})
    assert status == 409
    assert "ann" in told["error"]
    assert asked(station, "bob", ["pilot"], {"take": True}, "2") == (200, {"pilot": "bob"})
    assert asked(station, "ann", ["pilot"], {"take": False}) == (200, {"pilot": None})
    assert asked(station, "bob", ["pilot"], {"take": True}) == (200, {"pilot": "bob"})


def test_taking_and_giving_stand_in_the_journal_with_who_and_from_whom(station):
    asked(station, "ann", ["pilot"], {"take": True})
    asked(station, "ann", ["pilot"], {"give": "bob"})
    entry = last(station)
    assert (entry["user"], entry["vehicle"], entry["kind"], entry["name"], entry["arguments"]) == (
        "ann", "1", "control", "give", {"pilot": "bob", "before": "ann"})
    number = entry["id"]
    asked(station, "bob", ["pilot"], {"take": True})  # he has it already: nothing to record
    assert last(station)["id"] == number


def test_a_commander_gives_and_frees_whoever_has_it(station):
    asked(station, "ann", ["pilot"], {"take": True})
    assert asked(station, "cmd", ["commander"], {"give": "bob"}) == (200, {"pilot": "bob"})
    assert asked(station, "cmd", ["commander"], {"take": False}) == (200, {"pilot": None})


@pytest.mark.parametrize(("user", "roles", "body", "status"), [
    ("ola", ["observer"], {"take": True}, 403),
    ("ola", ["observer"], {"take": False}, 403),
    ("ola", ["observer"], {"give": "ola"}, 403),
    ("cmd", ["commander"], {"take": True}, 403),
    ("bob", ["pilot"], {"take": False}, 409),
    ("bob", ["pilot"], {"give": "bob"}, 403),
    ("ann", ["pilot"], {"give": "ola"}, 400),
    ("ann", ["pilot"], {"give": "nobody"}, 400),
    ("ann", ["pilot"], {}, 400),
    ("ann", ["pilot"], {"take": True, "give": "bob"}, 400),
    ("ann", ["pilot"], {"take": "yes"}, 400),
])
def test_what_is_not_his_to_say_changes_nothing(station, user, roles, body, status):
    asked(station, "ann", ["pilot"], {"take": True})
    before = last(station)["id"]
    assert asked(station, user, roles, body)[0] == status
    assert station.station.fleet.pilots == {"1": "ann", "2": None}
    assert last(station)["id"] == before


def test_a_vehicle_that_is_not_there(station):
    assert asked(station, "ann", ["pilot"], {"take": True}, "9")[0] == 404


def test_a_pilot_gone_for_a_minute_leaves_his_vehicles_free(tmp_path):
    from longwatch.station.config import Config
    from station.web_support import TableFleet

    clock, fleet = Clock(), TableFleet()
    station = parts(Config(tmp_path), fleet, Clock(1.8e9), clock)
    presence = Presence(station, clock)
    fleet.pilots.update({"1": "ann", "2": "bob"})
    ann, bob = (Client(name, name, frozenset({"pilot"})) for name in ("ann", "bob"))
    for client in (ann, bob):
        station.hub.join(client, {}, fleet)

    def passes(seconds):
        for _ in range(int(seconds)):
            clock.now += 1.0
            presence.look()

    passes(300)
    assert fleet.pilots == {"1": "ann", "2": "bob"}
    station.hub.leave(ann)
    passes(AWAY - 1)
    again = Client("ann", "ann", frozenset({"pilot"}))
    station.hub.join(again, {}, fleet)  # a page that was loaded anew
    passes(5)
    station.hub.leave(again)
    passes(AWAY)
    assert fleet.pilots == {"1": "ann", "2": "bob"}
    passes(1)
    assert fleet.pilots == {"1": None, "2": "bob"}
    (entry,) = station.store.entries(limit=1)
    assert (entry["user"], entry["vehicle"], entry["name"], entry["arguments"]["before"]) == (
        "station", "1", "freed", "ann")
    station.store.close()
