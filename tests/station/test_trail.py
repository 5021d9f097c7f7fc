"""Trails: dense where they are new, thin where they are old, bounded for a whole watch."""

import itertools

from longwatch.station.vehicles.trail import Trail


def flown(seconds, rate=10.0, trail=None, start=0.0):
    trail = trail or Trail()
    for i in range(round(seconds * rate)):
        t = start + i / rate
        trail.add(t, 41.0 + t * 1e-5, 28.0, 1000.0)
    return trail


def test_spacing_grows_with_age():
    times = flown(7200.0).as_dict()["time_s"]
    now = times[-1]
    gaps = [(now - b, b - a) for a, b in itertools.pairwise(times)]
    assert times == sorted(times)
    assert max(gap for age, gap in gaps if age < 110.0) <= 0.51
    assert all(4.9 <= gap <= 5.6 for age, gap in gaps if 130.0 < age < 1700.0)
    assert all(59.9 <= gap <= 66.0 for age, gap in gaps if age > 1900.0)


def test_a_day_and_more_stays_small_and_whole():
    trail = flown(27.5 * 3600.0, rate=2.0)
    points = trail.as_dict()
    assert len(trail) < 2500
    assert points["time_s"][0] < 60.0 and len(points["latitude_deg"]) == len(trail)
    assert points["latitude_deg"][0] < 41.001


def test_time_that_went_back_takes_what_came_later_away():
    trail = flown(600.0)
    trail.add(300.0, 50.0, 10.0, None)
    points = trail.as_dict()
    assert points["time_s"][-1] == 300.0 and points["altitude_msl"][-1] is None
    assert points["time_s"][-2] < 300.0
    assert flown(10.0, trail=trail, start=301.0).as_dict()["time_s"][-1] > 310.0
