"""Modes beside JSBSim: they agree, and would not if one coefficient differed."""

from dataclasses import replace

import pytest

from longwatch.verification import jsbsim_bare, jsbsim_modes
from longwatch.verification.check import FALLS_SHORT, HOLDS, Context

pytestmark = [
    pytest.mark.compiled_only,
    pytest.mark.skipif(not jsbsim_bare.is_installed(), reason="needs JSBSim, extra 'verify'")]


def test_both_aircraft_have_jsbsims_modes():
    checks = list(jsbsim_modes.checks(Context()))
    assert len(checks) == 16
    assert {check.verdict for check in checks} == {HOLDS}


def test_a_coefficient_off_by_a_tenth_shows(monkeypatch):
    exported = jsbsim_bare.airframe_files

    def altered(aircraft):
        sheets = aircraft.datasheet.copy()
        sheets[0].aerodynamics.Cm_q *= 1.1
        sheets[0].aerodynamics.Cn_r *= 1.1
        return exported(replace(aircraft, datasheet=sheets))

    monkeypatch.setattr(jsbsim_bare, "airframe_files", altered)
    short = {check.quantity for check in jsbsim_modes.checks(Context())
             if check.verdict == FALLS_SHORT}
    assert {"short period, damping", "Dutch roll, damping"} <= short
