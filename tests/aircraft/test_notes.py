"""Figures that the datasheets quote in their notes come out: by hand, or of the study named."""

import math
import re

import pytest

from longwatch.aircraft.loader import load_datasheet

DEGREE, RPM, KNOT, HORSEPOWER = math.pi / 180, math.pi / 30, 1852 / 3600, 745.69987


@pytest.fixture(scope="module")
def entries():
    return {name: {entry.path: entry for entry in load_datasheet(name).entries}
            for name in ("tb2", "akinci")}


# What a note quotes, and the same from the values of the datasheet by hand.
@pytest.mark.parametrize(("aircraft", "path", "quoted", "by_hand"), [
    ("tb2", "actuators.aileron.upper", "25 deg", lambda v: v("actuators.aileron.upper") / DEGREE),
    ("tb2", "actuators.ruddervator.upper", "30 deg",
     lambda v: v("actuators.ruddervator.upper") / DEGREE),
    ("tb2", "engine.cruise_speed_least", "3400 rpm",
     lambda v: v("engine.cruise_speed_least") / RPM),
    ("tb2", "landing_gear.side_load_limit", "0.83 W",
     lambda v: v("landing_gear.side_load_limit") / 9.80665 / v("mass.maximum_takeoff_mass")),
    ("tb2", "landing_gear.vertical_load_limit", "2.3 W",
     lambda v: v("landing_gear.vertical_load_limit") / 9.80665 / v("mass.maximum_takeoff_mass")),
    ("tb2", "limits.bank_maximum", "30 deg", lambda v: v("limits.bank_maximum") / DEGREE),
    ("tb2", "limits.cruise_speed", "70 kt", lambda v: v("limits.cruise_speed") / KNOT),
    ("tb2", "limits.never_exceed_speed", "120 kt",
     lambda v: v("limits.never_exceed_speed") / 1.1 / KNOT),
    ("akinci", "engine.continuous_power", "750 shp",
     lambda v: v("engine.continuous_power") / HORSEPOWER),
    ("akinci", "engine.continuous_speed", "1 900 rpm",
     lambda v: v("engine.continuous_speed") / v("engine.gear_ratio") / RPM),
    ("akinci", "engine.cruise_speed_least", "1 500 rpm",
     lambda v: v("engine.cruise_speed_least") / v("engine.gear_ratio") / RPM),
    ("akinci", "engine.gear_ratio", "33 440 rpm",
     lambda v: v("engine.gear_ratio") * 1900),
    ("akinci", "engine.idle_speed", "700 rpm",
     lambda v: v("engine.idle_speed") / v("engine.gear_ratio") / RPM),
    ("akinci", "engine.inertia", "1.9 kg m2",
     lambda v: v("engine.inertia") * v("engine.gear_ratio") ** 2),
    ("akinci", "engine.friction_torque", "12 kW",
     lambda v: v("engine.friction_torque") * v("engine.continuous_speed") / 1000),
    ("akinci", "engine.time_constant", "3.6 s",
     lambda v: -math.log(0.05) * v("engine.time_constant")),
    ("akinci", "geometry.wing_area", "aspect ratio 11.1",
     lambda v: v("geometry.span") ** 2 / v("geometry.wing_area")),
    ("akinci", "landing_gear.side_load_limit", "0.83 W",
     lambda v: v("landing_gear.side_load_limit") / 9.80665 / v("mass.maximum_takeoff_mass")),
    ("akinci", "limits.never_exceed_speed", "195 kt",
     lambda v: v("limits.never_exceed_speed") / 1.1 / KNOT),
    ("akinci", "limits.crosswind_maximum", "25 kt",
     lambda v: v("limits.crosswind_maximum") / KNOT),
    ("akinci", "propeller.diameter", "tip Mach number 0.70",
     lambda v: math.pi * v("propeller.diameter") * 1900 / 60 / 340.3),
    ("akinci", "propeller.angle_feather", "85 deg",
     lambda v: v("propeller.angle_feather") / DEGREE),
])
def test_by_hand(entries, aircraft, path, quoted, by_hand):
    assert quoted in entries[aircraft][path].note
    figure = re.search(r"\d[\d ]*(\.\d+)?", quoted)[0].strip().replace(" ", "")
    found = by_hand(lambda name: entries[aircraft][name].value)
    # To the last digit quoted; whole hundreds are round figures.
    decimals = len(figure.partition(".")[2])
    digit = 10.0**-decimals if decimals else (10.0 if figure.endswith("00") else 1.0)
    assert found == pytest.approx(float(figure), abs=0.6 * digit)


def test_load_factors_are_those_of_cs23(entries):
    """CS 23.337: 2.1 + 24 000/(W + 10 000), W in lb; the negative one 0.4 of it."""
    value = {path: entry.value for path, entry in entries["akinci"].items()}
    positive = 2.1 + 24_000 / (value["mass.maximum_takeoff_mass"] / 0.45359237 + 10_000)
    assert value["limits.load_factor_maximum"] == pytest.approx(positive, abs=0.005)
    assert value["limits.load_factor_minimum"] == pytest.approx(-0.4 * positive, abs=0.005)


def test_figures_of_the_aerodynamics_study(entries, study):
    """Where a published value is used, the note says what the study finds."""
    pytest.importorskip("aerosandbox", reason="needs AeroSandbox, group 'studies'")
    found = {name: value for name, (value, _) in study("aerodynamics").derivatives().items()}
    compared = 0
    for path, entry in entries["tb2"].items():
        quoted = re.search(r"the study finds (-?\d+\.\d+)", entry.note)
        if quoted:
            digit = 10.0 ** -len(quoted[1].partition(".")[2])
            assert found[path.partition(".")[2]] == pytest.approx(float(quoted[1]),
                                                                  abs=0.6 * digit), path
            compared += 1
    assert compared == 6
