"""The parameter registry against the declarations it is made of."""

import math
from dataclasses import replace

import numpy as np
import pytest

from longwatch.aircraft.checks import consistency_faults
from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot import codes
from longwatch.autopilot.aboard import parameters as registry
from longwatch.autopilot.aboard.parameter_ranges import RANGES, refusal
from longwatch.autopilot.aboard.settings import standard_settings
from longwatch.errors import OrderArgumentError, OrderError

NAMES = ("tb2", "akinci")
BOTH = tuple(load_datasheet(name) for name in NAMES)
TB2 = BOTH[0]
NO_SETTINGS = standard_settings()


def value(name, sheet=TB2.datasheet):
    return registry.read(name, sheet, NO_SETTINGS)


def test_every_gain_and_procedure_of_the_datasheet_can_be_tuned():
    listed = {p.path for p in registry.parameters(TB2)}
    for entry in TB2.entries:
        if entry.path.split(".")[0] in ("procedures", "control"):
            assert entry.path in listed, entry.path


@pytest.mark.parametrize("name", ["tb2", "akinci"])
def test_a_datasheets_values_are_the_defaults_with_grade_and_source(name):
    aircraft = load_datasheet(name)
    entries = {entry.path: entry for entry in aircraft.entries}
    found = registry.parameters(aircraft)
    assert [p.name for p in found] == sorted(p.name for p in found)
    for p in found:
        assert len(p.name) <= 16 and p.name == p.name.upper()
        assert p.minimum <= p.default <= p.maximum, p.name
        assert p.meaning and p.source and p.grade
        if p.path in entries:
            given = entries[p.path].value
            assert p.default == (math.degrees(given) if p.unit == "deg" else given)
            assert p.source == entries[p.path].source


def test_a_bank_limit_set_in_degrees_is_kept_in_radians_and_the_first_sheet_stays():
    sheets, _ = registry.changed("LIM_BANK_MAX", 25, TB2, NO_SETTINGS)
    assert sheets[0].limits.bank_maximum == 25 * math.pi / 180
    assert value("LIM_BANK_MAX", sheets) == 25.0
    assert TB2.datasheet[0].limits.bank_maximum == 0.5236
    assert not sheets.flags.writeable


@pytest.mark.parametrize("aircraft", BOTH, ids=NAMES)
def test_every_parameter_takes_both_its_bounds_as_32_bit_floats_or_says_what_contradicts_them(
        aircraft):
    for p in registry.parameters(aircraft):
        for bound in (p.minimum, p.maximum):
            try:
                sheets, own = registry.changed(p.name, float(np.float32(bound)), aircraft,
                                               NO_SETTINGS)
            except OrderError as error:
                assert "contradicts the datasheet" in str(error)
                continue
            kept = registry.read(p.name, sheets, own)
            assert kept == pytest.approx(bound, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("aircraft", BOTH, ids=NAMES)
@pytest.mark.parametrize(("name", "lost_with"), [
    ("LIM_LOAD_MAX", 1.0), ("LIM_LOAD_MIN", 1.0), ("PROC_ROT_FACT", 2.0), ("PROC_APP_FACT", 2.0),
    ("PROC_TOUCH_FACT", 2.0), ("PROC_GLIDE_PATH", 10.0), ("PROC_GLIDE_PATH", 0.6),
    ("PROC_SINK_MAX", 1.0), ("PROC_CRUISE_FACT", 2.5), ("PROC_CLIMB_FACT", 2.5),
    ("PROC_FLARE_TC", 0.5), ("PROC_FLARE_TC", 20.0), ("PROC_FLARE_H", 60.0),
    ("PROC_BRAKE_SPD", 1.0), ("LIM_BANK_MAX", 5.73), ("CTL_PATH_DAMP", 0.1),
    ("CTL_PATH_PERIOD", 1.0), ("CTL_PATH_PERIOD", 120.0), ("CTL_PITCHR_P", 0.0),
    ("CTL_PITCHR_I", 10.0), ("CTL_ROLL_TC", 10.0), ("CTL_REF_PRESS", 1.0)])
def test_a_value_that_lost_an_aircraft_or_never_landed_is_out_of_range(aircraft, name, lost_with):
    with pytest.raises(OrderArgumentError, match="out of range"):
        registry.changed(name, lost_with, aircraft, NO_SETTINGS)


def test_every_limit_procedure_and_gain_has_a_range_of_its_own_and_no_other_name_has():
    tuned = {p.name for p in registry.parameters(TB2) if p.group != "settings"}
    assert set(RANGES) == tuned


@pytest.mark.parametrize("aircraft", BOTH, ids=NAMES)
def test_limits_of_the_structure_are_never_exceeded(aircraft):
    limits, found = aircraft.datasheet[0].limits, {
        p.name: p for p in registry.parameters(aircraft)}
    assert found["LIM_LOAD_MAX"].maximum == limits.load_factor_maximum
    assert found["LIM_LOAD_MIN"].minimum == limits.load_factor_minimum
    assert found["PROC_GEAR_SPD"].maximum == aircraft.datasheet[0].procedures.gear_speed


@pytest.mark.parametrize(("held", "given"), [
    # 4 deg at 1.35 times a stall at 28.29 m/s sink by 2.67 m/s, 1.6 of that is 4.27.
    ({"PROC_GLIDE_PATH": 4.0, "PROC_APP_FACT": 1.35}, ("PROC_SINK_MAX", 4.2)),
    ({"PROC_CLIMBOUT_H": 300.0, "MIS_TAKEOFF_ALT": 400.0}, ("MIS_TAKEOFF_ALT", 299.0)),
    ({"PROC_CLIMBOUT_H": 200.0}, ("RTL_RETURN_ALT", 199.0)),
    # Between the two it turns back from 60 m before either.
    ({"LW_FENCE_CEIL": 1000.0}, ("LW_FENCE_FLOOR", 890.0)),
    # Higher than it ever flies.
    ({}, ("LW_FENCE_FLOOR", 20000.0)),
])
def test_values_that_fly_alone_but_not_together_are_refused(held, given):
    aircraft, own = TB2, NO_SETTINGS
    for name, number in held.items():
        sheets, own = registry.changed(name, number, aircraft, own)
        aircraft = replace(aircraft, datasheet=sheets)
    with pytest.raises(OrderArgumentError, match=r"contradicts|out of range"):
        registry.changed(*given, aircraft, own)


@pytest.mark.parametrize(("section", "name", "value", "said"), [
    # A turn at 30 deg takes 1.15, straight flight 1, and 0.6 are for gusts.
    ("limits", "load_factor_maximum", 1.74, "a turn at bank_maximum takes 1.15"),
    ("limits", "load_factor_maximum", 1.76, ""),
    ("limits", "load_factor_minimum", 0.41, "straight flight takes 1"),
    ("limits", "load_factor_minimum", 0.39, ""),
    ("procedures", "protection_factor", 1.3, "protection_factor <= approach_factor"),
    ("procedures", "touchdown_factor", 1.3, "touchdown_factor <= approach_factor"),
    ("procedures", "touchdown_factor", 1.2, "")])
def test_no_datasheet_contradicts_itself_where_no_parameter_reaches(section, name, value, said):
    """The ranges of the parameters end before; a datasheet has none."""
    sheet = TB2.datasheet.copy()
    sheet[0][section][name] = value
    found = " ".join(consistency_faults(sheet[0]))
    assert said in found and bool(found) == bool(said)


def test_a_stall_speed_from_lift_at_the_largest_mass_bounds_the_sink_on_the_final():
    sheet = TB2.datasheet[0]
    stall = math.sqrt(2 * 9.80665 * sheet.mass.maximum_takeoff_mass
                      / (1.225 * sheet.geometry.wing_area * sheet.aerodynamics.CL_max))
    sunk = 1.6 * sheet.procedures.approach_factor * stall * math.tan(math.radians(4.0))
    steep, _ = registry.changed("PROC_GLIDE_PATH", 4.0, TB2, NO_SETTINGS)
    steep_one = replace(TB2, datasheet=steep)
    low = next(p.minimum for p in registry.parameters(TB2) if p.name == "PROC_SINK_MAX")
    least = max(low, sunk)
    registry.changed("PROC_SINK_MAX", least + 0.01, steep_one, NO_SETTINGS)
    with pytest.raises(OrderArgumentError):
        registry.changed("PROC_SINK_MAX", least - 0.01, steep_one, NO_SETTINGS)


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("COM_DL_LOSS_T", set(range(17))),
        (
            "PROC_GLIDE_PATH",
            {
                codes.PHASE_PARKED,
                codes.PHASE_STOPPED,
                codes.PHASE_EN_ROUTE,
                codes.PHASE_LOITER,
                codes.PHASE_HOLDING,
                codes.PHASE_STEERED,
            },
        ),
        ("LIM_LOAD_MAX", {codes.PHASE_PARKED, codes.PHASE_STOPPED}),
    ],
)
def test_in_which_phases_of_flight_a_parameter_may_change(name, free):
    assert {phase for phase in range(len(codes.PHASE_NAMES)) if not refusal(name, phase)} == free


@pytest.mark.parametrize(("name", "given", "reason"), [
    ("LIM_BANK_MAX", 90.0, "out of range: 24 to 45 deg"),
    ("LIM_BANK_MAX", math.nan, "not finite"),
    ("LIM_BANK_MAX", -math.inf, "not finite"),
    ("LIM_BANK_MAX", "30", "no number"),
    ("LIM_BANK_MAX", None, "no number"),
    ("LIM_CRUISE_SPD", 80.0, "out of range: 30.6 to 41.4 m/s"),
    ("NOT_THERE", 1.0, "not known"),
])
def test_a_value_that_makes_no_sense_is_refused_with_its_reason(name, given, reason):
    before = TB2.datasheet.tobytes()
    with pytest.raises(OrderError) as error:
        registry.changed(name, given, TB2, NO_SETTINGS)
    assert reason in str(error.value)
    assert TB2.datasheet.tobytes() == before
