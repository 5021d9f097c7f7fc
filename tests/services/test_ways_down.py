"""The ways home and down, as NAMED_VALUE_FLOAT and as the station reads them."""

import math

import pytest

from longwatch.mavlink.dialect import mavlink
from longwatch.mavlink.frames import Frame, encode
from longwatch.station.vehicles.vehicle import Vehicle
from services.harness import Bench, live

NAMED = mavlink.MAVLINK_MSG_ID_NAMED_VALUE_FLOAT
QUANTITY = {"time_home": "time_home_s", "dist_home": "way_home", "fuel_home": "fuel_home_kg",
            "time_land": "time_down_s", "dist_land": "way_down", "fuel_land": "fuel_down_kg"}


@pytest.fixture(scope="module")
def simulation():
    return live()


def told(bench):
    """Six messages, by name."""
    messages = [bench.component.provide(NAMED) for _ in range(6)]
    return {m.name.rstrip(b"\0").decode() if isinstance(m.name, bytes) else m.name: m
            for m in messages}


def test_six_figures_take_turns_in_flight_and_none_is_told_on_the_ground(simulation):
    bench, autopilot = Bench(simulation=simulation), simulation.state.autopilot
    autopilot.estimate.gauges.weight_on_wheels = True
    assert bench.component.provide(NAMED) is None
    autopilot.estimate.gauges.weight_on_wheels = False
    figures = autopilot.failsafe.fuel
    figures.time_home, figures.distance_home, figures.fuel_home = 1303.0, 41_500.0, 3.25
    figures.time_down, figures.distance_down, figures.fuel_down = 1e7, 1e7, 1e7
    found = told(bench)
    assert set(found) == set(QUANTITY)
    assert [found[name].value for name in ("time_home", "dist_home", "fuel_home")] == [
        1303.0, 41_500.0, 3.25]
    assert all(math.isnan(found[name].value) for name in ("time_land", "dist_land", "fuel_land"))
    autopilot.estimate.gauges.weight_on_wheels = True


@pytest.mark.parametrize("own", [True, False])
def test_the_station_shows_what_its_own_aircraft_tell_and_nothing_of_others(monkeypatch, own):
    monkeypatch.setattr(Vehicle, "own", property(lambda vehicle: own))
    vehicle = Vehicle("1", 1, family="px4")
    for second, (name, value) in enumerate((("time_home", 1303.0), ("dist_home", 41_500.0),
                                            ("fuel_home", 3.25), ("dist_land", math.nan))):
        message = mavlink.MAVLink_named_value_float_message(0, name.encode(), value)
        vehicle.take(Frame(encode(message, 1, 1)).message, float(second))
    shown = [vehicle.number(name) for name in ("time_home_s", "way_home", "fuel_home_kg",
                                               "way_down")]
    assert shown == ([1303.0, 41_500.0, 3.25, None] if own else [None] * 4)
