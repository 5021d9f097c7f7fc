"""Where home and a landing lie: the level that a mission states against what is known of it."""

import pytest

from longwatch.environment.runways import known_runways
from longwatch.environment.terrain_files import open_terrain
from longwatch.errors import MissionError
from longwatch.planning import judge_file, read_mission

LOAD = {"payload_kg": 0.0, "fuel_kg": 150.0}
LTBU = next(r for r in known_runways() if r.airport == "LTBU")
FAR = -0.3  # degrees of latitude from home: 33 km, no runway there


def mission(write_wpl, land, *, home=(10.0, 20.0, 1000.0), height=2500.0, north=FAR):
    """Take off at home, fly over, and land at ``land`` = (altitude, frame)."""
    return write_wpl([
        (22, 0, 0, 0, 0, 0, 400), (16, 0, 0, 0, home[0] - 0.08, home[1], height, 0),
        (31, 0, 1500, 0, home[0] + north + 0.15, home[1], height - 600.0, 0),
        (21, 0, 0, 0, home[0] + north, home[1], *land)], home=home)


def elevations(judgement):
    strips = judgement.strips
    return strips.takeoff_strip.elevation_msl[0], strips.landing_strip.elevation_msl


@pytest.mark.parametrize(("land", "level"), [
    ((500.0, 0), 500.0), ((500.0, 5), 500.0), ((-500.0, 3), 500.0), ((-500.0, 6), 500.0),
    ((350.0, 3), 1350.0), ((0.0, 3), 1000.0), ((0.0, 10), 1000.0), ((-20.0, 11), 980.0)])
def test_a_landing_far_from_any_runway_is_at_the_level_that_it_states(write_wpl, tb2, land, level):
    judged = judge_file(mission(write_wpl, land), tb2, **LOAD)
    assert elevations(judged) == (1000.0, (level, level))
    assert judged.points[-1].altitude_msl == judged.points[-1].ground_msl == level
    assert not [f for f in judged.findings if f.item == 4 and "has the ground" in f.message]


@pytest.mark.parametrize(("land", "severity", "words"), [
    ((0.0, 0), "error", "has the ground at 0 m above sea level (0 m above sea level), 1000 m below "
     "home, within 1 km of it; it lands at 1000 m"),
    ((10.0, 3), "warning", "10 m above home"), ((0.5, 3), None, "")])
def test_a_landing_beside_home_that_contradicts_home_is_told_by_number(
        write_wpl, tb2, land, severity, words):
    judged = judge_file(mission(write_wpl, land, north=0.002), tb2, **LOAD)
    found = [f for f in judged.findings if f.item == 4 and "has the ground" in f.message]
    assert [(f.severity, words in f.message) for f in found] == (
        [(severity, True)] if severity else [])
    assert elevations(judged)[1] == (1000.0, 1000.0)


def test_a_runway_above_the_way_to_it_is_refused(write_wpl, tb2):
    """At 4 499 m, from a circle at 1 900 m 20 km before it: it flew into the slope below."""
    low = judge_file(mission(write_wpl, (4499.0, 0)), tb2, **LOAD)
    assert [f.item for f in low.errors if "it would fly into the ground" in f.message] == [4]
    # As high as it climbs to on the way.
    assert judge_file(mission(write_wpl, (2400.0, 0)), tb2, **LOAD).flyable


def test_home_far_from_the_runway_that_it_leaves_is_told_of(write_wpl, tb2):
    """Latitude and longitude changed about, say."""
    path = corlu(write_wpl, 152.4)
    path.write_text(path.read_text().replace("41.129398\t27.9053", "27.9053\t41.129398", 1))
    assert len(warned(judge_file(path, tb2, **LOAD), "from the runway that it leaves")) == 1
    assert not warned(judge_file(corlu(write_wpl, 152.4), tb2, **LOAD), "that it leaves")


@pytest.mark.parametrize(("land", "told"), [
    ((500.0, 0), 1), ((0.0, 0), 1), ((-500.0, 3), 1), ((1000.0, 0), 0), ((0.0, 3), 0),
    ((0.0, 10), 0)])
def test_a_landing_without_a_place_keeps_the_runways_level_and_says_so(write_wpl, tb2, land, told):
    home = (10.0, 20.0, 1000.0)
    path = write_wpl([
        (22, 0, 0, 0, 0, 0, 400), (16, 0, 0, 0, 9.92, 20.0, 2500.0, 0),
        (16, 0, 0, 0, 9.92, 20.3, 2500.0, 0), (21, 0, 0, 0, 0, 0, *land)], home=home)
    judged = judge_file(path, tb2, **LOAD)
    found = [f for f in judged.findings if "the runway that it left" in f.message]
    assert [f.severity for f in found] == ["warning"] * told
    assert judged.points[-1].altitude_msl == pytest.approx(1000.0)


@pytest.mark.parametrize("level", [-600.0, 6000.0])
def test_a_level_where_no_land_lies_is_refused(write_wpl, tb2, level):
    judged = judge_file(mission(write_wpl, (level, 0)), tb2, **LOAD)
    assert any("land lies from -450 m to 4500 m" in f.message for f in judged.errors)


def corlu(write_wpl, home_altitude, land=(155.0, 0), frame=None):
    place = (41.129398, 27.9053)
    path = write_wpl([
        (22, 0, 0, 0, 41.147099, 27.9326, 450), (16, 0, 0, 0, 41.0, 27.95, 1350),
        (16, 0, 0, 0, 40.93, 27.7, 1350), (31, 0, 1500, 0, 41.11, 27.74, 650),
        (21, 0, 0, 0, 41.1311572, 27.9080118, *land)], home=(*place, home_altitude))
    if frame is not None:
        path.write_text(path.read_text().replace("\n0\t0\t0\t16", f"\n0\t1\t{frame}\t16", 1))
    return path


def warned(judged, words):
    return [f for f in judged.findings if f.severity == "warning" and words in f.message]


def test_home_at_zero_on_a_runway_152_m_up_is_warned_of_and_not_flown_low(write_wpl, tb2):
    judged = judge_file(corlu(write_wpl, 0.0), tb2, **LOAD)
    assert judged.home.elevation_msl == pytest.approx(LTBU.elevation_msl[0], abs=0.5)
    assert judged.points[1].altitude_msl == pytest.approx(1350.0 + LTBU.elevation_msl[0], abs=0.5)
    assert len(warned(judged, "home is stated at 0 m above sea level, the runway LTBU")) == 1


def test_home_as_the_runway_has_it_is_left_alone(write_wpl, tb2):
    judged = judge_file(corlu(write_wpl, 152.4 + 12.0), tb2, **LOAD)
    assert judged.home.elevation_msl == 152.4 + 12.0
    assert not warned(judged, "home")


@pytest.mark.parametrize("altitude", [0.0, 152.4])
def test_a_home_row_above_home_is_warned_of(write_wpl, tb2, altitude):
    judged = judge_file(corlu(write_wpl, altitude, frame=3), tb2, **LOAD)
    assert judged.home.elevation_msl == pytest.approx(152.4, abs=0.5)
    assert len(warned(judged, "counts from frame 3; it is taken as above mean sea level")) == 1


def test_a_home_row_of_zeros_is_none_and_home_is_found_at_the_take_off(write_wpl, tb2):
    path = corlu(write_wpl, 0.0)
    path.write_text(path.read_text().replace("41.129398\t27.9053\t0.0", "0\t0\t0"))
    judged = judge_file(path, tb2, **LOAD)
    # The take-off item lies at the other end of the runway.
    assert judged.home.elevation_msl == pytest.approx(LTBU.elevation_msl[1], abs=1.0)
    assert len(warned(judged, "does not say where home is")) == 1


def test_a_home_row_of_zeros_away_from_any_runway_is_refused(write_wpl, tb2):
    path = mission(write_wpl, (500.0, 0), home=(10.0, 20.0, 0.0))
    path.write_text(path.read_text().replace("10.0\t20.0\t0.0", "0\t0\t0", 1))
    assert read_mission(path).home is None
    with pytest.raises(MissionError, match="nothing says where home is"):
        judge_file(path, tb2, **LOAD)


@pytest.mark.parametrize(("land", "told"), [((0.0, 0), 1), ((140.0, 0), 0), ((0.0, 3), 0)])
def test_a_known_runway_keeps_its_level_and_says_so(write_wpl, tb2, land, told):
    judged = judge_file(corlu(write_wpl, 152.4, land), tb2, **LOAD)
    found = warned(judged, "below the runway LTBU 04/22")
    assert len(found) == told
    assert judged.points[-1].altitude_msl == pytest.approx(judged.strips.landing_strip
                                                           .aiming_elevation(0))


def tile(folder, level):
    """A terrain tile of one level all over, N09E020 and its neighbours as SRTM names them."""
    import numpy as np

    for name in ("N09E019", "N09E020", "N10E019", "N10E020"):
        np.full((1201, 1201), level, ">i2").tofile(folder / f"{name}.hgt")
    return open_terrain(folder)


def test_over_terrain_home_and_landing_are_held_against_it(write_wpl, tb2, tmp_path):
    terrain = tile(tmp_path, 600)
    judged = judge_file(mission(write_wpl, (500.0, 0), home=(10.0, 20.0, 0.0)), tb2,
                        terrain=terrain, **LOAD)
    assert judged.home.elevation_msl == pytest.approx(600.0)
    assert len(warned(judged, "home is stated at 0 m above sea level, the terrain lies at")) == 1
    assert any(f.item == 4 and "the terrain lies at 600 m there" in f.message
               for f in judged.errors)
    judged = judge_file(mission(write_wpl, (0.0, 10), home=(10.0, 20.0, 600.0)), tb2,
                        terrain=terrain, **LOAD)
    assert elevations(judged)[1] == pytest.approx((600.0, 600.0))
    assert not [f for f in judged.findings if "has the ground" in f.message]


