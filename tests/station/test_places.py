"""Runways and elevations, held against the lists and files that they come from."""

import csv
import math

import numpy as np
import pytest

from longwatch.environment.terrain_files import open_terrain
from longwatch.station.chart.places import RunwayIndex, box_of, elevations
from longwatch.station.refusal import Refusal

CORLU = (41.0, 27.5, 41.5, 28.5)


@pytest.fixture(scope="module")
def listed(shared_data):
    return RunwayIndex(shared_data / "airports" / "runways.csv")


def test_the_runway_at_corlu_is_there_without_any_file():
    runway, = RunwayIndex(None).within((41.1, 27.85, 41.2, 28.0))
    assert (runway["airport"], [end["ident"] for end in runway["ends"]]) == ("LTBU", ["04", "22"])
    for end in runway["ends"]:
        assert 41.1 < end["latitude_deg"] < 41.2
    # Designators are magnetic, within some degrees of the true course there (6 deg east).
    assert math.degrees(runway["ends"][0]["course"]) == pytest.approx(46.0, abs=6.0)
    assert runway["length"] == pytest.approx(3000.0, rel=0.02)


def test_runways_of_a_box_are_those_that_the_list_has_there(shared_data, listed):
    path = shared_data / "airports" / "runways.csv"
    box = (47.0, 8.0, 47.6, 9.0)
    found = {(r["airport"], r["ends"][0]["ident"]) for r in listed.within(box)}
    wanted = set()
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            figures = [row[k] for k in ("le_latitude_deg", "he_latitude_deg", "le_longitude_deg",
                                        "he_longitude_deg", "length_ft", "width_ft")]
            if row["closed"] == "1" or not all(figures):
                continue
            a, b, c, d = map(float, figures[:4])
            if box[0] <= (a + b) / 2 <= box[2] and box[1] <= (c + d) / 2 <= box[3]:
                wanted.add((row["airport_ident"], row["le_ident"]))
    assert found == wanted
    assert ("LSZH", "16") in found or ("LSZH", "14") in found
    corlu = [r for r in listed.within(CORLU) if r["airport"] == "LTBU"]
    assert len(corlu) == 1  # built in and in the list, told once


def test_a_box_over_the_date_line_finds_runways_on_both_sides(listed):
    found = {round(r["ends"][0]["longitude_deg"])
             for r in listed.within((-20.0, 175.0, -10.0, 190.0))}
    assert any(longitude > 170 for longitude in found)
    assert any(longitude < -170 for longitude in found)


@pytest.mark.parametrize("query", [
    {}, {"south": "x", "west": "0", "north": "1", "east": "1"},
    {"south": "5", "west": "0", "north": "1", "east": "1"},
    {"south": "nan", "west": "0", "north": "1", "east": "1"},
    {"south": "0", "west": "0", "north": "91", "east": "1e9"}])
def test_what_is_no_box_is_refused(query):
    with pytest.raises(Refusal) as refused:
        box_of(query)
    assert refused.value.faults


def test_elevations_are_the_posts_of_the_file_and_unknown_ones_null(shared_data):
    path = shared_data / "dem" / "N44W072.hgt"
    posts = np.fromfile(path, ">i2").reshape(1201, 1201)
    points = [[44.0 + row / 1200, -72.0 + column / 1200]
              for row, column in ((0, 0), (600, 300), (1199, 1199), (77, 1111))]
    found = elevations(open_terrain(path.parent), [*points, [10.0, 10.0]])
    assert found == [posts[1200, 0], posts[600, 300], posts[1, 1199], posts[1123, 1111], None]
    assert elevations(None, points) == [None] * 4


@pytest.mark.parametrize("points", [None, [[1]], [["a", 1]], [[math.nan, 1]], [[95, 0]],
                                    [[0, 0]] * 2001])
def test_what_are_no_points_is_refused(points):
    with pytest.raises(Refusal):
        elevations(None, points)
