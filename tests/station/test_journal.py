"""The journal as a table for spreadsheets."""

import asyncio
import csv
import io
from types import SimpleNamespace

import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call
from longwatch.station.store import Store
from longwatch.station.web import journal_routes

TABLE = next(route for route in journal_routes.ROUTES if route.path.endswith(".csv"))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path, wall=lambda: 1.7e9)
    yield store
    store.close()


def _asked(store, **query):
    call = Call("ann", frozenset(), {}, query, {})
    answer = asyncio.run(TABLE.handler(SimpleNamespace(store=store), call))
    assert answer.media_type == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_the_table_has_every_entry_the_oldest_first(store, monkeypatch):
    monkeypatch.setattr(journal_routes, "MOST", 2)
    store.about = lambda vehicle: ("north", 1.6e9)
    for number in range(5):
        store.journal("ann", str(number % 2), "command", "altitude", {"altitude_msl": number}, "x")
    rows = _asked(store)
    # Each figure says its unit; what the simulation is asked for has it in its name.
    assert [row["arguments"] for row in rows] == [
        f'{{"altitude_msl [m]": {n}}}' for n in range(5)]
    assert (rows[0]["time_utc"], rows[0]["vehicle_time_utc"], rows[0]["vehicle_name"]) == (
        "2023-11-14T22:13:20Z", "2020-09-13T12:26:40Z", "north")
    assert len(_asked(store, vehicle="1")) == 2
    with pytest.raises(Refusal, match="not limit"):
        _asked(store, limit="1")


def test_a_vehicle_is_found_by_the_names_that_it_had(store):
    for number, name in enumerate(["px4 1", "TB2 1", None, "TB2 1"]):
        store.about = lambda vehicle, name=name: (name, None)
        store.journal("ann", "1", "command", "hold", {}, "accepted", str(number))
    store.journal("ann", None, "session", "sign_in", {}, "accepted")
    store.about = lambda vehicle: (None, None)
    store.journal("ann", "2", "command", "hold", {}, "accepted", "of another")
    assert [(one["vehicle"], one["name"]) for one in store.vehicles()] == [
        ("1", "TB2 1"), ("1", "px4 1"), ("2", None)]
    # What is older than names belongs to every name of its vehicle.
    assert [row["text"] for row in _asked(store, vehicle="1", called="TB2 1")] == ["1", "2", "3"]
    assert [entry["text"] for entry in store.entries(vehicle="1", called="px4 1")] == ["2", "0"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", " =1"])
def test_no_cell_is_reckoned_as_a_formula(store, text):
    store.journal(text, None, "session", "sign_in", {}, "denied", text)
    row = _asked(store)[0]
    assert (row["user"], row["text"]) == (f"'{text}", f"'{text}")
