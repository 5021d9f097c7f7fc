"""The judge warns of ways through the caution and blackout zones of the magnetic model."""

import math

import numpy as np
import pytest
from pygeomag import GeoMag

from longwatch.aircraft.loader import load_datasheet
from longwatch.environment.wind import make_wind
from longwatch.planning import judge_file
from longwatch.planning.flight_plan import plan_flight

MISSION = """QGC WPL 110
0\t1\t0\t16\t0\t0\t0\t0\t{home[0]}\t{home[1]}\t30\t1
1\t0\t3\t22\t12\t0\t0\t0\t{first[0]}\t{home[1]}\t450\t1
2\t0\t3\t16\t0\t0\t0\t0\t{far[0]}\t{far[1]}\t1200\t1
3\t0\t3\t21\t0\t0\t0\t0\t{home[0]}\t{home[1]}\t0\t1
"""


def warnings(tmp_path, home, far):
    path = tmp_path / "polar.txt"
    path.write_text(MISSION.format(home=home, first=(home[0] + 0.05, 0), far=far))
    judgement = plan_flight(path, load_datasheet("tb2"), fuel_kg=100.0).judgement
    return [f for f in judgement.findings if "magnetic" in f.message]


@pytest.mark.parametrize(("home", "far", "zone"), [
    ((82.5, -62.3), (82.8, -60.0), "caution"),
    ((85.5, 140.0), (85.8, 138.0), "blackout"),
    ((-64.0, 136.0), (-63.7, 136.5), "blackout"),
])
def test_weak_fields_are_told_with_their_figure(tmp_path, home, far, zone):
    found, = warnings(tmp_path, home, far)
    assert found.severity == "warning" and zone in found.message
    told = float(found.message.split(" nT")[0].split()[-1])
    model = GeoMag(coefficients_file="wmm/WMM_2025.COF")
    ends = [model.calculate(glat=p[0], glon=p[1], alt=1.5, time=2026.5).h for p in (home, far)]
    assert told <= min(ends) + 1.0
    assert told > min(ends) - 600.0


def test_strong_fields_are_not_mentioned(tmp_path):
    assert not warnings(tmp_path, (60.0, 20.0), (60.3, 20.0))
    assert not warnings(tmp_path, (41.0, 28.0), (41.3, 28.0))


def test_no_caution_zone_lies_nearer_to_the_equator_than_is_looked_at():
    model = GeoMag(coefficients_file="wmm/WMM_2025.COF")
    for year in (2025.0, 2029.9):
        for latitude in (-50.0, -45.0, 50.0):
            weakest = min(model.calculate(glat=latitude, glon=float(longitude), alt=1.5,
                                          time=year).h for longitude in np.arange(-180, 180, 10))
            assert weakest > 6000.0


def test_over_a_pole_a_wind_is_ahead_where_it_was_behind(tmp_path):
    """Half of the way with it and half against it, whether it blows from the north or the south."""
    path, over = tmp_path / "polar.txt", []
    path.write_text(MISSION.format(home=(-89.4, 0.0), first=(-89.5, 0), far=(-89.4, 180.0)))
    for source in (0.0, math.pi):
        judged = judge_file(path, load_datasheet("tb2"), fuel_kg=100.0,
                            wind=make_wind(8.0, source))
        over.append(judged.numbers[1].ground_speed)
    # In 14 m/s aloft it would be 28 m/s one way less than the other.
    assert over[0] == pytest.approx(over[1], rel=0.02)


@pytest.mark.parametrize(("latitude", "refused"), [(-89.9, True), (89.95, True), (89.7, False)])
def test_no_runway_is_placed_at_a_pole(tmp_path, latitude, refused):
    path = tmp_path / "polar.txt"
    outward = latitude - math.copysign(0.05, latitude), 0
    path.write_text(MISSION.format(home=(latitude, 0.0), first=outward, far=(outward[0], 40.0)))
    judged = judge_file(path, load_datasheet("tb2"), fuel_kg=100.0)
    assert any("so near to a pole" in f.message for f in judged.errors) == refused
