"""The report's charts of engines, landing gear and air; what they are is told in charts.py."""

import numpy as np
import pyarrow as pa

from longwatch.environment.atmosphere import standard_atmosphere
from longwatch.records.charts import DEGREES, Chart, Columns, trace

THOUSAND_TURNS = 0.03 / np.pi  # a minute, of a rad/s
CELSIUS = 273.15
LEAST_DEVIATION = 0.5  # K; standard air needs no chart
COLOURS = ("main", "target")

# Every column of the log that these charts look at.
COLUMNS = (
    "clock.time", "flight.altitude_msl", "flight.wind_north", "flight.wind_east",
    "mass.fuel_mass", "actuators.gear", "air.temperature",
    *(f"engines_{k}.{name}" for k in (0, 1) for name in ("power", "speed")),
    *(f"propellers_{k}.blade_angle" for k in (0, 1)))


def systems_charts(table: pa.Table) -> list[Chart]:
    """Power and fuel, engine speed and blade angle, landing gear, wind, temperature."""
    columns = Columns(table)
    if columns.time is None:
        return []
    charts = [_power(columns), _speed(columns), _gear(columns), _wind(columns),
              _temperature(columns)]
    return [chart for chart in charts if chart["traces"]]


def _engines(columns: Columns) -> list[tuple[int, str, dict[str, bool]]]:
    """Number, what its curves are called after, and how they are drawn, of each engine there."""
    second = columns.get("engines_1.power")
    if second is None or not second.any():
        return [(0, "", {})]
    # Two that do the same lie on each other: the second is broken so that both are seen.
    return [(0, ", engine 1", {}), (1, ", engine 2", {"broken": True})]


def _power(columns: Columns) -> Chart:
    traces = [one for k, name, drawn in _engines(columns) for one in trace(
        columns, f"power{name}", columns.get(f"engines_{k}.power", 1e-3), COLOURS[k], thin=True,
        **drawn)]
    fuel = trace(columns, "fuel left", columns.get("mass.fuel_mass"), "second", second=True)
    return {"id": "power", "title": "Power and fuel", "unit": "kW",
            "second": {"unit": "kg"} if fuel else None, "traces": traces + fuel}


def _speed(columns: Columns) -> Chart:
    traces, blades = [], []
    for k, name, drawn in _engines(columns):
        traces += trace(columns, f"engine speed{name}",
                        columns.get(f"engines_{k}.speed", THOUSAND_TURNS), COLOURS[k], thin=True,
                        **drawn)
        blades += trace(columns, f"blade angle{name}",
                        columns.get(f"propellers_{k}.blade_angle", DEGREES),
                        ("second", "third")[k], thin=True, second=True, **drawn)
    return {"id": "engine-speed", "title": "Engine speed and propeller blades", "unit": "1000/min",
            "second": {"unit": "deg"} if blades else None, "traces": traces + blades}


def _gear(columns: Columns) -> Chart:
    """Of gear that retracts; that which never moved needs no chart."""
    gear = columns.get("actuators.gear", 100.0)
    if gear is None or gear.min() == gear.max():
        return {"traces": []}
    return {"id": "gear", "title": "Landing gear", "note": "100 % is down", "unit": "%",
            "range": [-8, 108], "traces": trace(columns, "landing gear", gear, "main")}


def _wind(columns: Columns) -> Chart:
    north, east = columns.get("flight.wind_north"), columns.get("flight.wind_east")
    if north is None or east is None or not (north.any() or east.any()):
        return {"traces": []}  # calm air needs no chart
    speed = np.hypot(north, east)
    source = np.degrees(np.arctan2(-east, -north)) % 360.0
    blowing = np.where(speed > 0.2, source, np.nan)
    return {"id": "wind", "title": "Wind at the aircraft", "unit": "m/s",
            "second": {"unit": "deg, from", "range": [0, 360]},
            "traces": [*trace(columns, "speed", speed, "main"),
                       *trace(columns, "direction from, true", blowing, "second", second=True,
                              dots=True)]}


def _temperature(columns: Columns) -> Chart:
    """The weather's, beside that of standard air at the same altitude."""
    found, altitude = columns.get("air.temperature"), columns.get("flight.altitude_msl")
    if found is None or altitude is None:
        return {"traces": []}
    few = slice(None, None, max(1, len(found) // 1000))  # enough to see whether it is another
    off = np.abs(found[few] - _standard(altitude[few]))
    if not np.nanmax(off, initial=0.0) > LEAST_DEVIATION:
        return {"traces": []}
    return {"id": "temperature", "title": "Air temperature", "unit": "°C", "traces": [
        *trace(columns, "standard air", _standard(altitude) - CELSIUS, "third", thin=True),
        *trace(columns, "at the aircraft", found - CELSIUS, "main")]}


def _standard(altitude_msl: np.ndarray) -> np.ndarray:
    """Temperature of standard air [K] at altitudes [m]."""
    return np.array([standard_atmosphere(one)[0] for one in altitude_msl.tolist()])
