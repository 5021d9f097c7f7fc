"""NASA's check cases as ``longwatch verify`` judges them, and that it would notice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from longwatch.verification import nasa
from longwatch.verification.check import Context, counted

pytestmark = pytest.mark.compiled_only
SIX = ("01", "02", "03", "06", "07", "09")


@pytest.fixture(scope="module")
def rows(shared_data):
    return list(nasa.checks(Context(Path(shared_data))))


def test_every_case_holds_against_both_judges(rows):
    assert [row for row in rows if row.verdict not in ("holds", "shown")] == []
    for number in SIX:
        for judge in ("04", "05"):
            held = {row.quantity for row in rows if row.case.startswith(number + " ")
                    and row.reference.endswith(judge) and row.verdict == "holds"}
            assert {"altitude", "latitude", "longitude"} <= held
            assert ({"Euler angles", "body rates"} <= held) == (number in ("02", "03"))


def test_simulation_06_is_shown_without_a_verdict(rows):
    assert {row.verdict for row in rows if row.reference.endswith("06")} == {"shown"}


def test_the_tolerances_are_those_asked():
    feet = [case.feet for case in nasa.cases().values()]
    assert feet == [0.001, 0.001, 0.001, 0.002, 0.002, 0.02]
    assert (nasa.cases()["02"].degrees, nasa.cases()["03"].degrees) == (0.001, 0.1)
    assert nasa.cases()["02"].degrees_per_second == 0.0005
    assert nasa.cases()["03"].degrees_per_second == 0.004
    assert nasa.AIR_SHARE == 1e-4


def test_what_the_air_does_is_what_the_simulations_report(shared_data):
    """Force and moment, beyond what the cases are judged by."""
    for number in ("06", "09"):
        case = nasa.cases()[number]
        columns = nasa.published(Path(shared_data), case, "04")
        found = nasa.flown(case).force_body / nasa.POUND_FORCE
        truth = np.stack([columns[f"aero_bodyForce_lbf_{axis}"] for axis in "XYZ"], axis=1)
        assert found == pytest.approx(truth, abs=3e-5 * np.abs(truth).max())
    brick = nasa.cases()["03"]
    columns = nasa.published(Path(shared_data), brick, "05")
    flight = nasa.flown(brick)
    found = flight.moment_body / (nasa.POUND_FORCE * nasa.FOOT)
    truth = np.stack([columns[f"aero_bodyMoment_ftlbf_{axis}"] for axis in "LMN"], axis=1)
    assert found == pytest.approx(truth, abs=1e-4 * np.abs(truth).max())
    assert flight.mach == pytest.approx(columns["mach"], abs=2e-6)
    assert flight.gravitation / nasa.FOOT == pytest.approx(columns["localGravity_ft_s2"], rel=1e-9)
    # The cannonball faces east and turns with the Earth.
    case = nasa.cases()["09"]
    ours = nasa.motion(nasa.flown(case))
    theirs = nasa.published_motion(nasa.published(Path(shared_data), case, "05"))
    assert ours["Euler angles"] == pytest.approx(theirs["Euler angles"], abs=1e-5)
    assert ours["body rates"] == pytest.approx(theirs["body rates"], abs=1e-8)


@pytest.mark.parametrize(("number", "wrong"), [
    ("01", {"environment": replace(nasa.cases()["01"].environment, earth=replace(
        nasa.cases()["01"].environment.earth, j2=0.0))}),
    ("06", {"body": replace(nasa.cases()["06"].body, CD=0.1001)}),
    ("07", {"environment": nasa.cases()["06"].environment}),
    ("03", {"body": replace(nasa.cases()["03"].body, Cm_q=-0.95)}),
    ("09", {"initial": replace(nasa.cases()["09"].initial, velocity_ned=(0.0, 304.8, -304.7))})])
def test_a_false_setup_is_noticed(shared_data, monkeypatch, number, wrong):
    false = {number: replace(nasa.cases()[number], **wrong)}
    monkeypatch.setattr(nasa, "cases", lambda: false)
    assert counted(list(nasa.checks(Context(Path(shared_data)))))["falls short"] >= 1


def test_without_data_nothing_is_judged():
    rows = list(nasa.checks(Context(None)))
    assert {row.verdict for row in rows[:-1]} == {"not run"}
    assert len(rows) == 19


def test_other_equations_of_motion_are_noticed(monkeypatch):
    assert nasa.equations_apart() < 1e-14
    true = nasa.rigid_body.derivative
    monkeypatch.setattr(nasa.rigid_body, "derivative", lambda *given: [
        1.0000001 * value for value in true(*given)])
    assert nasa.equations_apart() > 9e-8
