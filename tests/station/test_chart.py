"""The chart that ships, against places that everybody can look up, and what a tile may say."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from longwatch.environment.runways import known_runways
from longwatch.station.chart.places import RunwayIndex
from longwatch.station.chart.tiles import DEEPEST, SEA, ChartTiles

# Latitude, longitude. Some are within a kilometre or two of the shore: straits, islands, harbours.
LAND = {"Ankara": (39.9, 32.9), "Kyiv": (50.45, 30.5), "the Sahara": (23.0, 5.0),
        "Antarctica": (-80.0, 10.0), "Chukotka, west of the date line": (67.0, 179.0),
        "east of it": (66.5, -176.0), "Büyükada in the Marmara": (40.858, 29.120),
        "Sarayburnu, between Golden Horn and Bosporus": (41.013, 28.980),
        "the runway at Tekirdağ Çorlu": (41.138, 27.919), "Gökçeada": (40.16, 25.85),
        "Manhattan": (40.775, -73.970), "the Isle of Wight": (50.69, -1.30),
        "Olkhon, in lake Baikal": (53.15, 107.40), "Manitoulin, in lake Huron": (45.75, -82.2)}
SEA_AND_LAKES = {"the Marmara": (40.75, 28.1), "the Black Sea": (43.0, 34.0),
                 "the Bosporus at its second bridge": (41.0913, 29.0617),
                 "the Dardanelles off Çanakkale": (40.150, 26.390),
                 "the Golden Gate": (37.818, -122.478), "the Strait of Messina": (38.220, 15.605),
                 "the Solent": (50.785, -1.28), "Upper New York Bay": (40.665, -74.045),
                 "the Pacific at the date line": (0.0, 180.0 - 1e-9), "the Caspian": (42.0, 50.5),
                 "lake Van": (38.65, 42.9), "lake Baikal": (53.5, 108.3),
                 "lake Superior": (47.7, -87.5)}


@pytest.fixture(scope="module")
def chart():
    tiles = ChartTiles()
    yield tiles
    tiles.close()


def number(data, at):
    """A varint of protocol buffers and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def fields(data):
    """(number, value) of a message: whole numbers and bytes, all that these tiles use."""
    at = 0
    while at < len(data):
        key, at = number(data, at)
        value, at = number(data, at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        yield key >> 3, value


def numbers(data):
    at, found = 0, []
    while at < len(data):
        value, at = number(data, at)
        found.append(value)
    return found


def layers(packed):
    """Layers by name: (extent, [(properties, parts)]), a part an array of points of the grid."""
    found = {}
    for field, body in fields(gzip.decompress(packed)) if packed else ():
        assert field == 3
        told = list(fields(body))
        name, = (value.decode() for field, value in told if field == 1)
        keys = [value.decode() for field, value in told if field == 3]
        values = [value.decode() if kind == 1 else value
                  for field, one in told if field == 4 for kind, value in fields(one)]
        extent, = (value for field, value in told if field == 5)
        found[name] = extent, [feature(value, keys, values) for field, value in told if field == 2]
    return found


def feature(data, keys, values):
    told = dict(fields(data))
    tags = numbers(told.get(2, b""))
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    parts, commands, at, here = [], numbers(told[4]), 0, np.zeros(2, int)
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            parts[-1].append(parts[-1][0])
            continue
        for _ in range(count):
            step = [(v >> 1) ^ -(v & 1) for v in commands[at:at + 2]]
            here, at = here + step, at + 2
            if command == 1:
                parts.append([])
            parts[-1].append(here)
    return properties, [np.array(part) for part in parts]


def place(zoom, latitude, longitude):
    """Tile and place in it [share of the tile], by EPSG:3857."""
    x = (longitude + 180.0) / 360.0 * 2**zoom
    y = (1.0 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2.0 * 2**zoom
    return int(x), int(y), x % 1.0, y % 1.0


def holds(parts, x, y):
    """Whether an odd number of the rings' sides lie to the east of a point."""
    inside = False
    for ring in parts:
        x0, y0, x1, y1 = *ring[:-1].T, *ring[1:].T
        over = (y0 <= y) != (y1 <= y)
        x0, y0, x1, y1 = x0[over], y0[over], x1[over], y1[over]
        inside ^= bool(np.sum(x0 + (y - y0) / (y1 - y0) * (x1 - x0) > x) % 2)
    return inside


def is_land(chart, zoom, latitude, longitude):
    """As the page draws it: what lies on top, land at odd levels, water at even ones."""
    column, row, x, y = place(zoom, latitude, longitude)
    extent, features = layers(chart.tile(zoom, column, row)).get("coast", (1, []))
    found = [told["level"] for told, parts in features if holds(parts, x * extent, y * extent)]
    return max(found, default=0) % 2 == 1


def named(chart, layer, latitude, longitude):
    """What a tile of the deepest zoom names: latitude and longitude [deg] by name or designator."""
    column, row, _, _ = place(DEEPEST, latitude, longitude)
    extent, features = layers(chart.tile(DEEPEST, column, row))[layer]
    found = {}
    for told, [[(x, y)]] in features:
        y = math.pi * (1.0 - 2.0 * (row + y / extent) / 2**DEEPEST)
        found[told.get("ident", told["name"])] = (
            math.degrees(math.atan(math.sinh(y))),
            (column + x / extent) / 2**DEEPEST * 360.0 - 180.0)
    return found


@pytest.mark.parametrize("where", LAND)
def test_land_is_land(chart, where):
    assert is_land(chart, DEEPEST, *LAND[where])


@pytest.mark.parametrize("where", SEA_AND_LAKES)
def test_water_is_water(chart, where):
    assert not is_land(chart, DEEPEST, *SEA_AND_LAKES[where])


@pytest.mark.parametrize("zoom", range(DEEPEST))
def test_continents_and_oceans_are_there_at_every_zoom(chart, zoom):
    for where in ("Ankara", "the Sahara", "Antarctica", "Kyiv"):
        assert is_land(chart, zoom, *LAND[where])
    for where in ("the Black Sea", "the Pacific at the date line", "the Caspian"):
        assert not is_land(chart, zoom, *SEA_AND_LAKES[where])


def test_towns_and_airports_stand_where_they_are_published(chart):
    for name, at in (("Istanbul", (41.014, 28.950)), ("Çorlu", (41.159, 27.800))):
        assert named(chart, "town", *at)[name] == pytest.approx(at, abs=0.02)
    for runway in known_runways():
        if runway.airport not in ("LTBU", "LTBH"):
            continue
        middle = [math.degrees(sum(side) / 2) for side in (runway.latitude, runway.longitude)]
        assert named(chart, "airport", *middle)[runway.airport] == pytest.approx(middle, abs=0.02)


def test_what_lies_deep_in_a_continent_is_land_though_no_tile_of_its_own_is_kept(chart):
    column, row, _, _ = place(DEEPEST, 22.0, 12.5)
    assert layers(chart.tile(DEEPEST, column, row)).keys() <= {"coast", "town", "airport", "border"}
    assert is_land(chart, DEEPEST, 22.0, 12.5)


@pytest.mark.parametrize("tile", [(9, 0, 0), (-1, 0, 0), (3, 8, 0), (3, 0, -1), (2, 0, 4)])
def test_what_is_no_tile_is_empty(chart, tile):
    assert chart.tile(*tile) == SEA


def test_the_worlds_runways_have_their_airports_names():
    found = {(r["airport"], r["ends"][0]["ident"]): r for r in RunwayIndex(None).within(
        (51.4, -0.6, 51.5, -0.4))}
    heathrow = found["EGLL", "09L"]
    assert "Heathrow" in heathrow["name"]
    assert heathrow["length"] == pytest.approx(3901.0, abs=5.0)  # UK AIP
    assert heathrow["ends"][0]["latitude_deg"] == pytest.approx(51.4775, abs=0.002)
    assert heathrow["ends"][1]["longitude_deg"] == pytest.approx(-0.4332, abs=0.003)


def test_the_file_is_no_larger_than_a_package_may_bring():
    assert ChartTiles().path.stat().st_size < 32_000_000
    assert Path(ChartTiles().path).suffix == ".mbtiles"
