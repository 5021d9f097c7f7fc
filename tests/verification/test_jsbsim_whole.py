"""The whole export by its levers, in small."""

import pytest

from longwatch.analysis.trim import trim
from longwatch.verification import jsbsim_whole
from longwatch.verification.check import Context


@pytest.mark.compiled_only
@pytest.mark.parametrize("name", list(jsbsim_whole.CASES))
def test_ten_seconds_by_the_levers(name, tmp_path, monkeypatch):
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    context = Context()
    start = trim(name, **jsbsim_whole.CASES[name])
    checks = list(jsbsim_whole.compared(context, name, start, 10.0))
    judged = {check.quantity: check for check in checks if check.rule == "within"}
    assert set(judged) == {"altitude", "true airspeed", "roll", "pitch", "heading"}
    assert abs(judged["altitude"].difference) < 0.1
    assert abs(judged["pitch"].difference) < 0.05
    assert len(context.plots) == 1


def test_without_jsbsim_nothing_is_run(monkeypatch):
    monkeypatch.setattr(jsbsim_whole.bare, "is_installed", lambda: False)
    checks = list(jsbsim_whole.checks(Context()))
    assert [check.verdict for check in checks] == ["not run"] * len(jsbsim_whole.CASES)
