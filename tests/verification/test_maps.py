"""Published points are the studies', our blades are the charts', and false maps are noticed."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.verification import map_points, maps
from longwatch.verification.check import Context

STUDIES = Path(__file__).parents[2] / "studies"


def study(name):
    spec = importlib.util.spec_from_file_location(f"maps_{name}", STUDIES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows():
    context = Context()
    return list(maps.checks(context)), context.plots


def test_every_map_meets_its_source(rows):
    assert {row.verdict for row in rows[0]} <= {"holds", "shown", "explained"}
    assert sum(row.verdict == "holds" for row in rows[0]) >= 38
    assert len(rows[1]) == 3


def test_what_is_explained_is_explained_in_the_datasheet(rows):
    for row in rows[0]:
        if row.verdict == "explained":
            assert "fuel_per_turn2" in row.note
    entry = next(e for e in load_datasheet("tb2").entries if e.path.endswith("fuel_per_turn2"))
    assert "6.0 against 3.1 L/h at 6.4 kW" in entry.note
    assert maps.litres_per_hour(load_datasheet("tb2").datasheet[0].engine, 6.4,
                                2500.0) == pytest.approx(3.1, abs=0.05)


def test_the_points_are_those_of_the_studies():
    engine, turboprop = study("engine"), study("turboprop")
    stated = np.array([point[:3] for point in map_points.CONSTANT_SPEED])
    assert stated == pytest.approx(engine.CONSTANT_SPEED)
    curve = np.array([point[:3] for point in map_points.PROPELLER_CURVE])
    assert curve == pytest.approx(engine.PROPELLER_CURVE)
    assert [point[1:] for point in map_points.PT6_POWER] == [
        point[1:] for point in turboprop.PUBLISHED_POWER]
    assert map_points.PT6_CONSUMPTION == turboprop.PUBLISHED_CONSUMPTION


@pytest.mark.parametrize("name", ["tb2", "akinci"])
def test_the_charts_are_for_blades_as_wide_as_ours(name):
    """Activity factor: 100 000/16 times the integral of chord over diameter, radius cubed."""
    propeller = study("propeller")
    design = propeller.DESIGNS[name]
    x = np.linspace(design.hub, 1.0, 4001)
    chord, _, zero_lift = propeller.blade(x, design)
    assert 1e5 / 16 * np.trapezoid(chord / 2 * x**3, x) == pytest.approx(
        map_points.ACTIVITY[name], abs=0.1)
    assert 4 * np.trapezoid(-5.6 * zero_lift * x**3, x) == pytest.approx(0.22, abs=0.01)


@pytest.mark.parametrize("name", ["tb2", "akinci"])
def test_a_false_propeller_is_noticed(name):
    good = load_datasheet(name).datasheet
    strong = good.copy()
    strong["propeller"]["CT"] *= 1.12
    assert maps._disc("p", good[0].propeller).verdict == "holds"
    assert maps._disc("p", strong[0].propeller).verdict == "falls short"
    rows = [*maps._charts(name, "p", strong[0].propeller),
            *maps._between_nodes(name, "p", strong[0].propeller)]
    assert sum(row.verdict == "falls short" for row in rows) >= 3


def test_thrust_at_a_power_inverts_the_table():
    propeller = load_datasheet("tb2").datasheet[0].propeller
    J = propeller.advance_first + 9 * propeller.advance_step
    assert maps.thrust_at_power(propeller, float(J), float(propeller.CP[6, 9])) == pytest.approx(
        float(propeller.CT[6, 9]), rel=1e-9)
    assert np.isnan(maps.thrust_at_power(propeller, 0.7, 5.0))


@pytest.mark.compiled_only
def test_the_loiter_point_is_where_the_aircraft_loiters():
    from longwatch.analysis.trim import trim

    found = trim("tb2", calibrated_airspeed=36.0, altitude_msl=3000.0, payload_kg=150.0,
                 fuel_kg=108.0)
    power, rpm = map_points.LOITER
    assert found.power[0] / 1000.0 == pytest.approx(power, rel=0.01)
    assert found.engine_speed[0] / maps.RPM == pytest.approx(rpm, rel=0.01)
