"""One run: the same bytes however it is cut, resumed, repeated or compiled."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from longwatch.errors import SetupError, SnapshotError
from longwatch.simulation.run import Simulation, log_divisor, most_fuel

SOURCES = Path(__file__).resolve().parents[2] / "src"


class Rows:
    """A sink that keeps what it is handed."""

    def __init__(self):
        self.kept = []

    def __call__(self, rows):
        self.kept.append(rows.tobytes())

    @property
    def bytes(self):
        return b"".join(self.kept)


def elsewhere(code, *arguments, jit=True):
    """What another process prints; ``code`` finds a Simulation's makings imported."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "NUMBA_DISABLE_JIT": str(1 - jit)}
    heading = ("import sys, hashlib\nfrom longwatch.simulation.run import *\n"
               "from longwatch.simulation.run import Simulation\n"
               "sim = Simulation('tb2', sys.argv[1], fuel_kg=216.0, turbulence='moderate', "
               "seed=7)\n")
    done = subprocess.run([sys.executable, "-c", heading + code, *map(str, arguments)],
                          env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_steps_of_any_length_make_the_same_bytes(start):
    whole, cut, rows_whole, rows_cut = start(), start(), Rows(), Rows()
    whole.step(0.7, rows_whole)
    for seconds in (0.1, 0.01, 0.29, 0.2, 0.1):
        cut.step(seconds, rows_cut)
    assert cut.state.tobytes() == whole.state.tobytes()
    assert rows_cut.bytes == rows_whole.bytes
    assert whole.time == pytest.approx(0.7, abs=1e-12)


def test_rows_come_at_the_log_rate_from_the_first_instant(start):
    sim, times = start(), []
    sim.step(0.5, lambda rows: times.extend(rows["clock"]["time"].tolist()), log_rate=20.0)
    assert times == pytest.approx(np.arange(0.0, 0.5, 0.05), abs=1e-12)


@pytest.mark.compiled_only
def test_sixty_steps_of_a_second_are_one_of_sixty(start):
    whole, cut = start(), start()
    whole.step(60.0)
    for _ in range(60):
        cut.step(1.0)
    assert cut.state.tobytes() == whole.state.tobytes()
    assert cut.happenings == whole.happenings


def test_restored_run_equals_the_unbroken_one(start):
    unbroken, broken, tail, again = start(), start(), Rows(), Rows()
    unbroken.step(0.3)
    unbroken.step(0.3, tail)
    broken.step(0.3)
    snapshot = broken.snapshot()
    broken.step(0.2)
    broken.restore(snapshot)
    broken.step(0.3, again)
    assert broken.state.tobytes() == unbroken.state.tobytes()
    assert again.bytes == tail.bytes


@pytest.mark.compiled_only
def test_restored_in_the_air_into_a_fresh_run(start):
    unbroken, fresh, tail, again = start(), start(), Rows(), Rows()
    unbroken.step(100.0)
    snapshot = unbroken.snapshot()
    unbroken.step(50.0, tail)
    fresh.restore(snapshot)
    fresh.step(50.0, again)
    assert unbroken.state.flight.height_above_ground > 100.0
    assert again.bytes == tail.bytes
    assert fresh.state.tobytes() == unbroken.state.tobytes()


@pytest.mark.compiled_only
def test_no_event_is_told_twice_after_going_back(start):
    sim = start()
    sim.step(2.0)
    snapshot = sim.snapshot()
    sim.step(18.0)
    told = list(sim.happenings)
    sim.restore(snapshot)
    sim.step(18.0)
    assert sim.happenings == told
    assert [h["message"] for h in told if h["event"] == "phase"][:2] == ["take-off roll",
                                                                         "rotation"]


def test_snapshot_of_another_run_is_refused(start):
    snapshot = start(wind="8@40").snapshot()
    with pytest.raises(SnapshotError, match="wind"):
        start().restore(snapshot)
    with pytest.raises(SnapshotError, match="schema"):
        start().restore(type(snapshot)("0" * 16, snapshot.references, snapshot.record))


@pytest.mark.compiled_only
def test_another_process_makes_the_same_bytes(start, circuit_file):
    sim = start(fuel_kg=216.0)
    sim.step(90.0)
    digest = hashlib.sha256(sim.state.tobytes()).hexdigest()
    code = "sim.step(90.0); print(hashlib.sha256(sim.state.tobytes()).hexdigest())"
    assert elsewhere(code, circuit_file) == digest


@pytest.mark.compiled_only
@pytest.mark.parametrize(("since", "metres"), [(1.5, 1e-5), (60.0, 1e-8)])
def test_plain_python_flies_the_same(start, circuit_file, tmp_path, since, metres):
    """Two seconds, on the runway and in turbulence aloft, but for the last bits of powers."""
    sim = start(fuel_kg=216.0)
    sim.step(since)
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    begun.write_bytes(sim.snapshot().record)
    sim.step(2.0)
    elsewhere("from pathlib import Path\n"
              "record = Path(sys.argv[2]).read_bytes()\n"
              "sim.restore(Snapshot(sim.snapshot().schema, sim.snapshot().references, record))\n"
              "sim.step(2.0); Path(sys.argv[3]).write_bytes(sim.state.tobytes())",
              circuit_file, begun, ended, jit=False)
    plain = np.frombuffer(ended.read_bytes(), sim.vehicles.dtype)[0]
    assert plain.clock.tick == sim.state.clock.tick
    apart = np.array(plain.body.position_ecef) - np.array(sim.state.body.position_ecef)
    # Positions of the Earth's size round to 1e-9 m; stiff wheels multiply what differs.
    assert np.max(np.abs(apart)) < metres
    assert plain.autopilot.mission.sequence == sim.state.autopilot.mission.sequence


def test_seed_alone_makes_the_gusts(start):
    one, same, other = start(seed=1), start(seed=1), start(seed=2)
    for sim in (one, same, other):
        sim.step(0.2)
    assert one.state.tobytes() == same.state.tobytes()
    assert one.state.turbulence.tobytes() != other.state.turbulence.tobytes()


def test_parked_without_a_mission_stays_where_it_is(tb2):
    sim = Simulation(tb2)
    before = np.array(sim.state.body.position_ecef)
    sim.step(1.6)
    moved = np.array(sim.state.body.position_ecef) - before
    # It settles on its struts and creeps by millimetres.
    assert np.linalg.norm(moved) < 0.1
    assert np.linalg.norm(sim.state.body.velocity_ecef) < 0.01
    assert sim.outcome == "flying" and sim.happenings == []


def test_state_is_what_an_observer_sees_without_a_log(start):
    """The record in one's own hands is whole, logged or not."""
    sim = start(turbulence="none")
    sim.step(0.2)
    # LTBU 04 points 49 deg true, up a slope of 74 ft in 3000 m; it stands 2.5 deg nose up on it.
    assert np.degrees(sim.state.flight.heading) == pytest.approx(49.3, abs=1.0)
    assert np.degrees(sim.state.flight.pitch) == pytest.approx(0.43 + 2.5, abs=0.3)


@pytest.mark.parametrize(("payload", "fuel"), [(0.0, 216.0), (150.0, 216.0), (360.0, 6.0),
                                               (400.0, 0.0)])
def test_most_fuel_is_what_tanks_and_weight_allow(tb2, payload, fuel):
    # 700 kg at most, 334 kg empty, 216 kg of tanks.
    assert most_fuel(tb2.datasheet[0], payload) == pytest.approx(fuel)


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, True, "1"])
def test_bad_seeds_are_refused(start, seed):
    with pytest.raises(SetupError, match="seed"):
        start(seed=seed)


@pytest.mark.parametrize(("rate", "divisor"), [(100.0, 1), (10.0, 10), (1.0, 100), (0.1, 1000),
                                               (25.0, 4)])
def test_log_rates_that_divide_the_tick(rate, divisor):
    assert log_divisor(rate) == divisor


@pytest.mark.parametrize("rate", [0.0, -1.0, 30.0, 200.0, float("nan"), float("inf")])
def test_other_log_rates_are_refused(rate):
    with pytest.raises(SetupError, match="log rate"):
        log_divisor(rate)


def test_an_engine_that_is_not_there_cannot_fail():
    sim = Simulation("tb2")
    for index in (1, -1, 2):
        with pytest.raises(SetupError, match="tb2 has one engine, number 0"):
            sim.fail_engine(index)
    sim.fail_engine(0)
    assert not sim.state.engines[0].running
