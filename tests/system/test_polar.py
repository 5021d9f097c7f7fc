"""Whole flights where the magnetic field gives no heading, and over the poles."""

import numpy as np
import pytest

from campaigns.polar import circuit, written
from longwatch.simulation.run import Simulation

pytestmark = pytest.mark.compiled_only


def heading_errors(sim):
    """Estimated less true heading [deg] while it flies to the end."""
    errors = []

    def keep(rows):
        kept = rows[rows["flight"]["height_above_ground"] > 20.0]
        off = kept["autopilot"]["estimate"]["heading"] - kept["flight"]["heading"]
        errors.append(np.degrees(np.arctan2(np.sin(off), np.cos(off))))

    sim.step(8 * 3600.0, keep, log_rate=1.0)
    return np.concatenate(errors)


@pytest.mark.parametrize(("name", "options"), [
    ("arctic_alert_82N", {}),
    ("polar_tiksi_71N", {"seed": 2, "turbulence": "moderate", "wind": "10@250"}),
])
def test_arctic_missions_land(shared_data, name, options):
    sim = Simulation("tb2", shared_data / "field" / f"{name}.plan", **options)
    errors = heading_errors(sim)
    assert sim.outcome == "landed" and not sim.state.status.off_pavement
    assert np.abs(errors).max() < 1.0


@pytest.mark.parametrize(("aircraft", "home", "aside"), [
    ("tb2", (89.0, -60.0), 0.0), ("akinci", (-88.8, 100.0), 0.02)])
def test_over_a_pole_and_around_it(tmp_path, aircraft, home, aside):
    path = written(circuit(home, 40.0, 1500.0, True, aside), tmp_path)
    sim = Simulation(aircraft, path, wind="6@200", turbulence="light", seed=4)
    nearest = []
    sim.step(8 * 3600.0, lambda rows: nearest.append(
        np.abs(np.degrees(rows["flight"]["latitude"])).max()), log_rate=1.0)
    assert sim.outcome == "landed" and not sim.state.status.off_pavement
    assert max(nearest) > 89.98
