"""How close aircraft of the fleet come: against straight lines worked out by hand."""

import pytest

from longwatch.station.vehicles.separation import monitor
from longwatch.station.vehicles.vehicle import Vehicle

DEGREE = 111_045.0  # of latitude at 41 N [m], WGS84
FOOT = 0.3048


def aircraft(name, north=0.0, height=1000.0, velocity=(0.0, 0.0, 0.0), **values):
    v = Vehicle(name, name=name)
    for key, value in {
            "landed_state": "in_air", "link_state": "up", "latitude_deg": 41.0 + north / DEGREE,
            "longitude_deg": 28.0, "altitude_msl": height, "velocity_north": velocity[0],
            "velocity_east": velocity[1], "climb_rate": velocity[2], **values}.items():
        v.set(key, value)
    return v


def level(*vehicles):
    monitor(vehicles)
    return [v.number("traffic") for v in vehicles]


@pytest.mark.parametrize("feet, above, found", [
    (3900.0, 0.0, "close"), (4100.0, 0.0, "none"),
    (0.0, 440.0, "close"), (0.0, 460.0, "none"), (3900.0, 440.0, "close")])
def test_well_clear_is_4000_ft_on_the_ground_or_450_ft_in_height(feet, above, found):
    pair = aircraft("a"), aircraft("b", feet * FOOT, 1000.0 + above * FOOT)
    assert level(*pair) == [found, found]


@pytest.mark.parametrize("seconds, found", [
    (20.0, "close"), (24.0, "close"), (31.0, "near"), (50.0, "near"), (56.0, "none")])
def test_head_on_the_alert_comes_by_the_time_left_until_they_are_too_close(seconds, found):
    # 80 m/s between them.
    apart = 4000.0 * FOOT + 80.0 * seconds
    a = aircraft("a", velocity=(40.0, 0.0, 0.0))
    b = aircraft("b", apart, velocity=(-40.0, 0.0, 0.0))
    assert level(a, b) == [found, found]


def test_who_flies_away_or_side_by_side_or_passes_above_is_not_told():
    a = aircraft("a", velocity=(-40.0, 0.0, 0.0))
    assert level(a, aircraft("b", 1300.0, velocity=(40.0, 0.0, 0.0))) == ["none", "none"]
    assert level(a, aircraft("b", 1300.0, velocity=(-40.0, 0.0, 0.0))) == ["none", "none"]
    # Over it in 30 s, but climbing away at 5 m/s: 290 m above by then.
    b = aircraft("b", 2400.0, 1140.0, (-80.0, 0.0, 5.0))
    assert level(aircraft("a"), b) == ["none", "none"]


def test_a_descent_onto_another_is_told_before():
    # 300 m above it, 5 m/s down: 137.16 m are left after 32.6 s.
    a, b = aircraft("a"), aircraft("b", 0.0, 1300.0, (0.0, 0.0, -5.0))
    assert level(a, b) == ["near", "near"]


def test_each_is_told_of_the_worst_with_its_distance_and_height():
    a, b, c = aircraft("a"), aircraft("b", 1000.0, 1050.0), aircraft("c", -700.0, 980.0)
    monitor([a, b, c])
    assert (a.number("traffic_name"), b.number("traffic_name"), c.number("traffic_name")) == (
        "c", "a", "a")
    assert a.number("traffic_distance") == pytest.approx(700.0, rel=2e-3)
    assert (a.number("traffic_height"), c.number("traffic_height")) == (-20.0, 20.0)


@pytest.mark.parametrize("state", [
    {"landed_state": "on_ground"}, {"link_state": "lost"}, {"latitude_deg": None}])
def test_who_is_not_flying_or_not_known_is_not_told_of(state):
    a, b = aircraft("a"), aircraft("b", 100.0, **state)
    assert level(a, b) == ["none", "none"]
    assert a.number("traffic_name") is None
