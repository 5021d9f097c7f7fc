"""The way between items against plane geometry."""

import math

import pytest

from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.planning.circles import (
    Lap,
    laps_on,
    settling_time,
    turn_lag,
    way_after_turn,
    way_to_circle,
)

CENTRE = math.radians(41.0), math.radians(28.0)
RADIUS = 2000.0


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_circle_is_joined_on_its_tangent(side):
    start = destination(*CENTRE, math.radians(250.0), 10_000.0)
    way = way_to_circle(start, CENTRE, RADIUS, side)
    assert way.length == pytest.approx(math.sqrt(10_000.0**2 - RADIUS**2), abs=1.0)
    assert distance_and_bearing(*start, *way.place)[0] == pytest.approx(way.length, abs=5.0)
    assert distance_and_bearing(*CENTRE, *way.place)[0] == pytest.approx(RADIUS, abs=1.0)
    # There the way in runs along the circle, clockwise with the centre to the right.
    come = distance_and_bearing(*way.place, *start)[1] + math.pi
    assert math.remainder(come - way.course, 2 * math.pi) == pytest.approx(0.0, abs=0.002)
    # It counts as joined where it is a tenth of the radius and 50 m away.
    assert math.cos(way.lead) == pytest.approx(RADIUS / (1.1 * RADIUS + 50.0))


def test_a_circle_beside_the_way_is_joined_where_the_turn_leads():
    """On it and flying straight away from its centre: out, round by a quarter, and in again."""
    start = destination(*CENTRE, 0.0, RADIUS)
    way = way_after_turn(start, 0.0, 500.0, CENTRE, RADIUS, 1.0, 0.0)
    # The quarter turn ends 500 m beyond and beside: sqrt(2500^2 + 500^2 - 2000^2) m of tangent.
    out = math.hypot(2500.0, 500.0)
    tangent = math.sqrt(out**2 - RADIUS**2)
    assert way.length == pytest.approx(250.0 * math.pi + tangent, rel=0.001)
    assert way.bearing == pytest.approx(math.atan2(500.0, 2500.0) + math.acos(RADIUS / out),
                                        abs=0.002)
    # Where the turn is flown before, or there is none, the tangent begins at once.
    assert way_after_turn(start, 0.0, 500.0, CENTRE, RADIUS, 1.0, 2.0).length == 0.0


@pytest.mark.parametrize(("rise", "rate"), [(600.0, 10.0), (-600.0, 4.0), (50.0, 10.0),
                                            (-3.0, 4.0)])
def test_an_altitude_is_neared_ever_slower(rise, rate):
    """Against the law of flight: what is left over 8 s, no more than the rate, to within 10 m."""
    left, taken, step = abs(rise), 0.0, 0.01
    while left > 10.0:
        left -= min(rate, left / 8.0) * step
        taken += step
    assert abs(rise) / rate + settling_time(rise, rate, 8.0) == pytest.approx(taken, abs=0.05)


def test_a_circle_that_it_stands_on_is_joined_there():
    start = destination(*CENTRE, 1.0, 1.05 * RADIUS)
    way = way_to_circle(start, CENTRE, RADIUS, 1.0)
    assert (way.length, way.lead) == (0.0, 0.0)
    assert way.bearing == pytest.approx(1.0, abs=1e-3)


def test_a_circle_from_inside_is_flown_to_at_the_steepest_intercept():
    way = way_to_circle(CENTRE, CENTRE, RADIUS, 1.0)
    assert way.length == pytest.approx((0.9 * RADIUS - 50.0) / math.sin(1.05))


def test_a_turn_back_adds_a_half_circle_and_the_way_back_to_the_line():
    assert turn_lag(0.0, 500.0, True) == 0.0
    assert turn_lag(math.pi, 500.0, False) == pytest.approx(500.0 * math.pi)
    # Two radii beside the line, led back at 1.05 rad: that much longer than along it.
    beside = 1000.0 * (1.0 - math.cos(1.05)) / math.sin(1.05)
    assert turn_lag(math.pi, 500.0, True) == pytest.approx(500.0 * math.pi + beside)


def test_a_lap_in_wind_is_slow_where_it_heads_into_it():
    calm = Lap(40.0, RADIUS, 1.0, 0.0, (0.0, 0.0))
    assert calm.whole == pytest.approx(2 * math.pi * RADIUS / 40.0)
    assert calm.flown(2.25 * calm.whole) == pytest.approx(2.25)
    # From the west side, clockwise, the half over the north runs east: downwind in a wind from
    # the west, 60 m/s to 20.
    windy = Lap(40.0, RADIUS, 1.0, -math.pi / 2, (0.0, 20.0))
    assert windy.time(0.5) < 0.45 * windy.whole < 0.55 * windy.whole
    assert windy.whole > calm.whole
    assert windy.flown(windy.time(1.3)) == pytest.approx(1.3)


@pytest.mark.parametrize(("share", "laps", "on"), [
    (0.3, 0.1, 0.2),   # the exit is still ahead
    (0.3, 0.6, 0.7),   # and once it is past, a lap less what is past
    (0.99, 0.0, 0.0),  # just passed on joining: it is left at once
    (0.11, 0.1, 1.01)])  # so near that it may be missed: a lap more
def test_a_circle_is_flown_on_to_its_exit(share, laps, on):
    assert laps_on(share, laps) == pytest.approx(on)
