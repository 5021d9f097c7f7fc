"""The subject itself: it passes what is good, and sees what is not."""

from dataclasses import replace

import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.verification import flying_qualities
from longwatch.verification.check import FALLS_SHORT, HOLDS, SHOWN, Context

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def few(monkeypatch):
    """A coarse grid of one aircraft."""
    monkeypatch.setattr(flying_qualities, "AIRCRAFT", {"tb2": (3000.0,)})
    monkeypatch.setattr(flying_qualities, "LOW", (0.0,))
    monkeypatch.setattr(flying_qualities, "LOADS", ((0.0, 0.15), (1.0, 1.0)))


def found():
    context = Context()
    return {(check.case.split(",")[1], check.quantity): check
            for check in flying_qualities.checks(context)}, context


def test_engaged_holds_and_bare_is_shown(few):
    checks, context = found()
    engaged = [check for (_, quantity), check in checks.items() if "inner loops" in quantity]
    bare = [check for (_, quantity), check in checks.items() if "bare" in quantity]
    assert len(engaged) == 12 and {check.verdict for check in engaged} == {HOLDS}
    assert len(bare) == 10 and {check.verdict for check in bare} == {SHOWN}
    assert all(check.note for check in bare)
    drawing = pytest.importorskip("matplotlib.figure", reason="needs Matplotlib, extra 'verify'")
    figure = drawing.Figure()
    context.plots[0].draw(figure)
    assert len(figure.axes) == 2


def test_bad_gains_fall_short(few, monkeypatch):
    def limp(name):
        aircraft = load_datasheet(name)
        sheets = aircraft.datasheet.copy()
        sheets[0].control.pitch_rate_gain, sheets[0].control.pitch_rate_integral = 2.5, 0.0
        return replace(aircraft, datasheet=sheets)

    monkeypatch.setattr(flying_qualities, "load_datasheet", limp)
    checks, _ = found()
    short = [check.quantity for check in checks.values() if check.verdict == FALLS_SHORT]
    assert any("short period" in quantity for quantity in short)
    assert any("Level 1 in every mode" in quantity for quantity in short)
