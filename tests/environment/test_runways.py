"""Known runways against the published list, and the reading of such lists."""

import math

import pytest
from pymap3d.vincenty import vdist, vreckon

from longwatch.environment.runways import (
    is_paved,
    known_runways,
    load_runways,
    nearest_runway,
)
from longwatch.errors import SetupError

HEADER = ("id,airport_ref,airport_ident,length_ft,width_ft,surface,lighted,closed,le_ident,"
          "le_latitude_deg,le_longitude_deg,le_elevation_ft,le_heading_degT,"
          "le_displaced_threshold_ft,he_ident,he_latitude_deg,he_longitude_deg,he_elevation_ft,"
          "he_heading_degT,he_displaced_threshold_ft\n")
GOOD = "1,1,XXAA,3000,100,TURF,0,0,09,10.0,179.99,,90,,27,10.0,-179.99,33,270,\n"


def by_airport(runways):
    return {runway.airport: runway for runway in runways}


# Headings as published, whole degrees or tenths; thresholds are given to 0.1 m.
@pytest.mark.parametrize(("airport", "heading", "designators"), [
    ("LTBU", 49.0, ("04", "22")), ("LTBH", 41.0, ("04", "22")), ("LTFD", 53.7, ("05", "23")),
    ("LTBG", 181.0, ("18", "36")), ("LPTN", 77.0, ("08", "26")), ("KLWA", 43.5, ("05", "23")),
    ("KHIE", 87.1, ("10", "28"))])
def test_known_runways(airport, heading, designators):
    runway = by_airport(known_runways())[airport]
    assert runway.ends == designators
    assert runway.paved
    assert math.degrees(runway.bearing(0)) == pytest.approx(heading, abs=0.8)
    back = math.degrees(runway.bearing(1) - runway.bearing(0)) % 360.0
    assert back == pytest.approx(180.0, abs=0.05)
    # The thresholds published for Edremit lie 2080 m apart on a runway said to have 3000 m.
    apart = 2080.3 if airport == "LTFD" else runway.length
    assert runway.threshold_distance() == pytest.approx(apart, rel=0.01)


def test_corlu():
    runway = by_airport(known_runways())["LTBU"]
    assert runway.elevation_msl == pytest.approx((152.4, 174.9552))
    assert runway.width == pytest.approx(45.11, abs=0.01)
    degrees = [math.degrees(x) for pair in zip(runway.latitude, runway.longitude, strict=True)
               for x in pair]
    distance, bearing = vdist(*degrees)
    assert runway.threshold_distance() == pytest.approx(float(distance), abs=1e-3)
    assert math.degrees(runway.bearing(0)) == pytest.approx(float(bearing), abs=1e-6)


def test_known_runways_agree_with_the_published_list(shared_data):
    published = {(runway.airport, runway.ends): runway for runway in
                 load_runways(shared_data / "airports" / "runways.csv")}
    for runway in known_runways():
        listed = published[runway.airport, runway.ends]
        assert runway.latitude == pytest.approx(listed.latitude, abs=2e-8)
        assert runway.longitude == pytest.approx(listed.longitude, abs=2e-8)
        assert runway.elevation_msl == pytest.approx(listed.elevation_msl)
        assert (runway.length, runway.width) == pytest.approx((listed.length, listed.width))
        assert runway.paved == listed.paved


@pytest.mark.parametrize(("surface", "paved"), [
    ("ASP", True), ("CON", True), ("CONC-G", True), ("Asphalt", True), ("ASPH/ CONC", True),
    ("PEM", True), ("TURF", False), ("GRS", False), ("GVL", False), ("", False), ("WATER", False),
    ("ASPH-TURF", False)])
def test_surfaces(surface, paved):
    assert is_paved(surface) is paved


def test_rows_left_out_and_elevation_from_the_other_end(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(HEADER + GOOD + GOOD.replace("TURF,0,0", "TURF,0,1")
                    + "2,1,XXAB,100,100,ASP,0,0,H1,10.0,11.0,0,,,,,,,,\n")
    runways = load_runways(file)
    assert len(runways) == 1
    assert runways[0].elevation_msl == pytest.approx((33 * 0.3048,) * 2)
    assert not runways[0].paved
    assert runways[0].threshold_distance() == pytest.approx(
        float(vdist(10.0, 179.99, 10.0, -179.99)[0]), abs=1e-3)
    assert nearest_runway(math.radians(10.0), math.pi, runways, 10.0) is runways[0]


@pytest.mark.parametrize(("text", "fault"), [
    ("a,b\n1,2\n", "no column"), (HEADER + GOOD.replace("10.0", "x"), "line 2"),
    (HEADER + GOOD.replace("10.0", "97"), "line 2"),
    (HEADER + GOOD.replace("33", "nan"), "line 2")])
def test_faulty_lists_are_refused(tmp_path, text, fault):
    file = tmp_path / "list.csv"
    file.write_text(text)
    with pytest.raises(SetupError, match=fault):
        load_runways(file)


def test_missing_list_is_refused(tmp_path):
    with pytest.raises(SetupError, match="cannot be read"):
        load_runways(tmp_path / "none.csv")


@pytest.mark.parametrize(("metres", "bearing", "airport"), [
    (1500.0, 229.0, "LTBU"), (1900.0, 139.0, "LTBU"), (2100.0, 229.0, None)])
def test_nearest_runway(metres, bearing, airport):
    latitude, longitude = vreckon(41.129398, 27.905300, metres, bearing)
    found = nearest_runway(math.radians(float(latitude)), math.radians(float(longitude)),
                           known_runways(), 2000.0)
    assert (found.airport if found else None) == airport
