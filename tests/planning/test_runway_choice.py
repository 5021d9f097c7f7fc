"""Runways matched, strips assumed, ends turned into the wind."""

import math
import re

import pytest

from longwatch.earth.geodesics import distance_and_bearing
from longwatch.environment.ground import ground_below
from longwatch.environment.wind import parse_wind
from longwatch.planning import judge_file, read_mission
from longwatch.planning.air import ProfileAir
from longwatch.planning.figures import plain
from longwatch.planning.route import ground_patches
from longwatch.planning.runway_choice import choose_strips, wind_on
from longwatch.planning.strip import Strip, strip_along

WIND_TURNS = [("0@0", 0), ("12@49", 0), ("12@229", 1), ("12@0", 0), ("12@180", 1), ("3@200", 1)]


def strips_of(path, wind="0@0"):
    return choose_strips(read_mission(path), ProfileAir(parse_wind(wind)[0]), 300.0, 36.0)[1]


@pytest.mark.parametrize(("wind", "end"), WIND_TURNS)
def test_corlu_is_found_and_used_into_the_wind(thrace_watch, wind, end):
    strips = strips_of(thrace_watch, wind)
    assert len(strips.runways) == 1
    assert strips.landing_strip.name.startswith("LTBU 04/22")
    assert (strips.takeoff_end, strips.landing_end) == (end, end)
    course = math.degrees(strips.landing_strip.course(end))
    assert course == pytest.approx(49.4 + 180 * end, abs=0.2)
    said = plain(" ".join(strips.messages))
    assert ("turned into the wind" in said) == (end == 1)
    assert f"end {('04', '22')[end]}" in said


def test_wind_on_a_runway_is_plain_trigonometry():
    strip = strip_along("north", (0.7, 0.5), 0.0, 1500.0, 45.0, 0.0, 300.0)
    headwind, crosswind = wind_on(strip, 0, ProfileAir(parse_wind("10@30")[0]), 0.0)
    assert headwind == pytest.approx(10 * math.cos(math.radians(30)))
    assert crosswind == pytest.approx(10 * math.sin(math.radians(30))), "from the right"


@pytest.mark.parametrize("wind", ["0@0", "12@350", "12@170"])
def test_land_point_of_an_assumed_strip_is_the_aiming_point(shared_data, wind):
    path = shared_data / "missions" / "ap-circuit.txt"
    land = read_mission(path).items[-1]
    strips = strips_of(path, wind)
    strip, end = strips.landing_strip, strips.landing_end
    assert distance_and_bearing(*strip.aiming_point(end), land.latitude, land.longitude)[0] < 0.01
    threshold = strip.latitude[end], strip.longitude[end]
    assert distance_and_bearing(*threshold, land.latitude, land.longitude)[0] == pytest.approx(
        300.0, abs=0.01)
    assert strip.elevation_msl == (584.090027, 584.090027)
    last = read_mission(path).items[-2]
    course = distance_and_bearing(last.latitude, last.longitude, land.latitude, land.longitude)[1]
    turned = wind == "12@170"
    assert math.degrees(strip.course(end) - course) % 360 == pytest.approx(180.0 * turned, abs=0.1)
    assert strips.runways == (strip,), "home lies on the same strip: one serves both"


def test_strip_from_home_along_the_first_leg(write_wpl):
    path = write_wpl([(22, 0, 0, 0, 0, 0, 100), (16, 0, 0, 0, 10.0, 20.2, 300),
                      (16, 0, 0, 0, 10.3, 20.2, 300), (21, 0, 0, 0, 10.3, 20.0, 0)])
    strips = strips_of(path)
    start, landing = strips.takeoff_strip, strips.landing_strip
    assert len(strips.runways) == 2
    assert math.degrees(start.latitude[0]) == pytest.approx(10.0)
    assert math.degrees(start.course(0)) == pytest.approx(90.0, abs=0.1)
    assert start.length == pytest.approx(1500.0)
    assert math.degrees(landing.course(0)) == pytest.approx(270.0, abs=0.1)


def test_a_tailwind_of_a_breath_leaves_an_assumed_strip_as_drawn(write_wpl, circuit):
    path = write_wpl(circuit)
    # The last leg leads north; the mission lands north until 2 m/s blow from the south.
    for wind, course in (("1.9@180", 0.0), ("2.1@180", 180.0)):
        strips = strips_of(path, wind)
        assert math.degrees(strips.landing_strip.course(strips.landing_end)) % 360 == (
            pytest.approx(course, abs=0.1))


def test_ground_below_the_strips_is_theirs(thrace_watch):
    strips = strips_of(thrace_watch)
    patches = ground_patches(strips)
    aiming = strips.landing_strip.aiming_point(0)
    elevation, _, _, paved = ground_below(patches, len(patches), *aiming)
    # 500 ft at threshold 04 to 574 ft at 22, 3019.5 m apart, 300 m along.
    assert elevation == pytest.approx((500 + 74 * 300 / 3019.5) * 0.3048, abs=0.05)
    assert paved


def test_approach_place_and_point_are_inverse(thrace_watch):
    strip = strips_of(thrace_watch).landing_strip
    for before, right in ((4000.0, 250.0), (9000.0, -3000.0), (-500.0, 100.0)):
        place = strip.approach_place(1, *strip.approach_point(1, before, right))
        assert place == (pytest.approx(before, abs=0.01), pytest.approx(right, abs=0.01))


@pytest.mark.parametrize(("wind", "turbulence", "told"), [
    ("6@40", "moderate", False), ("9@40", "moderate", True), ("15@40", "none", False)])
def test_wind_in_which_it_cannot_be_parked_untied_is_told(thrace_watch, tb2, wind, turbulence,
                                                          told):
    judged = judge_file(thrace_watch, tb2, fuel_kg=60, wind=parse_wind(wind),
                        turbulence=turbulence)
    assert any("tie it down" in f.text for f in judged.findings) is told
    # Light, at some 20 m/s of stall speed, it has been found to stand in 8 m/s (campaigns.ground).
    stands = [float(re.search(r"stands in up to (\d+)", f.text)[1])
              for f in judged.findings if "tie" in f.text]
    assert stands == pytest.approx([8.0] * told, abs=1.0)


@pytest.mark.parametrize(("turbulence", "wide_enough"), [
    ("none", True), ("light", True), ("moderate", False)])
def test_a_runway_too_narrow_for_gusts_is_refused(thrace_watch, tb2, monkeypatch, turbulence,
                                                  wide_enough):
    # Of 23 m the wheels, 1.2 m to each side, leave 10.3 m to miss the centreline by.
    monkeypatch.setattr(Strip, "width", property(lambda _: 22.9, lambda *_: None), raising=False)
    judged = judge_file(thrace_watch, tb2, fuel_kg=100, turbulence=turbulence)
    assert any("m of width" in f.text for f in judged.errors) is not wide_enough


def test_crosswind_above_the_limit_is_refused(thrace_watch, tb2):
    judged = judge_file(thrace_watch, tb2, fuel_kg=100, wind=parse_wind("14@319"))
    assert any("crosswind" in f.message for f in judged.errors)


def test_the_landing_that_is_reached_counts(write_wpl, circuit):
    elsewhere = (21, 0, 0, 0, 9.7, 20.0, 0)
    path = write_wpl([*circuit[:5], (177, 8, 1, 0, 0, 0, 0), elsewhere, circuit[5]])
    strips = strips_of(path)
    landing = strips.landing_strip.aiming_point(strips.landing_end)
    assert math.degrees(landing[0]) == pytest.approx(10.002)
