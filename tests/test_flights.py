"""Whole flights of a short circuit: what is kept, what it says, and that it repeats."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pymap3d
import pytest

import longwatch as lw
from longwatch.aircraft.loader import aircraft_names, load_datasheet
from longwatch.analysis.endurance import endurance
from longwatch.errors import LogError, MissionError, SetupError, SnapshotError
from longwatch.flights.account import _in_flight
from longwatch.flights.fly import LONGEST_FLIGHT
from longwatch.flights.folder import next_folder
from longwatch.flights.recorder import BATCH_ROWS, Recorder
from longwatch.flights.reports import report_of
from longwatch.live.lasting import LastingRecorder
from longwatch.planning import judge_file
from longwatch.planning.performance import Performance
from longwatch.records.events import read_flight_events
from longwatch.records.flight_log import is_interrupted, log_metadata, read_log
from longwatch.simulation.vehicle import Vehicle
from longwatch.station.replay.flight_plans import plans_told
from services.harness import Bench, live
from services.plan_client import Client, item

CIRCUIT = Path(__file__).parent / "missions" / "circuit.plan"
SHIPPED = Path(__file__).parents[1] / "missions" / "thrace-watch.plan"
WEATHER = {"wind": "5@60", "turbulence": "moderate", "fuel_kg": 60.0}

pytestmark = pytest.mark.compiled_only


@pytest.fixture(scope="module")
def flight(tmp_path_factory):
    """The circuit in calm air."""
    return lw.fly(CIRCUIT, seed=3, fuel_kg=60.0, out=tmp_path_factory.mktemp("f") / "circuit")


@pytest.fixture(scope="module")
def rough(tmp_path_factory):
    """The circuit in wind and turbulence, flown alone."""
    return lw.fly(CIRCUIT, seed=7, **WEATHER, out=tmp_path_factory.mktemp("r") / "rough")


def column(flight, name):
    return flight.table[name].to_numpy().astype(float)


# ---------------------------------------------------------------------------- what is kept


def test_circuit_lands_and_leaves_its_four_files(flight):
    assert flight.summary.outcome == "landed"
    assert sorted(p.name for p in flight.files["log"].parent.iterdir()) == [
        "events.jsonl", "flight.parquet", "report.html", "summary.json"]
    assert not is_interrupted(flight.table)


def test_all_items_are_reached(flight):
    assert (flight.summary.items_reached, flight.summary.items_total) == (3, 3)


def test_time_airborne_is_from_lift_off_to_touchdown(flight):
    times = column(flight, "clock.time")
    in_air = times[column(flight, "status.airborne") > 0.5]
    assert flight.summary.airborne_s == pytest.approx(in_air[-1] - in_air[0], abs=0.25)


def test_log_has_ten_rows_a_second(flight):
    assert np.allclose(np.diff(column(flight, "clock.time")), 0.1, atol=1e-9)


def test_fuel_used_is_the_integral_of_the_flow(flight):
    flow = column(flight, "engines_0.fuel_flow") + column(flight, "engines_1.fuel_flow")
    assert flight.summary.fuel_used_kg == pytest.approx(flow.sum() * 0.1, rel=5e-3)
    assert flight.summary.fuel_used_kg + flight.summary.fuel_left_kg == pytest.approx(60.0)


def test_distance_is_the_length_of_the_track(flight):
    latitude, longitude = column(flight, "flight.latitude"), column(flight, "flight.longitude")
    height = column(flight, "flight.height_ellipsoid")
    x, y, z = pymap3d.geodetic2ecef(latitude, longitude, height, deg=False)
    climbed = np.diff(height)
    way = np.sqrt(np.diff(x)**2 + np.diff(y)**2 + np.diff(z)**2 - climbed**2).sum()
    assert flight.summary.distance_km == pytest.approx(way / 1000.0, rel=1e-3)


def test_touchdown_lies_where_the_log_has_it(flight):
    """Against the published thresholds of LTBU, in an east-north-up frame of another library."""
    down = flight.summary.touchdown
    assert down.runway == "LTBU 22"
    kept = log_metadata(flight.table.schema)["runways"][0]
    far, start = kept["thresholds"]
    time = next(e["time"] for e in flight.events if e["event"] == "touchdown")
    at = [np.interp(time, column(flight, "clock.time"), column(flight, f"flight.{name}"))
          for name in ("latitude", "longitude")]
    course = np.array(pymap3d.geodetic2enu(*far, 0.0, *start, 0.0, deg=False)[:2])
    course /= np.hypot(*course)
    place = np.array(pymap3d.geodetic2enu(*at, 0.0, *start, 0.0, deg=False)[:2])
    assert down.along_runway_m == pytest.approx(place @ course, abs=1.0)
    assert down.lateral_offset_m == pytest.approx(
        place[0] * course[1] - place[1] * course[0], abs=0.1)


def test_touchdown_is_within_its_limits(flight):
    down = flight.summary.touchdown
    assert 60.0 < down.along_runway_m < 823.0
    assert abs(down.lateral_offset_m) < 21.0
    assert -2.5 < down.vertical_speed_m_s < 0.0
    assert abs(down.bank_deg) < 8.0
    assert down.side_load_share < 1.0 and down.vertical_load_share < 1.0
    assert down.on_pavement


def test_events_file_and_summary_file_say_what_the_flight_says(flight):
    lines = flight.files["events"].read_text().splitlines()
    assert [json.loads(line) for line in lines] == flight.events
    assert json.loads(flight.files["summary"].read_text()) == flight.summary.as_dict()


def test_log_names_no_folder_and_no_wall_time(flight):
    text = json.dumps(log_metadata(flight.table.schema))
    assert str(CIRCUIT.parent) not in text and "wall" not in text
    assert log_metadata(flight.table.schema)["settings"]["mission"] == "circuit.plan"


def test_report_of_a_folder_is_written_anew(flight, tmp_path):
    written, interrupted = report_of(flight.files["log"].parent, tmp_path / "again.html")
    assert not interrupted
    assert written.read_text() == flight.files["report"].read_text()


def test_without_a_folder_the_files_live_as_long_as_the_flight():
    short = lw.fly(CIRCUIT, fuel_kg=60.0, log_rate=1.0)
    folder = short.files["log"].parent
    assert short.table.num_rows == pytest.approx(short.summary.simulated_s, abs=1.5)
    del short
    assert not folder.exists()


def test_folder_that_exists_is_refused_and_left_alone(tmp_path):
    with pytest.raises(SetupError, match="exists already.*another"):
        lw.fly(CIRCUIT, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_next_folder_counts_on(tmp_path):
    assert next_folder("a/circuit.plan", tmp_path) == tmp_path / "circuit"
    (tmp_path / "circuit").mkdir()
    (tmp_path / "circuit-2").mkdir()
    assert next_folder("a/circuit.plan", tmp_path) == tmp_path / "circuit-3"


# ------------------------------------------------------------------------------- repeating


def test_same_seed_gives_the_same_bytes(rough, tmp_path):
    again = lw.fly(CIRCUIT, seed=7, **WEATHER, out=tmp_path / "elsewhere" / "again")
    assert again.files["log"].read_bytes() == rough.files["log"].read_bytes()


def test_aircraft_of_a_fleet_fly_as_they_would_alone(rough, tmp_path):
    fleet = lw.Fleet([lw.Simulation(mission=CIRCUIT, seed=seed, **WEATHER) for seed in (7, 8)],
                     threads=2)
    recorders = [Recorder(tmp_path / str(i), fleet[i]) for i in range(2)]
    while any(simulation.outcome == "flying" for simulation in fleet):
        fleet.step(37.0, [recorder.append for recorder in recorders])
    same, other = (recorder.finish().files["log"].read_bytes() for recorder in recorders)
    assert same == rough.files["log"].read_bytes()
    assert other != same


def test_restored_run_and_log_end_as_the_unbroken_ones(rough, tmp_path):
    simulation = lw.Simulation(mission=CIRCUIT, seed=7, **WEATHER)
    recorder = Recorder(tmp_path / "restored", simulation)
    simulation.step(200.0, recorder.append)
    position, snapshot = recorder.flush(), simulation.snapshot()
    simulation.step(95.3, recorder.append)
    simulation.restore(snapshot)
    recorder.rewind(position)
    simulation.step(7200.0, recorder.append)
    flight = recorder.finish()
    assert flight.events == rough.events
    assert flight.files["events"].read_bytes() == rough.files["events"].read_bytes()
    assert flight.files["log"].read_bytes() == rough.files["log"].read_bytes()


def test_snapshot_continues_in_another_simulation(rough):
    first = lw.Simulation(mission=CIRCUIT, seed=7, **WEATHER)
    first.step(200.0)
    second = lw.Simulation(mission=CIRCUIT, seed=99, **WEATHER)
    second.restore(first.snapshot())
    rows = []
    second.step(7200.0, lambda part: rows.append(part.copy()), 10.0)
    rows = np.concatenate(rows)
    tail = rough.table.slice(rough.table.num_rows - len(rows))
    assert len(rows) > 1000
    for name in ("latitude", "longitude", "altitude_msl", "roll", "true_airspeed"):
        kept = tail[f"flight.{name}"].to_numpy()
        assert np.array_equal(rows["flight"][name].astype(kept.dtype), kept)


def test_snapshot_of_another_mission_is_refused():
    parked = lw.Simulation()
    with pytest.raises(SnapshotError, match="same ones"):
        parked.restore(lw.Simulation(mission=CIRCUIT).snapshot())


# --------------------------------------------------------------------------------- endings


def test_flight_that_cannot_land_ends_out_of_fuel(tmp_path):
    flight = lw.fly(CIRCUIT, fuel_kg=0.4, force=True, out=tmp_path / "dry")
    assert flight.summary.outcome == "out of fuel"
    assert flight.summary.fuel_left_kg == 0.0
    assert flight.summary.forced
    assert any("fuel is short" in warning for warning in flight.summary.warnings)
    assert "Flown against advice" in flight.files["report"].read_text()


def test_no_mission_is_refused(tmp_path):
    with pytest.raises(SetupError, match="no mission"):
        lw.fly(None, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_happens_often_is_told_once():
    events = [{"time": float(t), "event": "warning", "message": "stall warning"}
              for t in (10, 20, 30)]
    events.append({"time": 40.0, "event": "impact", "message": "hit"})
    assert _in_flight(events) == ["10 s: stall warning, 3 times until 30 s", "40 s: hit"]


def test_stream_of_an_abandoned_flight_opens_and_is_reported(tmp_path):
    simulation = lw.Simulation(mission=CIRCUIT, fuel_kg=60.0)
    with Recorder(tmp_path / "cut", simulation) as recorder:
        simulation.step(120.0, recorder.append)
    with pytest.raises(LogError, match="closed already"):
        simulation.step(60.0, recorder.append)
    table = read_log(tmp_path / "cut" / "flight.arrows")
    assert is_interrupted(table)
    assert table.num_rows == 1200
    written, interrupted = report_of(tmp_path / "cut")
    assert interrupted and "This log is interrupted" in written.read_text()


def test_turbulence_costs_no_more_than_planned_for_it():
    """The shipped mission, with no more aboard than the judge asks for, keeps its reserve."""
    fuel = judge_file(SHIPPED, load_datasheet("tb2"), fuel_kg=30.0, turbulence="moderate").fuel
    load = math.ceil(fuel.required)
    flown = lw.fly(SHIPPED, seed=1, fuel_kg=load, turbulence="moderate", log_rate=1.0).summary
    assert flown.outcome == "landed"
    assert fuel.needed < flown.fuel_used_kg < fuel.needed + fuel.contingency
    assert flown.fuel_left_kg > fuel.reserve
    with pytest.raises(MissionError, match="for moderate turbulence"):
        lw.fly(SHIPPED, fuel_kg=load - 1.5, turbulence="moderate")


def test_unknown_turbulence_is_refused(tmp_path):
    with pytest.raises(SetupError, match="turbulence .* is unknown: choose one of none, light"):
        lw.fly(CIRCUIT, turbulence="heavy", out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_report_of_what_is_no_flight_is_refused(tmp_path):
    with pytest.raises(LogError, match="name a flight's folder"):
        report_of(tmp_path)
    with pytest.raises(LogError, match="no such log"):
        report_of(tmp_path / "absent")


# ------------------------------------------------------------------------------ without plan


def test_simulation_without_mission_stands_on_the_runway():
    simulation = lw.Simulation()
    simulation.step(60.0)
    flight = simulation.state.flight
    assert simulation.outcome == "flying" and not simulation.state.status.airborne
    assert np.hypot(flight.velocity_north, flight.velocity_east) < 0.05
    # Threshold 04 of LTBU, AIP Türkiye: 41 07 45.8 N, 027 54 19.0 E; it stands a little beyond.
    threshold = np.radians([41 + 7 / 60 + 45.8 / 3600, 27 + 54 / 60 + 19.0 / 3600])
    east, north, _ = pymap3d.geodetic2enu(float(flight.latitude), float(flight.longitude), 0.0,
                                          *threshold, 0.0, deg=False)
    assert np.hypot(east, north) < 100.0


def test_package_is_imported_without_what_flying_needs():
    code = ("import sys, longwatch; assert 'Fleet' in dir(longwatch); "
            "sys.exit(any(name in sys.modules for name in ('numba', 'numpy', 'pyarrow')))")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
    assert done.returncode == 0
    with pytest.raises(AttributeError, match="no attribute 'balloon'"):
        lw.balloon  # noqa: B018


@pytest.mark.parametrize("name", aircraft_names())
def test_no_flight_is_called_off_while_its_fuel_lasts(name):
    """The closed form of the longest flight: full fuel, no payload, slow, low, reserve kept."""
    sheet = load_datasheet(name).datasheet[0]
    longest = max(endurance(Performance(sheet), 0.0, float(sheet.mass.fuel_capacity), altitude)
                  .endurance_s for altitude in (0.0, 3000.0, 6000.0))
    assert longest + 2.0 * float(sheet.limits.reserve_time) < LONGEST_FLIGHT


@pytest.mark.parametrize(("kind", "batches"), [
    (Recorder, 1), (Recorder, 2), (LastingRecorder, 0), (LastingRecorder, 1), (LastingRecorder, 3)])
def test_a_plan_that_comes_aboard_in_flight_is_on_record_for_a_replay(tmp_path, kind, batches):
    bench = Bench(simulation=live())
    with kind(tmp_path / "flight", bench.simulation, 10.0, BATCH_ROWS,
              *[1 << 20] * (kind is LastingRecorder)) as recorder:
        nothing = Vehicle.zeros(0)
        recorder.append(nothing)
        place = math.degrees(bench.craft.home.latitude), math.degrees(bench.craft.home.longitude)
        north = place[0] + 0.1, place[1]
        assert Client(bench).upload([item(22, *place, 300.0), item(16, *north, 900.0)]) == 0
        for _ in range(batches):
            recorder.append(nothing)
        if batches < 2:
            recorder.finish("interrupted", report=False)
    assert log_metadata(read_log(recorder.stream).schema)["plan"]["mission"] == []
    event, = (e for e in read_flight_events(tmp_path / "flight/events.jsonl")
              if e["event"] == "plan")
    assert event["message"] == "aboard: mission of 2 items"
    kept, = (kept for kept in plans_told(event["plan"], 0.0) if kept.kind == "mission")
    assert [i.command for i in kept.plan.items] == [22, 16]
    assert kept.plan.items[1].place == pytest.approx(north, abs=2e-7)
    assert kept.plan.items[1].z == pytest.approx(900.0 + bench.craft.home.altitude_msl, abs=0.01)
