"""A terrain tile against its own bytes, and an aircraft that is dropped on ground and stands."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.aircraft.loader import load_datasheet
from longwatch.earth.frames import (
    quaternion_from_euler,
    quaternion_multiply,
    quaternion_ned_to_ecef,
)
from longwatch.earth.geodesics import destination, distance_and_bearing
from longwatch.earth.geoid import geoid_table, undulation
from longwatch.earth.gravity import normal_gravity
from longwatch.earth.wgs84 import WGS84, geodetic_to_ecef
from longwatch.environment.ground import GroundPatch, make_patch
from longwatch.environment.runways import known_runways
from longwatch.environment.terrain import (
    BLEND,
    SHOULDER,
    TerrainGrid,
    ground_along,
    make_grid,
    terrain_at,
)
from longwatch.environment.terrain_files import open_terrain
from longwatch.simulation.run import Simulation
from longwatch.verification.check import Check, Context, at_most, not_run, shown, within, worst

TITLE = "Terrain"
ABOUT = f"""\
A real SRTM tile (N44W072, the White Mountains of New Hampshire) is read a second time as bare
bytes: every post has to come back from the compiled look-up, the middle of a cell has to be the
mean of its corners, slopes those of the geodesic. Every second post is left out to show what the
surface between posts may be wrong by. A runway is laid into the tile: its edge must hold no
cliff. Last an aircraft is dropped from 0.3 m, parallel to the ground, on a level plane, a tilted
one and the real tile, and left standing for a minute: the wheels have to carry its weight, and it
has to lie as the ground does. Runways go over into terrain between {SHOULDER:.0f} and
{SHOULDER + BLEND:.0f} m beside them.
"""
TILE, SIDE, SOUTH, WEST = "N44W072.hgt", 1201, 44, -72
PEAK, PEAK_HEIGHT = (44.2706, -71.3033), 1908.0
NO_RUNWAY = GroundPatch.zeros(0)
# A gentle field beside the Connecticut's headwaters, far from any runway [deg].
FIELD = (44.4120, -71.4740)
DROP, STANDING = 0.3, 60.0
SLOPE_NORTH, SLOPE_EAST, HEADING = 0.03, -0.02, 0.6


def checks(context: Context) -> Iterator[Check]:
    """Every row of this subject."""
    why = context.missing("dem", TILE)
    if why or context.data is None:
        yield not_run("tile N44W072", "posts", "the file's bytes", why)
    else:
        context.tell("every post of a tile")
        path = context.data / "dem" / TILE
        grid = open_terrain(path.parent).grid((SOUTH, WEST, SOUTH + 1.0, WEST + 1.0))
        raw = np.fromfile(path, ">i2").reshape(SIDE, SIDE)[::-1].astype(float)
        yield from _posts(grid, raw)
        yield from _slopes(grid)
        yield from _left_out(raw)
        yield from _runway(context, grid)
    context.tell("standing on it")
    yield from _standing(context.data)


def _heights(grid: TerrainGrid, latitude: Any, longitude: Any, patches: Any = NO_RUNWAY
             ) -> np.ndarray:
    """Ground at points [deg], m."""
    latitude, longitude = np.broadcast_arrays(np.radians(latitude), np.radians(longitude))
    found = np.empty(latitude.size)
    ground_along(patches, grid, latitude.ravel(), longitude.ravel(), found)
    return found.reshape(latitude.shape)


def _posts(grid: TerrainGrid, raw: np.ndarray) -> Iterator[Check]:
    case, reference = "tile N44W072", "the file's bytes"
    rows = SOUTH + np.arange(SIDE)[:, None] / (SIDE - 1)
    columns = WEST + np.arange(SIDE)[None, :] / (SIDE - 1)
    yield worst(case, f"all {SIDE * SIDE} posts", reference, "m", raw,
                _heights(grid, rows, columns), 1e-6)
    half = 0.5 / (SIDE - 1)
    middle = 0.25 * (raw[:-1, :-1] + raw[1:, :-1] + raw[:-1, 1:] + raw[1:, 1:])
    yield worst(case, "middles of all cells", "mean of the corners", "m", middle,
                _heights(grid, rows[:-1] + half, columns[:, :-1] + half), 1e-6)
    i, j = round((PEAK[0] - SOUTH) * (SIDE - 1)), round((PEAK[1] - WEST) * (SIDE - 1))
    yield within(case, f"post nearest {PEAK[0]} N {-PEAK[1]} W (Mount Washington)",
                 "the data's provenance", "m", PEAK_HEIGHT,
                 float(_heights(grid, rows[i, 0], columns[0, j])), 1e-6)


def _slopes(grid: TerrainGrid) -> Iterator[Check]:
    """Slopes at middles of cells against height differences over geodesics of 10 m."""
    random = np.random.default_rng(2)
    slopes, differences = [], []
    for row, column in random.integers(100, SIDE - 100, (200, 2)):
        place = (math.radians(SOUTH + (row + 0.5) / (SIDE - 1)),
                 math.radians(WEST + (column + 0.5) / (SIDE - 1)))
        slopes.append(terrain_at(grid, *place)[1:])
        differences.append([
            (terrain_at(grid, *destination(*place, bearing, 5.0))[0]
             - terrain_at(grid, *destination(*place, bearing + math.pi, 5.0))[0]) / 10.0
            for bearing in (0.0, 0.5 * math.pi)])
    for axis, name in enumerate(("north", "east")):
        yield worst("tile N44W072", f"slope to the {name}, 200 places",
                    "height differences over geodesics (Karney)", "m/m",
                    np.array(differences)[:, axis], np.array(slopes)[:, axis], 0.002)


def _left_out(raw: np.ndarray) -> Iterator[Check]:
    """Posts in the middle of cells of twice the spacing, looked up in the coarser grid."""
    step = math.radians(2.0 / (SIDE - 1))
    coarse = make_grid(raw[::2, ::2], math.radians(SOUTH), math.radians(WEST), step, step)
    odd = np.arange(1, SIDE, 2) / (SIDE - 1)
    found = _heights(coarse, SOUTH + odd[:, None], WEST + odd[None, :])
    error = found - raw[1::2, 1::2]
    yield shown("tile N44W072, posts left out", "height, root mean square error",
                "the file's bytes", "m", 0.0, math.sqrt(float((error**2).mean())),
                note="over twice the tile's spacing; no standard sets a bound")


def _runway(context: Context, grid: TerrainGrid) -> Iterator[Check]:
    """Whitefield's runway in the tile: lines outward across its edges and ends."""
    runway = next(r for r in known_runways() if r.airport == "KHIE")
    (lat_a, lat_b), (lon_a, lon_b) = runway.latitude, runway.longitude
    patches = make_patch(lat_a, lon_a, runway.elevation_msl[0], lat_b, lon_b,
                         runway.elevation_msl[1], runway.width, runway.paved)
    course = distance_and_bearing(lat_a, lon_a, lat_b, lon_b)[1]
    reach, step = 400.0, 0.25
    steepest, apart, rough = 0.0, 0.0, 0.0
    lines: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for place, bearing, name in (
            ((lat_a, lon_a), course + math.pi, "before 10"), ((lat_b, lon_b), course, "before 28"),
            *(((lat_a + s * (lat_b - lat_a), lon_a + s * (lon_b - lon_a)),
               course + side * 0.5 * math.pi,
               f"{'right' if side > 0 else 'left'} of it at {s:g} of its length")
              for s in (0.1, 0.5, 0.9) for side in (-1.0, 1.0))):
        away = np.arange(0.0, reach, step)
        end = destination(*place, bearing, reach)
        share = away / reach
        lat = np.degrees(place[0] + share * (end[0] - place[0]))
        lon = np.degrees(place[1] + share * (end[1] - place[1]))
        laid, bare = _heights(grid, lat, lon, patches), _heights(grid, lat, lon)
        steepest = max(steepest, float(np.abs(np.diff(laid)).max() / step))
        apart = max(apart, float(np.abs(laid - bare)[away < SHOULDER].max()))
        rough = max(rough, float(np.abs(np.diff(bare)).max() / step))
        lines[name] = (away, laid)
    case = "KHIE 10/28 in N44W072"
    yield shown(case, "runway over the tile's ground, at most", "the tile", "m", 0.0, apart)
    # The smooth step is at most 1.5 times as steep as an even one; the terrain adds its own.
    yield at_most(case, "steepest ground across its edges, 8 lines",
                  "1.5 times an even rise, and the terrain's own slope", "m/m",
                  1.5 * apart / BLEND + rough, steepest)

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        for name, (away, laid) in lines.items():
            axes.plot(away, laid, label=name)
        axes.set(xlabel="m from the runway's middle line or threshold", ylabel="ground, m")
        axes.legend()

    context.plot("terrain-runway", "Whitefield's runway laid into the tile: the ground along lines "
                 "outward from its ends and sides.", draw)


def _plane(north: float, east: float) -> TerrainGrid:
    """A plane of 200 m at FIELD, rising by slopes to the north and east."""
    step = math.radians(0.002)
    rows, columns = np.mgrid[-10.0:11.0, -10.0:11.0]
    latitude, longitude = (math.radians(x) for x in FIELD)
    metres = distance_and_bearing(latitude, longitude, latitude + step, longitude)[0]
    across = distance_and_bearing(latitude, longitude, latitude, longitude + step)[0]
    return make_grid(200.0 + rows * metres * north + columns * across * east,
                     latitude - 10 * step, longitude - 10 * step, step, step)


def _parallel(north: float, east: float) -> Any:
    """Attitude (quaternion to NED) of an aircraft heading HEADING whose belly is the ground's."""
    along = north * math.cos(HEADING) + east * math.sin(HEADING)
    right = east * math.cos(HEADING) - north * math.sin(HEADING)
    pitch = math.atan(along)
    return quaternion_from_euler(-math.atan(right * math.cos(pitch)), pitch, HEADING)


def dropped(grid: TerrainGrid, latitude: float, longitude: float, seconds: float = STANDING) -> Any:
    """The aircraft's record after it fell 0.3 m to the ground at a point [rad] and stood there.

    It falls parallel to the ground. Level over ground that rises ahead the nose wheel, far from the
    centre of gravity, would strike first and throw it up; the mains are locked and stand 0.24 m
    behind the centre of gravity, and it would tip over them onto its tail.
    """
    simulation = Simulation()
    vehicle = simulation.vehicles[0]
    simulation.references = replace(
        simulation.references, world=simulation.world._replace(patches=NO_RUNWAY, terrain=grid))
    ground, north, east = terrain_at(grid, latitude, longitude)
    gear = float(simulation.aircraft.datasheet[0].landing_gear.wheels[1].position[2]
                 - vehicle.mass.position[2])
    height = ground + undulation(geoid_table(), latitude, longitude) + gear + DROP
    vehicle.body.position_ecef[:] = geodetic_to_ecef(WGS84[0], latitude, longitude, height)
    vehicle.body.attitude[:] = quaternion_multiply(
        *quaternion_ned_to_ecef(latitude, longitude), *_parallel(north, east))
    simulation.step(seconds)
    return simulation.state


def _standing(data: Path | None) -> Iterator[Check]:
    latitude, longitude = (math.radians(x) for x in FIELD)
    sheet = load_datasheet("tb2").datasheet[0]
    level = dropped(_plane(0.0, 0.0), latitude, longitude)
    yield from _rests("level plane", level, 0.0, 0.0)
    tilted = dropped(_plane(SLOPE_NORTH, SLOPE_EAST), latitude, longitude)
    yield from _rests("tilted plane", tilted, SLOPE_NORTH, SLOPE_EAST)
    yield from _lies("tilted plane", tilted, level, sheet, SLOPE_NORTH, SLOPE_EAST)
    if data is None or not (data / "dem" / TILE).exists():
        return
    grid = open_terrain(data / "dem").grid((FIELD[0], FIELD[1], FIELD[0], FIELD[1]))
    real = dropped(grid, latitude, longitude)
    _, north, east = terrain_at(grid, float(real.flight.latitude), float(real.flight.longitude))
    yield from _rests("field in N44W072", real, north, east)
    yield from _lies("field in N44W072", real, level, sheet, north, east)


def _rests(case: str, state: Any, north: float, east: float) -> Iterator[Check]:
    flight, mass = state.flight, float(state.mass.mass)
    gravity = float(normal_gravity(WGS84[0], flight.latitude, flight.height_ellipsoid))
    weight = mass * gravity / math.sqrt(1.0 + north * north + east * east)
    yield within(case, "load of all wheels after a minute", "weight across the slope", "N", weight,
                 float(state.gear.vertical_load), 0.005, relative=True)
    yield at_most(case, "speed over the ground, brakes set", "it stands", "m/s", 0.02,
                  math.hypot(flight.velocity_north, flight.velocity_east))


def _lies(case: str, state: Any, level: Any, sheet: Any, north: float, east: float
          ) -> Iterator[Check]:
    """Pitch, roll and height: those of the level plane, turned by the slope and its load shift.

    On a slope the weight acts beside the wheels' middle by the height of the centre of gravity
    times the slope; the struts downhill give way by what that adds to their load, and the weight
    leans after them.
    """
    heading = float(state.flight.heading)
    along = north * math.cos(heading) + east * math.sin(heading)
    right = east * math.cos(heading) - north * math.sin(heading)
    nose, main = sheet.landing_gear.wheels[0], sheet.landing_gear.wheels[1]
    moment = float(level.gear.vertical_load) * float(level.flight.height_above_ground)
    base = float(nose.position[0] - main.position[0])
    track = 2.0 * abs(float(main.position[1]))
    pitching = moment / base**2 * (1.0 / float(nose.stiffness) + 0.5 / float(main.stiffness))
    rolling = moment / (0.5 * float(main.stiffness) * track**2)
    pitching, rolling = pitching / (1.0 - pitching), rolling / (1.0 - rolling)
    reference = "slope, stance on the level, struts downhill"
    yield within(case, "pitch", reference, "deg", math.degrees(
        math.atan(along) + float(level.flight.pitch) + pitching * along),
        math.degrees(state.flight.pitch), 0.02)
    yield within(case, "roll", reference, "deg",
                 -math.degrees(math.atan(right) + rolling * right),
                 math.degrees(state.flight.roll), 0.02)
    yield within(case, "height of the centre of gravity", "on the level", "m",
                 float(level.flight.height_above_ground), float(state.flight.height_above_ground),
                 0.005)
