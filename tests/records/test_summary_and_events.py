"""Events and summary: what is written is what is read, whole or not at all."""

import json

import numpy as np
import pytest

from longwatch.errors import LogError
from longwatch.records.events import EventWriter, read_events
from longwatch.records.summary import Summary, Touchdown, read_summary, write_summary

SUMMARY = Summary(outcome="landed", landed=True, airborne_s=5400.5, simulated_s=5600.0, wall_s=1.5,
                  realtime_factor=3733.3, fuel_used_kg=14.2, fuel_left_kg=85.8, distance_km=210.4,
                  items_reached=6, items_total=6, touchdown=Touchdown(310.0, -1.2, -0.9, 27.4))


def test_events_line_by_line(tmp_path):
    path = tmp_path / "events.jsonl"
    events = [{"time": 1.5, "event": "phase", "message": "Rotation at Çorlu"},
              {"time": 2.0, "event": "touchdown", "message": "x", "along_runway_m": 300.25}]
    writer = EventWriter(path)
    for count, event in enumerate(events, start=1):
        writer.append(event)
        assert path.read_text(encoding="utf-8").count("\n") == count  # before any close
    writer.close()
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == events
    assert read_events(path) == events


def test_a_cut_last_line_is_left_out(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"time": 1.0}\n{"time": 2.0, "ev')
    assert read_events(path) == [{"time": 1.0}]
    path.write_bytes(b'{"time": \n{"time": 2.0}\n')
    with pytest.raises(LogError, match="line 1"):
        read_events(path)
    with pytest.raises(LogError, match="cannot be read"):
        read_events(tmp_path / "none.jsonl")


def test_numpy_and_what_is_not_finite(tmp_path):
    with EventWriter(tmp_path / "e") as writer:
        writer.append({"time": np.float64(1), "n": np.int32(3), "bad": np.nan, "on": np.True_,
                       "v": np.arange(2), "inf": float("inf")})
    assert read_events(tmp_path / "e") == [
        {"time": 1.0, "n": 3, "bad": None, "on": True, "v": [0, 1], "inf": None}]


def test_summary_has_the_promised_names(tmp_path):
    path = tmp_path / "summary.json"
    write_summary(path, SUMMARY)
    values = json.loads(path.read_text())
    for name in ("outcome landed airborne_s simulated_s wall_s realtime_factor fuel_used_kg "
                 "fuel_left_kg distance_km items_reached items_total touchdown files").split():
        assert name in values
    for name in "along_runway_m lateral_offset_m vertical_speed_m_s airspeed_m_s".split():
        assert name in values["touchdown"]
    assert read_summary(path) == SUMMARY
    assert [p.name for p in tmp_path.iterdir()] == ["summary.json"]


def test_summary_without_touchdown_and_faults(tmp_path):
    path = tmp_path / "summary.json"
    write_summary(path, Summary(**{**vars(SUMMARY), "touchdown": None, "wall_s": np.nan}))
    values = json.loads(path.read_text())
    assert values["touchdown"] is None and values["wall_s"] is None
    with pytest.raises(LogError, match="cannot be written"):
        write_summary(tmp_path / "no" / "summary.json", SUMMARY)
    path.write_text("[1]")
    with pytest.raises(LogError, match="holds no summary"):
        read_summary(path)
