"""Engines, landing gear and air in the report: which charts are drawn, and their figures."""

import numpy as np
import pyarrow as pa
import pytest

from longwatch.records.systems_charts import systems_charts

# US Standard Atmosphere 1976, table I: K at 0, 1000 and 11 000 geometric metres.
STANDARD = {0.0: 288.150, 1000.0: 281.651, 11000.0: 216.774}


def drawn(**columns):
    rows = {"clock.time": np.arange(3.0), **{name.replace("__", "."): np.array(values)
                                             for name, values in columns.items()}}
    return {chart["id"]: {one["name"]: one for one in chart["traces"]}
            for chart in systems_charts(pa.table(rows))}


def test_both_engines_are_drawn_and_told_apart():
    charts = drawn(engines_0__power=[0.0, 1e5, 2e5], engines_1__power=[0.0, 1e5, 0.0],
                   engines_0__speed=[0.0, 100.0, 200.0], engines_1__speed=[0.0, 100.0, 0.0],
                   propellers_0__blade_angle=[0.1, 0.2, 0.3],
                   propellers_1__blade_angle=[0.1, 0.2, 1.5])
    first, second = charts["power"]["power, engine 1"], charts["power"]["power, engine 2"]
    assert first["y"] == [0.0, 100.0, 200.0] and second["y"] == [0.0, 100.0, 0.0]
    assert first["colour"] != second["colour"] and second["broken"]
    turned = charts["engine-speed"]["engine speed, engine 1"]["y"]
    assert turned[2] == pytest.approx(200.0 * 60.0 / (2.0 * np.pi) / 1000.0, abs=1e-3)
    feathered = charts["engine-speed"]["blade angle, engine 2"]
    assert feathered["y"][2] == pytest.approx(85.944, abs=1e-3) and feathered["second"]


def test_one_engine_needs_no_number():
    charts = drawn(engines_0__power=[0.0, 1e5, 2e5], engines_1__power=[0.0, 0.0, 0.0])
    assert list(charts["power"]) == ["power"] and "engine-speed" not in charts


def test_gear_is_drawn_where_it_moves():
    assert drawn(actuators__gear=[1.0, 0.5, 0.0])["gear"]["landing gear"]["y"] == [100, 50, 0]
    assert "gear" not in drawn(actuators__gear=[1.0, 1.0, 1.0])


def test_temperature_is_drawn_where_the_air_is_not_standard():
    altitude, standard = list(STANDARD), np.array(list(STANDARD.values()))
    assert "temperature" not in drawn(flight__altitude_msl=altitude, air__temperature=standard)
    warm = drawn(flight__altitude_msl=altitude, air__temperature=standard + 10.0)["temperature"]
    assert warm["standard air"]["y"] == pytest.approx(standard - 273.15, abs=2e-3)
    assert warm["at the aircraft"]["y"] == pytest.approx(standard - 263.15, abs=2e-3)
