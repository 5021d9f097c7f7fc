"""The comparison of engines, in small: the corners of the envelope, and one lever moved."""

import numpy as np
import pytest

from longwatch.aircraft.loader import load_datasheet
from longwatch.export.folder import jsbsim_files
from longwatch.verification import jsbsim_propulsion as propulsion
from longwatch.verification.check import Context

pytestmark = pytest.mark.compiled_only


@pytest.fixture(params=["tb2", "akinci"])
def bench(request, tmp_path, monkeypatch):
    """JSBSim with the exported aircraft; it writes where it runs."""
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    aircraft = load_datasheet(request.param)
    with propulsion.jsbsim_at(jsbsim_files(aircraft)) as fdm:
        yield propulsion.Bench(fdm, aircraft), request.param


def test_steady_thrust_and_fuel_flow_agree(bench):
    bench, name = bench
    points = propulsion.envelope(name)
    checks = list(propulsion.steady(bench, name, [points[5], points[20], points[-1]]))
    assert {check.quantity for check in checks} >= {"thrust", "fuel flow"}
    # Far inside the 3 % of the whole envelope.
    assert all(abs(check.difference) < 0.005 for check in checks)


def test_transients_are_shown_and_end_alike(bench):
    bench, name = bench
    context = Context()
    checks = list(propulsion.transients(context, bench, name))
    assert {check.rule for check in checks} == {"shown"}
    assert len(context.plots) == 2
    thrust = next(c for c in checks if "chop" in c.case and c.quantity == "thrust")
    assert abs(thrust.difference) < 0.06 * abs(thrust.expected)


def test_envelope_reaches_from_standstill_to_the_ceiling():
    for name in propulsion.ENVELOPE:
        points = propulsion.envelope(name)
        ceiling = load_datasheet(name).datasheet[0].limits.ceiling
        assert min(p.airspeed for p in points) == 0.0
        assert max(p.altitude for p in points) > 0.8 * ceiling
        assert {p.throttle for p in points} == set(propulsion.THROTTLES)


def test_without_jsbsim_nothing_is_run(monkeypatch):
    monkeypatch.setattr(propulsion, "is_installed", lambda: False)
    checks = list(propulsion.checks(Context()))
    assert [check.verdict for check in checks] == ["not run"] * len(propulsion.ENVELOPE)


def test_our_shaft_rests_after_its_seconds():
    sheet = load_datasheet("tb2").datasheet[0]
    rows = propulsion.ours(sheet, propulsion.Point(3000.0, 40.0, 0.7, 0.5), np.full(100, 0.7))
    assert np.ptp(rows[:, 2]) < 1e-3 * rows[-1, 2]
