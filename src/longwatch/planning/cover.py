"""Whether weather and terrain cover the whole flight: nothing is guessed beyond their edges."""

import math
from collections.abc import Iterator
from datetime import datetime

import numpy as np

from longwatch.earth.standard import MEAN_RADIUS
from longwatch.environment.terrain_files import Terrain, tile_name
from longwatch.environment.weather_file import Weather
from longwatch.planning import figures
from longwatch.planning.case import Case
from longwatch.planning.clearance import ground_under
from longwatch.planning.finding import ERROR, Finding
from longwatch.planning.ground_track import tracks
from longwatch.planning.judgement import FuelPlan
from longwatch.planning.walk_state import Walk

# The weather has to reach this far beyond the way [m]. Grade: assumed.
WEATHER_MARGIN = 5000.0
# Of the points along the way, every so many are looked up in the weather (1.2 km).
EVERY = 20


def weather_cover(case: Case, flown: Walk, fuel: FuelPlan, weather: Weather | None,
                  start: datetime) -> Iterator[Finding]:
    """Places, times and heights that the weather file does not cover."""
    if weather is None:
        return
    begin = start.timestamp()
    fault = weather.time_fault(begin,
                               begin + fuel.time + float(case.sheet.limits.reserve_time))
    if fault:
        message, _, remedy = fault.rpartition("; ")
        yield _error(message, remedy)
    for track in tracks(case, flown):
        outside = next((
            (lat, lon) for lat, lon in zip(_thinned(track.latitude), _thinned(track.longitude),
                                           strict=True)
            if not weather.covers(float(lat), float(lon), WEATHER_MARGIN / MEAN_RADIUS)), None)
        if outside is not None:
            place = f"{math.degrees(outside[0]):.3f}, {math.degrees(outside[1]):.3f}"
            yield _error(
                f"the way to item {figures.name(case.points[track.index].item.sequence)} leads "
                f"out of the weather at {figures.name(place)}: {figures.name(weather.name)} "
                f"covers {figures.name(weather.extent)}, and {figures.distance(WEATHER_MARGIN)} "
                "beyond the way are needed", "take a file that covers the route")
            break
    highest = max((point.altitude_msl for point in case.points), default=0.0)
    if highest > weather.top_msl:
        yield _error(f"the mission climbs to {figures.altitude(highest)} above sea level, the top "
                     f"level of {figures.name(weather.name)} lies at "
                     f"{figures.altitude(weather.top_msl)}",
                     "fly lower, or take a file with higher levels")


def _thinned(values: np.ndarray) -> np.ndarray:
    """The way's middle at every so many points, its end among them."""
    middle = values[:, values.shape[1] // 2]
    return np.append(middle[::EVERY], middle[-1])


def terrain_cover(case: Case, flown: Walk) -> Iterator[Finding]:
    """Tiles that the way needs and the folder lacks, and voids below it."""
    if case.tiles is None:
        return
    missing: set[str] = set()
    voids: dict[str, tuple[float, float]] = {}
    for track in tracks(case, flown):
        unknown = np.isnan(ground_under(case, track))
        for place in zip(np.degrees(track.latitude[unknown]),
                         np.degrees(track.longitude[unknown]), strict=True):
            if _in_a_tile(case.tiles, *place):
                voids.setdefault(tile_name(*place), place)
            else:
                missing.add(tile_name(*place))
    if missing:
        yield _error(f"the way leads out of the terrain: {figures.name(case.tiles.name)} lacks "
                     f"the tiles {figures.name(', '.join(sorted(missing)))}",
                     "put them into the folder, or fly without --terrain")
    for tile, (latitude, longitude) in sorted(voids.items()):
        yield _error(f"the way leads over a void of the terrain in {figures.name(tile)}, "
                     f"at {figures.name(f'{latitude:.4f}, {longitude:.4f}')}, where no height is "
                     "known",
                     "take a tile whose voids are filled, or lead the way around")


def _in_a_tile(tiles: Terrain, latitude: float, longitude: float) -> bool:
    return any(tile.south <= latitude <= tile.north
               and (longitude - tile.west) % 360.0 <= tile.east - tile.west
               for tile in tiles.tiles)


def _error(message: str, remedy: str) -> Finding:
    return Finding(ERROR, None, message, remedy, setup=True, forcible=False)
