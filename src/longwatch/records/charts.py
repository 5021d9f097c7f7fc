"""The report's charts as plain data: which quantities, in which units, thinned for a page.

A chart is a dictionary that the page's script turns into a figure; colours are names that the
page gives a value in light and in dark. Every chart that lacks its columns is left out.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from longwatch.earth.wgs84 import WGS84
from longwatch.records.coastline import coastline
from longwatch.records.events import Event

MOST_POINTS = 3000
KNOT = 1852.0 / 3600.0  # m/s
FOOT = 0.3048  # m
BANDS = 10  # colours of the track
DEGREES = 180.0 / math.pi
# The box that automatic landings are usually held to (CS-AWO practice), and the gear's limits.
TOUCHDOWN_BOX = (60.0, 823.0)  # m past the threshold
LATERAL_LIMIT = 21.0  # m
GLIDE_PATH = math.radians(3.0)
AIMING_DISTANCE = 300.0  # m past the threshold
LEAST_AIRFLOW = 12.0  # m/s; on the ground in the wind an angle of attack says nothing

Chart = dict[str, Any]

# Every column of the log that these charts look at; the rest need not be read.
QUANTITIES = (
    "clock.time", *(f"flight.{name}" for name in (
        "latitude", "longitude", "altitude_msl", "height_above_ground", "ground_elevation_msl",
        "roll", "pitch", "alpha", "calibrated_airspeed", "ground_speed", "distance")),
    *(f"actuators.{name}" for name in (
        "aileron_left", "aileron_right", "ruddervator_left", "ruddervator_right")),
    "autopilot.modes.phase", "autopilot.guidance.altitude_target",
    "autopilot.guidance.speed_target")


class Columns:
    """A log's columns as double arrays, by name; the log may lack any of them."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self.time = self.get("clock.time")

    def get(self, name: str, factor: float = 1.0) -> np.ndarray | None:
        """The column times ``factor``, or None."""
        if name not in self._table.column_names or self._table.num_rows == 0:
            return None
        return self._table[name].to_numpy().astype(float) * factor


def thinned(x: np.ndarray, y: np.ndarray, most: int = MOST_POINTS) -> tuple[list, list]:
    """At most ``most`` points of a curve that keep its extremes: each bucket's low and high."""
    if len(x) > most:
        edges = np.linspace(0, len(x), most // 2 + 1).astype(int)[:-1]
        filled = np.where(np.isfinite(y), y, 0.0)
        buckets = np.split(filled, edges[1:])
        low = edges + [int(part.argmin()) for part in buckets]
        high = edges + [int(part.argmax()) for part in buckets]
        kept = np.unique(np.concatenate([low, high]))
        x, y = x[kept], y[kept]
    return listed(x, 2), listed(y, 3)


def listed(values: np.ndarray, digits: int) -> list:
    """Rounded numbers, with None where there is none."""
    return [round(v, digits) if math.isfinite(v) else None for v in np.asarray(values).tolist()]


def trace(columns: Columns, name: str, values: np.ndarray | None, colour: str,
          **options: Any) -> list[Chart]:
    """One curve against time, or nothing where its column is missing."""
    if values is None or columns.time is None or not np.isfinite(values).any():
        return []
    x, y = thinned(columns.time, values)
    return [{"name": name, "x": x, "y": y, "colour": colour, **options}]


# ------------------------------------------------------------------------- against time


def time_charts(table: pa.Table, events: Sequence[Event],
                planned: Sequence[dict[str, Any]]) -> list[Chart]:
    """Altitude, airspeed, attitude, control surfaces."""
    columns = Columns(table)
    if columns.time is None:
        return []
    charts = [_altitude(columns, events, planned), _airspeed(columns), _attitude(columns),
              _surfaces(columns)]
    return [chart for chart in charts if chart["traces"]]


def _target(columns: Columns, name: str) -> np.ndarray | None:
    """What guidance asks for, from where it asks for anything: not before the climb-out."""
    target = columns.get(f"autopilot.guidance.{name}")
    speed = columns.get("autopilot.guidance.speed_target")
    return target if target is None or speed is None else np.where(speed > 0.0, target, np.nan)


def _altitude(columns: Columns, events: Sequence[Event],
              planned: Sequence[dict[str, Any]]) -> Chart:
    get = columns.get
    traces = [
        *trace(columns, "ground", get("flight.ground_elevation_msl"), "ground", fill=True),
        *trace(columns, "planned", _target(columns, "altitude_target"), "target", step=True),
        *trace(columns, "flown", get("flight.altitude_msl"), "main"),
    ]
    reached = _items_in_time(columns, events, planned)
    if traces and reached:
        traces.append({
            "name": "mission item", "markers": True, "colour": "target",
            "x": [round(t, 1) for t, _ in reached],
            "y": [round(float(item["altitude_msl"]), 1) for _, item in reached],
            "text": [str(item.get("sequence", "")) for _, item in reached]})
    return {"id": "altitude", "title": "Altitude, planned and flown", "unit": "m",
            "second": {"unit": "ft", "factor": 1.0 / FOOT}, "traces": traces,
            "note": "above mean sea level"}


def _airspeed(columns: Columns) -> Chart:
    get = columns.get
    return {"id": "airspeed", "title": "Airspeed", "unit": "m/s",
            "second": {"unit": "kt", "factor": 1.0 / KNOT},
            "traces": [
                *trace(columns, "over ground", get("flight.ground_speed"), "third", thin=True),
                *trace(columns, "target", _target(columns, "speed_target"), "target", step=True),
                *trace(columns, "calibrated", get("flight.calibrated_airspeed"), "main")]}


def _attitude(columns: Columns) -> Chart:
    get = columns.get
    alpha, speed = get("flight.alpha", DEGREES), get("flight.calibrated_airspeed")
    if alpha is not None and speed is not None:
        alpha = np.where(speed > LEAST_AIRFLOW, alpha, np.nan)
    return {"id": "attitude", "title": "Attitude", "unit": "deg", "traces": [
        *trace(columns, "angle of attack", alpha, "third", thin=True),  # in gusts, behind both
        *trace(columns, "pitch", get("flight.pitch", DEGREES), "second"),
        *trace(columns, "roll", get("flight.roll", DEGREES), "main")]}


def _surfaces(columns: Columns) -> Chart:
    names = (("aileron left", "aileron_left", "main"), ("aileron right", "aileron_right", "third"),
             ("ruddervator left", "ruddervator_left", "second"),
             ("ruddervator right", "ruddervator_right", "target"))
    traces = [one for label, name, colour in names for one in trace(
        columns, label, columns.get(f"actuators.{name}", DEGREES), colour, thin=True)]
    return {"id": "surfaces", "title": "Control surfaces", "unit": "deg", "traces": traces}


def _items_in_time(columns: Columns, events: Sequence[Event],
                   planned: Sequence[dict[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """When each item was reached, by the events' own numbers."""
    places = {item.get("sequence"): item for item in planned if has_place(item)}
    found = []
    for event in events:
        number = event.get("sequence", event.get("item"))
        if event.get("event") == "item_reached" and number in places:
            found.append((float(event["time"]), places[number]))
    return found


def has_place(item: dict[str, Any]) -> bool:
    """True for an item that lies somewhere (a change of speed does not)."""
    where = [item.get("latitude"), item.get("longitude"), item.get("altitude_msl")]
    if any(v is None or not math.isfinite(v) for v in where):
        return False
    return bool(where[0] or where[1])


def phases(table: pa.Table, names: Sequence[str]) -> list[tuple[str, float, float]]:
    """The phases flown, in order: (name, from, to) [s]."""
    columns = Columns(table)
    phase = columns.get("autopilot.modes.phase")
    if phase is None or columns.time is None:
        return []
    starts = [0, *(np.flatnonzero(np.diff(phase)) + 1).tolist()]
    ends = [*starts[1:], len(phase) - 1]
    time = columns.time
    return [(names[int(phase[i])] if 0 <= int(phase[i]) < len(names)
             else f"phase {int(phase[i])}", float(time[i]), float(time[j]))
            for i, j in zip(starts, ends)]


# ------------------------------------------------------------------------------- the map


def track_map(table: pa.Table, planned: Sequence[dict[str, Any]],
              runways: Sequence[dict[str, Any]]) -> Chart | None:
    """Coast, planned path, runways and the track in colours of altitude; degrees."""
    columns = Columns(table)
    latitude = columns.get("flight.latitude", DEGREES)
    longitude = columns.get("flight.longitude", DEGREES)
    if latitude is None or longitude is None:
        return None
    longitude = np.unwrap(longitude, period=360.0)
    middle = float(longitude[0])
    places = [item for item in planned if has_place(item)]
    path = [(near(math.degrees(i["longitude"]), middle), math.degrees(i["latitude"]), i)
            for i in places]
    strips = [([near(math.degrees(end[1]), middle) for end in runway["thresholds"]],
               [math.degrees(end[0]) for end in runway["thresholds"]], runway["name"])
              for runway in runways]
    west, east, south, north = _frame([*longitude, *(x for x, _, _ in path)],
                                      [*latitude, *(y for _, y, _ in path)])
    wide = max(north - south, east - west)  # so that the coast fills a page of any shape
    coast = coastline(*np.radians([max(-90.0, south - wide), min(90.0, north + wide),
                                   west - wide, east + wide]))
    altitude = columns.get("flight.altitude_msl")
    return {
        "x_range": [west, east], "y_range": [south, north],
        "ratio": 1.0 / math.cos(math.radians(0.5 * (south + north))),
        "coast": _joined([(np.degrees(x), np.degrees(y)) for x, y in coast]),
        "path": {"x": [round(x, 5) for x, _, _ in path], "y": [round(y, 5) for _, y, _ in path],
                 "text": [str(item.get("sequence", "")) for _, _, item in path],
                 "hover": [_item_text(item) for _, _, item in path]},
        "runways": [{"x": x, "y": y, "name": name} for x, y, name in strips],
        "track": _bands(longitude, latitude, altitude if altitude is not None else 0 * latitude),
    }


def near(longitude_deg: float, middle_deg: float) -> float:
    """``longitude_deg`` turned by whole turns to within half a turn of ``middle_deg``."""
    return middle_deg + (longitude_deg - middle_deg + 180.0) % 360.0 - 180.0


def _frame(x: Sequence[float], y: Sequence[float]) -> tuple[float, float, float, float]:
    """The box around all points with a margin; never smaller than some hundred metres."""
    west, east = float(np.nanmin(x)), float(np.nanmax(x))
    south, north = float(np.nanmin(y)), float(np.nanmax(y))
    margin = max(0.08 * max(east - west, north - south), 0.003)
    return west - margin, east + margin, south - margin, north + margin


def _joined(lines: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, list]:
    """Many polylines as one trace, broken by None."""
    x: list = []
    y: list = []
    for one_x, one_y in lines:
        x += [*listed(one_x, 4), None]
        y += [*listed(one_y, 4), None]
    return {"x": x, "y": y}


def _bands(x: np.ndarray, y: np.ndarray, altitude: np.ndarray) -> Chart:
    """The track cut into pieces of like altitude, one trace a band."""
    kept = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).astype(int))
    x, y, altitude = x[kept], y[kept], altitude[kept]
    low, high = float(np.nanmin(altitude)), float(np.nanmax(altitude))
    share = (altitude - low) / max(high - low, 1.0)
    band = np.clip(np.nan_to_num(share) * BANDS, 0, BANDS - 1).astype(int)
    lines: list[list] = [[] for _ in range(BANDS)]
    starts = [0, *(np.flatnonzero(np.diff(band)) + 1).tolist(), len(band)]
    for first, last in pairwise(starts):
        piece = slice(first, min(last + 1, len(band)))  # up to the next piece's first point
        lines[band[first]].append((x[piece], y[piece]))
    bands = [{"share": (k + 0.5) / BANDS, "low": low + (high - low) * k / BANDS,
              "high": low + (high - low) * (k + 1) / BANDS,
              "x": [v for one, _ in line for v in [*listed(one, 5), None]],
              "y": [v for _, one in line for v in [*listed(one, 5), None]]}
             for k, line in enumerate(lines) if line]
    return {"bands": bands, "low": low, "high": high,
            "start": [float(x[0]), float(y[0])], "end": [float(x[-1]), float(y[-1])]}


def _item_text(item: dict[str, Any]) -> str:
    what = item.get("name") or item.get("command_name") or item.get("command", "")
    return (f"{item.get('sequence', '')} {what} {item['altitude_msl']:.0f} m "
            f"({item['altitude_msl'] / FOOT:.0f} ft)")


# ------------------------------------------------------------------------- the touchdown


def landing(table: pa.Table, events: Sequence[Event],
            runways: Sequence[dict[str, Any]]) -> Chart | None:
    """The last minutes beside the glide path: height and lateral offset over way to go [m]."""
    columns = Columns(table)
    latitude, longitude = columns.get("flight.latitude"), columns.get("flight.longitude")
    times = [event["time"] for event in events if event.get("event") == "touchdown"]
    if latitude is None or longitude is None or columns.time is None or not times or not runways:
        return None
    touch = int(np.clip(np.searchsorted(columns.time, times[-1]), 0, len(columns.time) - 1))
    runway, end = _runway_in_use(latitude, longitude, touch, runways)
    along, right, length = _along_runway(runway, end, latitude, longitude)
    height = _height_over_runway(columns, runway, end, along / length)
    if height is None:
        return None
    shown = (columns.time >= columns.time[touch] - 240.0) & (along > -6000.0)
    shown &= (height < 400.0) & (along < length + 500.0)
    shown &= np.arange(len(along)) >= _last_turn(along, touch)
    if shown.sum() < 2:
        return None
    aim = float(runway.get("aiming_distance", AIMING_DISTANCE))
    slope = math.tan(float(runway.get("glide_path", GLIDE_PATH)))
    x, heights = thinned(along[shown], height[shown])
    offset_x, offsets = thinned(along[shown], right[shown])
    first = min(-500.0, float(along[shown].min()))
    return {"runway": runway["name"], "length": round(length, 1), "x": x, "height": heights,
            "offset_x": offset_x, "offset": offsets, "box": TOUCHDOWN_BOX,
            "lateral": LATERAL_LIMIT, "glide_deg": round(math.degrees(math.atan(slope)), 2),
            "glide": {"x": [first, aim], "y": [round((aim - first) * slope, 1), 0.0]},
            "touch": {"x": round(float(along[touch]), 1), "height": round(float(height[touch]), 2),
                      "offset": round(float(right[touch]), 2)}}


def _last_turn(along: np.ndarray, touch: int) -> int:
    """First row of the run towards the runway: where the way along last began to grow."""
    backwards = np.flatnonzero(np.diff(along[:touch + 1]) < 0.0)
    return int(backwards[-1]) + 1 if len(backwards) else 0


def _runway_in_use(latitude: np.ndarray, longitude: np.ndarray, touch: int,
                   runways: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """The runway nearest to the touchdown, and the end whose threshold was passed first."""
    def distance(runway: dict[str, Any]) -> float:
        (lat_a, lon_a), (lat_b, lon_b) = runway["thresholds"]
        return math.hypot(latitude[touch] - 0.5 * (lat_a + lat_b),
                          (longitude[touch] - 0.5 * (lon_a + lon_b)) * math.cos(lat_a))

    runway = min(runways, key=distance)
    before = max(0, touch - max(1, len(latitude) // 500))
    along, _, _ = _along_runway(runway, 0, latitude[[before, touch]], longitude[[before, touch]])
    return runway, 0 if along[1] >= along[0] else 1


def _along_runway(runway: dict[str, Any], end: int, latitude: np.ndarray,
                  longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Way past the threshold in use and offset to its right [m], and the runway's length [m]."""
    start, far = runway["thresholds"][end], runway["thresholds"][1 - end]
    north, east = _tangent_plane(start, *far)
    length = math.hypot(north, east)
    to_north, to_east = _tangent_plane(start, latitude, longitude)
    along = (to_north * north + to_east * east) / length
    right = (to_east * north - to_north * east) / length
    return along, right, length


def _tangent_plane(origin: Sequence[float], latitude: Any, longitude: Any) -> tuple[Any, Any]:
    """North and east of ``origin`` [m] of places on the ellipsoid, in the plane tangent there."""
    e2 = WGS84["flattening"][0] * (2.0 - WGS84["flattening"][0])
    sin_0, cos_0 = math.sin(origin[0]), math.cos(origin[0])
    sine, cosine, turn = np.sin(latitude), np.cos(latitude), longitude - origin[1]
    radius_0 = WGS84["semi_major_axis"][0] / math.sqrt(1.0 - e2 * sin_0**2)
    radius = WGS84["semi_major_axis"][0] / np.sqrt(1.0 - e2 * sine**2)
    north = radius * (sine * cos_0 - cosine * sin_0 * np.cos(turn))
    return (north + e2 * (radius_0 * sin_0 - radius * sine) * cos_0,
            radius * cosine * np.sin(turn))


def _height_over_runway(columns: Columns, runway: dict[str, Any], end: int,
                        share: np.ndarray) -> np.ndarray | None:
    """Height over the runway's own plane, or over the ground where it has no elevations."""
    altitude, ends = columns.get("flight.altitude_msl"), runway.get("elevations_msl")
    if altitude is None or not ends:
        return columns.get("flight.height_above_ground")
    first, last = ends[end], ends[1 - end]
    return altitude - (first + (last - first) * np.clip(share, 0.0, 1.0))
