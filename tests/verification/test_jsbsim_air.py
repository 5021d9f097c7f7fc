"""The comparison of the air, in small; and that the spectrum's test has teeth."""

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.verification import jsbsim_air
from longwatch.verification.check import Context

pytestmark = pytest.mark.compiled_only


@pytest.fixture
def jsbsim(tmp_path, monkeypatch):
    """JSBSim writes where it runs."""
    monkeypatch.chdir(tmp_path)
    return pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")


def test_atmosphere_agrees(jsbsim):
    with jsbsim_air._loaded(load_datasheet("tb2")) as fdm:
        checks = list(jsbsim_air.atmosphere(fdm))
    assert [check.quantity for check in checks] == ["temperature", "pressure", "density"]
    assert all(check.verdict == "holds" for check in checks)


def test_gusts_agree_where_they_should(jsbsim):
    checks = list(jsbsim_air.gusts(Context(), load_datasheet("tb2"), seconds=800.0))
    judged = [check for check in checks if check.rule != "shown"]
    assert len(judged) == 8
    assert all(check.verdict == "holds" for check in judged)


def test_another_spectrum_of_the_same_variance_is_noticed():
    """White noise through one lag has the transverse gust's variance, not its spectrum."""
    ours = jsbsim_air.our_gusts(12.0, 160000)[:, 2]
    lag = jsbsim_air.turbulence.HIGH_SCALE / jsbsim_air.AIRSPEED / 2.0
    keep = np.exp(-1.0 / jsbsim_air.RATE / lag)
    noise = np.random.default_rng(1).normal(size=10000 * 4)
    series = np.zeros(len(noise))
    for i in range(1, len(noise)):
        series[i] = keep * series[i - 1] + np.sqrt(1.0 - keep**2) * noise[i]
    departures = jsbsim_air.spectrum_departures(series * ours.std(), ours)
    assert np.max(np.abs(departures)) > jsbsim_air.SPECTRUM_ERRORS


def test_without_jsbsim_nothing_is_run(monkeypatch):
    monkeypatch.setattr(jsbsim_air, "is_installed", lambda: False)
    assert {check.verdict for check in jsbsim_air.checks(Context())} == {"not run"}
