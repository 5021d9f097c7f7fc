"""Alerts: they come, stay over the edge, go, and say nothing where nothing is known."""

import json
from pathlib import Path

import pytest

from longwatch.station.vehicles.alert_table import SEVERITIES, TABLE
from longwatch.station.vehicles.alerts import KEYS, Alerts

UI = Path(__file__).resolve().parents[2] / "ui" / "src" / "messages" / "en"


def keys(alerts):
    return {alert["key"] for alert in alerts.as_list()}


def seen(alerts, wall, **values):
    """Look five times a second for a while, up to ``wall``."""
    for i in range(50, -1, -1):
        alerts.evaluate(values.get, wall - 0.2 * i, 1e9 + wall)
    return keys(alerts)


def test_keys_are_named_once_and_severities_are_the_contracts():
    assert len(set(KEYS)) == len(KEYS)
    assert {row.severity for row in TABLE} <= set(SEVERITIES)


def test_nothing_known_nothing_told():
    assert seen(Alerts(), 20.0) == set()


AIR = {"landed_state": "in_air"}
LIMITS = {"limit_airspeed_stall": 25.0, "limit_airspeed_min": 28.0, "limit_airspeed_max": 60.0}


@pytest.mark.parametrize("values, key", [
    ({"link_state": "late"}, "link_late"), ({"link_state": "lost"}, "link_lost"),
    ({"failsafe": True}, "failsafe"), ({"unhealthy": "geofence"}, "fence_breach"),
    ({"unhealthy": "magnetometer"}, "sensor_unhealthy"),
    ({"ready_to_arm": False, "armed": False}, "not_ready_to_arm"),
    ({**AIR, **LIMITS, "airspeed": 24.0}, "stall"),
    ({**AIR, **LIMITS, "airspeed": 26.5}, "airspeed_low"),
    ({**AIR, **LIMITS, "airspeed": 24.0, "least_target_airspeed": 28.0}, "airspeed_low"),
    ({**AIR, **LIMITS, "airspeed": 21.0, "least_target_airspeed": 25.0}, "stall"),
    ({"landed_state": "landing", "height_above_ground": 90.0, **LIMITS, "airspeed": 24.0},
     "stall"),
    ({**LIMITS, "airspeed": 61.0}, "airspeed_high"),
    ({**AIR, "roll": -1.2}, "bank_high"),
    ({**AIR, "roll": 0.75, "limit_bank": 0.52}, "bank_high"),
    ({**AIR, "height_above_ground": 40.0}, "terrain_close"),
    ({**AIR, "engine_running": False}, "engine_stopped"),
    ({**AIR, "engine_running": True, "engine_2_running": False}, "one_engine_stopped"),
    ({**AIR, "engine_running": False, "engine_2_running": False}, "engine_stopped"),
    ({"gnss_fix": "none"}, "gnss_lost"), ({"battery_share": 0.2}, "battery_low"),
    ({**AIR, "return_by_s": 60.0}, "return_now"),
    ({"fuel_remaining_kg": 8.0, "fuel_home_kg": 2.0, "fuel_reserve_kg": 5.0}, "fuel_low"),
    ({**AIR, "fuel_remaining_kg": 5.0, "fuel_reserve_kg": 6.0}, "fuel_reserve"),
    ({**AIR, "wind_speed": 20.0, "airspeed": 36.0}, "wind_strong"),
    ({"altitude_msl": 3020.0, "limit_altitude_msl": 3000.0}, "altitude_high"),
    ({"oil_pressure": 50e3, "engine_speed": 300.0}, "oil_pressure_low"),
    ({**AIR, "estimator_flags": 0}, "estimator_bad"),
    ({"telemetry_stopped": True}, "telemetry_stopped"),
])
def test_each_condition_is_told(values, key):
    assert key in seen(Alerts(), 20.0, **values)


@pytest.mark.parametrize("values, key", [
    ({"landed_state": "on_ground", **LIMITS, "airspeed": 0.0}, "stall"),
    ({"landed_state": "landing", "height_above_ground": 5.0}, "terrain_close"),
    ({"landed_state": "on_ground", "engine_running": False}, "engine_stopped"),
    ({**AIR, **LIMITS, "airspeed": 30.0}, "airspeed_low"),
    # A light aircraft: what is asked for tells of a stall of 20 m/s, not of the largest mass's.
    ({**AIR, **LIMITS, "airspeed": 26.5, "least_target_airspeed": 27.0}, "airspeed_low"),
    ({**AIR, **LIMITS, "airspeed": 24.0, "least_target_airspeed": 25.0}, "stall"),
    ({"landed_state": "landing", "height_above_ground": 6.0, **LIMITS, "airspeed": 21.0}, "stall"),
    ({"landed_state": "landing", "height_above_ground": 6.0, **LIMITS, "airspeed": 26.0},
     "airspeed_low"),
    ({**LIMITS, "airspeed": 61.0, "target_airspeed": 60.0}, "airspeed_high"),
    ({"ready_to_arm": False, "armed": True}, "not_ready_to_arm"),
    ({"unhealthy": "prearm"}, "sensor_unhealthy"),
])
def test_each_condition_is_silent_where_it_does_not_apply(values, key):
    assert key not in seen(Alerts(), 20.0, **values)


def test_a_value_at_the_edge_does_not_flicker():
    alerts = Alerts()
    assert "battery_low" in seen(alerts, 20.0, battery_share=0.29)
    assert "battery_low" in seen(alerts, 40.0, battery_share=0.31)
    assert "battery_low" not in seen(alerts, 60.0, battery_share=0.36)


def test_a_moment_is_no_alert():
    alerts = Alerts()
    alerts.evaluate({"battery_share": 0.1}.get, 0.0, 0.0)
    alerts.evaluate({"battery_share": 0.9}.get, 1.0, 1.0)
    assert seen(alerts, 30.0, battery_share=0.9) == set()


def test_what_is_not_reported_any_more_ends_after_a_while():
    alerts = Alerts()
    seen(alerts, 20.0, battery_share=0.1)
    alerts.evaluate({}.get, 21.0, 21.0)
    assert keys(alerts) == {"battery_low"}
    assert seen(alerts, 60.0) == set()


def test_texts_of_warning_and_worse_stay_and_age_out():
    alerts = Alerts()
    alerts.status_text(6, "hello", 0.0, 0.0)
    alerts.status_text(4, "low on oil", 0.0, 0.0)
    alerts.status_text(2, "fire <b>now</b>", 0.0, 0.0)
    told = alerts.as_list()
    assert [(a["severity"], a["text"]) for a in told] == [
        ("warning", "fire <b>now</b>"), ("caution", "low on oil")]
    alerts.evaluate({}.get, 200.0, 200.0)
    assert [a["text"] for a in alerts.as_list()] == ["fire <b>now</b>"]
    alerts.evaluate({}.get, 400.0, 400.0)
    assert alerts.as_list() == []


def test_a_flood_of_texts_leaves_the_newest_few():
    alerts = Alerts()
    for i in range(1000):
        alerts.status_text(0, f"text {i}", float(i), float(i))
    assert {a["text"] for a in alerts.as_list()} == {f"text {i}" for i in range(992, 1000)}


def test_acknowledged_stays_acknowledged_until_it_comes_again():
    alerts = Alerts()
    seen(alerts, 20.0, link_state="lost")
    assert alerts.acknowledge("link_lost") and not alerts.acknowledge("stall")
    assert alerts.as_list()[0]["acknowledged"]
    seen(alerts, 40.0, link_state="up")
    seen(alerts, 60.0, link_state="lost")
    assert not alerts.as_list()[0]["acknowledged"]


def test_every_key_says_what_it_means_and_what_to_do():
    texts = {}
    for file in UI.glob("*.json"):
        texts |= json.loads(file.read_text())
    missing = [f"alert.{key}.{part}" for key in KEYS for part in ("what", "do")
               if f"alert.{key}.{part}" not in texts]
    assert not missing
