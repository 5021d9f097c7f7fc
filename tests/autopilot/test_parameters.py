"""The parameter registry against the declarations it is made of."""

import math

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.autopilot import parameters as registry
from longwatch.autopilot.settings import standard_settings
from longwatch.errors import OrderError

TB2 = load_datasheet("tb2")
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


def test_every_parameter_takes_both_its_bounds_as_32_bit_floats_or_says_what_contradicts_them():
    for p in registry.parameters(TB2):
        for bound in (p.minimum, p.maximum):
            try:
                sheets, own = registry.changed(p.name, float(np.float32(bound)), TB2,
                                               NO_SETTINGS)
            except OrderError as error:
                assert "contradicts the datasheet" in str(error)
                continue
            kept = registry.read(p.name, sheets, own)
            assert kept == pytest.approx(bound, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("name", "given", "reason"), [
    ("LIM_BANK_MAX", 90.0, "out of range: 5.72958 to 74.4845 deg"),
    ("LIM_BANK_MAX", math.nan, "not finite"),
    ("LIM_BANK_MAX", -math.inf, "not finite"),
    ("LIM_BANK_MAX", "30", "no number"),
    ("LIM_BANK_MAX", None, "no number"),
    ("LIM_CRUISE_SPD", 80.0, "cruise_speed < never_exceed_speed"),
    ("PROC_MIN_FACT", 1.5, "protection_factor <= approach_factor"),
    ("NOT_THERE", 1.0, "not known"),
])
def test_a_value_that_makes_no_sense_is_refused_with_its_reason(name, given, reason):
    before = TB2.datasheet.tobytes()
    with pytest.raises(OrderError) as error:
        registry.changed(name, given, TB2, NO_SETTINGS)
    assert reason in str(error.value)
    assert TB2.datasheet.tobytes() == before
