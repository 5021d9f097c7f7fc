"""Missions laid out for a live aircraft: from where it is, by the runway it stands on."""

import math
from pathlib import Path

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.earth.geodesics import destination
from longwatch.environment.runways import known_runways
from longwatch.environment.terrain import no_terrain
from longwatch.environment.wind import make_wind
from longwatch.planning.air import ProfileAir
from longwatch.planning.judge import judge
from longwatch.planning.live import (
    Situation,
    finding_text,
    findings,
    lay_out,
    resolve_live,
)
from longwatch.planning.mission import Home, Mission, MissionItem
from longwatch.planning.resolve import resolve
from longwatch.planning.runway_choice import choose_strips
from longwatch.planning.start_time import DEFAULT_START

AIRCRAFT = load_datasheet("tb2")
RUNWAY = next(r for r in known_runways() if r.airport == "LTBU")
HOME = Home(RUNWAY.latitude[0], RUNWAY.longitude[0], RUNWAY.elevation_msl[0])
CALM = ProfileAir(make_wind(0.0, 0.0)[0])


def item(number, command, place=None, altitude=800.0, frame=3, **values):
    latitude, longitude = place or (None, None)
    given = {"p1": 0.0, "p2": 0.0, "p3": 0.0, "p4": 0.0, **values}
    return MissionItem(number, command, frame, *given.values(), latitude, longitude, altitude)


def off(distance, bearing):
    return destination(HOME.latitude, HOME.longitude, math.radians(bearing), distance)


TAKE_OFF = item(0, 22, off(0.0, 0.0), 300.0)
ROUTE = [item(1, 16, off(8e3, 60.0)), item(2, 16, off(12e3, 90.0)), item(3, 16, off(12e3, 130.0))]
LAND = item(4, 21, off(0.0, 0.0), 0.0)


def home_strip():
    mission = Mission(Path("x"), HOME, (TAKE_OFF, *ROUTE, LAND))
    return choose_strips(mission, CALM, 300.0, 36.0)[1].takeoff_strip


def situation(*, place=None, altitude=None, heading=None, airborne=False, air=CALM, fuel=150.0):
    strip = home_strip()
    end = 0
    return Situation(
        AIRCRAFT, HOME, (strip,), end, place or strip.beyond_threshold(end, 60.0),
        HOME.elevation_msl if altitude is None else altitude,
        strip.course(end) if heading is None else heading, airborne, fuel, 0.0, air,
        no_terrain(), None, "", DEFAULT_START)


def test_it_takes_off_from_the_end_it_stands_on_whatever_the_wind():
    strip = home_strip()
    for end in (0, 1):
        # 8 m/s along the runway, from behind.
        air = ProfileAir(make_wind(8.0, (strip.course(end) + math.pi) % (2 * math.pi))[0])
        here = situation(place=strip.beyond_threshold(end, 60.0), heading=strip.course(end),
                         air=air)
        strips = lay_out([TAKE_OFF, *ROUTE, LAND], here).strips
        assert (strips.takeoff_end, strips.takeoff_strip.name) == (end, strip.name)
        # And lands into it.
        assert strips.landing_end == 1 - end


def test_a_plan_equals_the_one_that_a_file_gives():
    items = (TAKE_OFF, *ROUTE, LAND)
    here = situation()
    live = resolve_live(lay_out(items, here), here)
    file = resolve(judge(Mission(Path("x"), HOME, items), AIRCRAFT, payload_kg=0.0, fuel_kg=150.0),
                   payload_kg=0.0, messages=())
    for name in live.items.dtype.names:
        if name in ("end", "runway"):
            continue
        assert list(live.items[name]) == pytest.approx(list(file.items[name]), abs=1e-9), name
    assert live.runways[0] == file.runways[0]


def test_in_the_air_no_take_off_is_missing():
    high = situation(place=off(20e3, 45.0), altitude=1000.0, heading=1.0, airborne=True)
    found = [finding_text(f) for _, f in findings(lay_out([*ROUTE, LAND], high), high)]
    assert not any("take-off" in text for text in found)
    ground = situation()
    found = list(findings(lay_out([*ROUTE, LAND], ground), ground))
    assert any("there is no take-off" in f.message and not severe for severe, f in found)


def test_fuel_counts_from_where_it_is():
    """150 km further away, the way costs the fuel of 150 km more in still air."""
    from longwatch.planning.fuel import fuel_plan
    from longwatch.planning.walk import walk

    needed = []
    for distance in (10e3, 160e3):
        far = situation(place=off(distance, 60.0), altitude=1000.0, heading=0.0, airborne=True)
        case = lay_out([item(0, 16, off(0.0, 0.0), 1000.0, frame=0), LAND], far)
        flown = walk(case, (*far.place, far.altitude_msl))
        needed.append((fuel_plan(flown).needed, flown.visits[0]))
    extra = needed[1][0] - needed[0][0]
    flow = case.performance.fuel_flow(
        AIRCRAFT.datasheet[0].mass.empty_mass + 150.0,
        case.flown_speed(0, float(AIRCRAFT.datasheet[0].mass.empty_mass) + 150.0, 0.0), 1000.0)
    assert extra == pytest.approx(150e3 / needed[1][1].ground_speed * flow, rel=0.02)


@pytest.mark.parametrize(("items", "severe", "words"), [
    ([TAKE_OFF, item(1, 16, off(8e3, 60.0), 20000.0), LAND], True, "above the ceiling"),
    ([TAKE_OFF, item(1, 16, off(8e3, 60.0), 10.0), LAND], True, "the ground is cleared"),
    ([TAKE_OFF, item(1, 178, None, p2=20.0), *ROUTE, LAND], True, "least safe airspeed"),
    ([TAKE_OFF, item(1, 16, off(2e6, 60.0)), LAND], True, "fuel is short"),
    ([TAKE_OFF, item(1, 17, off(8e3, 60.0))], False, "without end"),
    ([TAKE_OFF, *ROUTE], False, "no landing"),
    ([TAKE_OFF, *ROUTE, item(4, 16, off(12.05e3, 130.0)), item(5, 16, off(12e3, 135.0)), LAND],
     False, "its turns need"),
])
def test_what_speaks_against_flying_and_what_does_not(items, severe, words):
    here = situation()
    items = [MissionItem(n, *list(vars(i).values())[1:]) for n, i in enumerate(items)]
    found = [(bad, finding_text(f)) for bad, f in findings(lay_out(items, here), here)]
    matching = [bad for bad, text in found if words in text]
    assert matching and set(matching) == {severe}, found
    assert not any("--" in text for _, text in found)


@pytest.mark.parametrize(("here", "place", "severe", "words"), [
    ({"air": ProfileAir(make_wind(20.0, math.radians(40.0))[0])}, (8e3, 60.0), True,
     "it cannot make way"),
    ({"place": (math.radians(85.6), math.radians(139.0)), "airborne": True, "altitude": 1000.0},
     (5.2e6, 11.0), False, "magnetic field")])
def test_wind_and_magnetic_field_are_judged_of_an_upload_as_of_a_file(here, place, severe, words):
    standing = situation(**here)
    items = [item(0, 22, off(0.0, 0.0), 300.0), item(1, 16, off(*place)), item(2, 21, off(0, 0), 0)]
    found = [(bad, f.message) for bad, f in findings(lay_out(items, standing), standing)]
    assert {bad for bad, text in found if words in text} == {severe}
