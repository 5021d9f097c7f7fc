"""Quantities over the last hours: within bounds, decimated without losing a peak."""

import asyncio
from types import SimpleNamespace

import numpy as np
import pytest

from longwatch.station.refusal import Refusal
from longwatch.station.routing import Call
from longwatch.station.vehicles import routes
from longwatch.station.vehicles.history import (
    COARSE_KEPT,
    FINE_KEPT,
    LONGEST_S,
    MOST_VEHICLES,
    Histories,
    History,
)
from longwatch.station.vehicles.quantities import INDEX, QUANTITIES
from longwatch.station.vehicles.vehicle import Vehicle

UTC = 1.6e9


def row(**values):
    found = [None] * len(QUANTITIES)
    for name, value in values.items():
        found[INDEX[name]] = value
    return found


def filled(seconds, value, step=1):
    history = History()
    for second in range(0, seconds, step):
        history.take(UTC + second, row(airspeed=value(second), mode="hold"))
    return history


def test_the_last_minutes_are_kept_second_by_second():
    told = filled(900, float).read("airspeed", 600.0, 2000)
    assert told["least"] == told["most"] == [float(n) for n in range(299, 900)]
    assert told["time_s"][0] == UTC + 299 and told["time_s"][-1] == UTC + 899


def test_no_peak_is_lost_over_27_hours_and_the_answer_is_small():
    def value(second):
        return 99.0 if second == 20_000 else -5.0 if second == 70_005 else 30.0

    told = filled(int(LONGEST_S), value, step=5).read("airspeed", LONGEST_S, 600)
    assert len(told["time_s"]) <= 602
    assert max(told["most"]) == 99.0 and min(told["least"]) == -5.0
    at = told["most"].index(99.0)
    assert abs(told["time_s"][at] - (UTC + 20_000)) <= LONGEST_S / 600
    assert told["time_s"][-1] >= UTC + LONGEST_S - LONGEST_S / 600
    assert np.all(np.diff(told["time_s"]) > 0.0)


def test_what_is_older_gives_way_and_memory_is_bounded():
    history = filled(16_000, float)
    assert history._fine.count == FINE_KEPT and history._coarse.count <= COARSE_KEPT
    assert history._fine._rows.nbytes + history._coarse._rows.nbytes < 11.5e6
    hour = history.read("airspeed", 3600.0, 2000)
    assert hour["least"][0] == pytest.approx(12_399, abs=3)
    day = history.read("airspeed", LONGEST_S, 2000)
    assert day["least"][0] == 0.0 and day["most"][-1] == 15_999.0


def test_where_nothing_came_the_line_is_broken():
    history = filled(100, lambda second: 1.0)
    for second in range(300, 400):
        history.take(UTC + second, row(airspeed=2.0))
    told = history.read("airspeed", 600.0, 600)
    assert told["least"].count(None) == 1
    assert told["time_s"][told["least"].index(None)] == pytest.approx(UTC + 199.5, abs=2.0)


def test_a_clock_that_goes_back_takes_what_was_not_along():
    history = filled(1000, float)
    history.take(UTC + 500.0, row(airspeed=-1.0))
    history.take(UTC + 501.0, row(airspeed=-2.0))
    told = history.read("airspeed", 1000.0, 2000)
    assert told["time_s"][-3:] == [UTC + 499.0, UTC + 500.0, UTC + 501.0]
    assert told["least"][-3:] == [499.0, -1.0, -2.0]


def test_texts_are_no_curve_and_truths_are_steps():
    history = History()
    for second in range(20):
        history.take(UTC + second, row(armed=second >= 10, mode="hold"))
    assert history.read("mode", 60.0, 60)["time_s"] == []
    assert history.read("armed", 60.0, 60)["most"] == [0.0] * 10 + [1.0] * 10


def test_a_fast_simulation_keeps_all_its_hours():
    history = History()
    for second in range(2000):
        history.take(UTC + 60.0 * second, row(airspeed=float(second)))
    told = history.read("airspeed", LONGEST_S, 2000)
    assert None not in told["least"] and told["least"][-1] == 1999.0
    assert told["time_s"][0] <= UTC + 60.0 * 1999 - LONGEST_S + 120.0


def vehicle(key, pilot=None):
    found = Vehicle(key, 1)
    found.pilot = pilot
    found.set("airspeed", 30.0)
    return found


def test_a_crowd_of_strangers_takes_no_memory_from_who_is_flown():
    histories = Histories()
    for number in range(200):
        histories.take(vehicle(str(number)), UTC)
    assert len(histories._kept) == MOST_VEHICLES
    flown = vehicle("flown", "ann")
    histories.take(flown, UTC)
    for number in range(200, 400):
        histories.take(vehicle(str(number)), UTC)
    assert len(histories._kept) == MOST_VEHICLES
    assert histories.read("flown", ["airspeed"], 60.0, 60)["series"]["airspeed"]["most"] == [30.0]


def test_a_lost_vehicle_draws_no_line():
    histories, one = Histories(), vehicle("1")
    histories.take(one, UTC)
    one.set("link_state", "lost")
    histories.take(one, UTC + 50.0)
    assert histories.read("1", ["airspeed"], 600.0, 60)["now_s"] == UTC


@pytest.mark.parametrize("query", [
    {}, {"names": "nothing"}, {"names": ",".join(["airspeed"] * 9)},
    {"names": "roll", "points": "x"}, {"names": "roll", "seconds": "nan"},
    {"names": "roll", "seconds": "1e9"},
    {"names": "roll", "points": "1"}, {"names": "roll", "points": "99999"}])
def test_what_cannot_be_asked_is_refused(query):
    handler = next(r.handler for r in routes.ROUTES if r.path.endswith("/history"))
    fleet = SimpleNamespace(find=lambda key: vehicle("1"), histories=Histories())
    with pytest.raises(Refusal):
        asyncio.run(handler(SimpleNamespace(fleet=fleet),
                            Call("a", frozenset(), {"id": "1"}, query)))
