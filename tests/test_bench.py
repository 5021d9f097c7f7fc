"""The benchmark measures what it says, on flights too short to say anything of speed."""

import json
import math
import platform

import numpy as np
import pytest

from longwatch import bench
from longwatch.bench import figures, kernels, measures, page, peer, processes, setting
from longwatch.bench.figures import Effort, Figure
from longwatch.record import leaves
from longwatch.simulation.vehicle import DT, Loaded, Vehicle

TINY = Effort(pairs=1, steps=20, rounds=1, ticks=1000, fleet_ticks=10, endurance_hours=0.6,
              replay_seconds=20.0, cold=False)


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    return setting.on_station(tmp_path_factory.mktemp("station"))


def _values(vehicles, section=""):
    """Every quantity of a section, by its name: a record's padding bytes mean nothing."""
    return {leaf.path: leaf.of(vehicles)[0] for leaf in leaves(Vehicle)
            if leaf.path.startswith(section)}


def _loaded(sim):
    return Loaded(sim.plan.items, sim.plan.runways, sim.plan.header[0])


@pytest.mark.compiled_only
def test_the_rooms_together_fly_as_the_simulation_does(station):
    """Flown as far as MOTION, the benchmark's loop is the simulation's, in every quantity."""
    start = station.vehicles.copy()
    flown = Vehicle.zeros(1)
    kernels.rooms(flown, start, station.aircraft.datasheet, _loaded(station), station.world, 200,
                  kernels.MOTION)
    station.step(200 * DT)
    again = station.vehicles.copy()
    station.vehicles[:] = start
    assert _values(flown) == _values(again)


@pytest.mark.compiled_only
def test_short_of_motion_the_aircraft_hangs_in_the_air(station):
    """Each room adds its own work to the record, and none before motion moves the body."""
    start = station.vehicles.copy()
    records = []
    for depth in range(kernels.NOTHING, kernels.MOTION):
        vehicles = start.copy()
        kernels.rooms(vehicles, start, station.aircraft.datasheet, _loaded(station),
                      station.world, 20, depth)
        assert np.array_equal(vehicles["body"]["position_ecef"], start["body"]["position_ecef"])
        records.append(vehicles)
    for section, depth in (("turbulence", kernels.ENVIRONMENT), ("sensors", kernels.SENSORS),
                           ("autopilot.estimate", kernels.ESTIMATION),
                           ("commands", kernels.AUTOPILOT),
                           ("actuators", kernels.ACTUATION)):
        assert _values(records[depth - 1], section) == _values(start, section)
        assert _values(records[depth], section) != _values(start, section)
    assert records[kernels.ACTUATION]["mass"]["fuel_mass"] < start["mass"]["fuel_mass"]


@pytest.mark.compiled_only
def test_the_physics_step_moves_the_aircraft_by_its_speed(station):
    """Two seconds at the speed over the ground, and the fuel that its own flow burns."""
    start, steps = station.vehicles.copy(), 200
    vehicles = start.copy()
    kernels.physics(vehicles, station.aircraft.datasheet, station.world, steps)
    before, after = start[0], vehicles[0]
    moved = np.linalg.norm(after.body.position_ecef - before.body.position_ecef)
    speeds = [np.linalg.norm(v.body.velocity_ecef) for v in (before, after)]
    assert moved == pytest.approx(steps * DT * sum(speeds) / 2, rel=0.01)
    assert after.clock.tick - before.clock.tick == steps
    flow = (before.engines[0].fuel_flow + after.engines[0].fuel_flow) / 2
    burnt = before.mass.fuel_mass - after.mass.fuel_mass
    assert burnt == pytest.approx(steps * DT * flow, rel=0.1)


@pytest.mark.compiled_only
def test_every_figure_is_measured(tmp_path):
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    found = [measures.physics_step(tmp_path, TINY), *measures.closed_loop(tmp_path, TINY),
             measures.fleet(tmp_path, TINY), *measures.same_bytes(tmp_path, TINY)]
    by_key = {figure.key: figure for figure in found}
    assert set(by_key) == {"physics_step", "closed_loop_speed", "closed_loop_tick", "fleet",
                           "same_seed", "restored"}
    step, tick = by_key["physics_step"], by_key["closed_loop_tick"]
    assert step.measured == pytest.approx(step.more["step_ns"] / step.more["jsbsim_step_ns"])
    # 100 ticks a second: a tick of N ns is 1e7/N times real time.
    assert by_key["closed_loop_speed"].measured == pytest.approx(1e7 / tick.measured)
    assert set(tick.more["rooms_ns"]) == {name for name, _, _ in measures.ROOMS}
    assert by_key["same_seed"].measured is True
    assert by_key["restored"].measured is True


@pytest.mark.compiled_only
def test_processes_of_their_own(tmp_path):
    flight, memory = processes.long_flight(tmp_path, TINY)
    assert flight.more["outcome"] == "landed"
    assert flight.more["simulated_s"] == pytest.approx(0.6 * setting.HOUR, abs=400.0)
    assert flight.met is None  # less than what is asked for was flown
    assert 50.0 < memory.measured < 2000.0
    (again,) = processes.first_step(tmp_path, TINY)
    assert again.key == "next_run"
    assert again.measured > 0.0


def test_a_process_that_fails_is_no_figure(tmp_path, monkeypatch):
    monkeypatch.setattr(setting, "write_mission", lambda *_: tmp_path / "absent.plan")
    with pytest.raises(RuntimeError, match="no such"):
        processes._first_step(tmp_path, {})


def test_without_the_peer_the_message_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(peer, "is_installed", lambda: False)
    monkeypatch.setattr(setting, "on_station", setting.simulation)
    monkeypatch.setattr(kernels, "physics", lambda *_: None)
    figure = measures.physics_step(tmp_path, TINY)
    assert figure.measured is None
    assert figure.met is None
    assert "longwatch[bench]" in figure.how


def test_the_peer_flies(tmp_path, monkeypatch):
    pytest.importorskip("jsbsim", reason="needs JSBSim, extra 'verify'")
    monkeypatch.chdir(tmp_path)
    rival = peer.Peer(tmp_path)
    for _ in range(2):
        rival.reset()
        rival.stepper(120)()
        assert rival._fdm["simulation/sim-time-sec"] == pytest.approx(1.0)
        assert rival._fdm["position/h-agl-ft"] > 7000.0
        assert rival._fdm["propulsion/engine/engine-rpm"] > 1500.0


def test_works_are_timed_in_turns():
    calls = []
    works = [(lambda: calls.append("a"), lambda: calls.append("A")),
             (lambda: calls.append("b"), lambda: calls.append("B"))]
    times = figures.interleaved(works, 2)
    assert calls == ["a", "A", "b", "B"] * 3
    assert [len(t) for t in times] == [2, 2]


FIGURES = [
    Figure("physics_step", "one step", 0.1, "", "in turns", "at most 1/8", True,
           {"step_ns": 700.0, "jsbsim_step_ns": 7000.0}),
    Figure("closed_loop_tick", "one tick", 2600.4, "ns", "a flight", "at most 2500", False,
           {"log_ns": 120.0, "rooms_ns": {"environment": 300.0, "sensors": 50.0}}),
    Figure("fleet", "64 aircraft", None, "x", "one core only", "at least 1.8"),
    Figure("same_seed", "same bytes", True, "", "compared", "yes", True),
]


def test_page_and_table_show_every_figure():
    text = page.markdown({"cores": 2}, FIGURES)
    assert "| one step | at most 1/8 | 0.1 = 1/10.0 (700 ns against 7000 ns) | yes |" in text
    assert "| one tick | at most 2500 | 2 600 ns | no |" in text
    assert "| 64 aircraft | at least 1.8 | – |  |" in text
    assert "| same bytes | yes | yes | yes |" in text
    assert "| all rooms | 350 |" in text
    assert "Machine: cores 2." in text
    assert all(figure.how in text for figure in FIGURES)


def test_json_is_one_object_and_names_no_host(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bench, "measure", lambda effort, tell: FIGURES)
    bench.main(json_output=True, quick=True, markdown=tmp_path / "page.md")
    answer = json.loads(capsys.readouterr().out)
    assert [f["key"] for f in answer["figures"]] == [f.key for f in FIGURES]
    assert answer["figures"][1]["measured"] == 2600.4
    assert {"cores", "Python", "numba"} <= set(answer["machine"])
    assert platform.node() not in json.dumps(answer["machine"]) or not platform.node()
    assert "at most 2500" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_full_effort_flies_the_27_hours_asked_for():
    assert figures.FULL.endurance_hours == 27.0
    assert figures.FULL.cold
    assert math.isclose(setting.HOUR, 3600.0)
