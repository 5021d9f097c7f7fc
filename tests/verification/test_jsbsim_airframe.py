"""The comparison of airframes, in small: ten seconds, and that it would notice a fault."""

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.verification import jsbsim_airframe
from longwatch.verification.check import Context

pytestmark = pytest.mark.compiled_only
CRUISE = {"calibrated_airspeed": 36.0, "altitude_msl": 3000.0}


@pytest.fixture(autouse=True)
def jsbsim(tmp_path, monkeypatch):
    """JSBSim writes where it runs."""
    monkeypatch.chdir(tmp_path)
    return pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")


def verdicts(aircraft, asked, seconds=10.0):
    checks = jsbsim_airframe.compared(Context(), "case", aircraft, asked, seconds)
    return {check.quantity: check for check in checks if check.rule == "within"}


@pytest.mark.parametrize(("aircraft", "asked"), [
    ("tb2", CRUISE), ("akinci", {"calibrated_airspeed": 56.0, "altitude_msl": 9000.0})])
def test_both_fly_the_same(aircraft, asked):
    found = verdicts(aircraft, asked)
    assert set(found) == {"altitude", "true airspeed", "roll", "pitch", "heading"}
    # Far inside the tolerances of the whole minute.
    assert abs(found["altitude"].difference) < 0.02
    assert abs(found["true airspeed"].difference) < 0.005
    assert all(abs(found[angle].difference) < 0.03 for angle in ("roll", "pitch", "heading"))


def test_a_wrong_coefficient_is_noticed(monkeypatch):
    from longwatch.export import aerodynamics

    right = aerodynamics._moments

    def wrong(section, aero):
        aero = aero.copy()
        aero["Cm_alpha"] *= 1.03
        right(section, aero)

    monkeypatch.setattr(aerodynamics, "_moments", wrong)
    found = verdicts("tb2", CRUISE)
    assert found["altitude"].verdict == "falls short" or found["pitch"].verdict == "falls short"


def test_without_jsbsim_nothing_is_run(monkeypatch):
    monkeypatch.setattr(jsbsim_airframe.bare, "is_installed", lambda: False)
    checks = list(jsbsim_airframe.checks(Context()))
    assert checks and all(check.verdict == "not run" for check in checks)
    assert "longwatch[verify]" in checks[0].note


def test_the_cases_fit_their_aircraft():
    for name, flights in jsbsim_airframe.CASES.items():
        mass = load_datasheet(name).datasheet[0].mass
        for asked in flights.values():
            aboard = asked.get("payload_kg", 0.0) + asked.get("fuel_kg", 0.0)
            assert mass.empty_mass + aboard <= mass.maximum_takeoff_mass


@pytest.mark.parametrize(("version", "enough"), [("1.3.3", True), ("1.4.0", True), ("2.0", True),
                                                 ("1.3.0", False), ("1.2.4", False)])
def test_an_old_jsbsim_is_not_taken(monkeypatch, version, enough):
    bare = jsbsim_airframe.bare
    monkeypatch.setattr(bare.importlib.metadata, "version", lambda name: version)
    assert bare.is_installed() is enough
