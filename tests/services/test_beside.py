"""Work beside the loop: in a process of its own, and what is told once it is kept."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from longwatch.errors import MissionError, SetupError
from longwatch.live.server import Server
from longwatch.mavlink.dialect import mavlink
from longwatch.services import beside
from longwatch.services.beside import JUDGE, PLAN, Workers
from longwatch.services.kept_file import KeptFile
from longwatch.services.parameters import Parameters
from longwatch.services.plans import Plans
from services.harness import OTHER, Bench, live
from services.plan_client import Client, Noted, item

HOME = 41.1297, 27.9058
MISSION = [item(22, *HOME, 300.0), item(16, 41.2, 27.9, 900.0), item(21, *HOME, 0.0)]
RALLY = [item(5100, *HOME, 500.0)]


# Called in the other process.


def refuse(why):
    raise MissionError(why)


def fail():
    raise ZeroDivisionError("a fault of ours")


def writeable(array):
    return array.flags.writeable, array.sum()


def sleep(seconds):
    time.sleep(seconds)
    return os.getpid()


class Later:
    """Jobs that are done when the test says so."""

    def __init__(self):
        self.jobs = []

    def reckon(self, lane, function, *arguments):
        self.jobs.append(_Later(lane, function, arguments))
        return self.jobs[-1]

    def file(self, function, *arguments):
        return self.reckon("file", function, *arguments)

    def close(self):
        pass

    def do(self, lane):
        """Do what waits in a lane; how many jobs that were."""
        waiting = [job for job in self.jobs if job.lane == lane and not job.done]
        for job in waiting:
            job.value, job.done = job.function(*job.arguments), True
        return len(waiting)


class _Later:
    def __init__(self, lane, function, arguments):
        self.lane, self.function, self.arguments = lane, function, arguments
        self.done, self.dropped, self.value = False, False, None

    def ready(self):
        return self.done

    def result(self):
        if not self.done:
            self.value, self.done = self.function(*self.arguments), True
        return self.value

    def drop(self):
        self.dropped = True


@pytest.fixture(scope="module")
def parked():
    return live()


@pytest.fixture
def later():
    return Later()


def bench_with(later, simulation, folder, services):
    bench = Bench(services=(), simulation=simulation, keep=folder)
    bench.craft.beside = later
    bench.component = type(bench.component)(bench.craft, services)
    return bench


def test_a_process_takes_functions_and_gives_what_came_of_them(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setattr(beside, "GRACE", 0.1)
    workers = Workers()
    try:
        fixed = np.arange(5.0)
        fixed.flags.writeable = False
        assert workers.reckon(JUDGE, writeable, fixed).result() == (False, 10.0)
        assert workers.reckon(JUDGE, writeable, np.arange(3.0)).result() == (True, 3.0)
        with pytest.raises(MissionError, match="no way there"):
            workers.reckon(JUDGE, refuse, "no way there").result()
        with pytest.raises(RuntimeError, match="a fault of ours"):
            workers.reckon(JUDGE, fail).result()
        # One that nobody wants any more, and one that takes too long, make way.
        first = workers.reckon(JUDGE, sleep, 0.0).result()
        assert first != os.getpid()
        dropped, after = workers.reckon(JUDGE, sleep, 60.0), workers.reckon(JUDGE, sleep, 0.0)
        dropped.drop()
        assert after.result() > 0
        monkeypatch.setitem(beside.LIMITS, JUDGE, 0.3)
        with pytest.raises(SetupError, match="takes longer than"):
            workers.reckon(JUDGE, sleep, 60.0).result()
    finally:
        workers.close()


@pytest.mark.compiled_only
def test_a_mission_is_laid_out_and_judged_in_processes_as_it_is_here(tmp_path):
    """The order that comes of it is the same, byte by byte."""
    given = []
    for wall in (None, time.monotonic):
        with Server(seed=2, wall=wall) as server:
            orders = given.append
            server[0].simulation.on_order = lambda order, kept=orders: kept(order)
            client = server.client()
            for _ in range(15):
                server.advance(10)
            if wall is not None:
                server.components.warm()
                while not server.beside.up(PLAN):
                    time.sleep(0.01)
            client.send(mavlink.MAVLink_mission_count_message(1, 1, 3, 0))
            for number, (command, *where) in enumerate((
                    (22, *HOME, 300.0), (16, 41.2, 27.9, 900.0), (21, *HOME, 0.0))):
                client.send(mavlink.MAVLink_mission_item_int_message(
                    1, 1, number, 3, command, 0, 1, 0, 0, 0, 0, round(where[0] * 1e7),
                    round(where[1] * 1e7), where[2], 0))
            while not client.take("MISSION_ACK"):
                server.poll()
                server.router.turn()
                time.sleep(0.001)
    first, second = [order.arguments for order in given if order.name == "plan"]
    assert first == second


def test_a_mission_is_acknowledged_when_it_is_aboard_and_kept(parked, later, tmp_path):
    bench = bench_with(later, Noted(parked), tmp_path, (Plans,))
    client = Client(bench)
    assert client.upload(MISSION) is None
    client.send(MISSION[2], 2)  # the last one again: the answer is due, no other one comes
    bench.poll(1.0)
    assert client.ack() is None and bench.simulation.orders == []
    assert later.do(PLAN) == 1
    bench.poll()
    assert [name for name, *_ in bench.simulation.orders] == ["plan"]
    assert client.ack() is None and not (tmp_path / "mission.json").exists()
    assert later.do("file") == 1
    bench.poll()
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED and (tmp_path / "mission.json").exists()
    # And the judge's word comes when it does.
    assert later.do(JUDGE) == 1
    bench.clear()
    client.send(MISSION[2], 2)
    assert client.ack() == mavlink.MAV_MISSION_ACCEPTED


def test_while_one_is_laid_out_another_station_waits_and_its_own_newer_one_takes_its_place(
        parked, later):
    bench = bench_with(later, Noted(parked), None, (Plans,))
    client, other = Client(bench), Client(bench, OTHER)
    client.upload(MISSION)
    assert other.upload(RALLY, kind=2) == mavlink.MAV_MISSION_DENIED
    assert client.upload(RALLY, kind=2) == mavlink.MAV_MISSION_ACCEPTED
    assert later.jobs[0].dropped
    later.do(PLAN)
    bench.poll()
    assert [name for name, *_ in bench.simulation.orders] == ["rally"]
    assert len(bench.of("MISSION_ACK", link=client.sender.link)) == 1


def test_who_reads_back_at_once_gets_what_was_sent_and_others_what_is_aboard(parked, later):
    """As MAVProxy's "wp load" and "wp list" typed one after the other."""
    bench = bench_with(later, Noted(parked), None, (Plans,))
    client = Client(bench)
    client.upload(MISSION)
    for sender in (client.sender, client.sender, OTHER):
        bench.receive(mavlink.MAVLink_mission_request_list_message(1, 1, 0), sender)
    assert [(s.link, s.message.count) for s in bench.sent
            if s.message.get_type() == "MISSION_COUNT"] == [(OTHER.link, 0)]
    bench.clear()
    later.do(PLAN)
    bench.poll()
    assert [m.get_type() for m in bench.of("MISSION_ACK", "MISSION_COUNT")] == [
        "MISSION_ACK", "MISSION_COUNT"]
    assert bench.last("MISSION_COUNT").count == len(MISSION)


def test_clearing_again_and_again_is_one_piece_of_work(parked, later, tmp_path):
    bench = bench_with(later, Noted(parked), tmp_path, (Plans,))
    client = Client(bench)
    client.upload(RALLY, kind=2)
    later.do("file")
    bench.poll()
    bench.clear()
    for _ in range(500):
        client.clear(kind=2)
    assert [name for name, *_ in bench.simulation.orders] == ["rally", "rally"]
    assert later.do("file") == 1
    bench.poll()
    assert len(bench.of("MISSION_ACK")) == 1


def test_a_snapshot_does_not_wait_and_the_judge_begins_again_with_it(parked, later):
    bench = bench_with(later, Noted(parked), None, (Plans,))
    Client(bench).upload(MISSION)
    later.do(PLAN)
    bench.poll()
    kept = bench.component.keep()
    assert [job.done for job in later.jobs if job.lane == JUDGE] == [False]
    later.do(JUDGE)
    bench.poll()
    bench.component.rewound(kept)
    assert later.do(JUDGE) == 1


def test_a_parameter_is_acknowledged_when_it_is_kept(parked, later, tmp_path):
    bench = bench_with(later, parked, tmp_path, (Parameters,))

    def put(value, sender=OTHER):
        bench.receive(mavlink.MAVLink_param_set_message(1, 1, b"LIM_BANK_MAX", value, 9), sender)

    put(27.0)
    put(27.0)  # the same again: it is no more kept than before
    bench.poll(1.0)
    assert bench.of("PARAM_VALUE") == []
    for value in range(100):
        put(28.0 + 0.01 * value)
    assert later.do("file") == 1  # and the rest in one
    bench.poll()
    assert bench.of("PARAM_VALUE") == []
    assert later.do("file") == 1
    bench.poll()
    assert {m.param_value for m in bench.of("PARAM_VALUE")} == {np.float32(28.99)}
    assert "28.99" in (tmp_path / "parameters.json").read_text()
    assert later.do("file") == 0


def test_a_kept_file_is_on_the_disk_before_it_has_its_name_and_its_folder_after(
        tmp_path, monkeypatch):
    done = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda file: (
        done.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file"), sync(file))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (
        done.append("name"), replace(self, to))[1])
    file = KeptFile(tmp_path / "new" / "it.json", beside.AtOnce())
    number = file.put(lambda: b"whole")
    assert file.settled(number) and file.fault == ""
    assert done == ["file", "name", "folder"]
    assert (tmp_path / "new" / "it.json").read_bytes() == b"whole"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["it.json"]


@pytest.mark.compiled_only
def test_a_run_without_other_threads_has_its_processes_from_the_start(tmp_path):
    """In a process of its own, as here the tests' threads are about."""
    code = """
import os
from longwatch.services.beside import JUDGE, PLAN, Workers
workers = Workers()
assert {lane.name: type(lane._process).__name__ for lane in workers._lanes.values()} == {
    PLAN: "_Copy", JUDGE: "_Copy"}
pids = {workers.reckon(lane, os.getpid).result() for lane in (PLAN, JUDGE)}
assert len(pids | {os.getpid()}) == 3
workers.close()
for pid in pids:
    try:
        os.kill(pid, 0)
        raise SystemExit(f"{pid} lives on")
    except ProcessLookupError:
        pass
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
