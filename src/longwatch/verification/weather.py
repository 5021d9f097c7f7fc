"""Weather files against what they hold, read here a second time and plainly."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.earth.standard import GRAVITY
from longwatch.environment.atmosphere import EARTH_RADIUS, GAS_CONSTANT
from longwatch.environment.weather import WeatherGrid, weather_at
from longwatch.environment.weather_file import Weather, load_weather
from longwatch.verification.check import Check, Context, at_most, not_run, shown, within, worst

TITLE = "Weather"
ABOUT = """\
Two real ERA5 files (one hourly over Portugal, one of a single time over North America) are read a
second time with netCDF4 alone, and the compiled look-up is asked for their own nodes: wind,
temperature and pressure have to come back. The thickness of every layer is held against the
hypsometric equation with the file's own temperatures. Then every second level, time and place is
left out and looked up in what remains: that error, over twice the spacing of the file, is the
largest that interpolation can be charged with.
"""
FILES = ("euroc_2023_all_windows.nc", "ndrt_2020_weather_data_ERA5_new.nc")
FOLDER = "weather"
NODES = 4000
# Nodes looked up where some are left out.
MOST = 600
# Above this pressure level [Pa] an aircraft flies; the ground lies below the lower one.
HIGHEST, LOWEST = 20_000.0, 90_000.0
NAMES = {"time": ("time", "valid_time"), "level": ("level", "pressure_level")}
TEMPERATURE, PRESSURE = "temperature", "pressure"


def checks(context: Context) -> Iterator[Check]:
    """Every row of this subject."""
    for name in FILES:
        why = context.missing(FOLDER, name)
        if why or context.data is None:
            yield not_run(name, "nodes and layers", "the file", why)
            continue
        path = context.data / FOLDER / name
        context.tell(name)
        raw = _raw(path)
        weather = load_weather(path)
        label = name.split("_")[0]
        yield from _nodes(label, weather, raw)
        yield from _layers(label, raw)
        yield from _left_out(label, weather)
        _profile(context, label, weather, raw)


def _raw(path: Path) -> dict[str, np.ndarray]:
    """The file's own values: seconds since 1970, Pa, degrees, geopotential height, K, m/s."""
    import cftime
    import netCDF4

    with netCDF4.Dataset(path) as file:
        times, levels = (file[next(n for n in names if n in file.variables)]
                         for names in (NAMES["time"], NAMES["level"]))
        moments = cftime.num2date(times[:], times.units, only_use_cftime_datetimes=False)
        found: dict[str, np.ndarray] = {
            "time": np.array([np.datetime64(m, "s").astype(float) for m in moments]),
            "level": np.asarray(levels[:], float) * 100.0,
            "latitude": np.asarray(file["latitude"][:], float),
            "longitude": np.asarray(file["longitude"][:], float)}
        found |= {key: np.asarray(file[key][:], float) for key in "zuvt"}
    found["z"] = found["z"] / GRAVITY
    return found


def _nodes(label: str, weather: Weather, raw: dict[str, np.ndarray]) -> Iterator[Check]:
    """Nodes drawn at random, looked up where they lie."""
    random = np.random.default_rng(1)
    shape = raw["z"].shape
    picked = [random.integers(0, n, NODES) for n in shape]
    height = raw["z"][tuple(picked)]
    altitude = EARTH_RADIUS * height / (EARTH_RADIUS - height)
    start = float(raw["time"].min())
    grid = weather.grid(start)
    looked_up = np.array([
        weather_at(grid, math.radians(raw["latitude"][i]), math.radians(raw["longitude"][j]), z,
                   -1000.0, raw["time"][n] - start)
        for n, i, j, z in zip(picked[0], picked[2], picked[3], altitude, strict=True)])
    reference = f"{NODES} nodes of the file"
    for quantity, column, key, unit, tolerance in (
            ("wind towards north", 0, "v", "m/s", 1e-6), ("wind towards east", 1, "u", "m/s", 1e-6),
            (TEMPERATURE, 2, "t", "K", 1e-6)):
        yield worst(label, quantity, reference, unit, raw[key][tuple(picked)],
                    looked_up[:, column], tolerance)
    yield worst(label, PRESSURE, reference, "Pa", raw["level"][picked[1]], looked_up[:, 3], 1e-9,
                relative=True)
    yield within(label, "nodes covered", reference, "", NODES, looked_up[:, 5].sum(), 0.0)


def _layers(label: str, raw: dict[str, np.ndarray]) -> Iterator[Check]:
    """Thickness of the layers between levels by the hypsometric equation, dry."""
    order = np.argsort(-raw["level"])
    z, t = raw["z"][:, order], raw["t"][:, order]
    logarithm = np.log(raw["level"][order])
    thickness = np.diff(z, axis=1)
    mean = 0.5 * (t[:, 1:] + t[:, :-1])
    dry = GAS_CONSTANT / GRAVITY * mean * -np.diff(logarithm)[None, :, None, None]
    share = thickness / dry - 1.0
    upper = raw["level"][order]
    high = (upper[:-1] <= 50_000.0) & (upper[1:] >= HIGHEST)
    low = upper[1:] >= 50_000.0
    reference = "hypsometric equation, dry air, the file's temperature"
    yield within(label, "thickness of layers, 500 to 200 hPa, mean", reference, "share", 0.0,
                 float(share[:, high].mean()), 0.003)
    yield within(label, "thickness of layers below 500 hPa, mean", reference, "share", 0.0,
                 float(share[:, low].mean()), 0.01,
                 note="moist air is lighter: up to 1 % thicker layers")


def _left_out(label: str, weather: Weather) -> Iterator[Check]:
    """Errors at levels, places and times that were left out."""
    levels = [k for k in range(1, len(weather.pressures) - 1, 2)
              if HIGHEST <= weather.pressures[k] <= LOWEST]
    times = range(0, len(weather.times), 6)
    rows, columns = (len(axis) for axis in (weather.latitudes, weather.longitudes))
    thin = replace(weather, pressures=weather.pressures[::2],
                   nodes=np.ascontiguousarray(weather.nodes[..., ::2, :]))
    yield from _errors(label, "levels left out, 200 to 900 hPa", _apart(
        weather, thin, product(times, range(0, rows, 4), range(0, columns, 4), levels)))
    if rows % 2 and columns % 2:
        thin = replace(weather, latitudes=weather.latitudes[::2],
                       longitudes=weather.longitudes[::2],
                       nodes=np.ascontiguousarray(weather.nodes[:, ::2, ::2]))
        yield from _errors(label, "places left out, 0.5 deg grid", _apart(
            weather, thin, product(times, range(1, rows, 2), range(1, columns, 2), levels)))
    inner = [n for n in range(1, len(weather.times) - 1)
             if weather.times[n + 1] - weather.times[n - 1] == 7200.0][::3]
    if inner:
        yield from _errors(label, "times left out, 2 h apart", np.concatenate([
            _apart(weather, _between(weather, n),
                   product([n], range(0, rows, 4), range(0, columns, 4), levels))
            for n in inner]))


def _between(weather: Weather, n: int) -> Weather:
    """The file's times before and after the ``n``-th alone."""
    return replace(weather, times=weather.times[[n - 1, n + 1]],
                   nodes=np.ascontiguousarray(weather.nodes[[n - 1, n + 1]]))


def _apart(weather: Weather, thin: Weather, nodes: Iterable[tuple[int, int, int, int]]
           ) -> np.ndarray:
    """Ours less the file's at nodes: wind north, wind east, temperature, pressure as a share."""
    chosen = list(nodes)
    chosen = chosen[::len(chosen) // MOST + 1]
    start = float(weather.times[0])
    grid: WeatherGrid = thin.grid(start)
    apart = np.empty((len(chosen), 4))
    for row, (n, i, j, k) in enumerate(chosen):
        height, east, north, temperature = weather.nodes[n, i, j, k]
        altitude = EARTH_RADIUS * height / (EARTH_RADIUS - height)
        found: Any = weather_at(grid, math.radians(weather.latitudes[i]),
                                math.radians(weather.longitudes[j]), altitude, -1000.0,
                                weather.times[n] - start)
        apart[row] = (found[0] - north, found[1] - east, found[2] - temperature,
                      found[3] / weather.pressures[k] - 1.0)
    return apart


def _errors(label: str, what: str, apart: np.ndarray) -> Iterator[Check]:
    """Root mean squares: pressure against a bound, wind and temperature as they are."""
    case, reference = f"{label}, {what}", f"{len(apart)} nodes of the file"
    wind = math.sqrt(float((apart[:, :2] ** 2).sum(axis=1).mean()))
    warmth, press = (math.sqrt(float((apart[:, i] ** 2).mean())) for i in (2, 3))
    note = "over twice the spacing of the file; the weather between has no other witness"
    yield shown(case, "wind, root mean square error", reference, "m/s", 0.0, wind, note=note)
    yield shown(case, "temperature, root mean square error", reference, "K", 0.0, warmth,
                note=note)
    yield at_most(case, "pressure, root mean square error", reference, "share", 0.001, press,
                  note="0.1 % is 8 m of pressure altitude")


def _profile(context: Context, label: str, weather: Weather, raw: dict[str, np.ndarray]) -> None:
    """The look-up over altitude with the file's levels on it."""
    i, j = (len(raw[axis]) // 2 for axis in ("latitude", "longitude"))
    altitudes = np.arange(0.0, 12_000.0, 25.0)
    grid = weather.grid(float(raw["time"][0]))
    found = np.array([weather_at(grid, math.radians(raw["latitude"][i]),
                                 math.radians(raw["longitude"][j]), float(a), 0.0, 0.0)[:3]
                      for a in altitudes])

    def draw(figure: Any) -> None:
        left, right = figure.subplots(1, 2, sharey=True)
        left.plot(np.hypot(found[:, 0], found[:, 1]), altitudes)
        left.plot(np.hypot(raw["u"], raw["v"])[0, :, i, j], raw["z"][0, :, i, j], "o")
        right.plot(found[:, 2], altitudes)
        right.plot(raw["t"][0, :, i, j], raw["z"][0, :, i, j], "o")
        left.set(xlabel="wind, m/s", ylabel="altitude, m", ylim=(0.0, 12_000.0), xlim=(0.0, None))
        right.set(xlabel="temperature, K", xlim=(200.0, 310.0))

    context.plot(f"weather-{label}", f"Wind and temperature over the middle of {weather.name}: the "
                 "look-up over flat ground at sea level (lines) and the file's levels (points).",
                 draw)
