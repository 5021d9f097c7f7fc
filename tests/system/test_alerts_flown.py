"""Missions flown under the station's alerts: what the autopilot means to do alarms nobody."""

import json
import math
from pathlib import Path

import pytest

from longwatch.autopilot import codes
from longwatch.services.compatibility import least_speed
from longwatch.services.extended_state import landed_state
from longwatch.simulation.run import Simulation
from longwatch.station.vehicles.alerts import Alerts
from longwatch.station.vehicles.derived import ASKED_S
from longwatch.station.vehicles.quantities_flight import LANDED
from longwatch.station.vehicles.reckoning import Least

pytestmark = pytest.mark.compiled_only

MISSIONS = Path(__file__).resolve().parents[2] / "missions"
# Rows that judge how the aircraft is flown, not links, sensors, fuel or the wind.
FLYING = {"stall", "airspeed_low", "airspeed_high", "bank_high", "altitude_high", "terrain_close"}


def quantities(simulation, least_asked):
    """What the station would know of the aircraft now, of the limits as the vehicle tells them."""
    state, sheet = simulation.state, simulation.aircraft.datasheet[0]
    autopilot, estimate = state.autopilot, state.autopilot.estimate
    least = least_speed(sheet)
    height = float(estimate.height_above_ground) if estimate.ground_valid else None
    return {
        "landed_state": LANDED.get(landed_state(
            int(autopilot.modes.phase), bool(state.sensors.systems.weight_on_wheels),
            bool(estimate.aligned))),
        "airspeed": float(estimate.air.calibrated_airspeed),
        "target_airspeed": float(autopilot.guidance.speed_target),
        "least_target_airspeed": least_asked.take(
            float(autopilot.guidance.speed_target) or None, simulation.time),
        "limit_airspeed_min": least,
        "limit_airspeed_stall": least / float(sheet.procedures.protection_factor),
        "limit_airspeed_max": float(sheet.limits.never_exceed_speed),
        "limit_bank": float(sheet.limits.bank_maximum), "roll": float(estimate.roll),
        "height_above_ground": height}


def told(simulation, horizon):
    """The alerts of a flight to its end or for ``horizon`` s, with when and in which phase."""
    alerts, found, least = Alerts(), {}, Least(ASKED_S)
    while simulation.outcome == "flying" and simulation.time < horizon:
        simulation.step(1.0)
        alerts.evaluate(quantities(simulation, least).get, simulation.time, simulation.time)
        for alert in alerts.as_list():
            phase = codes.PHASE_NAMES[int(simulation.state.autopilot.modes.phase)]
            found.setdefault(alert["key"], (simulation.time, phase, alert["values"]))
    return {key: value for key, value in found.items() if key in FLYING}


@pytest.fixture
def sooner(tmp_path):
    """A shipped mission that stays nowhere longer than five minutes."""

    def cut(name):
        document = json.loads((MISSIONS / name).read_text())
        for item in document["mission"]["items"]:
            if item["command"] == 19:
                item["params"][0] = min(item["params"][0], 300)
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return cut


@pytest.mark.parametrize("name, aircraft, fuel, wind, turbulence", [
    ("thrace-watch.plan", "tb2", 100.0, "0@0", "none"),
    ("thrace-watch.plan", "tb2", 60.0, "8@50", "light"),
    ("tejo-watch.plan", "tb2", 60.0, "5@300", "none"),
    ("thrace-watch.plan", "akinci", 1500.0, "0@0", "none"),
])
def test_a_shipped_mission_alarms_nobody(sooner, name, aircraft, fuel, wind, turbulence):
    simulation = Simulation(aircraft, sooner(name), fuel_kg=fuel, wind=wind,
                            turbulence=turbulence, seed=3, fit=True)
    assert told(simulation, 6.0 * 3600.0) == {}
    assert simulation.outcome == "landed"
    assert math.isclose(float(simulation.state.status.touchdown_time), simulation.time, abs_tol=120)
