"""What is measured in this process: the physics step, the closed loop and its rooms, the fleet,
and whether the same seed gives the same bytes."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from longwatch.bench import kernels, peer, setting
from longwatch.bench.figures import Effort, Figure, interleaved
from longwatch.records.flight_log import LogWriter, to_parquet
from longwatch.simulation.fleet import Fleet
from longwatch.simulation.run import Simulation
from longwatch.simulation.vehicle import BASE_RATE, DT, Loaded, Vehicle

NANO = 1e9
FLEET = 64
LOG_RATE = 10.0

# Room, and the depths of ``kernels.rooms`` whose difference it is.
ROOMS = (
    ("environment", kernels.NOTHING, kernels.ENVIRONMENT),
    ("sensors", kernels.ENVIRONMENT, kernels.SENSORS),
    ("estimation", kernels.SENSORS, kernels.ESTIMATION),
    ("guidance, energy and phases", kernels.ESTIMATION, kernels.GUIDANCE),
    ("control", kernels.GUIDANCE, kernels.AUTOPILOT),
    ("servos and propulsion", kernels.AUTOPILOT, kernels.ACTUATION),
    ("motion and events", kernels.ACTUATION, kernels.MOTION),
)


def _keeper(sim: Simulation) -> Callable[[], None]:
    """A call that puts the aircraft back where it is now."""
    start = sim.vehicles.copy()

    def back() -> None:
        sim.vehicles[:] = start
    return back


def physics_step(folder: Path, effort: Effort) -> Figure:
    """One step of flight dynamics beside one of JSBSim's c172x, in turns."""
    sim = setting.on_station(folder)
    back, sheets, steps = _keeper(sim), sim.aircraft.datasheet, effort.steps

    def ours() -> None:
        kernels.physics(sim.vehicles, sheets, sim.world, steps)

    works: list[tuple[Callable[[], Any], Callable[[], Any]]] = [(back, ours)]
    what = "one physics step, one aircraft, over one JSBSim c172x step"
    asked = "at most 1/8"
    how = ("medians of alternate batches. Ours, 10 ms: position over the ellipsoid, geoid, "
           "ground, wind, atmosphere, servos, engine, governor, propeller, fuel and mass, RK4 on "
           "rotating WGS84 with all aerodynamics and J2 gravity at each stage; no gusts, sensors, "
           "autopilot or log. JSBSim: run() of the c172x at its 120 Hz, called from Python as its "
           "users do, output off")
    if not peer.is_installed():
        times = interleaved(works, effort.pairs)
        ns = statistics.median(times[0]) / steps * NANO
        return Figure("physics_step", what, None, "", peer.MISSING, asked, None, {"step_ns": ns})
    rival = peer.Peer(folder)
    peer_steps = max(steps // 10, 1)
    works.append((rival.reset, rival.stepper(peer_steps)))
    times = interleaved(works, effort.pairs)
    mine = statistics.median(times[0]) / steps * NANO
    theirs = statistics.median(times[1]) / peer_steps * NANO
    return Figure("physics_step", what, mine / theirs, "", how, asked, mine / theirs <= 1 / 8,
                  {"step_ns": mine, "jsbsim_step_ns": theirs, "jsbsim": rival.version})


def closed_loop(folder: Path, effort: Effort) -> list[Figure]:
    """The whole tick with its 10 Hz log, and what each room of it takes."""
    sim = setting.on_station(folder)
    back, seconds = _keeper(sim), effort.ticks * DT
    logs = iter(range(1_000_000))
    writer: list[LogWriter] = []

    def open_log() -> None:
        back()
        path = folder / f"loop-{next(logs)}.arrows"
        writer[:] = [LogWriter(path, Vehicle, metadata={})]

    def logged() -> None:
        sim.step(seconds, writer[0].append, LOG_RATE)
        writer[0].close()

    def drop_log_and_back() -> None:
        writer[0].path.unlink()
        back()

    times = interleaved([(open_log, logged), (drop_log_and_back, lambda: sim.step(seconds))],
                        effort.rounds)
    ns, bare = (statistics.median(t) / effort.ticks * NANO for t in times)
    real_time = NANO / BASE_RATE / ns
    where = "circling at 3000 m in moderate turbulence"
    how = (f"median of {effort.rounds} flights of {seconds:g} s {where}; Simulation.step with "
           "LogWriter.append as its sink, the stream closed at the end")
    shares = rooms(sim, effort)
    return [
        Figure("closed_loop_speed", "closed loop with 10 Hz log, one core", real_time,
               "x real time", how, "at least 4000", real_time >= 4000.0),
        Figure("closed_loop_tick", "one tick of it", ns, "ns", how, "at most 2500", ns <= 2500.0,
               {"without_log_ns": bare, "log_ns": ns - bare, "rooms_ns": shares}),
    ]


def rooms(sim: Simulation, effort: Effort) -> dict[str, float]:
    """Nanoseconds a tick that each room takes, by differences: see ``kernels.rooms``.

    Of the least times of many short flights: a difference of medians shows what else the machine
    was doing.
    """
    start, vehicles = sim.vehicles.copy(), Vehicle.zeros(1)
    plan = Loaded(sim.plan.items, sim.plan.runways, sim.plan.header[0])
    ticks = effort.ticks // 5

    def flown(depth: int) -> Callable[[], Any]:
        return lambda: kernels.rooms(vehicles, start, sim.aircraft.datasheet, plan, sim.world,
                                     ticks, depth)

    times = interleaved([(lambda: None, flown(depth)) for depth in range(kernels.MOTION + 1)],
                        2 * effort.rounds)
    ns = [min(t) / ticks * NANO for t in times]
    return {name: ns[upper] - ns[lower] for name, lower, upper in ROOMS}


def fleet(folder: Path, effort: Effort) -> Figure:
    """64 aircraft on two cores against one."""
    what, asked = "64 aircraft on two cores over one core", "at least 1.8"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if (cores or 1) < 2:
        return Figure("fleet", what, None, "x", "this process may use one core only", asked)
    first = setting.on_station(folder)
    simulations = []
    for seed in range(FLEET):
        sim = Simulation(first.aircraft, first.plan, turbulence=setting.TURBULENCE, seed=seed)
        streams = sim.state.streams.copy()
        sim.vehicles[:] = first.vehicles
        sim.vehicles["streams"] = streams
        simulations.append(sim)
    flown = Fleet(simulations)
    start = flown.state.copy()

    def back() -> None:
        flown.state[:] = start

    busy = 0.0

    def on(threads: int) -> Callable[[], None]:
        def work() -> None:
            nonlocal busy
            flown.threads, before = threads, time.process_time()
            flown.step(effort.fleet_ticks * DT)
            busy += (time.process_time() - before) * (threads - 1)
        return work

    one, two = interleaved([(back, on(1)), (back, on(2))], effort.rounds)
    ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
    ticks = FLEET * effort.fleet_ticks
    # Other work on the machine leaves less than two cores: told beside the figure.
    given = busy / (sum(two) * (effort.rounds + 1) / effort.rounds)
    how = (f"median of {effort.rounds} pairs, in turns: Fleet.step of {effort.fleet_ticks * DT:g} "
           "s in moderate turbulence, each aircraft with its own seed, no log; the machine gave "
           f"{given:.2f} of two cores meanwhile")
    return Figure("fleet", what, ratio, "x", how, asked, ratio >= 1.8,
                  {"one_core_ns": statistics.median(one) / ticks * NANO,
                   "two_cores_ns": statistics.median(two) / ticks * NANO,
                   "cores_given": given})


def same_bytes(folder: Path, effort: Effort) -> list[Figure]:
    """The same seed to the same file: alone, in a fleet, and restored from a snapshot."""
    half, seeds = effort.replay_seconds / 2, (6, 7, 8)
    whole, tail, again = (_Kept(folder / f"{name}.arrows") for name in ("whole", "tail", "again"))
    sim = setting.simulation(folder, seed=7)
    sim.step(half, whole.writer.append, LOG_RATE)
    taken = sim.snapshot()

    def keep_both(rows: np.ndarray) -> None:
        whole.writer.append(rows)
        tail.writer.append(rows)

    sim.step(half, keep_both, LOG_RATE)

    together = Fleet([setting.simulation(folder, seed=seed) for seed in seeds], threads=2)
    kept = [_Kept(folder / f"fleet-{seed}.arrows") for seed in seeds]
    together.step(effort.replay_seconds, [k.writer.append for k in kept], LOG_RATE)

    restored = setting.simulation(folder, seed=7)
    restored.restore(taken)
    restored.step(half, again.writer.append, LOG_RATE)

    alone, others = whole.parquet(), [k.parquet() for k in kept]
    same = alone == others[1] and alone not in (others[0], others[2])
    same_tail = tail.parquet() == again.parquet()
    flown = f"{effort.replay_seconds:g} s from take-off in moderate turbulence, logged at 10 Hz"
    return [
        Figure("same_seed", "same seed, byte-identical Parquet, alone and in a fleet", same, "",
               f"{flown}: the files compared byte by byte; those of two other seeds differ",
               "yes", same, {"bytes": len(alone)}),
        Figure("restored", "rows after snapshot and restore equal the unbroken run's tail",
               same_tail, "", f"{flown}: snapshot half way, restored into a new run, the files "
               "of the second half compared byte by byte", "yes", same_tail),
    ]


class _Kept:
    """A log with nothing of the seed in its metadata, and the Parquet file it becomes."""

    def __init__(self, path: Path) -> None:
        self.writer = LogWriter(path, Vehicle, metadata={})

    def parquet(self) -> bytes:
        """Close the log and convert it."""
        self.writer.close()
        target = self.writer.path.with_suffix(".parquet")
        to_parquet(self.writer.path, target)
        return target.read_bytes()
