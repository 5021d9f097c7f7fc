"""Reads weather files: ERA5 on pressure levels, as netCDF (classic or HDF5).

Source of the format: Copernicus Climate Data Store, "ERA5 hourly data on pressure levels", with
the names of its older and newer releases, and the CF conventions for units. Geopotential is
divided by 9.80665 m/s2 to geopotential height, which belongs to an altitude by the sphere of the
standard atmosphere; gravity's change with latitude is left out, which is at most 0.05 % of the
altitude within 20 deg of 45 deg.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.earth.standard import GRAVITY
from longwatch.environment.atmosphere import EARTH_RADIUS
from longwatch.environment.weather import HEIGHT, LONGEST_GAP, QUANTITIES, WeatherGrid
from longwatch.environment.weather_checks import grid_faults, height_fault
from longwatch.errors import SetupError, listed

AXES = {"time": ("time", "valid_time"),
        "level": ("level", "pressure_level", "isobaricInhPa", "plev"),
        "latitude": ("latitude", "lat"), "longitude": ("longitude", "lon")}
# Quantity: short name, standard name of CF, what it is.
FIELDS = {"z": ("geopotential", "geopotential"), "u": ("eastward_wind", "wind towards east"),
          "v": ("northward_wind", "wind towards north"),
          "t": ("air_temperature", "temperature")}
# Spellings of units, without blanks, dots and signs of power, and the factor to SI.
UNITS = {"z": {"m2s-2": 1.0 / GRAVITY, "m2/s2": 1.0 / GRAVITY},
         "u": {"ms-1": 1.0, "m/s": 1.0}, "v": {"ms-1": 1.0, "m/s": 1.0},
         "t": {"k": 1.0, "kelvin": 1.0},
         "level": {"hpa": 100.0, "millibars": 100.0, "millibar": 100.0, "mbar": 100.0,
                   "mb": 100.0, "pa": 1.0}}
BOUNDS = {"z": (-2000.0, 100_000.0), "u": (-250.0, 250.0), "v": (-250.0, 250.0),
          "t": (140.0, 360.0)}
MOST_NODES = 20_000_000
REMEDY = ("take a file of ERA5 on pressure levels with geopotential, temperature and both "
          "components of wind")


@dataclass(frozen=True)
class Weather:
    """A weather file, read and checked.

    Attributes:
        name: the file's name.
        times: UTC, seconds since 1970-01-01 without leap seconds, ascending.
        pressures: of the levels [Pa], falling.
        latitudes, longitudes: of the grid [deg], ascending; longitudes may run beyond 180.
        nodes: as WeatherGrid has them.
    """

    name: str
    times: np.ndarray
    pressures: np.ndarray
    latitudes: np.ndarray
    longitudes: np.ndarray
    nodes: np.ndarray

    @property
    def steady(self) -> bool:
        """True where the file holds one time only."""
        return len(self.times) == 1

    @property
    def top_msl(self) -> float:
        """Altitude that the top level nowhere falls below [m]."""
        height = float(self.nodes[..., -1, HEIGHT].min())
        return EARTH_RADIUS * height / (EARTH_RADIUS - height)

    def grid(self, start: float) -> WeatherGrid:
        """The grid for a flight that starts at ``start`` (UTC, seconds since 1970)."""
        seconds = self.times - start
        seconds.setflags(write=False)
        logarithm = np.log(self.pressures)
        logarithm.setflags(write=False)
        south, west = math.radians(self.latitudes[0]), math.radians(self.longitudes[0])
        return WeatherGrid(
            self.nodes, logarithm, seconds, south, west,
            (len(self.latitudes) - 1) / (math.radians(self.latitudes[-1]) - south),
            (len(self.longitudes) - 1) / (math.radians(self.longitudes[-1]) - west))

    def time_fault(self, start: float, end: float) -> str:
        """What keeps the file from covering a flight between two times; "" where nothing does."""
        if self.steady:
            return ""
        if start < self.times[0] or end > self.times[-1]:
            return (f"the flight from {stamp(start)} to {stamp(end)} (its reserve included) lies "
                    f"outside the times of {self.name}, {stamp(self.times[0])} to "
                    f"{stamp(self.times[-1])}; start it at another time with --start, or take "
                    "another file")
        for before, after in zip(self.times[:-1], self.times[1:], strict=True):
            if after - before > LONGEST_GAP and before < end and after > start:
                return (f"{self.name} has no weather between {stamp(before)} and {stamp(after)}, "
                        f"{(after - before) / 3600:.0f} h, and the flight from {stamp(start)} to "
                        f"{stamp(end)} (its reserve included) needs it; gaps of up to "
                        f"{LONGEST_GAP / 3600:.0f} h are bridged: start it at another time with "
                        "--start")
        return ""

    def covers(self, latitude: float, longitude: float, margin: float) -> bool:
        """True where a point [rad] lies within the grid by ``margin`` [rad of the Earth's arc]."""
        within = math.degrees(margin)
        north = math.degrees(latitude)
        if not self.latitudes[0] + within <= north <= self.latitudes[-1] - within:
            return False
        if self.longitudes[-1] - self.longitudes[0] > 359.999:
            return True
        within /= max(math.cos(latitude), 0.01)
        ahead = (math.degrees(longitude) - self.longitudes[0]) % 360.0
        return bool(within <= ahead <= self.longitudes[-1] - self.longitudes[0] - within)

    @property
    def extent(self) -> str:
        """The region covered, for messages."""
        west, east = (math.remainder(x, 360.0) for x in (self.longitudes[0], self.longitudes[-1]))
        return (f"latitudes {self.latitudes[0]:g} to {self.latitudes[-1]:g}, longitudes {west:g} "
                f"to {east:g}")


def stamp(time: float) -> str:
    """A time (UTC, seconds since 1970) as people read it: "2023-10-12 08:00 UTC"."""
    return f"{datetime.fromtimestamp(float(time), UTC):%Y-%m-%d %H:%M} UTC"


def load_weather(path: str | Path) -> Weather:
    """Read a weather file.

    Raises:
        SetupError: no such file, not netCDF, cut short, or lacking what a flight needs; every
            fault of the file in one message.
    """
    import netCDF4

    path = Path(path)
    try:
        _check_whole(path)
        with netCDF4.Dataset(path) as file:
            return _read(path, file)
    except OSError as error:
        if not path.is_file():
            raise SetupError(f"weather {path}: no such file; check the name and the folder"
                             ) from None
        raise SetupError(f"weather {path}: cannot be read as netCDF ({error.strerror or error}); "
                         "it is damaged, cut short or another kind of file: fetch it anew, or "
                         f"{REMEDY}") from None
    except RuntimeError as error:
        raise SetupError(f"weather {path}: is damaged ({error}); fetch it anew") from None


def _check_whole(path: Path) -> None:
    """Refuse a classic netCDF file that is cut short: netCDF itself reads zeros behind its end."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic not in (b"CDF\x01", b"CDF\x02"):
        return
    from scipy.io import netcdf_file

    try:
        netcdf_file(path, mmap=False).close()
    except (ValueError, TypeError, IndexError, EOFError):
        raise OSError("it ends before its data") from None


def _read(path: Path, file: Any) -> Weather:
    faults: list[str] = []
    axes = {axis: _axis(file, axis, faults) for axis in AXES}
    fields = {name: _field(file, name, faults) for name in FIELDS}
    if faults:
        raise _refused(path, faults)
    size = math.prod(len(axis) for axis in axes.values())
    if size > MOST_NODES:
        raise _refused(path, [f"it holds {size:,} nodes, more than {MOST_NODES:,}; cut it to the "
                              "region and the days of the flight"])
    times = _times(axes["time"], faults)
    levels = _numbers(axes["level"], "level", faults)
    latitudes = _numbers(axes["latitude"], "latitude", faults)
    longitudes = _numbers(axes["longitude"], "longitude", faults)
    arrays = {name: _array(variable, name, axes, faults) for name, variable in fields.items()}
    faults.extend(grid_faults(times, levels, latitudes, longitudes))
    if faults:
        raise _refused(path, faults)
    order = (np.argsort(times), np.argsort(latitudes), np.argsort(longitudes),
             np.argsort(-levels))
    nodes = np.stack([arrays[name].transpose(0, 2, 3, 1)[np.ix_(*order)]
                      for name in FIELDS], axis=-1)
    if not (np.diff(nodes[..., HEIGHT], axis=3) > 0.0).all():
        raise _refused(path, ["its geopotential does not grow from level to level; the file is "
                              "damaged: fetch it anew"])
    fault = height_fault(nodes[..., HEIGHT], levels[order[3]])
    if fault:
        raise _refused(path, [fault])
    times, latitudes, longitudes, levels = (
        values[i] for values, i in zip((times, latitudes, longitudes, levels), order,
                                       strict=True))
    longitudes, nodes = _closed(longitudes, nodes)
    nodes = np.ascontiguousarray(nodes)
    assert nodes.shape[-1] == QUANTITIES
    nodes.setflags(write=False)
    return Weather(path.name, times, levels, latitudes, longitudes, nodes)


def _refused(path: Path, faults: list[str]) -> SetupError:
    return SetupError(listed(f"weather {path}: cannot be used:", faults))


def _axis(file: Any, axis: str, faults: list[str]) -> Any:
    found = next((file.variables[name] for name in AXES[axis] if name in file.variables), None)
    if found is None or found.ndim > 1:
        faults.append(f"no coordinate {' or '.join(AXES[axis])}; {REMEDY}")
        return None
    return _Axis(found)


class _Axis:
    """A coordinate of the file, as an array of one dimension."""

    def __init__(self, variable: Any) -> None:
        self.dimension = variable.dimensions[0] if variable.ndim else ""
        self.units = str(getattr(variable, "units", ""))
        self.calendar = str(getattr(variable, "calendar", "standard"))
        self.values = np.ma.atleast_1d(variable[...])

    def __len__(self) -> int:
        return len(self.values)


def _field(file: Any, name: str, faults: list[str]) -> Any:
    standard, meaning = FIELDS[name]
    found = file.variables.get(name)
    if found is None:
        found = next((variable for variable in file.variables.values()
                      if getattr(variable, "standard_name", "") == standard), None)
    if found is None:
        faults.append(f"no variable {name} ({meaning}); {REMEDY}")
    elif _factor(str(getattr(found, "units", "")), name) is None:
        faults.append(f"variable {found.name}: its units \"{getattr(found, 'units', '')}\" are "
                      f"unknown; {meaning} is read in {_spelt(name)}")
    return found


def _factor(units: str, name: str) -> float | None:
    plain = units.lower().replace("**", "").replace("^", "").replace(" ", "").replace(".", "")
    return UNITS[name].get(plain)


def _spelt(name: str) -> str:
    return {"z": "m**2 s**-2", "t": "K", "level": "hPa or Pa"}.get(name, "m s**-1")


def _numbers(axis: _Axis, name: str, faults: list[str]) -> np.ndarray:
    values = np.ma.filled(axis.values.astype(float), np.nan)
    if name == "level":
        factor = _factor(axis.units, name)
        if factor is None:
            faults.append(f"levels: their units \"{axis.units}\" are unknown; pressure is read in "
                          f"{_spelt(name)}")
            return values
        values = values * factor
    return values


def _times(axis: _Axis, faults: list[str]) -> np.ndarray:
    """Seconds since 1970 of the file's times."""
    import cftime

    try:
        dates = cftime.num2date(np.ma.filled(axis.values, 0), axis.units, axis.calendar)
        return np.array([cftime.date2num(date, "seconds since 1970-01-01", axis.calendar)
                         for date in np.atleast_1d(dates)], dtype=float)
    except (ValueError, TypeError, OverflowError) as error:
        faults.append(f"times: their units \"{axis.units}\" are unknown ({error}); times are read "
                      'as "hours since 1900-01-01" and the like')
        return np.zeros(0)


def _array(variable: Any, name: str, axes: dict[str, Any], faults: list[str]) -> np.ndarray:
    """Values of a field in SI, shape (times, levels, latitudes, longitudes)."""
    dimensions = list(variable.dimensions)
    needed = [axes[axis].dimension for axis in ("time", "level", "latitude", "longitude")]
    extra = [d for d, size in zip(dimensions, variable.shape, strict=True)
             if d not in needed and size > 1]
    missing = [d for d in needed if d and d not in dimensions]
    if extra or missing:
        faults.append(f"variable {variable.name}: is given over {', '.join(dimensions)}; it has "
                      "to be given over time, level, latitude and longitude and nothing else")
        return np.zeros((0, 0, 0, 0))
    values = np.ma.asarray(variable[...])
    bare = int(np.ma.count_masked(values))
    filled = np.ma.filled(values.astype(float), np.nan)
    kept = [d for d in dimensions if d in needed]
    filled = filled.reshape([len(next(a for a in axes.values() if a.dimension == d))
                             for d in kept])
    filled = filled.transpose([kept.index(d) for d in needed if d in kept])
    filled = filled.reshape([len(axes[axis]) for axis in ("time", "level", "latitude",
                                                          "longitude")])
    filled = filled * (_factor(str(variable.units), name) or 1.0)
    low, high = BOUNDS[name]
    bare += int(np.isnan(filled).sum()) if not bare else 0
    if bare:
        faults.append(f"variable {variable.name}: {bare} of its {filled.size} values are missing; "
                      "take a file without gaps")
    elif filled.size and (filled.min() < low or filled.max() > high):
        faults.append(f"variable {variable.name}: values from {filled.min():g} to "
                      f"{filled.max():g} {'m' if name == 'z' else variable.units} are not "
                      "possible; the file is damaged or its units are wrong: fetch it anew")
    return filled


def _closed(longitudes: np.ndarray, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A grid around the whole Earth gets its first column once more at its end."""
    step = (longitudes[-1] - longitudes[0]) / (len(longitudes) - 1)
    if abs(longitudes[-1] + step - longitudes[0] - 360.0) > 1e-3 * step:
        return longitudes, nodes
    return (np.append(longitudes, longitudes[0] + 360.0),
            np.concatenate([nodes, nodes[:, :, :1]], axis=2))
