"""Wind profile against the power law worked by hand, and the wind option's refusals."""

import math

import pytest

from longwatch.environment.wind import parse_wind, wind_at
from longwatch.errors import SetupError


def test_wind_from_the_west_blows_east():
    assert wind_at(parse_wind("12@270")[0], 10.0) == pytest.approx((0.0, 12.0, 0.0), abs=1e-12)


@pytest.mark.parametrize(("text", "north", "east"), [
    ("10@0", -10, 0), ("10@360", -10, 0), ("10@90", 0, -10), ("10@180", 10, 0),
    (" 10 @ 45 ", -50**0.5, -50**0.5)])
def test_directions(text, north, east):
    assert wind_at(parse_wind(text)[0], 10.0) == pytest.approx((north, east, 0.0), abs=1e-12)


@pytest.mark.parametrize(("height", "factor"), [
    # (h/10)^(1/7): 1280 m would double it, so 10 m * 2^-7 halves it; 60^(1/7) = 1.7948...
    (10 / 128, 0.5), (0.0, 0.0), (-3.0, 0.0), (600.0, math.exp(math.log(60) / 7)),
    (5000.0, math.exp(math.log(60) / 7))])
def test_profile(height, factor):
    assert wind_at(parse_wind("8@180")[0], height)[0] == pytest.approx(8 * factor, abs=1e-12)


def test_calm():
    assert wind_at(parse_wind("0@123")[0], 100.0) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("text", [
    "", "12", "@", "12@", "@270", "nan@0", "inf@0", "-1@0", "5@-1", "5@361", "5@nan", "5@x",
    "5@1@2"])
def test_refusals_say_what_to_write(text):
    with pytest.raises(SetupError, match="SPEED@FROM"):
        parse_wind(text)
